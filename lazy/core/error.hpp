// The library's exceptions: one type per kind of mistake, all derived from lazy::error.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace lazy {

class shape_error;
class dtype_error;
class index_error;
class device_error;
class value_error;
class format_error;
class memory_error;

/// Base of everything the library throws. The text reads `[op] what is wrong: the facts`.
class error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
    using shape_error = lazy::shape_error;
    using dtype_error = lazy::dtype_error;
    using index_error = lazy::index_error;
    using device_error = lazy::device_error;
    using value_error = lazy::value_error;
    using format_error = lazy::format_error;
    using memory_error = lazy::memory_error;
};

/// Shapes that do not fit together, ragged lists, sizes that are negative or overflow.
class shape_error : public error {
    using error::error;
};
/// A dtype the operation does not take, or a tensor<T> made from another dtype.
class dtype_error : public error {
    using error::error;
};
/// An index or a dimension out of range.
class index_error : public error {
    using error::error;
};
/// Tensors on different devices, or a device that is not there.
class device_error : public error {
    using error::error;
};
/// An argument whose value makes no sense, or an error of the data met during evaluation.
class value_error : public error {
    using error::error;
};
/// A file that is missing, truncated, malformed or of an unsupported kind.
class format_error : public error {
    using error::error;
};

/// No memory for a result.
class memory_error : public error {
    using error::error;
};

/// `[op] text`, the form of every message.
[[gnu::cold, gnu::noinline]] inline std::string message(std::string_view op,
                                                        std::string_view text) {
    std::string out;
    out.reserve(op.size() + text.size() + 3);
    out += '[';
    out += op;
    out += "] ";
    out += text;
    return out;
}

class shape;

/// A piece of a message: text, an integer or a shape. A list of pieces costs its place a few
/// stores, where each + between strings costs a temporary and what unwinds it, in every program.
class message_part {
public:
    message_part(const char* text) : message_part(std::string_view(text)) {}
    message_part(std::string_view text) : data_(text.data()), number_(text.size()) {}
    message_part(const std::string& text) : message_part(std::string_view(text)) {}
    template <std::integral I>
    message_part(I number)
        : number_(static_cast<std::uint64_t>(number)),
          what_(std::is_signed_v<I> ? kind::integer : kind::natural) {}
    message_part(char) = delete;
    message_part(const shape& s);

    [[gnu::cold, gnu::noinline]] void append_to(std::string& out) const {
        if (what_ == kind::text) {
            out.append(static_cast<const char*>(data_), number_);
            return;
        }
        char number[24];
        if (what_ != kind::sizes) {
            std::snprintf(number, sizeof(number), what_ == kind::integer ? "%lld" : "%llu",
                          static_cast<unsigned long long>(number_));
            out += number;
            return;
        }
        out += '[';
        for (std::size_t i = 0; i < number_; ++i) {
            std::snprintf(number, sizeof(number), i != 0 ? ", %lld" : "%lld",
                          static_cast<long long>(static_cast<const std::int64_t*>(data_)[i]));
            out += number;
        }
        out += ']';
    }

private:
    enum class kind : std::uint8_t { text, integer, natural, sizes };

    const void* data_ = nullptr;
    std::uint64_t number_ = 0;  ///< or how many there are
    kind what_ = kind::text;
};

/// The parts one after another.
[[gnu::cold, gnu::noinline]] inline std::string joined_text(
    std::initializer_list<message_part> parts) {
    std::string text;
    for (const message_part& part : parts) {
        part.append_to(text);
    }
    return text;
}

/// Throws E with the message `[op] parts...`.
template <class E>
[[noreturn, gnu::cold, gnu::noinline]] void fail(std::string_view op,
                                                 std::initializer_list<message_part> parts) {
    throw E(message(op, joined_text(parts)));
}

}  // namespace lazy

// The library's exceptions: one type per kind of mistake, all derived from lazy::error.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

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

}  // namespace lazy

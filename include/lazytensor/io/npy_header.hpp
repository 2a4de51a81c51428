// The header of NumPy's .npy format: a magic number, a version and a Python dict as text.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "../../../lazy/core/array_interface.hpp"
#include "byte_source.hpp"
#include "npy_dtype.hpp"

namespace lazy::io {

inline constexpr std::string_view npy_magic = "\x93NUMPY";
/// NumPy has no arrays of more dimensions.
inline constexpr std::size_t npy_most_dimensions = 64;

/// What a header says, checked: the data it describes fit in the bytes that follow it.
struct npy_header {
    lazy::dtype dtype = dtype_id::bool_;
    lazy::shape shape;
    bool fortran_order = false;
    bool swapped = false;         ///< elements are stored big-endian
    std::size_t data_offset = 0;  ///< bytes before the first element
    std::size_t data_bytes = 0;

    /// Byte strides of the elements as they lie in the file.
    lazy::shape byte_strides() const {
        lazy::shape strides = shape;
        auto step = static_cast<std::int64_t>(dtype.itemsize());
        for (std::size_t i = 0; i < shape.size(); ++i) {
            const std::size_t d = fortran_order ? i : shape.size() - 1 - i;
            strides[d] = step;
            step *= std::max<std::int64_t>(shape[d], 1);
        }
        return strides;
    }
};

/// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }` in any key order and
/// spacing. Linear in the text; accepts what Python does, within what NumPy has ever written.
class npy_header_text {
public:
    npy_header_text(std::string_view text, std::string_view name) : text_(text), name_(name) {}

    /// Everything but the sizes in bytes.
    npy_header parse() {
        std::optional<npy_dtype> descr;
        std::optional<bool> fortran_order;
        std::optional<lazy::shape> shape;
        expect('{');
        while (!accept('}')) {
            const std::string_view key = string();
            expect(':');
            if (key == "descr" && !descr) {
                descr = parse_npy_dtype(descr_string(), name_);
            } else if (key == "fortran_order" && !fortran_order) {
                fortran_order = boolean();
            } else if (key == "shape" && !shape) {
                shape = tuple();
            } else {
                fail("unexpected or repeated key '" + excerpt(key) + "'");
            }
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        if (peek() != '\0' || at_ != text_.size()) {
            fail("text after the closing brace");
        }
        if (!descr || !fortran_order || !shape) {
            fail("one of the keys 'descr', 'fortran_order' and 'shape' is missing");
        }
        npy_header header;
        header.dtype = descr->dtype;
        header.swapped = descr->swapped;
        header.fortran_order = *fortran_order;
        header.shape = *shape;
        return header;
    }

private:
    [[noreturn]] void fail(const std::string& problem) const {
        throw bad_file(name_, "malformed .npy header: " + problem + ": " + excerpt(text_));
    }

    /// The next character that is no white space, NUL at the end.
    char peek() {
        while (at_ < text_.size() &&
               std::string_view(" \t\n\r\f").find(text_[at_]) != std::string_view::npos) {
            ++at_;
        }
        return at_ < text_.size() ? text_[at_] : '\0';
    }
    bool accept(char c) {
        const bool found = peek() == c && at_ < text_.size();
        at_ += found ? 1 : 0;
        return found;
    }
    void expect(char c) {
        if (!accept(c)) {
            fail(std::string("expected '") + c + "' at character " + std::to_string(at_));
        }
    }

    std::string_view string() {
        if (peek() == 'u' || peek() == 'b') {  // as Python 2 wrote some keys
            ++at_;
        }
        const char quote = at_ < text_.size() ? text_[at_] : '\0';
        if (quote != '\'' && quote != '"') {
            fail("expected a string at character " + std::to_string(at_));
        }
        const std::size_t begin = at_ + 1;
        const std::size_t end = text_.find(quote, begin);
        if (end == std::string_view::npos) {
            fail("unterminated string at character " + std::to_string(at_));
        }
        at_ = end + 1;
        return text_.substr(begin, end - begin);
    }

    std::string_view descr_string() {
        if (peek() == '[' || peek() == '(') {
            throw bad_file(name_, "structured dtypes are not supported: " + excerpt(text_));
        }
        return string();
    }

    bool boolean() {
        peek();
        for (const bool value : {true, false}) {
            const std::string_view word = value ? "True" : "False";
            if (text_.substr(at_, word.size()) == word) {
                at_ += word.size();
                return value;
            }
        }
        fail("'fortran_order' is neither True nor False");
    }

    lazy::shape tuple() {
        expect('(');
        lazy::shape sizes;
        bool comma = true;
        while (!accept(')')) {
            if (!comma) {
                expect(',');
            }
            if (sizes.size() == npy_most_dimensions) {
                fail("more than 64 dimensions");
            }
            sizes.push_back(size());
            comma = accept(',');
        }
        if (sizes.size() == 1 && !comma) {
            fail("'shape' is not a tuple");
        }
        return sizes;
    }

    std::int64_t size() {
        if (accept('-')) {
            fail("negative dimension in 'shape'");
        }
        peek();
        std::int64_t value = 0;
        const char* end = text_.data() + text_.size();
        const auto [next, status] = std::from_chars(text_.data() + at_, end, value);
        if (status == std::errc::result_out_of_range) {
            fail("a dimension in 'shape' overflows");
        }
        if (status != std::errc()) {
            fail("expected a whole number at character " + std::to_string(at_));
        }
        at_ = static_cast<std::size_t>(next - text_.data());
        if (at_ < text_.size() && text_[at_] == 'L') {  // a long integer of Python 2
            ++at_;
        }
        return value;
    }

    std::string_view text_;
    std::string_view name_;
    std::size_t at_ = 0;
};

/// Takes the header off `source`, which then stands at the first element. Versions 1.0, 2.0, 3.0.
/// Throws format_error for anything that is no array of one of our dtypes or is not all there.
template <byte_source Source>
npy_header read_npy_header(Source& source, std::string_view name) {
    constexpr std::uint64_t longest_header = std::uint64_t{1} << 20;
    const std::uint64_t total = source.remaining();
    unsigned char start[12] = {};
    const auto take = [&](std::size_t from, std::size_t count) {
        if (source.remaining() < count) {
            throw bad_file(name, "is truncated: the .npy header needs more than the " +
                                     std::to_string(total) + " bytes there are");
        }
        source.read(std::as_writable_bytes(std::span(start).subspan(from, count)));
    };
    take(0, npy_magic.size());
    const std::string_view magic(reinterpret_cast<const char*>(start), npy_magic.size());
    if (magic != npy_magic) {
        throw bad_file(name, magic.starts_with("PK\x03\x04")
                                 ? "is a zip archive (.npz), not a .npy file"
                                 : "is not a .npy file: wrong magic number");
    }
    take(6, 4);
    const int major = start[6];
    const int minor = start[7];
    if (major < 1 || major > 3 || minor != 0) {
        throw bad_file(name, "unknown .npy format version " + std::to_string(major) + "." +
                                 std::to_string(minor));
    }
    std::uint64_t length = start[8] | std::uint64_t{start[9]} << 8;
    if (major > 1) {
        take(10, 2);
        length |= std::uint64_t{start[10]} << 16 | std::uint64_t{start[11]} << 24;
    }
    if (length > source.remaining()) {
        throw bad_file(name, "is truncated: a .npy header of " + std::to_string(length) +
                                 " bytes, but only " + std::to_string(source.remaining()) +
                                 " bytes follow");
    }
    if (length > longest_header) {
        throw bad_file(name, "a .npy header of " + std::to_string(length) + " bytes");
    }
    std::string text(static_cast<std::size_t>(length), '\0');
    source.read(std::as_writable_bytes(std::span(text)));

    npy_header header = npy_header_text(text, name).parse();
    header.data_offset = static_cast<std::size_t>(total - source.remaining());
    // Sizes of 0 count as 1, so that the strides of an empty array do not overflow either.
    auto bytes = static_cast<std::int64_t>(header.dtype.itemsize());
    bool empty = false;
    for (const std::int64_t size : header.shape) {
        empty = empty || size == 0;
        if (__builtin_mul_overflow(bytes, std::max<std::int64_t>(size, 1), &bytes)) {
            throw bad_file(name,
                           "the size of shape " + excerpt(to_string(header.shape)) + " overflows");
        }
    }
    header.data_bytes = empty ? 0 : static_cast<std::size_t>(bytes);
    if (header.data_bytes > source.remaining()) {
        throw bad_file(name, "is truncated: shape " + excerpt(to_string(header.shape)) + " of " +
                                 header.dtype.name() + " needs " +
                                 std::to_string(header.data_bytes) + " bytes, but only " +
                                 std::to_string(source.remaining()) + " bytes follow the header");
    }
    return header;
}

/// All bytes before the elements, exactly as NumPy writes them: version 1.0, spare spaces that let
/// the first (in Fortran order last) size grow in place, and elements that start at a multiple of
/// 64. Throws shape_error for more than 64 dimensions.
inline std::string make_npy_header(const array_interface& array, bool fortran_order) {
    const lazy::shape& shape = array.shape();
    if (shape.size() > npy_most_dimensions) {
        fail<shape_error>("save", {".npy files hold at most 64 dimensions, got ", shape.size()});
    }
    std::string text = "{'descr': '" + array.typestr() +
                       "', 'fortran_order': " + (fortran_order ? "True" : "False") + ", 'shape': (";
    for (std::size_t d = 0; d < shape.size(); ++d) {
        text += std::to_string(shape[d]) + (shape.size() == 1 ? "," : "");
        text += d + 1 < shape.size() ? ", " : "";
    }
    text += "), }";
    if (!shape.empty()) {
        const std::int64_t growing = fortran_order ? shape.back() : shape.front();
        text.append(21 - std::to_string(growing).size(), ' ');
    }
    constexpr std::size_t start = 10;
    text.append(63 - (start + text.size()) % 64, ' ');
    text += '\n';
    std::string out(npy_magic);
    out += {'\x01', '\x00', static_cast<char>(text.size() & 0xff),
            static_cast<char>(text.size() >> 8)};
    return out + text;
}

}  // namespace lazy::io

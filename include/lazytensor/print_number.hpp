// How the numbers of one tensor are written: notation and width, found from all that are printed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "../../lazy/core/dtype.hpp"
#include "print_options.hpp"

namespace lazy::printing {

/// An integer of any dtype, or a bool as 0 and 1.
struct integer {
    std::uint64_t magnitude;
    bool negative;
};

template <class T>
T load(const std::byte* from) {
    T value;
    std::memcpy(&value, from, sizeof(T));
    return value;
}

template <class T>
integer load_signed(const std::byte* from) {
    const std::int64_t value = load<T>(from);
    const auto bits = static_cast<std::uint64_t>(value);
    return {value < 0 ? 0 - bits : bits, value < 0};
}

inline integer load_integer(dtype d, const std::byte* from) {
    switch (d.id()) {
        // Any byte but 0 is true; read as a C++ bool, 2 would be undefined.
        case dtype_id::bool_: return {load<std::uint8_t>(from) != 0, false};
        case dtype_id::uint8: return {load<std::uint8_t>(from), false};
        case dtype_id::uint16: return {load<std::uint16_t>(from), false};
        case dtype_id::uint32: return {load<std::uint32_t>(from), false};
        case dtype_id::uint64: return {load<std::uint64_t>(from), false};
        case dtype_id::int8: return load_signed<std::int8_t>(from);
        case dtype_id::int16: return load_signed<std::int16_t>(from);
        case dtype_id::int32: return load_signed<std::int32_t>(from);
        case dtype_id::int64: return load_signed<std::int64_t>(from);
        default: fail<dtype_error>("print", {"not an integer: ", d.name()});
    }
}

inline double load_floating(dtype d, const std::byte* from) {
    switch (d.id()) {
        case dtype_id::float16: return load<float16_t>(from);
        case dtype_id::bfloat16: return load<bfloat16_t>(from);
        case dtype_id::float32: return load<float>(from);
        case dtype_id::float64: return load<double>(from);
        default: fail<dtype_error>("print", {"not a float: ", d.name()});
    }
}

inline void append_integer(std::string& out, integer value) {
    char text[24];
    const auto end = std::to_chars(text, text + sizeof(text), value.magnitude).ptr;
    if (value.negative) {
        out += '-';
    }
    out.append(text, end);
}

/// Appends a finite value with `precision` digits after the point, exactly rounded, half to even:
/// what Python's format and printf give in the C locale.
inline void append_finite(std::string& out, double value, std::chars_format notation,
                          int precision) {
    char text[64];
    const auto short_text = std::to_chars(text, text + sizeof(text), value, notation, precision);
    if (short_text.ec == std::errc{}) {
        out.append(text, short_text.ptr);
        return;
    }
    constexpr std::size_t longest_whole_part = 320;
    std::vector<char> room(longest_whole_part + static_cast<std::size_t>(precision));
    const auto end =
        std::to_chars(room.data(), room.data() + room.size(), value, notation, precision).ptr;
    out.append(room.data(), end);
}

/// The smallest and largest magnitude seen with one sign. Those two have the longest texts: in
/// fixed notation a number is never shorter than a smaller one, and in scientific notation only the
/// exponents of 3 digits, at both ends, are longer. So no other number is written to find the
/// width.
struct magnitude_range {
    double smallest = std::numeric_limits<double>::infinity();
    double largest = 0;

    bool empty() const { return largest == 0; }
    void add(double magnitude) {
        smallest = std::min(smallest, magnitude);
        largest = std::max(largest, magnitude);
    }
};

/// The notation shared by the real numbers of a tensor. Used in three steps: `observe` each number
/// that will be printed, `settle`, then `append` them. The rules are PyTorch's
/// (torch/_tensor_str.py) and count only the finite numbers other than 0: scientific iff largest /
/// smallest > 1000, largest > 1e8 or smallest < 1e-4, in double; otherwise `1.` iff all are whole,
/// and `precision` digits if not.
class number_format {
public:
    /// `d` is real: bool, an integer or a float.
    number_format(dtype d, const print_options& options)
        : dtype_(d), precision_(options.precision), forced_scientific_(options.sci_mode) {}

    void observe(const std::byte* number) {
        if (!dtype_.is_floating_point()) {
            observe_integer(load_integer(dtype_, number));
            return;
        }
        const double value = load_floating(dtype_, number);
        if (value == 0 || !std::isfinite(value)) {
            return;
        }
        whole_ = whole_ && value == std::trunc(value);
        (value < 0 ? negative_ : positive_).add(std::fabs(value));
    }

    void settle() {
        if (negative_.empty() && positive_.empty()) {
            return;
        }
        const double smallest = std::min(negative_.smallest, positive_.smallest);
        const double largest = std::max(negative_.largest, positive_.largest);
        scientific_ = forced_scientific_.value_or(largest / smallest > 1000.0 || largest > 1e8 ||
                                                  smallest < 1e-4);
        if (!positive_.empty()) {
            widen(positive_.largest);
            widen(positive_.smallest);
        }
        if (!negative_.empty()) {
            widen(-negative_.largest);
            widen(-negative_.smallest);
        }
    }

    /// Columns of the widest number. Infinities and NaN do not count, as in PyTorch.
    std::size_t width() const { return width_; }

    [[gnu::noinline]] void append(std::string& out, const std::byte* number) const {
        const std::size_t start = out.size();
        append_unpadded(out, number);
        const std::size_t length = out.size() - start;
        if (length < width_) {
            out.insert(start, width_ - length, ' ');
        }
    }

    [[gnu::noinline]] void append_unpadded(std::string& out, const std::byte* number) const {
        if (dtype_.is_floating_point()) {
            append_floating(out, load_floating(dtype_, number));
            return;
        }
        const integer value = load_integer(dtype_, number);
        if (dtype_ == dtype_id::bool_) {
            out += value.magnitude != 0 ? "True" : "False";
        } else {
            append_integer(out, value);
        }
    }

private:
    void observe_integer(integer value) {
        if (dtype_ == dtype_id::bool_) {
            width_ = std::max<std::size_t>(width_, value.magnitude != 0 ? 4 : 5);
            return;
        }
        std::uint64_t& largest = value.negative ? largest_below_zero_ : largest_above_zero_;
        if (value.magnitude > largest) {
            largest = value.magnitude;
            std::string text;
            append_integer(text, value);
            width_ = std::max(width_, text.size());
        }
    }

    void widen(double value) {
        std::string text;
        append_floating(text, value);
        width_ = std::max(width_, text.size());
    }

    void append_floating(std::string& out, double value) const {
        if (std::isnan(value)) {
            out += "nan";
        } else if (std::isinf(value)) {
            out += value < 0 ? "-inf" : "inf";
        } else if (scientific_) {
            append_finite(out, value, std::chars_format::scientific, precision_);
        } else if (whole_) {
            append_finite(out, value, std::chars_format::fixed, 0);
            out += '.';
        } else {
            append_finite(out, value, std::chars_format::fixed, precision_);
        }
    }

    dtype dtype_;
    int precision_;
    std::optional<bool> forced_scientific_;
    bool scientific_ = false;
    bool whole_ = true;
    std::size_t width_ = 1;
    magnitude_range positive_;
    magnitude_range negative_;
    std::uint64_t largest_above_zero_ = 0;
    std::uint64_t largest_below_zero_ = 0;
};

/// The notation of a tensor's elements: one of the numbers, or two where they are complex.
class element_format {
public:
    element_format(dtype d, const print_options& options)
        : complex_(d.is_complex()),
          part_size_(complex_ ? d.itemsize() / 2 : d.itemsize()),
          real_(part_of(d), options),
          imag_(part_of(d), options) {}

    void observe(const std::byte* element) {
        real_.observe(element);
        if (complex_) {
            imag_.observe(element + part_size_);
        }
    }
    void settle() {
        real_.settle();
        imag_.settle();
    }

    /// Columns that PyTorch allows for an element; `+` and `j` of a complex one count as one.
    std::size_t width() const { return real_.width() + (complex_ ? imag_.width() + 1 : 0); }

    void append(std::string& out, const std::byte* element) const {
        real_.append(out, element);
        if (complex_) {
            const std::size_t sign = out.size();
            imag_.append_unpadded(out, element + part_size_);
            if (out[sign] != '-') {
                out.insert(sign, 1, '+');
            }
            out += 'j';
        }
    }

private:
    static dtype part_of(dtype d) {
        return d == dtype_id::complex64    ? dtype(dtype_id::float32)
               : d == dtype_id::complex128 ? dtype(dtype_id::float64)
                                           : d;
    }

    bool complex_;
    std::size_t part_size_;
    number_format real_;
    number_format imag_;
};

}  // namespace lazy::printing

// Conversion of one element to another element type, defined for every value.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <complex>
#include <cstdint>
#include <type_traits>

#include "dtype.hpp"

namespace lazy {

/// A float as int64: truncated towards zero; NaN and what does not fit give the smallest int64,
/// which is what x86 and PyTorch give.
template <class F>
LAZYTENSOR_FN constexpr std::int64_t truncate_to_int64(F value) {
    constexpr F limit = static_cast<F>(9223372036854775808.0);
    return value >= -limit && value < limit ? static_cast<std::int64_t>(value) : INT64_MIN;
}

/// `from` as a To. Integers wrap; floats truncate towards zero and then wrap; bool is "not zero";
/// complex to real drops the imaginary part; 16-bit floats round half to even.
template <class To, class From>
LAZYTENSOR_FN constexpr To convert(const From& from) {
    if constexpr (std::is_same_v<To, From>) {
        return from;
    } else if constexpr (is_complex_v<From>) {
        if constexpr (is_complex_v<To>) {
            using part = typename To::value_type;
            return To(static_cast<part>(from.real()), static_cast<part>(from.imag()));
        } else if constexpr (std::is_same_v<To, bool>) {
            return from.real() != 0 || from.imag() != 0;
        } else {
            return convert<To>(from.real());
        }
    } else if constexpr (is_half_v<From>) {
        return convert<To>(static_cast<float>(from));
    } else if constexpr (is_complex_v<To>) {
        return To(convert<typename To::value_type>(from));
    } else if constexpr (is_half_v<To>) {
        return To(static_cast<float>(from));
    } else if constexpr (std::is_same_v<To, bool>) {
        return from != From(0);
    } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
        if constexpr (std::is_same_v<To, std::uint64_t>) {
            // Values above the int64 range still fit an unsigned one.
            constexpr From half = static_cast<From>(9223372036854775808.0);
            return from >= half && from < 2 * half
                       ? static_cast<std::uint64_t>(from - half) + (std::uint64_t{1} << 63)
                       : static_cast<std::uint64_t>(truncate_to_int64(from));
        } else {
            return static_cast<To>(truncate_to_int64(from));
        }
    } else {
        return static_cast<To>(from);
    }
}

}  // namespace lazy

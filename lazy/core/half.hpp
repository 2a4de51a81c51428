// The two 16-bit floating element types, as storage with exact conversions to and from float.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstdint>

#include "device_function.hpp"

namespace lazy {

/// IEEE 754 binary16. Arithmetic converts to float; converting back rounds half to even.
struct float16_t {
    std::uint16_t bits = 0;

    float16_t() = default;
    LAZYTENSOR_FN constexpr explicit float16_t(float value) : bits(encode(value)) {}
    LAZYTENSOR_FN constexpr operator float() const { return decode(bits); }

    LAZYTENSOR_FN static constexpr std::uint16_t encode(float value) {
        const auto f = std::bit_cast<std::uint32_t>(value);
        const std::uint32_t sign = (f >> 16) & 0x8000u;
        const std::uint32_t magnitude = f & 0x7fffffffu;
        if (magnitude > 0x7f800000u) {
            return static_cast<std::uint16_t>(sign | 0x7e00u | ((magnitude >> 13) & 0x3ffu));
        }
        if (magnitude >= 0x477ff000u) {
            return static_cast<std::uint16_t>(sign | 0x7c00u);
        }
        if (magnitude < 0x38800000u) {
            // Adding 0.5 puts the bits of the denormal result at the bottom of the significand,
            // rounded half to even by the addition itself.
            const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
            return static_cast<std::uint16_t>(
                sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3f000000u));
        }
        const std::uint32_t odd = (magnitude >> 13) & 1u;
        return static_cast<std::uint16_t>(sign | ((magnitude - 0x38000000u + 0xfffu + odd) >> 13));
    }

    LAZYTENSOR_FN static constexpr float decode(std::uint16_t h) {
        const std::uint32_t sign = static_cast<std::uint32_t>(h & 0x8000u) << 16;
        const std::uint32_t magnitude = h & 0x7fffu;
        if (magnitude >= 0x7c00u) {
            return std::bit_cast<float>(sign | 0x7f800000u | ((magnitude & 0x3ffu) << 13));
        }
        if (magnitude < 0x400u) {
            const float value = static_cast<float>(magnitude) * 0x1p-24f;
            return sign != 0 ? -value : value;
        }
        return std::bit_cast<float>(sign | ((magnitude << 13) + 0x38000000u));
    }
};

/// The upper half of a float: 8 exponent bits, 7 of significand. Rounds half to even.
struct bfloat16_t {
    std::uint16_t bits = 0;

    bfloat16_t() = default;
    LAZYTENSOR_FN constexpr explicit bfloat16_t(float value) : bits(encode(value)) {}
    LAZYTENSOR_FN constexpr operator float() const { return decode(bits); }

    LAZYTENSOR_FN static constexpr std::uint16_t encode(float value) {
        const auto f = std::bit_cast<std::uint32_t>(value);
        if ((f & 0x7fffffffu) > 0x7f800000u) {
            return static_cast<std::uint16_t>((f >> 16) | 0x40u);
        }
        return static_cast<std::uint16_t>((f + 0x7fffu + ((f >> 16) & 1u)) >> 16);
    }

    LAZYTENSOR_FN static constexpr float decode(std::uint16_t h) {
        return std::bit_cast<float>(static_cast<std::uint32_t>(h) << 16);
    }
};

}  // namespace lazy

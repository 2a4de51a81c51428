// Arithmetic, comparison and selection on packs: the SIMD side of lazy/ops/scalar_math.hpp.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>

#include "../../lazy/ops/scalar_math.hpp"
#include "complex_pack.hpp"
#include "math/bits.hpp"
#include "pack.hpp"

namespace lazy::cpu {

/// True of the types that live in xsimd registers.
template <class T>
inline constexpr bool has_batch = simd_element<T>;

template <class T, std::size_t N>
pack<T, N> plus(const pack<T, N>& a, const pack<T, N>& b) {
    if constexpr (has_batch<T>) {
        return each_part([](auto x, auto y) { return x + y; }, a, b);
    } else {
        return each_lane([](T x, T y) { return ops::plus(x, y); }, a, b);
    }
}
template <class T, std::size_t N>
pack<T, N> minus(const pack<T, N>& a, const pack<T, N>& b) {
    if constexpr (has_batch<T>) {
        return each_part([](auto x, auto y) { return x - y; }, a, b);
    } else {
        return each_lane([](T x, T y) { return ops::minus(x, y); }, a, b);
    }
}

/// True of the integers that are multiplied in registers; the others compilers vectorise, or not.
template <class T>
inline constexpr bool multiplies_in_registers = false;
#if defined(__SSE4_1__) && (defined(__AVX512BW__) || !defined(__AVX512F__))
template <std::integral T>
inline constexpr bool multiplies_in_registers<T> =
#if defined(__AVX512DQ__)
    true;
#else
    sizeof(T) < 8;
#endif
#endif
/// The low half of each product.
template <class B>
B integer_product(B x, B y) {
    constexpr std::size_t size = sizeof(typename B::value_type);
    if constexpr (size == 1) {
        // Two bytes in each 16-bit lane: the low one's product loses what is above it, the high
        // ones are multiplied below.
        using simd::kernel::reinterpret;
        const auto a = reinterpret<std::uint16_t>(x);
        const auto b = reinterpret<std::uint16_t>(y);
        const auto low = (a * b) & batch<std::uint16_t>(std::uint16_t(0xFF));
        const auto high = ((a >> 8) * (b >> 8)) << 8;
        return reinterpret<typename B::value_type>(low | high);
#if defined(__AVX512DQ__)
    } else if constexpr (size == 8) {
        return B(_mm512_mullo_epi64(x, y));
#endif
    } else {
        return x * y;
    }
}

template <class T, std::size_t N>
pack<T, N> times(const pack<T, N>& a, const pack<T, N>& b) {
    if constexpr (std::is_floating_point_v<T>) {
        const auto product = [](auto x, auto y) {
            auto xy = x * y;
            xy.data = ops::rounded_product(xy.data);
            return xy;
        };
        return each_part(product, a, b);
    } else if constexpr (is_complex_v<T>) {
        return complex_times(a, b);
    } else if constexpr (multiplies_in_registers<T>) {
        return each_part([](auto x, auto y) { return integer_product(x, y); }, a, b);
    } else {
        return each_lane([](T x, T y) { return ops::times(x, y); }, a, b);
    }
}
template <class T, std::size_t N>
pack<T, N> quotient(const pack<T, N>& a, const pack<T, N>& b) {
    if constexpr (std::is_floating_point_v<T>) {
        return each_part([](auto x, auto y) { return x / y; }, a, b);
    } else {
        return each_lane([](T x, T y) { return ops::quotient(x, y); }, a, b);
    }
}
template <class T, std::size_t N>
pack<T, N> negate(const pack<T, N>& a) {
    if constexpr (std::is_floating_point_v<T>) {
        // xsimd's own minus is 0 - x on AVX-512, which loses the sign of zero.
        return each_part([](auto x) { return x ^ decltype(x)(T(-0.0)); }, a);
    } else if constexpr (has_batch<T>) {
        return each_part([](auto x) { return -x; }, a);
    } else {
        return each_lane([](T x) { return ops::negate(x); }, a);
    }
}
template <class T, std::size_t N>
pack<T, N> constant(double value, const pack<T, N>&) {
    return pack<T, N>::broadcast(T(value));
}

template <class T, std::size_t N>
pack<T, N> select(const mask<N>& condition, const pack<T, N>& a, const pack<T, N>& b) {
#if defined(__AVX512BW__) && !defined(__OPTIMIZE__)
    // xsimd's does not compile where g++ has macros for these instructions.
    constexpr bool selects = !std::is_integral_v<T>;
#else
    constexpr bool selects = true;
#endif
    if constexpr (has_batch<T> && !selects) {
        const auto c = spill(condition);
        pack<T, N> r;
        for (std::size_t i = 0; i < pack<T, N>::count; ++i) {
            T lanes[2][width<T>];
            a.part[i].store_unaligned(lanes[0]);
            b.part[i].store_unaligned(lanes[1]);
            for (std::size_t k = 0; k < width<T>; ++k) {
                lanes[0][k] = lanes[c.value[i * width<T> + k] ? 0 : 1][k];
            }
            r.part[i] = batch<T>::load_unaligned(lanes[0]);
        }
        return r;
    } else if constexpr (has_batch<T>) {
        const auto m = mask_parts<T>(condition);
        pack<T, N> r;
        for (std::size_t i = 0; i < pack<T, N>::count; ++i) {
            r.part[i] = xsimd::select(m.part[i], a.part[i], b.part[i]);
        }
        return r;
    } else {
        const auto c = spill(condition);
        pack<T, N> r;
        for (std::size_t i = 0; i < N; ++i) {
            r.lane[i] = c.value[i] ? a.lane[i] : b.lane[i];
        }
        return r;
    }
}
template <std::size_t N>
mask<N> select(const mask<N>& condition, const mask<N>& a, const mask<N>& b) {
    return {(condition.value & a.value) | (~condition.value & b.value)};
}

#define LAZYTENSOR_COMPARE(op)                                             \
    template <class T, std::size_t N>                                      \
    mask<N> operator op(const pack<T, N>& a, const pack<T, N>& b) {        \
        if constexpr (has_batch<T>) {                                      \
            return each_test([](auto x, auto y) { return x op y; }, a, b); \
        } else {                                                           \
            return each_lane([](T x, T y) { return x op y; }, a, b);       \
        }                                                                  \
    }
LAZYTENSOR_COMPARE(==)
LAZYTENSOR_COMPARE(<)
LAZYTENSOR_COMPARE(<=)
LAZYTENSOR_COMPARE(>)
LAZYTENSOR_COMPARE(>=)
#undef LAZYTENSOR_COMPARE
/// Not through xsimd's !=, which is false for NaN on AVX-512.
template <class T, std::size_t N>
mask<N> operator!=(const pack<T, N>& a, const pack<T, N>& b) {
    return {~(a == b).value};
}

/// True where min(x, y) of floats is x < y ? x : y by definition, and max alike: the second when
/// nothing compares.
#if defined(__SSE2__)
inline constexpr bool minimum_is_select = true;
#else
inline constexpr bool minimum_is_select = false;
#endif

/// The one of each two that is `better`, which `extreme` finds where that is its definition; NaN if
/// either is.
template <class T, std::size_t N, class Better, class Extreme>
pack<T, N> extreme_of(const pack<T, N>& a, const pack<T, N>& b, Better better, Extreme extreme) {
    return each_part(
        [=](auto x, auto y) {
            if constexpr (!std::is_floating_point_v<T>) {
                return extreme(x, y);
            } else if constexpr (minimum_is_select) {
                return xsimd::select(x == x, extreme(x, y), x);
            } else {
                return xsimd::select(better(x, y) | ~(x == x), x, y);
            }
        },
        a, b);
}
template <class T, std::size_t N>
pack<T, N> smaller(const pack<T, N>& a, const pack<T, N>& b) {
    return extreme_of(
        a, b, [](auto x, auto y) { return x < y; },
        [](auto x, auto y) { return xsimd::min(x, y); });
}
template <class T, std::size_t N>
pack<T, N> larger(const pack<T, N>& a, const pack<T, N>& b) {
    return extreme_of(
        a, b, [](auto x, auto y) { return x > y; },
        [](auto x, auto y) { return xsimd::max(x, y); });
}

/// Truth values: + is or, * is and, the order is false < true.
template <std::size_t N>
mask<N> bit_and(const mask<N>& a, const mask<N>& b) {
    return {a.value & b.value};
}
template <std::size_t N>
mask<N> bit_or(const mask<N>& a, const mask<N>& b) {
    return {a.value | b.value};
}
template <std::size_t N>
mask<N> bit_xor(const mask<N>& a, const mask<N>& b) {
    return {(a.value & ~b.value) | (~a.value & b.value)};
}
template <std::size_t N>
mask<N> bit_not(const mask<N>& a) {
    return {~a.value};
}
template <std::size_t N>
mask<N> plus(const mask<N>& a, const mask<N>& b) {
    return bit_or(a, b);
}
template <std::size_t N>
mask<N> times(const mask<N>& a, const mask<N>& b) {
    return bit_and(a, b);
}
template <std::size_t N>
mask<N> smaller(const mask<N>& a, const mask<N>& b) {
    return bit_and(a, b);
}
template <std::size_t N>
mask<N> larger(const mask<N>& a, const mask<N>& b) {
    return bit_or(a, b);
}

template <simd_element T, std::size_t N>
pack<T, N> bit_and(const pack<T, N>& a, const pack<T, N>& b) {
    return each_part([](auto x, auto y) { return x & y; }, a, b);
}
template <simd_element T, std::size_t N>
pack<T, N> bit_or(const pack<T, N>& a, const pack<T, N>& b) {
    return each_part([](auto x, auto y) { return x | y; }, a, b);
}
template <simd_element T, std::size_t N>
pack<T, N> bit_xor(const pack<T, N>& a, const pack<T, N>& b) {
    return each_part([](auto x, auto y) { return x ^ y; }, a, b);
}
template <simd_element T, std::size_t N>
pack<T, N> bit_not(const pack<T, N>& a) {
    return each_part([](auto x) { return ~x; }, a);
}
template <simd_element T, std::size_t N>
pack<T, N> shift_left(const pack<T, N>& a, const pack<T, N>& b) {
    return each_lane([](T x, T y) { return ops::shift_left(x, y); }, a, b);
}
template <simd_element T, std::size_t N>
pack<T, N> shift_right(const pack<T, N>& a, const pack<T, N>& b) {
    return each_lane([](T x, T y) { return ops::shift_right(x, y); }, a, b);
}

}  // namespace lazy::cpu

namespace lazy::ops {
template <std::size_t N>
inline constexpr bool is_truth_value<cpu::mask<N>> = true;
template <class T, std::size_t N>
inline constexpr bool is_integral_value<cpu::pack<T, N>> = std::is_integral_v<T>;
}  // namespace lazy::ops

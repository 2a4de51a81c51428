// Batches seen as bit patterns: signs, exponents and the integers hidden in rounded floats.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>
#include "../xsimd.hpp"

namespace lazy::cpu::simd::kernel {

/// The unsigned integer as wide as the floating-point type T.
template <class T>
using word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

/// Same bits, other element type. xsimd 8 names the whole batch type, xsimd 9 and later the element
/// type; for NEON it calls a function behind a pointer, twenty instructions for none.
template <class To, class From, class A>
inline xsimd::batch<To, A> reinterpret(xsimd::batch<From, A> x) {
    if constexpr (std::is_base_of_v<xsimd::neon, A>) {
        return std::bit_cast<typename xsimd::batch<To, A>::register_type>(x.data);
    } else {
#if XSIMD_VERSION_MAJOR < 9
        return xsimd::bitwise_cast<xsimd::batch<To, A>>(x);
#else
        return xsimd::bitwise_cast<To>(x);
#endif
    }
}

template <class T, class A>
inline xsimd::batch<word<T>, A> to_bits(xsimd::batch<T, A> x) {
    return reinterpret<word<T>>(x);
}

template <class T, class A>
inline xsimd::batch<T, A> from_bits(xsimd::batch<word<T>, A> x) {
    return reinterpret<T>(x);
}

/// The sign bit of each lane and nothing else: +0 or -0.
template <class T, class A>
inline xsimd::batch<T, A> sign_bit(xsimd::batch<T, A> x) {
    return x & xsimd::batch<T, A>(T(-0.0));
}

/// `magnitude` (not negative) with the sign of `sign`.
template <class T, class A>
inline xsimd::batch<T, A> with_sign(xsimd::batch<T, A> magnitude, xsimd::batch<T, A> sign) {
    return magnitude | sign_bit(sign);
}

/// True for NaN. Not `x != x`, which xsimd 8 compares as ordered, so false, on AVX-512.
template <class T, class A>
inline xsimd::batch_bool<T, A> is_nan(xsimd::batch<T, A> x) {
    return !(x == x);
}

/// x, but between -limit and limit; NaN stays NaN, which the instructions of x86 do to their second
/// operand.
template <class B>
inline B bounded(B x, typename B::value_type limit) {
    return xsimd::min(B(limit), xsimd::max(B(-limit), x));
}

template <class B>
inline B infinity() {
    return B(std::numeric_limits<typename B::value_type>::infinity());
}

template <class B>
inline B not_a_number() {
    return B(std::numeric_limits<typename B::value_type>::quiet_NaN());
}

/// Adding 1.5 * 2^(digits - 1) to x rounds it to the nearest integer, half to even, and leaves that
/// integer in the low bits of the sum in two's complement: one addition instead of a rounding and a
/// conversion, which 64-bit integers lack before AVX-512. Right for |x| < 2^(digits - 2).
template <class T>
inline constexpr T rounding_shift = sizeof(T) == 4 ? T(12582912.0) : T(6755399441055744.0);

}  // namespace lazy::cpu::simd::kernel

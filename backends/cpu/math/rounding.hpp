// Rounding, signs, neighbours and remainders: functions whose results are exact.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bits.hpp"
#include "fused.hpp"
#include "lanes.hpp"
#include "widen.hpp"

namespace lazy::cpu::simd {

template <class T, class A>
inline xsimd::batch<T, A> copysign(xsimd::batch<T, A> magnitude, xsimd::batch<T, A> sign) {
    return kernel::with_sign(xsimd::abs(magnitude), sign);
}

// Where the instruction set has no rounding, xsimd loses the sign of zeros.

/// Nearest integer, ties to even. The sign survives: round(-0.4) is -0.
template <class T, class A>
inline xsimd::batch<T, A> round(xsimd::batch<T, A> x) {
    return simd::copysign(xsimd::nearbyint(x), x);
}

template <class T, class A>
inline xsimd::batch<T, A> floor(xsimd::batch<T, A> x) {
    return simd::copysign(xsimd::floor(x), x);
}

template <class T, class A>
inline xsimd::batch<T, A> ceil(xsimd::batch<T, A> x) {
    return simd::copysign(xsimd::ceil(x), x);
}

template <class T, class A>
inline xsimd::batch<T, A> trunc(xsimd::batch<T, A> x) {
    return simd::copysign(xsimd::trunc(x), x);
}

/// The next representable value after x towards y; y where they are equal, NaN where either is.
template <class T, class A>
inline xsimd::batch<T, A> nextafter(xsimd::batch<T, A> x, xsimd::batch<T, A> y) {
    using B = xsimd::batch<T, A>;
    using W = kernel::word<T>;
    using bits = xsimd::batch<W, A>;
    const bits pattern = kernel::to_bits(x);
    const B away = kernel::from_bits<T, A>(pattern + bits(W(1)));
    const B inward = kernel::from_bits<T, A>(pattern - bits(W(1)));
    const B zero(T(0));
    // Masks are combined by & and | only: xsimd 8 compares them as floats, and a set mask is a NaN.
    const auto grows = ((x > zero) & (y > x)) | ((x < zero) & (y < x));
    const B step = xsimd::select(grows, away, inward);
    const B from_zero = kernel::with_sign(B(std::numeric_limits<T>::denorm_min()), y);
    const B moved = xsimd::select(x == zero, from_zero, step);
    const auto nan = kernel::is_nan(x) | kernel::is_nan(y);
    return xsimd::select(x == y, y, xsimd::select(nan, kernel::not_a_number<B>(), moved));
}

/// C's fmod, exact: the sign of x, magnitude below |y|; NaN for infinite x or zero y.
template <class T, class A>
inline xsimd::batch<T, A> fmod(xsimd::batch<T, A> x, xsimd::batch<T, A> y) {
    if constexpr (std::is_same_v<T, float>) {
        // Below 2^28 the quotient of two floats differs from an integer by 2^-24 or not at all, so
        // that in double it truncates rightly, and its product with y is exact.
        using B = xsimd::batch<T, A>;
        const B left = xsimd::abs(x), right = xsimd::abs(y);
        if (xsimd::all((left < right * B(0x1p28f)) & (right < kernel::infinity<B>()))) {
            const B rest = kernel::in_double(left, right, [](auto a, auto b) {
                return kernel::fnma(xsimd::trunc(a / b), b, a);
            });
            return kernel::with_sign(rest, x);
        }
    }
    return kernel::each_lane<T>(x, y, [](T a, T b) { return std::fmod(a, b); });
}

/// Python's %: fmod moved to the sign of the divisor y. A zero has it too, as in Python and NumPy;
/// PyTorch gives zeros the sign of x.
template <class T, class A>
inline xsimd::batch<T, A> remainder(xsimd::batch<T, A> x, xsimd::batch<T, A> y) {
    using B = xsimd::batch<T, A>;
    const B zero(T(0));
    const B rest = simd::fmod(x, y);
    const auto opposite = ((rest < zero) & (y > zero)) | ((rest > zero) & (y < zero));
    return simd::copysign(xsimd::select(opposite, rest + y, rest), y);
}

/// Python's //: floor(x / y) from the exact remainder, as ops::floor_quotient computes it.
template <class T, class A>
inline xsimd::batch<T, A> floor_quotient(xsimd::batch<T, A> x, xsimd::batch<T, A> y) {
    using B = xsimd::batch<T, A>;
    const B zero(T(0)), one(T(1));
    const B rest = simd::fmod(x, y), exact = x / y;
    const auto opposite = ((rest < zero) & (y > zero)) | ((rest > zero) & (y < zero));
    const B towards_zero = (x - rest) / y;
    const B q = xsimd::select(opposite, towards_zero - one, towards_zero);
    const B down = simd::floor(q);
    const B nearest = xsimd::select(q - down > B(T(0.5)), down + one, down);
    const B whole = xsimd::select(q == zero, simd::copysign(zero, exact), nearest);
    return xsimd::select(y == zero, exact, whole);
}

}  // namespace lazy::cpu::simd

// Roots, powers and hypot.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bits.hpp"
#include "exponential.hpp"
#include "fused.hpp"
#include "lanes.hpp"
#include "logarithm.hpp"
#include "widen.hpp"

namespace lazy::cpu::simd {

template <class T, class A>
inline xsimd::batch<T, A> sqrt(xsimd::batch<T, A> x) {
    return xsimd::sqrt(x);
}

/// 1 / sqrt(x), computed as that: the instruction sets' estimates are not accurate.
template <class T, class A>
inline xsimd::batch<T, A> rsqrt(xsimd::batch<T, A> x) {
    return xsimd::batch<T, A>(T(1)) / xsimd::sqrt(x);
}

/// exp(log |x| / 3), whose 30 correct bits float only needs to round; for double they are cut to
/// 24, so that the square is exact, and improved by one step of Halley's method (as in FreeBSD's
/// s_cbrt.c).
template <class T, class A>
inline xsimd::batch<T, A> cbrt(xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    const auto estimate = [](auto wide) {
        return kernel::exp_for_float(kernel::log_for_float(wide) * decltype(wide)(1.0 / 3.0));
    };
    const B size = xsimd::abs(x);
    B root;
    if constexpr (std::is_same_v<T, float>) {
        root = kernel::in_double(size, estimate);
    } else {
        const auto denormal = size < B(0x1p-1022);
        const B a = xsimd::select(denormal, size * B(0x1p54), size);
        const xsimd::batch<std::uint64_t, A> upper(0xffffffffe0000000u);
        const B t = kernel::from_bits<double, A>(kernel::to_bits(estimate(a)) & upper);
        const B quotient = a / (t * t);
        const B refined = kernel::fma(t, (quotient - t) / (t + t + quotient), t);
        root = xsimd::select(denormal, refined * B(0x1p-18), refined);
    }
    const auto itself = (x == B(T(0))) | (size == kernel::infinity<B>()) | kernel::is_nan(x);
    return xsimd::select(itself, x, kernel::with_sign(root, x));
}

namespace kernel {

/// x^y for float by exp(y log |x|) in double; the rest is C99's table of special values.
template <class A>
inline xsimd::batch<float, A> pow_float(xsimd::batch<float, A> x, xsimd::batch<float, A> y) {
    using B = xsimd::batch<float, A>;
    const B zero(0.0f), one(1.0f), size = xsimd::abs(x);
    const B value = in_double(size, y, [](auto a, auto exponent) {
        using W = decltype(a);
        const W product = exponent * log_for_float(a),
                limit(200.0);  // exp(200) is infinite, exp(-200) zero as a float
        return exp_for_float(xsimd::max(xsimd::min(product, limit), W(-200.0)));
    });
    const B half = y * B(0.5f);
    const auto integer = xsimd::trunc(y) == y;
    const auto odd = integer & !(xsimd::trunc(half) == half);
    const auto vanishes = ((size == zero) & (y > zero)) | ((size > zero) & (y < zero));
    const B extreme = xsimd::select(vanishes, zero, infinity<B>());
    const B inside = xsimd::select((size == zero) | (size == infinity<B>()), extreme, value);
    const B magnitude = xsimd::select(size == one, one, inside);  // (-1)^inf is 1
    const B signed_value = xsimd::select(odd, with_sign(magnitude, x), magnitude);
    const auto undefined = (x < zero) & (size < infinity<B>()) & !integer;
    const B result =
        xsimd::select(undefined | is_nan(x) | is_nan(y), not_a_number<B>(), signed_value);
    return xsimd::select((y == zero) | (x == one), one, result);
}

}  // namespace kernel

template <class T, class A>
inline xsimd::batch<T, A> pow(xsimd::batch<T, A> x, xsimd::batch<T, A> y) {
    if constexpr (std::is_same_v<T, float>)
        return kernel::pow_float(x, y);
    else
        return kernel::each_lane<T>(x, y, [](T a, T b) { return std::pow(a, b); });
}

/// sqrt(x^2 + y^2) without overflow or underflow; infinite if either is, even beside NaN.
template <class T, class A>
inline xsimd::batch<T, A> hypot(xsimd::batch<T, A> x, xsimd::batch<T, A> y) {
    using B = xsimd::batch<T, A>;
    B value;
    if constexpr (std::is_same_v<T, float>) {
        // Squares of floats are exact in double and cannot leave its range.
        value = kernel::in_double(
            x, y, [](auto a, auto b) { return xsimd::sqrt(kernel::fma(a, a, b * b)); });
    } else {
        const B a = xsimd::abs(x), b = xsimd::abs(y);
        const B larger = xsimd::select(a > b, a, b);
        const auto huge = larger > B(0x1p500), tiny = larger < B(0x1p-500);
        const B down = xsimd::select(huge, B(0x1p-600), xsimd::select(tiny, B(0x1p600), B(1.0)));
        const B up = xsimd::select(huge, B(0x1p600), xsimd::select(tiny, B(0x1p-600), B(1.0)));
        const B c = a * down, d = b * down;
        value = xsimd::sqrt(kernel::fma(c, c, d * d)) * up;
    }
    const auto infinite =
        (xsimd::abs(x) == kernel::infinity<B>()) | (xsimd::abs(y) == kernel::infinity<B>());
    return xsimd::select(infinite, kernel::infinity<B>(), value);
}

}  // namespace lazy::cpu::simd

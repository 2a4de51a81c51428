// Hyperbolic functions and their inverses.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bits.hpp"
#include "exponential.hpp"
#include "fused.hpp"
#include "logarithm.hpp"
#include "pair.hpp"
#include "polynomial.hpp"
#include "widen.hpp"

namespace lazy::cpu::simd {

namespace kernel {

/// sinh(x) for |x| <= 1: x + x^3 p(x^2), p a Chebyshev fit, relative error 2^-56.4.
template <class B>
inline B sinh_small(B x) {
    const B z = x * x;
    return kernel::fma(
        x * z,
        polynomial(z, 7.746178593018827e-13, 1.6057679623801638e-10, 2.5052117695907823e-08,
                   2.7557319191381816e-06, 0.00019841269841324198, 0.008333333333333299,
                   0.16666666666666666),
        x);
}

/// x = n ln 2 + rest + tail. `power` and `inverse` are 2^n and 2^-n divided by 4, so that no power
/// overflows where sinh does not.
template <class B>
struct hyperbolic_split {
    B rest, tail, power, inverse;
};

/// For 0 <= x <= 89.5.
template <class A>
inline hyperbolic_split<xsimd::batch<float, A>> split_hyperbolic(xsimd::batch<float, A> x) {
    using B = xsimd::batch<float, A>;
    using integers = xsimd::batch<std::int32_t, A>;
    const auto split = split_exponent(x);
    const B high = kernel::fnma(split.n, B(ln2_high<float>), x);
    const B tail = kernel::fnma(split.n, B(ln2_low<float>), high - split.rest);
    const auto n = to_bits(split.shifted) << 23, quarter = to_bits(B(0.25f));
    // Below 2^-126 as good as 0.
    const B inverse = reinterpret<float>(
        xsimd::max(reinterpret<std::int32_t>(quarter - n), integers(std::int32_t(0))));
    return {split.rest, tail, from_bits<float, A>(quarter + n), inverse};
}

/// p in sinh(x) = x + x z p(z) and q in cosh(x) = 1 + z q(z), z = x^2, for float: minimax fits with
/// relative error 2^-31 for |x| <= 1.04 and 2^-33 for |x| <= ln(2) / 2.
template <class A>
inline xsimd::batch<float, A> sinh_series(xsimd::batch<float, A> z) {
    return polynomial(z, 2.793274461510009e-06, 0.00019841392349917442, 0.008333315141499043,
                      0.1666666716337204);
}
template <class A>
inline xsimd::batch<float, A> cosh_series(xsimd::batch<float, A> z) {
    return polynomial(z, 0.0013935453025624156, 0.041666459292173386, 0.5);
}

}  // namespace kernel

/// (2^n - 2^-n) / 2 cosh(r) + (2^n + 2^-n) / 2 sinh(r), x = n ln 2 + r: no division, and the terms
/// are added to the largest, 2^n / 2, in the order of their size. Small x are r.
template <class A>
inline xsimd::batch<float, A> sinh(xsimd::batch<float, A> x) {
    using B = xsimd::batch<float, A>;
    const B size = xsimd::min(B(89.5f), xsimd::abs(x));  // from there on infinite
    const auto split = kernel::split_hyperbolic(size);
    const auto small = size < B(1.04f);
    const B rest = xsimd::select(small, size, split.rest);
    const B z = rest * rest, cube = rest * z, series = kernel::sinh_series(z);
    const B p = split.power, q = split.inverse, sum = p + q, difference = p - q;
    const B one = kernel::fms(difference * z, kernel::cosh_series(z), q);
    const B three = kernel::fma(sum, kernel::fma(cube, series, split.tail), one);
    // Not sum * rest: 2^12 + 2^-12 is a bit too long.
    const B half = p + kernel::fma(p, rest, kernel::fma(q, rest, three));
    return kernel::with_sign(xsimd::select(small, kernel::fma(cube, series, rest), half + half), x);
}

template <class A>
inline xsimd::batch<double, A> sinh(xsimd::batch<double, A> x) {
    using B = xsimd::batch<double, A>;
    const B size = xsimd::abs(x);
    const B half = kernel::exp_scaled(size, 1);
    const B large = half - B(0.25) / half;
    return kernel::with_sign(xsimd::select(size < B(1.0), kernel::sinh_small(size), large), x);
}

/// As sinh, with the other signs.
template <class A>
inline xsimd::batch<float, A> cosh(xsimd::batch<float, A> x) {
    using B = xsimd::batch<float, A>;
    const auto split = kernel::split_hyperbolic(xsimd::min(B(89.5f), xsimd::abs(x)));
    const B rest = split.rest, z = rest * rest;
    const B p = split.power, q = split.inverse, sum = p + q, difference = p - q;
    const B one = kernel::fma(sum * z, kernel::cosh_series(z), q);
    const B three =
        kernel::fma(difference, kernel::fma(rest * z, kernel::sinh_series(z), split.tail), one);
    const B half = p + kernel::fma(difference, rest, three);
    return half + half;
}

template <class A>
inline xsimd::batch<double, A> cosh(xsimd::batch<double, A> x) {
    using B = xsimd::batch<double, A>;
    const B half = kernel::exp_scaled(xsimd::abs(x), 1);
    return half + B(0.25) / half;
}

/// For float x + x^3 p(x^2) up to 0.85, p a minimax fit with relative error 2^-30.8, and above
/// 1 - 2 / (exp(2 |x|) + 1).
/// For double, with t = expm1(2 |x|): t / (t + 2) below 1, 1 - 2 / (t + 2) above.
template <class T, class A>
inline xsimd::batch<T, A> tanh(xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    if constexpr (std::is_same_v<T, float>) {
        const B one(1.0f), two(2.0f), shift(kernel::rounding_shift<float>);
        const B size = xsimd::abs(x), factor(static_cast<float>(2.0 * kernel::log2_e));
        const B bounded = xsimd::min(B(10.0f), size);  // tanh(x) rounds to 1 from 9.02 on
        const B shifted = kernel::fma(bounded, factor, shift);
        const B rest = kernel::exact_rest(shift - shifted, bounded, -factor);
        const B power = kernel::exp2_of_parts(shifted, rest);
        const B large = one - two / (power + one);
        const B z = bounded * bounded;
        const B series = kernel::polynomial(
            z, -0.0005119364941492677, 0.0027224342338740826, -0.008399373851716518,
            0.021727319806814194, -0.053944509476423264, 0.13333144783973694, -0.333333283662796);
        const B small = kernel::fma(bounded * z, series, bounded);
        return kernel::with_sign(xsimd::select(size > B(0.85f), large, small), x);
    } else {
        const B size = xsimd::abs(x);
        const B t = simd::expm1(size + size);
        const auto large = size >= B(1.0);
        const B denominator = t + B(2.0);
        const B ratio = xsimd::select(large, B(2.0), t) / denominator;
        // What t + 2 lost, divided by t + 2 = 2 / (1 - tanh).
        const B half_lost = B(0.5) * (t - (denominator - B(2.0)));
        const B small = kernel::fnma(ratio * half_lost, B(1.0) - ratio, ratio);
        const B value = xsimd::select(large, B(1.0) - ratio, small);
        return kernel::with_sign(xsimd::select(size > B(20.0), B(1.0), value), x);
    }
}

/// log1p(a + a^2 / (1 + sqrt(a^2 + 1))), a = |x|; log(a) + log(2) where a^2 + 1 rounds to a^2.
template <class T, class A>
inline xsimd::batch<T, A> asinh(xsimd::batch<T, A> x) {
    const auto compute = [](auto wide) {
        using B = decltype(wide);
        const B a = xsimd::abs(wide);
        const auto large = a > B(0x1p60);
        const B root = xsimd::sqrt(kernel::fma(a, a, B(1.0)));
        const B inner = xsimd::select(large, a, kernel::fma(a, a / (B(1.0) + root), a));
        const B value = simd::log1p(inner);
        return kernel::with_sign(xsimd::select(large, value + B(0.69314718055994530942), value),
                                 wide);
    };
    if constexpr (std::is_same_v<T, float>)
        return kernel::in_double(x, compute);
    else
        return compute(x);
}

/// log1p(t + sqrt(t (t + 2))), t = x - 1; log(x) + log(2) for large x.
template <class T, class A>
inline xsimd::batch<T, A> acosh(xsimd::batch<T, A> x) {
    const auto compute = [](auto wide) {
        using B = decltype(wide);
        const B t = wide - B(1.0);
        const auto large = wide > B(0x1p60);
        const B root = xsimd::sqrt(kernel::fma(t, t, t + t));
        const B value = simd::log1p(xsimd::select(large, t, t + root));
        const B inside = xsimd::select(large, value + B(0.69314718055994530942), value);
        return xsimd::select(t < B(0.0), kernel::not_a_number<B>(), inside);
    };
    if constexpr (std::is_same_v<T, float>)
        return kernel::in_double(x, compute);
    else
        return compute(x);
}

/// log1p(2 a / (1 - a)) / 2, a = |x|; below 1/2 as 2 a + 2 a^2 / (1 - a), which rounds less.
template <class T, class A>
inline xsimd::batch<T, A> atanh(xsimd::batch<T, A> x) {
    const auto compute = [](auto wide) {
        using B = decltype(wide);
        const B a = xsimd::abs(wide);
        const B twice = a + a;
        const auto small = a < B(0.5);
        const B ratio = xsimd::select(small, twice * a, twice) / (B(1.0) - a);
        const B value = B(0.5) * simd::log1p(xsimd::select(small, twice, B(0.0)) + ratio);
        // Below 2^-28 atanh(x) rounds to x; halving 2 x would lose the last bit of a denormal.
        return kernel::with_sign(xsimd::select(a < B(0x1p-28), a, value), wide);
    };
    if constexpr (std::is_same_v<T, float>)
        return kernel::in_double(x, compute);
    else
        return compute(x);
}

}  // namespace lazy::cpu::simd

// Hyperbolic functions and their inverses.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bits.hpp"
#include "exponential.hpp"
#include "fused.hpp"
#include "logarithm.hpp"
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

}  // namespace kernel

template <class T, class A>
inline xsimd::batch<T, A> sinh(xsimd::batch<T, A> x) {
    const auto compute = [](auto wide) {
        using B = decltype(wide);
        const B size = xsimd::abs(wide);
        const B half = kernel::exp_scaled(size, 1);
        const B large = half - B(0.25) / half;
        return kernel::with_sign(xsimd::select(size < B(1.0), kernel::sinh_small(size), large),
                                 wide);
    };
    if constexpr (std::is_same_v<T, float>)
        return kernel::in_double(x, compute);
    else
        return compute(x);
}

template <class T, class A>
inline xsimd::batch<T, A> cosh(xsimd::batch<T, A> x) {
    const auto compute = [](auto wide) {
        using B = decltype(wide);
        const B half = kernel::exp_scaled(xsimd::abs(wide), 1);
        return half + B(0.25) / half;
    };
    if constexpr (std::is_same_v<T, float>)
        return kernel::in_double(x, compute);
    else
        return compute(x);
}

/// For float x + x^3 p(x^2) below 5/8, p a Chebyshev fit with relative error 2^-30.8, and above
/// 1 - 2 / (exp(2 |x|) + 1).
/// For double, with t = expm1(2 |x|): t / (t + 2) below 1, 1 - 2 / (t + 2) above.
template <class T, class A>
inline xsimd::batch<T, A> tanh(xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    if constexpr (std::is_same_v<T, float>) {
        const B one(1.0f), two(2.0f), size = xsimd::abs(x);
        const B bounded =
            xsimd::select(size > B(10.0f), B(10.0f), size);  // tanh(x) rounds to 1 from 9.02 on
        const auto split = kernel::split_exponent(bounded + bounded);
        const B scale =
            kernel::from_bits<T, A>(kernel::to_bits(one) + (kernel::to_bits(split.shifted) << 23));
        const B large = one - two / kernel::fma(scale, one + kernel::expm1_rest(split.rest), one);
        const B z = bounded * bounded;
        const B series = kernel::polynomial(z, 0.0022918094207610654, -0.008343119638547832,
                                            0.021768666325116613, -0.05395922855611955,
                                            0.1333330342585789, -0.33333333171275803);
        const B small = kernel::fma(bounded * z, series, bounded);
        return kernel::with_sign(xsimd::select(size < B(0.625f), small, large), x);
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

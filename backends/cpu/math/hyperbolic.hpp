// Hyperbolic functions and their inverses.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bits.hpp"
#include "exponential.hpp"
#include "logarithm.hpp"
#include "polynomial.hpp"
#include "widen.hpp"

namespace lazy::cpu::simd {

namespace kernel {

/// sinh(x) for |x| <= 1: x + x^3 p(x^2), p a Chebyshev fit, relative error 2^-56.4.
template <class B>
inline B sinh_small(B x)
{
    const B z = x * x;
    return xsimd::fma(x * z,
                      polynomial(z, 7.746178593018827e-13, 1.6057679623801638e-10, 2.5052117695907823e-08,
                                 2.7557319191381816e-06, 0.00019841269841324198, 0.008333333333333299,
                                 0.16666666666666666),
                      x);
}

}  // namespace kernel

template <class T, class A>
inline xsimd::batch<T, A> sinh(xsimd::batch<T, A> x)
{
    const auto compute = [](auto wide) {
        using B = decltype(wide);
        const B size = xsimd::abs(wide);
        const B half = kernel::exp_scaled(size, 1);
        const B large = half - B(0.25) / half;
        return kernel::with_sign(xsimd::select(size < B(1.0), kernel::sinh_small(size), large), wide);
    };
    if constexpr (std::is_same_v<T, float>)
        return kernel::in_double(x, compute);
    else
        return compute(x);
}

template <class T, class A>
inline xsimd::batch<T, A> cosh(xsimd::batch<T, A> x)
{
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

/// With t = expm1(2 |x|): t / (t + 2) below 1, 1 - 2 / (t + 2) from there on.
template <class T, class A>
inline xsimd::batch<T, A> tanh(xsimd::batch<T, A> x)
{
    using B = xsimd::batch<T, A>;
    if constexpr (std::is_same_v<T, float>) {
        // Only t is computed in double: one division in float is three times faster than two in double. Rounding to
        // float three times costs 1.5 ULP at most. tanh(x) rounds to 1 from 9.02 on.
        const B size = xsimd::abs(x);
        const auto wide = kernel::widen(xsimd::select(size > B(10.0f), B(10.0f), size));
        const auto low = kernel::expm1_for_float(wide.low + wide.low);
        const auto high = kernel::expm1_for_float(wide.high + wide.high);
        const decltype(low) two(2.0);
        const B value = kernel::narrow<A>(low, high) / kernel::narrow<A>(low + two, high + two);
        // Doubled denormals have lost nothing, but the quotient of a denormal rounds twice.
        return kernel::with_sign(xsimd::select(size < B(0x1p-13f), size, value), x);
    } else {
        const B size = xsimd::abs(x);
        const B t = simd::expm1(size + size);
        const auto large = size >= B(1.0);
        const B ratio = xsimd::select(large, B(2.0), t) / (t + B(2.0));
        return kernel::with_sign(xsimd::select(large, B(1.0) - ratio, ratio), x);
    }
}

/// log1p(a + a^2 / (1 + sqrt(a^2 + 1))), a = |x|; log(a) + log(2) where a^2 + 1 rounds to a^2.
template <class T, class A>
inline xsimd::batch<T, A> asinh(xsimd::batch<T, A> x)
{
    const auto compute = [](auto wide) {
        using B = decltype(wide);
        const B a = xsimd::abs(wide);
        const auto large = a > B(0x1p60);
        const B root = xsimd::sqrt(xsimd::fma(a, a, B(1.0)));
        const B inner = xsimd::select(large, a, xsimd::fma(a, a / (B(1.0) + root), a));
        const B value = simd::log1p(inner);
        return kernel::with_sign(xsimd::select(large, value + B(0.69314718055994530942), value), wide);
    };
    if constexpr (std::is_same_v<T, float>)
        return kernel::in_double(x, compute);
    else
        return compute(x);
}

/// log1p(t + sqrt(t (t + 2))), t = x - 1; log(x) + log(2) for large x.
template <class T, class A>
inline xsimd::batch<T, A> acosh(xsimd::batch<T, A> x)
{
    const auto compute = [](auto wide) {
        using B = decltype(wide);
        const B t = wide - B(1.0);
        const auto large = wide > B(0x1p60);
        const B value = simd::log1p(xsimd::select(large, t, t + xsimd::sqrt(t * (t + B(2.0)))));
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
inline xsimd::batch<T, A> atanh(xsimd::batch<T, A> x)
{
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

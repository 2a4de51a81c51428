// log, log2, log10, log1p and logaddexp.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bits.hpp"
#include "exponential.hpp"
#include "fused.hpp"
#include "lanes.hpp"
#include "polynomial.hpp"
#include "widen.hpp"

namespace lazy::cpu::simd {

namespace kernel {

/// x = 2^k (1 + f), 1 + f in [sqrt(1/2), sqrt(2)); x positive, normal and finite.
template <class B>
struct log_split {
    B k, f;
};

template <class T, class A>
inline log_split<xsimd::batch<T, A>> split_log(xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    using W = word<T>;
    using bits = xsimd::batch<W, A>;
    constexpr int mantissa = std::numeric_limits<T>::digits - 1;
    constexpr W bias = std::numeric_limits<T>::max_exponent - 1;
    constexpr W root = sizeof(T) == 4 ? W(0x3f3504f3) : W(0x3fe6a09e667f3bcd);  // sqrt(1/2)
    const bits moved = to_bits(x) + bits(static_cast<W>((bias << mantissa) - root));
    const bits reduced = (moved & bits(static_cast<W>((W(1) << mantissa) - 1))) + bits(root);
    // The biased exponent under the bits of 2^mantissa is the number 2^mantissa + exponent.
    constexpr T unit = static_cast<T>(W(1) << mantissa);
    const B biased = from_bits<T, A>((moved >> mantissa) | to_bits(B(unit)));
    return {biased - B(unit + static_cast<T>(bias)), from_bits<T, A>(reduced) - B(T(1))};
}

/// k ln 2 + log(1 + f) + tail to better than 1 ULP. With s = f / (2 + f), log(1 + f) = 2 s + s^3
/// p(s^2), p a Chebyshev fit with relative error 2^-57.6 (double), 2^-28.4 (float); summed as in
/// fdlibm's e_log.c, which keeps the rounding errors small.
template <class B>
inline B log_sum(B k, B f, B tail) {
    using T = typename B::value_type;
    const B s = f / (B(T(2)) + f);
    const B z = s * s;
    B p;
    if constexpr (sizeof(T) == 4)
        p = polynomial(z, 0.2958015670534363, 0.3998877599783465, 0.6666668505073791);
    else
        p = polynomial(z, 0.14616721179861816, 0.15331699633543858, 0.18182889786191042,
                       0.2222221112572281, 0.28571428626031065, 0.3999999999989938,
                       0.666666666666667);
    const B half_f = B(T(0.5)) * f;
    const B correction =
        kernel::fma(s, kernel::fma(z, p, half_f * f), kernel::fma(k, B(ln2_low<T>), tail));
    return kernel::fma(k, B(ln2_high<T>), f - kernel::fms(half_f, f, correction));
}

/// log in double with the accuracy of float, for positive normal finite x. A polynomial in f, as a
/// division in double takes longer than the additional terms; Chebyshev fit, relative error
/// 2^-37.4.
template <class A>
inline xsimd::batch<double, A> log_for_float(xsimd::batch<double, A> x) {
    using B = xsimd::batch<double, A>;
    const auto split = split_log(x);
    const B p = polynomial(split.f, -0.04859593890804362, 0.0906843570876136, -0.0922522523457726,
                           0.09040081221588472, -0.09901920707495483, 0.11106871277693099,
                           -0.12504760145852065, 0.1428604799465845, -0.16666562184608597,
                           0.19999993212893047, -0.2500000085556261, 0.3333333336691037,
                           -0.49999999998829014);
    return kernel::fma(split.k, B(0.69314718055994530942),
                       kernel::fma(split.f * split.f, p, split.f));
}

/// What every logarithm answers outside (0, infinity); `value` inside.
template <class B>
inline B log_domain(B x, B value) {
    const B zero(typename B::value_type(0));
    const B inside = xsimd::select(x == infinity<B>(), x, value);
    return xsimd::select(x > zero, inside,
                         xsimd::select(x == zero, -infinity<B>(), not_a_number<B>()));
}

}  // namespace kernel

template <class T, class A>
inline xsimd::batch<T, A> log(xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    constexpr T digits = std::numeric_limits<T>::digits,
                scale = static_cast<T>(std::uint64_t(1) << int(digits));
    const auto denormal = x < B(std::numeric_limits<T>::min());
    const auto split = kernel::split_log(xsimd::select(denormal, x * B(scale), x));
    const B k = xsimd::select(denormal, split.k - B(digits), split.k);
    return kernel::log_domain(x, kernel::log_sum(k, split.f, B(T(0))));
}

template <class T, class A>
inline xsimd::batch<T, A> log2(xsimd::batch<T, A> x) {
    if constexpr (std::is_same_v<T, float>)
        return kernel::log_domain(x, kernel::in_double(x, [](auto wide) {
                                      return kernel::log_for_float(wide) *
                                             decltype(wide)(1.44269504088896340736);
                                  }));
    else
        return kernel::each_lane<T>(x, [](T v) { return std::log2(v); });
}

template <class T, class A>
inline xsimd::batch<T, A> log10(xsimd::batch<T, A> x) {
    if constexpr (std::is_same_v<T, float>)
        return kernel::log_domain(x, kernel::in_double(x, [](auto wide) {
                                      return kernel::log_for_float(wide) *
                                             decltype(wide)(0.43429448190325182765);
                                  }));
    else
        return kernel::each_lane<T>(x, [](T v) { return std::log10(v); });
}

/// log(1 + x) = log(u) + c / u with u + c = 1 + x exactly.
template <class T, class A>
inline xsimd::batch<T, A> log1p(xsimd::batch<T, A> x) {
    const auto compute = [](auto wide) {
        using B = decltype(wide);
        const B u = B(1.0) + wide;
        const B whole = u - B(1.0);
        const B lost = (B(1.0) - (u - whole)) + (wide - whole);
        const auto split = kernel::split_log(u);
        return kernel::log_sum(split.k, split.f, lost / u);
    };
    using B = xsimd::batch<T, A>;
    B value;
    if constexpr (std::is_same_v<T, float>)
        value = kernel::in_double(x, compute);
    else
        value = compute(x);
    const B minus_one(T(-1));
    const B inside = xsimd::select(x == kernel::infinity<B>(), x, value);
    const B domain = xsimd::select(
        x > minus_one, inside,
        xsimd::select(x == minus_one, -kernel::infinity<B>(), kernel::not_a_number<B>()));
    return xsimd::select(xsimd::abs(x) < B(std::numeric_limits<T>::epsilon() / 4), x, domain);
}

/// log(exp(x) + exp(y)) without overflow: the larger plus log1p(exp(smaller - larger)). Where the
/// sum passes zero, only its absolute error is small.
template <class T, class A>
inline xsimd::batch<T, A> logaddexp(xsimd::batch<T, A> x, xsimd::batch<T, A> y) {
    const auto compute = [](auto a, auto b) {
        using B = decltype(a);
        const B larger = xsimd::select(a > b, a, b), smaller = xsimd::select(a > b, b, a);
        const B gap = smaller - larger;
        return larger + simd::log1p(simd::exp(gap));
    };
    using B = xsimd::batch<T, A>;
    B value;
    if constexpr (std::is_same_v<T, float>)
        value = kernel::in_double(x, y, compute);
    else
        value = compute(x, y);
    // inf - inf is the only way to NaN from two numbers.
    const auto same_infinity = (x == y) & (xsimd::abs(x) == kernel::infinity<B>());
    return xsimd::select(same_infinity, x,
                         xsimd::select(kernel::is_nan(x) | kernel::is_nan(y), x + y, value));
}

}  // namespace lazy::cpu::simd

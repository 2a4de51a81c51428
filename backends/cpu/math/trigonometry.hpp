// sin, cos, tan and sinc.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bits.hpp"
#include "fused.hpp"
#include "lanes.hpp"
#include "pair.hpp"
#include "polynomial.hpp"
#include "widen.hpp"

namespace lazy::cpu::simd {

namespace kernel {

/// x = n pi/2 + rest + tail, |rest| <= pi/4; `shifted` carries n in its low bits (see
/// rounding_shift).
template <class B>
struct quadrant_split {
    B shifted, rest, tail;
};

inline constexpr double two_over_pi = 0.63661977236758134308;

/// Largest |x| that the reductions below serve; beyond it std:: functions do, lane by lane.
template <class T>
inline constexpr T reduction_limit = T(1e6);

/// For float results. The first 25 bits of pi/2 (as in FreeBSD's e_rem_pio2f.c), so that the first
/// product is exact.
template <class A>
inline quadrant_split<xsimd::batch<double, A>> split_quadrant_for_float(xsimd::batch<double, A> x) {
    using B = xsimd::batch<double, A>;
    const B shift(rounding_shift<double>);
    const B shifted = kernel::fma(x, B(two_over_pi), shift);
    const B n = shifted - shift;
    const B high = kernel::fnma(n, B(1.57079631090164184570e+00), x);
    return {shifted, kernel::fnma(n, B(1.58932547735281966916e-08), high), B(0.0)};
}

/// For double results: Cody and Waite with the parts of pi/2 of fdlibm's e_rem_pio2.c, 33 + 33 + 53
/// bits. The first two products are exact for |n| < 2^20.
template <class A>
inline quadrant_split<xsimd::batch<double, A>> split_quadrant(xsimd::batch<double, A> x) {
    using B = xsimd::batch<double, A>;
    const B shift(rounding_shift<double>);
    const B shifted = kernel::fma(x, B(two_over_pi), shift);
    const B n = shifted - shift;
    const B first = kernel::fnma(n, B(1.57079632673412561417e+00), x);
    const B middle = n * B(6.07710050630396597660e-11);
    const B second = kernel::fnma(n, B(6.07710050630396597660e-11), first);
    const B lost = (first - second) - middle;
    const B low = kernel::fms(n, B(2.02226624879595063154e-21), lost);
    const B rest = second - low;
    return {shifted, rest, (second - rest) - low};
}

/// The same for floats where products are fused: 24 + 24 + 24 bits of pi/2. The first difference is
/// exact for |n| < 2^20, and a multiple of 2^-23; that makes what the second one loses exact, even
/// where it cancels.
template <class A>
inline quadrant_split<xsimd::batch<float, A>> split_quadrant(xsimd::batch<float, A> x) {
    using B = xsimd::batch<float, A>;
    const B shift(rounding_shift<float>), middle(-4.371138828673793e-08F);
    const B shifted = kernel::fma(x, B(static_cast<float>(two_over_pi)), shift);
    const B n = shifted - shift;
    const B first = kernel::fnma(n, B(1.5707963705062866F), x);
    const auto second = exact_product(n, middle);
    const B rest = first - second.high;
    const B lost = ((first - rest) - second.high) - second.low;
    return {shifted, rest, kernel::fnma(n, B(-1.7151245100058819e-15F), lost)};
}

/// Sine and cosine of rest + tail. Chebyshev fits in rest^2; relative error 2^-55.6 and 2^-60
/// (double), 2^-35.8 and 2^-30.3 (for float results).
template <class B>
struct sine_cosine {
    B sine, cosine;
};

/// The series of (sin(r) / r - 1) / z and (cos(r) - 1 + z / 2) / z^2, z = r^2, for float results.
template <class B>
inline sine_cosine<B> series_for_float(B z) {
    return {polynomial(z, 2.7249864655139585e-06, -0.00019840086263755443, 0.008333331873837089,
                       -0.16666666663853044),
            polynomial(z, 2.454789161981386e-05, -0.0013888302802309161, 0.04166666465830042)};
}

template <class B>
inline sine_cosine<B> sine_cosine_for_float(B r) {
    const B z = r * r;
    const auto [s, c] = series_for_float(z);
    return {r * kernel::fma(z, s, B(1.0)), kernel::fma(z * z, c, kernel::fnma(z, B(0.5), B(1.0)))};
}

template <class B>
inline sine_cosine<B> sine_cosine_of(B r, B tail) {
    const B z = r * r;
    B s, c;
    if constexpr (std::is_same_v<typename B::value_type, float>) {
        const auto series = series_for_float(z);
        s = series.sine;
        c = series.cosine;
    } else {
        s = polynomial(z, 1.591810123027412e-10, -2.5051131455427946e-08, 2.755731610068303e-06,
                       -0.0001984126983675497, 0.008333333333330946, -0.16666666666666666);
        c = polynomial(z, -1.1382614868556325e-11, 2.0876146024689747e-09, -2.7557317270560326e-07,
                       2.4801587298763433e-05, -0.0013888888888887395, 0.041666666666666664);
    }
    const B half = B(0.5) * z;
    const B near_one = B(1.0) - half;
    const B lost = kernel::fnma(z, B(0.5), B(1.0) - near_one);
    return {r + kernel::fma(z * r, s, kernel::fnma(half, tail, tail)),
            near_one + kernel::fma(z * z, c, kernel::fnma(r, tail, lost))};
}

/// The mask of lanes with odd n.
template <class T, class A>
inline auto odd_quadrant(xsimd::batch<word<T>, A> n) {
    constexpr int top = 8 * sizeof(T) - 2;
    const xsimd::batch<word<T>, A> low_bit(word<T>(1) << top);
    return from_bits<T, A>((n << top) & low_bit) != xsimd::batch<T, A>(T(0));
}

/// sin(rest + n pi/2).
template <class T, class A>
inline xsimd::batch<T, A> turned_sine(sine_cosine<xsimd::batch<T, A>> of,
                                      xsimd::batch<word<T>, A> n) {
    constexpr int top = 8 * sizeof(T) - 2;
    const auto value = xsimd::select(odd_quadrant<T, A>(n), of.cosine, of.sine);
    return value ^ sign_bit(from_bits<T, A>(n << top));
}

/// sin(x + quarter_turns pi/2) for |x| <= reduction_limit.
template <class T, class A>
inline xsimd::batch<T, A> sine_reduced(xsimd::batch<T, A> x, std::uint64_t quarter_turns) {
    if constexpr (std::is_same_v<T, float> && !is_fused) {
        return in_double(x, [quarter_turns](auto wide) {
            using W = decltype(wide);
            using wide_turns = xsimd::batch<std::uint64_t, typename W::arch_type>;
            const auto split = split_quadrant_for_float(wide);
            return turned_sine<double, typename W::arch_type>(
                sine_cosine_for_float(split.rest),
                to_bits(split.shifted) + wide_turns(quarter_turns));
        });
    } else {
        using turns = xsimd::batch<word<T>, A>;
        const auto split = split_quadrant(x);
        return turned_sine<T, A>(
            sine_cosine_of(split.rest, split.tail),
            to_bits(split.shifted) + turns(static_cast<word<T>>(quarter_turns)));
    }
}

/// Beyond, the rounding of n would leave |rest| far above pi/4, where the series of the tangent
/// does not serve.
inline constexpr float tangent_limit = 1e5f;

/// tan(x) for |x| <= tangent_limit. tan(r) = r + r z p(z), z = r^2, r = rest + tail; p is a minimax
/// fit with relative error 2^-29.4. For odd n -1 / tan(r), whose quotient q is corrected by what
/// q tan(r) lacks to -1.
template <class A>
inline xsimd::batch<float, A> tangent_reduced(xsimd::batch<float, A> x) {
    if constexpr (is_fused) {
        using B = xsimd::batch<float, A>;
        const auto split = split_quadrant(x);
        const B r = split.rest, z = r * r, minus_one(-1.0f);
        const B p = polynomial(z, 0.004464081022888422, -8.654589328216389e-05,
                               0.010973039083182812, 0.02122996561229229, 0.054069872945547104,
                               0.13332577049732208, 0.3333335220813751);
        // The slope of the tangent is 1 + tan^2, near enough 1 + 1.6 z.
        const B tail = kernel::fma(B(1.6f) * z, split.tail, split.tail);
        const auto tangent = exact_sum(r, kernel::fma(r * z, p, tail));
        const B quotient = minus_one / tangent.high;
        const B lack = kernel::fms(quotient, tangent.high, minus_one);
        const B inverse = kernel::fma(quotient, kernel::fma(quotient, tangent.low, lack), quotient);
        return xsimd::select(odd_quadrant<float>(to_bits(split.shifted)), inverse, tangent.high);
    } else {
        return in_double(x, [](auto wide) {
            using W = decltype(wide);
            const auto split = split_quadrant_for_float(wide);
            const auto of = sine_cosine_for_float(split.rest);
            const auto odd = odd_quadrant<double>(to_bits(split.shifted));
            return xsimd::select(odd, W(0.0) - of.cosine, of.sine) /
                   xsimd::select(odd, of.sine, of.cosine);
        });
    }
}

/// sin(pi x) / (pi x); sin(pi x) vanishes at integers, so x is reduced before it meets pi.
template <class Scalar>
inline Scalar scalar_sinc(Scalar x) {
    x = std::abs(x);
    if (x == Scalar(0)) return Scalar(1);
    constexpr Scalar pi = Scalar(3.14159265358979323846264338327950288L);
    const Scalar rest = std::remainder(x, Scalar(2));  // in [-1, 1], exact
    const Scalar folded = rest > Scalar(0.5)    ? Scalar(1) - rest
                          : rest < Scalar(-0.5) ? Scalar(-1) - rest
                                                : rest;
    return std::sin(pi * folded) / (pi * x);
}

}  // namespace kernel

template <class T, class A>
inline xsimd::batch<T, A> sin(xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    constexpr T limit = kernel::reduction_limit<T>;
    const B size = xsimd::abs(x);
    // sin(x) rounds to x below 2^-13 in float and 2^-27 in double; this also keeps the sign of -0.
    const B value = xsimd::select(size < B(T(0x1p-27)), x, kernel::sine_reduced(x, 0));
    if (xsimd::any(size > B(limit)))
        return kernel::replace_beyond(value, x, limit,
                                      [](T v) { return std::sin(static_cast<double>(v)); });
    return value;
}

template <class T, class A>
inline xsimd::batch<T, A> cos(xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    constexpr T limit = kernel::reduction_limit<T>;
    const B value = kernel::sine_reduced(x, 1);
    if (xsimd::any(xsimd::abs(x) > B(limit)))
        return kernel::replace_beyond(value, x, limit,
                                      [](T v) { return std::cos(static_cast<double>(v)); });
    return value;
}

/// For double lane by lane: a quotient of rounded sine and cosine would be off by more than 2 ULP.
template <class T, class A>
inline xsimd::batch<T, A> tan(xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    if constexpr (std::is_same_v<T, float>) {
        const B size = xsimd::abs(x);
        const B value = xsimd::select(size < B(0x1p-27f), x, kernel::tangent_reduced(x));
        constexpr T limit = kernel::tangent_limit;
        if (xsimd::any(size > B(limit)))
            return kernel::replace_beyond(value, x, limit,
                                          [](T v) { return std::tan(static_cast<double>(v)); });
        return value;
    } else {
        return kernel::each_lane<T>(x, [](T v) { return std::tan(v); });
    }
}

/// sin(pi x) / (pi x), 1 at 0 and NaN at infinity: torch.sinc.
template <class T, class A>
inline xsimd::batch<T, A> sinc(xsimd::batch<T, A> x) {
    return kernel::each_lane<kernel::wider<T>>(x, [](auto v) { return kernel::scalar_sinc(v); });
}

}  // namespace lazy::cpu::simd

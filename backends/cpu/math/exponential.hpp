// exp, exp2, expm1 and the logistic sigmoid.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bits.hpp"
#include "fused.hpp"
#include "pair.hpp"
#include "polynomial.hpp"
#include "widen.hpp"

namespace lazy::cpu::simd {

namespace kernel {

// ln 2 in two parts. The high one has so few bits that its product with an exponent is exact
// without fused multiply-add as well.
template <class T>
inline constexpr T ln2_high = sizeof(T) == 4 ? T(0x1.62e4p-1) : T(0x1.62e42feep-1);
template <class T>
inline constexpr T ln2_low = sizeof(T) == 4 ? T(0x1.7f7d1cp-20) : T(0x1.a39ef35793c76p-33);
inline constexpr double log2_e = 1.44269504088896340736;

/// x = n * ln 2 + rest, |rest| <= ln(2) / 2; `shifted` carries n in its low bits (see
/// rounding_shift).
template <class B>
struct exponent_split {
    B shifted, n, rest;
};

template <class T, class A>
inline exponent_split<xsimd::batch<T, A>> split_exponent(xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    const B shift(rounding_shift<T>);
    const B shifted = kernel::fma(x, B(T(log2_e)), shift);
    const B n = shifted - shift;
    return {shifted, n, kernel::fnma(n, B(ln2_low<T>), kernel::fnma(n, B(ln2_high<T>), x))};
}

/// q(r) in exp(r) = 1 + r + r^2 q(r), |r| <= ln(2) / 2: a Chebyshev fit. The relative error of exp
/// is 2^-62 for double, 2^-27 for float.
template <class B>
inline B exp_series(B r) {
    if constexpr (sizeof(typename B::value_type) == 4)
        return polynomial(r, 0.0013926250831497611, 0.008363232883682618, 0.04166655421298415,
                          0.16666576666119928, 0.5);
    else
        return polynomial(r, 2.09147553258932e-09, 2.5105312729622103e-08, 2.755727347871858e-07,
                          2.755725517000089e-06, 2.480158732567746e-05, 0.0001984126987500228,
                          0.0013888888888883711, 0.008333333333326084, 0.04166666666666667,
                          0.1666666666666667, 0.5);
}

/// The same with an absolute error of 2^-33 for float: expm1 loses bits to cancellation.
template <class A>
inline xsimd::batch<float, A> expm1_series(xsimd::batch<float, A> r) {
    return polynomial(r, 0.00019943482766393572, 0.0013935123570263386, 0.008333208970725536,
                      0.041666463017463684, 0.1666666716337204, 0.5);
}

template <class B>
inline B expm1_rest(B r) {
    return kernel::fma(r * r, exp_series(r), r);
}

/// The same for double results that become float: relative error 2^-33.
template <class A>
inline xsimd::batch<double, A> expm1_rest_for_float(xsimd::batch<double, A> r) {
    return kernel::fma(
        r * r,
        polynomial(r, 0.00019891080463998843, 0.0013933730715792083, 0.008333310844647862,
                   0.04166646419740569, 0.16666666681704215, 0.500000001353873),
        r);
}

/// 2^n as two factors of about 2^(n/2), n from `shifted`: a product with both overflows and becomes
/// denormal with one rounding. |n| < 2^8 for float, 2^11 for double.
template <class B>
struct power_of_two {
    B first, second;
    B scale(B p) const { return p * first * second; }
};
#if XSIMD_WITH_AVX512F
/// The same for processors that multiply by 2^n.
template <class B>
struct exponent_of_two {
    B n;
    B scale(B p) const {
        if constexpr (sizeof(typename B::value_type) == 4)
            return _mm512_scalef_ps(p, n);
        else
            return _mm512_scalef_pd(p, n);
    }
};
#endif

template <class T, class A>
inline auto power_from(xsimd::batch<T, A> shifted) {
    using B = xsimd::batch<T, A>;
#if XSIMD_WITH_AVX512F
    if constexpr (std::is_base_of_v<xsimd::avx512f, A>) {
        return exponent_of_two<B>{shifted - B(rounding_shift<T>)};
    } else
#endif
    {
        using W = word<T>;
        using bits = xsimd::batch<W, A>;
        constexpr int mantissa = std::numeric_limits<T>::digits - 1;
        constexpr W bias = std::numeric_limits<T>::max_exponent - 1, offset = 4 * (bias + 1);
        const bits n = to_bits(shifted) - to_bits(B(rounding_shift<T>));
        const bits half = (n + bits(offset)) >> 1;
        return power_of_two<B>{
            from_bits<T, A>((half + bits(W(bias - offset / 2))) << mantissa),
            from_bits<T, A>((n - half + bits(W(bias + offset / 2))) << mantissa)};
    }
}

/// 2^(n + rest), n in the low bits of `shifted`, not near the ends of float's range: a minimax fit,
/// relative error 2^-29 and the last rounding.
template <class A>
inline xsimd::batch<float, A> exp2_of_parts(xsimd::batch<float, A> shifted,
                                            xsimd::batch<float, A> rest) {
    const auto p =
        polynomial(rest, 0.0001547627227938198, 0.0013400270714609963, 0.009618003994303539,
                   0.05550327787437795, 0.24022651345008042, 0.6931472062512563, 1.0);
    return from_bits<float, A>(to_bits(p) + (to_bits(shifted) << 23));
}

/// 2^x, |x| <= 120.
template <class A>
inline xsimd::batch<float, A> exp2_of_moderate(xsimd::batch<float, A> x) {
    const xsimd::batch<float, A> shift(rounding_shift<float>);
    const auto shifted = x + shift;
    return exp2_of_parts(shifted, x - (shifted - shift));
}

/// exp(x) / 2^halvings for every x: overflow to infinity and denormals included.
template <class T, class A>
inline xsimd::batch<T, A> exp_scaled(xsimd::batch<T, A> x, int halvings) {
    using B = xsimd::batch<T, A>;
    // Beyond, the result is infinity or 0.
    const auto split = split_exponent(bounded(x, sizeof(T) == 4 ? T(150) : T(1000)));
    return power_from(split.shifted - B(static_cast<T>(halvings)))
        .scale(B(T(1)) + expm1_rest(split.rest));
}

/// The same for double results that become float: one part of ln 2 is enough.
template <class B>
inline exponent_split<B> split_exponent_for_float(B x) {
    const B shift(rounding_shift<double>);
    const B shifted = kernel::fma(x, B(log2_e), shift);
    const B n = shifted - shift;
    return {shifted, n, kernel::fnma(n, B(0.69314718055994530942), x)};
}

/// exp(x) in double with the accuracy of float; |x| <= 700, not NaN: its bits would not survive the
/// addition.
template <class A>
inline xsimd::batch<double, A> exp_for_float(xsimd::batch<double, A> x) {
    using B = xsimd::batch<double, A>;
    const auto split = split_exponent_for_float(x);
    const B p = B(1.0) + expm1_rest_for_float(split.rest);
    return from_bits<double, A>(to_bits(p) + (to_bits(split.shifted) << 52));
}

}  // namespace kernel

template <class T, class A>
inline xsimd::batch<T, A> exp(xsimd::batch<T, A> x) {
    return kernel::exp_scaled(x, 0);
}

template <class T, class A>
inline xsimd::batch<T, A> exp2(xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    const B shift(kernel::rounding_shift<T>);
    x = kernel::bounded(x, sizeof(T) == 4 ? T(200) : T(1500));
    const B shifted = x + shift;
    const B rest = (x - (shifted - shift)) * B(T(0.69314718055994530942));
    return kernel::power_from(shifted).scale(B(T(1)) + kernel::expm1_rest(rest));
}

/// 2 (2^(n-1) (1 + rest + tail) - 1/2): the sum of the two large terms is carried exactly, and
/// `tail`, the rest of the series with the rounding error of `rest`, is added to it last.
template <class A>
inline xsimd::batch<float, A> expm1(xsimd::batch<float, A> x) {
    using B = xsimd::batch<float, A>;
    const B half_one(0.5f);
    // From -20 down -1, from 89 on infinity.
    const B bounded = xsimd::min(B(89.0f), xsimd::max(B(-20.0f), x));
    const auto split = kernel::split_exponent(bounded);
    const B high = kernel::fnma(split.n, B(kernel::ln2_high<float>), bounded);
    const B lost = kernel::fnma(split.n, B(kernel::ln2_low<float>), high - split.rest);
    const B tail = kernel::fma(split.rest * split.rest, kernel::expm1_series(split.rest), lost);
    const B power = kernel::from_bits<float, A>(kernel::to_bits(half_one) +
                                                (kernel::to_bits(split.shifted) << 23));
    const auto sum = kernel::exact_sum(power - half_one, power * split.rest);
    const B half = sum.high + kernel::fma(power, tail, sum.low);
    return xsimd::select(xsimd::abs(x) < B(0x1p-25f), x, half + half);
}

template <class A>
inline xsimd::batch<double, A> expm1(xsimd::batch<double, A> x) {
    using B = xsimd::batch<double, A>;
    const auto split = kernel::split_exponent(x);
    const B high = kernel::fnma(split.n, B(kernel::ln2_high<double>), x);
    const B lost = kernel::fnma(split.n, B(kernel::ln2_low<double>), high - split.rest);
    const B tail = kernel::fma(split.rest * split.rest, kernel::exp_series(split.rest), lost);
    const B power = kernel::from_bits<double, A>(kernel::to_bits(B(0.5)) +
                                                 (kernel::to_bits(split.shifted) << 52));
    const B constant = power - B(0.5), linear = power * split.rest;
    const B sum = constant + linear;
    const B half = sum + kernel::fma(power, tail, linear - (sum - constant));
    const B low = xsimd::select(x < B(-100.0), B(-1.0), half + half);
    const B bounded = xsimd::select(x > B(710.0), kernel::infinity<B>(), low);
    return xsimd::select(xsimd::abs(x) < B(0x1p-54), x, bounded);
}

/// 1 / (1 + e), e = exp(-|x|), or e / (1 + e) for negative x: nothing overflows, small values keep
/// their accuracy. The quotient is corrected by what e and 1 + e lost in rounding; its derivative
/// needs no second division.
template <class T, class A>
inline xsimd::batch<T, A> sigmoid(xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    const B one(T(1)), zero(T(0));
    const B size = xsimd::abs(x);
    // From here on exp(-|x|) is 0 in T; the power of two stays in range.
    constexpr T limit = sizeof(T) == 4 ? T(110) : T(800);
    const auto split = kernel::split_exponent(zero - xsimd::min(B(limit), size));
    const auto power = kernel::power_from(split.shifted);
    const B rest = kernel::expm1_rest(split.rest);
    const B sum = one + rest;
    const B e = power.scale(sum);
    const B denominator = one + e;
    const B lost = e - (denominator - one);
    const auto negative = x < zero;
    const B quotient = xsimd::select(negative, e, one) / denominator;
    const B slope = quotient * xsimd::select(negative, one - quotient, quotient);
    return kernel::fnma(slope, lost, quotient);
}

}  // namespace lazy::cpu::simd

// Roots, powers and hypot.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bits.hpp"
#include "exponential.hpp"
#include "fused.hpp"
#include "lanes.hpp"
#include "logarithm.hpp"
#include "pair.hpp"
#include "polynomial.hpp"
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
inline xsimd::batch<float, A> pow_in_double(xsimd::batch<float, A> x, xsimd::batch<float, A> y) {
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

/// log2(x) in two parts for positive normal finite x, where products are fused. With s = f / (2 +
/// f), log2(1 + f) = s (2 / log(2) + z q(z)), z = s^2; q is a minimax fit that leaves a relative
/// error of 2^-36.4, and all but its tail is carried in two parts.
template <class A>
inline pair<xsimd::batch<float, A>> log2_pair(xsimd::batch<float, A> x) {
    using B = xsimd::batch<float, A>;
    const B one(1.0f), two(2.0f), constant(0x1.715476p+1f), first(0.9617967009544373f);
    const auto [k, f] = split_log_of<base_2>(x);
    const auto denominator = exact_sum(two, f);
    const B inverse = one / denominator.high;
    const B s = f * inverse;
    const B s_low =
        kernel::fnma(s, denominator.low, kernel::fnma(s, denominator.high, f)) * inverse;
    const auto z = exact_product(s, s);
    const B z_low = kernel::fma(s + s, s_low, z.low);
    const B tail = polynomial(z.high, 0.33648842573165894, 0.41192731261253357, 0.5770788192749023);
    const B q = kernel::fma(z.high, tail, first);
    const B q_low = kernel::fma(z.high, tail, first - q);
    const auto product = exact_product(z.high, q);
    const B product_low = kernel::fma(z.high, q_low, kernel::fma(z_low, q, product.low));
    const auto slope = exact_sum(constant, product.high);
    const B slope_low = slope.low + (product_low + B(0x1.4ae0cp-25f));
    const auto log = exact_product(s, slope.high);
    const B log_low = kernel::fma(s_low, slope.high, kernel::fma(s, slope_low, log.low));
    const auto sum = exact_sum(k, log.high);
    return {sum.high, sum.low + log_low};
}

/// The lanes of `value` = |x|^y with the sign of x^y, for y not special.
template <class A>
[[gnu::noinline]] xsimd::batch<float, A> with_power_sign(xsimd::batch<float, A> value,
                                                         xsimd::batch<float, A> x,
                                                         xsimd::batch<float, A> y) {
    using B = xsimd::batch<float, A>;
    const B half = y * B(0.5f);
    const auto integer = xsimd::trunc(y) == y;
    const auto odd = integer & !(xsimd::trunc(half) == half);
    const B signed_value = xsimd::select(odd, with_sign(value, x), value);
    return xsimd::select((x < B(0.0f)) & !integer, not_a_number<B>(), signed_value);
}

template <class A>
[[gnu::noinline]] xsimd::batch<float, A> with_unusual_powers(xsimd::batch_bool<float, A> usual,
                                                             xsimd::batch<float, A> value,
                                                             xsimd::batch<float, A> x,
                                                             xsimd::batch<float, A> y) {
    return xsimd::select(usual, value, pow_in_double(x, y));
}

/// x^y for float. Usual are normal finite x != 0 with normal finite results far from the ends of
/// float's range: 2^(n + rest) with y log2 |x| = n + rest in two parts. Where products are not
/// fused, double arithmetic is quicker than parts.
template <class A>
inline xsimd::batch<float, A> pow_float(xsimd::batch<float, A> x, xsimd::batch<float, A> y) {
    if constexpr (is_fused) {
        using B = xsimd::batch<float, A>;
        using limits = std::numeric_limits<float>;
        const B size = xsimd::abs(x), shift(rounding_shift<float>);
        const auto log = log2_pair(size);
        const auto product = exact_product(y, log.high);
        const B shifted = product.high + shift;
        const B rest = (product.high - (shifted - shift)) + kernel::fma(y, log.low, product.low);
        const B p =
            polynomial(rest, 0.0001532646274426952, 0.0013390806270763278, 0.009618505835533142,
                       0.05550359934568405, 0.24022647738456726, 0.6931471824645996, 1.0);
        B value = from_bits<float, A>(to_bits(p) + (to_bits(shifted) << 23));
        if (xsimd::any(x < B(0.0f))) value = with_power_sign(value, x, y);
        const auto usual = (size >= B(limits::min())) & (size <= B(limits::max())) &
                           (xsimd::abs(product.high) < B(125.0f));
        if (xsimd::all(usual)) return value;
        return with_unusual_powers(usual, value, x, y);
    } else {
        return pow_in_double(x, y);
    }
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

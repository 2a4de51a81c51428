// asin, acos, atan and atan2.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bits.hpp"
#include "fused.hpp"
#include "pair.hpp"
#include "polynomial.hpp"

namespace lazy::cpu::simd {

namespace kernel {

inline constexpr double half_pi = 1.57079632679489661923, half_pi_low = 6.12323399573676603587e-17;

/// pi / 2 in two parts.
template <class T>
inline constexpr T half_pi_of = static_cast<T>(half_pi);
template <class T>
inline constexpr T half_pi_rest = sizeof(T) == 4
                                      ? static_cast<T>(half_pi - static_cast<double>(half_pi_of<T>))
                                      : T(half_pi_low);

/// p(z) in asin(s) = s + s z p(z), z = s^2 <= 1/4: a Chebyshev fit, relative error 2^-57.4.
template <class B>
inline B arcsine_series(B z) {
    return polynomial(z, 0.028757851367421566, -0.014851887071247204, 0.01740087944269402,
                      0.005457506718640358, 0.01032281435018578, 0.011479177415184906,
                      0.013971212973552933, 0.017352392720869973, 0.02237217294214989,
                      0.030381944138531247, 0.04464285714635543, 0.07499999999998433,
                      0.16666666666666669);
}

/// asin x = pi/2 - 2 asin(sqrt((1 - x) / 2)) from 1/2 on, where 1 - x is exact.
template <class A>
inline xsimd::batch<double, A> arcsine(xsimd::batch<double, A> x) {
    using B = xsimd::batch<double, A>;
    const B size = xsimd::abs(x);
    const auto near_one = size > B(0.5);
    const B half_gap = B(0.5) * (B(1.0) - size);
    const B z = xsimd::select(near_one, half_gap, x * x);
    const B s = xsimd::select(near_one, xsimd::sqrt(z), size);
    const B series = arcsine_series(z);
    // The upper half of s, whose square is exact, and what the square root lost (as in fdlibm's
    // e_asin.c): pi/2 - 2 s would double the rounding error of s.
    const B upper =
        from_bits<double, A>(to_bits(s) & xsimd::batch<std::uint64_t, A>(0xffffffff00000000u));
    const B lower = kernel::fnma(upper, upper, z) / xsimd::select(s > B(0.0), s + upper, B(1.0));
    const B correction = kernel::fma(s * z, series + series, (lower + lower) - B(half_pi_low));
    const B large = B(half_pi / 2) - (correction - (B(half_pi / 2) - (upper + upper)));
    return xsimd::select(near_one, large, kernel::fma(s * z, series, s)) | sign_bit(x);
}

template <class A>
inline xsimd::batch<double, A> arccosine(xsimd::batch<double, A> x) {
    using B = xsimd::batch<double, A>;
    const B size = xsimd::abs(x);
    const auto near_one = size > B(0.5);
    const B half_gap = B(0.5) * (B(1.0) - size);
    const B z = xsimd::select(near_one, half_gap, x * x);
    const B s = xsimd::select(near_one, xsimd::sqrt(z), size);
    const B small = kernel::fma(s * z, arcsine_series(z), s);
    const auto negative = x < B(0.0);
    const B positive_end = small + small;
    const B negative_end = B(half_pi) + ((B(half_pi) - positive_end) + B(2.0 * half_pi_low));
    const B middle = B(half_pi) - ((small ^ sign_bit(x)) - B(half_pi_low));
    return xsimd::select(near_one, xsimd::select(negative, negative_end, positive_end), middle);
}

/// For float: asin(s) = s + tail, where s = |x|, or sqrt((1 - |x|) / 2) above 1/2, so that there
/// asin |x| = pi/2 - 2 (s + tail).
template <class A>
struct arcsine_split {
    xsimd::batch_bool<float, A> near_one;
    xsimd::batch<float, A> s, tail, small;  // the latter asin |x| up to 1/2
};

/// asin(s) = s + s z p(z), z = s^2 <= 1/4: a minimax fit, relative error 2^-27.6. The rounding
/// error of the square root is (z - s^2) / (2 s), for which an estimate of 1 / s serves: the bits
/// of a constant less those of s, within 5%.
template <class A>
inline arcsine_split<A> split_arcsine(xsimd::batch<float, A> x) {
    using B = xsimd::batch<float, A>;
    const B half(0.5f), size = xsimd::abs(x);
    const auto near_one = size > half;
    const B z = xsimd::select(near_one, kernel::fnma(size, half, half), x * x);
    const B s = xsimd::select(near_one, xsimd::sqrt(z), size);
    const B p = polynomial(z, 0.04215797036886215, 0.024184925481677055, 0.04546913504600525,
                           0.074953094124794, 0.16666752099990845);
    const B reciprocal =
        from_bits<float, A>(xsimd::batch<std::uint32_t, A>(0x7e733333u) - to_bits(s));
    return {near_one, s, kernel::fma(s * z, p, exact_rest(z, s, s) * reciprocal),
            kernel::fma(s * z, p, s)};
}

template <class A>
inline xsimd::batch<float, A> arcsine(xsimd::batch<float, A> x) {
    using B = xsimd::batch<float, A>;
    const auto of = split_arcsine(x);
    const auto sum = exact_sum(B(half_pi_of<float>), B(-2.0f) * of.s);
    const B low = kernel::fma(of.tail, B(-2.0f), sum.low + B(half_pi_rest<float>));
    return xsimd::select(of.near_one, sum.high + low, of.small) | sign_bit(x);
}

/// pi/2 - asin(x), where |x| > 1/2 as 2 (pi/2 - asin(s)) for negative x, 2 asin(s) for positive.
template <class A>
inline xsimd::batch<float, A> arccosine(xsimd::batch<float, A> x) {
    using B = xsimd::batch<float, A>;
    const B zero(0.0f);
    const auto of = split_arcsine(x);
    const auto from_zero = x > B(0.5f);
    const B sign = sign_bit(x) ^ xsimd::select(of.near_one, zero, B(-0.0f));
    const auto sum = exact_sum(xsimd::select(from_zero, zero, B(half_pi_of<float>)), of.s ^ sign);
    const B rest = xsimd::select(from_zero, zero, B(half_pi_rest<float>));
    const B value = sum.high + ((of.tail ^ sign) + (sum.low + rest));
    return xsimd::select(of.near_one, value + value, value);
}

/// p(z) in atan(t) = t + t z p(z), z = t^2, |t| <= tan(pi/8): relative error 2^-58, for float
/// 2^-30.
template <class B>
inline B arctangent_series(B z) {
    if constexpr (sizeof(typename B::value_type) == 4)
        return polynomial(z, -0.060782208898550794, 0.1059381350418208, -0.14243533310366657,
                          0.19998471513366292, -0.3333331518857022);
    else
        return polynomial(z, 0.016282993238924487, -0.034568068014968874, 0.0455149623749493,
                          -0.052304330074828924, 0.05878926110528101, -0.06666424634599337,
                          0.07692296361048218, -0.09090908753017178, 0.11111111105145725,
                          -0.14285714285659729, 0.19999999999999804, -0.3333333333333333);
}

/// atan(y / x) for y, x >= 0: y / x is turned by pi/4 or pi/2 to below tan(pi/8) with one division.
template <class B>
inline B arctangent(B y, B x) {
    using T = typename B::value_type;
    const auto choose = [low = y <= x * B(T(0.41421356237309503)),
                         high = y > x * B(T(2.414213562373095))](B below, B above, B between) {
        return xsimd::select(low, below, xsimd::select(high, above, between));
    };
    constexpr T angle = half_pi_of<T>, rest = half_pi_rest<T>;
    const B turned = choose(B(T(0)), B(angle), B(angle / 2));
    const B turned_rest = choose(B(T(0)), B(rest), B(rest / 2));
    const B t = choose(y, -x, y - x) / choose(x, y, y + x);
    const B z = t * t;
    return turned + (t + kernel::fma(t * z, arctangent_series(z), turned_rest));
}

}  // namespace kernel

template <class T, class A>
inline xsimd::batch<T, A> asin(xsimd::batch<T, A> x) {
    return kernel::arcsine(x);
}

template <class T, class A>
inline xsimd::batch<T, A> acos(xsimd::batch<T, A> x) {
    return kernel::arccosine(x);
}

template <class T, class A>
inline xsimd::batch<T, A> atan(xsimd::batch<T, A> x) {
    return kernel::with_sign(kernel::arctangent(xsimd::abs(x), xsimd::batch<T, A>(T(1))), x);
}

/// The angle of the point (x, y), in [-pi, pi], with C's answers for zeros and infinities.
template <class T, class A>
inline xsimd::batch<T, A> atan2(xsimd::batch<T, A> y, xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    const B zero(T(0)), one(T(1));
    B a = xsimd::abs(y), b = xsimd::abs(x);
    // (inf, inf) has the angle of (1, 1); (0, 0) that of (0, 1). Large coordinates are scaled
    // down: a + b must not overflow.
    const auto infinite = (a == kernel::infinity<B>()) & (b == kernel::infinity<B>());
    const B limit(sizeof(T) == 4 ? T(0x1p120) : T(0x1p1000));
    const B scale = xsimd::select((a > limit) | (b > limit), B(T(0x1p-54)), one);
    a = xsimd::select(infinite, one, a * scale);
    b = xsimd::select(infinite | ((a == zero) & (b == zero)), one, b * scale);
    const B angle = kernel::arctangent(a, b);
    const B half(kernel::half_pi_of<T>), rest(kernel::half_pi_rest<T>);
    const B folded = half + ((half - angle) + (rest + rest));
    // The sign bit decides, so that atan2(0, -0) is pi.
    const auto left = (kernel::sign_bit(x) | one) < zero;
    return kernel::with_sign(xsimd::select(left, folded, angle), y);
}

}  // namespace lazy::cpu::simd

// erf, erfc and erfinv.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include "bits.hpp"
#include "exponential.hpp"
#include "lanes.hpp"
#include "polynomial.hpp"
#include "widen.hpp"

namespace lazy::cpu::simd {

namespace kernel {

/// The inverse of erf: Winitzki's closed form (2008, relative error 2e-3), then two of Halley's
/// steps, each of which triples the number of correct digits.
template <class Scalar>
inline Scalar scalar_erfinv(Scalar x) {
    const Scalar size = std::abs(x);
    if (size == Scalar(1)) return x / Scalar(0);
    if (!(size < Scalar(1))) return std::numeric_limits<Scalar>::quiet_NaN();
    if (size < std::numeric_limits<Scalar>::min() * 4)
        return x * Scalar(0.88622692545275801364908374167057259L);
    const Scalar log_gap = std::log1p(-size * size);
    const Scalar middle = Scalar(4.330746750799873) + log_gap / 2;
    Scalar y = std::sqrt(-log_gap / Scalar(0.147) /
                         (std::sqrt(middle * middle - log_gap / Scalar(0.147)) + middle));
    for (int step = 0; step < 2; ++step) {
        const Scalar excess =
            size < Scalar(0.5) ? std::erf(y) - size : (Scalar(1) - size) - std::erfc(y);
        const Scalar newton =
            excess * Scalar(0.88622692545275801364908374167057259L) * std::exp(y * y);
        y -= newton / (1 + y * newton);
    }
    return std::copysign(y, x);
}

}  // namespace kernel

/// Two formulas with a = |x| <= 4: a + a p(a^2) below 0.8, from there 1 - 2^w(a). p and w are
/// minimax fits of erf(a) / a - 1 and of log2(erfc(a)); the relative error of erf is 2^-28.
template <class A>
inline xsimd::batch<float, A> erf(xsimd::batch<float, A> x) {
    using B = xsimd::batch<float, A>;
    const B size = xsimd::abs(x), a = xsimd::select(size > B(4.0f), B(4.0f), size);
    const B p = kernel::polynomial(a * a, -0.0006535233320633418, 0.005085129958787424,
                                   -0.02682080641777792, 0.11283112804717557, -0.37612601387619565,
                                   0.12837916370055022);
    const B w = kernel::polynomial(a, 0.0003010895028021891, -0.004565971576359679,
                                   0.03274539225604117, -0.15130464785625172, -0.9177590774963698,
                                   -1.6277514859678854, -8.201463119548102e-05);
    const B large = B(1.0f) - kernel::exp2_of_moderate(w);
    return kernel::with_sign(xsimd::select(a > B(0.8f), large, kernel::fma(a, p, a)), x);
}

/// As for float, with relative errors 2^-56.3 (p) and 2^-57.9 (w) of erf. From 1 to 6, where erf is
/// 1, w(a) = -2.66... + v(a - 1): where the result is most sensitive to w, only v is rounded.
template <class A>
inline xsimd::batch<double, A> erf(xsimd::batch<double, A> x) {
    using B = xsimd::batch<double, A>;
    const B size = xsimd::abs(x), one(1.0), start(-2.6684169769287109375);
    const B a = xsimd::select(size > B(6.0), B(6.0), size);
    const B p = kernel::polynomial(
        a * a, 5.945263253203562e-11, -1.1365668112731176e-09, 1.4657880712259797e-08,
        -1.635002539607152e-07, 1.6460972837261349e-06, -1.49255935083764e-05,
        0.0001205533103697024, -0.000854832697874437, 0.005223977624780908, -0.0268661706450729,
        0.11283791670954857, -0.3761263890318375, 0.1283791670955126);
    const B v = kernel::polynomial(
        a - one, 1.5138466825926044e-12, -4.1925428457770354e-11, 5.350955400905648e-10,
        -4.1567212286113445e-09, 2.1619940878531533e-08, -7.540275347734818e-08,
        1.414617365389351e-07, 2.0491995863059784e-07, -2.9701391128386064e-06,
        1.3861352184718038e-05, -3.918139423948318e-05, 3.791050518266447e-05,
        0.0003423841264013039, -0.002853510264281666, 0.014475750114740095, -0.0599599900393661,
        -1.2163466576861368, -3.8072253458536043, 2.801471113322231e-07);
    const B shift(kernel::rounding_shift<double>);
    const B shifted = (start + v) + shift;
    const B rest = (start - (shifted - shift)) + v;
    const B power = one + kernel::expm1_rest(rest * B(0.69314718055994530942));
    const B rest_of_one =
        kernel::from_bits<double, A>(kernel::to_bits(power) + (kernel::to_bits(shifted) << 52));
    return kernel::with_sign(xsimd::select(a > one, one - rest_of_one, kernel::fma(a, p, a)), x);
}

/// 2^w(a - 5) in double, a = |x|, w a minimax fit of log2(erfc(a)): relative error 2^-30.6.
/// From 10.2 on erfc rounds to 0. For negative x 2 less that.
template <class A>
inline xsimd::batch<float, A> erfc(xsimd::batch<float, A> x) {
    using B = xsimd::batch<float, A>;
    const B value = kernel::in_double(x, [](auto wide) {
        using W = decltype(wide);
        const W t = xsimd::min(W(10.2), xsimd::abs(wide)) - W(5.0);
        const W w = kernel::polynomial(
            t, 1.225333957646497e-18, -8.303429396262066e-18, -1.3814967789774647e-16,
            1.0217059768336302e-15, 5.738851408343566e-15, -4.511017920387858e-14,
            -1.5595768416556018e-13, 1.2116476986727789e-12, 2.7125239199797505e-12,
            -2.278344789717435e-11, 2.336860067931352e-12, -5.343302755669072e-11,
            2.3826273303407223e-09, -1.8877960601820588e-08, 1.338214742090322e-07,
            -1.0052987440393354e-06, 7.46979952376732e-06, -5.4854649795984585e-05,
            0.0004060603140061478, -0.0031056034153934373, -1.416823087750199, -14.704957826134851,
            -39.24258845529473);
        const W right = kernel::exp_for_float(w * W(0.69314718055994530942));
        return xsimd::select(wide < W(0.0), W(2.0) - right, right);
    });
    return xsimd::select(x == x, value, x);
}

template <class A>
inline xsimd::batch<double, A> erfc(xsimd::batch<double, A> x) {
    return kernel::each_lane<long double>(x, [](auto v) { return std::erfc(v); });
}

/// The inverse of erf on [-1, 1], infinite at the ends, NaN outside.
template <class T, class A>
inline xsimd::batch<T, A> erfinv(xsimd::batch<T, A> x) {
    return kernel::each_lane<kernel::wider<T>>(x, [](auto v) { return kernel::scalar_erfinv(v); });
}

}  // namespace lazy::cpu::simd

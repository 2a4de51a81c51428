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

/// As for float, with relative errors 2^-56 (p, up to 3/4) and 2^-57.8 (w) of erf. From 3/4 to 6,
/// where erf is 1, w(a) = start + v(a - 3/4): where the result is most sensitive to w, only v is
/// rounded.
template <class A>
inline xsimd::batch<double, A> erf(xsimd::batch<double, A> x) {
    using B = xsimd::batch<double, A>;
    const B size = xsimd::abs(x), one(1.0), middle(0.75), start(-1.7916355133056640625);
    const B a = xsimd::select(size > B(6.0), B(6.0), size);
    const B p = kernel::polynomial(
        a * a, 1.1463238652010382e-08, -1.5937462537120586e-07, 1.6430372796532983e-06,
        -1.492417568302394e-05, 0.00012055288741655828, -0.000854832616827328, 0.005223977615110879,
        -0.026866170644401572, 0.11283791670952477, -0.37612638903183715, 0.1283791670955126);
    const B v = kernel::polynomial(
        a - middle, -3.231704469024064e-13, 1.1199542759737856e-11, -1.8206796998742637e-10,
        1.8469794648662364e-09, -1.3088099714440312e-08, 6.832957368267616e-08,
        -2.664874833082999e-07, 7.416433038429876e-07, -1.1035155087909503e-06,
        -1.978534540924008e-06, 2.063304945706796e-05, -7.831550365593411e-05,
        0.00015276395151778128, 0.00018700012505184176, -0.003275562747435776, 0.01833034251852127,
        -0.07631855262793959, -1.1654834133015406, -3.2112569024410638, -2.2511812785299172e-07);
    const B shift(kernel::rounding_shift<double>);
    const B shifted = (start + v) + shift;
    const B rest = (start - (shifted - shift)) + v;
    const B power = one + kernel::expm1_rest(rest * B(0.69314718055994530942));
    const B rest_of_one =
        kernel::from_bits<double, A>(kernel::to_bits(power) + (kernel::to_bits(shifted) << 52));
    return kernel::with_sign(xsimd::select(a > middle, one - rest_of_one, kernel::fma(a, p, a)), x);
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

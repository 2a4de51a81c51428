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

/// For float, two formulas with a = |x| <= 4: a + a p(a^2) below 0.8, from there 1 - 2^w(a). p and
/// w are minimax fits of erf(a) / a - 1 and of log2(erfc(a)); the relative error of erf is 2^-28.
template <class T, class A>
inline xsimd::batch<T, A> erf(xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    if constexpr (std::is_same_v<T, float>) {
        const B size = xsimd::abs(x), a = xsimd::select(size > B(4.0f), B(4.0f), size);
        const B p = kernel::polynomial(a * a, -0.0006535233320633418, 0.005085129958787424,
                                       -0.02682080641777792, 0.11283112804717557,
                                       -0.37612601387619565, 0.12837916370055022);
        const B w = kernel::polynomial(
            a, 0.0003010895028021891, -0.004565971576359679, 0.03274539225604117,
            -0.15130464785625172, -0.9177590774963698, -1.6277514859678854, -8.201463119548102e-05);
        const B large = B(1.0f) - kernel::exp2_of_moderate(w);
        return kernel::with_sign(xsimd::select(a > B(0.8f), large, kernel::fma(a, p, a)), x);
    } else {
        return kernel::each_lane<T>(x, [](T v) { return std::erf(v); });
    }
}

template <class T, class A>
inline xsimd::batch<T, A> erfc(xsimd::batch<T, A> x) {
    return kernel::each_lane<kernel::wider<T>>(x, [](auto v) { return std::erfc(v); });
}

/// The inverse of erf on [-1, 1], infinite at the ends, NaN outside.
template <class T, class A>
inline xsimd::batch<T, A> erfinv(xsimd::batch<T, A> x) {
    return kernel::each_lane<kernel::wider<T>>(x, [](auto v) { return kernel::scalar_erfinv(v); });
}

}  // namespace lazy::cpu::simd

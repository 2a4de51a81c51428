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

/// For float 1 - exp(-a q(a)), a = |x| <= 4: one formula for all, as expm1 keeps small values
/// accurate. q is a Chebyshev fit of -log(erfc(a)) / a; the relative error of erf is 2^-27.2.
template <class T, class A>
inline xsimd::batch<T, A> erf(xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    if constexpr (std::is_same_v<T, float>) {
        const B size = xsimd::abs(x);
        const B value = kernel::in_double(xsimd::select(size > B(4.0f), B(4.0f), size), [](auto a) {
            using W = decltype(a);
            const W q = kernel::polynomial(
                a, -1.0139772735684631e-07, 2.558765059841142e-06, -2.8743581765999872e-05,
                0.00018809217637329965, -0.0007718797463488646, 0.0018230307229505941,
                -0.0002581503947929576, -0.019121386031572884, 0.1027733609488204,
                0.6366195673647472, 1.1283791709032098);
            return W(0.0) - kernel::expm1_for_float(W(0.0) - a * q);
        });
        return kernel::with_sign(value, x);
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

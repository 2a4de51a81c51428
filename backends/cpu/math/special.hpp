// The gamma family and the Bessel function: rarely used, lane by lane in a wider type.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <math.h>
#include <cmath>
#include <limits>

#include "lanes.hpp"

namespace lazy::cpu::simd {

namespace kernel {

/// log |gamma(x)|. std::lgamma also writes the global `signgam`, a data race between threads;
/// lgamma_r does not.
inline double scalar_lgamma(double x) {
#if defined(__GLIBC__) || defined(__APPLE__)
    int sign;
    return ::lgamma_r(x, &sign);
#else
    return std::lgamma(x);
#endif
}

inline long double scalar_lgamma(long double x) {
#if defined(__GLIBC__)
    int sign;
    return ::lgammal_r(x, &sign);
#else
    return std::lgamma(x);
#endif
}

/// The derivative of log gamma: reflection to x > 0, recurrence to x >= 20, Stirling's series there
/// (Abramowitz and Stegun 6.3.5, 6.3.7, 6.3.18), whose first omitted term is below 1e-20.
template <class Scalar>
inline Scalar scalar_digamma(Scalar x) {
    if (x == Scalar(0)) return Scalar(-1) / x;
    if (x == -std::numeric_limits<Scalar>::infinity())
        return std::numeric_limits<Scalar>::quiet_NaN();
    Scalar value = 0;
    if (x < Scalar(0)) {
        const Scalar fraction = x - std::trunc(x);
        if (fraction == Scalar(0)) return std::numeric_limits<Scalar>::quiet_NaN();
        // cot(pi f) from the nearer of 0 and 1/2, so that no tangent of a rounded pi / 2 is taken.
        constexpr Scalar pi = Scalar(3.14159265358979323846264338327950288L);
        const Scalar cotangent =
            fraction > Scalar(-0.25) || fraction < Scalar(-0.75)
                ? 1 / std::tan(pi * (fraction > Scalar(-0.5) ? fraction : fraction + 1))
                : std::tan(pi * (Scalar(-0.5) - fraction));
        value = -pi * cotangent;
        x = 1 - x;
    }
    Scalar steps = 0;
    for (; x < Scalar(20); x += 1) steps += 1 / x;
    const Scalar z = 1 / (x * x);
    const Scalar series =
        z *
        (Scalar(1) / 12 -
         z * (Scalar(1) / 120 -
              z * (Scalar(1) / 252 -
                   z * (Scalar(1) / 240 - z * (Scalar(1) / 132 - z * (Scalar(691) / 32760 -
                                                                      z * (Scalar(1) / 12)))))));
    return value + (std::log(x) - Scalar(0.5) / x - series - steps);
}

/// Modified Bessel function of the first kind, order 0: the power series (Abramowitz and
/// Stegun 9.6.12), all terms positive, and from 40 on the asymptotic series (9.7.1), whose terms
/// shrink below 1e-20 before they grow.
template <class Scalar>
inline Scalar scalar_i0(Scalar x) {
    x = std::abs(x);
    if (!(x < std::numeric_limits<Scalar>::infinity())) return x;
    constexpr Scalar negligible = std::numeric_limits<Scalar>::epsilon() / 8;
    Scalar term = 1, sum = 1;
    if (x < Scalar(40)) {
        const Scalar quarter = x * x / 4;
        for (Scalar k = 1; term > sum * negligible; k += 1) sum += term *= quarter / (k * k);
        return sum;
    }
    for (Scalar k = 1; term > negligible; k += 1)
        sum += term *= (2 * k - 1) * (2 * k - 1) / (8 * k * x);
    const Scalar root = std::exp(x / 2);  // exp(x) overflows before the quotient does
    return root / std::sqrt(Scalar(6.28318530717958647692528676655900577L) * x) * sum * root;
}

}  // namespace kernel

template <class T, class A>
inline xsimd::batch<T, A> lgamma(xsimd::batch<T, A> x) {
    return kernel::each_lane<kernel::wider<T>>(x, [](auto v) { return kernel::scalar_lgamma(v); });
}

template <class T, class A>
inline xsimd::batch<T, A> tgamma(xsimd::batch<T, A> x) {
    return kernel::each_lane<kernel::wider<T>>(x, [](auto v) { return std::tgamma(v); });
}

/// -inf at +0, +inf at -0, NaN at the negative integers: torch.digamma.
template <class T, class A>
inline xsimd::batch<T, A> digamma(xsimd::batch<T, A> x) {
    return kernel::each_lane<kernel::wider<T>>(x, [](auto v) { return kernel::scalar_digamma(v); });
}

template <class T, class A>
inline xsimd::batch<T, A> i0(xsimd::batch<T, A> x) {
    return kernel::each_lane<kernel::wider<T>>(x, [](auto v) { return kernel::scalar_i0(v); });
}

}  // namespace lazy::cpu::simd

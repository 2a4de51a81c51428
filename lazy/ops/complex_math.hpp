// Functions of complex numbers that std has not, for std::complex and for the GPU's complex type.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "scalar_math.hpp"

/// Each takes the parts x, y of a number and gives a C{re, im}. At infinities and NaN as C99's
/// annex G has its relatives. Where a part passes through zero only its absolute error is small.
namespace lazy::ops {

/// size * (c + i s), where size = root * root may be infinite though the product is not.
template <class C, class T>
LAZYTENSOR_FN C from_polar(T size, T root, T c, T s) {
    return is_infinite(size) && !is_infinite(root) ? C{root * (root * c), root * (root * s)}
                                                   : C{size * c, size * s};
}

/// 2 to the power x + iy. The angle y log(2) is kept in two numbers: it may be large.
template <class C, class T>
LAZYTENSOR_FN C complex_exp2(T x, T y) {
    if (y == 0) {
        return {std::exp2(x), y};
    }
    if (!is_finite(y)) {
        const bool vanishes = x < 0 && is_infinite(x);
        return vanishes ? C{T(0), T(0)} : C{is_infinite(x) ? x : y - y, y - y};
    }
    constexpr T high = static_cast<T>(0.69314718055994530942);
    constexpr T low = static_cast<T>(sizeof(T) == 4 ? 0.69314718055994530942 - double(high)
                                                    : 2.3190468138462995584e-17);
    const T angle = y * high;
    const T rest = std::fma(y, high, -angle) + y * low;
    const T s = std::sin(angle);
    const T c = std::cos(angle);
    return from_polar<C>(std::exp2(x), std::exp2(x / 2), c - s * rest, s + c * rest);
}

/// exp(x + iy) - 1.
template <class C, class T>
LAZYTENSOR_FN C complex_expm1(T x, T y) {
    if (y == 0) {
        return {std::expm1(x), y};
    }
    if (!is_finite(y)) {
        const bool vanishes = x < 0 && is_infinite(x);
        return vanishes ? C{T(-1), T(0)} : C{is_infinite(x) ? x : y - y, y - y};
    }
    const T c = std::cos(y);
    const T s = std::sin(y);
    if (x > 50) {  // 1 is nothing beside exp(x)
        return from_polar<C>(std::exp(x), std::exp(x / 2), c, s);
    }
    const T half = std::sin(y / 2);
    return {std::expm1(x) * c - 2 * half * half, std::exp(x) * s};
}

/// log(1 + x + iy), where one is 1 + x. Within the ring where |1 + z| is neither small nor large,
/// its square less one, 2x + x^2 + y^2, is summed with the errors of its terms: near |1 + z| = 1
/// they nearly cancel.
template <class C, class T>
LAZYTENSOR_FN C complex_log_of(T one, T x, T y) {
    const T angle = std::atan2(y, one);
    const T size = std::hypot(one, y);
    if (is_infinite(size) && is_finite(one) && is_finite(y)) {
        constexpr T log_4 = static_cast<T>(1.38629436111989061883);
        return {std::log(std::hypot(one / 4, y / 4)) + log_4, angle};
    }
    if (!(size > T(0.5) && size < 3)) {
        return {std::log(size), angle};
    }
    const T xx = x * x;
    const T yy = y * y;
    const T rest = std::fma(x, x, -xx) + std::fma(y, y, -yy);
    const T high = 2 * x + xx;
    const T high_rest = std::fabs(x) > 2 ? 2 * x - (high - xx) : xx - (high - 2 * x);
    const T all = high + yy;
    const T part = all - high;
    const T all_rest = (high - (all - part)) + (yy - part);
    const T less_one = all + (all_rest + high_rest + rest);
    return {less_one == 0 && x == 0 ? x : std::log1p(less_one) / 2, angle};
}
template <class C, class T>
LAZYTENSOR_FN C complex_log1p(T x, T y) {
    return complex_log_of<C>(x + 1, x, y);
}
/// log(1 + exp(x + iy)), x <= 0. 1 + exp is written as a sum of two numbers of one sign, so that it
/// keeps its digits where the exponential is near -1.
template <class C, class T>
LAZYTENSOR_FN C complex_log1p_exp(T x, T y) {
    const T e = std::exp(x);
    const T half = std::cos(y / 2);
    return complex_log_of<C>(2 * e * half * half - std::expm1(x), e * std::cos(y), e * std::sin(y));
}

/// 1 / (1 + exp(-z)) = exp(z) / (1 + exp(z)), from the exponential that does not overflow. 1 + exp
/// is written as above, for the poles.
template <class C, class T>
LAZYTENSOR_FN C complex_sigmoid(T x, T y) {
    if (is_infinite(x) && !is_finite(y)) {
        return {x > 0 ? T(1) : T(0), T(0)};
    }
    const T size = std::fabs(x);
    const T e = std::exp(-size);
    const T half = std::cos(y / 2);
    const T below_one = -std::expm1(-size);
    const T re = below_one + 2 * e * half * half;  // of 1 + exp(-size + iy)
    const T im = e * std::sin(y);
    const T norm = re * re + im * im;
    return {(x < 0 ? e * (2 * half * half - below_one) : re) / norm, im / norm};
}

/// z / |z|, 0 of 0. Scaled where |z| leaves the range of its full precision.
template <class C, class T>
LAZYTENSOR_FN C complex_sign(T x, T y) {
    if (x == 0 && y == 0) {
        return {T(0), T(0)};
    }
    using limits = std::numeric_limits<T>;
    if (std::fabs(x) > limits::max() / 2 || std::fabs(y) > limits::max() / 2) {
        x /= 4;
        y /= 4;
    } else if (std::fabs(x) < limits::min() * 4 && std::fabs(y) < limits::min() * 4) {
        x /= limits::min();
        y /= limits::min();
    }
    const T size = std::hypot(x, y);
    return {x / size, y / size};
}

template <class T>
std::complex<T> exp2_value(const std::complex<T>& z) {
    return complex_exp2<std::complex<T>>(z.real(), z.imag());
}
template <class T>
std::complex<T> expm1_value(const std::complex<T>& z) {
    return complex_expm1<std::complex<T>>(z.real(), z.imag());
}
template <class T>
std::complex<T> log1p_value(const std::complex<T>& z) {
    return complex_log1p<std::complex<T>>(z.real(), z.imag());
}
template <class T>
std::complex<T> logistic(const std::complex<T>& z) {
    return complex_sigmoid<std::complex<T>>(z.real(), z.imag());
}
template <class T>
std::complex<T> direction(const std::complex<T>& z) {
    return complex_sign<std::complex<T>>(z.real(), z.imag());
}
template <class T>
std::complex<T> log2_value(const std::complex<T>& z) {
    return std::log(z) * T(1.44269504088896340736);
}
template <class T>
std::complex<T> inverse_sqrt(const std::complex<T>& z) {
    return T(1) / std::sqrt(z);
}

/// log(exp(a) + exp(b)): the number with the larger real part, and the rest; the angle is not
/// wrapped. Equal infinite real parts leave it open: of -inf it is that of b. Both as in PyTorch.
template <class Z>
LAZYTENSOR_FN Z complex_logaddexp(const Z& a, const Z& b) {
    using std::exp;
    using std::log;
    const auto x = real_part(a);
    const auto y = real_part(b);
    if (x == y && is_infinite(x)) {
        return x < 0 ? b : log(plus(exp(a), exp(b)));
    }
    const bool first = x > y || x != x;
    const Z less = first ? minus(b, a) : minus(a, b);
    return plus(first ? a : b, complex_log1p_exp<Z>(real_part(less), imaginary_part(less)));
}
template <class T>
std::complex<T> log_add_exp(const std::complex<T>& a, const std::complex<T>& b) {
    return complex_logaddexp(a, b);
}

}  // namespace lazy::ops

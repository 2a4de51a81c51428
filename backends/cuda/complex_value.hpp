// A complex number that device code can compute with: std::complex is for the host only.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <complex>
#include <type_traits>

#include <thrust/complex.h>

#include "formulas.hpp"
#include "system.hpp"

/// The operations find these functions by argument-dependent lookup, as they find those of a SIMD
/// pack. Functions are Thrust's, which follow C99 at the special values.
namespace lazy::cuda {
inline namespace LAZYTENSOR_THRUST_SYSTEM {

/// Two parts, in memory as in std::complex.
template <class T>
struct complex_value {
    T re;
    T im;

    LAZYTENSOR_FN friend bool operator==(const complex_value& a, const complex_value& b) {
        return a.re == b.re && a.im == b.im;
    }
    LAZYTENSOR_FN friend bool operator!=(const complex_value& a, const complex_value& b) {
        return a.re != b.re || a.im != b.im;
    }
};

template <class T>
LAZYTENSOR_FN thrust::complex<T> to_thrust(const complex_value<T>& x) {
    return {x.re, x.im};
}
template <class T>
LAZYTENSOR_FN complex_value<T> from_thrust(const thrust::complex<T>& x) {
    return {x.real(), x.imag()};
}

template <class T>
LAZYTENSOR_FN complex_value<T> plus(const complex_value<T>& a, const complex_value<T>& b) {
    return {a.re + b.re, a.im + b.im};
}
template <class T>
LAZYTENSOR_FN complex_value<T> minus(const complex_value<T>& a, const complex_value<T>& b) {
    return {a.re - b.re, a.im - b.im};
}
template <class T>
LAZYTENSOR_FN complex_value<T> times(const complex_value<T>& a, const complex_value<T>& b) {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
/// Smith's formula: the larger part of the divisor is divided out first, so that neither its square
/// overflows nor a small one vanishes. Dividing by zero divides each part by the real zero (C99).
template <class T>
LAZYTENSOR_FN complex_value<T> quotient(const complex_value<T>& a, const complex_value<T>& b) {
    if (b.re == 0 && b.im == 0) {
        return {a.re / b.re, a.im / b.re};
    }
    if (std::fabs(b.re) >= std::fabs(b.im)) {
        const T ratio = b.im / b.re;
        const T scale = b.re + b.im * ratio;
        return {(a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale};
    }
    const T ratio = b.re / b.im;
    const T scale = b.re * ratio + b.im;
    return {(a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale};
}
template <class T>
LAZYTENSOR_FN complex_value<T> negate(const complex_value<T>& a) {
    return {-a.re, -a.im};
}
template <class T>
LAZYTENSOR_FN complex_value<T> select(bool condition, const complex_value<T>& a,
                                      const complex_value<T>& b) {
    return condition ? a : b;
}
template <class T>
LAZYTENSOR_FN complex_value<T> constant(double value, const complex_value<T>&) {
    return {static_cast<T>(value), T(0)};
}
template <class T>
LAZYTENSOR_FN complex_value<T> power(const complex_value<T>& a, const complex_value<T>& b) {
    return from_thrust(thrust::pow(to_thrust(a), to_thrust(b)));
}
template <class T>
LAZYTENSOR_FN T magnitude(const complex_value<T>& a) {
    return std::hypot(a.re, a.im);
}
template <class T>
LAZYTENSOR_FN T argument(const complex_value<T>& a) {
    return std::atan2(a.im, a.re);
}
template <class T>
LAZYTENSOR_FN T real_part(const complex_value<T>& a) {
    return a.re;
}
template <class T>
LAZYTENSOR_FN T imaginary_part(const complex_value<T>& a) {
    return a.im;
}
template <class T>
LAZYTENSOR_FN complex_value<T> conjugate(const complex_value<T>& a) {
    return {a.re, -a.im};
}
template <class T>
LAZYTENSOR_FN complex_value<T> round_even(const complex_value<T>& a) {
    return {ops::round_even(a.re), ops::round_even(a.im)};
}
template <class T>
LAZYTENSOR_FN bool is_infinite(const complex_value<T>& a) {
    return ops::is_infinite(a.re) || ops::is_infinite(a.im);
}
template <class T>
LAZYTENSOR_FN bool is_finite(const complex_value<T>& a) {
    return ops::is_finite(a.re) && ops::is_finite(a.im);
}

#define LAZYTENSOR_COMPLEX(name)                                     \
    template <class T>                                               \
    LAZYTENSOR_FN complex_value<T> name(const complex_value<T>& x) { \
        return from_thrust(thrust::name(to_thrust(x)));              \
    }
LAZYTENSOR_COMPLEX(sqrt)
LAZYTENSOR_COMPLEX(exp)
LAZYTENSOR_COMPLEX(log)
LAZYTENSOR_COMPLEX(log10)
LAZYTENSOR_COMPLEX(sin)
LAZYTENSOR_COMPLEX(cos)
LAZYTENSOR_COMPLEX(tan)
LAZYTENSOR_COMPLEX(asin)
LAZYTENSOR_COMPLEX(acos)
LAZYTENSOR_COMPLEX(atan)
LAZYTENSOR_COMPLEX(sinh)
LAZYTENSOR_COMPLEX(cosh)
LAZYTENSOR_COMPLEX(tanh)
LAZYTENSOR_COMPLEX(asinh)
LAZYTENSOR_COMPLEX(acosh)
LAZYTENSOR_COMPLEX(atanh)
#undef LAZYTENSOR_COMPLEX

#define LAZYTENSOR_COMPLEX(name, formula)                            \
    template <class T>                                               \
    LAZYTENSOR_FN complex_value<T> name(const complex_value<T>& x) { \
        return ops::formula<complex_value<T>>(x.re, x.im);           \
    }
LAZYTENSOR_COMPLEX(exp2_value, complex_exp2)
LAZYTENSOR_COMPLEX(expm1_value, complex_expm1)
LAZYTENSOR_COMPLEX(log1p_value, complex_log1p)
LAZYTENSOR_COMPLEX(logistic, complex_sigmoid)
LAZYTENSOR_COMPLEX(direction, complex_sign)
#undef LAZYTENSOR_COMPLEX
template <class T>
LAZYTENSOR_FN complex_value<T> log2_value(const complex_value<T>& x) {
    const complex_value<T> natural = log(x);
    constexpr T scale = static_cast<T>(1.44269504088896340736);
    return {natural.re * scale, natural.im * scale};
}
template <class T>
LAZYTENSOR_FN complex_value<T> inverse_sqrt(const complex_value<T>& x) {
    return quotient(complex_value<T>{T(1), T(0)}, sqrt(x));
}
template <class T>
LAZYTENSOR_FN complex_value<T> log_add_exp(const complex_value<T>& a, const complex_value<T>& b) {
    return ops::complex_logaddexp(a, b);
}

}  // namespace LAZYTENSOR_THRUST_SYSTEM
}  // namespace lazy::cuda

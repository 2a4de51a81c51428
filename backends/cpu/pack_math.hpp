// Functions on packs: the accurate SIMD functions for floats, std's for complex numbers.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/ops/complex_math.hpp"
#include "pack_arithmetic.hpp"
#include "simd_math.hpp"

namespace lazy::cpu {

/// NAME(pack): simd::SIMD on registers, std::NAME on complex lanes.
#define LAZYTENSOR_PACK_FUNCTION(name, simd_name)                           \
    template <class T, std::size_t N>                                       \
    pack<T, N> name(const pack<T, N>& x) {                                  \
        if constexpr (has_batch<T>) {                                       \
            return each_part([](auto v) { return simd::simd_name(v); }, x); \
        } else {                                                            \
            return each_lane(                                               \
                [](const T& v) {                                            \
                    using std::name;                                        \
                    return name(v);                                         \
                },                                                          \
                x);                                                         \
        }                                                                   \
    }
/// NAME(pack): simd::SIMD on registers, ops::NAME on complex lanes.
#define LAZYTENSOR_PACK_OWN_FUNCTION(name, simd_name)                       \
    template <class T, std::size_t N>                                       \
    pack<T, N> name(const pack<T, N>& x) {                                  \
        if constexpr (has_batch<T>) {                                       \
            return each_part([](auto v) { return simd::simd_name(v); }, x); \
        } else {                                                            \
            return each_lane([](const T& v) { return ops::name(v); }, x);   \
        }                                                                   \
    }
/// NAME(pack) for real floats only.
#define LAZYTENSOR_PACK_REAL_FUNCTION(name, simd_name)                  \
    template <class T, std::size_t N>                                   \
    pack<T, N> name(const pack<T, N>& x) {                              \
        return each_part([](auto v) { return simd::simd_name(v); }, x); \
    }
#define LAZYTENSOR_PACK_REAL_FUNCTION_2(name, simd_name)                              \
    template <class T, std::size_t N>                                                 \
    pack<T, N> name(const pack<T, N>& x, const pack<T, N>& y) {                       \
        return each_part([](auto v, auto w) { return simd::simd_name(v, w); }, x, y); \
    }

LAZYTENSOR_PACK_FUNCTION(sqrt, sqrt)
LAZYTENSOR_PACK_FUNCTION(exp, exp)
LAZYTENSOR_PACK_FUNCTION(log, log)
LAZYTENSOR_PACK_FUNCTION(log10, log10)
LAZYTENSOR_PACK_FUNCTION(sin, sin)
LAZYTENSOR_PACK_FUNCTION(cos, cos)
LAZYTENSOR_PACK_FUNCTION(tan, tan)
LAZYTENSOR_PACK_FUNCTION(asin, asin)
LAZYTENSOR_PACK_FUNCTION(acos, acos)
LAZYTENSOR_PACK_FUNCTION(atan, atan)
LAZYTENSOR_PACK_FUNCTION(sinh, sinh)
LAZYTENSOR_PACK_FUNCTION(cosh, cosh)
LAZYTENSOR_PACK_FUNCTION(tanh, tanh)
LAZYTENSOR_PACK_FUNCTION(asinh, asinh)
LAZYTENSOR_PACK_FUNCTION(acosh, acosh)
LAZYTENSOR_PACK_FUNCTION(atanh, atanh)
LAZYTENSOR_PACK_OWN_FUNCTION(exp2_value, exp2)
LAZYTENSOR_PACK_OWN_FUNCTION(expm1_value, expm1)
LAZYTENSOR_PACK_OWN_FUNCTION(log2_value, log2)
LAZYTENSOR_PACK_OWN_FUNCTION(log1p_value, log1p)
LAZYTENSOR_PACK_REAL_FUNCTION(cbrt, cbrt)
LAZYTENSOR_PACK_OWN_FUNCTION(inverse_sqrt, rsqrt)
LAZYTENSOR_PACK_OWN_FUNCTION(logistic, sigmoid)
LAZYTENSOR_PACK_REAL_FUNCTION(floor, floor)
LAZYTENSOR_PACK_REAL_FUNCTION(ceil, ceil)
LAZYTENSOR_PACK_REAL_FUNCTION(trunc, trunc)
LAZYTENSOR_PACK_REAL_FUNCTION(erf, erf)
LAZYTENSOR_PACK_REAL_FUNCTION(erfc, erfc)
LAZYTENSOR_PACK_REAL_FUNCTION(tgamma, tgamma)
LAZYTENSOR_PACK_REAL_FUNCTION(log_gamma, lgamma)
LAZYTENSOR_PACK_REAL_FUNCTION_2(atan2, atan2)
LAZYTENSOR_PACK_REAL_FUNCTION_2(hypot, hypot)
LAZYTENSOR_PACK_REAL_FUNCTION_2(copysign, copysign)
LAZYTENSOR_PACK_REAL_FUNCTION_2(next_value, nextafter)
LAZYTENSOR_PACK_REAL_FUNCTION_2(fmod, fmod)
LAZYTENSOR_PACK_REAL_FUNCTION_2(remainder_value, remainder)

#undef LAZYTENSOR_PACK_FUNCTION
#undef LAZYTENSOR_PACK_OWN_FUNCTION
#undef LAZYTENSOR_PACK_REAL_FUNCTION
#undef LAZYTENSOR_PACK_REAL_FUNCTION_2

template <class T, std::size_t N>
pack<T, N> round_even(const pack<T, N>& x) {
    if constexpr (has_batch<T>) {
        return each_part([](auto v) { return simd::round(v); }, x);
    } else {
        return each_lane([](const T& v) { return ops::round_even(v); }, x);
    }
}
template <class T, std::size_t N>
pack<T, N> power(const pack<T, N>& a, const pack<T, N>& b) {
    if constexpr (std::is_floating_point_v<T>) {
        return each_part([](auto x, auto y) { return simd::pow(x, y); }, a, b);
    } else {
        return each_lane([](const T& x, const T& y) { return ops::power(x, y); }, a, b);
    }
}

template <class T, std::size_t N>
pack<T, N> log_add_exp(const pack<T, N>& a, const pack<T, N>& b) {
    if constexpr (has_batch<T>) {
        return each_part([](auto x, auto y) { return simd::logaddexp(x, y); }, a, b);
    } else {
        return each_lane([](const T& x, const T& y) { return ops::log_add_exp(x, y); }, a, b);
    }
}

/// Python's // for floats, lane by lane through the exact remainder.
template <class T, std::size_t N>
pack<T, N> floor_quotient(const pack<T, N>& a, const pack<T, N>& b) {
    return each_lane([](T x, T y) { return ops::floor_quotient(x, y); }, a, b);
}

/// Integer divisions; a zero divisor in any lane raises the flag.
#define LAZYTENSOR_PACK_DIVISION(name)                                                 \
    template <class T, std::size_t N, class Fault>                                     \
    pack<T, N> name(const pack<T, N>& a, const pack<T, N>& b, Fault& fault) {          \
        return each_lane([&fault](T x, T y) { return ops::name(x, y, fault); }, a, b); \
    }
LAZYTENSOR_PACK_DIVISION(floor_quotient)
LAZYTENSOR_PACK_DIVISION(truncated_remainder)
LAZYTENSOR_PACK_DIVISION(floored_remainder)
#undef LAZYTENSOR_PACK_DIVISION

template <class T, std::size_t N>
auto magnitude(const pack<T, N>& x) {
    if constexpr (std::is_floating_point_v<T>) {
        return each_part([](auto v) { return xsimd::abs(v); }, x);
    } else if constexpr (std::is_unsigned_v<T>) {
        return x;
    } else if constexpr (has_batch<T>) {
        return select(x < constant(0, x), negate(x), x);
    } else {
        return each_lane([](const T& v) { return ops::magnitude(v); }, x);
    }
}
/// -1, 0 or 1, NaN of NaN; of complex numbers z / |z|; truth values stay what they are.
template <class T, std::size_t N>
pack<T, N> direction(const pack<T, N>& x) {
    if constexpr (has_batch<T>) {
        const auto zero = constant(0, x);
        const auto one = constant(1, x);
        return select(x > zero, one, select(x < zero, negate(one), select(x == x, zero, x)));
    } else {
        return each_lane([](const T& v) { return ops::direction(v); }, x);
    }
}
template <std::size_t N>
mask<N> direction(const mask<N>& x) {
    return x;
}
template <class T, std::size_t N>
mask<N> is_infinite(const pack<T, N>& x) {
    if constexpr (std::is_floating_point_v<T>) {
        return magnitude(x) == pack<T, N>::broadcast(std::numeric_limits<T>::infinity());
    } else if constexpr (std::is_integral_v<T>) {
        return mask<N>::broadcast(false);
    } else {
        return each_lane([](const T& v) { return ops::is_infinite(v); }, x);
    }
}
template <class T, std::size_t N>
mask<N> is_finite(const pack<T, N>& x) {
    if constexpr (std::is_floating_point_v<T>) {
        return magnitude(x) < pack<T, N>::broadcast(std::numeric_limits<T>::infinity());
    } else if constexpr (std::is_integral_v<T>) {
        return mask<N>::broadcast(true);
    } else {
        return each_lane([](const T& v) { return ops::is_finite(v); }, x);
    }
}
template <class T, std::size_t N>
mask<N> sign_bit(const pack<T, N>& x) {
    if constexpr (std::is_floating_point_v<T>) {
        return copysign(constant(1, x), x) < constant(0, x);
    } else {
        return x < constant(0, x);
    }
}
template <class T, std::size_t N>
auto real_part(const pack<T, N>& x) {
    if constexpr (has_batch<T>) {
        return x;
    } else {
        return each_lane([](const T& v) { return v.real(); }, x);
    }
}
template <std::size_t N>
mask<N> real_part(const mask<N>& x) {
    return x;
}
template <class T, std::size_t N>
auto imaginary_part(const pack<T, N>& x) {
    return each_lane([](const T& v) { return v.imag(); }, x);
}
template <class T, std::size_t N>
pack<T, N> conjugate(const pack<T, N>& x) {
    if constexpr (has_batch<T>) {
        return x;
    } else {
        return each_lane([](const T& v) { return ops::conjugate(v); }, x);
    }
}
template <std::size_t N>
mask<N> conjugate(const mask<N>& x) {
    return x;
}
template <class T, std::size_t N>
auto argument(const pack<T, N>& x) {
    return each_lane([](const T& v) { return ops::argument(v); }, x);
}

}  // namespace lazy::cpu

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
/// True iff every lane is `value`.
template <class T, std::size_t N>
bool same_lanes(const pack<T, N>& a, T value) {
    const auto x = spill(a);
    T other = 0;
    for (std::size_t i = 0; i < N; ++i) {
        other |= static_cast<T>(x.value[i] ^ value);
    }
    return other == 0;
}
/// Squares, cubes and square roots are what most powers are: registers full of them need nothing
/// else. A lane has the same bits beside others.
template <class T, std::size_t N>
pack<T, N> power(const pack<T, N>& a, const pack<T, N>& b) {
    if constexpr (std::is_floating_point_v<T>) {
        return each_part(
            [](auto x, auto y) {
                using B = decltype(x);
                const auto rounded = [](B product) {
                    product.data = ops::rounded_product(product.data);
                    return product;
                };
                const auto two = y == B(T(2)), three = y == B(T(3)), half = y == B(T(0.5));
                const B square = rounded(x * x);
                if (xsimd::all(two)) {
                    return square;
                }
                const B cube = rounded(square * x);
                if (xsimd::all(three)) {
                    return cube;
                }
                // Unlike a root, the power of -0 is 0 and that of -inf is inf.
                const B root = xsimd::sqrt(
                    xsimd::select(x == B(-std::numeric_limits<T>::infinity()), -x, x + B(T(0))));
                if (xsimd::all(half)) {
                    return root;
                }
                return xsimd::select(
                    two, square,
                    xsimd::select(three, cube, xsimd::select(half, root, simd::pow(x, y))));
            },
            a, b);
    } else {
        if constexpr (std::is_integral_v<T>) {
            if (same_lanes(b, T(2))) {
                return times(a, a);
            }
        }
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

/// Python's // for floats, through the exact remainder: what ops::floor_quotient does.
template <class T, std::size_t N>
pack<T, N> floor_quotient(const pack<T, N>& a, const pack<T, N>& b) {
    return each_part([](auto x, auto y) { return simd::floor_quotient(x, y); }, a, b);
}

/// f(quotient, remainder, divisor) of integer divisions that round towards zero; 0, and a raised
/// flag, where the divisor is 0. Up to 32 bits are divided as doubles, which is exact and has
/// registers; integer division has none.
template <class F, class T, std::size_t N, class Fault>
[[gnu::noinline]] pack<T, N> each_division(F f, const pack<T, N>& a, const pack<T, N>& b,
                                           Fault& fault) {
    const auto x = spill(a), y = spill(b);
    const auto inverts = [](T d) { return std::is_signed_v<T> && d == static_cast<T>(-1); };
    lanes<T, N> r;
    // A loop each, and no branches: so the compiler makes registers of them.
    alignas(64) T divisor[N], quotient[N];
    T none = 0;
    for (std::size_t i = 0; i < N; ++i) {
        const T d = y.value[i];
        divisor[i] = d == 0 || inverts(d) ? T(1) : d;  // what divides by -1 may wrap
        none |= static_cast<T>(d == 0);
    }
    for (std::size_t i = 0; i < N; ++i) {
        if constexpr (sizeof(T) == 8) {
            quotient[i] = x.value[i] / divisor[i];
        } else {
            quotient[i] =
                static_cast<T>(static_cast<double>(x.value[i]) / static_cast<double>(divisor[i]));
        }
    }
    for (std::size_t i = 0; i < N; ++i) {
        const T n = x.value[i], d = y.value[i];
        const T q = inverts(d) ? ops::negate(n) : quotient[i];
        const T result = f(q, ops::minus(n, ops::times(q, d)), d);
        r.value[i] = d == 0 ? T(0) : result;
    }
    if (none != 0) {
        fault = true;
    }
    return gather(r);
}
/// The remainder with the sign of the dividend (C's %).
template <class T, std::size_t N, class Fault>
pack<T, N> truncated_remainder(const pack<T, N>& a, const pack<T, N>& b, Fault& fault) {
    return each_division([](T, T rest, T) { return rest; }, a, b, fault);
}
/// All bits set where division that rounds down goes below that towards zero, else none.
template <class T>
T falls_below(T rest, T divisor) {
    return static_cast<T>(-static_cast<T>((rest != 0) & ((rest ^ divisor) < 0)));
}
/// Division rounded down, and its remainder, which has the sign of the divisor (Python's // and %).
template <class T, std::size_t N, class Fault>
pack<T, N> floor_quotient(const pack<T, N>& a, const pack<T, N>& b, Fault& fault) {
    return each_division([](T q, T rest, T d) { return static_cast<T>(q + falls_below(rest, d)); },
                         a, b, fault);
}
template <class T, std::size_t N, class Fault>
pack<T, N> floored_remainder(const pack<T, N>& a, const pack<T, N>& b, Fault& fault) {
    return each_division(
        [](T, T rest, T d) { return static_cast<T>(rest + (d & falls_below(rest, d))); }, a, b,
        fault);
}

template <class T, std::size_t N>
auto magnitude(const pack<T, N>& x) {
    if constexpr (std::is_floating_point_v<T>) {
        return each_part([](auto v) { return xsimd::abs(v); }, x);
    } else if constexpr (std::is_unsigned_v<T>) {
        return x;
    } else if constexpr (has_batch<T>) {
        return select(x < constant(0, x), negate(x), x);
    } else if constexpr (std::is_same_v<T, std::complex<float>>) {
        return complex_magnitude(x);
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

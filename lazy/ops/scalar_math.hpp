// The scalar side of the formulas: functions the op bodies call that std does not offer as wanted.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <complex>
#include <limits>
#include <type_traits>

#include "../core/device_function.hpp"
#include "../core/dtype.hpp"

/// SIMD packs bring overloads of the same names, found by argument-dependent lookup.
namespace lazy::ops {

template <class T>
concept scalar_element = element<T>;

/// a + b; integers wrap, bool is "or".
template <scalar_element T>
LAZYTENSOR_FN constexpr T plus(T a, T b) {
    if constexpr (std::is_same_v<T, bool>) {
        return a || b;
    } else if constexpr (std::is_integral_v<T>) {
        using u = std::make_unsigned_t<T>;
        return static_cast<T>(static_cast<u>(static_cast<u>(a) + static_cast<u>(b)));
    } else {
        return T(a + b);
    }
}
template <scalar_element T>
LAZYTENSOR_FN constexpr T minus(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
        using u = std::make_unsigned_t<T>;
        return static_cast<T>(static_cast<u>(static_cast<u>(a) - static_cast<u>(b)));
    } else {
        return T(a - b);
    }
}
/// A product (a number or a register of them) that the compiler does not contract into a following
/// sum: fused or not, the bits stay. g++ 12 makes a vectorised a * c - b * d, a * d + b * c one
/// fused operation even with -ffp-contract=off, in some places and not in others.
template <class T>
T rounded_product(T product) {
#if defined(__GNUC__) && !defined(__clang__) && !defined(LAZYTENSOR_RELAXED_FP)
#if defined(__FMA__)
    asm("" : "+v"(product));
#elif defined(__aarch64__)
    asm("" : "+w"(product));
#endif
#endif
    return product;
}
/// The product when both parts come out as NaN, which they may be of infinities that have none.
template <class T>
[[gnu::noinline]] std::complex<T> product_of_infinities(const std::complex<T>& a,
                                                        const std::complex<T>& b) {
    return a * b;
}
template <class T>
std::complex<T> complex_product(const std::complex<T>& a, const std::complex<T>& b) {
    const T re = rounded_product(a.real() * b.real()) - rounded_product(a.imag() * b.imag());
    const T im = rounded_product(a.real() * b.imag()) + rounded_product(a.imag() * b.real());
    return re != re && im != im ? product_of_infinities(a, b) : std::complex<T>(re, im);
}
/// a * b; integers wrap (multiplied as 64-bit unsigned: no promotion to a signed type), bool is
/// "and".
template <scalar_element T>
LAZYTENSOR_FN constexpr T times(T a, T b) {
    if constexpr (std::is_same_v<T, bool>) {
        return a && b;
    } else if constexpr (std::is_integral_v<T>) {
        return static_cast<T>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
    } else if constexpr (is_complex_v<T>) {
        return complex_product(a, b);
    } else {
        return T(a * b);
    }
}
template <scalar_element T>
LAZYTENSOR_FN constexpr T quotient(T a, T b) {
    return T(a / b);
}
template <scalar_element T>
LAZYTENSOR_FN constexpr T negate(T a) {
    if constexpr (std::is_integral_v<T>) {
        return minus(T(0), a);
    } else {
        return T(-a);
    }
}

template <scalar_element T>
LAZYTENSOR_FN constexpr T select(bool condition, T a, T b) {
    return condition ? a : b;
}
/// `value` as an element (or a pack) of the same type as `like`.
template <scalar_element T>
LAZYTENSOR_FN constexpr T constant(double value, T) {
    return T(value);
}

/// Integer division rounding down (Python's //). b == 0 raises the fault flag and gives 0.
template <scalar_element T, class Fault>
LAZYTENSOR_FN constexpr T floor_quotient(T a, T b, Fault& fault) {
    if (b == 0) {
        fault = true;
        return T(0);
    }
    if constexpr (std::is_signed_v<T>) {
        if (b == -1) {
            return negate(a);
        }
        const T q = static_cast<T>(a / b);
        return static_cast<T>(a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q);
    } else {
        return static_cast<T>(a / b);
    }
}
/// The remainder with the sign of the dividend (C's %). b == 0 raises the fault flag.
template <scalar_element T, class Fault>
LAZYTENSOR_FN constexpr T truncated_remainder(T a, T b, Fault& fault) {
    if (b == 0) {
        fault = true;
        return T(0);
    }
    if constexpr (std::is_signed_v<T>) {
        if (b == -1) {
            return T(0);
        }
    }
    return static_cast<T>(a % b);
}
/// The remainder with the sign of the divisor (Python's %). b == 0 raises the fault flag.
template <scalar_element T, class Fault>
LAZYTENSOR_FN constexpr T floored_remainder(T a, T b, Fault& fault) {
    const T r = truncated_remainder(a, b, fault);
    if constexpr (std::is_signed_v<T>) {
        return static_cast<T>(r != 0 && (r < 0) != (b < 0) ? r + b : r);
    } else {
        return r;
    }
}
/// base to an integer power by squaring, wrapping; a negative exponent gives 0 unless base is +-1.
template <scalar_element T>
LAZYTENSOR_FN constexpr T integer_power(T base, T exponent) {
    if constexpr (std::is_signed_v<T>) {
        if (exponent < 0) {
            return base == 1 ? T(1) : base == -1 ? (exponent % 2 == 0 ? T(1) : T(-1)) : T(0);
        }
    }
    T out = 1;
    while (exponent != 0) {
        if ((exponent & 1) != 0) {
            out = times(out, base);
        }
        base = times(base, base);
        exponent = static_cast<T>(exponent >> 1);
    }
    return out;
}
template <scalar_element T>
LAZYTENSOR_FN T power(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
        return integer_power(a, b);
    } else if constexpr (is_complex_v<T>) {
        return b == T(0) ? T(1) : T(std::pow(a, b));  // std's has a logarithm of 0 in 0 ** 0
    } else {
        return std::pow(a, b);
    }
}
/// -1, 0 or 1; bool and NaN stay themselves.
template <scalar_element T>
requires(!is_complex_v<T>) LAZYTENSOR_FN constexpr T direction(T x) {
    if constexpr (std::is_same_v<T, bool>) {
        return x;
    } else {
        return x > T(0) ? T(1) : x < T(0) ? T(-1) : x == x ? T(0) : x;
    }
}
/// The smaller, the larger; NaN if either is NaN.
template <scalar_element T>
LAZYTENSOR_FN constexpr T smaller(T a, T b) {
    return a < b || a != a ? a : b;
}
template <scalar_element T>
LAZYTENSOR_FN constexpr T larger(T a, T b) {
    return a > b || a != a ? a : b;
}
/// x < 0; false of every unsigned value without asking.
template <scalar_element T>
LAZYTENSOR_FN constexpr bool is_negative(T x) {
    if constexpr (std::is_signed_v<T>) {
        return x < 0;
    } else {
        return false;
    }
}
/// Shifts by a negative or too large count give what an infinitely wide register would.
template <scalar_element T>
LAZYTENSOR_FN constexpr T shift_left(T a, T count) {
    constexpr int bits = 8 * static_cast<int>(sizeof(T));
    return is_negative(count) || count >= bits
               ? T(0)
               : static_cast<T>(static_cast<std::uint64_t>(a) << static_cast<unsigned>(count));
}
template <scalar_element T>
LAZYTENSOR_FN constexpr T shift_right(T a, T count) {
    constexpr int bits = 8 * static_cast<int>(sizeof(T));
    return is_negative(count) || count >= bits ? (is_negative(a) ? T(-1) : T(0))
                                               : static_cast<T>(a >> static_cast<unsigned>(count));
}
template <scalar_element T>
LAZYTENSOR_FN constexpr T bit_not(T a) {
    if constexpr (std::is_same_v<T, bool>) {
        return !a;
    } else {
        return static_cast<T>(~a);
    }
}
template <scalar_element T>
LAZYTENSOR_FN constexpr T bit_and(T a, T b) {
    return static_cast<T>(a & b);
}
template <scalar_element T>
LAZYTENSOR_FN constexpr T bit_or(T a, T b) {
    return static_cast<T>(a | b);
}
template <scalar_element T>
LAZYTENSOR_FN constexpr T bit_xor(T a, T b) {
    return static_cast<T>(a ^ b);
}

/// Python's % for floats: fmod, then into the sign of the divisor, zeros too.
template <scalar_element T>
requires std::is_floating_point_v<T> LAZYTENSOR_FN T remainder_value(T a, T b) {
    const T r = std::fmod(a, b);
    return std::copysign(r != 0 && (r < 0) != (b < 0) ? r + b : r, b);
}
/// floor(a / b) as Python's // computes it for floats: from the exact remainder.
template <scalar_element T>
requires std::is_floating_point_v<T> LAZYTENSOR_FN T floor_quotient(T a, T b) {
    if (b == 0) {
        return a / b;
    }
    const T r = std::fmod(a, b);
    T q = (a - r) / b;
    if (r != 0 && (b < 0) != (r < 0)) {
        q -= 1;
    }
    if (q == 0) {
        return std::copysign(T(0), a / b);
    }
    const T down = std::floor(q);
    return q - down > T(0.5) ? down + 1 : down;
}
template <scalar_element T>
requires std::is_floating_point_v<T> LAZYTENSOR_FN T round_even(T x) { return std::nearbyint(x); }
template <class T>
LAZYTENSOR_FN std::complex<T> round_even(const std::complex<T>& x) {
    return {std::nearbyint(x.real()), std::nearbyint(x.imag())};
}
template <scalar_element T>
requires std::is_floating_point_v<T> LAZYTENSOR_FN T inverse_sqrt(T x) {
    return T(1) / std::sqrt(x);
}
/// The next representable value after a towards b.
template <scalar_element T>
LAZYTENSOR_FN T next_value(T a, T b) {
    if constexpr (is_half_v<T>) {
        const float x = a;
        const float y = b;
        if (x != x || y != y) {
            return T(x + y);
        }
        T next = x == y ? b : a;
        if (x == 0 && x != y) {
            next.bits = static_cast<std::uint16_t>(y < 0 ? 0x8001 : 1);
        } else if (x != y) {
            next.bits = static_cast<std::uint16_t>(a.bits + ((x < y) == (x > 0) ? 1 : -1));
        }
        return next;
    } else {
        return std::nextafter(a, b);
    }
}
template <scalar_element T>
requires std::is_floating_point_v<T> LAZYTENSOR_FN T logistic(T x) {
    return T(1) / (T(1) + std::exp(-x));
}
template <scalar_element T>
requires std::is_floating_point_v<T> LAZYTENSOR_FN T exp2_value(T x) { return std::exp2(x); }
template <scalar_element T>
requires std::is_floating_point_v<T> LAZYTENSOR_FN T expm1_value(T x) { return std::expm1(x); }
template <scalar_element T>
requires std::is_floating_point_v<T> LAZYTENSOR_FN T log2_value(T x) { return std::log2(x); }
template <scalar_element T>
requires std::is_floating_point_v<T> LAZYTENSOR_FN T log1p_value(T x) { return std::log1p(x); }
template <scalar_element T>
requires std::is_floating_point_v<T> LAZYTENSOR_FN T log_add_exp(T a, T b) {
    const T high = a > b ? a : b;
    return a == b ? a + T(0.69314718055994530942) : high + std::log1p(std::exp(-std::fabs(a - b)));
}
/// log of the absolute value of gamma, without the sign that std::lgamma writes to a global.
template <scalar_element T>
requires std::is_floating_point_v<T> LAZYTENSOR_FN T log_gamma(T x) { return std::lgamma(x); }
template <scalar_element T>
requires(!is_complex_v<T>) LAZYTENSOR_FN constexpr T magnitude(T x) {
    if constexpr (std::is_unsigned_v<T>) {
        return x;
    } else if constexpr (std::is_integral_v<T>) {
        return x < 0 ? negate(x) : x;
    } else {
        return std::fabs(x);
    }
}
/// Squares of float32 neither overflow nor lose a digit in float64.
template <class T>
LAZYTENSOR_FN T magnitude(const std::complex<T>& x) {
    if constexpr (std::is_same_v<T, float>) {
        const double re = x.real();
        const double im = x.imag();
        const double size = std::sqrt(re * re + im * im);
        const bool infinite = std::isinf(re) || std::isinf(im);
        return infinite ? std::numeric_limits<float>::infinity() : static_cast<float>(size);
    } else {
        return std::hypot(x.real(), x.imag());
    }
}
template <scalar_element T>
LAZYTENSOR_FN bool sign_bit(T x) {
    if constexpr (std::is_floating_point_v<T>) {
        return std::signbit(x);
    } else {
        return is_negative(x);
    }
}

template <scalar_element T>
LAZYTENSOR_FN constexpr bool is_infinite(T x) {
    if constexpr (is_complex_v<T>) {
        return is_infinite(x.real()) || is_infinite(x.imag());
    } else if constexpr (std::is_floating_point_v<T>) {
        return x == std::numeric_limits<T>::infinity() || x == -std::numeric_limits<T>::infinity();
    } else {
        return false;
    }
}
template <scalar_element T>
LAZYTENSOR_FN constexpr bool is_finite(T x) {
    if constexpr (is_complex_v<T>) {
        return is_finite(x.real()) && is_finite(x.imag());
    } else {
        return x == x && !is_infinite(x);
    }
}
template <scalar_element T>
LAZYTENSOR_FN constexpr auto real_part(T x) {
    if constexpr (is_complex_v<T>) {
        return x.real();
    } else {
        return x;
    }
}
template <class T>
LAZYTENSOR_FN constexpr T imaginary_part(const std::complex<T>& x) {
    return x.imag();
}
template <scalar_element T>
LAZYTENSOR_FN constexpr T conjugate(T x) {
    if constexpr (is_complex_v<T>) {
        return T(x.real(), -x.imag());
    } else {
        return x;
    }
}
template <scalar_element T>
LAZYTENSOR_FN auto argument(T x) {
    if constexpr (is_complex_v<T>) {
        return std::atan2(x.imag(), x.real());
    } else {
        return x < 0 ? T(3.14159265358979323846) : x != x ? x : T(0);
    }
}
/// True of bool and of packs of truth values (which specialise it).
template <class V>
inline constexpr bool is_truth_value = std::is_same_v<V, bool>;
/// True for element types whose values are integers (SIMD packs specialise it).
template <class V>
inline constexpr bool is_integral_value = std::is_integral_v<V>;

}  // namespace lazy::ops

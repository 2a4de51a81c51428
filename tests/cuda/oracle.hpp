// What every operation should give for one element, computed in wider types with std::.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "../../lazy/ops/list.hpp"

/// One overload per operation and kind of operand, found by its op struct; an operation of the list
/// without an oracle does not compile. Floats come as `real`, integers as `whole`, complex numbers
/// as `compound`, truth values as bool.
namespace oracle {

using real = long double;
__extension__ typedef __int128 whole;
using compound = std::complex<long double>;
namespace ops = lazy::ops;

#define ORACLE_1(op, type, expression) \
    inline auto expect(ops::op, [[maybe_unused]] type x) { return expression; }
#define ORACLE_2(op, type, expression) \
    inline auto expect(ops::op, type a, type b) { return expression; }
// Of real and complex numbers by the same function; of real ones only.
#define ORACLE_BOTH(op)            \
    ORACLE_1(op, real, std::op(x)) \
    ORACLE_1(op, compound, std::op(x))
#define ORACLE_REAL(op) ORACLE_1(op, real, std::op(x))
#define ORACLE_NUMBERS_1(op, expression) \
    ORACLE_1(op, real, expression)       \
    ORACLE_1(op, whole, expression)
#define ORACLE_NUMBERS_2(op, expression) \
    ORACLE_2(op, real, expression)       \
    ORACLE_2(op, whole, expression)

ORACLE_BOTH(sqrt)
ORACLE_BOTH(exp)
ORACLE_BOTH(log)
ORACLE_BOTH(log10)
ORACLE_BOTH(sin)
ORACLE_BOTH(cos)
ORACLE_BOTH(tan)
ORACLE_BOTH(asin)
ORACLE_BOTH(acos)
ORACLE_BOTH(atan)
ORACLE_BOTH(sinh)
ORACLE_BOTH(cosh)
ORACLE_BOTH(tanh)
ORACLE_BOTH(asinh)
ORACLE_BOTH(acosh)
ORACLE_BOTH(atanh)
ORACLE_REAL(exp2)
ORACLE_REAL(expm1)
ORACLE_REAL(log2)
ORACLE_REAL(log1p)
ORACLE_REAL(cbrt)
ORACLE_REAL(erf)
ORACLE_REAL(erfc)
ORACLE_REAL(tgamma)
ORACLE_REAL(lgamma)
ORACLE_REAL(signbit)
ORACLE_1(rsqrt, real, 1 / std::sqrt(x))
ORACLE_1(sigmoid, real, 1 / (1 + std::exp(-x)))
ORACLE_1(floor, real, std::floor(x))
ORACLE_1(floor, whole, x)
ORACLE_1(ceil, real, std::ceil(x))
ORACLE_1(ceil, whole, x)
ORACLE_1(trunc, real, std::trunc(x))
ORACLE_1(trunc, whole, x)
ORACLE_1(round, real, std::rint(x))
ORACLE_1(round, whole, x)
ORACLE_1(round, compound, compound(std::rint(x.real()), std::rint(x.imag())))
ORACLE_1(signbit, whole, x < 0)
ORACLE_1(reciprocal, real, 1 / x)
ORACLE_1(reciprocal, compound, real(1) / x)
ORACLE_1(relu, real, x < 0 ? 0 : x)
ORACLE_1(relu, whole, x < 0 ? 0 : x)
ORACLE_1(sign, real, x > 0 ? 1 : x < 0 ? -1 : x)
ORACLE_1(sign, whole, whole((x > 0) - (x < 0)))
ORACLE_1(sign, bool, x)
ORACLE_1(sgn, real, x > 0 ? 1 : x < 0 ? -1 : x)
ORACLE_1(sgn, whole, whole((x > 0) - (x < 0)))
ORACLE_1(sgn, bool, x)
ORACLE_1(sgn, compound, x == compound(0) ? compound(0) : x / std::abs(x))
ORACLE_1(exp2, compound, std::exp(x* std::log(real(2))))
ORACLE_1(log2, compound, std::log(x) / std::log(real(2)))
ORACLE_1(rsqrt, compound, real(1) / std::sqrt(x))
ORACLE_1(sigmoid, compound, real(1) / (real(1) + std::exp(-x)))
ORACLE_1(log1p, compound, std::log(real(1) + x))
ORACLE_1(expm1, compound, std::exp(x) - real(1))
// Its angle is the larger operand's and what the other one adds, not wrapped to [-pi, pi].
ORACLE_2(logaddexp, compound,
         a.real() > b.real() ? a + std::log(real(1) + std::exp(b - a))
                             : b + std::log(real(1) + std::exp(a - b)))
ORACLE_NUMBERS_1(neg, -x)
ORACLE_1(neg, compound, -x)
ORACLE_NUMBERS_1(positive, x)
ORACLE_1(positive, compound, x)
ORACLE_1(abs, real, std::fabs(x))
ORACLE_1(abs, whole, x < 0 ? -x : x)
ORACLE_1(abs, compound, std::abs(x))
ORACLE_NUMBERS_1(square, x* x)
ORACLE_1(square, compound, x* x)
ORACLE_1(isnan, real, std::isnan(x))
ORACLE_1(isnan, whole, false)
ORACLE_1(isnan, compound, std::isnan(x.real()) || std::isnan(x.imag()))
ORACLE_1(isinf, real, std::isinf(x))
ORACLE_1(isinf, whole, false)
ORACLE_1(isinf, compound, std::isinf(x.real()) || std::isinf(x.imag()))
ORACLE_1(isfinite, real, std::isfinite(x))
ORACLE_1(isfinite, whole, true)
ORACLE_1(isfinite, compound, std::isfinite(x.real()) && std::isfinite(x.imag()))
ORACLE_NUMBERS_1(real, x)
ORACLE_1(real, compound, x.real())
ORACLE_1(imag, compound, x.imag())
ORACLE_NUMBERS_1(conj, x)
ORACLE_1(conj, compound, std::conj(x))
ORACLE_1(real, bool, x)
ORACLE_1(conj, bool, x)
ORACLE_1(angle, real, std::isnan(x) ? x : x < 0 ? std::acos(real(-1)) : 0)
ORACLE_1(angle, compound, std::arg(x))
ORACLE_1(logical_not, bool, !x)
ORACLE_1(bitwise_not, bool, !x)
ORACLE_1(bitwise_not, whole, -x - 1)

ORACLE_NUMBERS_2(add, a + b)
ORACLE_2(add, compound, a + b)
ORACLE_2(add, bool, a || b)
ORACLE_NUMBERS_2(sub, a - b)
ORACLE_2(sub, compound, a - b)
ORACLE_2(mul, real, a* b)
// The product of two uint64 wraps here already, by the same power of two.
ORACLE_2(mul, whole,
         static_cast<whole>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b)))
ORACLE_2(mul, compound, a* b)
ORACLE_2(mul, bool, a&& b)
ORACLE_2(div, real, a / b)
ORACLE_2(div, compound, a / b)
ORACLE_2(atan2, real, std::atan2(a, b))
ORACLE_2(hypot, real, std::hypot(a, b))
ORACLE_2(copysign, real, std::copysign(a, b))
ORACLE_2(fmod, real, std::fmod(a, b))
ORACLE_2(fmod, whole, a % b)
ORACLE_2(pow, real, std::pow(a, b))
ORACLE_2(pow, compound, std::pow(a, b))
ORACLE_2(fmin, real, std::fmin(a, b))
ORACLE_2(fmin, whole, a < b ? a : b)
ORACLE_2(fmax, real, std::fmax(a, b))
ORACLE_2(fmax, whole, a < b ? b : a)
ORACLE_2(fmin, bool, a&& b)
ORACLE_2(fmax, bool, a || b)
ORACLE_2(minimum, real, std::isnan(a) || std::isnan(b) ? real(NAN) : a < b ? a : b)
ORACLE_2(minimum, whole, a < b ? a : b)
ORACLE_2(minimum, bool, a&& b)
ORACLE_2(maximum, real, std::isnan(a) || std::isnan(b) ? real(NAN) : a < b ? b : a)
ORACLE_2(maximum, whole, a < b ? b : a)
ORACLE_2(maximum, bool, a || b)
ORACLE_NUMBERS_2(eq, a == b)
ORACLE_2(eq, compound, a == b)
ORACLE_NUMBERS_2(ne, a != b)
ORACLE_2(ne, compound, a != b)
ORACLE_NUMBERS_2(lt, a < b)
ORACLE_NUMBERS_2(le, a <= b)
ORACLE_NUMBERS_2(gt, a > b)
ORACLE_NUMBERS_2(ge, a >= b)
ORACLE_2(logical_and, bool, a&& b)
ORACLE_2(logical_or, bool, a || b)
ORACLE_2(logical_xor, bool, a != b)
ORACLE_2(bitwise_and, bool, a&& b)
ORACLE_2(bitwise_and, whole, a& b)
ORACLE_2(bitwise_or, bool, a || b)
ORACLE_2(bitwise_or, whole, a | b)
ORACLE_2(bitwise_xor, bool, a != b)
ORACLE_2(bitwise_xor, whole, a ^ b)
#undef ORACLE_1
#undef ORACLE_2
#undef ORACLE_BOTH
#undef ORACLE_REAL
#undef ORACLE_NUMBERS_1
#undef ORACLE_NUMBERS_2

/// Python's % and //: of the exact quotient rounded down.
inline real expect(ops::remainder, real a, real b) {
    const real r = std::fmod(a, b);
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}
inline whole expect(ops::remainder, whole a, whole b) { return ((a % b) + b) % b; }
inline real expect(ops::floor_divide, real a, real b) {
    if (b == 0) {
        return a / b;
    }
    if (std::isinf(a) || std::isnan(a)) {
        return NAN;
    }
    if (std::isinf(b)) {
        return a != 0 && (a < 0) != (b < 0) ? -1 : 0;
    }
    return std::floor(a / b);
}
inline whole expect(ops::floor_divide, whole a, whole b) { return (a - ((a % b) + b) % b) / b; }
inline real expect(ops::logaddexp, real a, real b) {
    if (std::isnan(a) || std::isnan(b)) {
        return NAN;
    }
    return a == b ? a + std::log(real(2))
                  : std::fmax(a, b) + std::log1p(std::exp(-std::fabs(a - b)));
}
inline whole expect(ops::bitwise_left_shift, whole a, whole b) {
    return b < 0 || b >= 64
               ? 0
               : static_cast<whole>(static_cast<std::uint64_t>(a) << static_cast<int>(b));
}
inline whole expect(ops::bitwise_right_shift, whole a, whole b) {
    return b < 0 || b > 64 ? (a < 0 ? -1 : 0) : a >> static_cast<int>(b);
}
/// Of the element type itself: the neighbour is another number in a wider one.
template <class T>
T expect(ops::nextafter, T a, T b) {
    return std::nextafter(a, b);
}
/// The low 64 bits of a multiplied b times.
inline whole expect(ops::pow, whole a, whole b) {
    if (b < 0) {
        return a == 1 ? 1 : a == -1 ? (b % 2 == 0 ? 1 : -1) : 0;
    }
    const auto base = static_cast<std::uint64_t>(a);
    std::uint64_t out = 1;
    for (int bit = 64; bit >= 0; --bit) {
        out *= out;
        if ((b >> bit) % 2 != 0) {
            out *= base;
        }
    }
    return static_cast<whole>(out);
}

}  // namespace oracle

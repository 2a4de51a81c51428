// The one list of elementwise operations; everything generated per operation comes from here.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "arithmetic.hpp"
#include "compare.hpp"
#include "exponential.hpp"
#include "reduce.hpp"
#include "special.hpp"
#include "trigonometry.hpp"

// clang-format off
/// Calls X(name) for every operation of one operand.
#define LAZYTENSOR_UNARY_OPS(X)                                                                 \
    X(neg) X(positive) X(abs) X(sign) X(sgn) X(square) X(reciprocal) X(relu) X(sqrt) X(rsqrt)   \
    X(cbrt) X(exp) X(exp2) X(expm1) X(log) X(log2) X(log10) X(log1p) X(sigmoid) X(sin) X(cos)   \
    X(tan) X(asin) X(acos) X(atan) X(sinh) X(cosh) X(tanh) X(asinh) X(acosh) X(atanh) X(floor)  \
    X(ceil) X(trunc) X(round) X(erf) X(erfc) X(tgamma) X(lgamma) X(isnan) X(isinf) X(isfinite)  \
    X(signbit) X(real) X(imag) X(conj) X(angle) X(logical_not) X(bitwise_not)

/// Calls X(name) for every operation of two operands.
#define LAZYTENSOR_BINARY_OPS(X)                                                                \
    X(add) X(sub) X(mul) X(div) X(floor_divide) X(remainder) X(fmod) X(pow) X(minimum)          \
    X(maximum) X(fmin) X(fmax) X(eq) X(ne) X(lt) X(le) X(gt) X(ge) X(logical_and)               \
    X(logical_or) X(logical_xor) X(bitwise_and) X(bitwise_or) X(bitwise_xor)                    \
    X(bitwise_left_shift) X(bitwise_right_shift) X(logaddexp) X(atan2) X(hypot) X(copysign)     \
    X(nextafter)

/// Calls X(name) for every primitive reduction.
#define LAZYTENSOR_REDUCE_OPS(X)                                                                \
    X(sum) X(spread) X(prod) X(amax) X(amin) X(any) X(all) X(argmax) X(argmin)
// clang-format on

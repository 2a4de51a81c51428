// Accurate elementary and special functions on xsimd batches of float and double.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

// In namespace lazy::cpu::simd, each `batch<T, A> name(batch<T, A>)` or of two batches. Zeros,
// infinities and NaN as in C99's annex F, denormal arguments and results included. A lane's value
// depends on that lane alone, and not on what the compiler contracts. Largest errors measured over
// random bit patterns and the usual range, in ULP (float, double):
//
//   exp, exp2        1.1  1.1       sin, cos    0.8  0.8      erf            1.3  0.9
//   expm1            1.0  1.1       tan         1.1  0.6      erfc, erfinv   0.5  0.7
//   log              0.9  0.8       asin        0.7  0.9      lgamma         0.5  0.5
//   log2, log10      1.0  1.6       acos        0.7  1.3      tgamma, i0     0.5  0.5
//   log1p            0.9  0.8       atan        1.7  1.7      digamma        0.5  1.1
//   cbrt             0.6  0.7       atan2       1.7  1.8      sinc           0.5  0.5
//   pow              0.9  0.6       sinh, cosh  1.0  1.6      logaddexp      0.5  1.5
//   rsqrt            1.5  1.5       tanh        1.1  1.8      sigmoid        1.9  1.9
//   hypot            0.5  1.1       asinh       0.5  1.7      acosh, atanh   0.5  2.0
//
// sqrt and all of rounding.hpp but remainder are exact (correctly rounded). Where digamma and
// logaddexp pass through zero, only their absolute error is small.
#include "math/error_function.hpp"
#include "math/exponential.hpp"
#include "math/hyperbolic.hpp"
#include "math/inverse_trigonometry.hpp"
#include "math/logarithm.hpp"
#include "math/power.hpp"
#include "math/rounding.hpp"
#include "math/special.hpp"
#include "math/trigonometry.hpp"

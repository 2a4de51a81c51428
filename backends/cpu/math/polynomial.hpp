// Polynomials by Horner's rule in fused multiply-adds.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../xsimd.hpp"

#include "fused.hpp"

namespace lazy::cpu::simd::kernel {

/// highest * x^n + ... + lower_n: coefficients from the highest power down.
template <class B, class... Coefficient>
inline B polynomial(B x, double highest, Coefficient... lower) {
    using T = typename B::value_type;
    B sum(static_cast<T>(highest));  // not braces: xsimd 8 would read its lanes from a list of one
    ((sum = kernel::fma(sum, x, B(static_cast<T>(lower)))), ...);
    return sum;
}

}  // namespace lazy::cpu::simd::kernel

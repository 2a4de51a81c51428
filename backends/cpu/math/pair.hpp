// Sums and products with what their rounding loses, for results better than the type's own.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bits.hpp"
#include "fused.hpp"

namespace lazy::cpu::simd::kernel {

/// The number high + low; low is at most about half a unit in the last place of high.
template <class B>
struct pair {
    B high, low;
};

/// x + y exactly, for |x| >= |y| or x = 0 (Dekker 1971).
template <class B>
inline pair<B> exact_sum(B x, B y) {
    const B sum = x + y;
    return {sum, y - (sum - x)};
}

/// x y exactly unless it comes near the denormals. Without fused multiply-add from upper and lower
/// halves, whose products are exact (Dekker 1971).
template <class A>
inline pair<xsimd::batch<float, A>> exact_product(xsimd::batch<float, A> x,
                                                  xsimd::batch<float, A> y) {
    using B = xsimd::batch<float, A>;
    const B product = x * y;
    if constexpr (is_fused) {
        return {product, kernel::fms(x, y, product)};
    } else {
        const xsimd::batch<std::uint32_t, A> upper(0xfffff000u);
        const B a = from_bits<float, A>(to_bits(x) & upper),
                b = from_bits<float, A>(to_bits(y) & upper);
        const B c = x - a, d = y - b;
        return {product, ((a * b - product) + (a * d + c * b)) + c * d};
    }
}

/// z - x y for x y near z, where the difference would be lost to the rounding of x y.
template <class A>
inline xsimd::batch<float, A> exact_rest(xsimd::batch<float, A> z, xsimd::batch<float, A> x,
                                         xsimd::batch<float, A> y) {
    if constexpr (is_fused) {
        return kernel::fnma(x, y, z);
    } else {
        const auto product = exact_product(x, y);
        return (z - product.high) - product.low;
    }
}

}  // namespace lazy::cpu::simd::kernel

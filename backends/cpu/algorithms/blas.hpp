// The BLAS behind matrix products, where the program is compiled and linked with one.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <climits>

#include "product_tile.hpp"

#if LAZYTENSOR_CBLAS
#include <cblas.h>
#endif

/// LAZYTENSOR_CBLAS = 1 is set by the CMake target where it finds a CBLAS. It must be the same in
/// all translation units of a program, as the instruction set must.
namespace lazy::cpu {

/// Computes the product by BLAS and returns true, or returns false where there is none for T, or
/// sizes do not fit its int. Needs m, n, k >= 1. (Products with a vector do not come here: BLAS
/// libraries sum those in an order that depends on the number of threads.)
template <class T>
bool blas_product(const matrix_product<T>& p) {
#if LAZYTENSOR_CBLAS
    if constexpr (is_complex_v<T> || std::is_floating_point_v<T>) {
        const bool a_transposed = p.a_column != 1;
        const bool b_transposed = p.b_column != 1;
        const std::int64_t a_step = a_transposed ? p.a_column : p.a_row;
        // The step of a single row is of no account, but BLAS refuses one below the row's length.
        const std::int64_t b_step = b_transposed ? p.b_column : std::max(p.b_row, p.n);
        if (p.m > INT_MAX || p.n > INT_MAX || p.k > INT_MAX) {
            return false;
        }
        const auto call = [&](auto function, auto one, auto zero) {
            function(CblasRowMajor, a_transposed ? CblasTrans : CblasNoTrans,
                     b_transposed ? CblasTrans : CblasNoTrans, static_cast<int>(p.m),
                     static_cast<int>(p.n), static_cast<int>(p.k), one, p.a,
                     static_cast<int>(a_step), p.b, static_cast<int>(b_step), zero, p.out,
                     static_cast<int>(p.n));
        };
        const T one(1);
        const T zero(0);
        if constexpr (std::is_same_v<T, float>) {
            call(cblas_sgemm, one, zero);
        } else if constexpr (std::is_same_v<T, double>) {
            call(cblas_dgemm, one, zero);
        } else if constexpr (std::is_same_v<T, std::complex<float>>) {
            call(cblas_cgemm, &one, &zero);
        } else {
            call(cblas_zgemm, &one, &zero);
        }
        return true;
    }
#endif
    (void)p;
    return false;
}

}  // namespace lazy::cpu

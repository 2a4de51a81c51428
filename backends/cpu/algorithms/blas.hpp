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

/// True iff products of T go to BLAS.
template <class T>
inline constexpr bool has_blas =
#if LAZYTENSOR_CBLAS
    is_complex_v<T> || std::is_floating_point_v<T>;
#else
    false;
#endif

/// While it lives, the BLAS computes each call on the calling thread. Our own threads each take
/// tiles of a fixed size instead: the order in which OpenBLAS sums depends on how many threads it
/// uses, and it knows nothing of set_num_threads. Restores the number of threads.
class sequential_blas {
public:
#if LAZYTENSOR_CBLAS && defined(OPENBLAS_VERSION)
    sequential_blas() : threads_(openblas_get_num_threads()) { openblas_set_num_threads(1); }
    ~sequential_blas() { openblas_set_num_threads(threads_); }

private:
    int threads_;

public:
#else
    sequential_blas() = default;
#endif
    sequential_blas(const sequential_blas&) = delete;
    sequential_blas& operator=(const sequential_blas&) = delete;
};

/// Whether BLAS, whose sizes and steps are ints, can compute p. Needs m, n >= 2 and k >= 1.
template <class T>
bool fits_blas(const matrix_product<T>& p) {
    return has_blas<T> && p.m <= INT_MAX && p.n <= INT_MAX && p.k <= INT_MAX;
}

/// The tile of p whose first element is (row, column), of at most product_tile's size, by BLAS.
template <class T>
void blas_tile([[maybe_unused]] const matrix_product<T>& p, [[maybe_unused]] std::int64_t row,
               [[maybe_unused]] std::int64_t column) {
#if LAZYTENSOR_CBLAS
    if constexpr (has_blas<T>) {
        using tile = product_tile<T>;
        const bool a_transposed = p.a_column != 1;
        const bool b_transposed = p.b_column != 1;
        const std::int64_t a_step = a_transposed ? p.a_column : p.a_row;
        // The step of a single row is of no account, but BLAS refuses one below the row's length.
        const std::int64_t b_step = b_transposed ? p.b_column : std::max(p.b_row, p.n);
        const auto call = [&](auto function, auto one, auto zero) {
            function(CblasRowMajor, a_transposed ? CblasTrans : CblasNoTrans,
                     b_transposed ? CblasTrans : CblasNoTrans,
                     static_cast<int>(std::min(tile::tile_rows, p.m - row)),
                     static_cast<int>(std::min(tile::tile_columns, p.n - column)),
                     static_cast<int>(p.k), one, p.a + row * p.a_row, static_cast<int>(a_step),
                     p.b + column * p.b_column, static_cast<int>(b_step), zero,
                     p.out + row * p.n + column, static_cast<int>(p.n));
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
    }
#endif
}

}  // namespace lazy::cpu

// The BLAS behind matrix products, where the program is compiled and linked with one.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <climits>

#include "product_tile.hpp"

/// LAZYTENSOR_CBLAS = 1 is set by the CMake target where it finds a CBLAS. It must be the same in
/// all translation units of a program, as the instruction set must.
namespace lazy::cpu {

#if LAZYTENSOR_CBLAS
/// The C interface of BLAS, declared here under names of our own: OpenBLAS's <cblas.h> puts a type
/// `bfloat16` (and more) into the global namespace, which would make `bfloat16` ambiguous after
/// `using namespace lazy`. Sizes are ints: not for an ILP64 library.
namespace blas {
inline constexpr int row_major = 101;
inline constexpr int as_is = 111;
inline constexpr int transposed = 112;
template <class Factor, class Part>
using product = void(int order, int transpose_a, int transpose_b, int m, int n, int k, Factor one,
                     const Part* a, int a_step, const Part* b, int b_step, Factor zero, Part* out,
                     int out_step);
extern "C" {
product<float, float> lazytensor_sgemm __asm__("cblas_sgemm");
product<double, double> lazytensor_dgemm __asm__("cblas_dgemm");
product<const void*, void> lazytensor_cgemm __asm__("cblas_cgemm");
product<const void*, void> lazytensor_zgemm __asm__("cblas_zgemm");
/// Null where the library is not OpenBLAS.
__attribute__((weak)) int lazytensor_blas_threads() __asm__("openblas_get_num_threads");
__attribute__((weak)) void lazytensor_set_blas_threads(int) __asm__("openblas_set_num_threads");
}
}  // namespace blas
#endif

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
    sequential_blas(const sequential_blas&) = delete;
    sequential_blas& operator=(const sequential_blas&) = delete;
#if LAZYTENSOR_CBLAS
    sequential_blas() {
        if (blas::lazytensor_blas_threads != nullptr &&
            blas::lazytensor_set_blas_threads != nullptr) {
            threads_ = blas::lazytensor_blas_threads();
            blas::lazytensor_set_blas_threads(1);
        }
    }
    ~sequential_blas() {
        if (threads_ != 0) {
            blas::lazytensor_set_blas_threads(threads_);
        }
    }

private:
    int threads_ = 0;
#else
    sequential_blas() = default;
#endif
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
        const auto call = [&](auto* function, auto one, auto zero) {
            function(blas::row_major, a_transposed ? blas::transposed : blas::as_is,
                     b_transposed ? blas::transposed : blas::as_is,
                     static_cast<int>(std::min(tile::tile_rows, p.m - row)),
                     static_cast<int>(std::min(tile::tile_columns, p.n - column)),
                     static_cast<int>(p.k), one, p.a + row * p.a_row, static_cast<int>(a_step),
                     p.b + column * p.b_column, static_cast<int>(b_step), zero,
                     p.out + row * p.n + column, static_cast<int>(p.n));
        };
        const T one(1);
        const T zero(0);
        if constexpr (std::is_same_v<T, float>) {
            call(blas::lazytensor_sgemm, one, zero);
        } else if constexpr (std::is_same_v<T, double>) {
            call(blas::lazytensor_dgemm, one, zero);
        } else if constexpr (std::is_same_v<T, std::complex<float>>) {
            call(blas::lazytensor_cgemm, &one, &zero);
        } else {
            call(blas::lazytensor_zgemm, &one, &zero);
        }
    }
#endif
}

}  // namespace lazy::cpu

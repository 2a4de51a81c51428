// Matrix products of tensors of any rank, as torch.matmul has them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "../parallel.hpp"
#include "blas.hpp"
#include "element_type.hpp"
#include "extent.hpp"
#include "product_vector.hpp"

namespace lazy::cpu {

/// Whether the last two dimensions of an operand are to be read exchanged. No meaning for a vector.
struct matmul_params {
    bool transpose_a;
    bool transpose_b;
};

/// What a matrix product is in numbers: one product per batch, operands repeated by broadcasting.
class matmul_space {
public:
    std::int64_t m, n, k;
    std::int64_t a_row, a_column, b_row, b_column;
    std::int64_t batches;

    matmul_space(const array_ref& out, const array_ref& a, const array_ref& b,
                 const matmul_params& p)
        : out_(out), a_(a), b_(b) {
        if (a.ndim == 0 || b.ndim == 0) {
            fail<shape_error>("matmul", {"both arguments to matmul need to be at least 1D"});
        }
        const std::size_t kept = (a.ndim > 1 ? 1U : 0U) + (b.ndim > 1 ? 1U : 0U);
        batch_dims_ = out.ndim < kept ? 0 : out.ndim - kept;
        const std::int64_t* as = a.sizes + a.ndim;
        const std::int64_t* bs = b.sizes + b.ndim;
        m = a.ndim == 1 ? 1 : p.transpose_a ? as[-1] : as[-2];
        k = a.ndim > 1 && p.transpose_a ? as[-2] : as[-1];
        n = b.ndim == 1 ? 1 : p.transpose_b ? bs[-2] : bs[-1];
        const std::int64_t b_k = b.ndim > 1 && !p.transpose_b ? bs[-2] : bs[-1];
        const bool exchange_a = a.ndim > 1 && p.transpose_a;
        const bool exchange_b = b.ndim == 1 || p.transpose_b;
        a_row = exchange_a ? 1 : as[-1];
        a_column = exchange_a ? as[-1] : 1;
        b_row = exchange_b ? 1 : bs[-1];
        b_column = exchange_b ? bs[-1] : 1;
        if (k != b_k || !fits(a) || !fits(b) || !ends_in_results(kept)) {
            fail<shape_error>("matmul", {"shapes cannot be multiplied: ", text(a), " and ", text(b),
                                         " to ", text(out)});
        }
        batches = product(out.sizes, batch_dims_);
        if (n != 0 && product(b.sizes, batch_dims_of(b)) == 1 && !exchange_a &&
            product(a.sizes, batch_dims_of(a)) == batches) {
            // One matrix on the right for all: the products are rows of a single one.
            m *= batches;
            batches = 1;
        }
    }

    /// Offset, in elements, of the operand's matrix in batch number `batch`.
    std::int64_t offset_a(std::int64_t batch) const { return offset(a_, batch); }
    std::int64_t offset_b(std::int64_t batch) const { return offset(b_, batch); }

private:
    static std::size_t batch_dims_of(const array_ref& x) { return x.ndim > 2 ? x.ndim - 2 : 0; }
    static std::string text(const array_ref& x) {
        return to_string(shape(x.sizes, x.sizes + x.ndim));
    }
    bool fits(const array_ref& x) const {
        const std::size_t dims = batch_dims_of(x);
        for (std::size_t d = 0; d < dims && dims <= batch_dims_; ++d) {
            const std::int64_t size = x.sizes[dims - 1 - d];
            if (size != 1 && size != out_.sizes[batch_dims_ - 1 - d]) {
                return false;
            }
        }
        return dims <= batch_dims_;
    }
    bool ends_in_results(std::size_t kept) const {
        const std::int64_t* end = out_.sizes + out_.ndim;
        return out_.ndim == batch_dims_ + kept && (b_.ndim == 1 || end[-1] == n) &&
               (a_.ndim == 1 || end[b_.ndim == 1 ? -1 : -2] == m);
    }
    std::int64_t offset(const array_ref& x, std::int64_t batch) const {
        std::int64_t at = 0;
        std::int64_t step = x.ndim < 2 ? 0 : x.sizes[x.ndim - 1] * x.sizes[x.ndim - 2];
        const std::size_t dims = batch_dims_of(x);
        for (std::size_t d = 0; d < dims; ++d) {
            const std::int64_t size = x.sizes[dims - 1 - d];
            const std::int64_t whole = out_.sizes[batch_dims_ - 1 - d];
            at += size == 1 ? 0 : batch % whole * step;
            batch /= whole;
            step *= size;
        }
        return at;
    }

    const array_ref& out_;
    const array_ref& a_;
    const array_ref& b_;
    std::size_t batch_dims_;
};

template <class T>
void multiply_vectors(T* out, const T* a, const T* b, const matmul_space& s) {
    using blocks = vector_product_block<T>;
    using A = accumulator_t<T>;
    const auto product_of = [&](std::int64_t batch) {
        const T* left = a + s.offset_a(batch);
        const T* right = b + s.offset_b(batch);
        T* to = out + batch * s.m * s.n;
        return s.n == 1 ? vector_product<T>{to, left, right, s.m, s.k, s.a_row, s.a_column}
                        : vector_product<T>{to, right, left, s.n, s.k, s.b_column, s.b_row};
    };
    const std::int64_t length = s.m * s.n;
    const std::int64_t per_batch = (length + blocks::block - 1) / blocks::block;
    const std::int64_t pieces = (s.k + blocks::piece - 1) / blocks::piece;
    const std::int64_t jobs = s.batches * per_batch * pieces;
    const double work = static_cast<double>(s.batches * length) * static_cast<double>(s.k);
    const int threads = threads_for(jobs, work / 4);
    // Sums of single pieces; a sum of one piece goes to its place at once.
    std::vector<A> partial(static_cast<std::size_t>(pieces > 1 ? s.batches * length * pieces : 0));
    parallel(threads, [&](int t) {
        const auto [first_job, last_job] = share(jobs, 1, t, threads);
        for (std::int64_t job = first_job; job < last_job; ++job) {
            const std::int64_t piece = job % pieces;
            const std::int64_t batch = job / pieces / per_batch;
            const std::int64_t first = job / pieces % per_batch * blocks::block;
            const vector_product<T> p = product_of(batch);
            if (pieces > 1) {
                blocks::compute(p, first, piece,
                                partial.data() + (batch * pieces + piece) * length + first);
                continue;
            }
            A sums[blocks::block];
            blocks::compute(p, first, piece, sums);
            for (std::int64_t i = first; i < std::min(length, first + blocks::block); ++i) {
                p.out[i] = convert<T>(sums[i - first]);
            }
        }
    });
    for (std::int64_t i = 0; pieces > 1 && i < s.batches * length; ++i) {
        A* sums = partial.data() + i / length * pieces * length + i % length;
        out[i] = convert<T>(blocks::fold(sums, pieces, length));
    }
}

template <class T>
void multiply_matrices(T* out, const T* a, const T* b, const matmul_space& s) {
    const auto product_of = [&](std::int64_t batch) {
        return matrix_product<T>{out + batch * s.m * s.n,
                                 a + s.offset_a(batch),
                                 b + s.offset_b(batch),
                                 s.m,
                                 s.n,
                                 s.k,
                                 s.a_row,
                                 s.a_column,
                                 s.b_row,
                                 s.b_column};
    };
    using tile = product_tile<T>;
    const std::int64_t across = (s.n + tile::tile_columns - 1) / tile::tile_columns;
    const std::int64_t per_batch = (s.m + tile::tile_rows - 1) / tile::tile_rows * across;
    const std::int64_t jobs = s.batches * per_batch;
    const double work = static_cast<double>(s.batches * s.m * s.n) * static_cast<double>(s.k);
    const int threads = threads_for(jobs, work / 8);
    const bool by_blas = fits_blas(product_of(0));
    [[maybe_unused]] const sequential_blas one_thread_each;
    std::vector<tile> memory;
    for (int t = 0; t < threads && !by_blas; ++t) {
        memory.emplace_back(s.m, s.n, s.k);
    }
    parallel(threads, [&](int t) {
        const auto [first, last] = share(jobs, 1, t, threads);
        for (std::int64_t job = first; job < last; ++job) {
            const matrix_product<T> p = product_of(job / per_batch);
            const std::int64_t row = job % per_batch / across * tile::tile_rows;
            const std::int64_t column = job % per_batch % across * tile::tile_columns;
            if (by_blas) {
                blas_tile(p, row, column);
            } else {
                memory[static_cast<std::size_t>(t)].compute(p, row, column);
            }
        }
    });
}

template <class T>
void run_matmul(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    const matmul_space s(out, in[0], in[1], *static_cast<const matmul_params*>(params));
    if (in[0].type != in[1].type || in[0].type != out.type) {
        fail<dtype_error>("matmul", {"expected m1 and m2 to have the same dtype, "
                                     "but got: ",
                                     in[0].type.name(), " != ", in[1].type.name()});
    }
    const std::int64_t results = numel(out);
    if (results == 0) {
        return;
    }
    dispatch_wrapping<T>(out.type, [&]<class U>(type_tag<U>) {
        if constexpr (std::is_same_v<U, bool>) {
            fail<dtype_error>("matmul", {"not implemented for 'Bool'"});
        } else {
            auto* to = static_cast<U*>(out.data);
            const auto* a = static_cast<const U*>(in[0].data);
            const auto* b = static_cast<const U*>(in[1].data);
            if (s.k == 0) {
                std::fill_n(to, results, U());
            } else if (s.m == 1 || s.n == 1) {
                multiply_vectors(to, a, b, s);
            } else {
                multiply_matrices(to, a, b, s);
            }
        }
    });
}

/// torch.matmul: the product over the last dimension of input 0 and the last but one of input 1
/// (its only one where it is a vector), all other leading dimensions broadcast; two vectors give
/// their dot product (0-d). Both inputs and the output have the same dtype, not bool. Integers
/// wrap; 16-bit floats are summed in float32; complex numbers are not conjugated; a sum of nothing
/// is 0. Parameters: matmul_params. Throws shape_error where the shapes do not fit together.
template <class T = void>
inline constexpr graph::opaque_kernel matmul_kernel{"matmul", 64, run_matmul<T>, nullptr};

}  // namespace lazy::cpu

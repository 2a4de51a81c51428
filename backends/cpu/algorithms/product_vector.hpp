// Matrix times vector, and the dot product: bound by memory, so nothing is packed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <utility>

#include "product_lanes.hpp"

namespace lazy::cpu {

/// out[i] = sum over j of matrix[i * row + j * column] * vector[j], for i < length, j < k. Either
/// steps of 1 along the rows of the matrix (column == 1), or down its columns (row == 1).
template <class T>
struct vector_product {
    T* out;
    const T* matrix;
    const T* vector;
    std::int64_t length, k;
    std::int64_t row, column;

    bool along_rows() const { return column == 1 || k == 1; }
};

/// Computes blocks of results over pieces of the sums. Sums are cut at multiples of `piece` and the
/// pieces combined as a fixed tree, so that threads may share one long sum.
template <class T>
class vector_product_block {
public:
    using A = accumulator_t<T>;
    using lanes_t = product_lanes<A>;
    static constexpr std::int64_t piece = 4096;
    static constexpr std::size_t registers = 8;
    static constexpr auto width = static_cast<std::int64_t>(lanes_t::width);
    /// Results per block.
    static constexpr std::int64_t block = static_cast<std::int64_t>(registers) * width;

    /// sums[i] for the results from `first` on (at most `block`), over piece number `which`.
    static void compute(const vector_product<T>& p, std::int64_t first, std::int64_t which,
                        A* sums) {
        const std::int64_t from = which * piece;
        const std::int64_t n = std::min(piece, p.k - from);
        const std::int64_t results = std::min(block, p.length - first);
        if (p.along_rows()) {
            for (std::int64_t i = 0; i < results; ++i) {
                sums[i] = dot(p.matrix + (first + i) * p.row + from, p.vector + from, n);
            }
        } else {
            columns(p.matrix + from * p.column + first, p.column, p.vector + from, n, results,
                    sums);
        }
    }

    /// sums[0] = all `count` sums, `step` apart, combined pairwise.
    static A fold(A* sums, std::int64_t count, std::int64_t step) {
        for (std::int64_t gap = 1; gap < count; gap *= 2) {
            for (std::int64_t i = 0; i + gap < count; i += 2 * gap) {
                sums[i * step] = sums[i * step] + sums[(i + gap) * step];
            }
        }
        return sums[0];
    }

private:
    /// The last elements of a row, followed by zeros.
    static lanes_t load_last(const T* p, std::int64_t count) {
        T padded[lanes_t::width] = {};
        std::copy_n(p, count, padded);
        return lanes_t::load_elements(padded);
    }

    static A dot(const T* a, const T* b, std::int64_t n) {
        lanes_t sum[4] = {lanes_t::zero(), lanes_t::zero(), lanes_t::zero(), lanes_t::zero()};
        std::int64_t j = 0;
        const auto step = [&](lanes_t& s, std::int64_t at) {
            s = lanes_t::add_product(s, lanes_t::load_elements(a + at),
                                     lanes_t::load_elements(b + at));
        };
        for (; j + 4 * width <= n; j += 4 * width) {
            step(sum[0], j);
            step(sum[1], j + width);
            step(sum[2], j + 2 * width);
            step(sum[3], j + 3 * width);
        }
        for (; j + width <= n; j += width) {
            step(sum[0], j);
        }
        if (j < n) {
            sum[1] = lanes_t::add_product(sum[1], load_last(a + j, n - j), load_last(b + j, n - j));
        }
        A lane[lanes_t::width];
        ((sum[0] + sum[1]) + (sum[2] + sum[3])).store_elements(lane);
        return fold(lane, width, 1);
    }

    /// Runs of `run` products are summed from zero and then added, which keeps long sums accurate.
    static constexpr std::int64_t run = 256;

    static void columns(const T* matrix, std::int64_t step, const T* vector, std::int64_t n,
                        std::int64_t results, A* sums) {
        A all[static_cast<std::size_t>(block)] = {};
        for (std::int64_t from = 0; from < n; from += run) {
            const std::int64_t count = std::min(run, n - from);
            const T* rows = matrix + from * step;
            if (results == block) {
                add_columns(std::make_index_sequence<registers>{}, rows, step, vector + from, count,
                            all);
            } else {
                add_last_columns(rows, step, vector + from, count, results, all);
            }
        }
        std::copy_n(all, results, sums);
    }

    template <std::size_t... R>
    static void add_columns(std::index_sequence<R...>, const T* matrix, std::int64_t step,
                            const T* vector, std::int64_t n, A* all) {
        constexpr std::size_t w = lanes_t::width;
        lanes_t sum[] = {((void)R, lanes_t::zero())...};
        for (std::int64_t j = 0; j < n; ++j, matrix += step) {
            const lanes_t x = lanes_t::repeat(convert<A>(vector[j]));
            ((sum[R] = lanes_t::add_product(sum[R], lanes_t::load_elements(matrix + R * w), x)),
             ...);
        }
        ((lanes_t::load_elements(all + R * w) + sum[R]).store_elements(all + R * w), ...);
    }

    /// The same formula where fewer columns are left than a block has.
    static void add_last_columns(const T* matrix, std::int64_t step, const T* vector,
                                 std::int64_t n, std::int64_t results, A* all) {
        for (std::int64_t i = 0; i < results; i += width) {
            lanes_t sum = lanes_t::zero();
            for (std::int64_t j = 0; j < n; ++j) {
                sum = lanes_t::add_product(
                    sum, load_last(matrix + j * step + i, std::min(width, results - i)),
                    lanes_t::repeat(convert<A>(vector[j])));
            }
            (lanes_t::load_elements(all + i) + sum).store_elements(all + i);
        }
    }
};

}  // namespace lazy::cpu

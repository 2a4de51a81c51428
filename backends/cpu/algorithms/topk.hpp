// The k largest or smallest elements along a dimension, without sorting the others.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "element_size.hpp"
#include "sort.hpp"

namespace lazy::cpu {

struct topk_params {
    std::int64_t k;
    std::int64_t dim;
    bool largest;
    bool sorted;
};

/// Keeps the k smallest of n keys (k <= n) and their positions, in order of position; of equal
/// keys the first ones stay. The k-th smallest is found digit by digit, from the highest.
template <class Key>
void select_smallest(sort_memory<Key>& memory, std::int64_t n, std::int64_t k) {
    if (k == 0) {
        return;
    }
    Key* keys = memory.keys();
    std::int64_t* positions = memory.positions();
    Key prefix = 0;
    Key known = 0;
    std::int64_t rank = k;  // among the keys that share the prefix
    for (unsigned shift = 8 * sizeof(Key); shift > 0;) {
        shift -= 8;
        std::int64_t count[radix_buckets] = {};
        for (std::int64_t j = 0; j < n; ++j) {
            if ((keys[j] & known) == prefix) {
                ++count[static_cast<std::uint8_t>(keys[j] >> shift)];
            }
        }
        std::int64_t bucket = 0;
        while (rank > count[bucket]) {
            rank -= count[bucket++];
        }
        prefix = static_cast<Key>(prefix | static_cast<Key>(static_cast<Key>(bucket) << shift));
        known = static_cast<Key>(known | static_cast<Key>(Key(radix_buckets - 1) << shift));
    }
    std::int64_t kept = 0;
    for (std::int64_t j = 0; kept < k; ++j) {
        if (keys[j] < prefix || (keys[j] == prefix && rank-- > 0)) {
            keys[kept] = keys[j];
            positions[kept++] = positions[j];
        }
    }
}

/// Calls store(row, positions) with the k chosen positions of every row.
template <class T, class F>
void each_topk(const array_ref& in, const topk_params& p, F&& store) {
    const extent e = around(in, p.dim, "topk");
    if (p.k < 0 || p.k > e.length) {
        fail<index_error>(
            "topk", {"selected index k out of range: k = ", p.k, ", dimension of size ", e.length});
    }
    dispatch_key<T>(in.type, [&]<class Key>(type_tag<Key>) {
        each_row_of_keys<T, Key>(in, e, p.largest, true,
                                 [&](std::int64_t row, sort_memory<Key>& memory) {
                                     select_smallest(memory, e.length, p.k);
                                     if (p.sorted) {
                                         memory.sort(p.k);
                                     }
                                     store(e, row, memory.positions());
                                 });
    });
}

/// Linear index of the first element of row `row` in a result with k elements per row.
inline std::int64_t topk_start(const extent& e, std::int64_t row, std::int64_t k) {
    return row / e.inner * k * e.inner + row % e.inner;
}

template <class T>
void run_topk_values(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    const auto& p = *static_cast<const topk_params*>(params);
    const std::size_t size = in[0].type.itemsize();
    const auto step = static_cast<std::int64_t>(size);
    each_topk<T>(in[0], p, [&](const extent& e, std::int64_t row, const std::int64_t* positions) {
        std::byte* to = writable_bytes(out) + topk_start(e, row, p.k) * step;
        const std::byte* from = bytes(in[0]) + e.start(row) * step;
        for (std::int64_t j = 0; j < p.k; ++j) {
            std::memcpy(to + j * e.inner * step, from + positions[j] * e.inner * step, size);
        }
    });
}

template <class T>
void run_topk_indices(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    const auto& p = *static_cast<const topk_params*>(params);
    each_topk<T>(in[0], p, [&](const extent& e, std::int64_t row, const std::int64_t* positions) {
        auto* to = static_cast<std::int64_t*>(out.data) + topk_start(e, row, p.k);
        for (std::int64_t j = 0; j < p.k; ++j) {
            to[j * e.inner] = positions[j];
        }
    });
}

/// The k largest (or smallest) elements along `dim`, which has size k in the result; NaN counts as
/// the largest value. In order of value, the first of equal ones first; in order of position where
/// not `sorted`. Throws index_error unless 0 <= k <= size. Input: the tensor. Parameters:
/// topk_params.
template <class T = void>
inline constexpr graph::opaque_kernel topk_values_kernel{"topk", 16, run_topk_values<T>, nullptr};
/// The int64 positions of what topk_values_kernel gives.
template <class T = void>
inline constexpr graph::opaque_kernel topk_indices_kernel{"topk", 16, run_topk_indices<T>, nullptr};

}  // namespace lazy::cpu

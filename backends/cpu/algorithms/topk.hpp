// The k largest or smallest elements along a dimension, without sorting the others.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "sort.hpp"

namespace lazy::cpu {

struct topk_params {
    std::int64_t k;
    std::int64_t dim;
    bool largest;
};

/// Up to so many keys are kept in a list that is always in order,
inline constexpr std::int64_t longest_list = 64;
/// where the row is so much longer that few get into it, or so short that digits do not pay.
inline bool is_listed(std::int64_t n, std::int64_t k) {
    return k <= longest_list && (k * k <= n || n <= 2 * longest_list);
}

/// Keeps the k smallest of n keys (k <= n, k <= longest_list) and their positions, in order of
/// value; of equal keys the first ones stay. Keys that do not get into the list are passed by in
/// blocks, each by one look of a register or two.
template <class Key>
void list_smallest(sort_memory<Key>& memory, std::int64_t n, std::int64_t k) {
    constexpr std::int64_t block = 16;
    if (k == 0) {
        return;
    }
    const Key* keys = memory.keys();
    Key best[longest_list];
    std::int64_t place[longest_list];
    std::int64_t kept = 0;
    const auto insert = [&](std::int64_t j) {
        const Key key = keys[j];
        std::int64_t at = kept < k ? kept++ : k - 1;
        for (; at > 0 && best[at - 1] > key; --at) {
            best[at] = best[at - 1];
            place[at] = place[at - 1];
        }
        best[at] = key;
        place[at] = j;
    };
    std::int64_t j = 0;
    for (; j < k; ++j) {
        insert(j);
    }
    for (; j < n; j += block) {
        const std::int64_t end = std::min(n, j + block);
        if (end - j == block) {
            Key below = 0;
            for (std::int64_t i = 0; i < block; ++i) {
                below = static_cast<Key>(below | static_cast<Key>(keys[j + i] < best[k - 1]));
            }
            if (below == 0) {
                continue;
            }
        }
        for (std::int64_t i = j; i < end; ++i) {
            if (keys[i] < best[k - 1]) {
                insert(i);
            }
        }
    }
    std::copy_n(best, k, memory.keys());
    std::copy_n(place, k, memory.positions());
}

/// Keeps the k smallest of n keys (k <= n) and their positions, in order of position; of equal
/// keys the first ones stay. The k-th smallest is found digit by digit, from the highest.
template <class Key>
void select_smallest(sort_memory<Key>& memory, std::int64_t n, std::int64_t k) {
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
            positions[kept++] = j;
        }
    }
}

/// The positions of the k chosen elements of every row.
template <class T>
void run_topk(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    const auto& p = *static_cast<const topk_params*>(params);
    const extent e = around(in[0], p.dim, "topk");
    if (p.k < 0 || p.k > e.length) {
        fail<index_error>(
            "topk", {"selected index k out of range: k = ", p.k, ", dimension of size ", e.length});
    }
    dispatch_key<T>(in[0].type, [&]<class Key>(type_tag<Key>) {
        each_row_of_keys<T, Key>(in[0], e, p.largest, true, false,
                                 [&](std::int64_t row, sort_memory<Key>& memory) {
                                     if (is_listed(e.length, p.k)) {
                                         list_smallest(memory, e.length, p.k);
                                     } else {
                                         select_smallest(memory, e.length, p.k);
                                         memory.sort(p.k);
                                     }
                                     auto* to = static_cast<std::int64_t*>(out.data) +
                                                row / e.inner * p.k * e.inner + row % e.inner;
                                     const std::int64_t* positions = memory.positions();
                                     for (std::int64_t j = 0; j < p.k; ++j) {
                                         to[j * e.inner] = positions[j];
                                     }
                                 });
    });
}

/// The int64 positions of the k largest (or smallest) elements along `dim`, which has size k in the
/// result; NaN counts as the largest value. In order of value, the first of equal ones first.
/// Throws index_error unless 0 <= k <= size. Input: the tensor. Parameters: topk_params.
template <class T = void>
inline constexpr graph::opaque_kernel topk_kernel{"topk", 16, run_topk<T>, nullptr};

}  // namespace lazy::cpu

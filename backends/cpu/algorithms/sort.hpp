// Sorting along a dimension: sorted values, and the positions they came from.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "extent.hpp"
#include "radix_sort.hpp"
#include "sort_key.hpp"

namespace lazy::cpu {

struct sort_params {
    std::int64_t dim;
    bool descending;
};

/// Calls f(row, memory) for every row, with the row's keys loaded into `memory`, which has room for
/// positions and has them numbered where wanted.
template <class T, class Key, class F>
void each_row_of_keys(const array_ref& in, const extent& e, bool descending, bool with_positions,
                      bool numbered, F&& f) {
    if (e.length == 0) {
        return;
    }
    const sort_plan plan(e.rows(), e.length);
    sort_memories<Key> memories(plan, e.length, with_positions);
    const auto itemsize = static_cast<std::int64_t>(in.type.itemsize());
    parallel(plan.row_threads, [&](int t) {
        const auto [first, last] = share(e.rows(), 1, t, plan.row_threads);
        for (std::int64_t row = first; row < last; ++row) {
            sort_memory<Key>& memory = memories[t];
            load_keys_as<T>(in.type, memory.keys(), bytes(in) + e.start(row) * itemsize, e.inner,
                            e.length, descending);
            if (numbered) {
                memory.number_positions(e.length);
            }
            f(row, memory);
        }
    });
}

/// Puts the elements of a row whose key is `key` back in their order among the sorted ones: keys
/// do not tell 0.0 from -0.0, nor one NaN from another.
template <class T>
void restore_equal(T* out, const T* in, std::int64_t stride, std::int64_t n, const key_t<T>* sorted,
                   key_t<T> key, bool descending) {
    const key_t<T> wanted = descending ? static_cast<key_t<T>>(~key) : key;
    const auto [first, last] = std::equal_range(sorted, sorted + n, wanted);
    std::int64_t at = first - sorted;
    const std::int64_t end = last - sorted;
    for (std::int64_t j = 0; at < end; ++j) {
        if (sort_key(in[j * stride]) == key) {
            out[at++ * stride] = in[j * stride];
        }
    }
}

template <class T>
void store_sorted(T* out, const T* in, std::int64_t stride, std::int64_t n,
                  sort_memory<key_t<T>>& memory, bool descending) {
    if constexpr (is_complex_v<T>) {
        const std::int64_t* positions = memory.positions();
        for (std::int64_t j = 0; j < n; ++j) {
            out[j * stride] = in[positions[j] * stride];
        }
    } else {
        const key_t<T> flip = descending ? all_bits<key_t<T>> : key_t<T>(0);
        const key_t<T>* keys = memory.keys();
        for (std::int64_t j = 0; j < n; ++j) {
            out[j * stride] = from_key<T>(static_cast<key_t<T>>(keys[j] ^ flip));
        }
        if constexpr (is_floating_v<T>) {
            restore_equal(out, in, stride, n, keys, sort_key(T(0.0f)), descending);
            restore_equal(out, in, stride, n, keys, all_bits<key_t<T>>, descending);
        }
    }
}

template <class T>
void run_sort(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    const auto& p = *static_cast<const sort_params*>(params);
    const extent e = around(in[0], p.dim, "sort");
    dispatch_key<T>(in[0].type, [&]<class Key>(type_tag<Key>) {
        const bool positions = in[0].type.is_complex();
        each_row_of_keys<T, Key>(in[0], e, p.descending, positions, positions,
                                 [&](std::int64_t row, sort_memory<Key>& memory) {
                                     memory.sort(e.length);
                                     dispatch_as<T>(in[0].type, [&]<class U>(type_tag<U>) {
                                         if constexpr (sizeof(U) == sizeof(Key)) {
                                             const std::int64_t start = e.start(row);
                                             store_sorted(static_cast<U*>(out.data) + start,
                                                          static_cast<const U*>(in[0].data) + start,
                                                          e.inner, e.length, memory, p.descending);
                                         }
                                     });
                                 });
    });
}

template <class T>
void run_argsort(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    const auto& p = *static_cast<const sort_params*>(params);
    const extent e = around(in[0], p.dim, "argsort");
    dispatch_key<T>(in[0].type, [&]<class Key>(type_tag<Key>) {
        each_row_of_keys<T, Key>(in[0], e, p.descending, true, true,
                                 [&](std::int64_t row, sort_memory<Key>& memory) {
                                     memory.sort(e.length);
                                     auto* to = static_cast<std::int64_t*>(out.data) + e.start(row);
                                     const std::int64_t* positions = memory.positions();
                                     for (std::int64_t j = 0; j < e.length; ++j) {
                                         to[j * e.inner] = positions[j];
                                     }
                                 });
    });
}

/// The elements along `dim` in order, any dtype; stable; NaN counts as the largest value.
/// Input: the tensor. Parameters: sort_params. Scratch: about the size of the rows being sorted.
template <class T = void>
inline constexpr graph::opaque_kernel sort_kernel{"sort", 32, run_sort<T>, nullptr};
/// int64 positions along `dim` of the sorted elements; stable. Input and parameters as sort.
template <class T = void>
inline constexpr graph::opaque_kernel argsort_kernel{"argsort", 32, run_argsort<T>, nullptr};

}  // namespace lazy::cpu

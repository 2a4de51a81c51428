// The distinct elements of a tensor: a plain function, because their number depends on the data.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "extent.hpp"
#include "radix_sort.hpp"
#include "sort_key.hpp"

namespace lazy::cpu {

struct unique_result {
    std::int64_t count = 0;
    std::vector<std::byte> values;  ///< `count` elements of the input's dtype, ascending
    std::vector<std::int64_t>
        inverse;  ///< per input element, which value it is; empty if not wanted
    std::vector<std::int64_t> counts;  ///< per value, how often it occurs; empty if not wanted
    std::vector<std::int64_t> first;   ///< per value, where it occurs first; empty if not wanted
};

/// The distinct elements of n > 0 real ones, whose keys are only sorted: positions would be moved
/// along for nothing. Keys do not tell 0.0 from -0.0, nor one NaN from another.
template <class T>
void store_distinct(unique_result& result, const T* in, std::int64_t n,
                    sort_memory<key_t<T>>& memory) {
    load_keys(memory.keys(), in, 1, n, false);
    memory.sort(n);
    key_t<T>* keys = memory.keys();
    std::int64_t count = 0;
    for (std::int64_t j = 0; j < n; ++j) {
        const key_t<T> key = keys[j];
        keys[count] = key;
        count += j + 1 == n || keys[j + 1] != key || is_nan_key<T>(key) ? 1 : 0;
    }
    result.count = count;
    result.values.resize(static_cast<std::size_t>(count) * sizeof(T));
    auto* out = reinterpret_cast<T*>(result.values.data());
    for (std::int64_t v = 0; v < count; ++v) {
        out[v] = from_key<T>(keys[v]);
    }
    if constexpr (is_floating_v<T>) {
        const key_t<T> zero = sort_key(T(0.0f));
        std::int64_t at = std::lower_bound(keys, keys + count, zero) - keys;
        if (at < count && keys[at] == zero) {
            out[at] = *std::find_if(in, in + n, [=](T x) { return sort_key(x) == zero; });
        }
        at = std::lower_bound(keys, keys + count, all_bits<key_t<T>>) - keys;
        for (std::int64_t j = 0; at < count; ++j) {
            if (is_nan_key<T>(sort_key(in[j]))) {
                out[at++] = in[j];
            }
        }
    }
}

/// The distinct elements of `in`, flattened, in ascending order. Of equal elements (0.0 and -0.0)
/// the first one is given; NaN equals nothing, so each NaN is a value of its own, as in PyTorch.
template <class T = void>
unique_result unique_values(const array_ref& in, bool want_inverse, bool want_counts,
                            bool want_first = false) {
    unique_result result;
    const std::int64_t n = numel(in);
    if (n == 0) {
        return result;
    }
    const std::size_t size = in.type.itemsize();
    if (!want_inverse && !want_counts && !want_first && !in.type.is_complex()) {
        dispatch_as<T>(in.type, [&]<class U>(type_tag<U>) {
            if constexpr (!is_complex_v<U>) {
                sort_memory<key_t<U>> memory(n, false, threads_for(n, static_cast<double>(n) * 8));
                store_distinct(result, static_cast<const U*>(in.data), n, memory);
            }
        });
        return result;
    }
    dispatch_key<T>(in.type, [&]<class Key>(type_tag<Key>) {
        sort_memory<Key> memory(n, true, threads_for(n, static_cast<double>(n) * 8));
        load_keys_as<T>(in.type, memory.keys(), bytes(in), 1, n, false);
        memory.number_positions(n);
        memory.sort(n);
        const Key* keys = memory.keys();
        const std::int64_t* positions = memory.positions();
        std::int64_t numbers = n;  // elements before the NaNs, which come last
        dispatch_as<T>(in.type, [&]<class U>(type_tag<U>) {
            if constexpr (sizeof(U) == sizeof(Key)) {
                while (numbers > 0 && is_nan_key<U>(keys[numbers - 1])) {
                    --numbers;
                }
            }
        });
        std::vector<std::int64_t> starts;
        for (std::int64_t j = 0; j < n; ++j) {
            if (j == 0 || j >= numbers || keys[j] != keys[j - 1]) {
                starts.push_back(j);
            }
        }
        result.count = static_cast<std::int64_t>(starts.size());
        result.values.resize(starts.size() * size);
        result.inverse.resize(want_inverse ? static_cast<std::size_t>(n) : 0);
        result.counts.resize(want_counts ? starts.size() : 0);
        result.first.reserve(want_first ? starts.size() : 0);
        for (std::size_t v = 0; v < starts.size(); ++v) {
            if (want_first) {
                result.first.push_back(positions[starts[v]]);
            }
            const std::int64_t end = v + 1 < starts.size() ? starts[v + 1] : n;
            std::memcpy(result.values.data() + v * size,
                        bytes(in) + positions[starts[v]] * static_cast<std::int64_t>(size), size);
            if (want_counts) {
                result.counts[v] = end - starts[v];
            }
            for (std::int64_t j = starts[v]; want_inverse && j < end; ++j) {
                result.inverse[static_cast<std::size_t>(positions[j])] =
                    static_cast<std::int64_t>(v);
            }
        }
    });
    return result;
}

}  // namespace lazy::cpu

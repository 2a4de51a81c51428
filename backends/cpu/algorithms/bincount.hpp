// How often each of the numbers 0, 1, 2, ... occurs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>

#include "element_type.hpp"
#include "extent.hpp"

namespace lazy::cpu {

/// counts[v] = how often v is among n numbers; false if one of them is not in [0, bins).
template <class T>
bool count_values(std::int64_t* counts, std::int64_t bins, const T* values, std::int64_t n) {
    // Neighbours count in different tables where they are small: equal ones would wait for each
    // other's sums.
    constexpr std::int64_t tables = 4;
    constexpr std::int64_t most = 256;
    std::int64_t table[tables][most];
    const bool several = bins <= most;
    const std::int64_t used = several ? tables : 1;
    std::int64_t* to[tables];
    for (std::int64_t t = 0; t < tables; ++t) {
        to[t] = several ? table[t] : counts;
    }
    for (std::int64_t t = 0; t < used; ++t) {
        std::fill_n(to[t], bins, std::int64_t{0});
    }
    const auto count = [bins, values](std::int64_t i, std::int64_t* in) {
        // A negative number is a large one here.
        const auto v = static_cast<std::uint64_t>(values[i]);
        const bool fits = v < static_cast<std::uint64_t>(bins);
        if (fits) {
            ++in[v];
        }
        return fits;
    };
    std::int64_t i = 0;
    for (; i + tables <= n; i += tables) {
        if (!count(i, to[0]) || !count(i + 1, to[1]) || !count(i + 2, to[2]) ||
            !count(i + 3, to[3])) {
            return false;
        }
    }
    for (; i < n; ++i) {
        if (!count(i, to[0])) {
            return false;
        }
    }
    for (std::int64_t v = 0; several && v < bins; ++v) {
        counts[v] = table[0][v] + table[1][v] + table[2][v] + table[3][v];
    }
    return true;
}

template <class T>
void run_bincount(const array_ref& out, const array_ref* in, std::size_t, const void*) {
    dispatch_as<T>(in[0].type, [&]<class U>(type_tag<U>) {
        if constexpr (is_integer_v<U>) {
            if (!count_values(static_cast<std::int64_t*>(out.data), numel(out),
                              static_cast<const U*>(in[0].data), numel(in[0]))) {
                fail<index_error>("bincount", {"a number is not below ", numel(out)});
            }
        } else {
            fail<dtype_error>("bincount", {"takes integers, not ", in[0].type.name()});
        }
    });
}

/// How often each of 0, 1, ..., size of the output - 1 occurs in an integer tensor; another number
/// throws index_error. Output: 1-D, int64. No parameters.
template <class T = void>
inline constexpr graph::opaque_kernel bincount_kernel{"bincount", 4, run_bincount<T>, nullptr};

}  // namespace lazy::cpu

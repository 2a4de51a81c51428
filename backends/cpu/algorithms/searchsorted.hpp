// Where values would be inserted into sorted rows.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../parallel.hpp"
#include "extent.hpp"
#include "sort_key.hpp"

namespace lazy::cpu {

struct searchsorted_params {
    bool right;
};

/// Elements of sorted[0..n) before `value`, those equal to it included where `right`.
template <class T>
std::int64_t insertion_point(const T* sorted, std::int64_t n, const T& value, bool right) {
    const key_t<T> key = sort_key(value);
    std::int64_t first = 0;
    while (n > 0) {
        const std::int64_t half = n / 2;
        const key_t<T> middle = sort_key(sorted[first + half]);
        if (middle < key || (right && middle == key)) {
            first += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return first;
}

template <class T>
void run_searchsorted(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    const bool right = static_cast<const searchsorted_params*>(params)->right;
    const array_ref& sorted = in[0];
    const array_ref& values = in[1];
    const bool one_row = sorted.ndim == 1;
    if (sorted.ndim == 0 || sorted.type != values.type) {
        fail<value_error>("searchsorted",
                          {"boundaries and values need one dtype, and boundaries a dimension"});
    }
    if (!one_row && (sorted.ndim != values.ndim ||
                     !std::equal(sorted.sizes, sorted.sizes + sorted.ndim - 1, values.sizes))) {
        fail<shape_error>("searchsorted",
                          {"boundaries tensor should be 1 dimension or the first N-1 "
                           "dimensions of boundaries tensor and input value tensor must match"});
    }
    const std::int64_t n = sorted.sizes[sorted.ndim - 1];
    const std::int64_t count = numel(values);
    const std::int64_t per_row = one_row ? count : values.sizes[values.ndim - 1];
    auto* to = static_cast<std::int64_t*>(out.data);
    dispatch_as<T>(sorted.type, [&]<class U>(type_tag<U>) {
        const auto* rows = static_cast<const U*>(sorted.data);
        const auto* value = static_cast<const U*>(values.data);
        const int threads = threads_for(count, static_cast<double>(count) * 64);
        parallel(threads, [&](int t) {
            const auto [first, last] = share(count, 64, t, threads);
            for (std::int64_t i = first; i < last; ++i) {
                const std::int64_t row = one_row ? 0 : i / per_row;
                to[i] = insertion_point(rows + row * n, n, value[i], right);
            }
        });
    });
}

/// For each value the int64 place in its sorted row, before equal elements or, with `right`, after
/// them; NaN counts as the largest value. Inputs: the rows (1-D, or with the leading sizes of the
/// values), the values, of the same dtype. Output: the shape of the values. Rows that are not
/// sorted give meaningless places between 0 and the size. Parameters: searchsorted_params.
template <class T = void>
inline constexpr graph::opaque_kernel searchsorted_kernel{"searchsorted", 64, run_searchsorted<T>,
                                                          nullptr};

}  // namespace lazy::cpu

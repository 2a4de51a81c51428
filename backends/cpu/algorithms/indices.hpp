// Index tensors: the check that comes before anything is written, and counting from the end.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../parallel.hpp"
#include "extent.hpp"

namespace lazy::cpu {

/// An index that passed the check, counted from the front.
inline std::int64_t wrap_index(std::int64_t index, std::int64_t size) {
    return index < 0 ? index + size : index;
}

/// Position of the first of `count` indices outside [-size, size); `count` if there is none.
inline std::int64_t first_bad_index(const std::int64_t* index, std::int64_t count,
                                    std::int64_t size) {
    const int threads = threads_for(count, static_cast<double>(count));
    std::atomic<std::int64_t> found{count};
    parallel(threads, [&](int t) {
        constexpr std::int64_t block = 4096;
        const auto [first, last] = share(count, block, t, threads);
        for (std::int64_t i = first; i < last; i += block) {
            const std::int64_t end = std::min(last, i + block);
            // Whole blocks without a branch, since there is hardly ever a bad one.
            std::int64_t bad = 0;
            for (std::int64_t j = i; j < end; ++j) {
                bad |= (index[j] < -size ? 1 : 0) | (index[j] >= size ? 1 : 0);
            }
            if (bad != 0) {
                while (index[i] >= -size && index[i] < size) {
                    ++i;
                }
                std::int64_t seen = found.load();
                while (i < seen && !found.compare_exchange_weak(seen, i)) {
                }
                return;
            }
        }
    });
    return found.load();
}

/// Throws index_error in PyTorch's words, naming the first bad index in row-major order.
inline void check_indices(const array_ref& index, std::int64_t dim, std::int64_t size,
                          std::string_view op) {
    if (index.type != dtype_id::int64) {
        fail<dtype_error>(op, {"expected an int64 index, got ", index.type.name()});
    }
    const auto* values = static_cast<const std::int64_t*>(index.data);
    const std::int64_t count = numel(index);
    const std::int64_t at = first_bad_index(values, count, size);
    if (at != count) {
        fail<index_error>(op, {"index ", values[at], " is out of bounds for dimension ", dim,
                               " with size ", size});
    }
}

}  // namespace lazy::cpu

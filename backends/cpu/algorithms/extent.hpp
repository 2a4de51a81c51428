// A dense tensor seen around one dimension: what lies before it, along it and after it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../../lazy/core/shape.hpp"
#include "../../../lazy/graph/kernel.hpp"

namespace lazy::cpu {

using graph::array_ref;

/// Element (o, j, i) has linear index (o * length + j) * inner + i. A 0-d tensor has length 1.
struct extent {
    std::int64_t outer = 1;
    std::int64_t length = 1;
    std::int64_t inner = 1;

    std::int64_t rows() const { return outer * inner; }
    /// Linear index of the first element of row r; the next ones follow at distance `inner`.
    std::int64_t start(std::int64_t row) const {
        return row / inner * length * inner + row % inner;
    }
};

/// Product of some sizes of a tensor; 0 where it overflows, which it can only where another size of
/// the tensor is 0 (the product of all was checked when it was made), so that there are no
/// elements.
inline std::int64_t product(const std::int64_t* sizes, std::size_t count) {
    std::int64_t n = 1;
    bool overflow = false;
    for (std::size_t d = 0; d < count; ++d) {
        overflow = __builtin_mul_overflow(n, sizes[d], &n) || overflow;
    }
    return overflow ? 0 : n;
}
inline std::int64_t numel(const array_ref& a) { return product(a.sizes, a.ndim); }

/// `a` around dimension `dim` (from the end when negative); throws index_error.
inline extent around(const array_ref& a, std::int64_t dim, std::string_view op) {
    const std::size_t d = wrap_dim(dim, a.ndim, op);
    if (a.ndim == 0) {
        return {};
    }
    return {product(a.sizes, d), a.sizes[d], product(a.sizes + d + 1, a.ndim - d - 1)};
}

inline const std::byte* bytes(const array_ref& a) { return static_cast<const std::byte*>(a.data); }
inline std::byte* writable_bytes(const array_ref& a) { return static_cast<std::byte*>(a.data); }

}  // namespace lazy::cpu

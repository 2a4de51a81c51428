// Advanced indexing's address computation: which blocks of a tensor index arrays pick.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "indices.hpp"

namespace lazy::cpu {

/// Index arrays stand for `count` consecutive dimensions of a tensor, from `first_dim` on. All have
/// the same shape. Element (o, i, block) of the result is block (o, index_0[i], index_1[i], ...).
class picked_rows {
public:
    /// Checks every index: throws index_error before anything is written.
    picked_rows(const array_ref& from, const array_ref* indices, std::size_t count,
                std::int64_t first_dim, std::string_view op)
        : indices_(indices), count_(count) {
        const auto first = static_cast<std::size_t>(first_dim);
        if (count == 0 || first_dim < 0 || first > from.ndim || count > from.ndim - first) {
            fail<index_error>(op, {"too many indices for tensor of dimension ", from.ndim});
        }
        sizes_ = from.sizes + first;
        outer_ = product(from.sizes, first);
        per_outer_ = numel(indices[0]);
        picked_ = product(sizes_, count);
        inner_ = product(sizes_ + count, from.ndim - first - count);
        for (std::size_t k = 0; k < count; ++k) {
            if (numel(indices[k]) != per_outer_) {
                fail<shape_error>(op, {"indexing tensors could not be broadcast together"});
            }
            check_indices(indices[k], static_cast<std::int64_t>(first + k), sizes_[k], op);
        }
    }

    std::int64_t outer() const { return outer_; }
    /// Blocks picked per outer index.
    std::int64_t per_outer() const { return per_outer_; }
    /// Elements of one block.
    std::int64_t inner() const { return inner_; }
    /// Blocks of the tensor per outer index.
    std::int64_t blocks() const { return picked_; }

    /// Number of the block, within its outer index, that index position i picks.
    std::int64_t block_of(std::int64_t i) const {
        std::int64_t at = 0;
        for (std::size_t k = 0; k < count_; ++k) {
            const auto* index = static_cast<const std::int64_t*>(indices_[k].data);
            at = at * sizes_[k] + wrap_index(index[i], sizes_[k]);
        }
        return at;
    }

private:
    const array_ref* indices_;
    std::size_t count_;
    const std::int64_t* sizes_;
    std::int64_t outer_;
    std::int64_t per_outer_;
    std::int64_t picked_;
    std::int64_t inner_;
};

}  // namespace lazy::cpu

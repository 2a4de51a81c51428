// Partial results of a reduction, combined in order as a fixed tree.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstring>

#include "../../lazy/core/list.hpp"
#include "../../lazy/graph/kernel.hpp"

namespace lazy::cpu {

using memory::list;

/// Combines partial results in order as a binary counter does: the tree depends only on how many
/// there are. One level holds `width` states.
class state_tree {
public:
    state_tree(const graph::reduce_kernel& kernel, std::size_t width)
        : kernel_(&kernel), width_(width) {}

    void clear() { count_ = 0; }

    /// Adds the next partial result.
    void push(const std::byte* states) {
        std::size_t k = 0;
        for (std::size_t c = count_; (c & 1) != 0; c >>= 1, ++k) {
            kernel_->merge(level(k), states, width_);
            states = level(k);
        }
        if (levels_.size() < (k + 1) * bytes()) {
            // The states to store may lie in what grows.
            const bool own = k != 0;
            levels_.resize((k + 1) * bytes());
            states = own ? level(k - 1) : states;
        }
        std::memcpy(level(k), states, bytes());
        ++count_;
    }
    /// Everything combined; `out` holds `width` states. At least one push came before, and `clear`
    /// must come before the next.
    void total(std::byte* out) {
        std::byte* sum = nullptr;
        std::size_t k = 0;
        for (std::size_t c = count_; c != 0; c >>= 1, ++k) {
            if ((c & 1) == 0) {
                continue;
            }
            if (sum != nullptr) {
                kernel_->merge(level(k), sum, width_);
            }
            sum = level(k);
        }
        std::memcpy(out, sum, bytes());
    }

private:
    std::size_t bytes() const { return width_ * kernel_->state_size; }
    std::byte* level(std::size_t k) { return levels_.data() + k * bytes(); }

    const graph::reduce_kernel* kernel_;
    std::size_t width_;
    std::size_t count_ = 0;
    list<std::byte> levels_;
};

}  // namespace lazy::cpu

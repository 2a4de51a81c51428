// A graph in words: what its plan depends on, and nothing else.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstring>
#include <span>

#include "facts.hpp"

namespace lazy::plan {

/// The graph below some roots. Equal words mean equal plans, node for node: kinds, kernels, dtypes,
/// shapes, how nodes hang together, what numbers are equal, who else holds nodes and how often they
/// were computed without being kept. What elements there are and where does not matter.
class graph_signature {
public:
    static constexpr std::size_t most_nodes = 64;
    static constexpr std::size_t most_words = 768;

    /// False of a graph that is too large, or has nodes whose plan depends on more.
    bool read(std::span<node* const> roots) {
        const bool all = walk(roots);
        for (std::size_t i = 0; i < count_; ++i) {
            nodes_[i]->plan_index = -1;
        }
        for (std::size_t i = 0; i < depth_; ++i) {
            open_[i].n->plan_index = -1;
        }
        return all;
    }
    std::span<const std::uint64_t> words() const { return {words_, size_}; }
    bool operator==(const graph_signature& other) const {
        return size_ == other.size_ && std::memcmp(words_, other.words_, size_ * 8) == 0;
    }
    std::uint64_t hash() const {
        std::uint64_t h = size_;
        for (std::size_t i = 0; i < size_; ++i) {
            h = memory::hash_index::mix(h, words_[i]);
        }
        return h;
    }
    node* node_at(std::size_t number) const { return nodes_[number]; }
    /// -1 if it is not one of the graph's.
    std::int64_t number_of(const node* n) const {
        for (std::size_t i = 0; i < count_; ++i) {
            if (nodes_[i] == n) {
                return static_cast<std::int64_t>(i);
            }
        }
        return -1;
    }

private:
    struct frame {
        node* n;
        std::size_t next;
    };

    static bool stored(graph::kind k) {
        return k == graph::kind::buffer || k == graph::kind::number || k == graph::kind::iota;
    }

    bool walk(std::span<node* const> roots) {
        for (node* root : roots) {
            if (root->ready()) {
                continue;
            }
            if (root->plan_index == -1 && (!enter(root) || !finish_open())) {
                return false;
            }
            // Unlike any node's first word.
            if (!add(static_cast<std::uint64_t>(root->plan_index) | std::uint64_t{1} << 63)) {
                return false;
            }
        }
        return true;
    }
    /// Producers before consumers.
    bool finish_open() {
        while (depth_ != 0) {
            frame& top = open_[depth_ - 1];
            if (top.next == top.n->input_count()) {
                if (!describe(top.n)) {
                    return false;
                }
                --depth_;
                continue;
            }
            node* in = top.n->input(top.next++);
            if (in->plan_index == -1 && !(stored(in->kind()) ? describe(in) : enter(in))) {
                return false;
            }
        }
        return true;
    }
    bool enter(node* n) {
        if (!is_fused(n->kind()) || depth_ + count_ >= most_nodes) {
            return false;
        }
        n->plan_index = -2;
        open_[depth_++] = {n, 0};
        return true;
    }

    bool add(std::uint64_t word) {
        if (size_ == most_words) {
            return false;
        }
        words_[size_++] = word;
        return true;
    }
    bool add(const void* data, std::size_t bytes) {
        const std::size_t count = (bytes + 7) / 8;
        if (count > most_words - size_) {
            return false;
        }
        if (count == 0) {
            return true;
        }
        words_[size_ + count - 1] = 0;
        std::memcpy(words_ + size_, data, bytes);
        size_ += count;
        return true;
    }
    bool add(const shape& s) { return add(s.data(), s.size() * sizeof(std::int64_t)); }

    bool describe(node* n) {
        const graph::kind k = n->kind();
        const std::size_t rank = n->shape().size();
        if (count_ == most_nodes || rank > 255 ||
            !add(static_cast<std::uint64_t>(k) | static_cast<std::uint64_t>(n->dtype().id()) << 8 |
                 static_cast<std::uint64_t>(rank) << 16 |
                 static_cast<std::uint64_t>(is_repeated(n)) << 24 |
                 static_cast<std::uint64_t>(n->input_count()) << 32) ||
            !add(n->shape())) {
            return false;
        }
        if (k == graph::kind::number && !add(first_equal(n))) {
            return false;
        }
        if (!stored(k) && !describe_operation(n)) {
            return false;
        }
        n->plan_index = static_cast<std::int64_t>(count_);
        nodes_[count_++] = n;
        return true;
    }
    /// Which of the numbers so far is the first of this dtype and value: plans depend on what
    /// numbers are equal, not on what they are.
    std::uint64_t first_equal(const node* n) const {
        std::size_t i = 0;
        while (i < count_ && !same_number(nodes_[i], n)) {
            ++i;
        }
        return i;
    }
    bool describe_operation(const node* n) {
        if (!add(reinterpret_cast<std::uintptr_t>(n->kernel_address())) || !add(n->use_count())) {
            return false;
        }
        for (std::size_t i = 0; i < n->input_count(); ++i) {
            if (!add(static_cast<std::uint64_t>(n->input(i)->plan_index))) {
                return false;
            }
        }
        switch (n->kind()) {
            case graph::kind::view:
                return add(n->layout().strides) &&
                       add(static_cast<std::uint64_t>(n->layout().offset));
            case graph::kind::reduce: return add(n->reduction().reduced.bits());
            default: return add(n->params().get(), graph::comparable_parameters(*n));
        }
    }

    std::size_t size_ = 0;
    std::size_t count_ = 0;
    std::size_t depth_ = 0;
    std::uint64_t words_[most_words];
    node* nodes_[most_nodes];
    frame open_[most_nodes];
};

}  // namespace lazy::plan

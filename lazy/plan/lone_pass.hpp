// The short way to a plan: a few kernels over stored tensors, all for one result, are one pass.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstring>
#include <span>

#include "donation.hpp"
#include "facts.hpp"
#include "pass.hpp"

namespace lazy::plan {

/// Makes the pass that the planner would make of a graph of maps of one shape over stored tensors
/// and numbers, none of which has been computed before, and of a write of such a value into a
/// stored tensor: what a statement on run-time tensors is, or a few statements. Takes a fifth of
/// the planner's time.
class lone_pass {
public:
    explicit lone_pass(pass& p) : pass_(p) {}

    /// False when the graph needs the planner; then the pass is of no use.
    bool build(node* root) {
        node* value = root;
        if (root->kind() == graph::kind::update) {
            base_ = root->input(0);
            value = root->input(1);
            if (!base_->ready()) {
                return false;
            }
            pass_.kind = pass_kind::update;
        }
        pass_.space = value->shape();
        if (base_ != nullptr && add_stored(value)) {
            pass_.outputs.push_back({root, 0, false, {}, 0, -1});
            return finish_write(root);
        }
        if (!open(value) || !walk()) {
            return false;
        }
        const bool held = is_held();
        if (held && !is_new()) {
            return false;
        }
        const auto leaves = static_cast<std::uint32_t>(pass_.leaves.size());
        for (std::uint32_t& v : pass_.operands) {
            v = (v & leaf_bit) != 0 ? v & ~leaf_bit : v + leaves;
        }
        pass_.outputs.push_back(
            {root, leaves + static_cast<std::uint32_t>(done_count_) - 1, false, {}, 0, -1});
        if (base_ != nullptr) {
            return !held && value->use_count() == 1 && finish_write(root);
        }
        pass_.reason = "asked for";
        if (!held) {  // held values will read the inputs again
            give_donors(pass_);
        }
        return true;
    }
    /// Adds the inner values that the pass computes without storing them and others may ask for.
    void note_recomputed(list<recomputed_node>& to) const {
        for (const computed_node& c : inner()) {
            if (c.held()) {
                to.push_back({c.n, 1});
            }
        }
    }

private:
    static constexpr std::uint32_t leaf_bit = 0x80000000U;
    static constexpr std::uint32_t unknown = ~0U;
    static constexpr std::size_t most_nodes = 16;
    static constexpr std::size_t most_values = 32;

    /// A node whose operands are looked at, so many of them known.
    struct frame {
        node* n;
        std::size_t known;
    };
    /// A node with an instruction, and how often others use it.
    struct computed_node {
        node* n;
        std::uint32_t uses;

        bool held() const { return n->use_count() != uses; }
    };

    static bool is_leaf(const node* n) {
        return n->kind() == graph::kind::buffer || n->kind() == graph::kind::number;
    }
    /// A leaf for a value that is there, or a view of one.
    bool add_stored(node* n) {
        if (is_leaf(n)) {
            leaf_number(n);
            return true;
        }
        if (n->kind() != graph::kind::view || !n->input(0)->ready()) {
            return false;
        }
        pass_.leaves.push_back({n->input(0), n->layout().strides, n->layout().offset, -1});
        return true;
    }
    /// The instructions of the open node and of all behind it.
    bool walk() {
        while (depth_ != 0) {
            frame& top = open_[depth_ - 1];
            if (top.known == top.n->input_count()) {
                --depth_;
                if (!close(top.n)) {
                    return false;
                }
                continue;
            }
            node* in = top.n->input(top.known);
            std::uint32_t value = unknown;
            if (in->kind() == graph::kind::map) {
                value = computed(in);
                if (value == unknown) {
                    if (!open(in)) {
                        return false;
                    }
                    continue;
                }
            } else if (is_leaf(in)) {
                value = leaf_number(in);
            } else {
                return false;
            }
            if (value_count_ == most_values) {
                return false;
            }
            values_[value_count_++] = value;
            ++top.known;
        }
        return true;
    }
    /// Where the value goes. False when what is overwritten is read otherwise than element by
    /// element of the whole tensor: then the planner has to look.
    bool finish_write(const node* root) {
        output& o = pass_.outputs[0];
        o.strided = true;
        o.strides = root->layout().strides;
        o.offset = root->layout().offset;
        pass_.readers = base_reads_;
        pass_.reason = "a write in place";
        for (const leaf& l : pass_.leaves) {
            const node* n = l.source;
            if (n == base_ ? pass_.instructions.empty() || !writes_whole(root)
                           : n->ready() && memory_overlaps(n, base_)) {
                return false;
            }
        }
        return true;
    }

    bool open(node* n) {
        if (n->kind() != graph::kind::map || n->map().may_fault ||
            depth_ + done_count_ == most_nodes || n->shape() != pass_.space) {
            return false;
        }
        open_[depth_++] = {n, 0};
        return true;
    }
    std::span<const computed_node> inner() const {
        return {done_, done_count_ == 0 ? 0 : done_count_ - 1};
    }
    /// True iff others hold an inner value and may ask for it.
    bool is_held() const {
        return std::any_of(inner().begin(), inner().end(),
                           [](const computed_node& c) { return c.held(); });
    }
    /// False when an inner value has been computed before: whether to store it the planner has to
    /// weigh.
    bool is_new() const {
        return std::all_of(inner().begin(), inner().end(),
                           [](const computed_node& c) { return !is_repeated(c.n); });
    }
    /// False when an earlier instruction may compute the same.
    bool close(node* n) {
        const std::size_t arity = n->input_count();
        const std::uint32_t* operands = values_ + (value_count_ - arity);
        for (const instruction& i : pass_.instructions) {
            if (i.source->kernel_address() == n->kernel_address() &&
                std::memcmp(pass_.operands.data() + i.first_operand, operands,
                            arity * sizeof(std::uint32_t)) == 0) {
                return false;
            }
        }
        pass_.instructions.push_back({n, static_cast<std::uint32_t>(pass_.operands.size())});
        for (std::size_t k = 0; k < arity; ++k) {
            pass_.operands.push_back(operands[k]);
        }
        value_count_ -= arity;
        done_[done_count_++] = {n, 0};
        return true;
    }
    std::uint32_t computed(const node* n) {
        for (std::size_t i = 0; i < done_count_; ++i) {
            if (done_[i].n == n) {
                ++done_[i].uses;
                return static_cast<std::uint32_t>(i);
            }
        }
        return unknown;
    }
    std::uint32_t leaf_number(node* n) {
        const bool number = n->kind() == graph::kind::number;
        base_reads_ += n == base_ ? 1 : 0;
        std::uint32_t l = 0;
        for (; l < pass_.leaves.size(); ++l) {
            const node* known = pass_.leaves[l].source;
            if (known == n || same_number(known, n)) {
                return l | leaf_bit;
            }
        }
        leaf from{n, shape::filled(pass_.space.size(), 0), 0, -1};
        const shape& sizes = n->shape();
        const std::size_t lead = number ? 0 : pass_.space.size() - sizes.size();
        std::int64_t step = 1;
        for (std::size_t d = number ? 0 : sizes.size(); d-- > 0; step *= sizes[d]) {
            from.strides[lead + d] = sizes[d] == 1 && pass_.space[lead + d] != 1 ? 0 : step;
        }
        pass_.leaves.push_back(std::move(from));
        return l | leaf_bit;
    }

    pass& pass_;
    const node* base_ = nullptr;    ///< of a write: what it goes to
    std::uint32_t base_reads_ = 0;  ///< how often its old elements are read
    frame open_[most_nodes];
    std::size_t depth_ = 0;
    computed_node done_[most_nodes];
    std::size_t done_count_ = 0;
    std::uint32_t values_[most_values];  ///< operands of the open nodes
    std::size_t value_count_ = 0;
};

}  // namespace lazy::plan

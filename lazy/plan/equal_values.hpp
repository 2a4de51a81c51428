// Finding nodes that compute the same value: equal operations on equal inputs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstring>

#include "facts.hpp"

namespace lazy::plan {

/// Recognises equal values among the nodes of an evaluation, met producers first: `x.mean(1)` and
/// the mean inside `x.var(1)` are one.
class equal_values {
public:
    explicit equal_values(const fact_table& table) : table_(table) {}

    /// The number of one of the first `next` nodes with the value of `n`, whose inputs are known;
    /// -1: none. `next` grows from call to call.
    std::int64_t find(const node* n, std::size_t next) {
        if (!is_fused(n->kind())) {
            return -1;
        }
        if (next < few) {
            for (std::size_t i = 0; i < next; ++i) {
                if (same(n, node_at(i))) {
                    return static_cast<std::int64_t>(i);
                }
            }
            return -1;
        }
        for (; indexed_ < next; ++indexed_) {
            index_.add(hash_of(node_at(indexed_)));
        }
        const std::uint64_t hash = hash_of(n);
        for (int i = index_.first(hash); i >= 0; i = index_.next(i)) {
            if (same(n, node_at(static_cast<std::size_t>(i)))) {
                return i;
            }
        }
        return -1;
    }

private:
    /// Among so few nodes comparing each with each is cheaper than hashing them.
    static constexpr std::size_t few = 6;

    const node* node_at(std::size_t number) const {
        return table_.at(static_cast<std::int64_t>(number)).n;
    }
    static std::uint64_t mix(std::uint64_t h, std::uint64_t v) {
        return memory::hash_index::mix(h, v);
    }
    static std::uint64_t bits(const void* p) { return reinterpret_cast<std::uintptr_t>(p) >> 4; }

    std::uint64_t hash_of(const node* n) const {
        std::uint64_t h = mix(static_cast<std::uint64_t>(n->kind()), bits(n->kernel_address()));
        if (n->kind() == graph::kind::view) {
            h = mix(h, static_cast<std::uint64_t>(n->layout().offset));
        }
        for (std::size_t i = 0; i < n->input_count(); ++i) {
            const node* in = n->input(i);
            // Numbers and indices are compared by value, not hashed.
            const facts* f = table_.find(in);
            h = mix(h, f != nullptr                        ? bits(f->n)
                       : in->kind() == graph::kind::buffer ? bits(in)
                                                           : 1);
        }
        return h;
    }

    bool same(const node* a, const node* b) const {
        if (a->kind() != b->kind() || a->kernel_address() != b->kernel_address() ||
            a->dtype() != b->dtype() || a->input_count() != b->input_count() ||
            a->shape() != b->shape() || !same_parameters(a, b)) {
            return false;
        }
        for (std::size_t i = 0; i < a->input_count(); ++i) {
            if (!same_input(a->input(i), b->input(i))) {
                return false;
            }
        }
        return true;
    }
    bool same_input(const node* a, const node* b) const {
        if (a == b) {
            return true;
        }
        const facts* f = table_.find(a);
        if (f != nullptr || table_.find(b) != nullptr) {
            return f == table_.find(b);
        }
        return a->kind() == b->kind() && a->dtype() == b->dtype() && a->shape() == b->shape() &&
               (a->kind() == graph::kind::iota || same_number(a, b));
    }
    static bool same_parameters(const node* a, const node* b) {
        switch (a->kind()) {
            case graph::kind::view:
                return a->layout().offset == b->layout().offset &&
                       a->layout().strides == b->layout().strides;
            case graph::kind::reduce: return a->reduction().reduced == b->reduction().reduced;
            default: break;
        }
        const std::size_t size = graph::comparable_parameters(*a);
        if (a->params().is_inline() != b->params().is_inline() || size == 0) {
            return false;
        }
        return std::memcmp(a->params().get(), b->params().get(), size) == 0;
    }

    const fact_table& table_;
    memory::hash_index index_;  ///< entry i is node number i
    std::size_t indexed_ = 0;
};

}  // namespace lazy::plan

// Lowering: from the nodes one pass computes to its leaves and instructions.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstring>

#include "facts.hpp"
#include "index_map.hpp"
#include "pass.hpp"

namespace lazy::plan {

/// Builds the instructions of pass number `group`. Walks with an explicit stack: graphs are deep.
class lowering {
public:
    /// `time`: of a stage, which values of the pass are there already (facts::time).
    lowering(pass& p, const fact_table& table, int group, int time = -1)
        : pass_(p), table_(table), group_(group), time_(time) {
        intern(identity_map(p.space.size()));
    }

    /// The value number of `root`, whose shape is the pass's space.
    std::uint32_t value_of(node* root) { return lower({table_.same(root), 0, unknown}); }
    /// The same for a tensor whose elements the map finds.
    std::uint32_t value_of(node* root, index_map m) {
        return lower({table_.same(root), intern(std::move(m)), unknown});
    }

    /// Turns the provisional numbers (leaves marked by a bit) into final ones; call once at the
    /// end.
    void number_values() {
        for (std::uint32_t& v : pass_.operands) {
            v = final_number(v);
        }
        for (output& o : pass_.outputs) {
            o.value = final_number(o.value);
        }
    }

private:
    static constexpr std::uint32_t leaf_bit = 0x80000000U;
    static constexpr std::uint32_t unknown = ~0U;

    /// A node under an index map, and its value number once known.
    struct request {
        node* n;
        int map;
        std::uint32_t value;

        std::uint64_t hash() const {
            return hash_index::mix(reinterpret_cast<std::uintptr_t>(n) >> 4,
                                   static_cast<std::uint64_t>(map));
        }
    };
    struct frame {
        request what;
        std::size_t next;
    };

    std::uint32_t final_number(std::uint32_t v) const {
        return (v & leaf_bit) != 0 ? v & ~leaf_bit
                                   : v + static_cast<std::uint32_t>(pass_.leaves.size());
    }

    int intern(index_map m) {
        const std::uint64_t hash = m.hash();
        for (int i = map_ids_.first(hash); i >= 0; i = map_ids_.next(i)) {
            if (map(i).same_as(m)) {
                return i;
            }
        }
        map_ids_.add(hash);
        maps_.push_back(std::move(m));
        return static_cast<int>(maps_.size()) - 1;
    }
    const index_map& map(int i) const { return maps_[static_cast<std::size_t>(i)]; }

    std::uint32_t found(const request& r) const {
        for (int i = done_ids_.first(r.hash()); i >= 0; i = done_ids_.next(i)) {
            const request& d = done_[static_cast<std::size_t>(i)];
            if (d.n == r.n && d.map == r.map) {
                return d.value;
            }
        }
        return unknown;
    }
    void settle(request r, std::uint32_t value) {
        r.value = value;
        done_ids_.add(r.hash());
        done_.push_back(r);
    }

    [[gnu::noinline]] std::uint32_t lower(const request& root) {
        list<frame> stack;
        stack.push_back({root, 0});
        while (!stack.empty()) {
            frame& top = stack.back();
            const request r = top.what;
            if (top.next == 0 && found(r) != unknown) {
                stack.pop_back();
                continue;
            }
            request through{nullptr, 0, unknown};
            if (const std::uint32_t leaf = as_leaf(r, through); leaf != unknown) {
                settle(r, leaf);
                stack.pop_back();
                continue;
            }
            if (through.n != nullptr) {  // a view of a node computed here
                if (const std::uint32_t value = found(through); value != unknown) {
                    settle(r, value);
                    stack.pop_back();
                } else {
                    top.next = 1;
                    stack.push_back({through, 0});
                }
                continue;
            }
            if (top.next < r.n->input_count()) {
                const request q = operand(r, top.next);
                ++top.next;
                if (found(q) == unknown) {
                    stack.push_back({q, 0});
                }
                continue;
            }
            finish(r);
            stack.pop_back();
        }
        return found(root);
    }

    request operand(const request& r, std::size_t i) {
        node* child = table_.same(r.n->input(i));
        if (r.map == 0 && child->shape() == r.n->shape()) {
            return {child, 0, unknown};
        }
        return {child, intern(broadcast_map(map(r.map), r.n->shape(), child->shape())), unknown};
    }

    void finish(const request& r) {
        const auto first = static_cast<std::uint32_t>(pass_.operands.size());
        for (std::size_t i = 0; i < r.n->input_count(); ++i) {
            pass_.operands.push_back(found(operand(r, i)));
        }
        settle(r, static_cast<std::uint32_t>(pass_.instructions.size()));
        pass_.instructions.push_back({r.n, first});
    }

    /// The leaf number of a request that is read, not computed; otherwise `unknown`. For a view of
    /// a node computed here, also sets `through` to the request on that node.
    [[gnu::noinline]] std::uint32_t as_leaf(const request& r, request& through) {
        node* n = r.n;
        const graph::kind k = n->kind();
        if (k == graph::kind::number) {
            return number_leaf(n);
        }
        const int local = local_of(n);
        const bool computed = local < 0 && table_.computed_in(n, group_);
        if (k == graph::kind::map && computed) {
            return unknown;
        }
        const index_map& m = map(r.map);
        const bool viewing = k == graph::kind::view && computed;
        leaf l{n, {}, 0, local};
        if (m.linear) {
            l.strides = m.strides;
            l.offset = m.offset;
        } else {
            graph::layout found =
                resolve(m, pass_.space.size(),
                        viewing ? n->layout().strides : contiguous_strides(n->shape()));
            l.strides = std::move(found.strides);
            l.offset = found.offset;
        }
        if (!viewing) {
            return add_leaf(std::move(l));
        }
        l.source = table_.same(n->input(0));
        l.offset += n->layout().offset;
        l.local = local_of(l.source);
        if (l.local >= 0 || l.source->kind() != graph::kind::map ||
            !table_.computed_in(l.source, group_)) {
            return add_leaf(std::move(l));
        }
        index_map next;
        list<axis> axes;
        if (recover_axes(axes, n->shape(), n->layout(), l.source->shape()) && !m.linear) {
            next = compose(m, axes);
        } else {
            next.linear = true;
            next.strides = std::move(l.strides);
            next.offset = l.offset;
        }
        through.n = l.source;
        through.map = intern(std::move(next));
        return unknown;
    }

    int local_of(const node* n) const {
        const facts* f = time_ < 0 ? nullptr : table_.find(n);
        return f != nullptr && f->pass == group_ && f->time() < time_ ? f->local : -1;
    }

    /// Numbers of equal value and dtype are one leaf.
    std::uint32_t number_leaf(node* n) {
        const std::size_t size = n->dtype().itemsize();
        std::uint64_t words[2] = {};
        std::memcpy(words, n->number(), size);
        const std::uint64_t hash = hash_index::mix(hash_index::mix(words[0], words[1]),
                                                   static_cast<std::uint64_t>(n->dtype().id()));
        for (int i = leaf_ids_.first(hash); i >= 0; i = leaf_ids_.next(i)) {
            const node* other = pass_.leaves[static_cast<std::size_t>(i)].source;
            if (other->kind() == graph::kind::number && other->dtype() == n->dtype() &&
                std::memcmp(other->number(), n->number(), size) == 0) {
                return static_cast<std::uint32_t>(i) | leaf_bit;
            }
        }
        return append_leaf({n, shape::filled(pass_.space.size(), 0), 0, -1}, hash);
    }
    std::uint32_t add_leaf(leaf l) {
        std::uint64_t hash = hash_index::mix(reinterpret_cast<std::uintptr_t>(l.source),
                                             static_cast<std::uint64_t>(l.offset));
        for (std::int64_t s : l.strides) {
            hash = hash_index::mix(hash, static_cast<std::uint64_t>(s));
        }
        for (int i = leaf_ids_.first(hash); i >= 0; i = leaf_ids_.next(i)) {
            const leaf& known = pass_.leaves[static_cast<std::size_t>(i)];
            if (known.source == l.source && known.offset == l.offset &&
                known.strides == l.strides) {
                return static_cast<std::uint32_t>(i) | leaf_bit;
            }
        }
        return append_leaf(std::move(l), hash);
    }
    std::uint32_t append_leaf(leaf l, std::uint64_t hash) {
        leaf_ids_.add(hash);
        pass_.leaves.push_back(std::move(l));
        return static_cast<std::uint32_t>(pass_.leaves.size() - 1) | leaf_bit;
    }

    pass& pass_;
    const fact_table& table_;
    const int group_;
    const int time_;
    list<index_map> maps_;
    list<request> done_;
    hash_index map_ids_;
    hash_index done_ids_;
    hash_index leaf_ids_;
};

}  // namespace lazy::plan

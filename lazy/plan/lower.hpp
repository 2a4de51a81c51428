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
        : pass_(&p), table_(table), group_(group), time_(time) {}

    /// From now on builds another stage, of as many dimensions.
    void go_on(pass& p, int time) {
        pass_ = &p;
        time_ = time;
        done_.clear();
        done_ids_.clear();
        leaf_ids_.clear();
    }

    /// The value number of `root`, whose shape is the pass's space.
    std::uint32_t value_of(node* root) { return lower({table_.same(root), identity, unknown}); }
    /// The same for a tensor whose elements the map finds.
    std::uint32_t value_of(node* root, index_map m) {
        return lower({table_.same(root), intern(std::move(m)), unknown});
    }

    /// Turns the provisional numbers (leaves marked by a bit) into final ones; call once at the
    /// end.
    void number_values() {
        for (std::uint32_t& v : pass_->operands) {
            v = final_number(v);
        }
        for (output& o : pass_->outputs) {
            o.value = final_number(o.value);
        }
    }

private:
    static constexpr std::uint32_t leaf_bit = 0x80000000U;
    static constexpr std::uint32_t unknown = ~0U;
    static constexpr int identity = 0;  ///< the number of the map of the space itself

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
    /// A value that waits for its operands; or, of a view of a node computed here, for `through`.
    struct frame {
        request what;
        request through;
        std::size_t known;  ///< operands so far, the last ones of `values_`

        bool complete() const {
            return known == (through.n != nullptr ? 1 : what.n->input_count());
        }
    };

    std::uint32_t final_number(std::uint32_t v) const {
        return (v & leaf_bit) != 0 ? v & ~leaf_bit
                                   : v + static_cast<std::uint32_t>(pass_->leaves.size());
    }

    int intern(index_map m) {
        const std::uint64_t hash = m.hash();
        map(identity);
        for (int i = map_ids_.first(hash); i >= 0; i = map_ids_.next(i)) {
            if (map(i).same_as(m)) {
                return i;
            }
        }
        map_ids_.add(hash);
        maps_.push_back(std::move(m));
        return static_cast<int>(maps_.size()) - 1;
    }
    const index_map& map(int i) {
        if (maps_.empty()) {  // many passes need no map but this one, and not even its axes
            maps_.push_back(identity_map(pass_->space.size()));
            map_ids_.add(maps_.back().hash());
        }
        return maps_[static_cast<std::size_t>(i)];
    }

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
        for (request wanted = root;; wanted = operand(stack_.back())) {
            request through{nullptr, 0, unknown};
            std::uint32_t value = found(wanted);
            if (value == unknown) {
                value = as_leaf(wanted, through);
                if (value == unknown) {
                    stack_.push_back({wanted, through, 0});
                } else {
                    settle(wanted, value);
                }
            }
            while (true) {
                if (value != unknown) {
                    if (stack_.empty()) {
                        return value;
                    }
                    values_.push_back(value);
                    ++stack_.back().known;
                }
                if (!stack_.back().complete()) {
                    break;
                }
                value = finish(stack_.back());
                stack_.pop_back();
            }
        }
    }

    /// What the value needs next.
    request operand(const frame& f) {
        if (f.through.n != nullptr) {
            return f.through;
        }
        const request& r = f.what;
        node* child = table_.same(r.n->input(f.known));
        if (r.map == identity && child->shape() == r.n->shape()) {
            return {child, identity, unknown};
        }
        return {child, intern(broadcast_map(map(r.map), r.n->shape(), child->shape())), unknown};
    }

    std::uint32_t finish(const frame& f) {
        if (f.through.n != nullptr) {
            const std::uint32_t value = values_.back();
            values_.pop_back();
            settle(f.what, value);
            return value;
        }
        const auto first = static_cast<std::uint32_t>(pass_->operands.size());
        const std::size_t others = values_.size() - f.known;
        for (std::size_t i = others; i < values_.size(); ++i) {
            pass_->operands.push_back(values_[i]);
        }
        values_.resize(others);
        const auto value = static_cast<std::uint32_t>(pass_->instructions.size());
        settle(f.what, value);
        pass_->instructions.push_back({f.what.n, first});
        return value;
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
        const bool viewing = k == graph::kind::view && computed;
        leaf l{n, {}, 0, local};
        if (r.map == identity) {
            l.strides = viewing ? n->layout().strides : contiguous_strides(n->shape());
        } else if (const index_map& m = map(r.map); m.linear) {
            l.strides = m.strides;
            l.offset = m.offset;
        } else {
            graph::layout found =
                resolve(m, pass_->space.size(),
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
        const index_map& m = map(r.map);
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
            const node* other = pass_->leaves[static_cast<std::size_t>(i)].source;
            if (same_number(other, n)) {
                return static_cast<std::uint32_t>(i) | leaf_bit;
            }
        }
        return append_leaf({n, shape::filled(pass_->space.size(), 0), 0, -1}, hash);
    }
    std::uint32_t add_leaf(leaf&& l) {
        const std::uint64_t hash = hash_index::mix(reinterpret_cast<std::uintptr_t>(l.source) >> 4,
                                                   static_cast<std::uint64_t>(l.offset));
        for (int i = leaf_ids_.first(hash); i >= 0; i = leaf_ids_.next(i)) {
            const leaf& known = pass_->leaves[static_cast<std::size_t>(i)];
            if (known.source == l.source && known.offset == l.offset &&
                known.strides == l.strides) {
                return static_cast<std::uint32_t>(i) | leaf_bit;
            }
        }
        return append_leaf(std::move(l), hash);
    }
    std::uint32_t append_leaf(leaf&& l, std::uint64_t hash) {
        leaf_ids_.add(hash);
        pass_->leaves.push_back(std::move(l));
        return static_cast<std::uint32_t>(pass_->leaves.size() - 1) | leaf_bit;
    }

    pass* pass_;
    const fact_table& table_;
    const int group_;
    int time_;
    list<index_map> maps_;
    list<request> done_;
    list<frame> stack_;
    list<std::uint32_t> values_;
    hash_index map_ids_;
    hash_index done_ids_;
    hash_index leaf_ids_;
};

}  // namespace lazy::plan

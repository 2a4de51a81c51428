// Lowering: from the nodes one pass computes to its leaves and instructions.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unordered_map>

#include "index_map.hpp"
#include "pass.hpp"

namespace lazy::plan {

/// Builds the instructions of one pass. `Fused(node)` says whether a map node is computed in this
/// pass (true) or read from memory (false). Walks with an explicit stack: graphs are deep.
template <class Fused>
class lowering {
public:
    lowering(pass& p, Fused fused) : pass_(p), fused_(std::move(fused)) {
        intern(identity_map(p.space.size()));
    }

    /// The value number of `root`, whose shape is the pass's space.
    std::uint32_t value_of(node* root) { return lower(root, 0); }

private:
    struct request {
        node* n;
        int map;
        friend bool operator==(const request&, const request&) = default;
    };
    struct hash {
        static std::size_t mix(std::size_t h, std::size_t v) {
            return (h ^ v) * 0x9e3779b97f4a7c15ULL + (h >> 29);
        }
        std::size_t operator()(const request& r) const {
            return mix(reinterpret_cast<std::size_t>(r.n) >> 4, static_cast<std::size_t>(r.map));
        }
        std::size_t operator()(const index_map& m) const {
            std::size_t h = m.linear ? 1 : 0;
            for (const axis& a : m.axes) {
                h = mix(mix(mix(h, static_cast<std::size_t>(a.space_dim)),
                            static_cast<std::size_t>(a.step)),
                        static_cast<std::size_t>(a.start));
            }
            for (std::int64_t s : m.strides) {
                h = mix(h, static_cast<std::size_t>(s));
            }
            return mix(h, static_cast<std::size_t>(m.offset));
        }
        std::size_t operator()(const leaf& l) const {
            std::size_t h = mix(reinterpret_cast<std::size_t>(l.source),
                                static_cast<std::size_t>(l.offset));
            for (std::int64_t s : l.strides) {
                h = mix(h, static_cast<std::size_t>(s));
            }
            return h;
        }
    };
    struct same_leaf {
        bool operator()(const leaf& a, const leaf& b) const {
            return a.source == b.source && a.offset == b.offset && a.strides == b.strides;
        }
    };
    struct frame {
        request what;
        std::size_t next;
    };
    static constexpr std::uint32_t leaf_bit = 0x80000000U;

    int intern(index_map m) {
        const auto [it, fresh] = map_ids_.try_emplace(std::move(m), static_cast<int>(maps_.size()));
        if (fresh) {
            maps_.push_back(&it->first);
        }
        return it->second;
    }

    std::uint32_t lower(node* root, int map) {
        std::vector<frame> stack{{{root, map}, 0}};
        while (!stack.empty()) {
            frame& top = stack.back();
            const request r = top.what;
            if (top.next == 0 && done_.contains(r)) {
                stack.pop_back();
                continue;
            }
            request through;
            if (const std::optional<std::uint32_t> l = as_leaf(r, through)) {
                done_[r] = *l;
                stack.pop_back();
                continue;
            }
            if (through.n != nullptr) {  // a view of a node computed here
                if (const auto it = done_.find(through); it != done_.end()) {
                    done_[r] = it->second;
                    stack.pop_back();
                } else {
                    top.next = 1;
                    stack.push_back({through, 0});
                }
                continue;
            }
            if (top.next < r.n->input_count()) {
                node* child = r.n->input(top.next);
                ++top.next;
                const request q{child, child_map(r, child)};
                if (!done_.contains(q)) {
                    stack.push_back({q, 0});
                }
                continue;
            }
            finish(r);
            stack.pop_back();
        }
        return done_.at({root, map});
    }

    int child_map(const request& r, const node* child) {
        if (r.map == 0 && child->shape() == r.n->shape()) {
            return 0;
        }
        return intern(broadcast_map(*maps_[static_cast<std::size_t>(r.map)], r.n->shape(),
                                    child->shape()));
    }

    void finish(const request& r) {
        const auto first = static_cast<std::uint32_t>(pass_.operands.size());
        for (std::size_t i = 0; i < r.n->input_count(); ++i) {
            node* child = r.n->input(i);
            pass_.operands.push_back(done_.at({child, child_map(r, child)}));
        }
        done_[r] = static_cast<std::uint32_t>(pass_.instructions.size());
        pass_.instructions.push_back({r.n, first});
    }

    /// The leaf number of a request that is read, not computed. A view of a node computed here
    /// gives nothing and sets `through` to the request on that node.
    std::optional<std::uint32_t> as_leaf(const request& r, request& through) {
        through = {nullptr, 0};
        const index_map& m = *maps_[static_cast<std::size_t>(r.map)];
        const std::size_t ndim = pass_.space.size();
        node* n = r.n;
        const graph::kind k = n->kind();
        if (k == graph::kind::number) {
            return number_leaf(n);
        }
        if (k == graph::kind::map && fused_(n)) {
            return std::nullopt;
        }
        if (k != graph::kind::view || !fused_(n)) {
            graph::layout l = m.linear ? graph::layout{m.strides, m.offset}
                                       : resolve(m, ndim, contiguous_strides(n->shape()));
            return add_leaf({n, std::move(l.strides), l.offset});
        }
        node* viewed = n->input(0);
        const graph::layout& v = n->layout();
        graph::layout l = m.linear ? graph::layout{m.strides, m.offset} : resolve(m, ndim, v.strides);
        l.offset += v.offset;
        if (viewed->kind() != graph::kind::map || !fused_(viewed)) {
            return add_leaf({viewed, std::move(l.strides), l.offset});
        }
        const auto axes = recover_axes(n->shape(), v, viewed->shape());
        index_map next;
        if (axes && !m.linear) {
            next = compose(m, *axes);
        } else {
            next.linear = true;
            next.strides = std::move(l.strides);
            next.offset = l.offset;
        }
        through = {viewed, intern(std::move(next))};
        return std::nullopt;
    }

    std::uint32_t number_leaf(node* n) {
        std::string key(static_cast<const char*>(n->number()), n->dtype().itemsize());
        key.push_back(static_cast<char>(n->dtype().id()));
        const auto [it, fresh] = numbers_.try_emplace(std::move(key), 0);
        if (fresh) {
            it->second = add_leaf({n, shape::filled(pass_.space.size(), 0), 0});
        }
        return it->second;
    }
    std::uint32_t add_leaf(leaf l) {
        const auto number = static_cast<std::uint32_t>(pass_.leaves.size()) | leaf_bit;
        const auto [it, fresh] = leaf_ids_.try_emplace(l, number);
        if (fresh) {
            pass_.leaves.push_back(std::move(l));
        }
        return it->second;
    }

public:
    /// Turns the provisional numbers (leaves marked by a bit) into final ones; call once at the end.
    void number_values() {
        const auto leaves = static_cast<std::uint32_t>(pass_.leaves.size());
        const auto final_number = [&](std::uint32_t v) {
            return (v & leaf_bit) != 0 ? v & ~leaf_bit : v + leaves;
        };
        for (std::uint32_t& v : pass_.operands) {
            v = final_number(v);
        }
        for (output& o : pass_.outputs) {
            o.value = final_number(o.value);
        }
    }

private:
    pass& pass_;
    Fused fused_;
    std::unordered_map<index_map, int, hash> map_ids_;
    std::vector<const index_map*> maps_;
    std::unordered_map<request, std::uint32_t, hash> done_;
    std::unordered_map<leaf, std::uint32_t, hash, same_leaf> leaf_ids_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
};

}  // namespace lazy::plan

// Which stored nodes one pass computes together.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "pass.hpp"
#include "rows.hpp"

namespace lazy::plan {

/// The kind of pass that stores a node by itself: views that are asked for are copied by a map
/// pass.
inline pass_kind kind_of_pass(const facts& f) {
    if (f.rows >= 0) {
        return pass_kind::rows;
    }
    switch (f.n->kind()) {
        case graph::kind::reduce: return pass_kind::reduce;
        case graph::kind::update: return pass_kind::update;
        case graph::kind::opaque: return pass_kind::opaque;
        default: return pass_kind::map;
    }
}

/// Stored nodes that one pass computes, linked in the order of the graph.
struct pass_group {
    facts* front;
    facts* back;
    const node* reduction = nullptr;  ///< one of them, if there is one
    bool maps = false;                ///< some of them are elementwise

    pass_kind kind() const {
        return reduction != nullptr ? pass_kind::reduce : kind_of_pass(*front);
    }
};

/// The groups of a plan. What is elementwise over some elements, on one level, is one group, never
/// two: what the planner lets read such values on their own level joins that group. A reduction of
/// those elements that takes them in their order does, if it has none over other dimensions.
class pass_groups {
public:
    explicit pass_groups(const row_fusion& rows) : rows_(rows) {}

    std::size_t size() const { return groups_.size(); }
    const pass_group& operator[](std::size_t i) const { return groups_[i]; }
    const pass_group* begin() const { return groups_.begin(); }
    const pass_group* end() const { return groups_.end(); }
    void clear() {
        groups_.clear();
        keys_ = memory::hash_index();
    }

    void join(facts& f) {
        const std::uint64_t hash = hash_of(f, f.level);
        int g = find(hash, [&](const pass_group& known) { return prefers(known, f); });
        if (g < 0) {
            g = find(hash, [&](const pass_group& known) { return takes(known, f); });
        }
        if (g < 0) {
            g = static_cast<int>(groups_.size());
            keys_.add(hash);
            groups_.push_back({&f, &f});
        } else {
            pass_group& known = groups_[static_cast<std::size_t>(g)];
            known.back->next_in_group = &f;
            known.back = &f;
        }
        f.owner = g;
        pass_group& joined = groups_[static_cast<std::size_t>(g)];
        const pass_kind k = kind_of_pass(f);
        joined.reduction = k == pass_kind::reduce ? f.n : joined.reduction;
        joined.maps = joined.maps || k == pass_kind::map;
    }
    /// True iff reduction f, on this level, would join the elementwise values of its elements.
    bool joins_maps(const facts& f, int level) const {
        return find(hash_of(f, level), [&](const pass_group& known) {
                   return is_beside(known, f, level) && reduces_maps(known, f);
               }) >= 0;
    }

private:
    template <class F>
    int find(std::uint64_t hash, F&& fits) const {
        int g = keys_.first(hash);
        while (g >= 0 && !fits(groups_[static_cast<std::size_t>(g)])) {
            g = keys_.next(g);
        }
        return g;
    }

    /// The shape a map or reduce pass walks.
    const shape& space_of(const facts& f) const {
        return f.rows >= 0                          ? rows_.space(f).space
               : f.n->kind() == graph::kind::reduce ? f.n->input(0)->shape()
                                                    : f.n->shape();
    }
    std::uint64_t hash_of(const facts& f, int level) const {
        const pass_kind k = kind_of_pass(f);
        const pass_kind like = k == pass_kind::reduce ? pass_kind::map : k;
        std::uint64_t h = memory::hash_index::mix(static_cast<std::uint64_t>(like),
                                                  static_cast<std::uint64_t>(level));
        if (k == pass_kind::update || k == pass_kind::opaque) {
            return memory::hash_index::mix(h, static_cast<std::uint64_t>(f.n->plan_index));
        }
        for (std::int64_t s : space_of(f)) {
            h = memory::hash_index::mix(h, static_cast<std::uint64_t>(s));
        }
        return h;
    }
    bool is_beside(const pass_group& g, const facts& f, int level) const {
        const facts& front = *g.front;
        return (kind_of_pass(front) == pass_kind::rows) == (f.rows >= 0) && front.level == level &&
               front.rows == f.rows && space_of(front) == space_of(f);
    }
    static const dim_set& dims(const node* n) { return n->reduction().reduced; }
    bool reduces_maps(const pass_group& g, const facts& f) const {
        return g.maps && (g.reduction == nullptr ? reduces_in_order(dims(f.n), space_of(f).size())
                                                 : dims(g.reduction) == dims(f.n));
    }

    /// True iff a group is f's: there is at most one that it prefers.
    bool prefers(const pass_group& g, const facts& f) const {
        const pass_kind k = kind_of_pass(f);
        return is_beside(g, f, f.level) && (k == pass_kind::map      ? g.maps
                                            : k == pass_kind::reduce ? reduces_maps(g, f)
                                                                     : k == pass_kind::rows);
    }
    /// True iff a group without elementwise values may have f.
    bool takes(const pass_group& g, const facts& f) const {
        const pass_kind k = kind_of_pass(f);
        if (g.reduction == nullptr || g.maps || !is_beside(g, f, f.level)) {
            return false;
        }
        return k == pass_kind::reduce
                   ? dims(g.reduction) == dims(f.n)
                   : k == pass_kind::map && reduces_in_order(dims(g.reduction), space_of(f).size());
    }

    const row_fusion& rows_;
    memory::hash_index keys_;
    list<pass_group> groups_;
};

}  // namespace lazy::plan

// The planner: which nodes are computed together and which values are stored, with the reasons.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

#include "../graph/build.hpp"
#include "donation.hpp"
#include "equal_values.hpp"
#include "keep_decisions.hpp"
#include "lower.hpp"
#include "pass_groups.hpp"

namespace lazy::plan {

/// Recomputing up to this many cheap instructions beats storing a value and reading it back.
inline constexpr float recompute_limit = 8;

/// Plans the evaluation of some roots. The caller holds the evaluation lock, and the roots.
class planner {
public:
    /// When it throws (out of memory) the destructor runs: the nodes are as they were.
    explicit planner(std::span<node* const> roots) : planner() {
        collect(roots);
        keep_decisions(facts_, table_, rows_).decide(roots);
        assign();
        if (sweep()) {
            assign();
        }
    }
    ~planner() {
        for (const facts& f : facts_) {
            f.n->plan_index = -1;
        }
        for (node* n : copies_) {
            n->plan_index = -1;
        }
    }
    planner(const planner&) = delete;
    planner& operator=(const planner&) = delete;

    const list<facts>& nodes() const { return facts_; }
    /// How much of a fused value its pass computes: 1 is each element once, or more often.
    float computed_part(const facts& f) const {
        if (f.owner < 0 || static_cast<std::size_t>(f.owner) >= groups_.size() || f.rows >= 0) {
            return 1;
        }
        const facts& stored = *groups_[static_cast<std::size_t>(f.owner)].front;
        const auto all = static_cast<float>(std::max<std::int64_t>(f.n->numel(), 1));
        return std::min(1.0F, static_cast<float>(source_of(stored.n)->numel()) / all);
    }

    /// The passes, in an order that respects their dependencies: by level, and within a level
    /// in the order of the graph, with what writes in place last.
    list<pass> passes() {
        list<pass> out(groups_.size());
        list<std::size_t> place(groups_.size());
        if (groups_.size() == 1) {
            build(out[0], groups_[0], 0);
        } else {
            build_in_order(out, place);
        }
        // Nodes equal to what is stored get its value.
        const list<bool> wanted = wanted_later();
        for (std::size_t i = 0; i < copies_.size(); ++i) {
            node* const n = copies_[i];
            const facts* f = find(n);
            if (f->keep == nullptr || !wanted[i]) {
                continue;
            }
            pass& p = out[place[static_cast<std::size_t>(f->owner)]];
            for (std::size_t o = 0; o < p.outputs.size(); ++o) {
                if (p.outputs[o].target == f->n) {
                    p.copies.push_back({graph::node_ptr(n), o});
                }
            }
        }
        return out;
    }

private:
    planner() : rows_(table_), groups_(rows_) {}

    static constexpr int many = facts::many;

    facts* find(const node* n) const { return table_.find(n); }
    static bool pending(const node* n) {
        const graph::kind k = n->kind();
        return k != graph::kind::buffer && k != graph::kind::number && k != graph::kind::iota;
    }

    /// `place`: of each group, the number of its pass.
    void build_in_order(list<pass>& out, list<std::size_t>& place) {
        const auto rank = [](const pass_group& g) {
            return static_cast<std::size_t>(g.front->level) * 2 +
                   (g.front->n->kind() == graph::kind::update ? 1 : 0);
        };
        list<std::size_t> start;  // of each rank: where its passes begin
        for (const pass_group& g : groups_) {
            if (start.size() < rank(g) + 2) {
                start.resize(rank(g) + 2);
            }
            ++start[rank(g) + 1];
        }
        for (std::size_t r = 1; r < start.size(); ++r) {
            start[r] += start[r - 1];
        }
        for (std::size_t g = 0; g < groups_.size(); ++g) {
            place[g] = start[rank(groups_[g])]++;
            build(out[place[g]], groups_[g], static_cast<int>(g));
        }
    }

    /// Producers before consumers.
    void collect(std::span<node* const> roots) {
        struct frame {
            node* n;
            std::size_t next;
        };
        struct open_nodes : list<frame> {
            void enter(node* n) {
                push_back({n, 0});
                n->plan_index = -2;
            }
            ~open_nodes() {
                for (const frame& f : *this) {
                    f.n->plan_index = -1;
                }
            }
        } stack;
        equal_values values(table_);
        for (node* root : roots) {
            if (root->ready() || root->plan_index != -1) {
                continue;
            }
            stack.enter(root);
            while (!stack.empty()) {
                frame& top = stack.back();
                if (top.next < top.n->input_count()) {
                    node* child = top.n->input(top.next++);
                    if (pending(child) && child->plan_index == -1) {
                        stack.enter(child);
                    }
                    continue;
                }
                const std::int64_t known = values.find(top.n, facts_.size());
                if (known >= 0) {
                    copies_.push_back(top.n);
                    top.n->plan_index = known;
                    facts_[static_cast<std::size_t>(known)].shared = true;
                } else {
                    facts_.push_back({top.n});
                    table_.set(facts_.data());
                    top.n->plan_index = static_cast<std::int64_t>(facts_.size()) - 1;
                }
                stack.pop_back();
            }
        }
        for (const facts& f : facts_) {
            for (std::size_t i = 0; i < f.n->input_count(); ++i) {
                facts* in = find(f.n->input(i));
                if (in != nullptr && in->n == f.n->input(i)) {
                    ++in->uses;
                }
            }
        }
    }

    /// Which of copies_ need the value themselves: those that others than this evaluation's nodes
    /// hold, those that algorithms and writes look at, and all where a reader stays as it is.
    list<bool> wanted_later() const {
        list<bool> wanted(copies_.size(), false);
        if (copies_.empty()) {
            return wanted;
        }
        const auto hash = [](const node* n) { return reinterpret_cast<std::uintptr_t>(n) >> 4; };
        hash_index index;
        for (const node* n : copies_) {
            index.add(hash(n));
        }
        list<std::uint32_t> uses(copies_.size(), 0);
        const auto count = [&](const node* reader) {
            for (std::size_t i = 0; i < reader->input_count(); ++i) {
                const node* in = reader->input(i);
                const facts* f = find(in);
                if (f != nullptr && f->n != in) {
                    const auto c = static_cast<std::size_t>(index.first(hash(in)));
                    ++uses[c];
                    wanted[c] = wanted[c] || !is_fused(reader->kind());
                }
            }
        };
        bool stays = false;
        for (const facts& f : facts_) {
            count(f.n);
            stays = stays || (f.keep == nullptr && (f.pending || f.n->use_count() > f.uses));
        }
        for (const node* n : copies_) {
            count(n);
        }
        for (std::size_t i = 0; i < copies_.size(); ++i) {
            const bool held = copies_[i]->use_count() > uses[i];
            wanted[i] = wanted[i] || held;
            stays = stays || (held && find(copies_[i])->keep == nullptr);
        }
        return stays ? list<bool>(copies_.size(), true) : std::move(wanted);
    }

    /// Levels and groups of the stored nodes.
    void assign() {
        groups_.clear();
        for (facts& f : facts_) {
            f.owner = -1;
            f.level = 0;
            f.beside = false;
            f.next_in_group = nullptr;
            for (std::size_t i = 0; i < f.n->input_count(); ++i) {
                const facts* in = find(f.n->input(i));
                if (in == nullptr) {
                    continue;
                }
                // What a level stores, only a pass of the same space may read on that level: a map
                // pass over the same elements, or the rows' own. Another pass of the level may run
                // before the value is there.
                const bool beside = in->keep != nullptr || in->beside;
                const bool aligned = beside && reads_in_order(f, *in);
                const int after = in->level + (beside && !aligned ? 1 : 0);
                if (after >= f.level) {
                    f.beside = aligned || (f.beside && after == f.level);
                    f.level = after;
                }
            }
            if (f.keep != nullptr) {
                groups_.join(f);
            }
        }
    }
    bool reads_in_order(const facts& f, const facts& in) const {
        if (f.rows >= 0) {
            return f.n->kind() == graph::kind::view || rows_.fits(f, in.n);
        }
        if (in.n->kind() != graph::kind::map || in.rows >= 0) {
            return false;
        }
        return f.n->kind() == graph::kind::reduce
                   ? f.keep != nullptr && groups_.joins_maps(f, in.level)
                   : f.n->kind() == graph::kind::map && in.n->shape() == f.n->shape();
    }
    /// Consumers first: a value that several passes need is stored when recomputing it costs more.
    bool sweep() {
        bool changed = false;
        for (std::size_t i = facts_.size(); i-- > 0;) {
            facts& f = facts_[i];
            if (f.keep == nullptr && f.owner == many && f.n->kind() != graph::kind::view &&
                (f.cost > recompute_limit || f.rows >= 0)) {
                f.keep = "several passes need it";
                f.owner = static_cast<int>(groups_.size() + i);
                changed = true;
            }
            for (std::size_t j = 0; j < f.n->input_count(); ++j) {
                facts* in = find(f.n->input(j));
                if (in != nullptr && in->keep == nullptr) {
                    in->owner = in->owner == -1 || in->owner == f.owner ? f.owner : many;
                }
            }
        }
        return changed;
    }

    void build(pass& p, const pass_group& members, int id) {
        node* first = members.front->n;
        p.level = members.front->level;
        p.reason = members.front->keep;
        p.kind = members.kind();
        if (p.kind == pass_kind::opaque) {
            p.space = first->shape();
            for (std::size_t i = 0; i < first->input_count(); ++i) {
                p.leaves.push_back({table_.same(first->input(i)), {}, 0, -1});
            }
            p.outputs.push_back({first, 0, false, {}, 0, -1});
            return;
        }
        if (p.kind == pass_kind::rows) {
            rows_.build(p, id, members.front);
            return;
        }
        p.space = source_of(first)->shape();
        lowering lower(p, table_, id);
        for (const facts* f = members.front; f != nullptr; f = f->next_in_group) {
            output o{f->n, lower.value_of(source_of(f->n)), false, {}, 0, -1};
            if (p.kind == pass_kind::update) {
                p.readers = f->readers;
                o.strided = true;
                o.strides = f->n->layout().strides;
                o.offset = f->n->layout().offset;
            }
            p.outputs.push_back(std::move(o));
        }
        lower.number_values();
        if (members.maps) {
            find_donors(p, table_, id);
        }
        if (p.kind == pass_kind::reduce) {
            p.reduction = &members.reduction->reduce();
            arrange_reduction(p, members.reduction->reduction().reduced);
        }
    }
    /// The node whose elements a pass computes to store `n`.
    static node* source_of(node* n) {
        const graph::kind k = n->kind();
        return k == graph::kind::reduce ? n->input(0) : k == graph::kind::update ? n->input(1) : n;
    }

    list<facts> facts_;
    list<node*> copies_;  ///< nodes for which an equal one stands
    fact_table table_;
    row_fusion rows_;
    pass_groups groups_;
};

}  // namespace lazy::plan

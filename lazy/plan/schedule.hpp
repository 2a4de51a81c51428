// The planner: which nodes are computed together and which values are stored, with the reasons.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "../graph/build.hpp"
#include "lower.hpp"

namespace lazy::plan {

/// What the planner knows of one node that has to be computed.
struct facts {
    node* n;
    const char* keep = nullptr;  ///< why the value is stored; null: it stays in registers
    bool uniform = false;        ///< reads only tensors of its own shape and numbers
    float cost = 0;              ///< instructions per element, of it and all that is fused into it
    std::uint32_t uses = 0;      ///< edges from nodes of this evaluation
    int level = 0;               ///< passes that must come before
    int owner = -1;              ///< the group of passes that computes it; several: `many`
};

/// Recomputing up to this many cheap instructions beats storing a value and reading it back.
inline constexpr float recompute_limit = 8;
using graph::broadcast_limit;

/// Plans the evaluation of some roots. The caller holds the evaluation lock, and the roots.
class planner {
public:
    explicit planner(std::span<node* const> roots) {
        collect(roots);
        decide(roots);
        assign();
        if (sweep()) {
            assign();
        }
    }
    ~planner() {
        for (const facts& f : facts_) {
            f.n->plan_index = -1;
        }
    }
    planner(const planner&) = delete;
    planner& operator=(const planner&) = delete;

    const std::vector<facts>& nodes() const { return facts_; }

    /// The passes, in an order that respects their dependencies.
    std::vector<pass> passes() {
        std::vector<pass> out(groups_.size());
        for (std::size_t g = 0; g < groups_.size(); ++g) {
            build(out[g], groups_[g], static_cast<int>(g));
        }
        std::stable_sort(out.begin(), out.end(), [](const pass& a, const pass& b) {
            return a.level != b.level ? a.level < b.level
                                      : (a.kind == pass_kind::update) < (b.kind == pass_kind::update);
        });
        return out;
    }

private:
    static constexpr int many = -2;

    facts* find(const node* n) {
        return n->plan_index < 0 ? nullptr : &facts_[static_cast<std::size_t>(n->plan_index)];
    }
    static bool pending(const node* n) {
        const graph::kind k = n->kind();
        return k != graph::kind::buffer && k != graph::kind::number && k != graph::kind::iota;
    }

    /// Producers before consumers.
    void collect(std::span<node* const> roots) {
        struct frame {
            node* n;
            std::size_t next;
        };
        std::vector<frame> stack;
        const auto enter = [&](node* n) {
            if (n->plan_index == -1) {
                n->plan_index = -2;
                stack.push_back({n, 0});
            }
        };
        for (node* root : roots) {
            if (root->ready()) {
                continue;
            }
            enter(root);
            while (!stack.empty()) {
                frame& top = stack.back();
                if (top.next < top.n->input_count()) {
                    node* child = top.n->input(top.next++);
                    if (pending(child)) {
                        enter(child);
                    }
                    continue;
                }
                top.n->plan_index = static_cast<std::int64_t>(facts_.size());
                facts_.push_back({top.n});
                stack.pop_back();
            }
        }
        for (const facts& f : facts_) {
            for (std::size_t i = 0; i < f.n->input_count(); ++i) {
                if (facts* in = find(f.n->input(i))) {
                    ++in->uses;
                }
            }
        }
    }

    static void keep(facts* f, const char* reason) {
        if (f != nullptr && f->keep == nullptr) {
            f->keep = reason;
        }
    }
    /// The node behind a view, or the node itself.
    facts* behind_view(const node* n) {
        return find(n->kind() == graph::kind::view ? n->input(0) : n);
    }

    void decide(std::span<node* const> roots) {
        for (node* root : roots) {
            keep(find(root), "asked for");
        }
        for (facts& f : facts_) {
            node* n = f.n;
            switch (n->kind()) {
                case graph::kind::map: decide_map(f); break;
                case graph::kind::view: decide_view(f); break;
                case graph::kind::reduce:
                    keep(&f, "a reduction ends a pass");
                    if (const facts* in = find(n->input(0))) {
                        f.cost = in->cost;
                    }
                    break;
                case graph::kind::update:
                    keep(&f, "a write in place");
                    keep(find(n->input(0)), "written in place");
                    if (reads(n->input(1), n->input(0))) {
                        keep(find(n->input(1)), "the write reads what it overwrites");
                    }
                    break;
                case graph::kind::opaque:
                    keep(&f, "a whole-tensor algorithm");
                    for (std::size_t i = 0; i < n->input_count(); ++i) {
                        keep(find(n->input(i)), "input of a whole-tensor algorithm");
                    }
                    break;
                default: break;
            }
            const bool held = n->use_count() > f.uses;
            if (f.keep == nullptr && held && n->recomputed > 0 && n->kind() == graph::kind::map) {
                f.keep = "asked for a second time";
            }
        }
    }

    void decide_map(facts& f) {
        node* n = f.n;
        f.cost = n->map().cost;
        f.uniform = true;
        for (std::size_t i = 0; i < n->input_count(); ++i) {
            const node* in = n->input(i);
            facts* known = find(in);
            if (in->kind() != graph::kind::number) {
                const bool direct = known == nullptr || known->keep != nullptr || known->uniform;
                f.uniform = f.uniform && in->shape() == n->shape() && direct;
            }
            if (known == nullptr) {
                continue;
            }
            if (in->numel() < n->numel()) {
                facts* source = behind_view(in);
                if (source != nullptr && source->cost > broadcast_limit) {
                    keep(source, "a broadcast would recompute it");
                }
            }
            if (known->keep == nullptr) {
                f.cost += known->cost;
            }
        }
    }

    void decide_view(facts& f) {
        node* n = f.n;
        facts* root = find(n->input(0));
        f.uniform = graph::is_whole(n->layout(), n->shape(), n->input(0)->numel()) &&
                    (root == nullptr || root->keep != nullptr || root->uniform);
        if (root == nullptr || root->keep != nullptr) {
            return;
        }
        if (n->numel() > root->n->numel() && root->cost > broadcast_limit) {
            keep(root, "a broadcast would recompute it");
        } else if (!root->uniform && !recover_axes(n->shape(), n->layout(), root->n->shape())) {
            keep(root, "a reshape that no index map expresses");
        } else {
            f.cost = root->cost;
        }
    }

    /// True iff computing `n` reads the stored value `what`.
    bool reads(node* n, const node* what) {
        std::vector<node*> stack{n};
        std::vector<node*> seen;
        bool found = false;
        while (!stack.empty() && !found) {
            node* top = stack.back();
            stack.pop_back();
            found = top == what;
            const facts* f = find(top);
            if (f == nullptr || (f->keep != nullptr && top != n) || f->owner == many) {
                continue;
            }
            find(top)->owner = many;
            seen.push_back(top);
            for (std::size_t i = 0; i < top->input_count(); ++i) {
                stack.push_back(top->input(i));
            }
        }
        for (node* s : seen) {
            find(s)->owner = -1;
        }
        return found;
    }

    /// Levels and groups of the stored nodes.
    void assign() {
        groups_.clear();
        std::map<std::vector<std::int64_t>, int> keys;
        for (facts& f : facts_) {
            f.owner = -1;
            f.level = 0;
            for (std::size_t i = 0; i < f.n->input_count(); ++i) {
                const facts* in = find(f.n->input(i));
                if (in == nullptr) {
                    continue;
                }
                const bool aligned = f.n->kind() == graph::kind::map &&
                                     in->n->kind() == graph::kind::map &&
                                     in->n->shape() == f.n->shape();
                f.level = std::max(f.level, in->level + (in->keep != nullptr && !aligned ? 1 : 0));
            }
            if (f.keep == nullptr) {
                continue;
            }
            const auto fresh = static_cast<int>(groups_.size());
            const auto [it, added] = keys.try_emplace(group_key(f), fresh);
            f.owner = it->second;
            if (added) {
                groups_.emplace_back();
            }
            groups_[static_cast<std::size_t>(f.owner)].push_back(&f);
        }
    }

    /// Stored nodes with equal keys share a pass.
    static std::vector<std::int64_t> group_key(const facts& f) {
        const graph::kind k = f.n->kind();
        std::vector<std::int64_t> key{f.level, static_cast<std::int64_t>(k)};
        if (k == graph::kind::update || k == graph::kind::opaque) {
            key.push_back(f.n->plan_index);
            return key;
        }
        const shape& s = k == graph::kind::reduce ? f.n->input(0)->shape() : f.n->shape();
        key.insert(key.end(), s.begin(), s.end());
        if (k == graph::kind::reduce) {
            for (bool r : f.n->reduction().reduced) {
                key.push_back(r ? 1 : 0);
            }
        } else {
            key[1] = static_cast<std::int64_t>(graph::kind::map);
        }
        return key;
    }

    /// Consumers first: a value that several passes need is stored when recomputing it costs more.
    bool sweep() {
        bool changed = false;
        for (std::size_t i = facts_.size(); i-- > 0;) {
            facts& f = facts_[i];
            if (f.keep == nullptr && f.owner == many && f.cost > recompute_limit &&
                f.n->kind() == graph::kind::map) {
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

    void build(pass& p, const std::vector<facts*>& group, int id) {
        node* first = group.front()->n;
        p.level = group.front()->level;
        p.reason = group.front()->keep;
        const graph::kind k = first->kind();
        if (k == graph::kind::opaque) {
            p.kind = pass_kind::opaque;
            p.space = first->shape();
            for (std::size_t i = 0; i < first->input_count(); ++i) {
                p.leaves.push_back({first->input(i), {}, 0});
            }
            p.outputs.push_back({first, 0, false, {}, 0});
            return;
        }
        p.kind = k == graph::kind::reduce   ? pass_kind::reduce
                 : k == graph::kind::update ? pass_kind::update
                                            : pass_kind::map;
        p.space = k == graph::kind::reduce   ? first->input(0)->shape()
                  : k == graph::kind::update ? first->input(1)->shape()
                                             : first->shape();
        lowering lower(p, [this, id](const node* n) {
            const facts* f = find(n);
            return f != nullptr && (f->keep == nullptr || f->owner == id);
        });
        for (facts* f : group) {
            node* source = k == graph::kind::reduce   ? f->n->input(0)
                           : k == graph::kind::update ? f->n->input(1)
                                                      : f->n;
            output o{f->n, lower.value_of(source), false, {}, 0};
            if (k == graph::kind::update) {
                o.strided = true;
                o.strides = f->n->layout().strides;
                o.offset = f->n->layout().offset;
            }
            p.outputs.push_back(std::move(o));
        }
        lower.number_values();
        if (k == graph::kind::reduce) {
            arrange_reduction(p, first->reduction().reduced);
        }
    }

    /// Reorders the space of a reduce pass to [outer | reduced | inner].
    static void arrange_reduction(pass& p, const std::vector<bool>& reduced) {
        const std::size_t n = p.space.size();
        std::size_t last = n;  // one past the last reduced dimension
        while (last > 0 && !reduced[last - 1]) {
            --last;
        }
        std::vector<std::size_t> order;
        for (std::size_t d = 0; d < last; ++d) {
            if (!reduced[d]) {
                order.push_back(d);
                p.outer *= p.space[d];
            }
        }
        for (std::size_t d = 0; d < last; ++d) {
            if (reduced[d]) {
                order.push_back(d);
                p.reduced *= p.space[d];
            }
        }
        for (std::size_t d = last; d < n; ++d) {
            order.push_back(d);
            p.inner *= p.space[d];
        }
        const auto permute = [&](shape& s) {
            shape t = s;
            for (std::size_t d = 0; d < n; ++d) {
                t[d] = s[order[d]];
            }
            s = std::move(t);
        };
        permute(p.space);
        for (leaf& l : p.leaves) {
            permute(l.strides);
        }
    }

    std::vector<facts> facts_;
    std::vector<std::vector<facts*>> groups_;
};

}  // namespace lazy::plan

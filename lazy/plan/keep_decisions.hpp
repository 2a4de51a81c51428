// Which values are stored, each with the reason; all others stay in registers and tiles.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

#include "../graph/build.hpp"
#include "index_map.hpp"
#include "rows.hpp"

namespace lazy::plan {

using graph::broadcast_limit;

/// Decides for the nodes of one evaluation, producers first.
class keep_decisions {
public:
    keep_decisions(list<facts>& all, const fact_table& table, row_fusion& rows)
        : facts_(all), table_(table), rows_(rows) {}

    void decide(std::span<node* const> roots) {
        do {
            rows_.clear();
            for (facts& f : facts_) {
                f.keep = nullptr;
                f.rows = -1;
            }
            for (node* root : roots) {
                keep(find(root), "asked for");
            }
            keep_repeated();
            for (facts& f : facts_) {
                decide_node(f);
            }
        } while (rows_.spoiled());
        for (facts& f : facts_) {
            if (f.rows >= 0 && !rows_.space(f).used) {
                f.rows = -1;
                if (f.n->kind() != graph::kind::view) {
                    keep(&f, "a reduction ends a pass");
                }
            }
        }
    }

private:
    facts* find(const node* n) const { return table_.find(n); }
    void keep(facts* f, const char* reason) {
        if (f == nullptr) {
            return;
        }
        if (f->keep == nullptr) {
            f->keep = reason;
        }
        if (f->n->kind() == graph::kind::view) {
            f->rows = -1;
            if (facts* root = find(f->n->input(0))) {
                rows_.store(*root);
            }
        }
    }
    facts* behind_view(const node* n) { return rows_.behind_view(n); }

    void decide_node(facts& f) {
        node* n = f.n;
        switch (n->kind()) {
            case graph::kind::map:
                rows_.join_map(f);
                decide_map(f);
                break;
            case graph::kind::view: decide_view(f); break;
            case graph::kind::reduce:
                rows_.join_reduce(f);
                if (f.rows < 0) {
                    keep(&f, "a reduction ends a pass");
                } else if (n->use_count() > f.uses) {
                    keep(&f, "small, and it may be asked for");
                }
                if (const facts* in = find(n->input(0))) {
                    f.cost = in->cost;
                }
                break;
            case graph::kind::update:
                rows_.release(f);
                keep(&f, "a write in place");
                keep(find(n->input(0)), "written in place");
                if (n->update().source_first(table_, f)) {
                    keep(find(n->input(1)), "the write reads what it overwrites");
                }
                break;
            case graph::kind::opaque:
                rows_.release(f);
                keep(&f, "a whole-tensor algorithm");
                for (std::size_t i = 0; i < n->input_count(); ++i) {
                    keep(find(n->input(i)), "input of a whole-tensor algorithm");
                }
                break;
            default: break;
        }
    }

    /// Compute twice, then keep: a value that earlier evaluations computed without storing it is
    /// stored now, if it may be needed again: it is held from outside, or by a node that is and
    /// will still be pending after this evaluation. Consumers first, so that this is known.
    void keep_repeated() {
        for (std::size_t i = facts_.size(); i-- > 0;) {
            facts& f = facts_[i];
            const graph::kind k = f.n->kind();
            if (f.keep != nullptr || (k != graph::kind::map && k != graph::kind::view)) {
                continue;
            }
            f.pending = f.pending || f.n->use_count() > f.uses;
            if (f.pending && is_repeated(f.n) && k == graph::kind::map) {
                f.keep = "asked for a second time";
                continue;
            }
            for (std::size_t j = 0; f.pending && j < f.n->input_count(); ++j) {
                if (facts* in = find(f.n->input(j))) {
                    in->pending = true;
                }
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
            const facts* root = behind_view(in);
            const bool per_row = root != nullptr && root->per_row && rows_.fits(f, in);
            if (in->numel() < n->numel() && !per_row) {
                facts* source = behind_view(in);
                if (source != nullptr && source->cost > broadcast_limit) {
                    keep(source, "a broadcast would recompute it");
                }
            }
            if (known->keep == nullptr && !per_row) {
                f.cost += known->cost;
            }
        }
    }

    void decide_view(facts& f) {
        const node* n = f.n;
        facts* root = find(n->input(0));
        f.cost = 0;
        if (root != nullptr && root->rows >= 0) {
            if (root->per_row && f.keep == nullptr) {
                f.rows = root->rows;
                f.per_row = true;
            } else {
                rows_.store(*root);
            }
            f.uniform = false;
            return;
        }
        f.uniform = graph::is_whole(n->layout(), n->shape(), n->input(0)->numel()) &&
                    (root == nullptr || root->keep != nullptr || root->uniform);
        if (root == nullptr || root->keep != nullptr) {
            return;
        }
        if (root->n->kind() == graph::kind::view) {
            keep(root, "a view of a view");
            return;
        }
        if (n->numel() > root->n->numel() && root->cost > broadcast_limit) {
            keep(root, "a broadcast would recompute it");
            return;
        }
        list<axis> axes;
        if (!root->uniform && !recover_axes(axes, n->shape(), n->layout(), root->n->shape())) {
            keep(root, "a reshape that no index map expresses");
        } else {
            f.cost = root->cost;
        }
    }

    list<facts>& facts_;
    const fact_table& table_;
    row_fusion& rows_;
};

}  // namespace lazy::plan

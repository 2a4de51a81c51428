// Row spaces: what the planner knows of reductions over trailing dimensions fused with their uses.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../graph/build.hpp"
#include "facts.hpp"
#include "pass.hpp"

namespace lazy::plan {

/// Rows up to this many bytes stay in the second-level cache while a pass goes over them again.
inline constexpr std::int64_t most_row_bytes = 256 << 10;
/// Most trips over a row in one pass: keeps the plan of a long loop of normalisations linear.
inline constexpr int most_stages = 64;

/// The tensors of one shape whose rows are reduced: `space` is [outer dims..., row dims...], sizes
/// of 1 aside. Values of it are *full* (one per element) or *per row*.
struct row_space {
    lazy::shape space;
    lazy::shape per_row;  ///< `space` with the row dims at size 1
    std::int64_t rows;
    std::int64_t length;
    const graph::reduce_kernel* reduction;
    bool used = false;  ///< something uses a result in the same pass

    bool same_as(const row_space& other) const {
        return per_row == other.per_row && space == other.space;
    }
};

class row_fusion;

/// The rules of row fusion (row_joining.hpp, row_stages.hpp). Only a reduction makes a row space,
/// so the planner has them from the kernel of one, and a program without reductions compiles none.
struct row_rules {
    bool (*fits)(const row_fusion& rows, const facts& user, const node* in);
    void (*join_reduce)(row_fusion& rows, facts& f);
    void (*join_map)(row_fusion& rows, facts& f);
    void (*release)(row_fusion& rows, facts& f);
    void (*store)(row_fusion& rows, facts& root);
    void (*build)(const row_fusion& rows, pass& p, int group, facts* first);
};

/// Which nodes belong to which row space. A reduction in a row space is not stored: the pass that
/// needs it computes it row by row. Called for every node, producers first.
class row_fusion {
public:
    explicit row_fusion(const fact_table& table) : table_(table) {}

    void clear() { spaces_.clear(); }
    const row_space& space(const facts& f) const {
        return spaces_[static_cast<std::size_t>(f.rows)];
    }
    list<row_space>& spaces() { return spaces_; }
    const fact_table& table() const { return table_; }
    facts* find(const node* n) const { return table_.find(n); }
    /// The node behind a view, or the node itself.
    facts* behind_view(const node* n) const {
        return find(n->kind() == graph::kind::view ? n->input(0) : n);
    }

    /// True iff the pass that computes `user` can use `in`, which is computed or viewed in the same
    /// row space, without a detour through memory.
    bool fits(const facts& user, const node* in) const {
        const facts* root = behind_view(in);
        return root != nullptr && root->rows >= 0 && root->rows == user.rows &&
               rules_->fits(*this, user, in);
    }
    /// Finds the row space of a reduction; -1 when it has none.
    void join_reduce(facts& f) {
        rules_ = f.n->reduce().engine->rows;
        rules_->join_reduce(*this, f);
    }
    /// Finds the row space of a map node: that of the first input that fits.
    void join_map(facts& f) {
        f.rows = -1;
        f.stage = 0;
        if (!spaces_.empty()) {
            rules_->join_map(*this, f);
        }
    }
    /// Stores what `f` cannot use in its own pass. A cheap full value is not stored but computed
    /// again from the results of its rows' reductions, which are: see `spoiled`.
    void release(facts& f) {
        if (!spaces_.empty()) {
            rules_->release(*this, f);
        }
    }
    /// Stores a value of a row space for a use outside of it.
    void store(facts& root) {
        if (root.rows >= 0 && root.keep == nullptr) {
            rules_->store(*this, root);
        }
    }
    /// Builds rows pass number `group`; `first`: the nodes it stores, linked.
    void build(pass& p, int group, facts* first) const { rules_->build(*this, p, group, first); }

    /// True iff the decisions have to be made again: some values are `plain` now.
    bool spoiled() {
        const bool again = spoiled_;
        spoiled_ = false;
        return again;
    }
    void spoil() { spoiled_ = true; }

private:
    const fact_table& table_;
    const row_rules* rules_ = nullptr;
    list<row_space> spaces_;
    bool spoiled_ = false;
};

}  // namespace lazy::plan

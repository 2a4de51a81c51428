// What the planner knows of the nodes it plans, and which of them one pass computes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../graph/node.hpp"

namespace lazy::plan {

using graph::node;

/// What the planner knows of one node that has to be computed.
struct facts {
    node* n;
    const char* keep = nullptr;  ///< why the value is stored; null: it stays in registers
    bool pending = false;        ///< may be asked for again after this evaluation
    bool uniform = false;        ///< reads only tensors of its own shape and numbers
    float cost = 0;              ///< instructions per element, of it and all that is fused into it
    std::uint32_t uses = 0;      ///< edges from nodes of this evaluation
    std::uint32_t readers = 0;   ///< of an update: views in its source that read what it writes
    int level = 0;               ///< passes that must come before
    bool beside = false;         ///< reads a value that a pass of its own level stores
    int owner = -1;              ///< the group of passes that computes it; several: `many`
    facts* next_in_group = nullptr;  ///< the next node stored by the same pass

    static constexpr int many = -2;
};

/// The nodes of an evaluation, found by the number the planner gave each.
class fact_table {
public:
    facts* find(const node* n) const { return n->plan_index < 0 ? nullptr : all_ + n->plan_index; }
    /// True iff pass `group` computes the value, false when it is read from memory.
    bool computed_in(const node* n, int group) const {
        const facts* f = find(n);
        return f != nullptr && (f->keep == nullptr || f->owner == group);
    }
    void set(facts* all) { all_ = all; }

private:
    facts* all_ = nullptr;
};

}  // namespace lazy::plan

// What the planner knows of the nodes it plans, and which of them one pass computes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstring>
#include <functional>

#include "../graph/build.hpp"

namespace lazy::plan {

using graph::node;

/// True of nodes that a pass computes among others; algorithms and writes stand alone.
inline bool is_fused(graph::kind k) {
    return k == graph::kind::map || k == graph::kind::view || k == graph::kind::reduce;
}

/// True iff both are numbers, of one dtype and value.
inline bool same_number(const node* a, const node* b) {
    return a->kind() == graph::kind::number && b->kind() == graph::kind::number &&
           a->dtype() == b->dtype() &&
           std::memcmp(a->number(), b->number(), a->dtype().itemsize()) == 0;
}

/// Compute twice, then keep: true iff what is asked for again has been computed as a whole, if
/// maybe in parts. Of few elements a part counts as the whole; of many, somebody may look at a few
/// only.
inline bool is_repeated(const node* n) {
    constexpr std::int64_t few = 16384;
    return n->recomputed >= 1 || (n->recomputed > 0 && n->numel() <= few);
}

/// True iff both are stored where they share an address.
inline bool memory_overlaps(const node* a, const node* b) {
    const std::less<const std::byte*> before;
    const std::byte* first = a->data()->data();
    const std::byte* other = b->data()->data();
    return before(first, other + b->bytes()) && before(other, first + a->bytes());
}
/// True iff the update replaces all of its base, element by element in order.
inline bool writes_whole(const node* update) {
    const node* base = update->input(0);
    const lazy::shape& space = update->input(1)->shape();
    return space == base->shape() && graph::is_whole(update->layout(), space, base->numel());
}

/// What the planner knows of one node that has to be computed.
struct facts {
    node* n;
    const char* keep = nullptr;  ///< why the value is stored; null: it stays in registers
    bool pending = false;        ///< may be asked for again after this evaluation
    bool uniform = false;        ///< reads only tensors of its own shape and numbers
    float cost = 0;              ///< instructions per element, of it and all that is fused into it
    std::uint32_t uses = 0;      ///< edges from nodes of this evaluation
    bool shared = false;         ///< stands for other nodes of equal value, too
    std::uint32_t readers = 0;   ///< of an update: views in its source that read what it writes
    int level = 0;               ///< passes that must come before
    bool beside = false;         ///< reads a value that a pass of its own level stores
    int owner = -1;              ///< the group of passes that computes it; several: `many`
    facts* next_in_group = nullptr;  ///< the next node stored by the same pass
    // Of a node in a row space (see rows.hpp):
    int rows = -1;         ///< which; -1: none
    bool per_row = false;  ///< one value per row, not one per element
    bool plain = false;    ///< decided to stay out of row spaces
    int stage = 0;         ///< how many reductions over the row come before it
    int pass = -1;         ///< the pass being built that computes it
    int last_stage = 0;    ///< in that pass: the last stage that needs it
    int local = -1;        ///< its number among the values that pass holds on to

    static constexpr int many = -2;

    /// When a rows pass computes it: stage s has values per row at 2s, then those over elements,
    /// and the reductions that the next stage starts from, at 2s + 1.
    int time() const {
        const bool reduction = n->kind() == graph::kind::reduce;
        return 2 * stage + (reduction ? -1 : per_row ? 0 : 1);
    }
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
    facts& at(std::int64_t number) const { return all_[number]; }
    /// The node that stands for all of equal value.
    node* same(node* n) const { return n->plan_index < 0 ? n : all_[n->plan_index].n; }
    void set(facts* all) { all_ = all; }

private:
    facts* all_ = nullptr;
};

}  // namespace lazy::plan

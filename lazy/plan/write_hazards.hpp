// Writes in place: whether the written value reads what they go over, and the memory they take.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../backends/backend.hpp"
#include "../core/counters.hpp"
#include "facts.hpp"
#include "pass.hpp"

namespace lazy::plan {

/// Looks at what the source of an update reads. Valid while the planner decides, producers first:
/// `owner` and `level` of the facts serve as scratch and are given back as they were (-1 and 0).
class write_hazards {
public:
    explicit write_hazards(const fact_table& table) : table_(table) {}

    /// True iff computing `n` reads the stored value `what`.
    bool reads(node* n, const node* what) const {
        return any_behind(n, [what](const node* m) { return m == what; });
    }

    /// True iff computing `n` reads memory of `what` under another name (from_blob of the same).
    bool reads_memory_of(node* n, const node* what) const {
        return any_behind(n, [what](const node* m) {
            return m != what && m->ready() && memory_overlaps(m, what);
        });
    }

    /// x(range(1, 9)) += 1: the source reads its base only where, and in the order in which, it
    /// writes, and only the write needs what it computes on the way. Then the write needs no copy.
    /// Gives how often the base is read, each a reference to it; 0 when it is not so.
    std::uint32_t readers_in_place(const node* update) const {
        const node* base = update->input(0);
        const lazy::shape& space = update->input(1)->shape();
        const bool whole = writes_whole(update);
        list<node*> stack;
        list<node*> region;  // fused nodes that depend on nothing but this write
        std::uint32_t readers = 0;
        bool in_place = enter(update->input(1), region, stack);
        while (in_place && !stack.empty()) {
            node* top = stack.back();
            stack.pop_back();
            if (top->kind() == graph::kind::view) {
                in_place = same_place(top, update);
                ++readers;
                continue;
            }
            for (std::size_t i = 0; i < top->input_count() && in_place; ++i) {
                node* in = top->input(i);
                if (in == base && whole) {
                    ++readers;
                    continue;
                }
                const bool aligned = in->shape() == space;
                const bool view_of_base = in->kind() == graph::kind::view && in->input(0) == base;
                const facts* f = table_.find(in);
                const bool fused = f != nullptr && f->keep == nullptr;
                if (view_of_base || (fused && aligned && in->kind() == graph::kind::map)) {
                    in_place = enter(in, region, stack);
                } else {
                    in_place = in != base && !(fused && reads(in, base));
                }
            }
        }
        std::size_t looks = 0;
        for (node* n : region) {
            facts* f = table_.find(n);
            const bool inside = !f->shared && static_cast<std::uint32_t>(f->level) == f->uses &&
                                n->use_count() == f->uses;
            f->level = 0;
            // Others may hold it, as long as they need no old elements.
            in_place = in_place && (inside || (++looks <= most_looks && !reads(n, base)));
        }
        return in_place ? readers : 0;
    }

private:
    static constexpr std::size_t most_looks = 16;  ///< each may take as long as the graph is large

    /// True iff `is` holds of `n` or of something that is computed with it.
    template <class Is>
    bool any_behind(node* n, Is is) const {
        list<node*> stack;
        list<node*> seen;
        stack.push_back(n);
        bool found = false;
        while (!stack.empty() && !found) {
            node* top = stack.back();
            stack.pop_back();
            found = is(top);
            facts* f = table_.find(top);
            if (f == nullptr || (f->keep != nullptr && top != n) || f->owner == facts::many) {
                continue;
            }
            f->owner = facts::many;
            seen.push_back(top);
            for (std::size_t i = 0; i < top->input_count(); ++i) {
                stack.push_back(top->input(i));
            }
        }
        for (node* s : seen) {
            table_.find(s)->owner = -1;
        }
        return found;
    }
    /// Counts one more reference from inside; a node met first is to be looked at.
    bool enter(node* n, list<node*>& region, list<node*>& stack) const {
        facts* f = table_.find(n);
        if (f == nullptr || f->keep != nullptr) {
            return false;
        }
        if (f->level++ == 0) {
            region.push_back(n);
            stack.push_back(n);
        }
        return true;
    }
    /// True iff the view `v` picks the very elements that the update writes, in the same order.
    static bool same_place(const node* v, const node* update) {
        const node* source = update->input(1);
        if (v->input(0) != update->input(0) || v->shape() != source->shape() ||
            v->layout().offset != update->layout().offset) {
            return false;
        }
        for (std::size_t d = 0; d < v->shape().size(); ++d) {
            if (v->shape()[d] > 1 && v->layout().strides[d] != update->layout().strides[d]) {
                return false;
            }
        }
        return true;
    }

    const fact_table& table_;
};

/// The elements of a stored value in memory of their own.
inline buffer_ptr copy_of(backends::backend& device, const node* n) {
    buffer_ptr copy = device.allocate(n->bytes());
    device.copy(copy->data(), n->data()->data(), n->bytes());
    counters::instance().bytes_read += n->bytes();
    counters::instance().bytes_written += n->bytes();
    return copy;
}

// Writes to the library's own memory, which happen when their result is asked for.
inline bool source_first(const fact_table& table, facts& f) {
    const write_hazards hazards(table);
    if (!hazards.reads(f.n->input(1), f.n->input(0))) {
        return false;
    }
    f.readers = hazards.readers_in_place(f.n);
    return f.readers == 0;
}
inline buffer_ptr update_target(backends::backend& device, node* n, std::uint32_t readers,
                                bool may_fail) {
    node* old = n->input(0);
    if (old->kind() == graph::kind::number) {  // a blank
        return device.allocate(n->bytes());
    }
    const buffer_ptr& data = old->data();
    if (!may_fail && old->use_count() == 1 + readers && data->use_count() == 1 && !data->shared()) {
        return data;
    }
    return copy_of(device, old);
}

// Writes to memory that the outside sees, which happen at once and there. A source that reads the
// same memory otherwise is computed first; one that can fail has been (see assign).
inline bool shared_source_first(const fact_table& table, facts& f) {
    const write_hazards hazards(table);
    node* source = f.n->input(1);
    return hazards.reads_memory_of(source, f.n->input(0)) || source_first(table, f);
}
inline buffer_ptr shared_target(backends::backend& device, node* n, std::uint32_t readers, bool) {
    node* old = n->input(0);
    const buffer_ptr memory = old->data();
    // Held by the write, by the variable and by what the pass reads: anything more is a pending
    // reader, which gets the old elements.
    if (old->use_count() > 2 + readers) {
        old->set_data(copy_of(device, old));
    }
    return memory;
}

}  // namespace lazy::plan

// Which results may be computed in the memory of an input that nobody needs any more.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "facts.hpp"
#include "pass.hpp"

namespace lazy::plan {

/// Finds inputs of a map pass that die with it, if what the pass computes does, and gives each to
/// an output of its size. Whether nobody else holds the input is known when the pass runs: then it
/// has `donor_uses` references.
inline void give_donors(pass& p) {
    const lazy::shape dense = contiguous_strides(p.space);
    for (std::uint32_t l = 0; l < p.leaves.size(); ++l) {
        const leaf& from = p.leaves[l];
        // Stored by now, or by the pass before.
        const graph::kind k = from.source->kind();
        bool usable = k != graph::kind::number && k != graph::kind::iota && from.offset == 0 &&
                      from.strides == dense;
        for (const output& o : p.outputs) {
            usable = usable && o.value != l;  // what is copied or reduced is read last, and held
        }
        for (std::uint32_t other = 0; other < p.leaves.size(); ++other) {
            usable = usable && (other == l || p.leaves[other].source != from.source);
        }
        if (!usable) {
            continue;
        }
        std::uint32_t uses = 0;
        std::uint32_t last_read = 0;  // value number of the last kernel that reads it
        for (std::uint32_t i = 0; i < p.instructions.size(); ++i) {
            const instruction& in = p.instructions[i];
            for (std::uint32_t a = 0; a < in.source->map().arity; ++a) {
                if (p.operands[in.first_operand + a] == l) {
                    last_read = static_cast<std::uint32_t>(p.leaves.size()) + i;
                    uses += in.source->input(a) == from.source ? 1U : 0U;
                }
            }
        }
        for (output& o : p.outputs) {
            if (uses != 0 && o.donor < 0 && !o.strided && o.target->kind() != graph::kind::reduce &&
                !p.is_leaf(o.value) && o.value >= last_read &&
                o.target->bytes() == from.source->bytes() &&
                o.target->dtype().itemsize() == from.source->dtype().itemsize()) {
                o.donor = static_cast<int>(l);
                o.donor_uses = uses;
                break;
            }
        }
    }
}

/// The same for pass number `group`, if it is so: a value that may be asked for again needs its
/// inputs.
inline void find_donors(pass& p, const fact_table& table, int group) {
    for (const instruction& i : p.instructions) {
        const facts* f = table.find(i.source);
        if (f == nullptr || f->shared || i.source->map().may_fault ||
            (f->keep == nullptr && (f->owner != group || i.source->use_count() != f->uses))) {
            return;
        }
    }
    give_donors(p);
}

}  // namespace lazy::plan

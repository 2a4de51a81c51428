// Checks that a plan is sound: every value is there before it is read. For tests.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "describe.hpp"

namespace lazy::plan {

/// What is wrong with passes about to run in this order; empty when nothing is.
inline std::string fault_of(const list<pass>& passes) {
    list<const node*> stored;
    const auto is_there = [&](const node* n) {
        const graph::kind k = n->kind();
        bool there = k == graph::kind::buffer || k == graph::kind::number || k == graph::kind::iota;
        for (std::size_t i = stored.size(); i-- > 0 && !there;) {
            there = stored[i] == n;
        }
        return there;
    };
    for (std::size_t i = 0; i < passes.size(); ++i) {
        const pass& p = passes[i];
        const std::string where = numbered("pass ", i + 1) + ": ";
        list<bool> computed(p.locals.size(), false);
        const auto check = [&](const pass& q) -> std::string {
            for (const leaf& l : q.leaves) {
                if (l.local >= 0 ? !computed[static_cast<std::size_t>(l.local)]
                                 : !is_there(l.source)) {
                    return where + "reads a value that is not there yet";
                }
            }
            for (std::size_t k = 0; k < q.instructions.size(); ++k) {
                const instruction& in = q.instructions[k];
                for (std::size_t a = 0; a < in.source->map().arity; ++a) {
                    if (q.operands[in.first_operand + a] >= q.leaves.size() + k) {
                        return where + "a kernel comes before its operand";
                    }
                }
            }
            for (const output& o : q.outputs) {
                if (q.kind != pass_kind::opaque && p.stages.empty() && o.value >= q.value_count()) {
                    return where + "stores a value that it does not have";
                }
            }
            return {};
        };
        std::string fault = check(p);
        for (const pass& stage : p.stages) {
            fault = fault.empty() ? check(stage) : fault;
            for (const output& o : stage.outputs) {
                computed[static_cast<std::size_t>(o.local)] = true;
            }
        }
        if (!fault.empty()) {
            return fault;
        }
        for (const output& o : p.outputs) {
            stored.push_back(o.target);
        }
    }
    return {};
}

}  // namespace lazy::plan

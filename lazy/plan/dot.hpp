// The plan as a picture: Graphviz text with one cluster per pass.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "describe.hpp"

namespace lazy::plan {

/// Kernels shown per pass; a longer pass says how many it leaves out.
inline constexpr std::size_t most_boxes = 200;

inline std::string dot(std::span<node* const> roots) {
    const std::lock_guard guard(evaluation_lock());
    planner plan(roots);
    const list<pass> passes = plan.passes();
    const char* const colours[] = {"#dbeafe", "#dcfce7", "#fef3c7",
                                   "#fce7f3", "#ede9fe", "#ffedd5"};
    std::string out =
        "digraph lazytensor {\n  rankdir=TB; node [shape=box, style=filled, "
        "fontname=\"sans-serif\"];\n";
    const auto stored = [](const node* n) {
        return "\"m" + std::to_string(reinterpret_cast<std::uintptr_t>(n)) + "\"";
    };
    std::string edges;
    for (std::size_t i = 0; i < passes.size(); ++i) {
        const pass& p = passes[i];
        const pass_text names(p);
        const std::string prefix = "\"p" + std::to_string(i) + "_";
        out += "  subgraph cluster_" + std::to_string(i) + " {\n    label=\"pass " +
               std::to_string(i + 1) + "\\n" + p.reason + "\"; style=filled; color=\"" +
               colours[i % std::size(colours)] + "\"; node [fillcolor=white];\n";
        const auto where = [&](std::uint32_t value) {
            if (!p.is_leaf(value)) {
                return prefix + std::to_string(value) + "\"";
            }
            return stored(p.leaves[value].source);
        };
        const std::size_t count = std::min(p.instructions.size(), most_boxes);
        for (std::size_t k = 0; k < count; ++k) {
            const auto value = static_cast<std::uint32_t>(p.leaves.size() + k);
            out += "    " + where(value) + " [label=\"" + names.formula(value) + "\"];\n";
            const instruction& in = p.instructions[k];
            for (std::size_t a = 0; a < in.source->map().arity; ++a) {
                const std::uint32_t operand = p.operands[in.first_operand + a];
                if (!p.is_leaf(operand) ||
                    p.leaves[operand].source->kind() != graph::kind::number) {
                    edges += "  " + where(operand) + " -> " + where(value) + ";\n";
                }
            }
        }
        if (count < p.instructions.size()) {
            out += "    " + prefix + "more\" [label=\"... " +
                   std::to_string(p.instructions.size() - count) + " more kernels\"];\n";
        }
        out += "  }\n";
        for (const output& o : p.outputs) {
            edges += "  " + where(o.value) + " -> " + stored(o.target) + ";\n";
            std::string label =
                p.kind == pass_kind::reduce   ? std::string(o.target->reduce().name) + "\\n"
                : p.kind == pass_kind::opaque ? std::string(o.target->opaque().name) + "\\n"
                                              : std::string();
            out += "  " + stored(o.target) + " [shape=cylinder, fillcolor=\"#e5e7eb\", label=\"" +
                   label + o.target->dtype().name() + to_string(o.target->shape()) + "\"];\n";
        }
        for (const leaf& l : p.leaves) {
            if (l.source->kind() == graph::kind::buffer) {
                out += "  " + stored(l.source) +
                       " [shape=cylinder, fillcolor=\"#f3f4f6\", label=\"" +
                       l.source->dtype().name() + to_string(l.source->shape()) + "\"];\n";
            } else if (l.source->kind() == graph::kind::iota) {
                out += "  " + stored(l.source) + " [shape=ellipse, label=\"index\"];\n";
            }
            if (p.kind == pass_kind::opaque) {
                edges += "  " + stored(l.source) + " -> " + stored(p.outputs[0].target) + ";\n";
            }
        }
    }
    return out + edges + "}\n";
}

}  // namespace lazy::plan

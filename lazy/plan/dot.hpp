// The plan as a picture: Graphviz text with one cluster per pass.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "describe.hpp"

namespace lazy::plan {

/// Writes Graphviz text: stored values are cylinders, values per row ellipses, kernels boxes.
class dot_writer {
public:
    /// Kernels shown per pass; a longer pass says how many it leaves out.
    static constexpr std::size_t most_boxes = 200;

    std::string write(const list<pass>& passes) {
        const char* const colours[] = {"#dbeafe", "#dcfce7", "#fef3c7",
                                       "#fce7f3", "#ede9fe", "#ffedd5"};
        out_ =
            "digraph lazytensor {\n  rankdir=TB; node [shape=box, style=filled, "
            "fontname=\"sans-serif\"];\n";
        for (std::size_t i = 0; i < passes.size(); ++i) {
            const pass& p = passes[i];
            out_ += numbered("  subgraph cluster_", i) + " {\n    label=\"pass " +
                    std::to_string(i + 1) + "\\n" + p.reason + "\"; style=filled; color=\"" +
                    colours[i % std::size(colours)] + "\"; node [fillcolor=white];\n";
            const std::string prefix = numbered("\"p", i) + "_";
            if (p.stages.empty()) {
                boxes(p, prefix);
            }
            for (std::size_t s = 0; s < p.stages.size(); ++s) {
                boxes(p.stages[s], prefix + std::to_string(s) + "_");
                for (const output& o : p.stages[s].outputs) {
                    if (p.locals[static_cast<std::size_t>(o.local)].result < 0) {
                        out_ += "    " + value_name(o.target) + " [shape=ellipse, label=\"" +
                                reduction_name(o.target) + numbered("v", o.local) + "\"];\n";
                    }
                }
            }
            out_ += "  }\n";
            for (const output& o : p.outputs) {
                out_ += cylinder(o.target, "#e5e7eb", reduction_name(o.target));
            }
        }
        return out_ + inputs_ + edges_ + "}\n";
    }

private:
    static std::string value_name(const node* n) {
        return numbered("\"m", reinterpret_cast<std::uintptr_t>(n)) + "\"";
    }
    static std::string reduction_name(const node* n) {
        return n->kind() == graph::kind::reduce   ? std::string(n->reduce().name) + "\\n"
               : n->kind() == graph::kind::opaque ? std::string(n->opaque().name) + "\\n"
                                                  : std::string();
    }
    static std::string cylinder(const node* n, const char* colour, const std::string& label) {
        return "  " + value_name(n) + " [shape=cylinder, fillcolor=\"" + colour + "\", label=\"" +
               label + n->dtype().name() + to_string(n->shape()) + "\"];\n";
    }

    /// The kernels of a pass or stage, what they read and what they give.
    void boxes(const pass& p, const std::string& prefix) {
        const pass_text names(p);
        const auto where = [&](std::uint32_t value) {
            return p.is_leaf(value) ? value_name(p.leaves[value].source)
                                    : prefix + std::to_string(value) + "\"";
        };
        const std::size_t count = std::min(p.instructions.size(), most_boxes);
        for (std::size_t k = 0; k < count; ++k) {
            const auto value = static_cast<std::uint32_t>(p.leaves.size() + k);
            out_ += "    " + where(value) + " [label=\"" + names.formula(value) + "\"];\n";
            const instruction& in = p.instructions[k];
            for (std::size_t a = 0; a < in.source->map().arity; ++a) {
                const std::uint32_t operand = p.operands[in.first_operand + a];
                if (!p.is_leaf(operand) ||
                    p.leaves[operand].source->kind() != graph::kind::number) {
                    edges_ += "  " + where(operand) + " -> " + where(value) + ";\n";
                }
            }
        }
        if (count < p.instructions.size()) {
            out_ += "    " + prefix + "more\" [label=\"... " +
                    std::to_string(p.instructions.size() - count) + " more kernels\"];\n";
        }
        for (const leaf& l : p.leaves) {
            if (l.source->kind() == graph::kind::buffer) {
                inputs_ += cylinder(l.source, "#f3f4f6", "");
            } else if (l.source->kind() == graph::kind::iota) {
                inputs_ += "  " + value_name(l.source) + " [shape=ellipse, label=\"index\"];\n";
            }
            if (p.kind == pass_kind::opaque) {
                edges_ +=
                    "  " + value_name(l.source) + " -> " + value_name(p.outputs[0].target) + ";\n";
            }
        }
        for (const output& o : p.outputs) {
            if (p.kind != pass_kind::opaque) {
                edges_ += "  " + where(o.value) + " -> " + value_name(o.target) + ";\n";
            }
        }
    }

    std::string out_;
    std::string inputs_;  ///< stand outside of the clusters
    std::string edges_;
};

inline std::string dot(std::span<node* const> roots) {
    const std::lock_guard guard(evaluation_lock());
    planner plan(roots);
    return dot_writer().write(plan.passes());
}

}  // namespace lazy::plan

// Saying what a plan does: the text of explain() and the graph of to_dot().
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <string>

#include "../core/scalar.hpp"
#include "evaluate.hpp"

namespace lazy::plan {

/// A word and a number. Apart, since g++ 12 warns of `"word" + std::to_string(n)` where it is
/// inlined.
template <class N>
[[gnu::cold, gnu::noinline]] std::string numbered(const char* word, N n) {
    std::string out = word;
    out += std::to_string(n);
    return out;
}

/// "1.5 MB" and the like, three digits.
inline std::string bytes_text(std::uint64_t bytes) {
    const char* const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    std::size_t unit = 0;
    std::uint64_t scaled = bytes * 10;
    while (scaled >= 10000 && unit < 5) {
        scaled = (scaled + 500) / 1000;
        ++unit;
    }
    std::string out = std::to_string(scaled / 10);
    if (unit != 0 && scaled < 1000) {
        out += numbered(".", scaled % 10);
    }
    return out + " " + units[unit];
}

/// A number as it is written in a program.
inline std::string number_text(dtype d, const void* address) {
    const scalar s = scalar::load(d, address);
    if (s.kind() == dtype_kind::boolean) {
        return s.to<bool>() ? "true" : "false";
    }
    if (s.kind() == dtype_kind::integer) {
        return std::to_string(s.to<std::int64_t>());
    }
    char text[64];
    if (s.kind() == dtype_kind::complex) {
        const auto c = s.to<std::complex<double>>();
        std::snprintf(text, sizeof(text), "(%g%+gj)", c.real(), c.imag());
    } else {
        std::snprintf(text, sizeof(text), "%g", s.to<double>());
    }
    return text;
}

/// Appends a statement's formula, `operand(i)` naming its tensors.
template <class Operand>
void append_formula(std::string& out, const graph::map_kernel& k, const void* params,
                    Operand&& operand) {
    // Prefix order: a stack of how many arguments each open operation still waits for.
    std::vector<int> open;
    for (std::size_t i = 0; i < k.formula_size; ++i) {
        const graph::formula_token& t = k.formula[i];
        using symbol = graph::formula_token::symbol;
        if (t.what == symbol::operation || t.what == symbol::conversion) {
            out += t.what == symbol::operation ? std::string(t.name) : dtype(t.type).name();
            out += '(';
            open.push_back(t.what == symbol::operation ? t.index : 1);
            continue;
        }
        if (t.what == symbol::tensor) {
            out += operand(t.index);
        } else {
            const auto* slots = static_cast<const std::byte*>(params);
            out += number_text(t.type, slots + 16 * std::size_t{t.index});
        }
        while (!open.empty()) {
            if (--open.back() > 0) {
                out += ", ";
                break;
            }
            out += ')';
            open.pop_back();
        }
    }
}

/// Names of the values of one pass: inputs a, b, ..., results of instructions t0, t1, ...
class pass_text {
public:
    explicit pass_text(const pass& p) : pass_(p) {}

    std::string name(std::uint32_t value) const {
        if (!pass_.is_leaf(value)) {
            return numbered("t", value - pass_.leaves.size());
        }
        const node* n = pass_.leaves[value].source;
        if (n->kind() == graph::kind::number) {
            return number_text(n->dtype(), n->number());
        }
        if (n->kind() == graph::kind::iota) {
            return "index";
        }
        const int local = pass_.leaves[value].local;
        return local >= 0 ? numbered("v", local) : numbered("in", value);
    }

    std::string formula(std::uint32_t value) const {
        const instruction& i = pass_.computed(value);
        const graph::map_kernel& k = i.source->map();
        const auto operand = [&](std::size_t n) {
            return name(pass_.operands[i.first_operand + n]);
        };
        std::string out;
        if (k.formula != nullptr) {
            append_formula(out, k, i.source->params().get(), operand);
            return out;
        }
        out = k.name == std::string_view("to") ? std::string(k.out.name()) : std::string(k.name);
        out += '(';
        for (std::size_t n = 0; n < k.arity; ++n) {
            out += (n != 0 ? ", " : "") + operand(n);
        }
        return out + ')';
    }

    std::string input(std::uint32_t value) const {
        const leaf& l = pass_.leaves[value];
        std::string out =
            numbered("in", value) + ": " + l.source->dtype().name() + to_string(l.source->shape());
        if (!l.source->ready()) {
            out += " (from an earlier pass)";
        } else if (l.strides.size() == pass_.space.size() &&
                   l.strides != contiguous_strides(pass_.space)) {
            out += " strides " + to_string(l.strides);
            out += l.offset != 0 ? numbered(" from ", l.offset) : "";
        }
        return out;
    }

private:
    const pass& pass_;
};

/// A value that a pass stores, with what makes it of `value`: "sum(k1)".
inline std::string stored_text(const output& o, const std::string& value) {
    return o.target->kind() == graph::kind::reduce
               ? std::string(o.target->reduce().name) + "(" + value + ")"
               : value;
}
/// Most lines of one kind that a pass shows; the rest is counted.
inline constexpr std::size_t most_lines = 24;

inline void describe_leaves(std::string& out, const pass& p, const pass_text& names) {
    std::size_t shown = 0;
    for (std::uint32_t l = 0; l < p.leaves.size(); ++l) {
        const graph::kind k = p.leaves[l].source->kind();
        if (k == graph::kind::number || k == graph::kind::iota || p.leaves[l].local >= 0) {
            continue;
        }
        if (++shown <= most_lines) {
            out += "    " + names.input(l) + "\n";
        }
    }
    if (shown > most_lines) {
        out += numbered("    ... and ", shown - most_lines) + " more inputs\n";
    }
}

inline void describe_instructions(std::string& out, const pass& p, const pass_text& names) {
    const std::size_t count = p.instructions.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (count > most_lines && i == most_lines - 2) {
            out += numbered("    ... ", count - most_lines + 1) + " more kernels ...\n";
            i = count - 2;
            continue;
        }
        const auto value = static_cast<std::uint32_t>(p.leaves.size() + i);
        out += "    " + names.name(value) + " = " + names.formula(value) + "\n";
    }
}

/// The trips over each row of a rows pass. Values that one trip hands to the next are v0, v1, ...
inline void describe_stages(std::string& out, const pass& p) {
    for (const pass& stage : p.stages) {
        const pass_text names(stage);
        out += stage.kind == pass_kind::map ? "  once per row:\n" : "  along each row:\n";
        describe_leaves(out, stage, names);
        describe_instructions(out, stage, names);
        for (const output& o : stage.outputs) {
            const local_value& v = p.locals[static_cast<std::size_t>(o.local)];
            const std::string value = names.name(o.value);
            out += "    ";
            if (v.read) {
                out += numbered("v", o.local) + " = ";
            }
            out += stored_text(o, value);
            out += !v.per_row && v.read && v.result < 0 ? ", kept in cache" : "";
            if (v.result >= 0) {
                out += std::string(", stored as ") + o.target->dtype().name() +
                       to_string(o.target->shape());
            }
            out += "\n";
        }
    }
}

inline void describe_pass(std::string& out, const pass& p, std::size_t number) {
    const pass_text names(p);
    const char* const kinds[] = {"map", "reduce", "write in place", "algorithm", "rows"};
    const bytes_moved& moved = traffic(p);
    const std::size_t kernels = kernel_count(p);
    out += numbered("pass ", number) + ": " + kinds[static_cast<int>(p.kind)] + " over " +
           to_string(p.space) + numbered(", ", kernels) + (kernels > 1 ? " kernels" : " kernel") +
           ", reads " + bytes_text(moved.read) + ", writes " + bytes_text(moved.written) + "\n";
    out += std::string("    ends here: ") + p.reason + "\n";
    if (p.kind == pass_kind::rows) {
        describe_stages(out, p);
        return;
    }
    describe_leaves(out, p, names);
    describe_instructions(out, p, names);
    if (p.kind == pass_kind::opaque) {
        out += "    " + std::string(p.outputs[0].target->opaque().name) + " -> " +
               p.outputs[0].target->dtype().name() + to_string(p.outputs[0].target->shape()) + "\n";
    } else {
        for (const output& o : p.outputs) {
            out += o.target->kind() == graph::kind::reduce ? "    " : "    store ";
            out += stored_text(o, names.name(o.value)) + " -> " + o.target->dtype().name() +
                   to_string(o.target->shape()) + (o.strided ? " (part of it)\n" : "\n");
        }
    }
}

/// Evaluates `roots`; the text of its passes, each with the time it took.
inline std::string describe_measured(std::span<node* const> roots, backends::backend& device) {
    struct report {
        std::string text;
        std::size_t passes = 0;
        double seconds = 0;
    } r;
    const auto watch = [](void* context, const pass& p, double seconds) {
        report& to = *static_cast<report*>(context);
        if (seconds < 0) {  // afterwards the graph is gone
            if (++to.passes <= most_lines) {
                describe_pass(to.text, p, to.passes);
            }
            return;
        }
        to.seconds += seconds;
        if (to.passes <= most_lines) {
            char line[96];
            std::snprintf(line, sizeof(line), "    took %.4g ms, %.3g GB/s\n", seconds * 1e3,
                          static_cast<double>(traffic(p).total()) / (seconds * 1e9));
            to.text += line;
        }
    };
    evaluate(roots, device, watch, &r);
    if (r.passes == 0) {
        return "nothing to do: already in memory\n";
    }
    if (r.passes > most_lines) {
        r.text += numbered("... and ", r.passes - most_lines) + " more passes\n";
    }
    char head[96];
    std::snprintf(head, sizeof(head), "%zu %s in %.4g ms\n", r.passes,
                  r.passes == 1 ? "pass" : "passes", r.seconds * 1e3);
    return head + r.text;
}

/// What evaluating `roots` now would do, computing nothing.
inline std::string describe(std::span<node* const> roots) {
    const std::lock_guard guard(evaluation_lock());
    bool pending = false;
    for (node* r : roots) {
        pending = pending || !r->ready();
    }
    if (!pending) {
        return "nothing to do: already in memory\n";
    }
    planner plan(roots);
    const list<pass> passes = plan.passes();
    std::uint64_t read = 0;
    std::uint64_t written = 0;
    std::size_t kernels = 0;
    for (const pass& p : passes) {
        read += traffic(p).read;
        written += traffic(p).written;
        kernels += kernel_count(p);
    }
    std::string out = std::to_string(passes.size()) +
                      (passes.size() == 1 ? " pass, " : " passes, ") + std::to_string(kernels) +
                      (kernels == 1 ? " kernel" : " kernels") + ", reads " + bytes_text(read) +
                      ", writes " + bytes_text(written) + "\n";
    for (std::size_t i = 0; i < passes.size(); ++i) {
        if (passes.size() > most_lines && i == most_lines) {
            out += numbered("... and ", passes.size() - i) + " more passes\n";
            break;
        }
        describe_pass(out, passes[i], i + 1);
    }
    return out;
}

}  // namespace lazy::plan

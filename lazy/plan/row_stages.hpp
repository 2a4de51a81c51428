// A rows pass in stages: what is computed between one reduction over the row and the next.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lower.hpp"
#include "row_joining.hpp"

namespace lazy::plan {

/// A full value that a later stage needs again is held in scratch when computing it costs more than
/// this, and computed anew from what it reads otherwise.
inline constexpr float again_limit = 4;
/// Builds rows pass number `group`.
class row_stages {
public:
    row_stages(pass& p, const row_fusion& rows, const fact_table& table, int group)
        : pass_(p), rows_(rows), table_(table), group_(group) {}

    /// `first`: the nodes the pass stores, linked.
    void build(facts* first) {
        const row_space& s = rows_.space(*first);
        pass_.space = s.space;
        pass_.outer = s.rows;
        pass_.reduced = s.length;
        pass_.reduction = s.reduction;
        collect(first);
        hold();
        for (facts* f : inside_) {
            if (f->local >= 0 || f->keep != nullptr) {
                const bool read = f->local >= 0;
                f->local = static_cast<int>(pass_.locals.size());
                pass_.locals.push_back({f->n, f->per_row, read, -1});
            }
        }
        for (facts* f = first; f != nullptr; f = f->next_in_group) {
            pass_.locals[static_cast<std::size_t>(f->local)].result =
                static_cast<int>(pass_.outputs.size());
            pass_.outputs.push_back({f->n, 0, false, {}, 0, -1});
        }
        lower(s);
    }

private:
    bool inside(const facts* f) const { return f != nullptr && f->pass == group_; }

    /// The values of the row space that the pass computes, producers first.
    void collect(facts* first) {
        struct frame {
            facts* f;
            std::size_t next;
        };
        list<frame> stack;
        for (facts* member = first; member != nullptr; member = member->next_in_group) {
            if (!inside(member)) {
                enter(*member);
                stack.push_back({member, 0});
            }
            while (!stack.empty()) {
                frame& top = stack.back();
                if (top.next == top.f->n->input_count()) {
                    inside_.push_back(top.f);
                    stack.pop_back();
                    continue;
                }
                facts* in = rows_.behind_view(top.f->n->input(top.next++));
                if (in != nullptr && in->rows == top.f->rows && !inside(in) &&
                    table_.computed_in(in->n, group_)) {
                    enter(*in);
                    stack.push_back({in, 0});
                }
            }
        }
    }
    void enter(facts& f) const {
        f.pass = group_;
        f.last_stage = f.stage;
        f.local = -1;
    }
    static bool is_reduce(const facts& f) { return f.n->kind() == graph::kind::reduce; }

    /// Decides which values are held until a later stage (`local`), consumers first.
    void hold() {
        std::int64_t scratch = 0;
        for (std::size_t i = inside_.size(); i-- > 0;) {
            facts& f = *inside_[i];
            const std::int64_t bytes = static_cast<std::int64_t>(f.n->dtype().itemsize()) *
                                       (f.per_row ? 1 : pass_.reduced);
            const bool again = f.last_stage > f.stage;
            if (is_reduce(f) || f.per_row) {
                f.local = 0;
            } else if (again && (f.keep != nullptr ||
                                 (f.cost > again_limit && scratch + bytes <= most_scratch_bytes))) {
                scratch += f.keep != nullptr ? 0 : bytes;
                f.local = 0;
            }
            const int computed_last =
                f.local >= 0 ? f.stage - (is_reduce(f) ? 1 : 0) : f.last_stage;
            for (std::size_t k = 0; k < f.n->input_count(); ++k) {
                facts* in = rows_.behind_view(f.n->input(k));
                if (inside(in)) {
                    in->last_stage = std::max(in->last_stage, computed_last);
                }
            }
        }
    }
    void lower(const row_space& s) {
        list<std::size_t> from;  // of the values to hand on or store at each facts::time, the first
        for (const facts* f : inside_) {
            if (f->local >= 0) {
                const auto time = static_cast<std::size_t>(f->time());
                from.resize(std::max(from.size(), time + 2));
                ++from[time + 1];
            }
        }
        for (std::size_t time = 1; time < from.size(); ++time) {
            from[time] += from[time - 1];
        }
        list<facts*> held(from.empty() ? 0 : from.back());
        for (std::size_t i = inside_.size(); i-- > 0;) {
            if (inside_[i]->local >= 0) {
                held[--from[static_cast<std::size_t>(inside_[i]->time()) + 1]] = inside_[i];
            }
        }
        // Now the values of a time begin at from[time + 1].
        lowering lower(pass_, table_, group_);
        for (std::size_t time = 0; time + 1 < from.size(); ++time) {
            const std::size_t end = time + 2 < from.size() ? from[time + 2] : held.size();
            if (from[time + 1] == end) {
                continue;
            }
            pass_.stages.resize(pass_.stages.size() + 1);
            pass& stage = pass_.stages.back();
            const bool per_row = time % 2 == 0;
            stage.kind = per_row ? pass_kind::map : pass_kind::reduce;
            stage.space = per_row ? s.per_row : s.space;
            stage.outer = s.rows;
            stage.reduced = per_row ? 1 : s.length;
            lower.go_on(stage, static_cast<int>(time));
            for (std::size_t i = from[time + 1]; i < end; ++i) {
                const facts* f = held[i];
                const std::uint32_t value =
                    per_row         ? lower.value_of(f->n, per_row_map(s, f->n->shape()))
                    : is_reduce(*f) ? lower.value_of(f->n->input(0))
                                    : lower.value_of(f->n);
                const local_value& v = pass_.locals[static_cast<std::size_t>(f->local)];
                stage.outputs.push_back(
                    {f->n, value, false, {}, 0, f->local, v.read || v.result < 0});
            }
            lower.number_values();
            for (const leaf& l : stage.leaves) {
                note_leaf(l, s);
            }
        }
    }

    /// The leaves of the pass are those of its stages, each once.
    void note_leaf(const leaf& l, const row_space& s) {
        if (l.local >= 0) {
            return;
        }
        leaf whole{l.source, l.strides, l.offset, -1};
        if (pass_.stages.back().kind == pass_kind::map) {
            for (std::size_t d = 0; d < s.space.size(); ++d) {
                whole.strides[d] = s.per_row[d] == s.space[d] ? whole.strides[d] : 0;
            }
        }
        for (const leaf& known : pass_.leaves) {
            if (known.source == whole.source && known.offset == whole.offset &&
                known.strides == whole.strides) {
                return;
            }
        }
        pass_.leaves.push_back(std::move(whole));
    }

    pass& pass_;
    const row_fusion& rows_;
    const fact_table& table_;
    const int group_;
    list<facts*> inside_;
};

/// What the kernels of reductions point at.
inline constexpr row_rules rules_of_rows{
    [](const row_fusion& rows, const facts& user, const node* in) {
        return row_joining::fits(rows, user, in);
    },
    [](row_fusion& rows, facts& f) { row_joining(rows).join_reduce(f); },
    [](row_fusion& rows, facts& f) { row_joining(rows).join_map(f); },
    [](row_fusion& rows, facts& f) { row_joining(rows).release(f); },
    [](row_fusion& rows, facts& root) { row_joining(rows).store(root); },
    [](const row_fusion& rows, pass& p, int group, facts* first) {
        row_stages(p, rows, rows.table(), group).build(first);
    }};

}  // namespace lazy::plan

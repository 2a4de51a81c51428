// Row fusion: which reductions over trailing dimensions are fused with what uses their results.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../graph/build.hpp"
#include "index_map.hpp"
#include "rows.hpp"

namespace lazy::plan {

/// The rules behind row_fusion, whose comments say what each function does.
class row_joining {
public:
    explicit row_joining(row_fusion& rows) : rows_(rows) {}

    /// See row_fusion::fits; both are of one row space.
    static bool fits(const row_fusion& rows, const facts& user, const node* in) {
        const facts* root = rows.behind_view(in);
        const row_space& s = rows.space(user);
        const node* n = user.n;
        if (!root->per_row) {
            return in->kind() != graph::kind::view && in->shape() == s.space &&
                   !(user.per_row && !is_reduce(n));
        }
        if (is_reduce(n)) {
            return false;
        }
        return user.per_row ? in->numel() == s.rows &&
                                  (in->kind() != graph::kind::view ||
                                   graph::is_whole(in->layout(), in->shape(), root->n->numel()))
                            : repeats_along_rows(s, in, root->n->shape());
    }

    void join_reduce(facts& f) {
        f.rows = -1;
        f.per_row = true;
        const node* in = f.n->input(0);
        row_space s;
        if (!describe(s, f.n)) {
            release(f);
            return;
        }
        f.rows = intern(s);
        f.stage = 1;
        const facts* root = rows_.behind_view(in);
        if (root != nullptr && root->rows >= 0) {
            if (!rows_.fits(f, in)) {
                release(f);
            } else if (root->stage < most_stages) {
                f.stage = root->stage + 1;
                rows_.spaces()[static_cast<std::size_t>(f.rows)].used = true;
            } else {
                f.rows = -1;
                release(f);
            }
        }
    }

    void join_map(facts& f) {
        for (std::size_t i = 0; i < f.n->input_count() && !f.plain; ++i) {
            const facts* root = rows_.behind_view(f.n->input(i));
            if (root == nullptr || root->rows < 0) {
                continue;
            }
            const row_space& s = rows_.space(*root);
            f.rows = root->rows;
            f.per_row = f.n->shape() != s.space;
            if ((!f.per_row || is_per_row(s, f.n->shape())) && rows_.fits(f, f.n->input(i))) {
                break;
            }
            f.rows = -1;
        }
        release(f);
        for (std::size_t i = 0; f.rows >= 0 && i < f.n->input_count(); ++i) {
            const facts* root = rows_.behind_view(f.n->input(i));
            if (root != nullptr && rows_.fits(f, f.n->input(i))) {
                f.stage = std::max(f.stage, root->stage);
                row_space& s = rows_.spaces()[static_cast<std::size_t>(f.rows)];
                s.used = s.used || root->per_row;
            }
        }
    }

    void release(facts& f) {
        for (std::size_t i = 0; i < f.n->input_count(); ++i) {
            facts* root = rows_.behind_view(f.n->input(i));
            if (root != nullptr && root->rows >= 0 && root->keep == nullptr &&
                !rows_.fits(f, f.n->input(i))) {
                rows_.store(*root);
            }
        }
    }
    void store(facts& root) {
        root.keep = root.per_row ? "a reduction ends a pass" : "needed in another shape";
        if (!root.per_row && root.cost <= spoil_limit && root.stage == 1) {
            make_plain(root);
        }
    }

private:
    static constexpr float spoil_limit = 8;

    static bool is_reduce(const node* n) { return n->kind() == graph::kind::reduce; }

    /// Takes a full value, and those it is computed from, out of its row space.
    void make_plain(facts& f) {
        list<facts*> stack;
        stack.push_back(&f);
        while (!stack.empty()) {
            facts* top = stack.back();
            stack.pop_back();
            if (top->plain) {
                continue;
            }
            top->plain = true;
            for (std::size_t i = 0; i < top->n->input_count(); ++i) {
                facts* in = rows_.behind_view(top->n->input(i));
                if (in != nullptr && in->rows >= 0 && !in->per_row) {
                    stack.push_back(in);
                }
            }
        }
        rows_.spoil();
    }

    /// The row space a reduction would have; false when its dimensions are not the trailing ones,
    /// or when a row is too long to stay in cache.
    static bool describe(row_space& s, const node* n) {
        const lazy::shape& sizes = n->input(0)->shape();
        const dim_set& reduced = n->reduction().reduced;
        s.space = sizes;
        s.per_row = sizes;
        s.reduction = &n->reduce();
        s.rows = 1;
        s.length = 1;
        for (std::size_t d = 0; d < sizes.size(); ++d) {
            if (sizes[d] == 1) {
                continue;
            }
            if (reduced[d]) {
                s.length *= sizes[d];
                s.per_row[d] = 1;
            } else if (s.length != 1) {
                return false;
            } else {
                s.rows *= sizes[d];
            }
        }
        return s.rows > 0 && s.length > 1 &&
               s.length <=
                   most_row_bytes / static_cast<std::int64_t>(n->input(0)->dtype().itemsize());
    }
    int intern(row_space& s) {
        for (std::size_t i = 0; i < rows_.spaces().size(); ++i) {
            if (rows_.spaces()[i].same_as(s)) {
                return static_cast<int>(i);
            }
        }
        rows_.spaces().push_back(std::move(s));
        return static_cast<int>(rows_.spaces().size()) - 1;
    }

    /// True iff a tensor of shape `sizes` has one element per row, in the rows' order.
    static bool is_per_row(const row_space& s, const lazy::shape& sizes) {
        std::size_t d = 0;
        for (std::int64_t size : s.per_row) {
            if (size == 1) {
                continue;
            }
            while (d < sizes.size() && sizes[d] == 1) {
                ++d;
            }
            if (d == sizes.size() || sizes[d++] != size) {
                return false;
            }
        }
        while (d < sizes.size() && sizes[d] == 1) {
            ++d;
        }
        return d == sizes.size();
    }
    /// True iff `in`, broadcast to the space, repeats element r of the value behind it all along
    /// row r.
    static bool repeats_along_rows(const row_space& s, const node* in, const lazy::shape& root) {
        const bool viewing = in->kind() == graph::kind::view;
        if (viewing && in->layout().offset != 0) {
            return false;
        }
        const lazy::shape strides = viewing ? in->layout().strides : contiguous_strides(root);
        const lazy::shape& sizes = in->shape();
        std::int64_t wanted = 1;  // the stride of the row's number
        for (std::size_t d = s.space.size(), k = sizes.size(); d-- > 0;) {
            const bool here = k != 0 && sizes[--k] != 1;
            if (s.space[d] == 1) {
                continue;
            }
            if ((here ? strides[k] : 0) != (s.per_row[d] == 1 ? 0 : wanted)) {
                return false;
            }
            wanted *= s.per_row[d];
        }
        return true;
    }

    row_fusion& rows_;
};

/// The map from the space [outer dims..., 1...] to a tensor with one element per row.
inline index_map per_row_map(const row_space& s, const lazy::shape& sizes) {
    index_map m;
    m.axes.resize(sizes.size());
    std::size_t d = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        if (sizes[i] == 1) {
            continue;
        }
        while (s.per_row[d] == 1) {
            ++d;
        }
        m.axes[i] = axis{static_cast<int>(d++), 1, 0};
    }
    return m;
}

}  // namespace lazy::plan

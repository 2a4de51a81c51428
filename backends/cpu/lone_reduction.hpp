// A reduction of a stored tensor, or of one kernel over stored tensors, computed without a plan.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "statement_run.hpp"

namespace lazy::cpu {

/// A stored one of up to this many bytes is reduced by one call, if its rows are no longer than
/// this.
inline constexpr std::size_t one_call_bytes = 128 << 10;
inline constexpr std::int64_t most_short_row = 4096;

inline void compute_reduction(graph::node& n) {
    graph::node& in = *n.input(0);
    const graph::reduce_kernel& kernel = n.reduce();
    const std::size_t bytes = in.bytes();
    std::uint64_t read = bytes;
    buffer_ptr result = buffer::allocate(n.bytes());
    const stop::scope stoppable(true);
    // Rows of `length` elements, unless a dimension that stays comes after a reduced one.
    const dim_set& reduced = n.reduction().reduced;
    std::int64_t length = 1;
    bool trailing = true;
    for (std::size_t d = 0; d < in.shape().size(); ++d) {
        trailing = trailing && (reduced[d] || length == 1);
        length *= reduced[d] ? in.shape()[d] : 1;
    }
    trailing = trailing && length > 0;
    const auto rows = static_cast<std::size_t>(n.numel());
    if (in.ready() && trailing && length <= most_short_row && bytes <= one_call_bytes) {
        kernel.short_rows(result->data(), in.data()->data(), rows, static_cast<std::size_t>(length),
                          in.data()->slack() / in.dtype().itemsize());
    } else if (!in.ready() && trailing && bytes <= stack_bytes) {
        alignas(64) std::byte values[stack_bytes];
        const lone_inputs inner(in);
        read = inner.bytes;
        const std::size_t slack = stack_bytes - bytes;
        inner.into(in, values, false, false).run(0, in.numel(), slack);
        kernel.short_rows(result->data(), values, rows, static_cast<std::size_t>(length),
                          slack / in.dtype().itemsize());
    } else {
        plan::pass p;
        p.kind = plan::pass_kind::reduce;
        p.reduction = &kernel;
        p.space = in.shape();
        const lazy::shape dense = contiguous_strides(p.space);
        if (in.ready()) {
            p.leaves.push_back({&in, dense});
        } else {
            read = lone_inputs(in).bytes;
            for (std::size_t i = 0; i < in.input_count(); ++i) {
                std::uint32_t leaf = 0;
                while (leaf < p.leaves.size() && p.leaves[leaf].source != in.input(i)) {
                    ++leaf;
                }
                if (leaf == p.leaves.size()) {
                    p.leaves.push_back({in.input(i), dense});
                }
                p.operands.push_back(leaf);
            }
            p.instructions.push_back({&in, 0});
        }
        const std::size_t value = in.ready() ? 0 : p.leaves.size();
        p.outputs.push_back({&n, static_cast<std::uint32_t>(value), false, {}});
        plan::arrange_reduction(p, reduced);
        std::byte* to = result->data();
        kernel.engine->run(p, &to);
    }
    stop::scope::check();
    count_pass(read, n.bytes());
    plan::publish(&n, std::move(result));
}

}  // namespace lazy::cpu

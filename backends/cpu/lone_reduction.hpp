// A reduction of a stored tensor, or of one kernel over stored tensors, computed without a plan.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "row_reducer.hpp"
#include "statement_run.hpp"

namespace lazy::cpu {

/// A stored one of up to this many bytes is reduced by one call, if its rows are no longer than
/// this.
inline constexpr std::size_t one_call_bytes = 128 << 10;
inline constexpr std::int64_t most_short_row = 4096;

/// The elements that a lone reduction is of, as a row_reducer takes them: where they are stored, or
/// computed by a lone kernel, which the reduction may be compiled together with.
class lone_tiles {
public:
    lone_tiles(const graph::node& in, const graph::reduce_kernel& by)
        : size_(static_cast<std::int64_t>(in.dtype().itemsize())),
          tile_(in.ready() ? row_reducer::block : static_cast<std::int64_t>(stack_bytes) / size_),
          value_(in.ready() ? in.data()->data() : values_) {
        if (!in.ready()) {
            inputs_.emplace(in);
            computed_ = inputs_->to(in, false, is_far(inputs_->bytes));
            fused_ = by.fused == &in.map() ? by.groups : nullptr;
        } else if (is_far(in.bytes())) {
            ahead_ = reduction_fetch_distance;
        }
    }
    lone_tiles(const lone_tiles&) = delete;
    lone_tiles& operator=(const lone_tiles&) = delete;

    const lone_tiles& program() const { return *this; }
    std::int64_t tile() const { return tile_; }
    static bool by_rows() { return false; }
    static lazy::shape dims() { return {}; }

    /// Does nothing once the program wants to stop.
    void run(std::int64_t start, std::int64_t n, bool) {
        if (stop::wanted()) {
            return;
        }
        if (inputs_.has_value()) {
            computed_.run(start, start + n, values_);
        } else {
            at_ = start * size_;
        }
    }
    /// The same of elements that a reduction compiled together with their kernel takes into lanes;
    /// false if it is not, or they are not whole groups from the first lane on.
    bool take(std::int64_t start, std::int64_t n, bool, void* lanes) const {
        constexpr auto group = static_cast<std::int64_t>(graph::reduce_kernel::lanes);
        if (fused_ == nullptr || n % group != 0) {
            return false;
        }
        if (!stop::wanted()) {
            computed_.take(start, n, fused_, lanes);
        }
        return true;
    }
    const std::byte* value(std::size_t) const { return value_ + at_; }
    std::ptrdiff_t ahead(std::size_t) const { return ahead_; }

private:
    std::int64_t size_;
    std::int64_t tile_;
    const std::byte* value_;
    std::int64_t at_ = 0;
    std::ptrdiff_t ahead_ = 0;
    std::optional<lone_inputs> inputs_;
    straight_run computed_{};
    void (*fused_)(void*, const graph::map_call&) = nullptr;
    alignas(64) std::byte values_[stack_bytes];
};

/// The dimensions of a reduction merged: `inner` elements that stay, `length` of them reduced,
/// `outer` times. Not `simple` when one that stays lies between reduced ones.
struct merged_dims {
    std::int64_t outer = 1;
    std::int64_t length = 1;
    std::int64_t inner = 1;
    bool simple = true;

    merged_dims(const lazy::shape& sizes, const dim_set& reduced) {
        bool within = false;
        for (std::size_t d = 0; d < sizes.size(); ++d) {
            if (reduced[d]) {
                simple = simple && inner == 1;
                length *= sizes[d];
                within = true;
            } else {
                (within ? inner : outer) *= sizes[d];
            }
        }
        simple = simple && length > 0 && inner > 0;
    }
    bool trailing() const { return simple && inner == 1; }
};

/// A reduction of stored elements along a dimension before the last, no longer than one block.
[[gnu::noinline]] inline void reduce_columns(const graph::reduce_kernel& kernel,
                                             const merged_dims& dims, const std::byte* in,
                                             std::byte* out) {
    const auto n = static_cast<std::size_t>(dims.inner);
    memory::list<std::byte> states(kernel.state_size * n);
    const auto rows = static_cast<std::size_t>(dims.length);
    for (std::int64_t o = 0; o < dims.outer; ++o) {
        kernel.start(states.data(), n);
        kernel.columns(states.data(), in, n, rows, 0, 0);
        kernel.finish(out, states.data(), n);
        in += rows * n * kernel.in.itemsize();
        out += n * kernel.out.itemsize();
    }
}

/// A reduction along rows, by one thread.
[[gnu::noinline]] inline void reduce_rows(const graph::node& n, std::int64_t length,
                                          std::byte* out) {
    lone_tiles tiles(*n.input(0), n.reduce());
    const auto itemsize = static_cast<std::int64_t>(n.dtype().itemsize());
    row_reducer(n.reduce(), length)
        .rows(tiles, 0, n.numel(), false,
              [&](std::size_t, std::int64_t row) { return out + row * itemsize; });
}

/// Any other lone reduction, as a pass of its own.
[[gnu::noinline]] inline void run_as_pass(graph::node& n, std::byte* to) {
    graph::node& in = *n.input(0);
    plan::pass p;
    p.kind = plan::pass_kind::reduce;
    p.reduction = &n.reduce();
    p.space = in.shape();
    const lazy::shape dense = contiguous_strides(p.space);
    if (in.ready()) {
        p.leaves.push_back({&in, dense});
    } else {
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
    plan::arrange_reduction(p, n.reduction().reduced);
    n.reduce().engine->run(p, &to);
}

inline void compute_reduction(graph::node& n) {
    graph::node& in = *n.input(0);
    const graph::reduce_kernel& kernel = n.reduce();
    const std::size_t bytes = in.bytes();
    buffer_ptr result = buffer::allocate(n.bytes());
    const stop::scope stoppable(true);
    const merged_dims dims(in.shape(), n.reduction().reduced);
    const auto rows = static_cast<std::size_t>(n.numel());
    const auto length = static_cast<std::size_t>(dims.length);
    std::uint64_t read = bytes;
    const bool small = in.ready() && bytes <= one_call_bytes;
    if (small && dims.trailing() && dims.length <= most_short_row) {
        kernel.short_rows(result->data(), in.data()->data(), rows, length, in.data()->slack());
    } else if (small && dims.simple && dims.length <= row_block) {
        reduce_columns(kernel, dims, in.data()->data(), result->data());
    } else if (!in.ready() && dims.trailing() && bytes <= stack_bytes) {
        alignas(64) std::byte values[stack_bytes];
        const lone_inputs inner(in);
        read = inner.bytes;
        const std::size_t slack = stack_bytes - bytes;
        inner.to(in, false, false).run(0, in.numel(), values, slack);
        kernel.short_rows(result->data(), values, rows, length, slack);
    } else {
        read = in.ready() ? bytes : lone_inputs(in).bytes;
        const double work =
            static_cast<double>(in.numel()) * ((in.ready() ? 0 : in.map().cost + 0.25) + 2.0);
        const std::int64_t jobs = std::max(n.numel(), row_reducer::blocks(dims.length));
        if (dims.trailing() && threads_for(jobs, work) == 1) {
            reduce_rows(n, dims.length, result->data());
        } else {
            run_as_pass(n, result->data());
        }
    }
    stop::scope::check();
    count_pass(read, n.bytes());
    plan::publish(&n, std::move(result));
}

}  // namespace lazy::cpu

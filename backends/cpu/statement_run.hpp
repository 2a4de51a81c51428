// The short way: a lone kernel over dense inputs needs no plan and no tiles.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/plan/evaluate.hpp"
#include "cpu_backend.hpp"

namespace lazy::cpu {

/// True iff `n` is one kernel over stored tensors of its own shape.
inline bool is_lone_kernel(const graph::node& n) {
    if (n.kind() != graph::kind::map || n.map().may_fault) {
        return false;
    }
    for (std::size_t i = 0; i < n.input_count(); ++i) {
        const graph::node* in = n.input(i);
        if (!in->ready() || !(in->shape() == n.shape())) {
            return false;
        }
    }
    return true;
}

/// Computes `n` and returns true when it is a lone kernel; otherwise does nothing. What it does is
/// what the planner would decide, with the same counts: one pass, one kernel.
inline bool run_lone_kernel(graph::node& n) {
    // Inputs may only be looked at under the lock: another thread may be computing this node.
    const std::lock_guard guard(plan::evaluation_lock());
    if (n.ready() || !is_lone_kernel(n)) {
        return n.ready();
    }
    constexpr std::size_t most = 16;
    const std::size_t arity = n.input_count();
    if (arity > most) {
        return false;
    }
    buffer_ptr result = buffer::allocate(n.bytes());
    const std::int64_t count = n.numel();
    const graph::map_kernel& kernel = n.map();
    std::uint64_t read = 0;
    for (std::size_t i = 0; i < arity; ++i) {
        bool repeated = false;
        for (std::size_t j = 0; j < i; ++j) {
            repeated = repeated || n.input(j) == n.input(i);
        }
        read += repeated ? 0 : n.input(i)->bytes();
    }
    const bool stream = read + n.bytes() >= stream_bytes;
    const int threads = threads_for(count, static_cast<double>(count) * (kernel.cost + 1));
    parallel(threads, [&](int t) {
        const auto [first, last] =
            threads == 1 ? std::pair{std::int64_t{0}, count} : share(count, 4096, t, threads);
        const void* in[most];
        for (std::size_t i = 0; i < arity; ++i) {
            in[i] = n.input(i)->data()->data() +
                    first * static_cast<std::int64_t>(n.input(i)->dtype().itemsize());
        }
        bool fault = false;
        kernel.run({result->data() + first * static_cast<std::int64_t>(n.dtype().itemsize()), in,
                    static_cast<std::size_t>(last - first), n.params().get(), stream, &fault});
    });
    counters& c = counters::instance();
    counters::add(c.evaluations, 1);
    counters::add(c.passes, 1);
    counters::add(c.kernels, 1);
    counters::add(c.bytes_read, read);
    counters::add(c.bytes_written, n.bytes());
    plan::publish(&n, std::move(result));
    return true;
}

}  // namespace lazy::cpu

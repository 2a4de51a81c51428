// The short way: a lone kernel or reduction over stored inputs needs no plan.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/plan/evaluate.hpp"
#include "cpu_backend.hpp"
#include "streaming.hpp"

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

/// Most inputs of what goes the short way.
inline constexpr std::size_t most_inputs = 16;

/// Bytes that a lone kernel reads: each input once.
inline std::uint64_t bytes_read(const graph::node& n) {
    std::uint64_t read = 0;
    for (std::size_t i = 0; i < n.input_count(); ++i) {
        bool repeated = false;
        for (std::size_t j = 0; j < i; ++j) {
            repeated = repeated || n.input(j) == n.input(i);
        }
        read += repeated ? 0 : n.input(i)->bytes();
    }
    return read;
}
inline void count_pass(std::uint64_t read, std::uint64_t written) {
    counters& c = counters::instance();
    counters::add(c.evaluations, 1);
    counters::add(c.passes, 1);
    counters::add(c.kernels, 1);
    counters::add(c.bytes_read, read);
    counters::add(c.bytes_written, written);
}
/// Elements [first, last) of a lone kernel's value. `far`: its inputs are fetched ahead.
inline void run_kernel(const graph::node& n, std::byte* out, std::int64_t first, std::int64_t last,
                       bool stream, bool far) {
    // In stretches, between which the program may stop it.
    constexpr std::int64_t stretch = 1 << 20;
    const bool fetches = far && n.map().cost >= least_fetching_cost;
    for (std::int64_t at = first; at < last && !stop::wanted(); at += stretch) {
        const void* in[most_inputs];
        graph::upcoming next;
        for (std::size_t i = 0; i < n.input_count(); ++i) {
            const std::size_t itemsize = n.input(i)->dtype().itemsize();
            const std::byte* from =
                n.input(i)->data()->data() + at * static_cast<std::int64_t>(itemsize);
            if (fetches && std::find(in, in + i, from) == in + i) {
                next.add(from + fetch_distance * static_cast<std::int64_t>(itemsize), itemsize);
            }
            in[i] = from;
        }
        const auto count = static_cast<std::size_t>(std::min(stretch, last - at));
        next.last = count;
        bool fault = false;
        n.map().run({out + (at - first) * static_cast<std::int64_t>(n.dtype().itemsize()), in,
                     count, n.params().get(), stream, &fault, fetches ? &next : nullptr});
    }
}

/// The memory of an input that nobody else needs, to compute a lone kernel in place; else null.
/// Safe, since a kernel reads element i of every input before it writes element i.
inline buffer_ptr donated_memory(const graph::node& n) {
    for (std::size_t i = 0; i < n.input_count(); ++i) {
        const graph::node* in = n.input(i);
        std::uint32_t uses = 0;
        for (std::size_t j = 0; j < n.input_count(); ++j) {
            uses += n.input(j) == in ? 1 : 0;
        }
        const buffer_ptr& data = in->data();
        if (in->use_count() == uses && data->use_count() == 1 && !data->shared() &&
            in->dtype().itemsize() == n.dtype().itemsize()) {
            return data;
        }
    }
    return {};
}

inline void compute_kernel(graph::node& n) {
    buffer_ptr result = donated_memory(n);
    const stop::scope stoppable(!result);
    if (!result) {
        result = buffer::allocate(n.bytes());
    }
    const std::int64_t count = n.numel();
    const std::uint64_t read = bytes_read(n);
    const bool stream = read + n.bytes() >= stream_bytes;
    const bool far = is_far(read + n.bytes());
    const int threads = threads_for(count, static_cast<double>(count) * (n.map().cost + 1));
    if (threads == 1) {
        run_kernel(n, result->data(), 0, count, stream, far);
    } else {
        parallel(threads, [&](int t) {
            const auto [first, last] = share(count, 4096, t, threads);
            const auto at = first * static_cast<std::int64_t>(n.dtype().itemsize());
            run_kernel(n, result->data() + at, first, last, stream, far);
        });
    }
    stop::scope::check();
    count_pass(read, n.bytes());
    plan::publish(&n, std::move(result));
}

/// True iff `n` reduces a stored tensor, or a lone kernel that nothing else needs.
inline bool is_lone_reduction(const graph::node& n) {
    if (n.kind() != graph::kind::reduce) {
        return false;
    }
    const graph::node& in = *n.input(0);
    return in.ready() ||
           (in.use_count() == 1 && in.input_count() <= most_inputs && is_lone_kernel(in));
}

/// Computes `n` and returns true when it is a lone kernel or reduction; otherwise does nothing.
/// What it does is what the planner would decide, with the same counts: one pass, one kernel.
inline bool run_alone(graph::node& n) {
    // Inputs may only be looked at under the lock: another thread may be computing this node.
    const std::lock_guard guard(plan::evaluation_lock());
    if (n.ready()) {
        return true;
    }
    if (n.input_count() <= most_inputs && is_lone_kernel(n)) {
        compute_kernel(n);
    } else if (is_lone_reduction(n)) {
        n.reduce().engine->run_alone(n);
    } else {
        return false;
    }
    return true;
}

}  // namespace lazy::cpu

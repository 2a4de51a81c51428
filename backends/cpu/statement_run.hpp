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

inline void count_pass(std::uint64_t read, std::uint64_t written) {
    counters& c = counters::instance();
    counters::add(c.evaluations, 1);
    counters::add(c.passes, 1);
    counters::add(c.kernels, 1);
    counters::add(c.bytes_read, read);
    counters::add(c.bytes_written, written);
}

/// A tensor of up to this many bytes is computed and reduced on the stack.
inline constexpr std::size_t stack_bytes = 8192;

/// The inputs of a lone kernel. Of numbers, which only results of rows have, see row_results.
struct lone_inputs {
    input_array each[most_inputs];
    std::size_t count;
    std::uint64_t bytes = 0;  ///< that it reads: each input once
    /// The memory of an input that nobody else needs, to compute in place; else null. Safe, since a
    /// kernel reads element i of every input before it writes element i.
    const buffer_ptr* donor = nullptr;
    std::size_t readable = SIZE_MAX;  ///< bytes of each that may be read after the last element

    explicit lone_inputs(const graph::node& n) : count(n.input_count()) {
        for (std::size_t i = 0; i < count; ++i) {
            const graph::node* in = n.input(i);
            if (in->kind() == graph::kind::number) {
                continue;
            }
            const buffer_ptr& data = in->data();
            each[i] = {data->data(), in->dtype().itemsize()};
            readable = std::min(readable, data->slack());
            std::uint32_t uses = 0;
            bool repeated = false;
            for (std::size_t j = 0; j < count; ++j) {
                uses += n.input(j) == in ? 1U : 0U;
                repeated = repeated || (j < i && n.input(j) == in);
            }
            if (repeated) {
                continue;
            }
            bytes += in->bytes();
            if (donor == nullptr && in->use_count() == uses && data->use_count() == 1 &&
                !data->shared() && each[i].itemsize == n.dtype().itemsize()) {
                donor = &data;
            }
        }
    }
    straight_run to(const graph::node& n, bool stream, bool far) const {
        return {n.map().run, n.params().get(), {each, count}, n.dtype().itemsize(), stream,
                far,         readable};
    }
};

inline void compute_kernel(graph::node& n) {
    const lone_inputs in(n);
    const stop::scope stoppable(in.donor == nullptr);
    buffer_ptr result = in.donor != nullptr ? *in.donor : buffer::allocate(n.bytes());
    const std::int64_t count = n.numel();
    const std::uint64_t moved = in.bytes + n.bytes();
    const bool stream = in.donor == nullptr && moved >= stream_bytes;
    const straight_run straight = in.to(n, stream, is_far(moved));
    const int threads = threads_for(count, static_cast<double>(count) * (n.map().cost + 1));
    if (threads == 1) {
        straight.run(0, count, result->data(), result->slack());
    } else {
        parallel(threads, [&](int t) {
            const auto [first, last] = share(count, 4096, t, threads);
            straight.run(first, last,
                         result->data() + first * static_cast<std::int64_t>(straight.out_size),
                         last == count ? result->slack() : 0);
        });
    }
    stop::scope::check();
    count_pass(in.bytes, n.bytes());
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

/// Kernels over the results of a small lone reduction along rows that nothing else needs: mean, var
/// and std. What rows passes do, without a plan.
class row_results {
public:
    /// The input of `n` that is pending, if `n` is one of at most `most` such kernels; else null.
    static graph::node* below(const graph::node& n, int most = 4) {
        if (most == 0 || n.kind() != graph::kind::map || n.map().may_fault ||
            n.input_count() > most_inputs) {
            return nullptr;
        }
        graph::node* found = nullptr;
        std::uint32_t uses = 0;
        std::size_t numbers = 0;
        for (std::size_t i = 0; i < n.input_count(); ++i) {
            graph::node* in = n.input(i);
            if (in->kind() == graph::kind::number) {
                numbers += room_for(*in, n);
                continue;
            }
            if (!(in->shape() == n.shape())) {
                return nullptr;
            }
            if (!in->ready()) {
                if (found != nullptr && found != in) {
                    return nullptr;
                }
                found = in;
                ++uses;
            }
        }
        const bool fits = found != nullptr && found->use_count() == uses &&
                          numbers <= stack_bytes && found->bytes() == n.bytes();
        return fits && (is_small_reduction(*found) || below(*found, most - 1) != nullptr) ? found
                                                                                          : nullptr;
    }
    /// Computes `n`, the results of `from`. Counts as a rows pass: one trip over the elements.
    static void compute(graph::node& n, graph::node& from) {
        counters& count = counters::instance();
        if (from.kind() == graph::kind::reduce) {
            const bool computed = !from.input(0)->ready();
            from.reduce().engine->run_alone(from);
            counters::add(count.kernels, computed ? 1 : 0);
        } else {
            compute(from, *below(from));
            counters::add(count.kernels, 1);
        }
        lone_inputs in(n);
        alignas(64) std::byte numbers[stack_bytes];
        fill(numbers, n, in);
        in.to(n, false, false).run(0, n.numel(), from.data()->data(), from.data()->slack());
        counters::add(count.bytes_read, in.bytes - from.bytes());
        plan::publish(&n, buffer_ptr(from.data()));
    }

private:
    /// Bytes that a number takes as often as `n` has elements, up to where the next is aligned.
    static std::size_t room_for(const graph::node& number, const graph::node& n) {
        const std::size_t bytes = static_cast<std::size_t>(n.numel()) * number.dtype().itemsize();
        return (bytes + memory::alignment - 1) / memory::alignment * memory::alignment;
    }
    static bool is_small_reduction(const graph::node& n) {
        constexpr std::size_t small = 128 << 10;
        if (!is_lone_reduction(n) || n.input(0)->bytes() > small ||
            n.input(0)->numel() <= n.numel()) {
            return false;
        }
        // No dimension that stays comes after a reduced one.
        bool trailing = true;
        const dim_set& reduced = n.reduction().reduced;
        const lazy::shape& sizes = n.input(0)->shape();
        for (std::size_t d = 1; d < sizes.size(); ++d) {
            trailing = trailing && (reduced[d] || !reduced[d - 1]);
        }
        return trailing;
    }
    static void fill(std::byte* to, const graph::node& n, lone_inputs& in) {
        for (std::size_t i = 0; i < in.count; ++i) {
            const graph::node* number = n.input(i);
            if (number->kind() != graph::kind::number) {
                continue;
            }
            const std::size_t itemsize = number->dtype().itemsize();
            in.each[i] = {to, itemsize};
            copy_strided(to, 1, static_cast<const std::byte*>(number->number()), 0, n.numel(),
                         itemsize);
            const std::size_t room = room_for(*number, n);
            in.readable =
                std::min(in.readable, room - static_cast<std::size_t>(n.numel()) * itemsize);
            to += room;
        }
    }
};

/// Computes `n` and returns true when it is one of the above; otherwise does nothing.
/// What it does is what the planner would decide, with the same counts.
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
    } else if (graph::node* from = row_results::below(n)) {
        row_results::compute(n, *from);
    } else {
        return false;
    }
    return true;
}

}  // namespace lazy::cpu

// Evaluation: plans the graph below some nodes, runs the passes and stores what was asked for.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <mutex>
#include <span>

#include "../../backends/backend.hpp"
#include "../core/clock.hpp"
#include "../core/counters.hpp"
#include "../core/evaluation_lock.hpp"
#include "../core/stop.hpp"
#include "known_plans.hpp"
#include "traffic.hpp"

namespace lazy::plan {

/// Gives a computed node its elements and lets go of its inputs.
inline void publish(node* n, buffer_ptr data) {
    // A number's value stays in place: another thread may be reading it.
    const bool number = n->kind() == graph::kind::number;
    n->become_buffer(std::move(data));
    n->take_inputs([](graph::node_ptr) {});
    if (!number) {
        n->params().reset();
    }
}

/// What a kind of node does, in a word.
inline const char* operation_name(const node* n) {
    switch (n->kind()) {
        case graph::kind::map: return n->map().name;
        case graph::kind::reduce: return n->reduce().name;
        case graph::kind::opaque: return n->opaque().name;
        case graph::kind::update: return "copy_";
        default: return "evaluate";
    }
}

/// Memory for output `o` of `p`; of an update, see update_engine. Throws memory_error.
inline buffer_ptr memory_for(backends::backend& device, const pass& p, const output& o) {
    if (o.donor >= 0) {
        const node* from = p.leaves[static_cast<std::size_t>(o.donor)].source;
        const buffer_ptr& data = from->data();
        if (from->use_count() == o.donor_uses && data->use_count() == 1 && !data->shared()) {
            return data;
        }
    }
    try {
        return p.kind == pass_kind::update
                   ? o.target->update().target(device, o.target, p.readers, may_fault(p))
                   : device.allocate(o.target->bytes());
    } catch (const std::bad_alloc&) {
        fail<memory_error>(operation_name(o.target),
                           {"out of memory: cannot allocate ", o.target->bytes(), " bytes for ",
                            o.target->dtype().name(), o.target->shape()});
    }
}

/// Told of every pass: before it runs (seconds < 0), then how long it took.
using observer = void (*)(void* context, const pass& p, double seconds);

/// Runs passes one after the other and publishes what they compute.
class pass_runner {
public:
    pass_runner(backends::backend& device, observer watch, void* context)
        : device_(device), watch_(watch), context_(context) {}

    void run(const pass& p) {
        buffers_.clear();
        results_.clear();
        copies_.clear();
        // All memory first: a pass may write over its input.
        for (const copy_of_output& c : p.copies) {
            copies_.push_back(device_.allocate(c.n->bytes()));
        }
        for (const output& o : p.outputs) {
            buffers_.push_back(memory_for(device_, p, o));
            results_.push_back(buffers_.back()->data());
        }
        bool fresh = true;
        for (const buffer_ptr& b : buffers_) {
            fresh = fresh && b->use_count() == 1;
        }
        const stop::scope stoppable(fresh);
        const std::span<std::byte* const> results(results_.data(), results_.size());
        if (watch_ == nullptr) {
            device_.run(p, results);
        } else {
            watch_(context_, p, -1);
            const double start = seconds_now();
            device_.run(p, results);
            watch_(context_, p, seconds_now() - start);
        }
        stop::scope::check();
        const bytes_moved& moved = traffic(p);
        counters& count = counters::instance();
        counters::add(count.passes, 1);
        counters::add(count.kernels, kernel_count(p));
        counters::add(count.bytes_read, moved.read);
        counters::add(count.bytes_written, moved.written);
        for (std::size_t i = 0; i < p.copies.size(); ++i) {
            // Memory of its own: what exports and writes to one must not reach the other.
            const copy_of_output& c = p.copies[i];
            device_.copy(copies_[i]->data(), buffers_[c.output]->data(), c.n->bytes());
            publish(c.n.get(), std::move(copies_[i]));
        }
        for (std::size_t i = 0; i < p.outputs.size(); ++i) {
            publish(p.outputs[i].target, std::move(buffers_[i]));
        }
    }

private:
    backends::backend& device_;
    observer watch_;
    void* context_;
    list<buffer_ptr> buffers_;
    list<buffer_ptr> copies_;
    list<std::byte*> results_;
};

/// Computes `roots` (not views: see evaluated_view). On an exception everything keeps its value:
/// nodes already stored stay stored, the others stay as they were.
inline void evaluate(std::span<node* const> roots, backends::backend& device,
                     observer watch = nullptr, void* context = nullptr) {
    bool any = false;
    for (node* r : roots) {
        any = any || !r->ready();
    }
    if (!any) {
        return;
    }
    const std::lock_guard guard(evaluation_lock());
    counters& count = counters::instance();
    pass_runner runner(device, watch, context);
    known_plans::use known;
    const evaluation_plan& plan = known.plan_of(roots);
    // A pass may need a node that stands for an equal one after all who asked for it are computed.
    list<graph::node_ptr> standing;
    for (node* n : plan.shared) {
        standing.push_back(graph::node_ptr(n));
    }
    for (const recomputed_node& r : plan.recomputed) {
        r.n->recomputed = std::min(2.0F, r.n->recomputed + r.part);
    }
    if (!plan.passes.empty()) {
        counters::add(count.evaluations, 1);
    }
    for (const pass& p : plan.passes) {
        runner.run(p);
    }
}

}  // namespace lazy::plan

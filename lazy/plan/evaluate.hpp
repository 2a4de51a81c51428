// Evaluation: plans the graph below some nodes, runs the passes and stores what was asked for.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <mutex>
#include <span>

#include "../../backends/backend.hpp"
#include "../core/counters.hpp"
#include "schedule.hpp"
#include "traffic.hpp"

namespace lazy::plan {

/// One evaluation runs at a time; recursive because writing shared memory evaluates inside.
inline std::recursive_mutex& evaluation_lock() {
    static std::recursive_mutex& m = *new std::recursive_mutex;
    return m;
}

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

/// The memory an update writes to: the old value's own when nobody else needs it, else a copy.
inline buffer_ptr update_target(backends::backend& device, node* n, std::uint32_t readers,
                                bool may_fail) {
    node* old = n->input(0);
    const buffer_ptr& data = old->data();
    if (!may_fail && old->use_count() == 1 + readers && data->use_count() == 1 && !data->shared()) {
        return data;
    }
    buffer_ptr copy = device.allocate(n->bytes());
    device.copy(copy->data(), data->data(), n->bytes());
    counters::instance().bytes_read += n->bytes();
    counters::instance().bytes_written += n->bytes();
    return copy;
}

/// Computes `roots` (not views: see evaluated_view). On an exception everything keeps its value:
/// nodes already stored stay stored, the others stay as they were.
inline void evaluate(std::span<node* const> roots, backends::backend& device) {
    bool any = false;
    for (node* r : roots) {
        any = any || !r->ready();
    }
    if (!any) {
        return;
    }
    const std::lock_guard guard(evaluation_lock());
    list<pass> passes;
    {
        planner plan(roots);
        passes = plan.passes();
        for (const facts& f : plan.nodes()) {
            if (f.keep == nullptr && f.n->use_count() > f.uses && f.n->recomputed < 255) {
                ++f.n->recomputed;
            }
        }
    }
    counters& count = counters::instance();
    if (!passes.empty()) {
        ++count.evaluations;
    }
    list<buffer_ptr> buffers;
    list<std::byte*> results;
    for (const pass& p : passes) {
        buffers.clear();
        results.clear();
        for (const output& o : p.outputs) {
            buffers.push_back(p.kind == pass_kind::update
                                  ? update_target(device, o.target, p.readers, may_fault(p))
                                  : device.allocate(o.target->bytes()));
            results.push_back(buffers.back()->data());
        }
        device.run(p, results);
        const auto [read, written] = traffic(p);
        ++count.passes;
        count.kernels += kernel_count(p);
        count.bytes_read += read;
        count.bytes_written += written;
        for (const copy_of_output& c : p.copies) {
            publish(c.n.get(), buffers[c.output]);
        }
        for (std::size_t i = 0; i < p.outputs.size(); ++i) {
            publish(p.outputs[i].target, std::move(buffers[i]));
        }
    }
}

}  // namespace lazy::plan

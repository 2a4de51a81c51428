// Definitions of engine_interface.hpp: the planner and the CPU back end themselves.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../backends/cpu/map_kernel.hpp"
#include "../../backends/cpu/statement_run.hpp"
#include "../../lazy/plan/dot.hpp"
#include "../../lazy/plan/write_hazards.hpp"
#include "engine_interface.hpp"

namespace lazy::engine {

LAZYTENSOR_INLINE void evaluate(std::span<graph::node* const> roots) {
    plan::evaluate(roots, cpu::cpu_backend::instance());
}

LAZYTENSOR_INLINE void compute(graph::node* n) {
    if (!n->ready() && !cpu::run_alone(*n)) {
        plan::evaluate({&n, 1}, cpu::cpu_backend::instance());
    }
}

LAZYTENSOR_INLINE std::string describe(std::span<graph::node* const> roots) {
    return plan::describe(roots);
}
LAZYTENSOR_INLINE std::string describe_measured(std::span<graph::node* const> roots) {
    return plan::describe_measured(roots, cpu::cpu_backend::instance());
}
LAZYTENSOR_INLINE std::string dot(std::span<graph::node* const> roots) { return plan::dot(roots); }

#ifndef LAZYTENSOR_COMPILED
inline
#endif
    constexpr graph::update_engine updates{&plan::source_first, &plan::update_target};

/// What has been asked for since the last evaluation that the budget made.
struct graph_budget {
    std::atomic<std::size_t> most_nodes{0};
    std::atomic<std::size_t> most_bytes{0};
    std::atomic<std::size_t> nodes{0};
    std::atomic<std::size_t> bytes{0};

    static graph_budget& instance() {
        static graph_budget b;
        return b;
    }
    static void spend(graph::node* n) {
        if (n->ready() || n->kind() == graph::kind::number || n->kind() == graph::kind::iota ||
            n->kind() == graph::kind::view) {
            return;
        }
        graph_budget& b = instance();
        const std::size_t nodes = b.nodes.fetch_add(1) + 1;
        const std::size_t bytes = b.bytes.fetch_add(n->bytes()) + n->bytes();
        if (nodes > b.most_nodes || bytes > b.most_bytes) {
            b.nodes = 0;
            b.bytes = 0;
            compute(n);
        }
    }
};

LAZYTENSOR_INLINE void set_graph_budget(std::size_t nodes, std::size_t bytes) {
    graph_budget& b = graph_budget::instance();
    const bool on = nodes != 0 || bytes != 0;
    b.most_nodes = nodes != 0 ? nodes : SIZE_MAX;
    b.most_bytes = bytes != 0 ? bytes : SIZE_MAX;
    b.nodes = 0;
    b.bytes = 0;
    graph::new_value_watch = on ? &graph_budget::spend : nullptr;
}

LAZYTENSOR_INLINE void write_shared(graph::variable& base, graph::node_ptr source,
                                    const graph::layout& where) {
    static constexpr graph::update_engine at_once{&plan::shared_source_first, &plan::shared_target};
    const std::lock_guard guard(plan::evaluation_lock());
    if (!base.value()->data()->writable()) {
        throw value_error("[copy_] assignment destination is read-only");
    }
    const graph::node_ptr write =
        graph::make_update(at_once, base.value(), std::move(source), where);
    compute(write.get());
    base.set_value(write);
}

template <class>
const graph::map_kernel& conversion_kernel(dtype to, dtype from) {
    return dispatch(from, [to]<class From>(type_tag<From>) -> const graph::map_kernel& {
        return dispatch(to, []<class To>(type_tag<To>) -> const graph::map_kernel& {
            return cpu::conversion<To, From>;
        });
    });
}

LAZYTENSOR_INLINE void hold_evaluations() {
    plan::evaluation_lock().lock();
    memory::block_cache::instance().mutex().lock();
}
LAZYTENSOR_INLINE void allow_evaluations(bool in_child) {
    memory::block_cache::instance().mutex().unlock();
    if (in_child) {
        // Held by the thread that forked, which is not the child's only thread.
        new (&plan::evaluation_lock()) plan::evaluation_mutex;
        plan::evaluation_mutex::forget();
        cpu::threads_are_gone().store(cpu::threads_have_run().load());
    } else {
        plan::evaluation_lock().unlock();
    }
}

LAZYTENSOR_INLINE void set_num_threads(int n) {
    cpu::thread_limit().store(n, std::memory_order_relaxed);
}
LAZYTENSOR_INLINE int get_num_threads() { return cpu::max_threads(); }

}  // namespace lazy::engine

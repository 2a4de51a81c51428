// Control and sight: threads, stats, explain, to_dot.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/core/stop.hpp"
#include "export.hpp"

namespace lazy {

/// Evaluations use at most n threads; 0 leaves the choice to OpenMP. Results do not depend on it.
inline void set_num_threads(int n) {
    if (n < 0) {
        fail<value_error>("set_num_threads", {"expects a positive number, got ", n});
    }
    engine::set_num_threads(n);
}
inline int get_num_threads() { return engine::get_num_threads(); }

/// For programs that must be able to end an evaluation that takes long: `wanted` is asked about
/// twenty times a second by the evaluating thread, between tiles; when it says true, the evaluation
/// throws stopped_error and every tensor keeps what it had. Algorithms over whole tensors (sort,
/// matmul) and passes that write over their own input are finished first. Null turns it off.
inline void set_stop_check(bool (*wanted)()) { stop::question.store(wanted); }

/// For programs that never ask for a value, or late: once more than `nodes` operations have been
/// written, or operations with more than `bytes` of results, since the last time, the newest result
/// is evaluated. 0 is no limit; both 0, the default, turn this off. Results do not depend on it.
inline void set_graph_budget(std::size_t nodes, std::size_t bytes = 0) {
    engine::set_graph_budget(nodes, bytes);
}

/// What evaluating x (and more) together would do: the passes over memory, what each reads,
/// computes and writes, and why it ends. Computes nothing.
template <tensor_like... X>
std::string explain(const X&... x) {
    const graph::node_ptr owners[] = {x.node()...};
    std::array<graph::node*, sizeof...(X)> roots{};
    for (std::size_t i = 0; i < sizeof...(X); ++i) {
        roots[i] = owners[i].get();
    }
    return engine::describe(roots);
}

/// Says that explain should evaluate and measure.
struct measured_type {};
inline constexpr measured_type measured{};

/// Evaluates x, and says the same with the time and the GB/s of each pass.
template <tensor_like X>
std::string explain(const X& x, measured_type) {
    const graph::node_ptr owner = x.node();
    graph::node* root = owner.get();
    if (root->kind() == graph::kind::view) {
        root = root->input(0);
    }
    return engine::describe_measured({&root, 1});
}

/// The graph below x in Graphviz's language, one cluster per pass.
template <tensor_like... X>
std::string to_dot(const X&... x) {
    const graph::node_ptr owners[] = {x.node()...};
    std::array<graph::node*, sizeof...(X)> roots{};
    for (std::size_t i = 0; i < sizeof...(X); ++i) {
        roots[i] = owners[i].get();
    }
    return engine::dot(roots);
}

inline std::ostream& operator<<(std::ostream& os, const statistics& s) {
    return os << s.evaluations << " evaluations, " << s.passes << " passes, " << s.kernels
              << " kernels, " << s.bytes_read << " bytes read, " << s.bytes_written
              << " bytes written, " << s.allocations << " allocations";
}

}  // namespace lazy

// The door to the planner and the CPU: declarations of all that the handles need of them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string>

#include "../../lazy/core/counters.hpp"
#include "../../lazy/graph/views.hpp"

/// Header-only, the functions below are inline and their definitions come with this header. With
/// LAZYTENSOR_COMPILED (the target lazytensor::compiled) a library has them, so that no file of the
/// program compiles them again.
#ifdef LAZYTENSOR_COMPILED
#define LAZYTENSOR_INLINE
#else
#define LAZYTENSOR_INLINE inline
#endif

namespace lazy::engine {

/// Computes the nodes together, each then a dense buffer. One evaluation runs at a time.
LAZYTENSOR_INLINE void evaluate(std::span<graph::node* const> roots);
/// The same for one node.
LAZYTENSOR_INLINE void compute(graph::node* n);
/// What evaluating the nodes would do: as text, as a Graphviz graph.
LAZYTENSOR_INLINE std::string describe(std::span<graph::node* const> roots);
/// Evaluates, and says what took how long.
LAZYTENSOR_INLINE std::string describe_measured(std::span<graph::node* const> roots);
LAZYTENSOR_INLINE std::string dot(std::span<graph::node* const> roots);
/// Writes the value of `source` to the elements of `base` that `where` picks, at once, in memory
/// that the outside sees. Readers that still wait for the old elements get a private copy first.
LAZYTENSOR_INLINE void write_shared(graph::variable& base, graph::node_ptr source,
                                    const graph::layout& where);
#ifdef LAZYTENSOR_COMPILED
extern const graph::update_engine updates;
#endif
/// The kernel that converts `from` to `to`; a plain copy when they are equal.
template <class>
const graph::map_kernel& conversion_kernel(dtype to, dtype from);
LAZYTENSOR_INLINE void set_num_threads(int n);
LAZYTENSOR_INLINE int get_num_threads();
/// See lazy::set_graph_budget.
LAZYTENSOR_INLINE void set_graph_budget(std::size_t nodes, std::size_t bytes);
/// Between the two no thread evaluates: for fork(), which says whether this is the child.
LAZYTENSOR_INLINE void hold_evaluations();
LAZYTENSOR_INLINE void allow_evaluations(bool in_child);

}  // namespace lazy::engine

// What evaluates reductions. Included by what reduces, so that other programs do not compile it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/plan/row_stages.hpp"
#include "lone_reduction.hpp"
#include "prepared_run.hpp"
#include "reduce_run.hpp"
#include "rows_run.hpp"

namespace lazy::cpu {

/// See graph::reduction_engine::run.
inline bool run_reductions(const plan::pass& p, std::byte* const* results) {
    const std::span<std::byte* const> to(results, p.outputs.size());
    return p.kind == plan::pass_kind::rows ? prepared_run<rows_run>(p, to)
                                           : prepared_run<reduce_run>(p, to);
}

#ifdef LAZYTENSOR_COMPILED
extern const graph::reduction_engine reductions;
#else
inline
#endif
constexpr graph::reduction_engine reductions{&run_reductions, &compute_reduction,
                                             &plan::rules_of_rows};

}  // namespace lazy::cpu

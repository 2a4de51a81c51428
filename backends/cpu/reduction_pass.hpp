// Runs the passes that reduce. Included by what reduces, so that other programs do not compile it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "reduce_run.hpp"
#include "rows_run.hpp"
#include "streaming.hpp"

namespace lazy::cpu {

/// False when an element had no value.
#ifndef LAZYTENSOR_COMPILED
inline
#endif
    bool
    run_reductions(const plan::pass& p, std::byte* const* results) {
    const std::span<std::byte* const> to(results, p.outputs.size());
    return p.kind == plan::pass_kind::rows ? rows_run(p, to).run(streams(p))
                                           : reduce_run(p, to).run();
}

}  // namespace lazy::cpu

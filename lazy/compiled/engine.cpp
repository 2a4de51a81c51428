// The library lazytensor::compiled: the planner and the CPU back end, compiled once.
// SPDX-License-Identifier: BSD-3-Clause
#include "../../backends/cpu/reduce_run.hpp"
#include "../../include/lazytensor/engine_definitions.hpp"

namespace lazy {
template const graph::map_kernel& engine::conversion_kernel<void>(dtype, dtype);

namespace cpu {
bool run_reductions(const plan::pass& p, std::byte* const* results) {
    return reduce_run(p, {results, p.outputs.size()}).run();
}
}  // namespace cpu
}  // namespace lazy

// The library lazytensor::compiled: the planner and the CPU back end, compiled once.
// SPDX-License-Identifier: BSD-3-Clause
#include "../../backends/cpu/reduction_pass.hpp"
#include "../../include/lazytensor/engine_definitions.hpp"

namespace lazy {
template const graph::map_kernel& engine::conversion_kernel<void>(dtype, dtype);
}  // namespace lazy

// The library lazytensor::compiled: the planner and the CPU back end, compiled once.
// SPDX-License-Identifier: BSD-3-Clause
#include "../../include/lazytensor/engine_definitions.hpp"

template const lazy::graph::map_kernel& lazy::engine::conversion_kernel<void>(lazy::dtype,
                                                                              lazy::dtype);

// The library lazytensor::compiled: the run-time tables of the reductions.
// SPDX-License-Identifier: BSD-3-Clause
#include "../../include/lazytensor.hpp"

namespace lazy {
#define LAZYTENSOR_TABLE(name) \
    template const graph::reduce_kernel& reduction_kernel<ops::name>(dtype);
LAZYTENSOR_REDUCE_OPS(LAZYTENSOR_TABLE)
#undef LAZYTENSOR_TABLE
}  // namespace lazy

// The library lazytensor::compiled: the run-time tables of the binary operations.
// SPDX-License-Identifier: BSD-3-Clause
#include "../../include/lazytensor.hpp"

namespace lazy {
#define LAZYTENSOR_TABLE(name) template const graph::map_kernel& primitive_kernel<ops::name>(dtype);
LAZYTENSOR_BINARY_OPS(LAZYTENSOR_TABLE)
LAZYTENSOR_TABLE(where)
#undef LAZYTENSOR_TABLE
}  // namespace lazy

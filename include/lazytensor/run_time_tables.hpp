// With lazytensor::compiled, the run-time tables of all operations are in the library.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/ops/list.hpp"
#include "reductions.hpp"

#ifdef LAZYTENSOR_COMPILED
namespace lazy {
#define LAZYTENSOR_EXTERN(name) \
    extern template const graph::map_kernel& primitive_kernel<ops::name>(dtype);
LAZYTENSOR_UNARY_OPS(LAZYTENSOR_EXTERN)
LAZYTENSOR_BINARY_OPS(LAZYTENSOR_EXTERN)
LAZYTENSOR_EXTERN(where)
#undef LAZYTENSOR_EXTERN
#define LAZYTENSOR_EXTERN(name) \
    extern template const graph::reduce_kernel& reduction_kernel<ops::name>(dtype);
LAZYTENSOR_REDUCE_OPS(LAZYTENSOR_EXTERN)
#undef LAZYTENSOR_EXTERN
}  // namespace lazy
#endif

// Lazytensor: PyTorch's tensor vocabulary over a lazy, fused expression graph. Include this.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lazytensor/algorithms.hpp"       // sort, topk, cumsum, searchsorted
#include "lazytensor/control.hpp"          // explain, to_dot, set_num_threads, stats
#include "lazytensor/creation.hpp"         // zeros, arange, linspace, eye, from_blob, ...
#include "lazytensor/export.hpp"           // item, tolist, numpy, clone, eval, printing
#include "lazytensor/files.hpp"            // load, save
#include "lazytensor/functions.hpp"        // sin, add, where, clamp, ... and the operators
#include "lazytensor/indexing.hpp"         // t[i], t(all, range(0, 6, 2), newaxis, ellipsis)
#include "lazytensor/joining.hpp"          // cat, stack, hstack, tile, repeat, roll, meshgrid
#include "lazytensor/linalg.hpp"           // matmul, dot, outer, tensordot, cross
#include "lazytensor/manipulation.hpp"     // reshape, transpose, expand, split, ...
#include "lazytensor/random.hpp"           // rand, randn, randint, manual_seed, ...
#include "lazytensor/reductions.hpp"       // sum, mean, amax, softmax, norm, ...
#include "lazytensor/run_time_tables.hpp"  // nothing but declarations for lazytensor::compiled
#include "lazytensor/running.hpp"          // cummax, cummin, cumulative_sum, diff
#include "lazytensor/scattering.hpp"       // index_add, index_copy, index_fill
#include "lazytensor/selection.hpp"        // t[mask], index tensors, gather, take
#include "lazytensor/sets.hpp"             // unique, isin
#include "lazytensor/statistics.hpp"       // median, aminmax, nansum, bincount
#include "lazytensor/tensor.hpp"           // tensor<T>, Tensor: the handles, their methods, writing

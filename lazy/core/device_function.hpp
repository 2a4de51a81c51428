// The one macro that lets a formula run on a GPU as well as on the host.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// Marks a function as callable from CUDA device code; nothing outside nvcc.
#ifdef __CUDACC__
#define LAZYTENSOR_FN __host__ __device__
#else
#define LAZYTENSOR_FN
#endif

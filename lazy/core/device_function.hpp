// What host compilers and nvcc are told in their own words.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// Marks a function as callable from CUDA device code; nothing outside nvcc.
#ifdef __CUDACC__
#define LAZYTENSOR_FN __host__ __device__
#else
#define LAZYTENSOR_FN
#endif

/// Before a loop of few steps over registers: each step apart, at -O2 too, so that they stay in
/// registers. nvcc's own parser knows no such pragma.
#ifdef __CUDACC__
#define LAZYTENSOR_UNROLL
#else
#define LAZYTENSOR_UNROLL _Pragma("GCC unroll 16")
#endif

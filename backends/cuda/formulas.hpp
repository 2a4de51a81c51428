// The operations' formulas as nvcc may see them: without a warning for what only the host runs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

// A formula is marked __host__ __device__ and is also instantiated for SIMD packs and std::complex,
// which only the CPU back end does, on the host. nvcc warns of each host function those call. Which
// warnings are on is decided where a template is defined, so this file comes before any other that
// includes a formula, and code of the user stays checked.
#ifdef __CUDACC__
#ifndef __CUDACC_RELAXED_CONSTEXPR__
#error "[cuda] nvcc needs --expt-relaxed-constexpr: formulas call constexpr functions of std"
#endif
#pragma nv_diagnostic push
#pragma nv_diag_suppress 20011, 20014
#endif
#include "../../lazy/core/convert.hpp"
#include "../../lazy/graph/build.hpp"
#include "../../lazy/graph/formula.hpp"
#include "../../lazy/ops/list.hpp"
#include "../../lazy/ops/reduce.hpp"
#ifdef __CUDACC__
#pragma nv_diagnostic pop
#endif

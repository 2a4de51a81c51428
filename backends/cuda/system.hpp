// Which Thrust device system this translation unit runs on, and what is known of its device.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <thrust/detail/config.h>

#include "../../lazy/core/device_function.hpp"
#include "../../lazy/core/error.hpp"

/// Everything of this back end lies in an inline namespace named after the system, so that a
/// translation unit compiled by nvcc and one compiled for the host have different functions and may
/// be linked into one program.
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
#ifndef __CUDACC__
#error "[cuda] compile with nvcc, or define THRUST_DEVICE_SYSTEM to a host system of Thrust"
#endif
#include <cuda_runtime_api.h>
#define LAZYTENSOR_THRUST_SYSTEM thrust_cuda
#elif THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_OMP
#define LAZYTENSOR_THRUST_SYSTEM thrust_omp
#elif THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_TBB
#define LAZYTENSOR_THRUST_SYSTEM thrust_tbb
#else
#define LAZYTENSOR_THRUST_SYSTEM thrust_cpp
#endif

namespace lazy::cuda {
inline namespace LAZYTENSOR_THRUST_SYSTEM {

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA

inline constexpr const char* system_name = "cuda";

/// Why there is no GPU to run on, in the driver's words; empty when there is one.
inline std::string unavailable_reason() {
    int count = 0;
    const cudaError_t found = cudaGetDeviceCount(&count);
    if (found == cudaSuccess && count > 0) {
        return {};
    }
    // Clears the error, so that a later call of Thrust does not report it as its own.
    cudaGetLastError();
    return found == cudaSuccess
               ? "no CUDA device"
               : std::string(cudaGetErrorName(found)) + ": " + cudaGetErrorString(found);
}

/// Sets a flag that many threads may set at once.
LAZYTENSOR_FN inline void raise(int* flag) { *static_cast<volatile int*>(flag) = 1; }

#else

inline constexpr const char* system_name = THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_OMP ? "omp"
                                           : THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_TBB
                                               ? "tbb"
                                               : "cpp";

/// A host system is always there.
inline std::string unavailable_reason() { return {}; }

/// Sets a flag that many threads may set at once.
inline void raise(int* flag) { __atomic_store_n(flag, 1, __ATOMIC_RELAXED); }

#endif

/// Throws device_error, with the reason, when there is nothing to run on.
inline void require_device(const char* op) {
    if (const std::string reason = unavailable_reason(); !reason.empty()) {
        throw device_error(message(op, "no usable CUDA device: " + reason));
    }
}

}  // namespace LAZYTENSOR_THRUST_SYSTEM
}  // namespace lazy::cuda

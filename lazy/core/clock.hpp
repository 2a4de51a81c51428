// A clock for intervals.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <ctime>

namespace lazy {

/// Seconds since some moment. Not <chrono>, which costs every program some MiB of the compiler's
/// memory.
inline double seconds_now() {
    std::timespec t{};
    ::clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

}  // namespace lazy

// Asking for memory before it is read.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/plan/traffic.hpp"

namespace lazy::cpu {

/// How far ahead a loop over far memory asks for it, in bytes.
inline constexpr std::ptrdiff_t fetch_distance = 2048;
/// The same of a reduction, which reads faster.
inline constexpr std::ptrdiff_t reduction_fetch_distance = 4096;

/// True iff a pass that moves so many bytes reads them from beyond a core's own caches. Nearer
/// memory arrives as fast without being asked for.
constexpr bool is_far(std::uint64_t bytes) { return bytes >= std::uint64_t{4} << 20; }
inline bool is_far(const plan::pass& p) { return is_far(plan::traffic(p).total()); }

}  // namespace lazy::cpu

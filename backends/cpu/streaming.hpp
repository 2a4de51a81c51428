// When results are stored past the caches.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/plan/traffic.hpp"

namespace lazy::cpu {

/// Bytes moved by a pass from which results are stored past the caches: they would not stay there,
/// and the processor need not read what it overwrites.
inline constexpr std::uint64_t stream_bytes = std::uint64_t{8} << 20;

inline bool streams(const plan::pass& p) { return plan::traffic(p).total() >= stream_bytes; }

}  // namespace lazy::cpu

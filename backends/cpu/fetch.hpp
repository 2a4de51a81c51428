// Asking for memory before it is read.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unistd.h>

#include <algorithm>

#include "../../lazy/graph/kernel.hpp"
#include "../../lazy/plan/traffic.hpp"

namespace lazy::cpu {

/// Elements that a kernel computes between two requests: their memory should be on its way while
/// the next are computed, and calls should be few.
constexpr std::size_t fetch_piece(float cost) { return cost < 4 ? 256 : 128; }
/// How far ahead a kernel without tiles fetches, in elements; and from which cost on a lone kernel
/// does, since cheap ones only wait for memory anyway.
inline constexpr std::int64_t fetch_distance = 384;
inline constexpr float least_fetching_cost = 8;

/// True iff a pass that moves so many bytes reads them from beyond the caches. Nearer memory
/// arrives as fast without being asked for.
inline bool is_far(std::uint64_t bytes) {
    static const std::uint64_t least = [] {
        long cache = 0;
#ifdef _SC_LEVEL3_CACHE_SIZE
        cache = ::sysconf(_SC_LEVEL3_CACHE_SIZE);
#endif
        return std::max<std::uint64_t>(static_cast<std::uint64_t>(std::max(cache, 0L)) / 3,
                                       std::uint64_t{32} << 20);
    }();
    return bytes >= least;
}
inline bool is_far(const plan::pass& p) { return is_far(plan::traffic(p).total()); }

/// Asks for elements [first, last) of what comes next. Always inline: g++ drops calls of a function
/// that does nothing but this.
[[gnu::always_inline]] inline void fetch(const graph::upcoming& next, std::size_t first,
                                         std::size_t last) {
    for (std::size_t k = 0; k < next.count; ++k) {
        const graph::upcoming::stream& s = next.each[k];
        const std::byte* const end = s.data + last * s.itemsize;
        for (const std::byte* at = s.data + first * s.itemsize; at < end; at += 64) {
            __builtin_prefetch(at);
        }
    }
}

}  // namespace lazy::cpu

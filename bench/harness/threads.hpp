// Shares of a hand-written loop among OpenMP threads.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <omp.h>

#include <algorithm>
#include <cstdint>

namespace bench {

/// f(begin, end) on parts of [0, n) that start at multiples of `grain`, one part a thread.
template <class F>
void in_parts(std::int64_t n, std::int64_t grain, int threads, F f) {
    if (threads == 1) {
        f(std::int64_t{0}, n);
        return;
    }
#pragma omp parallel num_threads(threads)
    {
        const std::int64_t t = omp_get_thread_num(), count = omp_get_num_threads();
        const std::int64_t grains = (n + grain - 1) / grain;
        const std::int64_t begin = grains * t / count * grain;
        const std::int64_t end = std::min(n, grains * (t + 1) / count * grain);
        f(begin, end);
    }
}

/// Threads worth waking for n cheap elements: a careful loop does not wake any for 16 Ki.
inline int worth(int threads, std::int64_t n) { return n < 65536 ? 1 : threads; }

/// Storing past the caches is never best for what fits into the second level.
inline bool past_caches_pays(std::int64_t n) { return n > 65536; }

}  // namespace bench

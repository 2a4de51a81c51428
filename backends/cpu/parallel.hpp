// Threads: OpenMP when compiled with it, one thread otherwise.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#ifdef _OPENMP
#include <omp.h>
#endif

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <utility>

namespace lazy::cpu {

inline std::atomic<int>& thread_limit() {
    static std::atomic<int> limit{0};
    return limit;
}

/// Threads of OpenMP have run. In a child of fork() they are gone, and asking for them again would
/// wait for ever: there may be one only.
inline std::atomic<bool>& threads_have_run() {
    static std::atomic<bool> have{false};
    return have;
}
inline std::atomic<bool>& threads_are_gone() {
    static std::atomic<bool> gone{false};
    return gone;
}

/// Threads an evaluation may use: what set_num_threads said, else OpenMP's choice.
inline int max_threads() {
    const int limit = thread_limit().load(std::memory_order_relaxed);
#ifdef _OPENMP
    if (omp_in_parallel() != 0 || threads_are_gone().load(std::memory_order_relaxed)) {
        return 1;
    }
    return limit > 0 ? limit : omp_get_max_threads();
#else
    return limit > 0 ? std::min(limit, 1) : 1;
#endif
}

/// Work (in instructions on elements) that pays for waking one more thread: some 10 microseconds.
inline constexpr double work_per_thread = 1 << 19;

/// Threads for `jobs` pieces that together cost `work`.
inline int threads_for(std::int64_t jobs, double work) {
    const double most = std::min(static_cast<double>(jobs), work / work_per_thread);
    return most < 2 ? 1 : std::min(max_threads(), static_cast<int>(std::min(most, 4096.0)));
}

/// f(thread) for thread in [0, threads), at the same time.
template <class F>
void parallel(int threads, F&& f) {
#ifdef _OPENMP
    if (threads > 1) {
        threads_have_run().store(true, std::memory_order_relaxed);
#pragma omp parallel num_threads(threads)
        {
            // Fewer threads may come than asked for: those that do share the work.
            for (int t = omp_get_thread_num(); t < threads; t += omp_get_num_threads()) {
                f(t);
            }
        }
        return;
    }
#endif
    for (int t = 0; t < threads; ++t) {
        f(t);
    }
}

/// The part of [0, n) that falls to thread t, cut at multiples of `grain`.
inline std::pair<std::int64_t, std::int64_t> share(std::int64_t n, std::int64_t grain, int t,
                                                   int threads) {
    const std::int64_t grains = (n + grain - 1) / grain;
    const std::int64_t first = grains * t / threads * grain;
    const std::int64_t last = grains * (t + 1) / threads * grain;
    return {std::min(first, n), std::min(last, n)};
}

}  // namespace lazy::cpu

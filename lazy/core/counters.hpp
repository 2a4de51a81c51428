// Cumulative counters of the work done: what `stats()` reads and the fusion tests count.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdint>

#include "pointer.hpp"

namespace lazy {

/// A snapshot of the counters; the difference of two is the work in between.
struct statistics {
    std::uint64_t evaluations = 0;    ///< graphs evaluated
    std::uint64_t passes = 0;         ///< trips over memory
    std::uint64_t kernels = 0;        ///< operations those passes consist of, statements being one
    std::uint64_t bytes_read = 0;     ///< bytes of stored tensors the passes read
    std::uint64_t bytes_written = 0;  ///< bytes of results the passes wrote
    std::uint64_t allocations = 0;    ///< buffers handed out for tensor data or partial results

    friend statistics operator-(const statistics& a, const statistics& b) {
        return {a.evaluations - b.evaluations,
                a.passes - b.passes,
                a.kernels - b.kernels,
                a.bytes_read - b.bytes_read,
                a.bytes_written - b.bytes_written,
                a.allocations - b.allocations};
    }
};

/// The live counters; process-wide and thread-safe.
struct counters {
    std::atomic<std::uint64_t> evaluations{0};
    std::atomic<std::uint64_t> passes{0};
    std::atomic<std::uint64_t> kernels{0};
    std::atomic<std::uint64_t> bytes_read{0};
    std::atomic<std::uint64_t> bytes_written{0};
    std::atomic<std::uint64_t> allocations{0};

    /// Adds to a counter that only the holder of the evaluation lock changes: no locked
    /// instruction.
    static void add(std::atomic<std::uint64_t>& counter, std::uint64_t n) {
        counter.store(counter.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    /// Adds one to a counter that any thread may change.
    static void count_up(std::atomic<std::uint64_t>& counter) {
        if (single_threaded()) {
            add(counter, 1);
        } else {
            counter.fetch_add(1, std::memory_order_relaxed);
        }
    }
    static counters& instance() {
        static counters c;
        return c;
    }
};

/// The counters now. `auto before = stats(); ...; auto work = stats() - before;`
inline statistics stats() {
    const counters& c = counters::instance();
    return {c.evaluations.load(), c.passes.load(),        c.kernels.load(),
            c.bytes_read.load(),  c.bytes_written.load(), c.allocations.load()};
}

}  // namespace lazy

// A case, its sizes, and the group of rows that one size on some threads makes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

// Every file of bench/cases is compiled twice: into the program, where only the library's own rows
// exist, with the flags that its CMake target carries; and into a shared object with hidden
// symbols, where only the rivals' rows exist, with the compiler's default -ffp-contract=fast.
// Inline functions are not shared between the two, so each side runs what its own flags made.
#include <benchmark/benchmark.h>
#include <omp.h>

#include <functional>
#include <string>
#include <vector>

#include "array.hpp"
#include "results.hpp"

namespace bench {

#ifdef LAZYTENSOR_BENCH_RIVALS
inline constexpr bool is_rivals = true;
#else
inline constexpr bool is_rivals = false;
#endif

/// One case at one size and thread count. A case function says what an evaluation costs and what
/// must come out, then adds a row for each runner; the rows run in turn, on the same data.
class group {
public:
    group(inputs& data, std::string name, std::int64_t n, int threads)
        : n(n), threads(threads), data_(&data), name_(std::move(name)) {}

    const std::int64_t n;
    const int threads;

    /// Of the square matrix that has n elements.
    std::int64_t side() const;

    /// Input number `which` of n floats between low and high, the same memory for all runners.
    array<float> input(int which, std::int64_t count, float low = 0.5F, float high = 1.5F) const {
        return data_->get(which, count, low, high);
    }

    /// Bytes of tensors an evaluation must read and write, and arithmetic operations in it.
    void costs(double bytes, double operations) {
        bytes_ = bytes;
        operations_ = operations;
    }

    /// What every row must compute: `count` numbers, number i being value(i). All are compared up
    /// to 64 Ki, above that every 1009th. Allowed: `tolerance` times the largest of them.
    template <class Value>
    void expect(std::int64_t count, double tolerance, Value value) {
        expected_.clear();
        count_ = count;
        tolerance_ = tolerance;
        for (std::int64_t i = 0; i < count; i += stride()) {
            expected_.push_back(value(i));
        }
    }

    /// A row: `step()` makes one evaluation and returns its result. Runs it once for comparison,
    /// and refuses to time what computes something else. `ours` for the library, `rival` for
    /// others.
    template <class Step>
    void ours(const std::string& runner, Step step) {
        if constexpr (!is_rivals) {
            compared(runner, std::move(step));
        }
    }
    template <class Step>
    void rival(const std::string& runner, Step step) {
        if constexpr (is_rivals) {
            compared(runner, std::move(step));
        }
    }
    /// A rival that computes something else, to measure by.
    template <class Step>
    void reference(const std::string& runner, double bytes, Step step) {
        if constexpr (is_rivals) {
            timed(runner, bytes, std::move(step));
        }
    }

    /// The rows so far, named "case/runner/elements/threads"; `wrong` counts those of our own code
    /// that were left out because they computed something else than expected. (xtensor's sums of 16
    /// Mi floats are 3% off: left out, but nobody's fault here.)
    std::vector<std::pair<std::string, std::function<void(benchmark::State&)>>> rows;
    int wrong = 0;

private:
    std::int64_t stride() const { return count_ > 65536 ? 1009 : 1; }
    static void use_threads(int threads) {
        lazy::set_num_threads(threads);
        omp_set_num_threads(threads);
    }
    template <class Step>
    void compared(const std::string& runner, Step step) {
        use_threads(threads);
        if (agrees(runner, numbers_of(step(), stride()))) {
            timed(runner, bytes_, std::move(step));
        } else if (runner.starts_with("lazy") || runner.starts_with("loop")) {
            ++wrong;
        }
    }
    template <class Step>
    void timed(const std::string& runner, double bytes, Step step) {
        rows.emplace_back(full_name(runner),
                          [=, threads = threads, operations = operations_,
                           checksum = checksum()](benchmark::State& state) mutable {
                              use_threads(threads);
                              for (auto _ : state) {
                                  auto result = step();
                                  benchmark::DoNotOptimize(result);
                                  benchmark::ClobberMemory();
                              }
                              state.counters["bytes"] = bytes;
                              state.counters["operations"] = operations;
                              state.counters["checksum"] = checksum;
                          });
    }
    std::string full_name(const std::string& runner) const {
        return name_ + "/" + runner + "/" + std::to_string(n) + "/" + std::to_string(threads);
    }
    bool agrees(const std::string& runner, const std::vector<double>& got) const;
    /// The mean of what is expected, by which the report knows that Python computed the same.
    double checksum() const;

    inputs* data_;
    std::string name_;
    std::int64_t count_ = 0;
    double tolerance_ = 0, bytes_ = 0, operations_ = 0;
    std::vector<double> expected_;
};

/// All cases, in the order in which they run.
class suite {
public:
    struct entry {
        std::string name;
        std::function<void(group&)> rows;
        std::vector<std::int64_t> sizes;
        bool threaded;
    };
    /// 16 Ki elements stay in the second-level cache, 1 Mi in the third, 16 Mi in memory.
    void add(std::string name, std::function<void(group&)> rows,
             std::vector<std::int64_t> sizes = {1 << 14, 1 << 20, 1 << 24}, bool threaded = true) {
        entries_.push_back({std::move(name), std::move(rows), std::move(sizes), threaded});
    }
    const std::vector<entry>& entries() const { return entries_; }

private:
    std::vector<entry> entries_;
};

/// The cases with the library's rows, and the same cases in the same order with the rivals' rows.
void add_our_cases(suite&);
[[gnu::visibility("default")]] void add_rival_cases(suite&);

}  // namespace bench

// What every benchmark compares with: hand-written loops, xtensor and Eigen on the same data.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <benchmark/benchmark.h>

#include <Eigen/Core>
#include <cstring>
#include <lazytensor.hpp>
#include <memory>
#include <xsimd/xsimd.hpp>
#include <xtensor/xadapt.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xtensor.hpp>

namespace bench {

using batch = xsimd::batch<float>;

/// 64-byte aligned floats, filled with numbers in [0.5, 1.5) that repeat in no small power of two.
class array {
public:
    explicit array(std::size_t n)
        : size_(n), data_(static_cast<float*>(std::aligned_alloc(64, (n * 4 + 63) / 64 * 64))) {
        for (std::size_t i = 0; i < n; ++i) {
            data_.get()[i] = 0.5F + static_cast<float>(i * 2654435761U % 1000003U) / 1000003.0F;
        }
    }
    float* data() const { return data_.get(); }
    std::size_t size() const { return size_; }
    /// The same memory as a tensor, as an Eigen array, as an xtensor adaptor.
    lazy::tensor<float> tensor() const {
        return lazy::from_blob(data(), {static_cast<std::int64_t>(size_)});
    }
    auto eigen() const {
        return Eigen::Map<Eigen::ArrayXf, Eigen::Aligned64>(data(),
                                                            static_cast<Eigen::Index>(size_));
    }
    auto xtensor() const {
        return xt::adapt(data(), size_, xt::no_ownership(), std::array<std::size_t, 1>{size_});
    }

private:
    struct release {
        void operator()(float* p) const { std::free(p); }
    };
    std::size_t size_;
    std::unique_ptr<float, release> data_;
};

/// A register stored past the caches.
inline void stream(float* p, const batch& v) { lazy::cpu::stream_register(p, v); }

/// Reports bytes per second for `arrays` arrays of n floats read or written per iteration.
inline void report(benchmark::State& state, std::size_t n, int arrays) {
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(n) * 4 * arrays);
    state.counters["ns_per_element"] =
        benchmark::Counter(static_cast<double>(n) * 1e-9 * static_cast<double>(state.iterations()),
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// 16 Ki (in L1/L2), 1 Mi and 16 Mi elements (DRAM).
inline void sizes(benchmark::internal::Benchmark* b) {
    b->Arg(1 << 14)->Arg(1 << 20)->Arg(1 << 24)->MinTime(0.2)->UseRealTime();
}

}  // namespace bench

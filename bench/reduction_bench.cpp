// Full and axis reductions against the hand-written loop, xtensor and Eigen, one thread each.
// SPDX-License-Identifier: BSD-3-Clause
#include "rivals.hpp"

namespace {

std::size_t length(const benchmark::State& state) {
    return static_cast<std::size_t>(state.range(0));
}

/// sum(a * b): the loop with four accumulators.
void hand_written_dot(benchmark::State& state) {
    const std::size_t n = length(state);
    const bench::array a(n), b(n);
    constexpr std::size_t w = bench::batch::size;
    for (auto _ : state) {
        bench::batch sum[4] = {bench::batch(0.0F), bench::batch(0.0F), bench::batch(0.0F),
                               bench::batch(0.0F)};
        for (std::size_t i = 0; i + 4 * w <= n; i += 4 * w) {
            for (std::size_t k = 0; k < 4; ++k) {
                sum[k] = sum[k] + bench::batch::load_aligned(a.data() + i + k * w) *
                                      bench::batch::load_aligned(b.data() + i + k * w);
            }
        }
        alignas(64) float lanes[w];
        ((sum[0] + sum[1]) + (sum[2] + sum[3])).store_aligned(lanes);
        float total = 0;
        for (float x : lanes) {
            total += x;
        }
        benchmark::DoNotOptimize(total);
    }
    bench::report(state, n, 2);
}
void lazytensor_dot(benchmark::State& state) {
    lazy::set_num_threads(1);
    const std::size_t n = length(state);
    const bench::array x(n), y(n);
    const auto a = x.tensor();
    const auto b = y.tensor();
    for (auto _ : state) {
        benchmark::DoNotOptimize(sum(a * b).item());
    }
    bench::report(state, n, 2);
}
void eigen_dot(benchmark::State& state) {
    const std::size_t n = length(state);
    const bench::array x(n), y(n);
    auto a = x.eigen(), b = y.eigen();
    for (auto _ : state) {
        benchmark::DoNotOptimize((a * b).sum());
    }
    bench::report(state, n, 2);
}
void xtensor_dot(benchmark::State& state) {
    const std::size_t n = length(state);
    const bench::array x(n), y(n);
    auto a = x.xtensor(), b = y.xtensor();
    for (auto _ : state) {
        benchmark::DoNotOptimize(xt::sum(a * b, xt::evaluation_strategy::immediate)());
    }
    bench::report(state, n, 2);
}

/// Sums over one axis of a square matrix.
template <int Axis>
void lazytensor_axis(benchmark::State& state) {
    lazy::set_num_threads(1);
    const std::size_t n = length(state);
    const bench::array x(n);
    const auto side = static_cast<std::int64_t>(std::sqrt(static_cast<double>(n)));
    const auto a = x.tensor().reshape(side, side);
    for (auto _ : state) {
        const lazy::tensor<float> r = sum(a, Axis);
        eval(r);
        benchmark::ClobberMemory();
    }
    bench::report(state, n, 1);
}
template <int Axis>
void eigen_axis(benchmark::State& state) {
    const std::size_t n = length(state);
    const bench::array x(n);
    const auto side = static_cast<Eigen::Index>(std::sqrt(static_cast<double>(n)));
    const Eigen::Map<Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> a(
        x.data(), side, side);
    Eigen::ArrayXf r(side);
    for (auto _ : state) {
        if constexpr (Axis == 0) {
            r = a.colwise().sum().transpose();
        } else {
            r = a.rowwise().sum();
        }
        benchmark::ClobberMemory();
    }
    bench::report(state, n, 1);
}
template <int Axis>
void xtensor_axis(benchmark::State& state) {
    const std::size_t n = length(state);
    const bench::array x(n);
    const auto side = static_cast<std::size_t>(std::sqrt(static_cast<double>(n)));
    auto a = xt::adapt(x.data(), n, xt::no_ownership(), std::array<std::size_t, 2>{side, side});
    for (auto _ : state) {
        xt::xtensor<float, 1> r = xt::sum(a, {Axis}, xt::evaluation_strategy::immediate);
        benchmark::DoNotOptimize(r.data());
    }
    bench::report(state, n, 1);
}

BENCHMARK(hand_written_dot)->Apply(bench::sizes);
BENCHMARK(lazytensor_dot)->Apply(bench::sizes);
BENCHMARK(eigen_dot)->Apply(bench::sizes);
BENCHMARK(xtensor_dot)->Apply(bench::sizes);
BENCHMARK(lazytensor_axis<0>)->Apply(bench::sizes);
BENCHMARK(eigen_axis<0>)->Apply(bench::sizes);
BENCHMARK(xtensor_axis<0>)->Apply(bench::sizes);
BENCHMARK(lazytensor_axis<1>)->Apply(bench::sizes);
BENCHMARK(eigen_axis<1>)->Apply(bench::sizes);
BENCHMARK(xtensor_axis<1>)->Apply(bench::sizes);

}  // namespace

BENCHMARK_MAIN();

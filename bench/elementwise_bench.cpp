// Elementwise statements against the hand-written loop, xtensor and Eigen, one thread each.
// SPDX-License-Identifier: BSD-3-Clause
#include "rivals.hpp"

namespace {

std::size_t length(const benchmark::State& state) {
    return static_cast<std::size_t>(state.range(0));
}

/// The loop a careful person writes: `formula` on registers of aligned arrays.
template <bool past_caches, class Formula>
void by_hand(benchmark::State& state, Formula formula) {
    const std::size_t n = length(state);
    const bench::array a(n), b(n), out(n);
    constexpr std::size_t w = bench::batch::size;
    for (auto _ : state) {
        for (std::size_t i = 0; i + w <= n; i += w) {
            const bench::batch v = formula(bench::batch::load_aligned(a.data() + i),
                                           bench::batch::load_aligned(b.data() + i));
            if constexpr (past_caches) {
                bench::stream(out.data() + i, v);
            } else {
                v.store_aligned(out.data() + i);
            }
        }
        benchmark::ClobberMemory();
    }
    bench::report(state, n, 3);
}

template <class Formula>
void hand_written(benchmark::State& state, Formula formula) {
    by_hand<false>(state, formula);
}
template <class Formula>
void hand_written_streaming(benchmark::State& state, Formula formula) {
    by_hand<true>(state, formula);
}

/// The statement's value in fresh memory, every time.
template <class Formula>
void lazytensor(benchmark::State& state, Formula formula) {
    lazy::set_num_threads(1);
    const std::size_t n = length(state);
    const bench::array x(n), y(n);
    const auto a = x.tensor();
    const auto b = y.tensor();
    for (auto _ : state) {
        const lazy::tensor<float> r = formula(a, b);
        eval(r);
        benchmark::ClobberMemory();
    }
    bench::report(state, n, 3);
}

/// `assign(out, a, b)` on Eigen arrays, on xtensor adaptors.
template <class Assign>
void eigen(benchmark::State& state, Assign assign) {
    const std::size_t n = length(state);
    const bench::array x(n), y(n), out(n);
    auto a = x.eigen(), b = y.eigen(), o = out.eigen();
    for (auto _ : state) {
        assign(o, a, b);
        benchmark::ClobberMemory();
    }
    bench::report(state, n, 3);
}
template <class Assign>
void xtensor(benchmark::State& state, Assign assign) {
    const std::size_t n = length(state);
    const bench::array x(n), y(n), out(n);
    auto a = x.xtensor(), b = y.xtensor(), o = out.xtensor();
    for (auto _ : state) {
        assign(o, a, b);
        benchmark::ClobberMemory();
    }
    bench::report(state, n, 3);
}

/// One case: the same formula five times, found by argument-dependent lookup in each library.
#define CASE(name, formula)                                                                       \
    BENCHMARK_CAPTURE(hand_written, name, [](auto a, auto b) {                                    \
        return formula;                                                                           \
    })->Apply(bench::sizes);                                                                      \
    BENCHMARK_CAPTURE(hand_written_streaming, name, [](auto a, auto b) {                          \
        return formula;                                                                           \
    })->Apply(bench::sizes);                                                                      \
    BENCHMARK_CAPTURE(lazytensor, name, [](const auto& a, const auto& b) -> lazy::tensor<float> { \
        return formula;                                                                           \
    })->Apply(bench::sizes);                                                                      \
    BENCHMARK_CAPTURE(eigen, name, [](auto& o, const auto& a, const auto& b) {                    \
        o = formula;                                                                              \
    })->Apply(bench::sizes);                                                                      \
    BENCHMARK_CAPTURE(xtensor, name, [](auto& o, const auto& a, const auto& b) {                  \
        xt::noalias(o) = formula;                                                                 \
    })->Apply(bench::sizes)

CASE(five_cheap_operations, (a + b) * (a - b) + a * b);
CASE(two_a_plus_three_b, a * 2.0F + b * 3.0F);
CASE(product_plus_sine, a* b + sin(a));

}  // namespace

BENCHMARK_MAIN();

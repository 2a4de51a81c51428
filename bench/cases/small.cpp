// Eight elements: what an operation costs when there is next to nothing to compute.
// SPDX-License-Identifier: BSD-3-Clause
#include <xtensor/xreducer.hpp>

#include "../harness/elementwise.hpp"

namespace bench {

namespace {

/// A vector as long as nobody knows at compile time, on the heap: what the rivals' users have.
using eigen_vector = Eigen::ArrayXf;
using xtensor_vector = xt::xtensor<float, 1>;

std::span<const float> span_of(const auto& x) {
    return {x.data(), static_cast<std::size_t>(x.size())};
}
/// Results on the heap die with the row's step, so what is compared is a copy kept here.
template <class V>
struct kept {
    V value;
    friend std::vector<double> numbers_of(const kept& k, std::int64_t stride) {
        return bench::numbers_of(span_of(k.value), stride);
    }
};

void build_rows(group& g) {
    const auto x = g.input(0, g.n), y = g.input(1, g.n);
    const lazy::Tensor a = x.tensor(), b = y.tensor();
    g.costs(0, 0);
    g.expect(g.n, 1e-6, [&](auto i) { return double(x.data()[i]) + y.data()[i]; });
    g.ours("lazytensor", [=] { return a + b; });
    g.ours("lazytensor, typed",
           [a = x.tensor(), b = y.tensor()] { return lazy::tensor<float>(a + b); });
}

void add_rows_of_two(group& g) {
    const std::int64_t n = g.n;
    const auto x = g.input(0, n), y = g.input(1, n);
    const lazy::Tensor a = x.tensor(), b = y.tensor();
    g.costs(12.0 * static_cast<double>(n), static_cast<double>(n));
    g.expect(n, 1e-6, [&](auto i) { return double(x.data()[i]) + y.data()[i]; });
    g.ours("lazytensor", [=] {
        const lazy::Tensor r = a + b;
        eval(r);
        return r;
    });
    g.ours("lazytensor, typed", [a = x.tensor(), b = y.tensor()] {
        const lazy::tensor<float> r = a + b;
        eval(r);
        return r;
    });
    // The same promise: a result in memory of its own.
    g.rival("loop", [=] {
        kept<std::vector<float>> r{std::vector<float>(static_cast<std::size_t>(n))};
        for (std::int64_t i = 0; i < n; ++i) {
            r.value[static_cast<std::size_t>(i)] = x.data()[i] + y.data()[i];
        }
        return r;
    });
    g.rival("Eigen", [=] { return kept<eigen_vector>{as_eigen(x) + as_eigen(y)}; });
    g.rival("xtensor", [=] {
        const auto p = as_xtensor(x), q = as_xtensor(y);
        return kept<xtensor_vector>{p + q};
    });
}

void sum_rows(group& g) {
    const std::int64_t n = g.n;
    const auto x = g.input(0, n);
    g.costs(4.0 * static_cast<double>(n), 3.0 * static_cast<double>(n));
    double want = 0;
    for (std::int64_t i = 0; i < n; ++i) {
        want += double(x.data()[i]) * 2 + 1;
    }
    g.expect(1, 1e-6, [&](auto) { return want; });
    g.ours("lazytensor, typed", [u = x.tensor()] { return sum(u * 2 + 1).item(); });
    g.rival("loop", [=] {
        float all = 0;
        for (std::int64_t i = 0; i < n; ++i) {
            all += x.data()[i] * 2 + 1;
        }
        return all;
    });
    g.rival("Eigen", [=] { return (as_eigen(x) * 2.0F + 1.0F).sum(); });
    g.rival("xtensor", [=] {
        const auto u = as_xtensor(x);
        return xt::sum(u * 2.0F + 1.0F, xt::evaluation_strategy::immediate)();
    });
}

}  // namespace

void add_small(suite& s) {
    s.add("tiny: build and drop", build_rows, {8}, false);
    s.add("tiny: a + b", add_rows_of_two, {8}, false);
    s.add("tiny: sum(u*2 + 1)", sum_rows, {8}, false);
}

}  // namespace bench

// Row fusion: rows normalised in one pass, with the bits of step-by-step evaluation.
// SPDX-License-Identifier: BSD-3-Clause
#include "catch.hpp"

#include <cmath>
#include <cstring>
#include <functional>
#include <vector>

#include <lazytensor.hpp>
#include <lazytensor/control.hpp>

#include "../lazy/plan/verify.hpp"

using namespace lazy;

namespace {

/// Evaluates at once when `eager` is set: the unfused reference of the same program.
struct steps {
    bool eager;
    template <class X>
    auto operator()(const X& x) const {
        auto result = lazy::handle_like<X>(x);
        if (eager) lazy::eval(result);
        return result;
    }
};

using normaliser = std::function<Tensor(const steps&, const Tensor&)>;

const std::vector<std::pair<const char*, normaliser>> programs = {
    {"softmax",
     [](const steps& s, const Tensor& x) {
         const Tensor e = s(exp(s(x - s(amax(x, {-1}, true)))));
         return s(e / s(sum(e, {-1}, true)));
     }},
    {"log-softmax",
     [](const steps& s, const Tensor& x) {
         const Tensor d = s(x - s(amax(x, {-1}, true)));
         return s(d - s(log(s(sum(s(exp(d)), {-1}, true)))));
     }},
    {"layer norm",
     [](const steps& s, const Tensor& x) {
         const double n = double(x.shape().back());
         const Tensor d = s(x - s(s(sum(x, {-1}, true)) / n));
         const Tensor v = s(s(sum(s(d * d), {-1}, true)) / n);
         return s(s(d / s(sqrt(s(v + 1e-5)))) * 3.0);
     }},
    {"no keepdim, unsqueezed",
     [](const steps& s, const Tensor& x) {
         const Tensor m = s(amin(x, {-1}));
         return s(x * s(m + 1).unsqueeze(-1));
     }},
    {"per row only",
     [](const steps& s, const Tensor& x) { return s(s(sum(x, {-1})) / s(amax(x, {-1}))); }},
    {"a reduction of a normalised row",
     [](const steps& s, const Tensor& x) {
         const Tensor d = s(x - s(amax(x, {-1}, true)));
         return s(sum(s(d * s(sum(d, {-1}, true))), {-1}));
     }},
    {"used in another shape as well",
     [](const steps& s, const Tensor& x) {
         const Tensor d = s(x - s(sum(x, {-1}, true)));
         return s(s(sum(d, {0})) + s(amax(d, {-1}, true)));
     }},
    {"and transposed",
     [](const steps& s, const Tensor& x) {
         const Tensor e = s(exp(s(x - s(amax(x, {-1}, true)))));
         const Tensor p = s(e / s(sum(e, {-1}, true)));
         return s(s(sum(p.transpose(0, -1), {-1})) * 2.0);
     }},
};

bool same_bits(const Tensor& a, const Tensor& b) {
    if (a.shape() != b.shape() || a.dtype() != b.dtype()) return false;
    const auto x = a.contiguous().numpy(), y = b.contiguous().numpy();
    return std::memcmp(x.data(), y.data(), std::size_t(a.numel()) * a.dtype().itemsize()) == 0;
}

Tensor stored(shape sizes, dtype d = float32) {
    return lazy::to(lazy::randn(sizes) * 3, d).clone();
}

std::string plan_fault(const Tensor& x) {
    const graph::node_ptr owner = x.node();
    graph::node* root = owner.get();
    plan::planner planner(std::span<graph::node* const>(&root, 1));
    return plan::fault_of(planner.passes());
}

std::uint64_t passes_of(const Tensor& x) {
    const auto before = stats();
    lazy::eval(x);
    return (stats() - before).passes;
}

}  // namespace

TEST_CASE("fused rows have the bits of the same program run step by step", "[rows][core]") {
    manual_seed(7);
    const std::vector<shape> shapes = {
        {5, 2},    {7, 3},    {3, 8},     {9, 15},    {4, 16},   {70, 17},   {33, 63},
        {2, 64},   {5, 65},   {600, 5},   {3, 255},   {2, 256},  {4, 257},   {3, 1000},
        {2, 4096}, {3, 5000}, {1, 20000}, {2, 3, 40}, {3, 1, 9}, {2, 5, 1},  {1, 7},
        {4, 6, 0}, {0, 5},    {11},       {2, 70000}, {3, 100},  {257, 129},
    };
    for (const shape& sizes : shapes) {
        for (const dtype d : {dtype(float32), dtype(float64)}) {
            if (sizes.numel() == 0) continue;
            const Tensor x = stored(sizes, d);
            for (const auto& [name, f] : programs) {
                CAPTURE(name, to_string(sizes), d.name());
                const Tensor fused = f(steps{false}, x);
                CHECK(plan_fault(fused) == "");
                CHECK(same_bits(fused, f(steps{true}, x)));
            }
        }
    }
}

TEST_CASE("fused rows of transposed, sliced, expanded and converted inputs", "[rows][core]") {
    manual_seed(8);
    const Tensor base = stored({40, 60});
    const std::vector<std::pair<const char*, Tensor>> inputs = {
        {"transposed", base.T()},
        {"sliced", base(range(1, 30, 2), range(3, 50))},
        {"flipped", base.flip({1})},
        {"expanded", base[0].expand({8, 60})},
        {"a column expanded", base(range(0, 30), range(0, 1)).expand({30, 20})},
        {"pending", base * 2 + 1},
        {"pending and dear", exp(base)},
        {"broadcast sum", base[0] + base(all, range(0, 1))},
        {"float16", base.to(float16)},
        {"int32", base.to(int32)},
        {"whole numbers", lazy::arange(2400).reshape({40, 60}).to(float32)},
    };
    for (const auto& [what, x] : inputs) {
        const Tensor dense = x.clone();
        for (const auto& [name, f] : programs) {
            if (!x.dtype().is_floating_point() && name == std::string("softmax")) continue;
            CAPTURE(what, name);
            const Tensor fused = f(steps{false}, x);
            CHECK(plan_fault(fused) == "");
            CHECK(same_bits(fused, f(steps{true}, dense)));
        }
    }
}

TEST_CASE("what is written row by row from primitives takes one pass", "[rows][core]") {
    const Tensor x = stored({64, 300});
    const Tensor gain = stored({300});
    CHECK(passes_of(softmax(x, 1)) == 1);
    CHECK(passes_of(log_softmax(x, -1)) == 1);
    CHECK(passes_of(var(x, {1}, 1, false)) == 1);
    CHECK(passes_of(logsumexp(x, {1}, false)) == 1);
    CHECK(passes_of((x - mean(x, {1}, true)) / sqrt(var(x, {1}, 0, true) + 1e-5) * gain) == 1);
    CHECK(passes_of(x * rsqrt(mean(x * x, {1}, true) + 1e-6) * gain) == 1);
    CHECK(passes_of(x / norm(x, 2, {1}, true)) == 1);
    CHECK(passes_of(mean(softmax(x, 1) * x, {1}, false)) == 1);
    // A whole tensor is one row, if it is small.
    CHECK(passes_of((x - mean(x)) / lazy::std(x)) == 1);

    const auto before = stats();
    const Tensor result = softmax(x, 1);
    lazy::eval(result);
    const auto cost = stats() - before;
    CHECK(cost.bytes_read == 64 * 300 * 4);
    CHECK(cost.bytes_written == 64 * 300 * 4);
    CHECK(cost.allocations == 1);
}

TEST_CASE("several results of one kind of rows share their pass", "[rows]") {
    const Tensor x = stored({50, 200});
    const Tensor m = mean(x, {1}, true);
    const Tensor d = x - m;
    const Tensor y = d / lazy::std(x, {1}, 1, true);
    const auto before = stats();
    lazy::eval(y, m, d);
    CHECK((stats() - before).passes == 1);
    CHECK(same_bits(d, x - m));
}

TEST_CASE("rows too long for the cache, and other dimensions, take several passes", "[rows]") {
    const Tensor wide = stored({2, 200000});
    CHECK(passes_of(softmax(wide, 1)) > 1);
    const Tensor x = stored({30, 40});
    CHECK(same_bits(softmax(x, 0), softmax(x.T().contiguous(), 1).T()) == false);  // other trees
    CHECK(lazy::allclose(softmax(x, 0), softmax(x.T().contiguous(), 1).T(), 1e-5, 1e-7, false));
}

TEST_CASE("fused rows do not depend on the number of threads", "[rows]") {
    const Tensor x = stored({999, 777});
    const int threads = get_num_threads();
    for (const auto& [name, f] : programs) {
        CAPTURE(name);
        set_num_threads(1);
        const Tensor one = f(steps{false}, x);
        lazy::eval(one);
        set_num_threads(5);
        CHECK(same_bits(one, f(steps{false}, x)));
    }
    set_num_threads(threads);
}

TEST_CASE("softmax is right", "[rows][core]") {
    manual_seed(9);
    const Tensor x = stored({6, 37}, float64);
    const auto in = x.tolist().flat();
    const auto out = softmax(x, 1).tolist().flat();
    for (std::size_t r = 0; r < 6; ++r) {
        long double total = 0;
        for (std::size_t c = 0; c < 37; ++c)
            total += std::exp((long double)in[r * 37 + c].to<double>());
        for (std::size_t c = 0; c < 37; ++c) {
            const long double exact = std::exp((long double)in[r * 37 + c].to<double>()) / total;
            CHECK(out[r * 37 + c].to<double>() == Approx((double)exact).epsilon(1e-13));
        }
    }
}

TEST_CASE("a long loop of normalisations stays in bounds", "[rows]") {
    Tensor x = stored({4, 50});
    for (int i = 0; i < 3000; ++i) x = x - mean(x, {1}, true) + 0.5;
    const Tensor y = x.clone();
    CHECK(lazy::allclose(mean(y, {1}, false), lazy::full({4}, 0.5F), 1e-4, 1e-5, false));
}

TEST_CASE("division by zero inside fused rows is reported and changes nothing", "[rows]") {
    const Tensor x = lazy::arange(12).reshape({3, 4}).clone();
    const Tensor bad = lazy::floor_divide(x, lazy::amin(x, {1}, true));
    CHECK_THROWS_AS(lazy::eval(bad), lazy::error);
    CHECK_THROWS_AS(lazy::eval(bad), lazy::error);
    CHECK(lazy::equal(x, lazy::arange(12).reshape({3, 4})));
}

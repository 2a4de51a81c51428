// What is computed, when and how often: laziness, fusion and sharing, counted with stats().
// SPDX-License-Identifier: BSD-3-Clause

#include <sstream>
#include <vector>

#include "catch.hpp"

#include <lazytensor.hpp>
#include <lazytensor/control.hpp>

using namespace lazy;

namespace {

constexpr std::int64_t n = 100000;

/// What `f` costs.
template <class F>
statistics cost(F f) {
    const auto before = stats();
    f();
    return stats() - before;
}

/// A tensor in memory with values that are not constant.
tensor<float> stored() {
    auto x = linspace(0.25, 2, n);
    eval(x);
    return x;
}

}  // namespace

TEST_CASE("nothing is computed before a value leaves", "[core][lazy]") {
    const auto work = cost([] {
        auto x = linspace(0, 1, n);
        auto m = arange(n).reshape({100, 1000});
        tensor<float> y = sin(x) * 2 + x;
        tensor<float> h = y / sum(y);
        auto s = softmax(h.reshape({100, 1000}), 1);
        auto t = m.t()(range(0, 10), all);
        y[0] = 4;
        y += 1;
        auto c = cat({x, y});
        auto r = rand({n});
        const Tensor d = Tensor(h) + 1;
        auto cumulated = cumsum(x, 0);
        CHECK(h.shape() == shape(n));
        CHECK(s.dtype() == float32);
        CHECK(t.strides() == shape(1, 1000));
        CHECK(c.numel() == 2 * n);
        CHECK(d.ndim() == 1);
        CHECK(len(r) == n);
        CHECK(cumulated.nbytes() == 4 * n);
        CHECK(t.size(0) == 10);
    });
    CHECK(work.passes == 0);
    CHECK(work.kernels == 0);
    CHECK(work.evaluations == 0);
    CHECK(work.bytes_written == 0);
}

TEST_CASE("mistakes are found at the operation", "[core][lazy]") {
    auto a = ones({2, 3});
    auto b = ones({4});
    const Tensor d = a;
    const auto work = cost([&] {
        CHECK_THROWS_AS(a + b, shape_error);
        CHECK_THROWS_AS(d + Tensor(b), shape_error);
        CHECK_THROWS_AS(sum(a, 2), index_error);
        CHECK_THROWS_AS(a[5], index_error);
        CHECK_THROWS_AS(d & d, dtype_error);
        CHECK_THROWS_AS(mean(arange(3)), dtype_error);
        CHECK_THROWS_AS(tensor<double>(d), dtype_error);
        CHECK_THROWS_AS(a.reshape({7}), shape_error);
        CHECK_THROWS_AS(where(a > 0, a, b), shape_error);
        CHECK_THROWS_AS(amax(zeros({0})), error);
        CHECK_THROWS_AS(zeros({-1}), shape_error);
        CHECK_THROWS_AS(zeros({std::int64_t{1} << 40, std::int64_t{1} << 40}), shape_error);
        CHECK_THROWS_AS(static_cast<bool>(a), value_error);
        CHECK_THROWS_AS(a.item(), value_error);
    });
    CHECK(work.passes == 0);
    try {
        a + b;
        FAIL("must throw");
    } catch (const lazy::error& e) {
        // [op] what is wrong: the facts
        CHECK(std::string(e.what()).rfind("[add]", 0) == 0);
        CHECK(std::string(e.what()).find("[2, 3]") != std::string::npos);
    }
}

TEST_CASE("every way out computes", "[core][lazy]") {
    const auto x = stored();
    CHECK(cost([&] { x(range(0, 1)).add(1.f).item(); }).passes == 1);
    CHECK(cost([&] { (x + 1).tolist(); }).passes == 1);
    CHECK(cost([&] { tensor<float>(x + 1).numpy(); }).passes == 1);
    CHECK(cost([&] { std::ostringstream() << x + 1; }).passes == 1);
    CHECK(cost([&] { static_cast<void>(sum(x) ? 1 : 0); }).passes == 1);
    CHECK(cost([&] { eval(tensor<float>(x + 1)); }).passes == 1);
    CHECK(cost([&] { x.clone(); }).passes == 1);
    CHECK(cost([&] { (x + 1).clone(); }).passes == 1);
}

TEST_CASE("a statement is one pass of one kernel", "[core][lazy]") {
    const auto a = stored(), b = stored();
    const auto work = cost([&] { eval(tensor<float>((a + b) * (a - b) + sin(a) * b / 2 - 1)); });
    CHECK(work.passes == 1);
    CHECK(work.kernels == 1);
    CHECK(work.allocations == 1);
    CHECK(work.bytes_written == 4 * n);
    CHECK(work.bytes_read <= 6 * 4 * n);
}

TEST_CASE("statements in a row are one pass", "[core][lazy]") {
    const auto a = stored(), b = stored();
    const auto work = cost([&] {
        tensor<float> p = a + b;
        tensor<float> q = a - b;
        tensor<float> r = p * q;
        tensor<float> s = a * b;
        tensor<float> t = r + s;
        eval(t);
    });
    CHECK(work.passes == 1);
    CHECK(work.allocations == 1);
    CHECK(work.bytes_written == 4 * n);
    const auto dynamic = cost([&] {
        const Tensor x = a, y = b;
        const Tensor p = x + y;
        const Tensor q = (x - y) * p;
        eval(where(q > 0, sqrt(abs(q)), p));
    });
    CHECK(dynamic.passes == 1);
    CHECK(dynamic.allocations == 1);
    CHECK(dynamic.bytes_read == 8 * n);
}

TEST_CASE("a chain that ends in a reduction stores nothing but the result", "[core][lazy]") {
    const auto a = stored(), b = stored();
    const auto one = cost([&] { sum(a * b).item(); });
    CHECK(one.passes == 1);
    CHECK(one.bytes_read == 8 * n);
    CHECK(one.bytes_written <= 4096);
    const auto chain = cost([&] {
        tensor<float> p = exp(a);
        tensor<float> q = p + b;
        sum(q * q).item();
    });
    CHECK(chain.passes == 1);
    CHECK(chain.bytes_written <= 4096);
    const auto rows = cost([&] { eval(tensor<float>(sum((a * b).reshape({100, 1000}), 1))); });
    CHECK(rows.passes == 1);
    CHECK(rows.bytes_written <= 4096);
    const auto counted = cost([&] { count_nonzero(a > b).item(); });
    CHECK(counted.passes == 1);
}

TEST_CASE("a value used twice is computed once", "[core][lazy]") {
    const auto a = stored();
    const auto work = cost([&] {
        tensor<float> e = exp(a);
        eval(tensor<float>(e * e + e));
    });
    CHECK(work.passes == 1);
    CHECK(work.bytes_read == 4 * n);
    CHECK(work.kernels <= 2);
    // Doubling the uses at every step must not double the work.
    const auto many = cost([&] {
        tensor<float> e = a;
        for (int i = 0; i < 40; ++i) e = (e + e) * 0.5f;
        eval(e);
        CHECK(e[5].item() == a[5].item());
    });
    CHECK(many.passes <= 4);
    CHECK(many.kernels <= 50);
}

TEST_CASE("eval of several roots shares passes", "[core][lazy]") {
    const auto a = stored();
    tensor<float> e = exp(a);
    tensor<float> x = e + 1, y = e * 2;
    const auto work = cost([&] { eval(x, y, e); });
    CHECK(work.passes == 1);
    CHECK(work.allocations == 3);
    CHECK(work.bytes_read == 4 * n);
    CHECK(cost([&] { eval(x, y, e); }).passes == 0);
}

TEST_CASE("computed twice, then kept", "[core][lazy]") {
    const auto a = stored();
    tensor<float> e = exp(a);
    tensor<float> x = e + 1, y = e + 2, z = e + 3;
    const auto first = cost([&] { eval(x); });
    CHECK(first.allocations == 1);
    cost([&] { eval(y); });
    // From the second evaluation on, e is in memory.
    CHECK(cost([&] { eval(e); }).passes == 0);
    const auto third = cost([&] { eval(z); });
    CHECK(third.kernels == 1);
    CHECK(z[3].item() == e[3].item() + 3);
    // No program does more than twice the necessary work.
    tensor<float> slow = sin(exp(a));
    const auto loop = cost([&] {
        for (int i = 0; i < 50; ++i) sum(slow + float(i)).item();
    });
    CHECK(loop.bytes_read <= 53 * 4 * n);
    CHECK(loop.kernels <= 50 * 2 + 4);
}

TEST_CASE("looking at a few of many elements computes those", "[core][lazy]") {
    const auto x = arange(std::int64_t{1} << 40) * 2;  // more than any memory holds
    const tensor<std::int64_t> y = x + 1;
    for (std::int64_t i = 0; i < 5; ++i) {
        CHECK(y[i * 1000000007].item() == i * 2000000014 + 1);
    }
    // When the parts make the whole, it is kept.
    const tensor<float> z = exp(stored());
    const auto reads = [&] {
        for (int i = 0; i < 4; ++i) sum(z(range(i * n / 4, (i + 1) * n / 4))).item();
    };
    const auto first = cost(reads), second = cost(reads), third = cost(reads);
    CHECK(first.allocations == 4);
    CHECK(second.bytes_written >= 4 * n);
    CHECK(third.bytes_read == 4 * n);
    CHECK(third.kernels == 4);
}

TEST_CASE("reading again computes nothing", "[core][lazy]") {
    tensor<float> y = stored() * 2;
    y.tolist();
    const auto work = cost([&] {
        y.tolist();
        y[7].item();
        y.reshape({1000, 100}).t()[3].tolist();
    });
    CHECK(work.passes == 0);
    CHECK(work.allocations == 0);
}

namespace {

auto polynomial(float shift) {
    auto a = tensor({1.f, 2.f, 3.f}) + shift;
    const auto b = ones({3});
    return a * a + b * sin(zeros({3})) - b;
}

}  // namespace

TEST_CASE("expressions outlive their operands", "[core][lazy]") {
    auto e = polynomial(1);
    auto f = [&] {
        const tensor<float> local = e * 2;
        return local + e;
    }();
    CHECK(e.tolist() == std::vector<float>{3, 8, 15});
    CHECK(f.tolist() == std::vector<float>{9, 24, 45});
    std::vector<decltype(polynomial(0))> kept;
    for (int i = 0; i < 5; ++i) kept.push_back(polynomial(float(i)));
    CHECK(kept[4].sum().item() == 24 + 35 + 48);
    auto x = tensor({1, 2});
    auto g = x + x;
    x = tensor({50, 50});
    CHECK(g.tolist() == std::vector<int>{2, 4});
}

constexpr int million = 1000000;

TEST_CASE("a million operations build, evaluate, show their plan and die", "[lazy]") {
    tensor<float> x = ones({4});
    for (int i = 0; i < million; ++i) x = x + 1.f;
    CHECK(explain(x).size() > 0);
    CHECK(x[2].item() == million + 1);
}

TEST_CASE("a million run-time operations in place", "[lazy]") {
    Tensor x = ones({4}, float64);
    for (int i = 0; i < million; ++i) x += 1;
    CHECK(x[3].item() == scalar(million + 1.0));
}

TEST_CASE("a million operations that nobody asks for are only destroyed", "[lazy]") {
    tensor<std::int64_t> x = arange(3);
    const auto work = cost([&] {
        for (int i = 0; i < million; ++i) x = x * x + x;
        x = zeros({1}, int64);
    });
    CHECK(work.passes == 0);
}

TEST_CASE("a long chain of writes through views", "[lazy]") {
    auto x = zeros({4}, int64);
    for (int i = 0; i < million / 10; ++i) x[i % 4] += 1;
    CHECK(sum(x).item() == million / 10);
}

TEST_CASE("two reductions, one of a value that is stored on the way", "[core][lazy]") {
    const auto x = tensor({1, 2, 3, 4});
    const tensor<std::int64_t> w = x * 2;
    eval(tensor<std::int64_t>(w + 1));  // from now on w is kept when it is needed again
    const tensor<std::int64_t> first = sum(x + 1), second = sum(w * x);
    CHECK((first + second).item() == 14 + 60);
}

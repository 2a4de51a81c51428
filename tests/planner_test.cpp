// The planner's decisions, on a back end that computes nothing: golden texts of whole plans.
// SPDX-License-Identifier: BSD-3-Clause
#include "../backends/null/null_backend.hpp"
#include "catch.hpp"

#include <sstream>

#include <lazytensor.hpp>

namespace {

/// What evaluating the tensors runs, in words; nothing is computed.
template <class... X>
std::string plan_of(const X&... x) {
    lazy::null::null_backend device;
    const lazy::graph::node_ptr owners[] = {x.node()...};
    std::vector<lazy::graph::node*> roots;
    for (const auto& n : owners) {
        roots.push_back(n.get());
    }
    lazy::plan::evaluate(roots, device);
    std::string text;
    for (const std::string& p : device.passes) {
        text += p;
    }
    return text;
}

/// All that a back end sees of a pass, in words.
std::string words(const lazy::plan::pass& p) {
    std::ostringstream out;
    out << static_cast<int>(p.kind) << ' ' << p.level << ' ' << p.space << ' ' << p.reason << '\n';
    for (const auto& l : p.leaves) {
        out << "leaf " << l.source << ' ' << l.strides << ' ' << l.offset << ' ' << l.local << '\n';
    }
    for (const auto& i : p.instructions) {
        out << "kernel " << i.source << ' ' << i.first_operand << '\n';
    }
    for (const std::uint32_t v : p.operands) {
        out << "operand " << v << '\n';
    }
    for (const auto& o : p.outputs) {
        out << "output " << o.target << ' ' << o.value << ' ' << o.strided << ' ' << o.donor << ' '
            << o.donor_uses << '\n';
    }
    return out.str();
}
/// True iff the short way takes what `write` gives, all temporaries gone; it must make the
/// planner's pass of it.
template <class F>
bool goes_the_short_way(F write) {
    const lazy::Tensor x = write();
    const lazy::graph::node_ptr owner = x.node();
    lazy::graph::node* root = owner.get();
    lazy::plan::pass p;
    if (!lazy::plan::lone_pass(p).build(root)) {
        return false;
    }
    lazy::plan::planner planner({&root, 1});
    const auto passes = planner.passes();
    REQUIRE(passes.size() == 1);
    CHECK(words(p) == words(passes[0]));
    return true;
}

lazy::tensor<float> stored(const lazy::shape& sizes) { return lazy::full(sizes, 1.0F).clone(); }

}  // namespace

TEST_CASE("one statement is one kernel", "[planner][core]") {
    const auto a = stored({1000});
    const auto b = stored({1000});
    CHECK(plan_of(a * b + sin(a)) ==
          "pass 1: map over [1000], 1 kernel, reads 8.0 kB, writes 4.0 kB\n"
          "    ends here: asked for\n"
          "    in0: float32[1000]\n"
          "    in1: float32[1000]\n"
          "    t0 = add(mul(in0, in1), sin(in0))\n"
          "    store t0 -> float32[1000]\n");
}

TEST_CASE("named statements fuse into one pass and share values", "[planner][core]") {
    const auto a = stored({1000});
    const lazy::tensor<float> x = a + 1;
    const lazy::tensor<float> y = x * x;
    const lazy::tensor<float> z = y - x;
    CHECK(plan_of(z) ==
          "pass 1: map over [1000], 3 kernels, reads 4.0 kB, writes 4.0 kB\n"
          "    ends here: asked for\n"
          "    in0: float32[1000]\n"
          "    t0 = add(in0, 1)\n"
          "    t1 = mul(t0, t0)\n"
          "    t2 = sub(t1, t0)\n"
          "    store t2 -> float32[1000]\n");
}

TEST_CASE("a chain into a reduction is one pass without a temporary", "[planner][core]") {
    const auto a = stored({50, 20});
    const lazy::tensor<float> x = a + 1;
    CHECK(plan_of(sum(x * 2, 0)) ==
          "pass 1: reduce over [50, 20], 2 kernels, reads 4.0 kB, writes 80 B\n"
          "    ends here: asked for\n"
          "    in0: float32[50, 20]\n"
          "    t0 = add(in0, 1)\n"
          "    t1 = mul(t0, 2)\n"
          "    sum(t1) -> float32[20]\n");
}

TEST_CASE("reductions of one input over the same dimensions share a pass", "[planner]") {
    const auto a = stored({1000});
    CHECK(plan_of(amax(a), amin(a)) ==
          "pass 1: reduce over [1000], 1 kernel, reads 4.0 kB, writes 8 B\n"
          "    ends here: asked for\n"
          "    in0: float32[1000]\n"
          "    amax(in0) -> float32[]\n"
          "    amin(in0) -> float32[]\n");
}

TEST_CASE("elementwise values and reductions of the same elements are one pass", "[planner]") {
    const auto a = stored({4, 5, 6});
    const lazy::tensor<float> d = a - 1;
    const lazy::tensor<float> square = d * d;
    CHECK(plan_of(sum(square), d * 2, d, amax(d)) ==
          "pass 1: reduce over [4, 5, 6], 3 kernels, reads 480 B, writes 968 B\n"
          "    ends here: asked for\n"
          "    in0: float32[4, 5, 6]\n"
          "    t0 = sub(in0, 1)\n"
          "    t1 = mul(t0, t0)\n"
          "    t2 = mul(t0, 2)\n"
          "    store t0 -> float32[4, 5, 6]\n"
          "    sum(t1) -> float32[]\n"
          "    store t2 -> float32[4, 5, 6]\n"
          "    amax(t0) -> float32[]\n");
    // Over other dimensions, or dimensions that are not beside each other, it is one of its own.
    const lazy::tensor<float> e = a + 1;
    const std::string apart = plan_of(e, sum(e, {1, 2}), sum(e, {1}), sum(e, {0, 2}));
    CHECK(apart.find("pass 3:") != std::string::npos);
    CHECK(apart.find("pass 4:") == std::string::npos);
    CHECK(apart.find("    store t0 -> float32[4, 5, 6]\n    sum(t0) -> float32[4]\n") !=
          std::string::npos);
}

TEST_CASE("slices are pushed through cheap statements to what is stored", "[planner]") {
    const auto a = stored({10, 10});
    const lazy::tensor<float> x = a * 0.5;
    const auto inner = lazy::range(1, 9);
    CHECK(plan_of(x(inner, inner) - x(inner, lazy::range(2, lazy::none))) ==
          "pass 1: map over [8, 8], 3 kernels, reads 316 B, writes 256 B\n"
          "    ends here: asked for\n"
          "    in0: float32[10, 10] strides [10, 1] from 11\n"
          "    in1: float32[10, 10] strides [10, 1] from 12\n"
          "    t0 = mul(in0, 0.5)\n"
          "    t1 = mul(in1, 0.5)\n"
          "    t2 = sub(t0, t1)\n"
          "    store t2 -> float32[8, 8]\n");
}

TEST_CASE("a costly value is not recomputed by a broadcast", "[planner]") {
    const auto a = stored({100});
    const lazy::tensor<float> e = exp(a);
    const std::string text = plan_of(sum(e.unsqueeze(1) - a, 1));
    CHECK(text.find("a broadcast would recompute it") != std::string::npos);
    CHECK(text.find("pass 2: reduce over [100, 100]") != std::string::npos);
}

TEST_CASE("a cheap value is recomputed rather than stored", "[planner]") {
    const auto a = stored({100});
    const lazy::tensor<float> e = a + 1;
    const std::string text = plan_of(sum(e.unsqueeze(1) - a, 1));
    CHECK(text.find("pass 2") == std::string::npos);
}

TEST_CASE("a costly part of one statement is kept apart from a broadcast", "[planner]") {
    const auto v = stored({100});
    const auto m = stored({50, 100});
    const std::string text = plan_of(exp(v) * m);
    CHECK(text.find("pass 1: map over [100]") != std::string::npos);
    CHECK(text.find("pass 2: map over [50, 100]") != std::string::npos);
}

TEST_CASE("a write in place keeps its order", "[planner]") {
    auto a = stored({4});
    const lazy::tensor<float> before = a + 1;
    a[0] = 100;
    const std::string text = plan_of(a, before);
    CHECK(text.find("write in place over []") != std::string::npos);
    CHECK(text.find("store t0 -> float32[4]") != std::string::npos);
}

TEST_CASE("a million operations are described in bounded text", "[planner]") {
    lazy::tensor<float> x = stored({4});
    for (int i = 0; i < 1'000'000; ++i) {
        x = x + 1;
    }
    const std::string text = lazy::explain(x);
    CHECK(text.size() < 4000);
    CHECK(text.find("1 pass, 1000000 kernels") == 0);
}

TEST_CASE("equal operations on equal inputs are computed once", "[planner][core]") {
    const auto a = stored({20, 30});
    const lazy::tensor<float> x = sin(a);
    const lazy::tensor<float> y = sin(a);
    CHECK(plan_of(x * y) ==
          "pass 1: map over [20, 30], 2 kernels, reads 2.4 kB, writes 2.4 kB\n"
          "    ends here: asked for\n"
          "    in0: float32[20, 30]\n"
          "    t0 = sin(in0)\n"
          "    t1 = mul(t0, t0)\n"
          "    store t1 -> float32[20, 30]\n");
    // The mean of the variance is the mean.
    const std::string text = plan_of(mean(a, {1}, true), var(a, {1}, 1, false));
    CHECK(text.find("pass 2") == std::string::npos);
    std::size_t sums = 0;
    for (std::size_t at = 0; (at = text.find("sum(", at)) != std::string::npos; ++at) {
        ++sums;
    }
    CHECK(sums == 2);
}

TEST_CASE("equal values that are asked for share a buffer until one is written",
          "[planner][core]") {
    const auto a = stored({8});
    lazy::tensor<float> x = a * 2;
    lazy::tensor<float> y = a * 2;
    lazy::eval(x, y);
    x[0] = 100;
    lazy::eval(x);
    CHECK(y[0].item() == 2);
    CHECK(x[0].item() == 100);
    const lazy::tensor<float> z = a * 3;
    lazy::tensor<float> w = a * 3;
    w[1] = z[1] + 1;
    lazy::eval(z, w);
    CHECK(z[1].item() == 3);
    CHECK(w[1].item() == 4);
}

TEST_CASE("random numbers are not taken for equal", "[planner]") {
    const lazy::tensor<float> x = lazy::rand({10});
    const lazy::tensor<float> y = lazy::rand({10});
    CHECK_FALSE(lazy::equal(x, y));
}

TEST_CASE("the short way makes the pass that the planner makes", "[planner][core]") {
    const lazy::Tensor a = stored({4, 6});
    const lazy::Tensor b = stored({4, 6});
    const lazy::Tensor row = stored({6});
    const lazy::Tensor column = stored({4, 1});
    const lazy::Tensor whole = stored({4, 6}).to(lazy::int32);
    lazy::eval(whole);
    CHECK(goes_the_short_way([&] { return (a + b) * (a - b); }));
    CHECK(goes_the_short_way([&] { return a * 2 + b * 2 - 1; }));
    CHECK(goes_the_short_way([&] { return (a + row) * column + row; }));
    CHECK(goes_the_short_way([&] { return lazy::where(a > b, a * b, whole); }));
    CHECK(goes_the_short_way([&] { return lazy::Tensor(stored({4, 6})) * a + 1; }));
    CHECK(goes_the_short_way([&] { return (stored({1, 6}) + stored({4, 1})) * 2; }));
    CHECK(goes_the_short_way([&] { return sin(a + stored({})); }));
    const auto twice = [&] {
        const lazy::Tensor x = a + 1;
        return lazy::Tensor(x * x + a);
    };
    CHECK(goes_the_short_way(twice));

    const lazy::Tensor held = a + b;
    CHECK(goes_the_short_way([&] { return held * 2; }));
    CHECK(goes_the_short_way([&] { return held * lazy::Tensor(stored({4, 6})) - a; }));
    lazy::eval(held * 2);
    CHECK_FALSE(goes_the_short_way([&] { return held * 3; }));  // now it is worth storing
    CHECK_FALSE(goes_the_short_way([&] { return (a + b) * (a + b); }));
    CHECK_FALSE(goes_the_short_way([&] { return a * 2 + b(lazy::range(0, 1)); }));
    CHECK_FALSE(goes_the_short_way([&] { return a * 2 + lazy::sum(b, 0); }));
    CHECK_FALSE(goes_the_short_way([&] { return (row * 2) + a; }));
    CHECK_FALSE(goes_the_short_way([&] { return lazy::floor_divide(whole + 1, 2) * whole; }));
    lazy::Tensor chain = a;
    for (int i = 0; i < 20; ++i) {
        chain = chain * 2 + 1;
    }
    CHECK_FALSE(goes_the_short_way([&] { return chain; }));
}

// What the engine does unasked: memory taken over, budgets kept, inputs read along their memory.
// SPDX-License-Identifier: BSD-3-Clause
#include "catch.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <thread>

#include <lazytensor.hpp>
#include <lazytensor/control.hpp>

using namespace lazy;

namespace {

std::uint64_t allocations_of(const std::function<void()>& f) {
    const auto before = stats();
    f();
    return (stats() - before).allocations;
}

}  // namespace

TEST_CASE("a result takes over the memory of an input that nobody needs", "[engine][core]") {
    tensor<float> x = lazy::arange(1000).to(float32).clone();
    CHECK(allocations_of([&] {
              for (int i = 0; i < 10; ++i) {
                  x = x * 2 + 1;
                  lazy::eval(x);
              }
          }) == 0);
    CHECK(x[3].item() == 3 * 1024 + 1023);
    // Operations with run-time dtype, fused across statements.
    Tensor y = lazy::arange(1000).to(float32).clone();
    CHECK(allocations_of([&] {
              for (int i = 0; i < 10; ++i) {
                  y = y * 2;
                  y = y + 1;
                  lazy::eval(y);
              }
          }) == 0);
    CHECK(y[3].item().to<float>() == 3 * 1024 + 1023);
}

TEST_CASE("memory that somebody still needs is not taken over", "[engine][core]") {
    const tensor<float> a = lazy::arange(100).to(float32).clone();
    tensor<float> x = a;
    x = x * 2;
    lazy::eval(x);
    CHECK(a[3].item() == 3);
    // A pending reader needs it.
    tensor<float> b = a.clone();
    const tensor<float> half = b * 0.5;
    const tensor<float> shifted = half + 1;
    b = b + 100;
    lazy::eval(b, shifted);
    CHECK(half[10].item() == 5);
    CHECK(shifted[10].item() == 6);
    CHECK(b[10].item() == 110);
    // A view of it, a second operation that reads it otherwise, memory of the outside.
    tensor<float> c = a.clone();
    const auto tail = c(range(50, none));
    c = c + 1;
    lazy::eval(c);
    CHECK(tail[0].item() == 50);
    tensor<float> d = a.clone();
    d = d + d.flip({0}) * 2;
    lazy::eval(d);
    CHECK(d[0].item() == 198);
    CHECK(d[99].item() == 99);
    float outside[4] = {1, 2, 3, 4};
    tensor<float> e = from_blob(outside, {4});
    e = e * 10;
    lazy::eval(e);
    CHECK(outside[1] == 2);
    CHECK(e[1].item() == 20);
    // Two results of one input.
    tensor<float> f = a.clone();
    tensor<float> g = f + 1;
    tensor<float> h = f - 1;
    f = tensor<float>(0.0F);
    lazy::eval(g, h);
    CHECK(g[7].item() == 8);
    CHECK(h[7].item() == 6);
}

TEST_CASE("transposed inputs of every size and dtype are read right", "[engine][core]") {
    for (const shape& sizes : {shape{300, 260}, shape{16, 256}, shape{17, 1000}, shape{1000, 257},
                               shape{5, 300, 270}, shape{2, 3, 260, 33}}) {
        const Tensor x = lazy::arange(sizes.numel()).reshape(sizes).clone();
        for (const dtype d :
             {dtype(int8), dtype(int16), dtype(float32), dtype(float64), dtype(complex128)}) {
            CAPTURE(to_string(sizes), d.name());
            const Tensor t = (x % 100).to(d).clone().transpose(-1, -2);
            const Tensor dense = t.clone();
            const Tensor sum = t + t.clone() * 2;
            bool same = true;
            // Element by element through another path: a gather by index.
            const std::int64_t rows = t.shape()[t.ndim() - 2], columns = t.shape().back();
            const Tensor flat = (x % 100).to(d).clone().reshape({-1});
            const Tensor at = lazy::arange(t.numel());
            const Tensor block = at - at % (rows * columns);
            const Tensor inside = at % (rows * columns);
            const Tensor from =
                block + (inside % columns) * rows + lazy::floor_divide(inside, columns);
            same = lazy::equal(dense.reshape({-1}), lazy::take(flat, from));
            CHECK(same);
            CHECK(lazy::equal(sum, dense * 3));
        }
    }
}

TEST_CASE("a graph budget bounds what is pending", "[engine]") {
    set_graph_budget(50);
    const auto before = stats();
    Tensor x = lazy::ones({10});
    for (int i = 0; i < 1000; ++i) x = x + 1;
    const auto evaluations = (stats() - before).evaluations;
    set_graph_budget(0);
    CHECK(evaluations >= 15);
    CHECK(evaluations <= 25);
    CHECK(x[0].item().to<double>() == 1001);

    set_graph_budget(0, 1 << 20);
    const auto start = stats();
    Tensor y = lazy::ones({1000, 100});
    for (int i = 0; i < 10; ++i) y = y * 2;
    CHECK((stats() - start).evaluations >= 3);
    set_graph_budget(0, 0);
    const auto off = stats();
    for (int i = 0; i < 100; ++i) y = y * 1;
    CHECK((stats() - off).evaluations == 0);
}

TEST_CASE("explain measures when it is told to", "[engine]") {
    const Tensor x = lazy::ones({100, 100}).clone();
    const Tensor y = sum(x * 2, {0});
    const std::string text = explain(y, measured);
    CHECK(text.find("1 pass in ") == 0);
    CHECK(text.find("GB/s") != std::string::npos);
    CHECK(y[0].item().to<double>() == 200);
    CHECK(explain(y, measured) == "nothing to do: already in memory\n");
}

TEST_CASE("memory that is not there is reported with the operation, and changes nothing",
          "[engine]") {
    const Tensor x = lazy::ones({1});
    const Tensor huge = x.expand({std::int64_t{1} << 45}) + lazy::ones({1});
    std::string text;
    try {
        lazy::eval(huge);
    } catch (const memory_error& e) {
        text = e.what();
    }
    CHECK(text.find("[add] out of memory: cannot allocate ") == 0);
    CHECK(lazy::equal(x, lazy::ones({1})));
    CHECK_THROWS_AS(lazy::eval(huge), memory_error);
}

TEST_CASE("equal values outlive those who asked for them first", "[engine][core]") {
    const auto f = [](const tensor<float>& x) -> tensor<float> { return x * 2.0F + 3.0F; };
    const tensor<float> x = lazy::ones({8, 8}).clone();
    const tensor<float> columns = lazy::sum(f(x), {0}), rows = lazy::sum(f(x), {1});
    lazy::eval(columns, rows);
    CHECK(lazy::equal(columns, lazy::full({8}, 40.0F)));
    CHECK(lazy::equal(rows, lazy::full({8}, 40.0F)));
    const tensor<float> both = cat({lazy::sum(f(x), {0}), lazy::sum(f(x), {1})}, 0);
    CHECK(lazy::equal(both, lazy::full({16}, 40.0F)));
}

TEST_CASE("an equal value is stored for those who may ask for it, and for nobody else",
          "[engine]") {
    const Tensor x = clone(rand({16, 300}));
    for (int round = 0; round < 3; ++round) {
        const Tensor m = mean(x, {1}, true);
        const Tensor v = sum(square(x - mean(x, {1}, true)), {1});
        CHECK(allocations_of([&] { eval(m, v); }) == 2);

        const Tensor first = mean(x, {1}, true), second = mean(x, {1}, true);
        const Tensor spread = sum(square(x - second), {1});
        eval(first, spread);
        const auto before = stats();
        CHECK(equal(second.clone(), m));
        CHECK(equal(spread, v));
        CHECK((stats() - before).passes <= 3);  // the comparisons' and the clone's

        // Held by a node that stays as it is.
        const Tensor third = mean(x, {1}, true), centred = x - third * 1;
        eval(mean(x, {1}, true), sum(square(centred), {1}));
        CHECK(allclose(sum(square(centred), {1}), v));

        // The same by a copy: its mean is not computed again.
        const Tensor a = sum(square(x - mean(x, {1}, true)), {1});
        Tensor inner = mean(x, {1}, true);
        const Tensor copy = x - inner;
        inner = Tensor();
        const Tensor b = sum(square(copy), {1});
        eval(mean(x, {1}, true), a, b);
        const auto held = stats();
        CHECK(allclose(mean(copy.clone(), {1}), zeros({16}), 1e-5, 1e-5));
        CHECK((stats() - held).bytes_read < 3 * 16 * 300 * 4);
    }
}

TEST_CASE("a tile never sees what an earlier one left in its place", "[engine][core]") {
    // 129 rows are a block and a lone row; the factor is one number per row.
    const tensor<float> x = lazy::ones({3, 129, 4}).clone();
    const tensor<float> w = lazy::arange(129).to(float32).reshape({129, 1}).clone();
    CHECK(lazy::equal(lazy::sum(x * w, {1}), lazy::full({3, 4}, 8256.0F)));
    for (const std::int64_t n : {4, 100, 300, 700}) {
        const tensor<float> y = lazy::ones({5, 130, n}).clone();
        const tensor<float> v = lazy::arange(130).to(float32).reshape({130, 1}).clone();
        CHECK(lazy::equal(lazy::sum(y * v, {1}), lazy::full({5, n}, 8385.0F)));
        CHECK(lazy::equal(lazy::sum(y * v, {2}), v.reshape({130}).expand({5, 130}) * double(n)));
    }
}

TEST_CASE("a large write that starts in the middle of a line is stored", "[engine]") {
    const std::int64_t n = (std::int64_t{1} << 22) + 65;
    tensor<float> x = lazy::ones({n}).clone();
    const Tensor y = lazy::ones({n - 1}).clone();
    const Tensor w = lazy::arange(n - 1).to(float32).clone();
    x(range(1, n)) = (y + w) * 2.0F;
    lazy::eval(x);
    CHECK(x[0].item() == 1);
    CHECK(x[1].item() == 2);
    CHECK(x[n - 1].item() == float(2 * (n - 1)));
}

TEMPLATE_TEST_CASE("large rows that start in the middle of a line are stored whole", "[engine]",
                   std::int8_t, std::int16_t, float, double) {
    // Enough for stores past the caches, and for inputs to be fetched ahead.
    constexpr std::int64_t rows = 3001, length = (40 << 20) / rows / sizeof(TestType) + 3;
    const tensor<TestType> x =
        remainder(lazy::arange(rows * length), 11).to(dtype_of<TestType>).reshape({rows, length});
    lazy::eval(x);
    const auto part = [&](std::int64_t r, std::int64_t c) {
        return x(range(r, r + rows - 2), range(c, c + length - 3));
    };
    const Tensor first = Tensor(part(0, 1)) - part(2, 0);
    const tensor<TestType> result = first * part(1, 3);
    const TestType* const in = x.numpy().template data_as<TestType>();
    const TestType* const out = result.numpy().template data_as<TestType>();
    std::int64_t wrong = 0;
    for (std::int64_t r = 0; r < rows - 2; ++r) {
        for (std::int64_t c = 0; c < length - 3; ++c) {
            const TestType* const at = in + r * length + c;
            const auto want = static_cast<TestType>((at[1] - at[2 * length]) * at[length + 3]);
            wrong += out[r * (length - 3) + c] == want ? 0 : 1;
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("fetching inputs ahead changes no bit", "[engine]") {
    const std::int64_t n = 12'000'019;
    const Tensor a = (lazy::arange(n) % 1013).to(float32) / 7, b = lazy::flip(a, {0}).clone();
    const Tensor c = (lazy::arange(n) % 509).to(float64).clone();
    lazy::eval(a, b, c);
    const auto of = [&](std::int64_t first, std::int64_t last) {
        const auto part = [&](const Tensor& x) { return x(range(first, last)); };
        return part(a) * part(b) + sin(part(a)) / (part(c) + 2);
    };
    const Tensor all = of(0, n), total = sum(of(0, n)),
                 rows = amax(of(0, n - 19).reshape({-1, 1000}), 1);
    lazy::eval(all);
    // Pieces that fit into the caches.
    std::vector<Tensor> pieces;
    for (std::int64_t first = 0; first < n; first += 100'000) {
        pieces.push_back(of(first, std::min(n, first + 100'000)).clone());
    }
    const Tensor together = cat(pieces);
    CHECK(lazy::equal(all, together));
    CHECK(total.item() == sum(together).item());
    CHECK(lazy::equal(rows, amax(together(range(0, n - 19)).reshape({-1, 1000}), 1)));
}

namespace {
/// A random chain of operations with a heavy one in the middle, applied to `in`; `stored`: each
/// operation's result is computed before the next is built.
Tensor random_chain(unsigned seed, const std::vector<Tensor>& in, bool stored) {
    std::mt19937 random(seed);
    const auto below = [&](unsigned n) { return random() % n; };
    const auto done = [&](Tensor x) {
        if (stored) {
            lazy::eval(x);
        }
        return x;
    };
    const auto any = [&] { return in[below(static_cast<unsigned>(in.size()))]; };
    const auto operand = [&]() -> Tensor {
        const Tensor x = any(), y = any();
        switch (below(6)) {
            case 0: return done(x * y);
            case 1: return done(x + y);
            case 2: return done(x - y);
            case 3: return done(lazy::full({}, 3, x.dtype()) * y);
            default: return x;
        }
    };
    const auto light = [&](const Tensor& x) -> Tensor {
        const Tensor y = operand();
        switch (below(12)) {
            case 0: return done(-x);
            case 1: return done(x + y);
            case 2: return done(y + x);
            case 3: return done(x - y);
            case 4: return done(y - x);
            case 5: return done(x * y);
            case 6: return done(x / y);
            case 7: return done(y / x);
            case 8: return done(maximum(x, y));
            case 9: return done(maximum(y, x));
            case 10: return done(minimum(x, y));
            default: return done(minimum(y, x));
        }
    };
    const auto heavy = [&](const Tensor& x) -> Tensor {
        switch (below(5)) {
            case 0: return done(exp(x));
            case 1: return done(tanh(x));
            case 2: return done(x / any());
            case 3: return done(hypot(x, any()));
            default: return done(sqrt(x));
        }
    };
    Tensor x = any();
    for (unsigned k = below(4); k > 0; --k) {
        x = light(x);
    }
    x = heavy(x);
    for (unsigned k = below(4); k > 0; --k) {
        x = light(x);
    }
    return below(3) == 0 ? done(light(x) + heavy(x)) : x;
}
}  // namespace

TEST_CASE("cheap operations around heavy ones are computed with them, to the bit", "[engine]") {
    const dtype type = GENERATE(float32, float64);
    // From memory, with a last step that is not whole; zeros of both signs, NaN and infinity.
    const std::int64_t n = 700'013;
    const Tensor index = lazy::arange(n).to(type);
    std::vector<Tensor> in{(index % 257 - 128) / 16, (index % 1021) / 100 - 5,
                           lazy::where(index % 3 == 0, index * 0, -(index * 0))};
    in[0](range(3, n, 1000)).fill_(std::numeric_limits<double>::quiet_NaN());
    in[1](range(5, n, 1000)).fill_(-std::numeric_limits<double>::infinity());
    for (const Tensor& x : in) {
        lazy::eval(x);
    }
    const auto no_nan = [](const Tensor& x) { return lazy::where(isnan(x), 7, x); };
    for (unsigned seed = 0; seed < 120; ++seed) {
        const Tensor together = random_chain(seed, in, false), apart = random_chain(seed, in, true);
        lazy::eval(together);
        CAPTURE(seed);
        CHECK(lazy::equal(no_nan(together), no_nan(apart)));
        CHECK(lazy::equal(signbit(no_nan(together)), signbit(no_nan(apart))));
    }
}

TEST_CASE("a heavy operation and its neighbours are what one loop computes", "[engine]") {
    const std::int64_t n = 1'000'003;
    const Tensor a = lazy::arange(n).to(float32) / 1000, b = lazy::flip(a, {0}).clone();
    lazy::eval(a, b);
    const Tensor root = 3 - sqrt(a * a + b) * (a - b), quotient = -(b / (1 + a * b)) - a * b;
    lazy::eval(root, quotient);
    const float* const x = a.numpy().data_as<float>();
    const float* const y = b.numpy().data_as<float>();
    const float* const r = root.numpy().data_as<float>();
    const float* const q = quotient.numpy().data_as<float>();
    std::int64_t wrong = 0;
    for (std::int64_t i = 0; i < n; ++i) {
        const float square = x[i] * x[i], product = x[i] * y[i];
        const float length = std::sqrt(square + y[i]) * (x[i] - y[i]);
        wrong += r[i] == 3 - length ? 0 : 1;
        wrong += q[i] == -(y[i] / (1 + product)) - product ? 0 : 1;
    }
    CHECK(wrong == 0);
}

TEST_CASE("several results in one evaluation are what each is by itself", "[engine][core]") {
    // Elementwise values, reductions over any dimensions, and of what is asked for itself.
    const std::vector<shape> sizes{{},     {7},       {1000},    {3, 5},    {300, 7},     {7, 3000},
                                   {0, 3}, {4, 0, 2}, {4, 1, 6}, {5, 6, 7}, {2, 9, 40, 3}};
    for (unsigned seed = 0; seed < 400; ++seed) {
        std::mt19937 random(seed);
        const auto below = [&](std::size_t n) { return static_cast<std::int64_t>(random() % n); };
        const shape s = sizes[static_cast<std::size_t>(below(sizes.size()))];
        const dtype type = below(2) == 0 ? dtype(float32) : dtype(int32);
        const Tensor a = (lazy::arange(s.numel()) % 23).to(type).reshape(s).clone();
        const Tensor b = (lazy::arange(s.numel()) % 7 + 1).to(type).reshape(s).clone();
        const auto results = [&](unsigned what, bool apart) {
            std::mt19937 choice(what);
            std::vector<Tensor> all{a - b};
            const auto any = [&] { return all[choice() % all.size()]; };
            for (int k = 0; k < 6; ++k) {
                const Tensor x = any();
                std::vector<std::int64_t> dims;
                for (std::int64_t d = 0; d < static_cast<std::int64_t>(s.size()); ++d) {
                    if (choice() % 2 == 0) {
                        dims.push_back(d);
                    }
                }
                Tensor made = x * 2 + b;
                switch (choice() % 6) {
                    case 0: made = maximum(x, a); break;
                    case 1: made = lazy::where(x > 3, x, b); break;
                    case 2: made = lazy::sum(x, dims, true).expand(s); break;
                    case 3: made = lazy::sum(x * x, dims, true).expand(s) - x; break;
                    case 4: made = s.numel() == 0 ? x : lazy::amin(x + a, dims, true).expand(s);
                    default: break;
                }
                if (apart) {
                    made = made.clone();
                }
                all.push_back(made);
            }
            return all;
        };
        const unsigned what = static_cast<unsigned>(below(1000));
        const std::vector<Tensor> r = results(what, false), want = results(what, true);
        std::vector<Tensor> sums;
        for (const Tensor& x : r) {
            sums.push_back(lazy::sum(x, {}, false));
        }
        lazy::eval(r[0], r[1], r[2], r[3], r[4], r[5], r[6], sums[0], sums[2], sums[4], sums[6]);
        CAPTURE(seed, s.size(), s.numel());
        for (std::size_t i = 0; i < r.size(); ++i) {
            CHECK(lazy::equal(r[i], want[i]));
            CHECK(sums[i].item() == lazy::sum(want[i], {}, false).item());
        }
    }
}

TEST_CASE("a value that is reduced beside it may not be overwritten", "[engine]") {
    const std::int64_t n = GENERATE(100, 100'000, 3'000'000);
    Tensor x = lazy::ones({n}, float64).clone();
    Tensor before = lazy::sum(x);
    Tensor twice = std::move(x) * 2;
    Tensor after = lazy::sum(twice);
    lazy::eval(before, twice, after);
    CHECK(before.item().to<double>() == static_cast<double>(n));
    CHECK(after.item().to<double>() == 2.0 * static_cast<double>(n));
    CHECK(lazy::all(twice == 2).item().to<bool>());
}

TEST_CASE("a view of a reduction is not stored", "[engine]") {
    const tensor<float> x = lazy::ones({8, 8}).clone(), z = lazy::ones({8, 1000}).clone();
    const auto before = stats();
    const tensor<float> r = lazy::sum(x, {1}).reshape({8, 1}).expand({8, 1000}) * z;
    lazy::eval(r);
    CHECK((stats() - before).passes == 2);
    CHECK(lazy::equal(r, lazy::full({8, 1000}, 8.0F)));
}

namespace {
std::atomic<int> questions_left{0};
bool end_now() { return --questions_left < 0; }

/// The value of `x`, evaluated with a program that wants to end at once; then evaluated in full.
template <class X>
bool stops_and_goes_on(const X& x) {
    questions_left = 0;
    lazy::set_stop_check(&end_now);
    bool stopped = false;
    try {
        eval(x);
    } catch (const lazy::stopped_error&) {
        stopped = true;
    }
    lazy::set_stop_check(nullptr);
    eval(x);
    return stopped;
}
}  // namespace

TEST_CASE("a program can end an evaluation, and tensors keep what they had", "[engine]") {
    const Tensor x = lazy::linspace(0, 1, 1 << 22);
    eval(x);
    Tensor slow = x;
    for (int i = 0; i < 60; ++i) {
        slow = sin(slow) + x * 0.25;
    }
    const float last = [] {
        float v = 1;
        for (int i = 0; i < 60; ++i) v = std::sin(v) + 0.25F;
        return v;
    }();
    SECTION("a map") {
        CHECK(stops_and_goes_on(slow));
        CHECK(float(slow[-1].item()) == Approx(last).margin(1e-5));
    }
    SECTION("a reduction") {
        const Tensor top = amax(slow);
        CHECK(stops_and_goes_on(top));
        CHECK(float(top.item()) == Approx(last).margin(1e-5));
    }
    SECTION("a reduction of stored elements, by one thread") {
        const Tensor large = clone(zeros({1 << 25}));
        set_num_threads(1);
        for (const Tensor& result :
             {Tensor(sum(large)), Tensor(argmax(large)), Tensor(sum(tensor<float>(large) * 2.F))}) {
            std::this_thread::sleep_for(std::chrono::milliseconds(60));  // between two questions
            CHECK(stops_and_goes_on(result));
        }
        set_num_threads(0);
    }
    SECTION("rows") {
        const Tensor rows = slow.reshape(1 << 10, 1 << 12);
        const Tensor p = softmax(rows, 1);
        CHECK(stops_and_goes_on(p));
        CHECK(float(sum(p).item()) == Approx(1024).margin(1e-2));
    }
    SECTION("what is written over its own input is finished") {
        Tensor y = x.clone();
        for (int i = 0; i < 60; ++i) y.copy_(sin(y) + 0.25);
        stops_and_goes_on(y);
        CHECK(float(y[-1].item()) == Approx(last).margin(1e-5));
    }
    CHECK(float(x[-1].item()) == 1.0F);
}

namespace {

/// The same bits, NaN for NaN.
template <class T>
void require_same(const Tensor& a, const Tensor& b) {
    const auto x = to(a, dtype_of<T>).tolist().flat(), y = to(b, dtype_of<T>).tolist().flat();
    REQUIRE(x.size() == y.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        const T u = x[i].template to<T>(), v = y[i].template to<T>();
        CHECK((u == v ? std::signbit(u) == std::signbit(v) : u != u && v != v));
    }
}

}  // namespace

TEMPLATE_TEST_CASE("two cheap operations in one kernel have the bits of two", "[core]", float,
                   double) {
    using operation = Tensor (*)(const Tensor&, const Tensor&);
    const operation all[] = {[](const Tensor& x, const Tensor& y) { return x + y; },
                             [](const Tensor& x, const Tensor& y) { return x - y; },
                             [](const Tensor& x, const Tensor& y) { return x * y; }};
    std::mt19937 random(3);
    std::normal_distribution<double> normal(0, 3);
    const double special[] = {0.0, -0.0, 1e-30, -1e30, INFINITY, -INFINITY, NAN, 1};
    Tensor x[3];
    for (Tensor& t : x) {
        std::vector<double> values;
        for (int i = 0; i < 101; ++i) {
            values.push_back(i % 5 == 0 ? special[random() % 8] : normal(random));
        }
        t = to(Tensor(tensor(values)), dtype_of<TestType>);
        eval(t);
    }
    for (operation first : all) {
        for (operation second : all) {
            for (const bool left : {true, false}) {
                const auto after = [&](const Tensor& t) {
                    return left ? second(t, x[2]) : second(x[2], t);
                };
                const Tensor apart = first(x[0], x[1]);
                eval(apart);
                require_same<TestType>(after(first(x[0], x[1])), after(apart));
                // A result with two readers, or asked for, is computed on its own.
                const Tensor shared = first(x[0], x[1]), twice = after(shared) * shared;
                const Tensor alone = after(apart);
                eval(alone);
                require_same<TestType>(twice, alone * apart);
                const Tensor asked = first(x[0], x[1]), read = after(asked);
                eval(asked, read);
                require_same<TestType>(asked, apart);
                require_same<TestType>(read, alone);
                // Three and more in a row, and both operands computed.
                require_same<TestType>(after(after(after(first(x[0], x[1])))), [&] {
                    const Tensor second_of = after(alone);
                    eval(second_of);
                    return after(second_of);
                }());
                for (operation third : all) {
                    require_same<TestType>(second(first(x[0], x[1]), third(x[1], x[2])), [&] {
                        const Tensor one = first(x[0], x[1]), other = third(x[1], x[2]);
                        eval(one, other);
                        return second(one, other);
                    }());
                }
                require_same<TestType>(second(first(x[0], x[1]), first(x[1], x[2])), [&] {
                    const Tensor other = first(x[1], x[2]);
                    eval(other);
                    return second(apart, other);
                }());
            }
        }
    }
}

TEST_CASE("small means and deviations need no plan, and have the bits and counts of one",
          "[engine]") {
    const auto work_of = [](const auto&... roots) {
        const statistics before = stats();
        eval(roots...);
        return stats() - before;
    };
    for (const dtype d : {dtype(float32), dtype(float64), dtype(float16), dtype(complex64)}) {
        for (const shape& sizes :
             {shape(1), shape(9), shape(3, 5000), shape(70, 33), shape(2, 3, 4)}) {
            const Tensor x = clone(rand(sizes).to(d));
            const std::int64_t last = static_cast<std::int64_t>(sizes.size()) - 1;
            const std::function<Tensor()> made[] = {
                [&] { return Tensor(mean(x, {last})); },
                [&] { return Tensor(mean(x, {last}, true)); },
                [&] { return Tensor(mean(x)); },
                [&] { return Tensor(var(x, {last}, 0)); },
                [&] { return Tensor(lazy::std(x, {last}, 0)); },
                [&] { return Tensor(1 - sum(x, {last}) / 3); },
                [&] { return Tensor(sum(x * 2, {last}) + 1); },
            };
            for (const auto& make : made) {
                const Tensor alone = make();
                const Tensor planned = make();
                const tensor<int> other = zeros({2}, int32) + 1;
                const statistics work = work_of(alone);
                const statistics both = work_of(planned, other);
                CHECK(alone.tolist() == planned.tolist());
                CHECK(work.evaluations == 1);
                CHECK(work.passes + 1 == both.passes);
                CHECK(work.kernels + 1 == both.kernels);
                CHECK(work.bytes_read == both.bytes_read);
                CHECK(work.bytes_written + other.numel() * sizeof(int) == both.bytes_written);
                CHECK(work.allocations + 1 == both.allocations);
            }
        }
    }
}

TEST_CASE("a reduction by itself has the bits of one in a pass with others", "[engine][core]") {
    struct part {
        shape sizes;
        dims reduced;
    };
    const part parts[] = {
        {{7}, {}},         {{5000}, {}},     {{300007}, {}},          {{128, 128}, {0}},
        {{128, 128}, {1}}, {{129, 40}, {0}}, {{3, 9, 5}, {1}},        {{3, 9, 5}, {0, 2}},
        {{2, 5000}, {1}},  {{70, 33}, {1}},  {{2, 3, 50, 7}, {1, 2}}, {{40000, 2}, {0}},
        {{2, 40000}, {1}}, {{1, 6, 1}, {1}}};
    const auto same_bits = [](const auto& make) {
        const Tensor alone = make();
        const Tensor planned = make();
        const Tensor other = make() + 1;  // a plan: two roots of one value
        eval(alone);
        eval(planned, other);
        CHECK(alone.tolist() == planned.tolist());
    };
    for (const dtype d : {dtype(float32), dtype(float64), dtype(int64), dtype(int16)}) {
        for (const part& p : parts) {
            const Tensor x = clone((rand(p.sizes) * 200 - 100).to(d));
            const Tensor y = clone((rand(p.sizes) * 20 - 10).to(d));
            INFO(d.name() << ' ' << p.sizes);
            same_bits([&] { return Tensor(sum(x, p.reduced)); });
            same_bits([&] { return Tensor(sum(x * y, p.reduced)); });
            same_bits([&] { return Tensor(amax(x, p.reduced)); });
            same_bits([&] { return Tensor(amin(x - y, p.reduced)); });
            if (p.reduced.size() < 2) {
                const auto at = p.reduced.empty() ? 0 : *p.reduced.begin();
                same_bits([&] { return Tensor(argmax(x, at)); });
                same_bits([&] { return Tensor(argmin(x + y, at)); });
            }
            if (d == float32 || d == float64) {
                same_bits([&] { return Tensor(var(x * y, p.reduced)); });
            }
        }
    }
}

TEMPLATE_TEST_CASE("a reduction compiled with its statement has the bits of one of stored values",
                   "[engine][core]", float, double) {
    using T = TestType;
    constexpr dtype_constant<T> type{};
    const auto check = [](const auto& make, const dims& d) {
        const tensor<T> stored = clone(make());
        // Temporaries: the statement and its reduction become one kernel. Then in a pass with
        // another one, and of a named expression.
        CHECK(sum(make(), d).tolist() == sum(stored, d).tolist());
        CHECK(amax(make(), d).tolist() == amax(stored, d).tolist());
        CHECK(amin(make(), d).tolist() == amin(stored, d).tolist());
        CHECK(prod(make(), d).tolist() == prod(stored, d).tolist());
        CHECK(mean(make(), d).tolist() == mean(stored, d).tolist());
        const tensor<T> total = sum(make(), d), largest = amax(make(), d);
        eval(total, largest);
        CHECK(total.tolist() == sum(stored, d).tolist());
        CHECK(largest.tolist() == amax(stored, d).tolist());
        const tensor<T> total_again = sum(make(), d), kept = make() * T(3);
        eval(total_again, kept);  // a pass that stores something else too
        CHECK(total_again.tolist() == sum(stored, d).tolist());
        CHECK(kept.tolist() == (stored * T(3)).tolist());
        const auto named = make();
        CHECK((sum(named, d) * 2).tolist() == (sum(stored, d) * 2).tolist());
    };
    for (const int threads : {1, 2}) {
        set_num_threads(threads);
        for (const std::int64_t n :
             {1, 7, 63, 64, 65, 1000, 1024, 2047, 2048, 2049, 4096, 4160, 10000, 300032}) {
            INFO(n << " elements, " << threads << " threads");
            const tensor<T> a = clone(rand({n}, type) * 2 - 1), b = clone(rand({n}, type));
            check([&] { return a * b; }, {});
            check([&] { return sqrt(abs(a - b * T(0.5))) + a; }, {});
        }
        for (const shape& sizes : {shape{3, 64}, shape{5, 1000}, shape{4, 1024}, shape{2, 5000},
                                   shape{300, 128}, shape{3, 70000}}) {
            INFO(sizes << ", " << threads << " threads");
            const tensor<T> x = clone(rand(sizes, type) - T(0.5));
            const tensor<T> row = clone(rand({sizes[1]}, type));
            const tensor<T> column = clone(rand({sizes[0], 1}, type));
            for (const dims& d : {dims{}, dims{1}, dims{0}}) {
                check([&] { return x * x + T(1); }, d);
                check([&] { return (x - row) * column; }, d);
                check([&] { return (row - column) * (row - column); }, d);
                check([&] { return x(lazy::all, range(1, none)) - x(lazy::all, range(0, -1)); }, d);
            }
        }
    }
    set_num_threads(0);
    // NaN is found wherever it is.
    for (const std::int64_t at : {0, 63, 64, 127, 129}) {
        const tensor<T> x = zeros({130}, type);
        x[at] = std::numeric_limits<T>::quiet_NaN();
        CHECK(std::isnan(amax(x * T(2)).item()));
        CHECK(std::isnan(sum(x * T(2)).item()));
    }
}

TEST_CASE("kernels over a reduction take numbers of all sizes", "[engine]") {
    const tensor<double> x = clone(rand({3, 7}, float64));
    const tensor<double> sums = clone(sum(x, {1}));
    const Tensor yes = full({3}, true);
    CHECK(where(yes, Tensor(sum(x, {1})), full({3}, 2.0)).tolist() == Tensor(sums).tolist());
    CHECK(where(~yes, full({3}, 2.0), Tensor(sum(x, {1}))).tolist() == Tensor(sums).tolist());
    CHECK(zeros({std::int64_t{1} << 60, 16, 0}).numel() == 0);
}

TEST_CASE("a million operations on a sum are no recursion", "[engine]") {
    tensor<float> x = sum(ones({8}));
    for (int i = 0; i < 1000000; ++i) {
        x = tensor<float>(x + 1);
    }
    CHECK(x.item() == 1000008);
}

namespace {

/// A random program over tensors of 1 or n rows and columns; `keep` says what becomes of a value.
/// Structure and numbers come from generators of their own.
template <class Keep>
std::vector<Tensor> random_graph(unsigned structure, unsigned numbers, Keep keep) {
    std::mt19937 choose(structure), value(numbers);
    const std::int64_t n = 3 + choose() % 40;
    const auto input = [&](std::int64_t rows, std::int64_t columns) {
        std::vector<double> v(static_cast<std::size_t>(rows * columns));
        for (double& e : v) {
            e = static_cast<double>(value() % 2001) / 1000 - 1;
        }
        return Tensor(tensor(v, float64)).reshape({rows, columns}).clone();
    };
    std::vector<Tensor> all = {input(n, n), input(1, n), input(n, 1), input(n, n)};
    for (int step = 0; step < 12; ++step) {
        const Tensor a = all[choose() % all.size()], b = all[choose() % all.size()];
        switch (choose() % 11) {
            case 0: all.push_back(keep(a + b)); break;
            case 1: all.push_back(keep(a - b * (0.25 * (value() % 3)))); break;
            case 2: all.push_back(keep(sin(a * b))); break;
            case 3: all.push_back(keep(maximum(a, b))); break;
            case 4: all.push_back(keep(a.t())); break;
            case 5: all.push_back(keep(a.sum(1, true) / 8)); break;
            case 6: all.push_back(keep(a.amax(1, true))); break;
            case 7: all.push_back(keep(a.mean(0, true))); break;
            case 8: all.push_back(keep(exp(a - amax(a, 1, true)))); break;
            case 9: all.push_back(keep(where(a > b, a, 0.25 * (value() % 2)))); break;
            default: all.erase(all.begin() + static_cast<std::ptrdiff_t>(choose() % all.size()));
        }
        if (all.size() < 2) {
            all.push_back(a);
        }
    }
    return all;
}

}  // namespace

TEST_CASE("a graph that comes again is planned once and computed from its own tensors",
          "[core][engine]") {
    for (unsigned structure = 0; structure < 400; ++structure) {
        std::vector<std::uint64_t> passes;
        for (unsigned round = 0; round < 4; ++round) {
            INFO("structure " << structure << ", round " << round);
            const unsigned numbers = structure * 16 + round;
            const auto want =
                random_graph(structure, numbers, [](const Tensor& x) { return x.clone(); });
            const auto got = random_graph(structure, numbers, [](const Tensor& x) { return x; });
            REQUIRE(got.size() == want.size());
            const auto before = stats().passes;
            eval(got.back(), got.front());
            for (std::size_t i = 0; i < got.size(); ++i) {
                const bool same = equal(got[i], want[i]);
                CHECK(same);
            }
            passes.push_back(stats().passes - before);
        }
        CHECK(passes[1] == passes[2]);
        CHECK(passes[2] == passes[3]);
    }
}

TEST_CASE("graphs that differ in one input have plans of their own", "[core][engine]") {
    const Tensor a = tensor({1., 2., 3., 4.}).clone(), b = tensor({10., 20., 30., 40.}).clone();
    const Tensor x = tensor({1., 2.}).clone(), no = tensor(false).to(bool_).clone();
    for (int round = 0; round < 4; ++round) {
        // Which tensor a 0-d view is of.
        const Tensor r = a * b + a[3];
        eval(r);
        const Tensor s = a * b + b[3];
        eval(s);
        CHECK(r[0].item() == scalar(14.F));
        CHECK(s[0].item() == scalar(50.F));
        // Roots beside a node that looks like their numbers.
        const Tensor number = Tensor(zeros({}, bool_)), sum = x + 1;
        const Tensor one = where(number, sum, x);
        eval(one);
        const Tensor first = x + 1, second = where(no, first, x);
        eval(first, second);
        CHECK(equal(one, x));
        CHECK(equal(first, x + 1));
        CHECK(equal(second, x));
    }
}

TEST_CASE("a graph that comes again with other numbers uses them", "[core][engine]") {
    const std::vector<float> values = {1, -2, 3.5F, 0, 7, 11, -13};
    const Tensor x = Tensor(values), y = Tensor(values) * 2;
    eval(y);
    // Equal numbers are one, so a plan for (2, 2) is none for (2, 3).
    const float numbers[][2] = {{2, 2}, {3, 3}, {2, 3}, {3, 2}, {5, 7}, {5, 5}, {0, -0.0F}, {4, 4}};
    for (int round = 0; round < 4; ++round) {
        for (const auto& [a, b] : numbers) {
            const Tensor r = a * x + b * y - a;
            for (std::size_t i = 0; i < values.size(); ++i) {
                const float want = a * values[i] + b * (2 * values[i]) - a;
                CHECK(r[static_cast<std::int64_t>(i)].item() == scalar(want));
            }
        }
    }
}

TEST_CASE("each call of a kept plan starts afresh", "[core][engine]") {
    // A repeated element is copied into a tile once: where it lies says nothing about its value.
    tensor<float> scale{2};
    const tensor<float> x = arange(5, float32).reshape({5});
    for (int round = 1; round < 6; ++round) {
        scale.fill_(static_cast<float>(round));
        const Tensor spread = exp(Tensor(x) * 0 + 0) * scale.expand({5}) + x;
        for (int i = 0; i < 5; ++i) {
            CHECK(spread[i].item() == scalar(static_cast<float>(round + i)));
        }
    }
}

TEMPLATE_TEST_CASE("the ends of a loop are computed from what was there before it",
                   "[core][engine]", float, double, std::int8_t, std::int64_t, float16_t) {
    // In place: the last step overlaps the one before, which has overwritten its operand.
    for (std::int64_t n = 1; n < 150; ++n) {
        tensor<TestType> x = clone((arange(n) % 7).to(dtype_of<TestType>));
        for (int step = 0; step < 3; ++step) {
            x = std::move(x) * TestType(2) + TestType(1);
            eval(x);
        }
        tensor<TestType> y = clone((arange(n) % 7).to(dtype_of<TestType>));
        y *= TestType(8);
        y += TestType(7);
        CHECK(equal(x, y));
        for (std::int64_t i = 0; i < n; ++i) {
            CHECK(static_cast<double>(y[i].item()) == static_cast<double>(TestType(i % 7 * 8 + 7)));
        }
    }
}

TEST_CASE("shifted views of a tensor are read once", "[engine]") {
    const Tensor x = clone(rand({64, 64}));
    const auto part = [&](std::int64_t i, std::int64_t j) {
        return x(range(i, i + 62), range(j, j + 62));
    };
    const auto read_by = [](const Tensor& t) {
        const auto before = stats();
        eval(t);
        return (stats() - before).bytes_read;
    };
    CHECK(read_by(part(0, 0) + part(0, 2) + part(2, 0) + part(2, 2) - 4 * part(1, 1)) ==
          64 * 64 * 4);
    // Not what lies between.
    CHECK(read_by(x(range(0, 8)) + x(range(56, 64))) == 2 * 8 * 64 * 4);
}

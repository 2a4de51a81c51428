// Derived functions, casts, statements: fused, unfused, typed and run-time give the same bits.
// SPDX-License-Identifier: BSD-3-Clause

#include "elementwise.hpp"

#include <lazytensor/control.hpp>

using namespace elementwise;
using lazy::Tensor;

namespace {

/// A tensor of the sample values.
template <class T>
lazy::tensor<T> input(std::size_t n = 4097, std::size_t stride = 1) {
    const auto some = samples<T>();
    std::vector<T> v;
    for (std::size_t i = 0; i < n; ++i) v.push_back(some[i * stride % some.size()]);
    return lazy::tensor<T>(v);
}

/// The same formula on typed tensors, on run-time ones, and with every intermediate stored.
template <class T>
void check_statement(const lazy::tensor<T>& a, const lazy::tensor<T>& b, const lazy::tensor<T>& c) {
    using lazy::eval, lazy::tensor;
    const tensor<T> fused = (a + b) * (a - c) + sin(a) * b / c - minimum(a, exp(b * 0.25)) * 1.5;
    std::vector<Tensor> kept;
    const auto keep = [&](const tensor<T>& x) {
        eval(x);
        return x;
    };
    const auto p = keep(a + b), q = keep(a - c), pq = keep(p * q), s = keep(sin(a)),
               sb = keep(s * b), d = keep(sb / c), e = keep(pq + d), b4 = keep(b * 0.25),
               x = keep(exp(b4)), m = keep(minimum(a, x)), m2 = keep(m * 1.5);
    CHECK(same(fused, keep(e - m2)));
    // The same in statements that are evaluated together.
    const tensor<T> sum = a + b, product = sum * (a - c), quotient = sin(a) * b / c;
    CHECK(same(fused, tensor<T>(product + quotient - minimum(a, exp(b * 0.25)) * 1.5)));
    const Tensor u = a, v = b, w = c;
    CHECK(same(fused, (u + v) * (u - w) + sin(u) * v / w - minimum(u, exp(v * 0.25)) * 1.5));
}

}  // namespace

TEMPLATE_TEST_CASE("one statement, many statements and stored intermediates give the same bits",
                   "[core][elementwise]", float, double) {
    using T = TestType;
    check_statement<T>(input<T>(), input<T>(4097, 7), input<T>(4097, 11));
    check_statement<T>(input<T>(13), input<T>(13, 7), input<T>(13, 11));
    for (int threads : {1, 2, 3}) {
        lazy::set_num_threads(threads);
        check_statement<T>(input<T>(100003), input<T>(100003, 7), input<T>(100003, 11));
    }
    lazy::set_num_threads(0);
}

TEST_CASE("mixed dtypes in one statement", "[elementwise]") {
    const auto i = input<std::int32_t>(), k = input<std::int32_t>(4097, 3);
    const auto f = input<float>(), g = input<float>(4097, 5);
    const auto h = input<lazy::float16_t>();
    const auto b = input<bool>();
    const Tensor ti = i, tk = k, tf = f, tg = g, th = h, tb = b;
    CHECK(same(lazy::tensor(i * f + k), ti * tf + tk));
    CHECK(same(lazy::tensor(where(b, i, g) / 2), where(tb, ti, tg) / 2));
    CHECK(same(lazy::tensor((h * h + 1) * f), (th * th + 1) * tf));
    CHECK(same(lazy::tensor((i < f) & b), (ti < tf) & tb));
    CHECK(same(lazy::tensor(b + i), tb + ti));
    CHECK(same(lazy::tensor((i % 7 == 3).to(lazy::float64) * g),
               (ti % 7 == 3).to(lazy::float64) * tg));
    // A 16-bit float is rounded after every operation, in a fused statement too.
    const lazy::tensor<lazy::float16_t> square = h * h;
    eval(square);
    CHECK(
        same(lazy::tensor<lazy::float16_t>(h * h + h), lazy::tensor<lazy::float16_t>(square + h)));
}

TEST_CASE("clamp, gelu, silu, softplus, lerp and degrees", "[elementwise]") {
    using T = float;
    const auto limit = [](float x, float low, float high) {
        return x < low ? low : x > high ? high : x;
    };
    check_unary<T>(
        "clamp", [](const auto& x) { return lazy::clamp(x, -1, 2.5); },
        [&](float x) { return limit(x, -1, 2.5f); });
    check_unary<std::int32_t>(
        "clamp", [](const auto& x) { return lazy::clamp(x, -3, 9); },
        [](std::int32_t x) { return std::min(std::max(x, -3), 9); });
    check_unary<T>(
        "relu", [](const auto& x) { return lazy::relu(x); },
        [](float x) { return x <= 0 ? 0.f : x; });
    const auto normal = [](auto f) {
        for (float x : {-3.f, -0.5f, 0.f, 0.25f, 1.f, 6.f}) f(x);
    };
    normal([](float x) {
        const auto t = lazy::tensor({x});
        const double v = x;
        CHECK(gelu(t).item() == Approx(v * (1 + std::erf(v / std::sqrt(2.))) / 2).margin(1e-7));
        CHECK(silu(t).item() == Approx(v / (1 + std::exp(-v))).margin(1e-7));
        CHECK(softplus(t).item() == Approx(std::log1p(std::exp(v))).epsilon(1e-6));
        CHECK(deg2rad(t).item() == Approx(v * 3.14159265358979 / 180).margin(1e-9));
        CHECK(rad2deg(t).item() == Approx(v / 3.14159265358979 * 180).margin(1e-9));
        CHECK(lerp(t, t + 2, 0.5).item() == Approx(v + 1));
    });
    CHECK(std::isnan(lazy::clamp(lazy::tensor({NAN}), 0, 1).item()));
    CHECK(softplus(lazy::tensor({1000.f, -1000.f})).tolist() == std::vector<float>{1000, 0});
}

TEST_CASE("isclose and nan_to_num", "[elementwise]") {
    const float inf = INFINITY, nan = NAN;
    const auto a = lazy::tensor({1.f, 1.f, inf, inf, nan, 0.f, 1e10f});
    const auto b = lazy::tensor({1.000001f, 1.1f, inf, -inf, nan, 1e-9f, inf});
    CHECK(isclose(a, b).tolist() ==
          std::vector<bool>{true, false, true, false, false, true, false});
    CHECK(isclose(a, b, 1e-5, 1e-8, true).tolist() ==
          std::vector<bool>{true, false, true, false, true, true, false});
    const auto x = lazy::tensor({nan, inf, -inf, 2.f});
    CHECK(nan_to_num(x).tolist() ==
          std::vector<float>{0, 3.4028234663852886e38f, -3.4028234663852886e38f, 2});
    CHECK(nan_to_num(x, 7, 8, 9).tolist() == std::vector<float>{7, 8, 9, 2});
}

TEST_CASE("casts truncate, wrap and test for zero", "[core][elementwise]") {
    using namespace lazy;
    CHECK(tensor({1.9f, -1.9f, 0.5f}).to(int32).tolist() == std::vector<int>{1, -1, 0});
    CHECK(tensor({257, -1, 128}).to(int8).tolist() == std::vector<int>{1, -1, -128});
    CHECK(tensor({257, -1}).to(uint8).tolist() == std::vector<int>{1, 255});
    CHECK(tensor({0.f, -0.f, 0.1f, NAN}).to(bool_).tolist() ==
          std::vector<bool>{false, false, true, true});
    CHECK(tensor({-1}).to(uint64).item() == UINT64_MAX);
    CHECK(tensor({1e300, -1e300}, float64).to(float32).tolist() ==
          std::vector<float>{INFINITY, -INFINITY});
    CHECK(tensor({70000.f, 2049.f, 2051.f}).to(float16).to(float32).tolist() ==
          std::vector<float>{INFINITY, 2048, 2052});
    CHECK(tensor({1.00390625f, 1.01171875f}).to(bfloat16).to(float32).tolist() ==
          std::vector<float>{1, 1.015625f});
    CHECK(tensor({true, false}).to(float32).tolist() == std::vector<float>{1, 0});
    CHECK(tensor(std::vector<std::complex<float>>{{2.5f, 3}}).to(float64).item() == 2.5);
    CHECK(tensor({3}).to(complex128).item() == std::complex<double>(3, 0));
    CHECK(tensor({9007199254740993}).to(float64).item() == 9007199254740992.);
    const auto x = tensor({1.5f});
    CHECK(x.to(float32).variable() == x.variable());  // nothing to change: the tensor itself
}

TEST_CASE("every cast is the same for a typed tensor and a run-time one, in every position",
          "[elementwise]") {
    for (std::size_t from = 0; from < lazy::dtype_count; ++from)
        lazy::dispatch(static_cast<lazy::dtype_id>(from), [&]<class From>(lazy::type_tag<From>) {
            const auto x = input<From>(513);
            for (std::size_t to = 0; to < lazy::dtype_count; ++to) {
                const lazy::dtype d = static_cast<lazy::dtype_id>(to);
                const contents whole = read(Tensor(x).to(d));
                const contents turned =
                    read(Tensor(x)(lazy::range(lazy::none, lazy::none, -1)).to(d));
                const std::size_t item = d.itemsize();
                std::size_t wrong = whole.type != d;
                lazy::dispatch(d, [&]<class To>(lazy::type_tag<To>) {
                    const auto flat = x.tolist().flat();
                    for (std::size_t i = 0; i < flat.size(); ++i) {
                        To want = lazy::convert<To>(From(flat[i])), got;
                        std::memcpy(static_cast<void*>(&got), &whole.bytes[i * item], item);
                        wrong += distance(got, want) != 0;
                        wrong += first_difference(whole, i, turned, flat.size() - 1 - i, 1) != -1;
                    }
                });
                INFO(lazy::dtype_of<From> << " to " << d);
                CHECK(wrong == 0);
            }
        });
}

TEST_CASE("integer division by zero throws at evaluation, and only then", "[core][elementwise]") {
    const auto x = lazy::tensor({7, 8, 9});
    const auto y = lazy::tensor({2, 0, 3});
    const auto check = [](auto&& bad) {
        CHECK(bad.shape() == lazy::shape(3));
        CHECK_THROWS_AS(bad.tolist(), lazy::value_error);
        CHECK_THROWS_AS(bad.tolist(), lazy::value_error);
    };
    check(lazy::floor_divide(x, y));
    check(lazy::remainder(x, y));
    check(lazy::fmod(x, y));
    check(x % 0);
    check((x + 1) % y * 2);
    check(lazy::floor_divide(Tensor(x), Tensor(y)));
    check(Tensor(x) % Tensor(y));
    CHECK_THROWS_AS((lazy::arange(100000) % (lazy::arange(100000) - 77777)).sum().item(),
                    lazy::value_error);
    // A zero that no element divides by is no error.
    CHECK((x(lazy::range(0, 0)) % y(lazy::range(0, 0))).tolist().size() == 0);
    CHECK(x.tolist() == std::vector<int>{7, 8, 9});
    CHECK((x % 4).tolist() == std::vector<int>{3, 0, 1});
    CHECK((x / y).tolist() == std::vector<float>{3.5, INFINITY, 3});
    const auto lowest = lazy::tensor({INT64_MIN});
    CHECK(lazy::floor_divide(lowest, -1).item() == INT64_MIN);
    CHECK((lowest % -1).item() == 0);
    CHECK(lazy::abs(lowest).item() == INT64_MIN);
    CHECK((-lowest).item() == INT64_MIN);
}

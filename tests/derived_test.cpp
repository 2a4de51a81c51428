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
    const double top = std::numeric_limits<double>::max();
    const auto wide = lazy::tensor({HUGE_VAL, -HUGE_VAL, 3.}, lazy::float64);
    CHECK(nan_to_num(wide).tolist() == std::vector<double>{top, -top, 3});
    CHECK(equal(nan_to_num(lazy::Tensor(wide)), nan_to_num(wide)));
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

TEST_CASE("a division in place that fails leaves the tensor as it was", "[core][elementwise]") {
    const auto x = lazy::tensor({4, 6, 8});
    const auto part = x(lazy::range(1, lazy::none));
    CHECK_THROWS_AS(x[0] %= lazy::tensor(0), lazy::value_error);
    CHECK_THROWS_AS(x.remainder_(0), lazy::value_error);
    CHECK_THROWS_AS(Tensor(x) %= lazy::tensor({1, 0, 2}), lazy::value_error);
    CHECK_THROWS_AS(x.copy_(1 + lazy::floor_divide(x, x - 6)), lazy::value_error);
    CHECK_THROWS_AS(Tensor(x).add_(lazy::fmod(Tensor(x), 0).expand({3})), lazy::value_error);
    CHECK(x.tolist() == std::vector<int>{4, 6, 8});
    CHECK(part.tolist() == std::vector<int>{6, 8});
    x %= lazy::tensor({3, 4, 5});
    CHECK(x.tolist() == std::vector<int>{1, 2, 3});
}

TEST_CASE("numbers that a dtype does not hold are refused", "[core]") {
    using lazy::dtype, lazy::uint8, lazy::int8;
    CHECK_THROWS_AS(lazy::tensor({300}, uint8), lazy::value_error);
    CHECK_THROWS_AS(lazy::tensor(std::vector<int>{-129}, int8), lazy::value_error);
    CHECK_THROWS_AS(lazy::full({2}, 300, uint8), lazy::value_error);
    CHECK_THROWS_AS(lazy::full({2}, 300, dtype(uint8)), lazy::value_error);
    CHECK_THROWS_AS(lazy::randint(0, 257, {2}, uint8), lazy::value_error);
    const auto x = lazy::tensor({-1, 255}, uint8);  // as in PyTorch
    CHECK(x.tolist() == std::vector<int>{255, 255});
    CHECK_THROWS_AS(x[0] = 256, lazy::value_error);
    CHECK_THROWS_AS(Tensor(x).fill_(-300), lazy::value_error);
    CHECK(x.tolist() == std::vector<int>{255, 255});
    CHECK(lazy::randint(0, 128, {100}, int8).amin().item() >= 0);
    CHECK((lazy::rand({100000}, lazy::float16) < 1).all().item());
    CHECK((lazy::rand({100000}, lazy::bfloat16) < 1).all().item());
    CHECK(lazy::nan_to_num(lazy::tensor({16777217})).item() == 16777217);
    CHECK(Tensor(lazy::tensor({true})).nan_to_num().dtype() == lazy::bool_);
}

TEST_CASE("pieces of given sizes", "[core]") {
    const auto pieces = lazy::arange(6).split({1, 2, 3});
    REQUIRE(pieces.size() == 3);
    CHECK(pieces[1].tolist() == std::vector<int>{1, 2});
    CHECK(lazy::ones(2, 4).split({4, 0}, 1)[1].shape() == lazy::shape(2, 0));
    CHECK_THROWS_AS(lazy::arange(6).split({4, 3}), lazy::shape_error);
    CHECK_THROWS_AS(lazy::arange(6).split({-1, 7}), lazy::shape_error);
    CHECK(lazy::arange(2).reshape(2, 1).repeat_interleave(2).tolist() ==
          std::vector<int>{0, 0, 1, 1});
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

namespace {

/// f of a typed tensor and of the same with run-time dtype: both give what `want` says.
template <class X, class F, class W>
void both_give(const X& x, F f, const W& want) {
    CHECK(f(x).tolist() == want);
    CHECK(f(Tensor(x)).tolist() == want);
}
template <class X, class Y, class F, class W>
void both_give(const X& x, const Y& y, F f, const W& want) {
    CHECK(f(x, y).tolist() == want);
    CHECK(f(Tensor(x), Tensor(y)).tolist() == want);
}
template <class T>
using rows = std::vector<std::vector<T>>;
using ints = std::vector<int>;
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

}  // namespace

TEST_CASE("clamp with one bound, frac", "[elementwise]") {
    const auto x = lazy::tensor({1.f, -2.5f, 7.25f});
    const auto bound = lazy::tensor({3.f, -3.f, 7.f});
    both_give(
        x, [](const auto& v) { return v.clamp_min(1); }, std::vector<float>{1, 1, 7.25});
    both_give(
        x, [](const auto& v) { return clamp_max(v, 1.5); }, std::vector<float>{1, -2.5, 1.5});
    both_give(
        x, [](const auto& v) { return clamp(v, std::nullopt, 1.5); },
        std::vector<float>{1, -2.5, 1.5});
    both_give(
        x, [](const auto& v) { return v.clip(1, std::nullopt); }, std::vector<float>{1, 1, 7.25});
    both_give(
        x, bound, [](const auto& v, const auto& b) { return v.clamp_min(b); },
        std::vector<float>{3, -2.5, 7.25});
    both_give(
        lazy::tensor({1, 5}), [](const auto& v) { return clamp_min(v, 2.5); },
        std::vector<float>{2.5, 5});
    CHECK(std::isnan(clamp_min(lazy::tensor({NAN}), 0).item()));
    auto y = x.clone();
    y.clamp_min_(0).clamp_max_(2);
    CHECK(y.tolist() == std::vector<float>{1, 0, 2});
    y.clamp_(std::nullopt, 1);
    CHECK(y.tolist() == std::vector<float>{1, 0, 1});
    both_give(
        x, [](const auto& v) { return v.frac(); }, std::vector<float>{0, -0.5, 0.25});
    CHECK(std::isnan(frac(lazy::tensor({INFINITY})).item()));
    CHECK_THROWS_AS(frac(lazy::tensor({1})), lazy::dtype_error);
}

TEST_CASE("median along a dimension: the lower middle, where it stands, NaN first",
          "[core][elementwise]") {
    const float n = not_a_number;
    const auto x =
        lazy::tensor<float>({{3, n, 1, 2}, {5, 4, 4, 4}, {0, -1, 7, n}});  // as PyTorch 2.15
    const auto check = [](const auto& v) {
        const auto down = median(v, 0), across = v.median(1, true);
        CHECK(down.indices.tolist() == ints{0, 0, 1, 2});
        CHECK(across.indices.tolist() == rows<int>{{1}, {2}, {3}});
        CHECK(lazy::nan_to_num(down.values, 99).tolist() == std::vector<float>{3, 99, 4, 99});
        CHECK(lazy::nan_to_num(across.values, 99).tolist() == rows<float>{{99}, {4}, {99}});
    };
    check(x);
    check(Tensor(x));
    CHECK(median(lazy::tensor({4, 1, 3, 2}), 0).values.item() == 2);
    CHECK(median(lazy::tensor(7), 0).values.item() == 7);
    CHECK(median(lazy::tensor(7), -1).indices.item() == 0);
    CHECK(median(lazy::zeros({0, 2}), 1).values.shape() == lazy::shape(0));
    CHECK_THROWS_AS(median(lazy::zeros({0, 2}), 0), lazy::index_error);
    CHECK_THROWS_AS(median(lazy::zeros({3}), 1), lazy::index_error);
}

TEST_CASE("nansum, nanmean, aminmax, std_mean, bincount", "[elementwise]") {
    const float n = not_a_number;
    const auto x = lazy::tensor<float>({{3, n, 1, 2}, {5, 4, 4, 4}, {0, -1, 7, n}});
    both_give(
        x, [](const auto& v) { return nanmean(v, 1); }, std::vector<float>{2, 4.25, 2});
    both_give(
        x, [](const auto& v) { return v.nansum(0); }, std::vector<float>{8, 3, 12, 6});
    both_give(
        lazy::tensor({1, 2}), [](const auto& v) { return v.nansum(); }, 3);
    CHECK(std::isnan(nanmean(lazy::tensor({n})).item()));
    CHECK(nansum(lazy::tensor({n})).item() == 0);
    CHECK_THROWS_AS(nanmean(lazy::tensor({1})), lazy::dtype_error);
    const auto ends = x[1].aminmax();
    CHECK(ends.min.item() == 4);
    CHECK(ends.max.item() == 5);
    CHECK(aminmax(Tensor(x), 0, true).min.shape() == lazy::shape(1, 4));
    const auto [deviation, average] = std_mean(lazy::tensor({1.f, 2.f, 4.f}));
    CHECK(deviation.item() == Approx(1.5275252));
    CHECK(average.item() == Approx(2.3333333));

    const auto bins = lazy::tensor({1, 1, 4});
    both_give(
        bins, [](const auto& v) { return bincount(v); }, ints{0, 2, 0, 0, 1});
    both_give(
        bins, [](const auto& v) { return bincount(v, 7); }, ints{0, 2, 0, 0, 1, 0, 0});
    both_give(
        bins, lazy::tensor({0.5f, 1.f, 2.f}),
        [](const auto& v, const auto& w) { return bincount(v, w); },
        std::vector<float>{0, 1.5, 0, 0, 2});
    CHECK(bincount(bins, lazy::tensor({1, 2, 3})).dtype() == lazy::float64);
    CHECK(bincount(lazy::zeros({0}, lazy::int64), 2).tolist() == ints{0, 0});
    CHECK_THROWS_AS(bincount(lazy::tensor({-1})), lazy::value_error);
    CHECK_THROWS_AS(bincount(lazy::tensor({1.f})), lazy::value_error);
    CHECK_THROWS_AS(bincount(bins, lazy::tensor({1.f})), lazy::shape_error);
}

TEST_CASE("extremes and totals so far, differences", "[elementwise]") {
    const float n = not_a_number;
    const auto check = [&](const auto& v) {
        const auto high = cummax(v, 0), low = v.cummin(0);
        CHECK(lazy::nan_to_num(high.values, 99).tolist() == std::vector<float>{3, 3, 3, 99, 99});
        CHECK(high.indices.tolist() == ints{0, 0, 0, 3, 3});
        CHECK(lazy::nan_to_num(low.values, 99).tolist() == std::vector<float>{3, 1, 1, 99, 99});
        CHECK(low.indices.tolist() == ints{0, 1, 1, 3, 3});
    };
    const auto x = lazy::tensor({3.f, 1.f, 2.f, n, 0.f});
    check(x);
    check(Tensor(x));
    CHECK(cummax(lazy::tensor({4, 4, 1, 4}), 0).indices.tolist() == ints{0, 1, 1, 3});
    CHECK(cummin(lazy::tensor({{1, 1}, {0, 2}}), 1).indices.tolist() == rows<int>{{0, 1}, {0, 0}});
    CHECK(cummin(lazy::tensor({{1, 1}, {0, 2}}), 0).indices.tolist() == rows<int>{{0, 0}, {1, 0}});
    CHECK(cummax(lazy::tensor({false, true}), 0).values.tolist() == std::vector<bool>{false, true});
    CHECK(cummax(lazy::tensor(5), 0).indices.item() == 0);
    CHECK(cummax(lazy::zeros({0, 2}), 0).indices.shape() == lazy::shape(0, 2));
    CHECK_THROWS_AS(cummax(lazy::zeros({2}, lazy::complex64), 0), lazy::dtype_error);

    const auto k = lazy::tensor({1, 4, 9, 16});
    both_give(
        k, [](const auto& v) { return cumulative_sum(v, 0, true); }, ints{0, 1, 5, 14, 30});
    both_give(
        k, [](const auto& v) { return lazy::cumulative_prod(v); }, ints{1, 4, 36, 576});
    both_give(
        k, [](const auto& v) { return v.diff(); }, ints{3, 5, 7});
    both_give(
        k, [](const auto& v) { return diff(v, 2); }, ints{2, 2});
    CHECK(diff(k, 5).shape() == lazy::shape(0));
    CHECK(diff(lazy::tensor({{1, 4}, {9, 16}}), 1, 0).tolist() == rows<int>{{8, 12}});
    both_give(
        lazy::tensor({true, false, false}), [](const auto& v) { return diff(v); },
        std::vector<bool>{true, false});
    CHECK_THROWS_AS(diff(lazy::tensor(1)), lazy::shape_error);
    CHECK_THROWS_AS(diff(k, -1), lazy::value_error);
}

TEST_CASE("sets: unique_all, isin; take_along_dim, argwhere", "[elementwise]") {
    const auto x = lazy::tensor({{3, 1, 3}, {2, 1, 3}});  // as numpy.unique
    const auto check = [](const auto& v) {
        const auto u = unique_all(v);
        CHECK(u.values.tolist() == ints{1, 2, 3});
        CHECK(u.indices.tolist() == ints{1, 3, 0});
        CHECK(u.inverse.tolist() == rows<int>{{2, 0, 2}, {1, 0, 2}});
        CHECK(u.counts.tolist() == ints{2, 1, 3});
    };
    check(x);
    check(Tensor(x));
    CHECK(unique_all(lazy::zeros({0})).indices.shape() == lazy::shape(0));

    const auto some = lazy::tensor({{2.f, not_a_number}, {3.f, 9.f}});
    both_give(
        x, some, [](const auto& v, const auto& s) { return isin(v, s); },
        rows<bool>{{true, false, true}, {true, false, true}});
    both_give(
        x, some, [](const auto& v, const auto& s) { return isin(v, s, true); },
        rows<bool>{{false, true, false}, {false, true, false}});
    CHECK(isin(some, some).tolist() == rows<bool>{{true, false}, {true, true}});
    both_give(
        some, lazy::zeros({0}), [](const auto& v, const auto& s) { return isin(v, s); },
        rows<bool>{{false, false}, {false, false}});

    const auto table = lazy::tensor({{10, 30, 20}, {60, 40, 50}});
    both_give(
        table, lazy::tensor({{0}, {2}}),
        [](const auto& v, const auto& i) { return v.take_along_dim(i, 1); }, rows<int>{{10}, {50}});
    both_give(
        table, lazy::tensor({{1, 0}}),
        [](const auto& v, const auto& i) { return take_along_dim(v, i, 1); },
        rows<int>{{30, 10}, {40, 60}});
    both_give(
        table, lazy::tensor({5, 0}),
        [](const auto& v, const auto& i) { return take_along_dim(v, i); }, ints{50, 10});
    CHECK_THROWS_AS(take_along_dim(table, lazy::tensor({0}), 1), lazy::shape_error);
    CHECK(lazy::tensor({0, 5, 7}).argwhere().tolist() == rows<int>{{1}, {2}});
}

TEST_CASE("cross, vecdot, kron, tensordot", "[elementwise]") {
    const auto a = lazy::tensor<float>({{1, 2, 3}, {0, 1, 0}});
    both_give(
        a, lazy::tensor<float>({{4, 5, 6}, {1, 0, 0}}),
        [](const auto& x, const auto& y) { return x.cross(y); },
        rows<float>{{-3, 6, -3}, {0, 0, -1}});
    CHECK(cross(lazy::tensor({1, 2, 3}), lazy::tensor({{4, 5, 6}, {7, 8, 10}})).tolist() ==
          rows<int>{{-3, 6, -3}, {-4, 11, -6}});
    CHECK(cross(a.t(), a.t(), 0).shape() == lazy::shape(3, 2));
    CHECK_THROWS_AS(cross(a, a, 0), lazy::shape_error);

    using C = std::complex<float>;
    both_give(
        lazy::tensor<C>({{C(1, 2), C(2)}, {C(0, 3), C(1)}}),
        lazy::tensor<C>({{C(0, 1), C(2)}, {C(1), C(1, -1)}}),
        [](const auto& x, const auto& y) { return vecdot(x, y); }, std::vector<C>{{6, 1}, {1, -4}});
    const auto bytes = lazy::tensor({1, 2, 3}).to(lazy::int8);
    CHECK(vecdot(bytes, bytes).dtype() == lazy::int8);
    CHECK(vecdot(Tensor(bytes), Tensor(bytes)).item() == 14);
    CHECK_THROWS_AS(vecdot(a, lazy::tensor({1.f})), lazy::shape_error);

    both_give(
        lazy::arange(1, 7).reshape({2, 3}), lazy::tensor({10, 1}),
        [](const auto& x, const auto& y) { return kron(x, y); },
        rows<int>{{10, 1, 20, 2, 30, 3}, {40, 4, 50, 5, 60, 6}});
    CHECK(kron(lazy::tensor({1, 2}), lazy::tensor({{1, 2}, {3, 4}})).tolist() ==
          rows<int>{{1, 2, 2, 4}, {3, 4, 6, 8}});
    CHECK(kron(lazy::tensor(3), lazy::tensor(4)).item() == 12);

    const auto x = lazy::arange(24).reshape({2, 3, 4}), y = lazy::arange(24).reshape({4, 3, 2});
    both_give(
        x, y,
        [](const auto& p, const auto& q) {
            return tensordot(p, q, {1, 2}, {1, 0});
        },
        rows<int>{{880, 946}, {2464, 2674}});
    both_give(
        lazy::arange(6).reshape({2, 3}), lazy::arange(6).reshape({3, 2}),
        [](const auto& p, const auto& q) { return tensordot(p, q, 1); },
        rows<int>{{10, 13}, {28, 40}});
    CHECK(tensordot(x, y, 0).shape() == lazy::shape(2, 3, 4, 4, 3, 2));
    CHECK(tensordot(lazy::zeros({2, 0}), lazy::zeros({0, 3}), 1).shape() == lazy::shape(2, 3));
    CHECK_THROWS_AS(tensordot(x, y, {1}, {0}), lazy::shape_error);
    CHECK_THROWS_AS(tensordot(x, y, {1}, {0, 1}), lazy::shape_error);
    CHECK(lazy::tensor({1, 2}).outer(lazy::tensor({3, 4})).tolist() == rows<int>{{3, 4}, {6, 8}});
    CHECK(lazy::tensor({{1, 2}, {3, 4}}).trace().item() == 5);
    CHECK(lazy::tensor({{1, 2}, {3, 4}}).tril(-1).tolist() == rows<int>{{0, 0}, {3, 0}});
    CHECK(lazy::tensor({{1, 2}, {3, 4}}).triu(1).tolist() == rows<int>{{0, 2}, {0, 0}});
}

// Reductions over every choice of dimensions and every layout, against plain loops in long double.
// SPDX-License-Identifier: BSD-3-Clause

#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "catch.hpp"

#include <lazytensor.hpp>
#include <lazytensor/control.hpp>

using namespace lazy;

namespace {

using precise = long double;
using list = std::vector<precise>;

/// One of all elements that fall into one result.
struct grouped {
    lazy::shape sizes;
    std::vector<list> groups;
};

/// Element i of the flattened x in a group per result of reducing the dimensions `d` (all if
/// empty).
grouped group(const list& flat, const lazy::shape& s, const lazy::dims& d, bool keepdim) {
    std::vector<bool> reduced(s.size(), d.empty());
    for (std::int64_t i : d)
        reduced[static_cast<std::size_t>(i < 0 ? i + std::int64_t(s.size()) : i)] = true;
    grouped g;
    std::int64_t count = 1;
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (!reduced[i])
            count *= s[i], g.sizes.push_back(s[i]);
        else if (keepdim)
            g.sizes.push_back(1);
    }
    g.groups.resize(static_cast<std::size_t>(count));
    for (std::int64_t e = 0; e < std::int64_t(flat.size()); ++e) {
        std::int64_t rest = e, at = 0, step = 1;
        for (std::size_t i = s.size(); i-- > 0;) {
            if (!reduced[i]) at += rest % s[i] * step, step *= s[i];
            rest /= s[i];
        }
        g.groups[static_cast<std::size_t>(at)].push_back(flat[static_cast<std::size_t>(e)]);
    }
    return g;
}

list numbers(const Tensor& x) {
    list out;
    const auto values = x.tolist();
    for (const scalar& v : values.flat()) out.push_back(precise(v.to<double>()));
    return out;
}

/// NaN equals NaN; otherwise within `tolerance` times the size of the answer or of what was added.
bool near(precise got, precise want, precise tolerance, precise size) {
    if (std::isnan(want) || std::isinf(want))
        return std::isnan(want) ? std::isnan(got) : got == want;
    return std::abs(got - want) <= tolerance * std::max(std::abs(want), size);
}

using reducer = std::function<Tensor(const Tensor&, const dims&, bool)>;
using oracle = std::function<precise(const list&)>;

void check(const char* name, const Tensor& x, const reducer& reduce, const oracle& answer,
           precise tolerance) {
    const list flat = numbers(x);
    const auto n = static_cast<std::int64_t>(x.shape().size());
    std::vector<dims> choices{{}};
    for (std::int64_t i = 0; i < n; ++i) {
        choices.push_back({i});
        choices.push_back({i - n});
        for (std::int64_t k = 0; k < i; ++k) choices.push_back({i, k - n});
    }
    if (n == 3) choices.push_back({2, 0, 1});
    for (const dims& d : choices)
        for (bool keepdim : {false, true}) {
            INFO(name << " of " << x.dtype() << " " << x.shape() << ", dims " << d
                      << (keepdim ? ", keepdim" : ""));
            const grouped g = group(flat, x.shape(), d, keepdim);
            const Tensor result = reduce(x, d, keepdim);
            REQUIRE(result.shape() == g.sizes);
            const list got = numbers(result);
            std::size_t wrong = 0;
            for (std::size_t i = 0; i < got.size(); ++i) {
                precise size = 0;
                for (precise v : g.groups[i]) size += std::isfinite(v) ? std::abs(v) : 0;
                wrong += !near(got[i], answer(g.groups[i]), tolerance, size);
            }
            CHECK(wrong == 0);
        }
}

precise sum_of(const list& v) {
    precise s = 0;
    for (precise x : v) s += x;
    return s;
}
precise largest(const list& v) {
    precise top = -std::numeric_limits<precise>::infinity();
    for (precise x : v) top = std::isnan(top) ? top : std::isnan(x) || x > top ? x : top;
    return top;
}
precise variance(const list& v, precise correction) {
    const precise n = precise(v.size()), mean = sum_of(v) / n;
    precise s = 0;
    for (precise x : v) s += (x - mean) * (x - mean);
    return s / std::max(precise(0), n - correction);
}

#define REDUCER(op) \
    [](const Tensor& x, const dims& d, bool keepdim) -> Tensor { return lazy::op(x, d, keepdim); }

/// The same elements in every layout.
std::vector<Tensor> layouts(const Tensor& dense) {
    const Tensor wide = cat(std::vector<Tensor>{dense, dense}, 2);
    const Tensor turned = dense.T().clone();
    return {dense,
            turned.T(),
            dense.permute(2, 0, 1),
            wide(all, range(none, none, -1), range(1, none, 2)),
            dense(all, all, range(0, 1)).expand(dense.shape()),
            dense * 1,
            dense[0],
            dense(0, 0),
            dense(0, 0, 0),
            dense(range(0, 0))};
}

Tensor values(dtype d, std::int64_t a, std::int64_t b, std::int64_t c) {
    std::mt19937 random(5);
    std::vector<double> v;
    for (std::int64_t i = 0; i < a * b * c; ++i)
        v.push_back(d.kind() == dtype_kind::floating
                        ? std::normal_distribution<double>(0.5, 2)(random)
                        : double(random() % 120));
    return tensor(v, float64).reshape({a, b, c}).to(d);
}

constexpr dtype_id reals[] = {dtype_id::bool_,    dtype_id::uint8,   dtype_id::int16,
                              dtype_id::int64,    dtype_id::uint32,  dtype_id::float16,
                              dtype_id::bfloat16, dtype_id::float32, dtype_id::float64};

precise tolerance(dtype d) {
    return d == dtype_id::float16    ? 2e-3L
           : d == dtype_id::bfloat16 ? 1e-2L
           : d == dtype_id::float64  ? 1e-14L
                                     : 1e-6L;
}

}  // namespace

TEST_CASE("sum, extremes, truth and counts over every choice of dimensions", "[core][reduction]") {
    for (dtype d : reals)
        for (const Tensor& x : layouts(values(d, 3, 5, 37))) {
            const bool some = x.numel() != 0;
            check("sum", x, REDUCER(sum), sum_of, tolerance(d));
            check(
                "count_nonzero", x, REDUCER(count_nonzero),
                [](const list& v) {
                    return precise(
                        std::count_if(v.begin(), v.end(), [](precise e) { return e != 0; }));
                },
                0);
            check(
                "any", x, REDUCER(any),
                [](const list& v) {
                    return precise(
                        std::any_of(v.begin(), v.end(), [](precise e) { return e != 0; }));
                },
                0);
            check(
                "all", x, REDUCER(all),
                [](const list& v) {
                    return precise(
                        std::all_of(v.begin(), v.end(), [](precise e) { return e != 0; }));
                },
                0);
            if (some) check("amax", x, REDUCER(amax), largest, 0);
            if (some)
                check(
                    "amin", x, REDUCER(amin),
                    [](list v) {
                        for (precise& e : v) e = -e;
                        return -largest(v);
                    },
                    0);
        }
}

TEST_CASE("mean, variance and norms over every choice of dimensions", "[core][reduction]") {
    for (dtype d : {dtype_id::float16, dtype_id::bfloat16, dtype_id::float32, dtype_id::float64})
        for (const Tensor& x : layouts(values(d, 3, 5, 37))) {
            if (x.numel() == 0) continue;
            const precise t = 4 * tolerance(d);
            check(
                "mean", x, REDUCER(mean),
                [](const list& v) { return sum_of(v) / precise(v.size()); }, t);
            check(
                "var", x,
                [](const Tensor& y, const dims& k, bool keep) -> Tensor {
                    return var(y, k, 1, keep);
                },
                [](const list& v) { return variance(v, 1); }, 4 * t);
            check(
                "std", x,
                [](const Tensor& y, const dims& k, bool keep) -> Tensor {
                    return lazy::std(y, k, 0, keep);
                },
                [](const list& v) { return std::sqrt(variance(v, 0)); }, 4 * t);
            check(
                "logsumexp", x, REDUCER(logsumexp),
                [](const list& v) {
                    precise s = 0;
                    for (precise e : v) s += std::exp(e);
                    return std::log(s);
                },
                4 * t);
            for (double p : {2., 1., 3., 0., double(INFINITY), -double(INFINITY)})
                check(
                    "norm", x,
                    [p](const Tensor& y, const dims& k, bool keep) -> Tensor {
                        return norm(y, p, k, keep);
                    },
                    [p](const list& v) {
                        precise s = 0, top = 0, low = INFINITY;
                        for (precise e : v)
                            s += p == 0 ? e != 0 : std::pow(std::abs(e), precise(p)),
                                top = std::max(top, std::abs(e)), low = std::min(low, std::abs(e));
                        return p == 0      ? s
                               : p > 1e300 ? top
                               : p < 0     ? low
                                           : std::pow(s, 1 / precise(p));
                    },
                    4 * t);
        }
}

TEST_CASE("products, positions, totals along a dimension", "[core][reduction]") {
    check(
        "prod", values(float64, 2, 3, 4), REDUCER(prod),
        [](const list& v) {
            precise p = 1;
            for (precise e : v) p *= e;
            return p;
        },
        1e-13L);
    const auto x = tensor({{3, 1, 3}, {2, 5, 5}});
    CHECK(argmax(x).item() == 4);
    CHECK(argmin(x).item() == 1);
    CHECK(argmax(x, 0).tolist() == std::vector<int>{0, 1, 1});
    CHECK(argmax(x, -1, true).tolist() == std::vector<std::vector<int>>{{0}, {1}});
    CHECK(argmin(x.t(), 0).tolist() == std::vector<int>{1, 0});
    CHECK(argmax(x(all, range(none, none, -1)), 1).tolist() == std::vector<int>{0, 0});
    CHECK(cumsum(x, 0).tolist() == std::vector<std::vector<int>>{{3, 1, 3}, {5, 6, 8}});
    CHECK(cumsum(x.t(), 0).tolist() == std::vector<std::vector<int>>{{3, 2}, {4, 7}, {7, 12}});
    CHECK(cumprod(x, -1).tolist() == std::vector<std::vector<int>>{{3, 3, 9}, {2, 10, 50}});
    CHECK(cumsum(tensor({true, true}), 0).tolist() == std::vector<int>{1, 2});
    CHECK(cumsum(tensor(3), 0).item() == 3);
    CHECK(cumsum(zeros({0}), 0).shape() == shape(0));
    CHECK(median(tensor({3, 1, 4, 2})).item() == 2);
    CHECK(median(tensor({{5.f, 1.f, 3.f}})).item() == 3);
    CHECK(argmax(tensor({1.f, NAN, 3.f, NAN})).item() == 1);
    CHECK(argmin(tensor({1.f, NAN, 3.f})).item() == 1);
    CHECK(max(x).item() == 5);
    CHECK(min(x).item() == 1);
    // One value of many equal ones: the first, however long the tensor.
    auto many = zeros({100003});
    many[70001] = 1;
    many[90002] = 1;
    CHECK(argmax(many).item() == 70001);
    CHECK(argmin(many).item() == 0);
}

TEST_CASE("softmax and log_softmax", "[core][reduction]") {
    for (dtype d : {dtype_id::float32, dtype_id::float64})
        for (const Tensor& x : layouts(values(d, 3, 5, 37) * 20))
            for (std::int64_t dim = 0; dim < x.ndim() && x.numel() != 0; ++dim) {
                const list flat = numbers(x), s = numbers(softmax(x, dim)),
                           l = numbers(log_softmax(x, dim));
                const list top = numbers(amax(x, {dim}, true).expand(x.shape()));
                list e;
                for (std::size_t i = 0; i < flat.size(); ++i)
                    e.push_back(std::exp(flat[i] - top[i]));
                std::vector<double> narrow(e.begin(), e.end());
                const Tensor total =
                    tensor(narrow, float64).reshape(x.shape()).sum({dim}, true).expand(x.shape());
                const list sums = numbers(total);
                std::size_t wrong = 0;
                for (std::size_t i = 0; i < flat.size(); ++i) {
                    wrong +=
                        !near(s[i], e[i] / sums[i], 8 * tolerance(d), 0) && e[i] / sums[i] > 1e-30L;
                    wrong += !near(l[i], flat[i] - top[i] - std::log(sums[i]), 8 * tolerance(d), 1);
                }
                INFO(x.dtype() << x.shape() << " dim " << dim);
                CHECK(wrong == 0);
            }
    CHECK(softmax(tensor({1000.f, 1000.f}), 0).tolist() == std::vector<float>{0.5, 0.5});
    CHECK(log_softmax(tensor({0.f, -INFINITY}), -1).tolist() == std::vector<float>{0, -INFINITY});
    CHECK(softmax(zeros({0}), 0).shape() == shape(0));
    CHECK(std::isnan(softmax(tensor({-INFINITY, -INFINITY}), 0)[0].item()));
}

TEST_CASE("extremes: infinities, NaN, overflow, signed zero", "[core][reduction]") {
    const float inf = INFINITY, nan = NAN;
    CHECK(std::isnan(sum(tensor({inf, -inf})).item()));
    CHECK(std::isnan(amax(tensor({1.f, nan, 2.f})).item()));
    CHECK(std::isnan(amin(tensor({nan, 2.f})).item()));
    CHECK(amax(tensor({-inf, -inf})).item() == -inf);
    CHECK(amax(tensor({INT64_MIN, INT64_MIN + 1})).item() == INT64_MIN + 1);
    CHECK(sum(tensor({INT64_MAX, std::int64_t{1}})).item() == INT64_MIN);
    CHECK(sum(full({300}, 255, uint8)).item() == 76500);
    CHECK(sum(full({70000}, 1, float16)).to(float32).item() == inf);
    CHECK(float(sum(full({4096}, 1, float16)).item()) == 4096);
    CHECK(float(mean(full({4000}, 60000, float16)).item()) == 60000);
    CHECK(float(var(tensor({300, -300}, float16), {}, 0).item()) == INFINITY);
    CHECK(float(lazy::std(tensor({300, -300}, float16), {}, 0).item()) == 300);
    CHECK(float(norm(full({256}, 4000, bfloat16)).item()) == 64000);
    CHECK(Tensor(full({4000}, 60000, float16)).mean().item() == scalar(60000));
    CHECK(logsumexp(tensor({1000.f, 1000.f})).item() == Approx(1000.693147));
    CHECK(logsumexp(tensor({-inf, -inf})).item() == -inf);
    CHECK(logsumexp(tensor({inf, 1.f})).item() == inf);
    CHECK(norm(tensor({3e30f, 4e30f})).item() == Approx(5e30f));
    CHECK(norm(tensor({3e-30f, 4e-30f})).item() == Approx(5e-30f));
    CHECK(norm(tensor({inf, 1.f})).item() == inf);
    CHECK(std::isnan(norm(tensor({nan, inf})).item()));
    CHECK(any(tensor({nan})).item());
    CHECK(var(tensor({1e8, 1e8 + 2}, float64)).item() == 2);
    CHECK(std::isnan(var(tensor({1.f})).item()));
    CHECK(var(tensor({1.f, 2.f, 4.f}), {}, 5).item() == inf);
    CHECK(sum(tensor({-0.f, -0.f})).item() == 0);
    using c = std::complex<float>;
    CHECK(sum(tensor(std::vector<c>{{1, 2}, {3, -5}})).item() == c(4, -3));
    CHECK(prod(tensor(std::vector<c>{{0, 1}, {0, 1}})).item() == c(-1, 0));
    CHECK(mean(tensor(std::vector<c>{{1, 2}, {3, -4}})).item() == c(2, -1));
    CHECK(norm(tensor(std::vector<c>{{3, 4}})).item() == Approx(5));
}

TEST_CASE("of nothing, and what is refused", "[core][reduction]") {
    const auto none_at_all = zeros({0});
    CHECK(sum(none_at_all).item() == 0);
    CHECK(prod(none_at_all).item() == 1);
    CHECK(all(none_at_all).item());
    CHECK_FALSE(any(none_at_all).item());
    CHECK(std::isnan(mean(none_at_all).item()));
    CHECK(std::isnan(median(none_at_all).item()));
    CHECK(norm(none_at_all).item() == 0);
    CHECK(logsumexp(none_at_all, 0).item() == -INFINITY);
    CHECK(sum(zeros({2, 0}), 1).tolist() == std::vector<float>{0, 0});
    CHECK(sum(zeros({2, 0}), 0).shape() == shape(0));
    CHECK(amax(zeros({0, 2}), 1).shape() == shape(0));
    CHECK(sum(tensor(3.f), 0).item() == 3);
    CHECK(sum(tensor(3.f), -1).item() == 3);
    CHECK_THROWS_AS(amax(none_at_all), error);
    CHECK_THROWS_AS(amin(zeros({2, 0}), 1), index_error);
    CHECK_THROWS_AS(argmax(none_at_all), error);
    CHECK_THROWS_AS(sum(zeros({2, 2}), {0, 0}), shape_error);
    CHECK_THROWS_AS(sum(zeros({2, 2}), {0, -2}), shape_error);
    CHECK_THROWS_AS(sum(zeros({2, 2}), 2), index_error);
    CHECK_THROWS_AS(sum(tensor(3.f), 1), index_error);
    CHECK_THROWS_AS(cumsum(zeros({2}), 1), index_error);
    CHECK_THROWS_AS(softmax(zeros({2}), 1), index_error);
}

TEST_CASE("a sum of ten million floats is accurate and the same for every number of threads",
          "[reduction]") {
    constexpr std::int64_t n = 10000000;
    const auto x = (arange(n) % 1000).to(float32) * 0.001f + 0.1f;
    tensor<float> kept(x);
    eval(kept);
    precise exact = 0;
    const auto flat = kept.numpy();
    for (std::int64_t i = 0; i < n; ++i) exact += flat.data_as<float>()[i];
    std::vector<float> sums, means, variances, tops;
    for (int threads : {1, 2, 3}) {
        set_num_threads(threads);
        sums.push_back(sum(kept).item());
        means.push_back(mean(sin(kept)).item());
        variances.push_back(var(kept).item());
        tops.push_back(sum(kept.reshape({1000, 10000}), 0)[77].item());
    }
    set_num_threads(0);
    CHECK(std::abs(sums[0] - exact) / exact <= 2e-7L);
    for (const auto& v : {sums, means, variances, tops}) CHECK((v[0] == v[1] && v[1] == v[2]));
    CHECK(sum(ones({n})).item() == n);
    // Equal addends are the worst case: every rounding goes the same way (PyTorch is off by 4.4e-7
    // here).
    CHECK(std::abs(mean(full({n}, 0.1f)).item() - 0.1f) <= 1e-7f);
}

TEST_CASE("variances of many elements take one trip, wherever the mean lies", "[core]") {
    std::mt19937 random(7);
    for (const double offset : {0.0, 1e4, -3e6}) {
        std::normal_distribution<double> normal(offset, 2);
        for (const std::int64_t n : {512, 513, 4095, 4096, 4160, 9001, 100001}) {
            std::vector<double> values(static_cast<std::size_t>(n));
            for (double& v : values) v = static_cast<float>(normal(random));
            precise mean = 0, squares = 0;
            for (double v : values) mean += v;
            mean /= static_cast<precise>(n);
            for (double v : values) squares += (v - mean) * (v - mean);
            const auto want = static_cast<double>(squares / static_cast<precise>(n - 1));
            const auto wide = tensor(values);
            const lazy::tensor<float> x = to(wide, float32);
            INFO(n << " around " << offset);
            // The mean of floats is known to half a unit of its last place.
            const double unknown = std::abs(offset) * 6e-8;
            CHECK(std::abs(var(x).item() - want) <= 2e-6 * want + unknown * unknown);
            CHECK(std::abs(var(wide).item() - want) <= 1e-13 * (want + offset * offset * 1e-3));
            // The same bits alone, behind an operation, as columns of one, and by two threads.
            const float alone = var(x).item();
            CHECK(var(x * 1.0f).item() == alone);
            const auto [together, its_mean] = var_mean(x);
            eval(together, its_mean);
            CHECK(together.item() == alone);
            const int threads = get_num_threads();
            set_num_threads(2);
            CHECK(var(x + 0.0f).item() == alone);
            set_num_threads(threads);
            // Columns and rows of a matrix.
            const lazy::tensor<float> columns = stack({x, x * 2.0f, x * 0.0f}, 1);
            const auto by_column = var(columns, {0}).tolist(),
                       by_row = var(columns.T(), {1}).tolist();
            for (std::size_t k = 0; k < 3; ++k) {
                const double scale = k == 2 ? 0 : k == 1 ? 4 : 1;
                CHECK(std::abs(double(by_column[k]) - scale * want) <=
                      scale * (4e-6 * want + 4 * unknown * unknown));
                CHECK(std::abs(double(by_row[k]) - scale * want) <=
                      scale * (4e-6 * want + 4 * unknown * unknown));
            }
        }
    }
    const lazy::tensor<float> x = rand(100000);
    eval(x);
    const auto before = stats();
    const auto [v, m] = var_mean(x);
    eval(v, m);
    CHECK((stats() - before).bytes_read < 100000 * 4 + 100);
}

TEMPLATE_TEST_CASE("positions of extremes: the first of equal ones, the first NaN",
                   "[core][reduction]", float, double, float16_t, std::int8_t, std::uint8_t,
                   std::int64_t, bool) {
    // Truth values as bytes: a vector of bool has no elements.
    using T = std::conditional_t<std::is_same_v<TestType, bool>, std::uint8_t, TestType>;
    std::mt19937 random(7);
    for (int length : {1, 5, 63, 64, 65, 130, 700, 5000, 300000}) {
        const int rows = length > 5000 ? 1 : 9;
        std::vector<T> v(static_cast<std::size_t>(rows * length));
        for (T& e : v) {
            e = static_cast<T>(static_cast<float>(
                std::is_same_v<TestType, bool> ? random() % 50 == 0 : random() % 90));
        }
        if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>) {
            v[static_cast<std::size_t>(length / 2)] = v[static_cast<std::size_t>(length - 1)] = NAN;
        }
        const auto x = tensor(v, dtype_constant<T>{})
                           .to(dtype_constant<TestType>{})
                           .reshape({rows, length})
                           .clone();
        const auto most = argmax(x, 1), least = argmin(x, 1);
        const auto across = argmax(x.t().clone(), 0);
        for (int r = 0; r < rows; ++r) {
            const T* row = v.data() + r * length;
            const auto first = [&](auto beats) {
                int best = 0;
                for (int i = 1; i < length; ++i) {
                    const bool nan = row[i] != row[i], seen = row[best] != row[best];
                    best = (!seen && nan) || (!seen && beats(row[i], row[best])) ? i : best;
                }
                return best;
            };
            INFO(length << " elements, row " << r);
            CHECK(most(r).item() == first([](T a, T b) { return a > b; }));
            CHECK(across(r).item() == first([](T a, T b) { return a > b; }));
            CHECK(least(r).item() == first([](T a, T b) { return a < b; }));
        }
    }
}

TEST_CASE("a variance does not depend on where an outlier stands", "[core][reduction]") {
    // A lane adds up to 128 squares, each sum rounded.
    constexpr double bound = 128 * 0x1p-24;
    for (int place : {0, 1, 5, 63, 64, 4095, 4096, 8191}) {
        INFO("at " << place);
        std::vector<float> v(8192);
        v[static_cast<std::size_t>(place)] = 5e18F;
        CHECK(var(tensor(v)).item() == Approx(25e36 / 8192).epsilon(bound));
        for (std::size_t i = 0; i < v.size(); ++i) {
            v[i] = static_cast<float>(static_cast<int>(i * 5 % 7) - 3);
        }
        v[static_cast<std::size_t>(place)] = 1e9F;
        precise mean = 0, squares = 0;
        for (float e : v) mean += e / precise(v.size());
        for (float e : v) squares += (e - mean) * (e - mean);
        const auto want = static_cast<double>(squares / precise(v.size() - 1));
        CHECK(var(tensor(v)).item() == Approx(want).epsilon(bound));
        CHECK(var(tensor(v).unsqueeze(1).expand({8192, 3}).clone(), {0})[1].item() ==
              Approx(want).epsilon(bound));
    }
    // Steps at the start of a block.
    for (int length : {1, 4, 16, 64, 100}) {
        INFO("a step of " << length);
        std::vector<float> v(4096, 1e6F);
        std::fill_n(v.begin(), length, 0.F);
        const double p = length / 4096.;
        CHECK(var(tensor(v), {}, 0).item() == Approx(1e12 * p * (1 - p)).epsilon(bound));
        CHECK(var(tensor(v).unsqueeze(1).expand({4096, 3}).clone(), {0}, 0)[1].item() ==
              Approx(1e12 * p * (1 - p)).epsilon(bound));
    }
    CHECK(norm(tensor({INFINITY, 1.f}), -2).item() == 1);
    CHECK(norm(tensor({3.4e38f, 0.f}), 3).item() == Approx(3.4e38));
}

// Groups of 64 are added in lanes narrower than int64, which must not overflow.
TEMPLATE_TEST_CASE("sums of bool and narrow integers are exact", "[reductions]", bool, std::uint8_t,
                   std::int8_t, std::int16_t, std::int32_t) {
    using T = TestType;
    constexpr auto least = std::int64_t{std::numeric_limits<T>::min()};
    constexpr auto most = std::int64_t{std::numeric_limits<T>::max()};
    for (const std::int64_t n : {0, 1, 63, 64, 65, 4096, 8193, 100000}) {
        CAPTURE(n);
        for (const std::int64_t value : {least, most}) {
            const tensor<T> x = full({n}, static_cast<T>(value), dtype_constant<T>{}).eval();
            CHECK(sum(x).item() == n * value);
            CHECK(std::int64_t(sum(Tensor(x)).item()) == n * value);
            CHECK(sum(x(range(1, none))).item() == std::max<std::int64_t>(n - 1, 0) * value);
        }
        const auto place = arange(n);
        const tensor<T> mixed = to(place % 3 * 7919, dtype_constant<T>{}).eval();
        std::int64_t expected = 0;
        for (std::int64_t i = 0; i < n; ++i) {
            expected += static_cast<std::int64_t>(static_cast<T>(i % 3 * 7919));
        }
        CHECK(sum(mixed).item() == expected);
        CHECK(sum(to(Tensor(place) % 3 * 7919, dtype_of<T>)).item() == scalar(expected));
        CHECK(sum(place % 3 == 1).item() == (n + 1) / 3);
        CHECK(sum(Tensor(place) % 3 == 1).item() == scalar((n + 1) / 3));
    }
    const tensor<T> rows = full({7, 1000}, static_cast<T>(most), dtype_constant<T>{}).eval();
    CHECK(all(sum(rows, 1) == 1000 * most).item());
    CHECK(all(sum(rows, 0) == 7 * most).item());
    CHECK(all(sum(rows.T(), 0) == 1000 * most).item());
}

// Scans, sorts and searches of the CPU against loops written in the most obvious way.
// SPDX-License-Identifier: BSD-3-Clause
#include "../backends/cpu/algorithms/scan.hpp"
#include "../backends/cpu/algorithms/searchsorted.hpp"
#include "../backends/cpu/algorithms/topk.hpp"
#include "../backends/cpu/algorithms/unique.hpp"
#include "dense_array.hpp"

using namespace dense;

namespace {

/// NumPy's order of two numbers, NaN last.
bool less(dtype type, const scalar& x, const scalar& y) {
    if (x.kind() < dtype_kind::floating) {
        return type == uint64 ? x.to<std::uint64_t>() < y.to<std::uint64_t>()
                              : x.to<i64>() < y.to<i64>();
    }
    const auto a = x.to<std::complex<double>>();
    const auto b = y.to<std::complex<double>>();
    const int a_class = 2 * std::isnan(a.real()) + std::isnan(a.imag());
    const int b_class = 2 * std::isnan(b.real()) + std::isnan(b.imag());
    if (a_class != b_class) {
        return a_class < b_class;
    }
    if (a_class < 2 && a.real() != b.real()) {
        return a.real() < b.real();
    }
    return a_class % 2 == 0 && a.imag() < b.imag();
}

const std::vector<shape> shapes{shape{},     shape{0},       shape{1},       shape{7},
                                shape{3, 5}, shape{2, 0, 3}, shape{4, 3, 2}, shape{1, 1},
                                shape{70},   shape{3, 150},  shape{130, 3},  shape{2, 5, 300}};

/// Calls f(dim, outer, length, inner) for every dimension of `s`; a 0-d tensor has one of size 1.
template <class F>
void each_dim(const shape& s, F&& f) {
    if (s.empty()) {
        f(i64{0}, i64{1}, i64{1}, i64{1});
    }
    for (std::size_t d = 0; d < s.size(); ++d) {
        i64 outer = 1;
        i64 inner = 1;
        for (std::size_t e = 0; e < s.size(); ++e) {
            outer *= e < d ? s[e] : 1;
            inner *= e > d ? s[e] : 1;
        }
        f(static_cast<i64>(d), outer, s[d], inner);
    }
}

bool same_number(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

TEST_CASE("cumsum and cumprod are the sums and products so far", "[algorithms]") {
    for (const dtype type : {dtype(int64), dtype(uint64), dtype(float32), dtype(float64),
                             dtype(complex64), dtype(complex128)}) {
        for (const shape& s : shapes) {
            // Products of -1, 0 and 1 stay exact.
            const array terms = whole_numbers(type, s, 1, 9);
            const array factors = whole_numbers(type, s, 2, 1);
            each_dim(s, [&](i64 dim, i64 outer, i64 length, i64 inner) {
                array sums(type, s);
                array products(type, s);
                run(cpu::cumsum_kernel<>, sums, {&terms}, cpu::scan_params{dim});
                run(cpu::cumprod_kernel<>, products, {&factors}, cpu::scan_params{dim});
                bool right = true;
                for (i64 o = 0; o < outer; ++o) {
                    for (i64 i = 0; i < inner; ++i) {
                        std::complex<double> sum = 0;
                        std::complex<double> product = 1;
                        for (i64 j = 0; j < std::min<i64>(length, 60); ++j) {
                            const i64 at = (o * length + j) * inner + i;
                            sum += type.is_complex() ? terms.number(at) : terms.integer(at);
                            product *= type.is_complex() ? factors.number(at) : factors.integer(at);
                            right = right &&
                                    (type.is_complex()
                                         ? sums.number(at) == sum && products.number(at) == product
                                         : sums.integer(at) == static_cast<i64>(sum.real()) &&
                                               products.integer(at) ==
                                                   static_cast<i64>(product.real()));
                        }
                    }
                }
                CHECK(right);
            });
        }
    }
}

TEST_CASE("cumsum wraps, starts from +0 and keeps the precision of long rows", "[algorithms]") {
    array big(int64, shape{3});
    big.set(0, std::numeric_limits<i64>::max());
    big.set(1, i64{1});
    big.set(2, i64{1});
    array out(int64, shape{3});
    run(cpu::cumsum_kernel<>, out, {&big}, cpu::scan_params{-1});
    CHECK(out.integer(1) == std::numeric_limits<i64>::min());

    const array zeros(float32, shape{2}, {-0.0, -0.0});
    array sums(float32, shape{2});
    run(cpu::cumsum_kernel<float>, sums, {&zeros}, cpu::scan_params{0});
    CHECK_FALSE(std::signbit(sums.real(0)));

    const i64 n = 1000000;
    array tenths(float32, shape{n});
    for (i64 i = 0; i < n; ++i) {
        tenths.set(i, 0.1);
    }
    array total(float32, shape{n});
    run(cpu::cumsum_kernel<>, total, {&tenths}, cpu::scan_params{0});
    CHECK(static_cast<float>(total.real(n - 1)) ==
          static_cast<float>(1e6 * static_cast<double>(0.1f)));

    const array bools(bool_, shape{2});
    array none(bool_, shape{2});
    CHECK_THROWS_AS(run(cpu::cumsum_kernel<>, none, {&bools}, cpu::scan_params{0}), dtype_error);
    CHECK_THROWS_AS(run(cpu::cumsum_kernel<>, out, {&big}, cpu::scan_params{1}), index_error);
    CHECK_THROWS_AS(run(cpu::cumsum_kernel<float>, out, {&big}, cpu::scan_params{0}), dtype_error);
}

TEST_CASE("cummax and cummin keep the extreme so far, NaN for good", "[algorithms]") {
    for (const dtype type : all_dtypes) {
        if (type.is_complex()) {
            array a(type, shape{1});
            CHECK_THROWS_AS(run(cpu::cummax_kernel<>, a, {&a}, cpu::scan_params{0}), dtype_error);
            continue;
        }
        for (const shape& s : shapes) {
            const array in = special_numbers(type, s, 3);
            each_dim(s, [&](i64 dim, i64 outer, i64 length, i64 inner) {
                array largest(type, s);
                array smallest(type, s);
                run(cpu::cummax_kernel<>, largest, {&in}, cpu::scan_params{dim});
                run(cpu::cummin_kernel<>, smallest, {&in}, cpu::scan_params{dim});
                array at_largest(int64, s);
                array at_smallest(int64, s);
                run(cpu::cummax_places_kernel<>, at_largest, {&in}, cpu::scan_params{dim});
                run(cpu::cummin_places_kernel<>, at_smallest, {&in}, cpu::scan_params{dim});
                bool right = true;
                for (i64 row = 0; row < outer * inner; ++row) {
                    const i64 start = row / inner * length * inner + row % inner;
                    for (i64 j = 0; j < std::min<i64>(length, 100); ++j) {
                        double high = in.real(start);
                        double low = high;
                        i64 high_at = 0;
                        i64 low_at = 0;
                        for (i64 k = 0; k <= j; ++k) {
                            const double x = in.real(start + k * inner);
                            const scalar here = in.get(start + k * inner);
                            const bool number = !std::isnan(x) && !std::isnan(high);
                            if (std::isnan(x) ||
                                (number && !less(type, here, in.get(start + high_at * inner)))) {
                                high_at = k;
                            }
                            if (std::isnan(x) ||
                                (number && !less(type, in.get(start + low_at * inner), here))) {
                                low_at = k;
                            }
                            high = std::isnan(high) || std::isnan(x) ? high + x : std::max(high, x);
                            low = std::isnan(low) || std::isnan(x) ? low + x : std::min(low, x);
                        }
                        right = right && same_number(largest.real(start + j * inner), high) &&
                                same_number(smallest.real(start + j * inner), low) &&
                                at_largest.integer(start + j * inner) == high_at &&
                                at_smallest.integer(start + j * inner) == low_at;
                    }
                }
                CHECK(right);
            });
        }
    }
}

TEST_CASE("sort, argsort and topk agree with a stable sort of positions", "[algorithms]") {
    for (const dtype type : all_dtypes) {
        for (const shape& s : shapes) {
            const array in = special_numbers(type, s, 4);
            each_dim(s, [&](i64 dim, i64 outer, i64 length, i64 inner) {
                for (const bool descending : {false, true}) {
                    array values(type, s);
                    array positions(int64, s);
                    const cpu::sort_params p{dim, descending};
                    run(cpu::sort_kernel<>, values, {&in}, p);
                    run(cpu::argsort_kernel<>, positions, {&in}, p);
                    // Few are kept in a list, of many the last one is found digit by digit.
                    const i64 k = (length + 1) / (dim % 2 == 0 ? 2 : 30);
                    shape top = s;
                    if (!s.empty()) {
                        top[static_cast<std::size_t>(dim)] = k;
                    }
                    array top_positions(int64, top);
                    run(cpu::topk_kernel<>, top_positions, {&in},
                        cpu::topk_params{k, dim, descending});
                    bool right = true;
                    for (i64 row = 0; row < outer * inner; ++row) {
                        const i64 start = row / inner * length * inner + row % inner;
                        const i64 top_start = row / inner * k * inner + row % inner;
                        std::vector<i64> order;
                        for (i64 j = 0; j < length; ++j) {
                            order.push_back(j);
                        }
                        std::stable_sort(order.begin(), order.end(), [&](i64 x, i64 y) {
                            const scalar a = in.get(start + x * inner);
                            const scalar b = in.get(start + y * inner);
                            return descending ? less(type, b, a) : less(type, a, b);
                        });
                        for (i64 j = 0; j < length; ++j) {
                            const i64 at = start + j * inner;
                            const i64 from = start + order[static_cast<std::size_t>(j)] * inner;
                            right = right && same_bytes(values, at, in, from) &&
                                    positions.integer(at) == order[static_cast<std::size_t>(j)];
                            if (j < k) {
                                right = right && top_positions.integer(top_start + j * inner) ==
                                                     order[static_cast<std::size_t>(j)];
                            }
                        }
                    }
                    INFO(type.name() << to_string(s) << " dim " << dim);
                    CHECK(right);
                }
            });
        }
    }
    const array in(float32, shape{3}, {1, 2, 3});
    array out(float32, shape{4});
    CHECK_THROWS_AS(run(cpu::topk_kernel<>, out, {&in}, cpu::topk_params{4, 0, true}), index_error);
}

TEST_CASE("large rows sort alike on any number of threads", "[algorithms]") {
    for (const dtype type : {dtype(int64), dtype(float32), dtype(float16), dtype(complex64)}) {
        for (const shape& s : {shape{200000}, shape{40, 5000}}) {
            const array in = whole_numbers(type, s, 5, 1000000);
            const array values =
                run_threads(cpu::sort_kernel<>, array(type, s), {&in}, cpu::sort_params{-1, false});
            const array order = run_threads(cpu::argsort_kernel<>, array(int64, s), {&in},
                                            cpu::sort_params{-1, false});
            bool right = true;
            for (i64 i = 0; i < values.numel(); ++i) {
                const i64 start = i / s.back() * s.back();
                right = right && same_bytes(values, i, in, start + order.integer(i));
                right = right && (i == start || !less(type, values.get(i), values.get(i - 1)));
            }
            CHECK(right);
        }
    }
}

TEST_CASE("searchsorted counts the elements before a value", "[algorithms]") {
    for (const dtype type : all_dtypes) {
        for (const i64 n : {0, 1, 2, 17, 100}) {
            const array rows = special_numbers(type, shape{3, n}, 6);
            array sorted(type, shape{3, n});
            run(cpu::sort_kernel<>, sorted, {&rows}, cpu::sort_params{1, false});
            const array values = special_numbers(type, shape{3, 20}, 7);
            array first(type, shape{n});
            std::copy_n(sorted.data.begin(), first.data.size(), first.data.begin());
            for (const bool right : {false, true}) {
                array places(int64, shape{3, 20});
                array flat(int64, shape{3, 20});
                run(cpu::searchsorted_kernel<>, places, {&sorted, &values},
                    cpu::searchsorted_params{right});
                run(cpu::searchsorted_kernel<>, flat, {&first, &values},
                    cpu::searchsorted_params{right});
                bool good = true;
                for (i64 i = 0; i < 60; ++i) {
                    i64 before[2] = {0, 0};
                    for (i64 j = 0; j < n; ++j) {
                        for (const int one_row : {0, 1}) {
                            const scalar x = sorted.get((one_row != 0 ? 0 : i / 20) * n + j);
                            before[one_row] += less(type, x, values.get(i)) ||
                                               (right && !less(type, values.get(i), x));
                        }
                    }
                    good = good && places.integer(i) == before[0] && flat.integer(i) == before[1];
                }
                CHECK(good);
            }
        }
    }
    const array sorted(float32, shape{2, 2});
    const array values(float32, shape{3, 2});
    array out(int64, shape{3, 2});
    CHECK_THROWS_AS(
        run(cpu::searchsorted_kernel<>, out, {&sorted, &values}, cpu::searchsorted_params{false}),
        shape_error);
}

TEST_CASE("unique gives each value once, where it went and how often it occurs", "[algorithms]") {
    for (const dtype type : all_dtypes) {
        for (const shape& s : shapes) {
            const array in = special_numbers(type, s, 8);
            const cpu::unique_result u = cpu::unique_values(in.ref(), true, true);
            array values(type, shape{u.count});
            REQUIRE(u.values.size() == values.data.size());
            values.data = u.values;
            bool right = static_cast<i64>(u.inverse.size()) == in.numel() &&
                         static_cast<i64>(u.counts.size()) == u.count;
            std::vector<i64> counts(static_cast<std::size_t>(u.count));
            for (i64 i = 0; i < in.numel(); ++i) {
                const i64 v = u.inverse[static_cast<std::size_t>(i)];
                ++counts[static_cast<std::size_t>(v)];
                right = right && !less(type, values.get(v), in.get(i)) &&
                        !less(type, in.get(i), values.get(v));
            }
            for (i64 v = 1; v < u.count; ++v) {
                const auto x = values.number(v);
                const bool nan = type.kind() >= dtype_kind::floating && x != x;
                right = right && (nan ? !less(type, values.get(v), values.get(v - 1))
                                      : less(type, values.get(v - 1), values.get(v)));
            }
            for (i64 v = 0; v < u.count; ++v) {
                const auto x = values.number(v);
                right = right && (x == x || counts[static_cast<std::size_t>(v)] == 1);
            }
            CHECK(right);
            CHECK(counts == u.counts);
            const cpu::unique_result bare = cpu::unique_values(in.ref(), false, false);
            CHECK(bare.values == u.values);
            CHECK((bare.inverse.empty() && bare.counts.empty()));
        }
    }
}

// The CPU's whole-tensor algorithms against loops written in the most obvious way.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <limits>

#include "../backends/cpu/algorithms/mask.hpp"
#include "../backends/cpu/algorithms/matmul.hpp"
#include "../backends/cpu/algorithms/scan.hpp"
#include "../backends/cpu/algorithms/scatter.hpp"
#include "../backends/cpu/algorithms/searchsorted.hpp"
#include "../backends/cpu/algorithms/topk.hpp"
#include "../backends/cpu/algorithms/unique.hpp"
#include "../lazy/core/scalar.hpp"
#include "catch.hpp"

namespace {

using namespace lazy;
using i64 = std::int64_t;

const std::vector<dtype> all_dtypes{bool_,    uint8,   int8,    int16,     int32,
                                    int64,    uint16,  uint32,  uint64,    float16,
                                    bfloat16, float32, float64, complex64, complex128};

/// A dense tensor whose elements are read and written one at a time, whatever the dtype.
struct array {
    dtype type;
    shape sizes;
    std::vector<std::byte> data;

    array(dtype t, shape s)
        : type(t),
          sizes(std::move(s)),
          data(static_cast<std::size_t>(sizes.numel()) * t.itemsize()) {}
    array(dtype t, shape s, const std::vector<double>& values) : array(t, std::move(s)) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            set(static_cast<i64>(i), values[i]);
        }
    }
    i64 numel() const { return sizes.numel(); }
    std::byte* place(i64 i) const {
        return const_cast<std::byte*>(data.data()) + i * static_cast<i64>(type.itemsize());
    }
    scalar get(i64 i) const { return scalar::load(type, place(i)); }
    double real(i64 i) const { return get(i).to<double>(); }
    i64 integer(i64 i) const { return get(i).to<i64>(); }
    std::complex<double> number(i64 i) const { return get(i).to<std::complex<double>>(); }
    void set(i64 i, const scalar& value) { value.store(type, place(i)); }
    graph::array_ref ref() const { return {type, sizes.data(), sizes.size(), place(0)}; }
    std::vector<i64> integers() const {
        std::vector<i64> out;
        for (i64 i = 0; i < numel(); ++i) {
            out.push_back(integer(i));
        }
        return out;
    }
};

/// Runs a kernel on arrays.
template <class P>
void run(const graph::opaque_kernel& kernel, array& out, const std::vector<const array*>& in,
         const P& params) {
    std::vector<graph::array_ref> refs;
    for (const array* a : in) {
        refs.push_back(a->ref());
    }
    kernel.run(out.ref(), refs.data(), refs.size(), &params);
}
struct no_params {};

/// Restores the thread limit.
struct with_threads {
    explicit with_threads(int n) { cpu::thread_limit() = n; }
    ~with_threads() { cpu::thread_limit() = 0; }
};

/// Runs a kernel with 1 and with several threads: the bits must be the same.
template <class P>
array run_threads(const graph::opaque_kernel& kernel, const array& empty,
                  const std::vector<const array*>& in, const P& params) {
    array one = empty;
    array several = empty;
    {
        const with_threads limit(1);
        run(kernel, one, in, params);
    }
    for (const int threads : {2, 3, 5}) {
        const with_threads limit(threads);
        run(kernel, several, in, params);
        CHECK(std::memcmp(one.data.data(), several.data.data(), one.data.size()) == 0);
    }
    return one;
}

/// A reproducible sequence of small whole numbers.
struct numbers {
    std::uint64_t state;
    i64 below(i64 n) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<i64>((state >> 33) % static_cast<std::uint64_t>(n));
    }
    double unit() { return static_cast<double>(below(1 << 30)) / (1 << 29) - 1; }
};

/// Whole numbers in [-range, range] (wrapped by unsigned types), complex ones with two parts.
array whole_numbers(dtype type, shape sizes, std::uint64_t seed, i64 range) {
    array a(type, std::move(sizes));
    numbers next{seed};
    for (i64 i = 0; i < a.numel(); ++i) {
        const auto re = static_cast<double>(next.below(2 * range + 1) - range);
        const auto im = static_cast<double>(next.below(2 * range + 1) - range);
        a.set(i, type.is_complex() ? scalar(std::complex<double>(re, im)) : scalar(re));
    }
    return a;
}
/// As above, with what floats have besides numbers.
array special_numbers(dtype type, shape sizes, std::uint64_t seed) {
    array a = whole_numbers(type, std::move(sizes), seed, 5);
    if (type.kind() < dtype_kind::floating) {
        return a;
    }
    const double inf = std::numeric_limits<double>::infinity();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double odd[] = {0.0, -0.0, inf, -inf, nan, -nan, 1.5, -1e-6};
    numbers next{seed + 1};
    for (i64 i = 0; i < a.numel(); ++i) {
        if (next.below(2) == 0) {
            const double re = odd[next.below(8)];
            const double im = next.below(2) == 0 ? odd[next.below(8)] : 1;
            a.set(i, type.is_complex() ? scalar(std::complex<double>(re, im)) : scalar(re));
        }
    }
    return a;
}

bool same_bytes(const array& a, i64 i, const array& b, i64 j) {
    return std::memcmp(a.place(i), b.place(j), a.type.itemsize()) == 0;
}

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
                bool right = true;
                for (i64 row = 0; row < outer * inner; ++row) {
                    const i64 start = row / inner * length * inner + row % inner;
                    for (i64 j = 0; j < std::min<i64>(length, 40); ++j) {
                        double high = in.real(start);
                        double low = high;
                        for (i64 k = 0; k <= j; ++k) {
                            const double x = in.real(start + k * inner);
                            high = std::isnan(high) || std::isnan(x) ? high + x : std::max(high, x);
                            low = std::isnan(low) || std::isnan(x) ? low + x : std::min(low, x);
                        }
                        right = right && same_number(largest.real(start + j * inner), high) &&
                                same_number(smallest.real(start + j * inner), low);
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
                    const i64 k = (length + 1) / 2;
                    shape top = s;
                    if (!s.empty()) {
                        top[static_cast<std::size_t>(dim)] = k;
                    }
                    array top_values(type, top);
                    array top_positions(int64, top);
                    array unsorted(int64, top);
                    run(cpu::topk_values_kernel<>, top_values, {&in},
                        cpu::topk_params{k, dim, descending, true});
                    run(cpu::topk_indices_kernel<>, top_positions, {&in},
                        cpu::topk_params{k, dim, descending, true});
                    run(cpu::topk_indices_kernel<>, unsorted, {&in},
                        cpu::topk_params{k, dim, descending, false});
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
                                right = right &&
                                        same_bytes(top_values, top_start + j * inner, in, from) &&
                                        top_positions.integer(top_start + j * inner) ==
                                            order[static_cast<std::size_t>(j)];
                            }
                        }
                        std::sort(order.begin(), order.begin() + k);
                        for (i64 j = 0; j < k; ++j) {
                            right = right && unsorted.integer(top_start + j * inner) ==
                                                 order[static_cast<std::size_t>(j)];
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
    CHECK_THROWS_AS(run(cpu::topk_values_kernel<>, out, {&in}, cpu::topk_params{4, 0, true, true}),
                    index_error);
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

TEST_CASE("masks find, take out and replace what is not zero", "[algorithms]") {
    for (const dtype type : all_dtypes) {
        for (const shape& s : {shape{}, shape{0}, shape{9}, shape{5, 40}, shape{3, 40000}}) {
            const array mask = special_numbers(type, s, 9);
            const array in = whole_numbers(type, s, 10, 100);
            std::vector<i64> wanted;
            for (i64 i = 0; i < mask.numel(); ++i) {
                const std::complex<double> x = mask.number(i);
                if (type.kind() < dtype_kind::floating ? mask.integer(i) != 0 : x != 0.0) {
                    wanted.push_back(i);
                }
            }
            const auto count = static_cast<i64>(wanted.size());
            CHECK(cpu::count_nonzero(mask.ref()) == count);
            CHECK(cpu::nonzero_indices(mask.ref()) == wanted);
            const array taken = run_threads(cpu::masked_select_kernel<>, array(type, shape{count}),
                                            {&in, &mask}, no_params{});
            const array source = whole_numbers(type, shape{count + 2}, 11, 100);
            const array replaced = run_threads(cpu::masked_scatter_kernel<>, array(type, s),
                                               {&in, &mask, &source}, no_params{});
            array expected = in;
            bool right = true;
            for (i64 r = 0; r < count; ++r) {
                const i64 at = wanted[static_cast<std::size_t>(r)];
                right = right && same_bytes(taken, r, in, at);
                expected.set(at, source.get(r));
            }
            CHECK(right);
            CHECK(replaced.data == expected.data);
            if (count > 0) {
                const array few(type, shape{count - 1});
                array untouched = in;
                CHECK_THROWS_AS(
                    run(cpu::masked_scatter_kernel<>, untouched, {&in, &mask, &few}, no_params{}),
                    value_error);
                CHECK(untouched.data == in.data);
                array wrong(type, shape{count - 1});
                CHECK_THROWS_AS(run(cpu::masked_select_kernel<>, wrong, {&in, &mask}, no_params{}),
                                value_error);
            }
        }
    }
}

namespace {

array indices(shape sizes, i64 size, std::uint64_t seed) {
    array a(int64, std::move(sizes));
    numbers next{seed};
    for (i64 i = 0; i < a.numel(); ++i) {
        a.set(i, next.below(2 * size) - size);
    }
    return a;
}
i64 wrapped(const array& index, i64 i, i64 size) {
    const i64 at = index.integer(i);
    return at < 0 ? at + size : at;
}

}  // namespace

TEST_CASE("gather and scatter follow an index along a dimension", "[algorithms]") {
    struct sizes {
        shape base, index;
    };
    const std::vector<sizes> cases{{{6, 5, 4}, {3, 5, 2}},
                                   {{6, 5, 4}, {6, 5, 4}},
                                   {{7, 1, 1}, {2, 1, 1}},
                                   {{3, 4, 5}, {0, 2, 2}},
                                   {{3, 300, 90}, {3, 300, 90}}};
    for (const dtype type : all_dtypes) {
        for (const sizes& c : cases) {
            if (c.base[1] == 300 && type != float32) {
                continue;
            }
            const array base = whole_numbers(type, c.base, 12, 50);
            for (std::size_t dim = 0; dim < 3; ++dim) {
                const auto d = static_cast<i64>(dim);
                const array index = indices(c.index, c.base[dim], 13);
                const array source = whole_numbers(type, c.index, 14, 50);
                array gathered(type, c.index);
                array replaced = base;
                array added = base;
                for (i64 i = 0; i < c.index[0]; ++i) {
                    for (i64 j = 0; j < c.index[1]; ++j) {
                        for (i64 k = 0; k < c.index[2]; ++k) {
                            const i64 n = (i * c.index[1] + j) * c.index[2] + k;
                            i64 at[3] = {i, j, k};
                            at[dim] = wrapped(index, n, c.base[dim]);
                            const i64 m = (at[0] * c.base[1] + at[1]) * c.base[2] + at[2];
                            gathered.set(n, base.get(m));
                            replaced.set(m, source.get(n));
                            if (type.kind() < dtype_kind::floating) {
                                added.set(m, static_cast<i64>(
                                                 static_cast<std::uint64_t>(added.integer(m)) +
                                                 static_cast<std::uint64_t>(source.integer(n))));
                            } else {
                                added.set(m, added.number(m) + source.number(n));
                            }
                        }
                    }
                }
                const cpu::gather_params p{d};
                CHECK(run_threads(cpu::gather_kernel<>, array(type, c.index), {&base, &index}, p)
                          .data == gathered.data);
                CHECK(run_threads(cpu::scatter_kernel<>, array(type, c.base),
                                  {&base, &index, &source}, p)
                          .data == replaced.data);
                CHECK(run_threads(cpu::scatter_add_kernel<>, array(type, c.base),
                                  {&base, &index, &source}, p)
                          .data == added.data);
            }
        }
    }
    SECTION("0-d") {
        const array base(float32, shape{}, {5});
        const array index(int64, shape{}, {-1});
        array out(float32, shape{});
        run(cpu::gather_kernel<>, out, {&base, &index}, cpu::gather_params{0});
        CHECK(out.real(0) == 5);
        const array source(float32, shape{}, {7});
        run(cpu::scatter_kernel<>, out, {&base, &index, &source}, cpu::gather_params{-1});
        CHECK(out.real(0) == 7);
    }
    SECTION("bad indices and shapes") {
        const array base(float32, shape{3, 2});
        const array index(int64, shape{2, 2}, {0, -3, 3, 7});
        const array wide(int64, shape{3, 3});
        const array flat(int64, shape{3});
        const array not_index(int32, shape{2, 2});
        const array source(float32, shape{2, 2});
        array out(float32, shape{2, 2}, {1, 2, 3, 4});
        const array before = out;
        const cpu::gather_params p{0};
        CHECK_THROWS_WITH(run(cpu::gather_kernel<>, out, {&base, &index}, p),
                          "[gather] index 3 is out of bounds for dimension 0 with size 3");
        CHECK_THROWS_WITH(run(cpu::scatter_kernel<>, out, {&base, &index, &source}, p),
                          "[scatter] index 3 is out of bounds for dimension 0 with size 3");
        CHECK_THROWS_AS(run(cpu::gather_kernel<>, out, {&base, &wide}, p), shape_error);
        CHECK_THROWS_AS(run(cpu::gather_kernel<>, out, {&base, &flat}, p), shape_error);
        CHECK_THROWS_AS(run(cpu::gather_kernel<>, out, {&base, &not_index}, p), dtype_error);
        CHECK(out.data == before.data);
    }
}

TEST_CASE("index, index_select and take pick, index_put writes", "[algorithms]") {
    struct sizes {
        shape base, index;
    };
    const std::vector<sizes> cases{{{4, 3, 5, 2}, {2, 3}}, {{4, 3, 5, 1}, {}},
                                   {{4, 3, 5, 3}, {0, 2}}, {{0, 3, 5, 2}, {4}},
                                   {{1, 6, 7, 80}, {40}},  {{9, 3, 2, 64}, {700}}};
    for (const dtype type : all_dtypes) {
        for (const sizes& c : cases) {
            if (c.base[3] > 60 && type != float32) {
                continue;
            }
            // Two indices for dimensions 1 and 2.
            const array base = whole_numbers(type, c.base, 15, 50);
            const array first = indices(c.index, c.base[1], 16);
            const array second = indices(c.index, c.base[2], 17);
            shape picked{c.base[0]};
            for (const i64 size : c.index) {
                picked.push_back(size);
            }
            picked.push_back(c.base[3]);
            const array values = whole_numbers(type, picked, 18, 50);
            array read(type, picked);
            array replaced = base;
            array added = base;
            const i64 count = c.index.numel();
            for (i64 o = 0; o < c.base[0]; ++o) {
                for (i64 i = 0; i < count; ++i) {
                    for (i64 j = 0; j < c.base[3]; ++j) {
                        const i64 n = (o * count + i) * c.base[3] + j;
                        const i64 m = ((o * c.base[1] + wrapped(first, i, c.base[1])) * c.base[2] +
                                       wrapped(second, i, c.base[2])) *
                                          c.base[3] +
                                      j;
                        read.set(n, base.get(m));
                        replaced.set(m, values.get(n));
                        if (type.kind() < dtype_kind::floating) {
                            added.set(m, added.integer(m) + values.integer(n));
                        } else {
                            added.set(m, added.number(m) + values.number(n));
                        }
                    }
                }
            }
            const cpu::index_params p{1};
            CHECK(run_threads(cpu::index_kernel<>, array(type, picked), {&base, &first, &second}, p)
                      .data == read.data);
            CHECK(run_threads(cpu::index_put_kernel<>, array(type, c.base),
                              {&base, &values, &first, &second}, p)
                      .data == replaced.data);
            CHECK(run_threads(cpu::index_put_accumulate_kernel<>, array(type, c.base),
                              {&base, &values, &first, &second}, p)
                      .data == added.data);
        }
        const array base = whole_numbers(type, shape{2, 3, 4}, 19, 50);
        const array columns(int64, shape{3}, {2, -3, 2});
        array selected(type, shape{2, 3, 4});
        run(cpu::index_select_kernel<>, selected, {&base, &columns}, cpu::gather_params{-2});
        const array places(int64, shape{2, 2}, {0, -1, 23, -24});
        array taken(type, shape{2, 2});
        run(cpu::take_kernel<>, taken, {&base, &places}, no_params{});
        bool right = true;
        for (i64 o = 0; o < 2; ++o) {
            for (i64 j = 0; j < 12; ++j) {
                const i64 from = j / 4 == 1 ? 0 : 2;
                right = right && same_bytes(selected, o * 12 + j, base, o * 12 + from * 4 + j % 4);
            }
        }
        for (i64 i = 0; i < 4; ++i) {
            right = right && same_bytes(taken, i, base, i == 0 || i == 3 ? 0 : 23);
        }
        CHECK(right);
    }
    const array base(float32, shape{3, 2}, {1, 2, 3, 4, 5, 6});
    const array bad(int64, shape{2}, {0, 7});
    const array good(int64, shape{2}, {0, 1});
    const array longer(int64, shape{3}, {0, 1, 0});
    const array values(float32, shape{2, 2});
    const array doubles(float64, shape{2, 2});
    array out(float32, shape{2, 2});
    array whole = base;
    const cpu::index_params p{0};
    CHECK_THROWS_WITH(run(cpu::index_kernel<>, out, {&base, &bad}, p),
                      "[index] index 7 is out of bounds for dimension 0 with size 3");
    CHECK_THROWS_AS(run(cpu::index_put_kernel<>, whole, {&base, &values, &bad}, p), index_error);
    CHECK_THROWS_AS(run(cpu::index_put_kernel<>, whole, {&base, &doubles, &good}, p), dtype_error);
    CHECK_THROWS_AS(run(cpu::index_put_kernel<>, whole, {&base, &values, &longer}, p), shape_error);
    CHECK_THROWS_AS(run(cpu::index_kernel<>, out, {&base, &good, &longer}, p), shape_error);
    CHECK_THROWS_AS(run(cpu::index_kernel<>, out, {&base, &good, &good, &good}, p), index_error);
    CHECK_THROWS_AS(run(cpu::take_kernel<>, out, {&base, &bad}, no_params{}), index_error);
    CHECK(whole.data == base.data);
}

namespace {

/// Element (i, j) of the product, in the widest arithmetic; integers wrap at 64 bits, of which the
/// low ones are right for every narrower type.
scalar naive_product(const array& a, i64 a_start, i64 a_row, i64 a_column, const array& b,
                     i64 b_start, i64 b_row, i64 b_column, i64 k, i64 i, i64 j) {
    if (a.type.is_integral()) {
        std::uint64_t sum = 0;
        for (i64 z = 0; z < k; ++z) {
            sum += static_cast<std::uint64_t>(a.integer(a_start + i * a_row + z * a_column)) *
                   static_cast<std::uint64_t>(b.integer(b_start + z * b_row + j * b_column));
        }
        return static_cast<i64>(sum);
    }
    std::complex<double> sum = 0;
    for (i64 z = 0; z < k; ++z) {
        sum += a.number(a_start + i * a_row + z * a_column) *
               b.number(b_start + z * b_row + j * b_column);
    }
    return a.type.is_complex() ? scalar(sum) : scalar(sum.real());
}

}  // namespace

TEST_CASE("matmul is exact on whole numbers, for every dtype, size and transposition",
          "[algorithms]") {
    struct sizes {
        i64 m, n, k;
    };
    const std::vector<sizes> cases{{1, 1, 1},  {1, 1, 9000}, {2, 3, 4},  {7, 1, 5}, {1, 9, 5},
                                   {3, 70, 1}, {13, 33, 17}, {0, 3, 2},  {3, 0, 2}, {3, 2, 0},
                                   {1, 1, 0},  {37, 65, 29}, {1, 150, 6}};
    const std::vector<sizes> large{{250, 270, 300}, {3, 2, 5000}, {300, 1, 9000}, {1, 300, 9000}};
    for (const dtype type : all_dtypes) {
        if (type == bool_) {
            continue;
        }
        std::vector<sizes> these = cases;
        if (type == float32 || type == complex128 || type == int8) {
            these.insert(these.end(), large.begin(), large.end());
        }
        for (const sizes& c : these) {
            for (const bool ta : {false, true}) {
                for (const bool tb : {false, true}) {
                    // Sums of products that 16-bit floats hold exactly.
                    const i64 range = type.itemsize() == 2 && c.k > 20 ? 1 : 3;
                    const array a =
                        whole_numbers(type, ta ? shape{c.k, c.m} : shape{c.m, c.k}, 20, range);
                    const array b =
                        whole_numbers(type, tb ? shape{c.n, c.k} : shape{c.k, c.n}, 21, range);
                    array out = whole_numbers(type, shape{c.m, c.n}, 22, 9);
                    run(cpu::matmul_kernel<>, out, {&a, &b}, cpu::matmul_params{ta, tb});
                    bool right = true;
                    const i64 step_i = c.m > 100 ? 61 : 1;
                    const i64 step_j = c.n > 100 ? 67 : 1;
                    for (i64 i = 0; i < c.m; i += step_i) {
                        for (i64 j = 0; j < c.n; j += step_j) {
                            array expected(type, shape{});
                            expected.set(0, naive_product(a, 0, ta ? 1 : c.k, ta ? c.m : 1, b, 0,
                                                          tb ? 1 : c.n, tb ? c.k : 1, c.k, i, j));
                            right = right && out.number(i * c.n + j) == expected.number(0);
                        }
                    }
                    INFO(type.name() << ' ' << c.m << 'x' << c.n << 'x' << c.k << ta << tb);
                    CHECK(right);
                }
            }
        }
    }
}

TEST_CASE("matmul broadcasts leading dimensions and takes vectors", "[algorithms]") {
    struct sizes {
        shape a, b, out;
    };
    const std::vector<sizes> cases{{{4}, {4}, {}},
                                   {{4}, {4, 3}, {3}},
                                   {{3, 4}, {4}, {3}},
                                   {{4}, {2, 4, 3}, {2, 3}},
                                   {{5, 3, 4}, {4}, {5, 3}},
                                   {{5, 3, 4}, {4, 2}, {5, 3, 2}},
                                   {{3, 4}, {5, 4, 2}, {5, 3, 2}},
                                   {{2, 1, 3, 4}, {5, 4, 2}, {2, 5, 3, 2}},
                                   {{5, 3, 4}, {2, 1, 4, 2}, {2, 5, 3, 2}},
                                   {{5, 1, 4}, {5, 4, 2}, {5, 1, 2}},
                                   {{5, 1, 1, 4}, {6, 4, 1}, {5, 6, 1, 1}},
                                   {{0, 3, 4}, {4, 2}, {0, 3, 2}},
                                   {{2, 3, 0}, {2, 0, 2}, {2, 3, 2}}};
    for (const dtype type : {dtype(float32), dtype(float64), dtype(int32), dtype(complex64)}) {
        for (const sizes& c : cases) {
            const array a = whole_numbers(type, c.a, 23, 5);
            const array b = whole_numbers(type, c.b, 24, 5);
            array out(type, c.out);
            run(cpu::matmul_kernel<>, out, {&a, &b}, cpu::matmul_params{false, false});
            // Everything as at least four dimensions: [p, q, rows, columns].
            const auto padded = [](shape s, bool column) {
                if (s.size() == 1) {
                    s.insert(column ? 1 : 0, 1);
                }
                while (s.size() < 4) {
                    s.insert(0, 1);
                }
                return s;
            };
            const shape as = padded(c.a, false);
            const shape bs = padded(c.b, true);
            i64 n = 0;
            bool right = true;
            for (i64 p = 0; p < std::max(as[0], bs[0]); ++p) {
                for (i64 q = 0; q < (as[1] == 0 ? 0 : std::max(as[1], bs[1])); ++q) {
                    const i64 a_start =
                        ((as[0] == 1 ? 0 : p) * as[1] + (as[1] == 1 ? 0 : q)) * as[2] * as[3];
                    const i64 b_start =
                        ((bs[0] == 1 ? 0 : p) * bs[1] + (bs[1] == 1 ? 0 : q)) * bs[2] * bs[3];
                    for (i64 i = 0; i < as[2]; ++i) {
                        for (i64 j = 0; j < bs[3]; ++j, ++n) {
                            array expected(type, shape{});
                            expected.set(0, naive_product(a, a_start, as[3], 1, b, b_start, bs[3],
                                                          1, as[3], i, j));
                            right = right && out.number(n) == expected.number(0);
                        }
                    }
                }
            }
            INFO(type.name() << to_string(c.a) << to_string(c.b));
            CHECK(n == out.numel());
            CHECK(right);
        }
    }
    const array a(float32, shape{2, 3});
    const array b(float32, shape{2, 3});
    const array bools(bool_, shape{3});
    const array number(float32, shape{});
    const array doubles(float64, shape{3});
    array out(float32, shape{2, 3});
    array two(float32, shape{2});
    array truth(bool_, shape{});
    const cpu::matmul_params p{false, false};
    CHECK_THROWS_AS(run(cpu::matmul_kernel<>, out, {&a, &b}, p), shape_error);
    CHECK_THROWS_AS(run(cpu::matmul_kernel<>, out, {&a, &number}, p), shape_error);
    CHECK_THROWS_AS(run(cpu::matmul_kernel<>, two, {&a, &doubles}, p), dtype_error);
    CHECK_THROWS_AS(run(cpu::matmul_kernel<>, truth, {&bools, &bools}, p), dtype_error);
}

TEST_CASE("matmul gives the same bits on any number of threads, and accurate ones",
          "[algorithms]") {
    struct sizes {
        shape a, b, out;
    };
    const std::vector<sizes> cases{{{300, 700}, {700, 310}, {300, 310}},
                                   {{100000}, {100000}, {}},
                                   {{300, 9000}, {9000}, {300}},
                                   {{9000}, {9000, 300}, {300}},
                                   {{20, 40, 30}, {20, 30, 50}, {20, 40, 50}}};
    for (const dtype type : {dtype(float32), dtype(float64), dtype(complex64), dtype(float16)}) {
        for (const sizes& c : cases) {
            array a(type, c.a);
            array b(type, c.b);
            numbers next{25};
            for (array* x : {&a, &b}) {
                for (i64 i = 0; i < x->numel(); ++i) {
                    const double re = next.unit();
                    x->set(i, type.is_complex() ? scalar(std::complex<double>(re, next.unit()))
                                                : scalar(re));
                }
            }
            const array out = run_threads(cpu::matmul_kernel<>, array(type, c.out), {&a, &b},
                                          cpu::matmul_params{});
            const i64 k = c.a.back();
            const i64 n = c.b.size() == 1 ? 1 : c.b.back();
            const scalar exact = naive_product(a, 0, k, 1, b, 0, n, 1, k, 0, 0);
            const double unit = type == float64 ? 1e-15 : type == float16 ? 1e-3 : 1e-7;
            CHECK(std::abs(out.number(0) - exact.to<std::complex<double>>()) <=
                  8 * unit * std::sqrt(static_cast<double>(k)));
        }
    }
}

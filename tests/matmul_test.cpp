// Matrix products of the CPU against a triple loop.
// SPDX-License-Identifier: BSD-3-Clause
#include "../backends/cpu/algorithms/matmul.hpp"
#include "dense_array.hpp"

using namespace dense;

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

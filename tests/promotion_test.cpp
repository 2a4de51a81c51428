// What dtype comes out: tensors, 0-d tensors, numbers and every operation, as PyTorch answers.
// SPDX-License-Identifier: BSD-3-Clause

#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"

#include <lazytensor.hpp>

#include "promotion_table.hpp"

namespace {

std::vector<std::string> words(const std::string& line) {
    std::istringstream in(line);
    std::vector<std::string> out;
    for (std::string w; in >> w;) out.push_back(w);
    return out;
}

const std::vector<std::string> codes = words(dtype_codes);

lazy::dtype dtype_at(std::size_t i) { return static_cast<lazy::dtype_id>(i); }
std::string code(lazy::dtype d) { return codes[d.index()]; }

lazy::Tensor ones(std::size_t type, const lazy::shape& sizes) {
    return lazy::full(sizes, 1, dtype_at(type));
}

struct default_dtype_guard {
    ~default_dtype_guard() { lazy::set_default_dtype(lazy::float32); }
};

}  // namespace

TEST_CASE("promote_types is PyTorch's table", "[core][promotion]") {
    for (std::size_t a = 0; a < lazy::dtype_count; ++a) {
        const auto row = words(promotion_rows[a]);
        REQUIRE(row.size() == lazy::dtype_count);
        for (std::size_t b = 0; b < lazy::dtype_count; ++b) {
            INFO(codes[a] << " and " << codes[b]);
            CHECK(code(lazy::promote_types(dtype_at(a), dtype_at(b))) == row[b]);
        }
    }
}

TEST_CASE("tensors of two dtypes promote in an operation", "[core][promotion]") {
    for (std::size_t a = 0; a < lazy::dtype_count; ++a) {
        const auto row = words(promotion_rows[a]);
        for (std::size_t b = 0; b < lazy::dtype_count; ++b) {
            INFO(codes[a] << " + " << codes[b]);
            const lazy::Tensor sum = ones(a, {2}) + ones(b, {3, 2});
            CHECK(code(sum.dtype()) == row[b]);
            CHECK(sum.sum().item() == lazy::scalar(sum.dtype() == lazy::bool_ ? 6 : 12));
        }
    }
}

TEST_CASE("a 0-d tensor promotes only when its kind is higher", "[core][promotion]") {
    for (std::size_t a = 0; a < lazy::dtype_count; ++a) {
        const auto row = words(zero_dim_rows[a]);
        for (std::size_t b = 0; b < lazy::dtype_count; ++b) {
            if (row[b] == "-") continue;
            INFO(codes[a] << " vector and " << codes[b] << " 0-d");
            CHECK(code((ones(a, {2}) * ones(b, {})).dtype()) == row[b]);
            CHECK(code((ones(b, {}) * ones(a, {2})).dtype()) == row[b]);
            // Two of one group promote as two tensors do.
            CHECK(code((ones(a, {}) * ones(b, {})).dtype()) == words(promotion_rows[a])[b]);
            CHECK(code((ones(a, {0}) * ones(b, {1})).dtype()) == words(promotion_rows[a])[b]);
        }
    }
}

TEST_CASE("a number never widens within its kind", "[core][promotion]") {
    for (std::size_t a = 0; a < lazy::dtype_count; ++a) {
        const auto row = words(number_rows[a]);
        for (const lazy::shape& sizes : {lazy::shape(2), lazy::shape()}) {
            const lazy::Tensor x = ones(a, sizes);
            INFO(codes[a]);
            CHECK(code((x * true).dtype()) == row[0]);
            CHECK(code((x * 1).dtype()) == row[1]);
            CHECK(code((1 * x).dtype()) == row[1]);
            CHECK(code((x * std::uint8_t{1}).dtype()) == row[1]);
            CHECK(code((x * 1.5).dtype()) == row[2]);
            CHECK(code((1.5f * x).dtype()) == row[2]);
            if (row[3] != "-") CHECK(code((x * std::complex<double>(0, 2)).dtype()) == row[3]);
        }
    }
}

TEST_CASE("the compiler promotes as the run time does", "[core][promotion]") {
    const auto types =
        std::make_tuple(lazy::bool_, lazy::uint8, lazy::int8, lazy::int16, lazy::int32, lazy::int64,
                        lazy::uint16, lazy::uint32, lazy::uint64, lazy::float16, lazy::bfloat16,
                        lazy::float32, lazy::float64, lazy::complex64, lazy::complex128);
    const auto each = [&](auto f) { std::apply([&](auto... d) { (f(d), ...); }, types); };
    each([&](auto a) {
        using A = typename decltype(a)::type;
        each([&](auto b) {
            using B = typename decltype(b)::type;
            CHECK(lazy::dtype_of<lazy::promote_t<A, B>> == lazy::promote_types(a, b));
        });
        const auto row = words(number_rows[lazy::dtype(a).index()]);
        CHECK(code(lazy::dtype_of<lazy::promote_number_t<A, bool>>) == row[0]);
        CHECK(code(lazy::dtype_of<lazy::promote_number_t<A, int>>) == row[1]);
        CHECK(code(lazy::dtype_of<lazy::promote_number_t<A, double>>) == row[2]);
        if (row[3] != "-")
            CHECK(code(lazy::dtype_of<lazy::promote_number_t<A, std::complex<float>>>) == row[3]);
    });
}

TEST_CASE("typed statements have PyTorch's dtypes", "[core][promotion]") {
    const auto i = lazy::tensor({1, 2});
    const auto b = lazy::tensor({true, false});
    const auto f = lazy::tensor({1.f, 2.f});
    const auto d = lazy::tensor({1., 2.}, lazy::float64);
    const auto u = lazy::tensor({1, 2}, lazy::uint8);
    const auto h = lazy::tensor({1., 2.}, lazy::float16);
    CHECK((i + i).dtype() == lazy::int64);
    CHECK((i / i).dtype() == lazy::float32);
    CHECK((i / 2).dtype() == lazy::float32);
    CHECK((i + 0.5).dtype() == lazy::float32);
    CHECK((u + 1).dtype() == lazy::uint8);
    CHECK((u + i).dtype() == lazy::int64);
    CHECK((b + b).dtype() == lazy::bool_);
    CHECK((b + 1).dtype() == lazy::int64);
    CHECK((b * 1.5).dtype() == lazy::float32);
    CHECK((b / b).dtype() == lazy::float32);
    CHECK((f + d).dtype() == lazy::float64);
    CHECK((f + 1e300).dtype() == lazy::float32);
    CHECK((h * 2).dtype() == lazy::float16);
    CHECK((h * 2.5).dtype() == lazy::float16);
    CHECK((h + f).dtype() == lazy::float32);
    CHECK((i < 2.5).dtype() == lazy::bool_);
    CHECK((i < 2.5).tolist() == std::vector<bool>{true, true});
    CHECK(lazy::sin(i).dtype() == lazy::float32);
    CHECK(lazy::sqrt(d).dtype() == lazy::float64);
    CHECK(lazy::abs(lazy::tensor(1.0f + std::complex<float>(0, 1))).dtype() == lazy::float32);
    CHECK(lazy::where(b, i, 0.5).dtype() == lazy::float32);
    CHECK(lazy::where(b, 1, 2.5).dtype() == lazy::float32);
    CHECK((u + 300).tolist() == std::vector<int>{45, 46});
    CHECK(lazy::tensor({1.1, 2.7}, lazy::int16).tolist() == std::vector<int>{1, 2});
}

TEST_CASE("the default dtype decides what integers become", "[core][promotion]") {
    default_dtype_guard guard;
    lazy::set_default_dtype(lazy::float64);
    const lazy::Tensor i = lazy::tensor({1, 2});
    CHECK((i / 2).dtype() == lazy::float64);
    CHECK((i + 0.5).dtype() == lazy::float64);
    CHECK(lazy::sin(i).dtype() == lazy::float64);
    CHECK((i * std::complex<double>(0, 1)).dtype() == lazy::complex128);
    CHECK(lazy::Tensor({1, 2}).dtype() == lazy::float64);
    CHECK_THROWS_AS(lazy::set_default_dtype(lazy::int32), lazy::dtype_error);
    CHECK(lazy::get_default_dtype() == lazy::float64);
}

#define CASE(name) \
    if (row.op == std::string(#name)) return lazy::name(x);
#define CASE_DIM(name) \
    if (row.op == std::string(#name)) return lazy::name(x, 0);

namespace {

lazy::Tensor reduced(const result_row& row, const lazy::Tensor& x) {
    CASE(sum)
    CASE(prod)
    CASE(amax)
    CASE(amin)
    CASE(any)
    CASE(all)
    CASE(mean)
    CASE(var)
    CASE(std)
    CASE(count_nonzero)
    CASE(argmax)
    CASE(argmin)
    CASE(norm)
    CASE(median)
    CASE_DIM(cumsum)
    CASE_DIM(softmax)
    CASE_DIM(log_softmax)
    throw lazy::value_error("no such reduction");
}

}  // namespace

TEST_CASE("reductions have PyTorch's dtypes", "[core][promotion]") {
    for (const result_row& row : reduction_results) {
        const auto results = words(row.results);
        for (std::size_t type = 0; type < lazy::dtype_count; ++type) {
            INFO(row.op << " of " << codes[type]);
            const lazy::Tensor x = ones(type, {3});
            // PyTorch leaves uint8 as it is in any and all, "for legacy reasons"; here as in NumPy
            // and its other dtypes.
            const bool legacy = results[type] == "u8" &&
                                (row.op == std::string("any") || row.op == std::string("all"));
            if (results[type] != "-")
                CHECK(code(reduced(row, x).dtype()) == (legacy ? "b" : results[type]));
            // Where PyTorch has no order for bool and complex, or nothing for wide unsigned, NumPy
            // has: both are allowed.
            else if (dtype_at(type).is_floating_point() ||
                     (dtype_at(type).is_integral() && type < 6))
                CHECK_THROWS_AS(reduced(row, x), lazy::dtype_error);
        }
    }
}

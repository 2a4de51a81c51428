// Functions written from others, typed and run-time alike, against PyTorch's numbers.
// SPDX-License-Identifier: BSD-3-Clause
#include "catch.hpp"

#include <cmath>
#include <sstream>

#include <lazytensor.hpp>

using namespace lazy;

TEMPLATE_TEST_CASE("slices are added, copied and filled by index, in place too", "[algorithms]",
                   tensor<float>, Tensor) {
    using H = TestType;
    using rows = std::vector<std::vector<float>>;
    const H x = tensor({{1.F, -2.F, 3.F}, {4.F, 5.F, -6.F}, {0.5F, 8.F, 9.F}});
    const H m = tensor({{3.F, 1.F, 2.F}, {0.F, 4.F, 1.F}, {7.F, 2.F, 5.F}});
    const H two = m.narrow(0, 0, 2);
    const auto index = tensor({2, 0});
    CHECK(rows(index_add(x, 0, index, two).tolist()) == rows{{1, 2, 4}, {4, 5, -6}, {3.5, 9, 11}});
    CHECK(rows(x.index_add(0, index, two, -2).tolist()) ==
          rows{{1, -10, 1}, {4, 5, -6}, {-5.5, 6, 5}});
    CHECK(rows(index_copy(x, 0, index, two).tolist()) == rows{{0, 4, 1}, {4, 5, -6}, {3, 1, 2}});
    CHECK(rows(index_fill(x, -2, index, 7).tolist()) == rows{{7, 7, 7}, {4, 5, -6}, {7, 7, 7}});
    CHECK(rows(index_fill(x, 1, index, 7).tolist()) == rows{{7, -2, 7}, {7, 5, 7}, {7, 8, 7}});
    const H y = x.clone();
    const auto column = y(lazy::all, 1);  // sees what is written
    y.index_add_(0, index, two);
    CHECK(std::vector<float>(column.tolist()) == std::vector<float>{2, 5, 9});
    y.index_fill_(1, index, 0);
    CHECK(rows(y.tolist()) == rows{{0, 2, 0}, {0, 5, 0}, {0, 9, 0}});
    y.fmod_(2).maximum_(m).scatter_(0, tensor({{0, 1, 2}}), m).tril_();
    CHECK(rows(y.tolist()) == rows{{3, 0, 0}, {0, 1, 0}, {7, 2, 2}});
    y.addcmul_(m, m, 2).lerp_(m, 0.5);
    CHECK(rows(y.tolist()) == rows{{12, 1.5, 5}, {0, 18.5, 1.5}, {56, 6, 28.5}});
    const H tenth = tensor({0.1F});
    const double product = 0.1 * double(0.1F) * double(0.1F);  // not in float32
    CHECK(addcmul(tensor({1.0}, float64), tenth, tenth, 0.1).item() == 1 + product);
    const tensor<std::uint8_t> many = tensor({100}, uint8);
    CHECK(addcmul(tensor({1}), many, many).item() == 10001);
    CHECK(addcmul(tensor({1}), 100, tensor({100}, int8)).item() == 10001);
    CHECK(addcmul(tensor({1}), tensor({3}), tensor({2}), 1.5).item() == 7);
    CHECK(rows(addcdiv(x, 1, 2).tolist())[0] == std::vector<float>{1.5F, -1.5F, 3.5F});
    CHECK(rows(addcdiv(x, 1, 2, 3).tolist())[0] == std::vector<float>{2.5F, -0.5F, 4.5F});
    CHECK(rows(addcmul(x, 1000000, m, 1000000).tolist())[0][0] == 3e12F);
    CHECK(searchsorted(H(tensor({0.7F, 0.9F})), 0.7).item() == 0);
    CHECK(searchsorted(H(tensor({0.1F, 0.9F})), 0.1, true).item() == 1);
    CHECK(searchsorted(tensor({1, 2}), 1.5).item() == 1);
    CHECK_THROWS_AS(index_add(x, 0, tensor({0.F, 1.F}), two), index_error);
    CHECK_THROWS_AS(index_copy(x, 0, tensor({true, false}), two), index_error);
    CHECK_THROWS_AS(index_add(x, 0, index, x), shape_error);
    CHECK_THROWS_AS(index_add(x, 3, index, two), index_error);
    CHECK_THROWS_AS(index_fill(x, 0, tensor({5}), 1).eval(), index_error);
    CHECK_THROWS_AS(index_copy(x, 0, tensor({{1}}), x), shape_error);
}

TEMPLATE_TEST_CASE("products with something added", "[algorithms]", tensor<float>, Tensor) {
    using H = TestType;
    using rows = std::vector<std::vector<float>>;
    const H x = tensor({{1.F, -2.F, 3.F}, {4.F, 5.F, -6.F}, {0.5F, 8.F, 9.F}});
    const H m = tensor({{3.F, 1.F, 2.F}, {0.F, 4.F, 1.F}, {7.F, 2.F, 5.F}});
    CHECK(rows(addmm(x, m, m).tolist()) == rows{{24, 9, 20}, {11, 23, 3}, {56.5, 33, 50}});
    CHECK(rows(addmm(x * NAN, m, m, 0, 2).tolist()) ==
          rows{{46, 22, 34}, {14, 36, 18}, {112, 50, 82}});
    CHECK(rows(x.addmm(m, m, 2, 0.5).tolist()) ==
          rows{{13.5, 1.5, 14.5}, {11.5, 19, -7.5}, {29, 28.5, 38.5}});
    CHECK(std::vector<float>(addmv(m[0], x, m[1]).tolist()) == std::vector<float>{-2, 15, 43});
    CHECK(rows(addr(m, x[0], m[1]).tolist()) == rows{{3, 5, 3}, {0, -4, -1}, {7, 14, 8}});
    CHECK(rows(baddbmm(x, m.unsqueeze(0), m.unsqueeze(0))[0].tolist()) ==
          rows{{24, 9, 20}, {11, 23, 3}, {56.5, 33, 50}});
    const auto i = tensor({{1, 2}, {3, 4}});
    CHECK(addmm(i, i, i, 2).dtype() == int64);
    CHECK(rows(addmm(i, i, i, 2).tolist()) == rows{{9, 14}, {21, 30}});
    CHECK_THROWS_AS(addmm(x, x[0], x), shape_error);
    CHECK_THROWS_AS(addmm(zeros({5, 3, 3}), x, x), shape_error);
}

TEMPLATE_TEST_CASE("quantiles, and the k-th smallest", "[algorithms]", tensor<double>, Tensor) {
    using H = TestType;
    const H x = tensor({{1., -2., 3.}, {4., 5., -6.}, {0.5, 8., 9.}}, float64);
    using row = std::vector<double>;
    CHECK(quantile(x, 0.5).item() == 3);
    CHECK(row(x.quantile(0.25, 1).tolist()) == row{-0.5, -1, 4.25});
    CHECK(x.quantile(0.25, 1, true).shape() == shape{3, 1});
    CHECK(std::vector<row>(quantile(x, tensor({0., 0.25, 1.}), 0).tolist()) ==
          std::vector<row>{{0.5, -2, -6}, {0.75, 1.5, -1.5}, {4, 8, 9}});
    CHECK(quantile(x, 0.4, {}, false, "nearest").item() == 1);
    CHECK(row(quantile(x, 0.4, 1, false, "lower").tolist()) == row{-2, -6, 0.5});
    CHECK(row(quantile(x, 0.4, 1, false, "higher").tolist()) == row{1, 4, 8});
    CHECK(row(quantile(x, 0.4, 1, false, "midpoint").tolist()) == row{-0.5, -1, 4.25});
    CHECK(quantile(H(tensor(3., float64)), 0.5).item() == 3);
    CHECK(quantile(H(tensor(3., float64)), 0.5, {}, true).shape() == shape{});
    CHECK(std::isnan(double(quantile(H(tensor({1., std::nan(""), 2.}, float64)), 0.5).item())));
    CHECK_THROWS_AS(quantile(x, 1.5), value_error);
    CHECK_THROWS_AS(quantile(x, 0.5, 0, false, "cubic"), value_error);
    CHECK_THROWS_AS(quantile(H(zeros({0}, float64)), 0.5), value_error);
    CHECK_THROWS_AS(quantile(tensor({1, 2}), 0.5), dtype_error);
    CHECK(row(x.kthvalue(2).values.tolist()) == row{1, 4, 8});
    CHECK(std::vector<std::vector<int>>(x.kthvalue(1, 0, true).indices.tolist()) ==
          std::vector<std::vector<int>>{{2, 0, 1}});
    CHECK(kthvalue(H(tensor(3., float64)), 1).values.item() == 3);
    CHECK_THROWS_AS(kthvalue(x, 0), index_error);
    CHECK_THROWS_AS(kthvalue(x, 4), index_error);
}

TEST_CASE("windows and uneven pieces are views", "[algorithms]") {
    const tensor<float> x = zeros({2, 7});
    const auto windows = unfold(x, 1, 3, 2);
    CHECK(windows.shape() == shape{2, 3, 3});
    x[1] = arange(7).to(float32);
    using rows = std::vector<std::vector<float>>;
    CHECK(rows(windows[1].tolist()) == rows{{0, 1, 2}, {2, 3, 4}, {4, 5, 6}});
    const auto pieces = x.tensor_split(3, 1);
    REQUIRE(pieces.size() == 3);
    CHECK(std::vector<float>(pieces[0][1].tolist()) == std::vector<float>{0, 1, 2});
    CHECK(std::vector<float>(pieces[2][1].tolist()) == std::vector<float>{5, 6});
    pieces[1].fill_(9);
    CHECK(std::vector<float>(x[0].tolist()) == std::vector<float>{0, 0, 0, 9, 9, 0, 0});
    const auto cut = tensor_split(arange(5), std::vector<std::int64_t>{1, -1, 9});
    REQUIRE(cut.size() == 4);
    CHECK(std::vector<std::int64_t>(cut[1].tolist()) == std::vector<std::int64_t>{1, 2, 3});
    CHECK(cut[3].numel() == 0);
    CHECK_THROWS_AS(unfold(x, 1, 8, 1), value_error);
    CHECK_THROWS_AS(unfold(x, 1, 2, 0), value_error);
    CHECK_THROWS_AS(tensor_split(x, 0), value_error);
    CHECK_THROWS_AS(tensor_split(tensor(1.F), 2), shape_error);
}

TEST_CASE("draws by probabilities and weights", "[random]") {
    manual_seed(7);
    CHECK(std::abs(mean(bernoulli(full({20000}, 0.3F))).item() - 0.3F) < 0.02F);
    CHECK(bernoulli(Tensor(full({4}, 1.0, float64))).dtype() == float64);
    CHECK(sum(bernoulli(zeros({100}))).item() == 0);
    const auto drawn = multinomial(tensor({1.F, 0.F, 3.F}), 20000, true);
    CHECK(std::abs(mean((drawn == 2).to(float32)).item() - 0.75F) < 0.02F);
    CHECK(!any(drawn == 1).item());
    // Without replacement every index comes once.
    const auto rows = sort(multinomial(rand({50, 6}) + 0.1F, 6), -1).values;
    CHECK(equal(rows, arange(6).expand({50, 6})));
    CHECK(multinomial(Tensor(ones({3, 4})), 2).shape() == shape{3, 2});
    CHECK_THROWS_AS(bernoulli(tensor({2.F})), value_error);
    CHECK_THROWS_AS(bernoulli(tensor({1})), dtype_error);
    CHECK_THROWS_AS(multinomial(tensor({1.F, -1.F}), 1), value_error);
    CHECK_THROWS_AS(multinomial(tensor({1.F, NAN}), 1), value_error);
    CHECK_THROWS_AS(multinomial(zeros({3}), 1), value_error);
    CHECK_THROWS_AS(multinomial(ones({3}), 4), value_error);
    CHECK_THROWS_AS(multinomial(ones({2, 2, 2}), 1), shape_error);
}

TEST_CASE("methods that a statement can end with", "[lazy]") {
    const tensor<float> x = arange(6).to(float32).view(2, 3);
    CHECK((x * 2).eval().tolist() == (x + x).tolist());
    CHECK((x + 1).explain() == explain(x + 1));
    CHECK((x + 1).explain(measured).find("GB/s") != std::string::npos);
    CHECK(x.to<std::int16_t>().dtype() == int16);
    CHECK(x.max(x.flip({1})).tolist() == maximum(x, flip(x, {1})).tolist());
    CHECK(x.new_zeros({2}, int64).dtype() == int64);
    CHECK(Tensor(x).new_ones({2}, float64).dtype() == float64);
    CHECK(lazy::to_string(float32) == "float32");
    std::ostringstream text;
    text << lazy::stats();
    CHECK(text.str().find(" bytes read") != std::string::npos);
    CHECK(searchsorted(tensor({1.F, 2.F, 3.F}), 2.5).item() == 2);
    CHECK(bucketize(tensor({0.5F, 2.F}), tensor({1.F, 2.F}), true).tolist() ==
          tensor({0, 2}).tolist());
}

// lazy::cuda as a user writes it: expressions, views, reductions, and what is thrown.
// SPDX-License-Identifier: BSD-3-Clause
#include "../catch.hpp"

#include "../../include/lazytensor/cuda.hpp"

TEST_CASE("lazy::cuda: a statement gives what the CPU gives") {
    auto x = lazy::tensor({{1.0F, 2.0F, 3.0F}, {4.0F, 5.0F, 6.0F}});
    auto row = lazy::tensor({10.0F, 20.0F, 30.0F});
    if (!lazy::cuda::is_available()) {
        WARN("skipped, no usable GPU: " << lazy::cuda::unavailable_reason());
        CHECK_THROWS_AS(lazy::cuda::eval(x * 2 + row), lazy::device_error);
        CHECK_THROWS_AS(lazy::cuda::sum(x), lazy::device_error);
        return;
    }
    lazy::tensor<float> y = lazy::cuda::eval(x * 2 + row);
    CHECK(y.shape() == lazy::shape(2, 3));
    CHECK(y.tolist() == (x * 2 + row).tolist());
    // A view, and an operand that is not computed yet.
    auto pending = row + 1;
    CHECK(lazy::cuda::eval(x[1] * pending).tolist() == (x[1] * pending).tolist());
    // The value when the expression was written, not when it is computed.
    auto old = x + 1;
    x.fill_(0.0F);
    CHECK(lazy::cuda::sum(old).item() == 27);
    CHECK(lazy::cuda::eval(x + 1).tolist() == (x + 1).tolist());
}

TEST_CASE("lazy::cuda: reductions") {
    if (!lazy::cuda::is_available()) {
        return;
    }
    auto x = lazy::tensor({1, 2, 3, 4});
    lazy::tensor<std::int64_t> total = lazy::cuda::sum(x * x);
    CHECK(total.item() == 30);
    CHECK(lazy::cuda::prod(x).item() == 24);
    CHECK(lazy::cuda::amax(x - 2).item() == 2);
    CHECK(lazy::cuda::amin(x - 2).item() == -1);
    CHECK(lazy::cuda::any(x > 3).item());
    CHECK(!lazy::cuda::all(x > 3).item());
    CHECK_THROWS_AS(lazy::cuda::eval(x % (x - 1)), lazy::value_error);
}

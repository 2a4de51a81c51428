// The public header in a translation unit of nvcc: one statement and one reduction, as kernels.
// SPDX-License-Identifier: BSD-3-Clause
#include "../catch.hpp"

#include "../../include/lazytensor/cuda.hpp"

TEST_CASE("lazy::cuda: the public API compiled by nvcc") {
    auto x = lazy::tensor({{1.0F, 2.0F, 3.0F}, {4.0F, 5.0F, 6.0F}});
    auto row = lazy::tensor({10.0F, 20.0F, 30.0F});
    if (!lazy::cuda::is_available()) {
        WARN("skipped, no usable GPU: " << lazy::cuda::unavailable_reason());
        CHECK_THROWS_AS(lazy::cuda::eval(x * 2 + row), lazy::device_error);
        CHECK_THROWS_AS(lazy::cuda::sum(x * 2 + row), lazy::device_error);
        return;
    }
    CHECK(lazy::cuda::eval(x * 2 + row).tolist() == (x * 2 + row).tolist());
    CHECK(lazy::cuda::sum(x * 2 + row).item() == 162);
}

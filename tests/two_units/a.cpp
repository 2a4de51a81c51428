// One of two translation units that include the whole library: no symbol may be defined twice.
// SPDX-License-Identifier: BSD-3-Clause
#include <lazytensor.hpp>

#include <vector>

std::vector<float> from_the_other_unit();

int main() {
    const std::vector<float> here = (lazy::tensor({1.f, 2.f}) * 2 + 1).tolist();
    return here == from_the_other_unit() ? 0 : 1;
}

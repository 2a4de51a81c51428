// The other translation unit: the same expression type as a.cpp, so that their kernels must merge.
// SPDX-License-Identifier: BSD-3-Clause
#include <lazytensor.hpp>

#include <vector>

std::vector<float> from_the_other_unit() { return (lazy::tensor({1.f, 2.f}) * 2 + 1).tolist(); }

// expect: static assertion failed|static_assert failed|constraints? not satisfied|constraint failure
// SPDX-License-Identifier: BSD-3-Clause
#include <lazytensor.hpp>

#include <cstdint>
#include <string>

int main() {
#ifdef LAZYTENSOR_CONTROL
    lazy::tensor<std::int64_t> a = lazy::tensor({1, 2});
#else
    lazy::tensor<std::string> a;
#endif
    (void)a;
}

// expect: does not take this dtype|static assertion failed|static_assert failed
// SPDX-License-Identifier: BSD-3-Clause
#include <lazytensor.hpp>

int main() {
    auto a = lazy::tensor({1, 2});
    auto f = lazy::tensor({1.f, 2.f});
#ifdef LAZYTENSOR_CONTROL
    auto b = a & 1;
    (void)f;
#else
    auto b = a & f;
#endif
    (void)b;
}

// expect: does not take this dtype|static assertion failed|static_assert failed
// SPDX-License-Identifier: BSD-3-Clause
#include <lazytensor.hpp>

int main() {
    auto a = lazy::tensor({true, false});
#ifdef LAZYTENSOR_CONTROL
    auto b = a ^ a;
#else
    auto b = a - a;
#endif
    (void)b;
}

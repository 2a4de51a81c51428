// expect: an index is a number, range, all|static assertion failed|static_assert failed
// SPDX-License-Identifier: BSD-3-Clause
#include <lazytensor.hpp>

int main() {
    auto a = lazy::arange(4);
#ifdef LAZYTENSOR_CONTROL
    auto b = a[1];
#else
    auto b = a[1.0];
#endif
    (void)b;
}

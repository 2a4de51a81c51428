// expect: has no member named .fill_|no member named .fill_
// SPDX-License-Identifier: BSD-3-Clause
#include <lazytensor.hpp>

int main() {
    auto a = lazy::tensor({1.f, 2.f});
#ifdef LAZYTENSOR_CONTROL
    a.fill_(1);
#else
    (a + 1).fill_(1);
#endif
}

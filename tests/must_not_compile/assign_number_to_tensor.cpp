// expect: use of deleted function|overload resolution selected deleted operator|no match for .operator=|no viable overloaded
// SPDX-License-Identifier: BSD-3-Clause
#include <lazytensor.hpp>

int main() {
    auto a = lazy::tensor({1.f, 2.f});
#ifdef LAZYTENSOR_CONTROL
    a.fill_(3);
    a[0] = 3;
#else
    a = 3;
#endif
}

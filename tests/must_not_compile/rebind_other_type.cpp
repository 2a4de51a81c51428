// expect: use of deleted function|no match for .operator=|no viable overloaded|conversion|discards qualifiers|overload resolution
// SPDX-License-Identifier: BSD-3-Clause
#include <lazytensor.hpp>

int main() {
    auto a = lazy::tensor({1, 2});
    auto f = lazy::tensor({1.f, 2.f});
#ifdef LAZYTENSOR_CONTROL
    a.copy_(f);
    a[0] = f[0];
#else
    a = f;
#endif
}

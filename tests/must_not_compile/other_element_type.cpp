// expect: no matching function|conversion from|no viable conversion
// SPDX-License-Identifier: BSD-3-Clause
#include <lazytensor.hpp>

int main() {
    auto a = lazy::tensor({1, 2});
#ifdef LAZYTENSOR_CONTROL
    lazy::tensor<float> b = a.to(lazy::float32);
#else
    lazy::tensor<float> b = a;
#endif
    (void)b;
}

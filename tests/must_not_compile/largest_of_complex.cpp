// expect: does not take this dtype|static assertion failed|static_assert failed
// SPDX-License-Identifier: BSD-3-Clause
#include <complex>

#include <lazytensor.hpp>

int main() {
    auto c = lazy::tensor(std::complex<float>(1, 2));
#ifdef LAZYTENSOR_CONTROL
    auto b = lazy::amax(lazy::abs(c));
#else
    auto b = lazy::amax(c);
#endif
    (void)b;
}

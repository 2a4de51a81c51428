// A user's first program, built in every way that the library can be used.
// SPDX-License-Identifier: BSD-3-Clause
#include <lazytensor.hpp>

#include <iostream>

int main() { std::cout << (lazy::tensor({1, 2}) + 1).tolist() << '\n'; }

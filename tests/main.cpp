// The entry point of the test programs: Catch2's own main.
// SPDX-License-Identifier: BSD-3-Clause

// Version 2 defines main here; version 3 ignores the macro and brings main in its library.
#define CATCH_CONFIG_MAIN
#include "catch.hpp"

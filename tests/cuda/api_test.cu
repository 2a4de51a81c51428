// The program of api_test.cpp compiled by nvcc, with lazytensor.hpp and the SIMD back end beside it.
// SPDX-License-Identifier: BSD-3-Clause
#include "api_test.cpp"

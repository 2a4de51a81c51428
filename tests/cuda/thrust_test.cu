// The conformance cases of thrust_test.cpp as kernels for a real GPU; without one they are skipped.
// SPDX-License-Identifier: BSD-3-Clause
#include "thrust_test.cpp"

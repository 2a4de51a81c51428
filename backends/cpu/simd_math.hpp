// Accurate elementary and special functions on xsimd batches of float and double.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "math/error_function.hpp"
#include "math/exponential.hpp"
#include "math/hyperbolic.hpp"
#include "math/inverse_trigonometry.hpp"
#include "math/logarithm.hpp"
#include "math/power.hpp"
#include "math/rounding.hpp"
#include "math/special.hpp"
#include "math/trigonometry.hpp"

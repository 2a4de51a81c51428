// Lazytensor: PyTorch's tensor vocabulary over a lazy, fused expression graph. Include this.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lazytensor/tensor.hpp"

#include "lazytensor/algorithms.hpp"
#include "lazytensor/creation.hpp"
#include "lazytensor/functions.hpp"
#include "lazytensor/indexing.hpp"
#include "lazytensor/joining.hpp"
#include "lazytensor/manipulation.hpp"
#include "lazytensor/random.hpp"
#include "lazytensor/reductions.hpp"

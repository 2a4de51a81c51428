// The door to the planner and the CPU, with its definitions unless a library has them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine_interface.hpp"

#ifndef LAZYTENSOR_COMPILED
#include "engine_definitions.hpp"
#endif

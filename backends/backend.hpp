// The contract of a back end: it gives memory and runs passes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

#include "../lazy/plan/pass.hpp"

namespace lazy::backends {

/// Runs passes in the order given, one evaluation at a time (the evaluator holds a lock).
class backend {
public:
    virtual ~backend() = default;
    virtual const char* name() const = 0;
    virtual buffer_ptr allocate(std::size_t bytes) = 0;
    /// Copies `bytes` bytes; an update copies the old value when somebody still needs it.
    virtual void copy(void* to, const void* from, std::size_t bytes) = 0;
    /// Computes the pass. results[i] is the memory for pass.outputs[i] (of an update: the whole
    /// base); every leaf's source is a buffer, number or iota node by now. Throws value_error, and
    /// leaves results undefined, when an element has no value (integer division by zero).
    virtual void run(const plan::pass& p, std::span<std::byte* const> results) = 0;
};

}  // namespace lazy::backends

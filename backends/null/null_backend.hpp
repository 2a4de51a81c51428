// The null back end: records the passes it is given and computes nothing, for planner tests.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "../../lazy/plan/describe.hpp"
#include "../backend.hpp"

namespace lazy::null {

/// Every result is zeros; what would have been done is in `passes`.
class null_backend final : public backends::backend {
public:
    const char* name() const override { return "null"; }
    buffer_ptr allocate(std::size_t bytes) override {
        buffer_ptr b = buffer::allocate(bytes);
        std::memset(b->data(), 0, bytes);
        return b;
    }
    void copy(void*, const void*, std::size_t) override {}
    void run(const plan::pass& p, std::span<std::byte* const>) override {
        std::string text;
        plan::describe_pass(text, p, passes.size() + 1);
        passes.push_back(std::move(text));
    }

    /// The passes run so far, as explain() words them.
    std::vector<std::string> passes;
};

}  // namespace lazy::null

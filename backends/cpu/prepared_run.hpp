// Running a pass by what was made of it: now, or when it ran before.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

#include "../../lazy/plan/pass.hpp"

namespace lazy::cpu {

/// Run(p).run(results). A pass that comes again keeps its Run, which then takes the addresses of
/// other nodes.
template <class Run>
bool prepared_run(const plan::pass& p, std::span<std::byte* const> results) {
    if (!p.comes_again) {
        return Run(p).run(results);
    }
    if (p.program == nullptr) {
        p.program = std::make_unique<Run>(p);
    }
    return static_cast<Run&>(*p.program).run(results);
}

}  // namespace lazy::cpu

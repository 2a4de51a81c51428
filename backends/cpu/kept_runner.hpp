// Keeping a lone thread's tile runner for the next run of its program.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>

#include "tile_runner.hpp"

namespace lazy::cpu {

/// A lone thread's runner, ready again at the program's next run. Each of several threads makes its
/// own, as does one that turns inputs: its panels are too much to keep for every plan.
class kept_runner {
public:
    template <class F>
    void use(const tile_program& program, bool alone, F&& f) {
        if (!alone || program.turned()) {
            tile_runner tiles(program);
            tiles.start();
            f(tiles);
            return;
        }
        if (!mine_.has_value()) {
            mine_.emplace(program);
        }
        mine_->start();
        f(*mine_);
    }

private:
    std::optional<tile_runner> mine_;
};

}  // namespace lazy::cpu

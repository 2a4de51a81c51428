// The order of tiles: along the elements, within rows where that matters, or down a grid.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tile_program.hpp"

namespace lazy::cpu {

/// f(start, n) for elements [first, last) in tiles. `aligned`: the bits of a tile's start that its
/// size makes up for.
template <class Program, class F>
void each_tile(const Program& program, std::int64_t first, std::int64_t last, F&& f,
               std::int64_t aligned = 0) {
    const std::int64_t row = program.by_rows() ? program.dims().back() : 0;
    while (first < last) {
        std::int64_t n = std::min(program.tile() - (first & aligned), last - first);
        if (row != 0) {
            n = std::min(n, row - first % row);
        }
        f(first, n);
        first += n;
    }
}
/// The same, tiles ending at multiples of the tile size of the whole space, so that most are
/// aligned where they are stored.
template <class F>
void each_aligned_tile(const tile_program& program, std::int64_t first, std::int64_t last, F&& f) {
    each_tile(program, first, last, f, program.tile() - 1);
}

/// Rows and columns of a grid that are walked together.
inline constexpr std::int64_t panel_rows = 16;
inline constexpr std::int64_t panel_columns = 256;

/// The same tiles, for passes in which the order of elements does not matter: some rows at a time
/// go through the columns together, so that turned inputs are read along their memory.
template <class F>
void each_tile_of_grid(const tile_program& program, std::int64_t first, std::int64_t last, F&& f) {
    const std::int64_t length = program.dims().back();
    const std::int64_t rows = program.dims()[program.dims().size() - 2];
    for (std::int64_t row = first / length; row * length < last;) {
        const std::int64_t in_grid = row % rows;
        const std::int64_t end = std::min(
            last / length, row + std::min(panel_rows - in_grid % panel_rows, rows - in_grid));
        for (std::int64_t column = 0; column < length; column += panel_columns) {
            const std::int64_t n = std::min(panel_columns, length - column);
            for (std::int64_t r = row; r < end; ++r) {
                f(r * length + column, n);
            }
        }
        row = end;
    }
}

}  // namespace lazy::cpu

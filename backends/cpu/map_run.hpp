// Runs a map or update pass: tiles, or one kernel straight over dense arrays.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "kept_runner.hpp"
#include "parallel.hpp"
#include "straight_run.hpp"
#include "streaming.hpp"

namespace lazy::cpu {

/// One such pass on the CPU.
class map_run final : public plan::prepared {
public:
    explicit map_run(const plan::pass& p) : pass_(p), program_(p) {}

    /// False when an element had no value.
    bool run(std::span<std::byte* const> results) {
        const std::int64_t n = pass_.numel();
        if (n == 0) {
            return true;
        }
        program_.bind(results);
        const int threads = threads_for(n, static_cast<double>(n) * (program_.cost() + 1));
        const bool stream = streams(pass_);
        const std::int64_t grain = program_.turned() ? panel_rows * program_.dims().back() : 4096;
        std::atomic<bool> fault{false};
        parallel(threads, [&](int t) {
            const auto [first, last] = share(n, grain, t, threads);
            if (first != last && !run_share(first, last, stream, threads == 1)) {
                fault.store(true);
            }
        });
        return !fault.load();
    }

private:
    bool run_share(std::int64_t first, std::int64_t last, bool stream, bool alone) {
        if (program_.direct()) {
            return run_direct(first, last, stream);
        }
        bool fault = false;
        runner_.use(program_, alone, [&](tile_runner& tiles) {
            const auto run = [&](std::int64_t start, std::int64_t count) {
                tiles.run(start, count, stream);
            };
            if (program_.turned()) {
                tiles.walk_grid();
                each_tile_of_grid(program_, first, last, run);
            } else {
                each_aligned_tile(program_, first, last, run);
            }
            fault = tiles.fault();
        });
        return !fault;
    }
    bool run_direct(std::int64_t first, std::int64_t last, bool stream) const {
        const tile_program::call& c = program_.calls()[0];
        const tile_program::destination& d = program_.destinations()[0];
        list<input_array> in(c.arity);
        for (std::size_t k = 0; k < in.size(); ++k) {
            const tile_program::source& s = program_.sources()[program_.operands()[k]];
            in[k] = {s.data, s.itemsize};
        }
        const straight_run straight{c.run,      c.params,           {in.data(), in.size()},
                                    d.itemsize, stream && c.stream, program_.fetches()};
        return straight.run(first, last, d.data + first * static_cast<std::int64_t>(d.itemsize));
    }

    const plan::pass& pass_;
    tile_program program_;
    kept_runner runner_;
};

}  // namespace lazy::cpu

// Runs a rows pass: all stages of some rows while they are in cache, then the next rows.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>

#include "parallel.hpp"
#include "row_reducer.hpp"
#include "streaming.hpp"

namespace lazy::cpu {

/// One rows pass on the CPU. Rows are taken in blocks: short ones together, so that what is done
/// once per row is done for many rows by one kernel call.
class rows_run final : public plan::prepared {
public:
    explicit rows_run(const plan::pass& p) : pass_(p), programs_(p.stages.size()) {
        for (const plan::pass& stage : p.stages) {
            work_ += (programs_.add(stage).cost() + 1) * static_cast<double>(stage.reduced);
        }
        std::int64_t bytes = 8;
        for (const plan::local_value& v : p.locals) {
            bytes += v.result >= 0 || v.per_row ? 0 : itemsize(v);
        }
        const std::int64_t most = std::min(p.outer, block_elements / p.reduced);
        most_rows_ = std::clamp(plan::most_scratch_bytes / (bytes * p.reduced), std::int64_t{1},
                                std::max<std::int64_t>(1, most));
    }

    /// False when an element had no value.
    bool run(std::span<std::byte* const> results) {
        results_ = results;
        for (tile_program& p : programs_) {
            p.bind(results);
        }
        fault_ = false;
        const bool stream = streams(pass_);
        const int threads = threads_for(pass_.outer, work_ * static_cast<double>(pass_.outer));
        block_ = std::clamp((pass_.outer + threads - 1) / threads, std::int64_t{1}, most_rows_);
        parallel(threads, [&](int t) {
            const auto [first, last] = share(pass_.outer, 1, t, threads);
            if (first == last) {
                return;
            }
            if (threads > 1) {
                worker w(*this);
                run_share(first, last, stream, w);
                return;
            }
            if (!lone_.has_value()) {
                lone_.emplace(*this);
            }
            run_share(first, last, stream, *lone_);
        });
        return !fault_.load();
    }

private:
    /// Elements of a block of short rows: they stay in the second-level cache, and what is done for
    /// each block and stage weighs little.
    static constexpr std::int64_t block_elements = 16384;

    static std::int64_t itemsize(const plan::local_value& v) {
        return static_cast<std::int64_t>(v.source->dtype().itemsize());
    }

    /// A thread's runners and reducers, by stage, and its places of local values.
    struct worker {
        explicit worker(const rows_run& run)
            : tiles(run.programs_.size()),
              reducers(run.programs_.size()),
              places(run.pass_.locals.size()) {
            for (std::size_t s = 0; s < run.programs_.size(); ++s) {
                tiles.add(run.programs_[s]);
                reducers.add(run.pass_.stages[s]);
            }
        }
        memory::fixed_list<tile_runner> tiles;
        memory::fixed_list<row_reducer> reducers;
        list<tile_runner::location> places;
    };

    void run_share(std::int64_t first, std::int64_t last, bool stream, worker& w) {
        for (tile_runner& t : w.tiles) {
            t.start();
        }
        const list<std::byte> scratch = place_locals(w.places);
        for (std::int64_t row = first; row < last; row += block_) {
            const std::int64_t end = std::min(last, row + block_);
            for (std::size_t i = 0; i < w.places.size(); ++i) {
                const plan::local_value& v = pass_.locals[i];
                if (v.result < 0) {
                    w.places[i].first = v.per_row ? row : row * pass_.reduced;
                }
            }
            for (std::size_t s = 0; s < programs_.size(); ++s) {
                w.tiles[s].bind(w.places.data());
                run_stage(pass_.stages[s], w.tiles[s], w.reducers[s], row, end, stream,
                          w.places.data());
            }
        }
        for (const tile_runner& t : w.tiles) {
            if (t.fault()) {
                fault_.store(true);
            }
        }
    }

    /// Results are computed in place, all else in the scratch that is returned.
    list<std::byte> place_locals(list<tile_runner::location>& places) const {
        constexpr std::size_t line = 64;
        std::size_t total = 0;
        for (std::size_t i = 0; i < places.size(); ++i) {
            const plan::local_value& v = pass_.locals[i];
            if (v.result >= 0) {
                places[i] = {results_[static_cast<std::size_t>(v.result)], 0};
                continue;
            }
            const std::int64_t elements = block_ * (v.per_row ? 1 : pass_.reduced);
            places[i].first = static_cast<std::int64_t>(total);
            total += (static_cast<std::size_t>(elements * itemsize(v)) + line - 1) / line * line;
        }
        list<std::byte> scratch(total);
        for (std::size_t i = 0; i < places.size(); ++i) {
            if (pass_.locals[i].result < 0) {
                places[i].data = scratch.data() + places[i].first;
            }
        }
        return scratch;
    }

    void run_stage(const plan::pass& stage, tile_runner& tiles, row_reducer& reducer,
                   std::int64_t row, std::int64_t end, bool stream,
                   const tile_runner::location* places) const {
        const std::int64_t length = stage.reduced;
        if (reducer.count() == 0) {
            each_aligned_tile(
                tiles.program(), row * length, end * length,
                [&](std::int64_t start, std::int64_t n) { tiles.run(start, n, stream); });
            return;
        }
        reducer.rows(tiles, row, end, false, [&](std::size_t i, std::int64_t at) {
            const plan::output& o = stage.outputs[i];
            const tile_runner::location& to = places[o.local];
            return to.data +
                   (at - to.first) * static_cast<std::int64_t>(o.target->dtype().itemsize());
        });
    }

    const plan::pass& pass_;
    std::span<std::byte* const> results_;
    memory::fixed_list<tile_program> programs_;
    double work_ = 0;
    std::int64_t most_rows_ = 1;
    std::int64_t block_ = 1;
    std::optional<worker> lone_;  ///< of a lone thread, for the next run
    std::atomic<bool> fault_{false};
};

}  // namespace lazy::cpu

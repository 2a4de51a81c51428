// Runs a reduce pass: fixed blocks, combined as a fixed tree, whatever the threads and tiles.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>

#include "kept_runner.hpp"
#include "parallel.hpp"
#include "row_reducer.hpp"
#include "streaming.hpp"

namespace lazy::cpu {

/// One reduce pass on the CPU; elementwise values of the same elements are stored on the way.
class reduce_run final : public plan::prepared {
public:
    explicit reduce_run(const plan::pass& p) : pass_(p), program_(p) {
        for (std::size_t i = 0; i < p.outputs.size(); ++i) {
            if (!tile_program::is_stored(p.outputs[i])) {
                reductions_.push_back(i);
            }
        }
    }

    /// False when an element had no value.
    bool run(std::span<std::byte* const> results) {
        results_ = results;
        program_.bind(results);
        stream_ = streams(pass_) && reductions_.size() < pass_.outputs.size();
        fault_ = false;
        if (pass_.outer == 0 || pass_.inner == 0) {
            return true;
        }
        if (pass_.inner == 1) {
            run_trailing();
        } else {
            run_leading();
        }
        return !fault_.load();
    }

private:
    static constexpr std::int64_t most_parts = 1024;
    using bytes = list<std::byte>;

    /// Reductions are numbered as the row_reducer does; all else in the order of the outputs.
    const graph::reduce_kernel& kernel(std::size_t i) const {
        return pass_.outputs[reductions_[i]].target->reduce();
    }
    std::size_t count() const { return reductions_.size(); }
    double work() const {
        return static_cast<double>(pass_.outer * pass_.reduced * pass_.inner) *
               (program_.cost() + 2.0 * static_cast<double>(count()));
    }
    std::byte* result(std::size_t output, std::int64_t at) const {
        const lazy::dtype d = pass_.outputs[output].target->dtype();
        return results_[output] + at * static_cast<std::int64_t>(d.itemsize());
    }
    void finish(std::size_t i, std::int64_t at, const void* states, std::int64_t n) const {
        kernel(i).finish(result(reductions_[i], at), states, static_cast<std::size_t>(n));
    }

    /// Blocks per part: a power of two, so that parts are subtrees of the whole tree.
    static std::int64_t blocks_per_part(std::int64_t blocks, std::int64_t most) {
        const auto each = static_cast<std::uint64_t>((blocks + most - 1) / most);
        return static_cast<std::int64_t>(std::bit_ceil(std::max<std::uint64_t>(each, 1)));
    }

    void run_trailing() {
        const std::int64_t blocks = row_reducer::blocks(pass_.reduced);
        const int threads = threads_for(std::max(pass_.outer, blocks), work());
        if (pass_.outer >= threads || blocks == 1) {
            parallel(threads, [&](int t) {
                const auto [first, last] = share(pass_.outer, 1, t, threads);
                if (first == last) {
                    return;
                }
                runner_.use(
                    program_, threads == 1, [&, first = first, last = last](tile_runner& tiles) {
                        row_reducer(pass_).rows(
                            tiles, first, last, stream_,
                            [&](std::size_t o, std::int64_t row) { return result(o, row); });
                        note(tiles);
                    });
            });
            return;
        }
        const std::int64_t per_part = blocks_per_part(blocks, most_parts);
        const std::int64_t parts = (blocks + per_part - 1) / per_part;
        list<bytes> partial(count());  // of each output: a state per part
        for (std::size_t i = 0; i < count(); ++i) {
            partial[i].resize(kernel(i).state_size * static_cast<std::size_t>(parts));
        }
        for (std::int64_t o = 0; o < pass_.outer; ++o) {
            parallel(threads, [&](int t) {
                const auto [first, last] = share(parts, 1, t, threads);
                tile_runner tiles(program_);
                tiles.start();
                row_reducer reducer(pass_);
                for (std::int64_t k = first; k < last; ++k) {
                    reducer.part(tiles, o, k * per_part, std::min(blocks, (k + 1) * per_part),
                                 stream_);
                    for (std::size_t i = 0; i < count(); ++i) {
                        const std::size_t size = kernel(i).state_size;
                        std::memcpy(partial[i].data() + static_cast<std::size_t>(k) * size,
                                    reducer.state(i), size);
                    }
                }
                note(tiles);
            });
            for (std::size_t i = 0; i < count(); ++i) {
                state_tree tree(kernel(i), 1);
                const std::size_t size = kernel(i).state_size;
                for (std::size_t k = 0; k < static_cast<std::size_t>(parts); ++k) {
                    tree.push(partial[i].data() + k * size);
                }
                bytes total(size);
                tree.total(total.data());
                finish(i, o, total.data(), 1);
            }
        }
    }

    /// Reduced dimensions before the last: states for a run of columns, row after row.
    void run_leading() {
        const std::int64_t columns = pass_.inner;
        const std::int64_t blocks =
            std::max<std::int64_t>(1, (pass_.reduced + row_block - 1) / row_block);
        std::size_t state = 0;
        for (std::size_t i = 0; i < count(); ++i) {
            state += kernel(i).state_size;
        }
        // Columns whose states stay in the first-level cache.
        const std::int64_t most =
            std::max<std::int64_t>(256, 16384 / static_cast<std::int64_t>(state));
        const int wanted = threads_for(INT64_MAX, work());
        std::int64_t chunk = std::min(columns, most);
        // Threads share what is before the reduced dimensions, then the rows where each is one run
        // in memory, else the columns.
        if (columns > most || (blocks < wanted && pass_.outer < wanted)) {
            const std::int64_t least = (columns + most - 1) / most;
            const std::int64_t even = (least + wanted - 1) / wanted * wanted;
            chunk = std::max<std::int64_t>(256, ((columns + even - 1) / even + 63) / 64 * 64);
        }
        const std::int64_t chunks = (columns + chunk - 1) / chunk;
        whole_rows_ = chunks == 1;
        const std::int64_t jobs = pass_.outer * chunks;
        if (jobs >= wanted || blocks == 1) {
            const int threads = threads_for(jobs, work());
            parallel(threads, [&](int t) {
                const auto [first, last] = share(jobs, 1, t, threads);
                if (first == last) {
                    return;
                }
                runner_.use(program_, threads == 1,
                            [&, first = first, last = last](tile_runner& tiles) {
                                list<bytes> states;
                                for (std::int64_t job = first; job < last; ++job) {
                                    const std::int64_t o = job / chunks;
                                    const std::int64_t c = job % chunks * chunk;
                                    const std::int64_t n = std::min(chunk, columns - c);
                                    rows(tiles, states, o, c, n, 0, blocks);
                                    for (std::size_t i = 0; i < count(); ++i) {
                                        finish(i, o * columns + c, states[i].data(), n);
                                    }
                                }
                                note(tiles);
                            });
            });
            return;
        }
        const std::int64_t per_part = blocks_per_part(blocks, 64);
        const std::int64_t parts = (blocks + per_part - 1) / per_part;
        const int threads = threads_for(parts, work());
        list<list<bytes>> partial(static_cast<std::size_t>(parts));
        for (std::int64_t o = 0; o < pass_.outer; ++o) {
            for (std::int64_t c = 0; c < columns; c += chunk) {
                const std::int64_t n = std::min(chunk, columns - c);
                parallel(threads, [&](int t) {
                    const auto [first, last] = share(parts, 1, t, threads);
                    tile_runner tiles(program_);
                    tiles.start();
                    for (std::int64_t k = first; k < last; ++k) {
                        rows(tiles, partial[static_cast<std::size_t>(k)], o, c, n, k * per_part,
                             std::min(blocks, (k + 1) * per_part));
                    }
                    note(tiles);
                });
                for (std::size_t i = 0; i < count(); ++i) {
                    state_tree tree(kernel(i), static_cast<std::size_t>(n));
                    for (const list<bytes>& p : partial) {
                        tree.push(p[i].data());
                    }
                    bytes total(kernel(i).state_size * static_cast<std::size_t>(n));
                    tree.total(total.data());
                    finish(i, o * columns + c, total.data(), n);
                }
            }
        }
    }

    /// `states`, of each output: those of columns [c, c + n) after row blocks [first, last).
    void rows(tile_runner& tiles, list<bytes>& states, std::int64_t o, std::int64_t c,
              std::int64_t n, std::int64_t first, std::int64_t last) {
        states.resize(count());
        list<state_tree> trees;
        for (std::size_t i = 0; i < count(); ++i) {
            states[i].resize(kernel(i).state_size * static_cast<std::size_t>(n));
            if (last - first > 1) {
                trees.push_back({kernel(i), static_cast<std::size_t>(n)});
            }
        }
        for (std::int64_t b = first; b < last; ++b) {
            for (std::size_t i = 0; i < count(); ++i) {
                kernel(i).start(states[i].data(), static_cast<std::size_t>(n));
            }
            block(tiles, states, o, c, n, b * row_block,
                  std::min(pass_.reduced, (b + 1) * row_block));
            for (std::size_t i = 0; i < trees.size(); ++i) {
                trees[i].push(states[i].data());
            }
        }
        for (std::size_t i = 0; i < trees.size(); ++i) {
            trees[i].total(states[i].data());
        }
    }
    /// Rows [first, last) go into the states of columns [c, c + n).
    void block(tile_runner& tiles, list<bytes>& states, std::int64_t o, std::int64_t c,
               std::int64_t n, std::int64_t first, std::int64_t last) const {
        const bool several = n == pass_.inner && n <= program_.tile() / 2 && !program_.by_rows();
        const std::int64_t together = several ? program_.tile() / n : 1;
        for (std::int64_t r = first; r < last; r += together) {
            const std::int64_t start = (o * pass_.reduced + r) * pass_.inner + c;
            if (several) {
                const std::int64_t some = std::min(together, last - r);
                tiles.run(start, some * n, stream_);
                take_columns(tiles, states, 0, n, r, some);
                continue;
            }
            each_tile(program_, start, start + n, [&](std::int64_t at, std::int64_t m) {
                tiles.run(at, m, stream_);
                take_columns(tiles, states, at - start, m, r, 1);
            });
        }
    }
    /// What the tiles hold: `rows` rows of `n` columns, from these on.
    void take_columns(const tile_runner& tiles, list<bytes>& states, std::int64_t column,
                      std::int64_t n, std::int64_t row, std::int64_t rows) const {
        bool asked = false;  // by the first that reads far memory
        for (std::size_t i = 0; i < count(); ++i) {
            const graph::reduce_kernel& k = kernel(i);
            const std::ptrdiff_t ahead =
                whole_rows_ && !asked ? tiles.ahead(reductions_[i]) : std::ptrdiff_t{0};
            asked = asked || ahead != 0;
            k.columns(states[i].data() + static_cast<std::size_t>(column) * k.state_size,
                      tiles.value(reductions_[i]), static_cast<std::size_t>(n),
                      static_cast<std::size_t>(rows), row, ahead);
        }
    }

    void note(const tile_runner& tiles) {
        if (tiles.fault()) {
            fault_.store(true);
        }
    }

    const plan::pass& pass_;
    list<std::size_t> reductions_;  ///< of the outputs, those that are
    std::span<std::byte* const> results_;
    bool stream_ = false;
    bool whole_rows_ = false;  ///< rows are read whole, not some of their columns at a time
    tile_program program_;
    kept_runner runner_;
    std::atomic<bool> fault_{false};
};

}  // namespace lazy::cpu

// Reduces rows: each in blocks of fixed size, combined as a fixed tree.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>

#include "state_tree.hpp"
#include "tile_runner.hpp"

namespace lazy::cpu {

/// Rows whose columns are reduced in sequence before the tree combines.
inline constexpr std::int64_t row_block = 128;

/// One thread's states for the reductions that a pass makes along its rows of `pass.reduced`
/// elements, or for one reduction. The tree depends on the length alone. `Tiles` compute elements
/// some at a time, as a tile_runner does.
class row_reducer {
public:
    /// Elements reduced in sequence (per lane) before the tree combines.
    static constexpr std::int64_t block = 4096;

    explicit row_reducer(const plan::pass& p) : row_reducer(p.reduced) {
        for (std::size_t i = 0; i < p.outputs.size(); ++i) {
            if (p.outputs[i].target->kind() == graph::kind::reduce) {
                add(p.outputs[i].target->reduce(), i);
            }
        }
    }
    row_reducer(const graph::reduce_kernel& kernel, std::int64_t length) : row_reducer(length) {
        add(kernel, 0);
    }

    row_reducer(const row_reducer&) = delete;
    row_reducer& operator=(const row_reducer&) = delete;
    [[gnu::noinline]] ~row_reducer() = default;

    std::size_t count() const { return each_.size(); }
    static std::int64_t blocks(std::int64_t length) {
        return std::max<std::int64_t>(1, (length + block - 1) / block);
    }
    /// True iff one tile should hold several rows.
    template <class Tiles>
    bool short_rows(const Tiles& tiles) const {
        return length_ <= tiles.program().tile() / 2 && !tiles.program().by_rows();
    }

    /// Computes rows [first, last), whose elements start at first * length, and reduces each.
    /// to(output, row) is where its result goes; those of consecutive rows lie side by side.
    template <class Tiles, class F>
    void rows(Tiles& tiles, std::int64_t first, std::int64_t last, bool stream, F&& to) {
        if (short_rows(tiles)) {
            several_rows(tiles, first, last, stream, to);
            return;
        }
        for (std::int64_t row = first; row < last; ++row) {
            part(tiles, row, 0, blocks(length_), stream);
            for (entry& e : each_) {
                e.kernel->finish(to(e.output, row), e.states.data(), 1);
            }
        }
    }

    /// Blocks [first, last) of one row; leaves the result in `state(i)`.
    template <class Tiles>
    void part(Tiles& tiles, std::int64_t row, std::int64_t first, std::int64_t last, bool stream) {
        const std::int64_t begin = row * length_;
        for (entry& e : each_) {
            e.tree.clear();
        }
        const entry* const asking = asking_ahead(tiles);
        for (std::int64_t b = first; b < last; ++b) {
            start();
            const std::int64_t from = begin + b * block;
            const std::int64_t to = begin + std::min(length_, (b + 1) * block);
            each_tile(tiles.program(), from, to, [&](std::int64_t at, std::int64_t n) {
                constexpr auto group = static_cast<std::int64_t>(lanes);
                if (each_.size() == 1 && (at - begin) % group == 0 &&
                    tiles.take(at, n, stream, each_[0].states.data())) {
                    return;
                }
                tiles.run(at, n, stream);
                for (entry& e : each_) {
                    e.kernel->rows(e.states.data(), tiles.value(e.output),
                                   static_cast<std::size_t>(n), at - begin,
                                   &e == asking ? tiles.ahead(e.output) : 0);
                }
            });
            for (entry& e : each_) {
                e.kernel->fold(e.states.data(), lanes_used_);
                if (last - first > 1) {
                    e.tree.push(e.states.data());
                }
            }
        }
        for (entry& e : each_) {
            if (last - first > 1) {
                e.tree.total(e.states.data());
            }
        }
    }
    const std::byte* state(std::size_t i) const { return each_[i].states.data(); }

private:
    static constexpr std::size_t lanes = graph::reduce_kernel::lanes;

    explicit row_reducer(std::int64_t length) : length_(length) {
        // Lanes that no element reaches are left out.
        lanes_used_ =
            length_ >= static_cast<std::int64_t>(lanes)
                ? lanes
                : std::bit_ceil(static_cast<std::size_t>(std::max<std::int64_t>(length_, 1)));
    }
    void add(const graph::reduce_kernel& k, std::size_t output) {
        each_.push_back({&k, output, {}, {k, 1}});
    }

    struct entry {
        const graph::reduce_kernel* kernel;
        std::size_t output;
        list<std::byte> states;
        state_tree tree;
    };

    /// The costliest of those that reduce what is in far memory: while it computes, what comes next
    /// comes to the caches.
    template <class Tiles>
    const entry* asking_ahead(const Tiles& tiles) const {
        const entry* most = nullptr;
        for (const entry& e : each_) {
            if (tiles.ahead(e.output) != 0 &&
                (most == nullptr || e.kernel->cost > most->kernel->cost)) {
                most = &e;
            }
        }
        return most;
    }
    void start() {
        for (entry& e : each_) {
            e.states.resize(e.kernel->state_size * lanes);
            e.kernel->start(e.states.data(), lanes);
        }
    }
    template <class Tiles, class F>
    void several_rows(Tiles& tiles, std::int64_t first, std::int64_t last, bool stream, F&& to) {
        const std::int64_t together =
            length_ == 0 ? last - first : tiles.program().tile() / length_;
        for (std::int64_t row = first; row < last; row += together) {
            const std::int64_t rows = std::min(together, last - row);
            if (length_ != 0) {
                tiles.run(row * length_, rows * length_, stream);
            }
            for (entry& e : each_) {
                const std::byte* in = length_ == 0 ? nullptr : tiles.value(e.output);
                e.kernel->short_rows(to(e.output, row), in, static_cast<std::size_t>(rows),
                                     static_cast<std::size_t>(length_), 0);
            }
        }
    }

    std::int64_t length_;
    std::size_t lanes_used_;
    list<entry> each_;
};

}  // namespace lazy::cpu

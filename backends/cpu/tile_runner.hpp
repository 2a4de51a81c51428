// Runs a tile program: one thread's scratch, loading inputs into tiles, calling kernels in order.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <new>

#include "../../lazy/core/stop.hpp"
#include "row_walk.hpp"
#include "tile_walk.hpp"

namespace lazy::cpu {

/// `start` comes before a run of the program, which has taken the addresses of its nodes then.
class tile_runner {
public:
    explicit tile_runner(const tile_program& program)
        : program_(&program),
          places_(program.places() + 1),
          operands_(program.operands().size()),
          repeated_(program.sources().size()),
          scratch_(program.slots() * slot_size()) {
        for (std::uint32_t i = 0; i < program.slots(); ++i) {
            places_[i].data = scratch_.data() + i * slot_size();
        }
        for (const tile_program::source& s : program.sources()) {
            if (s.how == tile_program::load_kind::number) {
                continue;
            }
            places_[s.place].moves = true;
            if (s.how == tile_program::load_kind::dense && s.local < 0) {
                places_[s.place].itemsize = s.itemsize;
            } else {
                loaded_.push_back(&s);
            }
        }
        for (const tile_program::destination& d : program.destinations()) {
            if (d.copied) {
                copied_.push_back(&d);
            } else {
                places_[d.place] = {nullptr, d.itemsize, true};
                if (d.local >= 0) {
                    local_.push_back(&d);
                }
            }
        }
        steps_.reserve(program.calls().size());
        for (const tile_program::call& c : program.calls()) {
            const void** in = operands_.data() + c.first_operand;
            steps_.push_back({&c, c.run, {nullptr, in, 0, nullptr, false, &fault_}});
            for (std::size_t k = 0; k < c.arity; ++k) {
                const std::uint32_t place = program.operands()[c.first_operand + k];
                in[k] = places_[place].data;
                if (places_[place].moves) {
                    moving_.push_back({in + k, place});
                }
                if (program.fetches() && places_[place].itemsize != 0) {
                    steps_.back().call.ahead = fetch_distance;
                }
            }
        }
    }

    /// Takes the program's addresses and numbers.
    void start() {
        for (const tile_program::source& s : program_->sources()) {
            if (s.how == tile_program::load_kind::number) {
                fill(s);
            } else if (s.how == tile_program::load_kind::dense && s.local < 0) {
                places_[s.place].data = const_cast<std::byte*>(s.data);
            }
        }
        for (const tile_program::destination& d : program_->destinations()) {
            if (!d.copied) {
                places_[d.place].data = d.data;
            }
        }
        for (call_step& s : steps_) {
            s.call.params = s.of->params;
        }
        for (panel& p : panels_) {
            p.start = -1;
        }
        bind(nullptr);
        filled_ = true;
        fault_ = false;
        ran_ = false;
    }

    tile_runner(const tile_runner&) = delete;
    tile_runner& operator=(const tile_runner&) = delete;
    [[gnu::noinline]] ~tile_runner() = default;

    /// Where a local value's elements are: element `first` of it at `data`.
    struct location {
        std::byte* data;
        std::int64_t first;
    };
    /// The places of a stage's local values, by number; they may change between runs.
    void bind(const location* locals) {
        locals_ = locals;
        for (repeated& r : repeated_) {
            r = {};
        }
    }

    /// Computes elements [start, start + n), n at most one tile; stores what has a destination.
    /// Does nothing once the program wants to stop, except the first time: then there are values.
    /// `lanes`: of the only reduction, see `take`.
    void run(std::int64_t start, std::int64_t n, bool stream, void* lanes = nullptr) {
        if (stop::wanted() && ran_) {
            return;
        }
        ran_ = true;
        if (program_->dims().size() == 2) {
            row_ = start / program_->dims()[1];
            column_ = start - row_ * program_->dims()[1];
        }
        start_ = start;
        for (const tile_program::source* s : loaded_) {
            load(*s, start, n);
        }
        for (const tile_program::destination* d : local_) {
            places_[d->place] = {at(*d, start), 0, true};
        }
        for (const moving_operand& m : moving_) {
            *m.where = address(m.place);
        }
        for (call_step& s : steps_) {
            s.call.out = address(s.of->place);
            s.call.n = static_cast<std::size_t>(n);
            s.call.stream = stream && s.of->stream;
            if (lanes != nullptr && s.of->groups != nullptr) {
                s.of->groups(lanes, s.call);
            } else {
                s.run(s.call);
            }
        }
        for (const tile_program::destination* d : copied_) {
            put(*d, start, n);
        }
    }

    /// The same of whole groups of elements that a reduction compiled together with their kernel
    /// takes into its lanes; false if it is not, or they are no whole groups.
    bool take(std::int64_t start, std::int64_t n, bool stream, void* lanes) {
        if (!program_->fused() || n % static_cast<std::int64_t>(graph::reduce_kernel::lanes) != 0) {
            return false;
        }
        run(start, n, stream, lanes);
        return true;
    }

    /// Where the value of pass.outputs[i] is after `run`.
    const std::byte* value(std::size_t i) const { return address(program_->value_place(i)); }
    /// How far ahead a reduction of that value should ask for it: 0 if it is in the caches.
    std::ptrdiff_t ahead(std::size_t i) const {
        const std::uint32_t place = program_->value_place(i);
        const bool is_input = place < program_->sources().size() && places_[place].itemsize != 0;
        return is_input && program_->fetches() ? reduction_fetch_distance : 0;
    }
    bool fault() const { return fault_; }
    const tile_program& program() const { return *program_; }

    /// From now on tiles come in the order of `each_tile_of_grid`.
    void walk_grid() { panels_.resize(program_->sources().size()); }

private:
    /// A slot of a number, unless it holds it already.
    void fill(const tile_program::source& s) {
        std::byte* const slot = slot_of(s);
        if (!filled_ || std::memcmp(slot, s.data, s.itemsize) != 0) {
            const std::int64_t n =
                s.whole ? program_->tile() : static_cast<std::int64_t>(chunk_bytes / s.itemsize);
            copy_strided(slot, 1, s.data, 0, n, s.itemsize);
        }
    }

    /// A slot that holds one repeated element, or repeated rows: from where, and how much.
    struct repeated {
        const std::byte* from = nullptr;
        std::int64_t n = 0;
    };

    /// Where a place's elements are in this tile.
    std::byte* address(std::uint32_t place) const {
        const location_of_place& p = places_[place];
        return p.data + start_ * static_cast<std::int64_t>(p.itemsize);
    }

    std::size_t slot_size() const {
        return static_cast<std::size_t>(program_->tile()) * program_->slot_bytes();
    }
    std::byte* slot_of(const tile_program::source& s) {
        return scratch_.data() + s.place * slot_size();
    }

    /// Address of element `index` of a source or destination.
    template <class Place>
    std::byte* at(const Place& p, std::int64_t index) const {
        const std::byte* data = p.data;
        if (p.local >= 0) {
            const location& l = locals_[p.local];
            data = l.data;
            index -= l.first;
        }
        return const_cast<std::byte*>(data) + index * static_cast<std::int64_t>(p.itemsize);
    }

    void load(const tile_program::source& s, std::int64_t start, std::int64_t n) {
        const auto itemsize = static_cast<std::int64_t>(s.itemsize);
        switch (s.how) {
            case tile_program::load_kind::number: return;
            case tile_program::load_kind::dense: places_[s.place].data = at(s, start); return;
            case tile_program::load_kind::iota: load_indices(s, start, n); return;
            case tile_program::load_kind::turned:
                if (panels_.empty()) {
                    break;
                }
                load_turned(s, start, n);
                return;
            case tile_program::load_kind::strided: break;
        }
        const std::int64_t step = s.strides.empty() ? 0 : s.strides.back();
        std::byte* out = slot_of(s);
        places_[s.place].data = out;
        if (s.strides.size() == 2) {
            load_of_matrix(s, n);
            return;
        }
        for (row_walk walk(program_->dims(), s.strides, start, n); walk.next();) {
            std::byte* from = at(s, walk.offset());
            if (step == 0 && walk.run() == n && same_element(s, from, n)) {
                return;
            }
            if (step == 1 && walk.run() == n) {
                // The whole tile is one run in memory: read it where it is.
                places_[s.place].data = from;
                return;
            }
            if (step != 0 || walk.run() != n) {
                forget(s);
            }
            copy_strided(out, 1, from, step, walk.run(), s.itemsize);
            out += walk.run() * itemsize;
        }
    }
    /// The same of a matrix, the usual case: elements from (row_, column_) on.
    void load_of_matrix(const tile_program::source& s, std::int64_t n) {
        const std::int64_t step = s.strides[1];
        const std::int64_t columns = program_->dims()[1];
        std::byte* out = slot_of(s);
        std::byte* from = at(s, row_ * s.strides[0] + column_ * step);
        if (column_ + n > columns) {  // several rows
            // A row repeated all the way down is copied once, if tiles start alike.
            if (s.strides[0] != 0) {
                forget(s);
            }
            if (s.strides[0] != 0 || !same_element(s, from, n)) {
                copy_grid(out, at(s, row_ * s.strides[0]), column_, columns, s.strides[0], step, n,
                          s.itemsize);
            }
        } else if (step == 1) {
            places_[s.place].data = from;
        } else if (step != 0) {
            forget(s);
            copy_strided(out, 1, from, step, n, s.itemsize);
        } else if (!same_element(s, from, n)) {
            copy_strided(out, 1, from, step, n, s.itemsize);
        }
    }
    /// True iff the slot holds `n` times the element at `from` already; notes that it will. Memory
    /// that an earlier run of the pass wrote (`bind`) may have changed.
    bool same_element(const tile_program::source& s, const std::byte* from, std::int64_t n) {
        repeated& r = repeated_[s.place];
        if (r.from == from && r.n >= n) {
            return true;
        }
        r = {from, n};
        return false;
    }
    /// Some rows and columns of a turned input, turned back.
    struct panel {
        std::int64_t start = -1;
        list<std::byte> elements;
    };
    void load_turned(const tile_program::source& s, std::int64_t start, std::int64_t n) {
        const std::int64_t length = program_->dims().back();
        const std::int64_t rows = program_->dims()[program_->dims().size() - 2];
        const std::int64_t row = start / length % rows;
        const std::int64_t within = row % panel_rows;
        const auto itemsize = static_cast<std::int64_t>(s.itemsize);
        panel& p = panels_[s.place];
        if (p.start != start - within * length) {
            p.start = start - within * length;
            p.elements.resize(static_cast<std::size_t>(panel_rows * panel_columns * itemsize));
            row_walk walk(program_->dims(), s.strides, p.start, 1);
            walk.next();
            turn(p.elements.data(), panel_columns, at(s, walk.offset()), s.strides.back(),
                 std::min(panel_rows, rows - (row - within)), n, s.itemsize);
        }
        places_[s.place].data = p.elements.data() + within * panel_columns * itemsize;
    }
    /// The slot is written with something else.
    void forget(const tile_program::source& s) { repeated_[s.place] = {}; }
    void load_indices(const tile_program::source& s, std::int64_t start, std::int64_t n) {
        auto* out = reinterpret_cast<std::int64_t*>(slot_of(s));
        const std::int64_t step = program_->dims().empty() ? 0 : s.strides.back();
        for (row_walk walk(program_->dims(), s.strides, start, n); walk.next();) {
            for (std::int64_t i = 0; i < walk.run(); ++i) {
                *out++ = s.offset + walk.offset() + i * step;
            }
        }
    }

    void put(const tile_program::destination& d, std::int64_t start, std::int64_t n) const {
        const std::byte* from = address(d.place);
        const auto itemsize = static_cast<std::int64_t>(d.itemsize);
        if (!d.strided) {
            std::byte* to = at(d, start);
            if (from != to) {  // a tensor written to itself is in place
                std::memcpy(to, from, static_cast<std::size_t>(n) * d.itemsize);
            }
            return;
        }
        const std::int64_t step = d.strides.back();
        for (row_walk walk(program_->dims(), d.strides, start, n); walk.next();) {
            copy_strided(d.data + walk.offset() * itemsize, step, from, 1, walk.run(), d.itemsize);
            from += walk.run() * itemsize;
        }
    }

    /// Where a place is: the first tile's elements, and how far apart those of two elements are,
    /// 0 where every tile's are in the same memory.
    struct location_of_place {
        std::byte* data = nullptr;
        std::size_t itemsize = 0;
        bool moves = false;  ///< from tile to tile
    };
    /// An operand of a call that every tile has elsewhere.
    struct moving_operand {
        const void** where;
        std::uint32_t place;
    };
    /// A call, ready but for what changes from tile to tile.
    struct call_step {
        const tile_program::call* of;
        void (*run)(const graph::map_call&);
        graph::map_call call;
    };

    const tile_program* program_;
    list<location_of_place> places_;
    list<const void*> operands_;  ///< of all calls, in this tile
    list<moving_operand> moving_;
    list<call_step> steps_;
    list<const tile_program::source*> loaded_;       ///< into their places, for every tile
    list<const tile_program::destination*> local_;   ///< where each thread says
    list<const tile_program::destination*> copied_;  ///< from where they are computed
    std::int64_t start_ = 0;                         ///< of the tile
    list<panel> panels_;                             ///< by place, when a grid is walked
    list<repeated> repeated_;  ///< by place: the first places are the sources'
    list<std::byte> scratch_;
    std::int64_t row_ = 0;  ///< of a matrix: where the tile starts
    std::int64_t column_ = 0;
    const location* locals_ = nullptr;
    bool filled_ = false;  ///< the numbers' slots, by an earlier run
    bool fault_ = false;
    bool ran_ = false;
};

}  // namespace lazy::cpu

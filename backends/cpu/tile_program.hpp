// A pass prepared for tiles: every value has a place, every kernel call its operands.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

#include "fetch.hpp"
#include "kernel_calls.hpp"

namespace lazy::cpu {

/// Bytes of all that a pass touches in a tile: they stay in the first-level cache. Larger tiles
/// need fewer calls (about 10 ns each), so few values make large tiles.
inline constexpr std::int64_t tile_bytes = 32 << 10;
inline constexpr std::int64_t least_tile = 256;
inline constexpr std::int64_t most_tile = 1024;
/// Rows from this length on are walked one by one when that saves copying.
inline constexpr std::int64_t least_row = 256;
/// Rows from this length on of transposed inputs are turned some at a time.
inline constexpr std::int64_t least_turned = 128;

/// What the threads share. A *place* is where a value's elements are during a tile: a slot of the
/// thread's scratch, or memory (a dense input, a dense result).
class tile_program {
public:
    /// `turned`: consecutive elements lie apart, but those of consecutive rows side by side.
    enum class load_kind : std::uint8_t { dense, number, strided, turned, iota };

    struct source {
        load_kind how;
        const std::byte* data;  ///< first element
        std::size_t itemsize;
        std::uint32_t place;
        lazy::shape strides;  ///< per collapsed dimension, in elements
        std::int64_t offset;  ///< of an iota
        int local;            ///< >= 0: where it is, each thread says (tile_runner::bind)
        bool whole = false;   ///< all of a tile is read, of a number; else a chunk
    };
    struct call {
        void (*run)(const graph::map_call&);
        const void* params;
        std::uint32_t first_operand;
        std::uint32_t arity;
        std::uint32_t place;
        std::uint32_t instruction;  ///< of the pass, whose parameters they are, unless of a strand
        std::uint32_t streamed_to;  ///< destination worth storing past the caches, or `none`
        bool stream;
        const strand* together;
        /// Set if only a reduction compiled together with it needs its values.
        void (*groups)(void* lanes, const graph::map_call&) = nullptr;
    };
    struct destination {
        std::byte* data;
        std::size_t itemsize;
        std::uint32_t place;  ///< where the value is
        bool copied;          ///< the value is not computed in place here
        bool strided;
        lazy::shape strides;
        int local;
        bool once;           ///< not read again soon: worth storing past the caches
        std::size_t output;  ///< of the pass
    };

    /// Nothing of it depends on where elements are; `bind` comes before every run.
    explicit tile_program(const plan::pass& p) : pass_(p), fetches_(is_far(p)) {
        collapse();
        place();
    }
    /// Takes the addresses of the pass's nodes. results[i] belongs to pass.outputs[i]; outputs that
    /// feed a reduction are not stored, and those of a stage go where each thread says.
    void bind(std::span<std::byte* const> results) {
        for (std::size_t l = 0; l < sources_.size(); ++l) {
            sources_[l].data = address_of(pass_.leaves[l], sources_[l].itemsize);
        }
        for (destination& d : destinations_) {
            if (d.local < 0) {
                const std::int64_t offset = pass_.outputs[d.output].offset;
                d.data = results[d.output] + offset * static_cast<std::int64_t>(d.itemsize);
            }
        }
        for (call& c : calls_) {
            c.params = c.together != nullptr
                           ? static_cast<const void*>(c.together)
                           : pass_.instructions[c.instruction].source->params().get();
            c.stream = c.streamed_to != none && is_aligned(destinations_[c.streamed_to]) &&
                       !is_read(destinations_[c.streamed_to]);
        }
    }

    tile_program(const tile_program&) = delete;
    tile_program& operator=(const tile_program&) = delete;
    [[gnu::noinline]] ~tile_program() = default;

    const lazy::shape& dims() const { return dims_; }
    const list<source>& sources() const { return sources_; }
    const list<call>& calls() const { return calls_; }
    const list<std::uint32_t>& operands() const { return operands_; }
    const list<destination>& destinations() const { return destinations_; }
    std::uint32_t places() const { return places_; }
    std::uint32_t slots() const { return slots_; }
    std::size_t slot_bytes() const { return slot_bytes_; }
    /// Place of pass.outputs[i]'s value.
    std::uint32_t value_place(std::size_t i) const { return value_places_[i]; }
    static bool is_stored(const plan::output& o) { return o.target->kind() != graph::kind::reduce; }
    /// True iff tiles should not cross rows of the innermost dimension: a row is long and then
    /// needs no copying.
    bool by_rows() const { return by_rows_; }
    /// Kernel cost per element.
    double cost() const { return cost_; }
    /// True iff some input is turned: tiles should then go down the rows (grid_walk).
    bool turned() const { return turned_; }
    /// Elements of a tile, a power of two.
    std::int64_t tile() const { return tile_; }
    /// True iff one kernel reads dense inputs and writes one dense result: no tiles needed.
    bool direct() const { return direct_; }
    /// True iff one of the calls has `groups`.
    bool fused() const { return fused_; }
    /// True iff inputs should be asked for ahead.
    bool fetches() const { return fetches_; }

private:
    static constexpr std::uint32_t none = ~0U;

    static bool is_aligned(const destination& d) {
        return reinterpret_cast<std::uintptr_t>(d.data) % d.itemsize == 0;
    }
    /// True iff the pass reads what it overwrites: that memory is in the caches.
    bool is_read(const destination& d) const {
        for (const source& s : sources_) {
            if (s.data == d.data && d.data != nullptr) {
                return true;
            }
        }
        return false;
    }
    /// Removes dimensions of size 1 and merges neighbours that every value walks as one.
    void collapse() {
        const std::size_t n = pass_.space.size();
        for (std::size_t d = 0; d < n; ++d) {
            if (pass_.space[d] == 1) {
                continue;
            }
            if (!kept_.empty() && mergeable(static_cast<std::size_t>(kept_.back()), d)) {
                dims_[dims_.size() - 1] *= pass_.space[d];
                kept_[kept_.size() - 1] = static_cast<std::int64_t>(d);
            } else {
                dims_.push_back(pass_.space[d]);
                kept_.push_back(static_cast<std::int64_t>(d));
            }
        }
    }
    bool mergeable(std::size_t outer, std::size_t inner) const {
        const std::int64_t size = pass_.space[inner];
        for (const plan::leaf& l : pass_.leaves) {
            if (l.strides[outer] != l.strides[inner] * size) {
                return false;
            }
        }
        for (const plan::output& o : pass_.outputs) {
            if (o.strided && o.strides[outer] != o.strides[inner] * size) {
                return false;
            }
        }
        return true;
    }
    lazy::shape collapsed(const lazy::shape& strides) const {
        lazy::shape r = dims_;
        for (std::size_t d = 0; d < kept_.size(); ++d) {
            r[d] = strides[static_cast<std::size_t>(kept_[d])];
        }
        return r;
    }

    void place() {
        const std::size_t leaves = pass_.leaves.size();
        const std::size_t values = pass_.value_count();
        struct value_facts {
            std::uint32_t last_use = 0;    // one more than the instruction's number
            std::uint32_t where = none;    // its place
            std::uint32_t made_by = none;  // the destination it is computed in
            bool whole = false;            // all of a tile is read at once
        };
        list<value_facts> each_value(values);
        kernel_calls kernels(pass_);
        for (std::size_t i = 0; i < kernels.size(); ++i) {
            for (std::size_t k = 0; k < kernels[i].arity; ++k) {
                value_facts& v = each_value[kernels.operand(kernels[i].first_operand + k)];
                v.last_use = static_cast<std::uint32_t>(i + 1);
                v.whole = v.whole || kernels[i].together == nullptr;
            }
        }
        for (const plan::output& o : pass_.outputs) {
            each_value[o.value].last_use = none;
            each_value[o.value].whole = true;
        }

        slot_bytes_ = 1;
        bool all_dense = true;
        bool in_place = false;  // a tile within one row of some input needs no copy of it
        const lazy::shape dense = contiguous_strides(dims_);
        sources_.reserve(leaves);
        for (std::size_t l = 0; l < leaves; ++l) {
            sources_.push_back(make_source(pass_.leaves[l], dense));
            source& s = sources_.back();
            need_slot(s.itemsize);
            s.whole = each_value[l].whole || pass_.leaves[l].source->kind() != graph::kind::number;
            all_dense = all_dense && s.how == load_kind::dense;
            each_value[l].where = s.place = places_++;
            const bool strided = s.how == load_kind::strided || s.how == load_kind::turned;
            turned_ = turned_ || s.how == load_kind::turned;
            by_rows_ = by_rows_ || strided;
            in_place = in_place || (strided && !dims_.empty() && s.strides.back() == 1);
        }
        // Numbers and strided inputs own a slot for the whole pass; so the first places are theirs.
        slots_ = places_;

        // A dense result is computed straight into its memory by the instruction that makes it.
        for (std::size_t i = 0; i < pass_.outputs.size(); ++i) {
            const plan::output& o = pass_.outputs[i];
            if (!is_stored(o)) {
                continue;
            }
            const std::size_t itemsize = o.target->dtype().itemsize();
            destination d{nullptr, itemsize, o.value, true, o.strided, {}, o.local, !o.reread, i};
            if (o.strided) {
                d.strides = collapsed(o.strides);
                d.strided = !same_strides(d.strides, dense);
                by_rows_ = by_rows_ || d.strided;
                in_place = in_place || d.strided;
            }
            if (!d.strided && !pass_.is_leaf(o.value) && each_value[o.value].made_by == none) {
                each_value[o.value].made_by = static_cast<std::uint32_t>(destinations_.size());
                d.copied = false;
            }
            destinations_.push_back(std::move(d));
        }

        list<std::uint32_t> free_places;
        operands_.reserve(pass_.operands.size());
        calls_.reserve(kernels.size());
        for (std::size_t i = 0; i < kernels.size(); ++i) {
            const kernel_call& in = kernels[i];
            const std::uint32_t value = in.value;
            const auto first = static_cast<std::uint32_t>(operands_.size());
            for (std::size_t k = 0; k < in.arity; ++k) {
                operands_.push_back(each_value[kernels.operand(in.first_operand + k)].where);
            }
            cost_ += in.cost + 0.25;
            need_slot(pass_.instructions[value - leaves].source->dtype().itemsize());
            // The result never shares a place with an operand: kernels of mixed sizes read ahead.
            std::uint32_t streamed_to = none;
            value_facts& result = each_value[value];
            if (result.made_by != none) {
                result.where = places_++;
                destination& d = destinations_[result.made_by];
                d.place = result.where;
                streamed_to = d.once && !read_again(value) ? result.made_by : none;
            } else if (free_places.empty()) {
                result.where = places_++;
            } else {
                result.where = free_places.back();
                free_places.pop_back();
            }
            calls_.push_back({in.run, nullptr, first, in.arity, result.where,
                              value - static_cast<std::uint32_t>(leaves), streamed_to, false,
                              in.together});
            for (std::size_t k = 0; k < in.arity; ++k) {
                const std::uint32_t v = kernels.operand(in.first_operand + k);
                value_facts& operand = each_value[v];
                if (v >= leaves && operand.last_use == i + 1 && operand.made_by == none) {
                    operand.last_use = 0;  // freed once, even when it is an operand twice
                    free_places.push_back(operand.where);
                }
            }
        }
        strands_ = kernels.take_strands();
        find_fused();
        slots_ = places_;
        value_places_.reserve(pass_.outputs.size());
        for (std::size_t i = 0; i < pass_.outputs.size(); ++i) {
            value_places_.push_back(each_value[pass_.outputs[i].value].where);
        }
        for (destination& d : destinations_) {
            if (d.copied) {
                d.place = each_value[d.place].where;  // so far the number of its value
            }
        }
        direct_ = all_dense && calls_.size() == 1 && destinations_.size() == 1 &&
                  !destinations_[0].copied;
        // Where nothing is computed, reductions read the inputs where they are, in their own
        // blocks.
        tile_ = calls_.empty() && all_dense ? most_tile * 4 : most_tile;
        auto each = static_cast<std::int64_t>(places_ * slot_bytes_);
        if (calls_.size() == 1) {  // nothing is read twice
            tile_ *= 2;
            each /= 2;
        }
        while (tile_ > least_tile && (tile_ * each > tile_bytes || tile_ / 2 >= pass_.numel())) {
            tile_ /= 2;
        }
        by_rows_ = by_rows_ && !dims_.empty() && dims_.back() >= (in_place ? least_row : tile_);
    }

    void find_fused() {
        for (const plan::output& o : pass_.outputs) {
            const graph::reduce_kernel* by = is_stored(o) ? nullptr : &o.target->reduce();
            if (by == nullptr || by->fused == nullptr || read_again(o.value)) {
                continue;
            }
            for (call& c : calls_) {
                if (o.value == pass_.leaves.size() + c.instruction && c.together == nullptr &&
                    by->fused == &pass_.instructions[c.instruction].source->map()) {
                    c.groups = by->groups;
                    fused_ = true;
                }
            }
        }
    }
    void need_slot(std::size_t itemsize) {
        slot_bytes_ = itemsize > slot_bytes_ ? itemsize : slot_bytes_;
    }
    bool read_again(std::uint32_t value) const {
        for (std::uint32_t v : pass_.operands) {
            if (v == value) {
                return true;
            }
        }
        std::size_t stored = 0;
        for (const plan::output& o : pass_.outputs) {
            stored += o.value == value ? 1 : 0;
        }
        return stored > 1;
    }

    static bool same_strides(const lazy::shape& a, const lazy::shape& b) {
        return a == b;  // collapsed dimensions all have size > 1
    }

    static const std::byte* address_of(const plan::leaf& l, std::size_t itemsize) {
        const graph::kind k = l.source->kind();
        return l.local >= 0 || k == graph::kind::iota ? nullptr
               : k == graph::kind::number
                   ? static_cast<const std::byte*>(l.source->number())
                   : l.source->data()->data() + l.offset * static_cast<std::int64_t>(itemsize);
    }
    source make_source(const plan::leaf& l, const lazy::shape& dense) const {
        source s{load_kind::dense, nullptr, l.source->dtype().itemsize(), 0, collapsed(l.strides),
                 l.offset,         l.local};
        if (l.local >= 0) {
            s.how = same_strides(s.strides, dense) ? load_kind::dense : load_kind::strided;
            return s;
        }
        const graph::kind k = l.source->kind();
        if (k == graph::kind::number) {
            s.how = load_kind::number;
            return s;
        }
        if (k == graph::kind::iota) {
            s.how = load_kind::iota;
            return s;
        }
        if (same_strides(s.strides, dense)) {
            return s;
        }
        bool still = true;
        for (std::int64_t step : s.strides) {
            still = still && step == 0;
        }
        s.how = still ? load_kind::number : load_kind::strided;
        const std::size_t n = s.strides.size();
        if (n >= 2 && s.strides[n - 2] == 1 && s.strides[n - 1] != 0 &&
            dims_[n - 1] >= least_turned) {
            s.how = load_kind::turned;
        }
        return s;
    }

    const plan::pass& pass_;
    bool fetches_;
    bool fused_ = false;
    lazy::shape dims_;
    lazy::shape kept_;  ///< the original dimension each collapsed one ends with
    list<source> sources_;
    list<std::unique_ptr<strand>> strands_;  ///< of the calls that have one
    list<call> calls_;
    list<std::uint32_t> operands_;
    list<destination> destinations_;
    list<std::uint32_t> value_places_;
    std::uint32_t places_ = 0;
    std::uint32_t slots_ = 0;
    std::size_t slot_bytes_ = 1;
    double cost_ = 0;
    std::int64_t tile_ = least_tile;
    bool by_rows_ = false;
    bool turned_ = false;
    bool direct_ = false;
};

}  // namespace lazy::cpu

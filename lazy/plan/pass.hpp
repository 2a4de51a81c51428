// A pass: one trip over memory, ready for a backend to run.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>

#include "../core/list.hpp"
#include "../graph/node.hpp"

namespace lazy::plan {

using graph::node;
using memory::list;

/// A value the pass reads: elements of a stored tensor, a repeated number, or row-major indices.
struct leaf {
    node* source;         ///< a buffer, number or iota node, or one an earlier pass computes
    lazy::shape strides;  ///< per dimension of the pass's space, in elements
    std::int64_t offset = 0;
    int local = -1;  ///< of a stage: which value of an earlier stage it is
};

/// One kernel call per tile. Values are numbered: first the leaves, then the instructions.
struct instruction {
    node* source;                 ///< the map node it computes
    std::uint32_t first_operand;  ///< into pass::operands
};

/// A map node's value to store, row-major or picked by strides (the destination of an update).
struct output {
    node* target;
    std::uint32_t value;
    bool strided = false;
    lazy::shape strides;
    std::int64_t offset = 0;
    int local = -1;       ///< of a stage: which value of the pass it is
    bool reread = false;  ///< by a later stage: better left in cache
    int donor = -1;       ///< the leaf whose memory it may take over, see donation.hpp
    std::uint32_t donor_uses = 0;
};

/// A value that one stage of a rows pass hands to later ones, or to memory.
struct local_value {
    node* source;
    bool per_row;
    bool read;        ///< by a later stage
    int result = -1;  ///< the output of the pass it is; -1: none, it lives in scratch
};

/// A node computed without being kept that may be asked for again, and how much of it that was.
struct recomputed_node {
    node* n;
    float part;
};

/// A node whose value is that of an output, too.
struct copy_of_output {
    graph::node_ptr n;
    std::size_t output;
};

/// Bytes of scratch that a thread has for what a rows pass holds, all values together.
inline constexpr std::int64_t most_scratch_bytes = 192 << 10;

/// What a back end made of a pass, for its next run.
struct prepared {
    virtual ~prepared() = default;
};

/// Bytes from and to memory.
struct bytes_moved {
    std::uint64_t read = 0;
    std::uint64_t written = 0;
    bool counted = false;

    std::uint64_t total() const { return read + written; }
};

enum class pass_kind : std::uint8_t { map, reduce, update, opaque, rows };

/// One iteration space, walked row-major: `space` are its sizes. A rows pass has no instructions of
/// its own but stages; its leaves and outputs are those of all of them. In a reduce pass the
/// reduced dimensions stand together, [space_outer | reduced | inner], so that element (o, r, i)
/// has linear index (o * reduced + r) * inner + i.
struct pass {
    pass_kind kind = pass_kind::map;
    int level = 0;
    lazy::shape space;
    list<leaf> leaves;
    list<instruction> instructions;
    list<std::uint32_t> operands;
    list<copy_of_output> copies;
    list<output> outputs;  ///< a reduce node's value is its input
    std::int64_t outer = 1;
    std::int64_t reduced = 1;
    std::int64_t inner = 1;
    std::uint32_t readers = 0;  ///< of an update: views it reads of the elements it overwrites
    /// Of a rows pass: what is done with each row (`outer` rows of `reduced` elements), in order.
    /// A map stage is over the rows (one value each); a reduce stage over their elements, its
    /// outputs being reductions and elementwise values alike.
    list<pass> stages;
    list<local_value> locals;
    const graph::reduce_kernel* reduction = nullptr;  ///< one that the pass computes
    const char* reason = "";                          ///< why the pass ends where it does
    bool comes_again = false;  ///< stays where it is and is run again, with other nodes
    mutable std::unique_ptr<prepared> program;  ///< the back end's, then
    mutable bytes_moved moved;                  ///< see traffic.hpp

    std::int64_t numel() const { return space.numel(); }
    std::uint32_t value_count() const {
        return static_cast<std::uint32_t>(leaves.size() + instructions.size());
    }
    bool is_leaf(std::uint32_t value) const { return value < leaves.size(); }
    const instruction& computed(std::uint32_t value) const {
        return instructions[value - leaves.size()];
    }
};

/// Dimension d of the result is dimension order[d].
inline void permute(shape& s, const list<std::size_t>& order) {
    const shape old = s;
    for (std::size_t d = 0; d < order.size(); ++d) {
        s[d] = old[order[d]];
    }
}

/// True iff a reduce pass over these dimensions of `n` walks them in order.
inline bool reduces_in_order(const dim_set& reduced, std::size_t n) {
    std::size_t d = 0;
    for (const bool wanted : {false, true, false}) {
        while (d < n && reduced[d] == wanted) {
            ++d;
        }
    }
    return d == n;
}

/// Reorders the space of a reduce pass to [outer | reduced | inner].
inline void arrange_reduction(pass& p, const dim_set& reduced) {
    const std::size_t n = p.space.size();
    std::size_t last = n;  // one past the last reduced dimension
    while (last > 0 && !reduced[last - 1]) {
        --last;
    }
    list<std::size_t> order;
    for (std::size_t d = 0; d < last; ++d) {
        if (!reduced[d]) {
            order.push_back(d);
            p.outer *= p.space[d];
        }
    }
    for (std::size_t d = 0; d < last; ++d) {
        if (reduced[d]) {
            order.push_back(d);
            p.reduced *= p.space[d];
        }
    }
    for (std::size_t d = last; d < n; ++d) {
        order.push_back(d);
        p.inner *= p.space[d];
    }
    permute(p.space, order);
    for (leaf& l : p.leaves) {
        permute(l.strides, order);
    }
}

}  // namespace lazy::plan

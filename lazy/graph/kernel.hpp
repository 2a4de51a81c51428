// The contract between graph nodes and compiled loops: what a node knows of its code.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "../core/buffer.hpp"
#include "../core/dtype.hpp"

namespace lazy::plan {
struct pass;
struct row_rules;
struct facts;
class fact_table;
}  // namespace lazy::plan
namespace lazy::backends {
class backend;
}  // namespace lazy::backends

namespace lazy::graph {

/// One run of an elementwise kernel: out[i] = f(in[0][i], in[1][i], ...) for i < n, everything
/// contiguous. Layout, tiling and threads are the caller's business.
struct map_call {
    void* out;
    const void* const* in;
    std::size_t n;
    const void* params;     ///< constants of the statement
    bool stream;            ///< out is large: store past the caches; a multiple of its element size
    bool* fault;            ///< set when an element has no value (integer division by zero)
    std::size_t slack = 0;  ///< bytes that may be written after the last element
    /// How many bytes ahead of itself it asks for its operands' memory; 0: they are in the caches.
    std::ptrdiff_t ahead = 0;
    std::size_t readable = 0;  ///< bytes of every operand that may be read after the last element
};

/// Work per element (cheap instructions) above which a value is computed apart and stored rather
/// than recomputed wherever a broadcast repeats it.
inline constexpr float broadcast_limit = 4;

/// One symbol of a statement's formula in prefix order: an operation before its `index` arguments,
/// tensor or number `index`, or a conversion to `type` before its argument.
struct formula_token {
    enum class symbol : std::uint8_t { operation, tensor, number, conversion };
    symbol what;
    dtype_id type;
    std::uint16_t index;
    const char* name;
};

/// How the CPU back end computes an operation on values that are in registers (its strand.hpp).
struct strand_steps;

/// A compiled elementwise loop: one primitive operation or a whole statement.
struct map_kernel {
    const char* name;
    std::uint8_t arity;
    bool may_fault;
    float cost;  ///< cheap instructions per element
    dtype out;   ///< dtype written; inputs are as the node's inputs say
    void (*run)(const map_call&);
    /// The formula of a statement; null when `name` of the operands says it.
    const formula_token* formula;
    std::uint16_t formula_size;
    const strand_steps* steps = nullptr;  ///< of operations from floats to floats
};

class node;

/// What evaluates reductions of whatever kind. Reached from their kernels, so that a program
/// without reductions does not compile it.
struct reduction_engine {
    /// Runs a reduce or rows pass on the CPU; false when an element had no value.
    bool (*run)(const plan::pass& p, std::byte* const* results);
    /// Computes a reduction that needs no plan.
    void (*run_alone)(node& n);
    const plan::row_rules* rows;
};

/// How writes in place are planned and run. Reached from their nodes, so that a program that writes
/// nothing does not compile it.
struct update_engine {
    /// True iff the source must be stored first; otherwise notes through how many views it reads
    /// what is overwritten.
    bool (*source_first)(const plan::fact_table& table, plan::facts& f);
    /// The memory written to: the old value's own when nobody else needs it, else a copy.
    pointer<buffer> (*target)(backends::backend& device, node* n, std::uint32_t readers,
                              bool may_fail);
};

/// The parts of a reduction over elements of one dtype. A state is what is known of the elements
/// seen so far (a sum; a maximum and where it was); combining is exact in a fixed order, so results
/// do not depend on tiles or threads.
struct reduce_kernel {
    const char* name;
    dtype in;
    dtype out;
    std::size_t state_size;  ///< bytes of one state
    bool needs_elements;     ///< reducing nothing is an error
    float cost;
    /// states[0..n) = "nothing seen".
    void (*start)(void* states, std::size_t n);
    /// Element j (0 <= j < n) goes into states[(position + j) % lanes]; position is the first's
    /// index. `ahead`: see map_call.
    void (*rows)(void* states, const void* in, std::size_t n, std::int64_t position,
                 std::ptrdiff_t ahead);
    /// states[0] = the first n states, n a power of two, combined as a fixed tree.
    void (*fold)(void* states, std::size_t n);
    /// states[j] takes in[r * n + j] for r = 0, 1, ... < rows, in this order, for j < n; row r has
    /// reduction index position + r.
    void (*columns)(void* states, const void* in, std::size_t n, std::size_t rows,
                    std::int64_t position, std::ptrdiff_t ahead);
    /// a[j] = combine(a[j], b[j]), a being earlier in order.
    void (*merge)(void* a, const void* b, std::size_t n);
    /// out[j] = the result of states[j].
    void (*finish)(void* out, const void* states, std::size_t n);
    /// out[j] = the result of row j, of `length` elements; what start, rows, fold and finish give.
    /// `slack`: bytes that may be read after the last element.
    void (*short_rows)(void* out, const void* in, std::size_t rows, std::size_t length,
                       std::size_t slack);
    const reduction_engine* engine;
    /// The kernel it was compiled together with, if any, and what takes whole groups of 64 elements
    /// of a call of that one, unstored, into the lanes.
    const map_kernel* fused = nullptr;
    void (*groups)(void* states, const map_call& call) = nullptr;

    static constexpr std::size_t lanes = 64;
};

/// A tensor already in memory, as an opaque kernel sees it: row-major and dense.
struct array_ref {
    dtype type;
    const std::int64_t* sizes;
    std::size_t ndim;
    void* data;
};

/// A whole-tensor algorithm (sort, matrix product, gather): inputs and outputs are dense arrays.
struct opaque_kernel {
    const char* name;
    float cost;
    void (*run)(const array_ref& out, const array_ref* in, std::size_t inputs, const void* params);
    void (*describe)(std::string&, const void* params);
};

}  // namespace lazy::graph

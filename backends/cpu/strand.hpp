// Strands: operations on floats whose values go from one to the next in registers.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <bit>

#include "../../lazy/core/list.hpp"
#include "../../lazy/graph/kernel.hpp"
#include "pack.hpp"

namespace lazy::cpu {

struct strand_kind;

}  // namespace lazy::cpu

namespace lazy::graph {

/// The steps of one operation, with the value in registers as its left or its right operand. The
/// other operand is an array, or a number.
struct strand_steps {
    const cpu::strand_kind* kind;
    bool costly;
    void (*left)();
    void (*right)();
    void (*left_of_number)();
    void (*right_of_number)();
    /// What it is as the other operand, and the steps that compute both: [role of the other][its
    /// second operand is a number].
    enum role : std::uint8_t { add, sub, mul, roles };
    role what = roles;
    void (*left_of_pair[roles][2])() = {};
    void (*right_of_pair[roles][2])() = {};
};

}  // namespace lazy::graph

namespace lazy::cpu {

/// A strand runs in chunks of this many registers, all of which go through one step after the
/// other as arguments of functions that end in a jump to the next: no trip through memory between
/// two operations, and one jump per chunk and operation.
inline constexpr std::size_t strand_registers = 8;
inline constexpr std::size_t chunk_bytes = strand_registers * register_bytes;
/// Operations of one strand, at most.
inline constexpr std::size_t most_members = 24;
inline constexpr std::size_t most_strand_operands = most_members + 1;
inline constexpr std::size_t most_held = most_members / 2;

/// A step whatever its type: what step_of points at.
using any_step = void (*)();
/// One step as it was planned.
struct planned_step {
    void (*run)();          ///< a step_of the strand's type
    std::uint32_t operand;  ///< which of strand_operands
    bool moves;             ///< from chunk to chunk, unlike numbers and values held for the chunk
};
/// One step as it runs: its operand is at `at`, from byte i on if it moves.
struct strand_step {
    void (*run)();
    std::uintptr_t at;
    std::size_t moves;  ///< all bits of i, or none
};
inline constexpr std::size_t most_steps = 3 * most_members + 1;

/// Numbers of a strand's operands: those of the call, then values held for later steps.
inline constexpr std::uint32_t held_operand = most_strand_operands;

/// What the steps of a chunk share.
struct strand_frame {
    bool stream = false;      ///< the result goes past the caches
    std::uint32_t first = 0;  ///< of the registers, those that matter: costly steps do no others
    std::uint32_t last = strand_registers;
    /// The step that asks for operands ahead while it computes, and where their byte 0 would be.
    const strand_step* fetching = nullptr;
    std::uint32_t fetched_count = 0;
    std::uintptr_t fetched[most_strand_operands] = {};
};

/// The steps that a type has whatever the operations are.
struct strand_kind {
    void (*load)();
    void (*hold)();
    void (*finish)();
    /// Bytes [from, to) of the operands, whole chunks, to memory for byte 0 on at `result`.
    void (*chunks)(const strand_step* code, std::size_t from, std::size_t to,
                   const strand_frame& frame);
};

/// Operations as one kernel call, whose parameters it is.
struct strand {
    const strand_kind* kind = nullptr;
    memory::list<planned_step> code;
    std::uint32_t operands = 0;  ///< of the call
    std::uint32_t moving = 0;    ///< of these, those that are not numbers: a bit each
    std::uint32_t itemsize = 0;
    std::uint32_t costly = 0;  ///< its first costly step; 0 if there is none
    static_assert(most_strand_operands <= 32);

    /// f(k) for the operands that are not numbers.
    template <class F>
    void each_moving(F f) const {
        for (std::uint32_t left = moving; left != 0; left &= left - 1) {
            f(static_cast<std::size_t>(std::countr_zero(left)));
        }
    }
};

/// A strand with its operands, for one call.
class strand_call {
public:
    strand_call(const strand& s, const void* const* in) : strand_(s) {
        strand_step* to = code_;
        for (const planned_step& p : s.code) {
            to->run = p.run;
            to->at = address(p.operand < held_operand ? static_cast<const std::byte*>(in[p.operand])
                                                      : held_[p.operand - held_operand]);
            to->moves = p.moves ? ~std::size_t{0} : 0;
            ++to;
        }
    }
    strand_call(const strand_call&) = delete;
    strand_call& operator=(const strand_call&) = delete;

    const strand_step* step(std::size_t i) const { return code_ + i; }
    /// Bytes [from, to), whole chunks; `result` is where byte 0 belongs.
    void run(std::size_t from, std::size_t to, std::byte* result, const strand_frame& frame) {
        code_[strand_.code.size() - 1].at = address(result);
        strand_.kind->chunks(code_, from, to, frame);
    }
    /// The chunk at `from`, whose result goes to `values`; registers [first, last) of it matter.
    void run_apart(std::size_t from, std::byte* values, std::size_t first, std::size_t last) {
        code_[strand_.code.size() - 1].at = address(values) - from;
        strand_.kind->chunks(
            code_, from, from + chunk_bytes,
            {false, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last)});
    }

private:
    static std::uintptr_t address(const std::byte* p) {
        return reinterpret_cast<std::uintptr_t>(p);
    }

    const strand& strand_;
    strand_step code_[most_steps];
    alignas(64) std::byte held_[most_held][chunk_bytes];
};

/// A call of less than a chunk: on copies.
[[gnu::noinline]] inline void run_part_of_chunk(const strand& s, const graph::map_call& call) {
    alignas(64) std::byte copies[most_strand_operands][chunk_bytes];
    alignas(64) std::byte values[chunk_bytes];
    const void* in[most_strand_operands];
    std::copy_n(call.in, s.operands, in);
    const std::size_t bytes = call.n * s.itemsize;
    s.each_moving([&](std::size_t k) {
        std::memset(copies[k], 0, chunk_bytes);
        std::memcpy(copies[k], in[k], bytes);
        in[k] = copies[k];
    });
    strand_call(s, in).run_apart(0, values, 0, (bytes + register_bytes - 1) / register_bytes);
    std::memcpy(call.out, values, bytes);
}

/// A kernel call: whole chunks between one at either end that overlaps them. Those are computed
/// before, since what the others write may be an operand, and stored after them.
[[gnu::noinline]] inline void run_strand(const graph::map_call& call) {
    const strand& s = *static_cast<const strand*>(call.params);
    const std::size_t bytes = call.n * s.itemsize;
    if (bytes < chunk_bytes) {
        if (bytes != 0) {
            run_part_of_chunk(s, call);
        }
        return;
    }
    strand_call code(s, call.in);
    std::byte* const to = static_cast<std::byte*>(call.out);
    // Stores past the caches begin with a line of theirs.
    const std::size_t head =
        call.stream ? -reinterpret_cast<std::uintptr_t>(to) % register_bytes : 0;
    const std::size_t tail = (bytes - head) % chunk_bytes;
    alignas(64) std::byte first[chunk_bytes];
    alignas(64) std::byte last[chunk_bytes];
    if (head != 0) {
        code.run_apart(0, first, 0, 1);
    }
    if (tail != 0) {
        code.run_apart(bytes - chunk_bytes, last, (chunk_bytes - tail) / register_bytes,
                       strand_registers);
    }
    strand_frame frame{call.stream};
    if (call.ahead != 0 && s.costly != 0) {
        frame.fetching = code.step(s.costly);
        s.each_moving([&](std::size_t k) {
            frame.fetched[frame.fetched_count++] =
                reinterpret_cast<std::uintptr_t>(call.in[k]) + static_cast<std::size_t>(call.ahead);
        });
    }
    if (call.ahead == 0 || s.costly != 0) {
        code.run(head, bytes - tail, to, frame);
    } else {
        for (std::size_t i = head; i + chunk_bytes <= bytes; i += chunk_bytes) {
            s.each_moving([&](std::size_t k) {
                const std::byte* const p =
                    static_cast<const std::byte*>(call.in[k]) + i + call.ahead;
                for (std::size_t line = 0; line < chunk_bytes; line += 64) {
                    __builtin_prefetch(p + line);
                }
            });
            code.run(i, i + chunk_bytes, to, frame);
        }
    }
    if (head != 0) {
        std::memcpy(to, first, head);
    }
    if (tail != 0) {
        std::memcpy(to + bytes - tail, last + chunk_bytes - tail, tail);
    }
}

}  // namespace lazy::cpu

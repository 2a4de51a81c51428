// One SIMD loop for a formula: whole registers, the tail, stores past the caches, fetching ahead.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <utility>

#include "../../lazy/core/list.hpp"
#include "../../lazy/graph/formula.hpp"
#include "../../lazy/graph/kernel.hpp"
#include "fetch.hpp"
#include "pack_convert.hpp"
#include "pack_math.hpp"

namespace lazy::cpu {

/// The most lanes any value of a formula has in one register: the step of its loop.
template <class F>
inline constexpr std::size_t formula_width = 1;
template <class T, std::size_t I>
inline constexpr std::size_t formula_width<graph::operand<T, I>> = width<T>;
template <class To, class Arg>
inline constexpr std::size_t formula_width<graph::cast<To, Arg>> = std::max(width<To>,
                                                                            formula_width<Arg>);
template <class Op, class C, class... Args>
inline constexpr std::size_t formula_width<graph::apply<Op, C, Args...>> =
    std::max({width<C>, width<ops::result_t<Op, C>>, formula_width<Args>...});

/// What processors with float16 arithmetic compute with it.
template <class Op>
inline constexpr bool computes_in_half = Op::wide_numbers;
template <class F>
inline constexpr bool is_half_formula = false;
template <std::size_t I>
inline constexpr bool is_half_formula<graph::operand<float16_t, I>> = true;
template <std::size_t I>
inline constexpr bool is_half_formula<graph::literal<float16_t, I>> = true;
template <class Op, class... Args>
inline constexpr bool is_half_formula<graph::apply<Op, float16_t, Args...>> =
    computes_in_half<Op> && (... && is_half_formula<Args>);

/// Elements per step: all truth values of a byte register when nothing else decides.
template <class F>
inline constexpr std::size_t formula_step =
    is_half_formula<F>&& is_half_pack<pack_t<float16_t, 2 * width<float16_t>>>
        ? 2 * width<float16_t>
    : formula_width<F> == 1
        ? (std::is_same_v<typename F::value_type, bool> ? register_bytes : register_bytes / 8)
        : formula_width<F>;

template <class F, std::size_t N>
struct evaluator;

template <class T, std::size_t I, std::size_t N>
struct evaluator<graph::operand<T, I>, N> {
    template <class L>
    static pack_t<T, N> at(const void* const* in, const L&, std::size_t i, bool&) {
        return load<T, N>(static_cast<const T*>(in[I]) + i);
    }
};
template <class T, std::size_t I, std::size_t N>
struct evaluator<graph::literal<T, I>, N> {
    template <class L>
    static pack_t<T, N> at(const void* const*, const L& numbers, std::size_t, bool&) {
        T value;
        std::memcpy(static_cast<void*>(&value), numbers.slot[I], sizeof(T));
        if constexpr (is_half_v<T>) {
            return pack_t<T, N>::broadcast(static_cast<float>(value));
        } else {
            return pack_t<T, N>::broadcast(value);
        }
    }
};
template <class To, class Arg, std::size_t N>
struct evaluator<graph::cast<To, Arg>, N> {
    template <class L>
    static pack_t<To, N> at(const void* const* in, const L& numbers, std::size_t i, bool& fault) {
        return convert_pack<To, typename Arg::value_type, N>(
            evaluator<Arg, N>::at(in, numbers, i, fault));
    }
};
template <class Op, class C, class... Args, std::size_t N>
struct evaluator<graph::apply<Op, C, Args...>, N> {
    using result = ops::result_t<Op, C>;
    template <class L>
    static pack_t<result, N> at(const void* const* in, const L& numbers, std::size_t i,
                                bool& fault) {
        if constexpr (Op::may_fault && is_integer_v<C>) {
            return Op::apply(evaluator<Args, N>::at(in, numbers, i, fault)..., fault);
        } else if constexpr (is_half_pack<pack_t<C, N>> && computes_in_half<Op>) {
            return Op::apply(evaluator<Args, N>::at(in, numbers, i, fault)...);
        } else if constexpr (Op::native_half && is_half_v<C>) {
            // Lane by lane on the 16-bit values themselves, which the floats hold exactly.
            return rounded_to<result, N>(
                each_lane([](auto... x) { return static_cast<float>(Op::apply(C(x)...)); },
                          widened(evaluator<Args, N>::at(in, numbers, i, fault))...));
        } else {
            return rounded_to<result, N>(
                Op::apply(widened(evaluator<Args, N>::at(in, numbers, i, fault))...));
        }
    }
};

/// Bytes per element of each operand, in order.
template <class F>
struct operand_sizes {
    static constexpr void collect(std::uint8_t*) {}
};
template <class T, std::size_t I>
struct operand_sizes<graph::operand<T, I>> {
    static constexpr void collect(std::uint8_t* sizes) { sizes[I] = sizeof(T); }
};
template <class To, class Arg>
struct operand_sizes<graph::cast<To, Arg>> : operand_sizes<Arg> {};
template <class Op, class C, class... Args>
struct operand_sizes<graph::apply<Op, C, Args...>> {
    static constexpr void collect(std::uint8_t* sizes) {
        (operand_sizes<Args>::collect(sizes), ...);
    }
};

template <class F>
inline constexpr auto sizes_of_operands = [] {
    std::array<std::uint8_t, std::max<std::size_t>(1, F::operands)> s{};
    operand_sizes<F>::collect(s.data());
    return s;
}();

/// True iff F may be computed of whatever is in memory after its operands. Costly operations may
/// branch on what they are given, and what was never written is nothing to branch on.
template <class F>
inline constexpr bool takes_anything = true;
template <class To, class Arg>
inline constexpr bool takes_anything<graph::cast<To, Arg>> = takes_anything<Arg>;
template <class Op, class C, class... Args>
inline constexpr bool takes_anything<graph::apply<Op, C, Args...>> =
    Op::cost <= graph::broadcast_limit && !Op::may_fault && (takes_anything<Args> && ...);

/// Of the loop of formula F, with one pointer for each of its operands.
template <class F, std::size_t N, std::size_t... Operands>
void run_steps_with(const graph::map_call& call, std::size_t n, std::index_sequence<Operands...>) {
    using T = typename F::value_type;
    graph::literals<graph::literal_count<F>> numbers;
    if constexpr (graph::literal_count<F> != 0) {
        std::memcpy(&numbers, call.params, sizeof(numbers));
    }
    // One by one, and indexed by nothing but constants: so they stay in registers.
    const void* const in[] = {call.in[Operands]..., nullptr};
    T* out = static_cast<T*>(call.out);
    bool fault = false;
    const bool past_caches = call.stream;
    const std::ptrdiff_t ahead = call.ahead;
    for (std::size_t i = 0; i < n; i += N) {
        if (ahead != 0) {
            (__builtin_prefetch(static_cast<const std::byte*>(in[Operands]) +
                                i * sizes_of_operands<F>[Operands] + ahead),
             ...);
        }
        const pack_t<T, N> v = evaluator<F, N>::at(in, numbers, i, fault);
        if (past_caches) {
            stream<T, N>(out + i, v);
        } else {
            store<T, N>(out + i, v);
        }
    }
    if constexpr (F::may_fault) {
        if (fault) {
            *call.fault = true;
        }
    }
}

/// The loop of formula F over n elements, n a multiple of its step.
template <class F, std::size_t N>
void run_steps(const graph::map_call& call, std::size_t n) {
    run_steps_with<F, N>(call, n, std::make_index_sequence<graph::operand_count<F>>{});
}

/// What the shared code around a formula's loop knows of it.
struct loop {
    void (*run)(const graph::map_call&, std::size_t);
    std::size_t step;  ///< a power of two
    std::size_t operands;
    std::size_t out_size;
    const std::uint8_t* operand_sizes;
    std::size_t largest_operand;  ///< bytes; 0: it takes nothing but its operands
};

/// The bytes of one step of any loop, at most.
inline constexpr std::size_t most_step_bytes = register_bytes * 16;

/// Runs the last n < step elements as one full step on copies padded with these elements again, so
/// that a tail computes with the very formula of the body.
inline void run_padded(const graph::map_call& call, std::size_t done, std::size_t n,
                       const loop& l) {
    constexpr std::size_t most = 12;
    constexpr std::size_t slot = most_step_bytes;
    alignas(64) std::byte local[most][slot];
    alignas(64) std::byte out[slot];
    memory::list<std::byte> heap;
    const void* in[most];
    memory::list<const void*> more;
    const void** pointers = in;
    std::byte* space = local[0];
    if (l.operands > most) {
        heap.resize(l.operands * slot);
        more.resize(l.operands);
        space = heap.data();
        pointers = more.data();
    }
    for (std::size_t k = 0; k < l.operands; ++k) {
        const std::size_t size = l.operand_sizes[k];
        std::byte* to = space + k * slot;
        const std::byte* from = static_cast<const std::byte*>(call.in[k]) + done * size;
        std::memcpy(to, from, n * size);
        for (std::size_t have = n; have < l.step; have *= 2) {
            std::memcpy(to + have * size, to, std::min(have, l.step - have) * size);
        }
        pointers[k] = to;
    }
    l.run({out, pointers, l.step, call.params, false, call.fault}, l.step);
    std::memcpy(static_cast<std::byte*>(call.out) + done * l.out_size, out, n * l.out_size);
}

/// Calls of more operands are never cut.
inline constexpr std::size_t most_cut = 12;
/// Elements [first, first + n) of a call. `in`: where it may note its operands.
inline graph::map_call part_of(const graph::map_call& call, std::size_t first, std::size_t n,
                               const loop& l, const void* (&in)[most_cut]) {
    for (std::size_t k = 0; k < l.operands; ++k) {
        in[k] = static_cast<const std::byte*>(call.in[k]) + first * l.operand_sizes[k];
    }
    graph::map_call part = call;
    part.out = static_cast<std::byte*>(call.out) + first * l.out_size;
    part.in = in;
    part.n = n;
    return part;
}

/// Elements before the first that stores past the caches may begin with: less than a step.
inline std::size_t unaligned_head(const graph::map_call& call, const loop& l) {
    const std::size_t aligned = std::min<std::size_t>(64, l.step * l.out_size);
    return std::min(call.n, -reinterpret_cast<std::uintptr_t>(call.out) % aligned / l.out_size);
}

/// A full step at one end of a call, which overlaps the steps between the ends: it is computed
/// before them, since what they write may be an operand, and stored after them.
class end_step {
public:
    end_step(const graph::map_call& call, std::size_t first, const loop& l)
        : to_(static_cast<std::byte*>(call.out) + first * l.out_size), bytes_(l.step * l.out_size) {
        const void* in[most_cut];
        graph::map_call step = part_of(call, first, l.step, l, in);
        step.out = values_;
        step.stream = false;
        l.run(step, l.step);
    }
    void store() const { std::memcpy(to_, values_, bytes_); }

private:
    alignas(64) std::byte values_[most_step_bytes];
    std::byte* to_;
    std::size_t bytes_;
};

void run_loop(const graph::map_call& call, const loop& l);

/// Elements from where stores past the caches may begin, and those before.
[[gnu::noinline]] inline void run_after_head(const graph::map_call& call, std::size_t head,
                                             const loop& l) {
    if (call.n < l.step || l.operands > most_cut) {
        graph::map_call stored = call;
        stored.stream = false;
        run_loop(stored, l);
        return;
    }
    const end_step first(call, 0, l);
    const void* in[most_cut];
    run_loop(part_of(call, head, call.n - head, l, in), l);
    first.store();
}

/// The whole steps, then the tail.
[[gnu::noinline]] inline void run_loop(const graph::map_call& call, const loop& l) {
    if (call.stream) {
        if (const std::size_t head = unaligned_head(call, l); head != 0) {
            run_after_head(call, head, l);
            return;
        }
    }
    const std::size_t tail = call.n & (l.step - 1);
    const std::size_t missing = l.step - tail;
    if (tail == 0) {
        l.run(call, call.n);
    } else if (l.largest_operand != 0 && missing * l.largest_operand <= call.readable &&
               missing * l.out_size <= call.slack) {
        l.run(call, call.n + missing);
    } else if (call.n < l.step || l.operands > most_cut) {
        if (call.n != tail) {
            l.run(call, call.n - tail);
        }
        run_padded(call, call.n - tail, tail, l);
    } else {
        const end_step last(call, call.n - l.step, l);
        l.run(call, call.n - tail);
        last.store();
    }
}

/// The compiled kernel of formula F.
template <class F>
struct compiled {
    static constexpr loop code{
        &run_steps<F, formula_step<F>>,
        formula_step<F>,
        F::operands,
        sizeof(typename F::value_type),
        sizes_of_operands<F>.data(),
        takes_anything<F>
            ? *std::max_element(sizes_of_operands<F>.begin(), sizes_of_operands<F>.end())
            : 0U,
    };

    static void run(const graph::map_call& call) {
        if (call.n % code.step == 0 && !call.stream) {
            run_steps<F, formula_step<F>>(call, call.n);
        } else {
            run_loop(call, code);
        }
    }
};

}  // namespace lazy::cpu

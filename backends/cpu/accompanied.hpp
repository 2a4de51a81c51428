// Heavy operations together with cheap ones before and after: one trip through a tile for all.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/ops/arithmetic.hpp"
#include "formula_loop.hpp"

namespace lazy::cpu {

/// What operation Op can be to another one's kernel, if its operands are floats.
template <class Op>
constexpr graph::companion role_of() {
    using graph::companion;
    return std::is_same_v<Op, ops::neg>       ? companion::negate
           : std::is_same_v<Op, ops::add>     ? companion::add
           : std::is_same_v<Op, ops::sub>     ? companion::subtract
           : std::is_same_v<Op, ops::mul>     ? companion::multiply
           : std::is_same_v<Op, ops::div>     ? companion::divide
           : std::is_same_v<Op, ops::maximum> ? companion::maximum
           : std::is_same_v<Op, ops::minimum> ? companion::minimum
                                              : companion::none;
}
template <class Op, class C>
inline constexpr graph::companion role = std::is_floating_point_v<C> ? role_of<Op>()
                                                                     : graph::companion::none;

/// x after a companion, of whose operands elements `i` on are next.
template <class C, std::size_t N>
[[gnu::always_inline]] inline pack_t<C, N> accompany(graph::companion what, const pack_t<C, N>& x,
                                                     const void* const* in, std::size_t i,
                                                     std::ptrdiff_t ahead) {
    using graph::companion;
    // Always inline: a call would make every register be loaded again.
    const auto y = [&]() __attribute__((always_inline)) {
        return load_ahead<C, N>(in[0], i, ahead);
    };
    const auto z = [&]() __attribute__((always_inline)) {
        return load_ahead<C, N>(in[1], i, ahead);
    };
    switch (what) {
        case companion::none: return x;
        case companion::negate: return ops::neg::apply(x);
        case companion::add: return ops::add::apply(x, y());
        case companion::subtract: return ops::sub::apply(x, y());
        case companion::subtract_from: return ops::sub::apply(y(), x);
        case companion::multiply: return ops::mul::apply(x, y());
        case companion::divide: return ops::div::apply(x, y());
        case companion::divide_into: return ops::div::apply(y(), x);
        case companion::maximum: return ops::maximum::apply(x, y());
        case companion::minimum: return ops::minimum::apply(x, y());
        case companion::add_product: return ops::add::apply(x, ops::mul::apply(y(), z()));
        case companion::subtract_product: return ops::sub::apply(x, ops::mul::apply(y(), z()));
        case companion::subtract_from_product: return ops::sub::apply(ops::mul::apply(y(), z()), x);
        case companion::multiply_product: return ops::mul::apply(x, ops::mul::apply(y(), z()));
        case companion::multiply_sum: return ops::mul::apply(x, ops::add::apply(y(), z()));
        case companion::multiply_difference: return ops::mul::apply(x, ops::sub::apply(y(), z()));
    }
    __builtin_unreachable();
}
/// x after the companions of one side. Which they are, is asked for every register: the heavy
/// operation hides the jumps, and the kernel stays small.
template <class C, std::size_t N>
[[gnu::always_inline]] inline pack_t<C, N> accompany(
    const graph::companion (&side)[graph::companions::most], pack_t<C, N> x, const void* const* in,
    std::size_t i, std::ptrdiff_t ahead) {
    for (const graph::companion what : side) {
        if (what == graph::companion::none) {
            break;
        }
        x = accompany<C, N>(what, x, in, i, ahead);
        in += 2;
    }
    return x;
}

/// Primitive Op at compute type C with companions.
template <class Op, class C>
struct accompanied {
    static constexpr std::size_t operands = Op::arity + graph::companions::operands;
    static constexpr std::size_t step = width<C>;

    static void run_steps(const graph::map_call& call, std::size_t n) {
        const auto around = *static_cast<const graph::companions*>(call.params);
        const void* const* const in = call.in;
        const void* const* const others = in + Op::arity;
        C* const out = static_cast<C*>(call.out);
        const bool past_caches = call.stream;
        const std::ptrdiff_t ahead = call.ahead;
        for (std::size_t i = 0; i < n; i += step) {
            pack_t<C, step> x = load_ahead<C, step>(in[0], i, ahead);
            x = accompany<C, step>(around.before, x, others, i, ahead);
            if constexpr (Op::arity == 1) {
                x = Op::apply(x);
            } else {
                x = Op::apply(x, load_ahead<C, step>(in[1], i, ahead));
            }
            x = accompany<C, step>(around.after, x, others + 4, i, ahead);
            if (past_caches) {
                stream<C, step>(out + i, x);
            } else {
                store<C, step>(out + i, x);
            }
        }
    }

    static constexpr auto sizes = [] {
        std::array<std::uint8_t, operands> s{};
        s.fill(sizeof(C));
        return s;
    }();
    static constexpr loop code{&run_steps, step, operands, sizeof(C), sizes.data()};
    static void run(const graph::map_call& call) { run_loop(call, code); }
};
template <class Op, class C>
inline constexpr graph::map_kernel accompanied_kernel{
    Op::name,    accompanied<Op, C>::operands, false,   Op::cost + 3,
    dtype_of<C>, &accompanied<Op, C>::run,     nullptr, 0};

/// Operations whose work hides which companions they have.
template <class Op, class C>
constexpr bool is_heavy() {
    if constexpr (std::is_floating_point_v<C> && !Op::has_condition && Op::arity <= 2 &&
                  Op::cost >= 4) {
        return std::is_same_v<ops::result_t<Op, C>, C>;
    } else {
        return false;
    }
}

}  // namespace lazy::cpu

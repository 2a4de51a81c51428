// A statement taken apart into primitive nodes, for when one kernel would repeat costly work.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "kernels.hpp"

namespace lazy {

/// True iff part of the formula is worth computing apart where broadcasting repeats it: an
/// operation of several operands with a costly one among them.
template <class F>
inline constexpr bool has_costly_part = false;
template <class To, class Arg>
inline constexpr bool has_costly_part<graph::cast<To, Arg>> = has_costly_part<Arg>;
template <class Op, class C, class... Args>
inline constexpr bool has_costly_part<graph::apply<Op, C, Args...>> =
    ((int{Args::operands != 0} + ...) > 1 && ((Args::cost > graph::broadcast_limit) || ...)) ||
    (has_costly_part<Args> || ...);

/// The compiled primitive of every symbol of a formula, in prefix order; null for operands.
template <class F>
struct primitives {
    static constexpr const graph::map_kernel** write(const graph::map_kernel** out) {
        *out = nullptr;
        return out + 1;
    }
};
template <class To, class Arg>
struct primitives<graph::cast<To, Arg>> {
    static constexpr const graph::map_kernel** write(const graph::map_kernel** out) {
        *out = &cpu::conversion<To, typename Arg::value_type>;
        return primitives<Arg>::write(out + 1);
    }
};
template <class Op, class C, class... Args>
struct primitives<graph::apply<Op, C, Args...>> {
    static constexpr const graph::map_kernel** write(const graph::map_kernel** out) {
        *out++ = &cpu::primitive<Op, C>;
        ((out = primitives<Args>::write(out)), ...);
        return out;
    }
};
template <class F>
inline constexpr auto formula_primitives = [] {
    std::array<const graph::map_kernel*, graph::spelling<F>::size> out{};
    primitives<F>::write(out.data());
    return out;
}();

/// The formula as primitive nodes over `operands`; `kernels` belongs to its symbols. Gives nothing
/// when no costly part is repeated by broadcasting to `sizes`: then one kernel is the best.
/// Out of line, since every statement with a costly part calls it.
[[gnu::noinline]] inline graph::node_ptr expand_where_repeated(
    std::span<const graph::formula_token> formula,
    std::span<const graph::map_kernel* const> kernels, std::span<const graph::node_ptr> operands,
    const void* numbers, const shape& sizes) {
    bool broadcast = false;
    for (const graph::node_ptr& n : operands) {
        broadcast = broadcast || n->numel() != sizes.numel();
    }
    if (!broadcast) {
        return nullptr;
    }
    struct part {
        graph::node_ptr node;
        float cost;
    };
    memory::list<part> stack;
    bool repeated = false;
    for (std::size_t i = formula.size(); i-- > 0;) {
        const graph::formula_token& t = formula[i];
        using symbol = graph::formula_token::symbol;
        if (t.what == symbol::tensor) {
            stack.push_back({operands[t.index], 0});
            continue;
        }
        if (t.what == symbol::number) {
            const auto* slot = static_cast<const std::byte*>(numbers) + 16 * std::size_t{t.index};
            stack.push_back({graph::make_number_of_slot(t.type, slot), 0});
            continue;
        }
        std::array<graph::node_ptr, 4> in;
        const std::size_t arity = kernels[i]->arity;
        shape s;
        float cost = kernels[i]->cost;
        for (std::size_t k = 0; k < arity; ++k) {
            part p = std::move(stack.back());
            stack.pop_back();
            cost += p.cost;
            repeated =
                repeated || (p.cost > graph::broadcast_limit && p.node->numel() < sizes.numel());
            s = k == 0 ? p.node->shape() : broadcast_shapes(s, p.node->shape(), t.name);
            in[k] = std::move(p.node);
        }
        stack.push_back(
            {graph::make_map(*kernels[i], std::span<const graph::node_ptr>(in.data(), arity),
                             std::move(s)),
             cost});
    }
    return repeated ? stack.back().node : nullptr;
}

}  // namespace lazy

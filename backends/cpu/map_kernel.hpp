// Compiling a formula: kernels of primitive operations, cheap pairs of them, and whole statements.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "accompanied.hpp"

namespace lazy::cpu {

/// The formula of primitive Op on operands already of its compute type.
template <class Op, class C, std::size_t Arity = Op::arity>
struct primitive_formula;
template <class Op, class C>
struct primitive_formula<Op, C, 1> {
    using type = graph::apply<Op, C, graph::operand<C, 0>>;
};
template <class Op, class C>
struct primitive_formula<Op, C, 2> {
    using type = graph::apply<Op, C, graph::operand<C, 0>, graph::operand<C, 1>>;
};
template <class Op, class C>
requires Op::has_condition struct primitive_formula<Op, C, 3> {
    using type =
        graph::apply<Op, C, graph::operand<bool, 0>, graph::operand<C, 1>, graph::operand<C, 2>>;
};

/// Second(First(a, b), c), and Second(c, First(a, b)).
template <class Second, class First, class C>
using left_pair =
    graph::apply<Second, C, typename primitive_formula<First, C>::type, graph::operand<C, 2>>;
template <class Second, class First, class C>
using right_pair =
    graph::apply<Second, C, graph::operand<C, 2>, typename primitive_formula<First, C>::type>;
/// Op(First(a, b), Second(c, d)).
template <class Op, class First, class Second, class C>
using of_two = typename graph::joined<Op, C, typename primitive_formula<First, C>::type,
                                      typename primitive_formula<Second, C>::type>::type;
template <class F>
inline constexpr graph::map_kernel pair_kernel{"pair",
                                               static_cast<std::uint8_t>(graph::operand_count<F>),
                                               false,
                                               F::cost,
                                               dtype_of<typename F::value_type>,
                                               &compiled<F>::run,
                                               nullptr,
                                               0};

/// A product of two sums or differences; a sum or difference of two products.
template <class Op, class First, class Second, class C>
constexpr const graph::map_kernel* of_sums() {
    if constexpr (std::is_same_v<Op, ops::mul>) {
        return &pair_kernel<of_two<Op, First, Second, C>>;
    } else {
        return nullptr;
    }
}
template <class Op, class C>
constexpr const graph::map_kernel* of_products() {
    if constexpr (std::is_same_v<Op, ops::mul>) {
        return nullptr;
    } else {
        return &pair_kernel<of_two<Op, ops::mul, ops::mul, C>>;
    }
}

/// What cheap operations on floats make with their readers.
template <class Op, class C>
inline constexpr graph::kernel_pairs pairs_of{
    std::is_same_v<Op, ops::add>   ? graph::kernel_pairs::add
    : std::is_same_v<Op, ops::sub> ? graph::kernel_pairs::sub
                                   : graph::kernel_pairs::mul,
    {&pair_kernel<left_pair<ops::add, Op, C>>, &pair_kernel<left_pair<ops::sub, Op, C>>,
     &pair_kernel<left_pair<ops::mul, Op, C>>},
    // Sums and products do not mind which operand comes first.
    {&pair_kernel<left_pair<ops::add, Op, C>>, &pair_kernel<right_pair<ops::sub, Op, C>>,
     &pair_kernel<left_pair<ops::mul, Op, C>>},
    {{of_sums<Op, ops::add, ops::add, C>(), of_sums<Op, ops::add, ops::sub, C>(), nullptr},
     {of_sums<Op, ops::sub, ops::add, C>(), of_sums<Op, ops::sub, ops::sub, C>(), nullptr},
     {nullptr, nullptr, of_products<Op, C>()}}};
template <class Op, class C>
inline constexpr bool makes_pairs = std::is_floating_point_v<C> &&
                                    (std::is_same_v<Op, ops::add> || std::is_same_v<Op, ops::sub> ||
                                     std::is_same_v<Op, ops::mul>);
template <class Op, class C>
constexpr const graph::kernel_pairs* pairs_or_none() {
    if constexpr (makes_pairs<Op, C>) {
        return &pairs_of<Op, C>;
    } else {
        return nullptr;
    }
}

template <class Op, class C>
constexpr const graph::map_kernel* accompanied_or_none() {
    if constexpr (is_heavy<Op, C>()) {
        return &accompanied_kernel<Op, C>;
    } else {
        return nullptr;
    }
}

/// What a node holds of primitive Op at compute type C.
template <class Op, class C>
inline constexpr graph::map_kernel primitive{
    Op::name,
    static_cast<std::uint8_t>(Op::arity),
    Op::may_fault&& is_integer_v<C>,
    Op::cost,
    dtype_of<ops::result_t<Op, C>>,
    &compiled<typename primitive_formula<Op, C>::type>::run,
    nullptr,
    0,
    pairs_or_none<Op, C>(),
    role<Op, C>,
    accompanied_or_none<Op, C>(),
};

/// What a node holds of a whole statement.
template <class F>
inline constexpr graph::map_kernel statement{
    "statement",
    static_cast<std::uint8_t>(graph::operand_count<F>),
    F::may_fault,
    F::cost,
    dtype_of<typename F::value_type>,
    &compiled<F>::run,
    graph::formula_tokens<F>.data(),
    static_cast<std::uint16_t>(graph::formula_tokens<F>.size()),
};

/// Conversion of From to To; equal types give a plain copy.
template <class To, class From>
inline constexpr graph::map_kernel conversion{
    std::is_same_v<To, From> ? "copy" : "to",
    1,
    false,
    std::is_same_v<To, From> ? 0.0F : 1.0F,
    dtype_of<To>,
    [](const graph::map_call& call) {
        const From* in = static_cast<const From*>(call.in[0]);
        To* out = static_cast<To*>(call.out);
        if constexpr (std::is_same_v<To, From>) {
            std::memcpy(static_cast<void*>(out), in, call.n * sizeof(To));
        } else if constexpr (std::is_same_v<From, float> && is_half_v<To>) {
            encode_half(out, in, call.n);
        } else if constexpr (is_half_v<From> && std::is_same_v<To, float>) {
            decode_half(out, in, call.n);
        } else {
            // Bytes stored might be those of call.n, for all the compiler knows.
            const std::size_t n = call.n;
            for (std::size_t i = 0; i < n; ++i) {
                out[i] = convert<To>(in[i]);
            }
        }
    },
    nullptr,
    0,
};

}  // namespace lazy::cpu

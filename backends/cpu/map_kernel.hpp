// Compiling a formula: kernels of primitive operations and of whole statements.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "formula_loop.hpp"
#include "strand_steps.hpp"

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
    steps_or_none<Op, C>(),
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

/// out[i] = convert<To>(in[i]). As many at a time as compilers make vectors of at -O2 too, into a
/// place of their own: `out` and `in` may be one memory.
template <class To, class From>
void convert_all(To* out, const From* in, std::size_t n) {
    constexpr std::size_t many = 64;
    // Truth values are read one by one as fast.
    const std::size_t whole = std::is_same_v<From, bool> ? 0 : n - n % many;
    for (std::size_t i = 0; i < whole; i += many) {
        lanes<To, many> to;
        if constexpr (is_half_v<From>) {
            lanes<float, many> from;
            decode_half(from.value, in + i, many);
            for (std::size_t j = 0; j < many; ++j) {
                to.value[j] = convert<To>(from.value[j]);
            }
        } else {
            for (std::size_t j = 0; j < many; ++j) {
                to.value[j] = convert<To>(in[i + j]);
            }
        }
        std::memcpy(static_cast<void*>(out + i), to.value, sizeof(to.value));
    }
    for (std::size_t i = whole; i < n; ++i) {
        out[i] = convert<To>(in[i]);
    }
}

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
            convert_all(out, in, call.n);
        }
    },
    nullptr,
    0,
};

}  // namespace lazy::cpu

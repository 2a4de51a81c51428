// A statement's formula as a type: what an expression template says to a compiler of kernels.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>

#include "../ops/op.hpp"
#include "kernel.hpp"

namespace lazy::graph {

/// The I-th tensor the statement reads, of element type T.
///
/// Every part of a formula says, as members, how many tensors and numbers it reads, what it costs
/// per element, and whether some element may have no value (integer division by zero).
template <element T, std::size_t I>
struct operand {
    using value_type = T;
    static constexpr std::size_t operands = 1;
    static constexpr std::size_t literals = 0;
    static constexpr float cost = 0;
    static constexpr bool may_fault = false;
};
/// The I-th number of the statement, stored in its parameters as a T.
template <element T, std::size_t I>
struct literal {
    using value_type = T;
    static constexpr std::size_t operands = 0;
    static constexpr std::size_t literals = 1;
    static constexpr float cost = 0;
    static constexpr bool may_fault = false;
};
/// The value of Arg converted to To.
template <element To, class Arg>
struct cast {
    using value_type = To;
    static constexpr std::size_t operands = Arg::operands;
    static constexpr std::size_t literals = Arg::literals;
    static constexpr float cost = 1 + Arg::cost;
    static constexpr bool may_fault = Arg::may_fault;
};
/// Op of the arguments' values, all of element type C (but a leading bool condition).
template <class Op, element C, class... Args>
struct apply {
    using value_type = ops::result_t<Op, C>;
    static constexpr std::size_t operands = (Args::operands + ...);
    static constexpr std::size_t literals = (Args::literals + ...);
    static constexpr float cost = Op::cost + (Args::cost + ...);
    static constexpr bool may_fault =
        (Op::may_fault && is_integer_v<C>) || (Args::may_fault || ...);
};

template <class F>
inline constexpr std::size_t operand_count = F::operands;
template <class F>
inline constexpr std::size_t literal_count = F::literals;

/// Formula with every operand of index i replaced by index i + Operands, every literal likewise.
template <class F, std::size_t Operands, std::size_t Literals>
struct shifted;
template <class T, std::size_t I, std::size_t N, std::size_t L>
struct shifted<operand<T, I>, N, L> {
    using type = operand<T, I + N>;
};
template <class T, std::size_t I, std::size_t N, std::size_t L>
struct shifted<literal<T, I>, N, L> {
    using type = literal<T, I + L>;
};
template <class To, class Arg, std::size_t N, std::size_t L>
struct shifted<cast<To, Arg>, N, L> {
    using type = cast<To, typename shifted<Arg, N, L>::type>;
};
template <class Op, class C, class... Args, std::size_t N, std::size_t L>
struct shifted<apply<Op, C, Args...>, N, L> {
    using type = apply<Op, C, typename shifted<Args, N, L>::type...>;
};

/// Op of formulas that each count their tensors and numbers from 0, read one behind the other.
template <class Op, class C, class... Parts>
struct joined;
template <class Op, class C, class A>
struct joined<Op, C, A> {
    using type = apply<Op, C, A>;
};
template <class Op, class C, class A, class B>
struct joined<Op, C, A, B> {
    using type = apply<Op, C, A, typename shifted<B, A::operands, A::literals>::type>;
};
template <class Op, class C, class M, class A, class B>
struct joined<Op, C, M, A, B> {
    using type =
        apply<Op, C, M, typename shifted<A, M::operands, M::literals>::type,
              typename shifted<B, M::operands + A::operands, M::literals + A::literals>::type>;
};

/// The numbers of a statement, each in its own slot as its own type.
template <std::size_t Count>
struct literals {
    alignas(16) std::byte slot[Count][16];
};
template <>
struct literals<0> {};

/// Writes a formula's symbols in prefix order.
template <class F>
struct spelling;
template <class T, std::size_t I>
struct spelling<operand<T, I>> {
    static constexpr std::size_t size = 1;
    static constexpr formula_token* write(formula_token* out) {
        *out = {formula_token::symbol::tensor, dtype_traits<T>::id, I, nullptr};
        return out + 1;
    }
};
template <class T, std::size_t I>
struct spelling<literal<T, I>> {
    static constexpr std::size_t size = 1;
    static constexpr formula_token* write(formula_token* out) {
        *out = {formula_token::symbol::number, dtype_traits<T>::id, I, nullptr};
        return out + 1;
    }
};
template <class To, class Arg>
struct spelling<cast<To, Arg>> {
    static constexpr std::size_t size = 1 + spelling<Arg>::size;
    static constexpr formula_token* write(formula_token* out) {
        *out = {formula_token::symbol::conversion, dtype_traits<To>::id, 1, "to"};
        return spelling<Arg>::write(out + 1);
    }
};
template <class Op, class C, class... Args>
struct spelling<apply<Op, C, Args...>> {
    static constexpr std::size_t size = 1 + (spelling<Args>::size + ...);
    static constexpr formula_token* write(formula_token* out) {
        *out++ = {formula_token::symbol::operation, dtype_traits<C>::id, sizeof...(Args), Op::name};
        ((out = spelling<Args>::write(out)), ...);
        return out;
    }
};
template <class F>
inline constexpr auto formula_tokens = [] {
    std::array<formula_token, spelling<F>::size> out{};
    spelling<F>::write(out.data());
    return out;
}();

}  // namespace lazy::graph

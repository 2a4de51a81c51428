// A statement's formula as a type: what an expression template says to a compiler of kernels.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>

#include "../ops/op.hpp"
#include "kernel.hpp"

namespace lazy::graph {

/// The I-th tensor the statement reads, of element type T.
template <element T, std::size_t I>
struct operand {
    using value_type = T;
};
/// The I-th number of the statement, stored in its parameters as a T.
template <element T, std::size_t I>
struct literal {
    using value_type = T;
};
/// The value of Arg converted to To.
template <element To, class Arg>
struct cast {
    using value_type = To;
};
/// Op of the arguments' values, all of element type C (but a leading bool condition).
template <class Op, element C, class... Args>
struct apply {
    using value_type = ops::result_t<Op, C>;
};

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

/// How many operands a formula reads.
template <class F>
inline constexpr std::size_t operand_count = 0;
template <class T, std::size_t I>
inline constexpr std::size_t operand_count<operand<T, I>> = 1;
template <class To, class Arg>
inline constexpr std::size_t operand_count<cast<To, Arg>> = operand_count<Arg>;
template <class Op, class C, class... Args>
inline constexpr std::size_t operand_count<apply<Op, C, Args...>> = (std::size_t{0} + ... +
                                                                     operand_count<Args>);

template <class F>
inline constexpr std::size_t literal_count = 0;
template <class T, std::size_t I>
inline constexpr std::size_t literal_count<literal<T, I>> = 1;
template <class To, class Arg>
inline constexpr std::size_t literal_count<cast<To, Arg>> = literal_count<Arg>;
template <class Op, class C, class... Args>
inline constexpr std::size_t literal_count<apply<Op, C, Args...>> = (std::size_t{0} + ... +
                                                                     literal_count<Args>);

/// True iff some element may have no value (integer division by zero).
template <class F>
inline constexpr bool formula_may_fault = false;
template <class To, class Arg>
inline constexpr bool formula_may_fault<cast<To, Arg>> = formula_may_fault<Arg>;
template <class Op, class C, class... Args>
inline constexpr bool formula_may_fault<apply<Op, C, Args...>> =
    (Op::may_fault && is_integer_v<C>) || (false || ... || formula_may_fault<Args>);

template <class F>
inline constexpr float formula_cost = 0;
template <class To, class Arg>
inline constexpr float formula_cost<cast<To, Arg>> = 1 + formula_cost<Arg>;
template <class Op, class C, class... Args>
inline constexpr float formula_cost<apply<Op, C, Args...>> = Op::cost +
                                                             (0.0F + ... + formula_cost<Args>);

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

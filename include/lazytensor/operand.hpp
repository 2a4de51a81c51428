// What a tensor operand is: the concepts and forward declarations that every public header uses.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include "../../lazy/graph/build.hpp"
#include "../../lazy/graph/formula.hpp"
#include "../../lazy/graph/variable.hpp"

namespace lazy {

template <element T>
class tensor;
class Tensor;
template <class Formula, std::size_t Operands, std::size_t Literals>
class expr;

/// Base of everything that stands for a tensor: tensor<T>, Tensor, expressions, selections.
struct tensor_operand {};

/// tensor<T>, Tensor, or an expression of them. With the compiler's own trait, which
/// std::is_base_of wraps in two templates more for each of the many types this is asked of.
template <class X>
concept tensor_like = __is_base_of(tensor_operand, std::remove_cvref_t<X>);

/// The element type the compiler knows of an operand; void for Tensor.
template <class X>
using value_type_of = typename std::remove_cvref_t<X>::value_type;

/// An operand whose dtype the compiler knows.
template <class X>
concept typed = tensor_like<X> && !std::is_void_v<value_type_of<X>>;

/// A tensor or a bare number.
template <class X>
concept term = tensor_like<X> || number<std::remove_cvref_t<X>>;

template <class T>
struct handle_for : type_tag<tensor<T>> {};
template <>
struct handle_for<void> : type_tag<Tensor> {};
/// tensor<T>, or Tensor when T is void.
template <class T>
using handle = typename handle_for<T>::type;
/// The handle type with the same dtype knowledge as operand X.
template <class X>
using handle_like = handle<value_type_of<X>>;

/// A new tensor whose value is `n`.
template <class T>
handle<T> make_handle(graph::node_ptr n) {
    return handle<T>(graph::variable_ptr(new graph::variable(std::move(n))));
}

}  // namespace lazy

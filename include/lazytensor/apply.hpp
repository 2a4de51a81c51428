// Applying an operation: to typed operands an expression template, to run-time ones a graph node.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "expression.hpp"

namespace lazy {

/// What an operand brings to promotion: numbers their type, tensors only that of their elements,
/// so that the many types of expressions make few instantiations.
template <element T>
struct elements_of;
template <class X>
struct promotes_as : type_tag<elements_of<typename X::value_type>> {};
template <number S>
struct promotes_as<S> : type_tag<S> {};

template <class T, class X>
struct with_operand : type_tag<T> {};
template <class T, class V>
struct with_operand<T, elements_of<V>> : type_tag<promote_t<T, V>> {};
template <class V>
struct with_operand<void, elements_of<V>> : type_tag<V> {};

template <class T, class X>
struct with_number : type_tag<T> {};
template <class T, number S>
requires(!std::is_void_v<T>) struct with_number<T, S> : type_tag<promote_number_t<T, S>> {
};
template <number S>
struct with_number<void, S> : type_tag<element_of_number<S>> {};

template <template <class, class> class Step, class T, class... X>
struct folded : type_tag<T> {};
template <template <class, class> class Step, class T, class First, class... Rest>
struct folded<Step, T, First, Rest...> : folded<Step, typename Step<T, First>::type, Rest...> {};
template <class... X>
using promoted = folded<with_number, typename folded<with_operand, void, X...>::type, X...>;

/// The element type operands X... promote to: tensors first, then the numbers.
template <class... X>
using promoted_t = typename promoted<typename promotes_as<std::remove_cvref_t<X>>::type...>::type;

template <class X>
run_time_operand run_time(X&& x) {
    if constexpr (number<std::remove_cvref_t<X>>) {
        return {nullptr, scalar(x), true};
    } else {
        return {static_cast<X&&>(x).node(), scalar(), false};
    }
}

/// PyTorch's result type: tensors with dimensions first, then 0-d tensors, then numbers, each
/// later group only when its kind is higher.
inline dtype result_type(std::span<const run_time_operand> operands) {
    bool any[3] = {false, false, false};
    dtype best[3] = {dtype_id::bool_, dtype_id::bool_, dtype_id::bool_};
    dtype_kind number = dtype_kind::boolean;
    for (const run_time_operand& o : operands) {
        if (o.is_number) {
            any[2] = true;
            number = std::max(number, o.value.kind());
            continue;
        }
        const int group = o.node->shape().empty() ? 1 : 0;
        best[group] = any[group] ? promote_types(best[group], o.node->dtype()) : o.node->dtype();
        any[group] = true;
    }
    dtype d = any[0] ? best[0] : best[1];
    if (any[0] && any[1] && best[1].kind() > d.kind()) {
        // A complex 0-d tensor makes floats complex without widening them.
        d = d.is_floating_point() ? promote_with_number(d, best[1].kind(), d) : best[1];
    }
    return any[2] ? promote_with_number(d, number, get_default_dtype()) : d;
}

/// Op, working in `d`, of its operands.
template <class Op>
graph::node_ptr apply_in(std::span<run_time_operand> operands, dtype d) {
    const std::size_t first = Op::has_condition ? 1 : 0;
    std::array<graph::node_ptr, 4> nodes;
    shape sizes;
    bool any = false;
    for (std::size_t i = 0; i < operands.size(); ++i) {
        const dtype wanted = i < first ? dtype(dtype_id::bool_) : d;
        if (operands[i].is_number) {
            if constexpr (std::is_same_v<Op, ops::pow>) {
                if (i == 1) {
                    check_exponent(operands[i].value, wanted);
                }
            }
            nodes[i] = graph::make_number(
                number_beside(operands[i].value, wanted, Op::numbers, Op::name), wanted);
            continue;
        }
        nodes[i] = operands[i].node->dtype() == wanted
                       ? std::move(operands[i].node)
                       : converted(std::move(operands[i].node), wanted);
        if (any) {
            broadcast_into(sizes, nodes[i]->shape(), Op::name);
        } else {
            sizes = nodes[i]->shape();
        }
        any = true;
    }
    return make_primitive<Op>({nodes.data(), operands.size()}, d, std::move(sizes));
}

/// What operands have in common: most are tensors of one dtype, and often of one shape. Then there
/// is nothing to promote, or nothing to broadcast either.
enum class likeness : std::uint8_t { none, dtype, shape };
[[gnu::noinline]] inline likeness likeness_of(std::span<const run_time_operand> operands) {
    const graph::node* first = operands[0].node.get();
    likeness found = likeness::shape;
    for (const run_time_operand& o : operands) {
        if (o.node.get() == first && first != nullptr) {
            continue;
        }
        if (o.is_number || first == nullptr || o.node->dtype() != first->dtype()) {
            return likeness::none;
        }
        if (!(o.node->shape() == first->shape())) {
            found = likeness::dtype;
        }
    }
    return found;
}
/// A kernel over such operands, which it takes.
[[gnu::noinline]] inline graph::node_ptr make_alike(const graph::map_kernel& kernel,
                                                    std::span<run_time_operand> operands,
                                                    likeness like, const char* op) {
    graph::node_ptr nodes[3];
    shape sizes = operands[0].node->shape();
    for (std::size_t i = 0; i < operands.size(); ++i) {
        nodes[i] = std::move(operands[i].node);
        if (like == likeness::dtype) {
            broadcast_into(sizes, nodes[i]->shape(), op);
        }
    }
    return graph::make_statement(kernel, {nodes, operands.size()}, std::move(sizes));
}

template <class Op>
graph::node_ptr apply_run_time(std::span<run_time_operand> operands) {
    if constexpr (Op::refuses_bool) {
        for (const run_time_operand& o : operands) {
            if ((o.is_number ? o.value.kind() : o.node->dtype().kind()) == dtype_kind::boolean) {
                fail<dtype_error>(Op::name, {"not implemented for bool"});
            }
        }
    }
    if constexpr (!Op::has_condition) {
        if (const likeness like = likeness_of(operands); like != likeness::none) {
            const dtype d = operands[0].node->dtype();
            if (ops::compute_dtype<Op>(d, get_default_dtype()) == d && !is_half(d)) {
                return make_alike(primitive_kernel<Op>(d), operands, like, Op::name);
            }
        }
    }
    const dtype promoted = result_type(operands.subspan(Op::has_condition ? 1 : 0));
    const dtype d = ops::compute_dtype<Op>(promoted, get_default_dtype());
    if constexpr (Op::wide_numbers) {
        if (is_half(d) && wider_than_half(operands, d)) {
            return converted(apply_in<Op>(operands, dtype_id::float32), d);
        }
    }
    return apply_in<Op>(operands, d);
}

template <class Op, class M, class X, class Y>
auto apply_conditional(M&& m, X&& x, Y&& y) {
    return make_conditional<Op, promoted_t<X, Y>>(static_cast<M&&>(m), static_cast<X&&>(x),
                                                  static_cast<Y&&>(y));
}

template <class X>
inline constexpr bool is_bool_operand = std::is_same_v<std::remove_cvref_t<X>, bool>;
template <typed X>
inline constexpr bool is_bool_operand<X> = std::is_same_v<value_type_of<X>, bool>;

/// Op of its operands: an `expr` when the compiler knows every dtype, else a Tensor. Operands are
/// forwarded by casts here and below: std::forward would be instantiated for every expression type.
template <class Op, class... X>
auto apply(X&&... x) {
    if constexpr ((... && (typed<X> || number<std::remove_cvref_t<X>>))) {
        if constexpr (Op::has_condition) {
            return lazy::apply_conditional<Op>(static_cast<X&&>(x)...);
        } else {
            using P = promoted_t<X...>;
            static_assert(ops::accepts<Op, P>, "this operation does not take this dtype");
            static_assert(!Op::refuses_bool || !(... || is_bool_operand<X>),
                          "this operation does not take bool");
            if constexpr (Op::wide_numbers && is_half_v<P> &&
                          (... || number<std::remove_cvref_t<X>>)) {
                return make_conversion<P>(make_expression<Op, float>(static_cast<X&&>(x)...));
            } else {
                return make_expression<Op, ops::compute_t<Op, P>>(static_cast<X&&>(x)...);
            }
        }
    } else {
        std::array<run_time_operand, sizeof...(X)> operands{run_time(static_cast<X&&>(x))...};
        return make_handle<void>(apply_run_time<Op>(operands));
    }
}

}  // namespace lazy

// Expression templates: a statement over typed tensors, one compiled kernel, nothing by reference.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "methods.hpp"
#include "numbers.hpp"
#include "statement.hpp"

namespace lazy {

/// The value of a formula over some tensors' values and numbers. It holds those values, not the
/// tensors: it may be returned, stored, and outlive its operands, and later writes to them do not
/// change it. An expression with a name becomes a graph node when it is used, so that several uses
/// share one computation; a temporary melts into the statement around it.
template <class Formula, std::size_t Operands, std::size_t Literals>
class expr : public methods<expr<Formula, Operands, Literals>, typename Formula::value_type> {
public:
    using value_type = typename Formula::value_type;
    using formula = Formula;

    lazy::dtype dtype() const { return dtype_of<value_type>; }
    const lazy::shape& shape() const { return parts_.shape; }
    /// The statement as one node; the same one every time.
    graph::node_ptr node() const& { return parts_.node(code); }
    /// The same of a temporary, which needs to remember nothing.
    graph::node_ptr node() && { return std::move(parts_).node(code); }
    graph::variable_ptr variable() const& { return parts_.variable(code); }
    graph::variable_ptr variable() && { return std::move(parts_).variable(code); }
    const std::array<graph::node_ptr, Operands>& operands() const { return parts_.operands; }
    const graph::literals<Literals>& numbers() const { return parts_.numbers; }

    /// What it holds, to be filled, or taken by a larger statement.
    statement<Operands, Literals>& parts() { return parts_; }

private:
    static constexpr statement_code make_code() {
        if constexpr (has_costly_part<Formula>) {
            return {&cpu::statement<Formula>, formula_primitives<Formula>.data(),
                    &expand_where_repeated};
        } else {
            return {&cpu::statement<Formula>, nullptr, nullptr};
        }
    }
    static constexpr statement_code code = make_code();

    statement<Operands, Literals> parts_;
};

template <class X>
inline constexpr bool is_expr = false;
template <class F, std::size_t N, std::size_t L>
inline constexpr bool is_expr<expr<F, N, L>> = true;

template <class F>
using expr_of = expr<F, graph::operand_count<F>, graph::literal_count<F>>;

/// The formula of an operand whose value is wanted as a C. X is as deduced for X&&: a temporary
/// expression gives its own, a named one (and a tensor) is read from memory.
template <element C, class X>
struct part {
    using value_type = value_type_of<X>;
    using own = graph::operand<value_type, 0>;
    using formula = std::conditional_t<std::is_same_v<C, value_type>, own, graph::cast<C, own>>;
};
template <element C, number S>
struct part<C, S> {
    using formula = graph::literal<C, 0>;
};
template <element C, class F, std::size_t N, std::size_t L>
struct part<C, expr<F, N, L>> {
    using formula =
        std::conditional_t<std::is_same_v<C, typename F::value_type>, F, graph::cast<C, F>>;
};
template <element C, class X>
using part_t = typename part<
    C, std::conditional_t<number<std::remove_cvref_t<X>>, std::remove_cvref_t<X>, X>>::formula;

/// Adds an operand whose value is wanted as a C to the statement in the making.
template <element C, class X>
void add_operand(statement_builder& b, X&& x) {
    using B = std::remove_cvref_t<X>;
    if constexpr (number<B>) {
        b.add_number<C>(x);
    } else if constexpr (is_expr<X>) {
        b.add(std::move(x.parts()));
    } else if constexpr (std::is_same_v<B, handle_like<B>> && std::is_lvalue_reference_v<X>) {
        b.add(*x.variable());
    } else {
        b.add(static_cast<X&&>(x).node());
    }
}

/// Op, working in C, of operands that are wanted as a C.
template <class Op, element C, class... X>
auto make_expression(X&&... x) {
    using F = typename graph::joined<Op, C, part_t<C, X>...>::type;
    expr_of<F> e;
    statement_builder b(e.parts(), Op::name);
    if constexpr (std::is_same_v<Op, ops::pow> && is_integer_v<C>) {
        check_exponents<C>(x...);
    }
    (add_operand<C>(b, as_operand<Op, C>(static_cast<X&&>(x))), ...);
    return e;
}
/// The same with a bool condition before them. The condition broadcasts last.
template <class Op, element C, class M, class X, class Y>
auto make_conditional(M&& m, X&& x, Y&& y) {
    using F = typename graph::joined<Op, C, part_t<bool, M>, part_t<C, X>, part_t<C, Y>>::type;
    statement<graph::operand_count<part_t<C, X>> + graph::operand_count<part_t<C, Y>>,
              graph::literal_count<part_t<C, X>> + graph::literal_count<part_t<C, Y>>>
        both;
    statement_builder rest(both, Op::name);
    add_operand<C>(rest, as_operand<Op, C>(static_cast<X&&>(x)));
    add_operand<C>(rest, as_operand<Op, C>(static_cast<Y&&>(y)));
    expr_of<F> e;
    statement_builder b(e.parts(), Op::name);
    add_operand<bool>(b, static_cast<M&&>(m));
    b.add(std::move(both));
    return e;
}
/// A copy of `x` with element type To, which is another than x has.
template <element To, class F, std::size_t N, std::size_t L>
auto make_conversion(const expr<F, N, L>& x) {
    expr<graph::cast<To, F>, N, L> e;
    statement_builder b(e.parts(), "to");
    b.add(statement<N, L>(expr<F, N, L>(x).parts()));
    return e;
}

}  // namespace lazy

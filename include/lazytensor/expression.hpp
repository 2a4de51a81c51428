// Expression templates: a statement over typed tensors, one compiled kernel, nothing by reference.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>

#include "expansion.hpp"
#include "methods.hpp"

namespace lazy {

/// A node pointer that several threads may fill once.
class cached_node {
public:
    cached_node() = default;
    cached_node(const cached_node& other) : node_(other.get().detach()) {}
    cached_node& operator=(const cached_node&) = delete;
    ~cached_node() {
        // Nobody else can see it now.
        if (graph::node* n = node_.load(std::memory_order_relaxed); n != nullptr && n->release()) {
            graph::destroy(n);
        }
    }

    graph::node_ptr get() const { return graph::node_ptr(node_.load(std::memory_order_acquire)); }
    bool empty() const { return node_.load(std::memory_order_relaxed) == nullptr; }
    /// Stores `n` unless another thread was first; gives what is stored.
    graph::node_ptr set(graph::node_ptr n) const {
        graph::node* expected = nullptr;
        n->retain();
        if (!node_.compare_exchange_strong(expected, n.get(), std::memory_order_acq_rel)) {
            n->release();
            return graph::node_ptr(expected);
        }
        return n;
    }

private:
    mutable std::atomic<graph::node*> node_{nullptr};
};

/// The value of a formula over some tensors' values and numbers. It holds those values, not the
/// tensors: it may be returned, stored, and outlive its operands, and later writes to them do not
/// change it. An expression with a name becomes a graph node when it is used, so that several uses
/// share one computation; a temporary melts into the statement around it.
template <class Formula, std::size_t Operands, std::size_t Literals>
class expr : public methods<expr<Formula, Operands, Literals>, typename Formula::value_type> {
public:
    using value_type = typename Formula::value_type;
    using formula = Formula;

    expr(std::array<graph::node_ptr, Operands> operands, const graph::literals<Literals>& numbers,
         lazy::shape sizes)
        : operands_(std::move(operands)), numbers_(numbers), shape_(std::move(sizes)) {}

    lazy::dtype dtype() const { return dtype_of<value_type>; }
    const lazy::shape& shape() const { return shape_; }
    /// The statement as one node; the same one every time.
    graph::node_ptr node() const& {
        if (!cache_.empty()) {
            return cache_.get();
        }
        return cache_.set(make_node(operands_));
    }
    /// The same of a temporary, which needs to remember nothing.
    graph::node_ptr node() && {
        return cache_.empty() ? make_node(std::move(operands_)) : cache_.get();
    }
    graph::variable_ptr variable() const {
        return graph::variable_ptr(new graph::variable(node()));
    }
    const std::array<graph::node_ptr, Operands>& operands() const { return operands_; }
    const graph::literals<Literals>& numbers() const { return numbers_; }

    /// The tensors of a temporary, to go on in a larger statement.
    std::array<graph::node_ptr, Operands> take_operands() { return std::move(operands_); }

private:
    graph::node_ptr make_node(std::array<graph::node_ptr, Operands> operands) const {
        if constexpr (has_costly_part<Formula>) {
            if (graph::node_ptr n = expand_where_repeated(graph::formula_tokens<Formula>,
                                                          formula_primitives<Formula>, operands,
                                                          &numbers_, shape_)) {
                return n;
            }
        }
        graph::node_ptr n = graph::make_statement(cpu::statement<Formula>, operands, shape_);
        if constexpr (Literals != 0) {
            n->params().set(numbers_);
        }
        return n;
    }

    std::array<graph::node_ptr, Operands> operands_;
    [[no_unique_address]] graph::literals<Literals> numbers_;
    lazy::shape shape_;
    cached_node cache_;
};

/// Part of a statement being built: a formula with its tensors, numbers and shape.
template <class Formula, std::size_t Operands, std::size_t Literals>
struct fragment {
    using formula = Formula;
    static constexpr std::size_t operand_count = Operands;
    static constexpr std::size_t literal_count = Literals;
    std::array<graph::node_ptr, Operands> operands;
    [[no_unique_address]] graph::literals<Literals> numbers;
    lazy::shape shape;
};

template <class X>
inline constexpr bool is_expr = false;
template <class F, std::size_t N, std::size_t L>
inline constexpr bool is_expr<expr<F, N, L>> = true;

/// An operand as a fragment whose value is of type C. A temporary expression gives its formula, a
/// named one (and a tensor) its node.
template <element C, class X>
auto make_fragment(X&& x) {
    using B = std::remove_cvref_t<X>;
    if constexpr (number<B>) {
        fragment<graph::literal<C, 0>, 0, 1> f;
        const C value = scalar(x).template to<C>();
        std::memcpy(f.numbers.slot[0], &value, sizeof(C));
        return f;
    } else {
        using V = typename B::value_type;
        using convert_if = std::is_same<C, V>;
        if constexpr (is_expr<B> && !std::is_lvalue_reference_v<X>) {
            using F = std::conditional_t<convert_if::value, typename B::formula,
                                         graph::cast<C, typename B::formula>>;
            return fragment<F, graph::operand_count<F>, graph::literal_count<F>>{
                x.take_operands(), x.numbers(), x.shape()};
        } else {
            using F = std::conditional_t<convert_if::value, graph::operand<V, 0>,
                                         graph::cast<C, graph::operand<V, 0>>>;
            graph::node_ptr n = x.node();
            lazy::shape s = n->shape();
            return fragment<F, 1, 0>{{std::move(n)}, {}, std::move(s)};
        }
    }
}

/// Joins the fragments' tensors and numbers behind each other.
template <class Op, class C>
auto join(auto&& a) {
    using A = std::remove_cvref_t<decltype(a)>;
    return expr<graph::apply<Op, C, typename A::formula>, A::operand_count, A::literal_count>(
        std::move(a.operands), a.numbers, std::move(a.shape));
}
template <class A, class B>
auto joined_operands(A&& a, B&& b) {
    std::array<graph::node_ptr,
               std::remove_cvref_t<A>::operand_count + std::remove_cvref_t<B>::operand_count>
        r;
    std::move(a.operands.begin(), a.operands.end(), r.begin());
    std::move(b.operands.begin(), b.operands.end(),
              r.begin() + static_cast<std::ptrdiff_t>(a.operands.size()));
    return r;
}
template <class A, class B>
auto joined_numbers(const A& a, const B& b) {
    graph::literals<A::literal_count + B::literal_count> r;
    if constexpr (A::literal_count != 0) {
        std::memcpy(r.slot, a.numbers.slot, sizeof(a.numbers.slot));
    }
    if constexpr (B::literal_count != 0) {
        std::memcpy(r.slot + A::literal_count, b.numbers.slot, sizeof(b.numbers.slot));
    }
    return r;
}
/// b's formula as it reads after a's.
template <class A, class B>
using after =
    typename graph::shifted<typename B::formula, A::operand_count, A::literal_count>::type;

template <class Op, class C, class A, class B>
auto join(A&& a, B&& b) {
    using F = graph::apply<Op, C, typename A::formula, after<A, B>>;
    lazy::shape s = A::operand_count == 0   ? std::move(b.shape)
                    : B::operand_count == 0 ? std::move(a.shape)
                                            : broadcast_shapes(a.shape, b.shape, Op::name);
    auto numbers = joined_numbers(a, b);
    return expr<F, graph::operand_count<F>, graph::literal_count<F>>(
        joined_operands(std::move(a), std::move(b)), numbers, std::move(s));
}
template <class Op, class C, class M, class A, class B>
auto join(M&& m, A&& a, B&& b) {
    using AB =
        fragment<void, A::operand_count + B::operand_count, A::literal_count + B::literal_count>;
    using F0 =
        typename graph::shifted<typename B::formula, A::operand_count, A::literal_count>::type;
    AB both{{},
            joined_numbers(a, b),
            A::operand_count == 0   ? b.shape
            : B::operand_count == 0 ? a.shape
                                    : broadcast_shapes(a.shape, b.shape, Op::name)};
    both.operands = joined_operands(std::move(a), std::move(b));
    using F = graph::apply<
        Op, C, typename M::formula,
        typename graph::shifted<typename A::formula, M::operand_count, M::literal_count>::type,
        typename graph::shifted<F0, M::operand_count, M::literal_count>::type>;
    lazy::shape s = AB::operand_count == 0  ? m.shape
                    : M::operand_count == 0 ? both.shape
                                            : broadcast_shapes(m.shape, both.shape, Op::name);
    auto numbers = joined_numbers(m, both);
    return expr<F, graph::operand_count<F>, graph::literal_count<F>>(
        joined_operands(std::move(m), std::move(both)), numbers, std::move(s));
}

}  // namespace lazy

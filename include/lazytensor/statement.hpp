// What an expression holds whatever its formula: its tensors' values, its numbers and its shape.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>

#include "expansion.hpp"

/// A program has hundreds of expression types. What follows depends on the counts of operands and
/// numbers at most, and is out of line, so that it is compiled once and a new expression adds
/// little but its kernel.
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

/// The code of a statement: its kernel, and its operations apart with what builds nodes of them, or
/// null where no part of it is worth computing apart. A pointer, so that a program without such a
/// statement compiles no expansion.
struct statement_code {
    const graph::map_kernel* kernel;
    const graph::map_kernel* const* parts;
    decltype(&expand_where_repeated) expand;
};

/// Takes the operands over.
[[gnu::noinline]] inline graph::node_ptr make_statement_node(const statement_code& code,
                                                             std::span<graph::node_ptr> operands,
                                                             const void* numbers,
                                                             const shape& sizes) {
    if (code.parts != nullptr) {
        const std::size_t size = code.kernel->formula_size;
        if (graph::node_ptr n = code.expand({code.kernel->formula, size}, {code.parts, size},
                                            operands, numbers, sizes)) {
            return n;
        }
    }
    return graph::make_statement(*code.kernel, operands, sizes);
}

template <std::size_t Operands, std::size_t Literals>
class statement {
public:
    std::array<graph::node_ptr, Operands> operands;
    [[no_unique_address]] graph::literals<Literals> numbers;
    lazy::shape shape;
    cached_node cache;

    statement() = default;
    [[gnu::noinline]] statement(const statement&) = default;
    [[gnu::noinline]] statement(statement&&) = default;
    [[gnu::noinline]] ~statement() = default;

    /// The statement as one node; the same one every time.
    [[gnu::noinline]] graph::node_ptr node(const statement_code& code) const& {
        if (!cache.empty()) {
            return cache.get();
        }
        std::array<graph::node_ptr, Operands> copy(operands);
        return cache.set(make_node(code, copy));
    }
    /// The same of a temporary, which needs to remember nothing.
    [[gnu::noinline]] graph::node_ptr node(const statement_code& code) && {
        return cache.empty() ? make_node(code, operands) : cache.get();
    }
    [[gnu::noinline]] graph::variable_ptr variable(const statement_code& code) const& {
        return graph::variable_ptr(new graph::variable(node(code)));
    }
    [[gnu::noinline]] graph::variable_ptr variable(const statement_code& code) && {
        return graph::variable_ptr(new graph::variable(std::move(*this).node(code)));
    }

private:
    graph::node_ptr make_node(const statement_code& code, std::span<graph::node_ptr> from) const {
        graph::node_ptr n = make_statement_node(code, from, &numbers, shape);
        if constexpr (Literals != 0) {
            if (n->kernel_address() == code.kernel) {
                n->params().set(numbers);
            }
        }
        return n;
    }
};

/// Fills a statement from left to right.
class statement_builder {
public:
    template <std::size_t N, std::size_t L>
    statement_builder(statement<N, L>& s, const char* op)
        : operands_(s.operands.data()), shape_(s.shape), op_(op) {
        if constexpr (L != 0) {
            numbers_ = s.numbers.slot[0];
        }
    }

    /// The next operand: the current value of a variable, a node, a number as a T, or all that
    /// another statement has. Throws shape_error when the shapes do not broadcast.
    [[gnu::noinline]] void add(const graph::variable& v) { add(v.value()); }
    [[gnu::noinline]] void add(graph::node_ptr n) {
        meet(n->shape());
        *operands_++ = std::move(n);
    }
    template <element T, number S>
    [[gnu::noinline]] void add_number(S number) {
        const T value = scalar(number).template to<T>();
        std::memset(numbers_, 0, number_bytes);  // equal statements have equal bytes
        std::memcpy(numbers_, &value, sizeof(T));
        numbers_ += number_bytes;
    }
    template <std::size_t N, std::size_t L>
    [[gnu::noinline]] void add(statement<N, L>&& s) {
        meet(s.shape);
        for (graph::node_ptr& n : s.operands) {
            *operands_++ = std::move(n);
        }
        if constexpr (L != 0) {
            std::memcpy(numbers_, s.numbers.slot, sizeof(s.numbers.slot));
            numbers_ += sizeof(s.numbers.slot);
        }
    }

private:
    static constexpr std::size_t number_bytes = sizeof(graph::literals<1>);

    [[gnu::noinline]] void meet(const shape& sizes) {
        if (!any_) {
            shape_ = sizes;
            any_ = true;
        } else if (!(shape_ == sizes)) {
            shape_ = broadcast_shapes(shape_, sizes, op_);
        }
    }

    graph::node_ptr* operands_;
    std::byte* numbers_ = nullptr;
    shape& shape_;
    const char* op_;
    bool any_ = false;
};

}  // namespace lazy

// The two handles: tensor<T>, whose dtype the compiler knows, and Tensor, whose dtype it does not.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/graph/views.hpp"
#include "assign.hpp"
#include "export.hpp"
#include "list_data.hpp"

namespace lazy {

/// A new buffer node with the given elements.
template <class T>
graph::node_ptr stored(const std::vector<T>& values, const shape& sizes) {
    buffer_ptr b = buffer::allocate(values.size() * sizeof(T));
    if constexpr (std::is_same_v<T, bool>) {
        std::copy(values.begin(), values.end(), reinterpret_cast<bool*>(b->data()));
    } else if (!values.empty()) {
        std::memcpy(static_cast<void*>(b->data()), values.data(), values.size() * sizeof(T));
    }
    return graph::make_buffer(std::move(b), dtype_of<T>, sizes);
}

/// What both handles do in place: aliasing, writing, iterating.
template <class Self, class Element>
class handle_base : public methods<Self, Element> {
public:
    using value_type = Element;

    explicit handle_base(graph::variable_ptr v) : variable_(std::move(v)) {}

    lazy::dtype dtype() const { return variable()->dtype(); }
    const lazy::shape& shape() const { return variable()->shape(); }
    /// The current value; later writes to the tensor do not change it.
    graph::node_ptr node() const& { return variable()->value(); }
    /// The same of a tensor that is given up (`std::move(x) * 2`): whoever gets it may be its only
    /// owner, and compute in its memory.
    graph::node_ptr node() && { return graph::last_value(std::move(*this).variable()); }
    const graph::variable_ptr& variable() const& {
        if (!variable_) [[unlikely]] {
            moved_from();
        }
        return variable_;
    }
    graph::variable_ptr variable() && {
        static_cast<const handle_base&>(*this).variable();
        return std::move(variable_);
    }

    /// Writes `source`, broadcast and converted, into this tensor's elements. Lazy, unless the
    /// memory is shared with the outside.
    template <tensor_like X>
    const Self& copy_(X&& source) const {
        return write(static_cast<X&&>(source), "copy_");
    }
    const Self& fill_(const scalar& value) const { return write(value, "fill_"); }
    const Self& zero_() const { return fill_(0); }

    // In place: name_(...) writes what name(self, ...) gives.
#define LAZYTENSOR_IN_PLACE(name) \
    const Self& name##_() const { return write_result(lazy::name(this->self()), #name "_"); }
    LAZYTENSOR_UNARY_OPS(LAZYTENSOR_IN_PLACE)
#undef LAZYTENSOR_IN_PLACE
#define LAZYTENSOR_IN_PLACE(name)                                                                \
    template <class... A>                                                                        \
    const Self& name##_(A&&... arguments) const {                                                \
        return write_result(lazy::name(this->self(), std::forward<A>(arguments)...), #name "_"); \
    }
    LAZYTENSOR_BINARY_OPS(LAZYTENSOR_IN_PLACE)
    LAZYTENSOR_IN_PLACE(addcdiv)
    LAZYTENSOR_IN_PLACE(addcmul)
    LAZYTENSOR_IN_PLACE(clamp)
    LAZYTENSOR_IN_PLACE(clamp_max)
    LAZYTENSOR_IN_PLACE(clamp_min)
    LAZYTENSOR_IN_PLACE(frac)
    LAZYTENSOR_IN_PLACE(index_add)
    LAZYTENSOR_IN_PLACE(index_copy)
    LAZYTENSOR_IN_PLACE(index_fill)
    LAZYTENSOR_IN_PLACE(lerp)
    LAZYTENSOR_IN_PLACE(nan_to_num)
    LAZYTENSOR_IN_PLACE(scatter)
    LAZYTENSOR_IN_PLACE(scatter_add)
    LAZYTENSOR_IN_PLACE(tril)
    LAZYTENSOR_IN_PLACE(triu)
#undef LAZYTENSOR_IN_PLACE
#define LAZYTENSOR_OPERATOR(symbol, name)           \
    template <term X>                               \
    const Self& operator symbol(const X& x) const { \
        return name##_(x);                          \
    }
    LAZYTENSOR_OPERATOR(+=, add)
    LAZYTENSOR_OPERATOR(-=, sub)
    LAZYTENSOR_OPERATOR(*=, mul)
    LAZYTENSOR_OPERATOR(/=, div)
    LAZYTENSOR_OPERATOR(%=, remainder)
    LAZYTENSOR_OPERATOR(&=, bitwise_and)
    LAZYTENSOR_OPERATOR(|=, bitwise_or)
    LAZYTENSOR_OPERATOR(^=, bitwise_xor)
    LAZYTENSOR_OPERATOR(<<=, bitwise_left_shift)
    LAZYTENSOR_OPERATOR(>>=, bitwise_right_shift)
#undef LAZYTENSOR_OPERATOR
    /// Writes `value` where `mask` is true.
    template <tensor_like M, class V>
    const Self& masked_fill_(const M& mask, const V& value) const {
        graph::node_ptr v = fitted_as<Element>(value, variable(), "masked_fill_");
        return write(lazy::where(mask, make_handle<Element>(dense(std::move(v))), this->self()),
                     "masked_fill_");
    }

    /// Writes the result of an in-place operation, which must fit: no larger shape, no higher kind
    /// of dtype.
    template <class X>
    const Self& write_result(X&& result, std::string_view op) const {
        if (result.dtype().kind() > dtype().kind()) {
            throw dtype_error(message(op, std::string("result type ") + result.dtype().name() +
                                              " can't be cast to the desired output type " +
                                              dtype().name()));
        }
        if (result.shape() != shape()) {
            throw shape_error(message(op, "output with shape " + lazy::to_string(shape()) +
                                              " doesn't match the broadcast shape " +
                                              lazy::to_string(result.shape())));
        }
        return write(static_cast<X&&>(result), op);
    }

    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using difference_type = std::ptrdiff_t;
        using value_type = Self;
        using reference = Self;
        using pointer = void;
        iterator() = default;
        iterator(graph::variable_ptr v, std::int64_t i) : variable_(std::move(v)), index_(i) {}
        Self operator*() const {
            return Self(graph::view_variable(
                variable_, graph::select(graph::geometry_of(*variable_), 0, index_, "iterate")));
        }
        iterator& operator++() {
            ++index_;
            return *this;
        }
        iterator operator++(int) {
            iterator before = *this;
            ++index_;
            return before;
        }
        friend bool operator==(const iterator& a, const iterator& b) {
            return a.index_ == b.index_;
        }

    private:
        graph::variable_ptr variable_;
        std::int64_t index_ = 0;
    };
    /// Views of the slices along the first dimension. Throws value_error for a 0-d tensor.
    iterator begin() const {
        if (shape().empty()) {
            throw value_error("[iterate] iteration over a 0-d tensor");
        }
        return {variable(), 0};
    }
    iterator end() const { return {variable(), shape().empty() ? 0 : shape()[0]}; }

protected:
    template <class X>
    const Self& write(X&& source, std::string_view op) const {
        if constexpr (tensor_like<X>) {
            require_distinct(*variable(), op);
        }
        graph::node_ptr n = fitted_as<Element>(static_cast<X&&>(source), variable(), op);
        if constexpr (tensor_like<X>) {
            // What another variable may hold; of a view, the update reads it.
            if (op == "copy_" && !variable()->is_view() && n->use_count() > 1) {
                n = copied(n);
            }
        }
        lazy::assign(variable(), std::move(n));
        return this->self();
    }

private:
    [[noreturn]] static void moved_from() {
        fail<value_error>("tensor", {"this tensor was moved from: assign to it before using it"});
    }
    graph::variable_ptr variable_;
};

/// A tensor of T: PyTorch's torch.tensor is its constructor. Handles alias (`b = a`), views share;
/// clone copies. Assigning to a temporary (`t[1] = 10`) writes, to a named handle rebinds it.
template <element T>
class tensor : public handle_base<tensor<T>, T> {
    using base = handle_base<tensor<T>, T>;

public:
    explicit tensor(graph::variable_ptr v) : base(std::move(v)) {}
    /// An empty tensor, shape [0].
    tensor() : tensor(list_data<T>{lazy::shape(0), {}}) {}
    /// A number as a 0-d tensor.
    template <number S>
    explicit tensor(S value) : base(new_variable(graph::make_number_of(scalar(value).to<T>()))) {}
    template <number S, class D>
    requires std::is_same_v<D, dtype_constant<T>> tensor(S value, D) : tensor(value) {}

#define LAZYTENSOR_LIST(list)                                                     \
    template <class S>                                                            \
    requires(number<S> || std::is_same_v<S, mixed_number>) tensor(list(S) values) \
        : tensor(read(values)) {}                                                 \
    template <class S>                                                            \
    requires(number<S> || std::is_same_v<S, mixed_number>)                        \
        tensor(list(S) values, dtype_constant<T>)                                 \
        : tensor(read(values)) {}
    LAZYTENSOR_LIST(LAZYTENSOR_LIST_1)
    LAZYTENSOR_LIST(LAZYTENSOR_LIST_2)
    LAZYTENSOR_LIST(LAZYTENSOR_LIST_3)
    LAZYTENSOR_LIST(LAZYTENSOR_LIST_4)
    LAZYTENSOR_LIST(LAZYTENSOR_LIST_5)
#undef LAZYTENSOR_LIST
    tensor(LAZYTENSOR_LIST_1(mixed_number) values) : tensor(read(values)) {}
    tensor(LAZYTENSOR_LIST_2(mixed_number) values) : tensor(read(values)) {}
    tensor(LAZYTENSOR_LIST_3(mixed_number) values) : tensor(read(values)) {}
    tensor(LAZYTENSOR_LIST_4(mixed_number) values) : tensor(read(values)) {}
    tensor(LAZYTENSOR_LIST_5(mixed_number) values) : tensor(read(values)) {}

    /// A copy of nested std::vector, std::array or std::span; throws shape_error when ragged.
    template <nested_range L>
    requires(!tensor_like<L> &&
             !std::is_same_v<L, array_interface>) explicit tensor(const L& values)
        : tensor(read(values)) {}
    template <nested_range L>
    requires(!tensor_like<L> && !std::is_same_v<L, array_interface>)
        tensor(const L& values, dtype_constant<T>)
        : tensor(read(values)) {}

    /// An expression's value, computed later.
    template <tensor_like X>
    requires(std::is_same_v<value_type_of<X>, T> && !std::is_same_v<std::remove_cvref_t<X>, tensor>)
        tensor(X&& x)
        : base(static_cast<X&&>(x).variable()) {}
    /// The same tensor with its dtype made known; throws dtype_error when it is another.
    template <tensor_like X>
    requires(!typed<X>) tensor(X&& x) : base(checked(static_cast<X&&>(x).variable())) {}

    tensor(const tensor&) = default;
    tensor(tensor&&) = default;
    tensor& operator=(const tensor&) & = default;
    tensor& operator=(tensor&&) & = default;
    template <class = void>
    const tensor& operator=(const tensor& source) && {
        return this->copy_(source);
    }
    template <tensor_like X>
    const tensor& operator=(X&& source) && {
        return this->copy_(static_cast<X&&>(source));
    }
    template <number S>
    const tensor& operator=(S value) && {
        return this->fill_(value);
    }
    template <number S>
    void operator=(S) & = delete;

private:
    explicit tensor(list_data<T>&& d) : base(new_variable(stored(d.values, d.sizes))) {}
    template <class L>
    static list_data<T> read(const L& list) {
        list_data<T> d;
        read_list<T>(list, 0, d);
        return d;
    }
    static graph::variable_ptr new_variable(graph::node_ptr n) {
        return graph::variable_ptr(new graph::variable(std::move(n)));
    }
    static graph::variable_ptr checked(graph::variable_ptr v) {
        if (v->dtype() != dtype_of<T>) {
            fail<dtype_error>("tensor",
                              {"a tensor of ", v->dtype().name(), " is not a tensor of ",
                               dtype_of<T>.name(), ": use .to(", dtype_of<T>.name(), ")"});
        }
        return v;
    }
};

#define LAZYTENSOR_GUIDE(list)              \
    template <number S>                     \
    tensor(list(S)) -> tensor<listed_t<S>>; \
    template <number S, element T>          \
    tensor(list(S), dtype_constant<T>) -> tensor<T>;
LAZYTENSOR_GUIDE(LAZYTENSOR_LIST_1)
LAZYTENSOR_GUIDE(LAZYTENSOR_LIST_2)
LAZYTENSOR_GUIDE(LAZYTENSOR_LIST_3)
LAZYTENSOR_GUIDE(LAZYTENSOR_LIST_4)
LAZYTENSOR_GUIDE(LAZYTENSOR_LIST_5)
#undef LAZYTENSOR_GUIDE
tensor(LAZYTENSOR_LIST_1(mixed_number))->tensor<float>;
tensor(LAZYTENSOR_LIST_2(mixed_number))->tensor<float>;
tensor(LAZYTENSOR_LIST_3(mixed_number))->tensor<float>;
tensor(LAZYTENSOR_LIST_4(mixed_number))->tensor<float>;
tensor(LAZYTENSOR_LIST_5(mixed_number))->tensor<float>;
template <number S>
tensor(S) -> tensor<listed_t<S>>;
template <number S, element T>
tensor(S, dtype_constant<T>) -> tensor<T>;
template <nested_range L>
requires(!tensor_like<L>) tensor(const L&)
->tensor<contained_t<typename innermost<L>::type>>;
template <nested_range L, element T>
tensor(const L&, dtype_constant<T>) -> tensor<T>;
template <typed X>
tensor(const X&) -> tensor<value_type_of<X>>;

/// A tensor whose dtype is known at run time. Converts to and from tensor<T> without copying.
class Tensor : public handle_base<Tensor, void> {
    using base = handle_base<Tensor, void>;

public:
    explicit Tensor(graph::variable_ptr v) : base(std::move(v)) {}
    Tensor()
        : base(graph::variable_ptr(new graph::variable(
              graph::make_buffer(buffer::allocate(0), get_default_dtype(), lazy::shape(0))))) {}
    /// The same tensor, its dtype forgotten.
    template <tensor_like X>
    requires(!std::is_same_v<std::remove_cvref_t<X>, Tensor>) Tensor(X&& x)
        : base(static_cast<X&&>(x).variable()) {}

    /// Numbers and lists in the default dtype, like torch.Tensor.
#define LAZYTENSOR_LIST(list) \
    template <number S>       \
    Tensor(list(S) values) : Tensor(from_list(values)) {}
    LAZYTENSOR_LIST(LAZYTENSOR_LIST_1)
    LAZYTENSOR_LIST(LAZYTENSOR_LIST_2)
    LAZYTENSOR_LIST(LAZYTENSOR_LIST_3)
    LAZYTENSOR_LIST(LAZYTENSOR_LIST_4)
    LAZYTENSOR_LIST(LAZYTENSOR_LIST_5)
#undef LAZYTENSOR_LIST
    template <nested_range L>
    requires(!tensor_like<L> &&
             !std::is_same_v<L, array_interface>) explicit Tensor(const L& values)
        : Tensor(from_list(values)) {}

    Tensor(const Tensor&) = default;
    Tensor(Tensor&&) = default;
    Tensor& operator=(const Tensor&) & = default;
    Tensor& operator=(Tensor&&) & = default;
    template <class = void>
    const Tensor& operator=(const Tensor& source) && {
        return copy_(source);
    }
    template <tensor_like X>
    const Tensor& operator=(X&& source) && {
        return copy_(static_cast<X&&>(source));
    }
    template <number S>
    const Tensor& operator=(S value) && {
        return fill_(value);
    }
    template <number S>
    void operator=(S) & = delete;

private:
    template <class L>
    static Tensor from_list(const L& values) {
        list_data<double> d;
        read_list<double>(values, 0, d);
        return Tensor(graph::variable_ptr(
            new graph::variable(converted(stored(d.values, d.sizes), get_default_dtype()))));
    }
};

}  // namespace lazy

// Making tensors: constants, sequences, memory of somebody else. All lazy but for given data.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include "functions.hpp"
#include "manipulation.hpp"
#include "tensor.hpp"

namespace lazy {

/// A tensor of `sizes`, every element `value`; nothing is stored until it is written or computed.
template <element T>
tensor<T> full_of(const shape& sizes, const T& value, std::string_view op) {
    check_sizes(sizes, op);
    return make_handle<T>(graph::make_number_of(value, sizes));
}

/// full({2, 4}, 2): the dtype of the number (int64, float32, bool, complex64), or the one given.
template <number V>
auto full(const shape& sizes, V value) {
    using T = element_of_number<V>;
    return full_of<T>(sizes, scalar(value).template to<T>(), "full");
}
template <number V, element T>
tensor<T> full(const shape& sizes, V value, dtype_constant<T>) {
    const scalar v = number_beside(value, dtype_of<T>, ops::number_rule::fits, "full");
    return full_of<T>(sizes, v.to<T>(), "full");
}
template <number V>
Tensor full(const shape& sizes, V value, dtype d) {
    check_sizes(sizes, "full");
    const scalar v = number_beside(value, d, ops::number_rule::fits, "full");
    return make_handle<void>(graph::make_number(v, d, sizes));
}

/// zeros({2, 3}), zeros(2, 3), zeros({2, 3}, float64); ones and empty likewise. float32 unless a
/// dtype is given. `empty` holds zeros until it is written: there is no uninitialised memory to
/// see.
#define LAZYTENSOR_CONSTANT(name, value)                                                          \
    inline tensor<float> name(const shape& sizes) { return full_of<float>(sizes, value, #name); } \
    template <size_like... I>                                                                     \
    tensor<float> name(I... sizes) {                                                              \
        return full_of<float>(shape(sizes...), value, #name);                                     \
    }                                                                                             \
    template <element T>                                                                          \
    tensor<T> name(const shape& sizes, dtype_constant<T>) {                                       \
        return full_of<T>(sizes, T(value), #name);                                                \
    }                                                                                             \
    inline Tensor name(const shape& sizes, dtype d) { return full(sizes, value, d); }             \
    template <tensor_like X>                                                                      \
    auto name##_like(const X& x) {                                                                \
        return lazy::new_full(x, x.shape(), value);                                               \
    }                                                                                             \
    template <tensor_like X, class D>                                                             \
    auto name##_like(const X& x, D d) {                                                           \
        return lazy::name(x.shape(), d);                                                          \
    }
LAZYTENSOR_CONSTANT(zeros, 0)
LAZYTENSOR_CONSTANT(ones, 1)
LAZYTENSOR_CONSTANT(empty, 0)
#undef LAZYTENSOR_CONSTANT

/// A tensor with the dtype of x.
template <tensor_like X, number V>
auto new_full(const X& x, const shape& sizes, V value) {
    if constexpr (typed<X>) {
        return full(sizes, value, dtype_constant<value_type_of<X>>{});
    } else {
        return full(sizes, value, x.dtype());
    }
}
template <tensor_like X, number V>
auto full_like(const X& x, V value) {
    return lazy::new_full(x, x.shape(), value);
}
template <tensor_like X, number V, class D>
auto full_like(const X& x, V value, D d) {
    return lazy::full(x.shape(), value, d);
}

/// 0, 1, ... n-1 in functions with a template parameter For. What they compute depends on it then,
/// and is compiled where they are called, not where this header is read.
template <class For>
tensor<std::int64_t> counting(std::int64_t n) {
    return make_handle<std::int64_t>(graph::make_iota(shape(n)));
}

/// start + i * step as a lazy statement over the index: in int64 where all are integers, else in
/// float64 and rounded once, as PyTorch does.
template <element T, number S>
tensor<T> sequence(std::int64_t count, S start, S step) {
    const auto i = counting<T>(count);
    if constexpr (std::is_integral_v<T>) {
        return lazy::to(i * static_cast<std::int64_t>(step) + static_cast<std::int64_t>(start),
                        dtype_constant<T>{});
    } else {
        return lazy::to(
            lazy::to(i, float64) * static_cast<double>(step) + static_cast<double>(start),
            dtype_constant<T>{});
    }
}
inline void check_direction(bool zero, bool against) {
    if (zero) {
        throw value_error("[arange] step must be nonzero");
    }
    if (against) {
        throw value_error("[arange] upper bound and lower bound inconsistent with step sign");
    }
}
/// Exact: a double holds no more than 53 bits of the bounds.
inline std::int64_t sequence_length(std::int64_t start, std::int64_t stop, std::int64_t step) {
    check_direction(step == 0, step > 0 ? stop < start : stop > start);
    const auto from = static_cast<std::uint64_t>(start);
    const auto to = static_cast<std::uint64_t>(stop);
    const auto by = static_cast<std::uint64_t>(step);
    const std::uint64_t distance = step > 0 ? to - from : from - to;
    const std::uint64_t stride = step > 0 ? by : 0 - by;
    const std::uint64_t n = distance / stride + (distance % stride != 0 ? 1 : 0);
    if (n > 9'000'000'000'000'000'000U) {
        throw shape_error("[arange] invalid size, possible overflow");
    }
    return static_cast<std::int64_t>(n);
}
inline std::int64_t sequence_length(double start, double stop, double step) {
    if (!std::isfinite(start) || !std::isfinite(stop) || !std::isfinite(step)) {
        throw value_error("[arange] unsupported range: bounds must be finite");
    }
    check_direction(step == 0, step > 0 ? stop < start : stop > start);
    const double n = std::ceil((stop - start) / step);
    if (n >= 9.0e18) {
        throw shape_error("[arange] invalid size, possible overflow");
    }
    return static_cast<std::int64_t>(n);
}

template <number... B>
inline constexpr bool integral_bounds = (... && std::is_integral_v<B>);

/// start, start + step, ... before stop; int64 when all are integers, else float32, unless a dtype
/// is given. Integers are exact.
template <number A, number B, number C, element T>
tensor<T> arange(A start, B stop, C step, dtype_constant<T>) {
    using S = std::conditional_t<integral_bounds<A, B, C>, std::int64_t, double>;
    const auto n =
        sequence_length(static_cast<S>(start), static_cast<S>(stop), static_cast<S>(step));
    return sequence<T>(n, static_cast<S>(start), static_cast<S>(step));
}
template <number A, number B, number C>
auto arange(A start, B stop, C step) {
    using T = std::conditional_t<integral_bounds<A, B, C>, std::int64_t, float>;
    return arange(start, stop, step, dtype_constant<T>{});
}
template <number A, number B>
auto arange(A start, B stop) {
    return arange(start, stop, 1);
}
template <number B>
auto arange(B stop) {
    return arange(0, stop, 1);
}
template <number B, element T>
tensor<T> arange(B stop, dtype_constant<T> d) {
    return arange(0, stop, 1, d);
}
template <number A, number B, element T>
tensor<T> arange(A start, B stop, dtype_constant<T> d) {
    return arange(start, stop, 1, d);
}

/// `steps` numbers evenly spaced from start to stop, both included; counted from the nearer end,
/// so that both ends are exact.
template <number A, number B, element T = float>
tensor<T> linspace(A start, B stop, std::int64_t steps, dtype_constant<T> = {}) {
    if (steps < 0) {
        throw value_error("[linspace] number of steps must be non-negative");
    }
    const auto a = static_cast<double>(start);
    const auto b = static_cast<double>(stop);
    const double step = steps > 1 ? (b - a) / static_cast<double>(steps - 1) : 0;
    const auto i = counting<T>(steps);
    const auto at = lazy::to(i, float64);
    return lazy::to(lazy::where(i < (steps + 1) / 2, at * step + a,
                                b - (static_cast<double>(steps - 1) - at) * step),
                    dtype_constant<T>{});
}
/// base to the powers linspace(start, stop, steps).
template <number A, number B, element T = float>
tensor<T> logspace(A start, B stop, std::int64_t steps, double base = 10, dtype_constant<T> = {}) {
    return lazy::to(lazy::pow(base, linspace(start, stop, steps, float64)), dtype_constant<T>{});
}

/// The identity: ones on the diagonal of an n by m matrix.
template <element T = float>
tensor<T> eye(std::int64_t n, std::int64_t m, dtype_constant<T> d = {}) {
    check_sizes(shape(n, m), "eye");
    const auto rows = lazy::unsqueeze(counting<T>(n), 1);
    const auto columns = counting<T>(m);
    return lazy::to(rows == columns, d);
}
template <element T = float>
tensor<T> eye(std::int64_t n, dtype_constant<T> d = {}) {
    return eye(n, n, d);
}

/// A vector as the diagonal of a matrix; of a matrix, a copy of its diagonal.
template <tensor_like X>
auto diag(const X& x, std::int64_t offset) {
    if (x.shape().size() == 2) {
        const auto view = lazy::diagonal(x, offset, 0, 1);
        return make_handle<value_type_of<X>>(copied(view.node()));
    }
    if (x.shape().size() != 1) {
        fail<shape_error>("diag", {"Supports 1D or 2D tensors. Got ", x.shape().size(), "D"});
    }
    const std::int64_t n = x.shape()[0];
    const std::int64_t size = n + (offset < 0 ? -offset : offset);
    handle_like<X> r = lazy::new_full(x, {size, size}, 0);
    lazy::diagonal(r, offset, 0, 1).copy_(x);
    return r;
}
/// The diagonal, or the nearest one just outside matrices of shape `s`.
inline std::int64_t within(std::int64_t diagonal, const shape& s) {
    return std::clamp(diagonal, -s[s.size() - 2], s[s.size() - 1]);
}
/// The lower (upper) triangle, zeros elsewhere.
template <tensor_like X>
auto tril(const X& x, std::int64_t diagonal) {
    const shape& s = x.shape();
    if (s.size() < 2) {
        throw shape_error("[tril] input tensor must have at least 2 dimensions");
    }
    const auto rows = lazy::unsqueeze(counting<X>(s[s.size() - 2]), 1);
    const auto columns = counting<X>(s[s.size() - 1]);
    return handle_like<X>(lazy::where(columns <= rows + within(diagonal, s), x, false));
}
template <tensor_like X>
auto triu(const X& x, std::int64_t diagonal) {
    const shape& s = x.shape();
    if (s.size() < 2) {
        throw shape_error("[triu] input tensor must have at least 2 dimensions");
    }
    const auto rows = lazy::unsqueeze(counting<X>(s[s.size() - 2]), 1);
    const auto columns = counting<X>(s[s.size() - 1]);
    return handle_like<X>(lazy::where(columns >= rows + within(diagonal, s), x, false));
}

/// A tensor over memory of yours (row-major unless strides, in elements, are given): shared, not
/// copied. `owner`, if given, is kept as long as the tensor lives; else you keep the memory alive.
/// Memory of constants is never written: writes throw value_error.
template <class T>
requires element<std::remove_const_t<T>>
auto from_blob(T* data, const shape& sizes, std::shared_ptr<void> owner = nullptr) {
    using E = std::remove_const_t<T>;
    check_sizes(sizes, "from_blob");
    return make_handle<E>(graph::make_buffer(
        buffer::share(const_cast<E*>(data), static_cast<std::size_t>(sizes.numel()) * sizeof(E),
                      std::move(owner), !std::is_const_v<T>),
        dtype_of<E>, sizes));
}

/// A tensor that shares an array's memory. Throws value_error for strides that are no multiple of
/// the element size.
inline Tensor from_numpy(const array_interface& a) {
    check_sizes(a.shape(), "from_numpy");
    const auto bytes = static_cast<std::int64_t>(a.dtype().itemsize());
    if (a.size() == 0) {
        return make_handle<void>(graph::make_buffer(
            buffer::share(a.data(), 0, a.owner(), !a.readonly()), a.dtype(), a.shape()));
    }
    // The base is the stretch of memory from the lowest to the highest element.
    std::int64_t lowest = 0;
    std::int64_t highest = 0;
    shape strides = a.strides();
    for (std::size_t d = 0; d < strides.size(); ++d) {
        if (strides[d] % bytes != 0) {
            throw value_error("[from_numpy] strides must be a multiple of the element size");
        }
        strides[d] /= bytes;
        const std::int64_t reach = strides[d] * (a.shape()[d] - 1);
        (reach < 0 ? lowest : highest) += reach;
    }
    const std::int64_t count = highest - lowest + 1;
    graph::node_ptr base = graph::make_buffer(
        buffer::share(a.data() + lowest * bytes, static_cast<std::size_t>(count * bytes), a.owner(),
                      !a.readonly()),
        a.dtype(), shape(count));
    if (a.is_contiguous()) {
        base = graph::make_buffer(base->data(), a.dtype(), a.shape());
        return make_handle<void>(std::move(base));
    }
    const Tensor whole = make_handle<void>(std::move(base));
    return Tensor(graph::view_variable(whole.variable(), {a.shape(), {strides, -lowest}}));
}

/// The data as a tensor, sharing memory when it can: a tensor or an array as it is, anything else
/// as `tensor(...)` makes it.
template <tensor_like X>
auto as_tensor(const X& x) {
    return handle_like<X>(x.variable());
}
template <tensor_like X, class D>
auto as_tensor(const X& x, D d) {
    return lazy::to(x, d);
}
inline Tensor as_tensor(const array_interface& a) { return from_numpy(a); }
template <element T>
tensor<T> as_tensor(const array_interface& a, dtype_constant<T> d) {
    return lazy::to(from_numpy(a), d);
}
template <class L>
requires(number<L> || nested_range<L>) && (!tensor_like<L>)auto as_tensor(const L& values) {
    return tensor(values);
}
template <number S>
auto as_tensor(std::initializer_list<S> values) {
    return tensor(values);
}
template <number S, element T>
tensor<T> as_tensor(std::initializer_list<S> values, dtype_constant<T> d) {
    return tensor<T>(values, d);
}

}  // namespace lazy

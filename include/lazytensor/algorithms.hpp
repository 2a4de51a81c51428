// Whole-tensor algorithms: running totals, sorting, searching.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../backends/cpu/algorithms/gather.hpp"
#include "../../backends/cpu/algorithms/scan.hpp"
#include "../../backends/cpu/algorithms/searchsorted.hpp"
#include "../../backends/cpu/algorithms/sort.hpp"
#include "../../backends/cpu/algorithms/topk.hpp"
#include "creation.hpp"
#include "manipulation.hpp"
#include "tensor.hpp"

namespace lazy {

/// One opaque node over the dense values of some tensors.
template <class P>
graph::node_ptr algorithm(const graph::opaque_kernel& kernel,
                          std::initializer_list<graph::node_ptr> in, dtype type, const shape& sizes,
                          P params) {
    std::vector<graph::node_ptr> inputs;
    for (const graph::node_ptr& n : in) {
        inputs.push_back(dense(n));
    }
    return graph::make_opaque(kernel, inputs, type, sizes, params);
}
/// The computed elements of a node, for algorithms whose result size depends on them.
inline graph::array_ref computed(const graph::node_ptr& n) {
    compute(n);
    return {n->dtype(), n->shape().data(), n->shape().size(), n->data()->data()};
}
/// An int64 tensor of given values.
inline tensor<std::int64_t> index_tensor(const std::vector<std::int64_t>& values,
                                         const shape& sizes) {
    return make_handle<std::int64_t>(stored(values, sizes));
}

/// `d` wrapped for a tensor of which 0-d counts as one element.
template <tensor_like X>
std::int64_t algorithm_dim(const X& x, std::int64_t d, std::string_view op) {
    return static_cast<std::int64_t>(wrap_dim(d, x.shape().size(), op));
}

/// Running totals along `d`; integers and bool as int64, 16-bit floats added in float32.
#define LAZYTENSOR_SCAN(name)                                                                     \
    template <tensor_like X>                                                                      \
    auto name(const X& x, std::int64_t d) {                                                       \
        const std::int64_t dim = algorithm_dim(x, d, #name);                                      \
        const dtype from = x.dtype();                                                             \
        const dtype wide = ops::accumulate_dtype(from);                                           \
        using V = value_type_of<X>;                                                               \
        if constexpr (std::is_void_v<V>) {                                                        \
            graph::node_ptr n = algorithm(cpu::name##_kernel<void>, {converted(x.node(), wide)},  \
                                          wide, x.shape(), cpu::scan_params{dim});                \
            return Tensor(make_handle<void>(                                                      \
                from.is_floating_point() ? converted(std::move(n), from) : std::move(n)));        \
        } else {                                                                                  \
            using W = typename element_of<ops::accumulate_dtype(dtype_of<V>).id()>::type;         \
            using R = std::conditional_t<is_half_v<V>, V, W>;                                     \
            return make_handle<R>(converted<R, W>(                                                \
                algorithm(cpu::name##_kernel<W>, {lazy::to(x, dtype_constant<W>{}).node()}, wide, \
                          x.shape(), cpu::scan_params{dim})));                                    \
        }                                                                                         \
    }
LAZYTENSOR_SCAN(cumsum)
LAZYTENSOR_SCAN(cumprod)
#undef LAZYTENSOR_SCAN

/// Sorted elements with the indices they came from, like torch.sort. Stable; NaN counts as largest.
template <class H>
struct sorted_result {
    H values;
    tensor<std::int64_t> indices;
};
template <tensor_like X>
auto argsort(const X& x, std::int64_t d, bool descending) {
    const cpu::sort_params p{algorithm_dim(x, d, "argsort"), descending};
    return make_handle<std::int64_t>(algorithm(cpu::argsort_kernel<value_type_of<X>>, {x.node()},
                                               dtype_id::int64, x.shape(), p));
}
template <tensor_like X>
auto sort(const X& x, std::int64_t d, bool descending) {
    const cpu::sort_params p{algorithm_dim(x, d, "sort"), descending};
    return sorted_result<handle_like<X>>{
        make_handle<value_type_of<X>>(
            algorithm(cpu::sort_kernel<value_type_of<X>>, {x.node()}, x.dtype(), x.shape(), p)),
        lazy::argsort(x, d, descending)};
}
/// The k largest (or smallest) elements along `d` in order, with their indices.
template <tensor_like X>
auto topk(const X& x, std::int64_t k, std::int64_t d, bool largest) {
    const std::int64_t dim = algorithm_dim(x, d, "topk");
    shape sizes = x.shape();
    const std::int64_t n = sizes.empty() ? 1 : sizes[static_cast<std::size_t>(dim)];
    if (k < 0 || k > n) {
        fail<index_error>("topk", {"selected index k out of range: k ", k, ", size ", n});
    }
    if (!sizes.empty()) {
        sizes[static_cast<std::size_t>(dim)] = k;
    }
    // Of a 0-d tensor, as PyTorch, its one element, even where none is asked for.
    const cpu::topk_params p{sizes.empty() ? 1 : k, dim, largest};
    using V = value_type_of<X>;
    const graph::node_ptr in = dense(x.node());
    // The elements are read where they were found, which is cheaper than finding them again.
    const graph::node_ptr places = algorithm(cpu::topk_kernel<V>, {in}, dtype_id::int64, sizes, p);
    return sorted_result<handle_like<X>>{
        make_handle<V>(algorithm(cpu::gather_kernel<V>, {in, places}, x.dtype(), sizes,
                                 cpu::gather_params{dim})),
        make_handle<std::int64_t>(places)};
}
/// Where each value would go into the sorted row: before equal elements, or (right) after them.
template <tensor_like S, tensor_like V>
auto searchsorted(const S& sorted, const V& values, bool right = false) {
    const shape& s = sorted.shape();
    const shape& v = values.shape();
    const bool one_row = s.size() == 1;
    if (s.empty() ||
        (!one_row && (s.size() != v.size() || !std::equal(s.begin(), s.end() - 1, v.begin())))) {
        fail<shape_error>("searchsorted", {"boundaries tensor should be 1 dimension or the "
                                           "first N-1 dimensions of boundaries and values "
                                           "must match: ",
                                           s, " and ", v});
    }
    const dtype d = promote_types(sorted.dtype(), values.dtype());
    const cpu::searchsorted_params p{right};
    const auto run = [&]<class T>(type_tag<T>, graph::node_ptr a, graph::node_ptr b) {
        return make_handle<std::int64_t>(
            algorithm(cpu::searchsorted_kernel<T>, {a, b}, dtype_id::int64, v, p));
    };
    if constexpr (typed<S> && typed<V>) {
        using T = promote_t<value_type_of<S>, value_type_of<V>>;
        return run(type_tag<T>{}, lazy::to(sorted, dtype_constant<T>{}).node(),
                   lazy::to(values, dtype_constant<T>{}).node());
    } else {
        return run(type_tag<void>{}, converted(sorted.node(), d), converted(values.node(), d));
    }
}
template <tensor_like S, number V>
auto searchsorted(const S& sorted, V value, bool right = false) {
    const tensor<exact_t<V>> exact(value);
    // A number stands beside floats in their dtype.
    if constexpr (is_run_time<S>()) {
        using any = handle_like<S>;
        return lazy::searchsorted(
            sorted, sorted.dtype().is_floating_point() ? any(lazy::to(exact, sorted)) : any(exact),
            right);
    } else if constexpr (dtype_of<value_type_of<S>>.is_floating_point()) {
        return lazy::searchsorted(sorted, lazy::to(exact, sorted), right);
    } else {
        return lazy::searchsorted(sorted, exact, right);
    }
}
/// The same with its arguments the other way round: the bucket between boundaries of each value.
template <tensor_like V, tensor_like S>
auto bucketize(const V& values, const S& boundaries, bool right = false) {
    return lazy::searchsorted(boundaries, values, right);
}

}  // namespace lazy

// A tensor as a set: its distinct elements, membership.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../backends/cpu/algorithms/unique.hpp"
#include "algorithms.hpp"
#include "selection.hpp"

namespace lazy {

/// `count` elements of one dtype, copied from plain bytes.
template <class T>
handle<T> elements_of_bytes(const std::vector<std::byte>& bytes, dtype d, std::int64_t count) {
    buffer_ptr b = buffer::allocate(bytes.size());
    if (!bytes.empty()) {
        std::memcpy(b->data(), bytes.data(), bytes.size());
    }
    return make_handle<T>(graph::make_buffer(std::move(b), d, shape(count)));
}
/// The distinct elements in ascending order. Their number depends on the data: computes at once.
/// Of 0.0 and -0.0 the first one is given; each NaN is an element of its own.
template <tensor_like X>
auto unique(const X& x) {
    using V = value_type_of<X>;
    const graph::node_ptr n = dense(x.node());
    const cpu::unique_result r = cpu::unique_values<V>(computed(n), false, false);
    return elements_of_bytes<V>(r.values, n->dtype(), r.count);
}
/// unique with, for every value, where it occurs first (in the flattened tensor) and how often,
/// and, for every element, which value it is: the Python array API's unique_all.
template <class H>
struct unique_parts {
    H values;
    tensor<std::int64_t> indices;
    tensor<std::int64_t> inverse;
    tensor<std::int64_t> counts;
};
template <tensor_like X>
auto unique_all(const X& x) {
    using V = value_type_of<X>;
    const graph::node_ptr n = dense(x.node());
    const cpu::unique_result r = cpu::unique_values<V>(computed(n), true, true, true);
    return unique_parts<handle_like<X>>{
        elements_of_bytes<V>(r.values, n->dtype(), r.count), index_tensor(r.first, shape(r.count)),
        index_tensor(r.inverse, n->shape()), index_tensor(r.counts, shape(r.count))};
}

/// True where an element of x is among those of `test` (with `invert`, is not). NaN is in no set.
template <tensor_like X, tensor_like S>
auto isin(const X& x, const S& test, bool invert = false) {
    const std::int64_t n = test.numel();
    auto sorted = lazy::sort(lazy::flatten(test, 0, -1), 0, false).values;
    const tensor<std::int64_t> place =
        n == 0 ? lazy::zeros(x.shape(), int64)
               : tensor<std::int64_t>(lazy::minimum(lazy::searchsorted(sorted, x), n - 1));
    auto found = n == 0
                     ? handle_like<decltype(x == sorted)>(lazy::to(lazy::zeros(x.shape()), bool_))
                     : handle_like<decltype(x == sorted)>(lazy::take(sorted, place) == x);
    return invert ? decltype(found)(lazy::logical_not(found)) : found;
}

}  // namespace lazy

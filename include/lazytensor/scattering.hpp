// Slices along a dimension written to the places an index names: index_add, index_copy, index_fill.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "creation.hpp"
#include "selection.hpp"

namespace lazy {

/// `index`, which names places along dimension `d` of x, repeated for whole slices of x. Throws
/// shape_error unless it has at most one dimension and `source` has a slice for each of its
/// numbers.
template <tensor_like X, tensor_like I>
tensor<std::int64_t> slice_index(const X& x, std::int64_t d, const I& index, const shape& source,
                                 std::string_view op) {
    require_dimension(x, op);
    const std::size_t at = wrap_dim(d, x.shape().size(), op);
    shape slices = x.shape();
    slices[at] = index.numel();
    if (index.shape().size() > 1) {
        fail<shape_error>(op, {"Index is supposed to be a vector, got shape ", index.shape()});
    }
    if (source != slices) {
        fail<shape_error>(op,
                          {"source has shape ", source, ", where index and self need ", slices});
    }
    shape column = shape::filled(slices.size(), 1);
    column[at] = index.numel();
    const auto places = make_handle<std::int64_t>(index_node(index, op));
    return lazy::expand(lazy::reshape(places, column), slices);
}
/// x with alpha times slice i of source added to slice index[i] along `d`.
template <tensor_like X, tensor_like I, tensor_like S>
auto index_add(const X& x, std::int64_t d, const I& index, const S& source) {
    return lazy::scatter_add(x, d, lazy::slice_index(x, d, index, source.shape(), "index_add"),
                             source);
}
template <tensor_like X, tensor_like I, tensor_like S, number A>
auto index_add(const X& x, std::int64_t d, const I& index, const S& source, A alpha) {
    return lazy::index_add(x, d, index, lazy::to(source * alpha, x));
}
/// x with slice i of source as slice index[i] along `d`.
template <tensor_like X, tensor_like I, tensor_like S>
auto index_copy(const X& x, std::int64_t d, const I& index, const S& source) {
    return lazy::scatter(x, d, lazy::slice_index(x, d, index, source.shape(), "index_copy"),
                         source);
}
/// x with a number in every slice that index names along `d`.
template <tensor_like X, tensor_like I, number V>
auto index_fill(const X& x, std::int64_t d, const I& index, V value) {
    shape slices = x.shape();
    require_dimension(x, "index_fill");
    slices[wrap_dim(d, slices.size(), "index_fill")] = index.numel();
    return lazy::index_copy(x, d, index, lazy::new_full(x, slices, value));
}

}  // namespace lazy

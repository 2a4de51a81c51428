// Writing in place: lazily on the library's own memory, at once on memory shared with the outside.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "conversion.hpp"

namespace lazy {

/// True iff the outside can see the variable's elements.
inline bool is_shared(const graph::variable& base) {
    const graph::node_ptr n = base.value();
    return n->ready() && n->data()->shared();
}

/// The dimensions of a view along which its elements are one in memory (`expand`).
inline dims repeated_dims(const graph::variable& v) {
    dims repeated;
    if (v.is_view()) {
        const graph::layout where = v.where();
        for (std::size_t d = 0; d < v.shape().size(); ++d) {
            if (v.shape()[d] > 1 && where.strides[d] == 0) {
                repeated.push_back(static_cast<std::int64_t>(d));
            }
        }
    }
    return repeated;
}
/// Throws value_error when there are any: which of several values such an element would get depends
/// on the order of writing.
inline void require_distinct(const graph::variable& v, std::string_view op) {
    if (!repeated_dims(v).empty()) {
        fail<value_error>(op, {"unsupported operation: more than one element of the "
                               "written-to tensor refers to a single memory location. "
                               "Please clone() the tensor before performing the operation."});
    }
}

/// Gives the variable the value `source`, which has its shape and dtype.
inline void assign(const graph::variable_ptr& v, graph::node_ptr source) {
    graph::variable& base = v->base();
    if (source->may_fail()) {
        // Now: pending, a failure would take with it what the tensor holds.
        source = dense(std::move(source));
        engine::compute(source.get());
    }
    if (is_shared(base)) {
        engine::write_shared(base, std::move(source), v->where());
    } else if (v->is_view()) {
        base.set_value(graph::make_update(engine::updates, dense(base.value()), std::move(source),
                                          v->where()));
    } else {
        base.set_value(dense(std::move(source)));
    }
}

/// x (a number or a tensor) as a node of the given dtype and shape.
template <class X>
graph::node_ptr fitted(X&& x, dtype d, const shape& sizes, std::string_view op) {
    if constexpr (tensor_like<X>) {
        return expanded(converted(static_cast<X&&>(x).node(), d), sizes, op);
    } else {
        return graph::make_number(number_beside(x, d, ops::number_rule::fits, op.data()), d, sizes);
    }
}
/// The same for a destination whose element type the compiler knows.
template <class T, class X>
graph::node_ptr fitted_as(X&& x, const graph::variable_ptr& v, std::string_view op) {
    if constexpr (std::is_void_v<T> || !tensor_like<X>) {
        return fitted(static_cast<X&&>(x), v->dtype(), v->shape(), op);
    } else if constexpr (std::is_same_v<value_type_of<X>, T>) {
        return expanded(static_cast<X&&>(x).node(), v->shape(), op);
    } else {
        return expanded(lazy::to(x, dtype_constant<T>{}).node(), v->shape(), op);
    }
}

}  // namespace lazy

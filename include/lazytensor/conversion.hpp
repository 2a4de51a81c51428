// Changing dtype: `to`, which gives the tensor itself when there is nothing to change.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "apply.hpp"

namespace lazy {

/// x with element type To. A handle of that dtype already comes back as an alias.
template <tensor_like X, element To>
auto to(const X& x, dtype_constant<To>) {
    using V = value_type_of<X>;
    if constexpr (std::is_same_v<V, To>) {
        return tensor<To>(x.variable());
    } else if constexpr (std::is_void_v<V>) {
        return x.dtype() == dtype_of<To> ? tensor<To>(x.variable())
                                         : make_handle<To>(converted(x.node(), dtype_of<To>));
    } else if constexpr (is_expr<X>) {
        return make_handle<To>(make_conversion<To>(x).node());
    } else {
        return make_handle<To>(converted<To, V>(x.node()));
    }
}
template <tensor_like X>
auto to(const X& x, dtype d) {
    // Dependent on X, because Tensor is not complete yet.
    using any = std::conditional_t<tensor_like<X>, Tensor, X>;
    return x.dtype() == d ? any(x.variable()) : any(make_handle<void>(converted(x.node(), d)));
}
/// x with the dtype of `like`.
template <tensor_like X, tensor_like O>
auto to(const X& x, const O& like) {
    if constexpr (typed<O>) {
        return lazy::to(x, dtype_constant<value_type_of<O>>{});
    } else {
        return lazy::to(x, like.dtype());
    }
}

}  // namespace lazy

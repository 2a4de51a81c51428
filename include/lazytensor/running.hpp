// From one element to the next along a dimension: extremes so far, totals so far, differences.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "algorithms.hpp"
#include "joining.hpp"
#include "reductions.hpp"

namespace lazy {

/// The largest (smallest) element so far along `d`, NaN from the first one on, and where it is: the
/// last place of several equal ones, as in PyTorch. Not for complex numbers.
template <tensor_like X>
extreme_result<handle_like<X>> running_extreme(const X& x, std::int64_t d, std::string_view op,
                                               const graph::opaque_kernel& values,
                                               const graph::opaque_kernel& places) {
    if (x.dtype().is_complex()) {
        throw dtype_error(message(op, std::string("not implemented for ") + x.dtype().name()));
    }
    const cpu::scan_params p{algorithm_dim(x, d, op)};
    const graph::node_ptr in = dense(x.node());
    return {make_handle<value_type_of<X>>(algorithm(values, {in}, x.dtype(), x.shape(), p)),
            make_handle<std::int64_t>(algorithm(places, {in}, dtype_id::int64, x.shape(), p))};
}
template <tensor_like X>
auto cummax(const X& x, std::int64_t d) {
    using T = value_type_of<X>;
    return running_extreme(x, d, "cummax", cpu::cummax_kernel<T>, cpu::cummax_places_kernel<T>);
}
template <tensor_like X>
auto cummin(const X& x, std::int64_t d) {
    using T = value_type_of<X>;
    return running_extreme(x, d, "cummin", cpu::cummin_kernel<T>, cpu::cummin_places_kernel<T>);
}

/// The Python array API's names of cumsum and cumprod; with `include_initial` the empty total, 0 or
/// 1, comes first.
#define LAZYTENSOR_CUMULATIVE(name, total, initial)                                          \
    template <tensor_like X>                                                                 \
    auto name(const X& x, std::int64_t d = 0, bool include_initial = false) {                \
        auto totals = lazy::total(x, d);                                                     \
        if (!include_initial || totals.shape().empty()) {                                    \
            return totals;                                                                   \
        }                                                                                    \
        shape one = totals.shape();                                                          \
        one[wrap_dim(d, one.size(), #name)] = 1;                                             \
        using T = value_type_of<decltype(totals)>;                                           \
        return concatenate<T>({handle<T>(lazy::new_full(totals, one, initial)), totals}, d); \
    }
LAZYTENSOR_CUMULATIVE(cumulative_sum, cumsum, 0)
LAZYTENSOR_CUMULATIVE(cumulative_prod, cumprod, 1)
#undef LAZYTENSOR_CUMULATIVE

/// Each element less the one before it along `d`, `n` times over: n fewer elements. Of bool,
/// whether they differ.
template <tensor_like X>
auto diff(const X& x, std::int64_t n, std::int64_t d) {
    if (n < 0) {
        throw value_error(
            message("diff", "order must be non-negative but got " + std::to_string(n)));
    }
    require_dimension(x, "diff");
    handle_like<X> r(x.variable());
    const std::size_t at = wrap_dim(d, r.shape().size(), "diff");
    for (; n > 0 && r.shape()[at] > 0; --n) {
        const std::int64_t count = r.shape()[at] - 1;
        const handle_like<X> after = lazy::narrow(r, d, 1, count);
        const handle_like<X> before = lazy::narrow(r, d, 0, count);
        if constexpr (std::is_same_v<value_type_of<X>, bool>) {
            r = after != before;
        } else if constexpr (std::is_void_v<value_type_of<X>>) {
            r = r.dtype() == dtype_id::bool_ ? after != before : after - before;
        } else {
            r = after - before;
        }
    }
    return r;
}

}  // namespace lazy

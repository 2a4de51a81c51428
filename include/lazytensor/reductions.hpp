// Reductions: sum and its relatives, and what is written from them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "functions.hpp"

namespace lazy {

/// Which dimensions `d` names; all of them when it is empty. Throws index_error, shape_error.
inline std::vector<bool> reduced_dims(const dims& d, std::size_t ndim, std::string_view op) {
    std::vector<bool> reduced(ndim, d.empty());
    for (std::int64_t dim : d) {
        const std::size_t at = wrap_dim(dim, ndim, op);
        if (ndim == 0) {
            continue;
        }
        if (reduced[at]) {
            throw shape_error(message(op, "dim " + std::to_string(at) +
                                              " appears multiple times in the list of dims"));
        }
        reduced[at] = true;
    }
    return reduced;
}

/// The compiled reduction Op over elements of run-time dtype `d`.
template <class Op>
const graph::reduce_kernel& reduction_kernel(dtype d) {
    return dispatch(d, [d]<class T>(type_tag<T>) -> const graph::reduce_kernel& {
        if constexpr (ops::contains(Op::domain, dtype_of<T>.kind()) &&
                      Op::prepare(dtype_of<T>) == dtype_of<T>) {
            return cpu::reduction<Op, T>::kernel;
        } else {
            throw dtype_error(message(Op::name, std::string("not implemented for ") + d.name()));
        }
    });
}

/// Op over the dimensions `d`. The input is converted to what Op accumulates in; the result of a
/// 16-bit float is converted back.
template <class Op, tensor_like X>
auto reduce(X&& x, const dims& d, bool keepdim) {
    using V = value_type_of<X>;
    std::vector<bool> reduced = reduced_dims(d, x.shape().size(), Op::name);
    if constexpr (std::is_void_v<V>) {
        const dtype from = x.dtype();
        if (!ops::contains(Op::domain, from.kind())) {
            throw dtype_error(message(Op::name, std::string("not implemented for ") + from.name()));
        }
        const dtype wide = Op::prepare(from);
        graph::node_ptr n = graph::make_reduce(reduction_kernel<Op>(wide),
                                               converted(x.node(), wide), std::move(reduced), keepdim);
        const bool narrow = from.is_floating_point() && from.itemsize() == 2 && !Op::tracks_index &&
                            n->dtype() != dtype_id::bool_;
        return make_handle<void>(narrow ? converted(std::move(n), from) : std::move(n));
    } else {
        static_assert(ops::contains(Op::domain, dtype_of<V>.kind()),
                      "this reduction does not take this dtype");
        using W = typename element_of<Op::prepare(dtype_of<V>).id()>::type;
        graph::node_ptr in;
        if constexpr (is_expr<std::remove_cvref_t<X>> && !std::is_same_v<V, W>) {
            in = lazy::to(x, dtype_constant<W>{}).node();
        } else {
            in = converted<W, V>(x.node());
        }
        graph::node_ptr n = graph::make_reduce(cpu::reduction<Op, W>::kernel, std::move(in),
                                               std::move(reduced), keepdim);
        if constexpr (is_half_v<V> && !Op::tracks_index && !std::is_same_v<W, bool>) {
            return make_handle<V>(converted<V, W>(std::move(n)));
        } else {
            using R = std::conditional_t<Op::tracks_index, std::int64_t, W>;
            return make_handle<R>(std::move(n));
        }
    }
}

/// Sum and product; integers and bool give int64. Of nothing: 0 and 1.
template <tensor_like X>
auto sum(X&& x, const dims& d, bool keepdim) {
    return lazy::reduce<ops::sum>(std::forward<X>(x), d, keepdim);
}
template <tensor_like X>
auto prod(X&& x, const dims& d, bool keepdim) {
    return lazy::reduce<ops::prod>(std::forward<X>(x), d, keepdim);
}
/// Largest and smallest element, NaN if there is one. Of nothing: index_error.
template <tensor_like X>
auto amax(X&& x, const dims& d, bool keepdim) {
    return lazy::reduce<ops::amax>(std::forward<X>(x), d, keepdim);
}
template <tensor_like X>
auto amin(X&& x, const dims& d, bool keepdim) {
    return lazy::reduce<ops::amin>(std::forward<X>(x), d, keepdim);
}
template <tensor_like X>
auto max(X&& x) {
    return lazy::reduce<ops::amax>(std::forward<X>(x), {}, false);
}
template <tensor_like X>
auto min(X&& x) {
    return lazy::reduce<ops::amin>(std::forward<X>(x), {}, false);
}
/// True iff any element is not zero; all(x): iff all are (true of nothing).
template <tensor_like X>
auto any(X&& x, const dims& d, bool keepdim) {
    return lazy::reduce<ops::any>(std::forward<X>(x), d, keepdim);
}
template <tensor_like X>
auto all_type::operator()(X&& x, const dims& d, bool keepdim) const {
    return lazy::reduce<ops::all>(std::forward<X>(x), d, keepdim);
}

/// int64 index of the first largest (smallest) element, of the first NaN if there is one; without
/// a dimension in the flattened tensor.
template <tensor_like X>
auto argmax(const X& x) {
    return lazy::reduce<ops::argmax>(lazy::flatten(x), {0}, false);
}
template <tensor_like X>
auto argmax(const X& x, std::int64_t d, bool keepdim) {
    return lazy::reduce<ops::argmax>(x, {d}, keepdim);
}
template <tensor_like X>
auto argmin(const X& x) {
    return lazy::reduce<ops::argmin>(lazy::flatten(x), {0}, false);
}
template <tensor_like X>
auto argmin(const X& x, std::int64_t d, bool keepdim) {
    return lazy::reduce<ops::argmin>(x, {d}, keepdim);
}

/// Elements that fall into one result.
inline double reduced_count(const shape& sizes, const dims& d, std::string_view op) {
    const std::vector<bool> reduced = reduced_dims(d, sizes.size(), op);
    double n = 1;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        n *= reduced[i] ? static_cast<double>(sizes[i]) : 1.0;
    }
    return n;
}
/// Means take floats; PyTorch refuses the mean of integers, so do we.
template <tensor_like X>
void require_floating(const X& x, std::string_view op) {
    if (x.dtype().kind() < dtype_kind::floating) {
        throw dtype_error(message(op, std::string("could not infer output dtype. Input dtype must be "
                                                  "either a floating point or complex dtype. Got: ") +
                                          x.dtype().name()));
    }
}

/// Arithmetic mean; floats only. Of nothing: NaN.
template <tensor_like X>
auto mean(const X& x, const dims& d, bool keepdim) {
    require_floating(x, "mean");
    return handle_like<decltype(lazy::sum(x))>(lazy::sum(x, d, keepdim) /
                                               reduced_count(x.shape(), d, "mean"));
}
/// Variance with divisor n - correction (1: the unbiased estimate); floats only.
template <tensor_like X>
auto var(const X& x, const dims& d, double correction, bool keepdim) {
    require_floating(x, "var");
    const double n = reduced_count(x.shape(), d, "var");
    auto centred = lazy::abs(x - lazy::mean(x, d, true));
    auto total = lazy::sum(centred * centred, d, keepdim);
    return handle_like<decltype(total)>(total / std::max(0.0, n - correction));
}
template <tensor_like X>
auto std(const X& x, const dims& d, double correction, bool keepdim) {
    auto v = lazy::var(x, d, correction, keepdim);
    return handle_like<decltype(v)>(lazy::sqrt(v));
}
/// Both at once, sharing their passes.
template <tensor_like X>
auto var_mean(const X& x, const dims& d = {}, double correction = 1, bool keepdim = false) {
    return std::pair{lazy::var(x, d, correction, keepdim), lazy::mean(x, d, keepdim)};
}

/// log(sum(exp(x))) without overflow; -inf of nothing but -inf.
template <tensor_like X>
auto logsumexp(const X& x, const dims& d, bool keepdim) {
    auto top = lazy::amax(x, d, true);
    auto shift = lazy::where(lazy::isfinite(top), top, 0.0);
    using R = handle_like<decltype(lazy::sum(lazy::exp(x - shift)))>;
    R total(lazy::log(lazy::sum(lazy::exp(x - shift), d, true)) + shift);
    if (keepdim) {
        return total;
    }
    return R(lazy::reshape(total, lazy::sum(x, d, false).shape()));
}
/// exp(x) scaled to sum 1 along `d`.
template <tensor_like X>
auto softmax(const X& x, std::int64_t d) {
    require_floating(x, "softmax");
    auto e = lazy::exp(x - lazy::amax(x, {d}, true));
    using R = handle_like<decltype(e)>;
    return R(e / lazy::sum(e, {d}, true));
}
template <tensor_like X>
auto log_softmax(const X& x, std::int64_t d) {
    require_floating(x, "log_softmax");
    auto shifted = x - lazy::amax(x, {d}, true);
    using R = handle_like<decltype(shifted)>;
    return R(shifted - lazy::log(lazy::sum(lazy::exp(shifted), {d}, true)));
}
/// How many elements are not zero, int64.
template <tensor_like X>
auto count_nonzero(const X& x, const dims& d, bool keepdim) {
    return lazy::sum(x != 0, d, keepdim);
}

/// The p-norm of the elements along `d`: p may be 0 (how many are not zero), infinity, -infinity.
/// Scaled by the largest element, so that squares neither overflow nor vanish.
template <tensor_like X>
auto norm(const X& x, double p, const dims& d, bool keepdim) {
    require_floating(x, "norm");
    auto size = lazy::abs(x);
    using R = handle_like<decltype(size)>;
    if (p == std::numeric_limits<double>::infinity()) {
        return R(lazy::amax(size, d, keepdim));
    }
    if (p == -std::numeric_limits<double>::infinity()) {
        return R(lazy::amin(size, d, keepdim));
    }
    if (p == 0) {
        return R(lazy::to(lazy::sum(size != 0, d, keepdim), size));
    }
    if (p == 1 || x.numel() == 0) {
        return R(lazy::sum(size, d, keepdim));
    }
    R top(lazy::amax(size, d, true));
    R scale(lazy::where(lazy::logical_and(lazy::isfinite(top), top > 0), top, 1.0));
    R total = p == 2 ? R(lazy::sqrt(lazy::sum(lazy::square(size / scale), d, true)))
                     : R(lazy::pow(lazy::sum(lazy::pow(size / scale, p), d, true), 1.0 / p));
    R scaled(total * scale);
    return keepdim ? scaled : R(lazy::reshape(scaled, lazy::sum(size, d, false).shape()));
}

}  // namespace lazy

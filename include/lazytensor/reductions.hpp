// Reductions: sum and its relatives, and what is written from them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../backends/cpu/fused_reduction.hpp"
#include "../../backends/cpu/spread_kernel.hpp"
#include "functions.hpp"
#include "tensor.hpp"

namespace lazy {

/// Which dimensions `d` names; all of them when it is empty. Throws index_error, shape_error.
inline dim_set reduced_dims(const dims& d, std::size_t ndim, std::string_view op) {
    if (ndim > dim_set::most) {
        fail<shape_error>(op, {"only tensors with up to 64 dims are supported"});
    }
    dim_set reduced = dim_set::first(d.empty() ? ndim : 0);
    for (std::int64_t dim : d) {
        const std::size_t at = wrap_dim(dim, ndim, op);
        if (ndim == 0) {
            continue;
        }
        if (reduced[at]) {
            fail<shape_error>(op, {"dim ", at, " appears multiple times in the list of dims"});
        }
        reduced.insert(at);
    }
    return reduced;
}

/// The compiled reduction Op of elements of run-time dtype `d`.
template <class Op>
const graph::reduce_kernel& reduction_kernel(dtype d) {
    return dispatch(d, [d]<class T>(type_tag<T>) -> const graph::reduce_kernel& {
        if constexpr (ops::contains(Op::domain, dtype_of<T>.kind())) {
            return cpu::kernel_of_reduction<Op, T>();
        } else {
            fail<dtype_error>(Op::name, {"not implemented for ", d.name()});
        }
    });
}

/// The compiled reduction Op, in W, of what an X computes.
template <class Op, class W, class X>
constexpr const graph::reduce_kernel& typed_reduction_kernel() {
    if constexpr (is_expr<X>) {
        if constexpr (std::is_same_v<W, typename X::value_type>) {
            if constexpr (cpu::fused_reduction<Op, typename X::formula>::pays) {
                return cpu::fused_reduction<Op, typename X::formula>::kernel;
            }
        }
    }
    return cpu::kernel_of_reduction<Op, typename X::value_type>();
}

/// Op over the dimensions `d`. The input is converted to what Op accumulates in; the result of a
/// 16-bit float is converted back.
template <class Op, tensor_like X>
auto reduce(X&& x, const dims& d, bool keepdim) {
    using V = value_type_of<X>;
    const dim_set reduced = reduced_dims(d, x.shape().size(), Op::name);
    if constexpr (std::is_void_v<V>) {
        const dtype from = x.dtype();
        if (!ops::contains(Op::domain, from.kind())) {
            fail<dtype_error>(Op::name, {"not implemented for ", from.name()});
        }
        const dtype wide = Op::prepare(from);
        graph::node_ptr n =
            graph::make_reduce(reduction_kernel<Op>(from),
                               converted(std::forward<X>(x).node(), wide), reduced, keepdim);
        const bool narrow = from.is_floating_point() && from.itemsize() == 2 && !Op::tracks_index &&
                            n->dtype() != dtype_id::bool_;
        return make_handle<void>(narrow ? converted(std::move(n), from) : std::move(n));
    } else {
        static_assert(ops::contains(Op::domain, dtype_of<V>.kind()),
                      "this reduction does not take this dtype");
        using W = typename element_of<Op::prepare(dtype_of<V>).id()>::type;
        graph::node_ptr in;
        constexpr bool by_bytes = cpu::adds_narrow<Op, V> && sizeof(V) == 1;
        if constexpr (is_expr<std::remove_cvref_t<X>> && !std::is_same_v<V, W> && !by_bytes) {
            in = lazy::to(x, dtype_constant<W>{}).node();
        } else {
            in = converted<W, V>(std::forward<X>(x).node());
        }
        graph::node_ptr n =
            graph::make_reduce(typed_reduction_kernel<Op, W, std::remove_cvref_t<X>>(),
                               std::move(in), reduced, keepdim);
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

/// The largest (smallest) elements along `d` and where they are, as torch.max(x, dim) gives them.
template <class H>
struct extreme_result {
    H values;
    tensor<std::int64_t> indices;
};
template <tensor_like X>
auto max(const X& x, std::int64_t d, bool keepdim) {
    return extreme_result<handle_like<X>>{lazy::amax(x, {d}, keepdim), lazy::argmax(x, d, keepdim)};
}
template <tensor_like X>
auto min(const X& x, std::int64_t d, bool keepdim) {
    return extreme_result<handle_like<X>>{lazy::amin(x, {d}, keepdim), lazy::argmin(x, d, keepdim)};
}
/// The elementwise maximum (minimum), another name of `maximum`.
template <tensor_like A, tensor_like B>
auto max(A&& a, B&& b) {
    return lazy::maximum(std::forward<A>(a), std::forward<B>(b));
}
template <tensor_like A, tensor_like B>
auto min(A&& a, B&& b) {
    return lazy::minimum(std::forward<A>(a), std::forward<B>(b));
}

/// True iff every pair of elements is close, see isclose. Computes.
template <tensor_like A, tensor_like B>
bool allclose(const A& a, const B& b, double rtol, double atol, bool equal_nan) {
    return lazy::truth(lazy::all(lazy::isclose(a, b, rtol, atol, equal_nan)));
}
/// True iff both have the same shape and the same elements (NaN equals nothing). Computes.
template <tensor_like A, tensor_like B>
bool equal(const A& a, const B& b) {
    return a.shape() == b.shape() && lazy::truth(lazy::all(a == b));
}

/// Elements that fall into one result.
inline double reduced_count(const shape& sizes, const dims& d, std::string_view op) {
    const dim_set reduced = reduced_dims(d, sizes.size(), op);
    double n = 1;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        n *= reduced[i] ? static_cast<double>(sizes[i]) : 1.0;
    }
    return n;
}
/// Means take floats; PyTorch refuses the mean of integers, so do we: a dtype_error, not a failure
/// to compile, for a tensor<T> too.
template <tensor_like X>
void require_floating(const X& x, std::string_view op) {
    if (x.dtype().kind() < dtype_kind::floating) {
        fail<dtype_error>(op, {"could not infer output dtype. Input dtype must be "
                               "either a floating point or complex dtype. Got: ",
                               x.dtype().name()});
    }
}

/// f(x), for 16-bit floats computed in float32 and rounded once: their sums would overflow.
template <tensor_like X, class F>
auto through_float32(const X& x, F f) {
    using V = value_type_of<X>;
    if constexpr (std::is_void_v<V>) {
        const dtype d = x.dtype();
        const bool narrow = d.is_floating_point() && d.itemsize() == 2;
        using H = handle_like<X>;  // dependent: nothing is compiled before it is used
        return narrow ? H(lazy::to(H(f(lazy::to(x, float32))), d)) : H(with_known_dtype(x, f));
    } else if constexpr (is_half_v<V>) {
        return lazy::to(f(lazy::to(x, float32)), dtype_constant<V>{});
    } else {
        auto result = f(x);
        return handle_like<decltype(result)>(std::move(result));
    }
}

/// Arithmetic mean; floats only. Of nothing: NaN.
template <tensor_like X>
auto mean(const X& x, const dims& d, bool keepdim) {
    require_floating(x, "mean");
    return through_float32(x, [&](const auto& w) {
        return lazy::sum(w, d, keepdim) / reduced_count(w.shape(), d, "mean");
    });
}
/// |x - y| squared, real for complex numbers too.
template <tensor_like X, tensor_like Y>
auto squared_distance(const X& x, const Y& y) {
    using V = value_type_of<X>;
    if constexpr (std::is_void_v<V>) {
        // Of a dependent type, so that nothing is compiled where no variance is asked for.
        handle_like<X> difference(x - y);
        if (x.dtype().is_complex()) {
            difference = lazy::abs(std::move(difference));
        }
        return lazy::square(std::move(difference));
    } else if constexpr (is_complex_v<V>) {
        return lazy::square(lazy::abs(x - y));
    } else {
        return lazy::square(x - y);
    }
}
/// From this many elements on, one trip over them with a mean that moves is quicker than two. Asked
/// of the row's length alone: a row has the same bits among few and many.
inline constexpr double least_spread = 512;

/// sum(|x - mean(x)|^2).
template <tensor_like X>
auto spread(const X& x, const dims& d, double count, bool keepdim) {
    using V = value_type_of<X>;
    using H = handle_like<decltype(squared_distance(x, x))>;
    if constexpr (!is_complex_v<V>) {
        if (count >= least_spread && !x.dtype().is_complex()) {
            return H(lazy::reduce<ops::spread>(x, d, keepdim));
        }
    }
    return H(lazy::sum(squared_distance(x, lazy::mean(x, d, true)), d, keepdim));
}
/// Variance with divisor n - correction (1: the unbiased estimate); floats only.
template <tensor_like X>
auto var(const X& x, const dims& d, double correction, bool keepdim) {
    require_floating(x, "var");
    const double n = reduced_count(x.shape(), d, "var");
    return through_float32(
        x, [&](const auto& w) { return spread(w, d, n, keepdim) / std::max(0.0, n - correction); });
}
template <tensor_like X>
auto std(const X& x, const dims& d, double correction, bool keepdim) {
    require_floating(x, "std");
    const double n = reduced_count(x.shape(), d, "std");
    return through_float32(x, [&](const auto& w) {
        return lazy::sqrt(spread(w, d, n, keepdim) / std::max(0.0, n - correction));
    });
}
/// Both at once, sharing their passes.
template <tensor_like X>
auto var_mean(const X& x, const dims& d = {}, double correction = 1, bool keepdim = false) {
    return std::pair{lazy::var(x, d, correction, keepdim), lazy::mean(x, d, keepdim)};
}

/// What was computed of x with the dimensions `d`, which are known to be right, kept: without them
/// unless `keepdim`.
template <tensor_like R, tensor_like X>
R without_dims(const R& kept, const X& x, const dims& d, bool keepdim) {
    const dim_set reduced = reduced_dims(d, x.shape().size(), "reduce");
    return keepdim ? kept : R(lazy::reshape(kept, graph::reduced_shape(x.shape(), reduced, false)));
}
/// log(sum(exp(x))) without overflow; -inf of nothing and of nothing but -inf.
template <tensor_like X>
auto logsumexp(const X& x, const dims& d, bool keepdim) {
    const bool nothing = reduced_count(x.shape(), d, "logsumexp") == 0;
    return through_float32(without_bool(x), [&](const auto& w) {
        using R = handle_like<decltype(lazy::exp(w))>;
        if (nothing) {
            return R(lazy::log(lazy::sum(lazy::exp(w), d, keepdim)));
        }
        auto top = lazy::amax(w, d, true);
        R shift(lazy::where(lazy::isfinite(top), std::move(top), 0.0));
        R total(lazy::log(lazy::sum(lazy::exp(w - shift), d, true)) + std::move(shift));
        return without_dims(total, w, d, keepdim);
    });
}
/// exp(x) scaled to sum 1 along `d`.
template <tensor_like X>
auto softmax(const X& x, std::int64_t d) {
    require_floating(x, "softmax");
    return through_float32(x, [&](const auto& w) {
        using R = handle_like<decltype(lazy::exp(w))>;
        if (w.numel() == 0) {
            wrap_dim(d, w.shape().size(), "softmax");
            return R(lazy::exp(w));
        }
        R e(lazy::exp(w - lazy::amax(w, {d}, true)));
        R scale(lazy::reciprocal(lazy::sum(e, {d}, true)));  // one division per row
        return R(std::move(e) * std::move(scale));
    });
}
template <tensor_like X>
auto log_softmax(const X& x, std::int64_t d) {
    require_floating(x, "log_softmax");
    return through_float32(x, [&](const auto& w) {
        using R = handle_like<decltype(lazy::exp(w))>;
        if (w.numel() == 0) {
            wrap_dim(d, w.shape().size(), "log_softmax");
            return R(lazy::exp(w));
        }
        auto top = lazy::amax(w, {d}, true);
        R shift(lazy::log(lazy::sum(lazy::exp(w - top), {d}, true)));
        return R(w - std::move(top) - std::move(shift));
    });
}
/// How many elements are not zero, int64.
template <tensor_like X>
auto count_nonzero(const X& x, const dims& d, bool keepdim) {
    return lazy::sum(x != 0, d, keepdim);
}

/// The p-norm of the elements along `d`: p may be 0 (how many are not zero), infinity, -infinity.
/// Squares neither overflow nor vanish: those of float32 are summed in double, and else elements
/// are scaled by the largest.
template <tensor_like X>
auto norm(const X& x, double p, const dims& d, bool keepdim) {
    require_floating(x, "norm");
    return through_float32(x, [&](const auto& w) {
        using R = handle_like<decltype(lazy::abs(w))>;
        const auto length_of = [&](const auto& of) {
            auto squares = lazy::square(lazy::to(of, float64));
            auto length = lazy::sqrt(lazy::sum(std::move(squares), d, keepdim));
            return R(lazy::to(std::move(length), float32));
        };
        if constexpr (!is_complex_v<value_type_of<decltype(w)>> &&
                      !std::is_same_v<value_type_of<R>, double>) {
            if (p == 2 && w.dtype() == dtype_id::float32) {
                return length_of(w);  // whose squares need no absolute values
            }
        }
        auto size = lazy::abs(w);
        if (p == std::numeric_limits<double>::infinity()) {
            return R(lazy::amax(size, d, keepdim));
        }
        if (p == -std::numeric_limits<double>::infinity()) {
            return R(lazy::amin(size, d, keepdim));
        }
        if (p == 0) {
            return R(lazy::to(lazy::sum(size != 0, d, keepdim), size));
        }
        if (p == 1 || w.numel() == 0) {
            return R(lazy::sum(size, d, keepdim));
        }
        if constexpr (!std::is_same_v<value_type_of<R>, double>) {
            if (p == 2 && size.dtype() == dtype_id::float32) {
                return length_of(size);
            }
        }
        R top(lazy::amax(size, d, true));
        if (p == 2) {
            // Neither the scale nor its inverse leaves the normal range; NaN and infinities stay.
            R scale(lazy::clamp(std::move(top), 0x1p-1020, 0x1p1020));
            auto squares = lazy::square(size * R(lazy::reciprocal(scale)));
            R total(lazy::sqrt(lazy::sum(std::move(squares), d, true)) * std::move(scale));
            return without_dims(total, w, d, keepdim);
        }
        R scale(lazy::where(lazy::logical_and(lazy::isfinite(top), top > 0), top, 1.0));
        auto powers = lazy::pow(size / scale, p);
        R total(lazy::pow(lazy::sum(std::move(powers), d, true), 1.0 / p) * std::move(scale));
        return without_dims(total, w, d, keepdim);
    });
}

}  // namespace lazy

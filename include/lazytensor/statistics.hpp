// Statistics: medians, extremes, counts, and what leaves out NaN.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../backends/cpu/algorithms/bincount.hpp"
#include "algorithms.hpp"
#include "reductions.hpp"
#include "selection.hpp"

namespace lazy {

/// The lower of the middle elements in sorted order, of all elements; NaN if there is one or there
/// are none.
template <tensor_like X>
auto median(const X& x) {
    const std::int64_t n = x.numel();
    if (n == 0) {
        if (!x.is_floating_point()) {
            throw value_error("[median] median of an empty tensor of integers");
        }
        return lazy::new_full(x, {}, std::numeric_limits<double>::quiet_NaN());
    }
    const auto flat = lazy::flatten(x, 0, -1);
    auto sorted = lazy::sort(flat, 0, false).values;
    auto last = lazy::reshape(lazy::narrow(sorted, 0, n - 1, 1), shape());
    auto middle = lazy::reshape(lazy::narrow(sorted, 0, (n - 1) / 2, 1), shape());
    return handle_like<X>(lazy::where(last != last, last, middle));
}

/// The same along `d`, with where it stands (of several equal ones the first after sorting), the
/// first NaN if there is one. Throws index_error where the dimension is empty.
template <tensor_like X>
auto median(const X& x, std::int64_t d, bool keepdim) {
    const handle_like<X> whole(x.variable());
    if (whole.shape().empty()) {
        algorithm_dim(whole, d, "median");
        const tensor<std::int64_t> first = lazy::zeros(shape(), int64);
        return sorted_result<handle_like<X>>{whole, first};
    }
    const auto at = static_cast<std::size_t>(algorithm_dim(whole, d, "median"));
    const auto dim = static_cast<std::int64_t>(at);
    const std::int64_t n = whole.shape()[at];
    if (n == 0) {
        throw index_error(message(
            "median", "Expected reduction dim " + std::to_string(dim) + " to have non-zero size."));
    }
    const auto order = lazy::argsort(whole, dim, false);
    shape one = whole.shape();
    one[at] = 1;
    // NaN sorts last, so that the first of c NaNs has place n - c.
    tensor<std::int64_t> place = lazy::full(one, (n - 1) / 2, int64);
    if (whole.dtype().is_floating_point()) {
        const auto nans = lazy::sum(lazy::isnan(whole), {dim}, true);
        place = lazy::where(nans > 0, n - nans, place);
    }
    const auto indices = lazy::gather(order, dim, place);
    const handle_like<X> values = lazy::gather(whole, dim, indices);
    return keepdim ? sorted_result<handle_like<X>>{values, indices}
                   : sorted_result<handle_like<X>>{lazy::squeeze(values, dim),
                                                   lazy::squeeze(indices, dim)};
}

/// The k-th smallest along `d`, and where it is; NaN counts as largest. Throws index_error where
/// there are fewer than k.
template <tensor_like X>
auto kthvalue(const X& x, std::int64_t k, std::int64_t d, bool keepdim) {
    using H = handle_like<X>;
    const H whole(x.variable());
    const H rows(whole.shape().empty() ? H(lazy::unsqueeze(whole, 0)) : whole);
    const auto dim = static_cast<std::int64_t>(wrap_dim(d, rows.shape().size(), "kthvalue"));
    if (k < 1 || k > rows.size(dim)) {
        fail<index_error>("kthvalue", {"selected number k out of range for dimension ", dim, ": k ",
                                       k, ", size ", rows.size(dim)});
    }
    const auto sorted = lazy::sort(rows, dim, false);
    const auto at = [&](const auto& t) {
        using R = std::remove_cvref_t<decltype(t)>;
        const R kept = lazy::narrow(t, dim, k - 1, 1);
        return keepdim && !whole.shape().empty() ? kept : R(lazy::squeeze(kept, dim));
    };
    return sorted_result<H>{at(sorted.values), at(sorted.indices)};
}

/// quantile of floats.
template <tensor_like H, class Q>
H quantile_of(const H& whole, const Q& q, std::optional<std::int64_t> d, bool keepdim,
              std::string_view interpolation) {
    if (whole.numel() == 0) {
        throw value_error("[quantile] input tensor must be non-empty");
    }
    constexpr std::string_view known[] = {"linear", "lower", "higher", "midpoint", "nearest"};
    if (std::find(std::begin(known), std::end(known), interpolation) == std::end(known)) {
        fail<value_error>("quantile",
                          {"interpolation must be one of linear, lower, higher, midpoint "
                           "or nearest, got ",
                           interpolation});
    }
    const H wanted = [&] {
        if constexpr (number<Q>) {
            return H(lazy::new_full(whole, {1}, q));
        } else {
            return H(lazy::to(lazy::flatten(q, 0, -1), whole));
        }
    }();
    if (!lazy::truth(lazy::all((wanted >= 0) & (wanted <= 1)))) {
        throw value_error("[quantile] q values must be in the range [0, 1]");
    }
    const bool of_all = !d || whole.shape().empty();
    const std::int64_t dim =
        of_all ? 0 : static_cast<std::int64_t>(wrap_dim(*d, whole.shape().size(), "quantile"));
    const H rows = of_all ? H(lazy::flatten(whole, 0, -1)) : H(lazy::movedim(whole, dim, -1));
    const auto last = static_cast<double>(rows.size(-1) - 1);
    const H sorted = lazy::sort(rows, -1, false).values;
    // NaN are sorted to the end: such rows give their last element.
    const H rank = lazy::where(lazy::any(lazy::isnan(rows), {-1}, true), last, wanted * last);
    const auto at = [&](const auto& place) {
        return H(lazy::gather(sorted, -1, lazy::to(place, int64)));
    };
    const H low = lazy::floor(rank);
    H between = interpolation == "nearest"  ? at(lazy::round(rank))
                : interpolation == "higher" ? at(lazy::ceil(rank))
                                            : at(low);
    if (interpolation == "linear") {
        between = lazy::lerp(between, at(lazy::ceil(rank)), rank - low);
    } else if (interpolation == "midpoint") {
        between = lazy::lerp(between, at(lazy::ceil(rank)), 0.5);
    }
    between = lazy::movedim(between, -1, 0);
    if (keepdim && !of_all) {
        between = lazy::unsqueeze(between, dim + 1);
    } else if (keepdim) {
        between = lazy::reshape(between, [&] {
            shape s = shape::filled(whole.shape().size() + 1, 1);
            s[0] = wanted.numel();
            return s;
        }());
    }
    if constexpr (number<Q>) {
        return H(lazy::squeeze(between, 0));
    } else {
        return q.shape().empty() ? H(lazy::squeeze(between, 0)) : between;
    }
}

/// The q-quantiles of floats, of all elements or along `d`: of a number q in [0, 1], or of a vector
/// of them along a new first dimension. Between two elements as `interpolation` says: linear,
/// lower, higher, midpoint or nearest. NaN where there is one. Computes a vector q, to check it.
template <tensor_like X, class Q>
requires(number<Q> || tensor_like<Q>) auto quantile(const X& x, const Q& q,
                                                    std::optional<std::int64_t> d, bool keepdim,
                                                    std::string_view interpolation) {
    using H = handle_like<X>;
    const H whole(x.variable());
    if (!whole.dtype().is_floating_point()) {
        fail<dtype_error>("quantile", {"not implemented for ", whole.dtype().name()});
    }
    if constexpr (typed<X> && !is_floating_v<value_type_of<X>>) {
        return whole;
    } else {
        return quantile_of(whole, q, d, keepdim, interpolation);
    }
}
/// The smallest and the largest element at once, NaN if there is one.
template <class H>
struct both_extremes {
    H min;
    H max;
};
template <tensor_like X>
auto aminmax(const X& x, const dims& d, bool keepdim) {
    return both_extremes<handle_like<X>>{lazy::amin(x, d, keepdim), lazy::amax(x, d, keepdim)};
}
/// std and mean at once, sharing their passes.
template <tensor_like X>
auto std_mean(const X& x, const dims& d = {}, double correction = 1, bool keepdim = false) {
    return std::pair{lazy::std(x, d, correction, keepdim), lazy::mean(x, d, keepdim)};
}
/// sum and mean of the elements that are not NaN; of none: 0 and NaN. nanmean takes floats only.
template <tensor_like X>
auto nansum(const X& x, const dims& d, bool keepdim) {
    return lazy::sum(lazy::where(lazy::isnan(x), 0, x), d, keepdim);
}
template <tensor_like X>
auto nanmean(const X& x, const dims& d, bool keepdim) {
    require_floating(x, "nanmean");
    return through_float32(x, [&](const auto& w) {
        return lazy::nansum(w, d, keepdim) /
               lazy::to(lazy::sum(lazy::logical_not(lazy::isnan(w)), d, keepdim), w);
    });
}

/// How many results bincount has. Computes x; throws value_error if an element is negative.
template <tensor_like X>
std::int64_t bin_count(const X& x, std::int64_t minlength) {
    if (x.shape().size() != 1 || !x.dtype().is_integral() || x.dtype() == dtype_id::bool_ ||
        minlength < 0) {
        throw value_error(
            "[bincount] takes a 1-d tensor of non-negative integers and a minlength of 0 or more");
    }
    if (x.numel() == 0) {
        return minlength;
    }
    const auto ends = lazy::aminmax(x, {}, false);
    if (scalar(lazy::item(ends.min)).template to<std::int64_t>() < 0) {
        throw value_error("[bincount] only supports 1-d non-negative integral inputs");
    }
    return std::max(minlength, scalar(lazy::item(ends.max)).template to<std::int64_t>() + 1);
}
/// How often 0, 1, 2, ... occur in a vector of integers, int64, at least `minlength` numbers; with
/// `weights`, their sums instead. Computes x, since the size depends on it.
template <tensor_like X>
auto bincount(const X& x, std::int64_t minlength) {
    const std::int64_t n = bin_count(x, minlength);
    return make_handle<std::int64_t>(algorithm(cpu::bincount_kernel<value_type_of<X>>, {x.node()},
                                               dtype_id::int64, shape(n), 0));
}
template <tensor_like X, tensor_like W>
auto bincount(const X& x, const W& weights, std::int64_t minlength) {
    if (weights.shape() != x.shape()) {
        throw shape_error("[bincount] weights should be 1-d and have the same length as input");
    }
    const auto floats = [&] {
        if constexpr (typed<W>) {
            using V = value_type_of<W>;
            return lazy::to(
                weights,
                dtype_constant<
                    std::conditional_t<(dtype_of<V>.kind() < dtype_kind::floating), double, V>>{});
        } else {
            return lazy::to(weights, weights.dtype().kind() < dtype_kind::floating
                                         ? dtype(dtype_id::float64)
                                         : weights.dtype());
        }
    }();
    const std::int64_t n = bin_count(x, minlength);
    return lazy::scatter_add(lazy::new_full(floats, {n}, 0), 0, x, floats);
}

}  // namespace lazy

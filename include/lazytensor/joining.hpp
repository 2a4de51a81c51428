// Putting tensors together and repeating them: each piece is computed straight into its place.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "creation.hpp"
#include "indexing.hpp"

namespace lazy {

/// The dtype that all of some tensors promote to, dimensions apart.
template <class T>
dtype joint_dtype(const std::vector<handle<T>>& tensors) {
    dtype d = tensors.front().dtype();
    for (const handle<T>& t : tensors) {
        d = promote_types(d, t.dtype());
    }
    return d;
}

/// Pieces written one behind the other along dimension `at` of a tensor of shape `sizes`. That
/// dimension numbers them when they are `slices`, which do not have it.
template <class T>
handle<T> joined(const std::vector<handle<T>>& pieces, const shape& sizes, std::size_t at,
                 bool slices) {
    const dtype d = joint_dtype<T>(pieces);
    check_sizes(sizes, slices ? "stack" : "cat");
    graph::node_ptr n = graph::make_blank(d, sizes);
    if (sizes.numel() == 0) {
        return make_handle<T>(dense(std::move(n)));
    }
    const shape strides = contiguous_strides(sizes);
    shape picked = strides;
    if (slices) {
        picked.erase(at);
    }
    std::int64_t offset = 0;
    for (const handle<T>& t : pieces) {
        graph::node_ptr piece = t.node();
        if (piece->numel() == 0) {
            continue;
        }
        const std::int64_t places = slices ? 1 : piece->shape()[at];
        if constexpr (std::is_void_v<T>) {
            piece = converted(std::move(piece), d);
        }
        n = graph::make_update(engine::updates, std::move(n), std::move(piece), {picked, offset});
        offset += places * strides[at];
    }
    return make_handle<T>(std::move(n));
}

/// Tensors laid one behind the other along `d`. Shapes must agree elsewhere (shape_error). Nothing
/// is stored but the result: every piece is computed straight into its place.
template <class T>
handle<T> concatenate(const std::vector<handle<T>>& tensors, std::int64_t dim) {
    // As PyTorch: an empty 1-d tensor fits everything.
    const auto fits_all = [](const shape& s) { return s.size() == 1 && s[0] == 0; };
    const handle<T>* first = nullptr;
    for (const handle<T>& t : tensors) {
        if (first == nullptr || fits_all(first->shape())) {
            first = &t;
        }
    }
    if (first == nullptr) {
        throw value_error("[cat] expected a non-empty list of Tensors");
    }
    shape sizes = first->shape();
    if (sizes.empty()) {
        throw shape_error("[cat] zero-dimensional tensor cannot be concatenated");
    }
    const std::size_t at = wrap_dim(dim, sizes.size(), "cat");
    sizes[at] = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const shape& other = tensors[i].shape();
        if (fits_all(other)) {
            continue;
        }
        bool fits = other.size() == sizes.size();
        for (std::size_t k = 0; fits && k < sizes.size(); ++k) {
            fits = k == at || other[k] == sizes[k];
        }
        if (!fits) {
            fail<shape_error>("cat", {"Sizes of tensors must match except in dimension ", at,
                                      ". Expected shape like ", first->shape(), " but got ", other,
                                      " for tensor number ", i, " in the list."});
        }
        if (__builtin_add_overflow(sizes[at], other[at], &sizes[at])) {
            throw shape_error("[cat] the size of the result overflows");
        }
    }
    return joined<T>(tensors, sizes, at, false);
}
/// A new dimension `dim` that numbers the tensors, which all have one shape.
template <class T>
handle<T> stacked(const std::vector<handle<T>>& tensors, std::int64_t dim) {
    if (tensors.empty()) {
        throw value_error("[stack] stack expects a non-empty TensorList");
    }
    shape sizes = tensors.front().shape();
    for (std::size_t i = 1; i < tensors.size(); ++i) {
        if (tensors[i].shape() != sizes) {
            fail<shape_error>("stack",
                              {"stack expects each tensor to be equal size, but got ", sizes,
                               " at entry 0 and ", tensors[i].shape(), " at entry ", i});
        }
    }
    const std::size_t at = wrap_dim(dim, sizes.size() + 1, "stack");
    sizes.insert(at, static_cast<std::int64_t>(tensors.size()));
    return joined<T>(tensors, sizes, at, true);
}

/// cat({a, b}, 1), stack({a, b}): a list of tensors of one type, a vector of them. Those of Tensor
/// are templates only so that no program compiles them that does not use them.
#define LAZYTENSOR_JOIN(name, function)                                            \
    template <element T>                                                           \
    tensor<T> name(std::initializer_list<tensor<T>> tensors, std::int64_t d = 0) { \
        return function<T>(std::vector<tensor<T>>(tensors), d);                    \
    }                                                                              \
    template <element T>                                                           \
    tensor<T> name(const std::vector<tensor<T>>& tensors, std::int64_t d = 0) {    \
        return function<T>(tensors, d);                                            \
    }                                                                              \
    template <class = void>                                                        \
    Tensor name(std::initializer_list<Tensor> tensors, std::int64_t d = 0) {       \
        return function<void>(std::vector<Tensor>(tensors), d);                    \
    }                                                                              \
    template <class = void>                                                        \
    Tensor name(const std::vector<Tensor>& tensors, std::int64_t d = 0) {          \
        return function<void>(tensors, d);                                         \
    }
LAZYTENSOR_JOIN(cat, concatenate)
LAZYTENSOR_JOIN(concat, concatenate)
LAZYTENSOR_JOIN(stack, stacked)
#undef LAZYTENSOR_JOIN

/// x with at least `count` dimensions: a vector becomes a row, and a layer of depth 1.
template <class T>
handle<T> at_least(const handle<T>& x, std::size_t count) {
    handle<T> r(x.variable());
    if (r.shape().empty() && count > 0) {
        r = lazy::unsqueeze(r, 0);
    }
    if (r.shape().size() == 1 && count > 1) {
        r = lazy::unsqueeze(r, 0);
    }
    return r.shape().size() == 2 && count > 2 ? lazy::unsqueeze(r, 2) : r;
}
template <class T>
std::vector<handle<T>> all_at_least(const std::vector<handle<T>>& tensors, std::size_t count) {
    std::vector<handle<T>> r;
    for (const handle<T>& x : tensors) {
        r.push_back(at_least<T>(x, count));
    }
    return r;
}
/// Side by side: along the second dimension, vectors along their only one.
template <class T>
handle<T> side_by_side(const std::vector<handle<T>>& tensors) {
    const std::vector<handle<T>> rows = all_at_least<T>(tensors, 1);
    return concatenate<T>(rows, rows.empty() || rows.front().shape().size() == 1 ? 0 : 1);
}
/// One below the other: along the first dimension, vectors as rows.
template <class T>
handle<T> one_below_the_other(const std::vector<handle<T>>& tensors) {
    return concatenate<T>(all_at_least<T>(tensors, 2), 0);
}
/// One behind the other: along the third dimension.
template <class T>
handle<T> one_behind_the_other(const std::vector<handle<T>>& tensors) {
    return concatenate<T>(all_at_least<T>(tensors, 3), 2);
}
/// Vectors as columns.
template <class T>
handle<T> as_columns(const std::vector<handle<T>>& tensors) {
    std::vector<handle<T>> columns;
    for (const handle<T>& x : tensors) {
        columns.push_back(x.shape().size() < 2 ? handle<T>(lazy::reshape(x, {-1, 1})) : x);
    }
    return concatenate<T>(columns, 1);
}
/// The tensors' elements repeated over the grid of all their combinations.
template <class T>
std::vector<handle<T>> grid_of(const std::vector<handle<T>>& tensors, std::string_view indexing) {
    if (indexing != "ij" && indexing != "xy") {
        throw value_error(message(
            "meshgrid", "indexing must be one of \"xy\" or \"ij\", got: " + std::string(indexing)));
    }
    const bool swapped = indexing == "xy" && tensors.size() > 1;
    shape sizes;
    for (const handle<T>& x : tensors) {
        sizes.push_back(x.numel());
    }
    std::vector<handle<T>> r;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        shape one = shape::filled(tensors.size(), 1);
        one[i] = -1;
        const handle<T> grid = lazy::expand(lazy::reshape(tensors[i], one), sizes);
        r.push_back(swapped ? handle<T>(lazy::transpose(grid, 0, 1)) : grid);
    }
    return r;
}

/// hstack({a, b}), vstack, dstack, column_stack, and meshgrid({x, y}, "xy"), which gives a vector.
#define LAZYTENSOR_JOIN(name, function, parameters, arguments)         \
    template <element T>                                               \
    auto name(std::initializer_list<tensor<T>> tensors parameters) {   \
        return function<T>(std::vector<tensor<T>>(tensors) arguments); \
    }                                                                  \
    template <element T>                                               \
    auto name(const std::vector<tensor<T>>& tensors parameters) {      \
        return function<T>(tensors arguments);                         \
    }                                                                  \
    template <class = void>                                            \
    auto name(std::initializer_list<Tensor> tensors parameters) {      \
        return function<void>(std::vector<Tensor>(tensors) arguments); \
    }                                                                  \
    template <class = void>                                            \
    auto name(const std::vector<Tensor>& tensors parameters) {         \
        return function<void>(tensors arguments);                      \
    }
#define LAZYTENSOR_INDEXING , std::string_view indexing = "ij"
#define LAZYTENSOR_PASSED , indexing
LAZYTENSOR_JOIN(hstack, side_by_side, , )
LAZYTENSOR_JOIN(vstack, one_below_the_other, , )
LAZYTENSOR_JOIN(dstack, one_behind_the_other, , )
LAZYTENSOR_JOIN(column_stack, as_columns, , )
LAZYTENSOR_JOIN(meshgrid, grid_of, LAZYTENSOR_INDEXING, LAZYTENSOR_PASSED)
#undef LAZYTENSOR_INDEXING
#undef LAZYTENSOR_PASSED
#undef LAZYTENSOR_JOIN

/// A lazy copy of the tensor `times[d]` times along each dimension; more counts than dimensions add
/// leading ones.
template <tensor_like X>
auto repeat(const X& x, const shape& times) {
    const shape s = x.shape();
    if (times.size() < s.size()) {
        throw shape_error(
            "[repeat] Number of dimensions of repeat dims can not be smaller than "
            "number of dimensions of tensor");
    }
    const std::size_t lead = times.size() - s.size();
    shape one;   // [1, size] pairs
    shape many;  // [times, size] pairs
    shape merged;
    for (std::size_t d = 0; d < times.size(); ++d) {
        const std::int64_t size = d < lead ? 1 : s[d - lead];
        if (times[d] < 0) {
            fail<value_error>("repeat", {"a repeat count is negative: ", times});
        }
        one.push_back(1);
        one.push_back(size);
        many.push_back(times[d]);
        many.push_back(size);
        std::int64_t product = 0;
        if (__builtin_mul_overflow(times[d], size, &product)) {
            throw shape_error("[repeat] the size of the result overflows");
        }
        merged.push_back(product);
    }
    check_sizes(merged, "repeat");
    return fresh<X>(lazy::reshape(lazy::expand(lazy::reshape(x, one), many), merged).node());
}
/// NumPy's tile: missing leading counts are 1.
template <tensor_like X>
auto tile(const X& x, const shape& times) {
    shape all_times = times;
    while (all_times.size() < x.shape().size()) {
        all_times.insert(0, 1);
    }
    return lazy::repeat(x, all_times);
}
/// A lazy copy with every element `times` times in a row, along `d`.
template <tensor_like X>
auto repeat_interleave(const X& x, std::int64_t times, std::int64_t d) {
    if (times < 0) {
        throw value_error("[repeat_interleave] repeats can not be negative");
    }
    const std::size_t at = wrap_dim(d, x.shape().size(), "repeat_interleave");
    auto wide = lazy::unsqueeze(x, static_cast<std::int64_t>(at) + 1);
    shape sizes = wide.shape();
    sizes[at + 1] = times;
    shape merged = x.shape();
    merged[at] *= times;
    return fresh<X>(lazy::reshape(lazy::expand(wide, sizes), merged).node());
}
/// The same of all elements in row-major order.
template <tensor_like X>
auto repeat_interleave(const X& x, std::int64_t times) {
    return lazy::repeat_interleave(lazy::flatten(x), times, 0);
}
/// Elements moved `shift` places along `d`, those that fall off coming in at the other end.
template <tensor_like X>
auto roll(const X& x, std::int64_t shift, std::int64_t d) {
    const handle_like<X> whole(x.variable());
    const std::size_t at = wrap_dim(d, whole.shape().size(), "roll");
    const std::int64_t n = whole.shape().empty() ? 0 : whole.shape()[at];
    const std::int64_t by = n == 0 ? 0 : ((shift % n) + n) % n;
    if (by == 0) {
        return fresh<X>(whole.node());
    }
    using V = value_type_of<X>;
    return concatenate<V>({lazy::narrow(whole, d, n - by, by), lazy::narrow(whole, d, 0, n - by)},
                          d);
}
/// The same along several dimensions, each by its own shift.
template <tensor_like X>
handle_like<X> roll(const X& x, const dims& shifts, const dims& d) {
    if (shifts.empty() || shifts.size() != d.size()) {
        fail<shape_error>("roll", {"shifts and dimensions must align. shifts: ", shifts.size(),
                                   ", dims: ", d.size()});
    }
    handle_like<X> r = lazy::roll(x, shifts[0], d[0]);
    for (std::size_t i = 1; i < d.size(); ++i) {
        r = handle_like<X>(lazy::roll(r, shifts[i], d[i]).variable());
    }
    return r;
}
/// The same of the flattened tensor.
template <tensor_like X>
auto roll(const X& x, std::int64_t shift) {
    return lazy::reshape(lazy::roll(lazy::flatten(x, 0, -1), shift, 0), x.shape());
}
/// Tensors of one value per combination of the inputs' elements ("ij" order), as views.
template <tensor_like X, tensor_like Y>
auto meshgrid(const X& x, const Y& y) {
    const shape s(x.shape().numel(), y.shape().numel());
    return std::pair{lazy::expand(lazy::reshape(x, {-1, 1}), s),
                     lazy::expand(lazy::reshape(y, {1, -1}), s)};
}

}  // namespace lazy

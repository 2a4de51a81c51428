// Changing shape: views where PyTorch gives views, lazy copies where it copies.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/graph/views.hpp"
#include "conversion.hpp"

namespace lazy {

/// A handle on the elements of `v` that `g` picks; shares memory with it.
template <class X>
handle_like<X> view_of(const graph::variable_ptr& v, graph::geometry g) {
    return handle_like<X>(graph::view_variable(v, std::move(g)));
}
/// A handle on a new value, computed later.
template <class X>
handle_like<X> fresh(const graph::node_ptr& n) {
    graph::node_ptr value = dense(n);
    return make_handle<value_type_of<X>>(value == n ? copied(n) : std::move(value));
}

/// The same elements in row-major order under another shape, one size may be -1. Shares memory when
/// strides allow (as PyTorch: `view` insists, `reshape` copies lazily otherwise).
template <tensor_like X>
auto reshape(const X& x, const shape& sizes) {
    const graph::variable_ptr v = x.variable();
    const graph::geometry g = graph::geometry_of(*v);
    const shape wanted = graph::infer_shape(sizes, g.sizes.numel(), "reshape");
    if (auto r = graph::reshape(g, wanted)) {
        return view_of<X>(v, std::move(*r));
    }
    const handle_like<X> copy = fresh<X>(v->value());
    return view_of<X>(copy.variable(), {wanted, {contiguous_strides(wanted), 0}});
}
template <tensor_like X>
auto view(const X& x, const shape& sizes) {
    const graph::variable_ptr v = x.variable();
    const graph::geometry g = graph::geometry_of(*v);
    const shape wanted = graph::infer_shape(sizes, g.sizes.numel(), "view");
    auto r = graph::reshape(g, wanted);
    if (!r) {
        fail<shape_error>(
            "view",
            {"view size is not compatible with input tensor's size and stride (at least one "
             "dimension spans across two contiguous subspaces). Use .reshape(...) instead: ",
             g.sizes, " to ", wanted});
    }
    return view_of<X>(v, std::move(*r));
}
/// Dimensions first..last merged into one; a 0-d tensor becomes 1-d.
template <tensor_like X>
auto flatten(const X& x, std::int64_t first, std::int64_t last) {
    const shape s = x.shape();
    if (s.empty()) {
        return lazy::reshape(x, shape(1));
    }
    const std::size_t a = wrap_dim(first, s.size(), "flatten");
    const std::size_t b = wrap_dim(last, s.size(), "flatten");
    if (a > b) {
        throw shape_error(
            "[flatten] flatten() has invalid args: start_dim cannot come after end_dim");
    }
    shape r;
    std::int64_t merged = 1;
    for (std::size_t d = 0; d < s.size(); ++d) {
        if (d >= a && d <= b) {
            merged *= s[d];
        }
        if (d < a || d > b) {
            r.push_back(s[d]);
        } else if (d == b) {
            r.push_back(merged);
        }
    }
    return lazy::reshape(x, r);
}
template <tensor_like X>
auto ravel(const X& x) {
    return lazy::flatten(x, 0, -1);
}
/// Without the dimensions of size 1, or without `d` if its size is 1.
template <tensor_like X>
auto squeeze(const X& x) {
    const graph::variable_ptr v = x.variable();
    graph::geometry g = graph::geometry_of(*v);
    for (std::size_t d = g.sizes.size(); d-- > 0;) {
        g = graph::squeeze(std::move(g), d);
    }
    return view_of<X>(v, std::move(g));
}
template <tensor_like X>
auto squeeze(const X& x, std::int64_t d) {
    const graph::variable_ptr v = x.variable();
    graph::geometry g = graph::geometry_of(*v);
    const std::size_t at = wrap_dim(d, g.sizes.size(), "squeeze");
    return view_of<X>(v, g.sizes.empty() ? std::move(g) : graph::squeeze(std::move(g), at));
}
/// Without those of the dimensions `d` that have size 1.
template <tensor_like X>
auto squeeze(const X& x, const dims& d) {
    const graph::variable_ptr v = x.variable();
    graph::geometry g = graph::geometry_of(*v);
    std::vector<bool> chosen(g.sizes.size() + 1);
    for (std::int64_t dim : d) {
        chosen[wrap_dim(dim, g.sizes.size(), "squeeze")] = true;
    }
    for (std::size_t i = g.sizes.size(); i-- > 0;) {
        if (chosen[i]) {
            g = graph::squeeze(std::move(g), i);
        }
    }
    return view_of<X>(v, std::move(g));
}
/// A new dimension of size 1 at position `d` of the result.
template <tensor_like X>
auto unsqueeze(const X& x, std::int64_t d) {
    const graph::variable_ptr v = x.variable();
    graph::geometry g = graph::geometry_of(*v);
    const std::size_t at = wrap_dim(d, g.sizes.size() + 1, "unsqueeze");
    return view_of<X>(v, graph::unsqueeze(std::move(g), at));
}
template <tensor_like X>
auto permute(const X& x, const shape& order) {
    const graph::variable_ptr v = x.variable();
    return view_of<X>(v, graph::permute(graph::geometry_of(*v), order, "permute"));
}
template <tensor_like X>
auto transpose(const X& x, std::int64_t a, std::int64_t b) {
    const graph::variable_ptr v = x.variable();
    graph::geometry g = graph::geometry_of(*v);
    const std::size_t i = wrap_dim(a, g.sizes.size(), "transpose");
    const std::size_t j = wrap_dim(b, g.sizes.size(), "transpose");
    if (!g.sizes.empty()) {
        std::swap(g.sizes[i], g.sizes[j]);
        std::swap(g.where.strides[i], g.where.strides[j]);
    }
    return view_of<X>(v, std::move(g));
}
/// PyTorch's other names for it.
template <tensor_like X>
auto swapaxes(const X& x, std::int64_t a, std::int64_t b) {
    return lazy::transpose(x, a, b);
}
template <tensor_like X>
auto swapdims(const X& x, std::int64_t a, std::int64_t b) {
    return lazy::transpose(x, a, b);
}
/// The transpose of a matrix; vectors and scalars stay as they are. T reverses all dimensions.
template <tensor_like X>
auto t(const X& x) {
    if (x.shape().size() > 2) {
        fail<shape_error>("t", {"t() expects a tensor with <= 2 dimensions, but self is ",
                                x.shape().size(), "D"});
    }
    return lazy::transpose(x, 0, x.shape().size() == 2 ? 1 : 0);
}
template <tensor_like X>
auto T(const X& x) {
    shape order = x.shape();
    for (std::size_t d = 0; d < order.size(); ++d) {
        order[d] = static_cast<std::int64_t>(order.size() - 1 - d);
    }
    return lazy::permute(x, order);
}
/// Dimension from[i] moved to position to[i], the others in their order: movedim(x, 0, -1),
/// movedim(x, {0, 1}, {2, 0}). moveaxis is another name.
template <tensor_like X>
auto movedim(const X& x, const dims& from, const dims& to) {
    const std::size_t n = x.shape().size();
    if (from.size() != to.size()) {
        throw shape_error(message("movedim", "source and destination dims must be as many, got " +
                                                 to_string(from) + " and " + to_string(to)));
    }
    if (n == 0) {
        for (const dims& d : {from, to}) {
            for (std::int64_t dim : d) {
                wrap_dim(dim, 0, "movedim");
            }
        }
        return lazy::permute(x, shape());
    }
    shape order = shape::filled(n, -1);
    std::vector<bool> moved(n);
    for (std::size_t i = 0; i < from.size(); ++i) {
        const std::size_t a = wrap_dim(from[i], n, "movedim");
        const std::size_t b = wrap_dim(to[i], n, "movedim");
        if (moved[a] || order[b] != -1) {
            throw shape_error("[movedim] repeated dim");
        }
        moved[a] = true;
        order[b] = static_cast<std::int64_t>(a);
    }
    std::size_t next = 0;
    for (std::int64_t& place : order) {
        while (place == -1 && moved[next]) {
            ++next;
        }
        if (place == -1) {
            place = static_cast<std::int64_t>(next++);
        }
    }
    return lazy::permute(x, order);
}
template <tensor_like X>
auto moveaxis(const X& x, const dims& from, const dims& to) {
    return lazy::movedim(x, from, to);
}
/// Dimension `d` as several of the given sizes, of which one may be -1.
template <tensor_like X>
auto unflatten(const X& x, std::int64_t d, const shape& sizes) {
    const shape& s = x.shape();
    if (s.empty()) {
        throw shape_error("[unflatten] a 0-d tensor has no dimension to split");
    }
    const std::size_t at = wrap_dim(d, s.size(), "unflatten");
    shape r(s.begin(), s.begin() + at);
    for (std::int64_t size : graph::infer_shape(sizes, s[at], "unflatten")) {
        r.push_back(size);
    }
    for (std::size_t i = at + 1; i < s.size(); ++i) {
        r.push_back(s[i]);
    }
    return lazy::reshape(x, r);
}
/// Dimensions of size 1 repeated without copying; -1 keeps a size.
template <tensor_like X>
auto expand(const X& x, const shape& sizes) {
    const graph::variable_ptr v = x.variable();
    return view_of<X>(v, graph::expand(graph::geometry_of(*v), sizes));
}
template <tensor_like X>
auto broadcast_to(const X& x, const shape& sizes) {
    return lazy::expand(x, sizes);
}
template <tensor_like X>
auto diagonal(const X& x, std::int64_t offset, std::int64_t a, std::int64_t b) {
    const graph::variable_ptr v = x.variable();
    return view_of<X>(v, graph::diagonal(graph::geometry_of(*v), offset, a, b));
}
/// A lazy copy with the order along the given dimensions reversed.
template <tensor_like X>
auto flip(const X& x, const dims& d) {
    const graph::variable_ptr v = x.variable();
    return fresh<X>(graph::view_variable(v, graph::flip(graph::geometry_of(*v), d))->value());
}
/// Row-major and dense: the tensor itself when it is, else a lazy copy.
template <tensor_like X>
auto contiguous(const X& x) {
    return x.is_contiguous() ? handle_like<X>(x.variable()) : fresh<X>(x.node());
}
/// Throws shape_error for a 0-d tensor, which has nothing to cut.
template <tensor_like X>
void require_dimension(const X& x, std::string_view op) {
    if (x.shape().empty()) {
        fail<shape_error>(op, {"expects at least a 1-dimensional tensor"});
    }
}
template <tensor_like X>
auto narrow(const X& x, std::int64_t d, std::int64_t start, std::int64_t length) {
    const graph::variable_ptr v = x.variable();
    graph::geometry g = graph::geometry_of(*v);
    require_dimension(x, "narrow");
    const std::size_t at = wrap_dim(d, g.sizes.size(), "narrow");
    const std::int64_t n = g.sizes[at];
    const std::int64_t first = start < 0 ? start + n : start;
    if (first < 0 || length < 0 || first > n || length > n - first) {
        fail<index_error>("narrow", {"start (", start, ") + length (", length,
                                     ") exceeds dimension size (", n, ")"});
    }
    return view_of<X>(v, graph::slice(std::move(g), at, first, first + length, 1));
}

/// Views of consecutive pieces of these sizes along `d`, all of it.
template <tensor_like X>
auto split(const X& x, const std::vector<std::int64_t>& sizes, std::int64_t d) {
    require_dimension(x, "split");
    const std::int64_t n = x.shape()[wrap_dim(d, x.shape().size(), "split")];
    std::int64_t total = 0;
    for (std::int64_t size : sizes) {
        if (size < 0 || size > n - total) {
            total = -1;
            break;
        }
        total += size;
    }
    if (total != n) {
        fail<shape_error>("split", {"split_with_sizes expects split_sizes to sum exactly to ", n,
                                    ", but got ", shape(sizes)});
    }
    const handle_like<X> whole(x.variable());
    std::vector<handle_like<X>> pieces;
    std::int64_t start = 0;
    for (std::int64_t size : sizes) {
        pieces.push_back(lazy::narrow(whole, d, start, size));
        start += size;
    }
    return pieces;
}
/// Views of consecutive pieces of `size` along `d` (the last may be smaller).
template <tensor_like X>
auto split(const X& x, std::int64_t size, std::int64_t d) {
    if (size <= 0) {
        fail<value_error>("split", {"split_size must be positive, got ", size});
    }
    require_dimension(x, "split");
    const std::int64_t n = x.shape()[wrap_dim(d, x.shape().size(), "split")];
    std::vector<std::int64_t> sizes;
    for (std::int64_t start = 0; start < std::max<std::int64_t>(n, 1); start += size) {
        sizes.push_back(std::min(size, n - start));
    }
    return lazy::split(x, sizes, d);
}
/// At most `count` pieces of equal size (the last may be smaller).
template <tensor_like X>
auto chunk(const X& x, std::int64_t count, std::int64_t d) {
    if (count <= 0) {
        fail<value_error>("chunk", {"chunks must be positive, got ", count});
    }
    require_dimension(x, "chunk");
    const std::int64_t n = x.shape()[wrap_dim(d, x.shape().size(), "chunk")];
    if (n == 0) {
        std::vector<handle_like<X>> nothing;
        for (std::int64_t i = 0; i < count; ++i) {
            nothing.push_back(lazy::narrow(x, d, 0, 0));
        }
        return nothing;
    }
    return lazy::split(x, std::max<std::int64_t>(1, (n + count - 1) / count), d);
}
/// Views cut before each of these indices along `d`, as Python's slices count them; or into `count`
/// pieces of equal size, the first ones larger by one where it does not divide.
template <tensor_like X>
auto tensor_split(const X& x, const std::vector<std::int64_t>& indices, std::int64_t d) {
    require_dimension(x, "tensor_split");
    const graph::variable_ptr v = x.variable();
    const graph::geometry g = graph::geometry_of(*v);
    const std::size_t at = wrap_dim(d, g.sizes.size(), "tensor_split");
    std::vector<handle_like<X>> pieces;
    std::int64_t start = 0;
    for (std::int64_t stop : indices) {
        pieces.push_back(view_of<X>(v, graph::slice(g, at, start, stop, 1)));
        start = stop;
    }
    pieces.push_back(view_of<X>(v, graph::slice(g, at, start, {}, 1)));
    return pieces;
}
template <tensor_like X>
auto tensor_split(const X& x, std::int64_t count, std::int64_t d) {
    if (count <= 0) {
        fail<value_error>("tensor_split",
                          {"number of sections must be larger than 0, got ", count});
    }
    require_dimension(x, "tensor_split");
    const std::int64_t n = x.shape()[wrap_dim(d, x.shape().size(), "tensor_split")];
    std::vector<std::int64_t> indices;
    for (std::int64_t i = 1, start = 0; i < count; ++i) {
        start += n / count + (i <= n % count ? 1 : 0);
        indices.push_back(start);
    }
    return lazy::tensor_split(x, indices, d);
}
/// A view of all windows of `size` elements along `d`, `step` apart: a new last dimension.
template <tensor_like X>
auto unfold(const X& x, std::int64_t d, std::int64_t size, std::int64_t step) {
    require_dimension(x, "unfold");
    const graph::variable_ptr v = x.variable();
    graph::geometry g = graph::geometry_of(*v);
    const std::size_t at = wrap_dim(d, g.sizes.size(), "unfold");
    const std::int64_t n = g.sizes[at];
    if (size < 0 || size > n || step <= 0) {
        fail<value_error>("unfold", {"windows of ", size, ", ", step,
                                     " apart, do not fit into dimension ", at, " of size ", n});
    }
    g.sizes[at] = (n - size) / step + 1;
    g.sizes.push_back(size);
    g.where.strides.push_back(g.where.strides[at]);
    g.where.strides[at] *= step;
    return view_of<X>(v, std::move(g));
}
/// The slices along `d`, each without that dimension.
template <tensor_like X>
auto unbind(const X& x, std::int64_t d) {
    const graph::variable_ptr v = x.variable();
    const graph::geometry g = graph::geometry_of(*v);
    if (g.sizes.empty()) {
        throw index_error("[unbind] Dimension specified as 0 but tensor has no dimensions");
    }
    const std::size_t at = wrap_dim(d, g.sizes.size(), "unbind");
    std::vector<handle_like<X>> slices;
    for (std::int64_t i = 0; i < g.sizes[at]; ++i) {
        slices.push_back(view_of<X>(v, graph::select(g, at, i, "unbind")));
    }
    return slices;
}
template <tensor_like X>
auto unstack(const X& x, std::int64_t d = 0) {
    return lazy::unbind(x, d);
}

}  // namespace lazy

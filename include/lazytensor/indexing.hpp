// Indexing: numbers, ranges, all, newaxis and ellipsis give views; masks and index tensors select.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>

#include "manipulation.hpp"
#include "tensor.hpp"

namespace lazy {

struct newaxis_type {};
/// A new dimension of size 1: t(all, newaxis).
inline constexpr newaxis_type newaxis{};
struct ellipsis_type {};
/// As many whole dimensions as needed: t(ellipsis, 0).
inline constexpr ellipsis_type ellipsis{};
struct none_type {};
/// A missing bound of a range: range(none, none, -1) reverses.
inline constexpr none_type none{};

/// start:stop:step with Python's meaning; bounds may be `none`.
struct range {
    struct bound {
        bound(none_type) {}
        template <size_like I>
        bound(I i) : value(static_cast<std::int64_t>(i)) {}
        std::optional<std::int64_t> value;
    };
    explicit range(bound stop_at) : stop(stop_at.value) {}
    range(bound start_at, bound stop_at, std::int64_t step_by = 1)
        : start(start_at.value), stop(stop_at.value), step(step_by) {}
    std::optional<std::int64_t> start;
    std::optional<std::int64_t> stop;
    std::int64_t step = 1;
};

/// One item of an index list.
struct index_item {
    enum class what : std::uint8_t { number, range, whole, added, rest, tensor };
    what kind;
    std::int64_t number = 0;
    lazy::range bounds{none, none, 1};
    graph::node_ptr tensor;
};

template <class I>
index_item make_index_item(const I& i) {
    if constexpr (size_like<I>) {
        return {index_item::what::number, static_cast<std::int64_t>(i), {none, none, 1}, {}};
    } else if constexpr (std::is_same_v<I, range>) {
        return {index_item::what::range, 0, i, {}};
    } else if constexpr (std::is_same_v<I, all_type>) {
        return {index_item::what::whole, 0, {none, none, 1}, {}};
    } else if constexpr (std::is_same_v<I, newaxis_type> || std::is_same_v<I, none_type>) {
        return {index_item::what::added, 0, {none, none, 1}, {}};
    } else if constexpr (std::is_same_v<I, ellipsis_type>) {
        return {index_item::what::rest, 0, {none, none, 1}, {}};
    } else if constexpr (tensor_like<I>) {
        if constexpr (typed<I>) {
            static_assert(std::is_integral_v<value_type_of<I>>,
                          "tensors used as indices must be integer or bool tensors");
        }
        return {index_item::what::tensor, 0, {none, none, 1}, i.node()};
    } else {
        static_assert(std::is_same_v<I, void>,
                      "an index is a number, range, all, newaxis, ellipsis or an index tensor");
    }
}

/// How many dimensions of the tensor an item uses up.
inline std::size_t consumed(const index_item& i) {
    switch (i.kind) {
        case index_item::what::added:
        case index_item::what::rest: return 0;
        case index_item::what::tensor:
            return i.tensor->dtype() == dtype_id::bool_ ? i.tensor->shape().size() : 1;
        default: return 1;
    }
}

/// x[true]: a mask without dimensions goes over a new one of size 1.
inline bool is_lone_mask(const index_item& i) {
    return i.kind == index_item::what::tensor && i.tensor->dtype() == dtype_id::bool_ &&
           i.tensor->shape().empty();
}

/// The view that the items other than tensors name. `placed` receives, for every index tensor, the
/// dimension of the view it applies to.
inline graph::geometry index_view(graph::geometry g, std::span<const index_item> items,
                                  std::vector<std::size_t>& placed) {
    std::size_t used = 0;
    std::size_t ellipses = 0;
    for (const index_item& i : items) {
        used += consumed(i);
        ellipses += i.kind == index_item::what::rest ? 1 : 0;
    }
    if (used > g.sizes.size()) {
        fail<index_error>("index", {"too many indices for tensor of dimension ", g.sizes.size()});
    }
    if (ellipses > 1) {
        throw index_error("[index] an index can only have a single ellipsis ('...')");
    }
    const std::size_t skipped = g.sizes.size() - used;
    std::size_t d = 0;
    for (const index_item& i : items) {
        switch (i.kind) {
            case index_item::what::number:
                g = graph::select(std::move(g), d, i.number, "index");
                break;
            case index_item::what::range:
                g = graph::slice(std::move(g), d++, i.bounds.start, i.bounds.stop, i.bounds.step);
                break;
            case index_item::what::whole: ++d; break;
            case index_item::what::added: g = graph::unsqueeze(std::move(g), d++); break;
            case index_item::what::rest: d += skipped; break;
            case index_item::what::tensor:
                placed.push_back(d);
                if (is_lone_mask(i)) {
                    g = graph::unsqueeze(std::move(g), d++);
                }
                d += consumed(i);
                break;
        }
    }
    return g;
}

/// The index tensors, each as it applies to the view.
inline std::vector<graph::node_ptr> index_tensors(std::span<const index_item> items) {
    std::vector<graph::node_ptr> tensors;
    for (const index_item& i : items) {
        if (i.kind == index_item::what::tensor) {
            tensors.push_back(is_lone_mask(i) ? graph::make_reshape(i.tensor, shape(1)) : i.tensor);
        }
    }
    return tensors;
}

template <class T>
class selection;

/// t[i], t(i, j, ...): a view, or a selection when an index is a tensor.
template <tensor_like X, class... I>
auto index(const X& x, const I&... indices) {
    const index_item items[] = {make_index_item(indices)...};
    const graph::variable_ptr v = x.variable();
    std::vector<std::size_t> placed;
    graph::geometry g = index_view(graph::geometry_of(*v), items, placed);
    if constexpr ((... || tensor_like<I>)) {
        return selection<value_type_of<X>>(graph::view_variable(v, std::move(g)),
                                           index_tensors(items), std::move(placed));
    } else {
        return view_of<X>(v, std::move(g));
    }
}

/// A view of one slice of a dimension, which disappears; indices count from the end where negative.
template <tensor_like X>
auto select(const X& x, std::int64_t d, std::int64_t index) {
    const graph::variable_ptr v = x.variable();
    graph::geometry g = graph::geometry_of(*v);
    require_dimension(x, "select");
    const std::size_t at = wrap_dim(d, g.sizes.size(), "select");
    return view_of<X>(v, graph::select(std::move(g), at, index, "select"));
}

}  // namespace lazy

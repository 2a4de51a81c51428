// Selecting by masks and index tensors: reading copies, assigning to the selection writes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../backends/cpu/algorithms/gather.hpp"
#include "../../backends/cpu/algorithms/mask.hpp"
#include "../../backends/cpu/algorithms/scatter.hpp"
#include "index_plan.hpp"
#include "indexing.hpp"
#include "joining.hpp"
#include "reductions.hpp"

namespace lazy {

/// t[mask], t(all, index_tensor): reads as a new tensor holding the selected elements (their values
/// when the selection was made); `t[mask] = x` writes x to the places. Reading through a mask
/// computes the mask, since the shape depends on it.
template <class T>
class selection : public methods<selection<T>, T> {
public:
    using value_type = T;

    selection(graph::variable_ptr view, std::vector<graph::node_ptr> tensors,
              std::vector<std::size_t> placed)
        : view_(std::move(view)),
          source_(view_->base().value()),
          tensors_(std::move(tensors)),
          placed_(std::move(placed)) {
        for (std::size_t i = 0; i < tensors_.size(); ++i) {
            if (tensors_[i]->dtype() == dtype_id::bool_) {
                check_mask_shape(tensors_[i]->shape(), view_->shape(), placed_[i]);
            }
        }
    }

    lazy::dtype dtype() const { return view_->dtype(); }
    const lazy::shape& shape() const { return value().shape(); }
    graph::node_ptr node() const { return value().node(); }
    graph::variable_ptr variable() const { return value().variable(); }

    template <term X>
    void operator=(const X& x) && {
        source_ = nullptr;
        write(x);
    }
    void operator=(const selection& x) && {
        const handle<T> v = x.value();
        source_ = nullptr;
        write(v);
    }
    selection(const selection&) = default;
    selection(selection&&) = default;

#define LAZYTENSOR_IN_PLACE(symbol, name)               \
    template <term X>                                   \
    void operator symbol(const X& x)&& {                \
        const handle<T> result(lazy::name(value(), x)); \
        source_ = nullptr;                              \
        read_ = std::nullopt;                           \
        write(result);                                  \
    }
    LAZYTENSOR_IN_PLACE(+=, add)
    LAZYTENSOR_IN_PLACE(-=, sub)
    LAZYTENSOR_IN_PLACE(*=, mul)
    LAZYTENSOR_IN_PLACE(/=, div)
#undef LAZYTENSOR_IN_PLACE

private:
    const handle<T>& value() const {
        if (!read_) {
            if (whole_mask()) {
                const graph::node_ptr mask = dense(tensors_[0]);
                const std::int64_t n = cpu::count_nonzero(computed(mask));
                read_ =
                    make_handle<T>(algorithm(cpu::masked_select_kernel<T>, {view_of_source(), mask},
                                             dtype(), lazy::shape(n), 0));
                return *read_;
            }
            const index_plan p = plan_index(graph::geometry_of(*view_), tensors_, placed_);
            std::vector<graph::node_ptr> in{
                dense(graph::make_view(source_, p.source.sizes, p.source.where))};
            in.insert(in.end(), p.indices.begin(), p.indices.end());
            read_ = make_handle<T>(graph::make_opaque(cpu::index_kernel<T>, in, dtype(), p.result,
                                                      cpu::index_params{p.first_dim}));
        }
        return *read_;
    }

    graph::node_ptr view_of_source() const {
        return graph::make_view(source_, view_->shape(), view_->where());
    }
    /// One mask names all elements, whose addresses need no index tensors then.
    bool whole_mask() const {
        return tensors_.size() == 1 && tensors_[0]->dtype() == dtype_id::bool_ &&
               tensors_[0]->shape() == view_->shape() && !view_->shape().empty();
    }

    template <class X>
    void write(const X& x) const {
        const bool one_mask =
            tensors_.size() == 1 && tensors_[0]->dtype() == dtype_id::bool_ && placed_[0] == 0;
        if (one_mask) {
            const std::size_t rest = view_->shape().size() - tensors_[0]->shape().size();
            bool everywhere_alike = true;
            if constexpr (tensor_like<X>) {
                everywhere_alike = x.numel() == 1 || x.shape().size() <= rest;
            }
            if (everywhere_alike) {
                write_where(x);
                return;
            }
        }
        require_distinct(*view_, "index_put_");
        const index_plan p = plan_index(graph::geometry_of(*view_), tensors_, placed_);
        const graph::variable_ptr target = graph::view_variable(view_, p.source);
        graph::node_ptr values = fitted_to(x, p.result);
        std::vector<graph::node_ptr> in{dense(target->value()), dense(std::move(values))};
        in.insert(in.end(), p.indices.begin(), p.indices.end());
        lazy::assign(target, graph::make_opaque(cpu::index_put_kernel<T>, in, dtype(),
                                                target->shape(), cpu::index_params{p.first_dim}));
    }
    /// The same value for every place (broadcast over the unmasked dimensions): lazy and fused.
    template <class X>
    void write_where(const X& x) const {
        lazy::shape sizes = tensors_[0]->shape();
        while (sizes.size() < view_->shape().size()) {
            sizes.push_back(1);
        }
        // Dependent on X: nothing is compiled before it is used.
        using truth = std::conditional_t<sizeof(X) != 0, bool, X>;
        tensor<truth> mask = lazy::reshape(make_handle<truth>(dense(tensors_[0])), sizes);
        graph::variable_ptr target = view_;
        if (const dims repeated = repeated_dims(*view_); !repeated.empty()) {
            // Elements that are one in memory are written where any of them is selected.
            if constexpr (tensor_like<X>) {
                if (x.numel() != 1) {
                    require_distinct(*view_, "index_put_");
                }
            }
            graph::geometry g = graph::geometry_of(*view_);
            for (const std::int64_t d : repeated) {
                g = graph::slice(std::move(g), static_cast<std::size_t>(d), 0, 1, 1);
            }
            target = graph::view_variable(view_, std::move(g));
            mask = lazy::any(lazy::expand(mask, view_->shape()), repeated, true);
        }
        const auto written = make_handle<T>(dense(fitted_to(x, target->shape())));
        lazy::assign(target, lazy::where(mask, written, handle<T>(target)).node());
    }
    /// As PyTorch, leading dimensions of size 1 may be too many.
    template <class X>
    graph::node_ptr fitted_to(const X& x, const lazy::shape& sizes) const {
        if constexpr (tensor_like<X>) {
            lazy::shape own = x.shape();
            while (own.size() > sizes.size() && own[0] == 1) {
                own.erase(0);
            }
            if (own.size() != x.shape().size()) {
                return fitted_to(handle_like<X>(lazy::reshape(x, own)), sizes);
            }
        }
        if constexpr (std::is_void_v<T> || number<X>) {
            return fitted(x, dtype(), sizes, "index_put_");
        } else {
            return expanded(lazy::to(x, dtype_constant<T>{}).node(), sizes, "index_put_");
        }
    }

    graph::variable_ptr view_;
    graph::node_ptr source_;  ///< the base's value when the selection was made
    std::vector<graph::node_ptr> tensors_;
    std::vector<std::size_t> placed_;
    mutable std::optional<handle<T>> read_;
};

/// An index tensor as the kernels read it. Throws index_error for what is no index.
template <tensor_like I>
graph::node_ptr index_node(const I& index, std::string_view op) {
    if (!index.dtype().is_integral() || index.dtype() == dtype_id::bool_) {
        fail<index_error>(op,
                          {"Expected dtype int32 or int64 for index, got ", index.dtype().name()});
    }
    return lazy::to(index, int64).node();
}

/// torch.gather: out[i][j] = x[index[i][j]][j] along dimension 0, and so on.
template <tensor_like X, tensor_like I>
auto gather(const X& x, std::int64_t d, const I& index) {
    const std::int64_t dim = algorithm_dim(x, d, "gather");
    if (x.shape().size() != index.shape().size()) {
        fail<shape_error>("gather", {"Index tensor must have the same number of dimensions as "
                                     "input tensor: ",
                                     index.shape(), " and ", x.shape()});
    }
    return make_handle<value_type_of<X>>(
        algorithm(cpu::gather_kernel<value_type_of<X>>, {x.node(), index_node(index, "gather")},
                  x.dtype(), index.shape(), cpu::gather_params{dim}));
}
/// gather with the other dimensions broadcast; without a dimension, of the flattened tensors.
template <tensor_like X, tensor_like I>
auto take_along_dim(const X& x, const I& index, std::int64_t d) {
    const std::size_t n = x.shape().size();
    if (n != index.shape().size() || n == 0) {
        throw shape_error(message("take_along_dim",
                                  "input and indices should have the same number of dimensions: " +
                                      to_string(x.shape()) + " and " + to_string(index.shape())));
    }
    const std::size_t at = wrap_dim(d, n, "take_along_dim");
    shape from = x.shape();
    shape to = index.shape();
    from[at] = to[at] = 1;
    const shape both = broadcast_shapes(from, to, "take_along_dim");
    from = to = both;
    from[at] = x.shape()[at];
    to[at] = index.shape()[at];
    return lazy::gather(lazy::expand(x, from), d, lazy::expand(index, to));
}
template <tensor_like X, tensor_like I>
auto take_along_dim(const X& x, const I& index) {
    return lazy::gather(lazy::flatten(x, 0, -1), 0, lazy::flatten(index, 0, -1));
}
/// Elements by their row-major number.
template <tensor_like X, tensor_like I>
auto take(const X& x, const I& index) {
    return make_handle<value_type_of<X>>(algorithm(cpu::take_kernel<value_type_of<X>>,
                                                   {x.node(), index_node(index, "take")}, x.dtype(),
                                                   index.shape(), 0));
}
/// Slices of `d` in the order of a 1-d index.
template <tensor_like X, tensor_like I>
auto index_select(const X& x, std::int64_t d, const I& index) {
    const std::int64_t dim = algorithm_dim(x, d, "index_select");
    if (index.shape().size() > 1) {
        throw index_error("[index_select] Index is supposed to be a vector");
    }
    shape sizes = x.shape();
    if (!sizes.empty()) {
        sizes[static_cast<std::size_t>(dim)] = index.numel();
    } else if (index.numel() != 1) {
        fail<index_error>("index_select", {"Index to scalar can have only 1 value, got ",
                                           index.numel(), " value(s)"});
    }
    return make_handle<value_type_of<X>>(
        algorithm(cpu::index_select_kernel<value_type_of<X>>,
                  {x.node(), index_node(lazy::flatten(index, 0, -1), "index_select")}, x.dtype(),
                  sizes, cpu::gather_params{dim}));
}
/// torch.scatter: x with x[index[i][j]][j] = source[i][j] along dimension 0; scatter_add adds.
#define LAZYTENSOR_SCATTER(name)                                                                   \
    template <tensor_like X, tensor_like I, tensor_like S>                                         \
    auto name(const X& x, std::int64_t d, const I& index, const S& source) {                       \
        const std::int64_t dim = algorithm_dim(x, d, #name);                                       \
        auto values = lazy::to(source, x);                                                         \
        graph::geometry g = graph::geometry_of(*values.variable());                                \
        for (std::size_t k = 0; k < g.sizes.size() && k < index.shape().size(); ++k) {             \
            if (index.shape()[k] > g.sizes[k]) {                                                   \
                fail<shape_error>(#name,                                                           \
                                  {"Expected index ", index.shape(), " to be no larger than src ", \
                                   to_string(source.shape())});                                    \
            }                                                                                      \
            g = graph::slice(std::move(g), k, 0, index.shape()[k], 1);                             \
        }                                                                                          \
        return make_handle<value_type_of<X>>(                                                      \
            algorithm(cpu::name##_kernel<value_type_of<X>>,                                        \
                      {x.node(), index_node(index, #name),                                         \
                       graph::view_variable(values.variable(), std::move(g))->value()},            \
                      x.dtype(), x.shape(), cpu::gather_params{dim}));                             \
    }
LAZYTENSOR_SCATTER(scatter)
LAZYTENSOR_SCATTER(scatter_add)
#undef LAZYTENSOR_SCATTER

/// The elements where the mask is true, 1-d. Computes the mask, since the size depends on it.
template <tensor_like X, tensor_like M>
auto masked_select(const X& x, const M& mask) {
    const shape sizes = broadcast_shapes(x.shape(), mask.shape(), "masked_select");
    const graph::node_ptr m = dense(expanded(lazy::to(mask, bool_).node(), sizes, "masked_select"));
    const std::int64_t n = cpu::count_nonzero(computed(m));
    return make_handle<value_type_of<X>>(algorithm(cpu::masked_select_kernel<value_type_of<X>>,
                                                   {expanded(x.node(), sizes, "masked_select"), m},
                                                   x.dtype(), shape(n), 0));
}
template <tensor_like X, tensor_like M, term V>
auto masked_fill(const X& x, const M& mask, const V& value) {
    if constexpr (number<V>) {
        return handle_like<X>(lazy::where(mask, lazy::new_full(x, {}, value), x));
    } else {
        return handle_like<X>(lazy::where(mask, lazy::to(value, x), x));
    }
}
/// The indices of the elements that are not zero, one row each. Computes x.
template <tensor_like X>
auto nonzero(const X& x) {
    if (x.shape().empty()) {
        return index_tensor({},
                            shape(scalar(lazy::item(lazy::any(x))).template to<bool>() ? 1 : 0, 0));
    }
    return make_handle<std::int64_t>(mask_coordinates(lazy::to(x, bool_).node()));
}
template <tensor_like X>
auto argwhere(const X& x) {
    return lazy::nonzero(x);
}
/// where(condition): one index tensor per dimension, as nonzero(condition, as_tuple) in PyTorch.
template <tensor_like M>
std::vector<tensor<std::int64_t>> where(const M& condition) {
    if (condition.shape().empty()) {
        return lazy::where(lazy::unsqueeze(condition, 0));
    }
    std::vector<tensor<std::int64_t>> parts;
    for (const graph::node_ptr& c : mask_indices(lazy::to(condition, bool_).node())) {
        parts.push_back(make_handle<std::int64_t>(c));
    }
    return parts;
}

}  // namespace lazy

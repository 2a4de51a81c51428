// Leaving the library: item, tolist, numpy, printing, clone, eval. These compute.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "../../lazy/core/array_interface.hpp"
#include "conversion.hpp"
#include "print.hpp"

namespace lazy {

/// Computes the given tensors together, sharing passes; each then holds its value in memory.
template <tensor_like... X>
void eval(const X&... x) {
    const graph::node_ptr owners[] = {graph::node_ptr(x.variable()->base().value())...};
    if constexpr (sizeof...(X) == 1) {
        compute(owners[0]);
    } else {
        std::array<graph::node*, sizeof...(X)> roots{};
        for (std::size_t i = 0; i < sizeof...(X); ++i) {
            roots[i] = owners[i].get();
        }
        engine::evaluate(roots);
    }
}

/// A node's elements in memory, as an array that keeps them alive. A view of stored elements is
/// read where it is; anything else is computed.
inline array_interface stored_array(const graph::node_ptr& n) {
    const auto bytes = static_cast<std::int64_t>(n->dtype().itemsize());
    const auto array = [&](const graph::node_ptr& owner, shape strides, std::int64_t offset) {
        for (std::int64_t& s : strides) {
            s *= bytes;
        }
        return array_interface(n->dtype(), n->shape(), std::move(strides),
                               owner->data()->data() + offset * bytes,
                               std::make_shared<buffer_ptr>(owner->data()));
    };
    if (n->kind() == graph::kind::view && n->input(0)->ready()) {
        return array(graph::node_ptr(n->input(0)), n->layout().strides, n->layout().offset);
    }
    compute(n);
    return array(n, contiguous_strides(n->shape()), 0);
}

/// The elements of x as they are now (read only by intent: x does not know of this reader).
template <tensor_like X>
array_interface elements(const X& x) {
    return stored_array(x.node());
}

/// The number in a one-element tensor: T of a tensor<T>, a lazy::scalar of a Tensor. Throws
/// value_error for other sizes.
template <tensor_like X>
auto item(const X& x) {
    const graph::node_ptr n = x.node();
    if (n->numel() != 1) {
        fail<value_error>(
            "item", {"a Tensor with ", n->numel(), " elements cannot be converted to Scalar"});
    }
    const void* address = nullptr;
    if (n->kind() == graph::kind::number) {
        address = n->number();
    } else if (n->kind() == graph::kind::view && n->input(0)->ready()) {
        address = n->input(0)->data()->data() +
                  n->layout().offset * static_cast<std::int64_t>(n->dtype().itemsize());
    } else {
        compute(n);
        address = n->data()->data();
    }
    if constexpr (typed<X>) {
        value_type_of<X> value;
        std::memcpy(static_cast<void*>(&value), address, sizeof(value));
        return value;
    } else {
        return scalar::load(n->dtype(), address);
    }
}

/// The truth of a one-element tensor.
template <tensor_like X>
bool truth(const X& x) {
    if (x.numel() != 1) {
        fail<value_error>("bool",
                          {"Boolean value of Tensor with ",
                           x.numel() == 0 ? "no values" : "more than one value", " is ambiguous"});
    }
    return scalar(lazy::item(x)).template to<bool>();
}

}  // namespace lazy

#include "nested_list.hpp"

namespace lazy {

/// The elements as nested lists: converts to T (0-d) and to vectors of vectors, compares, prints.
template <tensor_like X>
auto tolist(const X& x) {
    return nested_list<value_type_of<X>>(elements(x));
}

/// The elements as an array-interface view that shares memory with the tensor (writes on either
/// side are seen on the other) and keeps it alive. Computes the tensor when it is pending.
template <tensor_like X>
auto numpy(const X& x) {
    const graph::variable_ptr v = x.variable();
    graph::variable& base = v->base();
    base.set_value(dense(base.value()));
    compute(base.value());
    const buffer_ptr data = base.value()->data();
    const graph::layout where = v->where();
    const auto bytes = static_cast<std::int64_t>(v->dtype().itemsize());
    shape strides = where.strides;
    for (std::int64_t& s : strides) {
        s *= bytes;
    }
    data->add_export();
    std::shared_ptr<void> owner(data.get(), [keep = data](void*) { keep->drop_export(); });
    return array_interface(v->dtype(), v->shape(), std::move(strides),
                           data->data() + where.offset * bytes, std::move(owner),
                           !data->writable());
}

/// A new tensor with its own memory, computed now.
template <tensor_like X>
auto clone(const X& x) {
    const graph::node_ptr n = x.node();
    const graph::node_ptr copy = graph::make_map(copy_kernel_of(n->dtype()), {n}, n->shape());
    // A view is copied straight from its base; anything pending is kept by the pass that copies it.
    graph::node* roots[] = {copy.get(), n.get()};
    engine::evaluate({roots, dense(n) == n ? 2U : 1U});
    return make_handle<value_type_of<X>>(copy);
}

/// The text PyTorch prints.
template <tensor_like X>
std::string to_string(const X& x) {
    return format_tensor(elements(x));
}
template <tensor_like X>
std::ostream& operator<<(std::ostream& os, const X& x) {
    return os << lazy::to_string(x);
}
inline std::ostream& operator<<(std::ostream& os, dtype d) { return os << d.name(); }
inline std::string to_string(dtype d) { return d.name(); }

}  // namespace lazy

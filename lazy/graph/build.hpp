// Making nodes: the only functions that create graph structure, with the cheap simplifications.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <initializer_list>
#include <span>

#include "../core/scalar.hpp"
#include "node.hpp"

namespace lazy::graph {

[[gnu::noinline]] inline node_ptr make_node(kind k, dtype type, shape sizes) {
    return node_ptr(new node(k, type, std::move(sizes)));
}

/// One number seen as a tensor of any shape.
inline node_ptr make_number(const scalar& value, dtype type, shape sizes = {}) {
    node_ptr n = make_node(kind::number, type, std::move(sizes));
    std::array<std::byte, 16> bytes{};
    value.store(type, bytes.data());
    n->params().set(bytes);
    return n;
}
template <element T>
node_ptr make_number_of(const T& value, shape sizes = {}) {
    node_ptr n = make_node(kind::number, dtype_of<T>, std::move(sizes));
    std::array<std::byte, 16> bytes{};
    std::memcpy(bytes.data(), &value, sizeof(T));
    n->params().set(bytes);
    return n;
}

/// The number at `slot`, stored as a `type` and padded with zeros as statements hold theirs.
inline node_ptr make_number_of_slot(dtype type, const std::byte* slot) {
    node_ptr n = make_node(kind::number, type, {});
    std::array<std::byte, 16> bytes;
    std::memcpy(bytes.data(), slot, bytes.size());
    n->params().set(bytes);
    return n;
}

/// What updates start from that will write every element: nothing fills it.
inline node_ptr make_blank(dtype type, shape sizes) {
    return make_node(kind::number, type, std::move(sizes));
}

/// 0, 1, 2, ... in row-major order, int64.
inline node_ptr make_iota(shape sizes) {
    return make_node(kind::iota, dtype_id::int64, std::move(sizes));
}

/// A value already in memory, dense and row-major.
inline node_ptr make_buffer(buffer_ptr data, dtype type, shape sizes) {
    node_ptr n = make_node(kind::buffer, type, std::move(sizes));
    n->set_data(std::move(data));
    return n;
}

/// kernel(inputs...), the inputs broadcasting to `sizes`.
[[gnu::noinline]] inline node_ptr make_map(const map_kernel& kernel,
                                           std::span<const node_ptr> inputs, shape sizes) {
    node_ptr n = make_node(kind::map, kernel.out, std::move(sizes));
    n->set_kernel(&kernel);
    n->set_inputs(inputs.data(), inputs.size());
    if (kernel.may_fault) {
        n->set_may_fail();
    }
    return n;
}
inline node_ptr make_map(const map_kernel& kernel, std::initializer_list<node_ptr> inputs,
                         shape sizes) {
    return make_map(kernel, std::span<const node_ptr>(inputs.begin(), inputs.size()),
                    std::move(sizes));
}

/// The same, taking the operands over.
[[gnu::noinline]] inline node_ptr make_statement(const map_kernel& kernel,
                                                 std::span<node_ptr> operands, shape sizes) {
    node_ptr n = make_node(kind::map, kernel.out, std::move(sizes));
    n->set_kernel(&kernel);
    n->take_over(operands.data(), operands.size());
    if (kernel.may_fault) {
        n->set_may_fail();
    }
    return n;
}

/// True iff `l` picks every element of a tensor of `numel` elements in order.
inline bool is_whole(const layout& l, const shape& sizes, std::int64_t numel) {
    if (l.offset != 0 || sizes.numel() != numel) {
        return false;
    }
    const shape dense = contiguous_strides(sizes);
    for (std::size_t d = 0; d < sizes.size(); ++d) {
        if (sizes[d] > 1 && l.strides[d] != dense[d]) {
            return false;
        }
    }
    return true;
}

/// The elements of `base` at offset + sum(index * stride), in a tensor of shape `sizes`.
/// The caller guarantees that every address lies inside `base`.
inline node_ptr make_view(node_ptr base, shape sizes, layout l) {
    if (base->kind() == kind::number) {
        node_ptr n = make_node(kind::number, base->dtype(), std::move(sizes));
        std::array<std::byte, 16> bytes;
        std::memcpy(bytes.data(), base->number(), bytes.size());
        n->params().set(bytes);
        return n;
    }
    if (sizes == base->shape() && is_whole(l, sizes, base->numel())) {
        return base;
    }
    node_ptr n = make_node(kind::view, base->dtype(), std::move(sizes));
    n->params().set(std::move(l));
    n->take_over(&base, 1);
    return n;
}

/// The same elements in row-major order under another shape.
inline node_ptr make_reshape(node_ptr base, const shape& sizes) {
    return make_view(std::move(base), sizes, layout{contiguous_strides(sizes), 0});
}

/// `base`, stored or blank, with the elements that `l` picks replaced by `source` (of shape
/// `sizes`, same dtype).
inline node_ptr make_update(const update_engine& engine, node_ptr base, node_ptr source, layout l) {
    node_ptr n = make_node(kind::update, base->dtype(), base->shape());
    n->set_kernel(&engine);
    n->params().set(std::move(l));
    node_ptr inputs[] = {std::move(base), std::move(source)};
    n->take_over(inputs, 2);
    return n;
}

/// `sizes` without the dimensions marked in `reduced`, which stay with size 1 when `keepdim`.
inline shape reduced_shape(const shape& sizes, const dim_set& reduced, bool keepdim) {
    shape left;
    for (std::size_t d = 0; d < sizes.size(); ++d) {
        if (!reduced[d] || keepdim) {
            left.push_back(reduced[d] ? 1 : sizes[d]);
        }
    }
    return left;
}
/// kernel over the dimensions marked in `reduced`.
inline node_ptr make_reduce(const reduce_kernel& kernel, node_ptr input, dim_set reduced,
                            bool keepdim) {
    shape sizes = reduced_shape(input->shape(), reduced, keepdim);
    const bool none = input->numel() == 0;
    if (none && kernel.needs_elements && sizes.numel() != 0) {
        fail<index_error>(
            kernel.name,
            {"Expected reduction dim to be specified for input.numel() == 0 or to have "
             "non-zero size: nothing to reduce in shape ",
             input->shape()});
    }
    node_ptr n = make_node(kind::reduce, kernel.out, std::move(sizes));
    n->set_kernel(&kernel);
    n->params().set(reduction{reduced});
    n->take_over(&input, 1);
    return n;
}

/// A whole-tensor algorithm over dense inputs.
template <class P>
node_ptr make_opaque(const opaque_kernel& kernel, std::span<const node_ptr> inputs, dtype type,
                     shape sizes, P params) {
    node_ptr n = make_node(kind::opaque, type, std::move(sizes));
    n->set_kernel(&kernel);
    n->params().set(std::move(params));
    n->set_inputs(inputs.data(), inputs.size());
    return n;
}

}  // namespace lazy::graph

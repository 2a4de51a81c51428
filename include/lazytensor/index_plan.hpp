// Index tensors and masks brought into the form in which the selecting kernels take them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../backends/cpu/algorithms/mask.hpp"
#include "algorithms.hpp"

namespace lazy {

/// Index arrays of one shape for consecutive dimensions of `source`: what the kernels take.
struct index_plan {
    graph::geometry source;  ///< the tensor, its indexed dimensions moved to stand together
    std::int64_t first_dim;
    std::vector<graph::node_ptr> indices;  ///< int64, dense, one shape
    shape result;
};

/// An int64 tensor whose elements the caller writes.
inline graph::node_ptr unwritten_indices(const shape& sizes) {
    const std::size_t bytes = static_cast<std::size_t>(sizes.numel()) * sizeof(std::int64_t);
    return graph::make_buffer(buffer::allocate(bytes), dtype_id::int64, sizes);
}

/// The indices of the true elements of a mask, one array per dimension. Computes the mask.
template <class = void>
std::vector<graph::node_ptr> mask_indices(const graph::node_ptr& mask) {
    const graph::node_ptr stored_mask = dense(mask);
    const graph::array_ref m = computed(stored_mask);
    const cpu::true_elements found(m);
    std::vector<graph::node_ptr> r;
    std::vector<std::int64_t*> to;
    for (std::size_t d = 0; d < m.ndim; ++d) {
        r.push_back(unwritten_indices(shape(found.count())));
        to.push_back(reinterpret_cast<std::int64_t*>(r.back()->data()->data()));
    }
    cpu::store_coordinates(found, m, to.data(), 1);
    return r;
}
/// The same as the rows of one array, of a mask that has dimensions.
template <class = void>
graph::node_ptr mask_coordinates(const graph::node_ptr& mask) {
    const graph::node_ptr stored_mask = dense(mask);
    const graph::array_ref m = computed(stored_mask);
    const cpu::true_elements found(m);
    const auto columns = static_cast<std::int64_t>(m.ndim);
    graph::node_ptr r = unwritten_indices(shape(found.count(), columns));
    std::vector<std::int64_t*> to;
    for (std::size_t d = 0; d < m.ndim; ++d) {
        to.push_back(reinterpret_cast<std::int64_t*>(r->data()->data()) + d);
    }
    cpu::store_coordinates(found, m, to.data(), columns);
    return r;
}

/// A mask of size 0 along a dimension selects nothing, as in NumPy and the array API standard.
inline void check_mask_shape(const shape& mask, const shape& sizes, std::size_t at) {
    for (std::size_t d = 0; d < mask.size(); ++d) {
        if (at + d >= sizes.size() || (mask[d] != sizes[at + d] && mask[d] != 0)) {
            fail<index_error>("index", {"The shape of the mask ", mask, " at index ", d,
                                        " does not match the shape of the indexed tensor ", sizes,
                                        " at index ", at + d});
        }
    }
}

/// Brings index tensors (masks among them) into the kernels' form.
template <class = void>
index_plan plan_index(graph::geometry source, std::span<const graph::node_ptr> tensors,
                      std::span<const std::size_t> placed) {
    std::vector<graph::node_ptr> arrays;
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (tensors[i]->dtype() == dtype_id::bool_) {
            check_mask_shape(tensors[i]->shape(), source.sizes, placed[i]);
            std::size_t d = placed[i];
            for (graph::node_ptr& a : mask_indices(tensors[i])) {
                arrays.push_back(std::move(a));
                at.push_back(d++);
            }
        } else if (!tensors[i]->dtype().is_integral()) {
            fail<index_error>("index", {"tensors used as indices must be integer "
                                        "or bool tensors, not ",
                                        tensors[i]->dtype().name()});
        } else {
            arrays.push_back(converted(tensors[i], dtype_id::int64));
            at.push_back(placed[i]);
        }
    }
    shape common;
    for (const graph::node_ptr& a : arrays) {
        try {
            common = broadcast_shapes(common, a->shape(), "index");
        } catch (const shape_error& e) {
            throw index_error(e.what());
        }
    }
    bool together = true;
    for (std::size_t i = 1; i < at.size(); ++i) {
        together = together && at[i] == at[i - 1] + 1;
    }
    index_plan p{std::move(source), at.empty() ? 0 : static_cast<std::int64_t>(at[0]), {}, {}};
    if (!together) {
        shape order;
        for (std::size_t d : at) {
            order.push_back(static_cast<std::int64_t>(d));
        }
        for (std::size_t d = 0; d < p.source.sizes.size(); ++d) {
            if (std::find(at.begin(), at.end(), d) == at.end()) {
                order.push_back(static_cast<std::int64_t>(d));
            }
        }
        p.source = graph::permute(p.source, order, "index");
        p.first_dim = 0;
    }
    for (graph::node_ptr& a : arrays) {
        p.indices.push_back(dense(expanded(std::move(a), common, "index")));
    }
    const auto first = static_cast<std::size_t>(p.first_dim);
    const shape& s = p.source.sizes;
    for (std::size_t d = 0; d < first; ++d) {
        p.result.push_back(s[d]);
    }
    for (std::int64_t c : common) {
        p.result.push_back(c);
    }
    for (std::size_t d = first + arrays.size(); d < s.size(); ++d) {
        p.result.push_back(s[d]);
    }
    check_sizes(p.result, "index");
    return p;
}

}  // namespace lazy

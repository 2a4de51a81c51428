// How a pass's coordinates find an element of a node: per dimension, or along its row-major order.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../core/list.hpp"
#include "../core/shape.hpp"
#include "../graph/node.hpp"

namespace lazy::plan {

using memory::hash_index;
using memory::list;

/// The index along one dimension of a node: start + step * coordinate[space_dim], or just start
/// when space_dim is -1.
struct axis {
    int space_dim = -1;
    std::int64_t step = 0;
    std::int64_t start = 0;
};

/// `axes` when every dimension of the node has its own index; otherwise (`linear`) strides and an
/// offset in the node's row-major order.
struct index_map {
    bool linear = false;
    list<axis> axes;
    lazy::shape strides;
    std::int64_t offset = 0;

    std::uint64_t hash() const {
        std::uint64_t h = linear ? 1 : 0;
        for (const axis& a : axes) {
            h = hash_index::mix(h, static_cast<std::uint64_t>(a.space_dim));
            h = hash_index::mix(h, static_cast<std::uint64_t>(a.step));
            h = hash_index::mix(h, static_cast<std::uint64_t>(a.start));
        }
        for (std::int64_t s : strides) {
            h = hash_index::mix(h, static_cast<std::uint64_t>(s));
        }
        return hash_index::mix(h, static_cast<std::uint64_t>(offset));
    }
    bool same_as(const index_map& other) const {
        if (linear != other.linear || axes.size() != other.axes.size() || offset != other.offset) {
            return false;
        }
        for (std::size_t d = 0; d < axes.size(); ++d) {
            const axis& a = axes[d];
            const axis& b = other.axes[d];
            if (a.space_dim != b.space_dim || a.step != b.step || a.start != b.start) {
                return false;
            }
        }
        return strides == other.strides;
    }
};

/// The map of a node whose shape is the space itself.
inline index_map identity_map(std::size_t ndim) {
    index_map m;
    m.axes.resize(ndim);
    for (std::size_t d = 0; d < ndim; ++d) {
        m.axes[d] = axis{static_cast<int>(d), 1, 0};
    }
    return m;
}

/// The map of an operand of shape `operand` that broadcasts to the node mapped by `m`.
inline index_map broadcast_map(const index_map& m, const shape& node_shape, const shape& operand) {
    index_map r;
    if (m.linear) {
        if (operand == node_shape) {
            r.linear = true;
            r.strides = m.strides;
            r.offset = m.offset;
            return r;
        }
        // Only single elements are asked for here (see the planner's `uniform`).
        r.axes.resize(operand.size());
        return r;
    }
    r.axes.resize(operand.size());
    const std::size_t lead = node_shape.size() - operand.size();
    for (std::size_t d = 0; d < operand.size(); ++d) {
        r.axes[d] = operand[d] == 1 && node_shape[lead + d] != 1 ? axis{} : m.axes[lead + d];
    }
    return r;
}

/// Strides over the space and offset of elements laid out in a node's dims with `strides`.
inline graph::layout resolve(const index_map& m, std::size_t space_ndim, const shape& strides) {
    graph::layout l{shape::filled(space_ndim, 0), 0};
    for (std::size_t d = 0; d < m.axes.size(); ++d) {
        l.offset += m.axes[d].start * strides[d];
        if (m.axes[d].space_dim >= 0) {
            l.strides[static_cast<std::size_t>(m.axes[d].space_dim)] += m.axes[d].step * strides[d];
        }
    }
    return l;
}

/// Reads a view's strides as one index per dimension of the viewed tensor: slices, permutations,
/// expansions. False when the view cannot be read so (a reshape that merges dimensions).
inline bool recover_axes(list<axis>& axes, const shape& sizes, const graph::layout& view,
                         const shape& viewed) {
    const std::size_t n = viewed.size();
    axes.clear();
    axes.resize(n);
    const shape dense = contiguous_strides(viewed);
    std::int64_t rest = view.offset;
    for (std::size_t d = 0; d < n; ++d) {
        if (viewed[d] == 0) {
            return false;
        }
        axes[d].start = rest / dense[d];
        rest %= dense[d];
    }
    for (std::size_t j = 0; j < sizes.size(); ++j) {
        const std::int64_t stride = view.strides[j];
        if (sizes[j] == 1 || stride == 0) {
            continue;
        }
        bool found = false;
        for (std::size_t d = 0; d < n && !found; ++d) {
            if (axes[d].space_dim >= 0 || viewed[d] == 1 || stride % dense[d] != 0) {
                continue;
            }
            const std::int64_t step = stride / dense[d];
            const std::int64_t last = axes[d].start + step * (sizes[j] - 1);
            if (last < 0 || last >= viewed[d]) {
                continue;
            }
            axes[d].space_dim = static_cast<int>(j);
            axes[d].step = step;
            found = true;
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

/// The map of a viewed node, from the map of the view and the view's axes into the node.
inline index_map compose(const index_map& of_view, const list<axis>& view_axes) {
    index_map r;
    r.axes.resize(view_axes.size());
    for (std::size_t d = 0; d < view_axes.size(); ++d) {
        const axis& a = view_axes[d];
        if (a.space_dim < 0) {
            r.axes[d] = axis{-1, 0, a.start};
            continue;
        }
        const axis& outer = of_view.axes[static_cast<std::size_t>(a.space_dim)];
        r.axes[d] = axis{outer.space_dim, outer.space_dim < 0 ? 0 : a.step * outer.step,
                         a.start + a.step * outer.start};
    }
    return r;
}

}  // namespace lazy::plan

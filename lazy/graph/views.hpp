// View arithmetic: the shape and layout of slices, permutations, reshapes of a variable.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <optional>

#include "variable.hpp"

namespace lazy::graph {

/// Sizes and where the elements are in the base: what distinguishes one view from another.
struct geometry {
    lazy::shape sizes;
    graph::layout where;
};

inline geometry geometry_of(const variable& v) { return {v.shape(), v.where()}; }

/// A variable that names the elements of `v`'s base that `g` picks; writes through it reach `v`.
inline variable_ptr view_variable(const variable_ptr& v, geometry g) {
    return variable_ptr(new variable(v->base_ptr(), std::move(g.sizes), std::move(g.where)));
}

/// Element `index` along `dim`, which disappears. Throws index_error.
inline geometry select(geometry g, std::size_t dim, std::int64_t index, std::string_view op) {
    const std::int64_t n = g.sizes[dim];
    if (index < -n || index >= n) {
        fail<index_error>(
            op, {"index ", index, " is out of bounds for dimension ", dim, " with size ", n});
    }
    g.where.offset += (index < 0 ? index + n : index) * g.where.strides[dim];
    g.sizes.erase(dim);
    g.where.strides.erase(dim);
    return g;
}

/// Elements start, start + step, ... before stop along `dim`, bounds as Python's slices clamp them.
/// A missing bound is the end that the step comes from or goes to. Throws value_error on step 0.
inline geometry slice(geometry g, std::size_t dim, std::optional<std::int64_t> start,
                      std::optional<std::int64_t> stop, std::int64_t step) {
    if (step == 0) {
        throw value_error("[slice] slice step cannot be zero");
    }
    const std::int64_t n = g.sizes[dim];
    const std::int64_t lowest = step > 0 ? 0 : -1;
    const std::int64_t highest = step > 0 ? n : n - 1;
    const auto bound = [&](std::optional<std::int64_t> b, std::int64_t missing) {
        if (!b) {
            return missing;
        }
        return std::clamp(*b < 0 ? *b + n : *b, lowest, highest);
    };
    const std::int64_t first = bound(start, step > 0 ? lowest : highest);
    const std::int64_t last = bound(stop, step > 0 ? highest : lowest);
    // As unsigned: the distance and a step of INT64_MIN both fit.
    const std::uint64_t distance =
        step > 0 ? (last > first ? static_cast<std::uint64_t>(last - first) : 0)
                 : (first > last ? static_cast<std::uint64_t>(first - last) : 0);
    const std::uint64_t stride = step > 0 ? static_cast<std::uint64_t>(step)
                                          : std::uint64_t{0} - static_cast<std::uint64_t>(step);
    const auto count = static_cast<std::int64_t>(distance == 0 ? 0 : (distance - 1) / stride + 1);
    if (count > 0) {
        g.where.offset += first * g.where.strides[dim];
    }
    g.sizes[dim] = count;
    // With at most one element the step never acts, and a huge one must not overflow.
    g.where.strides[dim] = count > 1 ? g.where.strides[dim] * step : g.where.strides[dim];
    return g;
}

/// A new dimension of size 1 before `dim`.
inline geometry unsqueeze(geometry g, std::size_t dim) {
    const std::int64_t stride =
        dim < g.sizes.size() ? g.sizes[dim] * g.where.strides[dim] : std::int64_t{1};
    g.sizes.insert(dim, 1);
    g.where.strides.insert(dim, stride);
    return g;
}

/// Without dimension `dim` where its size is 1; unchanged otherwise.
inline geometry squeeze(geometry g, std::size_t dim) {
    if (g.sizes[dim] == 1) {
        g.sizes.erase(dim);
        g.where.strides.erase(dim);
    }
    return g;
}

/// Dimension d of the result is dimension order[d]. Throws unless `order` is a permutation.
inline geometry permute(const geometry& g, const shape& order, std::string_view op) {
    const std::size_t n = g.sizes.size();
    if (order.size() != n) {
        fail<shape_error>(op, {"number of dimensions in the tensor input does not match the "
                               "length of the desired ordering of dimensions: input has ",
                               n, ", the ordering ", order});
    }
    geometry r = g;
    memory::list<bool> seen(n, false);
    for (std::size_t d = 0; d < n; ++d) {
        const std::size_t from = wrap_dim(order[d], n, op);
        if (seen[from]) {
            fail<shape_error>(op, {"duplicate dims are not allowed: ", order});
        }
        seen[from] = true;
        r.sizes[d] = g.sizes[from];
        r.where.strides[d] = g.where.strides[from];
    }
    return r;
}

/// Sizes with -1 meaning "unchanged" and size-1 dimensions repeated; throws shape_error.
inline geometry expand(const geometry& g, const shape& wanted) {
    const std::size_t n = g.sizes.size();
    if (wanted.size() < n) {
        fail<shape_error>(
            "expand",
            {"the number of sizes provided (", wanted.size(),
             ") must be greater or equal to the number of dimensions in the tensor (", n, ")"});
    }
    geometry r{wanted, {shape::filled(wanted.size(), 0), g.where.offset}};
    const std::size_t lead = wanted.size() - n;
    for (std::size_t d = 0; d < wanted.size(); ++d) {
        const std::int64_t have = d < lead ? 1 : g.sizes[d - lead];
        if (wanted[d] == -1 && d >= lead) {
            r.sizes[d] = have;
        } else if (wanted[d] < 0 || (wanted[d] != have && have != 1)) {
            fail<shape_error>("expand", {"The expanded size of the tensor (", wanted[d],
                                         ") must match the existing size (", have,
                                         ") at non-singleton dimension ", d, ".  Target sizes: ",
                                         wanted, ".  Tensor sizes: ", g.sizes});
        }
        r.where.strides[d] = d >= lead && have == r.sizes[d] ? g.where.strides[d - lead] : 0;
    }
    check_sizes(r.sizes, "expand");
    return r;
}

/// The shape `wanted` with its -1 filled in for `numel` elements; throws shape_error.
inline shape infer_shape(const shape& wanted, std::int64_t numel, std::string_view op) {
    shape r = wanted;
    std::int64_t product = 1;
    std::optional<std::size_t> unknown;
    bool overflow = false;
    for (std::size_t d = 0; d < wanted.size(); ++d) {
        if (wanted[d] == -1) {
            if (unknown) {
                fail<shape_error>(op, {"only one dimension can be inferred: ", wanted});
            }
            unknown = d;
        } else if (wanted[d] < 0) {
            fail<shape_error>(op, {"invalid shape dimension ", wanted[d]});
        } else {
            overflow = __builtin_mul_overflow(product, wanted[d], &product) || overflow;
        }
    }
    if (unknown && !overflow && product != 0 && numel % product == 0) {
        r[*unknown] = numel / product;
        return r;
    }
    if (unknown && product == 0) {
        fail<shape_error>(op, {"cannot reshape tensor of ", numel, " elements into shape ", wanted,
                               " because the unspecified dimension size -1 can be any "
                               "value and is ambiguous"});
    }
    if (overflow || unknown || product != numel) {
        fail<shape_error>(op, {"shape '", wanted, "' is invalid for input of size ", numel});
    }
    return r;
}

/// The same elements, in the same order, as a view of shape `sizes`; nothing when no strides say
/// it.
inline std::optional<geometry> reshape(const geometry& g, const shape& sizes) {
    geometry r{sizes, {shape::filled(sizes.size(), 0), g.where.offset}};
    if (sizes.numel() == 0) {
        r.where.strides = contiguous_strides(sizes);
        return r;
    }
    // Runs of old dimensions that are one stretch of memory each take whole new dimensions.
    std::size_t next = sizes.size();
    std::size_t d = g.sizes.size();
    while (d > 0) {
        std::size_t first = d - 1;
        std::int64_t run = g.sizes[first];
        const std::int64_t step = g.where.strides[d - 1];
        while (first > 0 &&
               (g.sizes[first - 1] == 1 || run == 1 || g.where.strides[first - 1] == run * step)) {
            if (run == 1 && g.sizes[first - 1] != 1) {
                break;
            }
            --first;
            run *= g.sizes[first];
        }
        std::int64_t covered = 1;
        std::int64_t stride = step;
        while (next > 0 && (covered < run || sizes[next - 1] == 1)) {
            --next;
            r.where.strides[next] = stride;
            stride *= sizes[next];
            covered *= sizes[next];
        }
        if (covered != run) {
            return std::nullopt;
        }
        d = first;
    }
    while (next > 0) {
        r.where.strides[--next] = 1;
    }
    return r;
}

/// The order of elements along `dims` turned round.
inline geometry flip(geometry g, const shape& dims) {
    memory::list<bool> seen(g.sizes.size(), false);
    for (std::int64_t dim : dims) {
        const std::size_t d = wrap_dim(dim, g.sizes.size(), "flip");
        if (g.sizes.empty()) {
            continue;
        }
        if (seen[d]) {
            fail<shape_error>("flip", {"dim ", d, " appears multiple times in the list of dims"});
        }
        seen[d] = true;
        g.where.offset += std::max<std::int64_t>(g.sizes[d] - 1, 0) * g.where.strides[d];
        g.where.strides[d] = -g.where.strides[d];
    }
    return g;
}

/// The diagonal of dimensions a and b, appended as the last dimension.
inline geometry diagonal(geometry g, std::int64_t offset, std::int64_t dim_a, std::int64_t dim_b) {
    const std::size_t a = wrap_dim(dim_a, g.sizes.size(), "diagonal");
    const std::size_t b = wrap_dim(dim_b, g.sizes.size(), "diagonal");
    if (g.sizes.size() < 2 || a == b) {
        throw shape_error(
            "[diagonal] diagonal dimensions cannot be identical and need two: shape " +
            to_string(g.sizes));
    }
    const std::int64_t rows = g.sizes[a] - (offset < 0 ? -offset : 0);
    const std::int64_t columns = g.sizes[b] - (offset > 0 ? offset : 0);
    const std::int64_t count = std::max<std::int64_t>(0, std::min(rows, columns));
    const std::int64_t stride = g.where.strides[a] + g.where.strides[b];
    if (count > 0) {
        g.where.offset += offset < 0 ? -offset * g.where.strides[a] : offset * g.where.strides[b];
    }
    for (const std::size_t d : {std::max(a, b), std::min(a, b)}) {
        g.sizes.erase(d);
        g.where.strides.erase(d);
    }
    g.sizes.push_back(count);
    g.where.strides.push_back(stride);
    return g;
}

}  // namespace lazy::graph

// Reading elements through index tensors: gather, index_select, take and advanced indexing.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "element_size.hpp"
#include "lines.hpp"
#include "picked_rows.hpp"

namespace lazy::cpu {

struct gather_params {
    std::int64_t dim;
};
struct index_params {
    std::int64_t first_dim;
};

/// Copies the blocks that the indices pick, one after another.
inline void copy_picked(const array_ref& out, const array_ref& from, const picked_rows& rows) {
    const std::int64_t size = rows.inner() * static_cast<std::int64_t>(from.type.itemsize());
    const std::int64_t count = rows.outer() * rows.per_outer();
    if (size == 0) {
        return;
    }
    const int threads =
        threads_for(count, static_cast<double>(count) * (4 + static_cast<double>(size) / 16));
    with_size(static_cast<std::size_t>(size),
              [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
                  parallel(threads, [&](int t) {
                      const auto [first, last] = share(count, 1, t, threads);
                      std::int64_t outer = first / std::max<std::int64_t>(rows.per_outer(), 1);
                      std::int64_t i = first - outer * rows.per_outer();
                      for (std::int64_t r = first; r < last; ++r) {
                          const std::int64_t at = outer * rows.blocks() + rows.block_of(i);
                          copy_block<N>(writable_bytes(out) + r * size, bytes(from) + at * size,
                                        static_cast<std::size_t>(size));
                          if (++i == rows.per_outer()) {
                              i = 0;
                              ++outer;
                          }
                      }
                  });
              });
}

template <class>
void run_index(const array_ref& out, const array_ref* in, std::size_t inputs, const void* params) {
    const auto& p = *static_cast<const index_params*>(params);
    copy_picked(out, in[0], picked_rows(in[0], in + 1, inputs - 1, p.first_dim, "index"));
}

template <class>
void run_index_select(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    const std::int64_t dim = static_cast<const gather_params*>(params)->dim;
    const auto d = static_cast<std::int64_t>(wrap_dim(dim, in[0].ndim, "index_select"));
    const std::int64_t one = 1;
    // A 0-d tensor is read as one with a single element.
    const array_ref from = in[0].ndim == 0 ? array_ref{in[0].type, &one, 1, in[0].data} : in[0];
    copy_picked(out, from, picked_rows(from, in + 1, 1, d, "index_select"));
}

template <class>
void run_take(const array_ref& out, const array_ref* in, std::size_t, const void*) {
    const std::int64_t n = numel(in[0]);
    const array_ref flat{in[0].type, &n, 1, in[0].data};
    copy_picked(out, flat, picked_rows(flat, in + 1, 1, 0, "take"));
}

template <class T>
void run_gather(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    const indexed_lines lines(in[0], in[1], static_cast<const gather_params*>(params)->dim,
                              "gather");
    with_element_size<T>(in[0].type, [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
        constexpr auto size = static_cast<std::int64_t>(N);
        const std::byte* from = bytes(in[0]);
        std::byte* to = writable_bytes(out);
        each_indexed(lines, true, [=](std::int64_t i, std::int64_t at) {
            copy_block<N>(to + i * size, from + at * size, N);
        });
    });
}

/// All kernels here take int64 indices, counted from the end where negative, and throw index_error
/// ("index 7 is out of bounds for dimension 0 with size 3") before writing anything.

/// torch.gather: out[.., i, ..] = input[.., index[.., i, ..], ..] along `dim`. Inputs: tensor,
/// index (same rank, no larger in the other dimensions). Output: the shape of the index.
/// Parameters: gather_params.
template <class T = void>
inline constexpr graph::opaque_kernel gather_kernel{"gather", 4, run_gather<T>, nullptr};
/// Slices of `dim` in the order of the index. Inputs: tensor, 1-D index. Output: the shape of the
/// tensor with size(index) at `dim`. Parameters: gather_params.
template <class T = void>
inline constexpr graph::opaque_kernel index_select_kernel{"index_select", 4, run_index_select<T>,
                                                          nullptr};
/// Elements by row-major number. Inputs: tensor, index of any shape, which the output has. No
/// parameters.
template <class T = void>
inline constexpr graph::opaque_kernel take_kernel{"take", 4, run_take<T>, nullptr};
/// input[.., index_0, index_1, .., :]: k indices of one common shape stand for k consecutive
/// dimensions from `first_dim`. Inputs: tensor, index_0, ..., index_(k-1). Output:
/// sizes[:first_dim]
/// + shape of the indices + sizes[first_dim + k:]. Parameters: index_params.
template <class T = void>
inline constexpr graph::opaque_kernel index_kernel{"index", 4, run_index<T>, nullptr};

}  // namespace lazy::cpu

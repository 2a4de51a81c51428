// Writing elements through index tensors: index_put, scatter and their adding forms.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../../lazy/ops/scalar_math.hpp"
#include "element_type.hpp"
#include "gather.hpp"

namespace lazy::cpu {

/// The output starts as a copy of the base.
inline void copy_base(const array_ref& out, const array_ref& base) {
    copy_all(writable_bytes(out), bytes(base),
             numel(base) * static_cast<std::int64_t>(base.type.itemsize()));
}

/// f(value block, target block, first column, last column) in row-major order of the values.
/// Threads take different outer indices, or different columns of all blocks where there are fewer
/// outer indices than threads, so that they never write to one place.
template <class F>
void each_put(const picked_rows& rows, F&& f) {
    const std::int64_t count = rows.outer() * rows.per_outer();
    const double work = static_cast<double>(count) * (4 + static_cast<double>(rows.inner()));
    const bool by_columns = rows.outer() < max_threads();
    const int threads = threads_for(by_columns ? rows.inner() / 64 : rows.outer(), work);
    parallel(threads, [&](int t) {
        const auto [first, last] =
            share(by_columns ? rows.inner() : rows.outer(), by_columns ? 64 : 1, t, threads);
        const std::int64_t outer_first = by_columns ? 0 : first;
        const std::int64_t outer_last = by_columns ? rows.outer() : last;
        const std::int64_t column_first = by_columns ? first : 0;
        const std::int64_t column_last = by_columns ? last : rows.inner();
        if (column_first == column_last) {
            return;
        }
        for (std::int64_t o = outer_first; o < outer_last; ++o) {
            for (std::int64_t i = 0; i < rows.per_outer(); ++i) {
                f(o * rows.per_outer() + i, o * rows.blocks() + rows.block_of(i), column_first,
                  column_last);
            }
        }
    });
}

inline void check_values(const array_ref& values, std::int64_t expected, dtype type,
                         std::string_view op) {
    if (values.type != type) {
        fail<dtype_error>(
            op, {"Index put requires the source and destination "
                 "dtypes match, got ",
                 type.name(), " for the destination and ", values.type.name(), " for the source."});
    }
    if (numel(values) != expected) {
        fail<shape_error>(op,
                          {"shape mismatch: ", numel(values), " values for ", expected, " places"});
    }
}

template <class>
void run_index_put(const array_ref& out, const array_ref* in, std::size_t inputs,
                   const void* params) {
    const auto& p = *static_cast<const index_params*>(params);
    const picked_rows rows(in[0], in + 2, inputs - 2, p.first_dim, "index_put");
    check_values(in[1], rows.outer() * rows.per_outer() * rows.inner(), in[0].type, "index_put");
    copy_base(out, in[0]);
    const auto itemsize = static_cast<std::int64_t>(in[0].type.itemsize());
    const std::int64_t size = rows.inner() * itemsize;
    with_size(static_cast<std::size_t>(size),
              [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
                  each_put(rows, [&](std::int64_t value, std::int64_t target, std::int64_t first,
                                     std::int64_t last) {
                      const std::int64_t skip = N == 0 ? first * itemsize : 0;
                      copy_block<N>(writable_bytes(out) + target * size + skip,
                                    bytes(in[1]) + value * size + skip,
                                    static_cast<std::size_t>((last - first) * itemsize));
                  });
              });
}

template <class T>
void run_index_put_accumulate(const array_ref& out, const array_ref* in, std::size_t inputs,
                              const void* params) {
    const auto& p = *static_cast<const index_params*>(params);
    const picked_rows rows(in[0], in + 2, inputs - 2, p.first_dim, "index_put");
    check_values(in[1], rows.outer() * rows.per_outer() * rows.inner(), in[0].type, "index_put");
    copy_base(out, in[0]);
    dispatch_wrapping<T>(in[0].type, [&]<class U>(type_tag<U>) {
        each_put(rows, [&](std::int64_t value, std::int64_t target, std::int64_t first,
                           std::int64_t last) {
            U* to = static_cast<U*>(out.data) + target * rows.inner();
            const U* from = static_cast<const U*>(in[1].data) + value * rows.inner();
            for (std::int64_t j = first; j < last; ++j) {
                to[j] = ops::plus(to[j], from[j]);
            }
        });
    });
}

template <class T>
void run_scatter(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    const indexed_lines lines(in[0], in[1], static_cast<const gather_params*>(params)->dim,
                              "scatter");
    check_values(in[2], lines.count(), in[0].type, "scatter");
    copy_base(out, in[0]);
    with_element_size<T>(in[0].type, [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
        constexpr auto size = static_cast<std::int64_t>(N);
        const std::byte* from = bytes(in[2]);
        std::byte* to = writable_bytes(out);
        each_indexed(lines, false, [=](std::int64_t i, std::int64_t at) {
            copy_block<N>(to + at * size, from + i * size, N);
        });
    });
}

template <class T>
void run_scatter_add(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    const indexed_lines lines(in[0], in[1], static_cast<const gather_params*>(params)->dim,
                              "scatter_add");
    check_values(in[2], lines.count(), in[0].type, "scatter_add");
    copy_base(out, in[0]);
    dispatch_wrapping<T>(in[0].type, [&]<class U>(type_tag<U>) {
        const auto* from = static_cast<const U*>(in[2].data);
        auto* to = static_cast<U*>(out.data);
        each_indexed(lines, false,
                     [=](std::int64_t i, std::int64_t at) { to[at] = ops::plus(to[at], from[i]); });
    });
}

/// All kernels here take int64 indices, counted from the end where negative, throw index_error
/// before writing anything, and write in row-major order: of several values for one place the last
/// one stays, or they are added in that order, whatever the number of threads.

/// The base with base[.., index_0, index_1, .., :] = values, as `index` reads it. Inputs: base,
/// values (of the shape that `index` gives), index_0, ..., index_(k-1). Parameters: index_params.
template <class T = void>
inline constexpr graph::opaque_kernel index_put_kernel{"index_put", 4, run_index_put<T>, nullptr};
/// As index_put, with the values added; integers wrap, bool is "or".
template <class T = void>
inline constexpr graph::opaque_kernel index_put_accumulate_kernel{
    "index_put", 4, run_index_put_accumulate<T>, nullptr};
/// torch.scatter: the base with base[.., index[.., i, ..], ..] = source[.., i, ..] along `dim`.
/// Inputs: base, index, source (dense, of the shape of the index). Parameters: gather_params.
template <class T = void>
inline constexpr graph::opaque_kernel scatter_kernel{"scatter", 4, run_scatter<T>, nullptr};
/// As scatter, with the values added; integers wrap, bool is "or".
template <class T = void>
inline constexpr graph::opaque_kernel scatter_add_kernel{"scatter_add", 4, run_scatter_add<T>,
                                                         nullptr};

}  // namespace lazy::cpu

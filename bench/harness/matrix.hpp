// Square matrices in the clothes of each library, for the cases with rows and columns.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "copy_row.hpp"
#include "mathematics.hpp"
#include "suite.hpp"
#include "threads.hpp"

namespace bench {

using eigen_matrix = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

inline auto eigen_matrix_of(const array<float>& x, std::int64_t rows, std::int64_t columns) {
    return Eigen::Map<eigen_matrix, Eigen::Aligned64>(x.data(), rows, columns);
}
inline auto xtensor_matrix_of(const array<float>& x, std::int64_t rows, std::int64_t columns) {
    const std::array<std::size_t, 2> shape = {static_cast<std::size_t>(rows),
                                              static_cast<std::size_t>(columns)};
    return xt::adapt(x.data(), shape[0] * shape[1], xt::no_ownership(), shape);
}

inline batch load(const float* p) { return batch::load_unaligned(p); }
/// Sum and maximum of a register's lanes.
inline float total(const batch& v) { return xsimd::hadd(v); }
inline float largest(const batch& v) {
#ifdef __AVX512F__
    return _mm512_reduce_max_ps(v);
#else
    alignas(64) float lane[width];
    v.store_aligned(lane);
    return *std::max_element(lane, lane + width);
#endif
}

/// f(0) op f(width) op ... over n elements, n a multiple of four registers: four chains, so that
/// the latency of op is hidden.
template <class F, class Op>
batch fold(std::int64_t n, F f, Op op) {
    batch r[4] = {f(0), f(width), f(2 * width), f(3 * width)};
    for (std::int64_t i = 4 * width; i < n; i += 4 * width) {
        r[0] = op(r[0], f(i));
        r[1] = op(r[1], f(i + width));
        r[2] = op(r[2], f(i + 2 * width));
        r[3] = op(r[3], f(i + 3 * width));
    }
    return op(op(r[0], r[1]), op(r[2], r[3]));
}
inline const auto plus = [](const batch& a, const batch& b) { return a + b; };
inline const auto greater = [](const batch& a, const batch& b) { return xsimd::max(a, b); };

}  // namespace bench

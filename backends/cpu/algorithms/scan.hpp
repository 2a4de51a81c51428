// Running totals along a dimension: cumsum, cumprod, cummax, cummin.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../../lazy/core/convert.hpp"
#include "../../../lazy/ops/scalar_math.hpp"
#include "../parallel.hpp"
#include "element_type.hpp"
#include "extent.hpp"

namespace lazy::cpu {

struct scan_params {
    std::int64_t dim;
};

/// What a running total is kept in: twice the precision for 32-bit floats, as PyTorch keeps it.
template <class T>
struct running : type_tag<T> {};
template <>
struct running<float> : type_tag<double> {};
template <>
struct running<std::complex<float>> : type_tag<std::complex<double>> {};

template <class T>
struct running_sum {
    using total = typename running<T>::type;
    static total first(T x) { return ops::plus(total(0), convert<total>(x)); }
    static total next(total sum, T x) { return ops::plus(sum, convert<total>(x)); }
};
template <class T>
struct running_product {
    using total = typename running<T>::type;
    static total first(T x) { return convert<total>(x); }
    static total next(total product, T x) { return ops::times(product, convert<total>(x)); }
};
/// NaN once met stays.
template <class T, bool Largest>
struct running_extreme {
    using total = T;
    static T first(T x) { return x; }
    static T next(T best, T x) {
        const bool stays = best != best || (Largest ? x < best : x > best);
        return stays ? best : x;
    }
};

/// Each row sequentially, so that threads cannot change a result. Rows that lie side by side (the
/// dimension is not the last) advance together, in storage order.
template <class T, class Step>
void scan_rows(T* out, const T* in, const extent& e) {
    constexpr std::int64_t most = 256;
    const std::int64_t blocks = (e.inner + most - 1) / most;
    const std::int64_t jobs = e.length == 0 ? 0 : e.outer * blocks;
    const int threads = threads_for(jobs, static_cast<double>(e.rows() * e.length) * 4);
    parallel(threads, [&](int t) {
        const auto [first_job, last_job] = share(jobs, 1, t, threads);
        for (std::int64_t job = first_job; job < last_job; ++job) {
            const std::int64_t column = job % blocks * most;
            const std::int64_t start = job / blocks * e.length * e.inner + column;
            const T* from = in + start;
            T* to = out + start;
            if (e.inner == 1) {
                auto total = Step::first(from[0]);
                to[0] = convert<T>(total);
                for (std::int64_t j = 1; j < e.length; ++j) {
                    total = Step::next(total, from[j]);
                    to[j] = convert<T>(total);
                }
                continue;
            }
            const std::int64_t width = std::min(most, e.inner - column);
            typename Step::total total[most];
            for (std::int64_t c = 0; c < width; ++c) {
                total[c] = Step::first(from[c]);
                to[c] = convert<T>(total[c]);
            }
            for (std::int64_t j = 1; j < e.length; ++j) {
                from += e.inner;
                to += e.inner;
                for (std::int64_t c = 0; c < width; ++c) {
                    total[c] = Step::next(total[c], from[c]);
                    to[c] = convert<T>(total[c]);
                }
            }
        }
    });
}

/// The totals are defined for the dtypes they are kept in.
template <class T>
inline constexpr bool keeps_totals =
    is_complex_v<T> || std::is_floating_point_v<T> || std::is_same_v<T, std::uint64_t>;

template <template <class> class Step, class T>
void scan_totals(const array_ref& out, const array_ref& in, const void* params, const char* op) {
    const extent e = around(in, static_cast<const scan_params*>(params)->dim, op);
    dispatch_wrapping<T>(in.type, [&]<class U>(type_tag<U>) {
        if constexpr (keeps_totals<U>) {
            scan_rows<U, Step<U>>(static_cast<U*>(out.data), static_cast<const U*>(in.data), e);
        } else {
            fail<dtype_error>(
                op, {"not for ", in.type.name(), ": convert to the accumulating dtype first"});
        }
    });
}

template <bool Largest, class T>
void scan_extremes(const array_ref& out, const array_ref& in, const void* params, const char* op) {
    const extent e = around(in, static_cast<const scan_params*>(params)->dim, op);
    dispatch_as<T>(in.type, [&]<class U>(type_tag<U>) {
        if constexpr (is_complex_v<U>) {
            fail<dtype_error>(op, {"complex numbers have no order: ", in.type.name()});
        } else {
            scan_rows<U, running_extreme<U, Largest>>(static_cast<U*>(out.data),
                                                      static_cast<const U*>(in.data), e);
        }
    });
}

template <class T>
void run_cumsum(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    scan_totals<running_sum, T>(out, in[0], params, "cumsum");
}
template <class T>
void run_cumprod(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    scan_totals<running_product, T>(out, in[0], params, "cumprod");
}
template <class T>
void run_cummax(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    scan_extremes<true, T>(out, in[0], params, "cummax");
}
template <class T>
void run_cummin(const array_ref& out, const array_ref* in, std::size_t, const void* params) {
    scan_extremes<false, T>(out, in[0], params, "cummin");
}

/// Sums of the elements up to and including each, along `dim`; in and out have the same dtype
/// (int64, uint64, float32, float64 or complex). 32-bit floats are summed in twice the precision.
/// Input: the tensor. Parameters: scan_params.
template <class T = void>
inline constexpr graph::opaque_kernel cumsum_kernel{"cumsum", 4, run_cumsum<T>, nullptr};
/// Products, as cumsum.
template <class T = void>
inline constexpr graph::opaque_kernel cumprod_kernel{"cumprod", 4, run_cumprod<T>, nullptr};
/// Largest element so far, any real dtype; from the first NaN on, NaN.
template <class T = void>
inline constexpr graph::opaque_kernel cummax_kernel{"cummax", 4, run_cummax<T>, nullptr};
/// Smallest element so far, any real dtype; from the first NaN on, NaN.
template <class T = void>
inline constexpr graph::opaque_kernel cummin_kernel{"cummin", 4, run_cummin<T>, nullptr};

}  // namespace lazy::cpu

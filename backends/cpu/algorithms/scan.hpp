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
/// Whether x takes the place of the extreme so far: the first NaN stays.
template <bool Largest, class T>
bool takes_over(T best, T x) {
    return best == best && !(Largest ? x < best : x > best);
}

/// Rows side by side that advance together where the dimension is not the last.
inline constexpr std::int64_t most_scanned = 256;

/// f(start, width) for the rows that begin at elements start, ..., start + width - 1; on threads,
/// each row on one, so that threads cannot change a result.
template <class F>
void each_scan(const extent& e, F&& f) {
    const std::int64_t blocks = (e.inner + most_scanned - 1) / most_scanned;
    const std::int64_t jobs = e.length == 0 ? 0 : e.outer * blocks;
    const int threads = threads_for(jobs, static_cast<double>(e.rows() * e.length) * 4);
    parallel(threads, [&](int t) {
        const auto [first_job, last_job] = share(jobs, 1, t, threads);
        for (std::int64_t job = first_job; job < last_job; ++job) {
            const std::int64_t column = job % blocks * most_scanned;
            f(job / blocks * e.length * e.inner + column, std::min(most_scanned, e.inner - column));
        }
    });
}

template <class T, class Step>
void scan_rows(T* out, const T* in, const extent& e) {
    each_scan(e, [=, &e](std::int64_t start, std::int64_t width) {
        const T* from = in + start;
        T* to = out + start;
        if (e.inner == 1) {
            auto total = Step::first(from[0]);
            to[0] = convert<T>(total);
            for (std::int64_t j = 1; j < e.length; ++j) {
                total = Step::next(total, from[j]);
                to[j] = convert<T>(total);
            }
            return;
        }
        typename Step::total total[most_scanned];
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
    });
}

/// What is written of an extreme: its place (int64) or its value. The place is that of the last of
/// equal ones, also among NaNs, of which the value is the first.
template <class T, bool Largest, bool Places>
struct running_extreme {
    using result = std::conditional_t<Places, std::int64_t, T>;

    static bool is_new(T best, T x) { return takes_over<Largest>(best, x) || (Places && x != x); }
    static result written(T best, std::int64_t place) {
        if constexpr (Places) {
            return place;
        } else {
            return best;
        }
    }
    /// Extremes are rare in a long row: a block without one is filled with the last.
    static void row(result* to, const T* from, std::int64_t n) {
        constexpr std::int64_t block = 32;
        T best = from[0];
        std::int64_t place = 0;
        for (std::int64_t j = 0; j < n; j += block) {
            const std::int64_t end = std::min(n, j + block);
            if (!is_half_v<T> && end - j == block) {
                unsigned changes = 0;
                for (std::int64_t i = j; i < j + block; ++i) {
                    changes |= is_new(best, from[i]) ? 1 : 0;
                }
                if (changes == 0) {
                    std::fill_n(to + j, block, written(best, place));
                    continue;
                }
            }
            for (std::int64_t i = j; i < end; ++i) {
                const bool changes = is_new(best, from[i]);
                best = changes ? from[i] : best;
                place = changes ? i : place;
                to[i] = written(best, place);
            }
        }
    }
    static void columns(result* to, const T* from, std::int64_t step, std::int64_t n,
                        std::int64_t width) {
        T best[most_scanned];
        std::int64_t place[most_scanned];
        for (std::int64_t c = 0; c < width; ++c) {
            best[c] = from[c];
            place[c] = 0;
            to[c] = written(best[c], 0);
        }
        for (std::int64_t j = 1; j < n; ++j) {
            from += step;
            to += step;
            for (std::int64_t c = 0; c < width; ++c) {
                const bool changes = is_new(best[c], from[c]);
                best[c] = changes ? from[c] : best[c];
                place[c] = changes ? j : place[c];
                to[c] = written(best[c], place[c]);
            }
        }
    }
};

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

template <bool Largest, bool Places, class T>
void scan_extremes(const array_ref& out, const array_ref& in, const void* params, const char* op) {
    const extent e = around(in, static_cast<const scan_params*>(params)->dim, op);
    dispatch_as<T>(in.type, [&]<class U>(type_tag<U>) {
        if constexpr (is_complex_v<U>) {
            fail<dtype_error>(op, {"complex numbers have no order: ", in.type.name()});
        } else {
            using extreme = running_extreme<U, Largest, Places>;
            each_scan(e, [&](std::int64_t start, std::int64_t width) {
                auto* to = static_cast<typename extreme::result*>(out.data) + start;
                const U* from = static_cast<const U*>(in.data) + start;
                if (e.inner == 1) {
                    extreme::row(to, from, e.length);
                } else {
                    extreme::columns(to, from, e.inner, e.length, width);
                }
            });
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
#define LAZYTENSOR_EXTREMES(name, largest, places)                                                \
    template <class T>                                                                            \
    void run_##name(const array_ref& out, const array_ref* in, std::size_t, const void* params) { \
        scan_extremes<largest, places, T>(out, in[0], params, #name);                             \
    }
LAZYTENSOR_EXTREMES(cummax, true, false)
LAZYTENSOR_EXTREMES(cummin, false, false)
LAZYTENSOR_EXTREMES(cummax_places, true, true)
LAZYTENSOR_EXTREMES(cummin_places, false, true)
#undef LAZYTENSOR_EXTREMES

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
/// Where along `dim` the largest element so far is, int64: the last of equal ones, and of NaNs.
template <class T = void>
inline constexpr graph::opaque_kernel cummax_places_kernel{"cummax", 4, run_cummax_places<T>,
                                                           nullptr};
/// Where the smallest is.
template <class T = void>
inline constexpr graph::opaque_kernel cummin_places_kernel{"cummin", 4, run_cummin_places<T>,
                                                           nullptr};

}  // namespace lazy::cpu

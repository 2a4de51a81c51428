// The compiled reduction behind variances: mean and squared distances from it in one trip.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "reduce_kernel.hpp"

namespace lazy::cpu {

/// Sums of the distances of elements from an origin, and of the squares of those, in lanes of 64 to
/// 128 elements; the origin is the first element and then, now and again, the mean so far, so that
/// little cancels. Then mean and squared distances from it, which Chan's formula (1979) joins:
/// nothing is lost wherever the mean lies. Whole groups and single elements take the same
/// operations on registers, so that bits do not depend on how the elements are handed in.
template <class T>
struct reduction<ops::spread, T> {
    static constexpr std::size_t lane_count = graph::reduce_kernel::lanes;
    static constexpr std::size_t step = width<T>;
    static constexpr std::size_t packs = lane_count / step;
    using P = pack_t<T, step>;

    /// While `count` is negative, that of -count elements seen: sums of their distances from
    /// `origin` and of the squares of those. Else their mean, counted from `origin`, and the sum of
    /// the squared distances from it.
    struct state {
        T mean, squares, count, origin;
    };
    /// N states, as registers want them.
    template <std::size_t N>
    struct apart {
        T mean[N] = {}, squares[N] = {}, count[N] = {}, origin[N] = {};

        apart() = default;
        apart(const state* s, std::size_t n) {
            for (std::size_t i = 0; i < n; ++i) {
                mean[i] = s[i].mean;
                squares[i] = s[i].squares;
                count[i] = s[i].count;
                origin[i] = s[i].origin;
            }
        }
        void put(state* s, std::size_t n) const {
            for (std::size_t i = 0; i < n; ++i) {
                s[i] = {mean[i], squares[i], count[i], origin[i]};
            }
        }
        void copy(const apart& from, std::size_t first, std::size_t n) {
            std::copy_n(from.mean + first, n, mean + first);
            std::copy_n(from.squares + first, n, squares + first);
            std::copy_n(from.count + first, n, count + first);
            std::copy_n(from.origin + first, n, origin + first);
        }
    };
    /// What the lanes of a row are in.
    using states_apart = apart<lane_count>;
    /// The squared distances from the mean, counted from where the sums are.
    static P around(const P& mean, const P& sum, const P& squares) {
        return larger(minus(squares, times(sum, mean)), P::broadcast(T(0)));
    }
    /// One register of states, sums made mean and squared distances.
    struct means {
        P mean, squares, count, origin;

        means(const state* states, std::size_t n) {
            const apart<step> s(states, n);
            mean = load<T, step>(s.mean);
            squares = load<T, step>(s.squares);
            count = load<T, step>(s.count);
            origin = load<T, step>(s.origin);
            const auto sums = count < P::broadcast(T(0));
            const P size = negate(count);
            const P average = select(sums, quotient(mean, size), mean);
            squares = select(sums, around(average, mean, squares), squares);
            mean = average;
            count = select(sums, size, count);
        }
        void put(state* states, std::size_t n) const {
            apart<step> s;
            store<T, step>(s.mean, mean);
            store<T, step>(s.squares, squares);
            store<T, step>(s.count, count);
            store<T, step>(s.origin, origin);
            s.put(states, n);
        }
    };

    /// One register of sums, counted from another origin: the mean so far. What cancels when they
    /// end is then little even if the first element was far from the others.
    static void recentre(P& sum, P& squares, P& origin, T count) {
        const P size = P::broadcast(count);
        const P average = quotient(sum, size);
        const P centre = plus(origin, average);
        const P rest = minus(average, minus(centre, origin));  // of what the sum of both rounds off
        squares = around(average, sum, squares);
        sum = times(rest, size);
        squares = plus(squares, times(sum, rest));
        origin = centre;
    }
    /// Rows of 64 elements, `stride` apart, into 64 states of `seen` elements each; asks for what
    /// is `ahead` bytes further.
    static void take(states_apart& s, const T* in, std::size_t rows, std::size_t stride, T seen,
                     std::ptrdiff_t ahead) {
        if (seen == T(0) && rows != 0) {
            std::copy_n(in, lane_count, s.origin);
        }
        P sum[packs], squares[packs], origin[packs];
        LAZYTENSOR_UNROLL
        for (std::size_t k = 0; k < packs; ++k) {
            origin[k] = load<T, step>(s.origin + k * step);
            sum[k] = load<T, step>(s.mean + k * step);
            squares[k] = load<T, step>(s.squares + k * step);
        }
        while (rows != 0) {
            // The means of 4, 16 and 64 elements become origins.
            const T next = seen < T(4) ? T(4) : seen < T(16) ? T(16) : T(64);
            const std::size_t some =
                seen < next ? std::min(rows, static_cast<std::size_t>(next - seen)) : rows;
            for (std::size_t r = 0; r < some; ++r, in += stride) {
                LAZYTENSOR_UNROLL
                for (std::size_t k = 0; k < packs; ++k) {
                    __builtin_prefetch(reinterpret_cast<const std::byte*>(in + k * step) + ahead);
                    const P d = minus(load<T, step>(in + k * step), origin[k]);
                    sum[k] = plus(sum[k], d);
                    squares[k] = plus(squares[k], times(d, d));
                }
            }
            rows -= some;
            seen += static_cast<T>(some);
            LAZYTENSOR_UNROLL
            for (std::size_t k = 0; k < packs && seen == next; ++k) {
                recentre(sum[k], squares[k], origin[k], seen);
            }
        }
        LAZYTENSOR_UNROLL
        for (std::size_t k = 0; k < packs; ++k) {
            store<T, step>(s.origin + k * step, origin[k]);
            store<T, step>(s.mean + k * step, sum[k]);
            store<T, step>(s.squares + k * step, squares[k]);
            store<T, step>(s.count + k * step, P::broadcast(-seen));
        }
    }
    /// Fewer than 64 elements into the states from `phase` on.
    static void take_some(states_apart& s, const T* in, std::size_t phase, std::size_t n) {
        T padded[lane_count] = {};
        std::copy_n(in, n, padded + phase);
        states_apart longer = s;
        take(longer, padded, 1, 0, -s.count[phase], 0);
        s.copy(longer, phase, n);
    }
    /// A row's elements from `position` on into its lanes.
    static void take_row(states_apart& s, const T* in, std::size_t n, std::size_t position,
                         std::ptrdiff_t ahead) {
        if (const std::size_t phase = position % lane_count; phase != 0) {
            const std::size_t some = std::min(n, lane_count - phase);
            take_some(s, in, phase, some);
            in += some;
            n -= some;
        }
        if (n >= lane_count) {
            take(s, in, n / lane_count, lane_count, -s.count[0], ahead);
        }
        if (n % lane_count != 0) {
            take_some(s, in + n / lane_count * lane_count, 0, n % lane_count);
        }
    }
    /// The sum of 64 numbers, always in the same order.
    static T total(P (&part)[packs]) {
        LAZYTENSOR_UNROLL
        for (std::size_t half = packs / 2; half != 0; half /= 2) {
            LAZYTENSOR_UNROLL
            for (std::size_t k = 0; k < half; ++k) {
                part[k] = plus(part[k], part[k + half]);
            }
        }
        return reduction<ops::sum, T>::folded(part[0]);
    }
    /// All lanes of a row as one, each of them sums: the squared distances from the mean of all,
    /// q - 2 d s + n d^2 of a lane's n elements whose origin is d from that mean.
    static state joined(const states_apart& s) {
        const P origin = P::broadcast(s.origin[0]);
        P shift[packs], size[packs], sizes[packs], part[packs];
        LAZYTENSOR_UNROLL
        for (std::size_t k = 0; k < packs; ++k) {
            size[k] = sizes[k] = negate(load<T, step>(s.count + k * step));
            shift[k] = minus(load<T, step>(s.origin + k * step), origin);
            part[k] = plus(load<T, step>(s.mean + k * step), times(size[k], shift[k]));
        }
        const T all = total(sizes);
        const T average = all == T(0) ? T(0) : total(part) / all;
        LAZYTENSOR_UNROLL
        for (std::size_t k = 0; k < packs; ++k) {
            const P apart = minus(P::broadcast(average), shift[k]);
            const P sum = load<T, step>(s.mean + k * step);
            const P change = times(apart, minus(minus(times(size[k], apart), sum), sum));
            part[k] = plus(load<T, step>(s.squares + k * step), change);
        }
        const T squares = total(part);
        return {average, squares < T(0) ? T(0) : squares, all, s.origin[0]};
    }
    /// What both have seen together.
    static void join(means& x, const means& y) {
        const P none = P::broadcast(T(0));
        const P all = plus(x.count, y.count);
        const P share = select(all == none, none, quotient(y.count, all));
        // What holds nothing has no origin either.
        const P origin = select(x.count == none, y.origin, x.origin);
        const P between =
            plus(minus(select(y.count == none, origin, y.origin), origin), minus(y.mean, x.mean));
        x.squares =
            plus(plus(x.squares, y.squares), times(times(between, times(x.count, share)), between));
        x.mean = plus(x.mean, times(between, share));
        x.count = all;
        x.origin = origin;
    }

    static void start(void* states, std::size_t n) {
        std::fill_n(static_cast<state*>(states), n, state{});
    }
    static void rows(void* states, const void* in, std::size_t n, std::int64_t position,
                     std::ptrdiff_t ahead) {
        take_row(*static_cast<states_apart*>(states), static_cast<const T*>(in), n,
                 static_cast<std::size_t>(position), ahead);
    }
    static void fold(void* states, std::size_t) {
        const state all = joined(*static_cast<const states_apart*>(states));
        *static_cast<state*>(states) = all;
    }
    static void merge(void* a, const void* b, std::size_t n) {
        state* x = static_cast<state*>(a);
        const state* y = static_cast<const state*>(b);
        for (std::size_t some; n != 0; x += some, y += some, n -= some) {
            some = std::min(n, step);
            means both(x, some);
            join(both, means(y, some));
            both.put(x, some);
        }
    }
    static void columns(void* states, const void* in, std::size_t n, std::size_t rows, std::int64_t,
                        std::ptrdiff_t ahead) {
        state* s = static_cast<state*>(states);
        const T* p = static_cast<const T*>(in);
        for (std::size_t some, j = 0; j < n; j += some) {
            some = std::min(n - j, lane_count);
            states_apart lanes(s + j, some);
            if (some == lane_count) {
                take(lanes, p + j, rows, n, -s[j].count, ahead);
            } else {
                for (std::size_t r = 0; r < rows; ++r) {
                    take_some(lanes, p + r * n + j, 0, some);
                }
            }
            lanes.put(s + j, some);
        }
    }
    static void finish(void* out, const void* states, std::size_t n) {
        const state* s = static_cast<const state*>(states);
        T* to = static_cast<T*>(out);
        for (std::size_t some; n != 0; s += some, to += some, n -= some) {
            some = std::min(n, step);
            T squares[step];
            store<T, step>(squares, means(s, some).squares);
            std::copy_n(squares, some, to);
        }
    }
    static void short_rows(void* out, const void* in, std::size_t count, std::size_t length,
                           std::size_t) {
        const T* p = static_cast<const T*>(in);
        for (std::size_t j = 0; j < count; ++j, p += length) {
            states_apart lanes;
            take_row(lanes, p, length, 0, 0);
            static_cast<T*>(out)[j] = joined(lanes).squares;
        }
    }
    static constexpr graph::reduce_kernel kernel{ops::spread::name,
                                                 dtype_of<T>,
                                                 dtype_of<T>,
                                                 sizeof(state),
                                                 false,
                                                 4,
                                                 &start,
                                                 &rows,
                                                 &fold,
                                                 &columns,
                                                 &merge,
                                                 &finish,
                                                 &short_rows,
                                                 &reductions};
};

}  // namespace lazy::cpu

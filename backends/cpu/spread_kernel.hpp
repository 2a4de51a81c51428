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
    /// 64 states, as registers want them: what the lanes of a row are in.
    struct states_apart {
        T mean[lane_count] = {}, squares[lane_count] = {}, count[lane_count] = {},
          origin[lane_count] = {};

        states_apart() = default;
        states_apart(const state* s, std::size_t n) {
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
        void copy(const states_apart& from, std::size_t first, std::size_t n) {
            std::copy_n(from.mean + first, n, mean + first);
            std::copy_n(from.squares + first, n, squares + first);
            std::copy_n(from.count + first, n, count + first);
            std::copy_n(from.origin + first, n, origin + first);
        }
    };
    /// The squared distances from the mean, counted from where the sums are.
    static P around(const P& mean, const P& sum, const P& squares) {
        return larger(minus(squares, times(sum, mean)), P::broadcast(T(0)));
    }
    /// One register of states whose sums are made mean and squared distances.
    struct means {
        P mean, squares, count, origin;

        means(const states_apart& s, std::size_t i)
            : mean(load<T, step>(s.mean + i)),
              squares(load<T, step>(s.squares + i)),
              count(load<T, step>(s.count + i)),
              origin(load<T, step>(s.origin + i)) {
            const P none = P::broadcast(T(0));
            const auto sums = count < none;
            const P size = negate(count);
            const P average = select(sums, quotient(mean, size), mean);
            squares = select(sums, around(average, mean, squares), squares);
            mean = average;
            count = select(sums, size, count);
        }
        void put(states_apart& s, std::size_t i) const {
            store<T, step>(s.mean + i, mean);
            store<T, step>(s.squares + i, squares);
            store<T, step>(s.count + i, count);
            store<T, step>(s.origin + i, origin);
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
    /// Rows of 64 elements, `stride` apart, into 64 states of `seen` elements each.
    static void take(states_apart& s, const T* in, std::size_t rows, std::size_t stride, T seen) {
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
        }
        std::fill_n(s.count, lane_count, -seen);
    }
    /// Fewer than 64 elements into the states from `phase` on.
    static void take_some(states_apart& s, const T* in, std::size_t phase, std::size_t n) {
        T padded[lane_count] = {};
        std::copy_n(in, n, padded + phase);
        states_apart longer = s;
        take(longer, padded, 1, 0, -s.count[phase]);
        s.copy(longer, phase, n);
    }
    /// A row's elements from `position` on into its lanes.
    static void take_row(states_apart& s, const T* in, std::size_t n, std::size_t position) {
        if (const std::size_t phase = position % lane_count; phase != 0) {
            const std::size_t some = std::min(n, lane_count - phase);
            take_some(s, in, phase, some);
            in += some;
            n -= some;
        }
        if (n >= lane_count) {
            take(s, in, n / lane_count, lane_count, -s.count[0]);
        }
        if (n % lane_count != 0) {
            take_some(s, in + n / lane_count * lane_count, 0, n % lane_count);
        }
    }
    /// The sum of 64 numbers, always in the same order.
    static T total(const P (&part)[packs]) {
        T lane[lane_count];
        LAZYTENSOR_UNROLL
        for (std::size_t k = 0; k < packs; ++k) {
            store<T, step>(lane + k * step, part[k]);
        }
        for (std::size_t half = lane_count / 2; half != 0; half /= 2) {
            for (std::size_t i = 0; i < half; ++i) {
                lane[i] += lane[i + half];
            }
        }
        return lane[0];
    }
    /// All lanes of a row as one: the squared distances within them and those between.
    static state joined(const states_apart& s) {
        const P origin = P::broadcast(s.origin[0]);
        P mean[packs], count[packs], weighted[packs], squares[packs];
        LAZYTENSOR_UNROLL
        for (std::size_t k = 0; k < packs; ++k) {
            const means m(s, k * step);
            const auto empty = m.count == P::broadcast(T(0));
            mean[k] = select(empty, m.count, plus(minus(m.origin, origin), m.mean));
            count[k] = m.count;
            squares[k] = m.squares;
            weighted[k] = times(m.count, mean[k]);
        }
        const T all = total(count);
        const T average = all == T(0) ? T(0) : total(weighted) / all;
        LAZYTENSOR_UNROLL
        for (std::size_t k = 0; k < packs; ++k) {
            const P apart = minus(mean[k], P::broadcast(average));
            squares[k] = plus(squares[k], times(times(apart, apart), count[k]));
        }
        return {average, total(squares), all, s.origin[0]};
    }
    /// a[i] = a[i] and b[i] together, n rounded up to whole registers.
    static void join(states_apart& a, const states_apart& b, std::size_t n) {
        const P none = P::broadcast(T(0));
        for (std::size_t i = 0; i < n; i += step) {
            means x(a, i);
            const means y(b, i);
            const P all = plus(x.count, y.count);
            const P share = select(all == none, none, quotient(y.count, all));
            // What holds nothing has no origin either.
            const P origin = select(x.count == none, y.origin, x.origin);
            const P apart = plus(minus(select(y.count == none, origin, y.origin), origin),
                                 minus(y.mean, x.mean));
            x.squares =
                plus(plus(x.squares, y.squares), times(times(apart, times(x.count, share)), apart));
            x.mean = plus(x.mean, times(apart, share));
            x.count = all;
            x.origin = origin;
            x.put(a, i);
        }
    }

    static void start(void* states, std::size_t n) {
        std::fill_n(static_cast<state*>(states), n, state{});
    }
    static void rows(void* states, const void* in, std::size_t n, std::int64_t position,
                     std::ptrdiff_t) {
        take_row(*static_cast<states_apart*>(states), static_cast<const T*>(in), n,
                 static_cast<std::size_t>(position));
    }
    static void fold(void* states, std::size_t) {
        const state all = joined(*static_cast<const states_apart*>(states));
        *static_cast<state*>(states) = all;
    }
    static void merge(void* a, const void* b, std::size_t n) {
        state* x = static_cast<state*>(a);
        const state* y = static_cast<const state*>(b);
        for (std::size_t some; n != 0; x += some, y += some, n -= some) {
            some = std::min(n, lane_count);
            states_apart both(x, some);
            join(both, states_apart(y, some), some);
            both.put(x, some);
        }
    }
    static void columns(void* states, const void* in, std::size_t n, std::size_t rows, std::int64_t,
                        std::ptrdiff_t) {
        state* s = static_cast<state*>(states);
        const T* p = static_cast<const T*>(in);
        for (std::size_t some, j = 0; j < n; j += some) {
            some = std::min(n - j, lane_count);
            states_apart apart(s + j, some);
            if (some == lane_count) {
                take(apart, p + j, rows, n, -s[j].count);
            } else {
                for (std::size_t r = 0; r < rows; ++r) {
                    take_some(apart, p + r * n + j, 0, some);
                }
            }
            apart.put(s + j, some);
        }
    }
    static void finish(void* out, const void* states, std::size_t n) {
        const state* s = static_cast<const state*>(states);
        T* to = static_cast<T*>(out);
        for (std::size_t some; n != 0; s += some, to += some, n -= some) {
            some = std::min(n, lane_count);
            const states_apart apart(s, some);
            T squares[lane_count];
            for (std::size_t i = 0; i < some; i += step) {
                store<T, step>(squares + i, means(apart, i).squares);
            }
            std::copy_n(squares, some, to);
        }
    }
    static void short_rows(void* out, const void* in, std::size_t count, std::size_t length,
                           std::size_t) {
        const T* p = static_cast<const T*>(in);
        for (std::size_t j = 0; j < count; ++j, p += length) {
            states_apart lanes;
            take_row(lanes, p, length, 0);
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

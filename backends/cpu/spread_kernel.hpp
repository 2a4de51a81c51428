// The compiled reduction behind variances: mean and squared distances from it in one trip.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "reduce_kernel.hpp"

namespace lazy::cpu {

/// Welford's recurrence (1962) in each of the 64 lanes, Chan's formula (1979) for partial results:
/// nothing cancels, wherever the mean lies. A state is the mean, the squared distances from it and
/// how many elements they are of; the mean is counted from the first element, `origin`, as floats
/// far from zero are too coarse for it. Whole groups and single elements take the same operations
/// on registers, so that bits do not depend on how the elements are handed in.
template <class T>
struct reduction<ops::spread, T> {
    static constexpr std::size_t lane_count = graph::reduce_kernel::lanes;
    static constexpr std::size_t step = width<T>;
    static constexpr std::size_t packs = lane_count / step;
    using P = pack_t<T, step>;

    struct state {
        T mean, squares, count, origin;
    };
    /// The states of up to 64 lanes or columns, as registers want them. Unused ones are empty.
    struct states_apart {
        alignas(64) T mean[lane_count], squares[lane_count], count[lane_count], origin[lane_count];

        states_apart() = default;
        states_apart(const state* s, std::size_t n) {
            for (std::size_t i = 0; i < n; ++i) {
                mean[i] = s[i].mean;
                squares[i] = s[i].squares;
                count[i] = s[i].count;
                origin[i] = s[i].origin;
            }
            for (std::size_t i = n; i < lane_count; ++i) {
                mean[i] = squares[i] = count[i] = origin[i] = T(0);
            }
        }
        void put(state* s, std::size_t first, std::size_t last) const {
            for (std::size_t i = first; i < last; ++i) {
                s[i] = {mean[i], squares[i], count[i], origin[i]};
            }
        }
    };

    /// Rows of 64 elements, `stride` apart, into the 64 states, which are of `count` elements each.
    static void take(states_apart& s, const T* in, std::size_t rows, std::size_t stride, T count) {
        if (count == T(0) && rows != 0) {
            std::copy_n(in, lane_count, s.origin);
        }
        P mean[packs], squares[packs], origin[packs];
        for (std::size_t k = 0; k < packs; ++k) {
            origin[k] = load<T, step>(s.origin + k * step);
            mean[k] = load<T, step>(s.mean + k * step);
            squares[k] = load<T, step>(s.squares + k * step);
        }
        for (std::size_t r = 0; r < rows; ++r, in += stride) {
            count += T(1);
            const P part = P::broadcast(T(1) / count);
            for (std::size_t k = 0; k < packs; ++k) {
                const P x = minus(load<T, step>(in + k * step), origin[k]);
                const P d = minus(x, mean[k]);
                mean[k] = plus(mean[k], times(d, part));
                squares[k] = plus(squares[k], times(d, minus(x, mean[k])));
            }
        }
        for (std::size_t k = 0; k < packs; ++k) {
            store<T, step>(s.mean + k * step, mean[k]);
            store<T, step>(s.squares + k * step, squares[k]);
        }
        std::fill_n(s.count, lane_count, count);
    }
    /// a[i] = a[i] and b[i] together, i < n rounded up to whole registers.
    static void join(states_apart& a, const states_apart& b, std::size_t from_b, std::size_t n) {
        const P none = P::broadcast(T(0));
        for (std::size_t i = 0; i < n; i += step) {
            const P counted = load<T, step>(a.count + i),
                    more = load<T, step>(b.count + from_b + i);
            const P all = plus(counted, more);
            const P share = select(all == none, none, quotient(more, all));
            // What holds nothing has no origin either.
            const P other = load<T, step>(b.origin + from_b + i);
            const P origin = select(counted == none, other, load<T, step>(a.origin + i));
            const P mean = load<T, step>(a.mean + i);
            const P apart = plus(minus(select(more == none, origin, other), origin),
                                 minus(load<T, step>(b.mean + from_b + i), mean));
            const P squares =
                plus(load<T, step>(a.squares + i), load<T, step>(b.squares + from_b + i));
            store<T, step>(a.mean + i, plus(mean, times(apart, share)));
            store<T, step>(a.squares + i,
                           plus(squares, times(times(apart, times(counted, share)), apart)));
            store<T, step>(a.count + i, all);
            store<T, step>(a.origin + i, origin);
        }
    }
    /// The first n states, a power of two, as one in place 0.
    static void fold(states_apart& s, std::size_t n) {
        for (std::size_t half = n / 2; half >= step; half /= 2) {
            join(s, s, half, half);
        }
        // What is left lies in one register: its upper halves move down.
        for (std::size_t half = std::min(n, step) / 2; half != 0; half /= 2) {
            states_apart upper;
            for (std::size_t i = 0; i < step; ++i) {
                const bool there = i < half;
                upper.mean[i] = there ? s.mean[half + i] : T(0);
                upper.squares[i] = there ? s.squares[half + i] : T(0);
                upper.count[i] = there ? s.count[half + i] : T(0);
                upper.origin[i] = there ? s.origin[half + i] : T(0);
            }
            join(s, upper, 0, step);
        }
    }
    /// The first `n` of 64 elements.
    static void pad(T (&to)[lane_count], const T* from, std::size_t n) {
        std::copy_n(from, n, to);
        std::fill(to + n, to + lane_count, T(0));
    }

    static void start(void* states, std::size_t n) {
        std::fill_n(static_cast<state*>(states), n, state{});
    }
    static void rows(void* states, const void* in, std::size_t n, std::int64_t position) {
        state* s = static_cast<state*>(states);
        const T* p = static_cast<const T*>(in);
        for (auto phase = static_cast<std::size_t>(position) % lane_count; n != 0; phase = 0) {
            const std::size_t groups = phase == 0 ? n / lane_count : 0;
            const std::size_t some = std::min(n, lane_count - phase);
            const std::size_t last = groups != 0 ? lane_count : phase + some;
            states_apart apart(s, last);
            if (groups != 0) {
                take(apart, p, groups, lane_count, s[0].count);
            } else {
                alignas(64) T padded[lane_count] = {};
                std::copy_n(p, some, padded + phase);
                take(apart, padded, 1, 0, s[phase].count);
            }
            apart.put(s, phase, last);
            p += groups != 0 ? groups * lane_count : some;
            n -= groups != 0 ? groups * lane_count : some;
        }
    }
    static void fold(void* states, std::size_t n) {
        state* s = static_cast<state*>(states);
        states_apart apart(s, n);
        fold(apart, n);
        apart.put(s, 0, 1);
    }
    static void merge(void* a, const void* b, std::size_t n) {
        state* x = static_cast<state*>(a);
        const state* y = static_cast<const state*>(b);
        for (std::size_t some; n != 0; x += some, y += some, n -= some) {
            some = std::min(n, lane_count);
            states_apart joined(x, some);
            join(joined, states_apart(y, some), 0, some);
            joined.put(x, 0, some);
        }
    }
    static void columns(void* states, const void* in, std::size_t n, std::size_t rows,
                        std::int64_t) {
        state* s = static_cast<state*>(states);
        const T* p = static_cast<const T*>(in);
        for (std::size_t some, j = 0; j < n; j += some) {
            some = std::min(n - j, lane_count);
            states_apart apart(s + j, some);
            if (some == lane_count) {
                take(apart, p + j, rows, n, s[j].count);
            } else {
                alignas(64) T padded[lane_count];
                for (std::size_t r = 0; r < rows; ++r) {
                    pad(padded, p + r * n + j, some);
                    take(apart, padded, 1, 0, s[j].count + static_cast<T>(r));
                }
            }
            apart.put(s + j, 0, some);
        }
    }
    static void finish(void* out, const void* states, std::size_t n) {
        const state* s = static_cast<const state*>(states);
        for (std::size_t i = 0; i < n; ++i) {
            static_cast<T*>(out)[i] = s[i].squares;
        }
    }
    static void short_rows(void* out, const void* in, std::size_t count, std::size_t length,
                           std::size_t) {
        const T* p = static_cast<const T*>(in);
        const std::size_t lanes =
            length >= lane_count ? lane_count : std::bit_ceil(std::max<std::size_t>(length, 1));
        for (std::size_t j = 0; j < count; ++j, p += length) {
            states_apart apart(nullptr, 0);
            const std::size_t groups = length / lane_count, rest = length % lane_count;
            take(apart, p, groups, lane_count, T(0));
            if (rest != 0) {
                states_apart longer = apart;
                alignas(64) T padded[lane_count];
                pad(padded, p + groups * lane_count, rest);
                take(longer, padded, 1, 0, static_cast<T>(groups));
                std::copy_n(longer.mean, rest, apart.mean);
                std::copy_n(longer.squares, rest, apart.squares);
                std::copy_n(longer.count, rest, apart.count);
                std::copy_n(longer.origin, rest, apart.origin);
            }
            fold(apart, lanes);
            static_cast<T*>(out)[j] = apart.squares[0];
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

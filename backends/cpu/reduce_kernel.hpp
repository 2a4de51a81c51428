// Compiled reductions: the loops behind a reduce_kernel, for plain values and for indices.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/core/device_function.hpp"
#include "../../lazy/graph/kernel.hpp"
#include "../../lazy/ops/reduce.hpp"
#include "fold_lines.hpp"
#include "pack_convert.hpp"

#ifndef LAZYTENSOR_COMPILED
#include "reduction_pass.hpp"
#endif

namespace lazy::cpu {

#ifdef LAZYTENSOR_COMPILED
extern const graph::reduction_engine reductions;  // in the library
#endif

/// sum, prod, amax, ...: a state is the value so far.
template <class Op, class T>
struct reduction {
    static constexpr std::size_t lane_count = graph::reduce_kernel::lanes;
    static constexpr std::size_t step =
        std::is_same_v<T, bool> ? register_bytes : std::max(width<T>, register_bytes / 8);

    static void start(void* states, std::size_t n) {
        std::fill_n(static_cast<T*>(states), n, Op::template identity<T>());
    }
    /// Asks for what is so many bytes after `p`.
    static void fetch(const T* p, std::ptrdiff_t ahead) {
        __builtin_prefetch(reinterpret_cast<const std::byte*>(p) + ahead);
    }
    /// Whole groups of 64 elements into the 64 lanes.
    static void groups(T* states, const T* in, std::size_t count, std::ptrdiff_t ahead) {
        using P = pack_t<T, step>;
        P lane[lane_count / step];
        LAZYTENSOR_UNROLL
        for (std::size_t k = 0; k < lane_count / step; ++k) {
            lane[k] = load<T, step>(states + k * step);
        }
        if (ahead == 0) {
            for (std::size_t g = 0; g < count; ++g, in += lane_count) {
                LAZYTENSOR_UNROLL
                for (std::size_t k = 0; k < lane_count / step; ++k) {
                    lane[k] = Op::combine(lane[k], load<T, step>(in + k * step));
                }
            }
        } else {
            for (std::size_t g = 0; g < count; ++g, in += lane_count) {
                LAZYTENSOR_UNROLL
                for (std::size_t k = 0; k < lane_count / step; ++k) {
                    fetch(in + k * step, ahead);
                    lane[k] = Op::combine(lane[k], load<T, step>(in + k * step));
                }
            }
        }
        LAZYTENSOR_UNROLL
        for (std::size_t k = 0; k < lane_count / step; ++k) {
            store<T, step>(states + k * step, lane[k]);
        }
    }
    static void rows(void* states, const void* in, std::size_t n, std::int64_t position,
                     std::ptrdiff_t ahead) {
        T* s = static_cast<T*>(states);
        const T* p = static_cast<const T*>(in);
        for (auto phase = static_cast<std::size_t>(position) % lane_count; n != 0; phase = 0) {
            if (phase == 0 && n >= lane_count) {
                groups(s, p, n / lane_count, ahead);
                p += n / lane_count * lane_count;
                n %= lane_count;
                continue;
            }
            const std::size_t some = std::min(n, lane_count - phase);
            for (std::size_t i = 0; i < some; ++i) {
                s[phase + i] = Op::combine(s[phase + i], p[i]);
            }
            p += some;
            n -= some;
        }
    }
    static void fold(void* states, std::size_t n) {
        T* s = static_cast<T*>(states);
        for (std::size_t half = n / 2; half != 0; half /= 2) {
            merge(s, s + half, half);
        }
    }
    /// The same of the lanes of one register.
    static T folded(const pack_t<T, step>& value) {
        alignas(64) T lane[step];
        store<T, step>(lane, value);
        LAZYTENSOR_UNROLL
        for (std::size_t half = step / 2; half != 0; half /= 2) {
            LAZYTENSOR_UNROLL
            for (std::size_t i = 0; i < half; ++i) {
                lane[i] = Op::combine(lane[i], lane[i + half]);
            }
        }
        return lane[0];
    }
    static void merge(void* a, const void* b, std::size_t n) {
        T* x = static_cast<T*>(a);
        const T* y = static_cast<const T*>(b);
        std::size_t i = 0;
        for (; i + step <= n; i += step) {
            store<T, step>(x + i, Op::combine(load<T, step>(x + i), load<T, step>(y + i)));
        }
        for (; i < n; ++i) {
            x[i] = Op::combine(x[i], y[i]);
        }
    }
    static void columns(void* states, const void* in, std::size_t n, std::size_t rows, std::int64_t,
                        std::ptrdiff_t ahead) {
        using P = pack_t<T, step>;
        constexpr std::size_t packs = lane_count / step;
        T* s = static_cast<T*>(states);
        const T* p = static_cast<const T*>(in);
        std::size_t j = 0;
        for (; j + lane_count <= n; j += lane_count) {  // states stay in registers
            P column[packs];
            LAZYTENSOR_UNROLL
            for (std::size_t k = 0; k < packs; ++k) {
                column[k] = load<T, step>(s + j + k * step);
            }
            for (std::size_t r = 0; r < rows; ++r) {
                LAZYTENSOR_UNROLL
                for (std::size_t k = 0; k < packs && ahead != 0; ++k) {
                    fetch(p + r * n + j + k * step, ahead);
                }
                LAZYTENSOR_UNROLL
                for (std::size_t k = 0; k < packs; ++k) {
                    column[k] = Op::combine(column[k], load<T, step>(p + r * n + j + k * step));
                }
            }
            LAZYTENSOR_UNROLL
            for (std::size_t k = 0; k < packs; ++k) {
                store<T, step>(s + j + k * step, column[k]);
            }
        }
        for (std::size_t r = 0; j < n && r < rows; ++r) {
            merge(s + j, p + r * n + j, n - j);
        }
    }
    static void finish(void* out, const void* states, std::size_t n) {
        const T* s = static_cast<const T*>(states);
        for (std::size_t i = 0; i < n; ++i) {
            static_cast<T*>(out)[i] = Op::finish(s[i]);
        }
    }

    static pack_t<T, step> nothing() {
        return pack_t<T, step>::broadcast(Op::template identity<T>());
    }
    /// The 64 lanes of one row folded to one register. `last`: marks the elements that the row has
    /// in its last register; `safe`: elements that may be read from `p`.
    static pack_t<T, step> fold_row(const T* p, std::size_t length, std::size_t safe,
                                    const mask<step>& last) {
        using P = pack_t<T, step>;
        constexpr std::size_t packs = lane_count / step;
        P lane[packs];
        for (P& l : lane) {
            l = nothing();
        }
        const bool one = length <= step;
        for (; length >= lane_count; length -= lane_count, safe -= lane_count) {
            LAZYTENSOR_UNROLL
            for (std::size_t k = 0; k < packs; ++k, p += step) {
                lane[k] = Op::combine(lane[k], load<T, step>(p));
            }
        }
        LAZYTENSOR_UNROLL
        for (std::size_t k = 0; k < packs && length != 0; ++k, p += step) {
            if (length >= step) {
                lane[k] = Op::combine(lane[k], load<T, step>(p));
                length -= step;
                safe -= step;
                continue;
            }
            if (safe >= step) {
                lane[k] = Op::combine(lane[k], select(last, load<T, step>(p), nothing()));
            } else {
                alignas(64) T padded[step];
                store<T, step>(padded, nothing());
                std::memcpy(static_cast<void*>(padded), p, length * sizeof(T));
                lane[k] = Op::combine(lane[k], load<T, step>(padded));
            }
            length = 0;
        }
        for (std::size_t half = one ? 0 : packs / 2; half != 0; half /= 2) {
            for (std::size_t i = 0; i < half; ++i) {
                lane[i] = Op::combine(lane[i], lane[i + half]);
            }
        }
        return lane[0];
    }
    /// `step` trues, then as many falses: a window of it marks the first elements of a register.
    static constexpr auto ends = [] {
        std::array<bool, 2 * step> marks{};
        std::fill_n(marks.begin(), step, true);
        return marks;
    }();
    /// As many rows as a register has lanes are folded together, lane i of all of them at once.
    static void short_rows(void* out, const void* in, std::size_t rows, std::size_t length,
                           std::size_t slack) {
        alignas(64) T lines[step * step];
        alignas(64) T results[step];
        slack /= sizeof(T);
        const auto last = mask<step>::load(ends.data() + step - length % step);
        const T* p = static_cast<const T*>(in);
        T* to = static_cast<T*>(out);
        for (; rows != 0 && rows < 4; --rows, p += length) {  // too few to be worth it
            *to++ = Op::finish(folded(fold_row(p, length, rows * length + slack, last)));
        }
        for (std::size_t left = rows; left != 0;) {
            const std::size_t n = std::min(left, step);
            for (std::size_t j = 0; j < n; ++j, p += length) {
                store<T, step>(lines + j * step,
                               fold_row(p, length, (left - j) * length + slack, last));
            }
            for (std::size_t j = n; j < step; ++j) {
                store<T, step>(lines + j * step, nothing());
            }
            store<T, step>(results, fold_lines<Op, T, step>(lines));
            finish(to, results, n);
            to += n;
            left -= n;
        }
    }
    static constexpr graph::reduce_kernel kernel{
        Op::name, dtype_of<T>, dtype_of<T>, sizeof(T),  Op::needs_elements,
        1,        &start,      &rows,       &fold,      &columns,
        &merge,   &finish,     &short_rows, &reductions};
};

/// argmax, argmin: a state is the best value and where it stands; -1 means nothing seen. The answer
/// does not depend on lanes: a row's elements, which come in order, all go into its first state.
template <class Op, class T>
requires Op::tracks_index struct reduction<Op, T> {
    struct state {
        T value;
        std::int64_t index;
    };
    static constexpr std::size_t step = reduction<ops::amax, T>::step;

    static void take(state& a, T value, std::int64_t index) {
        if (a.index < 0 || Op::better(value, a.value) ||
            (index < a.index && !Op::better(a.value, value))) {
            a = {value, index};
        }
    }
    static void start(void* states, std::size_t n) {
        std::fill_n(static_cast<state*>(states), n, state{T(0), -1});
    }
    /// The best of n > 0 elements; asks for what is `ahead` bytes further.
    static T best_of(const T* p, std::size_t n, std::ptrdiff_t ahead) {
        T best = p[0];
        if (n >= 4 * step) {
            pack_t<T, step> part[4];
            for (std::size_t k = 0; k < 4; ++k) {
                part[k] = load<T, step>(p + k * step);
            }
            std::size_t i = 4 * step;
            for (; i + 4 * step <= n; i += 4 * step) {
                for (std::size_t k = 0; k < 4; ++k) {
                    reduction<ops::amax, T>::fetch(p + i + k * step, ahead);
                    part[k] = Op::combine(part[k], load<T, step>(p + i + k * step));
                }
            }
            alignas(64) T lane[step];
            store<T, step>(
                lane, Op::combine(Op::combine(part[0], part[1]), Op::combine(part[2], part[3])));
            best = best_of(lane, step, 0);
            p += i;
            n -= i;
        }
        for (std::size_t i = 0; i < n; ++i) {
            best = Op::better(p[i], best) ? p[i] : best;
        }
        return best;
    }
    /// Where the first element is that `best`, the best of them, does not beat.
    static std::size_t find(const T* p, std::size_t n, T best) {
        constexpr std::size_t group = 64;
        using place = typename integer_of_size<sizeof(T)>::type;
        std::size_t i = 0;
        for (; i + group <= n && best == best; i += group) {  // by groups, unless it is NaN
            place first = group;
            for (std::size_t k = 0; k < group; ++k) {
                const auto here = p[i + k] == best ? static_cast<place>(k) : place(group);
                first = here < first ? here : first;
            }
            if (first < place(group)) {
                return i + static_cast<std::size_t>(first);
            }
        }
        while (Op::better(best, p[i])) {
            ++i;
        }
        return i;
    }
    /// First the best value, which is quick; where it is only when it beats all before.
    static void rows(void* states, const void* in, std::size_t n, std::int64_t position,
                     std::ptrdiff_t ahead) {
        state& s = *static_cast<state*>(states);
        const T* p = static_cast<const T*>(in);
        if (n == 0) {
            return;
        }
        const T best = best_of(p, n, ahead);
        if (s.index < 0 || Op::better(best, s.value)) {
            s = {best, position + static_cast<std::int64_t>(find(p, n, best))};
        }
    }
    static void fold(void*, std::size_t) {}
    static void columns(void* states, const void* in, std::size_t n, std::size_t count,
                        std::int64_t position, std::ptrdiff_t) {
        state* s = static_cast<state*>(states);
        const T* p = static_cast<const T*>(in);
        for (std::size_t r = 0; r < count; ++r, ++position, p += n) {
            for (std::size_t i = 0; i < n; ++i) {
                if (s[i].index < 0 || Op::better(p[i], s[i].value)) {
                    s[i] = {p[i], position};
                }
            }
        }
    }
    static void merge(void* a, const void* b, std::size_t n) {
        state* x = static_cast<state*>(a);
        const state* y = static_cast<const state*>(b);
        for (std::size_t i = 0; i < n; ++i) {
            if (y[i].index >= 0) {
                take(x[i], y[i].value, y[i].index);
            }
        }
    }
    static void finish(void* out, const void* states, std::size_t n) {
        const state* s = static_cast<const state*>(states);
        for (std::size_t i = 0; i < n; ++i) {
            static_cast<std::int64_t*>(out)[i] = s[i].index;
        }
    }
    static void short_rows(void* out, const void* in, std::size_t count, std::size_t length,
                           std::size_t) {
        for (std::size_t j = 0; j < count; ++j) {
            state best{T(0), -1};
            rows(&best, static_cast<const T*>(in) + j * length, length, 0, 0);
            static_cast<std::int64_t*>(out)[j] = best.index;
        }
    }
    static constexpr graph::reduce_kernel kernel{Op::name,
                                                 dtype_of<T>,
                                                 dtype_of<std::int64_t>,
                                                 sizeof(state),
                                                 Op::needs_elements,
                                                 3,
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

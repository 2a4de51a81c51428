// The steps of strands: functions that take a chunk in registers and end in a jump to the next.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/ops/arithmetic.hpp"
#include "pack_convert.hpp"
#include "strand.hpp"

namespace lazy::cpu {

/// What of a chunk is in one register.
template <class T>
using lane = batch<T>;
template <class T>
using step_of = void (*)(lane<T>, lane<T>, lane<T>, lane<T>, lane<T>, lane<T>, lane<T>, lane<T>,
                         const strand_step*, std::size_t, const strand_frame*);

/// `Form::at(x, p)` for every register x and its part p of the operand, then the next step.
template <class Form, class T>
void light_step(lane<T> a, lane<T> b, lane<T> c, lane<T> d, lane<T> e, lane<T> g, lane<T> h,
                lane<T> k, const strand_step* s, std::size_t i, const strand_frame* f) {
    constexpr std::size_t w = lane<T>::size;
    const T* const p = reinterpret_cast<const T*>(s->at + (i & s->moves));
    return reinterpret_cast<step_of<T>>(s[1].run)(
        Form::at(a, p), Form::at(b, p + w), Form::at(c, p + 2 * w), Form::at(d, p + 3 * w),
        Form::at(e, p + 4 * w), Form::at(g, p + 5 * w), Form::at(h, p + 6 * w),
        Form::at(k, p + 7 * w), s + 1, i, f);
}
/// The same by a loop, for what has much code.
template <class Form, class T>
void heavy_step(lane<T> a, lane<T> b, lane<T> c, lane<T> d, lane<T> e, lane<T> g, lane<T> h,
                lane<T> k, const strand_step* s, std::size_t i, const strand_frame* f) {
    constexpr std::size_t w = lane<T>::size;
    const T* const p = reinterpret_cast<const T*>(s->at + (i & s->moves));
    lane<T> x[strand_registers] = {a, b, c, d, e, g, h, k};
    const std::uint32_t fetched = s == f->fetching ? f->fetched_count : 0;
    for (std::size_t r = f->first; r < f->last; ++r) {
        for (std::uint32_t o = 0; o < fetched; ++o) {
            __builtin_prefetch(
                reinterpret_cast<const void*>(f->fetched[o] + i + r * register_bytes));
        }
        x[r] = Form::at(x[r], p + r * w);
    }
    return reinterpret_cast<step_of<T>>(s[1].run)(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7],
                                                  s + 1, i, f);
}

/// `Form::with(x, y)` for number y and every register x.
template <class Form, class T>
void number_step(lane<T> a, lane<T> b, lane<T> c, lane<T> d, lane<T> e, lane<T> g, lane<T> h,
                 lane<T> k, const strand_step* s, std::size_t i, const strand_frame* f) {
    const lane<T> y(*reinterpret_cast<const T*>(s->at));
    return reinterpret_cast<step_of<T>>(s[1].run)(
        Form::with(a, y), Form::with(b, y), Form::with(c, y), Form::with(d, y), Form::with(e, y),
        Form::with(g, y), Form::with(h, y), Form::with(k, y), s + 1, i, f);
}

/// `Form::pair(x, y, z)` for every register x and its parts of two operands; the second one is in
/// the entry that follows.
template <class Form, class T>
void pair_step(lane<T> a, lane<T> b, lane<T> c, lane<T> d, lane<T> e, lane<T> g, lane<T> h,
               lane<T> k, const strand_step* s, std::size_t i, const strand_frame* f) {
    constexpr std::size_t w = lane<T>::size;
    const T* const p = reinterpret_cast<const T*>(s->at + (i & s->moves));
    const T* const q = reinterpret_cast<const T*>(s[1].at + (i & s[1].moves));
    const auto of = [&](lane<T> x, std::size_t r) __attribute__((always_inline)) {
        return Form::pair(x, lane<T>::load_unaligned(p + r * w),
                          lane<T>::load_unaligned(q + r * w));
    };
    return reinterpret_cast<step_of<T>>(s[2].run)(of(a, 0), of(b, 1), of(c, 2), of(d, 3), of(e, 4),
                                                  of(g, 5), of(h, 6), of(k, 7), s + 2, i, f);
}
/// The same when the second operand is a number.
template <class Form, class T>
void number_pair_step(lane<T> a, lane<T> b, lane<T> c, lane<T> d, lane<T> e, lane<T> g, lane<T> h,
                      lane<T> k, const strand_step* s, std::size_t i, const strand_frame* f) {
    constexpr std::size_t w = lane<T>::size;
    const T* const p = reinterpret_cast<const T*>(s->at + (i & s->moves));
    const lane<T> z(*reinterpret_cast<const T*>(s[1].at));
    const auto of = [&](lane<T> x, std::size_t r) __attribute__((always_inline)) {
        return Form::pair(x, lane<T>::load_unaligned(p + r * w), z);
    };
    return reinterpret_cast<step_of<T>>(s[2].run)(of(a, 0), of(b, 1), of(c, 2), of(d, 3), of(e, 4),
                                                  of(g, 5), of(h, 6), of(k, 7), s + 2, i, f);
}

template <class T>
struct loaded {
    static lane<T> at(lane<T>, const T* p) { return lane<T>::load_unaligned(p); }
};
template <class T>
struct held {
    static lane<T> at(lane<T> x, const T* p) {
        x.store_unaligned(const_cast<T*>(p));
        return x;
    }
};
template <class T>
struct streamed {
    static void at(lane<T> x, const T* p) { stream_register(const_cast<T*>(p), x); }
};
template <class Form, class T, class... Lanes>
void write_all(T* p, Lanes... x) {
    std::size_t r = 0;
    (Form::at(x, p + lane<T>::size * r++), ...);
}
template <class T>
void finish_step(lane<T> a, lane<T> b, lane<T> c, lane<T> d, lane<T> e, lane<T> g, lane<T> h,
                 lane<T> k, const strand_step* s, std::size_t i, const strand_frame* f) {
    T* const p = reinterpret_cast<T*>(s->at + i);
    if (f->stream) {
        write_all<streamed<T>>(p, a, b, c, d, e, g, h, k);
    } else {
        write_all<held<T>>(p, a, b, c, d, e, g, h, k);
    }
}
template <class T>
void run_chunks(const strand_step* code, std::size_t from, std::size_t to,
                const strand_frame& frame) {
    const lane<T> x(T(0));
    for (std::size_t i = from; i < to; i += chunk_bytes) {
        reinterpret_cast<step_of<T>>(code->run)(x, x, x, x, x, x, x, x, code, i, &frame);
    }
}

template <class T>
inline const strand_kind kind_of{
    reinterpret_cast<any_step>(&light_step<loaded<T>, T>),
    reinterpret_cast<any_step>(&light_step<held<T>, T>),
    reinterpret_cast<any_step>(&finish_step<T>),
    &run_chunks<T>,
};

/// Primitive Op on the value x in registers: alone, or with the operand on its right or its left.
template <class Op, class T>
struct strand_form {
    using P = pack_t<T, width<T>>;
    static P pack_of(lane<T> x) {
        P p;
        p.part[0] = x;
        return p;
    }
    struct alone {
        static lane<T> at(lane<T> x, const T*) { return Op::apply(pack_of(x)).part[0]; }
    };
    struct left {
        static lane<T> with(lane<T> x, lane<T> y) {
            return Op::apply(pack_of(x), pack_of(y)).part[0];
        }
        static lane<T> at(lane<T> x, const T* p) { return with(x, lane<T>::load_unaligned(p)); }
    };
    struct right {
        static lane<T> with(lane<T> x, lane<T> y) { return left::with(y, x); }
        static lane<T> at(lane<T> x, const T* p) { return with(x, lane<T>::load_unaligned(p)); }
    };
    /// x with the result of another operation: on its left, on its right.
    template <class Other>
    struct left_of {
        static lane<T> pair(lane<T> x, lane<T> y, lane<T> z) {
            return left::with(x, strand_form<Other, T>::left::with(y, z));
        }
    };
    template <class Other>
    struct right_of {
        static lane<T> pair(lane<T> x, lane<T> y, lane<T> z) {
            return left::with(strand_form<Other, T>::left::with(y, z), x);
        }
    };
    static constexpr bool is_light = Op::cost <= 5;
    template <class Form>
    static any_step step() {
        if constexpr (is_light) {
            return reinterpret_cast<any_step>(&light_step<Form, T>);
        } else {
            return reinterpret_cast<any_step>(&heavy_step<Form, T>);
        }
    }
    template <class Form>
    static any_step of_number() {
        if constexpr (is_light) {
            return reinterpret_cast<any_step>(&number_step<Form, T>);
        } else {
            return step<Form>();
        }
    }
    template <class Form>
    static void set_pair(any_step (&to)[2]) {
        to[0] = reinterpret_cast<any_step>(&pair_step<Form, T>);
        to[1] = reinterpret_cast<any_step>(&number_pair_step<Form, T>);
    }
    static graph::strand_steps steps() {
        if constexpr (Op::arity == 1) {
            return {&kind_of<T>,
                    !is_light,
                    step<alone>(),
                    nullptr,
                    nullptr,
                    nullptr,
                    graph::strand_steps::roles};
        } else {
            graph::strand_steps made{&kind_of<T>,   !is_light,         step<left>(),
                                     step<right>(), of_number<left>(), of_number<right>()};
            using graph::strand_steps;
            if constexpr (std::is_same_v<Op, ops::mul>) {
                made.what = strand_steps::mul;
                set_pair<left_of<ops::add>>(made.left_of_pair[strand_steps::add]);
                set_pair<left_of<ops::sub>>(made.left_of_pair[strand_steps::sub]);
                set_pair<left_of<ops::mul>>(made.left_of_pair[strand_steps::mul]);
                std::memcpy(made.right_of_pair, made.left_of_pair, sizeof(made.left_of_pair));
            } else if constexpr (std::is_same_v<Op, ops::add>) {
                made.what = strand_steps::add;
                set_pair<left_of<ops::mul>>(made.left_of_pair[strand_steps::mul]);
                std::memcpy(made.right_of_pair, made.left_of_pair, sizeof(made.left_of_pair));
            } else if constexpr (std::is_same_v<Op, ops::sub>) {
                made.what = strand_steps::sub;
                set_pair<left_of<ops::mul>>(made.left_of_pair[strand_steps::mul]);
                set_pair<right_of<ops::mul>>(made.right_of_pair[strand_steps::mul]);
            }
            return made;
        }
    }
};
template <class Op, class T>
inline const graph::strand_steps steps_of = strand_form<Op, T>::steps();

/// Operations from floats to floats.
template <class Op, class T>
constexpr bool joins_strands() {
    if constexpr (std::is_floating_point_v<T> && !Op::has_condition && Op::arity <= 2) {
        return std::is_same_v<ops::result_t<Op, T>, T>;
    } else {
        return false;
    }
}
template <class Op, class T>
constexpr const graph::strand_steps* steps_or_none() {
    if constexpr (joins_strands<Op, T>()) {
        return &steps_of<Op, T>;
    } else {
        return nullptr;
    }
}

}  // namespace lazy::cpu

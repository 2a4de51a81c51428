// A formula as a device functor: what Thrust calls once for every few elements of a statement.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "operand_table.hpp"

namespace lazy::cuda {
inline namespace LAZYTENSOR_THRUST_SYSTEM {

/// Op, which works in C, on every lane.
template <class Op, class C, class... Args>
LAZYTENSOR_FN packet<ops::result_t<Op, C>> apply_lanes(bool& fault, const packet<Args>&... args) {
    using result = ops::result_t<Op, C>;
    packet<result> out;
    for (int e = 0; e < grain; ++e) {
        if constexpr (Op::may_fault && is_integer_v<C>) {
            out.lane[e] = Op::apply(args.lane[e]..., fault);
        } else {
            out.lane[e] = rounded<result>(Op::apply(args.lane[e]...));
        }
    }
    return out;
}

/// evaluator<F>::at gives elements [first, first + grain) of formula F.
template <class F>
struct evaluator;

template <class T, std::size_t I>
struct evaluator<graph::operand<T, I>> {
    template <class Table, class Numbers>
    LAZYTENSOR_FN static packet<T> at(const Table& in, const Numbers&, std::int64_t first, bool&) {
        return in.template load<T, I>(first);
    }
};
template <class T, std::size_t I>
struct evaluator<graph::literal<T, I>> {
    template <class Table, class Numbers>
    LAZYTENSOR_FN static packet<T> at(const Table&, const Numbers& numbers, std::int64_t, bool&) {
        return splat<T>(load_lane<T>(numbers.slot[I]));
    }
};
template <class To, class Arg>
struct evaluator<graph::cast<To, Arg>> {
    template <class Table, class Numbers>
    LAZYTENSOR_FN static packet<To> at(const Table& in, const Numbers& numbers, std::int64_t first,
                                       bool& fault) {
        return convert_packet<To, typename Arg::value_type>(
            evaluator<Arg>::at(in, numbers, first, fault));
    }
};
template <class Op, class C, class... Args>
struct evaluator<graph::apply<Op, C, Args...>> {
    template <class Table, class Numbers>
    LAZYTENSOR_FN static packet<ops::result_t<Op, C>> at(const Table& in, const Numbers& numbers,
                                                         std::int64_t first, bool& fault) {
        return apply_lanes<Op, C, typename Args::value_type...>(
            fault, evaluator<Args>::at(in, numbers, first, fault)...);
    }
};

/// A statement bound to its operands.
template <class F>
struct bound_formula {
    using value_type = typename F::value_type;
    operand_table<graph::operand_count<F>> in;
    graph::literals<graph::literal_count<F>> numbers;
    int* fault;  ///< on the device; set when an element has no value

    LAZYTENSOR_FN packet<value_type> at(std::int64_t first) const {
        bool bad = false;
        const packet<value_type> v = evaluator<F>::at(in, numbers, first, bad);
        if constexpr (F::may_fault) {
            if (bad) {
                raise(fault);
            }
        }
        return v;
    }
};

/// For packet g: computes it and stores it.
template <class F>
struct store_functor {
    bound_formula<F> formula;
    stored_t<typename F::value_type>* out;

    LAZYTENSOR_FN void operator()(std::int64_t g) const {
        store_packet<typename F::value_type>(out, g * grain, formula.in.n, formula.at(g * grain));
    }
};

/// Two partial results of reduction Op.
template <class Op, class T>
struct combine_functor {
    LAZYTENSOR_FN lane_t<T> operator()(const lane_t<T>& a, const lane_t<T>& b) const {
        return Op::combine(a, b);
    }
};

/// Packets first, first + calls, first + 2 * calls, ... converted to T and reduced by Op, so that
/// neighbouring threads read neighbouring packets.
template <class Op, class T, class F>
struct reduce_functor {
    bound_formula<F> formula;
    std::int64_t calls;

    LAZYTENSOR_FN lane_t<T> operator()(std::int64_t first) const { return reduce(first); }

private:
    /// Not inlined: Thrust unrolls its loop over calls 16 times in several kernels, and a formula
    /// of transcendentals took nvcc 4 minutes instead of seconds.
    __attribute__((noinline)) LAZYTENSOR_FN lane_t<T> reduce(std::int64_t first) const {
        lane_t<T> result = of_packet(first);
        for (std::int64_t g = first + calls; g * grain < formula.in.n; g += calls) {
            result = Op::combine(result, of_packet(g));
        }
        return result;
    }
    LAZYTENSOR_FN lane_t<T> of_packet(std::int64_t g) const {
        const std::int64_t rest = formula.in.n - g * grain;
        const packet<T> v = convert_packet<T, typename F::value_type>(formula.at(g * grain));
        lane_t<T> result = v.lane[0];
        for (int e = 1; e < grain; ++e) {
            if (e < rest) {
                result = Op::combine(result, v.lane[e]);
            }
        }
        return result;
    }
};

}  // namespace LAZYTENSOR_THRUST_SYSTEM
}  // namespace lazy::cuda

// Reductions compiled together with the statement whose values they take.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "map_kernel.hpp"
#include "reduce_kernel.hpp"

namespace lazy::cpu {

/// Of costlier formulas little is gained, and there is much code.
inline constexpr float most_fused_cost = 16;

/// Reduction Op of the values of formula F. Whole groups of 64 elements go from register to
/// register; the bits are those of the two kernels apart.
template <class Op, class F>
struct fused_reduction {
    using T = typename F::value_type;
    using plain = reduction<Op, T>;

    static constexpr bool pays = [] {
        if constexpr (std::is_floating_point_v<T> && !Op::tracks_index &&
                      requires(T x) { Op::combine(x, x); }) {
            return F::cost <= most_fused_cost && !F::may_fault && formula_step<F> == plain::step;
        } else {
            return false;
        }
    }();

    template <std::size_t... Operands>
    static void take(void* states, const graph::map_call& call, std::index_sequence<Operands...>) {
        constexpr std::size_t step = plain::step;
        constexpr std::size_t packs = plain::lane_count / step;
        graph::literals<graph::literal_count<F>> numbers;
        if constexpr (graph::literal_count<F> != 0) {
            std::memcpy(&numbers, call.params, sizeof(numbers));
        }
        const void* const in[] = {call.in[Operands]..., nullptr};
        T* const s = static_cast<T*>(states);
        pack_t<T, step> lane[packs];
        LAZYTENSOR_UNROLL
        for (std::size_t k = 0; k < packs; ++k) {
            lane[k] = load<T, step>(s + k * step);
        }
        const std::ptrdiff_t ahead = call.ahead;
        bool fault = false;
        for (std::size_t i = 0; i < call.n; i += plain::lane_count) {
            LAZYTENSOR_UNROLL
            for (std::size_t k = 0; k < packs; ++k) {
                const std::size_t at = i + k * step;
                if (ahead != 0) {
                    (__builtin_prefetch(static_cast<const std::byte*>(in[Operands]) +
                                        at * sizes_of_operands<F>[Operands] + ahead),
                     ...);
                }
                lane[k] = Op::combine(lane[k], evaluator<F, step>::at(in, numbers, at, fault));
            }
        }
        LAZYTENSOR_UNROLL
        for (std::size_t k = 0; k < packs; ++k) {
            store<T, step>(s + k * step, lane[k]);
        }
    }
    static void groups(void* states, const graph::map_call& call) {
        take(states, call, std::make_index_sequence<graph::operand_count<F>>{});
    }
    static constexpr graph::reduce_kernel kernel = [] {
        graph::reduce_kernel k = plain::kernel;
        k.fused = &statement<F>;
        k.groups = &groups;
        return k;
    }();
};

/// The sum of bool or of integers narrower than int64, compiled together with their conversion to
/// it: groups are added in lanes just wide enough, and those to the states before they overflow.
template <class From>
struct integer_sum {
    // Of a dependent type: nothing is compiled where nothing narrow is summed.
    using plain = reduction<std::conditional_t<sizeof(From) != 0, ops::sum, From>, std::int64_t>;
    using lane_type = std::conditional_t<
        std::is_same_v<From, bool>, std::uint8_t,
        std::conditional_t<sizeof(From) == 1, std::int16_t,
                           std::conditional_t<sizeof(From) == 2, std::int32_t, std::int64_t>>>;
    /// So many groups overflow no lane.
    static constexpr std::size_t most_groups = std::is_same_v<From, bool> ? 255 : 128;

    static void groups(void* states, const graph::map_call& call) {
        constexpr std::size_t lanes = plain::lane_count;
        auto* const s = static_cast<std::int64_t*>(states);
        auto* p = static_cast<const From*>(call.in[0]);
        for (std::size_t left = call.n / lanes; left != 0;) {
            const std::size_t some = std::min(left, most_groups);
            lane_type lane[lanes]{};
            for (std::size_t g = 0; g < some; ++g, p += lanes) {
                if (call.ahead != 0) {
                    __builtin_prefetch(reinterpret_cast<const std::byte*>(p) + call.ahead);
                }
                for (std::size_t k = 0; k < lanes; ++k) {
                    lane[k] = static_cast<lane_type>(lane[k] + static_cast<lane_type>(p[k]));
                }
            }
            for (std::size_t k = 0; k < lanes; ++k) {
                s[k] += lane[k];
            }
            left -= some;
        }
    }
    static constexpr graph::reduce_kernel kernel = [] {
        graph::reduce_kernel k = plain::kernel;
        k.fused = &conversion<std::int64_t, From>;
        k.groups = &groups;
        return k;
    }();
};
template <class Op, class From>
inline constexpr bool adds_narrow = std::is_same_v<Op, ops::sum>&& std::is_integral_v<From> &&
                                    sizeof(From) < sizeof(std::int64_t);

/// The reduction Op of elements of type T, once they are converted to what it accumulates in.
template <class Op, class T>
constexpr const graph::reduce_kernel& kernel_of_reduction() {
    if constexpr (adds_narrow<Op, T>) {
        return integer_sum<T>::kernel;
    } else {
        return reduction<Op, typename element_of<Op::prepare(dtype_of<T>).id()>::type>::kernel;
    }
}

}  // namespace lazy::cpu

// A register of results from a register of lanes for each of several rows.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstring>
#include <type_traits>
#include <utility>

#include "../../lazy/core/device_function.hpp"
#include "pack_convert.hpp"

namespace lazy::cpu {

/// Lane i: the lanes of line i, combined as `fold` does.
template <class Op, class T, std::size_t step>
pack_t<T, step> fold_lines(const T (&lines)[step * step]) {
#if defined(__AVX512F__)
    if constexpr (std::is_floating_point_v<T> && step * sizeof(T) == 64) {
        // Two lines at a time: their first halves, interleaved, with their second halves.
        using P = pack_t<T, step>;
        typedef T line __attribute__((vector_size(64)));
        constexpr auto interleave =
            []<std::size_t... I>(std::index_sequence<I...>, line a, line b, auto first) {
            constexpr int at = static_cast<int>(decltype(first)::value);
            return __builtin_shufflevector(
                a, b,
                (at + static_cast<int>(I / 2) + (I % 2 != 0 ? static_cast<int>(step) : 0))...);
        };
        constexpr std::make_index_sequence<step> all;
        line now[step];
        std::memcpy(now, lines, sizeof(now));
        LAZYTENSOR_UNROLL
        for (std::size_t half = step / 2; half != 0; half /= 2) {
            LAZYTENSOR_UNROLL
            for (std::size_t i = 0; i < half; ++i) {
                const line a = now[i], b = now[i + half];
                now[i] = std::bit_cast<line>(Op::combine(
                    std::bit_cast<P>(
                        interleave(all, a, b, std::integral_constant<std::size_t, 0>())),
                    std::bit_cast<P>(
                        interleave(all, a, b, std::integral_constant<std::size_t, step / 2>()))));
            }
        }
        return std::bit_cast<P>(now[0]);
    }
#endif
    T turned[step * step];
    for (std::size_t j = 0; j < step; ++j) {
        for (std::size_t i = 0; i < step; ++i) {
            turned[i * step + j] = lines[j * step + i];
        }
    }
    for (std::size_t half = step / 2; half != 0; half /= 2) {
        for (std::size_t i = 0; i < half; ++i) {
            T* a = turned + i * step;
            store<T, step>(a, Op::combine(load<T, step>(a), load<T, step>(a + half * step)));
        }
    }
    return load<T, step>(turned);
}

}  // namespace lazy::cpu

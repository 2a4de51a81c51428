// Where the operands of a statement lie, as a plain value that travels to the device.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>

#include "packet.hpp"

namespace lazy::cuda {
inline namespace LAZYTENSOR_THRUST_SYSTEM {

/// Dimensions that an operand may have after neighbours that lie together were merged.
inline constexpr int max_rank = 8;

enum class access : unsigned char {
    dense,    ///< element i of the result reads element i; the address is aligned for packets
    number,   ///< one value for all, held in the table itself
    strided,  ///< found by the strides of each dimension
};

struct operand_place {
    const void* data;
    alignas(16) std::byte number[16];
    std::int64_t strides[max_rank];  ///< in elements
    access how;
};

template <std::size_t Operands>
struct operand_table {
    operand_place operand[std::max<std::size_t>(1, Operands)];
    std::int64_t sizes[max_rank];
    int rank;
    std::int64_t n;  ///< elements of the result

    /// Elements [first, first + grain) of operand I. Those past the end repeat the last one, so
    /// that a tail computes, and fails, as whole packets do.
    template <class T, std::size_t I>
    LAZYTENSOR_FN packet<T> load(std::int64_t first) const {
        const operand_place& place = operand[I];
        if (place.how == access::number) {
            return splat<T>(load_lane<T>(place.number));
        }
        const auto* data = static_cast<const stored_t<T>*>(place.data);
        if (place.how == access::dense && first + grain <= n) {
            return load_packet<T>(data + first);
        }
        packet<T> out;
        for (int e = 0; e < grain; ++e) {
            const std::int64_t i = first + e < n ? first + e : n - 1;
            out.lane[e] =
                static_cast<lane_t<T>>(data[place.how == access::dense ? i : offset(place, i)]);
        }
        return out;
    }

private:
    LAZYTENSOR_FN std::int64_t offset(const operand_place& place, std::int64_t i) const {
        std::int64_t at = 0;
        for (int d = rank; d-- > 0;) {
            at += i % sizes[d] * place.strides[d];
            i /= sizes[d];
        }
        return at;
    }
};

}  // namespace LAZYTENSOR_THRUST_SYSTEM
}  // namespace lazy::cuda

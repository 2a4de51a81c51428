// Pure data movement: elements as blocks of bytes, so that one loop serves all dtypes of a size.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstring>
#include <type_traits>

#include "../parallel.hpp"
#include "element_type.hpp"

namespace lazy::cpu {

/// Calls f(constant) with the number of bytes as a compile-time constant where it is 1, 2, 4, 8 or
/// 16, and with 0 for any other number.
template <class F>
void with_size(std::size_t bytes, F&& f) {
    switch (bytes) {
        case 1: return f(std::integral_constant<std::size_t, 1>{});
        case 2: return f(std::integral_constant<std::size_t, 2>{});
        case 4: return f(std::integral_constant<std::size_t, 4>{});
        case 8: return f(std::integral_constant<std::size_t, 8>{});
        case 16: return f(std::integral_constant<std::size_t, 16>{});
        default: return f(std::integral_constant<std::size_t, 0>{});
    }
}

/// with_size for the elements of `type`, whose C++ type is T where the program names it.
template <class T, class F>
void with_element_size(dtype type, F&& f) {
    if constexpr (!std::is_void_v<T>) {
        check_type<T>(type);
        f(std::integral_constant<std::size_t, sizeof(T)>{});
    } else {
        switch (type.itemsize()) {
            case 1: return f(std::integral_constant<std::size_t, 1>{});
            case 2: return f(std::integral_constant<std::size_t, 2>{});
            case 4: return f(std::integral_constant<std::size_t, 4>{});
            case 8: return f(std::integral_constant<std::size_t, 8>{});
            default: return f(std::integral_constant<std::size_t, 16>{});
        }
    }
}

/// Copies one block of N bytes, or of `bytes` where N is 0.
template <std::size_t N>
void copy_block(std::byte* to, const std::byte* from, std::size_t bytes) {
    if constexpr (N == 0) {
        std::memcpy(to, from, bytes);
    } else {
        std::memcpy(to, from, N);
    }
}

/// memcpy on threads; nothing is read or written where `bytes` is 0 (pointers may then be null).
inline void copy_all(std::byte* to, const std::byte* from, std::int64_t bytes) {
    if (bytes == 0) {
        return;
    }
    const int threads = threads_for(bytes, static_cast<double>(bytes) / 16);
    parallel(threads, [&](int t) {
        const auto [first, last] = share(bytes, 4096, t, threads);
        std::memcpy(to + first, from + first, static_cast<std::size_t>(last - first));
    });
}

}  // namespace lazy::cpu

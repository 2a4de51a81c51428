// The one place that includes xsimd, from Debian 12's 8.1 to current upstream.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstring>

// g++ 12 warns of the undefined registers in its own AVX-512 intrinsics wherever they are inlined.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <xsimd/xsimd.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

namespace lazy::cpu {

/// A register of truth values for lanes of another type of the same size. Every xsimd holds both
/// in the same register (a bit mask on AVX-512, full lanes elsewhere); 8.1 has no cast for it.
template <class To, class From>
xsimd::batch_bool<To> mask_cast(const xsimd::batch_bool<From>& from) {
    if constexpr (std::is_same_v<To, From>) {
        return from;
    } else {
        static_assert(sizeof(xsimd::batch_bool<To>) == sizeof(from) && sizeof(To) == sizeof(From));
        xsimd::batch_bool<To> to(false);
        std::memcpy(static_cast<void*>(&to), &from, sizeof(from));
        return to;
    }
}

}  // namespace lazy::cpu

// The one place that includes xsimd, from Debian 12's 8.1 to current upstream.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

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

#if XSIMD_WITH_NEON64
/// NEON, with the processor's own division and square root of floats: xsimd 8.1 to 14 have 32-bit
/// NEON's estimates, which lose bits and turn infinities and denormals into NaN. A type of its own,
/// so that nothing of a program that uses xsimd itself gets another body.
struct exact_neon : xsimd::neon64 {};
using instruction_set = std::conditional_t<std::is_base_of_v<xsimd::neon64, xsimd::default_arch>,
                                           exact_neon, xsimd::default_arch>;
#else
using instruction_set = xsimd::default_arch;
#endif

/// The registers that the library computes in.
template <class T>
using batch = xsimd::batch<T, instruction_set>;
template <class T>
using batch_bool = xsimd::batch_bool<T, instruction_set>;

}  // namespace lazy::cpu

#if XSIMD_WITH_NEON64
namespace xsimd {
namespace types {
XSIMD_DECLARE_SIMD_REGISTER_ALIAS(lazy::cpu::exact_neon, neon64);
template <class T>
struct get_bool_simd_register<T, lazy::cpu::exact_neon>
    : detail::neon_bool_simd_register<T, lazy::cpu::exact_neon> {};
}  // namespace types

// Specialisations, as xsimd's own functions do not see overloads that come after them.
namespace kernel {
#if XSIMD_VERSION_MAJOR < 13
// Up to 12 xsimd answers with a register of another instruction set than it was asked for.
#define LAZYTENSOR_BROADCAST(T)                                              \
    template <>                                                              \
    inline batch<T, lazy::cpu::exact_neon> broadcast<lazy::cpu::exact_neon>( \
        T value, requires_arch<neon64>) noexcept {                           \
        return broadcast<lazy::cpu::exact_neon>(value, neon{});              \
    }
LAZYTENSOR_BROADCAST(std::int8_t)
LAZYTENSOR_BROADCAST(std::uint8_t)
LAZYTENSOR_BROADCAST(std::int16_t)
LAZYTENSOR_BROADCAST(std::uint16_t)
LAZYTENSOR_BROADCAST(std::int32_t)
LAZYTENSOR_BROADCAST(std::uint32_t)
LAZYTENSOR_BROADCAST(std::int64_t)
LAZYTENSOR_BROADCAST(std::uint64_t)
LAZYTENSOR_BROADCAST(float)
#undef LAZYTENSOR_BROADCAST
#endif
template <>
inline batch<float, lazy::cpu::exact_neon> div<lazy::cpu::exact_neon>(
    const batch<float, lazy::cpu::exact_neon>& x, const batch<float, lazy::cpu::exact_neon>& y,
    requires_arch<neon>) noexcept {
    return vdivq_f32(x, y);
}
template <>
inline batch<float, lazy::cpu::exact_neon> sqrt<lazy::cpu::exact_neon>(
    const batch<float, lazy::cpu::exact_neon>& x, requires_arch<neon>) noexcept {
    return vsqrtq_f32(x);
}
}  // namespace kernel
}  // namespace xsimd
#endif

namespace lazy::cpu {

/// A register of truth values for lanes of another type of the same size. Every xsimd holds both
/// in the same register (a bit mask on AVX-512, full lanes elsewhere); 8.1 has no cast for it.
template <class To, class From>
batch_bool<To> mask_cast(const batch_bool<From>& from) {
    if constexpr (std::is_same_v<To, From>) {
        return from;
    } else {
        static_assert(sizeof(batch_bool<To>) == sizeof(from) && sizeof(To) == sizeof(From));
        batch_bool<To> to(false);
        std::memcpy(static_cast<void*>(&to), &from, sizeof(from));
        return to;
    }
}

}  // namespace lazy::cpu

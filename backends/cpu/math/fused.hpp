// Multiply-add in one rounding wherever the instruction set has it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <type_traits>
#include "../xsimd.hpp"

namespace lazy::cpu::simd::kernel {

// xsimd 8 has no fused kernel for AVX-512: its fma is x * y + z, fused or not as the compiler
// pleases. Instruction sets without fused multiply-add round twice; the formulas here stay within
// their bounds then too.

/// True where products enter sums unrounded.
#if defined(__FMA__) || defined(__AVX512F__) || defined(__aarch64__)
inline constexpr bool is_fused = true;
#else
inline constexpr bool is_fused = false;
#endif

/// x y + z
template <class T, class A>
inline xsimd::batch<T, A> fma(xsimd::batch<T, A> x, xsimd::batch<T, A> y, xsimd::batch<T, A> z) {
#if XSIMD_WITH_AVX512F
    if constexpr (std::is_base_of_v<xsimd::avx512f, A>) {
        if constexpr (std::is_same_v<T, float>)
            return _mm512_fmadd_ps(x, y, z);
        else
            return _mm512_fmadd_pd(x, y, z);
    } else
#endif
        return xsimd::fma(x, y, z);
}

/// x y - z
template <class T, class A>
inline xsimd::batch<T, A> fms(xsimd::batch<T, A> x, xsimd::batch<T, A> y, xsimd::batch<T, A> z) {
#if XSIMD_WITH_AVX512F
    if constexpr (std::is_base_of_v<xsimd::avx512f, A>) {
        if constexpr (std::is_same_v<T, float>)
            return _mm512_fmsub_ps(x, y, z);
        else
            return _mm512_fmsub_pd(x, y, z);
    } else
#endif
        return xsimd::fms(x, y, z);
}

/// z - x y
template <class T, class A>
inline xsimd::batch<T, A> fnma(xsimd::batch<T, A> x, xsimd::batch<T, A> y, xsimd::batch<T, A> z) {
#if XSIMD_WITH_AVX512F
    if constexpr (std::is_base_of_v<xsimd::avx512f, A>) {
        if constexpr (std::is_same_v<T, float>)
            return _mm512_fnmadd_ps(x, y, z);
        else
            return _mm512_fnmadd_pd(x, y, z);
    } else
#endif
        if constexpr (std::is_base_of_v<xsimd::neon, A>) {
        return xsimd::fma(-x, y, z);  // there xsimd has no fnma that is fused
    } else {
        return xsimd::fnma(x, y, z);
    }
}

}  // namespace lazy::cpu::simd::kernel

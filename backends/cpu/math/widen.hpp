// A batch of floats as two batches of doubles and back: computed in double, rounded once.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <type_traits>
#include "../xsimd.hpp"

namespace lazy::cpu::simd::kernel {

// The AVX-512 intrinsics are the zero-masked ones with a full mask, which cost the same: g++ 12
// warns of the uninitialised merge source inside its own plain ones.

template <class A>
struct halves {
    xsimd::batch<double, A> low, high;
};

template <class A>
inline halves<A> widen(xsimd::batch<float, A> x) {
#if XSIMD_WITH_AVX512F
    if constexpr (std::is_base_of_v<xsimd::avx512f, A>) {
        const __m512d bits = _mm512_castps_pd(x);
        const __m256 low = _mm256_castpd_ps(_mm512_maskz_extractf64x4_pd(0xf, bits, 0));
        const __m256 high = _mm256_castpd_ps(_mm512_maskz_extractf64x4_pd(0xf, bits, 1));
        return {_mm512_maskz_cvtps_pd(0xff, low), _mm512_maskz_cvtps_pd(0xff, high)};
    } else
#endif
#if XSIMD_WITH_AVX
        if constexpr (std::is_base_of_v<xsimd::avx, A>) {
        return {_mm256_cvtps_pd(_mm256_castps256_ps128(x)),
                _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1))};
    } else
#endif
#if XSIMD_WITH_SSE2
        if constexpr (std::is_base_of_v<xsimd::sse2, A>) {
        return {_mm_cvtps_pd(x), _mm_cvtps_pd(_mm_movehl_ps(x, x))};
    } else
#endif
#if XSIMD_WITH_NEON64
        if constexpr (std::is_base_of_v<xsimd::neon64, A>) {
        return {vcvt_f64_f32(vget_low_f32(x)), vcvt_high_f64_f32(x)};
    } else
#endif
    {
        constexpr std::size_t size = xsimd::batch<float, A>::size;
        alignas(xsimd::batch<float, A>) float narrow[size];
        alignas(xsimd::batch<double, A>) double wide[size];
        x.store_aligned(narrow);
        for (std::size_t i = 0; i < size; ++i) wide[i] = static_cast<double>(narrow[i]);
        return {xsimd::batch<double, A>::load_aligned(wide),
                xsimd::batch<double, A>::load_aligned(wide + size / 2)};
    }
}

template <class A>
inline xsimd::batch<float, A> narrow(xsimd::batch<double, A> low, xsimd::batch<double, A> high) {
#if XSIMD_WITH_AVX512F
    if constexpr (std::is_base_of_v<xsimd::avx512f, A>) {
        const __m512d lower =
            _mm512_castps_pd(_mm512_castps256_ps512(_mm512_maskz_cvtpd_ps(0xff, low)));
        const __m256d upper = _mm256_castps_pd(_mm512_maskz_cvtpd_ps(0xff, high));
        return _mm512_castpd_ps(_mm512_maskz_insertf64x4(0xff, lower, upper, 1));
    } else
#endif
#if XSIMD_WITH_AVX
        if constexpr (std::is_base_of_v<xsimd::avx, A>) {
        return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm256_cvtpd_ps(low)),
                                    _mm256_cvtpd_ps(high), 1);
    } else
#endif
#if XSIMD_WITH_SSE2
        if constexpr (std::is_base_of_v<xsimd::sse2, A>) {
        return _mm_movelh_ps(_mm_cvtpd_ps(low), _mm_cvtpd_ps(high));
    } else
#endif
#if XSIMD_WITH_NEON64
        if constexpr (std::is_base_of_v<xsimd::neon64, A>) {
        return vcvt_high_f32_f64(vcvt_f32_f64(low), high);
    } else
#endif
    {
        constexpr std::size_t size = xsimd::batch<float, A>::size;
        alignas(xsimd::batch<double, A>) double wide[size];
        alignas(xsimd::batch<float, A>) float narrow[size];
        low.store_aligned(wide);
        high.store_aligned(wide + size / 2);
        for (std::size_t i = 0; i < size; ++i) narrow[i] = static_cast<float>(wide[i]);
        return xsimd::batch<float, A>::load_aligned(narrow);
    }
}

/// f on double batches, for a float batch.
template <class A, class F>
inline xsimd::batch<float, A> in_double(xsimd::batch<float, A> x, F f) {
    const halves<A> wide = widen(x);
    return narrow<A>(f(wide.low), f(wide.high));
}

template <class A, class F>
inline xsimd::batch<float, A> in_double(xsimd::batch<float, A> x, xsimd::batch<float, A> y, F f) {
    const halves<A> wide_x = widen(x), wide_y = widen(y);
    return narrow<A>(f(wide_x.low, wide_y.low), f(wide_x.high, wide_y.high));
}

}  // namespace lazy::cpu::simd::kernel

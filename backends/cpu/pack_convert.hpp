// Loading, storing and converting packs of every element type.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "half_pack.hpp"

namespace lazy::cpu {

/// 16-bit floats live as floats in registers, always exactly representable ones.
template <std::size_t N>
struct pack_for<float16_t, N> : type_tag<pack<float, N>> {};
template <std::size_t N>
struct pack_for<bfloat16_t, N> : type_tag<pack<float, N>> {};

/// 16-bit floats to floats and back a register at a time; memory between the two would stall.
using float_batch = batch<float>;

inline float_batch load_half(const bfloat16_t* p) {
#if defined(__AVX512F__)
    const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    return float_batch(_mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16)));
#else
    typedef std::uint16_t narrow __attribute__((vector_size(sizeof(float_batch) / 2)));
    typedef std::uint32_t wide __attribute__((vector_size(sizeof(float_batch))));
    narrow bits;
    std::memcpy(&bits, p, sizeof(bits));
    const wide floats = __builtin_convertvector(bits, wide) << 16;
    float_batch r;
    std::memcpy(&r.data, &floats, sizeof(floats));
    return r;
#endif
}
inline void store_half(bfloat16_t* p, const float_batch& v) {
    [[maybe_unused]] typedef std::uint16_t narrow
        __attribute__((vector_size(sizeof(float_batch) / 2)));
    typedef std::uint32_t wide __attribute__((vector_size(sizeof(float_batch))));
    wide bits;
    std::memcpy(&bits, &v.data, sizeof(bits));
    const wide rounded = (bits + 0x7fffU + (bits >> 16 & 1U)) >> 16;
    // What lies above infinity is NaN, and stays one.
    const wide is_nan = reinterpret_cast<wide>((bits & 0x7fffffffU) > 0x7f800000U);
    const wide nan = (bits >> 16) | 0x40U;
    const wide all = (rounded & ~is_nan) | (nan & is_nan);
#if defined(__AVX512F__)
    __m512i words;
    std::memcpy(&words, &all, sizeof(all));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi32_epi16(words));
#else
    const narrow out = __builtin_convertvector(all, narrow);
    std::memcpy(static_cast<void*>(p), &out, sizeof(out));
#endif
}
inline float_batch load_half(const float16_t* p) {
#if defined(__AVX512F__)
    __m256i bits;
    std::memcpy(&bits, p, sizeof(bits));
    return float_batch(_mm512_cvtph_ps(bits));
#elif defined(__AVX__) && defined(__F16C__)
    __m128i bits;
    std::memcpy(&bits, p, sizeof(bits));
    return float_batch(_mm256_cvtph_ps(bits));
#elif defined(__aarch64__)
    float16x4_t bits;
    std::memcpy(&bits, p, sizeof(bits));
    return float_batch(vcvt_f32_f16(bits));
#else
    lanes<float, float_batch::size> wide;
    for (std::size_t i = 0; i < float_batch::size; ++i) {
        wide.value[i] = p[i];
    }
    return float_batch::load_aligned(wide.value);
#endif
}
inline void store_half(float16_t* p, const float_batch& v) {
#if defined(__AVX512F__)
    const __m256i bits = _mm512_cvtps_ph(v.data, _MM_FROUND_TO_NEAREST_INT);
    std::memcpy(static_cast<void*>(p), &bits, sizeof(bits));
#elif defined(__AVX__) && defined(__F16C__)
    const __m128i bits = _mm256_cvtps_ph(v.data, _MM_FROUND_TO_NEAREST_INT);
    std::memcpy(static_cast<void*>(p), &bits, sizeof(bits));
#elif defined(__aarch64__)
    const float16x4_t bits = vcvt_f16_f32(v.data);
    std::memcpy(static_cast<void*>(p), &bits, sizeof(bits));
#else
    lanes<float, float_batch::size> wide;
    v.store_aligned(wide.value);
    for (std::size_t i = 0; i < float_batch::size; ++i) {
        p[i] = float16_t(wide.value[i]);
    }
#endif
}

/// half[0..n) from float[0..n) and back.
template <class Half>
void encode_half(Half* out, const float* in, std::size_t n) {
    const std::size_t whole = n - n % float_batch::size;
    for (std::size_t i = 0; i < whole; i += float_batch::size) {
        store_half(out + i, float_batch::load_unaligned(in + i));
    }
    for (std::size_t i = whole; i < n; ++i) {
        out[i] = Half(in[i]);
    }
}
template <class Half>
void decode_half(float* out, const Half* in, std::size_t n) {
    const std::size_t whole = n - n % float_batch::size;
    for (std::size_t i = 0; i < whole; i += float_batch::size) {
        load_half(in + i).store_unaligned(out + i);
    }
    for (std::size_t i = whole; i < n; ++i) {
        out[i] = in[i];
    }
}

template <class T, std::size_t N>
pack_t<T, N> load(const T* p) {
    if constexpr (is_half_v<T> && !is_half_pack<pack_t<T, N>>) {
        pack<float, N> r;
        for (std::size_t i = 0; i < pack<float, N>::count; ++i) {
            r.part[i] = load_half(p + i * float_batch::size);
        }
        return r;
    } else {
        return pack_t<T, N>::load(p);
    }
}
template <class T, std::size_t N>
void store(T* p, const pack_t<T, N>& v) {
    if constexpr (is_half_v<T> && !is_half_pack<pack_t<T, N>>) {
        for (std::size_t i = 0; i < pack<float, N>::count; ++i) {
            store_half(p + i * float_batch::size, v.part[i]);
        }
    } else {
        v.store(p);
    }
}

/// One register past the caches (p aligned to the register); an ordinary store where the machine
/// has no such instruction.
template <class Batch>
void stream_register(void* p, const Batch& v) {
#if defined(__AVX512F__)
    if constexpr (sizeof(v.data) == 64) {
        __m512i bits;
        std::memcpy(&bits, &v.data, 64);
        _mm512_stream_si512(static_cast<__m512i*>(p), bits);
        return;
    }
#endif
#if defined(__AVX__)
    if constexpr (sizeof(v.data) == 32) {
        __m256i bits;
        std::memcpy(&bits, &v.data, 32);
        _mm256_stream_si256(static_cast<__m256i*>(p), bits);
        return;
    }
#endif
#if defined(__SSE2__)
    if constexpr (sizeof(v.data) == 16) {
        __m128i bits;
        std::memcpy(&bits, &v.data, 16);
        _mm_stream_si128(static_cast<__m128i*>(p), bits);
        return;
    }
#endif
    std::memcpy(p, &v.data, sizeof(v.data));
}
template <class T, std::size_t N>
void stream(T* p, const pack_t<T, N>& v) {
    if constexpr (simd_element<T>) {
        for (std::size_t i = 0; i < pack<T, N>::count; ++i) {
            stream_register(p + i * pack<T, N>::batch::size, v.part[i]);
        }
    } else if constexpr (is_half_pack<pack_t<T, N>>) {
        stream_register(p, v);
    } else {
        store<T, N>(p, v);
    }
}

/// A value of type T in a register again after an operation: 16-bit floats are rounded.
template <class T, std::size_t N, class P>
pack_t<T, N> rounded_to(const P& v) {
    if constexpr (is_half_pack<pack_t<T, N>>) {
        return narrowed(v);
    } else if constexpr (is_half_v<T>) {
        P r;
        for (std::size_t i = 0; i < P::count; ++i) {
            T narrow[float_batch::size];
            store_half(narrow, v.part[i]);
            r.part[i] = load_half(narrow);
        }
        return r;
    } else {
        return v;
    }
}

template <class To, class From, std::size_t N>
pack_t<To, N> convert_pack(const pack_t<From, N>& v) {
    if constexpr (std::is_same_v<To, From>) {
        return v;
    } else if constexpr (is_half_v<From>) {
        return convert_pack<To, float, N>(widened(v));
    } else if constexpr (is_half_v<To>) {
        return rounded_to<To, N>(convert_pack<float, From, N>(v));
    } else if constexpr (std::is_same_v<From, bool> && simd_element<To>) {
        return select(v, pack<To, N>::broadcast(To(1)), pack<To, N>::broadcast(To(0)));
    } else if constexpr (std::is_same_v<To, bool> && simd_element<From>) {
        return v != pack<From, N>::broadcast(From(0));
    } else {
        const auto from = spill(v);
        lanes<To, N> to;
        for (std::size_t i = 0; i < N; ++i) {
            to.value[i] = convert<To>(from.value[i]);
        }
        return gather(to);
    }
}

}  // namespace lazy::cpu

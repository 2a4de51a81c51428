// float16 in registers as it is, on processors that compute with it (AVX512-FP16).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "pack_arithmetic.hpp"

namespace lazy::cpu {

/// Elsewhere 16-bit floats live as floats in registers, always exactly representable ones.
template <class P>
inline constexpr bool is_half_pack = false;

#if defined(__AVX512FP16__)

/// A register of float16. Sums, differences, products and quotients rounded once have the bits of
/// those computed as floats and rounded to float16: 24 digits are two more than twice 11.
struct half_pack {
    static constexpr std::size_t lanes = 32;
    typedef _Float16 registers __attribute__((vector_size(2 * lanes)));
    registers data;

    static half_pack load(const float16_t* p) {
        half_pack r;
        std::memcpy(&r.data, p, sizeof(r.data));
        return r;
    }
    void store(float16_t* p) const { std::memcpy(static_cast<void*>(p), &data, sizeof(data)); }
    static half_pack broadcast(float v) { return {registers{} + static_cast<_Float16>(v)}; }
};
template <>
inline constexpr bool is_half_pack<half_pack> = true;

template <>
struct pack_for<float16_t, half_pack::lanes> : type_tag<half_pack> {};

inline half_pack plus(const half_pack& a, const half_pack& b) { return {a.data + b.data}; }
inline half_pack minus(const half_pack& a, const half_pack& b) { return {a.data - b.data}; }
inline half_pack times(const half_pack& a, const half_pack& b) {
    return {ops::rounded_product(a.data * b.data)};
}
inline half_pack quotient(const half_pack& a, const half_pack& b) { return {a.data / b.data}; }

inline pack<float, half_pack::lanes> widened(const half_pack& p) {
    pack<float, half_pack::lanes> r;
    __m256i half[2];
    std::memcpy(half, &p.data, sizeof(half));
    r.part[0] = batch<float>(_mm512_cvtph_ps(half[0]));
    r.part[1] = batch<float>(_mm512_cvtph_ps(half[1]));
    return r;
}
inline half_pack narrowed(const pack<float, half_pack::lanes>& p) {
    const __m256i half[2] = {_mm512_cvtps_ph(p.part[0].data, _MM_FROUND_TO_NEAREST_INT),
                             _mm512_cvtps_ph(p.part[1].data, _MM_FROUND_TO_NEAREST_INT)};
    half_pack r;
    std::memcpy(&r.data, half, sizeof(half));
    return r;
}

#endif

/// Everything but a register of float16 is what operations take already.
template <class P>
requires(!is_half_pack<P>) const P& widened(const P& p) { return p; }

}  // namespace lazy::cpu

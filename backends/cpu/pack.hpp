// N elements of one type in SIMD registers: the value type every formula runs on.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "../../lazy/core/convert.hpp"
#include "xsimd.hpp"

namespace lazy::cpu {

template <class T>
concept simd_element =
    std::is_arithmetic_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, long double>;

/// Lanes of one register of T; 1 for types computed lane by lane.
template <class T>
inline constexpr std::size_t width = 1;
template <simd_element T>
inline constexpr std::size_t width<T> = batch<T>::size;
template <>
inline constexpr std::size_t width<float16_t> = batch<float>::size;
template <>
inline constexpr std::size_t width<bfloat16_t> = batch<float>::size;

/// A signed integer of as many bytes as a register has for each of N lanes.
template <std::size_t Bytes>
struct integer_of_size;
template <>
struct integer_of_size<1> : type_tag<std::int8_t> {};
template <>
struct integer_of_size<2> : type_tag<std::int16_t> {};
template <>
struct integer_of_size<4> : type_tag<std::int32_t> {};
template <>
struct integer_of_size<8> : type_tag<std::int64_t> {};

inline constexpr std::size_t register_bytes = batch<float>::size * sizeof(float);

/// N truth values, in one register of the integer type that has N lanes.
template <std::size_t N>
struct mask {
    using carrier = typename integer_of_size<register_bytes / N>::type;
    using batch = cpu::batch<carrier>;
    batch_bool<carrier> value;

#if defined(__AVX512BW__) && defined(__AVX512VL__)
    // Truth values are bits of a mask register here; bytes become bits in one instruction.
    static mask load(const bool* p) {
        batch_bool<carrier> r(false);
        if constexpr (N == 64) {
            const __m512i bytes = _mm512_loadu_si512(p);
            r.data = _mm512_test_epi8_mask(bytes, bytes);
        } else if constexpr (N == 32) {
            const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
            r.data = _mm256_test_epi8_mask(bytes, bytes);
        } else {
            __m128i bytes = _mm_setzero_si128();
            std::memcpy(&bytes, p, N);
            r.data = static_cast<decltype(r.data)>(_mm_test_epi8_mask(bytes, bytes));
        }
        return {r};
    }
    void store(bool* p) const {
        if constexpr (N == 64) {
            _mm512_storeu_si512(p, _mm512_maskz_set1_epi8(value.data, 1));
        } else if constexpr (N == 32) {
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(p),
                                _mm256_maskz_set1_epi8(value.data, 1));
        } else {
            const __m128i bytes = _mm_maskz_set1_epi8(value.data, 1);
            std::memcpy(static_cast<void*>(p), &bytes, N);
        }
    }
#else
    static mask load(const bool* p) {
        alignas(register_bytes) carrier lanes[N];
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(p);
        for (std::size_t i = 0; i < N; ++i) {
            lanes[i] = static_cast<carrier>(bytes[i]);
        }
        return {batch::load_aligned(lanes) != batch(carrier(0))};
    }
    void store(bool* p) const {
        alignas(register_bytes) carrier lanes[N];
        xsimd::select(value, batch(carrier(1)), batch(carrier(0))).store_aligned(lanes);
        auto* bytes = reinterpret_cast<std::uint8_t*>(p);
        for (std::size_t i = 0; i < N; ++i) {
            bytes[i] = static_cast<std::uint8_t>(lanes[i]);
        }
    }
#endif
    static mask broadcast(bool b) { return {batch(carrier(b ? 1 : 0)) != batch(carrier(0))}; }
};

/// N elements computed lane by lane: complex numbers.
template <class T, std::size_t N>
struct pack {
    using value_type = T;
    T lane[N];

    static pack load(const T* p) {
        pack r;
        std::memcpy(static_cast<void*>(r.lane), p, sizeof(r.lane));
        return r;
    }
    void store(T* p) const { std::memcpy(static_cast<void*>(p), lane, sizeof(lane)); }
    static pack broadcast(T v) {
        pack r;
        for (T& x : r.lane) {
            x = v;
        }
        return r;
    }
};

/// N elements in registers of the machine's width.
template <simd_element T, std::size_t N>
struct pack<T, N> {
    using value_type = T;
    using batch = cpu::batch<T>;
    static constexpr std::size_t count = N / batch::size;
    static_assert(count * batch::size == N);
    batch part[count];

    static pack load(const T* p) {
        pack r;
        for (std::size_t i = 0; i < count; ++i) {
            r.part[i] = batch::load_unaligned(p + i * batch::size);
        }
        return r;
    }
    void store(T* p) const {
        for (std::size_t i = 0; i < count; ++i) {
            part[i].store_unaligned(p + i * batch::size);
        }
    }
    static pack broadcast(T v) {
        pack r;
        for (batch& b : r.part) {
            b = batch(v);
        }
        return r;
    }
};

/// The pack (or mask) that holds N elements of T. 16-bit floats are floats in registers.
template <class T, std::size_t N>
struct pack_for : type_tag<pack<T, N>> {};
template <std::size_t N>
struct pack_for<bool, N> : type_tag<mask<N>> {};
template <class T, std::size_t N>
using pack_t = typename pack_for<T, N>::type;

template <class P>
inline constexpr bool is_pack = false;
template <class T, std::size_t N>
inline constexpr bool is_pack<pack<T, N>> = true;

/// Lanes to memory and back, for what has no register form.
template <class T, std::size_t N>
struct lanes {
    alignas(64) T value[N];
};
template <class T, std::size_t N>
lanes<T, N> spill(const pack<T, N>& p) {
    lanes<T, N> r;
    p.store(r.value);
    return r;
}
template <std::size_t N>
lanes<bool, N> spill(const mask<N>& m) {
    lanes<bool, N> r;
    m.store(r.value);
    return r;
}
template <class R, std::size_t N>
pack_t<R, N> gather(const lanes<R, N>& l) {
    return pack_t<R, N>::load(l.value);
}

/// f on every lane.
template <class F, class T, std::size_t N>
auto each_lane(F f, const pack<T, N>& a) {
    const auto x = spill(a);
    lanes<decltype(f(x.value[0])), N> r;
    for (std::size_t i = 0; i < N; ++i) {
        r.value[i] = f(x.value[i]);
    }
    return gather(r);
}
template <class F, class T, std::size_t N>
auto each_lane(F f, const pack<T, N>& a, const pack<T, N>& b) {
    const auto x = spill(a);
    const auto y = spill(b);
    lanes<decltype(f(x.value[0], y.value[0])), N> r;
    for (std::size_t i = 0; i < N; ++i) {
        r.value[i] = f(x.value[i], y.value[i]);
    }
    return gather(r);
}

/// f on every register.
template <class F, simd_element T, std::size_t N>
pack<T, N> each_part(F f, const pack<T, N>& a) {
    pack<T, N> r;
    for (std::size_t i = 0; i < pack<T, N>::count; ++i) {
        r.part[i] = f(a.part[i]);
    }
    return r;
}
template <class F, simd_element T, std::size_t N>
pack<T, N> each_part(F f, const pack<T, N>& a, const pack<T, N>& b) {
    pack<T, N> r;
    for (std::size_t i = 0; i < pack<T, N>::count; ++i) {
        r.part[i] = f(a.part[i], b.part[i]);
    }
    return r;
}
/// f on every register, giving truth values.
template <class F, simd_element T, std::size_t N>
mask<N> each_test(F f, const pack<T, N>& a, const pack<T, N>& b) {
    if constexpr (pack<T, N>::count == 1) {
        return {mask_cast<typename mask<N>::carrier>(f(a.part[0], b.part[0]))};
#if defined(__AVX512BW__) && defined(__AVX512VL__)
    } else if constexpr (N <= 64) {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < pack<T, N>::count; ++i) {
            bits |= static_cast<std::uint64_t>(f(a.part[i], b.part[i]).data)
                    << (i * pack<T, N>::batch::size);
        }
        mask<N> r;
        r.value.data = static_cast<decltype(r.value.data)>(bits);
        return r;
#endif
    } else {
        using P = pack<T, N>;
        using carrier = typename integer_of_size<sizeof(T)>::type;
        using batch = cpu::batch<carrier>;
        lanes<carrier, N> wide;
        for (std::size_t i = 0; i < P::count; ++i) {
            xsimd::select(mask_cast<carrier>(f(a.part[i], b.part[i])), batch(carrier(1)),
                          batch(carrier(0)))
                .store_aligned(wide.value + i * batch::size);
        }
        lanes<bool, N> r;
        for (std::size_t i = 0; i < N; ++i) {
            r.value[i] = wide.value[i] != 0;
        }
        return gather(r);
    }
}

/// Part i of a mask, in the width of T.
template <class T, std::size_t N>
auto mask_parts(const mask<N>& m) {
    using batch = cpu::batch<T>;
    using carrier = typename integer_of_size<sizeof(T)>::type;
    struct parts {
        batch_bool<T> part[N / batch::size];
    } r;
    if constexpr (batch::size == N) {
        r.part[0] = mask_cast<T>(m.value);
#if defined(__AVX512BW__) && defined(__AVX512VL__)
    } else if constexpr (N <= 64) {
        for (std::size_t i = 0; i < N / batch::size; ++i) {
            r.part[i].data =
                static_cast<decltype(r.part[i].data)>(m.value.data >> (i * batch::size));
        }
#endif
    } else {
        const auto bits = spill(m);
        lanes<carrier, N> wide;
        for (std::size_t i = 0; i < N; ++i) {
            wide.value[i] = static_cast<carrier>(bits.value[i]);
        }
        for (std::size_t i = 0; i < N / batch::size; ++i) {
            r.part[i] =
                mask_cast<T>(cpu::batch<carrier>::load_aligned(wide.value + i * batch::size) !=
                             cpu::batch<carrier>(carrier(0)));
        }
    }
    return r;
}

}  // namespace lazy::cpu

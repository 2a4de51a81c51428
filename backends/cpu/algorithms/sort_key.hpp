// Every element type as an unsigned integer in the same order: sorting needs no other comparison.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstring>

#include "element_type.hpp"

/// The order is PyTorch's and NumPy's: false < true; -0.0 equals 0.0; NaN is the largest and equal
/// to NaN; complex numbers by real part, then imaginary part, those with a NaN last, in NumPy's
/// order R + Rj, R + NaN j, NaN + Rj, NaN + NaN j.
namespace lazy::cpu {

__extension__ using uint128 = unsigned __int128;

template <std::size_t Bytes>
struct key_of_size;
template <>
struct key_of_size<1> : type_tag<std::uint8_t> {};
template <>
struct key_of_size<2> : type_tag<std::uint16_t> {};
template <>
struct key_of_size<4> : type_tag<std::uint32_t> {};
template <>
struct key_of_size<8> : type_tag<std::uint64_t> {};
template <>
struct key_of_size<16> : type_tag<uint128> {};
/// A key has the size of its element.
template <class T>
using key_t = typename key_of_size<sizeof(T)>::type;

template <class T>
inline constexpr key_t<T> infinity_bits = 0;
template <>
inline constexpr std::uint16_t infinity_bits<float16_t> = 0x7c00;
template <>
inline constexpr std::uint16_t infinity_bits<bfloat16_t> = 0x7f80;
template <>
inline constexpr std::uint32_t infinity_bits<float> = 0x7f800000;
template <>
inline constexpr std::uint64_t infinity_bits<double> = 0x7ff0000000000000;

template <class Key>
inline constexpr Key top_bit = static_cast<Key>(Key(1) << (8 * sizeof(Key) - 1));
template <class Key>
inline constexpr Key all_bits = static_cast<Key>(~Key(0));

/// The key of the first element that is a NaN or has one; none for types without NaN.
template <class T>
constexpr bool is_nan_key(key_t<T> key) {
    if constexpr (is_complex_v<T>) {
        using part = typename T::value_type;
        return key >> (8 * sizeof(part)) > key_t<part>(infinity_bits<part> | top_bit<key_t<part>>);
    } else {
        return is_floating_v<T> && key == all_bits<key_t<T>>;
    }
}

template <class T>
key_t<T> sort_key(const T& value) {
    using key = key_t<T>;
    if constexpr (is_complex_v<T>) {
        using part = typename T::value_type;
        const key_t<part> imag = sort_key(value.imag());
        key_t<part> real = sort_key(value.real());
        if (is_nan_key<part>(imag) && !is_nan_key<part>(real)) {
            // After every number, in the order of the real parts.
            return static_cast<key>(static_cast<key>((infinity_bits<part> | top_bit<key_t<part>>)+1)
                                    << (8 * sizeof(part))) |
                   real;
        }
        return static_cast<key>(static_cast<key>(real) << (8 * sizeof(part))) | imag;
    } else if constexpr (is_floating_v<T>) {
        const key bits = std::bit_cast<key>(value);
        const auto magnitude = static_cast<key>(bits & ~top_bit<key>);
        if (magnitude > infinity_bits<T>) {
            return all_bits<key>;
        }
        if (magnitude == 0) {
            return top_bit<key>;
        }
        return static_cast<key>(bits == magnitude ? bits | top_bit<key> : ~bits);
    } else if constexpr (std::is_same_v<T, bool>) {
        return value ? 1 : 0;
    } else if constexpr (std::is_signed_v<T>) {
        return static_cast<key>(static_cast<key>(value) ^ top_bit<key>);
    } else {
        return value;
    }
}

/// The element behind a key; a zero comes back positive, a NaN as the one with all bits set.
template <class T>
T from_key(key_t<T> key) {
    static_assert(!is_complex_v<T>);
    using k = key_t<T>;
    if constexpr (is_floating_v<T>) {
        return std::bit_cast<T>(static_cast<k>(key >= top_bit<k> ? key ^ top_bit<k> : ~key));
    } else if constexpr (std::is_same_v<T, bool>) {
        return key != 0;
    } else if constexpr (std::is_signed_v<T>) {
        return static_cast<T>(static_cast<k>(key ^ top_bit<k>));
    } else {
        return key;
    }
}

/// keys[j] = key of the element at in[j * stride], bits inverted for descending order (which keeps
/// a stable sort stable).
template <class T>
void load_keys(key_t<T>* keys, const T* in, std::int64_t stride, std::int64_t n, bool descending) {
    const key_t<T> flip = descending ? all_bits<key_t<T>> : key_t<T>(0);
    for (std::int64_t j = 0; j < n; ++j) {
        keys[j] = static_cast<key_t<T>>(sort_key(in[j * stride]) ^ flip);
    }
}

/// load_keys for the type behind `type` (T = void) among those whose key is `Key`.
template <class T, class Key>
void load_keys_as(dtype type, Key* keys, const std::byte* in, std::int64_t stride, std::int64_t n,
                  bool descending) {
    dispatch_as<T>(type, [&]<class U>(type_tag<U>) {
        if constexpr (sizeof(U) == sizeof(Key)) {
            load_keys(keys, reinterpret_cast<const U*>(in), stride, n, descending);
        }
    });
}

/// f(Key{}) for the key type of `type`.
template <class T, class F>
void dispatch_key(dtype type, F&& f) {
    if constexpr (!std::is_void_v<T>) {
        check_type<T>(type);
        f(type_tag<key_t<T>>{});
    } else {
        switch (type.itemsize()) {
            case 1: return f(type_tag<std::uint8_t>{});
            case 2: return f(type_tag<std::uint16_t>{});
            case 4: return f(type_tag<std::uint32_t>{});
            case 8: return f(type_tag<std::uint64_t>{});
            default: return f(type_tag<uint128>{});
        }
    }
}

}  // namespace lazy::cpu

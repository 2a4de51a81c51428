// A packet: the few consecutive elements that one thread loads, works on and stores.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <cstring>

#include "complex_value.hpp"

namespace lazy::cuda {
inline namespace LAZYTENSOR_THRUST_SYSTEM {

/// Elements per thread: four float32 make one 16-byte access, and give the arithmetic units
/// independent work while memory is waited for.
inline constexpr int grain = 4;

/// How an element lies in memory, and what a thread computes with: 16-bit floats in float32,
/// rounded after every operation as on the CPU; complex numbers as two parts.
template <class T>
struct element_form {
    using stored = T;
    using lane = T;
};
template <>
struct element_form<float16_t> {
    using stored = float16_t;
    using lane = float;
};
template <>
struct element_form<bfloat16_t> {
    using stored = bfloat16_t;
    using lane = float;
};
template <class T>
struct element_form<std::complex<T>> {
    using stored = complex_value<T>;
    using lane = complex_value<T>;
};
template <class T>
using stored_t = typename element_form<T>::stored;
template <class T>
using lane_t = typename element_form<T>::lane;

template <class T>
struct packet {
    lane_t<T> lane[grain];
};

/// The bytes of a packet in memory, aligned so that the compiler may move them at once.
template <class T>
struct alignas(sizeof(T) * grain < 16 ? sizeof(T) * grain : 16) packed {
    stored_t<T> value[grain];
};
/// Addresses of whole packets are multiples of this at most.
inline constexpr std::size_t packet_alignment = 16;

/// A computed value as a T holds it: 16-bit floats are rounded.
template <class T, class V>
LAZYTENSOR_FN lane_t<T> rounded(const V& value) {
    if constexpr (is_half_v<T>) {
        return static_cast<float>(T(value));
    } else {
        return value;
    }
}

/// convert<To>(From) between lanes.
template <class To, class From>
LAZYTENSOR_FN lane_t<To> convert_lane(const lane_t<From>& value) {
    if constexpr (std::is_same_v<To, From>) {
        return value;
    } else if constexpr (is_complex_v<From>) {
        using part = typename From::value_type;
        if constexpr (is_complex_v<To>) {
            using to_part = typename To::value_type;
            return {static_cast<to_part>(value.re), static_cast<to_part>(value.im)};
        } else if constexpr (std::is_same_v<To, bool>) {
            return value.re != 0 || value.im != 0;
        } else {
            return convert_lane<To, part>(value.re);
        }
    } else if constexpr (is_complex_v<To>) {
        return {convert_lane<typename To::value_type, From>(value), 0};
    } else {
        // Of a 16-bit float the lane is a float already.
        return static_cast<lane_t<To>>(convert<To>(value));
    }
}
template <class To, class From>
LAZYTENSOR_FN packet<To> convert_packet(const packet<From>& in) {
    packet<To> out;
    for (int e = 0; e < grain; ++e) {
        out.lane[e] = convert_lane<To, From>(in.lane[e]);
    }
    return out;
}

/// One element, from anywhere.
template <class T>
LAZYTENSOR_FN lane_t<T> load_lane(const void* from) {
    stored_t<T> value;
    std::memcpy(&value, from, sizeof(value));
    return static_cast<lane_t<T>>(value);
}
template <class T>
LAZYTENSOR_FN packet<T> splat(const lane_t<T>& value) {
    packet<T> out;
    for (int e = 0; e < grain; ++e) {
        out.lane[e] = value;
    }
    return out;
}
/// A whole packet at an address aligned for it.
template <class T>
LAZYTENSOR_FN packet<T> load_packet(const void* from) {
    packed<T> bytes;
    std::memcpy(&bytes, __builtin_assume_aligned(from, alignof(packed<T>)), sizeof(bytes));
    packet<T> out;
    for (int e = 0; e < grain; ++e) {
        out.lane[e] = static_cast<lane_t<T>>(bytes.value[e]);
    }
    return out;
}

/// Stores elements [first, n) of `out`, at most a packet of them; first is a multiple of the grain.
template <class T>
LAZYTENSOR_FN void store_packet(stored_t<T>* out, std::int64_t first, std::int64_t n,
                                const packet<T>& v) {
    if (first + grain <= n) {
        packed<T> bytes;
        for (int e = 0; e < grain; ++e) {
            bytes.value[e] = static_cast<stored_t<T>>(v.lane[e]);
        }
        void* to = out + first;
        std::memcpy(__builtin_assume_aligned(to, alignof(packed<T>)), &bytes, sizeof(bytes));
        return;
    }
    // Lanes by constant numbers, so that they stay in registers.
    for (int e = 0; e < grain; ++e) {
        if (first + e < n) {
            out[first + e] = static_cast<stored_t<T>>(v.lane[e]);
        }
    }
}

}  // namespace LAZYTENSOR_THRUST_SYSTEM
}  // namespace lazy::cuda

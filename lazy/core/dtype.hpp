// Element types: the run-time `dtype`, its compile-time objects (`float32`, ...) and their traits.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "error.hpp"
#include "half.hpp"

namespace lazy {

/// Order of the ids: bool, integers, floats, complex, so that a later kind wins a promotion.
enum class dtype_id : std::uint8_t {
    bool_,
    uint8,
    int8,
    int16,
    int32,
    int64,
    uint16,
    uint32,
    uint64,
    float16,
    bfloat16,
    float32,
    float64,
    complex64,
    complex128,
};
inline constexpr std::size_t dtype_count = 15;

/// What a dtype's values are; a higher kind wins when two meet.
enum class dtype_kind : std::uint8_t { boolean, integer, floating, complex };

/// A tensor's element type at run time. Compares with the objects `float32`, `int64`, ...
class dtype {
public:
    constexpr dtype(dtype_id id) : id_(id) {}
    constexpr dtype_id id() const { return id_; }
    constexpr std::size_t index() const { return static_cast<std::size_t>(id_); }
    /// Bytes of one element.
    constexpr std::size_t itemsize() const { return sizes[index()]; }
    /// "float32", "bool", ...
    constexpr const char* name() const { return names[index()]; }
    constexpr dtype_kind kind() const {
        return id_ == dtype_id::bool_      ? dtype_kind::boolean
               : id_ < dtype_id::float16   ? dtype_kind::integer
               : id_ < dtype_id::complex64 ? dtype_kind::floating
                                           : dtype_kind::complex;
    }
    constexpr bool is_floating_point() const { return kind() == dtype_kind::floating; }
    constexpr bool is_complex() const { return kind() == dtype_kind::complex; }
    /// Integer proper: bool does not count.
    constexpr bool is_integral() const { return kind() == dtype_kind::integer; }
    constexpr bool is_signed() const {
        return id_ != dtype_id::bool_ && id_ != dtype_id::uint8 && id_ != dtype_id::uint16 &&
               id_ != dtype_id::uint32 && id_ != dtype_id::uint64;
    }

private:
    // Static, or each call would write them to the stack first.
    static constexpr std::array<std::uint8_t, dtype_count> sizes{1, 1, 1, 2, 4, 8, 2, 4,
                                                                 8, 2, 2, 4, 8, 8, 16};
    static constexpr std::array<const char*, dtype_count> names{
        "bool",   "uint8",   "int8",     "int16",   "int32",   "int64",     "uint16",    "uint32",
        "uint64", "float16", "bfloat16", "float32", "float64", "complex64", "complex128"};

    dtype_id id_;
};

constexpr bool operator==(dtype a, dtype b) { return a.id() == b.id(); }
constexpr bool operator!=(dtype a, dtype b) { return a.id() != b.id(); }

/// Maps a C++ element type to its id; only the fifteen element types have one.
template <class T>
struct dtype_traits;

template <dtype_id Id>
struct dtype_traits_base {
    static constexpr dtype_id id = Id;
};
template <>
struct dtype_traits<bool> : dtype_traits_base<dtype_id::bool_> {};
template <>
struct dtype_traits<std::uint8_t> : dtype_traits_base<dtype_id::uint8> {};
template <>
struct dtype_traits<std::int8_t> : dtype_traits_base<dtype_id::int8> {};
template <>
struct dtype_traits<std::int16_t> : dtype_traits_base<dtype_id::int16> {};
template <>
struct dtype_traits<std::int32_t> : dtype_traits_base<dtype_id::int32> {};
template <>
struct dtype_traits<std::int64_t> : dtype_traits_base<dtype_id::int64> {};
template <>
struct dtype_traits<std::uint16_t> : dtype_traits_base<dtype_id::uint16> {};
template <>
struct dtype_traits<std::uint32_t> : dtype_traits_base<dtype_id::uint32> {};
template <>
struct dtype_traits<std::uint64_t> : dtype_traits_base<dtype_id::uint64> {};
template <>
struct dtype_traits<float16_t> : dtype_traits_base<dtype_id::float16> {};
template <>
struct dtype_traits<bfloat16_t> : dtype_traits_base<dtype_id::bfloat16> {};
template <>
struct dtype_traits<float> : dtype_traits_base<dtype_id::float32> {};
template <>
struct dtype_traits<double> : dtype_traits_base<dtype_id::float64> {};
template <>
struct dtype_traits<std::complex<float>> : dtype_traits_base<dtype_id::complex64> {};
template <>
struct dtype_traits<std::complex<double>> : dtype_traits_base<dtype_id::complex128> {};

/// True of the fifteen C++ types a tensor can hold.
template <class T>
concept element = requires {
    dtype_traits<T>::id;
};

template <element T>
inline constexpr dtype dtype_of{dtype_traits<T>::id};

/// The type of the objects `float32`, `int64`, ...: a dtype that the compiler knows.
template <element T>
struct dtype_constant {
    using type = T;
    constexpr operator dtype() const { return dtype_of<T>; }
    constexpr const char* name() const { return dtype_of<T>.name(); }
    constexpr std::size_t itemsize() const { return sizeof(T); }
};

inline constexpr dtype_constant<bool> bool_{};
inline constexpr dtype_constant<std::uint8_t> uint8{};
inline constexpr dtype_constant<std::int8_t> int8{};
inline constexpr dtype_constant<std::int16_t> int16{};
inline constexpr dtype_constant<std::int32_t> int32{};
inline constexpr dtype_constant<std::int64_t> int64{};
inline constexpr dtype_constant<std::uint16_t> uint16{};
inline constexpr dtype_constant<std::uint32_t> uint32{};
inline constexpr dtype_constant<std::uint64_t> uint64{};
inline constexpr dtype_constant<float16_t> float16{};
inline constexpr dtype_constant<bfloat16_t> bfloat16{};
inline constexpr dtype_constant<float> float32{};
inline constexpr dtype_constant<double> float64{};
inline constexpr dtype_constant<std::complex<float>> complex64{};
inline constexpr dtype_constant<std::complex<double>> complex128{};

template <class T>
inline constexpr bool is_complex_v = false;
template <class T>
inline constexpr bool is_complex_v<std::complex<T>> = true;
template <class T>
inline constexpr bool is_half_v = std::is_same_v<T, float16_t> || std::is_same_v<T, bfloat16_t>;
/// float16 to float64: the real floating element types.
template <class T>
inline constexpr bool is_floating_v = std::is_floating_point_v<T> || is_half_v<T>;
/// Integers without bool.
template <class T>
inline constexpr bool is_integer_v = std::is_integral_v<T> && !std::is_same_v<T, bool>;

/// A type as a value, to hand to a generic lambda.
template <class T>
struct type_tag {
    using type = T;
};

/// Calls `f(type_tag<T>{})` for the C++ type behind a run-time dtype.
template <class F>
decltype(auto) dispatch(dtype d, F&& f) {
    switch (d.id()) {
        case dtype_id::bool_: return f(type_tag<bool>{});
        case dtype_id::uint8: return f(type_tag<std::uint8_t>{});
        case dtype_id::int8: return f(type_tag<std::int8_t>{});
        case dtype_id::int16: return f(type_tag<std::int16_t>{});
        case dtype_id::int32: return f(type_tag<std::int32_t>{});
        case dtype_id::int64: return f(type_tag<std::int64_t>{});
        case dtype_id::uint16: return f(type_tag<std::uint16_t>{});
        case dtype_id::uint32: return f(type_tag<std::uint32_t>{});
        case dtype_id::uint64: return f(type_tag<std::uint64_t>{});
        case dtype_id::float16: return f(type_tag<float16_t>{});
        case dtype_id::bfloat16: return f(type_tag<bfloat16_t>{});
        case dtype_id::float32: return f(type_tag<float>{});
        case dtype_id::float64: return f(type_tag<double>{});
        case dtype_id::complex64: return f(type_tag<std::complex<float>>{});
        case dtype_id::complex128: return f(type_tag<std::complex<double>>{});
    }
    throw dtype_error("[dtype] not a dtype");
}

}  // namespace lazy

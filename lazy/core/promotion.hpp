// What dtype two dtypes make when they meet: PyTorch's table, at compile time and at run time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <complex>

#include "dtype.hpp"

namespace lazy {

/// torch.promote_types: the smallest dtype that holds both. Where PyTorch refuses (unsigned 16 to
/// 64 bit with signed or complex), NumPy's answer.
constexpr dtype promote_types(dtype a, dtype b) {
    if (a == b) {
        return a;
    }
    if (a.kind() != b.kind()) {
        const dtype high = a.kind() > b.kind() ? a : b;
        const dtype low = a.kind() > b.kind() ? b : a;
        const bool wide =
            high == dtype_id::complex64 &&
            (low == dtype_id::float64 || low == dtype_id::uint32 || low == dtype_id::uint64);
        return wide ? dtype(dtype_id::complex128) : high;
    }
    switch (a.kind()) {
        case dtype_kind::boolean: return a;
        case dtype_kind::complex: return dtype_id::complex128;
        case dtype_kind::floating:
            if (a.itemsize() == b.itemsize()) {
                return dtype_id::float32;
            }
            return a.itemsize() > b.itemsize() ? a : b;
        case dtype_kind::integer: break;
    }
    if (a.is_signed() == b.is_signed()) {
        return a.itemsize() > b.itemsize() ? a : b;
    }
    const dtype with_sign = a.is_signed() ? a : b;
    const dtype without = a.is_signed() ? b : a;
    if (with_sign.itemsize() > without.itemsize()) {
        return with_sign;
    }
    switch (without.itemsize()) {
        case 1: return dtype_id::int16;
        case 2: return dtype_id::int32;
        case 4: return dtype_id::int64;
        default: return dtype_id::float64;
    }
}

template <dtype_id Id>
struct element_of;
template <>
struct element_of<dtype_id::bool_> : type_tag<bool> {};
template <>
struct element_of<dtype_id::uint8> : type_tag<std::uint8_t> {};
template <>
struct element_of<dtype_id::int8> : type_tag<std::int8_t> {};
template <>
struct element_of<dtype_id::int16> : type_tag<std::int16_t> {};
template <>
struct element_of<dtype_id::int32> : type_tag<std::int32_t> {};
template <>
struct element_of<dtype_id::int64> : type_tag<std::int64_t> {};
template <>
struct element_of<dtype_id::uint16> : type_tag<std::uint16_t> {};
template <>
struct element_of<dtype_id::uint32> : type_tag<std::uint32_t> {};
template <>
struct element_of<dtype_id::uint64> : type_tag<std::uint64_t> {};
template <>
struct element_of<dtype_id::float16> : type_tag<float16_t> {};
template <>
struct element_of<dtype_id::bfloat16> : type_tag<bfloat16_t> {};
template <>
struct element_of<dtype_id::float32> : type_tag<float> {};
template <>
struct element_of<dtype_id::float64> : type_tag<double> {};
template <>
struct element_of<dtype_id::complex64> : type_tag<std::complex<float>> {};
template <>
struct element_of<dtype_id::complex128> : type_tag<std::complex<double>> {};

/// The C++ type of `promote_types` of two element types.
template <element A, element B>
using promote_t = typename element_of<promote_types(dtype_of<A>, dtype_of<B>).id()>::type;

/// dtype of a tensor `t` after meeting a bare number of kind `number`: a number never widens
/// within its kind, and brings `fallback` (the default float dtype, int64) when its kind is higher.
constexpr dtype promote_with_number(dtype t, dtype_kind number, dtype default_float) {
    if (number <= t.kind()) {
        return t;
    }
    switch (number) {
        case dtype_kind::integer: return dtype_id::int64;
        case dtype_kind::floating: return default_float;
        default: {
            const dtype part = t.kind() == dtype_kind::floating ? t : default_float;
            return part == dtype_id::float64 ? dtype_id::complex128 : dtype_id::complex64;
        }
    }
}

/// The kind of a C++ number as PyTorch sees a Python one.
template <class S>
constexpr dtype_kind number_kind() {
    return std::is_same_v<S, bool>                       ? dtype_kind::boolean
           : std::is_integral_v<S>                       ? dtype_kind::integer
           : std::is_floating_point_v<S> || is_half_v<S> ? dtype_kind::floating
                                                         : dtype_kind::complex;
}

/// A bare C++ number (not a tensor): bool, any integer or float, std::complex, the 16-bit floats.
template <class S>
concept number = std::is_arithmetic_v<S> || is_half_v<S> || is_complex_v<S>;

/// The element type of `tensor<T> op number`.
template <element T, number S>
using promote_number_t = typename element_of<
    promote_with_number(dtype_of<T>, number_kind<S>(), dtype(dtype_id::float32)).id()>::type;

/// The dtype that a number alone makes: torch.tensor(1) is int64, torch.tensor(1.5) float32.
template <number S>
using element_of_number = std::conditional_t<
    is_half_v<S>, S,
    typename element_of<promote_with_number(dtype(dtype_id::bool_), number_kind<S>(),
                                            dtype(dtype_id::float32))
                            .id()>::type>;

/// bool and integers become float32 (the type of sin, sqrt, mean, true division).
template <element T>
using floating_t = std::conditional_t<is_floating_v<T> || is_complex_v<T>, T, float>;

inline std::atomic<dtype_id>& default_dtype_state() {
    static std::atomic<dtype_id> state{dtype_id::float32};
    return state;
}

/// torch.get_default_dtype: what `Tensor(...)` and run-time float results use; float32 at start.
inline dtype get_default_dtype() { return default_dtype_state().load(std::memory_order_relaxed); }

/// torch.set_default_dtype. Only real floating dtypes; throws dtype_error otherwise. Thread-safe.
/// The compile-time dtype of `tensor<T>` factories is not affected.
inline void set_default_dtype(dtype d) {
    if (!d.is_floating_point()) {
        fail<dtype_error>("set_default_dtype", {"only floating-point types are supported as the "
                                                "default type, got ",
                                                d.name()});
    }
    default_dtype_state().store(d.id(), std::memory_order_relaxed);
}

}  // namespace lazy

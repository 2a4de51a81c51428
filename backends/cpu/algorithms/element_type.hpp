// The element type a kernel is compiled for: one named by the program, or any, found at run time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "../../../lazy/core/dtype.hpp"

/// Kernels are templates `name_kernel<T>`: with an element type they contain the code for that type
/// alone, with none (`name_kernel<>`) the code for every dtype.
namespace lazy::cpu {

template <element T>
void check_type(dtype d) {
    if (d != dtype_of<T>) {
        fail<dtype_error>("dtype", {"a kernel for ", dtype_of<T>.name(), " was given ", d.name()});
    }
}

/// f(type_tag<T>{}), or for T = void the tag of the C++ type behind `d`.
template <class T, class F>
void dispatch_as(dtype d, F&& f) {
    if constexpr (std::is_void_v<T>) {
        dispatch(d, f);
    } else {
        check_type<T>(d);
        f(type_tag<T>{});
    }
}

/// dispatch_as() for sums that wrap: a signed integer type is handed out as the unsigned one of its
/// size, which adds and multiplies to the same bits.
template <class T, class F>
void dispatch_wrapping(dtype d, F&& f) {
    if constexpr (!std::is_void_v<T>) {
        check_type<T>(d);
        if constexpr (is_integer_v<T>) {
            return f(type_tag<std::make_unsigned_t<T>>{});
        } else {
            return f(type_tag<T>{});
        }
    } else {
        switch (d.id()) {
            case dtype_id::bool_: return f(type_tag<bool>{});
            case dtype_id::uint8:
            case dtype_id::int8: return f(type_tag<std::uint8_t>{});
            case dtype_id::uint16:
            case dtype_id::int16: return f(type_tag<std::uint16_t>{});
            case dtype_id::uint32:
            case dtype_id::int32: return f(type_tag<std::uint32_t>{});
            case dtype_id::uint64:
            case dtype_id::int64: return f(type_tag<std::uint64_t>{});
            case dtype_id::float16: return f(type_tag<float16_t>{});
            case dtype_id::bfloat16: return f(type_tag<bfloat16_t>{});
            case dtype_id::float32: return f(type_tag<float>{});
            case dtype_id::float64: return f(type_tag<double>{});
            case dtype_id::complex64: return f(type_tag<std::complex<float>>{});
            case dtype_id::complex128: return f(type_tag<std::complex<double>>{});
        }
        throw dtype_error("[dtype] not a dtype");
    }
}

}  // namespace lazy::cpu

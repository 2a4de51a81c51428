// A scalar function applied to each lane, where no short vector formula is good enough.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstddef>
#include <type_traits>
#include "../xsimd.hpp"

namespace lazy::cpu::simd::kernel {

/// The next wider type: computing in it and rounding once hides the few ULP that libm's special
/// functions are off.
template <class T>
using wider = std::conditional_t<std::is_same_v<T, float>, double, long double>;

/// f of each lane, in the type Scalar. Not inlined: the call costs nothing beside the scalar
/// functions.
template <class Scalar, class T, class A, class F>
[[gnu::noinline]] xsimd::batch<T, A> each_lane(xsimd::batch<T, A> x, F f) {
    alignas(xsimd::batch<T, A>) T lane[xsimd::batch<T, A>::size];
    x.store_aligned(lane);
    for (T& value : lane) value = static_cast<T>(f(static_cast<Scalar>(value)));
    return xsimd::batch<T, A>::load_aligned(lane);
}

template <class Scalar, class T, class A, class F>
[[gnu::noinline]] xsimd::batch<T, A> each_lane(xsimd::batch<T, A> x, xsimd::batch<T, A> y, F f) {
    constexpr std::size_t size = xsimd::batch<T, A>::size;
    alignas(xsimd::batch<T, A>) T left[size];
    alignas(xsimd::batch<T, A>) T right[size];
    x.store_aligned(left);
    y.store_aligned(right);
    for (std::size_t i = 0; i < size; ++i)
        left[i] = static_cast<T>(f(static_cast<Scalar>(left[i]), static_cast<Scalar>(right[i])));
    return xsimd::batch<T, A>::load_aligned(left);
}

/// `result` with the lanes where |x| > limit replaced by f(x). A lane's value depends on its own x
/// only.
template <class T, class A, class F>
[[gnu::noinline]] xsimd::batch<T, A> replace_beyond(xsimd::batch<T, A> result, xsimd::batch<T, A> x,
                                                    T limit, F f) {
    constexpr std::size_t size = xsimd::batch<T, A>::size;
    alignas(xsimd::batch<T, A>) T argument[size];
    alignas(xsimd::batch<T, A>) T value[size];
    x.store_aligned(argument);
    result.store_aligned(value);
    for (std::size_t i = 0; i < size; ++i)
        if (std::abs(argument[i]) > limit) value[i] = static_cast<T>(f(argument[i]));
    return xsimd::batch<T, A>::load_aligned(value);
}

}  // namespace lazy::cpu::simd::kernel

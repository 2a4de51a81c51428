// Products and moduli of complex numbers in registers, real and imaginary parts side by side.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <utility>

#include "../../lazy/ops/scalar_math.hpp"
#include "pack.hpp"

namespace lazy::cpu {

/// Lanes of a register whose bits the vector extension can shuffle.
template <class T, std::size_t N>
struct lines {
    typedef T type __attribute__((vector_size(N * sizeof(T))));
};
template <class T, std::size_t N>
using line = typename lines<T, N>::type;

/// Every pair (x0, x1) of lanes as (xA, xB). Places are written out: nvcc does not read a shuffle
/// whose places are a parameter pack.
template <int A, int B, class Line>
Line paired(Line v) {
    constexpr std::size_t count = sizeof(Line) / sizeof(v[0]);
    if constexpr (count == 2) {
        return __builtin_shufflevector(v, v, A, B);
    } else if constexpr (count == 4) {
        return __builtin_shufflevector(v, v, A, B, 2 + A, 2 + B);
    } else if constexpr (count == 8) {
        return __builtin_shufflevector(v, v, A, B, 2 + A, 2 + B, 4 + A, 4 + B, 6 + A, 6 + B);
    } else {
        static_assert(count == 16);
        return __builtin_shufflevector(v, v, A, B, 2 + A, 2 + B, 4 + A, 4 + B, 6 + A, 6 + B, 8 + A,
                                       8 + B, 10 + A, 10 + B, 12 + A, 12 + B, 14 + A, 14 + B);
    }
}
/// -0.0 where a real part is, 0.0 where an imaginary one is.
template <class T, std::size_t... I>
line<T, sizeof...(I)> sign_of_first(std::index_sequence<I...>) {
    return line<T, sizeof...(I)>{(I % 2 == 0 ? T(-0.0) : T(0))...};
}

template <class T, std::size_t N>
[[gnu::noinline]] void multiply_lanes(std::complex<T>* out, const std::complex<T>* a,
                                      const std::complex<T>* b) {
    for (std::size_t i = 0; i < N; ++i) {
        out[i] = ops::complex_product(a[i], b[i]);
    }
}

/// ops::complex_product of every lane, with its bits.
template <class T, std::size_t N>
pack<std::complex<T>, N> complex_times(const pack<std::complex<T>, N>& a,
                                       const pack<std::complex<T>, N>& b) {
    constexpr std::size_t parts = batch<T>::size;
    constexpr std::size_t numbers = parts / 2;
    static_assert(N % numbers == 0);
    constexpr std::make_index_sequence<parts> all;
    using bits = line<typename integer_of_size<sizeof(T)>::type, parts>;
    pack<std::complex<T>, N> r;
    for (std::size_t i = 0; i < N; i += numbers) {
        line<T, parts> x;
        line<T, parts> y;
        std::memcpy(&x, a.lane + i, sizeof(x));
        std::memcpy(&y, b.lane + i, sizeof(y));
        // re * re, re * im and im * im, im * re; the second is taken from the first where the
        // result is real. Taking away is adding what has the other sign.
        const line<T, parts> left = ops::rounded_product(paired<0, 0>(x) * y);
        const line<T, parts> right = ops::rounded_product(paired<1, 1>(x) * paired<1, 0>(y));
        const auto turned =
            reinterpret_cast<bits>(right) ^ reinterpret_cast<bits>(sign_of_first<T>(all));
        const line<T, parts> product = left + reinterpret_cast<line<T, parts>>(turned);
        std::memcpy(static_cast<void*>(r.lane + i), &product, sizeof(product));
        batch<T> test;
        std::memcpy(static_cast<void*>(&test.data), &product, sizeof(product));
        if (!xsimd::all(test == test)) {
            multiply_lanes<T, numbers>(r.lane + i, a.lane + i, b.lane + i);
        }
    }
    return r;
}

/// ops::magnitude of every lane, with its bits.
template <std::size_t N>
pack<float, N> complex_magnitude(const pack<std::complex<float>, N>& a) {
    constexpr std::size_t numbers = batch<double>::size;
    static_assert(N % numbers == 0);
    using bits = line<std::uint32_t, numbers>;
    lanes<float, N> r;
    for (std::size_t i = 0; i < N; i += numbers) {
        line<std::uint64_t, numbers> x;
        std::memcpy(&x, a.lane + i, sizeof(x));
        const auto half = [](line<std::uint64_t, numbers> low) {
            const auto word = __builtin_convertvector(low, bits);
            return __builtin_convertvector(reinterpret_cast<line<float, numbers>>(word),
                                           line<double, numbers>);
        };
        const auto re = half(x);
        const auto im = half(x >> 32);
        const line<double, numbers> square = re * re + im * im;
        batch<double> size;
        std::memcpy(static_cast<void*>(&size.data), &square, sizeof(square));
        size = xsimd::sqrt(size);
        line<double, numbers> wide;
        std::memcpy(&wide, &size.data, sizeof(wide));
        const auto narrow = __builtin_convertvector(wide, line<float, numbers>);
        std::memcpy(r.value + i, &narrow, sizeof(narrow));
        if (!xsimd::all(size == size)) {
            for (std::size_t j = i; j < i + numbers; ++j) {
                r.value[j] = ops::magnitude(a.lane[j]);
            }
        }
    }
    return gather(r);
}

}  // namespace lazy::cpu

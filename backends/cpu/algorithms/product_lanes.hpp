// The registers of a matrix product: several elements of the type that products are summed in.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../pack_convert.hpp"

namespace lazy::cpu {

/// The type in which products of T are summed. Small integers may be summed wider: the wrapped
/// result has the same low bits. 16-bit floats are summed as float and rounded once.
template <class T>
struct accumulator : type_tag<T> {};
template <>
struct accumulator<std::uint8_t> : type_tag<std::uint32_t> {};
template <>
struct accumulator<std::uint16_t> : type_tag<std::uint32_t> {};
template <>
struct accumulator<float16_t> : type_tag<float> {};
template <>
struct accumulator<bfloat16_t> : type_tag<float> {};
template <class T>
using accumulator_t = typename accumulator<T>::type;

/// One register of numbers. In packed memory an element has `parts` numbers, part q of all elements
/// of a row standing together, `apart` from the next part.
template <class A>
struct product_lanes {
    using part = A;
    using batch = cpu::batch<A>;
    static constexpr std::size_t parts = 1;
    static constexpr std::size_t width = batch::size;
    batch value;

    static product_lanes zero() { return {batch(A(0))}; }
    static product_lanes repeat(const A& x) { return {batch(x)}; }
    static product_lanes load(const part* p, std::size_t) { return {batch::load_unaligned(p)}; }
    static product_lanes repeat(const part* p, std::size_t) { return {batch(*p)}; }
    void store(part* p, std::size_t) const { value.store_unaligned(p); }
    /// `width` elements of a tensor.
    template <class T>
    static product_lanes load_elements(const T* p) {
        if constexpr (std::is_same_v<T, A>) {
            return {batch::load_unaligned(p)};
        } else if constexpr (is_half_v<T>) {
            alignas(64) A wide[width];
            decode_half(wide, p, width);
            return {batch::load_aligned(wide)};
        } else {
            alignas(64) A wide[width];
            for (std::size_t i = 0; i < width; ++i) {
                wide[i] = convert<A>(p[i]);
            }
            return {batch::load_aligned(wide)};
        }
    }
    void store_elements(A* p) const { value.store_unaligned(p); }
    /// sum + a * b, for floats with one rounding.
    static product_lanes add_product(const product_lanes& sum, const product_lanes& a,
                                     const product_lanes& b) {
        if constexpr (std::is_floating_point_v<A>) {
            return {xsimd::fma(a.value, b.value, sum.value)};
        } else {
            return {a.value * b.value + sum.value};
        }
    }
    friend product_lanes operator+(const product_lanes& a, const product_lanes& b) {
        return {a.value + b.value};
    }
};

/// Complex numbers: real and imaginary parts in registers of their own.
template <class R>
struct product_lanes<std::complex<R>> {
    using part = R;
    using batch = cpu::batch<R>;
    static constexpr std::size_t parts = 2;
    static constexpr std::size_t width = batch::size;
    batch real;
    batch imag;

    static product_lanes zero() { return {batch(R(0)), batch(R(0))}; }
    static product_lanes repeat(const std::complex<R>& x) {
        return {batch(x.real()), batch(x.imag())};
    }
    static product_lanes load(const part* p, std::size_t apart) {
        return {batch::load_unaligned(p), batch::load_unaligned(p + apart)};
    }
    static product_lanes repeat(const part* p, std::size_t apart) {
        return {batch(*p), batch(p[apart])};
    }
    void store(part* p, std::size_t apart) const {
        real.store_unaligned(p);
        imag.store_unaligned(p + apart);
    }
    static product_lanes load_elements(const std::complex<R>* p) {
        alignas(64) R parts_of[2][width];
        for (std::size_t i = 0; i < width; ++i) {
            parts_of[0][i] = p[i].real();
            parts_of[1][i] = p[i].imag();
        }
        return {batch::load_aligned(parts_of[0]), batch::load_aligned(parts_of[1])};
    }
    void store_elements(std::complex<R>* p) const {
        alignas(64) R parts_of[2][width];
        real.store_aligned(parts_of[0]);
        imag.store_aligned(parts_of[1]);
        for (std::size_t i = 0; i < width; ++i) {
            p[i] = {parts_of[0][i], parts_of[1][i]};
        }
    }
    static product_lanes add_product(const product_lanes& sum, const product_lanes& a,
                                     const product_lanes& b) {
        return {xsimd::fnma(a.imag, b.imag, xsimd::fma(a.real, b.real, sum.real)),
                xsimd::fma(a.imag, b.real, xsimd::fma(a.real, b.imag, sum.imag))};
    }
    friend product_lanes operator+(const product_lanes& a, const product_lanes& b) {
        return {a.real + b.real, a.imag + b.imag};
    }
};

}  // namespace lazy::cpu

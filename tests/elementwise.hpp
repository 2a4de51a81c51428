// What the elementwise tests share: sample values, layouts, bits and distances.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"

#include <lazytensor.hpp>

// An operation as a callable that takes typed tensors and run-time ones.
#define UNARY(op) #op, [](const auto& x) { return lazy::op(x); }
#define BINARY(op) #op, [](const auto& x, const auto& y) { return lazy::op(x, y); }

#define INTEGERS                                                                        \
    std::uint8_t, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint16_t, \
        std::uint32_t, std::uint64_t
#define FLOATS float, double, lazy::float16_t, lazy::bfloat16_t

namespace elementwise {

using real = long double;

/// Extremes of T first, then random values.
template <class T>
std::vector<T> samples(std::size_t count = 160) {
    std::vector<T> v;
    std::mt19937_64 random(17);
    if constexpr (std::is_same_v<T, bool>) {
        while (v.size() < count) v.push_back(random() % 2 == 0);
    } else if constexpr (lazy::is_complex_v<T>) {
        using part = typename T::value_type;
        const auto parts = samples<part>(count);
        for (part re : {part(0), part(-0.0), part(1), part(-2.5)})
            for (part im : {part(0), part(-0.0), part(1), part(-0.75)}) v.emplace_back(re, im);
        while (v.size() < count)
            v.emplace_back(parts[random() % parts.size()], parts[random() % parts.size()]);
    } else if constexpr (std::is_integral_v<T>) {
        using limits = std::numeric_limits<T>;
        v = {T(0),
             T(1),
             T(-1),
             T(2),
             T(3),
             T(5),
             T(7),
             T(8),
             T(15),
             T(16),
             T(31),
             T(32),
             T(63),
             T(64),
             T(-2),
             T(-7),
             limits::min(),
             limits::max(),
             T(limits::min() + 1),
             T(limits::max() - 1),
             T(limits::max() / 2)};
        while (v.size() < count) v.push_back(static_cast<T>(random() >> (random() % 64)));
    } else {
        // Extremes of the type, written as floats so that the 16-bit types are made the same way.
        const auto push = [&](double x) {
            v.push_back(T(static_cast<float>(x))), v.push_back(T(static_cast<float>(-x)));
        };
        for (double x :
             {0., 0.25, 0.4, 0.5, 1., 1.5, 2., 2.5, 3., 3.5, 7., 88., 1e3, 3e-3, 6e-8, 65504., 1e5})
            push(x);
        push(std::numeric_limits<double>::infinity());
        push(std::numeric_limits<double>::quiet_NaN());
        if constexpr (std::is_floating_point_v<T>) {
            using limits = std::numeric_limits<T>;
            for (T x : {limits::denorm_min(), limits::min() / 2, limits::min(), limits::max(),
                        limits::epsilon()})
                v.push_back(x), v.push_back(-x);
        } else {
            for (std::uint16_t bits :
                 {0x0001, 0x03ff, 0x0400, 0x007f, 0x0080, 0x7bff, 0x7f7f, 0x8001, 0xfbff}) {
                T x;
                x.bits = bits;
                v.push_back(x);
            }
        }
        std::normal_distribution<float> near(0, 4);
        while (v.size() < count) v.push_back(T(near(random)));
    }
    return v;
}

/// All pairs of the extremes, then random pairs.
template <class T>
std::pair<std::vector<T>, std::vector<T>> sample_pairs(std::size_t extremes = 44) {
    const auto x = samples<T>();
    std::pair<std::vector<T>, std::vector<T>> p;
    const auto add = [&](T a, T b) { p.first.push_back(a), p.second.push_back(b); };
    for (std::size_t i = 0; i < extremes; ++i)
        for (std::size_t k = 0; k < extremes; ++k) add(x[i], x[k]);
    for (std::size_t i = 0; i < x.size(); ++i) add(x[i], x[(i * 7 + 3) % x.size()]);
    return p;
}

/// Distance in units of the last place of `want` rounded to T; infinite where NaN, infinity or a
/// zero's sign is wrong.
template <class T>
double ulp_error(T got, real want) {
    constexpr double wrong = std::numeric_limits<double>::infinity();
    if (std::isnan(want) || std::isnan(real(got)))
        return std::isnan(want) && std::isnan(real(got)) ? 0 : wrong;
    if constexpr (!std::is_floating_point_v<T>) {
        // The 16-bit floats: their bits count values from zero up, so that neighbours differ by
        // one.
        const T rounded(static_cast<float>(want));
        if ((got.bits ^ rounded.bits) & 0x8000)
            return (got.bits | rounded.bits) & 0x7fff ? wrong : 0.5;
        return std::abs(int(got.bits) - int(rounded.bits));
    } else {
        const T rounded = static_cast<T>(want);
        if (std::isinf(got) || std::isinf(rounded)) {
            if (got == rounded) return 0;
            const T finite = std::isinf(got) ? rounded : got;
            return std::abs(finite) == std::numeric_limits<T>::max() &&
                           std::signbit(got) == std::signbit(rounded)
                       ? 1
                       : wrong;
        }
        if (want == 0) return got == T(0) && std::signbit(got) == std::signbit(want) ? 0 : wrong;
        const int exponent = std::max(std::ilogb(want), std::numeric_limits<T>::min_exponent - 1);
        const real unit = std::ldexp(real(1), exponent - std::numeric_limits<T>::digits + 1);
        return static_cast<double>(std::abs(static_cast<real>(got) - want) / unit);
    }
}

/// A tensor's elements in row-major order, byte for byte.
struct contents {
    lazy::dtype type = lazy::float32;
    lazy::shape sizes;
    std::vector<unsigned char> bytes;
};

inline contents read(const lazy::Tensor& t) {
    const lazy::array_interface a = t.numpy();
    contents c{a.dtype(), a.shape(), {}};
    const std::size_t item = a.dtype().itemsize();
    const std::int64_t n = a.shape().numel();
    c.bytes.resize(static_cast<std::size_t>(n) * item);
    for (std::int64_t i = 0; i < n; ++i) {
        std::int64_t rest = i, at = 0;
        for (std::size_t d = a.shape().size(); d-- > 0;) {
            at += rest % a.shape()[d] * a.strides()[d];
            rest /= a.shape()[d];
        }
        std::memcpy(&c.bytes[static_cast<std::size_t>(i) * item],
                    reinterpret_cast<const unsigned char*>(a.data()) + at, item);
    }
    return c;
}

/// True iff the float part at p is NaN.
inline bool is_nan_part(lazy::dtype_id type, const unsigned char* p) {
    std::uint64_t bits = 0;
    switch (type) {
        case lazy::dtype_id::float16: std::memcpy(&bits, p, 2); return (bits & 0x7fff) > 0x7c00;
        case lazy::dtype_id::bfloat16: std::memcpy(&bits, p, 2); return (bits & 0x7fff) > 0x7f80;
        case lazy::dtype_id::complex64:
        case lazy::dtype_id::float32:
            std::memcpy(&bits, p, 4);
            return (bits & 0x7fffffff) > 0x7f800000;
        case lazy::dtype_id::complex128:
        case lazy::dtype_id::float64:
            std::memcpy(&bits, p, 8);
            return (bits & ~(1ull << 63)) > 0x7ff0000000000000ull;
        default: return false;
    }
}

/// Index of the first of n elements whose bits differ (a NaN equals a NaN); -1 if there is none.
inline std::int64_t first_difference(const contents& a, std::size_t from_a, const contents& b,
                                     std::size_t from_b, std::size_t n) {
    const std::size_t item = a.type.itemsize(), part = a.type.is_complex() ? item / 2 : item;
    for (std::size_t i = 0; i < n * item; i += part) {
        const unsigned char *p = &a.bytes[from_a * item + i], *q = &b.bytes[from_b * item + i];
        if (std::memcmp(p, q, part) != 0 &&
            !(is_nan_part(a.type.id(), p) && is_nan_part(a.type.id(), q)))
            return static_cast<std::int64_t>(i / item);
    }
    return -1;
}

/// Same dtype, shape and bits.
inline bool same(const contents& a, const contents& b) {
    return a.type == b.type && a.sizes == b.sizes && a.bytes.size() == b.bytes.size() &&
           first_difference(a, 0, b, 0, a.bytes.size() / a.type.itemsize()) == -1;
}
inline bool same(const lazy::Tensor& a, const lazy::Tensor& b) { return same(read(a), read(b)); }

/// A float read as what it is, to be printed.
template <class T>
std::string text(const T& v) {
    lazy::scalar s(v);
    std::ostringstream out;
    out.precision(17);
    out << s;
    return out.str();
}

/// How far `got` is from the oracle's answer: ULP of a long double, otherwise 0 (same bits, or both
/// NaN) or infinity.
template <class R, class W>
double distance(const R& got, const W& want) {
    if constexpr (std::is_same_v<W, real>) {
        return ulp_error<R>(got, want);
    } else {
        static_assert(std::is_same_v<R, W>, "the oracle gives another type than the operation");
        contents a{lazy::dtype_of<R>, {}, {}}, b = a;
        a.bytes.resize(sizeof(R)), b.bytes.resize(sizeof(R));
        std::memcpy(a.bytes.data(), &got, sizeof(R)), std::memcpy(b.bytes.data(), &want, sizeof(R));
        return same(a, b) ? 0 : std::numeric_limits<double>::infinity();
    }
}

/// f over the samples against the oracle, and the run-time path against the typed one, bit for bit.
template <class T, class F, class O>
void check_unary(const char* name, F f, O oracle, double bound = 0) {
    const auto x = samples<T>();
    const lazy::tensor<T> input(x);
    const lazy::tensor result(f(input));
    const auto values = result.tolist();
    double worst = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double error = distance(values.flat()[i], oracle(T(x[i])));
        if (error > worst) worst = error, at = i;
    }
    INFO(name << " of " << lazy::dtype_of<T> << ": " << worst << " ULP at " << text(T(x[at]))
              << ": " << text(values.flat()[at]));
    CHECK(worst <= bound);
    CHECK(same(lazy::Tensor(f(lazy::Tensor(input))), result));
}

/// The same for two operands; `usable` picks the pairs.
template <class T, class F, class O, class P>
void check_binary_where(const char* name, F f, O oracle, double bound, P usable) {
    auto pairs = sample_pairs<T>();
    std::vector<T> x, y;
    for (std::size_t i = 0; i < pairs.first.size(); ++i)
        if (usable(pairs.first[i], pairs.second[i]))
            x.push_back(pairs.first[i]), y.push_back(pairs.second[i]);
    const lazy::tensor<T> a(x), b(y);
    const lazy::tensor result(f(a, b));
    const auto values = result.tolist();
    double worst = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double error = distance(values.flat()[i], oracle(T(x[i]), T(y[i])));
        if (error > worst) worst = error, at = i;
    }
    INFO(name << " of " << lazy::dtype_of<T> << ": " << worst << " ULP at " << text(T(x[at]))
              << ", " << text(T(y[at])) << ": " << text(values.flat()[at]));
    CHECK(worst <= bound);
    CHECK(same(lazy::Tensor(f(lazy::Tensor(a), lazy::Tensor(b))), result));
}
template <class T, class F, class O>
void check_binary(const char* name, F f, O oracle, double bound = 0) {
    check_binary_where<T>(name, f, oracle, bound, [](const T&, const T&) { return true; });
}

}  // namespace elementwise

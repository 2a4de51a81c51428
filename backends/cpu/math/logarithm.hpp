// log, log2, log10, log1p and logaddexp.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "bits.hpp"
#include "exponential.hpp"
#include "fused.hpp"
#include "lanes.hpp"
#include "pair.hpp"
#include "polynomial.hpp"
#include "widen.hpp"

namespace lazy::cpu::simd {

namespace kernel {

/// x = 2^k (1 + f), 1 + f in [sqrt(1/2), sqrt(2)); x positive, normal and finite.
template <class B>
struct log_split {
    B k, f;
};

template <class A>
inline log_split<xsimd::batch<double, A>> split_log(xsimd::batch<double, A> x) {
    using B = xsimd::batch<double, A>;
    using bits = xsimd::batch<std::uint64_t, A>;
    constexpr std::uint64_t root = 0x3fe6a09e667f3bcd;  // the bits of sqrt(1/2)
    const bits moved = to_bits(x) + bits((std::uint64_t(1023) << 52) - root);
    const bits reduced = (moved & bits((std::uint64_t(1) << 52) - 1)) + bits(root);
    // The biased exponent under the bits of 2^52 is the number 2^52 + exponent.
    const B biased = from_bits<double, A>((moved >> 52) | to_bits(B(0x1p52)));
    return {biased - B(0x1p52 + 1023), from_bits<double, A>(reduced) - B(1.0)};
}

/// k ln 2 + log(1 + f) + tail to better than 1 ULP. With s = f / (2 + f), log(1 + f) = 2 s + s^3
/// p(s^2), p a Chebyshev fit with relative error 2^-57.6; summed as in fdlibm's e_log.c, which
/// keeps the rounding errors small.
template <class A>
inline xsimd::batch<double, A> log_sum(xsimd::batch<double, A> k, xsimd::batch<double, A> f,
                                       xsimd::batch<double, A> tail) {
    using B = xsimd::batch<double, A>;
    const B s = f / (B(2.0) + f);
    const B z = s * s;
    const B p =
        polynomial(z, 0.14616721179861816, 0.15331699633543858, 0.18182889786191042,
                   0.2222221112572281, 0.28571428626031065, 0.3999999999989938, 0.666666666666667);
    const B half_f = B(0.5) * f;
    const B correction =
        kernel::fma(s, kernel::fma(z, p, half_f * f), kernel::fma(k, B(ln2_low<double>), tail));
    return kernel::fma(k, B(ln2_high<double>), f - kernel::fms(half_f, f, correction));
}

/// k from the bits of a float less those of the number where 1 + f begins.
template <class A>
inline xsimd::batch<float, A> log_exponent(xsimd::batch<std::uint32_t, A> moved) {
    return xsimd::to_float(reinterpret<std::int32_t>(moved) >> 23);
}

template <class Base, class A>
inline log_split<xsimd::batch<float, A>> split_log_of(xsimd::batch<float, A> x) {
    using bits = xsimd::batch<std::uint32_t, A>;
    const bits moved = to_bits(x) - bits(Base::start);
    const bits reduced = (moved & bits(0x007fffffu)) + bits(Base::start);
    return {log_exponent(moved), from_bits<float, A>(reduced) - xsimd::batch<float, A>(1.0f)};
}

// The bases of float's logarithms: the bits of the number where 1 + f begins, 3/4 or sqrt(1/2);
// log_b(2) in two parts, of which the high one has so few bits that its product with k is exact;
// 1 / log(b) in two parts; q in log_b(1 + f) = f / log(b) + f^2 q(f), minimax fits with relative
// error 2^-27.6.

struct base_e {
    static constexpr std::uint32_t start = 0x3f400000;
    static constexpr float two_high = ln2_high<float>, two_low = ln2_low<float>;
    static constexpr float slope = 1.0f, slope_low = 0.0f;
    template <class B>
    static B series(B f) {
        return polynomial(f, -0.045152269303798676, 0.10472550988197327, -0.13163936138153076,
                          0.14477629959583282, -0.1664687842130661, 0.19990848004817963,
                          -0.25000110268592834, 0.3333345055580139, -0.5);
    }
};
struct base_2 {
    static constexpr std::uint32_t start = 0x3f3504f3;
    static constexpr float two_high = 1.0f, two_low = 0.0f;
    static constexpr float slope = 0x1.715476p+0f, slope_low = 0x1.4ae0cp-26f;
    template <class B>
    static B series(B f) {
        return polynomial(f, -0.1102558970451355, 0.18708819150924683, -0.19139082729816437,
                          0.20448657870292664, -0.2395673543214798, 0.28857141733169556,
                          -0.3606986701488495, 0.4808982014656067, -0.7213473320007324);
    }
};
struct base_10 {
    static constexpr std::uint32_t start = base_2::start;
    static constexpr float two_high = 0x1.344p-2f, two_low = 0x1.3509f8p-18f;
    static constexpr float slope = 0x1.bcb7b2p-2f, slope_low = -0x1.5b235ep-27f;
    template <class B>
    static B series(B f) {
        return polynomial(f, -0.03327130898833275, 0.056279804557561874, -0.057564299553632736,
                          0.06155947968363762, -0.07212289422750473, 0.08686868101358414,
                          -0.10858089476823807, 0.14476478099822998, -0.21714718639850616);
    }
};

/// log_b(2^k (1 + f)) for a base b. The terms before f^2 are summed with what rounding
/// loses.
template <class Base, class B>
inline B log_sum_of(B k, B f) {
    B whole = k, linear = f;
    if constexpr (Base::two_low != 0.0f) whole = k * B(Base::two_high);
    if constexpr (Base::slope_low != 0.0f) linear = f * B(Base::slope);
    const auto sum = exact_sum(whole, linear);
    B low = sum.low;
    if constexpr (Base::two_low != 0.0f) low = kernel::fma(k, B(Base::two_low), low);
    if constexpr (Base::slope_low != 0.0f)
        low = kernel::fma(f, B(Base::slope_low), low + exact_product(f, B(Base::slope)).low);
    return sum.high + kernel::fma(f * f, Base::series(f), low);
}

/// log in double with the accuracy of float, for positive normal finite x. A polynomial in f, as a
/// division in double takes longer than the additional terms; Chebyshev fit, relative error
/// 2^-37.4.
template <class A>
inline xsimd::batch<double, A> log_for_float(xsimd::batch<double, A> x) {
    using B = xsimd::batch<double, A>;
    const auto split = split_log(x);
    const B p = polynomial(split.f, -0.04859593890804362, 0.0906843570876136, -0.0922522523457726,
                           0.09040081221588472, -0.09901920707495483, 0.11106871277693099,
                           -0.12504760145852065, 0.1428604799465845, -0.16666562184608597,
                           0.19999993212893047, -0.2500000085556261, 0.3333333336691037,
                           -0.49999999998829014);
    return kernel::fma(split.k, B(0.69314718055994530942),
                       kernel::fma(split.f * split.f, p, split.f));
}

/// What every logarithm answers outside (0, infinity); `value` inside.
template <class B>
inline B log_domain(B x, B value) {
    const B zero(typename B::value_type(0));
    const B inside = xsimd::select(x == infinity<B>(), x, value);
    return xsimd::select(x > zero, inside,
                         xsimd::select(x == zero, -infinity<B>(), not_a_number<B>()));
}

/// The same for log1p, outside (-1, infinity).
template <class B>
inline B log1p_domain(B x, B value) {
    const B minus_one(typename B::value_type(-1));
    const B inside = xsimd::select(x == infinity<B>(), x, value);
    return xsimd::select(x > minus_one, inside,
                         xsimd::select(x == minus_one, -infinity<B>(), not_a_number<B>()));
}

/// log_sum of positive normal finite x; lanes with other x elsewhere, as they are rare.
template <class Base, class A>
inline xsimd::batch<float, A> log_usual(xsimd::batch<float, A> x, xsimd::batch<float, A> scaled) {
    const auto split = split_log_of<Base>(x);
    return log_sum_of<Base>(split.k - scaled, split.f);
}

template <class Base, class A>
[[gnu::noinline]] xsimd::batch<float, A> log_unusual(xsimd::batch<float, A> x) {
    using B = xsimd::batch<float, A>;
    const auto denormal = x < B(std::numeric_limits<float>::min());
    return log_domain(x, log_usual<Base>(xsimd::select(denormal, x * B(0x1p24f), x),
                                         xsimd::select(denormal, B(24.0f), B(0.0f))));
}

template <class Base, class A>
inline xsimd::batch<float, A> log_of(xsimd::batch<float, A> x) {
    using B = xsimd::batch<float, A>;
    using limits = std::numeric_limits<float>;
    if (xsimd::all((x >= B(limits::min())) & (x <= B(limits::max()))))
        return log_usual<Base>(x, B(0.0f));
    return log_unusual<Base>(x);
}

}  // namespace kernel

template <class T, class A>
inline xsimd::batch<T, A> log(xsimd::batch<T, A> x) {
    using B = xsimd::batch<T, A>;
    if constexpr (std::is_same_v<T, float>) {
        return kernel::log_of<kernel::base_e>(x);
    } else {
        const auto denormal = x < B(std::numeric_limits<T>::min());
        const auto split = kernel::split_log(xsimd::select(denormal, x * B(0x1p53), x));
        const B k = xsimd::select(denormal, split.k - B(53.0), split.k);
        return kernel::log_domain(x, kernel::log_sum(k, split.f, B(0.0)));
    }
}

template <class T, class A>
inline xsimd::batch<T, A> log2(xsimd::batch<T, A> x) {
    if constexpr (std::is_same_v<T, float>)
        return kernel::log_of<kernel::base_2>(x);
    else
        return kernel::each_lane<T>(x, [](T v) { return std::log2(v); });
}

template <class T, class A>
inline xsimd::batch<T, A> log10(xsimd::batch<T, A> x) {
    if constexpr (std::is_same_v<T, float>)
        return kernel::log_of<kernel::base_10>(x);
    else
        return kernel::each_lane<T>(x, [](T v) { return std::log10(v); });
}

/// With k that of the rounded 1 + x, 1 + f = (1 + x) / 2^k, so f = x / 2^k + (1 / 2^k - 1). That is
/// exact: it is x, or a difference of numbers within a factor of two, as 1 + f is in [3/4, 3/2).
/// (Below 2^-24 the bits of 1 / 2^k do not matter.) A fourth of 4 / 2^k, as 1 / 2^k can be
/// denormal.
template <class A>
inline xsimd::batch<float, A> log1p(xsimd::batch<float, A> x) {
    using B = xsimd::batch<float, A>;
    using bits = xsimd::batch<std::uint32_t, A>;
    const B one(1.0f), quarter(0.25f);
    const bits moved = kernel::to_bits(one + x) - bits(kernel::base_e::start);
    const B scale =
        kernel::from_bits<float, A>(kernel::to_bits(B(4.0f)) - (moved & bits(0xff800000u)));
    const B f = kernel::fma(x * scale, quarter, kernel::fms(scale, quarter, one));
    const B sum = kernel::log_sum_of<kernel::base_e>(kernel::log_exponent(moved), f);
    const B value = kernel::with_sign(sum, x);  // -0 of -0
    if (xsimd::all((x > B(-1.0f)) & (x <= B(std::numeric_limits<float>::max())))) return value;
    return kernel::log1p_domain(x, value);
}

/// log(1 + x) = log(u) + c / u with u + c = 1 + x exactly.
template <class A>
inline xsimd::batch<double, A> log1p(xsimd::batch<double, A> x) {
    using B = xsimd::batch<double, A>;
    const B one(1.0), u = one + x;
    const B whole = u - one;
    const B lost = (one - (u - whole)) + (x - whole);
    const auto split = kernel::split_log(u);
    const B value = kernel::log1p_domain(x, kernel::log_sum(split.k, split.f, lost / u));
    return xsimd::select(xsimd::abs(x) < B(0x1p-54), x, value);
}

/// log(exp(x) + exp(y)) without overflow: the larger plus log1p(exp(smaller - larger)). Where the
/// sum passes zero, only its absolute error is small.
template <class T, class A>
inline xsimd::batch<T, A> logaddexp(xsimd::batch<T, A> x, xsimd::batch<T, A> y) {
    const auto compute = [](auto a, auto b) {
        using B = decltype(a);
        const B larger = xsimd::select(a > b, a, b), smaller = xsimd::select(a > b, b, a);
        const B gap = smaller - larger;
        return larger + simd::log1p(simd::exp(gap));
    };
    using B = xsimd::batch<T, A>;
    B value;
    if constexpr (std::is_same_v<T, float>)
        value = kernel::in_double(x, y, compute);
    else
        value = compute(x, y);
    // inf - inf is the only way to NaN from two numbers.
    const auto same_infinity = (x == y) & (xsimd::abs(x) == kernel::infinity<B>());
    return xsimd::select(same_infinity, x,
                         xsimd::select(kernel::is_nan(x) | kernel::is_nan(y), x + y, value));
}

}  // namespace lazy::cpu::simd

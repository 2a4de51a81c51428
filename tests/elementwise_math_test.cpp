// Transcendental, special, rounding functions and complex numbers against long double std::.
// SPDX-License-Identifier: BSD-3-Clause

#include "elementwise.hpp"

using namespace elementwise;

namespace {

constexpr double bound = 2;  // ULP, of any float dtype

#define AGAINST_STD(op) \
    check_unary<T>(     \
        UNARY(op), [](T x) { return std::op(real(as_float(x))); }, bound)

/// What a float function sees of a number: integers become float32 first.
template <class T>
auto as_float(T x) {
    if constexpr (std::is_integral_v<T>)
        return static_cast<float>(x);
    else
        return x;
}

template <class T>
using result_type = std::conditional_t<std::is_integral_v<T>, float, T>;

real exact_sigmoid(real x) {
    return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
}

real exact_logaddexp(real a, real b) {
    if (std::isnan(a) || std::isnan(b)) return a + b;
    const real high = std::max(a, b);
    return std::isinf(high) ? high : high + std::log1p(std::exp(std::min(a, b) - high));
}

/// Parts within `bound` units of the last place of the larger one, for a result that neither
/// overflows nor vanishes.
template <class P, class F, class O>
void check_complex(const char* name, F f, O oracle, double bound_of_norm = 8) {
    using C = std::complex<P>;
    std::vector<C> x, y;
    const P parts[] = {0, 1, P(-2.5), P(0.75), P(-0.125), 7, P(1e-3), P(-30)};
    for (P a : parts)
        for (P b : parts)
            for (P c : parts) x.emplace_back(a, b), y.emplace_back(c, a + 1);
    const lazy::tensor<C> a(x), b(y);
    const lazy::tensor result(f(a, b));
    const auto values = result.tolist();
    double worst = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::complex<real> want = oracle(std::complex<real>(x[i]), std::complex<real>(y[i]));
        if (!std::isfinite(std::abs(want))) continue;
        const std::complex<real> got(values.flat()[i]);
        const real unit = std::abs(want) * std::numeric_limits<P>::epsilon() +
                          std::numeric_limits<P>::denorm_min();
        const double error = static_cast<double>(std::abs(got - want) / unit);
        if (!(error <= worst)) worst = error, at = i;
    }
    INFO(name << ": " << worst << " at " << x[at] << ", " << y[at] << ": "
              << text(values.flat()[at]));
    CHECK(worst <= bound_of_norm);
    CHECK(same(lazy::Tensor(f(lazy::Tensor(a), lazy::Tensor(b))), result));
}
#define COMPLEX(op)                                                  \
    check_complex<P>(                                                \
        #op, [](const auto& x, const auto&) { return lazy::op(x); }, \
        [](std::complex<real> x, std::complex<real>) { return std::op(x); })

}  // namespace

TEMPLATE_TEST_CASE("exponentials, logarithms and roots", "[elementwise]", FLOATS, std::int32_t,
                   std::uint8_t) {
    using T = TestType;
    AGAINST_STD(exp);
    AGAINST_STD(exp2);
    AGAINST_STD(expm1);
    AGAINST_STD(log);
    AGAINST_STD(log2);
    AGAINST_STD(log10);
    AGAINST_STD(log1p);
    AGAINST_STD(cbrt);
    AGAINST_STD(sqrt);
    check_unary<T>(
        UNARY(rsqrt), [](T x) { return 1 / std::sqrt(real(as_float(x))); }, bound);
    check_unary<T>(
        UNARY(sigmoid), [](T x) { return exact_sigmoid(as_float(x)); }, bound);
}

TEMPLATE_TEST_CASE("trigonometric and hyperbolic functions", "[elementwise]", FLOATS,
                   std::int64_t) {
    using T = TestType;
    AGAINST_STD(sin);
    AGAINST_STD(cos);
    AGAINST_STD(tan);
    AGAINST_STD(asin);
    AGAINST_STD(acos);
    AGAINST_STD(atan);
    AGAINST_STD(sinh);
    AGAINST_STD(cosh);
    AGAINST_STD(tanh);
    AGAINST_STD(asinh);
    AGAINST_STD(acosh);
    AGAINST_STD(atanh);
}

TEMPLATE_TEST_CASE("special functions and rounding", "[elementwise]", FLOATS) {
    using T = TestType;
    AGAINST_STD(erf);
    AGAINST_STD(erfc);
    AGAINST_STD(tgamma);
    AGAINST_STD(lgamma);
    check_unary<T>(UNARY(floor), [](T x) { return std::floor(real(x)); });
    check_unary<T>(UNARY(ceil), [](T x) { return std::ceil(real(x)); });
    check_unary<T>(UNARY(trunc), [](T x) { return std::trunc(real(x)); });
    check_unary<T>(UNARY(round), [](T x) { return std::nearbyint(real(x)); });
    check_unary<T>(UNARY(isnan), [](T x) { return std::isnan(real(x)); });
    check_unary<T>(UNARY(isinf), [](T x) { return std::isinf(real(x)); });
    check_unary<T>(UNARY(isfinite), [](T x) { return std::isfinite(real(x)); });
    check_unary<T>(UNARY(signbit), [](T x) { return std::signbit(real(x)); });
    check_unary<T>(
        UNARY(angle),
        [](T x) {
            return std::isnan(real(x)) ? real(x)
                   : real(x) < 0       ? real(3.14159265358979323846264L)
                                       : real(0);
        },
        1);
}

TEMPLATE_TEST_CASE("functions of two floats", "[elementwise]", FLOATS) {
    using T = TestType;
    check_binary<T>(
        BINARY(pow), [](T a, T b) { return std::pow(real(a), real(b)); }, bound);
    check_binary<T>(
        BINARY(atan2), [](T a, T b) { return std::atan2(real(a), real(b)); }, bound);
    check_binary<T>(
        BINARY(hypot), [](T a, T b) { return std::hypot(real(a), real(b)); }, bound);
    check_binary<T>(BINARY(copysign), [](T a, T b) { return std::copysign(real(a), real(b)); });
    // Where the sum of the exponentials passes 1 the result is a difference of logarithms, with an
    // absolute error only.
    check_binary_where<T>(
        BINARY(logaddexp), [](T a, T b) { return exact_logaddexp(a, b); }, bound,
        [](T a, T b) { return !(real(a) < 0 && real(b) < 0) && !(real(a) * real(b) < 0); });
}

TEMPLATE_TEST_CASE("nextafter steps by one representable value", "[elementwise]", float, double) {
    using T = TestType;
    check_binary<T>(BINARY(nextafter), [](T a, T b) { return std::nextafter(a, b); });
}

TEMPLATE_TEST_CASE("nextafter of 16-bit floats steps by one of their values", "[elementwise]",
                   lazy::float16_t, lazy::bfloat16_t) {
    using T = TestType;
    check_binary<T>(BINARY(nextafter), [](T a, T b) {
        const float x = a, y = b;
        T r = a;
        if (std::isnan(x) || std::isnan(y))
            r = T(x + y);
        else if (x == y)
            r = b;
        else if (x == 0)
            r.bits = static_cast<std::uint16_t>(y < 0 ? 0x8001 : 1);
        else
            r.bits = static_cast<std::uint16_t>(a.bits + ((x < y) == (x > 0) ? 1 : -1));
        return r;
    });
}

TEMPLATE_TEST_CASE("complex arithmetic", "[elementwise]", float, double) {
    using P = TestType;
    using C = std::complex<real>;
    check_complex<P>(
        "add", [](const auto& x, const auto& y) { return x + y; }, [](C x, C y) { return x + y; });
    check_complex<P>(
        "sub", [](const auto& x, const auto& y) { return x - y; }, [](C x, C y) { return x - y; });
    check_complex<P>(
        "mul", [](const auto& x, const auto& y) { return x * y; }, [](C x, C y) { return x * y; });
    check_complex<P>(
        "div", [](const auto& x, const auto& y) { return x / y; }, [](C x, C y) { return x / y; });
    check_complex<P>(
        "neg", [](const auto& x, const auto&) { return -x; }, [](C x, C) { return -x; });
    check_complex<P>(
        "square", [](const auto& x, const auto&) { return lazy::square(x); },
        [](C x, C) { return x * x; });
    check_complex<P>(
        "reciprocal", [](const auto& x, const auto&) { return lazy::reciprocal(x); },
        [](C x, C) { return C(1) / x; });
    COMPLEX(exp);
    COMPLEX(log);
    COMPLEX(sqrt);
    COMPLEX(sin);
    COMPLEX(cos);
    COMPLEX(sinh);
    COMPLEX(cosh);
    COMPLEX(tanh);
    COMPLEX(conj);
    using T = std::complex<P>;
    check_unary<T>(
        UNARY(abs), [](T x) { return std::hypot(real(x.real()), real(x.imag())); }, bound);
    check_unary<T>(
        UNARY(angle), [](T x) { return std::atan2(real(x.imag()), real(x.real())); }, bound);
    check_unary<T>(UNARY(real), [](T x) { return x.real(); });
    check_unary<T>(UNARY(imag), [](T x) { return x.imag(); });
    check_binary<T>(BINARY(eq), [](T x, T y) { return x == y; });
    check_binary<T>(BINARY(ne), [](T x, T y) { return x != y; });
    check_unary<T>(UNARY(logical_not), [](T x) { return x == T(0); });
}

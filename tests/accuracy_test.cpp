// How far each SIMD function is from the exact answer, against long double std:: functions.
// SPDX-License-Identifier: BSD-3-Clause

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "../backends/cpu/simd_math.hpp"

namespace {

namespace simd = lazy::cpu::simd;
using real = long double;

/// Distance in units of the last place of `want` rounded to T; infinite where NaN, infinity or a
/// zero's sign is wrong.
template <class T>
double ulp_error(T got, real want) {
    constexpr double wrong = std::numeric_limits<double>::infinity();
    const T rounded = static_cast<T>(want);
    if (std::isnan(want) || std::isnan(got)) return std::isnan(want) && std::isnan(got) ? 0 : wrong;
    if (std::isinf(got) || std::isinf(rounded)) {
        if (got == rounded) return 0;
        const T finite = std::isinf(got) ? rounded : got;
        const bool neighbour = std::abs(finite) == std::numeric_limits<T>::max();
        return neighbour && std::signbit(got) == std::signbit(rounded) ? 1 : wrong;
    }
    if (want == 0) return got == T(0) && std::signbit(got) == std::signbit(want) ? 0 : wrong;
    const int exponent = std::max(std::ilogb(want), std::numeric_limits<T>::min_exponent - 1);
    const real unit = std::ldexp(real(1), exponent - std::numeric_limits<T>::digits + 1);
    return static_cast<double>(std::abs(static_cast<real>(got) - want) / unit);
}

/// Special values, random bit patterns (every magnitude equally often) and a dense range where the
/// function is at work.
template <class T>
std::vector<T> arguments(double from, double to, std::size_t count, unsigned seed) {
    using limits = std::numeric_limits<T>;
    std::vector<T> values;
    for (double v : {0.0, 0.4, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 8.0, 1e5, 1e7, 1e22}) {
        values.push_back(static_cast<T>(v));
        values.push_back(static_cast<T>(-v));
    }
    for (T v : {limits::infinity(), limits::quiet_NaN(), limits::denorm_min(), limits::min() / 2,
                limits::min(), limits::max(), limits::epsilon()}) {
        values.push_back(v);
        values.push_back(-v);
    }
    std::mt19937_64 bits(seed);
    std::uniform_real_distribution<double> dense(from, to);
    while (values.size() < count) {
        const auto word = static_cast<simd::kernel::word<T>>(bits());
        T value;
        std::memcpy(&value, &word, sizeof value);
        values.push_back(value);
        values.push_back(static_cast<T>(dense(bits)));
    }
    values.resize(count / 64 * 64);
    return values;
}

/// The largest error of `function` over x (and y), and that a lane's result does not depend on its
/// neighbours.
template <class T, class Function, class Oracle>
void check(const char* name, double bound, const std::vector<T>& x, Function function,
           Oracle oracle) {
    using B = lazy::cpu::batch<T>;
    double worst = 0;
    T at = 0;
    for (std::size_t i = 0; i < x.size(); i += B::size) {
        T out[B::size], alone[B::size];
        function(B::load_unaligned(&x[i])).store_unaligned(out);
        const std::size_t lane = (i / B::size) % B::size;
        function(B(x[i + lane])).store_unaligned(alone);
        if (std::memcmp(&alone[lane], &out[lane], sizeof(T)) != 0 &&
            !(alone[lane] != alone[lane])) {
            INFO(name << ": lane alone differs at " << x[i + lane]);
            CHECK(alone[lane] == out[lane]);
        }
        for (std::size_t k = 0; k < B::size; ++k) {
            const double error =
                ulp_error(out[k], static_cast<real>(oracle(static_cast<real>(x[i + k]))));
            if (error > worst) worst = error, at = x[i + k];
        }
    }
    INFO(name << ": " << worst << " ULP at " << static_cast<double>(at));
    CHECK(worst <= bound);
}

template <class T, class Function, class Oracle>
void check(const char* name, double bound, const std::vector<T>& x, const std::vector<T>& y,
           Function function, Oracle oracle) {
    using B = lazy::cpu::batch<T>;
    double worst = 0;
    T at_x = 0, at_y = 0;
    const auto compare = [&](T a, T b, T got) {
        const double error =
            ulp_error(got, static_cast<real>(oracle(static_cast<real>(a), static_cast<real>(b))));
        if (error > worst) worst = error, at_x = a, at_y = b;
    };
    for (std::size_t i = 0; i < x.size(); i += B::size) {
        T out[B::size];
        function(B::load_unaligned(&x[i]), B::load_unaligned(&y[i])).store_unaligned(out);
        for (std::size_t k = 0; k < B::size; ++k) compare(x[i + k], y[i + k], out[k]);
    }
    constexpr std::size_t special = 38;  // the head of arguments()
    for (std::size_t i = 0; i < special; ++i)
        for (std::size_t k = 0; k < special; ++k) {
            T out[B::size];
            function(B(x[i]), B(y[k])).store_unaligned(out);
            compare(x[i], y[k], out[0]);
        }
    INFO(name << ": " << worst << " ULP at " << static_cast<double>(at_x) << ", "
              << static_cast<double>(at_y));
    CHECK(worst <= bound);
}

constexpr real pi = 3.14159265358979323846264338327950288L;

real exact_remainder(real x, real y) {
    const real rest = std::fmod(x, y);
    return std::copysign(rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest, y);
}

real exact_sigmoid(real x) {
    return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
}

real exact_sinc(real x) {
    if (x == 0) return 1;
    real whole;
    const real fraction = std::modf(std::abs(x), &whole);
    const real sine = std::sin(pi * std::min(fraction, 1 - fraction));
    const real sign = std::fmod(whole, 2) == 0 || fraction == 0 ? 1 : -1;
    return std::isinf(x) ? x - x : sign * sine / (pi * std::abs(x));
}

/// Increasing arguments by whole steps until five terms of the asymptotic series are exact.
real exact_digamma(real x) {
    if (x == 0) return -1 / x;
    real sum = 0;
    for (; x < 1000; ++x) sum -= 1 / x;
    const real z = 1 / (x * x);
    return sum + std::log(x) - 1 / (2 * x) - z / 12 + z * z / 120 - z * z * z / 252 +
           z * z * z * z / 240;
}

real exact_i0(real x) {
    if (std::abs(x) > 2000) return std::numeric_limits<real>::infinity();
    real term = 1, sum = 1;
    for (int k = 1; term > sum * 1e-22L; ++k) sum += term *= x / 2 / k * (x / 2 / k);
    return sum;
}

}  // namespace

// A function as a callable that takes batches and numbers.
#define OF(function) [](auto x) { return function(x); }

// A function of simd:: against the one of the same name in std::; the bounds are the measured
// errors, rounded up.
#define CHECK_UNARY(function, bound_float, bound_double, from, to)                                \
    check<T>(                                                                                     \
        #function, sizeof(T) == 4 ? bound_float : bound_double, arguments<T>(from, to, 40000, 1), \
        [](auto x) { return simd::function(x); }, [](real x) { return std::function(x); })
#define CHECK_BINARY(function, bound_float, bound_double, from, to)                               \
    check<T>(                                                                                     \
        #function, sizeof(T) == 4 ? bound_float : bound_double, arguments<T>(from, to, 40000, 1), \
        arguments<T>(from, to, 40000, 2), [](auto x, auto y) { return simd::function(x, y); },    \
        [](real x, real y) { return std::function(x, y); })

TEMPLATE_TEST_CASE("exponentials and logarithms are accurate", "[accuracy]", float, double) {
    using T = TestType;
    CHECK_UNARY(exp, 1.1, 1.1, -20, 20);
    CHECK_UNARY(exp2, 1.1, 1.1, -20, 20);
    CHECK_UNARY(expm1, 1.1, 1.1, -3, 3);
    CHECK_UNARY(log, 1.0, 0.8, 0, 5);
    CHECK_UNARY(log2, 1.0, 0.6, 0, 5);
    CHECK_UNARY(log10, 0.9, 1.7, 0, 5);
    CHECK_UNARY(log1p, 1.0, 0.8, -1, 3);
    check<T>(
        "sigmoid", 1.9, arguments<T>(-20, 20, 40000, 1), [](auto x) { return simd::sigmoid(x); },
        exact_sigmoid);
}

TEMPLATE_TEST_CASE("powers and roots are accurate", "[accuracy]", float, double) {
    using T = TestType;
    CHECK_UNARY(sqrt, 0.5, 0.5, 0, 5);
    CHECK_UNARY(cbrt, 0.6, 0.7, -5, 5);
    check<T>(
        "rsqrt", 1.5, arguments<T>(0, 5, 40000, 1), [](auto x) { return simd::rsqrt(x); },
        [](real x) { return 1 / std::sqrt(x); });
    CHECK_BINARY(pow, 0.9, 0.6, -10, 10);
    CHECK_BINARY(hypot, 0.6, 1.2, -5, 5);
}

TEMPLATE_TEST_CASE("trigonometric functions are accurate", "[accuracy]", float, double) {
    using T = TestType;
    CHECK_UNARY(sin, 0.8, 0.9, -10, 10);
    CHECK_UNARY(cos, 0.8, 0.9, -10, 10);
    CHECK_UNARY(tan, 1.1, 0.7, -10, 10);
    CHECK_UNARY(asin, 0.8, 1.0, -1, 1);
    CHECK_UNARY(acos, 0.7, 1.4, -1, 1);
    CHECK_UNARY(atan, 1.7, 1.8, -5, 5);
    CHECK_BINARY(atan2, 1.7, 1.9, -5, 5);
    check<T>(
        "sinc", 0.6, arguments<T>(-5, 5, 6000, 1), [](auto x) { return simd::sinc(x); },
        exact_sinc);
}

TEMPLATE_TEST_CASE("sine, cosine and tangent are accurate where they vanish", "[accuracy]", float,
                   double) {
    using T = TestType;
    std::vector<T> zeros;
    for (int n = 1; zeros.size() < 9600; n += 1 + n / 800)
        zeros.push_back(static_cast<T>(n * pi / 2));
    check<T>("sin", 1.2, zeros, OF(simd::sin), OF(std::sin));
    check<T>("cos", 1.2, zeros, OF(simd::cos), OF(std::cos));
    check<T>("tan", 1.1, zeros, OF(simd::tan), OF(std::tan));
}

TEMPLATE_TEST_CASE("hyperbolic functions are accurate", "[accuracy]", float, double) {
    using T = TestType;
    CHECK_UNARY(sinh, 1.0, 1.8, -5, 5);
    CHECK_UNARY(cosh, 1.1, 1.6, -5, 5);
    CHECK_UNARY(tanh, 1.2, 1.9, -5, 5);
    CHECK_UNARY(asinh, 0.6, 1.7, -5, 5);
    CHECK_UNARY(acosh, 0.6, 2.0, 1, 5);
    CHECK_UNARY(atanh, 0.6, 1.7, -1, 1);
}

TEMPLATE_TEST_CASE("special functions are accurate", "[accuracy]", float, double) {
    using T = TestType;
    CHECK_UNARY(erf, 1.3, 0.9, -5, 5);
    const auto few = [](double from, double to) { return arguments<T>(from, to, 6000, 1); };
    check<T>("erfc", 0.6, few(-5, 10), OF(simd::erfc), OF(std::erfc));
    check<T>("lgamma", 0.6, few(-5, 10), OF(simd::lgamma), OF(std::lgamma));
    check<T>("tgamma", 0.6, few(-5, 10), OF(simd::tgamma), OF(std::tgamma));
    check<T>("i0", 0.6, few(-50, 50), OF(simd::i0), exact_i0);
    std::vector<T> positive;
    for (T v : few(0.01, 1.4))
        if (!std::signbit(v)) positive.push_back(v);
    positive.resize(positive.size() / 64 * 64);
    check<T>("digamma", 1.1, positive, OF(simd::digamma), exact_digamma);
    // erfinv against erf: the error of x = erf(y) as an error of y, through erf' = 2 / sqrt(pi)
    // exp(-y^2).
    using B = lazy::cpu::batch<T>;
    for (T v : few(-0.99, 0.99)) {
        const T y = simd::erfinv(B(v)).get(0);
        if (!(std::abs(v) < 1)) {
            CHECK((std::abs(v) == 1 ? std::isinf(y) && (y < 0) == (v < 0) : std::isnan(y)));
            continue;
        }
        if (std::abs(v) < 1e-30) {  // y * slope == v there
            CHECK(ulp_error(y, v * std::sqrt(pi) / 2) <= 0.6);
            continue;
        }
        const real slope = 2 / std::sqrt(pi) * std::exp(-real(y) * real(y));
        CHECK(ulp_error(y, y + (v - std::erf(real(y))) / slope) <= 0.7);
    }
    CHECK(std::isnan(simd::digamma(B(T(-3))).get(0)));
    CHECK(simd::digamma(B(T(-2.5))).get(0) == Approx(1.1031566406452431872).epsilon(1e-6));
}

TEMPLATE_TEST_CASE("rounding and remainders are exact", "[accuracy]", float, double) {
    using T = TestType;
    CHECK_UNARY(floor, 0, 0, -5, 5);
    CHECK_UNARY(ceil, 0, 0, -5, 5);
    CHECK_UNARY(trunc, 0, 0, -5, 5);
    check<T>(
        "round", 0, arguments<T>(-5, 5, 40000, 1), [](auto x) { return simd::round(x); },
        [](real x) { return std::nearbyint(x); });
    CHECK_BINARY(copysign, 0, 0, -5, 5);
    CHECK_BINARY(fmod, 0, 0, -50, 50);
    const auto x = arguments<T>(-50, 50, 40000, 1), y = arguments<T>(-50, 50, 40000, 2);
    check<T>(
        "remainder", 0.5, x, y, [](auto a, auto b) { return simd::remainder(a, b); },
        exact_remainder);
    check<T>(
        "nextafter", 0, x, y, [](auto a, auto b) { return simd::nextafter(a, b); },
        [](real a, real b) { return std::nextafter(static_cast<T>(a), static_cast<T>(b)); });
}

TEMPLATE_TEST_CASE("logaddexp is accurate and does not overflow", "[accuracy]", float, double) {
    using T = TestType;
    // Both positive: where the sum passes 0 the result is a difference, and only its absolute error
    // is small.
    check<T>(
        "logaddexp", sizeof(T) == 4 ? 0.6 : 1.5, arguments<T>(0, 20, 40000, 1),
        arguments<T>(0, 20, 40000, 2),
        [](auto x, auto y) { return simd::logaddexp(xsimd::abs(x), xsimd::abs(y)); },
        [](real x, real y) {
            x = std::abs(x), y = std::abs(y);
            if (std::isnan(x) || std::isnan(y)) return x + y;
            const real larger = std::max(x, y);
            return std::isinf(larger) ? larger
                                      : larger + std::log1p(std::exp(std::min(x, y) - larger));
        });
}

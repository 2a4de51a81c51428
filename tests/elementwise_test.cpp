// Arithmetic, comparison, logic and bits: every dtype, typed and run-time, against plain loops.
// SPDX-License-Identifier: BSD-3-Clause

#include "elementwise.hpp"

// An operation as a callable that takes typed tensors and run-time ones.
#define UNARY(op) #op, [](const auto& x) { return lazy::op(x); }
#define BINARY(op) #op, [](const auto& x, const auto& y) { return lazy::op(x, y); }

using namespace elementwise;

namespace {

#define INTEGERS std::uint8_t, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint16_t, std::uint32_t, \
                 std::uint64_t
#define FLOATS float, double, lazy::float16_t, lazy::bfloat16_t

/// The integer that two's complement keeps of an exact one.
template <class T>
T wrapped(__int128 exact)
{
    return static_cast<T>(static_cast<std::uint64_t>(exact));
}

__int128 floored(__int128 a, __int128 b)
{
    const __int128 q = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

template <class T>
T integer_power(T a, T b)
{
    if (std::is_signed_v<T> && static_cast<std::int64_t>(b) < 0) {
        if (a == T(1)) return 1;
        return a == T(-1) ? (b % 2 == 0 ? T(1) : T(-1)) : T(0);
    }
    std::uint64_t out = 1, base = static_cast<std::uint64_t>(a);
    for (auto e = static_cast<std::uint64_t>(b); e != 0; e /= 2, base *= base)
        if (e % 2 == 1) out *= base;
    return static_cast<T>(out);
}

template <class T>
bool negative(T x)
{
    return std::is_signed_v<T> && x < T(0);
}

/// floor(a / b) from the exact remainder, as Python's //.
template <class T>
T floored_quotient(T a, T b)
{
    const real x = a, y = b;
    if (y == 0) return T(static_cast<float>(x / y));
    const real rest = std::fmod(x, y);
    real q = (x - rest) / y;
    if (rest != 0 && (rest < 0) != (y < 0)) q -= 1;
    if (std::isnan(q)) return T(static_cast<float>(q));
    q = q == 0 ? std::copysign(real(0), x / y) : std::round(q);
    if constexpr (std::is_floating_point_v<T>) return static_cast<T>(q);
    else return T(static_cast<float>(q));
}

template <class T>
T python_remainder(T a, T b)
{
    using W = std::conditional_t<std::is_same_v<T, double>, double, float>;
    const W rest = std::fmod(W(a), W(b));
    return T(rest != 0 && (rest < 0) != (W(b) < 0) ? rest + W(b) : rest);
}

}  // namespace

TEMPLATE_TEST_CASE("integer arithmetic wraps", "[core][elementwise]", INTEGERS)
{
    using T = TestType;
    using wide = __int128;
    check_binary<T>(BINARY(add), [](T a, T b) { return wrapped<T>(wide(a) + b); });
    check_binary<T>(BINARY(sub), [](T a, T b) { return wrapped<T>(wide(a) - b); });
    check_binary<T>(BINARY(mul), [](T a, T b) { return wrapped<T>(wide(a) * b); });
    check_binary<T>(BINARY(pow), integer_power<T>);
    check_unary<T>(UNARY(neg), [](T a) { return wrapped<T>(-wide(a)); });
    check_unary<T>(UNARY(positive), [](T a) { return a; });
    check_unary<T>(UNARY(abs), [](T a) { return wrapped<T>(negative(a) ? -wide(a) : wide(a)); });
    check_unary<T>(UNARY(sign), [](T a) { return T(a == 0 ? 0 : negative(a) ? -1 : 1); });
    check_unary<T>(UNARY(square), [](T a) { return wrapped<T>(wide(a) * a); });
    check_unary<T>(UNARY(relu), [](T a) { return negative(a) ? T(0) : a; });
    check_unary<T>(UNARY(floor), [](T a) { return a; });
    check_unary<T>(UNARY(ceil), [](T a) { return a; });
    check_unary<T>(UNARY(trunc), [](T a) { return a; });
    check_unary<T>(UNARY(round), [](T a) { return a; });
}

TEMPLATE_TEST_CASE("integer division rounds down, its remainder has the divisor's sign", "[core][elementwise]",
                   INTEGERS)
{
    using T = TestType;
    const auto nonzero = [](T, T b) { return b != 0; };
    check_binary_where<T>(BINARY(floor_divide), [](T a, T b) { return wrapped<T>(floored(a, b)); }, 0, nonzero);
    check_binary_where<T>(
        BINARY(remainder), [](T a, T b) { return wrapped<T>(__int128(a) - floored(a, b) * b); }, 0, nonzero);
    check_binary_where<T>(BINARY(fmod), [](T a, T b) { return wrapped<T>(__int128(a) % b); }, 0, nonzero);
}

TEMPLATE_TEST_CASE("integer extremes, bits and shifts", "[core][elementwise]", INTEGERS)
{
    using T = TestType;
    constexpr int bits = 8 * sizeof(T);
    const auto in_range = [](T count) { return !negative(count) && count < T(bits); };
    check_binary<T>(BINARY(minimum), [](T a, T b) { return std::min(a, b); });
    check_binary<T>(BINARY(maximum), [](T a, T b) { return std::max(a, b); });
    check_binary<T>(BINARY(fmin), [](T a, T b) { return std::min(a, b); });
    check_binary<T>(BINARY(fmax), [](T a, T b) { return std::max(a, b); });
    check_binary<T>(BINARY(bitwise_and), [](T a, T b) { return T(a & b); });
    check_binary<T>(BINARY(bitwise_or), [](T a, T b) { return T(a | b); });
    check_binary<T>(BINARY(bitwise_xor), [](T a, T b) { return T(a ^ b); });
    check_unary<T>(UNARY(bitwise_not), [](T a) { return T(~a); });
    check_binary<T>(BINARY(bitwise_left_shift), [&](T a, T b) {
        return in_range(b) ? wrapped<T>(__int128(a) * (__int128(1) << int(b))) : T(0);
    });
    check_binary<T>(BINARY(bitwise_right_shift), [&](T a, T b) {
        return in_range(b) ? wrapped<T>(floored(a, __int128(1) << int(b))) : T(negative(a) ? -1 : 0);
    });
}

TEMPLATE_TEST_CASE("float arithmetic is IEEE's", "[core][elementwise]", FLOATS)
{
    using T = TestType;
    using W = std::conditional_t<std::is_same_v<T, double>, double, float>;  // 16-bit floats: in float, rounded once
    check_binary<T>(BINARY(add), [](T a, T b) { return T(W(a) + W(b)); });
    check_binary<T>(BINARY(sub), [](T a, T b) { return T(W(a) - W(b)); });
    check_binary<T>(BINARY(mul), [](T a, T b) { return T(W(a) * W(b)); });
    check_binary<T>(BINARY(div), [](T a, T b) { return T(W(a) / W(b)); });
    check_binary<T>(BINARY(fmod), [](T a, T b) { return T(std::fmod(W(a), W(b))); });
    check_binary<T>(BINARY(remainder), python_remainder<T>);
    check_binary<T>(BINARY(floor_divide), floored_quotient<T>);
    check_unary<T>(UNARY(neg), [](T a) { return T(-W(a)); });
    check_unary<T>(UNARY(positive), [](T a) { return a; });
    check_unary<T>(UNARY(abs), [](T a) { return T(std::fabs(W(a))); });
    check_unary<T>(UNARY(sign), [](T a) { return T(W(a) > 0 ? W(1) : W(a) < 0 ? W(-1) : W(a) == 0 ? W(0) : W(a)); });
    check_unary<T>(UNARY(square), [](T a) { return T(W(a) * W(a)); });
    check_unary<T>(UNARY(reciprocal), [](T a) { return T(1 / W(a)); });
    check_unary<T>(UNARY(relu), [](T a) { return T(W(a) <= 0 ? W(0) : W(a)); });
    check_unary<T>(UNARY(sqrt), [](T a) { return T(std::sqrt(W(a))); });
}

TEMPLATE_TEST_CASE("float extremes: NaN wins in minimum, loses in fmin", "[core][elementwise]", FLOATS)
{
    using T = TestType;
    const auto nan = [](T x) { return std::isnan(float(x)); };
    // Which zero is the smaller is nobody's promise.
    const auto usable = [](T a, T b) { return !(float(a) == 0 && float(b) == 0); };
    check_binary_where<T>(BINARY(minimum), [&](T a, T b) { return nan(a) ? a : nan(b) || b < a ? b : a; }, 0, usable);
    check_binary_where<T>(BINARY(maximum), [&](T a, T b) { return nan(a) ? a : nan(b) || b > a ? b : a; }, 0, usable);
    check_binary_where<T>(BINARY(fmin), [&](T a, T b) { return nan(a) ? b : nan(b) || a < b ? a : b; }, 0, usable);
    check_binary_where<T>(BINARY(fmax), [&](T a, T b) { return nan(a) ? b : nan(b) || a > b ? a : b; }, 0, usable);
}

TEMPLATE_TEST_CASE("comparison and logic of every real dtype", "[core][elementwise]", bool, INTEGERS, FLOATS)
{
    using T = TestType;
    check_binary<T>(BINARY(eq), [](T a, T b) { return a == b; });
    check_binary<T>(BINARY(ne), [](T a, T b) { return a != b; });
    check_binary<T>(BINARY(lt), [](T a, T b) { return a < b; });
    check_binary<T>(BINARY(le), [](T a, T b) { return a <= b; });
    check_binary<T>(BINARY(gt), [](T a, T b) { return a > b; });
    check_binary<T>(BINARY(ge), [](T a, T b) { return a >= b; });
    check_binary<T>(BINARY(logical_and), [](T a, T b) { return a != T(0) && b != T(0); });
    check_binary<T>(BINARY(logical_or), [](T a, T b) { return a != T(0) || b != T(0); });
    check_binary<T>(BINARY(logical_xor), [](T a, T b) { return (a != T(0)) != (b != T(0)); });
    check_unary<T>(UNARY(logical_not), [](T a) { return a == T(0); });
    check_binary<T>(
        "where", [](const auto& a, const auto& b) { return lazy::where(a < b, a, b); },
        [](T a, T b) { return a < b ? a : b; });
}

TEST_CASE("bool: + is or, * is and, the order is false before true", "[core][elementwise]")
{
    check_binary<bool>(BINARY(add), [](bool a, bool b) { return a || b; });
    check_binary<bool>(BINARY(mul), [](bool a, bool b) { return a && b; });
    check_binary<bool>(BINARY(minimum), [](bool a, bool b) { return a && b; });
    check_binary<bool>(BINARY(maximum), [](bool a, bool b) { return a || b; });
    check_binary<bool>(BINARY(bitwise_and), [](bool a, bool b) { return a && b; });
    check_binary<bool>(BINARY(bitwise_or), [](bool a, bool b) { return a || b; });
    check_binary<bool>(BINARY(bitwise_xor), [](bool a, bool b) { return a != b; });
    check_unary<bool>(UNARY(bitwise_not), [](bool a) { return !a; });
}

// Integer arithmetic and bits: every integer dtype, typed and run-time, against plain loops.
// SPDX-License-Identifier: BSD-3-Clause

#include "elementwise.hpp"

using namespace elementwise;

namespace {

/// The integer that two's complement keeps of an exact one.
template <class T>
T wrapped(__int128 exact) {
    return static_cast<T>(static_cast<std::uint64_t>(exact));
}

__int128 floored(__int128 a, __int128 b) {
    const __int128 q = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

template <class T>
T integer_power(T a, T b) {
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
bool negative(T x) {
    return std::is_signed_v<T> && x < T(0);
}

/// a * b modulo 2^128: the product of two uint64 does not fit a signed 128-bit integer.
__int128 product(__int128 a, __int128 b) {
    return static_cast<__int128>(static_cast<unsigned __int128>(a) *
                                 static_cast<unsigned __int128>(b));
}

}  // namespace

TEMPLATE_TEST_CASE("integer arithmetic wraps", "[core][elementwise]", INTEGERS) {
    using T = TestType;
    using wide = __int128;
    check_binary<T>(BINARY(add), [](T a, T b) { return wrapped<T>(wide(a) + b); });
    check_binary<T>(BINARY(sub), [](T a, T b) { return wrapped<T>(wide(a) - b); });
    check_binary<T>(BINARY(mul), [](T a, T b) { return wrapped<T>(product(a, b)); });
    check_binary<T>(BINARY(pow), integer_power<T>);
    check_unary<T>(UNARY(neg), [](T a) { return wrapped<T>(-wide(a)); });
    check_unary<T>(UNARY(positive), [](T a) { return a; });
    check_unary<T>(UNARY(abs), [](T a) { return wrapped<T>(negative(a) ? -wide(a) : wide(a)); });
    check_unary<T>(UNARY(sign), [](T a) { return T(a == 0 ? 0 : negative(a) ? -1 : 1); });
    check_unary<T>(UNARY(square), [](T a) { return wrapped<T>(product(a, a)); });
    check_unary<T>(UNARY(relu), [](T a) { return negative(a) ? T(0) : a; });
    check_unary<T>(UNARY(floor), [](T a) { return a; });
    check_unary<T>(UNARY(ceil), [](T a) { return a; });
    check_unary<T>(UNARY(trunc), [](T a) { return a; });
    check_unary<T>(UNARY(round), [](T a) { return a; });
}

TEMPLATE_TEST_CASE("integer division rounds down, its remainder has the divisor's sign",
                   "[core][elementwise]", INTEGERS) {
    using T = TestType;
    const auto nonzero = [](T, T b) { return b != 0; };
    check_binary_where<T>(
        BINARY(floor_divide), [](T a, T b) { return wrapped<T>(floored(a, b)); }, 0, nonzero);
    check_binary_where<T>(
        BINARY(remainder), [](T a, T b) { return wrapped<T>(__int128(a) - floored(a, b) * b); }, 0,
        nonzero);
    check_binary_where<T>(
        BINARY(fmod), [](T a, T b) { return wrapped<T>(__int128(a) % b); }, 0, nonzero);
}

TEMPLATE_TEST_CASE("integer extremes, bits and shifts", "[core][elementwise]", INTEGERS) {
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
        return in_range(b) ? wrapped<T>(floored(a, __int128(1) << int(b)))
                           : T(negative(a) ? -1 : 0);
    });
}

// Float arithmetic, comparison and logic: typed and run-time, against plain loops.
// SPDX-License-Identifier: BSD-3-Clause

#include "elementwise.hpp"

using namespace elementwise;

namespace {

/// floor(a / b) from the exact remainder, as Python's //.
template <class T>
real floored_quotient(T a, T b) {
    const real x = a, y = b;
    if (y == 0) return x / y;
    const real rest = std::fmod(x, y);
    real q = (x - rest) / y;
    if (rest != 0 && (rest < 0) != (y < 0)) q -= 1;
    return q == 0 ? std::copysign(real(0), x / y) : std::round(q);
}

template <class T>
T python_remainder(T a, T b) {
    using W = std::conditional_t<std::is_same_v<T, double>, double, float>;
    const W rest = std::fmod(W(a), W(b));
    return T(std::copysign(rest != 0 && (rest < 0) != (W(b) < 0) ? rest + W(b) : rest, W(b)));
}

}  // namespace

TEMPLATE_TEST_CASE("float arithmetic is IEEE's", "[core][elementwise]", FLOATS) {
    using T = TestType;
    using W = std::conditional_t<std::is_same_v<T, double>, double,
                                 float>;  // 16-bit floats: in float, rounded once
    check_binary<T>(BINARY(add), [](T a, T b) { return T(W(a) + W(b)); });
    check_binary<T>(BINARY(sub), [](T a, T b) { return T(W(a) - W(b)); });
    check_binary<T>(BINARY(mul), [](T a, T b) { return T(W(a) * W(b)); });
    check_binary<T>(BINARY(div), [](T a, T b) { return T(W(a) / W(b)); });
    check_binary<T>(BINARY(fmod), [](T a, T b) { return T(std::fmod(W(a), W(b))); });
    check_binary<T>(BINARY(remainder), python_remainder<T>);
    check_binary<T>(BINARY(floor_divide), floored_quotient<T>,
                    1);  // inexact only beyond the exact integers
    check_unary<T>(UNARY(neg), [](T a) { return T(-W(a)); });
    check_unary<T>(UNARY(positive), [](T a) { return a; });
    check_unary<T>(UNARY(abs), [](T a) { return T(std::fabs(W(a))); });
    check_unary<T>(UNARY(sign), [](T a) {
        return T(W(a) > 0 ? W(1) : W(a) < 0 ? W(-1) : W(a) == 0 ? W(0) : W(a));
    });
    check_unary<T>(UNARY(sgn), [](T a) {
        return T(W(a) > 0 ? W(1) : W(a) < 0 ? W(-1) : W(a) == 0 ? W(0) : W(a));
    });
    check_unary<T>(UNARY(square), [](T a) { return T(W(a) * W(a)); });
    check_unary<T>(UNARY(reciprocal), [](T a) { return T(1 / W(a)); });
    check_unary<T>(UNARY(relu), [](T a) { return T(W(a) <= 0 ? W(0) : W(a)); });
    check_unary<T>(UNARY(sqrt), [](T a) { return T(std::sqrt(W(a))); });
}

TEMPLATE_TEST_CASE("float extremes: NaN wins in minimum, loses in fmin", "[core][elementwise]",
                   FLOATS) {
    using T = TestType;
    const auto nan = [](T x) { return std::isnan(float(x)); };
    // Which zero is the smaller is nobody's promise.
    const auto usable = [](T a, T b) { return !(float(a) == 0 && float(b) == 0); };
    check_binary_where<T>(
        BINARY(minimum), [&](T a, T b) { return nan(a)            ? a
                                                : nan(b) || b < a ? b
                                                                  : a; }, 0, usable);
    check_binary_where<T>(
        BINARY(maximum), [&](T a, T b) { return nan(a)            ? a
                                                : nan(b) || b > a ? b
                                                                  : a; }, 0, usable);
    check_binary_where<T>(
        BINARY(fmin), [&](T a, T b) { return nan(a)            ? b
                                             : nan(b) || a < b ? a
                                                               : b; }, 0, usable);
    check_binary_where<T>(
        BINARY(fmax), [&](T a, T b) { return nan(a)            ? b
                                             : nan(b) || a > b ? a
                                                               : b; }, 0, usable);
}

TEMPLATE_TEST_CASE("comparison and logic of every real dtype", "[core][elementwise]", bool,
                   INTEGERS, FLOATS) {
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

TEST_CASE("bool: + is or, * is and, the order is false before true", "[core][elementwise]") {
    check_binary<bool>(BINARY(add), [](bool a, bool b) { return a || b; });
    check_binary<bool>(BINARY(mul), [](bool a, bool b) { return a && b; });
    check_binary<bool>(BINARY(minimum), [](bool a, bool b) { return a && b; });
    check_binary<bool>(BINARY(maximum), [](bool a, bool b) { return a || b; });
    check_binary<bool>(BINARY(fmin), [](bool a, bool b) { return a && b; });
    check_binary<bool>(BINARY(fmax), [](bool a, bool b) { return a || b; });
    check_unary<bool>(UNARY(sign), [](bool a) { return a; });
    check_unary<bool>(UNARY(sgn), [](bool a) { return a; });
    check_unary<bool>(UNARY(real), [](bool a) { return a; });
    check_unary<bool>(UNARY(conj), [](bool a) { return a; });
    check_binary<bool>(BINARY(bitwise_and), [](bool a, bool b) { return a && b; });
    check_binary<bool>(BINARY(bitwise_or), [](bool a, bool b) { return a || b; });
    check_binary<bool>(BINARY(bitwise_xor), [](bool a, bool b) { return a != b; });
    check_unary<bool>(UNARY(bitwise_not), [](bool a) { return !a; });
}

// Arithmetic on two operands and its unary companions.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "complex_math.hpp"
#include "op.hpp"

namespace lazy::ops {

/// a + b. Integers wrap; bool + bool is "or".
struct add : arithmetic<everything, 2> {
    static constexpr const char* name = "add";
    static constexpr bool wide_numbers = true;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return plus(a, b);
    }
};
/// a - b. Integers wrap; bool is refused as PyTorch refuses it.
struct sub : arithmetic<numbers, 2> {
    static constexpr const char* name = "sub";
    static constexpr bool wide_numbers = true;
    static constexpr bool refuses_bool = true;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return minus(a, b);
    }
};
/// a * b. Integers wrap; bool * bool is "and".
struct mul : arithmetic<everything, 2> {
    static constexpr const char* name = "mul";
    static constexpr bool wide_numbers = true;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return times(a, b);
    }
};
/// True division: integers become floats.
struct div : floating<floats | complexes, 2> {
    static constexpr const char* name = "div";
    static constexpr bool wide_numbers = true;
    static constexpr float cost = 4;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return quotient(a, b);
    }
};
/// Division rounded down, Python's //. Integer division by zero raises during evaluation.
struct floor_divide : arithmetic<reals, 2> {
    static constexpr const char* name = "floor_divide";
    static constexpr float cost = 10;
    static constexpr bool may_fault = true;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return floor_quotient(a, b);
    }
    template <class V, class Fault>
    LAZYTENSOR_FN static V apply(const V& a, const V& b, Fault& fault) {
        return floor_quotient(a, b, fault);
    }
};
/// Python's %: the result has the sign of the divisor, a zero too. Integer zero divisors raise.
struct remainder : arithmetic<reals, 2> {
    static constexpr const char* name = "remainder";
    static constexpr float cost = 10;
    static constexpr bool may_fault = true;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return remainder_value(a, b);
    }
    template <class V, class Fault>
    LAZYTENSOR_FN static V apply(const V& a, const V& b, Fault& fault) {
        return floored_remainder(a, b, fault);
    }
};
/// C's fmod: the result has the sign of the dividend. Integer zero divisors raise.
struct fmod : arithmetic<reals, 2> {
    static constexpr const char* name = "fmod";
    static constexpr float cost = 10;
    static constexpr bool may_fault = true;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        using std::fmod;
        return fmod(a, b);
    }
    template <class V, class Fault>
    LAZYTENSOR_FN static V apply(const V& a, const V& b, Fault& fault) {
        return truncated_remainder(a, b, fault);
    }
};
/// a to the power b; integers wrap, and a negative number as their exponent is an error.
struct pow : arithmetic<numbers, 2> {
    static constexpr const char* name = "pow";
    static constexpr number_rule numbers = number_rule::fits;
    static constexpr float cost = 30;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return power(a, b);
    }
};
/// The smaller operand; NaN if either is NaN.
struct minimum : arithmetic<booleans | reals, 2> {
    static constexpr const char* name = "minimum";
    static constexpr number_rule numbers = number_rule::from_above;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return smaller(a, b);
    }
};
/// The larger operand; NaN if either is NaN.
struct maximum : arithmetic<booleans | reals, 2> {
    static constexpr const char* name = "maximum";
    static constexpr number_rule numbers = number_rule::from_below;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return larger(a, b);
    }
};
/// The smaller operand; a NaN loses against a number.
struct fmin : arithmetic<booleans | reals, 2> {
    static constexpr const char* name = "fmin";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        if constexpr (is_truth_value<V>) {
            return smaller(a, b);
        } else {
            return select(b != b, a, select(a <= b, a, b));
        }
    }
};
/// The larger operand; a NaN loses against a number.
struct fmax : arithmetic<booleans | reals, 2> {
    static constexpr const char* name = "fmax";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        if constexpr (is_truth_value<V>) {
            return larger(a, b);
        } else {
            return select(b != b, a, select(a >= b, a, b));
        }
    }
};
struct neg : arithmetic<numbers, 1> {
    static constexpr const char* name = "neg";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a) {
        return negate(a);
    }
};
struct positive : arithmetic<numbers, 1> {
    static constexpr const char* name = "positive";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a) {
        return a;
    }
};
/// |a|; of a complex number its modulus, a real. The most negative integer stays itself.
struct abs : arithmetic<numbers, 1> {
    static constexpr const char* name = "abs";
    static constexpr dtype result(dtype compute) {
        return compute == dtype_id::complex64    ? dtype(dtype_id::float32)
               : compute == dtype_id::complex128 ? dtype(dtype_id::float64)
                                                 : compute;
    }
    template <class V>
    LAZYTENSOR_FN static auto apply(const V& a) {
        return magnitude(a);
    }
};
/// -1, 0 or 1; NaN stays NaN, and bool what it is.
struct sign : arithmetic<booleans | reals, 1> {
    static constexpr const char* name = "sign";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a) {
        return direction(a);
    }
};
/// sign, and of a complex number z / |z|, 0 of 0.
struct sgn : arithmetic<everything, 1> {
    static constexpr const char* name = "sgn";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a) {
        return direction(a);
    }
};
/// x * x; bool becomes int64, as in PyTorch, whose square is a power.
struct square : arithmetic<everything, 1> {
    static constexpr const char* name = "square";
    static constexpr dtype compute(dtype promoted, dtype) {
        return promoted == dtype_id::bool_ ? dtype(dtype_id::int64) : promoted;
    }
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a) {
        return times(a, a);
    }
};
struct reciprocal : floating<floats | complexes, 1> {
    static constexpr const char* name = "reciprocal";
    static constexpr float cost = 4;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a) {
        return quotient(constant(1, a), a);
    }
};
/// max(a, 0), keeping NaN.
struct relu : arithmetic<reals, 1> {
    static constexpr const char* name = "relu";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a) {
        const V zero = constant(0, a);
        return select(a <= zero, zero, a);
    }
};

}  // namespace lazy::ops

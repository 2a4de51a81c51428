// Comparisons, logic, bitwise operations, and the choice between two values.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "op.hpp"
#include "scalar_math.hpp"

namespace lazy::ops {

/// Comparisons follow IEEE 754: every one with a NaN is false, but !=. Complex numbers only
/// compare for equality.
struct eq : comparison<numbers, 2> {
    static constexpr const char* name = "eq";
    template <class V>
    LAZYTENSOR_FN static auto apply(const V& a, const V& b) {
        return a == b;
    }
};
struct ne : comparison<numbers, 2> {
    static constexpr const char* name = "ne";
    template <class V>
    LAZYTENSOR_FN static auto apply(const V& a, const V& b) {
        return a != b;
    }
};
struct lt : comparison<reals, 2> {
    static constexpr const char* name = "lt";
    template <class V>
    LAZYTENSOR_FN static auto apply(const V& a, const V& b) {
        return a < b;
    }
};
struct le : comparison<reals, 2> {
    static constexpr const char* name = "le";
    template <class V>
    LAZYTENSOR_FN static auto apply(const V& a, const V& b) {
        return a <= b;
    }
};
struct gt : comparison<reals, 2> {
    static constexpr const char* name = "gt";
    template <class V>
    LAZYTENSOR_FN static auto apply(const V& a, const V& b) {
        return a > b;
    }
};
struct ge : comparison<reals, 2> {
    static constexpr const char* name = "ge";
    template <class V>
    LAZYTENSOR_FN static auto apply(const V& a, const V& b) {
        return a >= b;
    }
};

/// Logic takes any dtype (not zero is true) and gives bool: operands are cast to bool first.
template <std::size_t Arity>
struct logic : predicate<everything, Arity> {
    static constexpr dtype compute(dtype, dtype) { return dtype_id::bool_; }
};
struct logical_and : logic<2> {
    static constexpr const char* name = "logical_and";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return bit_and(a, b);
    }
};
struct logical_or : logic<2> {
    static constexpr const char* name = "logical_or";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return bit_or(a, b);
    }
};
struct logical_xor : logic<2> {
    static constexpr const char* name = "logical_xor";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return bit_xor(a, b);
    }
};
struct logical_not : logic<1> {
    static constexpr const char* name = "logical_not";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a) {
        return bit_not(a);
    }
};

struct bitwise_and : arithmetic<booleans | integers, 2> {
    static constexpr const char* name = "bitwise_and";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return bit_and(a, b);
    }
};
struct bitwise_or : arithmetic<booleans | integers, 2> {
    static constexpr const char* name = "bitwise_or";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return bit_or(a, b);
    }
};
struct bitwise_xor : arithmetic<booleans | integers, 2> {
    static constexpr const char* name = "bitwise_xor";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return bit_xor(a, b);
    }
};
struct bitwise_not : arithmetic<booleans | integers, 1> {
    static constexpr const char* name = "bitwise_not";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a) {
        return bit_not(a);
    }
};
/// a << b; a count outside [0, bits) gives 0.
struct bitwise_left_shift : arithmetic<integers, 2> {
    static constexpr const char* name = "bitwise_left_shift";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return shift_left(a, b);
    }
};
/// a >> b, arithmetic for signed types; a count outside [0, bits) gives 0 or -1.
struct bitwise_right_shift : arithmetic<integers, 2> {
    static constexpr const char* name = "bitwise_right_shift";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return shift_right(a, b);
    }
};

/// condition ? a : b, element by element.
struct where : arithmetic<everything, 3> {
    static constexpr const char* name = "where";
    static constexpr number_rule numbers = number_rule::fits;
    static constexpr bool has_condition = true;
    template <class M, class V>
    LAZYTENSOR_FN static V apply(const M& condition, const V& a, const V& b) {
        return select(condition, a, b);
    }
};

}  // namespace lazy::ops

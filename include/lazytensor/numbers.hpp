// Bare numbers beside tensors: what becomes of one that their dtype does not hold.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

#include "operand.hpp"

namespace lazy {

/// A run-time operand: its node (numbers get one later) and what it brings to promotion.
struct run_time_operand {
    graph::node_ptr node;
    scalar value;
    bool is_number;
};

/// See fits_wrapped<T> and side_of_range<T>.
inline int side_of_range(const scalar& v, dtype d) {
    if (d.kind() != dtype_kind::integer) {
        return 0;
    }
    return dispatch(d, [&v]<class T>(type_tag<T>) { return side_of_range<T>(v); });
}
inline bool fits_wrapped(const scalar& v, dtype d) {
    return dispatch(d, [&v]<class T>(type_tag<T>) { return fits_wrapped<T>(v); });
}

/// The number as an operation with this rule takes it beside elements of `d`: most let integers
/// wrap; limits that limit nothing are moved into range. Throws value_error for what makes no
/// sense.
inline scalar number_beside(const scalar& v, dtype d, ops::number_rule rule, const char* op) {
    const int side = rule == ops::number_rule::wraps ? 0 : side_of_range(v, d);
    if (side == 0) {
        return v;
    }
    if (rule == ops::number_rule::fits && fits_wrapped(v, d)) {
        return v;
    }
    if ((rule == ops::number_rule::from_below && side < 0) ||
        (rule == ops::number_rule::from_above && side > 0)) {
        return dispatch(d, [side]<class T>(type_tag<T>) -> scalar {
            if constexpr (is_integer_v<T>) {
                return side < 0 ? std::numeric_limits<T>::lowest() : std::numeric_limits<T>::max();
            } else {
                return 0;
            }
        });
    }
    fail<value_error>(op, {"value cannot be converted to type ", d.name(), " without overflow"});
}

/// Throws value_error for integers to the power of a negative number.
inline void check_exponent(const scalar& v, dtype d) {
    if (d.kind() == dtype_kind::integer && v.kind() == dtype_kind::integer && !v.is_unsigned() &&
        v.to<std::int64_t>() < 0) {
        fail<value_error>("pow", {"Integers to negative integer powers are not allowed."});
    }
}

template <element C, class Base, class Exponent>
void check_exponents(const Base&, const Exponent& exponent) {
    if constexpr (number<Exponent>) {
        check_exponent(exponent, dtype_of<C>);
    }
}

/// An operand of an expression, working in C, as Op takes it.
template <class Op, element C, class X>
decltype(auto) as_operand(X&& x) {
    if constexpr (number<std::remove_cvref_t<X>> && is_integer_v<C> &&
                  Op::numbers != ops::number_rule::wraps) {
        return number_beside(scalar(x), dtype_of<C>, Op::numbers, Op::name).template to<C>();
    } else {
        return static_cast<X&&>(x);
    }
}

/// True iff some operand has more digits than the 16-bit float `d`: numbers, and 0-d tensors that
/// do not count in promotion.
[[gnu::cold, gnu::noinline]] inline bool wider_than_half(std::span<const run_time_operand> operands,
                                                         dtype d) {
    for (const run_time_operand& o : operands) {
        if (!o.is_number) {
            const bool narrow = o.node->dtype() == d || o.node->dtype() == dtype_id::bool_;
            if (!narrow && o.node->shape().empty()) {
                return true;
            }
            continue;
        }
        const auto exact = o.value.to<double>();
        const double held = d == dtype_id::float16
                                ? static_cast<double>(float(float16_t(static_cast<float>(exact))))
                                : static_cast<double>(float(bfloat16_t(static_cast<float>(exact))));
        if (!(held == exact) && exact == exact) {
            return true;
        }
    }
    return false;
}
inline bool is_half(dtype d) { return d == dtype_id::float16 || d == dtype_id::bfloat16; }

}  // namespace lazy

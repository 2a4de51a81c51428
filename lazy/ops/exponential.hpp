// Roots, exponentials and logarithms.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "complex_math.hpp"
#include "op.hpp"

namespace lazy::ops {

/// NaN below zero.
struct sqrt : floating<floats | complexes, 1> {
    static constexpr const char* name = "sqrt";
    static constexpr float cost = 5;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::sqrt;
        return sqrt(x);
    }
};
struct exp : floating<floats | complexes, 1> {
    static constexpr const char* name = "exp";
    static constexpr float cost = 10;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::exp;
        return exp(x);
    }
};
struct exp2 : floating<floats | complexes, 1> {
    static constexpr const char* name = "exp2";
    static constexpr float cost = 10;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        return exp2_value(x);
    }
};
/// exp(x) - 1 without cancellation.
struct expm1 : floating<floats | complexes, 1> {
    static constexpr const char* name = "expm1";
    static constexpr float cost = 15;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        return expm1_value(x);
    }
};
/// Natural logarithm; -inf at 0, NaN below.
struct log : floating<floats | complexes, 1> {
    static constexpr const char* name = "log";
    static constexpr float cost = 12;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::log;
        return log(x);
    }
};
struct log2 : floating<floats | complexes, 1> {
    static constexpr const char* name = "log2";
    static constexpr float cost = 12;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        return log2_value(x);
    }
};
struct log10 : floating<floats | complexes, 1> {
    static constexpr const char* name = "log10";
    static constexpr float cost = 12;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::log10;
        return log10(x);
    }
};
/// log(1 + x) without cancellation.
struct log1p : floating<floats | complexes, 1> {
    static constexpr const char* name = "log1p";
    static constexpr float cost = 15;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        return log1p_value(x);
    }
};
struct cbrt : floating<floats, 1> {
    static constexpr const char* name = "cbrt";
    static constexpr float cost = 15;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::cbrt;
        return cbrt(x);
    }
};
/// 1 / sqrt(x).
struct rsqrt : floating<floats | complexes, 1> {
    static constexpr const char* name = "rsqrt";
    static constexpr float cost = 8;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        return inverse_sqrt(x);
    }
};
/// 1 / (1 + exp(-x)).
struct sigmoid : floating<floats | complexes, 1> {
    static constexpr const char* name = "sigmoid";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        return logistic(x);
    }
};
/// log(exp(a) + exp(b)) without overflow.
struct logaddexp : floating<floats | complexes, 2> {
    static constexpr const char* name = "logaddexp";
    static constexpr float cost = 30;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return log_add_exp(a, b);
    }
};

}  // namespace lazy::ops

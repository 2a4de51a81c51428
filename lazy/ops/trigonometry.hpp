// Trigonometric and hyperbolic functions with their inverses.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "op.hpp"
#include "scalar_math.hpp"

namespace lazy::ops {

/// Of radians.
struct sin : floating<floats | complexes, 1> {
    static constexpr const char* name = "sin";
    static constexpr float cost = 12;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::sin;
        return sin(x);
    }
};
/// Of radians.
struct cos : floating<floats | complexes, 1> {
    static constexpr const char* name = "cos";
    static constexpr float cost = 12;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::cos;
        return cos(x);
    }
};
/// Of radians.
struct tan : floating<floats | complexes, 1> {
    static constexpr const char* name = "tan";
    static constexpr float cost = 16;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::tan;
        return tan(x);
    }
};
/// NaN outside [-1, 1].
struct asin : floating<floats | complexes, 1> {
    static constexpr const char* name = "asin";
    static constexpr float cost = 14;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::asin;
        return asin(x);
    }
};
/// NaN outside [-1, 1].
struct acos : floating<floats | complexes, 1> {
    static constexpr const char* name = "acos";
    static constexpr float cost = 14;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::acos;
        return acos(x);
    }
};
struct atan : floating<floats | complexes, 1> {
    static constexpr const char* name = "atan";
    static constexpr float cost = 14;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::atan;
        return atan(x);
    }
};
struct sinh : floating<floats | complexes, 1> {
    static constexpr const char* name = "sinh";
    static constexpr float cost = 16;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::sinh;
        return sinh(x);
    }
};
struct cosh : floating<floats | complexes, 1> {
    static constexpr const char* name = "cosh";
    static constexpr float cost = 16;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::cosh;
        return cosh(x);
    }
};
struct tanh : floating<floats | complexes, 1> {
    static constexpr const char* name = "tanh";
    static constexpr float cost = 14;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::tanh;
        return tanh(x);
    }
};
struct asinh : floating<floats | complexes, 1> {
    static constexpr const char* name = "asinh";
    static constexpr float cost = 20;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::asinh;
        return asinh(x);
    }
};
/// NaN below 1.
struct acosh : floating<floats | complexes, 1> {
    static constexpr const char* name = "acosh";
    static constexpr float cost = 20;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::acosh;
        return acosh(x);
    }
};
/// NaN outside [-1, 1].
struct atanh : floating<floats | complexes, 1> {
    static constexpr const char* name = "atanh";
    static constexpr float cost = 20;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::atanh;
        return atanh(x);
    }
};
/// The angle of the point (x = b, y = a), in [-pi, pi].
struct atan2 : floating<floats, 2> {
    static constexpr const char* name = "atan2";
    static constexpr float cost = 20;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        using std::atan2;
        return atan2(a, b);
    }
};
/// sqrt(a^2 + b^2) without overflow.
struct hypot : floating<floats, 2> {
    static constexpr const char* name = "hypot";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        using std::hypot;
        return hypot(a, b);
    }
};

}  // namespace lazy::ops

// Rounding, classification, complex parts and special functions.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "op.hpp"
#include "scalar_math.hpp"

namespace lazy::ops {

/// Rounding leaves integers as they are.
struct rounding : arithmetic<reals, 1> {
    static constexpr float cost = 1;
};
struct floor : rounding {
    static constexpr const char* name = "floor";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        if constexpr (is_integral_value<V>) {
            return x;
        } else {
            using std::floor;
            return floor(x);
        }
    }
};
struct ceil : rounding {
    static constexpr const char* name = "ceil";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        if constexpr (is_integral_value<V>) {
            return x;
        } else {
            using std::ceil;
            return ceil(x);
        }
    }
};
/// Towards zero.
struct trunc : rounding {
    static constexpr const char* name = "trunc";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        if constexpr (is_integral_value<V>) {
            return x;
        } else {
            using std::trunc;
            return trunc(x);
        }
    }
};
/// Half to even; both parts of a complex number, as in NumPy.
struct round : arithmetic<numbers, 1> {
    static constexpr const char* name = "round";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        if constexpr (is_integral_value<V>) {
            return x;
        } else {
            return round_even(x);
        }
    }
};
struct erf : floating<floats, 1> {
    static constexpr const char* name = "erf";
    static constexpr float cost = 20;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::erf;
        return erf(x);
    }
};
/// 1 - erf(x) without cancellation.
struct erfc : floating<floats, 1> {
    static constexpr const char* name = "erfc";
    static constexpr float cost = 25;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::erfc;
        return erfc(x);
    }
};
/// The gamma function.
struct tgamma : floating<floats, 1> {
    static constexpr const char* name = "tgamma";
    static constexpr float cost = 40;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        using std::tgamma;
        return tgamma(x);
    }
};
/// log |gamma(x)|.
struct lgamma : floating<floats, 1> {
    static constexpr const char* name = "lgamma";
    static constexpr float cost = 40;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        return log_gamma(x);
    }
};
/// The magnitude of a with the sign of b.
struct copysign : floating<floats, 2> {
    static constexpr const char* name = "copysign";
    static constexpr float cost = 1;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        using std::copysign;
        return copysign(a, b);
    }
};
/// The next representable value after a towards b.
struct nextafter : arithmetic<floats, 2> {
    static constexpr const char* name = "nextafter";
    static constexpr bool native_half = true;
    template <class V>
    LAZYTENSOR_FN static V apply(const V& a, const V& b) {
        return next_value(a, b);
    }
};
/// Classification; false everywhere for integers (isfinite: true). A complex number is NaN or
/// infinite when either part is.
struct isnan : comparison<numbers, 1> {
    static constexpr const char* name = "isnan";
    template <class V>
    LAZYTENSOR_FN static auto apply(const V& x) {
        return x != x;
    }
};
struct isinf : comparison<numbers, 1> {
    static constexpr const char* name = "isinf";
    template <class V>
    LAZYTENSOR_FN static auto apply(const V& x) {
        return is_infinite(x);
    }
};
struct isfinite : comparison<numbers, 1> {
    static constexpr const char* name = "isfinite";
    template <class V>
    LAZYTENSOR_FN static auto apply(const V& x) {
        return is_finite(x);
    }
};
/// True where the sign bit is set, of -0.0 too.
struct signbit : comparison<reals, 1> {
    static constexpr const char* name = "signbit";
    template <class V>
    LAZYTENSOR_FN static auto apply(const V& x) {
        return sign_bit(x);
    }
};

constexpr dtype real_part_dtype(dtype d) {
    return d == dtype_id::complex64    ? dtype(dtype_id::float32)
           : d == dtype_id::complex128 ? dtype(dtype_id::float64)
                                       : d;
}
/// Parts of a complex number. `real` and `conj` leave real tensors as they are.
struct real : arithmetic<everything, 1> {
    static constexpr const char* name = "real";
    static constexpr dtype result(dtype compute) { return real_part_dtype(compute); }
    template <class V>
    LAZYTENSOR_FN static auto apply(const V& x) {
        return real_part(x);
    }
};
struct imag : arithmetic<complexes, 1> {
    static constexpr const char* name = "imag";
    static constexpr dtype result(dtype compute) { return real_part_dtype(compute); }
    template <class V>
    LAZYTENSOR_FN static auto apply(const V& x) {
        return imaginary_part(x);
    }
};
struct conj : arithmetic<everything, 1> {
    static constexpr const char* name = "conj";
    template <class V>
    LAZYTENSOR_FN static V apply(const V& x) {
        return conjugate(x);
    }
};
/// The argument of a complex number; of a real one 0 or pi, NaN for NaN.
struct angle : floating<floats | complexes, 1> {
    static constexpr const char* name = "angle";
    static constexpr dtype result(dtype compute) { return real_part_dtype(compute); }
    template <class V>
    LAZYTENSOR_FN static auto apply(const V& x) {
        return argument(x);
    }
};

}  // namespace lazy::ops

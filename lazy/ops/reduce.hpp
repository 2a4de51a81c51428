// The primitive reductions: a value that changes nothing, and how two partial results combine.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <limits>

#include "op.hpp"
#include "scalar_math.hpp"

/// Everything else that reduces (mean, var, norm, logsumexp, ...) is written from these.
/// `prepare` is the dtype the input is converted to first.
namespace lazy::ops {

/// Integers and bool are summed as int64; 16-bit floats in float32 (and converted back).
constexpr dtype accumulate_dtype(dtype d) {
    return d.kind() < dtype_kind::floating ? dtype(dtype_id::int64)
           : d.itemsize() == 2             ? dtype(dtype_id::float32)
                                           : d;
}

/// 16-bit floats are compared in float32.
constexpr dtype comparable_dtype(dtype d) {
    return d.is_floating_point() && d.itemsize() == 2 ? dtype(dtype_id::float32) : d;
}

struct sum {
    static constexpr const char* name = "sum";
    static constexpr unsigned domain = everything;
    static constexpr bool needs_elements = false;
    static constexpr bool tracks_index = false;
    static constexpr dtype prepare(dtype d) { return accumulate_dtype(d); }
    /// -0.0 is the number that changes no float when added, -0.0 included.
    template <class T>
    static constexpr T identity() {
        return is_floating_v<T> ? T(-0.0) : T(0);
    }
    template <class V>
    LAZYTENSOR_FN static V combine(const V& a, const V& b) {
        return plus(a, b);
    }
    template <class T>
    static T finish(T v) {
        return plus(v, T(0));
    }
};

/// Squared distances from the mean, summed: a variance but for its divisor. Its partial results are
/// more than a value, so its compiled form stands alone (backends/cpu/spread_kernel.hpp).
struct spread {
    static constexpr const char* name = "spread";
    static constexpr unsigned domain = floats;
    static constexpr bool needs_elements = false;
    static constexpr bool tracks_index = false;
    static constexpr dtype prepare(dtype d) { return accumulate_dtype(d); }
};

struct prod {
    static constexpr const char* name = "prod";
    static constexpr unsigned domain = everything;
    static constexpr bool needs_elements = false;
    static constexpr bool tracks_index = false;
    static constexpr dtype prepare(dtype d) { return accumulate_dtype(d); }
    template <class T>
    static constexpr T identity() {
        return T(1);
    }
    template <class V>
    LAZYTENSOR_FN static V combine(const V& a, const V& b) {
        return times(a, b);
    }
    template <class T>
    static T finish(T v) {
        return v;
    }
};

/// Largest and smallest element; NaN wins.
struct amax {
    static constexpr const char* name = "amax";
    static constexpr unsigned domain = booleans | reals;
    static constexpr bool needs_elements = true;
    static constexpr bool tracks_index = false;
    static constexpr dtype prepare(dtype d) { return comparable_dtype(d); }
    template <class T>
    static constexpr T identity() {
        return std::numeric_limits<T>::has_infinity
                   ? static_cast<T>(-std::numeric_limits<T>::infinity())
                   : std::numeric_limits<T>::lowest();
    }
    template <class V>
    LAZYTENSOR_FN static V combine(const V& a, const V& b) {
        return larger(a, b);
    }
    template <class T>
    static T finish(T v) {
        return v;
    }
};
struct amin {
    static constexpr const char* name = "amin";
    static constexpr unsigned domain = booleans | reals;
    static constexpr bool needs_elements = true;
    static constexpr bool tracks_index = false;
    static constexpr dtype prepare(dtype d) { return comparable_dtype(d); }
    template <class T>
    static constexpr T identity() {
        return std::numeric_limits<T>::has_infinity ? std::numeric_limits<T>::infinity()
                                                    : std::numeric_limits<T>::max();
    }
    template <class V>
    LAZYTENSOR_FN static V combine(const V& a, const V& b) {
        return smaller(a, b);
    }
    template <class T>
    static T finish(T v) {
        return v;
    }
};

/// True iff any, all elements are not zero (the input is converted to bool first).
struct any {
    static constexpr const char* name = "any";
    static constexpr unsigned domain = everything;
    static constexpr bool needs_elements = false;
    static constexpr bool tracks_index = false;
    static constexpr dtype prepare(dtype) { return dtype_id::bool_; }
    template <class T>
    static constexpr T identity() {
        return false;
    }
    template <class V>
    LAZYTENSOR_FN static V combine(const V& a, const V& b) {
        return bit_or(a, b);
    }
    template <class T>
    static T finish(T v) {
        return v;
    }
};
struct all {
    static constexpr const char* name = "all";
    static constexpr unsigned domain = everything;
    static constexpr bool needs_elements = false;
    static constexpr bool tracks_index = false;
    static constexpr dtype prepare(dtype) { return dtype_id::bool_; }
    template <class T>
    static constexpr T identity() {
        return true;
    }
    template <class V>
    LAZYTENSOR_FN static V combine(const V& a, const V& b) {
        return bit_and(a, b);
    }
    template <class T>
    static T finish(T v) {
        return v;
    }
};

/// Index of the first largest, smallest element; of the first NaN if there is one.
struct argmax {
    static constexpr const char* name = "argmax";
    static constexpr unsigned domain = booleans | reals;
    static constexpr bool needs_elements = true;
    static constexpr bool tracks_index = true;
    static constexpr dtype prepare(dtype d) { return comparable_dtype(d); }
    /// True iff `a` beats `b` whatever their indices.
    template <class T>
    static bool better(T a, T b) {
        return a > b || (a != a && b == b);
    }
    template <class V>
    static V combine(const V& a, const V& b) {
        return larger(a, b);
    }
};
struct argmin {
    static constexpr const char* name = "argmin";
    static constexpr unsigned domain = booleans | reals;
    static constexpr bool needs_elements = true;
    static constexpr bool tracks_index = true;
    static constexpr dtype prepare(dtype d) { return comparable_dtype(d); }
    template <class T>
    static bool better(T a, T b) {
        return a < b || (a != a && b == b);
    }
    template <class V>
    static V combine(const V& a, const V& b) {
        return smaller(a, b);
    }
};

}  // namespace lazy::ops

// One formula for every runner: the functions that each library calls by another name.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

// A formula is a generic lambda (m, a, b, ...) over its library's arrays, registers or numbers:
//
//     [](auto m, const auto& a, const auto& b) { return a * 2.0F + m.sin(b); }
//
// m.value(x) is a named intermediate result: what a statement of its own would be. A formula that
// has names in it ends in `return m.result(x)`, because Eigen and xtensor must assign while the
// names are alive.
#include <Eigen/Core>
#include <cmath>
#include <lazytensor.hpp>
#include <unsupported/Eigen/SpecialFunctions>
#include <utility>
#include <xtensor/xadapt.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xtensor.hpp>

#include "../../backends/cpu/simd_math.hpp"

namespace bench {

using batch = lazy::cpu::batch<float>;
inline constexpr std::int64_t width = batch::size;

#define LAZYTENSOR_BENCH_FUNCTION(from, name)  \
    template <class X>                         \
    static auto name(X&& x) {                  \
        return from::name(std::forward<X>(x)); \
    }
#define LAZYTENSOR_BENCH_FUNCTIONS(from, other) \
    LAZYTENSOR_BENCH_FUNCTION(from, sin)        \
    LAZYTENSOR_BENCH_FUNCTION(from, exp)        \
    LAZYTENSOR_BENCH_FUNCTION(from, log)        \
    LAZYTENSOR_BENCH_FUNCTION(from, erf)        \
    LAZYTENSOR_BENCH_FUNCTION(other, sqrt)      \
    LAZYTENSOR_BENCH_FUNCTION(other, abs)

/// Registers, with the library's own functions (at most 2 ULP off), as every hand-written loop
/// here unless it says otherwise.
struct loop_math {
    LAZYTENSOR_BENCH_FUNCTIONS(lazy::cpu::simd, xsimd)
    static batch where(const auto& c, const batch& x, const batch& y) { return select(c, x, y); }
    static batch value(const batch& x) { return x; }
    static batch result(const batch& x) { return x; }
};
/// Registers, with xsimd's functions.
struct xsimd_math : loop_math {
    LAZYTENSOR_BENCH_FUNCTIONS(xsimd, xsimd)
};

struct lazy_math {
    LAZYTENSOR_BENCH_FUNCTIONS(lazy, lazy)
    // An expression that has a name is a value of its own: these have none.
    template <class C, class X, class Y>
    static auto where(C&& c, X&& x, Y&& y) {
        return lazy::where(std::forward<C>(c), std::forward<X>(x), std::forward<Y>(y));
    }
    static lazy::tensor<float> value(const auto& x) { return x; }
    static lazy::tensor<float> result(const auto& x) { return x; }
};

/// Out is an Eigen array to assign to.
template <class Out>
struct eigen_math {
    Out& out;
    LAZYTENSOR_BENCH_FUNCTIONS(Eigen, Eigen)
    static auto where(const auto& c, const auto& x, const auto& y) { return c.select(x, y); }
    static auto value(const auto& x) { return x.eval(); }
    void result(const auto& x) const { out = x; }
};

template <class Out>
struct xtensor_math {
    Out& out;
    LAZYTENSOR_BENCH_FUNCTIONS(xt, xt)
    template <class C, class X, class Y>
    static auto where(C&& c, X&& x, Y&& y) {
        return xt::where(std::forward<C>(c), std::forward<X>(x), std::forward<Y>(y));
    }
    static auto value(const auto& x) {
        return xt::xtensor<float, std::tuple_size_v<typename Out::shape_type>>(x);
    }
    void result(const auto& x) const { xt::noalias(out) = x; }
};

/// A number in double precision that counts the operations done to it, a function as one: what
/// must come out, and what it costs.
struct oracle {
    double v;
    static inline int operations = 0;
    static inline int functions = 0;  // of those, the ones that loop_math and xsimd_math differ in

    oracle(double x) : v(x) {}
    static oracle counted(double x) {
        ++operations;
        return {x};
    }
    static oracle function(double x) {
        ++functions;
        return counted(x);
    }
    friend oracle operator+(oracle a, oracle b) { return counted(a.v + b.v); }
    friend oracle operator-(oracle a, oracle b) { return counted(a.v - b.v); }
    friend oracle operator*(oracle a, oracle b) { return counted(a.v * b.v); }
    friend oracle operator/(oracle a, oracle b) { return counted(a.v / b.v); }
    friend oracle operator-(oracle a) { return counted(-a.v); }
    friend bool operator>(oracle a, oracle b) { return a.v > b.v; }
};
struct oracle_math {
    static oracle sin(oracle x) { return oracle::function(std::sin(x.v)); }
    static oracle exp(oracle x) { return oracle::function(std::exp(x.v)); }
    static oracle log(oracle x) { return oracle::function(std::log(x.v)); }
    static oracle erf(oracle x) { return oracle::function(std::erf(x.v)); }
    static oracle sqrt(oracle x) { return oracle::counted(std::sqrt(x.v)); }
    static oracle abs(oracle x) { return oracle::counted(std::abs(x.v)); }
    static oracle where(bool c, oracle x, oracle y) { return oracle::counted(c ? x.v : y.v); }
    static oracle value(oracle x) { return x; }
    static oracle result(oracle x) { return x; }
};

/// out = formula(m, a...) for the two libraries that assign expressions.
template <class Out, class Formula, class... In>
void assign_eigen(Out& out, const Formula& formula, const In&... in) {
    const eigen_math<Out> m{out};
    if constexpr (std::is_void_v<decltype(formula(m, in...))>) {
        formula(m, in...);
    } else {
        out = formula(m, in...);
    }
}
template <class Out, class Formula, class... In>
void assign_xtensor(Out& out, const Formula& formula, const In&... in) {
    const xtensor_math<Out> m{out};
    if constexpr (std::is_void_v<decltype(formula(m, in...))>) {
        formula(m, in...);
    } else {
        xt::noalias(out) = formula(m, in...);
    }
}

}  // namespace bench

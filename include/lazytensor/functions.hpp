// The elementwise functions and operators, one per operation of the list.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <limits>
#include <optional>

#include "../../lazy/ops/list.hpp"
#include "apply.hpp"

namespace lazy {

/// sin(x), exp(x), ...: lazy, elementwise, PyTorch's dtype rules (integers become float32 where the
/// result is not an integer).
#define LAZYTENSOR_DEFINE(name)                             \
    template <tensor_like X>                                \
    auto name(X&& x) {                                      \
        return lazy::apply<ops::name>(static_cast<X&&>(x)); \
    }
LAZYTENSOR_UNARY_OPS(LAZYTENSOR_DEFINE)
#undef LAZYTENSOR_DEFINE

/// add(a, b), minimum(a, b), ...: operands broadcast; either may be a number.
#define LAZYTENSOR_DEFINE(name)                                                  \
    template <term A, term B>                                                    \
    requires(tensor_like<A> || tensor_like<B>) auto name(A&& a, B&& b) {         \
        return lazy::apply<ops::name>(static_cast<A&&>(a), static_cast<B&&>(b)); \
    }
LAZYTENSOR_BINARY_OPS(LAZYTENSOR_DEFINE)
#undef LAZYTENSOR_DEFINE

#define LAZYTENSOR_OPERATOR(symbol, name)                                           \
    template <term A, term B>                                                       \
    requires(tensor_like<A> || tensor_like<B>) auto operator symbol(A&& a, B&& b) { \
        return lazy::apply<ops::name>(static_cast<A&&>(a), static_cast<B&&>(b));    \
    }
LAZYTENSOR_OPERATOR(+, add)
LAZYTENSOR_OPERATOR(-, sub)
LAZYTENSOR_OPERATOR(*, mul)
LAZYTENSOR_OPERATOR(/, div)
LAZYTENSOR_OPERATOR(%, remainder)
LAZYTENSOR_OPERATOR(==, eq)
LAZYTENSOR_OPERATOR(!=, ne)
LAZYTENSOR_OPERATOR(<, lt)
LAZYTENSOR_OPERATOR(<=, le)
LAZYTENSOR_OPERATOR(>, gt)
LAZYTENSOR_OPERATOR(>=, ge)
LAZYTENSOR_OPERATOR(&, bitwise_and)
LAZYTENSOR_OPERATOR(|, bitwise_or)
LAZYTENSOR_OPERATOR(^, bitwise_xor)
LAZYTENSOR_OPERATOR(<<, bitwise_left_shift)
LAZYTENSOR_OPERATOR(>>, bitwise_right_shift)
#undef LAZYTENSOR_OPERATOR

template <tensor_like X>
auto operator-(X&& x) {
    return lazy::neg(static_cast<X&&>(x));
}
template <tensor_like X>
auto operator+(X&& x) {
    return lazy::positive(static_cast<X&&>(x));
}
template <tensor_like X>
auto operator~(X&& x) {
    return lazy::bitwise_not(static_cast<X&&>(x));
}
/// Elementwise "not": a bool tensor.
template <tensor_like X>
auto operator!(X&& x) {
    return lazy::logical_not(static_cast<X&&>(x));
}

/// condition ? a : b, element by element, the three broadcasting; a and b promote.
template <tensor_like M, term A, term B>
auto where(M&& condition, A&& a, B&& b) {
    return lazy::apply<ops::where>(static_cast<M&&>(condition), static_cast<A&&>(a),
                                   static_cast<B&&>(b));
}

/// PyTorch's other names for the same functions.
#define LAZYTENSOR_ALIAS(alias, name)                                     \
    template <term A, term B>                                             \
    requires(tensor_like<A> || tensor_like<B>) auto alias(A&& a, B&& b) { \
        return lazy::name(std::forward<A>(a), std::forward<B>(b));        \
    }
LAZYTENSOR_ALIAS(subtract, sub)
LAZYTENSOR_ALIAS(multiply, mul)
LAZYTENSOR_ALIAS(divide, div)
LAZYTENSOR_ALIAS(true_divide, div)
LAZYTENSOR_ALIAS(greater, gt)
LAZYTENSOR_ALIAS(greater_equal, ge)
LAZYTENSOR_ALIAS(less, lt)
LAZYTENSOR_ALIAS(less_equal, le)
LAZYTENSOR_ALIAS(not_equal, ne)
LAZYTENSOR_ALIAS(arctan2, atan2)
#undef LAZYTENSOR_ALIAS
#define LAZYTENSOR_ALIAS(alias, name)          \
    template <tensor_like X>                   \
    auto alias(X&& x) {                        \
        return lazy::name(std::forward<X>(x)); \
    }
LAZYTENSOR_ALIAS(absolute, abs)
LAZYTENSOR_ALIAS(negative, neg)
LAZYTENSOR_ALIAS(arcsin, asin)
LAZYTENSOR_ALIAS(arccos, acos)
LAZYTENSOR_ALIAS(arctan, atan)
LAZYTENSOR_ALIAS(arcsinh, asinh)
LAZYTENSOR_ALIAS(arccosh, acosh)
LAZYTENSOR_ALIAS(arctanh, atanh)
LAZYTENSOR_ALIAS(fix, trunc)
#undef LAZYTENSOR_ALIAS

/// f(x). Of a run-time tensor of float32 or float64 as of one whose dtype the compiler knows: what
/// f writes is one kernel then, not one for each operation.
template <tensor_like X, class F>
auto with_known_dtype(const X& x, F f) {
    if constexpr (std::is_void_v<value_type_of<X>>) {
        // Dependent on X, because the handles are not complete yet.
        using any = handle_like<X>;
        using single = handle<std::conditional_t<tensor_like<X>, float, X>>;
        using wide = handle<std::conditional_t<tensor_like<X>, double, X>>;
        if (x.dtype() == dtype_id::float32) {
            return any(f(single(x)));
        }
        return x.dtype() == dtype_id::float64 ? any(f(wide(x))) : any(f(x));
    } else {
        return f(x);
    }
}

/// x limited to [low, high] (either a number or a tensor). NaN stays NaN.
template <tensor_like X, term L, term H>
auto clamp(X&& x, L&& low, H&& high) {
    return lazy::minimum(lazy::maximum(std::forward<X>(x), std::forward<L>(low)),
                         std::forward<H>(high));
}
template <tensor_like X, term L>
auto clamp_min(X&& x, L&& low) {
    return lazy::maximum(std::forward<X>(x), std::forward<L>(low));
}
template <tensor_like X, term H>
auto clamp_max(X&& x, H&& high) {
    return lazy::minimum(std::forward<X>(x), std::forward<H>(high));
}
/// Without one of the bounds: clamp(x, std::nullopt, 3).
template <tensor_like X, term H>
auto clamp(X&& x, std::nullopt_t, H&& high) {
    return lazy::clamp_max(std::forward<X>(x), std::forward<H>(high));
}
template <tensor_like X, term L>
auto clamp(X&& x, L&& low, std::nullopt_t) {
    return lazy::clamp_min(std::forward<X>(x), std::forward<L>(low));
}
template <tensor_like X, class L, class H>
auto clip(X&& x, L&& low, H&& high) {
    return lazy::clamp(std::forward<X>(x), std::forward<L>(low), std::forward<H>(high));
}
/// x - trunc(x), floats only: the digits after the point with the sign of x; NaN of infinities.
template <tensor_like X>
auto frac(const X& x) {
    if (!x.dtype().is_floating_point()) {
        throw dtype_error(message("frac", std::string("not implemented for ") + x.dtype().name()));
    }
    return x - lazy::trunc(x);
}

/// x * (1 + erf(x / sqrt 2)) / 2: the Gaussian error linear unit.
template <tensor_like X>
auto gelu(const X& x) {
    return with_known_dtype(
        x, [](const auto& w) { return 0.5 * w * (1.0 + lazy::erf(w * 0.70710678118654752440)); });
}
/// x * sigmoid(x).
template <tensor_like X>
auto silu(const X& x) {
    return with_known_dtype(x, [](const auto& w) { return w * lazy::sigmoid(w); });
}
/// log(1 + exp(x)) without overflow.
template <tensor_like X>
auto softplus(const X& x) {
    return lazy::logaddexp(x, 0.0);
}
/// a + weight * (b - a).
template <tensor_like A, tensor_like B, term W>
auto lerp(const A& a, const B& b, W&& weight) {
    return a + std::forward<W>(weight) * (b - a);
}
template <class Y>
constexpr bool is_run_time() {
    if constexpr (tensor_like<Y>) {
        return std::is_void_v<value_type_of<Y>>;
    } else {
        return false;
    }
}
/// A tensor in the dtype C, or `d` where C is void. So is a number that is `alone`; others stay.
template <class C, bool alone, class Y>
auto factor_in(const Y& y, dtype d) {
    if constexpr (tensor_like<Y> && std::is_void_v<C>) {
        return lazy::to(y, d);
    } else if constexpr (tensor_like<Y>) {
        return lazy::to(y, dtype_constant<C>{});
    } else if constexpr (alone) {
        return make_handle<C>(graph::make_number(scalar(y), d));
    } else {
        return y;
    }
}
/// join(a, b) of factors whose term is added to x, in the dtype that all three promote to.
template <tensor_like X, class A, class B, class Join>
auto term_beside(const X& x, const A& a, const B& b, Join join) {
    constexpr bool alone = !tensor_like<A>;  // an int times an int would stay one
    if constexpr (is_run_time<X>() || is_run_time<A>() || is_run_time<B>()) {
        const run_time_operand operands[] = {run_time(x), run_time(a), run_time(b)};
        const dtype d = result_type(operands);
        return join(factor_in<void, alone>(a, d), factor_in<void, false>(b, d));
    } else {
        using C = promoted_t<X, A, B>;
        return join(factor_in<C, alone>(a, dtype_of<C>), factor_in<C, false>(b, dtype_of<C>));
    }
}
/// value * x, the value cut to an integer beside integers.
template <number V, term X>
auto scaled_by(V value, const X& x) {
    if constexpr (!tensor_like<X> || !std::is_floating_point_v<V>) {
        return value * x;
    } else if constexpr (is_run_time<X>()) {
        using any = handle_like<X>;
        return x.dtype().kind() < dtype_kind::floating ? any(static_cast<std::int64_t>(value) * x)
                                                       : any(value * x);
    } else if constexpr (dtype_of<value_type_of<X>>.kind() < dtype_kind::floating) {
        return static_cast<std::int64_t>(value) * x;
    } else {
        return value * x;
    }
}
/// x + value * a * b, and x + value * a / b, in the dtype that all three promote to.
template <tensor_like X, term A, term B>
auto addcmul(const X& x, A&& a, B&& b) {
    return x + term_beside(x, a, b, [](const auto& l, const auto& r) { return l * r; });
}
template <tensor_like X, term A, term B, number V>
auto addcmul(const X& x, A&& a, B&& b, V value) {
    return x + term_beside(x, a, b, [value](const auto& l, const auto& r) {
               return scaled_by(value, l) * r;
           });
}
template <tensor_like X, term A, term B>
auto addcdiv(const X& x, A&& a, B&& b) {
    return x + term_beside(x, a, b, [](const auto& l, const auto& r) { return l / r; });
}
template <tensor_like X, term A, term B, number V>
auto addcdiv(const X& x, A&& a, B&& b, V value) {
    return x + term_beside(x, a, b, [value](const auto& l, const auto& r) {
               return scaled_by(value, l) / r;
           });
}
/// Degrees to radians and back.
template <tensor_like X>
auto deg2rad(X&& x) {
    return std::forward<X>(x) * 0.017453292519943295769;
}
template <tensor_like X>
auto rad2deg(X&& x) {
    return std::forward<X>(x) * 57.295779513082320877;
}

/// The tensor with truth values as the numbers 0 and 1.
template <tensor_like X>
auto without_bool(const X& x) {
    using V = value_type_of<X>;
    if constexpr (std::is_void_v<V>) {
        using any = handle_like<X>;
        return x.dtype() == dtype_id::bool_ ? any(lazy::to(x, int8)) : any(x);
    } else if constexpr (std::is_same_v<V, bool>) {
        return lazy::to(x, int8);
    } else {
        return x;
    }
}

/// True where |a - b| <= atol + rtol * |b|, or both are the same infinity (or, if asked, NaN).
template <tensor_like A, tensor_like B>
auto isclose(const A& given, const B& other, double rtol, double atol, bool equal_nan) {
    const auto a = without_bool(given);
    const auto b = without_bool(other);
    auto near =
        lazy::logical_and(lazy::abs(a - b) <= atol + rtol * lazy::abs(b), lazy::isfinite(b));
    auto both = lazy::logical_and(lazy::logical_and(lazy::isnan(a), lazy::isnan(b)), equal_nan);
    return lazy::logical_or(lazy::logical_or(a == b, near), both);
}

/// NaN becomes `nan`, infinities the given numbers (the dtype's largest and smallest if not given);
/// so do the parts of complex numbers.
template <tensor_like X>
auto nan_to_num(const X& x, double nan, std::optional<double> posinf,
                std::optional<double> neginf) {
    const dtype d = x.dtype();
    const double top = d == dtype_id::float64 || d == dtype_id::complex128 ? 1.7976931348623157e308
                       : d == dtype_id::float16                            ? 65504.0
                       : d == dtype_id::bfloat16                           ? 3.3895313892515355e38
                                                                           : 3.4028234663852886e38;
    constexpr double inf = std::numeric_limits<double>::infinity();
    const auto replaced = [&](const auto& w) {
        // Each number stands beside a tensor: two of them alone would be of the default dtype.
        auto bounded = lazy::where(w == -inf, neginf.value_or(-top), w);
        return lazy::where(lazy::isnan(w), nan,
                           lazy::where(w == inf, posinf.value_or(top), std::move(bounded)));
    };
    constexpr std::complex<double> i(0, 1);
    using V = value_type_of<X>;
    if constexpr (std::is_void_v<V>) {
        using any = handle_like<X>;
        if (d.is_complex()) {
            return any(lazy::to(replaced(lazy::real(x)), d) +
                       lazy::to(replaced(lazy::imag(x)), d) * i);
        }
        return d.kind() < dtype_kind::floating ? make_handle<V>(copied(x.node()))
                                               : with_known_dtype(x, replaced);
    } else if constexpr (dtype_of<V>.kind() < dtype_kind::floating) {
        return make_handle<V>(copied(x.node()));  // integers have none of them
    } else if constexpr (is_complex_v<V>) {
        return lazy::to(replaced(lazy::real(x)), dtype_constant<V>{}) +
               lazy::to(replaced(lazy::imag(x)), dtype_constant<V>{}) * i;
    } else {
        return replaced(x);
    }
}

}  // namespace lazy

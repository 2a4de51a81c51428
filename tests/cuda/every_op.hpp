// All operations of one arity as one operation that chooses at run time: one kernel tests them all.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../backends/cuda/functor.hpp"

/// A kernel per operation and dtype takes nvcc about a second each. These hold each formula once,
/// as a function of its own that the kernel calls.
namespace every_op {

namespace ops = lazy::ops;

/// True iff Op can be asked to work in C.
template <class Op, class C>
inline constexpr bool works_in =
    ops::accepts<Op, C>&& Op::compute(lazy::dtype_of<C>,
                                      lazy::dtype(lazy::float32)) == lazy::dtype_of<C>;

/// Any result of an operation that works in C, as a C: bool is 0 or 1, a part is real.
template <class C, class R>
LAZYTENSOR_FN lazy::cuda::lane_t<C> widened(const R& r) {
    if constexpr (lazy::is_complex_v<C> && std::is_arithmetic_v<R>) {
        return {static_cast<typename C::value_type>(r), 0};
    } else {
        return static_cast<lazy::cuda::lane_t<C>>(r);
    }
}

template <class Op, class C, class... V>
__attribute__((noinline)) LAZYTENSOR_FN lazy::cuda::lane_t<C> one(bool& fault, const V&... x) {
    if constexpr (!works_in<Op, C>) {
        return lazy::cuda::lane_t<C>{};
    } else if constexpr (Op::may_fault && lazy::is_integer_v<C>) {
        return widened<C>(Op::apply(x..., fault));
    } else {
        return widened<C>(Op::apply(x...));
    }
}

template <class V>
LAZYTENSOR_FN int number_of(const V& which) {
    return static_cast<int>(ops::real_part(which));
}
template <class T>
LAZYTENSOR_FN int number_of(const lazy::cuda::complex_value<T>& which) {
    return static_cast<int>(which.re);
}

/// The operation of the list with number `which`, of the operands before it.
template <class C>
struct unary : ops::arithmetic<ops::everything, 2> {
    static constexpr const char* name = "every unary operation";
    static constexpr bool may_fault = true;
    template <class V, class... Fault>
    LAZYTENSOR_FN static V apply(const V& x, const V& which, Fault&...) {
        const int wanted = number_of(which);
        int k = 0;
        bool fault = false;
        V out{};
#define EVERY_OP(name)                     \
    if (wanted == k++) {                   \
        out = one<ops::name, C>(fault, x); \
    }
        LAZYTENSOR_UNARY_OPS(EVERY_OP)
#undef EVERY_OP
        return out;
    }
};
template <class C>
struct binary : ops::arithmetic<ops::everything, 3> {
    static constexpr const char* name = "every binary operation";
    static constexpr bool may_fault = true;
    template <class V, class... Fault>
    LAZYTENSOR_FN static V apply(const V& a, const V& b, const V& which, Fault&... raised) {
        const int wanted = number_of(which);
        int k = 0;
        bool fault = false;
        V out{};
#define EVERY_OP(name)                        \
    if (wanted == k++) {                      \
        out = one<ops::name, C>(fault, a, b); \
    }
        LAZYTENSOR_BINARY_OPS(EVERY_OP)
#undef EVERY_OP
        ((raised = raised || fault), ...);
        return out;
    }
};

}  // namespace every_op

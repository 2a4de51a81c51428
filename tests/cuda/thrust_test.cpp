// Conformance of the CUDA back end: every operation, layout, size and reduction against plain loops.
// SPDX-License-Identifier: BSD-3-Clause
#include "../catch.hpp"

#include "../../backends/cuda/evaluate.hpp"
#include "oracle.hpp"
#include "samples.hpp"

// Compiled by the C++ compiler for the host systems of Thrust, and by nvcc (thrust_test.cu). The plain
// system covers every dtype; the others a few, because the formulas are the same and a kernel costs
// nvcc ten times what it costs g++.

namespace {

namespace ops = lazy::ops;
namespace graph = lazy::graph;
using graph::node_ptr;
using lazy::element;
using lazy::shape;
using samples::values;

template <class... T>
struct types {};
using every_type =
    types<bool, std::uint8_t, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint16_t, std::uint32_t,
          std::uint64_t, lazy::float16_t, lazy::bfloat16_t, float, double, std::complex<float>, std::complex<double>>;
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CPP
using op_types = every_type;
using cast_types = every_type;
using reduced_types = every_type;
#else
using op_types = types<std::int32_t, float>;
using cast_types = types<std::uint8_t, lazy::float16_t, double>;
using reduced_types = types<bool, std::int32_t, lazy::float16_t, float>;
#endif

template <class F, class... T>
void each(types<T...>, F&& f) {
    (f(lazy::type_tag<T>{}), ...);
}

/// Says once that there is nothing to run on; the cases then pass without testing.
bool have_device() {
    static const bool have = [] {
        const std::string reason = lazy::cuda::unavailable_reason();
        if (!reason.empty()) {
            WARN("skipped, no usable GPU: " << reason);
        }
        return reason.empty();
    }();
    return have;
}

template <class T>
graph::literals<1> literal_of(T value) {
    graph::literals<1> l{};
    std::memcpy(l.slot[0], static_cast<const void*>(&value), sizeof(T));
    return l;
}

/// The elements of formula F on the device.
template <class F>
values<typename F::value_type> run(std::initializer_list<node_ptr> operands, const shape& sizes,
                                   const graph::literals<graph::literal_count<F>>& numbers = {}) {
    using T = typename F::value_type;
    const lazy::buffer_ptr b = lazy::cuda::evaluate<F>({operands.begin(), operands.size()}, numbers, sizes);
    values<T> out(static_cast<std::size_t>(sizes.numel()));
    if (out.size() != 0) {
        std::memcpy(static_cast<void*>(&out[0]), b->data(), out.size() * sizeof(T));
    }
    return out;
}

/// An element as the oracle takes it.
template <class C>
auto wide(C x) {
    if constexpr (std::is_same_v<C, bool>) {
        return x;
    } else if constexpr (lazy::is_complex_v<C>) {
        return oracle::compound(x.real(), x.imag());
    } else if constexpr (lazy::is_half_v<C>) {
        return static_cast<oracle::real>(static_cast<float>(x));
    } else if constexpr (std::is_floating_point_v<C>) {
        return static_cast<oracle::real>(x);
    } else {
        return static_cast<oracle::whole>(x);
    }
}

/// True iff `got` is the float nearest to `want`, or within `ulp` of it. Results in [-max, max] that
/// the wide type holds and T cannot are infinite.
template <class T>
bool close(T got, oracle::real want, double ulp) {
    using narrow = std::conditional_t<lazy::is_half_v<T>, float, T>;
    const auto nearest = static_cast<oracle::real>(T(static_cast<narrow>(want)));
    const auto x = static_cast<oracle::real>(got);
    if (std::isnan(nearest) || std::isnan(x)) {
        return std::isnan(nearest) && std::isnan(x);
    }
    if (nearest == x) {
        return true;
    }
    const oracle::real step = std::is_same_v<T, lazy::float16_t>    ? 0x1p-10L
                              : std::is_same_v<T, lazy::bfloat16_t> ? 0x1p-7L
                                                                    : std::numeric_limits<narrow>::epsilon();
    const oracle::real least = std::is_same_v<T, lazy::float16_t> ? 0x1p-24L : std::numeric_limits<narrow>::denorm_min();
    return std::fabs(x - want) <= ulp * std::fmax(step * std::fabs(want), least);
}

/// Units in the last place that an operation may be off: half a one where IEEE 754 decides, elsewhere
/// what the CUDA manual and glibc document. logaddexp cancels where its result is near 0, lgamma too.
template <class Op>
constexpr double tolerance() {
    if constexpr (std::is_same_v<Op, ops::lgamma> || std::is_same_v<Op, ops::logaddexp>) {
        return 128;
    } else if constexpr (std::is_same_v<Op, ops::pow> || std::is_same_v<Op, ops::tgamma>) {
        return 16;
    } else {
        return Op::cost <= 1 ? 0.5 : 5;
    }
}

template <class Op, class R, class W>
bool agrees(R got, const W& want) {
    if constexpr (std::is_same_v<R, bool>) {
        return got == static_cast<bool>(want);
    } else if constexpr (lazy::is_complex_v<R>) {
        using part = typename R::value_type;
        const oracle::compound difference = wide(got) - want;
        return std::abs(difference) <= 64 * oracle::real(std::numeric_limits<part>::epsilon()) * std::abs(want);
    } else if constexpr (std::is_same_v<Op, ops::sigmoid> && std::is_floating_point_v<R>) {
        // 1 / (1 + exp(100)) of float32: the denominator overflows where the result is denormal.
        return close<R>(got, want, 5) || (std::fabs(want) < std::numeric_limits<R>::min() && got == 0);
    } else if constexpr (lazy::is_floating_v<R>) {
        return close<R>(got, static_cast<oracle::real>(want), tolerance<Op>());
    } else {
        return got == static_cast<R>(want);
    }
}

/// `x` as an operation that works in C takes it.
template <class C, class T>
C as(T x) {
    if constexpr (std::is_same_v<C, T>) {
        return x;
    } else {
        return static_cast<C>(x);
    }
}

/// Operand I of type T as one of type C.
template <class C, class T, std::size_t I>
using taken = std::conditional_t<std::is_same_v<C, T>, graph::operand<T, I>, graph::cast<C, graph::operand<T, I>>>;

/// Op is tested on T if it works in T; of the types it converts first, one stands for all.
template <class Op, class T>
constexpr bool tested() {
    if constexpr (ops::accepts<Op, T>) {
        return std::is_same_v<ops::compute_t<Op, T>, T> || std::is_same_v<T, std::int32_t>;
    } else {
        return false;
    }
}

template <class Op, class C, class... V>
auto expected(V... x) {
    if constexpr (std::is_same_v<Op, ops::nextafter>) {
        return oracle::expect(Op{}, x...);
    } else {
        return oracle::expect(Op{}, wide(x)...);
    }
}

template <class Op, class T>
void check_unary() {
    using C = ops::compute_t<Op, T>;
    const values<T> x = samples::of<T>();
    const auto got = run<graph::apply<Op, C, taken<C, T, 0>>>({samples::node(x)}, shape(x.size()));
    for (std::size_t i = 0; i < x.size(); ++i) {
        INFO(Op::name << " of " << lazy::dtype_of<T>.name() << " " << i << " gave " << got[i]);
        CHECK(agrees<Op>(got[i], expected<Op, C>(as<C>(x[i]))));
    }
}

/// Integers divide by the samples that are not zero.
template <class Op, class T>
values<T> right_operands() {
    const values<T> all = samples::of<T>();
    if constexpr (Op::may_fault && lazy::is_integer_v<T>) {
        return all[all != T(0)];
    } else {
        return all;
    }
}

/// All pairs of samples, as a column and a row that broadcast.
template <class Op, class T>
void check_binary() {
    using C = ops::compute_t<Op, T>;
    const values<T> a = samples::of<T>();
    const values<T> b = right_operands<Op, T>();
    const auto got = run<graph::apply<Op, C, taken<C, T, 0>, taken<C, T, 1>>>(
        {samples::node(a, shape(a.size(), 1)), samples::node(b)}, shape(a.size(), b.size()));
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t j = 0; j < b.size(); ++j) {
            INFO(Op::name << " of " << lazy::dtype_of<T>.name() << " " << i << ", " << j << " gave "
                          << got[i * b.size() + j]);
            CHECK(agrees<Op>(got[i * b.size() + j], expected<Op, C>(as<C>(a[i]), as<C>(b[j]))));
        }
    }
}

}  // namespace

TEST_CASE("cuda: without a device every call says so") {
    const node_ptr x = samples::node(values<float>{1, 2});
    if (lazy::cuda::unavailable_reason().empty()) {
        CHECK(run<graph::operand<float, 0>>({x}, shape(2))[1] == 2);
    } else {
        CHECK_THROWS_AS((run<graph::operand<float, 0>>({x}, shape(2))), lazy::device_error);
    }
}

TEST_CASE("cuda: operations of one operand") {
    if (!have_device()) {
        return;
    }
    each(op_types{}, []<class T>(lazy::type_tag<T>) {
#define CHECK_OP(name)                           \
    if constexpr (tested<ops::name, T>()) {      \
        check_unary<ops::name, T>();             \
    }
        LAZYTENSOR_UNARY_OPS(CHECK_OP)
#undef CHECK_OP
    });
}

TEST_CASE("cuda: operations of two operands") {
    if (!have_device()) {
        return;
    }
    each(op_types{}, []<class T>(lazy::type_tag<T>) {
#define CHECK_OP(name)                                                                   \
    if constexpr (tested<ops::name, T>() &&                                              \
                  !(std::is_same_v<ops::name, ops::nextafter> && lazy::is_half_v<T>)) {  \
        check_binary<ops::name, T>();                                                    \
    }
        LAZYTENSOR_BINARY_OPS(CHECK_OP)
#undef CHECK_OP
    });
}

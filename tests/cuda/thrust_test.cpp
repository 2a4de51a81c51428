// Conformance of the CUDA back end: operations, layouts, sizes, reductions against plain loops.
// SPDX-License-Identifier: BSD-3-Clause
#include "../catch.hpp"

#include "../../backends/cuda/evaluate.hpp"
#include "every_op.hpp"
#include "oracle.hpp"
#include "samples.hpp"

// Compiled by the C++ compiler for the host systems of Thrust, and by nvcc (thrust_test.cu). The
// plain system covers every dtype; the others a few, because the formulas are the same. A kernel
// takes nvcc a second to compile, so there, and for some dtypes here, one holds all operations
// (every_op.hpp).

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
    types<bool, std::uint8_t, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint16_t,
          std::uint32_t, std::uint64_t, lazy::float16_t, lazy::bfloat16_t, float, double,
          std::complex<float>, std::complex<double>>;
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CPP
using op_types = every_type;
using cast_types = every_type;
using reduced_types = every_type;
#elif THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA
using op_types = types<std::int32_t, float, std::complex<float>>;
using cast_types = types<std::uint8_t, lazy::float16_t, double>;
using reduced_types = types<float>;
#else
using op_types = types<std::int32_t, float>;
using cast_types = types<std::uint8_t, lazy::float16_t, double>;
using reduced_types = types<bool, std::int32_t, lazy::float16_t, float>;
#endif

/// Every operation gets a kernel of its own for these; for the others one kernel chooses.
template <class T>
inline constexpr bool kernel_each = THRUST_DEVICE_SYSTEM != THRUST_DEVICE_SYSTEM_CUDA &&
                                    (std::is_same_v<T, bool> || std::is_same_v<T, std::int32_t> ||
                                     std::is_same_v<T, float> ||
                                     std::is_same_v<T, lazy::float16_t> ||
                                     std::is_same_v<T, std::complex<float>>);

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
    const lazy::buffer_ptr b =
        lazy::cuda::evaluate<F>({operands.begin(), operands.size()}, numbers, sizes);
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

/// True iff `got` is the float nearest to `want`, or within `ulp` of it. Results in [-max, max]
/// that the wide type holds and T cannot are infinite.
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
    const oracle::real step = std::is_same_v<T, lazy::float16_t> ? 0x1p-10L
                              : std::is_same_v<T, lazy::bfloat16_t>
                                  ? 0x1p-7L
                                  : std::numeric_limits<narrow>::epsilon();
    const oracle::real least =
        std::is_same_v<T, lazy::float16_t> ? 0x1p-24L : std::numeric_limits<narrow>::denorm_min();
    return std::fabs(x - want) <= ulp * std::fmax(step * std::fabs(want), least);
}

/// Units in the last place that an operation may be off: half a one where IEEE 754 decides,
/// elsewhere what the CUDA manual and glibc document. logaddexp cancels where its result is near 0,
/// lgamma too.
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
        return std::abs(difference) <=
               64 * oracle::real(std::numeric_limits<part>::epsilon()) * std::abs(want);
    } else if constexpr (std::is_same_v<Op, ops::sigmoid> && std::is_floating_point_v<R>) {
        // 1 / (1 + exp(100)) of float32: the denominator overflows where the result is denormal.
        return close<R>(got, want, 5) ||
               (std::fabs(want) < std::numeric_limits<R>::min() && got == 0);
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
using taken = std::conditional_t<std::is_same_v<C, T>, graph::operand<T, I>,
                                 graph::cast<C, graph::operand<T, I>>>;

/// Op is tested on T if it works in T; of the types it converts first, one stands for all.
template <class Op, class T>
constexpr bool tested() {
    if constexpr (ops::accepts<Op, T>) {
        return std::is_same_v<ops::compute_t<Op, T>, T> || std::is_same_v<T, std::int32_t>;
    } else {
        return false;
    }
}

/// The place of Op in its list.
template <class Op>
constexpr int op_number() {
    int k = 0;
    int found = -1;
#define NUMBER(name)                                   \
    found = std::is_same_v<Op, ops::name> ? k : found; \
    ++k;
    if (Op::arity == 1) {
        LAZYTENSOR_UNARY_OPS(NUMBER)
    } else {
        LAZYTENSOR_BINARY_OPS(NUMBER)
    }
#undef NUMBER
    return found;
}

template <class Op, class C, class... V>
auto expected(V... x) {
    if constexpr (std::is_same_v<Op, ops::nextafter>) {
        return oracle::expect(Op{}, x...);
    } else {
        return oracle::expect(Op{}, wide(x)...);
    }
}

/// The results of Op on the operands, each converted to what it works in.
template <class Op, class T, class... Node>
auto results(const shape& sizes, const Node&... operands) {
    using C = ops::compute_t<Op, T>;
    if constexpr (kernel_each<T>) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return run<graph::apply<Op, C, taken<C, T, I>...>>({operands...}, sizes);
        }
        (std::make_index_sequence<Op::arity>{});
    } else {
        using R = ops::result_t<Op, C>;
        const graph::literals<1> which = literal_of(lazy::convert<C>(op_number<Op>()));
        const auto all = [&]<std::size_t... I>(std::index_sequence<I...>) {
            using every =
                std::conditional_t<Op::arity == 1, every_op::unary<C>, every_op::binary<C>>;
            return run<graph::apply<every, C, taken<C, T, I>..., graph::literal<C, 0>>>(
                {operands...}, sizes, which);
        }
        (std::make_index_sequence<Op::arity>{});
        values<R> out(all.size());
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = lazy::convert<R>(all[i]);
        }
        return out;
    }
}

template <class Op, class T>
void check_unary() {
    using C = ops::compute_t<Op, T>;
    const values<T> x = samples::of<T>();
    const auto got = results<Op, T>(shape(x.size()), samples::node(x));
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
    const auto got = results<Op, T>(shape(a.size(), b.size()), samples::node(a, shape(a.size(), 1)),
                                    samples::node(b));
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
#define CHECK_OP(name)                      \
    if constexpr (tested<ops::name, T>()) { \
        check_unary<ops::name, T>();        \
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
#define CHECK_OP(name)                                                                  \
    if constexpr (tested<ops::name, T>() &&                                             \
                  !(std::is_same_v<ops::name, ops::nextafter> && lazy::is_half_v<T>)) { \
        check_binary<ops::name, T>();                                                   \
    }
        LAZYTENSOR_BINARY_OPS(CHECK_OP)
#undef CHECK_OP
    });
}

TEST_CASE("cuda: choosing by a condition, numbers, several dtypes in one statement") {
    if (!have_device()) {
        return;
    }
    const values<float> x{-1, 0, 2, 3, -0.5F};
    const values<std::int32_t> y{5, 4, 3, 2, 1};
    using positive =
        graph::apply<ops::gt, float, graph::operand<float, 0>, graph::literal<float, 0>>;
    using halved =
        graph::apply<ops::mul, double, graph::cast<double, graph::operand<std::int32_t, 1>>,
                     graph::literal<double, 1>>;
    using F = graph::apply<ops::where, double, positive, halved,
                           graph::cast<double, graph::operand<float, 2>>>;
    graph::literals<2> numbers{};
    const double half = 0.5;
    std::memcpy(numbers.slot[1], &half, sizeof(half));
    const node_ptr xs = samples::node(x);
    const values<double> got = run<F>({xs, samples::node(y), xs}, shape(5), numbers);
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(got[i] == (x[i] > 0 ? y[i] * 0.5 : x[i]));
    }
}

TEST_CASE("cuda: 16-bit floats are rounded after every operation") {
    if (!have_device()) {
        return;
    }
    using H = lazy::float16_t;
    using sum = graph::apply<ops::add, H, graph::operand<H, 0>, graph::operand<H, 1>>;
    using F = graph::apply<ops::sub, H, sum, graph::literal<H, 0>>;
    const values<H> a(H(2048.0F), 3);
    const values<H> b(H(1.0F), 3);
    // 2049 lies between two float16 values and goes to the even one, 2048.
    CHECK(static_cast<float>(run<F>({samples::node(a), samples::node(b)}, shape(3),
                                    literal_of(H(2048.0F)))[2]) == 0);
}

TEST_CASE("cuda: conversions between all dtypes") {
    if (!have_device()) {
        return;
    }
    each(cast_types{}, []<class From>(lazy::type_tag<From>) {
        each(cast_types{}, []<class To>(lazy::type_tag<To>) {
            values<From> x(5);
            for (int i = 0; i < 5; ++i) {
                x[static_cast<std::size_t>(i)] = lazy::convert<From>(25.5 * i);
            }
            const auto got =
                run<graph::cast<To, graph::operand<From, 0>>>({samples::node(x)}, shape(5));
            for (std::size_t i = 0; i < 5; ++i) {
                INFO(lazy::dtype_of<From>.name()
                     << " to " << lazy::dtype_of<To>.name() << " " << i);
                if constexpr (lazy::is_complex_v<From> && lazy::is_complex_v<To>) {
                    CHECK(wide(got[i]) == wide(x[i]));
                } else if constexpr (lazy::is_complex_v<From>) {
                    CHECK(wide(got[i]) == wide(To(x[i].real() != 0 ? x[i].real() : 0)));
                } else if constexpr (lazy::is_complex_v<To>) {
                    CHECK(wide(got[i]) == oracle::compound(static_cast<long double>(wide(x[i]))));
                } else if constexpr (lazy::is_half_v<To>) {
                    // Up to 102: exact in float16; bfloat16 has 8 bits, 25.5 and 76.5 just fit.
                    CHECK(static_cast<float>(got[i]) == static_cast<float>(wide(x[i])));
                } else {
                    CHECK(got[i] == static_cast<To>(wide(x[i])));
                }
            }
        });
    });
    const values<double> odd{NAN, INFINITY, -INFINITY, 1e300, -1.5};
    const auto whole =
        run<graph::cast<std::int64_t, graph::operand<double, 0>>>({samples::node(odd)}, shape(5));
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(whole[i] == INT64_MIN);
    }
    CHECK(whole[4] == -1);
}

using layout_formula =
    graph::apply<ops::add, float,
                 graph::apply<ops::mul, float, graph::operand<float, 0>, graph::operand<float, 1>>,
                 graph::literal<float, 0>>;

TEST_CASE("cuda: every size, contiguous, repeated, reversed and shifted") {
    if (!have_device()) {
        return;
    }
    for (const std::int64_t n : {0, 1, 2, 3, 4, 5, 7, 1000, 100003}) {
        values<float> x(static_cast<std::size_t>(n + 1));
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = static_cast<float>(i % 1021) - 500;
        }
        const node_ptr all = samples::node(x);
        const auto strided = [&](std::int64_t stride, std::int64_t offset) {
            return graph::make_view(all, shape(n), graph::layout{shape(stride), offset});
        };
        const auto check = [&](const node_ptr& a, const node_ptr& b, auto&& index_a,
                               auto&& index_b) {
            const values<float> got = run<layout_formula>({a, b}, shape(n), literal_of(0.5F));
            REQUIRE(got.size() == static_cast<std::size_t>(n));
            for (std::int64_t i = 0; i < n; ++i) {
                const float want = x[static_cast<std::size_t>(index_a(i))] *
                                       x[static_cast<std::size_t>(index_b(i))] +
                                   0.5F;
                if (got[static_cast<std::size_t>(i)] != want) {
                    FAIL("size " << n << " element " << i << " gave "
                                 << got[static_cast<std::size_t>(i)]);
                }
            }
        };
        const auto same = [](std::int64_t i) { return i; };
        check(strided(1, 0), strided(1, 0), same, same);
        check(
            strided(1, 1), strided(1, 0), [](std::int64_t i) { return i + 1; }, same);
        check(
            strided(-1, n), strided(0, 0), [n](std::int64_t i) { return n - i; },
            [](std::int64_t) { return 0; });
        check(
            graph::make_number_of(x[0]), strided(1, 0), [](std::int64_t) { return 0; }, same);
    }
}

TEST_CASE("cuda: broadcast and transposed operands of several dimensions") {
    if (!have_device()) {
        return;
    }
    values<float> x(5 * 7 * 3);
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = static_cast<float>(i);
    }
    const node_ptr all = samples::node(x, shape(5, 7, 3));
    // x transposed to (3, 5, 7), times the column x[:3, 1, 2] of shape (3, 1, 1).
    const node_ptr turned =
        graph::make_view(all, shape(3, 5, 7), graph::layout{shape(1, 21, 3), 0});
    const node_ptr column =
        graph::make_view(all, shape(3, 1, 1), graph::layout{shape(21, 9, 5), 5});
    const values<float> got =
        run<layout_formula>({turned, column}, shape(3, 5, 7), literal_of(1.0F));
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 5; ++j) {
            for (std::size_t k = 0; k < 7; ++k) {
                CHECK(got[(i * 5 + j) * 7 + k] == x[j * 21 + k * 3 + i] * x[i * 21 + 5] + 1);
            }
        }
    }
    // Nine dimensions that cannot be merged are refused, whatever their sizes.
    shape sizes = shape::filled(9, 2);
    shape strides = shape::filled(9, 0);
    for (std::size_t d = 0; d < 9; d += 2) {
        strides[d] = 1;
    }
    const node_ptr wide_view = graph::make_view(all, sizes, graph::layout{strides, 0});
    CHECK_THROWS_AS((run<graph::operand<float, 0>>({wide_view}, sizes)), lazy::shape_error);
}

TEST_CASE("cuda: reductions of a statement to one value") {
    if (!have_device()) {
        return;
    }
    each(reduced_types{}, []<class T>(lazy::type_tag<T>) {
        using F = graph::operand<T, 0>;
        for (const std::size_t n :
             {std::size_t{1}, std::size_t{7}, std::size_t{1000}, std::size_t{100003}}) {
            INFO(lazy::dtype_of<T>.name() << " " << n);
            values<T> x(n);
            long double sum = 0;
            for (std::size_t i = 0; i < n; ++i) {
                x[i] = lazy::convert<T>(static_cast<double>(i % 3));
                sum += std::is_same_v<T, bool> ? i % 3 != 0 : i % 3;
            }
            const node_ptr operands[] = {samples::node(x)};
            const shape sizes(n);
            const auto total = lazy::cuda::reduce<ops::sum, F>(operands, {}, sizes);
            using S = std::remove_const_t<decltype(total)>;
            CHECK(lazy::convert<double>(total) ==
                  lazy::convert<double>(lazy::convert<S>(static_cast<double>(sum))));
            static_assert(!lazy::is_integer_v<T> || std::is_same_v<S, std::int64_t>);
            CHECK(lazy::convert<double>(lazy::cuda::reduce<ops::prod, F>(operands, {}, sizes)) ==
                  0);
            CHECK(lazy::cuda::reduce<ops::any, F>(operands, {}, sizes) == (n > 1));
            CHECK(!lazy::cuda::reduce<ops::all, F>(operands, {}, sizes));
            if constexpr (!lazy::is_complex_v<T>) {
                const double largest = std::is_same_v<T, bool> ? (n > 1 ? 1 : 0) : n > 1 ? 2 : 0;
                CHECK(lazy::convert<double>(
                          lazy::cuda::reduce<ops::amax, F>(operands, {}, sizes)) == largest);
                CHECK(lazy::convert<double>(
                          lazy::cuda::reduce<ops::amin, F>(operands, {}, sizes)) == 0);
            }
        }
    });
}

TEST_CASE("cuda: reductions at the edges") {
    if (!have_device()) {
        return;
    }
    using F = graph::operand<float, 0>;
    const auto of = []<class Op>(Op, const values<float>& x) {
        const node_ptr operands[] = {samples::node(x)};
        return lazy::cuda::reduce<Op, F>(operands, {}, shape(x.size()));
    };
    CHECK(of(ops::sum{}, {}) == 0);
    CHECK(of(ops::prod{}, {}) == 1);
    CHECK(!of(ops::any{}, {}));
    CHECK(of(ops::all{}, {}));
    CHECK_THROWS_AS(of(ops::amax{}, {}), lazy::index_error);
    CHECK(of(ops::prod{}, {2, 3, -4, 0.5F, 7}) == -84);
    CHECK(of(ops::amax{}, {-3, -2, -INFINITY}) == -2);
    CHECK(std::isnan(of(ops::amin{}, {1, 2, 3, 4, 5, NAN, 0})));
    CHECK(of(ops::any{}, {0, 0, NAN}));
    values<float> large(100003);
    for (std::size_t i = 0; i < large.size(); ++i) {
        large[i] = 1.0F + static_cast<float>(i % 7) / 8;
    }
    double exact = 0;
    for (const float v : large) {
        exact += v;
    }
    CHECK(std::fabs(of(ops::sum{}, large) - exact) < 1e-5 * exact);
}

TEST_CASE("cuda: integer division by zero is reported, wherever the zero stands") {
    if (!have_device()) {
        return;
    }
    using F = graph::apply<ops::floor_divide, std::int32_t, graph::operand<std::int32_t, 0>,
                           graph::operand<std::int32_t, 1>>;
    const values<std::int32_t> x(std::int32_t{-7}, 1001);
    for (const std::size_t at : {std::size_t{0}, std::size_t{500}, std::size_t{1000}}) {
        values<std::int32_t> y(std::int32_t{2}, 1001);
        const node_ptr good[] = {samples::node(x), samples::node(y)};
        CHECK(lazy::cuda::reduce<ops::sum, F>(good, {}, shape(1001)) == -4 * 1001);
        y[at] = 0;
        const node_ptr bad[] = {samples::node(x), samples::node(y)};
        CHECK_THROWS_AS(lazy::cuda::evaluate<F>(bad, {}, shape(1001)), lazy::value_error);
        CHECK_THROWS_AS((lazy::cuda::reduce<ops::sum, F>(bad, {}, shape(1001))), lazy::value_error);
    }
}

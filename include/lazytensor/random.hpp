// Random tensors: lazy functions of (seed, stream, index) by the Philox4x32-10 generator.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/core/philox.hpp"
#include "algorithms.hpp"
#include "creation.hpp"

namespace lazy {

/// The kernels read the element's index and a (key, stream) pair from the parameters, so an element
/// does not depend on what is computed beside it.
using random_parameters = philox::stream;

/// out[i] = Make::value(four random words of element index[i]).
template <class Make>
inline constexpr graph::map_kernel random_kernel{
    Make::name,
    1,
    false,
    30,
    dtype_of<typename Make::type>,
    [](const graph::map_call& call) {
        const auto* index = static_cast<const std::int64_t*>(call.in[0]);
        auto* out = static_cast<typename Make::type*>(call.out);
        random_parameters p;
        std::memcpy(&p, call.params, sizeof(p));
        for (std::size_t i = 0; i < call.n; ++i) {
            out[i] = Make::value(philox::words(p, static_cast<std::uint64_t>(index[i])));
        }
    },
    nullptr,
    0};

/// Uniform in [0, 1): 24 bits for float, 53 for double.
struct uniform_float {
    using type = float;
    static constexpr const char* name = "rand";
    static float value(const philox::block& w) {
        return static_cast<float>(w.word[0] >> 8) * 0x1p-24F;
    }
};
struct uniform_double {
    using type = double;
    static constexpr const char* name = "rand";
    static double value(const philox::block& w) {
        return static_cast<double>(w.pair(0) >> 11) * 0x1p-53;
    }
};
/// Of 16-bit floats: so many bits that none is rounded up to 1.
template <int Bits>
struct uniform_half {
    using type = float;
    static constexpr const char* name = "rand";
    static float value(const philox::block& w) {
        return static_cast<float>(w.word[0] >> (32 - Bits)) / static_cast<float>(1 << Bits);
    }
};
/// 64 random bits.
struct random_bits {
    using type = std::uint64_t;
    static constexpr const char* name = "random_bits";
    static std::uint64_t value(const philox::block& w) { return w.pair(0); }
};

/// Seeds the generator that all random functions draw streams from. The same seed and the same
/// order of calls give the same numbers on any number of threads. Thread-safe.
inline void manual_seed(std::uint64_t seed) { philox::generator::instance().seed(seed); }

template <class Make>
tensor<typename Make::type> random_values(const shape& sizes, std::string_view op) {
    check_sizes(sizes, op);
    graph::node_ptr n = graph::make_map(random_kernel<Make>, {graph::make_iota(sizes)}, sizes);
    philox::generator& g = philox::generator::instance();
    n->params().set(g.next());
    return make_handle<typename Make::type>(std::move(n));
}
template <element T>
auto uniform(const shape& sizes, std::string_view op) {
    static_assert(is_floating_v<T>, "random floats need a floating dtype");
    if constexpr (std::is_same_v<T, double>) {
        return random_values<uniform_double>(sizes, op);
    } else if constexpr (std::is_same_v<T, float>) {
        return random_values<uniform_float>(sizes, op);
    } else {
        constexpr int bits = std::is_same_v<T, float16_t> ? 11 : 8;
        return lazy::to(random_values<uniform_half<bits>>(sizes, op), dtype_constant<T>{});
    }
}

/// Uniform in [0, 1). rand(2, 3), rand({2, 3}), rand({2, 3}, float64).
template <element T = float>
tensor<T> rand(const shape& sizes, dtype_constant<T> = {}) {
    return uniform<T>(sizes, "rand");
}
template <size_like... I>
requires(sizeof...(I) > 0) tensor<float> rand(I... sizes) {
    return uniform<float>(shape(sizes...), "rand");
}

/// Standard normal, by the Box-Muller transform of two uniforms.
template <element T = float>
tensor<T> randn(const shape& sizes, dtype_constant<T> d = {}) {
    using wide = std::conditional_t<std::is_same_v<T, double>, double, float>;
    const auto u = uniform<wide>(sizes, "randn");
    const auto v = uniform<wide>(sizes, "randn");
    // 1 - u lies in (0, 1]: its logarithm is finite.
    return lazy::to(lazy::sqrt(-2.0 * lazy::log(1.0 - u)) * lazy::cos(6.283185307179586477 * v), d);
}
template <size_like... I>
requires(sizeof...(I) > 0) tensor<float> randn(I... sizes) { return randn(shape(sizes...)); }

/// Normal with the given mean and standard deviation.
template <element T = float>
tensor<T> normal(double mean, double std, const shape& sizes) {
    if (!(std >= 0)) {
        fail<value_error>("normal", {"expects std >= 0.0, but found std ", std::to_string(std)});
    }
    return randn<T>(sizes) * std + mean;
}
template <tensor_like M, tensor_like S>
auto normal(const M& mean, const S& std) {
    return handle_like<decltype(mean + std)>(
        randn(broadcast_shapes(mean.shape(), std.shape(), "normal")) * std + mean);
}

/// Integers uniform in [low, high).
template <element T = std::int64_t, class Bits = random_bits>
tensor<T> randint(std::int64_t low, std::int64_t high, const shape& sizes,
                  dtype_constant<T> d = {}) {
    if (low >= high) {
        fail<value_error>("randint",
                          {"expects 'low' < 'high', but got low ", low, ", high ", high});
    }
    if constexpr (is_integer_v<T>) {
        if (!std::in_range<T>(low) || !std::in_range<T>(high - 1)) {
            fail<value_error>("randint", {"from ", low, " to ", high - 1, " is out of bounds for ",
                                          dtype_of<T>.name()});
        }
    }
    const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    const auto bits = random_values<Bits>(sizes, "randint");
    const handle<typename Bits::type> below = lazy::remainder(bits, tensor(span, uint64));
    return lazy::to(lazy::to(below, int64) + low, d);
}
template <element T = std::int64_t>
tensor<T> randint(std::int64_t high, const shape& sizes) {
    return randint<T>(0, high, sizes);
}

/// Like x in shape and dtype. Of an integer tensor rand_like and randn_like throw dtype_error (give
/// a floating dtype).
#define LAZYTENSOR_LIKE(make)                                                                    \
    template <tensor_like X>                                                                     \
    auto make##_like(const X& x) {                                                               \
        if (!x.dtype().is_floating_point()) {                                                    \
            throw dtype_error(                                                                   \
                message(#make "_like", std::string("not implemented for ") + x.dtype().name())); \
        }                                                                                        \
        if constexpr (!typed<X>) {                                                               \
            return Tensor(lazy::to(make(x.shape(), float64), x.dtype()));                        \
        } else if constexpr (is_floating_v<value_type_of<X>>) {                                  \
            return make(x.shape(), dtype_constant<value_type_of<X>>{});                          \
        } else {                                                                                 \
            return handle_like<X>(x.variable());                                                 \
        }                                                                                        \
    }                                                                                            \
    template <tensor_like X, element T>                                                          \
    auto make##_like(const X& x, dtype_constant<T> d) {                                          \
        return make(x.shape(), d);                                                               \
    }
LAZYTENSOR_LIKE(rand)
LAZYTENSOR_LIKE(randn)
#undef LAZYTENSOR_LIKE
template <tensor_like X>
auto randint_like(const X& x, std::int64_t low, std::int64_t high) {
    return lazy::to(randint(low, high, x.shape()), x);
}
template <tensor_like X>
auto randint_like(const X& x, std::int64_t high) {
    return lazy::randint_like(x, 0, high);
}

/// A random order of 0 .. n-1: the order of random keys.
template <class Bits = random_bits>
tensor<std::int64_t> randperm(std::int64_t n) {
    return lazy::argsort(random_values<Bits>(shape(n), "randperm"), 0, false);
}

/// 1 with the probability that each element of `p` is, else 0, in p's dtype. Computes p, to refuse
/// what is no probability with value_error.
template <tensor_like X>
auto bernoulli(const X& p) {
    if (!p.dtype().is_floating_point()) {
        fail<dtype_error>("bernoulli", {"not implemented for ", p.dtype().name()});
    }
    const handle_like<X> chance(p.variable());
    if (!lazy::truth(lazy::all((chance >= 0) & (chance <= 1)))) {
        throw value_error("[bernoulli] expects probabilities between 0 and 1");
    }
    return handle_like<X>(lazy::to(rand(chance.shape(), float64) < chance, chance));
}

/// Indices drawn by the weights in each row of a vector or matrix of floats, `count` per row.
/// Computes the weights, to refuse negative, infinite or all zero ones with value_error.
template <tensor_like X>
auto multinomial(const X& weights, std::int64_t count, bool replacement) {
    const std::size_t ndim = weights.shape().size();
    if (!weights.dtype().is_floating_point()) {
        fail<dtype_error>("multinomial", {"not implemented for ", weights.dtype().name()});
    }
    if (ndim != 1 && ndim != 2) {
        fail<shape_error>("multinomial",
                          {"takes a vector or matrix of weights, got shape ", weights.shape()});
    }
    if (count <= 0 || (!replacement && count > weights.shape().back())) {
        fail<value_error>("multinomial", {"cannot draw ", count, " of ", weights.shape().back(),
                                          replacement ? "" : " without replacement"});
    }
    const auto rates = lazy::contiguous(lazy::to(weights, float64));
    const auto usable =
        lazy::all(lazy::isfinite(rates) & (rates >= 0), {-1}) & (lazy::sum(rates, {-1}) > 0);
    if (!lazy::truth(lazy::all(usable))) {
        throw value_error("[multinomial] weights must be finite, not negative, and not all 0");
    }
    if (!replacement) {
        // The first arrivals of independent streams of these rates.
        return lazy::topk(rates / -lazy::log(1.0 - lazy::rand_like(rates)), count, -1, true)
            .indices;
    }
    const auto ends = lazy::cumsum(rates, -1);
    shape drawn = rates.shape();
    drawn[ndim - 1] = count;
    const auto total = lazy::expand(lazy::narrow(ends, -1, rates.size(-1) - 1, 1), drawn);
    return lazy::searchsorted(ends, lazy::rand_like(total) * (1 - 0x1p-52) * total, true);
}

}  // namespace lazy

// Row by row over a square matrix: softmax, log-softmax, layer norm.
// SPDX-License-Identifier: BSD-3-Clause
#include <xtensor/xreducer.hpp>

#include "../harness/matrix.hpp"

namespace bench {

namespace {

/// The three steps of each row, generic in the mathematics m and in where results go. A row (16 KB
/// at 4096 columns) stays in the first-level cache between its steps, so memory is read once.
struct softmax {
    static constexpr const char* name = "softmax";
    static constexpr double operations = 4;
    template <class Math>
    static void row(const float* x, std::int64_t n, float* scratch, auto put) {
        const float top = largest(fold(
            n, [=](auto i) { return load(x + i); }, greater));
        const auto store_exp = [=](std::int64_t i) {
            const batch e = Math::exp(load(x + i) - batch(top));
            e.store_unaligned(scratch + i);
            return e;
        };
        const batch scale(1.0F / total(fold(n, store_exp, plus)));
        for (std::int64_t i = 0; i < n; i += width) {
            put(i, load(scratch + i) * scale);
        }
    }
    static auto lazily(const auto& x, std::int64_t) { return lazy::softmax(x, 1); }
    static void eigen(auto o, const auto& x) {
        const eigen_matrix e = (x - x.maxCoeff()).exp();
        o = e / e.sum();
    }
    static void xtensor(auto& o, const auto& x) {
        const xt::xtensor<float, 2> top =
            xt::amax(x, {1}, xt::keep_dims | xt::evaluation_strategy::immediate);
        const xt::xtensor<float, 2> e = xt::exp(x - top);
        const xt::xtensor<float, 2> all =
            xt::sum(e, {1}, xt::keep_dims | xt::evaluation_strategy::immediate);
        xt::noalias(o) = e / all;
    }
    struct oracle {
        double top, sum;
        oracle(const float* x, std::int64_t n) : top(*std::max_element(x, x + n)), sum(0) {
            for (std::int64_t i = 0; i < n; ++i) {
                sum += std::exp(x[i] - top);
            }
        }
        double operator()(double x, std::int64_t) const { return std::exp(x - top) / sum; }
    };
};

struct log_softmax {
    static constexpr const char* name = "log-softmax";
    static constexpr double operations = 5;
    template <class Math>
    static void row(const float* x, std::int64_t n, float*, auto put) {
        const float top = largest(fold(
            n, [=](auto i) { return load(x + i); }, greater));
        const auto exp = [=](std::int64_t i) { return Math::exp(load(x + i) - batch(top)); };
        const batch shift(top + std::log(total(fold(n, exp, plus))));
        for (std::int64_t i = 0; i < n; i += width) {
            put(i, load(x + i) - shift);
        }
    }
    static auto lazily(const auto& x, std::int64_t) { return lazy::log_softmax(x, 1); }
    static void eigen(auto o, const auto& x) {
        const float top = x.maxCoeff();
        o = x - (top + std::log((x - top).exp().sum()));
    }
    static void xtensor(auto& o, const auto& x) {
        const xt::xtensor<float, 2> top =
            xt::amax(x, {1}, xt::keep_dims | xt::evaluation_strategy::immediate);
        const xt::xtensor<float, 2> all =
            xt::sum(xt::exp(x - top), {1}, xt::keep_dims | xt::evaluation_strategy::immediate);
        const xt::xtensor<float, 2> shift = top + xt::log(all);
        xt::noalias(o) = x - shift;
    }
    struct oracle : softmax::oracle {
        using softmax::oracle::oracle;
        double operator()(double x, std::int64_t) const { return x - top - std::log(sum); }
    };
};

/// Normalised to mean 0 and variance 1 (biased, plus 1e-5), then w[j] x + v[j].
struct layer_norm {
    static constexpr const char* name = "layer norm";
    static constexpr double operations = 8;
    static constexpr float epsilon = 1e-5F;
    static float weight(std::int64_t j) { return 0.5F + static_cast<float>(j % 7) / 8; }
    static float bias(std::int64_t j) { return static_cast<float>(j % 5) / 4; }
    static const array<float>& weights(std::int64_t n) {
        static array<float> w(0);
        return filled(w, n, weight);
    }
    static const array<float>& biases(std::int64_t n) {
        static array<float> v(0);
        return filled(v, n, bias);
    }
    static const array<float>& filled(array<float>& a, std::int64_t n, auto f) {
        if (a.size() != n) {
            a = array<float>(n);
            for (std::int64_t j = 0; j < n; ++j) {
                a.data()[j] = f(j);
            }
        }
        return a;
    }

    template <class Math>
    static void row(const float* x, std::int64_t n, float*, auto put) {
        const float *w = weights(n).data(), *v = biases(n).data();
        const auto count = static_cast<float>(n);
        const float mean = total(fold(
                               n, [=](auto i) { return load(x + i); }, plus)) /
                           count;
        const auto square = [=](auto i) {
            const batch d = load(x + i) - batch(mean);
            return d * d;
        };
        const batch scale(1 / std::sqrt(total(fold(n, square, plus)) / count + epsilon));
        for (std::int64_t i = 0; i < n; i += width) {
            put(i, (load(x + i) - batch(mean)) * scale * load(w + i) + load(v + i));
        }
    }
    static auto lazily(const auto& x, std::int64_t n) {
        const auto w = weights(n).tensor(), v = biases(n).tensor();
        return (x - mean(x, 1, true)) * rsqrt(var(x, 1, 0, true) + epsilon) * w + v;
    }
    static void eigen(auto o, const auto& x) {
        const auto n = x.size();
        const Eigen::Map<const Eigen::Array<float, 1, Eigen::Dynamic>> w(weights(n).data(), n),
            v(biases(n).data(), n);
        const float mean = x.mean();
        const float scale =
            1 / std::sqrt((x - mean).square().sum() / static_cast<float>(n) + epsilon);
        o = (x - mean) * scale * w + v;
    }
    static void xtensor(auto& o, const auto& x) {
        const auto n = x.shape()[1];
        const auto w = xtensor_matrix_of(weights(static_cast<std::int64_t>(n)), 1,
                                         static_cast<std::int64_t>(n));
        const auto v = xtensor_matrix_of(biases(static_cast<std::int64_t>(n)), 1,
                                         static_cast<std::int64_t>(n));
        const auto now = xt::keep_dims | xt::evaluation_strategy::immediate;
        const xt::xtensor<float, 2> mean = xt::mean(x, {1}, now);
        const auto d = x - mean;
        const xt::xtensor<float, 2> squares = xt::sum(d * d, {1}, now);
        const xt::xtensor<float, 2> scale =
            1.0F / xt::sqrt(squares / static_cast<float>(n) + epsilon);
        xt::noalias(o) = d * scale * w + v;
    }
    struct oracle {
        double mean = 0, scale = 0;
        oracle(const float* x, std::int64_t n) {
            const auto count = static_cast<double>(n);
            for (std::int64_t i = 0; i < n; ++i) {
                mean += x[i] / count;
            }
            for (std::int64_t i = 0; i < n; ++i) {
                scale += (x[i] - mean) * (x[i] - mean) / count;
            }
            scale = 1 / std::sqrt(scale + epsilon);
        }
        double operator()(double x, std::int64_t j) const {
            return (x - mean) * scale * weight(j) + bias(j);
        }
    };
};

template <class Kind, class Math, bool past_caches>
void loop_row(group& g, const char* name, const array<float>& x, const array<float>& out) {
    g.rival(name, [=, side = g.side(), threads = worth(g.threads, g.n)] {
        in_parts(side, 1, threads, [&](std::int64_t begin, std::int64_t end) {
            const array<float> scratch(past_caches ? side : 0);
            for (std::int64_t r = begin; r < end; ++r) {
                float* to = out.data() + r * side;
                Kind::template row<Math>(x.data() + r * side, side,
                                         past_caches ? scratch.data() : to,
                                         [to](std::int64_t i, const batch& v) {
                                             if constexpr (past_caches) {
                                                 lazy::cpu::stream_register(to + i, v);
                                             } else {
                                                 v.store_aligned(to + i);
                                             }
                                         });
            }
        });
        return out.span();
    });
}

template <class Kind>
void rows_of(group& g) {
    const std::int64_t n = g.n, side = g.side();
    const auto x = g.input(0, n, -3, 3);
    const array<float> out(n);
    g.costs(8.0 * static_cast<double>(n), Kind::operations * static_cast<double>(n));
    std::vector<typename Kind::oracle> oracles;
    for (std::int64_t r = 0; r < side; ++r) {
        oracles.emplace_back(x.data() + r * side, side);
    }
    g.expect(n, 1e-5, [&](std::int64_t i) {
        return oracles[static_cast<std::size_t>(i / side)](x.data()[i], i % side);
    });
    g.ours("lazytensor", [a = x.tensor({side, side}), side] {
        const lazy::tensor<float> r = Kind::lazily(a, side);
        eval(r);
        return r;
    });
    constexpr bool has_functions = !std::is_same_v<Kind, layer_norm>;
    loop_row<Kind, loop_math, false>(g, "loop", x, out);
    if constexpr (has_functions) {
        loop_row<Kind, xsimd_math, false>(g, "loop_xsimd", x, out);
    }
    if (past_caches_pays(n)) {
        loop_row<Kind, loop_math, true>(g, "loop_nt", x, out);
        if constexpr (has_functions) {
            loop_row<Kind, xsimd_math, true>(g, "loop_xsimd_nt", x, out);
        }
    }
    if (g.threads == 1) {
        // A row at a time, as Eigen's users write it when they want it fast.
        g.rival("Eigen", [=] {
            const auto a = eigen_matrix_of(x, side, side);
            auto o = eigen_matrix_of(out, side, side);
            for (std::int64_t r = 0; r < side; ++r) {
                Kind::eigen(o.row(r), a.row(r));
            }
            return out.span();
        });
    }
    g.rival("xtensor", [=] {
        auto o = xtensor_matrix_of(out, side, side);
        Kind::xtensor(o, xtensor_matrix_of(x, side, side));
        return out.span();
    });
    copy_row(g, x, out);
}

}  // namespace

void add_rows(suite& s) {
    s.add(softmax::name, rows_of<softmax>);
    s.add(log_softmax::name, rows_of<log_softmax>);
    s.add(layer_norm::name, rows_of<layer_norm>);
}

}  // namespace bench

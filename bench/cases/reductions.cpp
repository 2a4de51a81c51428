// Sums, extremes and moments, of everything and along an axis.
// SPDX-License-Identifier: BSD-3-Clause
#include <mutex>

#include <xtensor/xreducer.hpp>

#include "../harness/matrix.hpp"

namespace bench {

namespace {

void dot_rows(group& g) {
    const auto x = g.input(0, g.n), y = g.input(1, g.n);
    const std::int64_t n = g.n;
    g.costs(8.0 * static_cast<double>(n), 2.0 * static_cast<double>(n));
    double want = 0;
    for (std::int64_t i = 0; i < n; ++i) {
        want += static_cast<double>(x.data()[i]) * y.data()[i];
    }
    // Eigen and the loop add up in chains of n / 64 floats.
    g.expect(1, 1e-3, [&](auto) { return want; });
    g.ours("lazytensor", [a = x.tensor(), b = y.tensor()] { return sum(a * b).item(); });
    g.rival("loop", [=, threads = worth(g.threads, n)] {
        double all = 0;
        in_parts(n, 1024, threads, [&](std::int64_t begin, std::int64_t end) {
            const float *a = x.data() + begin, *b = y.data() + begin;
            const float part = total(fold(
                end - begin, [=](auto i) { return load(a + i) * load(b + i); }, plus));
#pragma omp atomic
            all += part;
        });
        return all;
    });
    if (g.threads == 1) {
        g.rival("Eigen", [=] {
            const Eigen::Map<Eigen::ArrayXf, Eigen::Aligned64> a(x.data(), n), b(y.data(), n);
            return (a * b).sum();
        });
        g.rival("xtensor", [=] {
            const auto a = xtensor_matrix_of(x, 1, n), b = xtensor_matrix_of(y, 1, n);
            return xt::sum(a * b, xt::evaluation_strategy::immediate)();
        });
    }
}

/// Count, mean and sum of squared distances from it, of a part: two trips over 16 KB in the cache.
struct moments {
    double n = 0, mean = 0, squares = 0;
    /// Chan, Golub and LeVeque's formula (1979) for two parts together.
    void add(const moments& o) {
        const double apart = o.mean - mean, all = n + o.n;
        mean += apart * o.n / all;
        squares += o.squares + apart * apart * n * o.n / all;
        n = all;
    }
    static moments of(const float* p, std::int64_t n) {
        const auto count = static_cast<double>(n);
        const double mean = total(fold(
                                n, [=](auto i) { return load(p + i); }, plus)) /
                            count;
        const batch centre(static_cast<float>(mean));
        const auto square = [=](auto i) {
            const batch d = load(p + i) - centre;
            return d * d;
        };
        return {count, mean, total(fold(n, square, plus))};
    }
};

void moments_rows(group& g) {
    const auto x = g.input(0, g.n);
    const std::int64_t n = g.n;
    g.costs(4.0 * static_cast<double>(n), 4.0 * static_cast<double>(n));
    double mean = 0, squares = 0;
    for (std::int64_t i = 0; i < n; ++i) {
        mean += x.data()[i];
    }
    mean /= static_cast<double>(n);
    for (std::int64_t i = 0; i < n; ++i) {
        squares += (x.data()[i] - mean) * (x.data()[i] - mean);
    }
    g.expect(2, 1e-3, [&](auto i) { return i == 0 ? squares / static_cast<double>(n - 1) : mean; });
    g.ours("lazytensor", [a = x.tensor()] {
        const auto both = var_mean(a);
        eval(both.first, both.second);
        return both;
    });
    g.rival("loop", [=, threads = worth(g.threads, n)] {
        moments all;
        std::mutex one;
        in_parts(n, 4096, threads, [&](std::int64_t begin, std::int64_t end) {
            moments part;
            for (std::int64_t i = begin; i < end; i += 4096) {
                part.add(moments::of(x.data() + i, std::min<std::int64_t>(4096, end - i)));
            }
            const std::lock_guard lock(one);
            all.add(part);
        });
        return std::pair{all.squares / (all.n - 1), all.mean};
    });
    if (g.threads == 1) {
        g.rival("Eigen", [=] {
            const Eigen::Map<Eigen::ArrayXf, Eigen::Aligned64> a(x.data(), n);
            const float m = a.mean();
            return std::pair<double, double>{(a - m).square().sum() / static_cast<float>(n - 1), m};
        });
        g.rival("xtensor", [=] {
            const auto a = xtensor_matrix_of(x, 1, n);
            const float m = xt::mean(a, xt::evaluation_strategy::immediate)();
            const auto d = a - m;
            return std::pair<double, double>{
                xt::sum(d * d, xt::evaluation_strategy::immediate)() / static_cast<float>(n - 1),
                m};
        });
    }
}

/// What differs between the sums and the maxima along an axis.
struct sums {
    static constexpr auto op = plus;
    static float lanes(const batch& v) { return total(v); }
    static auto lazily(const lazy::tensor<float>& x, int axis) { return sum(x, axis); }
    static auto eigen(const auto& x) { return x.sum(); }
    static auto xtensor(const auto& x, std::size_t axis) {
        return xt::sum(x, {axis}, xt::evaluation_strategy::immediate);
    }
    static double number(double a, double b) { return a + b; }
};
struct maxima {
    static constexpr auto op = greater;
    static float lanes(const batch& v) { return largest(v); }
    static auto lazily(const lazy::tensor<float>& x, int axis) { return amax(x, axis); }
    static auto eigen(const auto& x) { return x.maxCoeff(); }
    static auto xtensor(const auto& x, std::size_t axis) {
        return xt::amax(x, {axis}, xt::evaluation_strategy::immediate);
    }
    static double number(double a, double b) { return std::max(a, b); }
};

/// out[j] = column j folded, for j in [begin, end): eight rows a trip, so that the running results
/// are loaded and stored once for eight loads.
template <class Kind>
void fold_columns(float* out, const float* x, std::int64_t side, std::int64_t begin,
                  std::int64_t end) {
    constexpr auto op = Kind::op;
    for (std::int64_t row = 0; row < side; row += 8) {
        const float* p = x + row * side;
        for (std::int64_t j = begin; j < end; j += width) {
            const auto at = [&](int r) { return load(p + r * side + j); };
            batch v =
                op(op(op(at(0), at(1)), op(at(2), at(3))), op(op(at(4), at(5)), op(at(6), at(7))));
            if (row != 0) {
                v = op(v, load(out + j));
            }
            v.store_aligned(out + j);
        }
    }
}

template <class Kind, int Axis>
void axis_rows(group& g) {
    const std::int64_t n = g.n, side = g.side();
    const auto x = g.input(0, n);
    const array<float> out(side);
    g.costs(4.0 * static_cast<double>(n), static_cast<double>(n));
    std::vector<double> want(static_cast<std::size_t>(side));
    for (std::int64_t i = 0; i < n; ++i) {
        auto& w = want[static_cast<std::size_t>(Axis == 0 ? i % side : i / side)];
        const bool first = Axis == 0 ? i < side : i % side == 0;
        w = first ? x.data()[i] : Kind::number(w, x.data()[i]);
    }
    g.expect(side, 1e-4, [&](auto i) { return want[static_cast<std::size_t>(i)]; });
    g.ours("lazytensor", [a = x.tensor({side, side})] {
        const lazy::tensor<float> r = Kind::lazily(a, Axis);
        eval(r);
        return r;
    });
    g.rival("loop", [=, threads = worth(g.threads, n)] {
        in_parts(side, Axis == 0 ? width : 1, threads, [&](std::int64_t begin, std::int64_t end) {
            if constexpr (Axis == 0) {
                fold_columns<Kind>(out.data(), x.data(), side, begin, end);
            } else {
                for (std::int64_t row = begin; row < end; ++row) {
                    const float* p = x.data() + row * side;
                    out.data()[row] = Kind::lanes(fold(
                        side, [=](auto i) { return load(p + i); }, Kind::op));
                }
            }
        });
        return out.span();
    });
    if (g.threads == 1) {
        g.rival("Eigen", [=] {
            const auto a = eigen_matrix_of(x, side, side);
            Eigen::Map<Eigen::ArrayXf> o(out.data(), side);
            if constexpr (Axis == 0) {
                o = Kind::eigen(a.colwise()).transpose();
            } else {
                o = Kind::eigen(a.rowwise());
            }
            return out.span();
        });
        g.rival("xtensor", [=] {
            const auto a = xtensor_matrix_of(x, side, side);
            const xt::xtensor<float, 1> r = Kind::xtensor(a, Axis);
            std::copy(r.begin(), r.end(), out.data());
            return out.span();
        });
    }
}

}  // namespace

void add_reductions(suite& s) {
    s.add("sum(a*b)", dot_rows);
    s.add("mean + var", moments_rows);
    s.add("sum axis 0", axis_rows<sums, 0>);
    s.add("sum axis 1", axis_rows<sums, 1>);
    s.add("amax axis 0", axis_rows<maxima, 0>);
    s.add("amax axis 1", axis_rows<maxima, 1>);
}

}  // namespace bench

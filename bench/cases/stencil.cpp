// Neighbours and pairs: shaded relief from 3 x 3 cells, and the sum of all pairwise distances.
// SPDX-License-Identifier: BSD-3-Clause
#include <mutex>

#include <xtensor/xreducer.hpp>
#include <xtensor/xview.hpp>

#include "../harness/matrix.hpp"

namespace bench {

namespace {

/// The light on a slope by Horn's gradient (1981), the sun in the north-west at 45 degrees:
///     a b c
///     d . f    lit = (sin 45 - cos 45 (north - east) / sqrt 2) / sqrt(1 + east^2 + north^2)
///     g h i
const auto hillshade = [](auto m, const auto& a, const auto& b, const auto& c, const auto& d,
                          const auto& f, const auto& g, const auto& h, const auto& i) {
    const auto east = m.value(((c + f * 2.0F + i) - (a + d * 2.0F + g)) * 0.125F);
    const auto north = m.value(((a + b * 2.0F + c) - (g + h * 2.0F + i)) * 0.125F);
    return m.result((0.70710678F - (north - east) * 0.5F) /
                    m.sqrt(east * east + north * north + 1.0F));
};

/// The eight neighbours, a first, of the cell right and down of `at`.
template <class At>
auto shaded(auto m, At at) {
    return hillshade(m, at(0, 0), at(0, 1), at(0, 2), at(1, 0), at(1, 2), at(2, 0), at(2, 1),
                     at(2, 2));
}

void hillshade_rows(group& g) {
    const std::int64_t side = g.side(), inner = side - 2;
    const auto x = g.input(0, g.n);
    const array<float> out(inner * inner);
    oracle::operations = 0;
    shaded(oracle_math{}, [](int, int) { return oracle(1); });
    g.costs(4.0 * static_cast<double>(g.n + inner * inner),
            static_cast<double>(inner * inner) * oracle::operations);
    g.expect(inner * inner, 1e-6, [&](auto k) {
        const float* p = x.data() + k / inner * side + k % inner;
        return shaded(oracle_math{}, [&](int r, int c) { return oracle(p[r * side + c]); }).v;
    });
    g.ours("lazytensor", [z = x.tensor({side, side}), inner] {
        const lazy::tensor<float> r = shaded(lazy_math{}, [&](std::int64_t i, std::int64_t j) {
            return z(lazy::range(i, i + inner), lazy::range(j, j + inner));
        });
        eval(r);
        return r;
    });
    const auto loop = [&](const char* name, bool past_caches) {
        g.rival(name, [=, threads = worth(g.threads, g.n)] {
            in_parts(inner, 1, threads, [&](std::int64_t begin, std::int64_t end) {
                for (std::int64_t r = begin; r < end; ++r) {
                    const auto at = [&](std::int64_t j) {
                        const float* p = x.data() + r * side + j;
                        return shaded(loop_math{},
                                      [&](int i, int k) { return load(p + i * side + k); });
                    };
                    float* to = out.data() + r * inner;
                    // The first and the last register overlap the aligned ones between.
                    const auto ahead = static_cast<std::int64_t>(
                        -(reinterpret_cast<std::uintptr_t>(to) / sizeof(float)) % width);
                    at(0).store_unaligned(to);
                    std::int64_t j = past_caches ? ahead : 0;
                    for (; j + width <= inner; j += width) {
                        past_caches ? lazy::cpu::stream_register(to + j, at(j))
                                    : at(j).store_unaligned(to + j);
                    }
                    at(inner - width).store_unaligned(to + inner - width);
                }
            });
            return out.span();
        });
    };
    loop("loop", false);
    if (past_caches_pays(g.n)) {
        loop("loop_nt", true);
    }
    if (g.threads == 1) {
        g.rival("Eigen", [=] {
            const auto z = eigen_matrix_of(x, side, side);
            Eigen::Map<eigen_matrix> o(out.data(), inner, inner);
            shaded(eigen_math<decltype(o)>{o},
                   [&](auto i, auto j) { return z.block(i, j, inner, inner); });
            return out.span();
        });
    }
    g.rival("xtensor", [=] {
        const auto z = xtensor_matrix_of(x, side, side);
        auto o = xtensor_matrix_of(out, inner, inner);
        shaded(xtensor_math<decltype(o)>{o}, [&](std::int64_t i, std::int64_t j) {
            return xt::view(z, xt::range(i, i + inner), xt::range(j, j + inner));
        });
        return out.span();
    });
    copy_row(g, x, array<float>(inner * inner));
}

/// Three coordinates of sqrt(n) points: n distances.
void distance_rows(group& g) {
    const std::int64_t side = g.side();
    const std::array<array<float>, 3> x = {g.input(0, side), g.input(1, side), g.input(2, side)};
    // What it must read fits into a cache line or two per thousand operations: arithmetic alone.
    g.costs(12.0 * static_cast<double>(side), 9.0 * static_cast<double>(g.n));
    double want = 0;
    for (std::int64_t i = 0; i < side; ++i) {
        for (std::int64_t j = 0; j < side; ++j) {
            double square = 0;
            for (const auto& axis : x) {
                const double d = double(axis.data()[i]) - axis.data()[j];
                square += d * d;
            }
            want += std::sqrt(square);
        }
    }
    g.expect(1, 1e-3, [&](auto) { return want; });
    g.ours("lazytensor", [=, a = x[0].tensor(), b = x[1].tensor(), c = x[2].tensor()] {
        const auto u = a - a.unsqueeze(1), v = b - b.unsqueeze(1), w = c - c.unsqueeze(1);
        return sum(sqrt(u * u + v * v + w * w)).item();
    });
    g.rival("loop", [=, threads = worth(g.threads, g.n)] {
        double all = 0;
        in_parts(side, 1, threads, [&](std::int64_t begin, std::int64_t end) {
            double part = 0;
            for (std::int64_t i = begin; i < end; ++i) {
                const batch a(x[0].data()[i]), b(x[1].data()[i]), c(x[2].data()[i]);
                const auto distance = [&](std::int64_t j) {
                    const batch u = load(x[0].data() + j) - a, v = load(x[1].data() + j) - b,
                                w = load(x[2].data() + j) - c;
                    return xsimd::sqrt(u * u + v * v + w * w);
                };
                part += total(fold(side, distance, plus));
            }
#pragma omp atomic
            all += part;
        });
        return all;
    });
    if (g.threads == 1) {
        g.rival("Eigen", [=] {
            const auto difference = [&](const array<float>& axis) {
                const Eigen::Map<Eigen::Array<float, 1, Eigen::Dynamic>> p(axis.data(), side);
                return p.replicate(side, 1) - p.transpose().replicate(1, side);
            };
            return (difference(x[0]).square() + difference(x[1]).square() +
                    difference(x[2]).square())
                .sqrt()
                .sum();
        });
        g.rival("xtensor", [=] {
            const auto square = [&](const array<float>& axis) {
                return xt::square(xtensor_matrix_of(axis, 1, side) -
                                  xtensor_matrix_of(axis, side, 1));
            };
            return xt::sum(xt::sqrt(square(x[0]) + square(x[1]) + square(x[2])),
                           xt::evaluation_strategy::immediate)();
        });
    }
}

}  // namespace

void add_stencil(suite& s) {
    s.add("hillshade", hillshade_rows);
    s.add("pairwise distances", distance_rows);
}

}  // namespace bench

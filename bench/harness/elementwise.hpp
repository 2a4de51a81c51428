// The rows of an elementwise formula over one-dimensional float32 arrays.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>

#include "copy_row.hpp"
#include "mathematics.hpp"
#include "suite.hpp"
#include "threads.hpp"

namespace bench {

/// Where the inputs lie and how far results may be from the formula in double precision, relative
/// to the largest.
struct bounds {
    float low = 0.5F, high = 1.5F;
    double tolerance = 1e-6;
};

inline auto as_eigen(const array<float>& x) {
    return Eigen::Map<Eigen::ArrayXf, Eigen::Aligned64>(x.data(), x.size());
}
inline auto as_xtensor(const array<float>& x) {
    const auto n = static_cast<std::size_t>(x.size());
    return xt::adapt(x.data(), n, xt::no_ownership(), std::array<std::size_t, 1>{n});
}

/// One pass, a register at a time, stored to or past the caches.
template <class Math, bool past_caches, class Formula, std::size_t... I>
void by_hand(const Formula& formula, float* out, const std::array<const float*, sizeof...(I)>& in,
             std::int64_t n, int threads, std::index_sequence<I...>) {
    in_parts(n, 1024, worth(threads, n), [&](std::int64_t begin, std::int64_t end) {
#pragma GCC unroll 4
        for (std::int64_t i = begin; i < end; i += width) {
            const batch v = formula(Math{}, batch::load_aligned(in[I] + i)...);
            if constexpr (past_caches) {
                lazy::cpu::stream_register(out + i, v);
            } else {
                v.store_aligned(out + i);
            }
        }
    });
}

/// Adds the rows of `formula`, which takes m and Inputs arrays.
template <std::size_t Inputs, class Formula>
void elementwise_rows(group& g, const Formula& formula, bounds b = {}) {
    [&]<std::size_t... I>(std::index_sequence<I...> all) {
        const std::int64_t n = g.n;
        const int threads = g.threads;
        const std::array<array<float>, Inputs> x = {
            g.input(static_cast<int>(I), n, b.low, b.high)...};
        const array<float> out(n);

        oracle::operations = oracle::functions = 0;
        formula(oracle_math{}, oracle(x[I].data()[0])...);
        g.costs(4.0 * static_cast<double>(n) * (Inputs + 1),
                static_cast<double>(n) * oracle::operations);
        g.expect(n, b.tolerance,
                 [&](auto i) { return formula(oracle_math{}, oracle(x[I].data()[i])...).v; });

        g.ours("lazytensor", [formula, t = std::array{x[I].tensor()...}] {
            const lazy::tensor<float> r = formula(lazy_math{}, t[I]...);
            eval(r);
            return r;
        });
        const auto loop = [&]<class Math, bool past_caches>(const char* name) {
            g.rival(name, [=] {
                by_hand<Math, past_caches>(formula, out.data(), {x[I].data()...}, n, threads, all);
                return out.span();
            });
        };
        loop.template operator()<loop_math, false>("loop");
        if (past_caches_pays(n)) {
            loop.template operator()<loop_math, true>("loop_nt");
        }
        if (oracle::functions > 0) {
            loop.template operator()<xsimd_math, false>("loop_xsimd");
            if (past_caches_pays(n)) {
                loop.template operator()<xsimd_math, true>("loop_xsimd_nt");
            }
        }
        if (threads == 1) {
            g.rival("Eigen", [=] {
                auto o = as_eigen(out);
                assign_eigen(o, formula, as_eigen(x[I])...);
                return out.span();
            });
        }
        g.rival("xtensor", [=] {
            auto o = as_xtensor(out);
            assign_xtensor(o, formula, as_xtensor(x[I])...);
            return out.span();
        });
        copy_row(g, x[0], out);
    }
    (std::make_index_sequence<Inputs>{});
}

/// A case of one formula, at all sizes.
template <std::size_t Inputs, class Formula>
void elementwise(suite& s, const char* name, Formula formula, bounds b = {}) {
    s.add(name, [=](group& g) { elementwise_rows<Inputs>(g, formula, b); });
}

}  // namespace bench

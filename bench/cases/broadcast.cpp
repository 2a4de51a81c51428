// Operands of different shapes and layouts: an outer product, and a matrix plus a transposed one.
// SPDX-License-Identifier: BSD-3-Clause
#include "../harness/matrix.hpp"

namespace bench {

namespace {

void put(float* p, const batch& v, bool past_caches) {
    past_caches ? lazy::cpu::stream_register(p, v) : v.store_aligned(p);
}

void outer_rows(group& g) {
    const std::int64_t n = g.n, side = g.side();
    const auto x = g.input(0, side), y = g.input(1, side);
    const array<float> out(n);
    g.costs(4.0 * static_cast<double>(n + 2 * side), static_cast<double>(n));
    g.expect(n, 1e-6, [&](auto i) { return double(x.data()[i / side]) * y.data()[i % side]; });
    g.ours("lazytensor", [a = x.tensor({side, 1}), b = y.tensor()] {
        const lazy::tensor<float> r = a * b;
        eval(r);
        return r;
    });
    const auto loop = [&](const char* name, bool past_caches) {
        g.rival(name, [=, threads = worth(g.threads, n)] {
            in_parts(side, 1, threads, [&](std::int64_t begin, std::int64_t end) {
                for (std::int64_t r = begin; r < end; ++r) {
                    const batch a(x.data()[r]);
#pragma GCC unroll 4
                    for (std::int64_t j = 0; j < side; j += width) {
                        put(out.data() + r * side + j, a * load(y.data() + j), past_caches);
                    }
                }
            });
            return out.span();
        });
    };
    loop("loop", false);
    if (past_caches_pays(n)) {
        loop("loop_nt", true);
    }
    if (g.threads == 1) {
        g.rival("Eigen", [=] {
            const Eigen::Map<Eigen::VectorXf, Eigen::Aligned64> a(x.data(), side),
                b(y.data(), side);
            eigen_matrix_of(out, side, side).matrix().noalias() = a * b.transpose();
            return out.span();
        });
    }
    g.rival("xtensor", [=] {
        auto o = xtensor_matrix_of(out, side, side);
        const auto a = xtensor_matrix_of(x, side, 1), b = xtensor_matrix_of(y, 1, side);
        xt::noalias(o) = a * b;
        return out.span();
    });
    copy_row(g, g.input(0, n), out);
}

/// Sixteen floats; GCC's vectors have the shuffles that xsimd 8 lacks.
using lanes [[gnu::vector_size(64), gnu::aligned(4)]] = float;
using places [[gnu::vector_size(64)]] = int;

/// out = a + transposed b, over a 16 x 16 block: four rounds of interleaving row i with row i + 8
/// transpose it in registers.
template <bool past_caches>
void block(float* out, const float* a, const float* b, std::int64_t stride) {
    constexpr places low = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23};
    constexpr places high = {8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
    lanes r[16], t[16];
    for (int i = 0; i < 16; ++i) {
        std::memcpy(&r[i], b + i * stride, 64);
    }
#pragma GCC unroll 4
    for (int round = 0; round < 4; ++round) {
#pragma GCC unroll 8
        for (int i = 0; i < 8; ++i) {
            t[2 * i] = __builtin_shuffle(r[i], r[i + 8], low);
            t[2 * i + 1] = __builtin_shuffle(r[i], r[i + 8], high);
        }
        std::copy(t, t + 16, r);
    }
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
        lanes v;
        std::memcpy(&v, a + i * stride, 64);
        v += r[i];
#ifdef __AVX512F__
        if constexpr (past_caches) {
            _mm512_stream_ps(out + i * stride, reinterpret_cast<__m512>(v));
            continue;
        }
#endif
        std::memcpy(out + i * stride, &v, 64);
    }
}

/// In blocks of 32 x 256, the fastest of those tried at 4096 x 4096: rows 16 KB apart share the
/// sets of the first-level cache.
template <bool past_caches>
void add_transposed(float* out, const float* a, const float* b, std::int64_t side, int threads) {
    const std::int64_t columns = std::min<std::int64_t>(side, 256);
    in_parts(side, 32, threads, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t r = begin; r < end; r += 32) {
            for (std::int64_t c = 0; c < side; c += columns) {
                for (std::int64_t i = r; i < r + 32; i += 16) {
                    for (std::int64_t j = c; j < c + columns; j += 16) {
                        block<past_caches>(out + i * side + j, a + i * side + j, b + j * side + i,
                                           side);
                    }
                }
            }
        }
    });
}

void transposed_rows(group& g) {
    const std::int64_t n = g.n, side = g.side();
    const auto x = g.input(0, n), y = g.input(1, n);
    const array<float> out(n);
    g.costs(12.0 * static_cast<double>(n), static_cast<double>(n));
    g.expect(n, 1e-6,
             [&](auto i) { return double(x.data()[i]) + y.data()[i % side * side + i / side]; });
    g.ours("lazytensor", [a = x.tensor({side, side}), b = y.tensor({side, side})] {
        const lazy::tensor<float> r = a + b.t();
        eval(r);
        return r;
    });
    const int awake = worth(g.threads, n);
    g.rival("loop", [=] {
        add_transposed<false>(out.data(), x.data(), y.data(), side, awake);
        return out.span();
    });
    if (past_caches_pays(n)) {
        g.rival("loop_nt", [=] {
            add_transposed<true>(out.data(), x.data(), y.data(), side, awake);
            return out.span();
        });
    }
    if (g.threads == 1) {
        g.rival("Eigen", [=] {
            eigen_matrix_of(out, side, side) =
                eigen_matrix_of(x, side, side) + eigen_matrix_of(y, side, side).transpose();
            return out.span();
        });
    }
    g.rival("xtensor", [=] {
        auto o = xtensor_matrix_of(out, side, side);
        const auto a = xtensor_matrix_of(x, side, side), b = xtensor_matrix_of(y, side, side);
        xt::noalias(o) = a + xt::transpose(b);
        return out.span();
    });
    copy_row(g, x, out);
}

}  // namespace

void add_broadcast(suite& s) {
    s.add("outer", outer_rows);
    s.add("A + B^T", transposed_rows);
}

}  // namespace bench

// The chain of five cheap operations on float16 and on int8.
// SPDX-License-Identifier: BSD-3-Clause
#include "../harness/elementwise.hpp"

namespace bench {

namespace {

const auto chain = [](const auto& a, const auto& b) { return (a + b) * (a - b) + a * b; };

/// Input `which` as 16-bit floats or bytes. The bytes are -127 to 127, and the chain wraps.
template <class T>
array<T> narrow_input(int which, std::int64_t n) {
    array<T> x(n);
    for (std::int64_t i = 0; i < n; ++i) {
        const double u = uniform(i, which);
        if constexpr (std::is_same_v<T, std::int8_t>) {
            x.data()[i] = static_cast<T>(static_cast<int>(u * 255) - 127);
        } else {
            x.data()[i] = T(0.5F + static_cast<float>(u));
        }
    }
    return x;
}

template <class T>
void our_rows(group& g, const array<T>& x, const array<T>& y) {
    g.ours("lazytensor", [a = x.tensor(), b = y.tensor()] {
        const lazy::tensor<T> r = chain(a, b);
        eval(r);
        return r;
    });
}

/// f(out, a, b, n) on each thread's part, as a row.
template <class T, class F>
void loop_row(group& g, const char* name, const array<T>& x, const array<T>& y, const array<T>& out,
              F f) {
    g.rival(name, [=, n = g.n, threads = worth(g.threads, g.n)] {
        in_parts(n, 1024, threads, [&](std::int64_t begin, std::int64_t end) {
            f(out.data() + begin, x.data() + begin, y.data() + begin, end - begin);
        });
        return out.span();
    });
}

/// Arrays of Eigen's own type for T.
template <class E, class T>
void eigen_row(group& g, const array<T>& x, const array<T>& y, const array<T>& out) {
    using map = Eigen::Map<Eigen::Array<E, Eigen::Dynamic, 1>, Eigen::Aligned64>;
    if (g.threads == 1) {
        g.rival("Eigen", [=] {
            const auto over = [](const array<T>& a) {
                return map(reinterpret_cast<E*>(a.data()), a.size());
            };
            over(out) = chain(over(x), over(y));
            return out.span();
        });
    }
}

void float16_rows(group& g) {
    using T = lazy::float16_t;
    const auto x = narrow_input<T>(0, g.n), y = narrow_input<T>(1, g.n);
    const array<T> out(g.n);
    g.costs(6.0 * static_cast<double>(g.n), 5.0 * static_cast<double>(g.n));
    // Every operation rounds to 11 bits.
    g.expect(g.n, 2e-3,
             [&](auto i) { return chain(double(float(x.data()[i])), double(float(y.data()[i]))); });
    our_rows(g, x, y);
#ifdef __AVX512F__
    // Widened to float32, rounded once.
    const auto widened = [](bool past_caches) {
        return [=](T* o, const T* a, const T* b, std::int64_t n) {
            for (std::int64_t i = 0; i < n; i += 32) {
                const auto half = [&](std::int64_t j) {
                    const auto wide = [&](const T* p) {
                        return batch(_mm512_cvtph_ps(
                            _mm256_load_si256(reinterpret_cast<const __m256i*>(p + j))));
                    };
                    return _mm512_cvtps_ph(chain(wide(a), wide(b)), _MM_FROUND_TO_NEAREST_INT);
                };
                const __m512i both =
                    _mm512_inserti64x4(_mm512_castsi256_si512(half(i)), half(i + 16), 1);
                auto* to = reinterpret_cast<__m512i*>(o + i);
                past_caches ? _mm512_stream_si512(to, both) : _mm512_store_si512(to, both);
            }
        };
    };
    loop_row(g, "loop", x, y, out, widened(false));
    if (past_caches_pays(g.n)) {
        loop_row(g, "loop_nt", x, y, out, widened(true));
    }
#endif
#ifdef __AVX512FP16__
    // The processor's own 16-bit arithmetic.
    loop_row(g, "loop_fp16", x, y, out, [](T* o, const T* a, const T* b, std::int64_t n) {
        auto* __restrict to = reinterpret_cast<_Float16*>(o);
        const auto *p = reinterpret_cast<const _Float16*>(a),
                   *q = reinterpret_cast<const _Float16*>(b);
        for (std::int64_t i = 0; i < n; ++i) {
            to[i] = chain(p[i], q[i]);
        }
    });
#endif
    eigen_row<Eigen::half>(g, x, y, out);
    copy_row(g, x, out);
}

void int8_rows(group& g) {
    using T = std::int8_t;
    const auto x = narrow_input<T>(0, g.n), y = narrow_input<T>(1, g.n);
    const array<T> out(g.n);
    g.costs(3.0 * static_cast<double>(g.n), 5.0 * static_cast<double>(g.n));
    g.expect(g.n, 0, [&](auto i) {
        return static_cast<double>(static_cast<T>(chain(int(x.data()[i]), int(y.data()[i]))));
    });
    our_rows(g, x, y);
    loop_row(g, "loop", x, y, out, [](T* __restrict o, const T* a, const T* b, std::int64_t n) {
        for (std::int64_t i = 0; i < n; ++i) {
            o[i] = static_cast<T>(chain(a[i], b[i]));
        }
    });
#ifdef __AVX512F__
    // A kilobyte at a time in the cache, then past it.
    if (past_caches_pays(g.n)) {
        loop_row(g, "loop_nt", x, y, out, [](T* o, const T* a, const T* b, std::int64_t n) {
            alignas(64) T part[1024];
            for (std::int64_t i = 0; i < n; i += 1024) {
                for (std::int64_t k = 0; k < 1024; ++k) {
                    part[k] = static_cast<T>(chain(a[i + k], b[i + k]));
                }
                for (std::int64_t k = 0; k < 1024; k += 64) {
                    _mm512_stream_si512(reinterpret_cast<__m512i*>(o + i + k),
                                        _mm512_load_si512(part + k));
                }
            }
        });
    }
#endif
    eigen_row<T>(g, x, y, out);
    g.rival("xtensor", [=, n = static_cast<std::size_t>(g.n)] {
        const auto over = [&](const array<T>& a) {
            return xt::adapt(a.data(), n, xt::no_ownership(), std::array<std::size_t, 1>{n});
        };
        auto o = over(out);
        const auto a = over(x), b = over(y);
        xt::noalias(o) = chain(a, b);
        return out.span();
    });
    copy_row(g, x, out);
}

}  // namespace

void add_narrow(suite& s) {
    s.add("float16 chain", float16_rows);
    s.add("int8 chain", int8_rows);
}

}  // namespace bench

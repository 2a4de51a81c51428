// For tests of the kernels: dense tensors read one element at a time, and kernels run on threads.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "../backends/cpu/parallel.hpp"
#include "../lazy/core/scalar.hpp"
#include "../lazy/core/shape.hpp"
#include "../lazy/graph/kernel.hpp"
#include "catch.hpp"

/// A dense tensor as the kernels see it, and running kernels on it.
namespace dense {

using namespace lazy;
using i64 = std::int64_t;

inline const std::vector<dtype> all_dtypes{bool_,    uint8,   int8,    int16,     int32,
                                           int64,    uint16,  uint32,  uint64,    float16,
                                           bfloat16, float32, float64, complex64, complex128};

/// A dense tensor whose elements are read and written one at a time, whatever the dtype.
struct array {
    dtype type;
    shape sizes;
    std::vector<std::byte> data;

    array(dtype t, shape s)
        : type(t),
          sizes(std::move(s)),
          data(static_cast<std::size_t>(sizes.numel()) * t.itemsize()) {}
    array(dtype t, shape s, const std::vector<double>& values) : array(t, std::move(s)) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            set(static_cast<i64>(i), values[i]);
        }
    }
    i64 numel() const { return sizes.numel(); }
    std::byte* place(i64 i) const {
        return const_cast<std::byte*>(data.data()) + i * static_cast<i64>(type.itemsize());
    }
    scalar get(i64 i) const { return scalar::load(type, place(i)); }
    double real(i64 i) const { return get(i).to<double>(); }
    i64 integer(i64 i) const { return get(i).to<i64>(); }
    std::complex<double> number(i64 i) const { return get(i).to<std::complex<double>>(); }
    void set(i64 i, const scalar& value) { value.store(type, place(i)); }
    graph::array_ref ref() const { return {type, sizes.data(), sizes.size(), place(0)}; }
    std::vector<i64> integers() const {
        std::vector<i64> out;
        for (i64 i = 0; i < numel(); ++i) {
            out.push_back(integer(i));
        }
        return out;
    }
};

/// Runs a kernel on arrays.
template <class P>
void run(const graph::opaque_kernel& kernel, array& out, const std::vector<const array*>& in,
         const P& params) {
    std::vector<graph::array_ref> refs;
    for (const array* a : in) {
        refs.push_back(a->ref());
    }
    kernel.run(out.ref(), refs.data(), refs.size(), &params);
}
struct no_params {};

/// Restores the thread limit.
struct with_threads {
    explicit with_threads(int n) { cpu::thread_limit() = n; }
    ~with_threads() { cpu::thread_limit() = 0; }
};

/// Runs a kernel with 1 and with several threads: the bits must be the same.
template <class P>
array run_threads(const graph::opaque_kernel& kernel, const array& empty,
                  const std::vector<const array*>& in, const P& params) {
    array one = empty;
    array several = empty;
    {
        const with_threads limit(1);
        run(kernel, one, in, params);
    }
    for (const int threads : {2, 3, 5}) {
        const with_threads limit(threads);
        run(kernel, several, in, params);
        CHECK(one.data == several.data);
    }
    return one;
}

/// A reproducible sequence of small whole numbers.
struct numbers {
    std::uint64_t state;
    i64 below(i64 n) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<i64>((state >> 33) % static_cast<std::uint64_t>(n));
    }
    double unit() { return static_cast<double>(below(1 << 30)) / (1 << 29) - 1; }
};

/// Whole numbers in [-range, range] (wrapped by unsigned types), complex ones with two parts.
inline array whole_numbers(dtype type, shape sizes, std::uint64_t seed, i64 range) {
    array a(type, std::move(sizes));
    numbers next{seed};
    for (i64 i = 0; i < a.numel(); ++i) {
        const auto re = static_cast<double>(next.below(2 * range + 1) - range);
        const auto im = static_cast<double>(next.below(2 * range + 1) - range);
        a.set(i, type.is_complex() ? scalar(std::complex<double>(re, im)) : scalar(re));
    }
    return a;
}
/// As above, with what floats have besides numbers.
inline array special_numbers(dtype type, shape sizes, std::uint64_t seed) {
    array a = whole_numbers(type, std::move(sizes), seed, 5);
    if (type.kind() < dtype_kind::floating) {
        return a;
    }
    const double inf = std::numeric_limits<double>::infinity();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double odd[] = {0.0, -0.0, inf, -inf, nan, -nan, 1.5, -1e-6};
    numbers next{seed + 1};
    for (i64 i = 0; i < a.numel(); ++i) {
        if (next.below(2) == 0) {
            const double re = odd[next.below(8)];
            const double im = next.below(2) == 0 ? odd[next.below(8)] : 1;
            a.set(i, type.is_complex() ? scalar(std::complex<double>(re, im)) : scalar(re));
        }
    }
    return a;
}

inline bool same_bytes(const array& a, i64 i, const array& b, i64 j) {
    return std::memcmp(a.place(i), b.place(j), a.type.itemsize()) == 0;
}

}  // namespace dense

// Aligned arrays for the benchmarks, and the numbers every runner, in C++ and in Python, gets.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <lazytensor.hpp>
#include <map>
#include <memory>
#include <span>

namespace bench {

/// n elements in memory like the library's own: 64-byte aligned, from 4 MiB on in huge pages, so
/// that no runner wins by its allocator. Copies share the elements; touched once when made.
template <class T>
class array {
public:
    explicit array(std::int64_t n) : size_(n) {
        const std::size_t bytes = static_cast<std::size_t>(n) * sizeof(T);
        const std::size_t align = bytes >= (std::size_t{4} << 20) ? std::size_t{2} << 20 : 64;
        const std::size_t rounded = (bytes + align - 1) / align * align;
        data_.reset(static_cast<T*>(std::aligned_alloc(align, rounded)), std::free);
        if (align > 64) {
            ::madvise(data_.get(), rounded, MADV_HUGEPAGE);
        }
        std::fill_n(data_.get(), n, T{});
    }
    T* data() const { return data_.get(); }
    std::int64_t size() const { return size_; }
    std::span<const T> span() const { return {data(), static_cast<std::size_t>(size_)}; }
    lazy::tensor<T> tensor(const lazy::shape& sizes) const {
        return lazy::from_blob(data(), sizes);
    }
    lazy::tensor<T> tensor() const { return tensor({size_}); }

private:
    std::int64_t size_;
    std::shared_ptr<T> data_;
};

/// Element i of input `which`: a multiplicative hash, in [0, 1), without a short period.
/// bench/python/data.py repeats it.
inline double uniform(std::int64_t i, int which) {
    const auto hash = static_cast<std::uint64_t>(i + 7919 * which) * 2654435761U % 1000003U;
    return static_cast<double>(hash) / 1000003.0;
}

/// The arrays that cases read: made once, kept, and shared by all who ask for the same.
class inputs {
public:
    /// Number `which` of n floats between low and high.
    array<float> get(int which, std::int64_t n, float low, float high) {
        const auto [at, is_new] = made_.try_emplace({which, n, low, high}, n);
        if (is_new) {
            for (std::int64_t i = 0; i < n; ++i) {
                at->second.data()[i] = low + (high - low) * static_cast<float>(uniform(i, which));
            }
        }
        return at->second;
    }

private:
    std::map<std::tuple<int, std::int64_t, float, float>, array<float>> made_;
};

}  // namespace bench

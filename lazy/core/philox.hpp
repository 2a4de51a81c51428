// Philox4x32-10: random words as a pure function of a key, a stream number and an index.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "device_function.hpp"

/// Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
namespace lazy::philox {

/// Where the numbers of one random tensor come from.
struct stream {
    std::uint64_t seed;
    std::uint64_t number;
};

struct block {
    std::uint32_t word[4];
    LAZYTENSOR_FN constexpr std::uint64_t pair(int i) const {
        return static_cast<std::uint64_t>(word[2 * i]) << 32 | word[2 * i + 1];
    }
};

/// Ten rounds on the counter (index, stream number) under the key (seed).
LAZYTENSOR_FN constexpr block words(const stream& s, std::uint64_t index) {
    std::uint32_t c0 = static_cast<std::uint32_t>(index);
    std::uint32_t c1 = static_cast<std::uint32_t>(index >> 32);
    std::uint32_t c2 = static_cast<std::uint32_t>(s.number);
    std::uint32_t c3 = static_cast<std::uint32_t>(s.number >> 32);
    std::uint32_t k0 = static_cast<std::uint32_t>(s.seed);
    std::uint32_t k1 = static_cast<std::uint32_t>(s.seed >> 32);
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t p0 = std::uint64_t{0xD2511F53} * c0;
        const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * c2;
        const std::uint32_t n0 = static_cast<std::uint32_t>(p1 >> 32) ^ c1 ^ k0;
        const std::uint32_t n2 = static_cast<std::uint32_t>(p0 >> 32) ^ c3 ^ k1;
        c1 = static_cast<std::uint32_t>(p1);
        c3 = static_cast<std::uint32_t>(p0);
        c0 = n0;
        c2 = n2;
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
    }
    return {{c0, c1, c2, c3}};
}

/// Hands out stream numbers: one for each random tensor, fixed when it is made.
class generator {
public:
    static generator& instance() {
        static generator g;
        return g;
    }
    void seed(std::uint64_t s) {
        const std::lock_guard lock(mutex_);
        seed_ = s;
        next_ = 0;
    }
    stream next() {
        const std::lock_guard lock(mutex_);
        return {seed_, next_++};
    }
    std::uint64_t initial_seed() {
        const std::lock_guard lock(mutex_);
        return seed_;
    }

private:
    std::mutex mutex_;
    std::uint64_t seed_ = 0;
    std::uint64_t next_ = 0;
};

}  // namespace lazy::philox

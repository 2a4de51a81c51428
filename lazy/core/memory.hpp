// Host memory: aligned blocks with a bounded cache of freed ones, and a pool for small objects.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sys/mman.h>

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>

#include "counters.hpp"
#include "pieces.hpp"

namespace lazy::memory {

inline constexpr std::size_t alignment = 64;
inline constexpr std::size_t huge_page = std::size_t{2} << 20;

/// Rounds up to one of four sizes per power of two, so that a freed block fits the next request
/// of about the same size.
constexpr std::size_t size_class(std::size_t bytes) {
    if (bytes <= alignment) {
        return alignment;
    }
    const std::size_t step = std::bit_floor(bytes - 1) / 4;
    const std::size_t unit = step < alignment ? alignment : step;
    return (bytes + unit - 1) / unit * unit;
}

/// Freed blocks waiting for the next request of their size class. A fresh 64 MB block costs
/// three times the arithmetic of filling it in page faults; a cached one costs nothing.
class block_cache {
public:
    /// Never destroyed, so that static tensors may free their memory at exit.
    static block_cache& instance() {
        static block_cache& cache = *new block_cache;
        return cache;
    }

    /// Bytes aligned to 64 (2 MiB, with huge pages asked for, from 4 MiB on); throws bad_alloc.
    [[gnu::noinline]] void* allocate(std::size_t bytes) {
        counters::instance().allocations.fetch_add(1, std::memory_order_relaxed);
        const std::size_t size = size_class(bytes);
        if (size <= small_limit) {
            if (void* p = take_small(size)) {
                return p;
            }
        } else if (void* p = take(size)) {
            return p;
        }
        return fresh(size);
    }

    [[gnu::noinline]] void release(void* p, std::size_t bytes) noexcept {
        const std::size_t size = size_class(bytes);
        if (size <= small_limit) {
            if (keep_small(p, size)) {
                return;
            }
        } else if (keep(p, size)) {
            return;
        }
        std::free(p);
    }

    /// Held across fork(), so that the child does not inherit it locked.
    std::mutex& mutex() { return mutex_; }
    /// Returns every cached block to the system.
    void clear() noexcept {
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 0; i < block_count_; ++i) {
            std::free(blocks_[i].data);
        }
        block_count_ = 0;
        held_ = 0;
    }

    /// The most bytes kept for reuse (1 GiB at start); a smaller limit frees at once.
    void set_limit(std::size_t bytes) {
        clear();
        const std::lock_guard lock(mutex_);
        limit_ = bytes;
    }

private:
    struct block {
        void* data;
        std::size_t size;
    };
    static constexpr std::size_t small_limit = 4096;
    static constexpr std::size_t small_classes = 32;
    static constexpr std::size_t small_depth = 64;

    /// Blocks up to 4 KiB are kept per thread, without a lock.
    struct small_blocks {
        void* data[small_classes][small_depth];
        std::size_t count[small_classes] = {};
        ~small_blocks() {
            alive() = false;
            for (std::size_t c = 0; c < small_classes; ++c) {
                for (std::size_t i = 0; i < count[c]; ++i) {
                    std::free(data[c][i]);
                }
            }
        }
        /// False once this thread's pool is gone (a static destroyed later must not use it).
        static bool& alive() {
            thread_local bool flag = true;
            return flag;
        }
        static small_blocks& instance() {
            thread_local small_blocks pool;
            return pool;
        }
    };

    static std::size_t small_index(std::size_t size) {
        const auto log = static_cast<std::size_t>(std::bit_width(size) - 1);
        return (log - 6) * 4 + (size - (std::size_t{1} << log)) / ((std::size_t{1} << log) / 4);
    }
    static void* take_small(std::size_t size) {
        if (!small_blocks::alive()) {
            return nullptr;
        }
        small_blocks& pool = small_blocks::instance();
        const std::size_t c = small_index(size);
        return pool.count[c] == 0 ? nullptr : pool.data[c][--pool.count[c]];
    }
    static bool keep_small(void* p, std::size_t size) {
        if (!small_blocks::alive()) {
            return false;
        }
        small_blocks& pool = small_blocks::instance();
        const std::size_t c = small_index(size);
        if (pool.count[c] == small_depth) {
            return false;
        }
        pool.data[c][pool.count[c]++] = p;
        return true;
    }

    [[gnu::noinline]] void* take(std::size_t size) {
        const std::lock_guard lock(mutex_);
        for (std::size_t i = block_count_; i-- > 0;) {
            if (blocks_[i].size == size) {
                void* p = blocks_[i].data;
                --block_count_;
                std::memmove(blocks_ + i, blocks_ + i + 1, (block_count_ - i) * sizeof(block));
                held_ -= size;
                return p;
            }
        }
        return nullptr;
    }

    [[gnu::noinline]] bool keep(void* p, std::size_t size) noexcept {
        void* evicted[most_blocks];
        std::size_t drop = 0;
        {
            const std::lock_guard lock(mutex_);
            if (size > limit_) {
                return false;
            }
            // The oldest blocks go first.
            while (held_ + size > limit_ || block_count_ - drop >= most_blocks) {
                held_ -= blocks_[drop].size;
                evicted[drop] = blocks_[drop].data;
                ++drop;
            }
            block_count_ -= drop;
            std::memmove(blocks_, blocks_ + drop, block_count_ * sizeof(block));
            blocks_[block_count_++] = {p, size};
            held_ += size;
        }
        for (std::size_t i = 0; i < drop; ++i) {
            std::free(evicted[i]);
        }
        return true;
    }

    [[gnu::noinline]] void* fresh(std::size_t size) {
        const bool large = size >= 2 * huge_page;
        const std::size_t align = large ? huge_page : alignment;
        const std::size_t rounded = (size + align - 1) / align * align;
        void* p = rounded < size ? nullptr : std::aligned_alloc(align, rounded);
        if (p == nullptr) {
            clear();
            p = rounded < size ? nullptr : std::aligned_alloc(align, rounded);
        }
        if (p == nullptr) {
            throw std::bad_alloc();
        }
        if (large) {
            ::madvise(p, rounded, MADV_HUGEPAGE);
        }
        return p;
    }

    static constexpr std::size_t most_blocks = 256;
    std::mutex mutex_;
    block blocks_[most_blocks];
    std::size_t block_count_ = 0;
    std::size_t held_ = 0;
    std::size_t limit_ = std::size_t{1} << 30;
};

/// Storage of graph nodes: one size, recycled per thread.
template <std::size_t Size>
class object_pool {
public:
    /// Throws bad_alloc.
    [[gnu::noinline]] static void* allocate() {
        if (alive()) {
            list& free = local();
            if (free.count != 0) {
                return free.items[--free.count];
            }
        }
        void* p = std::malloc(Size);
        return p != nullptr ? p : throw std::bad_alloc();
    }
    [[gnu::noinline]] static void release(void* p) noexcept {
        if (alive()) {
            list& free = local();
            if (free.count < depth) {
                free.items[free.count++] = p;
                return;
            }
        }
        std::free(p);
    }

private:
    static constexpr std::size_t depth = recycling ? 512 : 0;
    struct list {
        void* items[depth + 1];
        std::size_t count = 0;
        ~list() {
            alive() = false;
            while (count != 0) {
                std::free(items[--count]);
            }
        }
    };
    static bool& alive() {
        thread_local bool flag = true;
        return flag;
    }
    static list& local() {
        thread_local list l;
        return l;
    }
};

}  // namespace lazy::memory

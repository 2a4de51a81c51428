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
        counters::count_up(counters::instance().allocations);
        if (bytes <= small_limit) {
            return pieces::take(bytes);
        }
        const std::size_t size = size_class(bytes);
        if (void* p = take(size)) {
            return p;
        }
        return fresh(size);
    }

    [[gnu::noinline]] void release(void* p, std::size_t bytes) noexcept {
        if (bytes <= small_limit) {
            pieces::release(p, bytes);
        } else if (!keep(p, size_class(bytes))) {
            std::free(p);
        }
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
    /// Blocks up to this size are pieces, kept per thread without a lock.
    static constexpr std::size_t small_limit = 4096;

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

/// A thread's freed objects of one size.
struct free_list {
    void* head;
    unsigned room;  ///< objects it may still keep; 0: no sweeper, or the thread ends
};

/// Storage of graph nodes: one size, recycled per thread.
template <std::size_t Size>
class object_pool {
public:
    /// Throws bad_alloc.
    [[gnu::noinline]] static void* allocate() {
        if (void* p = mine.head) {
            mine.head = *static_cast<void**>(p);
            ++mine.room;
            return p;
        }
        return fresh();
    }
    [[gnu::noinline]] static void release(void* p) noexcept {
        if (mine.room != 0) {
            *static_cast<void**>(p) = mine.head;
            mine.head = p;
            --mine.room;
        } else {
            std::free(p);
        }
    }

private:
    /// Frees a thread's objects when it ends.
    struct sweeper {
        sweeper() { mine.room = recycling ? 512 : 0; }
        ~sweeper() {
            mine.room = 0;
            while (void* p = mine.head) {
                mine.head = *static_cast<void**>(p);
                std::free(p);
            }
        }
    };
    static constinit inline thread_local free_list mine = {};

    [[gnu::noinline]] static void* fresh() {
        static thread_local sweeper at_exit;
        static_cast<void>(at_exit);
        void* p = std::malloc(Size);
        return p != nullptr ? p : throw std::bad_alloc();
    }
};

}  // namespace lazy::memory

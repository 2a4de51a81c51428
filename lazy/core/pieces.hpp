// Small pieces of memory for the engine's own tables, recycled per thread without locks.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace lazy::memory {

/// False under AddressSanitizer, which can only see a use of freed memory that is really freed.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool recycling = false;
#else
inline constexpr bool recycling = true;
#endif

/// Planning one evaluation takes dozens of short tables; malloc was 40 % of its time.
class pieces {
public:
    /// At least `bytes` bytes, which becomes what there is, at a multiple of 64; throws bad_alloc.
    static void* take(std::size_t& bytes) {
        const std::size_t c = index(bytes);
        if (c < classes) {
            bytes = smallest << c;
            if (void* p = mine.head[c]) {
                mine.head[c] = *static_cast<void**>(p);
                ++mine.room[c];
                return p;
            }
        }
        return fresh(bytes);
    }
    /// Gives back what `take` gave, of the size it said.
    static void release(void* p, std::size_t bytes) noexcept {
        const std::size_t c = index(bytes);
        if (c < classes && mine.room[c] != 0) {
            *static_cast<void**>(p) = mine.head[c];
            mine.head[c] = p;
            --mine.room[c];
        } else {
            std::free(p);
        }
    }

private:
    static constexpr std::size_t smallest = 64;
    static constexpr std::size_t classes = 11;  ///< up to 64 KiB
    /// Pieces of a class that a thread keeps: 128 KiB of them, and no more than 32.
    static constexpr unsigned depth(std::size_t c) {
        const std::size_t most = (std::size_t{128} << 10) / (smallest << c);
        return !recycling ? 0 : most < 32 ? static_cast<unsigned>(most) : 32;
    }

    struct free_lists {
        void* head[classes];
        unsigned room[classes];  ///< pieces it may still keep; 0: no sweeper, or the thread ends
    };
    /// Frees a thread's pieces when it ends.
    struct sweeper {
        sweeper() {
            for (std::size_t c = 0; c < classes; ++c) {
                mine.room[c] = depth(c);
            }
        }
        ~sweeper() {
            for (std::size_t c = 0; c < classes; ++c) {
                mine.room[c] = 0;
                while (void* p = mine.head[c]) {
                    mine.head[c] = *static_cast<void**>(p);
                    std::free(p);
                }
            }
        }
    };
    static constinit inline thread_local free_lists mine = {};

    static std::size_t index(std::size_t bytes) {
        return bytes <= smallest ? 0
                                 : static_cast<std::size_t>(std::bit_width(bytes - 1)) -
                                       static_cast<std::size_t>(std::bit_width(smallest - 1));
    }
    [[gnu::noinline]] static void* fresh(std::size_t& bytes) {
        static thread_local sweeper at_exit;
        static_cast<void>(at_exit);
        bytes = (bytes + smallest - 1) / smallest * smallest;
        void* p = std::aligned_alloc(smallest, bytes);
        return p != nullptr ? p : throw std::bad_alloc();
    }
};

}  // namespace lazy::memory

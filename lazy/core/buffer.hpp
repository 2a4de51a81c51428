// A reference-counted block of elements, owned by the library or shared with the outside.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include "memory.hpp"
#include "pointer.hpp"

namespace lazy {

/// Bytes in memory. Not tied to a dtype or a shape: nodes say how to read it.
class buffer : public counted {
public:
    /// `bytes` uninitialised bytes, 64-byte aligned; throws std::bad_alloc.
    [[gnu::noinline]] static pointer<buffer> allocate(std::size_t bytes) {
        void* data = memory::block_cache::instance().allocate(bytes);
        try {
            return pointer<buffer>(new buffer(data, bytes, nullptr, false, true));
        } catch (...) {
            memory::block_cache::instance().release(data, bytes);
            throw;
        }
    }
    /// Memory of somebody else, kept alive by `owner`. Writes to tensors over it happen at once.
    static pointer<buffer> share(void* data, std::size_t bytes, std::shared_ptr<void> owner,
                                 bool writable) {
        return pointer<buffer>(new buffer(data, bytes, std::move(owner), true, writable));
    }
    ~buffer() {
        if (!external_) {
            memory::block_cache::instance().release(data_, bytes_);
        }
    }

    std::byte* data() const { return static_cast<std::byte*>(data_); }
    std::size_t bytes() const { return bytes_; }
    /// Bytes after the last that nobody has: a kernel may read them, and write them.
    std::size_t slack() const { return external_ ? 0 : -bytes_ % memory::alignment; }
    bool writable() const { return writable_; }
    /// True iff the outside can see the memory: it came from outside, or a numpy() view of it
    /// lives.
    bool shared() const { return external_ || exports_.load(std::memory_order_acquire) != 0; }
    void add_export() { exports_.fetch_add(1, std::memory_order_acq_rel); }
    void drop_export() { exports_.fetch_sub(1, std::memory_order_acq_rel); }

    static void* operator new(std::size_t) { return pool::allocate(); }
    static void operator delete(void* p) { pool::release(p); }

private:
    struct pool {
        static void* allocate();
        static void release(void* p) noexcept;
    };
    buffer(void* data, std::size_t bytes, std::shared_ptr<void> owner, bool external, bool writable)
        : data_(data),
          bytes_(bytes),
          owner_(std::move(owner)),
          external_(external),
          writable_(writable) {}

    void* data_;
    std::size_t bytes_;
    std::shared_ptr<void> owner_;
    std::atomic<int> exports_{0};
    bool external_;
    bool writable_;
};

inline void* buffer::pool::allocate() { return memory::object_pool<sizeof(buffer)>::allocate(); }
inline void buffer::pool::release(void* p) noexcept {
    memory::object_pool<sizeof(buffer)>::release(p);
}

[[gnu::noinline]] inline void destroy(buffer* b) { delete b; }

using buffer_ptr = pointer<buffer>;

}  // namespace lazy

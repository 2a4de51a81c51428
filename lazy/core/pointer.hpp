// An intrusive reference-counted pointer: one word, the count lives in the object.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif

#include <atomic>
#include <cstdint>
#include <utility>

namespace lazy {

/// True while the process has had no second thread: counting then needs no locked instructions,
/// which would be half the cost of a small statement. False where the C library does not say.
inline bool single_threaded() {
#if __has_include(<sys/single_threaded.h>)
    return __libc_single_threaded != 0;
#else
    return false;
#endif
}

/// Base of counted objects. A new object has count 0; the first pointer makes it 1.
class counted {
public:
    counted() = default;
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    void retain() const {
        const std::uint32_t now = count_.load(std::memory_order_relaxed);
        if (now == 0 || single_threaded()) {  // of a new object no other thread knows
            count_.store(now + 1, std::memory_order_relaxed);
        } else {
            count_.fetch_add(1, std::memory_order_relaxed);
        }
    }
    /// True when this was the last reference: the caller destroys the object.
    bool release() const {
        const std::uint32_t now = count_.load(std::memory_order_acquire);
        if (now == 1) {  // the caller's: nobody else is there to make another
            return true;
        }
        if (single_threaded()) {
            count_.store(now - 1, std::memory_order_relaxed);
            return false;
        }
        return count_.fetch_sub(1, std::memory_order_acq_rel) == 1;
    }
    std::uint32_t use_count() const { return count_.load(std::memory_order_acquire); }

protected:
    ~counted() = default;

private:
    mutable std::atomic<std::uint32_t> count_{0};
};

/// Owns one reference. `destroy(T*)`, found by ADL, ends the object.
template <class T>
class pointer {
public:
    pointer() = default;
    pointer(std::nullptr_t) {}
    explicit pointer(T* object) : object_(object) {
        if (object_ != nullptr) {
            object_->retain();
        }
    }
    pointer(const pointer& other) : pointer(other.object_) {}
    pointer(pointer&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    pointer& operator=(pointer other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~pointer() {
        if (object_ != nullptr) {  // here, since most pointers that end were moved from
            drop(object_);
        }
    }
    T* get() const { return object_; }
    T& operator*() const { return *object_; }
    T* operator->() const { return object_; }
    explicit operator bool() const { return object_ != nullptr; }
    /// Gives the reference away without releasing it.
    T* detach() { return std::exchange(object_, nullptr); }
    friend bool operator==(const pointer& a, const pointer& b) { return a.object_ == b.object_; }

private:
    [[gnu::noinline]] static void drop(T* object) {
        if (object->release()) {
            destroy(object);
        }
    }

    T* object_ = nullptr;
};

}  // namespace lazy

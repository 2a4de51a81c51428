// The engine's tables: an array whose elements move as bytes, and an index of hashes into one.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#include "pieces.hpp"

namespace lazy::memory {

/// `data` (`bytes` of it) moved to where `wanted` items have room, four at least; sets `bytes`. One
/// function for all lists.
[[gnu::noinline]] inline void* grown(void* data, std::size_t& bytes, std::size_t wanted,
                                     std::size_t itemsize) {
    std::size_t next = 0;
    if (__builtin_mul_overflow(wanted < 4 ? 4 : wanted, itemsize, &next) || next > SIZE_MAX >> 1) {
        throw std::bad_alloc();
    }
    next = next > 2 * bytes ? next : 2 * bytes;
    void* p = pieces::take(next);
    if (data != nullptr) {
        std::memcpy(p, data, bytes);
        pieces::release(data, bytes);
    }
    bytes = next;
    return p;
}

/// What the planner and the runners use of std::vector, for elements that hold no pointer into
/// themselves (numbers, shapes, counted pointers, lists). Every program compiles the engine, and
/// std::vector's growth code, one copy per type, was a third of that. The first element is aligned
/// to 64 bytes.
template <class T>
class list {
public:
    list() = default;
    explicit list(std::size_t count) { resize(count); }
    list(std::size_t count, const T& value) {
        reserve(count);
        for (; size_ < count; ++size_) {
            new (data_ + size_) T(value);
        }
    }
    list(list&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          bytes_(std::exchange(other.bytes_, 0)) {}
    list& operator=(list&& other) noexcept {
        swap(other);
        return *this;
    }
    ~list() {
        clear();
        if (data_ != nullptr) {
            pieces::release(static_cast<void*>(data_), bytes_);
        }
    }

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    T* data() { return data_; }
    const T* data() const { return data_; }
    T* begin() { return data_; }
    T* end() { return data_ + size_; }
    const T* begin() const { return data_; }
    const T* end() const { return data_ + size_; }
    T& operator[](std::size_t i) { return data_[i]; }
    const T& operator[](std::size_t i) const { return data_[i]; }
    T& back() { return data_[size_ - 1]; }
    const T& back() const { return data_[size_ - 1]; }

    void reserve(std::size_t count) {
        if (count * sizeof(T) > bytes_) {
            data_ = static_cast<T*>(grown(static_cast<void*>(data_), bytes_, count, sizeof(T)));
        }
    }
    /// Takes its argument by value: it may be an element of this list.
    void push_back(T value) {
        reserve(size_ + 1);
        new (data_ + size_) T(std::move(value));
        ++size_;
    }
    void pop_back() { data_[--size_].~T(); }
    /// New elements are T(); new std::bytes have no value yet.
    void resize(std::size_t count) {
        reserve(count);
        if constexpr (std::is_same_v<T, std::byte>) {
            size_ = count;
        } else {
            for (; size_ < count; ++size_) {
                new (data_ + size_) T();
            }
            while (size_ > count) {
                pop_back();
            }
        }
    }
    void clear() {
        if constexpr (!std::is_trivially_destructible_v<T>) {
            while (size_ != 0) {
                pop_back();
            }
        }
        size_ = 0;
    }
    void swap(list& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        std::swap(bytes_, other.bytes_);
    }

private:
    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t bytes_ = 0;  ///< that there are
};

/// Up to a fixed number of objects that stay where they were made.
template <class T>
class fixed_list {
public:
    explicit fixed_list(std::size_t capacity)
        : bytes_(capacity * sizeof(T)), data_(static_cast<T*>(pieces::take(bytes_))) {}
    fixed_list(const fixed_list&) = delete;
    fixed_list& operator=(const fixed_list&) = delete;
    ~fixed_list() {
        while (size_ != 0) {
            data_[--size_].~T();
        }
        pieces::release(static_cast<void*>(data_), bytes_);
    }

    template <class... Args>
    T& add(Args&&... args) {
        T* made = new (data_ + size_) T(static_cast<Args&&>(args)...);
        ++size_;
        return *made;
    }
    std::size_t size() const { return size_; }
    T* begin() { return data_; }
    T* end() { return data_ + size_; }
    T& operator[](std::size_t i) { return data_[i]; }
    const T& operator[](std::size_t i) const { return data_[i]; }

private:
    std::size_t bytes_;  ///< that there are
    T* data_;
    std::size_t size_ = 0;
};

/// Finds the items of a list by hash. Entry i stands for item i: whoever appends an item adds its
/// hash here, and compares the items that `first` and `next` give, since hashes may collide. Up to
/// `few` hashes are looked through one by one, which needs no table.
class hash_index {
public:
    /// `h` extended by `value`.
    static std::uint64_t mix(std::uint64_t h, std::uint64_t value) {
        return (h ^ value) * 0x9e3779b97f4a7c15ULL + (h >> 29);
    }

    void clear() {
        items_.clear();
        heads_.clear();
    }
    /// The newest entry of that hash, or -1.
    [[gnu::noinline]] int first(std::uint64_t hash) const {
        return settle(heads_.empty() ? static_cast<int>(items_.size()) - 1 : heads_[slot(hash)],
                      hash);
    }
    /// The next older entry of the same hash, or -1.
    int next(int entry) const {
        const item& e = items_[static_cast<std::size_t>(entry)];
        return settle(e.next, e.hash);
    }
    [[gnu::noinline]] void add(std::uint64_t hash) {
        const auto newest = static_cast<int>(items_.size());
        if (items_.size() < few) {
            items_.push_back({hash, newest - 1});
            return;
        }
        if (items_.size() >= heads_.size()) {
            heads_ = list<int>(heads_.empty() ? 4 * few : heads_.size() * 2, -1);
            for (std::size_t i = 0; i < items_.size(); ++i) {
                items_[i].next = std::exchange(heads_[slot(items_[i].hash)], static_cast<int>(i));
            }
        }
        items_.push_back({hash, std::exchange(heads_[slot(hash)], newest)});
    }

private:
    static constexpr std::size_t few = 8;

    struct item {
        std::uint64_t hash;
        int next;  ///< an older entry to look at
    };
    std::size_t slot(std::uint64_t hash) const { return (hash >> 20) & (heads_.size() - 1); }
    int settle(int entry, std::uint64_t hash) const {
        while (entry >= 0 && items_[static_cast<std::size_t>(entry)].hash != hash) {
            entry = items_[static_cast<std::size_t>(entry)].next;
        }
        return entry;
    }

    list<item> items_;
    list<int> heads_;
};

}  // namespace lazy::memory

// Sizes and strides: a small vector of int64 with PyTorch's shape arithmetic.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <ostream>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "error.hpp"

namespace lazy {

template <class I>
concept size_like = std::is_integral_v<I> && !std::is_same_v<I, bool>;

/// The sizes of a tensor, also used for strides and lists of dimensions. Up to four numbers are
/// held inline, so that making a node allocates nothing for them.
class shape {
public:
    using value_type = std::int64_t;
    using iterator = std::int64_t*;
    using const_iterator = const std::int64_t*;

    shape() = default;
    template <size_like... I>
    shape(I... sizes) : shape(counted{}, sizeof...(I)) {
        std::int64_t* out = data();
        ((*out++ = static_cast<std::int64_t>(sizes)), ...);
    }
    shape(const std::vector<std::int64_t>& sizes) : shape(std::span<const std::int64_t>(sizes)) {}
    explicit shape(std::span<const std::int64_t> sizes) : shape(counted{}, sizes.size()) {
        copy_words(data(), sizes.data(), sizes.size());
    }
    template <class Iterator>
    requires(!std::is_integral_v<Iterator>) shape(Iterator first, Iterator last)
        : shape(counted{}, static_cast<std::size_t>(std::distance(first, last))) {
        std::copy(first, last, data());
    }
    // Few dimensions are plain bytes; what more of them need is out of line, so that the many
    // places that copy a shape stay small.
    shape(const shape& other) : count_(other.count_) {
        std::memcpy(inline_, other.inline_, sizeof(inline_));
        if (count_ > capacity) [[unlikely]] {
            copy_heap(other);
        }
    }
    shape(shape&& other) noexcept : count_(other.count_) {
        std::memcpy(inline_, other.inline_, sizeof(inline_));
        other.count_ = 0;
    }
    shape& operator=(const shape& other) {
        if (this == &other) {
            return *this;
        }
        if (count_ <= capacity && other.count_ <= capacity) [[likely]] {
            count_ = other.count_;
            std::memcpy(inline_, other.inline_, sizeof(inline_));
        } else {
            shape copy(other);
            drop();
            take(copy);
        }
        return *this;
    }
    shape& operator=(shape&& other) noexcept {
        if (this != &other) {
            drop();
            take(other);
        }
        return *this;
    }
    ~shape() { drop(); }

    /// `count` numbers, all `value`.
    static shape filled(std::size_t count, std::int64_t value) {
        shape s(counted{}, count);
        for (std::int64_t& x : s) {
            x = value;
        }
        return s;
    }

    std::size_t size() const { return count_; }
    bool empty() const { return count_ == 0; }
    std::int64_t* data() { return count_ > capacity ? heap() : inline_; }
    const std::int64_t* data() const { return count_ > capacity ? heap() : inline_; }
    iterator begin() { return data(); }
    iterator end() { return data() + count_; }
    const_iterator begin() const { return data(); }
    const_iterator end() const { return data() + count_; }
    std::int64_t& operator[](std::size_t i) { return data()[i]; }
    std::int64_t operator[](std::size_t i) const { return data()[i]; }
    std::int64_t back() const { return data()[count_ - 1]; }
    std::int64_t front() const { return data()[0]; }
    operator std::span<const std::int64_t>() const { return {data(), count_}; }

    void push_back(std::int64_t value) {
        if (count_ < capacity) [[likely]] {
            inline_[count_++] = value;
        } else {
            insert(count_, value);
        }
    }
    [[gnu::noinline]] void insert(std::size_t at, std::int64_t value) {
        shape next(counted{}, count_ + 1);
        copy_words(next.data(), data(), at);
        next[at] = value;
        copy_words(next.data() + at + 1, data() + at, count_ - at);
        *this = std::move(next);
    }
    [[gnu::noinline]] void erase(std::size_t at) {
        shape next(counted{}, count_ - 1);
        copy_words(next.data(), data(), at);
        copy_words(next.data() + at, data() + at + 1, count_ - at - 1);
        *this = std::move(next);
    }

    /// Product of the sizes, 1 when there are none. The sizes were checked when the tensor was
    /// made; those before a 0 may overflow.
    std::int64_t numel() const {
        std::uint64_t n = 1;
        for (std::int64_t s : *this) {
            n *= static_cast<std::uint64_t>(s);
            if (n == 0) {  // and no compiler vectorises a loop over so few that may end early
                break;
            }
        }
        return static_cast<std::int64_t>(n);
    }
    std::vector<std::int64_t> to_vector() const { return {begin(), end()}; }

    friend bool operator==(const shape& a, const shape& b) {
        if (a.count_ != b.count_) {
            return false;
        }
        const std::int64_t* x = a.data();
        const std::int64_t* y = b.data();
        for (std::size_t i = 0; i < a.count_; ++i) {
            if (x[i] != y[i]) {
                return false;
            }
        }
        return true;
    }

private:
    static constexpr std::size_t capacity = 4;
    struct counted {};
    shape(counted, std::size_t count) : count_(count) {
        if (count > capacity) [[unlikely]] {
            allocate();
        }
    }
    [[gnu::cold, gnu::noinline]] void allocate() {
        auto* p = new std::int64_t[count_];
        std::memcpy(inline_, &p, sizeof(p));
    }
    [[gnu::cold, gnu::noinline]] void copy_heap(const shape& other) {
        allocate();
        copy_words(heap(), other.heap(), count_);
    }
    [[gnu::cold, gnu::noinline]] void free_heap() { delete[] heap(); }
    void drop() {
        if (count_ > capacity) [[unlikely]] {
            free_heap();
        }
    }
    /// Takes over `other`, leaving it empty.
    void take(shape& other) {
        count_ = other.count_;
        std::memcpy(inline_, other.inline_, sizeof(inline_));
        other.count_ = 0;
    }
    static void copy_words(std::int64_t* to, const std::int64_t* from, std::size_t count) {
        if (count != 0) {  // an empty list may have no address
            std::memcpy(to, from, count * sizeof(std::int64_t));
        }
    }
    std::int64_t* heap() const {
        std::int64_t* p;
        std::memcpy(&p, inline_, sizeof(p));
        return p;
    }

    // First, so that it is cleared and copied by the same stores and loads.
    std::int64_t inline_[capacity] = {};
    std::size_t count_ = 0;
};

inline message_part::message_part(const shape& s)
    : data_(s.data()), number_(s.size()), what_(kind::sizes) {}

/// "[2, 3]".
[[gnu::cold, gnu::noinline]] inline std::string to_string(const shape& s) {
    std::string out;
    message_part(s).append_to(out);
    return out;
}
inline std::ostream& operator<<(std::ostream& os, const shape& s) { return os << to_string(s); }

// What throws is apart from what checks: the checks are in every program's hot and inlined code.
[[noreturn, gnu::cold, gnu::noinline]] inline void throw_negative_size(const shape& s,
                                                                       std::int64_t size,
                                                                       std::string_view op) {
    fail<shape_error>(op, {"negative dimension ", size, " in shape ", s});
}
[[noreturn, gnu::cold, gnu::noinline]] inline void throw_overflow(const shape& s,
                                                                  std::string_view op) {
    fail<shape_error>(op, {"the size of shape ", s, " overflows"});
}
[[noreturn, gnu::cold, gnu::noinline]] inline void throw_no_broadcast(const shape& a,
                                                                      const shape& b,
                                                                      std::size_t from_end,
                                                                      std::string_view op) {
    const std::size_t ndim = a.size() > b.size() ? a.size() : b.size();
    fail<shape_error>(op, {"The size of tensor a (", a[a.size() - from_end],
                           ") must match the size of tensor b (", b[b.size() - from_end],
                           ") at non-singleton dimension ", ndim - from_end, ": ", a, " and ", b});
}
[[noreturn, gnu::cold, gnu::noinline]] inline void throw_no_dim(std::int64_t dim, std::int64_t n,
                                                                std::string_view op) {
    fail<index_error>(op, {"Dimension out of range (expected to be in range of [", -n, ", ", n - 1,
                           "], but got ", dim, ")"});
}

/// Throws shape_error unless every size is at least 0 and the bytes fit in 63 bits, of whatever
/// dtype: no change of dtype can overflow then.
inline void check_sizes(const shape& s, std::string_view op) {
    std::int64_t product = 16;  // bytes of the largest element
    bool overflow = false;
    bool empty = false;
    for (std::int64_t size : s) {
        if (size < 0) {
            throw_negative_size(s, size, op);
        }
        empty = empty || size == 0;
        overflow = __builtin_mul_overflow(product, size == 0 ? 1 : size, &product) || overflow;
    }
    if (overflow && !empty) {
        throw_overflow(s, op);
    }
}

/// Row-major strides in elements, as PyTorch gives them (a size of 0 counts as 1).
inline shape contiguous_strides(const shape& s) {
    shape strides = s;
    std::int64_t step = 1;
    for (std::size_t d = s.size(); d-- > 0;) {
        strides[d] = step;
        step *= std::max<std::int64_t>(s[d], 1);
    }
    return strides;
}

/// The shape two operands broadcast to; throws shape_error in PyTorch's words.
inline shape broadcast_shapes(const shape& a, const shape& b, std::string_view op) {
    if (a == b) {
        return a;
    }
    const shape& longer = a.size() >= b.size() ? a : b;
    const shape& shorter = a.size() >= b.size() ? b : a;
    shape out = longer;
    const std::size_t lead = longer.size() - shorter.size();
    for (std::size_t i = 0; i < shorter.size(); ++i) {
        const std::int64_t l = longer[lead + i];
        const std::int64_t r = shorter[i];
        if (l == r || r == 1) {
            continue;
        }
        if (l != 1) {
            throw_no_broadcast(a, b, shorter.size() - i, op);
        }
        out[lead + i] = r;
    }
    check_sizes(out, op);
    return out;
}

/// Makes `a` the shape that both broadcast to.
inline void broadcast_into(shape& a, const shape& b, std::string_view op) {
    if (a.size() < b.size()) {
        a = broadcast_shapes(a, b, op);
        return;
    }
    // Most often b has nothing to add.
    const std::int64_t* from = a.end() - b.size();
    for (const std::int64_t size : b) {
        if (size != *from++ && size != 1) {
            a = broadcast_shapes(a, b, op);
            return;
        }
    }
}

/// A dimension counted from the end when negative; throws index_error out of [-ndim, ndim).
inline std::size_t wrap_dim(std::int64_t dim, std::size_t ndim, std::string_view op) {
    const auto n = static_cast<std::int64_t>(std::max<std::size_t>(ndim, 1));
    if (dim < -n || dim >= n) {
        throw_no_dim(dim, n, op);
    }
    return static_cast<std::size_t>(dim < 0 ? dim + n : dim);
}

}  // namespace lazy

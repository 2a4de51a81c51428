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
    shape(const std::vector<std::int64_t>& sizes)
        : shape(std::span<const std::int64_t>(sizes)) {}
    explicit shape(std::span<const std::int64_t> sizes) : shape(counted{}, sizes.size()) {
        std::copy(sizes.begin(), sizes.end(), data());
    }
    template <class Iterator>
        requires(!std::is_integral_v<Iterator>)
    shape(Iterator first, Iterator last)
        : shape(counted{}, static_cast<std::size_t>(std::distance(first, last))) {
        std::copy(first, last, data());
    }
    shape(const shape& other) : shape(counted{}, other.count_) {
        std::copy_n(other.data(), count_, data());
    }
    shape(shape&& other) noexcept : count_(other.count_) {
        std::memcpy(&inline_, &other.inline_, sizeof(inline_));
        other.count_ = 0;
    }
    shape& operator=(shape other) noexcept {
        std::swap(count_, other.count_);
        std::swap_ranges(inline_, inline_ + capacity, other.inline_);
        return *this;
    }
    ~shape() {
        if (count_ > capacity) {
            delete[] heap();
        }
    }

    /// `count` numbers, all `value`.
    static shape filled(std::size_t count, std::int64_t value) {
        shape s(counted{}, count);
        std::fill_n(s.data(), count, value);
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

    void push_back(std::int64_t value) { insert(count_, value); }
    void insert(std::size_t at, std::int64_t value) {
        shape next(counted{}, count_ + 1);
        std::copy_n(data(), at, next.data());
        next[at] = value;
        std::copy(begin() + at, end(), next.begin() + at + 1);
        *this = std::move(next);
    }
    void erase(std::size_t at) {
        shape next(counted{}, count_ - 1);
        std::copy_n(data(), at, next.data());
        std::copy(begin() + at + 1, end(), next.begin() + at);
        *this = std::move(next);
    }

    /// Product of the sizes, 1 when there are none. The sizes were checked when the tensor was made.
    std::int64_t numel() const {
        std::int64_t n = 1;
        for (std::int64_t s : *this) {
            n *= s;
        }
        return n;
    }
    std::vector<std::int64_t> to_vector() const { return {begin(), end()}; }

    friend bool operator==(const shape& a, const shape& b) {
        return a.count_ == b.count_ && std::equal(a.begin(), a.end(), b.begin());
    }

private:
    static constexpr std::size_t capacity = 4;
    struct counted {};
    shape(counted, std::size_t count) : count_(count) {
        if (count > capacity) {
            auto* p = new std::int64_t[count];
            std::memcpy(inline_, &p, sizeof(p));
        }
    }
    std::int64_t* heap() const {
        std::int64_t* p;
        std::memcpy(&p, inline_, sizeof(p));
        return p;
    }

    std::size_t count_ = 0;
    std::int64_t inline_[capacity] = {};
};

/// "[2, 3]".
inline std::string to_string(const shape& s) {
    std::string out = "[";
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (i != 0) {
            out += ", ";
        }
        out += std::to_string(s[i]);
    }
    return out += "]";
}
inline std::ostream& operator<<(std::ostream& os, const shape& s) { return os << to_string(s); }

/// Throws shape_error unless every size is at least 0 and the bytes fit in 63 bits.
inline void check_sizes(const shape& s, std::size_t itemsize, std::string_view op) {
    std::int64_t product = static_cast<std::int64_t>(itemsize);
    bool overflow = false;
    bool empty = false;
    for (std::int64_t size : s) {
        if (size < 0) {
            throw shape_error(message(op, "negative dimension " + std::to_string(size) +
                                              " in shape " + to_string(s)));
        }
        empty = empty || size == 0;
        overflow = __builtin_mul_overflow(product, size == 0 ? 1 : size, &product) || overflow;
    }
    if (overflow && !empty) {
        throw shape_error(message(op, "the size of shape " + to_string(s) + " overflows"));
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
            throw shape_error(message(
                op, "The size of tensor a (" + std::to_string(a[a.size() - shorter.size() + i]) +
                        ") must match the size of tensor b (" +
                        std::to_string(b[b.size() - shorter.size() + i]) +
                        ") at non-singleton dimension " + std::to_string(lead + i) + ": " +
                        to_string(a) + " and " + to_string(b)));
        }
        out[lead + i] = r;
    }
    return out;
}

/// A dimension counted from the end when negative; throws index_error out of [-ndim, ndim).
inline std::size_t wrap_dim(std::int64_t dim, std::size_t ndim, std::string_view op) {
    const auto n = static_cast<std::int64_t>(std::max<std::size_t>(ndim, 1));
    if (dim < -n || dim >= n) {
        throw index_error(message(op, "Dimension out of range (expected to be in range of [" +
                                          std::to_string(-n) + ", " + std::to_string(n - 1) +
                                          "], but got " + std::to_string(dim) + ")"));
    }
    return static_cast<std::size_t>(dim < 0 ? dim + n : dim);
}

}  // namespace lazy

// Walks the elements of an array of any strides in row- or column-major order.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "../../../lazy/core/array_interface.hpp"
#include "../../../lazy/core/list.hpp"

namespace lazy::io {

/// Hands out the elements of an array one after another, packed. The array must stay alive.
class element_cursor {
public:
    /// `fortran_order`: the first index runs fastest instead of the last.
    explicit element_cursor(const array_interface& array, bool fortran_order = false)
        : itemsize_(array.dtype().itemsize()),
          remaining_(static_cast<std::uint64_t>(array.size())),
          row_(array.data()) {
        const std::size_t ndim = array.ndim();
        for (std::size_t i = 0; i < ndim && remaining_ != 0; ++i) {
            const std::size_t d = fortran_order ? ndim - 1 - i : i;
            append(array.shape()[d], array.strides()[d]);
        }
        if (axes_.empty()) {
            axes_.push_back({1, static_cast<std::int64_t>(itemsize_), 0});
        }
    }

    /// Elements not handed out yet.
    std::uint64_t remaining() const { return remaining_; }

    /// All bytes at once when they already lie in the wanted order; empty otherwise.
    std::span<const std::byte> packed() const {
        if (axes_.size() == 1 && axes_[0].stride == static_cast<std::int64_t>(itemsize_)) {
            return {row_, static_cast<std::size_t>(remaining_) * itemsize_};
        }
        return {};
    }

    /// Fills `out` with the next elements; returns the bytes filled, which are fewer than
    /// out.size() only at the end or when out.size() is no multiple of the item size.
    std::size_t read(std::span<std::byte> out) {
        const auto wanted = std::min<std::uint64_t>(out.size() / itemsize_, remaining_);
        std::byte* to = out.data();
        for (std::uint64_t left = wanted; left != 0;) {
            axis& inner = axes_.back();
            const auto run =
                std::min<std::uint64_t>(left, static_cast<std::uint64_t>(inner.size - inner.index));
            copy_run(to, row_ + inner.index * inner.stride, run, inner.stride);
            to += run * itemsize_;
            inner.index += static_cast<std::int64_t>(run);
            left -= run;
            if (inner.index == inner.size) {
                next_row();
            }
        }
        remaining_ -= wanted;
        return static_cast<std::size_t>(wanted) * itemsize_;
    }

private:
    struct axis {
        std::int64_t size;
        std::int64_t stride;  // in bytes
        std::int64_t index;
    };

    /// Adds a faster axis, merged with the one before where the two make one longer run.
    void append(std::int64_t size, std::int64_t stride) {
        if (size == 1) {
            return;
        }
        std::int64_t span = 0;
        if (!axes_.empty() && !__builtin_mul_overflow(size, stride, &span) &&
            axes_.back().stride == span) {
            axes_.back() = {axes_.back().size * size, stride, 0};
        } else {
            axes_.push_back({size, stride, 0});
        }
    }

    void next_row() {
        axes_.back().index = 0;
        for (std::size_t d = axes_.size() - 1; d-- > 0;) {
            axis& a = axes_[d];
            if (++a.index < a.size) {
                row_ += a.stride;
                return;
            }
            row_ -= (a.size - 1) * a.stride;
            a.index = 0;
        }
    }

    void copy_run(std::byte* to, const std::byte* from, std::uint64_t count,
                  std::int64_t stride) const {
        if (stride == static_cast<std::int64_t>(itemsize_)) {
            std::memcpy(to, from, static_cast<std::size_t>(count) * itemsize_);
            return;
        }
        switch (itemsize_) {
            case 1: return gather<1>(to, from, count, stride);
            case 2: return gather<2>(to, from, count, stride);
            case 4: return gather<4>(to, from, count, stride);
            case 8: return gather<8>(to, from, count, stride);
            default: return gather<16>(to, from, count, stride);
        }
    }

    template <std::size_t Size>
    static void gather(std::byte* to, const std::byte* from, std::uint64_t count,
                       std::int64_t stride) {
        for (std::uint64_t i = 0; i < count; ++i, to += Size) {
            std::memcpy(to, from + static_cast<std::int64_t>(i) * stride, Size);
        }
    }

    std::size_t itemsize_;
    std::uint64_t remaining_;
    const std::byte* row_;
    memory::list<axis> axes_;
};

/// Calls `sink(std::span<const std::byte>)` with all elements in order, piece by piece.
template <class Sink>
void write_elements(const array_interface& array, bool fortran_order, Sink&& sink) {
    element_cursor cursor(array, fortran_order);
    if (const auto all = cursor.packed(); !all.empty()) {
        sink(all);
        return;
    }
    constexpr std::uint64_t piece = std::uint64_t{1} << 18;
    std::vector<std::byte> packed(
        static_cast<std::size_t>(std::min(piece, cursor.remaining() * array.dtype().itemsize())));
    while (cursor.remaining() != 0) {
        const std::size_t filled = cursor.read(packed);
        sink(std::span<const std::byte>(packed).first(filled));
    }
}

}  // namespace lazy::io

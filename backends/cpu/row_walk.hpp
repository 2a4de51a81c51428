// Walking rows of strided memory, and copying them: no template over what the bytes mean.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include "../../lazy/core/shape.hpp"

namespace lazy::cpu {

/// The rows of the innermost dimension that make up elements [start, start + n):
/// `while (walk.next())` gives the offset of each row's first element and its length.
class row_walk {
public:
    row_walk(const lazy::shape& dims, const lazy::shape& strides, std::int64_t start,
             std::int64_t n)
        : dims_(dims), strides_(strides), at_(dims), left_(n) {
        for (std::size_t d = dims.size(); d-- > 0;) {
            at_[d] = start % dims[d];
            start /= dims[d];
            next_ += at_[d] * strides[d];
        }
    }

    bool next() {
        if (left_ <= 0) {
            return false;
        }
        offset_ = next_;
        if (dims_.empty()) {
            run_ = std::exchange(left_, 0);
            return true;
        }
        const std::size_t last = dims_.size() - 1;
        run_ = std::min(left_, dims_[last] - at_[last]);
        left_ -= run_;
        next_ -= at_[last] * strides_[last];
        at_[last] = 0;
        for (std::size_t d = last; d-- > 0;) {
            next_ += strides_[d];
            if (++at_[d] < dims_[d]) {
                break;
            }
            next_ -= dims_[d] * strides_[d];
            at_[d] = 0;
        }
        return true;
    }
    std::int64_t offset() const { return offset_; }
    std::int64_t run() const { return run_; }

private:
    const lazy::shape& dims_;
    const lazy::shape& strides_;
    lazy::shape at_;
    std::int64_t left_;
    std::int64_t next_ = 0;
    std::int64_t offset_ = 0;
    std::int64_t run_ = 0;
};

struct bytes16 {
    std::uint64_t part[2];
};

/// n times `value`, 64 bytes at a time: at -O2 a compiler would store them one by one.
template <class Unit>
void fill_units(Unit* out, const Unit value, std::int64_t n) {
    if constexpr (std::is_integral_v<Unit>) {
        typedef Unit line __attribute__((vector_size(64), aligned(sizeof(Unit)), may_alias));
        constexpr std::int64_t count = 64 / sizeof(Unit);
        const line values = line{} + value;
        if (n >= count) {
            for (std::int64_t i = 0; i < n - count; i += count) {
                *reinterpret_cast<line*>(out + i) = values;
            }
            *reinterpret_cast<line*>(out + n - count) = values;  // overlaps
            return;
        }
    }
    for (std::int64_t i = 0; i < n; ++i) {
        out[i] = value;
    }
}
template <class Unit>
void copy_units(void* to, std::int64_t to_step, const void* from, std::int64_t from_step,
                std::int64_t n) {
    auto* out = static_cast<Unit*>(to);
    const auto* in = static_cast<const Unit*>(from);
    if (from_step == 0 && to_step == 1) {
        fill_units<Unit>(out, *in, n);
    } else if (from_step == 0) {
        const Unit value = *in;
        for (std::int64_t i = 0; i < n; ++i) {
            out[i * to_step] = value;
        }
    } else if (to_step == 1 && from_step == -1) {  // as two numbers that the compiler knows
        for (std::int64_t i = 0; i < n; ++i) {
            out[i] = in[-i];
        }
    } else {
        for (std::int64_t i = 0; i < n; ++i) {
            out[i * to_step] = in[i * from_step];
        }
    }
}

/// to[i * to_step] = from[i * from_step] for i < n, elements of `itemsize` bytes.
inline void copy_strided(void* to, std::int64_t to_step, const void* from, std::int64_t from_step,
                         std::int64_t n, std::size_t itemsize) {
    if (to_step == 1 && from_step == 1) {
        std::memcpy(to, from, static_cast<std::size_t>(n) * itemsize);
        return;
    }
    switch (itemsize) {
        case 1: copy_units<std::uint8_t>(to, to_step, from, from_step, n); break;
        case 2: copy_units<std::uint16_t>(to, to_step, from, from_step, n); break;
        case 4: copy_units<std::uint32_t>(to, to_step, from, from_step, n); break;
        case 8: copy_units<std::uint64_t>(to, to_step, from, from_step, n); break;
        default: copy_units<bytes16>(to, to_step, from, from_step, n); break;
    }
}

#if defined(__AVX512F__)
/// 64 / sizeof(Unit) rows and columns, turned in registers: each round interleaves the first half
/// of them with the second.
template <class Unit>
void turn_registers(Unit* to, std::int64_t row_step, const Unit* from, std::int64_t column_step) {
    constexpr std::size_t count = 64 / sizeof(Unit);
    typedef Unit line __attribute__((vector_size(64)));
    constexpr auto interleave =
        []<std::size_t... I>(std::index_sequence<I...>, line a, line b, auto first) {
        constexpr int at = static_cast<int>(decltype(first)::value);
        return __builtin_shufflevector(
            a, b, (at + static_cast<int>(I / 2) + (I % 2 != 0 ? static_cast<int>(count) : 0))...);
    };
    constexpr std::make_index_sequence<count> all;
    line now[count];
    for (std::size_t i = 0; i < count; ++i) {
        std::memcpy(&now[i], from + static_cast<std::int64_t>(i) * column_step, 64);
    }
#pragma GCC unroll 4
    for (std::size_t round = 1; round < count; round *= 2) {
        line next[count];
#pragma GCC unroll 8
        for (std::size_t i = 0; i < count / 2; ++i) {
            const line a = now[i], b = now[i + count / 2];
            next[2 * i] = interleave(all, a, b, std::integral_constant<std::size_t, 0>());
            next[2 * i + 1] =
                interleave(all, a, b, std::integral_constant<std::size_t, count / 2>());
        }
#pragma GCC unroll 16
        for (std::size_t i = 0; i < count; ++i) {
            now[i] = next[i];
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        std::memcpy(to + static_cast<std::int64_t>(i) * row_step, &now[i], 64);
    }
}
#endif

template <class Unit>
void turn_units(void* to, std::int64_t row_step, const void* from, std::int64_t column_step,
                std::int64_t rows, std::int64_t columns) {
    constexpr std::int64_t block = 16;
    auto* out = static_cast<Unit*>(to);
    const auto* in = static_cast<const Unit*>(from);
    for (std::int64_t c = 0; c < columns; c += block) {
        const std::int64_t end = std::min(columns, c + block);
        for (std::int64_t j = end; j < std::min(columns, end + block); ++j) {
            __builtin_prefetch(in + j * column_step);
        }
#if defined(__AVX512F__)
        if constexpr (sizeof(Unit) == 4 || sizeof(Unit) == 8) {
            constexpr std::int64_t side = 64 / sizeof(Unit);
            if (rows == block && end - c == block) {
                for (std::int64_t j = c; j < end; j += side) {
                    for (std::int64_t i = 0; i < block; i += side) {
                        turn_registers(out + i * row_step + j, row_step, in + j * column_step + i,
                                       column_step);
                    }
                }
                continue;
            }
        }
#endif
        if (rows == block) {
            for (std::int64_t j = c; j < end; ++j) {
                const Unit* line = in + j * column_step;
                for (std::int64_t i = 0; i < block; ++i) {
                    out[i * row_step + j] = line[i];
                }
            }
            continue;
        }
        for (std::int64_t j = c; j < end; ++j) {
            for (std::int64_t i = 0; i < rows; ++i) {
                out[i * row_step + j] = in[j * column_step + i];
            }
        }
    }
}

/// A transposed copy: to[i * row_step + j] = from[j * column_step + i] for i < rows <= 16.
inline void turn(void* to, std::int64_t row_step, const void* from, std::int64_t column_step,
                 std::int64_t rows, std::int64_t columns, std::size_t itemsize) {
    const auto copy = itemsize == 1   ? &turn_units<std::uint8_t>
                      : itemsize == 2 ? &turn_units<std::uint16_t>
                      : itemsize == 4 ? &turn_units<std::uint32_t>
                      : itemsize == 8 ? &turn_units<std::uint64_t>
                                      : &turn_units<bytes16>;
    copy(to, row_step, from, column_step, rows, columns);
}

/// Whole rows of few elements; of `Columns` where that is not 0, so that they are copied together.
template <class Unit, std::int64_t Columns>
void copy_short_rows(Unit* out, const Unit* in, std::int64_t rows, std::int64_t columns,
                     std::int64_t row_step, std::int64_t step) {
    const std::int64_t count = Columns != 0 ? Columns : columns;
    for (std::int64_t r = 0; r < rows; ++r) {
        for (std::int64_t c = 0; c < count; ++c) {
            out[r * count + c] = in[r * row_step + c * step];
        }
    }
}

template <class Unit>
void copy_grid_units(void* to, const void* from, std::int64_t column, std::int64_t columns,
                     std::int64_t row_step, std::int64_t step, std::int64_t n) {
    constexpr std::int64_t few = 16;
    auto* out = static_cast<Unit*>(to);
    for (const auto* row = static_cast<const Unit*>(from); n > 0; row += row_step, column = 0) {
        if (column == 0 && columns < few && n >= columns) {
            const std::int64_t rows = n / columns;
            if (columns == 2 && row_step == 1 && step == 0) {
                copy_short_rows<Unit, 2>(out, row, rows, 2, 1, 0);
            } else {
                copy_short_rows<Unit, 0>(out, row, rows, columns, row_step, step);
            }
            out += rows * columns;
            n -= rows * columns;
            row += (rows - 1) * row_step;
            continue;
        }
        const std::int64_t run = std::min(n, columns - column);
        if (step == 1) {
            std::memcpy(out, row + column, static_cast<std::size_t>(run) * sizeof(Unit));
        } else if (step == 0) {
            fill_units<Unit>(out, *row, run);
        } else {
            copy_units<Unit>(out, 1, row + column * step, step, run);
        }
        out += run;
        n -= run;
    }
}

/// to[0..n) = the elements of a matrix with `columns` columns and these steps between elements,
/// from its row at `from` and `column` on.
inline void copy_grid(void* to, const void* from, std::int64_t column, std::int64_t columns,
                      std::int64_t row_step, std::int64_t step, std::int64_t n,
                      std::size_t itemsize) {
    const auto copy = itemsize == 1   ? &copy_grid_units<std::uint8_t>
                      : itemsize == 2 ? &copy_grid_units<std::uint16_t>
                      : itemsize == 4 ? &copy_grid_units<std::uint32_t>
                      : itemsize == 8 ? &copy_grid_units<std::uint64_t>
                                      : &copy_grid_units<bytes16>;
    copy(to, from, column, columns, row_step, step, n);
}

}  // namespace lazy::cpu

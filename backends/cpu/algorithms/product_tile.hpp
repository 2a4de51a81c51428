// One tile of a matrix product: packed operands, a register-blocked inner loop, partial sums.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <utility>

#include "product_lanes.hpp"

namespace lazy::cpu {

/// out (m x n, row-major) = a (m x k) b (k x n); steps between elements of the operands' rows and
/// columns are free, so that a transposed operand is read where it lies.
template <class T>
struct matrix_product {
    T* out;
    const T* a;
    const T* b;
    std::int64_t m, n, k;
    std::int64_t a_row, a_column;
    std::int64_t b_row, b_column;
};

/// Computes tiles of matrix products of up to a given size, one after another, in its own memory.
///
/// An element of the result is the sum over blocks of `depth` products, each block summed in order
/// from zero: that does not depend on where the element lies in its tile or how tiles are cut, so
/// neither on the number of threads.
template <class T>
class product_tile {
public:
    using A = accumulator_t<T>;
    using lanes_t = product_lanes<A>;
    using part = typename lanes_t::part;
    static constexpr auto parts = static_cast<std::int64_t>(lanes_t::parts);
    /// Registers: rows x 2 sums, two of b, one of a; 32 registers of 64 bytes, else 16.
    static constexpr std::int64_t rows = parts == 1 ? 6 : batch<float>::size >= 16 ? 4 : 2;
    static constexpr auto columns = static_cast<std::int64_t>(2 * lanes_t::width);
    static constexpr std::int64_t tile_rows = 240;
    static constexpr std::int64_t tile_columns = 256;
    static constexpr std::int64_t depth = 256;
    static_assert(tile_rows % rows == 0 && tile_columns % columns == 0);

    product_tile(std::int64_t m, std::int64_t n, std::int64_t k) {
        const std::int64_t r = round_up(std::min(m, tile_rows), rows) * parts;
        const std::int64_t c = round_up(std::min(n, tile_columns), columns) * parts;
        const std::int64_t d = std::min(k, depth);
        const std::int64_t a_size = round_up(r * d, line);
        const std::int64_t b_size = round_up(c * d, line);
        memory_.reset(new part[static_cast<std::size_t>(a_size + b_size + r * c / parts + line)]);
        const auto address = reinterpret_cast<std::uintptr_t>(memory_.get());
        a_ = memory_.get() + (64 - address % 64) % 64 / sizeof(part);
        b_ = a_ + a_size;
        sums_ = b_ + b_size;
    }

    /// The tile whose first element is (row, column).
    void compute(const matrix_product<T>& p, std::int64_t row, std::int64_t column) {
        const std::int64_t r = std::min(tile_rows, p.m - row);
        const std::int64_t c = std::min(tile_columns, p.n - column);
        const std::int64_t row_panels = (r + rows - 1) / rows;
        const std::int64_t column_panels = (c + columns - 1) / columns;
        for (std::int64_t start = 0; start < p.k; start += depth) {
            const std::int64_t d = std::min(depth, p.k - start);
            pack(a_, p.a + row * p.a_row + start * p.a_column, r, rows, p.a_row, d, p.a_column);
            pack(b_, p.b + column * p.b_column + start * p.b_row, c, columns, p.b_column, d,
                 p.b_row);
            for (std::int64_t j = 0; j < column_panels; ++j) {
                for (std::int64_t i = 0; i < row_panels; ++i) {
                    add_panels(std::make_index_sequence<static_cast<std::size_t>(rows)>{}, d,
                               a_ + i * rows * d * parts, b_ + j * columns * d * parts,
                               sums_ + (j * row_panels + i) * panel_sums, start == 0);
                }
            }
        }
        for (std::int64_t j = 0; j < column_panels; ++j) {
            for (std::int64_t i = 0; i < row_panels; ++i) {
                unpack(p.out + (row + i * rows) * p.n + column + j * columns, p.n,
                       sums_ + (j * row_panels + i) * panel_sums, std::min(rows, r - i * rows),
                       std::min(columns, c - j * columns));
            }
        }
    }

private:
    static constexpr std::int64_t line = 64 / static_cast<std::int64_t>(sizeof(part));
    static constexpr std::int64_t panel_sums = rows * columns * parts;

    static constexpr std::int64_t round_up(std::int64_t n, std::int64_t unit) {
        return (n + unit - 1) / unit * unit;
    }

    static void put(part* to, std::int64_t apart, const T& value) {
        const A x = convert<A>(value);
        if constexpr (parts == 2) {
            to[0] = x.real();
            to[apart] = x.imag();
        } else {
            (void)apart;
            *to = x;
        }
    }

    /// Panels of `panel` lines side by side, depth outermost; the last panel is filled with zeros.
    /// Reads in storage order.
    static void pack(part* to, const T* from, std::int64_t lines, std::int64_t panel,
                     std::int64_t line_step, std::int64_t d, std::int64_t depth_step) {
        const std::int64_t size = panel * d * parts;
        const std::int64_t whole = lines / panel * panel;
        if (whole < lines) {
            std::fill_n(to + whole * d * parts, size, part(0));
        }
        if (line_step == 1) {
            for (std::int64_t z = 0; z < d; ++z) {
                part* row = to + z * panel * parts;
                for (std::int64_t first = 0; first < lines; first += panel, row += size) {
                    for (std::int64_t i = 0; i < std::min(panel, lines - first); ++i) {
                        put(row + i, panel, from[z * depth_step + first + i]);
                    }
                }
            }
            return;
        }
        for (std::int64_t first = 0; first < lines; first += panel, to += size) {
            for (std::int64_t i = 0; i < std::min(panel, lines - first); ++i) {
                const T* line_start = from + (first + i) * line_step;
                for (std::int64_t z = 0; z < d; ++z) {
                    put(to + z * panel * parts + i, panel, line_start[z * depth_step]);
                }
            }
        }
    }

    /// sums (+)= the product of two panels. Folds over R keep every sum in its register: a loop
    /// over them would send the array through memory at -O2.
    template <std::size_t... R>
    static void add_panels(std::index_sequence<R...>, std::int64_t d, const part* a, const part* b,
                           part* sums, bool first) {
        constexpr std::size_t width = lanes_t::width;
        constexpr auto r = static_cast<std::size_t>(rows);
        constexpr auto c = static_cast<std::size_t>(columns);
        lanes_t left[] = {((void)R, lanes_t::zero())...};
        lanes_t right[] = {((void)R, lanes_t::zero())...};
        for (std::int64_t z = 0; z < d; ++z) {
            const lanes_t b0 = lanes_t::load(b, c);
            const lanes_t b1 = lanes_t::load(b + width, c);
            const auto step = [&](lanes_t& l, lanes_t& h, const lanes_t& x) {
                l = lanes_t::add_product(l, x, b0);
                h = lanes_t::add_product(h, x, b1);
            };
            (step(left[R], right[R], lanes_t::repeat(a + R, r)), ...);
            a += r * lanes_t::parts;
            b += c * lanes_t::parts;
        }
        const auto add = [&](part* to, const lanes_t& sum) {
            (first ? sum : lanes_t::load(to, c) + sum).store(to, c);
        };
        ((add(sums + R * c * lanes_t::parts, left[R]),
          add(sums + R * c * lanes_t::parts + width, right[R])),
         ...);
    }

    static void unpack(T* to, std::int64_t step, const part* sums, std::int64_t r, std::int64_t c) {
        for (std::int64_t i = 0; i < r; ++i) {
            const part* row = sums + i * columns * parts;
            for (std::int64_t j = 0; j < c; ++j) {
                if constexpr (parts == 2) {
                    to[i * step + j] = T(row[j], row[columns + j]);
                } else {
                    to[i * step + j] = convert<T>(row[j]);
                }
            }
        }
    }

    std::unique_ptr<part[]> memory_;
    part* a_;
    part* b_;
    part* sums_;
};

}  // namespace lazy::cpu

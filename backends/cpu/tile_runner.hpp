// Runs a tile program: one thread's scratch, loading inputs into tiles, calling kernels in order.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tile_program.hpp"

namespace lazy::cpu {

/// Walks rows of the innermost dimension that make up [start, start + n): f(offset, row length).
template <class F>
void walk_rows(const lazy::shape& dims, const lazy::shape& strides, std::int64_t start,
               std::int64_t n, F&& f) {
    if (dims.empty()) {
        if (n > 0) {
            f(std::int64_t{0}, n);
        }
        return;
    }
    const std::size_t last = dims.size() - 1;
    lazy::shape at = dims;
    std::int64_t offset = 0;
    std::int64_t rest = start;
    for (std::size_t d = dims.size(); d-- > 0;) {
        at[d] = rest % dims[d];
        rest /= dims[d];
        offset += at[d] * strides[d];
    }
    while (n > 0) {
        const std::int64_t run = std::min(n, dims[last] - at[last]);
        f(offset, run);
        n -= run;
        offset -= at[last] * strides[last];
        at[last] = 0;
        for (std::size_t d = last; d-- > 0;) {
            offset += strides[d];
            if (++at[d] < dims[d]) {
                break;
            }
            offset -= dims[d] * strides[d];
            at[d] = 0;
        }
    }
}

struct bytes16 {
    std::uint64_t part[2];
};

/// Calls f with a type of the element size: copies do not care what the bits mean.
template <class F>
void with_unit(std::size_t itemsize, F&& f) {
    switch (itemsize) {
        case 1: f(std::uint8_t{}); break;
        case 2: f(std::uint16_t{}); break;
        case 4: f(std::uint32_t{}); break;
        case 8: f(std::uint64_t{}); break;
        default: f(bytes16{}); break;
    }
}

class tile_runner {
public:
    explicit tile_runner(const tile_program& program)
        : program_(program), places_(program.places() + 1) {
        const std::size_t slot = slot_size();
        scratch_.reset(static_cast<std::byte*>(
            ::operator new(std::max<std::size_t>(64, program.slots() * slot),
                           std::align_val_t(64))));
        for (std::uint32_t i = 0; i < program.slots(); ++i) {
            places_[i] = scratch_.get() + i * slot;
        }
        for (const tile_program::source& s : program.sources()) {
            if (s.how == tile_program::load_kind::number) {
                with_unit(s.itemsize, [&](auto unit) {
                    using U = decltype(unit);
                    std::memcpy(static_cast<void*>(&unit), s.data, sizeof(U));
                    std::fill_n(reinterpret_cast<U*>(slot_of(s)), tile_elements, unit);
                });
            }
        }
    }

    /// Computes elements [start, start + n), n at most one tile; stores what has a destination.
    void run(std::int64_t start, std::int64_t n, bool stream) {
        for (const tile_program::source& s : program_.sources()) {
            load(s, start, n);
        }
        for (const tile_program::destination& d : program_.destinations()) {
            if (!d.copied) {
                places_[d.place] = d.data + start * static_cast<std::int64_t>(d.itemsize);
            }
        }
        const void* in[max_arity];
        std::vector<const void*> more;
        for (const tile_program::call& c : program_.calls()) {
            const void** pointers = in;
            if (c.kernel->arity > max_arity) {
                more.resize(c.kernel->arity);
                pointers = more.data();
            }
            for (std::size_t k = 0; k < c.kernel->arity; ++k) {
                pointers[k] = places_[program_.operands()[c.first_operand + k]];
            }
            c.kernel->run({places_[c.place], pointers, static_cast<std::size_t>(n), c.params,
                           stream && c.stream, &fault_});
        }
        for (const tile_program::destination& d : program_.destinations()) {
            if (d.copied) {
                put(d, start, n);
            }
        }
    }

    /// Where the value of pass.outputs[i] is after `run`.
    const std::byte* value(std::size_t i) const { return places_[program_.value_place(i)]; }
    bool fault() const { return fault_; }

    /// [first, last) in tiles; tiles start at multiples of the tile size within a row or overall.
    template <class F>
    void each_tile(std::int64_t first, std::int64_t last, F&& f) const {
        const std::int64_t row = program_.by_rows() ? program_.dims().back() : 0;
        while (first < last) {
            std::int64_t n = std::min(tile_elements, last - first);
            if (row != 0) {
                n = std::min(n, row - first % row);
            }
            f(first, n);
            first += n;
        }
    }

private:
    static constexpr std::size_t max_arity = 16;
    std::size_t slot_size() const {
        return static_cast<std::size_t>(tile_elements) * program_.slot_bytes();
    }
    std::byte* slot_of(const tile_program::source& s) const {
        return scratch_.get() + s.place * slot_size();
    }

    void load(const tile_program::source& s, std::int64_t start, std::int64_t n) {
        switch (s.how) {
            case tile_program::load_kind::number: return;
            case tile_program::load_kind::dense:
                places_[s.place] =
                    const_cast<std::byte*>(s.data) + start * static_cast<std::int64_t>(s.itemsize);
                return;
            case tile_program::load_kind::iota: {
                auto* out = reinterpret_cast<std::int64_t*>(slot_of(s));
                const std::int64_t step = program_.dims().empty() ? 0 : s.strides.back();
                walk_rows(program_.dims(), s.strides, start, n,
                          [&](std::int64_t offset, std::int64_t run) {
                              for (std::int64_t i = 0; i < run; ++i) {
                                  *out++ = s.offset + offset + i * step;
                              }
                          });
                return;
            }
            case tile_program::load_kind::strided: break;
        }
        const std::int64_t step = s.strides.back();
        std::byte* slot = slot_of(s);
        places_[s.place] = slot;
        with_unit(s.itemsize, [&](auto unit) {
            using U = decltype(unit);
            const U* src = reinterpret_cast<const U*>(s.data);
            U* out = reinterpret_cast<U*>(slot);
            walk_rows(program_.dims(), s.strides, start, n,
                      [&](std::int64_t offset, std::int64_t run) {
                          const U* p = src + offset;
                          if (step == 1 && run == n) {
                              // The whole tile is one run in memory: read it where it is.
                              places_[s.place] =
                                  reinterpret_cast<std::byte*>(const_cast<U*>(p));
                          } else if (step == 1) {
                              std::memcpy(static_cast<void*>(out), p,
                                          static_cast<std::size_t>(run) * sizeof(U));
                          } else if (step == 0) {
                              std::fill_n(out, run, *p);
                          } else {
                              for (std::int64_t i = 0; i < run; ++i) {
                                  out[i] = p[i * step];
                              }
                          }
                          out += run;
                      });
        });
    }

    void put(const tile_program::destination& d, std::int64_t start, std::int64_t n) const {
        const std::byte* from = places_[d.place];
        if (!d.strided) {
            std::memcpy(d.data + start * static_cast<std::int64_t>(d.itemsize), from,
                        static_cast<std::size_t>(n) * d.itemsize);
            return;
        }
        const std::int64_t step = d.strides.back();
        with_unit(d.itemsize, [&](auto unit) {
            using U = decltype(unit);
            const U* in = reinterpret_cast<const U*>(from);
            U* base = reinterpret_cast<U*>(d.data);
            walk_rows(program_.dims(), d.strides, start, n,
                      [&](std::int64_t offset, std::int64_t run) {
                          U* p = base + offset;
                          for (std::int64_t i = 0; i < run; ++i) {
                              p[i * step] = in[i];
                          }
                          in += run;
                      });
        });
    }

    struct free_aligned {
        void operator()(std::byte* p) const { ::operator delete(p, std::align_val_t(64)); }
    };

    const tile_program& program_;
    std::vector<std::byte*> places_;
    std::unique_ptr<std::byte, free_aligned> scratch_;
    bool fault_ = false;
};

}  // namespace lazy::cpu

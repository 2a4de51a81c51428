// Elements picked by truth: counting them, where they are, taking them out, replacing them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "element_size.hpp"
#include "extent.hpp"

namespace lazy::cpu {

/// Reads elements of any dtype as true or false: a number is true unless it is 0 or -0.0.
class truth {
    /// Whether the part number i has one of the bits that count.
    template <class Bits>
    auto one_part(const std::byte* data) const {
        return [data, mask = static_cast<Bits>(bits_)](std::int64_t i) {
            Bits b;
            std::memcpy(&b, data + i * static_cast<std::int64_t>(sizeof(Bits)), sizeof(Bits));
            return (b & mask) != 0;
        };
    }

public:
    explicit truth(dtype d)
        : parts_(d.itemsize() == 16 ? 2 : 1), size_(d.itemsize() / parts_), bits_(magnitude(d)) {}

    /// f(n, is_true) with is_true(byte pointer of element i, i) compiled for the element's size.
    template <class F>
    void visit(const std::byte* data, F&& f) const {
        switch (size_) {
            case 1: return f([data](std::int64_t i) { return data[i] != std::byte{0}; });
            case 2: return f(one_part<std::uint16_t>(data));
            case 4: return f(one_part<std::uint32_t>(data));
            default: break;
        }
        if (parts_ == 1) {
            return f(one_part<std::uint64_t>(data));
        }
        const auto part = one_part<std::uint64_t>(data);
        f([part](std::int64_t i) { return part(2 * i) || part(2 * i + 1); });
    }

private:
    /// The bits of one part that make a number differ from zero: all but the signs of floats.
    static std::uint64_t magnitude(dtype d) {
        if (d.kind() < dtype_kind::floating) {
            return ~std::uint64_t{0};
        }
        return d == dtype_id::complex64
                   ? 0x7fffffff7fffffff
                   : (std::uint64_t{1} << (8 * (d.is_complex() ? 8 : d.itemsize()) - 1)) - 1;
    }
    std::size_t parts_;
    std::size_t size_;
    std::uint64_t bits_;
};

/// The true elements of a tensor, counted in blocks so that threads know where each block's go.
class true_elements {
public:
    explicit true_elements(const array_ref& mask)
        : mask_(mask),
          n_(numel(mask)),
          before_(static_cast<std::size_t>((n_ + block - 1) / block) + 1) {
        truth(mask.type).visit(bytes(mask), [&](auto is_true) {
            each_block([&](std::size_t b, std::int64_t first, std::int64_t last) {
                std::int64_t count = 0;
                for (std::int64_t i = first; i < last; ++i) {
                    count += is_true(i) ? 1 : 0;
                }
                before_[b + 1] = count;
            });
        });
        for (std::size_t b = 1; b < before_.size(); ++b) {
            before_[b] += before_[b - 1];
        }
    }
    std::int64_t count() const { return before_.back(); }

    /// f(i, rank) for every true element i, rank counting them in row-major order; on threads.
    template <class F>
    void each(F&& f) const {
        truth(mask_.type).visit(bytes(mask_), [&](auto is_true) {
            each_block([&](std::size_t b, std::int64_t first, std::int64_t last) {
                std::int64_t rank = before_[b];
                for (std::int64_t i = first; i < last; ++i) {
                    if (is_true(i)) {
                        f(i, rank++);
                    }
                }
            });
        });
    }

private:
    static constexpr std::int64_t block = 16384;
    template <class F>
    void each_block(F&& f) const {
        const std::int64_t blocks = (n_ + block - 1) / block;
        const int threads = threads_for(blocks, static_cast<double>(n_));
        parallel(threads, [&](int t) {
            const auto [first, last] = share(blocks, 1, t, threads);
            for (std::int64_t b = first; b < last; ++b) {
                f(static_cast<std::size_t>(b), b * block, std::min(n_, (b + 1) * block));
            }
        });
    }

    const array_ref& mask_;
    std::int64_t n_;
    std::vector<std::int64_t> before_;
};

/// How many elements are not zero (NaN is not zero), any dtype.
inline std::int64_t count_nonzero(const array_ref& in) { return true_elements(in).count(); }

/// Row-major linear indices of the elements that are not zero, ascending, any dtype.
inline std::vector<std::int64_t> nonzero_indices(const array_ref& in) {
    const true_elements found(in);
    std::vector<std::int64_t> indices(static_cast<std::size_t>(found.count()));
    found.each(
        [&](std::int64_t i, std::int64_t rank) { indices[static_cast<std::size_t>(rank)] = i; });
    return indices;
}

inline void check_same_sizes(const array_ref& a, const array_ref& mask, std::string_view op) {
    if (a.ndim != mask.ndim || !std::equal(a.sizes, a.sizes + a.ndim, mask.sizes)) {
        fail<shape_error>(op, {"the shape of the mask must match that of the tensor"});
    }
}

template <class T>
void run_masked_select(const array_ref& out, const array_ref* in, std::size_t, const void*) {
    check_same_sizes(in[0], in[1], "masked_select");
    const true_elements picked(in[1]);
    if (picked.count() != numel(out)) {
        fail<value_error>("masked_select", {"the mask has ", picked.count(),
                                            " true elements, the result room for ", numel(out)});
    }
    with_element_size<T>(in[0].type, [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
        constexpr auto size = static_cast<std::int64_t>(N);
        const std::byte* from = bytes(in[0]);
        std::byte* to = writable_bytes(out);
        picked.each([=](std::int64_t i, std::int64_t rank) {
            copy_block<N>(to + rank * size, from + i * size, N);
        });
    });
}

template <class T>
void run_masked_scatter(const array_ref& out, const array_ref* in, std::size_t, const void*) {
    check_same_sizes(in[0], in[1], "masked_scatter");
    const true_elements picked(in[1]);
    if (picked.count() > numel(in[2])) {
        fail<value_error>("masked_scatter",
                          {"Number of elements of source < number of ones in mask: ", numel(in[2]),
                           " < ", picked.count()});
    }
    const std::size_t itemsize = in[0].type.itemsize();
    copy_all(writable_bytes(out), bytes(in[0]), numel(out) * static_cast<std::int64_t>(itemsize));
    with_element_size<T>(in[0].type, [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
        constexpr auto size = static_cast<std::int64_t>(N);
        const std::byte* from = bytes(in[2]);
        std::byte* to = writable_bytes(out);
        picked.each([=](std::int64_t i, std::int64_t rank) {
            copy_block<N>(to + i * size, from + rank * size, N);
        });
    });
}

/// The elements of input 0 where input 1 (any dtype, same shape) is not zero, in row-major order.
/// The result is 1-D with count_nonzero(input 1) elements; another size throws value_error. No
/// parameters.
template <class T = void>
inline constexpr graph::opaque_kernel masked_select_kernel{"masked_select", 4, run_masked_select<T>,
                                                           nullptr};
/// Input 0 with its elements where input 1 (same shape) is not zero replaced by the elements of
/// input 2, taken in order; fewer of them than true places throws value_error. No parameters.
template <class T = void>
inline constexpr graph::opaque_kernel masked_scatter_kernel{"masked_scatter", 4,
                                                            run_masked_scatter<T>, nullptr};

}  // namespace lazy::cpu

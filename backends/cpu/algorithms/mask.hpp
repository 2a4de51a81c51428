// Elements picked by truth: counting them, where they are, taking them out, replacing them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <vector>

#include "../xsimd.hpp"
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
    /// Elements of one byte.
    struct of_bytes {
        const std::byte* data;
        bool operator()(std::int64_t i) const { return data[i] != std::byte{0}; }
    };

    explicit truth(dtype d)
        : parts_(d.itemsize() == 16 ? 2 : 1), size_(d.itemsize() / parts_), bits_(magnitude(d)) {}

    /// f(is_true) with is_true(i) compiled for the element's size.
    template <class F>
    void visit(const std::byte* data, F&& f) const {
        switch (size_) {
            case 1: return f(of_bytes{data});
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

/// Elements looked at together; their numbers in a block fit a list in the first-level cache.
inline constexpr std::int64_t mask_block = 4096;
/// The list may be written to a register beyond its end.
struct mask_list {
    std::int32_t place[mask_block + 16];
};

/// Puts the i < n whose element first + i is true into the list, without a branch that depends on
/// it; returns their number.
template <class IsTrue>
std::int64_t list_true(const IsTrue& is_true, std::int64_t first, std::int64_t n, mask_list& list) {
    std::int64_t count = 0;
#if defined(__AVX512BW__) && defined(__AVX512VL__)
    if constexpr (std::is_same_v<IsTrue, truth::of_bytes>) {
        const __m512i step = _mm512_set1_epi32(16);
        __m512i places = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        for (std::int64_t i = 0; i < n; i += 16) {
            const auto there = static_cast<__mmask16>(n - i < 16 ? (1U << (n - i)) - 1 : 0xffffU);
            const __m128i bytes = _mm_maskz_loadu_epi8(there, is_true.data + first + i);
            const __mmask16 set = _mm_test_epi8_mask(bytes, bytes);
            _mm512_storeu_si512(list.place + count, _mm512_maskz_compress_epi32(set, places));
            count += std::popcount(static_cast<unsigned>(set));
            places = _mm512_add_epi32(places, step);
        }
        return count;
    }
#endif
    for (std::int64_t i = 0; i < n; ++i) {
        list.place[count] = static_cast<std::int32_t>(i);
        count += is_true(first + i) ? 1 : 0;
    }
    return count;
}

/// The true elements of a tensor, counted in blocks so that threads know where each block's go.
class true_elements {
public:
    explicit true_elements(const array_ref& mask)
        : mask_(mask),
          n_(numel(mask)),
          before_(static_cast<std::size_t>((n_ + mask_block - 1) / mask_block) + 1) {
        truth(mask.type).visit(bytes(mask), [&](auto is_true) {
            each_block([&](std::size_t b, std::int64_t first, std::int64_t last) {
                // Few enough at a time for sums of bytes, of which a register holds most.
                constexpr std::int64_t few = 128;
                std::int64_t count = 0;
                for (; first + few <= last; first += few) {
                    std::uint8_t some = 0;
                    for (std::int64_t i = 0; i < few; ++i) {
                        some = static_cast<std::uint8_t>(some + (is_true(first + i) ? 1 : 0));
                    }
                    count += some;
                }
                for (; first < last; ++first) {
                    count += is_true(first) ? 1 : 0;
                }
                before_[b + 1] = count;
            });
        });
        for (std::size_t b = 1; b < before_.size(); ++b) {
            before_[b] += before_[b - 1];
        }
    }
    std::int64_t count() const { return before_.back(); }

    /// f(places, count, first, rank): elements first + places[0..count) are true, and the first of
    /// them has that rank among the true ones in row-major order. For all of them, on threads.
    template <class F>
    void each_list(F&& f) const {
        truth(mask_.type).visit(bytes(mask_), [&](auto is_true) {
            each_block([&](std::size_t b, std::int64_t first, std::int64_t last) {
                mask_list places;
                const std::int64_t count = list_true(is_true, first, last - first, places);
                f(places.place, count, first, before_[b]);
            });
        });
    }

private:
    template <class F>
    void each_block(F&& f) const {
        const std::int64_t blocks = (n_ + mask_block - 1) / mask_block;
        const int threads = threads_for(blocks, static_cast<double>(n_));
        parallel(threads, [&](int t) {
            const auto [first, last] = share(blocks, 1, t, threads);
            for (std::int64_t b = first; b < last; ++b) {
                f(static_cast<std::size_t>(b), b * mask_block, std::min(n_, (b + 1) * mask_block));
            }
        });
    }

    const array_ref& mask_;
    std::int64_t n_;
    std::vector<std::int64_t> before_;
};

/// How many elements are not zero (NaN is not zero), any dtype.
inline std::int64_t count_nonzero(const array_ref& in) { return true_elements(in).count(); }

/// Where the true elements are: to[d][rank * step] = coordinate in dimension d.
inline void store_coordinates(const true_elements& found, const array_ref& mask,
                              std::int64_t* const* to, std::int64_t step) {
    found.each_list(
        [=](const std::int32_t* places, std::int64_t count, std::int64_t first, std::int64_t rank) {
            // Coordinates are counted from that of the block's first element; what goes beyond a
            // dimension's size is carried over to the one before.
            std::int32_t more[mask_block];
            std::copy_n(places, count, more);
            for (std::size_t d = mask.ndim; d-- > 0;) {
                const std::int64_t size = mask.sizes[d];
                const std::int64_t start = first % size;
                first /= size;
                std::int64_t* out = to[d] + rank * step;
                if (size >= mask_block) {
                    for (std::int64_t k = 0; k < count; ++k) {
                        const std::int64_t at = start + more[k];
                        more[k] = at >= size ? 1 : 0;
                        out[k * step] = at >= size ? at - size : at;
                    }
                    continue;
                }
                // Of numbers this small a product with the inverse, rounded down, is the quotient.
                const float inverse = 1.0F / static_cast<float>(size);
                for (std::int64_t k = 0; k < count; ++k) {
                    const std::int32_t at = static_cast<std::int32_t>(start) + more[k];
                    more[k] = static_cast<std::int32_t>((static_cast<float>(at) + 0.5F) * inverse);
                    out[k * step] = at - more[k] * static_cast<std::int32_t>(size);
                }
            }
        });
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
        picked.each_list([=](const std::int32_t* places, std::int64_t count, std::int64_t first,
                             std::int64_t rank) {
            for (std::int64_t k = 0; k < count; ++k) {
                copy_block<N>(to + (rank + k) * size, from + (first + places[k]) * size, N);
            }
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
        picked.each_list([=](const std::int32_t* places, std::int64_t count, std::int64_t first,
                             std::int64_t rank) {
            for (std::int64_t k = 0; k < count; ++k) {
                copy_block<N>(to + (first + places[k]) * size, from + (rank + k) * size, N);
            }
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

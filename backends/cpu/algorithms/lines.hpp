// torch.gather's and torch.scatter's walk: index[.., i, ..] names a place along one dimension.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "indices.hpp"

namespace lazy::cpu {

/// Walks an index tensor beside a tensor of the same rank that it indexes along `dim`; in the other
/// dimensions the index tensor may be smaller.
class indexed_lines {
public:
    /// Checks every index: throws index_error before anything is written.
    indexed_lines(const array_ref& target, const array_ref& index, std::int64_t dim,
                  std::string_view op)
        : index_(index), ndim_(std::max<std::size_t>(index.ndim, 1)) {
        if (target.ndim != index.ndim) {
            fail<shape_error>(op, {"Index tensor must have the same number of dimensions as "
                                   "the tensor it indexes"});
        }
        dim_ = wrap_dim(dim, index.ndim, op);
        const std::int64_t one = 1;
        const std::int64_t* sizes = target.ndim == 0 ? &one : target.sizes;
        index_sizes_ = shape(index.ndim == 0 ? &one : index.sizes,
                             index.ndim == 0 ? &one + 1 : index.sizes + index.ndim);
        count_ = product(index.sizes, index.ndim);
        length_ = sizes[dim_];
        for (std::size_t d = 0; d < ndim_; ++d) {
            if (d != dim_ && index_sizes_[d] > sizes[d]) {
                fail<shape_error>(op, {"Size does not match at dimension ", d, ": index ",
                                       index_sizes_[d], " expected to be no larger than ", sizes[d],
                                       " apart from dimension ", dim_});
            }
        }
        check_indices(index, static_cast<std::int64_t>(dim_), length_, op);
        if (count_ != 0) {
            strides_ = contiguous_strides(shape(sizes, sizes + ndim_));
        }
    }

    /// The dimension to share out among threads, so that no two threads meet at one place: the
    /// largest but `dim`, the first of equals. `dim` itself where there is no other.
    std::size_t split() const {
        std::size_t best = dim_;
        for (std::size_t d = 0; d < ndim_; ++d) {
            if (d != dim_ && (best == dim_ || index_sizes_[d] > index_sizes_[best])) {
                best = d;
            }
        }
        return best;
    }
    std::size_t dim() const { return dim_; }
    std::int64_t size(std::size_t d) const { return index_sizes_[d]; }
    std::int64_t count() const { return count_; }

    /// f(i, at): element i of the index names element `at` of the target. For all elements whose
    /// coordinate in dimension `split` is in [first, last), in row-major order. `where` is the
    /// walk's counter, made by the caller because making it may throw.
    template <class F>
    void each(std::size_t split, std::int64_t first, std::int64_t last, shape& where, F&& f) const {
        if (first >= last || count_ == 0) {
            return;
        }
        const auto* index = static_cast<const std::int64_t*>(index_.data);
        const std::size_t inside = ndim_ - 1;
        const std::int64_t from = inside == split ? first : 0;
        const std::int64_t to = inside == split ? last : index_sizes_[inside];
        for (std::size_t d = 0; d < inside; ++d) {
            where[d] = d == split ? first : 0;
        }
        while (true) {
            std::int64_t line = 0;
            std::int64_t base = 0;
            for (std::size_t d = 0; d < inside; ++d) {
                line = line * index_sizes_[d] + where[d];
                base += d == dim_ ? 0 : where[d] * strides_[d];
            }
            line *= index_sizes_[inside];
            if (inside == dim_) {
                for (std::int64_t j = from; j < to; ++j) {
                    f(line + j, base + wrap_index(index[line + j], length_));
                }
            } else {
                const std::int64_t step = strides_[dim_];
                for (std::int64_t j = from; j < to; ++j) {
                    f(line + j, base + j + wrap_index(index[line + j], length_) * step);
                }
            }
            std::size_t d = inside;
            while (d-- > 0) {
                if (++where[d] < (d == split ? last : index_sizes_[d])) {
                    break;
                }
                where[d] = d == split ? first : 0;
            }
            if (d == static_cast<std::size_t>(-1)) {
                return;
            }
        }
    }
    shape counter() const { return shape::filled(ndim_, 0); }

private:
    const array_ref& index_;
    std::size_t ndim_;
    std::size_t dim_;
    shape index_sizes_;
    shape strides_;
    std::int64_t length_;
    std::int64_t count_;
};

/// each() over the whole index on threads that never meet at one place of the target.
template <class F>
void each_indexed(const indexed_lines& lines, bool may_split_dim, F&& f) {
    const std::size_t split = lines.split();
    const bool alone = split == lines.dim() && !may_split_dim;
    const int threads =
        alone ? 1 : threads_for(lines.size(split), static_cast<double>(lines.count()) * 4);
    std::vector<shape> where(static_cast<std::size_t>(threads), lines.counter());
    parallel(threads, [&](int t) {
        const auto [first, last] = share(lines.size(split), 1, t, threads);
        lines.each(split, first, last, where[static_cast<std::size_t>(t)], f);
    });
}

}  // namespace lazy::cpu

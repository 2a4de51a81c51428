// Which elements of an array are printed, and a walk over them row by row.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../../lazy/core/array_interface.hpp"

namespace lazy::printing {

/// One axis: the indices [0, head) and [resume, size) are printed, `...` stands for those between.
struct printed_axis {
    std::int64_t size;
    std::int64_t byte_stride;
    std::int64_t head;
    std::int64_t resume;

    bool hides() const { return head != resume; }
    /// The printed index after `index`; `size` after the last.
    std::int64_t after(std::int64_t index) const { return index + 1 == head ? resume : index + 1; }
};

/// The axes of `a`; a summary shows `edgeitems` (at least 1) indices at each end of each.
inline std::vector<printed_axis> printed_axes(const array_interface& a, bool summarise,
                                              std::int64_t edgeitems) {
    std::vector<printed_axis> axes;
    axes.reserve(a.ndim());
    for (std::size_t d = 0; d < a.ndim(); ++d) {
        const std::int64_t size = a.shape()[d];
        const bool hides = summarise && size > 2 * edgeitems;
        axes.push_back(
            {size, a.strides()[d], hides ? edgeitems : size, hides ? size - edgeitems : size});
    }
    return axes;
}

/// Stands on one row, the elements along the last axis, after another. For at least one axis, none
/// of size 0. Axes are counted by a loop, not by recursion: their number is the user's.
class row_cursor {
public:
    row_cursor(const array_interface& a, const std::vector<printed_axis>& axes)
        : axes_(axes), index_(axes.size() - 1, 0), row_(a.data()) {}

    /// Address of the row's first element.
    const std::byte* row() const { return row_; }
    /// The outermost axis along which the last step went, and whether it went over hidden indices.
    std::size_t moved_axis() const { return moved_axis_; }
    bool jumped() const { return jumped_; }

    /// Steps to the next printed row; false, standing on the first again, when there is none.
    bool advance() {
        for (std::size_t d = index_.size(); d-- > 0;) {
            const printed_axis& axis = axes_[d];
            const std::int64_t next = axis.after(index_[d]);
            if (next < axis.size) {
                jumped_ = next != index_[d] + 1;
                moved_axis_ = d;
                row_ += (next - index_[d]) * axis.byte_stride;
                index_[d] = next;
                return true;
            }
            row_ -= index_[d] * axis.byte_stride;
            index_[d] = 0;
        }
        return false;
    }

private:
    const std::vector<printed_axis>& axes_;
    std::vector<std::int64_t> index_;
    const std::byte* row_;
    std::size_t moved_axis_ = 0;
    bool jumped_ = false;
};

}  // namespace lazy::printing

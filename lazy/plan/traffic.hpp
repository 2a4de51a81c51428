// What running a pass takes: bytes to and from memory, kernels.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <utility>

#include "pass.hpp"

namespace lazy::plan {

inline bool may_fault(const pass& p) {
    for (const instruction& i : p.instructions) {
        if (i.source->map().may_fault) {
            return true;
        }
    }
    return false;
}

/// Kernels a pass runs per tile; one when it only copies or reduces.
inline std::size_t kernel_count(const pass& p) {
    std::size_t count = p.instructions.size();
    for (const pass& stage : p.stages) {
        count += stage.instructions.size();
    }
    return count == 0 ? 1 : count;
}

/// What leaves read of one stored tensor: elements counted by each leaf, and the range all are in.
struct region {
    const node* source;
    std::uint64_t elements;
    std::int64_t first;
    std::int64_t last;

    std::uint64_t bytes() const {
        return std::min(elements, static_cast<std::uint64_t>(last - first + 1)) *
               source->dtype().itemsize();
    }
};

inline region region_of(const leaf& l, const pass& p) {
    if (p.kind == pass_kind::opaque) {
        const std::int64_t n = l.source->numel();
        return {l.source, static_cast<std::uint64_t>(n), 0, n - 1};
    }
    region r{l.source, 1, l.offset, l.offset};
    for (std::size_t d = 0; d < l.strides.size(); ++d) {
        if (l.strides[d] != 0) {
            r.elements *= static_cast<std::uint64_t>(p.space[d]);
            const std::int64_t reach = (p.space[d] - 1) * l.strides[d];
            (reach < 0 ? r.first : r.last) += reach;
        }
    }
    return r;
}

inline bytes_moved count_traffic(const pass& p) {
    bytes_moved moved;
    std::uint64_t& read = moved.read;
    constexpr std::size_t most_together = 16;  // of more tensors, the others count by each leaf
    region together[most_together];
    std::size_t count = 0;
    for (const leaf& l : p.leaves) {
        const graph::kind k = l.source->kind();
        if (k == graph::kind::number || k == graph::kind::iota) {
            continue;
        }
        const region r = region_of(l, p);
        region* const end = together + count;
        region* const same = std::find_if(
            together, end, [&](const region& other) { return other.source == r.source; });
        if (same != end) {
            same->elements += r.elements;
            same->first = std::min(same->first, r.first);
            same->last = std::max(same->last, r.last);
        } else if (count < most_together) {
            together[count++] = r;
        } else {
            read += r.bytes();
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        read += together[i].bytes();
    }
    for (const output& o : p.outputs) {
        moved.written += o.strided
                             ? static_cast<std::uint64_t>(p.numel()) * o.target->dtype().itemsize()
                             : o.target->bytes();
    }
    moved.counted = true;
    return moved;
}

/// Bytes of stored tensors a pass reads and of results it writes; the pass is ready to run. What
/// several leaves read of a tensor counts once: shifted views of an image are one image.
inline const bytes_moved& traffic(const pass& p) {
    if (!p.moved.counted) {
        p.moved = count_traffic(p);
    }
    return p.moved;
}

}  // namespace lazy::plan

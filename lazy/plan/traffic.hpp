// What running a pass takes: bytes to and from memory, kernels.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

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

/// Bytes of stored tensors a pass reads (each leaf once) and of results it writes.
inline std::pair<std::uint64_t, std::uint64_t> traffic(const pass& p) {
    std::uint64_t read = 0;
    std::uint64_t written = 0;
    for (const leaf& l : p.leaves) {
        const graph::kind k = l.source->kind();
        if (k == graph::kind::number || k == graph::kind::iota) {
            continue;
        }
        std::uint64_t elements = 1;
        for (std::size_t d = 0; d < l.strides.size(); ++d) {
            if (l.strides[d] != 0) {
                elements *= static_cast<std::uint64_t>(p.space[d]);
            }
        }
        if (p.kind == pass_kind::opaque) {
            elements = static_cast<std::uint64_t>(l.source->numel());
        }
        read += elements * l.source->dtype().itemsize();
    }
    for (const output& o : p.outputs) {
        written += o.strided ? static_cast<std::uint64_t>(p.numel()) * o.target->dtype().itemsize()
                             : o.target->bytes();
    }
    return {read, written};
}

}  // namespace lazy::plan

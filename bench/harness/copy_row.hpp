// The row that every memory-bound case is measured by: memcpy of as many bytes as it writes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstring>

#include "suite.hpp"
#include "threads.hpp"

namespace bench {

template <class T>
void copy_row(group& g, const array<T>& from, const array<T>& to) {
    g.reference("memcpy", 2.0 * sizeof(T) * static_cast<double>(to.size()),
                [=, threads = worth(g.threads, to.size())] {
                    in_parts(to.size(), 1024, threads, [&](auto begin, auto end) {
                        std::memcpy(to.data() + begin, from.data() + begin,
                                    static_cast<std::size_t>(end - begin) * sizeof(T));
                    });
                    return to.data();
                });
}

}  // namespace bench

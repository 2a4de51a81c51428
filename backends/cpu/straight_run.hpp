// One kernel straight over dense arrays: exactly a hand-written loop.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <span>

#include "../../lazy/core/list.hpp"
#include "../../lazy/core/stop.hpp"
#include "fetch.hpp"

namespace lazy::cpu {

/// An operand's array.
struct input_array {
    const std::byte* data;
    std::size_t itemsize;

    const std::byte* at(std::int64_t i) const {
        return data + i * static_cast<std::int64_t>(itemsize);
    }
};

/// Most inputs of what goes the short way.
inline constexpr std::size_t most_inputs = 16;

/// A kernel and its arrays, one per operand.
struct straight_run {
    void (*kernel)(const graph::map_call&);
    const void* params;
    std::span<const input_array> in;
    std::size_t out_size;
    bool stream;               ///< stores past the caches
    bool fetches;              ///< asks for its inputs ahead
    std::size_t readable = 0;  ///< bytes of every input that may be read after the last element

    /// Elements [first, first + n), whole groups, into the lanes of a reduction.
    void take(std::int64_t first, std::int64_t n, void (*groups)(void*, const graph::map_call&),
              void* lanes) const {
        const void* from[most_inputs];
        for (std::size_t k = 0; k < in.size(); ++k) {
            from[k] = in[k].at(first);
        }
        groups(lanes, {nullptr, from, static_cast<std::size_t>(n), params, false, nullptr, 0,
                       fetches ? fetch_distance : 0});
    }
    /// Elements [first, last), to memory from `out` on; false when one of them had no value.
    /// `slack`: bytes after them that may be written, if they are the last.
    bool run(std::int64_t first, std::int64_t last, std::byte* out, std::size_t slack = 0) const {
        // In stretches, between which the program may stop it.
        constexpr std::int64_t stretch = 1 << 20;
        constexpr std::size_t few = 16;
        const void* pointers[few];
        memory::list<const void*> more(in.size() <= few ? 0 : in.size());
        const void** const from = in.size() <= few ? pointers : more.data();
        bool fault = false;
        for (std::int64_t at = first; at < last && !stop::wanted(); at += stretch) {
            for (std::size_t k = 0; k < in.size(); ++k) {
                from[k] = in[k].at(at);
            }
            kernel({out, from, static_cast<std::size_t>(std::min(stretch, last - at)), params,
                    stream, &fault, last - at <= stretch ? slack : 0, fetches ? fetch_distance : 0,
                    readable});
            out += stretch * static_cast<std::int64_t>(out_size);
        }
        return !fault;
    }
};

}  // namespace lazy::cpu

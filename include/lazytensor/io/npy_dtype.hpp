// The dtype strings of NumPy's .npy format: "<f4", "|b1", ">c16", ...
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <bit>
#include <string>
#include <string_view>
#include <utility>

#include "../../../lazy/core/dtype.hpp"
#include "file_error.hpp"

namespace lazy::io {

static_assert(std::endian::native == std::endian::little,
              "lazytensor's file formats are written for little-endian processors");

struct npy_dtype {
    lazy::dtype dtype;
    bool swapped;  ///< stored big-endian
};

/// The dtype of a 'descr' string; throws format_error when no tensor dtype corresponds.
/// A two-byte void is bfloat16, which NumPy lacks: ml_dtypes saves it as "<V2".
inline npy_dtype parse_npy_dtype(std::string_view descr, std::string_view name) {
    using entry = std::pair<std::string_view, dtype_id>;
    static constexpr std::array<entry, 16> known{{
        {"b1", dtype_id::bool_},
        {"?", dtype_id::bool_},
        {"u1", dtype_id::uint8},
        {"i1", dtype_id::int8},
        {"i2", dtype_id::int16},
        {"i4", dtype_id::int32},
        {"i8", dtype_id::int64},
        {"u2", dtype_id::uint16},
        {"u4", dtype_id::uint32},
        {"u8", dtype_id::uint64},
        {"f2", dtype_id::float16},
        {"V2", dtype_id::bfloat16},
        {"f4", dtype_id::float32},
        {"f8", dtype_id::float64},
        {"c8", dtype_id::complex64},
        {"c16", dtype_id::complex128},
    }};
    std::string_view code = descr;
    const bool ordered = !code.empty() && std::string_view("<>=|").find(code[0]) != code.npos;
    if (ordered) {
        code.remove_prefix(1);
    }
    for (const auto& [text, id] : known) {
        if (code == text) {
            return {id, ordered && descr[0] == '>' && dtype(id).itemsize() > 1};
        }
    }
    if (code == "O") {
        throw bad_file(name, "is an array of Python objects, which are never read: descr is '" +
                                 excerpt(descr) + "'");
    }
    throw bad_file(name, "no tensor dtype corresponds to descr '" + excerpt(descr) + "'");
}

}  // namespace lazy::io

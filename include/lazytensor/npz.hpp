// Several tensors in one .npz file. Needs zlib, so it is not in the umbrella header.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "files.hpp"
#include "io/npz.hpp"

namespace lazy {

/// All tensors of a .npz file by name. Throws format_error for what is missing or malformed.
inline std::map<std::string, Tensor> load_npz(const std::string& path) {
    std::map<std::string, Tensor> tensors;
    for (const auto& [name, array] : io::read_npz(path)) {
        tensors.emplace(name, from_file(array));
    }
    return tensors;
}

/// Writes tensors by name, stored or deflated; to a temporary name first, then renamed.
inline void save_npz(const std::string& path,
                     const std::vector<std::pair<std::string, Tensor>>& tensors,
                     bool compress = false) {
    std::vector<std::pair<std::string, array_interface>> arrays;
    arrays.reserve(tensors.size());
    for (const auto& [name, tensor] : tensors) {
        arrays.emplace_back(name, elements(tensor));
    }
    io::write_npz(path, arrays, compress);
}

}  // namespace lazy

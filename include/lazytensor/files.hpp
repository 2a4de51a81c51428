// Tensors in files: save and load of .npy, and tensors in and out of memory maps.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "creation.hpp"
#include "io/npy.hpp"

namespace lazy {

using io::mmap_mode;

/// A tensor over what a file reader returned: its own memory when it was copied, shared (and never
/// copied) when it is a mapping.
inline Tensor from_file(const array_interface& a) {
    if (buffer_ptr memory = io::owned_buffer(a)) {
        const std::size_t bytes = static_cast<std::size_t>(a.size()) * a.dtype().itemsize();
        if (a.is_contiguous() && memory->bytes() >= bytes && a.data() == memory->data()) {
            return make_handle<void>(graph::make_buffer(std::move(memory), a.dtype(), a.shape()));
        }
    }
    return from_numpy(a);
}

/// The tensor in a .npy file. mmap_mode::read maps the file and reads nothing until it is needed.
/// Throws format_error for what is missing, truncated or malformed.
inline Tensor load(const std::string& path, mmap_mode mode = mmap_mode::off) {
    return from_file(io::read_npy(path, mode));
}
/// Writes x as a .npy file that NumPy reads: to a temporary name first, then renamed.
template <tensor_like X>
void save(const std::string& path, const X& x) {
    io::write_npy(path, elements(x));
}

}  // namespace lazy

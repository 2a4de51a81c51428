// An array in memory of its own: a buffer of the library behind an array_interface.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "../../../lazy/core/array_interface.hpp"
#include "../../../lazy/core/buffer.hpp"

namespace lazy::io {

/// Keeps a buffer alive for the owner of an array_interface.
struct buffer_owner {
    buffer_ptr memory;
    void operator()(void*) { memory = nullptr; }
};

/// An uninitialised array, 64-byte aligned, of `bytes` bytes; throws std::bad_alloc.
inline array_interface make_owned_array(lazy::dtype dtype, lazy::shape shape,
                                        lazy::shape byte_strides, std::size_t bytes,
                                        bool readonly = false) {
    buffer_ptr memory = buffer::allocate(bytes);
    void* data = memory->data();
    std::shared_ptr<void> owner(data, buffer_owner{std::move(memory)});
    return array_interface(dtype, std::move(shape), std::move(byte_strides), data, std::move(owner),
                           readonly);
}

/// The buffer behind an array of `make_owned_array`, so that a tensor can take it over without a
/// copy and as its own memory; null for memory from elsewhere.
inline buffer_ptr owned_buffer(const array_interface& array) {
    const auto* owner = std::get_deleter<buffer_owner>(array.owner());
    return owner == nullptr ? buffer_ptr() : owner->memory;
}

}  // namespace lazy::io

// Memory on the device: taken from Thrust's pooled resource, filled from and copied to the host.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <utility>

#include <thrust/copy.h>
#include <thrust/device_ptr.h>
#include <thrust/mr/allocator.h>
#include <thrust/mr/device_memory_resource.h>
#include <thrust/mr/disjoint_sync_pool.h>
#include <thrust/mr/new.h>

#include "system.hpp"

namespace lazy::cuda {
inline namespace LAZYTENSOR_THRUST_SYSTEM {

using memory_pool =
    thrust::mr::disjoint_synchronized_pool_resource<thrust::device_memory_resource,
                                                    thrust::mr::new_delete_resource>;

/// The one pool of the program; thread-safe. It is never destroyed, because the driver may be gone
/// before static objects are.
inline memory_pool& pool() {
    static memory_pool& p =
        *new memory_pool(thrust::mr::get_global_resource<thrust::device_memory_resource>(),
                         thrust::mr::get_global_resource<thrust::mr::new_delete_resource>());
    return p;
}

/// For the temporary storage of Thrust's algorithms.
inline thrust::mr::allocator<char, memory_pool> temporary_allocator() {
    return thrust::mr::allocator<char, memory_pool>(&pool());
}

/// A block of uninitialised bytes on the device, aligned for any packet.
class device_memory {
public:
    explicit device_memory(std::size_t bytes)
        : bytes_(bytes),
          data_(bytes == 0 ? memory_pool::pointer() : pool().do_allocate(bytes, alignment)) {}
    device_memory(device_memory&& other) noexcept
        : bytes_(std::exchange(other.bytes_, 0)), data_(other.data_) {}
    device_memory& operator=(device_memory&&) = delete;
    ~device_memory() {
        if (bytes_ != 0) {
            pool().do_deallocate(data_, bytes_, alignment);
        }
    }

    template <class T>
    T* as() const {
        return static_cast<T*>(thrust::raw_pointer_cast(data_));
    }
    /// Copies all bytes from the host; they are there on return.
    void upload(const void* from) {
        const auto* host = static_cast<const unsigned char*>(from);
        thrust::copy(host, host + bytes_, thrust::device_pointer_cast(as<unsigned char>()));
    }
    /// Copies all bytes to the host; waits for the work that computes them.
    void download(void* to) const {
        const auto device =
            thrust::device_pointer_cast(static_cast<const unsigned char*>(as<unsigned char>()));
        thrust::copy(device, device + static_cast<std::ptrdiff_t>(bytes_),
                     static_cast<unsigned char*>(to));
    }

private:
    static constexpr std::size_t alignment = THRUST_MR_DEFAULT_ALIGNMENT;
    static_assert(alignment >= 16, "packets are moved 16 bytes at a time");
    std::size_t bytes_;
    memory_pool::pointer data_;
};

}  // namespace LAZYTENSOR_THRUST_SYSTEM
}  // namespace lazy::cuda

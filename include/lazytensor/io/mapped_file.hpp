// A whole file mapped into memory, read-only or copy-on-write.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sys/mman.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "input_file.hpp"

namespace lazy::io {

/// How reading an array uses the memory of the file.
enum class mmap_mode : std::uint8_t {
    off,            ///< a copy in memory of its own
    read,           ///< mapped; the array is read-only (NumPy's mmap_mode='r')
    copy_on_write,  ///< mapped; writes change memory, never the file (NumPy's mmap_mode='c')
};

/// The mapping lives as long as this object. If another program makes the file shorter meanwhile,
/// touching the lost pages ends the process (SIGBUS): no mapping can prevent that.
class mapped_file {
public:
    /// Maps all of `file`, which may be closed afterwards. `mode` is not `off`.
    mapped_file(const input_file& file, mmap_mode mode)
        : size_(static_cast<std::size_t>(file.size())) {
        if (size_ == 0) {
            return;
        }
        const int access = mode == mmap_mode::read ? PROT_READ : PROT_READ | PROT_WRITE;
        data_ = ::mmap(nullptr, size_, access, MAP_PRIVATE, file.descriptor(), 0);
        if (data_ == MAP_FAILED) {
            throw failed_call("load", file.path(), "cannot be mapped into memory", errno);
        }
    }
    mapped_file(const mapped_file&) = delete;
    mapped_file& operator=(const mapped_file&) = delete;
    ~mapped_file() {
        if (size_ != 0) {
            ::munmap(data_, size_);
        }
    }

    std::span<const std::byte> bytes() const {
        return {static_cast<const std::byte*>(data_), size_};
    }

private:
    void* data_ = nullptr;
    std::size_t size_;
};

}  // namespace lazy::io

// A regular file open for reading at any offset.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "file_error.hpp"

namespace lazy::io {

class input_file {
public:
    /// Opens `path`; throws format_error when there is no such file, when it may not be read, and
    /// when it is a folder, a pipe or a device.
    explicit input_file(const std::string& path) : path_(path) {
        check_path("load", path);
        // O_NONBLOCK: opening a pipe nobody writes to must not hang; regular files ignore it.
        descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (descriptor_ < 0) {
            throw failed_call("load", path, "cannot be opened", errno);
        }
        struct stat status {};
        if (::fstat(descriptor_, &status) != 0) {
            const int code = errno;
            ::close(descriptor_);
            throw failed_call("load", path, "cannot be examined", code);
        }
        if (!S_ISREG(status.st_mode)) {
            ::close(descriptor_);
            throw bad_file(path, S_ISDIR(status.st_mode) ? "is a folder" : "is not a regular file");
        }
        size_ = static_cast<std::uint64_t>(status.st_size);
    }
    input_file(const input_file&) = delete;
    input_file& operator=(const input_file&) = delete;
    ~input_file() { ::close(descriptor_); }

    const std::string& path() const { return path_; }
    /// Bytes in the file when it was opened.
    std::uint64_t size() const { return size_; }
    int descriptor() const { return descriptor_; }

    /// Fills `out` with the bytes from `offset` on; throws format_error when the file ends before.
    void read_at(std::uint64_t offset, std::span<std::byte> out) const {
        while (!out.empty()) {
            const ssize_t got =
                ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (got < 0) {
                throw failed_call("load", path_, "cannot be read", errno);
            }
            if (got == 0) {
                throw bad_file(path_, "is truncated: it ends at byte " + std::to_string(offset) +
                                          ", " + std::to_string(out.size()) + " bytes too early");
            }
            offset += static_cast<std::uint64_t>(got);
            out = out.subspan(static_cast<std::size_t>(got));
        }
    }

private:
    std::string path_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
};

}  // namespace lazy::io

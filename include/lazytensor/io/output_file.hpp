// A file that appears complete or not at all: written under a temporary name, then renamed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "file_error.hpp"

namespace lazy::io {

/// Unless `commit` is reached the target is untouched and the temporary file is removed.
class output_file {
public:
    /// Opens a temporary file in the folder of `path`; throws format_error when that fails, and
    /// when `path` is there and is no regular file (renaming over a device would destroy it).
    explicit output_file(const std::string& path) : path_(path), target_(path) {
        check_path("save", path);
        mode_t mode = 0;
        struct stat status {};
        if (::stat(path.c_str(), &status) == 0) {
            if (!S_ISREG(status.st_mode)) {
                fail<format_error>(
                    "save", {"\"", path, "\": ",
                             (S_ISDIR(status.st_mode) ? "is a folder" : "is not a regular file")});
            }
            mode = status.st_mode & 07777;
            follow_links();
        }
        open_temporary();
        if (mode != 0) {
            // The file keeps its permissions; where that is not allowed, new ones do no harm.
            (void)!::fchmod(descriptor_, mode);
        }
    }
    output_file(const output_file&) = delete;
    output_file& operator=(const output_file&) = delete;
    ~output_file() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
        if (!temporary_.empty()) {
            ::unlink(temporary_.c_str());
        }
    }

    /// Bytes written so far.
    std::uint64_t position() const { return position_; }

    /// Appends.
    void write(std::span<const std::byte> bytes) {
        write_at(position_, bytes);
        position_ += bytes.size();
    }

    /// Replaces bytes that were written before.
    void write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
        while (!bytes.empty()) {
            const ssize_t put =
                ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
            if (put < 0 && errno == EINTR) {
                continue;
            }
            if (put <= 0) {
                throw failed_call("save", path_, "cannot be written", put < 0 ? errno : EIO);
            }
            offset += static_cast<std::uint64_t>(put);
            bytes = bytes.subspan(static_cast<std::size_t>(put));
        }
    }

    /// Gives the file its name.
    void commit() {
        const int descriptor = descriptor_;
        descriptor_ = -1;
        // Some file systems report a full disk only here.
        if (::close(descriptor) != 0) {
            throw failed_call("save", path_, "cannot be written", errno);
        }
        if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
            throw failed_call("save", path_, "cannot be replaced", errno);
        }
        temporary_.clear();
    }

private:
    /// A symbolic link stays one: the file it points at is replaced.
    void follow_links() {
        if (char* real = ::realpath(path_.c_str(), nullptr)) {
            try {
                target_ = real;
            } catch (...) {
                std::free(real);
                throw;
            }
            std::free(real);
        }
    }

    void open_temporary() {
        static std::atomic<unsigned> number{0};
        const std::size_t slash = target_.rfind('/');
        const std::string folder =
            slash == std::string::npos ? std::string() : target_.substr(0, slash + 1);
        do {
            temporary_ = folder + ".lazytensor-" + std::to_string(::getpid()) + "-" +
                         std::to_string(number.fetch_add(1)) + ".tmp";
            descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        } while (descriptor_ < 0 && errno == EEXIST);
        if (descriptor_ < 0) {
            const int code = errno;
            temporary_.clear();
            throw failed_call("save", path_, "cannot be created", code);
        }
    }

    std::string path_;
    std::string target_;
    std::string temporary_;
    int descriptor_ = -1;
    std::uint64_t position_ = 0;
};

}  // namespace lazy::io

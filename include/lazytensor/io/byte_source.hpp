// Where the bytes of an array are read from, front to back: memory or a file.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "input_file.hpp"

namespace lazy::io {

/// `remaining()` bytes are left; `read(out)` takes the next ones. A reader never asks for more
/// than remain: it knows what is missing and says so better than the source could.
template <class S>
concept byte_source = requires(S& source, std::span<std::byte> out) {
    { source.remaining() } -> std::convertible_to<std::uint64_t>;
    source.read(out);
};

class memory_source {
public:
    explicit memory_source(std::span<const std::byte> bytes) : bytes_(bytes) {}
    std::uint64_t remaining() const { return bytes_.size(); }
    void read(std::span<std::byte> out) {
        std::copy_n(bytes_.begin(), out.size(), out.begin());
        bytes_ = bytes_.subspan(out.size());
    }

private:
    std::span<const std::byte> bytes_;
};

class file_source {
public:
    explicit file_source(const input_file& file) : file_(file) {}
    std::uint64_t remaining() const { return file_.size() - offset_; }
    void read(std::span<std::byte> out) {
        file_.read_at(offset_, out);
        offset_ += out.size();
    }

private:
    const input_file& file_;
    std::uint64_t offset_ = 0;
};

}  // namespace lazy::io

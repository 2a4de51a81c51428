// Whole numbers stored lowest byte first, as zip archives keep them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace lazy::io {

/// The number in the `Size` bytes at `at`, which the caller has checked to be there.
template <std::size_t Size>
std::uint64_t load_little_endian(std::span<const std::byte> bytes, std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < Size; ++i) {
        value |= std::to_integer<std::uint64_t>(bytes[at + i]) << (8 * i);
    }
    return value;
}

/// Appends the lowest `Size` bytes of `value`.
template <std::size_t Size>
void append_little_endian(std::string& out, std::uint64_t value) {
    for (std::size_t i = 0; i < Size; ++i) {
        out += static_cast<char>(value >> (8 * i) & 0xff);
    }
}

}  // namespace lazy::io

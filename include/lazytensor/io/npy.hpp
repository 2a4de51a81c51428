// NumPy's .npy files: reading, mapping, parsing in memory and writing.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "element_cursor.hpp"
#include "mapped_file.hpp"
#include "npy_header.hpp"
#include "output_file.hpp"
#include "owned_array.hpp"

namespace lazy::io {

namespace npy {

template <class Word>
void swap_words(std::span<std::byte> bytes) {
    for (std::size_t i = 0; i + sizeof(Word) <= bytes.size(); i += sizeof(Word)) {
        Word word;
        std::memcpy(&word, bytes.data() + i, sizeof(Word));
        if constexpr (sizeof(Word) == 2) {
            word = __builtin_bswap16(word);
        } else if constexpr (sizeof(Word) == 4) {
            word = __builtin_bswap32(word);
        } else {
            word = __builtin_bswap64(word);
        }
        std::memcpy(bytes.data() + i, &word, sizeof(Word));
    }
}

/// Big-endian elements to native ones, in place; both parts of a complex number on their own.
inline void swap_elements(std::span<std::byte> bytes, lazy::dtype dtype) {
    switch (dtype.itemsize() / (dtype.is_complex() ? 2 : 1)) {
        case 2: return swap_words<std::uint16_t>(bytes);
        case 4: return swap_words<std::uint32_t>(bytes);
        case 8: return swap_words<std::uint64_t>(bytes);
    }
}

/// True iff elements of `header` stored at `bytes` can be used where they are: in native order,
/// aligned for the processor, and every bool 0 or 1 (any other would be undefined behaviour).
inline bool usable_in_place(const npy_header& header, std::span<const std::byte> bytes) {
    if (header.dtype == dtype_id::bool_) {
        for (const std::byte b : bytes) {
            if (std::to_integer<unsigned>(b) > 1) {
                return false;
            }
        }
    }
    const std::size_t alignment = header.dtype.itemsize() / (header.dtype.is_complex() ? 2 : 1);
    return !header.swapped && reinterpret_cast<std::uintptr_t>(bytes.data()) % alignment == 0;
}

/// The array that `source` holds, in memory of its own; bytes after its last element are left.
template <byte_source Source>
array_interface read_array(Source& source, std::string_view name, bool readonly) {
    const npy_header header = read_npy_header(source, name);
    array_interface array = make_owned_array(header.dtype, header.shape, header.byte_strides(),
                                             header.data_bytes, readonly);
    const std::span<std::byte> elements(array.data(), header.data_bytes);
    source.read(elements);
    if (header.swapped) {
        swap_elements(elements, header.dtype);
    }
    if (header.dtype == dtype_id::bool_) {
        for (std::byte& b : elements) {
            b = std::byte{b != std::byte{0}};
        }
    }
    return array;
}

}  // namespace npy

/// The array in `bytes`, the content of a .npy file. Uses the bytes where they are, with `owner`
/// keeping them alive, and copies only what cannot be used so: big-endian or misaligned elements
/// and bools other than 0 and 1. Fortran order becomes strides. The result is read-only iff
/// `readonly`, copied or not; otherwise the bytes must be writable. `name` is what errors call it.
/// Throws format_error for anything that is no complete .npy array of one of the library's dtypes.
inline array_interface parse_npy(std::span<const std::byte> bytes, std::shared_ptr<void> owner,
                                 bool readonly, std::string_view name) {
    memory_source source(bytes);
    const npy_header header = read_npy_header(source, name);
    const auto elements = bytes.subspan(header.data_offset, header.data_bytes);
    if (npy::usable_in_place(header, elements)) {
        return array_interface(header.dtype, header.shape, header.byte_strides(),
                               const_cast<std::byte*>(elements.data()), std::move(owner), readonly);
    }
    memory_source again(bytes);
    return npy::read_array(again, name, readonly);
}

/// numpy.load of a .npy file: format versions 1.0 to 3.0, C and Fortran order (which becomes
/// strides), either byte order; '|V2' and '<V2' are bfloat16. By default a copy, 64-byte aligned;
/// with a mapping mode the file's own pages where `parse_npy` can use them in place.
/// Throws format_error, naming the file, when it is missing, truncated, malformed, or holds
/// objects, strings, records or another dtype that tensors lack.
inline array_interface read_npy(const std::string& path, mmap_mode mode = mmap_mode::off) {
    const input_file file(path);
    if (mode == mmap_mode::off) {
        file_source source(file);
        return npy::read_array(source, path, false);
    }
    auto mapping = std::make_shared<mapped_file>(file, mode);
    const auto bytes = mapping->bytes();
    return parse_npy(bytes, std::move(mapping), mode == mmap_mode::read, path);
}

/// numpy.save: writes an array of any strides, byte for byte as NumPy writes it. bfloat16 becomes
/// '<V2', as ml_dtypes saves it. The file appears complete or not at all; an older one is replaced
/// at the end. Throws format_error when it cannot be written, shape_error above 64 dimensions.
inline void write_npy(const std::string& path, const array_interface& array,
                      bool fortran_order = false) {
    const std::string header = make_npy_header(array, fortran_order);
    output_file file(path);
    file.write(std::as_bytes(std::span(header)));
    write_elements(array, fortran_order,
                   [&](std::span<const std::byte> bytes) { file.write(bytes); });
    file.commit();
}

}  // namespace lazy::io

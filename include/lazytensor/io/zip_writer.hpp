// Writes a zip archive (PKWARE APPNOTE 6.3), stored or deflated, zip64 where sizes demand it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "little_endian.hpp"
#include "output_file.hpp"

namespace lazy::io {

/// Entries are written one after another: `begin`, `write`..., `end`; then `finish` once. The same
/// entries make the same bytes: all carry zip's earliest date, 1980-01-01, as NumPy's do.
class zip_writer {
public:
    /// Numbers from `zip64_from` on are written as zip64 does (a test can set it lower).
    zip_writer(output_file& file, bool compress, std::uint64_t zip64_from = 0xffffffff)
        : file_(file),
          compress_(compress),
          zip64_from_(zip64_from),
          output_(compress ? std::size_t{1} << 16 : 0) {
        constexpr int raw_deflate = -MAX_WBITS;
        constexpr int memory_level = 8;
        if (compress && ::deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, raw_deflate,
                                       memory_level, Z_DEFAULT_STRATEGY) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    zip_writer(const zip_writer&) = delete;
    zip_writer& operator=(const zip_writer&) = delete;
    ~zip_writer() {
        if (compress_) {
            ::deflateEnd(&stream_);
        }
    }

    /// Starts an entry of `size` bytes. `name` is UTF-8 of at most 65,535 bytes.
    void begin(std::string name, std::uint64_t size) {
        entry e;
        e.name = std::move(name);
        e.size = size;
        e.offset = file_.position();
        // Deflate never adds more than this to data that it cannot compress.
        const std::uint64_t most = size + (compress_ ? size / 1024 + 1024 : 0);
        e.zip64 = most >= zip64_from_ || e.offset >= zip64_from_;
        std::string header;
        append_little_endian<4>(header, 0x04034b50);
        append_common(header, e);
        append_little_endian<2>(header, e.name.size());
        append_little_endian<2>(header, e.zip64 ? 20 : 0);
        header += e.name;
        if (e.zip64) {
            append_little_endian<2>(header, 1);
            append_little_endian<2>(header, 16);
            append_little_endian<8>(header, 0);
            append_little_endian<8>(header, 0);
        }
        put(header);
        data_offset_ = file_.position();
        entries_.push_back(std::move(e));
        if (compress_) {
            ::deflateReset(&stream_);
        }
    }

    void write(std::span<const std::byte> bytes) {
        entry& e = entries_.back();
        if (bytes.empty()) {  // zlib takes a null pointer for "start again"
            return;
        }
        e.crc = ::crc32_z(e.crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
        if (!compress_) {
            file_.write(bytes);
            return;
        }
        while (!bytes.empty()) {
            const std::size_t count = std::min(bytes.size(), std::size_t{1} << 30);
            deflate(bytes.first(count), Z_NO_FLUSH);
            bytes = bytes.subspan(count);
        }
    }

    /// Ends the entry: its CRC and sizes are known now and go into the header written before.
    void end() {
        entry& e = entries_.back();
        if (compress_) {
            deflate({}, Z_FINISH);
        }
        e.compressed_size = file_.position() - data_offset_;
        std::string numbers;
        append_numbers(numbers, e);
        file_.write_at(e.offset + 14, std::as_bytes(std::span(numbers)));
        if (e.zip64) {
            std::string sizes;
            append_little_endian<8>(sizes, e.size);
            append_little_endian<8>(sizes, e.compressed_size);
            file_.write_at(e.offset + 30 + e.name.size() + 4, std::as_bytes(std::span(sizes)));
        }
    }

    /// Writes the directory.
    void finish() {
        const std::uint64_t offset = file_.position();
        for (const entry& e : entries_) {
            write_directory_entry(e);
        }
        const std::uint64_t size = file_.position() - offset;
        std::string out;
        const std::uint64_t count = entries_.size();
        const bool zip64 = count >= 0xffff || size >= zip64_from_ || offset >= zip64_from_;
        if (zip64) {
            const std::uint64_t position = file_.position();
            append_little_endian<4>(out, 0x06064b50);
            append_little_endian<8>(out, 44);
            append_little_endian<2>(out, zip64_version);
            append_little_endian<2>(out, zip64_version);
            append_little_endian<8>(out, 0);
            append_little_endian<8>(out, count);
            append_little_endian<8>(out, count);
            append_little_endian<8>(out, size);
            append_little_endian<8>(out, offset);
            append_little_endian<4>(out, 0x07064b50);
            append_little_endian<4>(out, 0);
            append_little_endian<8>(out, position);
            append_little_endian<4>(out, 1);
        }
        append_little_endian<4>(out, 0x06054b50);
        append_little_endian<4>(out, 0);
        append_little_endian<2>(out, zip64 ? 0xffff : count);
        append_little_endian<2>(out, zip64 ? 0xffff : count);
        append_little_endian<4>(out, zip64 ? 0xffffffff : size);
        append_little_endian<4>(out, zip64 ? 0xffffffff : offset);
        append_little_endian<2>(out, 0);
        put(out);
    }

private:
    static constexpr std::uint64_t version = 20;
    static constexpr std::uint64_t zip64_version = 45;

    struct entry {
        std::string name;
        std::uint64_t size = 0;
        std::uint64_t compressed_size = 0;
        std::uint64_t offset = 0;
        uLong crc = 0;
        bool zip64 = false;
    };

    void put(const std::string& bytes) { file_.write(std::as_bytes(std::span(bytes))); }

    /// CRC and the two sizes, which are elsewhere when the entry is zip64.
    static void append_numbers(std::string& out, const entry& e) {
        append_little_endian<4>(out, e.crc);
        append_little_endian<4>(out, e.zip64 ? 0xffffffff : e.compressed_size);
        append_little_endian<4>(out, e.zip64 ? 0xffffffff : e.size);
    }

    /// What the local header and the directory have in common, from version to sizes.
    void append_common(std::string& out, const entry& e) const {
        constexpr std::uint64_t utf8_name = 1 << 11;
        constexpr std::uint64_t first_of_january_1980 = 1 << 5 | 1;
        const bool ascii = std::all_of(e.name.begin(), e.name.end(),
                                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
        append_little_endian<2>(out, e.zip64 ? zip64_version : version);
        append_little_endian<2>(out, ascii ? 0 : utf8_name);
        append_little_endian<2>(out, compress_ ? 8 : 0);
        append_little_endian<2>(out, 0);
        append_little_endian<2>(out, first_of_january_1980);
        append_numbers(out, e);
    }

    void write_directory_entry(const entry& e) {
        std::string out;
        append_little_endian<4>(out, 0x02014b50);
        append_little_endian<2>(out, 3 << 8 | zip64_version);
        append_common(out, e);
        append_little_endian<2>(out, e.name.size());
        append_little_endian<2>(out, e.zip64 ? 28 : 0);
        append_little_endian<2>(out, 0);
        append_little_endian<2>(out, 0);
        append_little_endian<2>(out, 0);
        constexpr std::uint64_t regular_file_rw_r_r = std::uint64_t{0100644} << 16;
        append_little_endian<4>(out, regular_file_rw_r_r);
        append_little_endian<4>(out, e.zip64 ? 0xffffffff : e.offset);
        out += e.name;
        if (e.zip64) {
            append_little_endian<2>(out, 1);
            append_little_endian<2>(out, 24);
            append_little_endian<8>(out, e.size);
            append_little_endian<8>(out, e.compressed_size);
            append_little_endian<8>(out, e.offset);
        }
        put(out);
    }

    void deflate(std::span<const std::byte> bytes, int flush) {
        // zlib does not write through next_in; its type is older than const.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
        stream_.avail_in = static_cast<uInt>(bytes.size());
        do {
            stream_.next_out = reinterpret_cast<Bytef*>(output_.data());
            stream_.avail_out = static_cast<uInt>(output_.size());
            ::deflate(&stream_, flush);
            file_.write(
                std::span<const std::byte>(output_).first(output_.size() - stream_.avail_out));
        } while (stream_.avail_out == 0);
    }

    output_file& file_;
    bool compress_;
    std::uint64_t zip64_from_;
    std::uint64_t data_offset_ = 0;
    std::vector<entry> entries_;
    z_stream stream_{};
    std::vector<std::byte> output_;
};

}  // namespace lazy::io

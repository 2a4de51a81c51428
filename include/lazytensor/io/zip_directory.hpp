// The table of contents of a zip archive (PKWARE APPNOTE 6.3), checked before anything is believed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "input_file.hpp"
#include "little_endian.hpp"

namespace lazy::io {

/// One file in the archive.
struct zip_entry {
    static constexpr std::uint64_t stored = 0;
    static constexpr std::uint64_t deflated = 8;

    std::string name;
    std::uint64_t method = stored;
    std::uint64_t crc = 0;
    std::uint64_t compressed_size = 0;
    std::uint64_t size = 0;
    std::uint64_t data_offset = 0;  ///< where its bytes begin in the file
};

/// Reads the directory of one archive, with or without the zip64 extension.
class zip_directory_reader {
public:
    explicit zip_directory_reader(const input_file& file) : file_(file) {}

    /// All files in the order of the directory; folders are left out. Their bytes lie inside the
    /// archive and do not overlap, so that no archive expands to more than its own size times the
    /// greatest ratio of the compression method. Throws format_error.
    std::vector<zip_entry> read() {
        find_directory();
        const std::vector<std::byte> directory = bytes_at(offset_, size_);
        constexpr std::size_t fixed = 46;
        if (count_ > directory.size() / fixed) {
            fail("its directory is too small for " + std::to_string(count_) + " entries");
        }
        std::vector<zip_entry> entries;
        std::span<const std::byte> rest(directory);
        for (std::uint64_t i = 0; i < count_; ++i) {
            rest = rest.subspan(read_entry(rest, entries));
        }
        if (!rest.empty()) {
            fail("its directory holds more than the " + std::to_string(count_) +
                 " entries that it states");
        }
        check_overlaps(entries);
        std::erase_if(entries, [](const zip_entry& e) { return e.name.ends_with('/'); });
        return entries;
    }

private:
    static constexpr std::uint64_t saturated16 = 0xffff;
    static constexpr std::uint64_t saturated32 = 0xffffffff;

    [[noreturn]] void fail(const std::string& problem) const {
        throw bad_file(file_.path(), "malformed zip archive: " + problem);
    }

    std::vector<std::byte> bytes_at(std::uint64_t offset, std::uint64_t count) const {
        if (offset > file_.size() || count > file_.size() - offset) {
            fail("bytes " + std::to_string(offset) + " to " + std::to_string(offset) + " + " +
                 std::to_string(count) + " lie outside the file of " +
                 std::to_string(file_.size()) + " bytes");
        }
        std::vector<std::byte> bytes(static_cast<std::size_t>(count));
        file_.read_at(offset, bytes);
        return bytes;
    }

    /// Finds the end record, which a comment of up to 65,535 bytes may follow.
    void find_directory() {
        constexpr std::size_t end_size = 22;
        const std::uint64_t length = std::min<std::uint64_t>(file_.size(), end_size + 0xffff);
        const std::vector<std::byte> tail = bytes_at(file_.size() - length, length);
        for (std::size_t at = tail.size() + 1; at-- > 0;) {
            if (tail.size() - at >= end_size && load_little_endian<4>(tail, at) == 0x06054b50 &&
                load_little_endian<2>(tail, at + 20) == tail.size() - at - end_size) {
                const std::uint64_t position = file_.size() - length + at;
                return read_end(std::span(tail).subspan(at, end_size), position);
            }
        }
        throw bad_file(file_.path(),
                       "is not a zip archive (.npz), or is truncated: it has no end record");
    }

    void read_end(std::span<const std::byte> end, std::uint64_t position) {
        const std::uint64_t disk = load_little_endian<2>(end, 4) | load_little_endian<2>(end, 6);
        count_ = load_little_endian<2>(end, 10);
        size_ = load_little_endian<4>(end, 12);
        offset_ = load_little_endian<4>(end, 16);
        if (count_ == saturated16 || size_ == saturated32 || offset_ == saturated32) {
            position = read_zip64_end(position);
        } else if (disk != 0 || load_little_endian<2>(end, 8) != count_) {
            fail("it is one part of several");
        }
        if (offset_ > position || size_ > position - offset_) {
            fail("its directory of " + std::to_string(size_) + " bytes at " +
                 std::to_string(offset_) + " reaches beyond its end record at " +
                 std::to_string(position));
        }
    }

    /// Replaces the numbers of the end record at `position` by those of the zip64 one, if there is
    /// one; returns where the directory must end.
    std::uint64_t read_zip64_end(std::uint64_t position) {
        constexpr std::uint64_t locator_size = 20;
        constexpr std::uint64_t record_size = 56;
        if (position < locator_size + record_size) {
            return position;
        }
        const auto locator = bytes_at(position - locator_size, locator_size);
        if (load_little_endian<4>(locator, 0) != 0x07064b50) {
            return position;
        }
        const std::uint64_t at = load_little_endian<8>(locator, 8);
        if (at > position - locator_size - record_size) {
            fail("its zip64 end record lies outside it, at " + std::to_string(at));
        }
        const auto record = bytes_at(at, record_size);
        if (load_little_endian<4>(record, 0) != 0x06064b50) {
            fail("there is no zip64 end record at " + std::to_string(at));
        }
        if ((load_little_endian<4>(record, 16) | load_little_endian<4>(record, 20)) != 0 ||
            load_little_endian<8>(record, 24) != load_little_endian<8>(record, 32)) {
            fail("it is one part of several");
        }
        count_ = load_little_endian<8>(record, 32);
        size_ = load_little_endian<8>(record, 40);
        offset_ = load_little_endian<8>(record, 48);
        return at;
    }

    /// Appends the entry at the start of `bytes`; returns the bytes it takes in the directory.
    std::size_t read_entry(std::span<const std::byte> bytes, std::vector<zip_entry>& entries) {
        constexpr std::size_t fixed = 46;
        if (bytes.size() < fixed || load_little_endian<4>(bytes, 0) != 0x02014b50) {
            fail("entry " + std::to_string(entries.size()) + " of its directory is damaged");
        }
        const auto name_size = static_cast<std::size_t>(load_little_endian<2>(bytes, 28));
        const auto extra_size = static_cast<std::size_t>(load_little_endian<2>(bytes, 30));
        const std::size_t total = fixed + name_size + extra_size +
                                  static_cast<std::size_t>(load_little_endian<2>(bytes, 32));
        if (total > bytes.size()) {
            fail("entry " + std::to_string(entries.size()) + " of its directory is cut off");
        }
        zip_entry entry;
        const char* name = reinterpret_cast<const char*>(bytes.data()) + fixed;
        entry.name.assign(name, name_size);
        if ((load_little_endian<2>(bytes, 8) & 1) != 0) {
            fail("entry \"" + excerpt(entry.name) + "\" is encrypted");
        }
        entry.method = load_little_endian<2>(bytes, 10);
        entry.crc = load_little_endian<4>(bytes, 16);
        entry.compressed_size = load_little_endian<4>(bytes, 20);
        entry.size = load_little_endian<4>(bytes, 24);
        std::uint64_t header_offset = load_little_endian<4>(bytes, 42);
        read_zip64_extra(bytes.subspan(fixed + name_size, extra_size), entry, header_offset);
        locate(entry, header_offset);
        entries.push_back(std::move(entry));
        return total;
    }

    /// The zip64 extra field holds, in this order, those numbers that did not fit in 32 bits.
    void read_zip64_extra(std::span<const std::byte> extra, zip_entry& entry,
                          std::uint64_t& header_offset) const {
        while (extra.size() >= 4) {
            const std::uint64_t id = load_little_endian<2>(extra, 0);
            const auto length = static_cast<std::size_t>(load_little_endian<2>(extra, 2));
            if (length > extra.size() - 4) {
                fail("the extra field of entry \"" + excerpt(entry.name) + "\" is cut off");
            }
            if (id == 1) {
                std::size_t at = 4;
                for (std::uint64_t* number :
                     {&entry.size, &entry.compressed_size, &header_offset}) {
                    if (*number == saturated32 && at + 8 <= 4 + length) {
                        *number = load_little_endian<8>(extra, at);
                        at += 8;
                    }
                }
                return;
            }
            extra = extra.subspan(4 + length);
        }
    }

    /// Finds the bytes of `entry` behind its local header, whose name must be the same.
    void locate(zip_entry& entry, std::uint64_t header_offset) {
        constexpr std::size_t fixed = 30;
        const std::string quoted = "entry \"" + excerpt(entry.name) + '"';
        if (header_offset > offset_ || offset_ - header_offset < fixed + entry.name.size()) {
            fail(quoted + " lies outside the archive, at " + std::to_string(header_offset));
        }
        const auto header = bytes_at(header_offset, fixed + entry.name.size());
        if (load_little_endian<4>(header, 0) != 0x04034b50 ||
            std::string_view(reinterpret_cast<const char*>(header.data()) + fixed,
                             entry.name.size()) != entry.name ||
            load_little_endian<2>(header, 26) != entry.name.size()) {
            fail(quoted + " is not at " + std::to_string(header_offset) +
                 ", where the directory has it");
        }
        entry.data_offset =
            header_offset + fixed + entry.name.size() + load_little_endian<2>(header, 28);
        if (entry.data_offset > offset_ || entry.compressed_size > offset_ - entry.data_offset) {
            fail(quoted + " is truncated: it has " + std::to_string(entry.compressed_size) +
                 " bytes at " + std::to_string(entry.data_offset) +
                 ", but the directory begins at " + std::to_string(offset_));
        }
        extents_.push_back({header_offset, entry.data_offset + entry.compressed_size});
    }

    void check_overlaps(const std::vector<zip_entry>& entries) {
        std::sort(extents_.begin(), extents_.end(),
                  [](const extent& a, const extent& b) { return a.begin < b.begin; });
        for (std::size_t i = 1; i < extents_.size(); ++i) {
            if (extents_[i].begin < extents_[i - 1].end) {
                fail("its " + std::to_string(entries.size()) + " entries overlap at " +
                     std::to_string(extents_[i].begin));
            }
        }
    }

    struct extent {
        std::uint64_t begin;
        std::uint64_t end;
    };
    const input_file& file_;
    std::uint64_t count_ = 0;   // entries
    std::uint64_t size_ = 0;    // of the directory
    std::uint64_t offset_ = 0;  // of the directory
    std::vector<extent> extents_;
};

}  // namespace lazy::io

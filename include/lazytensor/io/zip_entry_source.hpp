// Reads one stored or deflated entry of a zip archive front to back, checking sizes and CRC.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "zip_directory.hpp"

namespace lazy::io {

class zip_entry_source {
public:
    /// `name` is what errors call the entry. Throws format_error for other methods and for sizes
    /// that cannot be true, so that nobody allocates memory for them.
    zip_entry_source(const input_file& file, const zip_entry& entry, std::string name)
        : file_(file), entry_(entry), name_(std::move(name)) {
        // Two bits of a deflate stream make at most 258 bytes.
        constexpr std::uint64_t greatest_ratio = 1032;
        if (entry.method != zip_entry::stored && entry.method != zip_entry::deflated) {
            throw bad_file(name_, "compression method " + std::to_string(entry.method) +
                                      " is neither stored (0) nor deflated (8)");
        }
        if (entry.method == zip_entry::stored
                ? entry.size != entry.compressed_size
                : entry.size / greatest_ratio > entry.compressed_size) {
            throw bad_file(name_, "cannot hold " + std::to_string(entry.size) + " bytes in " +
                                      std::to_string(entry.compressed_size));
        }
        if (entry.method == zip_entry::deflated) {
            input_.resize(static_cast<std::size_t>(
                std::min<std::uint64_t>(entry.compressed_size, std::size_t{1} << 16)));
            constexpr int raw_deflate = -MAX_WBITS;
            if (::inflateInit2(&stream_, raw_deflate) != Z_OK) {
                throw std::bad_alloc();
            }
        }
    }
    zip_entry_source(const zip_entry_source&) = delete;
    zip_entry_source& operator=(const zip_entry_source&) = delete;
    ~zip_entry_source() {
        if (entry_.method == zip_entry::deflated) {
            ::inflateEnd(&stream_);
        }
    }

    std::uint64_t remaining() const { return entry_.size - position_; }

    void read(std::span<std::byte> out) {
        if (entry_.method == zip_entry::stored) {
            file_.read_at(entry_.data_offset + position_, out);
        } else {
            std::size_t done = 0;
            while (done < out.size()) {
                const std::size_t got = inflate(out.subspan(done));
                if (got == 0) {
                    throw bad_file(name_, "is damaged: it expands to " +
                                              std::to_string(position_ + done) + " bytes, not " +
                                              std::to_string(entry_.size));
                }
                done += got;
            }
        }
        position_ += out.size();
        if (!out.empty()) {  // zlib takes a null pointer for "start again"
            crc_ = ::crc32_z(crc_, reinterpret_cast<const Bytef*>(out.data()), out.size());
        }
    }

    /// Reads what is left and compares size and CRC; throws format_error where they differ.
    void finish() {
        std::vector<std::byte> rest(
            static_cast<std::size_t>(std::min<std::uint64_t>(remaining(), std::size_t{1} << 16)));
        while (remaining() != 0) {
            read(std::span(rest).first(
                static_cast<std::size_t>(std::min<std::uint64_t>(remaining(), rest.size()))));
        }
        if (entry_.method == zip_entry::deflated) {
            std::byte extra[1];
            if (inflate(extra) != 0) {
                throw bad_file(name_, "is damaged: it expands to more than " +
                                          std::to_string(entry_.size) + " bytes");
            }
            if (stream_.avail_in != 0 || consumed_ != entry_.compressed_size) {
                throw bad_file(name_, "is damaged: its compressed data end before their " +
                                          std::to_string(entry_.compressed_size) + " bytes do");
            }
        }
        if (crc_ != entry_.crc) {
            throw bad_file(name_, "is damaged: its CRC-32 is " + std::to_string(crc_) + ", not " +
                                      std::to_string(entry_.crc));
        }
    }

private:
    /// Expands some bytes into `out`, which is not empty; 0 only at the end of the stream.
    std::size_t inflate(std::span<std::byte> out) {
        const auto room =
            static_cast<uInt>(std::min<std::size_t>(out.size(), std::size_t{1} << 30));
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = room;
        while (!ended_ && stream_.avail_out == room) {
            if (stream_.avail_in == 0) {
                refill();
            }
            const int status = ::inflate(&stream_, Z_NO_FLUSH);
            ended_ = status == Z_STREAM_END;
            if (status == Z_MEM_ERROR) {
                throw std::bad_alloc();
            }
            if (status != Z_OK && status != Z_STREAM_END) {
                throw bad_file(
                    name_,
                    std::string("is damaged: ") +
                        (stream_.msg != nullptr ? stream_.msg : "its compressed data end early"));
            }
        }
        return room - stream_.avail_out;
    }

    void refill() {
        const auto count = static_cast<std::size_t>(
            std::min<std::uint64_t>(entry_.compressed_size - consumed_, input_.size()));
        file_.read_at(entry_.data_offset + consumed_, std::span(input_).first(count));
        consumed_ += count;
        stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
        stream_.avail_in = static_cast<uInt>(count);
    }

    const input_file& file_;
    const zip_entry& entry_;
    std::string name_;
    std::uint64_t position_ = 0;  // in the expanded bytes
    std::uint64_t consumed_ = 0;  // of the compressed bytes
    uLong crc_ = 0;
    bool ended_ = false;
    z_stream stream_{};
    std::vector<std::byte> input_;
};

}  // namespace lazy::io

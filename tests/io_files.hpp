// What the tests of files share: the fixtures, a temporary folder, bytes in and out, error texts.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include <lazytensor/io/npy.hpp>

#include "catch.hpp"

namespace io_files {

/// A file written by NumPy: see data/make_npy_fixtures.py.
inline std::string fixture(std::string_view name) {
    const auto beside = std::filesystem::path(__FILE__).parent_path() / "data";
    const std::filesystem::path here = "data";
    return ((std::filesystem::exists(here / "npy") ? here : beside) / name).string();
}

/// An empty folder that is gone at the end of the test.
class temporary_folder {
public:
    temporary_folder() {
        std::string name = (std::filesystem::temp_directory_path() / "lazytensor-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~temporary_folder() { std::filesystem::remove_all(path_); }
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;

    std::string file(std::string_view name) const { return (path_ / name).string(); }
    std::size_t file_count() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(path_), {}));
    }

private:
    std::filesystem::path path_;
};

inline std::string read_bytes(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    REQUIRE(in);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_bytes(const std::string& path, std::string_view bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    REQUIRE(out.flush());
}

inline std::span<const std::byte> as_bytes(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

/// The text of the Error that `action` throws; fails the test when it throws none.
template <class Error, class F>
std::string error_text(F&& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    FAIL("nothing was thrown");
    return {};
}

inline bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// All elements as T, row by row; the dtype must be T's.
template <class T>
std::vector<T> elements(const lazy::array_interface& array) {
    REQUIRE(array.dtype() == lazy::dtype_of<T>);
    std::vector<T> out;
    for (std::int64_t i = 0; i < array.size(); ++i) {
        out.push_back(array.at(i).to<T>());
    }
    return out;
}

/// Reads every element, so that a sanitizer sees a wrong address.
inline void touch(const lazy::array_interface& array) {
    for (std::int64_t i = 0; i < array.size(); ++i) {
        static_cast<void>(array.at(i));
    }
}

/// A few random changes of `bytes`: flipped, overwritten, removed, repeated or cut off.
template <class Generator>
std::string mutated(std::string bytes, Generator& random) {
    const std::size_t changes = 1 + random() % 4;
    for (std::size_t c = 0; c < changes && !bytes.empty(); ++c) {
        const std::size_t at = random() % bytes.size();
        const std::size_t count = std::min<std::size_t>(bytes.size() - at, 1 + random() % 8);
        switch (random() % 6) {
            case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8)); break;
            case 1: bytes[at] = static_cast<char>(random()); break;
            case 2: bytes.replace(at, count, count, "\xff\x00\x7f\x80"[random() % 4]); break;
            case 3: bytes.erase(at, count); break;
            case 4: bytes.insert(at, bytes, at, count); break;
            default: bytes.resize(random() % 8 == 0 ? at : bytes.size()); break;
        }
    }
    return bytes;
}

}  // namespace io_files

// NumPy's .npz archives of named arrays, stored or compressed. Needs zlib.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "npy.hpp"
#include "utf8.hpp"
#include "zip_directory.hpp"
#include "zip_entry_source.hpp"
#include "zip_writer.hpp"

namespace lazy::io {

/// Bytes of memory in this machine: more than an archive may expand to.
inline std::uint64_t physical_memory() {
    const long pages = ::sysconf(_SC_PHYS_PAGES);
    const long page = ::sysconf(_SC_PAGE_SIZE);
    return pages > 0 && page > 0
               ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page)
               : UINT64_MAX;
}

/// An open .npz: the names at once, each array when it is asked for.
class npz_reader {
public:
    /// Reads the directory of the archive; throws format_error when it is missing, truncated,
    /// malformed, or names two arrays alike.
    explicit npz_reader(const std::string& path) : file_(path) {
        for (zip_entry& entry : zip_directory_reader(file_).read()) {
            constexpr std::string_view extension = ".npy";
            std::string name = entry.name;
            if (name.ends_with(extension)) {
                name.resize(name.size() - extension.size());
            }
            if (!entries_.emplace(name, std::move(entry)).second) {
                throw bad_file(path, "holds two arrays of the name \"" + excerpt(name) + '"');
            }
            names_.push_back(std::move(name));
        }
    }

    /// The names in the order of the archive, without ".npy".
    const std::vector<std::string>& names() const { return names_; }
    bool contains(const std::string& name) const { return entries_.contains(name); }
    /// Bytes that all entries expand to, as the archive states it (checked when they are read).
    std::uint64_t total_size() const {
        std::uint64_t total = 0;
        for (const auto& [name, entry] : entries_) {
            total = entry.size > UINT64_MAX - total ? UINT64_MAX : total + entry.size;
        }
        return total;
    }

    /// The array of that name, a copy in memory of its own. Throws index_error when there is none,
    /// format_error when the entry is damaged, compressed in another way, larger than `most_bytes`,
    /// or no array that `read_npy` would take.
    array_interface read(const std::string& name,
                         std::uint64_t most_bytes = physical_memory()) const {
        const auto found = entries_.find(name);
        if (found == entries_.end()) {
            fail<index_error>("load", {"\"", file_.path(), "\": there is no array \"",
                                       excerpt(name), "\" among its ", names_.size()});
        }
        const zip_entry& entry = found->second;
        const std::string label = file_.path() + ":" + excerpt(entry.name);
        zip_entry_source source(file_, entry, label);
        if (entry.size > most_bytes) {
            throw bad_file(label, "expands to " + std::to_string(entry.size) +
                                      " bytes, more than the limit of " +
                                      std::to_string(most_bytes));
        }
        array_interface array = npy::read_array(source, label, false);
        source.finish();
        return array;
    }

private:
    input_file file_;
    std::map<std::string, zip_entry> entries_;
    std::vector<std::string> names_;
};

/// numpy.load of a .npz file: all arrays by name. Throws format_error as `npz_reader` does, and
/// before reading any when they expand to more than `most_bytes` together.
inline std::map<std::string, array_interface> read_npz(
    const std::string& path, std::uint64_t most_bytes = physical_memory()) {
    const npz_reader reader(path);
    if (reader.total_size() > most_bytes) {
        throw bad_file(path, "its arrays expand to " + std::to_string(reader.total_size()) +
                                 " bytes, more than the limit of " + std::to_string(most_bytes));
    }
    std::map<std::string, array_interface> arrays;
    for (const std::string& name : reader.names()) {
        arrays.emplace(name, reader.read(name, most_bytes));
    }
    return arrays;
}

/// numpy.savez (or, with `compress`, numpy.savez_compressed): writes arrays of any strides under
/// their names, in the order given. The file appears complete or not at all. Throws value_error
/// for names that are repeated, too long, not UTF-8 or hold a NUL (which would make the archive
/// unreadable in Python), format_error when the file cannot be written.
inline void write_npz(const std::string& path,
                      const std::vector<std::pair<std::string, array_interface>>& arrays,
                      bool compress = false) {
    std::set<std::string_view> names;
    for (const auto& [name, array] : arrays) {
        constexpr std::size_t longest = 65535 - 4;
        if (name.size() > longest || name.find('\0') != std::string::npos || !is_utf8(name)) {
            fail<value_error>("save",
                              {"\"", path, "\": not a name for an array: \"", excerpt(name), "\""});
        }
        if (!names.insert(name).second) {
            fail<value_error>("save",
                              {"\"", path, "\": two arrays of the name \"", excerpt(name), "\""});
        }
    }
    output_file file(path);
    zip_writer zip(file, compress);
    for (const auto& [name, array] : arrays) {
        const std::string header = make_npy_header(array, false);
        zip.begin(name + ".npy", header.size() + static_cast<std::uint64_t>(array.size()) *
                                                     array.dtype().itemsize());
        zip.write(std::as_bytes(std::span(header)));
        write_elements(array, false, [&](std::span<const std::byte> bytes) { zip.write(bytes); });
        zip.end();
    }
    zip.finish();
    file.commit();
}

}  // namespace lazy::io

// The errors of files: `[load] "path": what is wrong: the facts`.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <system_error>

#include "../../../lazy/core/error.hpp"

namespace lazy::io {

/// What a text from a file shows in a message: at most 80 bytes, control characters as '?'.
inline std::string excerpt(std::string_view text) {
    constexpr std::size_t longest = 80;
    std::string out(text.substr(0, longest));
    for (char& c : out) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            c = '?';
        }
    }
    return text.size() > longest ? out + "..." : out;
}

/// The error for a file whose content is not as it must be.
inline format_error bad_file(std::string_view name, std::string_view problem) {
    return format_error(message("load", '"' + std::string(name) + "\": " + std::string(problem)));
}

/// The error for a system call that failed with `code` (errno): "...: cannot be opened: No such
/// file or directory".
inline format_error failed_call(std::string_view op, std::string_view path,
                                std::string_view problem, int code) {
    return format_error(message(op, '"' + std::string(path) + "\": " + std::string(problem) + ": " +
                                        std::generic_category().message(code)));
}

/// Throws format_error when `path` holds a NUL, at which the system would silently cut it.
inline void check_path(std::string_view op, const std::string& path) {
    if (path.find('\0') != std::string::npos) {
        fail<format_error>(op, {"\"", excerpt(path), "\": the file name contains a NUL character"});
    }
}

}  // namespace lazy::io

// Tells whether bytes are UTF-8 text (Unicode 15, table 3-7).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string_view>

namespace lazy::io {

/// True iff `text` is well-formed: no stray or missing bytes, overlong forms or surrogates.
inline bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        if (lead < 0x80) {
            continue;
        }
        if (lead < 0xc2 || lead > 0xf4) {
            return false;
        }
        const std::size_t more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        // Only the second byte's range depends on the first.
        unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        for (std::size_t k = 0; k < more; ++k, low = 0x80, high = 0xbf) {
            if (i == text.size()) {
                return false;
            }
            const auto next = static_cast<unsigned char>(text[i++]);
            if (next < low || next > high) {
                return false;
            }
        }
    }
    return true;
}

}  // namespace lazy::io

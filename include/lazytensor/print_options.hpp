// The settings of printing, as in torch.set_printoptions: precision, summaries, line width.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "../../lazy/core/error.hpp"

namespace lazy {

/// How tensors are printed. The defaults are PyTorch's.
struct print_options {
    /// Digits after the decimal point; at least 0.
    int precision = 4;
    /// Tensors with more elements than this are summarised with `...`.
    std::int64_t threshold = 1000;
    /// Elements that a summary shows at each end of each axis; with 0 it shows none and adds the
    /// size.
    int edgeitems = 3;
    /// Columns after which a row is broken; a summary obeys it too.
    int linewidth = 80;
    /// Scientific notation always (true) or never (false); empty: where the values ask for it.
    std::optional<bool> sci_mode = std::nullopt;

    friend bool operator==(const print_options&, const print_options&) = default;
};

/// Throws value_error where the precision or the number of edge items is negative.
inline void check_print_options(const print_options& options, std::string_view op) {
    if (options.precision < 0) {
        fail<value_error>(op, {"precision must not be negative, got ", options.precision});
    }
    if (options.edgeitems < 0) {
        fail<value_error>(op, {"edgeitems must not be negative, got ", options.edgeitems});
    }
}

struct print_options_state {
    std::mutex mutex;
    print_options options;
};

inline print_options_state& shared_print_options() {
    static print_options_state state;
    return state;
}

/// torch.get_printoptions: what printing uses now. Thread-safe.
inline print_options get_printoptions() {
    print_options_state& state = shared_print_options();
    const std::lock_guard lock(state.mutex);
    return state.options;
}

/// torch.set_printoptions, for the whole program. Replaces all five settings: those not named in
/// `set_printoptions({.precision = 2})` become the defaults, where PyTorch keeps them; change a
/// copy of `get_printoptions()` to keep them. Throws value_error for negative values. Thread-safe.
inline void set_printoptions(const print_options& options) {
    check_print_options(options, "set_printoptions");
    print_options_state& state = shared_print_options();
    const std::lock_guard lock(state.mutex);
    state.options = options;
}

/// The settings that PyTorch calls "default", "short" (2 digits, 2 edge items) and "full" (never
/// summarises). Throws value_error for another name.
inline print_options print_profile(std::string_view profile) {
    print_options options;
    if (profile == "short") {
        options.precision = 2;
        options.edgeitems = 2;
    } else if (profile == "full") {
        options.threshold = std::numeric_limits<std::int64_t>::max();
    } else if (profile != "default") {
        fail<value_error>("set_printoptions",
                          {"unknown profile '", profile, "': default, short or full"});
    }
    return options;
}

/// torch.set_printoptions(profile=...). Throws value_error for an unknown name. Thread-safe.
template <std::convertible_to<std::string_view> S>
void set_printoptions(const S& profile) {
    set_printoptions(print_profile(profile));
}

}  // namespace lazy

// Functions along dimensions: `dim` and `keepdim`, or `axis` and `keepdims` as NumPy has it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "binding.hpp"

namespace lazy::python {

/// An argument under NumPy's name, where it has the PyTorch one given; all else as it is.
template <class Extra>
Extra renamed(Extra extra, std::string_view dim, std::string_view keepdim) {
    if constexpr (nb::detail::arg_traits<Extra>::is_arg) {
        if (extra.name_ == dim) {
            extra.name_ = "axis";
        } else if (extra.name_ == keepdim) {
            extra.name_ = "keepdims";
        }
    }
    return extra;
}
inline const char* renamed(const char*, std::string_view, std::string_view) {
    return "The same with NumPy's names.";
}

template <class Extra>
bool is_keepdim(const Extra& extra) {
    if constexpr (nb::detail::arg_traits<Extra>::is_arg) {
        return extra.name_ == std::string_view("keepdim");
    }
    return false;
}

/// define(extra...) with PyTorch's names and again with NumPy's, mixed as PyTorch lets them be.
template <class Define, class... Extra>
void with_both_names(Define define, const Extra&... extra) {
    define(extra...);
    define(renamed(extra, "dim", "")...);
    if ((is_keepdim(extra) || ...)) {
        define(renamed(extra, "", "keepdim")...);
        define(renamed(extra, "dim", "keepdim")...);
    }
}

/// A function and method along dimensions, named `dim` or `axis`, `keepdim` or `keepdims`.
template <class F, class... Extra>
void along(nb::module_& m, tensor_class& c, const char* name, F f, const Extra&... extra) {
    with_both_names([&](const auto&... e) { both(m, c, name, f, e...); }, extra...);
}

}  // namespace lazy::python

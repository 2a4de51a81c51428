// The named pairs that sort, topk, max, median, ... give: PyTorch's return types.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "binding.hpp"

namespace lazy::python {

/// "lazytensor._results.sort" of "sort", with what goes before.
template <literal Before, literal Function>
consteval auto joined() {
    constexpr std::string_view parts[] = {Before.text, "lazytensor._results.", Function.text};
    char all[parts[0].size() + parts[1].size() + parts[2].size() + 1]{};
    char* end = all;
    for (const std::string_view part : parts) {
        end = std::copy(part.begin(), part.end(), end);
    }
    return literal(all);
}
/// The named tuple that lazytensor._results has under the function's name.
template <literal Function>
using named_pair = described<joined<"", Function>()>;
/// A tensor of the whole, the named tuple along a dimension.
template <literal Function>
using tensor_or_pair = described<joined<"lazytensor.Tensor | ", Function>()>;

/// Two tensors as the function's named tuple.
template <literal Function>
named_pair<Function> pair_of(const Tensor& first, const Tensor& second) {
    static PyTypeObject* const type = reinterpret_cast<PyTypeObject*>(
        nb::object(nb::module_::import_("lazytensor._results").attr(Function.text))
            .release()
            .ptr());
    // tuple.__new__(type, (first, second)), without what the class does in Python for each.
    const nb::object pair = nb::steal(
        PyTuple_Type.tp_new(type, nb::make_tuple(nb::make_tuple(first, second)).ptr(), nullptr));
    if (!pair.is_valid()) {
        throw nb::python_error();
    }
    return pair;
}
/// (values, indices) as the function's named tuple.
template <literal Function, class R>
named_pair<Function> values_and_indices(const R& r) {
    return pair_of<Function>(Tensor(r.values), Tensor(r.indices));
}

}  // namespace lazy::python

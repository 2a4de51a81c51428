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
named_pair<Function> pair_of(Tensor first, Tensor second) {
    static PyTypeObject* const type = reinterpret_cast<PyTypeObject*>(
        nb::object(nb::module_::import_("lazytensor._results").attr(Function.text))
            .release()
            .ptr());
    // What tuple.__new__(type, (first, second)) does, without the tuples of arguments.
    const nb::object pair = nb::steal(type->tp_alloc(type, 2));
    if (!pair.is_valid()) {
        throw nb::python_error();
    }
    PyTuple_SET_ITEM(pair.ptr(), 0, nb::cast(std::move(first)).release().ptr());
    PyTuple_SET_ITEM(pair.ptr(), 1, nb::cast(std::move(second)).release().ptr());
    return pair;
}
/// (values, indices) as the function's named tuple.
template <literal Function, class R>
named_pair<Function> values_and_indices(R r) {
    return pair_of<Function>(std::move(r.values), std::move(r.indices));
}

}  // namespace lazy::python

// The named pairs that sort, topk, max, median, ... give: PyTorch's return types.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "binding.hpp"

namespace lazy::python {

/// (values, indices) as the named tuple that lazytensor._results has under the function's name.
template <class R>
nb::object values_and_indices(const char* function, const R& r) {
    return nb::module_::import_("lazytensor._results")
        .attr(function)(Tensor(r.values), Tensor(r.indices));
}

}  // namespace lazy::python

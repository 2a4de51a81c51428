// Medians, running extremes, counts, and products over chosen dimensions.
// SPDX-License-Identifier: BSD-3-Clause
#include "along.hpp"
#include "binding.hpp"
#include "results.hpp"

namespace lazy::python {

using sizes_or_pair = described<"int | collections.abc.Sequence[collections.abc.Sequence[int]]">;

void bind_statistics(nb::module_& m, tensor_class& c) {
    along(
        m, c, "median",
        [](const Tensor& x, std::optional<std::int64_t> d,
           bool keepdim) -> tensor_or_pair<"median"> {
            if (d) {
                return values_and_indices<"median">(lazy::median(x, *d, keepdim));
            }
            return nb::cast(Tensor(lazy::median(x)));
        },
        "dim"_a.none() = nb::none(), "keepdim"_a = false,
        "The lower of the middle elements in sorted order, NaN if there is one; along a dimension "
        "(values, indices).");
    along(
        m, c, "cummax",
        [](const Tensor& x, std::int64_t d) {
            return values_and_indices<"cummax">(lazy::cummax(x, d));
        },
        "dim"_a, "(values, indices) of the largest element so far along a dimension.");
    along(
        m, c, "cummin",
        [](const Tensor& x, std::int64_t d) {
            return values_and_indices<"cummin">(lazy::cummin(x, d));
        },
        "dim"_a, "(values, indices) of the smallest element so far along a dimension.");
    both(
        m, c, "bincount",
        [](const Tensor& x, const std::optional<Tensor>& weights, std::int64_t minlength) {
            const Tensor s = snapshot(x);
            if (!weights) {
                return Tensor(unlocked([&] { return lazy::bincount(s, minlength); }));
            }
            const Tensor w = snapshot(*weights);
            return Tensor(unlocked([&] { return lazy::bincount(s, w, minlength); }));
        },
        "weights"_a.none() = nb::none(), "minlength"_a = 0,
        "How often 0, 1, 2, ... occur in a vector of integers, or the sums of their weights. "
        "Computes.");
    both(
        m, c, "kron", [](const Tensor& a, const Tensor& b) { return Tensor(lazy::kron(a, b)); },
        "other"_a, "The Kronecker product: every element of one times the whole of the other.");
    m.def(
        "vecdot",
        [](const Tensor& a, const Tensor& b, std::int64_t d) {
            return Tensor(lazy::vecdot(a, b, d));
        },
        "x"_a, "y"_a, nb::kw_only(), "dim"_a = -1, "The sum of conj(x) * y along a dimension.");
    m.def(
        "tensordot",
        [](const Tensor& a, const Tensor& b, const sizes_or_pair& dims) {
            if (PyIndex_Check(dims.ptr())) {
                return Tensor(lazy::tensordot(a, b, nb::cast<std::int64_t>(dims)));
            }
            return Tensor(
                lazy::tensordot(a, b, nb::cast<shape>(dims[0]), nb::cast<shape>(dims[1])));
        },
        "a"_a, "b"_a, "dims"_a = 2,
        "The sum of products over the last and first `dims` dimensions, or over two lists of "
        "them.");
}

}  // namespace lazy::python

// Whole-tensor algorithms: sorting, searching, gathering, products.
// SPDX-License-Identifier: BSD-3-Clause
#include <nanobind/stl/vector.h>

#include "along.hpp"
#include "binding.hpp"
#include "results.hpp"

namespace lazy::python {

namespace {

/// A number, which must fit, or a tensor, as a tensor of the dtype it fills.
Tensor filling(operand value, lazy::dtype d) {
    if (value.value.is_number) {
        check_fits(value.value.value, d);
    }
    return lazy::to(tensor_of(std::move(value), d), d);
}

}  // namespace

void bind_algorithms(nb::module_& m, tensor_class& c) {
#define LAZYTENSOR_BIND(name, doc)                                                       \
    along(                                                                               \
        m, c, #name,                                                                     \
        [](const Tensor& x, std::int64_t d, const std::optional<dtype_argument>& type) { \
            const Tensor r = lazy::name(type ? lazy::to(x, type->value) : x, d);         \
            return type ? lazy::to(r, type->value) : r;                                  \
        },                                                                               \
        "dim"_a, "dtype"_a.none() = nb::none(), doc);
    LAZYTENSOR_BIND(cumsum, "Running sums along a dimension; integers and bool as int64.")
    LAZYTENSOR_BIND(cumprod, "Running products along a dimension; integers and bool as int64.")
#undef LAZYTENSOR_BIND
    along(
        m, c, "sort",
        [](const Tensor& x, std::int64_t d, bool descending, bool) {
            return values_and_indices<"sort">(lazy::sort(x, d, descending));
        },
        "dim"_a = -1, "descending"_a = false, "stable"_a = true,
        "(values, indices) in order, stable; NaN counts as largest.");
    along(
        m, c, "argsort",
        [](const Tensor& x, std::int64_t d, bool descending, bool) {
            return Tensor(lazy::argsort(x, d, descending));
        },
        "dim"_a = -1, "descending"_a = false, "stable"_a = true, "The indices that sort, stable.");
    along(
        m, c, "topk",
        [](const Tensor& x, std::int64_t k, std::int64_t d, bool largest, bool) {
            return values_and_indices<"topk">(lazy::topk(x, k, d, largest));
        },
        "k"_a, "dim"_a = -1, "largest"_a = true, "sorted"_a = true,
        "(values, indices) of the k largest or smallest elements, in order.");
    m.def(
        "searchsorted",
        [](const Tensor& sorted, operand values, bool right,
           const std::optional<std::string>& side) {
            if (side && *side != "left" && *side != "right") {
                throw value_error("[searchsorted] side is 'left' or 'right', not '" + *side + "'");
            }
            return Tensor(lazy::searchsorted(sorted, tensor_of(std::move(values), sorted.dtype()),
                                             side ? *side == "right" : right));
        },
        "sorted_sequence"_a, "input"_a, "right"_a = false, "side"_a.none() = nb::none(),
        "Where each value would go into the sorted row.");
    both(
        m, c, "unique",
        [](const Tensor& x, bool, bool return_inverse, bool return_counts) -> tensor_or_tensors {
            const Tensor s = snapshot(x);
            if (!return_inverse && !return_counts) {
                return nb::cast(Tensor(unlocked([&] { return lazy::unique(s); })));
            }
            const auto r = unlocked([&] { return lazy::unique_all(s); });
            nb::list parts;
            parts.append(Tensor(r.values));
            if (return_inverse) {
                parts.append(Tensor(r.inverse));
            }
            if (return_counts) {
                parts.append(Tensor(r.counts));
            }
            return nb::tuple(parts);
        },
        "sorted"_a = true, "return_inverse"_a = false, "return_counts"_a = false,
        "The distinct elements in ascending order. Computes, since their number depends on the "
        "data.");
    both(
        m, c, "nonzero",
        [](const Tensor& x, bool as_tuple) -> tensor_or_tensors {
            const Tensor s = snapshot(x);
            if (!as_tuple) {
                return nb::cast(Tensor(unlocked([&] { return lazy::nonzero(s); })));
            }
            nb::list parts;
            for (const auto& part : unlocked([&] { return lazy::where(s); })) {
                parts.append(Tensor(part));
            }
            return nb::tuple(parts);
        },
        "as_tuple"_a = false,
        "The indices of the elements that are not zero, one row each. Computes.");
    along(
        m, c, "gather",
        [](const Tensor& x, std::int64_t d, const Tensor& i) {
            return Tensor(lazy::gather(x, d, i));
        },
        "dim"_a, "index"_a, "out[i][j] = x[index[i][j]][j] along dimension 0, and so on.");
    both(
        m, c, "take", [](const Tensor& x, const Tensor& i) { return Tensor(lazy::take(x, i)); },
        "index"_a, "Elements by their row-major number.");
    along(
        m, c, "index_select",
        [](const Tensor& x, std::int64_t d, const Tensor& i) {
            return Tensor(lazy::index_select(x, d, i));
        },
        "dim"_a, "index"_a, "Slices of a dimension in the order of a 1-d index.");
    along(
        m, c, "scatter",
        [](const Tensor& x, std::int64_t d, const Tensor& i, operand source) {
            Tensor s = tensor_of(std::move(source), x.dtype());
            if (s.shape().empty()) {
                s = lazy::expand(s, i.shape());
            }
            return Tensor(lazy::scatter(x, d, i, s));
        },
        "dim"_a, "index"_a, "src"_a, "x with x[index[i][j]][j] = src[i][j] along dimension 0.");
    along(
        m, c, "scatter_add",
        [](const Tensor& x, std::int64_t d, const Tensor& i, const Tensor& source) {
            return Tensor(lazy::scatter_add(x, d, i, source));
        },
        "dim"_a, "index"_a, "src"_a, "Like scatter, adding.");
    both(
        m, c, "masked_select",
        [](const Tensor& x, const Tensor& mask) {
            const Tensor s = snapshot(x);
            const Tensor k = snapshot(mask);
            return Tensor(unlocked([&] { return lazy::masked_select(s, k); }));
        },
        "mask"_a, "The elements where the mask is true, 1-d. Computes the mask.");
    both(
        m, c, "masked_fill",
        [](const Tensor& x, const Tensor& mask, operand value) {
            return Tensor(lazy::masked_fill(x, mask, filling(std::move(value), x.dtype())));
        },
        "mask"_a, "value"_a, "x with the value where the mask is true.");
    c.def(
        "masked_fill_",
        [](tensor_object self, const Tensor& mask, operand value) {
            const Tensor& x = tensor_in(self);
            const Tensor from = filling(std::move(value), x.dtype());
            compute_for_write(x, from);
            compute_for_write(x, mask);
            const engine_call call;
            x.masked_fill_(mask, from);
            return self;
        },
        "mask"_a, "value"_a);
#define LAZYTENSOR_BIND(name, doc)                                                              \
    both(                                                                                       \
        m, c, #name, [](const Tensor& a, const Tensor& b) { return Tensor(lazy::name(a, b)); }, \
        "other"_a, doc);
    LAZYTENSOR_BIND(matmul,
                    "Matrix products, batches broadcast; vectors count as a row or a column.")
    LAZYTENSOR_BIND(mm, "The product of two matrices.")
    LAZYTENSOR_BIND(mv, "A matrix times a vector.")
    LAZYTENSOR_BIND(bmm, "Products of matrices, batch by batch.")
    LAZYTENSOR_BIND(dot, "The sum of products of two vectors.")
    LAZYTENSOR_BIND(outer, "All products of an element of one with one of the other.")
#undef LAZYTENSOR_BIND
    both(
        m, c, "trace", [](const Tensor& x) { return Tensor(lazy::trace(x)); },
        "The sum of the diagonal.");
    c.def(
        "__matmul__", [](const Tensor& a, const Tensor& b) { return Tensor(lazy::matmul(a, b)); },
        nb::is_operator());
    c.def(
        "__rmatmul__",
        [](const Tensor& b, operand a) { return Tensor(lazy::matmul(tensor_of(std::move(a)), b)); },
        nb::is_operator());

    // Written from elementwise operations.
    const auto limited = [](const Tensor& x, const std::optional<operand>& low,
                            const std::optional<operand>& high) {
        if (!low && !high) {
            throw value_error("[clamp] At least one of 'min' or 'max' must not be None");
        }
        run_time_operand r{x.node(), scalar(), false};
        if (low) {
            run_time_operand both[] = {std::move(r), operand(*low).take()};
            r = {apply_run_time<ops::maximum>(both), scalar(), false};
        }
        if (high) {
            run_time_operand both[] = {std::move(r), operand(*high).take()};
            r = {apply_run_time<ops::minimum>(both), scalar(), false};
        }
        return make_handle<void>(std::move(r.node));
    };
    for (const char* name : {"clamp", "clip"}) {
        both(m, c, name, limited, "min"_a.none() = nb::none(), "max"_a.none() = nb::none(),
             "Limited to [min, max], numbers or tensors; NaN stays NaN.");
    }
    c.def(
        "clamp_",
        [limited](tensor_object self, const std::optional<operand>& low,
                  const std::optional<operand>& high) {
            const Tensor& x = tensor_in(self);
            const engine_call call;
            x.write_result(limited(x, low, high), "clamp");
            return self;
        },
        "min"_a.none() = nb::none(), "max"_a.none() = nb::none());
    both(
        m, c, "isclose",
        [](const Tensor& a, const Tensor& b, double rtol, double atol, bool equal_nan) {
            return Tensor(lazy::isclose(a, b, rtol, atol, equal_nan));
        },
        "other"_a, "rtol"_a = 1e-5, "atol"_a = 1e-8, "equal_nan"_a = false,
        "True where |a - b| <= atol + rtol * |b|.");
    both(
        m, c, "nan_to_num",
        [](const Tensor& x, double nan, std::optional<double> posinf,
           std::optional<double> neginf) {
            if (x.dtype().kind() <= dtype_kind::integer) {
                return make_handle<void>(copied(x.node()));
            }
            return Tensor(lazy::nan_to_num(x, nan, posinf, neginf));
        },
        "nan"_a = 0.0, "posinf"_a.none() = nb::none(), "neginf"_a.none() = nb::none(),
        "NaN and infinities replaced by numbers.");
#define LAZYTENSOR_BIND(name, doc) \
    both(                          \
        m, c, #name, [](const Tensor& x) { return Tensor(lazy::name(x)); }, doc);
    LAZYTENSOR_BIND(gelu, "x * (1 + erf(x / sqrt 2)) / 2.")
    LAZYTENSOR_BIND(silu, "x * sigmoid(x).")
    LAZYTENSOR_BIND(softplus, "log(1 + exp(x)) without overflow.")
    LAZYTENSOR_BIND(deg2rad, "Degrees to radians.")
    LAZYTENSOR_BIND(rad2deg, "Radians to degrees.")
#undef LAZYTENSOR_BIND
    both(
        m, c, "lerp",
        [](const Tensor& a, const Tensor& b, operand w) {
            // A number has the dtype of the others.
            const Tensor weight = tensor_of(std::move(w), a.dtype());
            return Tensor(
                lazy::lerp(a, b, weight.shape().empty() ? lazy::to(weight, a.dtype()) : weight));
        },
        "end"_a, "weight"_a, "a + weight * (b - a).");
}

}  // namespace lazy::python

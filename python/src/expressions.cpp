// Short expressions of PyTorch's, where a call costs what its operations cost: diff, stacks, ...
// SPDX-License-Identifier: BSD-3-Clause
#include "along.hpp"
#include "binding.hpp"
#include "results.hpp"

namespace lazy::python {

namespace {

using optional_dims = std::optional<shape>;
using optional_dtype = std::optional<dtype_argument>;
using two_tensors = nb::typed<nb::tuple, Tensor, Tensor>;
using described_places = described<"int | collections.abc.Sequence[int]">;

void require_dims(const Tensor& x, std::size_t count, const char* name) {
    if (x.shape().size() < count) {
        throw shape_error(message(name, "expects a tensor of at least " + std::to_string(count) +
                                            " dimensions, got " +
                                            std::to_string(x.shape().size())));
    }
}

/// addcmul and addcdiv: Op joins a and b, in the dtype that all three promote to. Beside integers
/// the value is cut to one.
template <class Op>
Tensor added(const Tensor& x, const Tensor& a, const Tensor& b, const number_argument& value) {
    const auto whole = [](const Tensor& t) { return run_time_operand{t.node(), scalar(), false}; };
    const run_time_operand three[] = {whole(x), whole(a), whole(b)};
    const lazy::dtype d = result_type(three);
    run_time_operand both[] = {whole(Tensor(lazy::to(a, d))), whole(Tensor(lazy::to(b, d)))};
    if (scalar factor = value.get(); !(factor == scalar(1))) {
        if (d.kind() < dtype_kind::floating && factor.kind() == dtype_kind::floating) {
            factor = factor.to<std::int64_t>();
        }
        run_time_operand scaled[] = {std::move(both[0]), {nullptr, factor, true}};
        both[0] = {apply_run_time<ops::mul>(scaled), scalar(), false};
    }
    return Tensor(x + make_handle<void>(apply_run_time<Op>(both)));
}

Tensor nansum(const Tensor& x, const shape& d, bool keepdim, const optional_dtype& type) {
    const Tensor w(lazy::where(lazy::isnan(x), 0, x));
    return type ? Tensor(lazy::to(lazy::sum(lazy::to(w, type->value), d, keepdim), type->value))
                : Tensor(lazy::sum(w, d, keepdim));
}

/// std_mean and var_mean, with PyTorch's older `unbiased` for the correction.
template <class F>
void spread_and_mean(nb::module_& m, const char* name, const char* doc, F f) {
    const auto both_of = [f](const Tensor& x, const shape& d, double correction, bool keepdim) {
        return two_tensors(nb::make_tuple(Tensor(f(x, d, correction, keepdim)),
                                          Tensor(lazy::mean(x, d, keepdim))));
    };
    m.def(
        name,
        [both_of](const Tensor& x, bool unbiased, bool keepdim) {
            return both_of(x, shape(), double(unbiased), keepdim);
        },
        "input"_a, "unbiased"_a, nb::kw_only(), "keepdim"_a = false, "The same of all elements.");
    with_both_names(
        [&](const auto&... e) {
            m.def(
                name,
                [both_of](const Tensor& x, const optional_dims& d, std::optional<bool> unbiased,
                          bool keepdim, std::optional<double> correction) {
                    return both_of(x, d.value_or(shape()),
                                   unbiased ? double(*unbiased) : correction.value_or(1), keepdim);
                },
                "input"_a, e..., nb::kw_only(), "correction"_a.none() = 1.0, doc);
        },
        "dim"_a.none() = nb::none(), "unbiased"_a.none() = nb::none(), "keepdim"_a = false);
}

/// Views of pieces: so many of nearly one size, or of one size if `even`, or those between the
/// given places.
tensors_value pieces(const char* name, const Tensor& x, const described_places& where,
                     std::int64_t d, bool even = false) {
    require_dims(x, 1, name);
    if (is_tensor(where) && !(tensor_in(where).dtype() == dtype_id::int64)) {
        throw dtype_error(message(
            name, std::string("expected places of int64, not ") + tensor_in(where).dtype().name()));
    }
    if (!is_tensor(where) || tensor_in(where).ndim() == 0) {
        const Py_ssize_t count = PyNumber_AsSsize_t(where.ptr(), PyExc_OverflowError);
        if (count != -1 || !PyErr_Occurred()) {
            if (even && count > 0 && x.shape()[wrap_dim(d, x.shape().size(), name)] % count != 0) {
                throw shape_error(message(
                    name,
                    "attempted to split along dimension " + std::to_string(d) +
                        ", but the size of the dimension is not divisible by the split_size " +
                        std::to_string(count) + "!"));
            }
            return tuple_of(lazy::tensor_split(x, count, d));
        }
        if (!PyErr_ExceptionMatches(PyExc_TypeError)) {
            throw nb::python_error();
        }
        PyErr_Clear();  // no integer
    }
    std::vector<std::int64_t> places;
    for (const nb::handle place : where) {
        const Py_ssize_t k = PyNumber_AsSsize_t(place.ptr(), PyExc_OverflowError);
        if (k == -1 && PyErr_Occurred()) {
            throw nb::python_error();
        }
        places.push_back(k);
    }
    return tuple_of(lazy::tensor_split(x, places, d));
}

void bind_stacks(nb::module_& m) {
#define LAZYTENSOR_BIND(name, doc)                                                          \
    m.def(                                                                                  \
        #name, [](const tensors_argument& t) { return Tensor(lazy::name(tensors_of(t))); }, \
        "tensors"_a, doc);
    LAZYTENSOR_BIND(hstack, "Tensors side by side: along dimension 1, vectors along 0.")
    LAZYTENSOR_BIND(vstack, "Tensors one below the other: along dimension 0, vectors as rows.")
    LAZYTENSOR_BIND(dstack, "Tensors one behind the other: along dimension 2.")
    LAZYTENSOR_BIND(column_stack, "Tensors side by side, vectors as columns.")
#undef LAZYTENSOR_BIND
}

void bind_pieces(nb::module_& m, tensor_class& c) {
    along(
        m, c, "tensor_split",
        [](const Tensor& x, const described_places& where, std::int64_t d) {
            return pieces("tensor_split", x, where, d);
        },
        "indices_or_sections"_a, "dim"_a = 0,
        "Views of pieces: so many of nearly one size, or those between the given places.");
    both(
        m, c, "hsplit",
        [](const Tensor& x, const described_places& where) {
            return pieces("hsplit", x, where, x.shape().size() == 1 ? 0 : 1, true);
        },
        "indices_or_sections"_a, "tensor_split along dimension 1; of a vector along 0.");
    both(
        m, c, "vsplit",
        [](const Tensor& x, const described_places& where) {
            require_dims(x, 2, "vsplit");
            return pieces("vsplit", x, where, 0, true);
        },
        "indices_or_sections"_a, "tensor_split along dimension 0.");
    along(
        m, c, "select",
        [](const Tensor& x, std::int64_t d, std::int64_t index) {
            return Tensor(lazy::select(x, d, index));
        },
        "dim"_a, "index"_a, "A view of one slice of a dimension, which disappears.");
    c.def(
        "unfold",
        [](const Tensor& x, std::int64_t d, std::int64_t size, std::int64_t step) {
            const bool has_none = x.shape().empty();
            const Tensor r(
                lazy::unfold(has_none ? Tensor(lazy::reshape(x, shape{1})) : x, d, size, step));
            return has_none ? Tensor(lazy::reshape(r, shape{-1})) : r;
        },
        "dimension"_a, "size"_a, "step"_a,
        "A view of the windows of so many elements, a step apart, along a new last dimension.");
    both(
        m, c, "fliplr",
        [](const Tensor& x) {
            require_dims(x, 2, "fliplr");
            return Tensor(lazy::flip(x, shape{1}));
        },
        "Columns in reverse order.");
    both(
        m, c, "flipud",
        [](const Tensor& x) {
            require_dims(x, 1, "flipud");
            return Tensor(lazy::flip(x, shape{0}));
        },
        "Rows in reverse order.");
    both(
        m, c, "take_along_dim",
        [](const Tensor& x, const Tensor& indices, std::optional<std::int64_t> d) {
            return d ? Tensor(lazy::take_along_dim(x, indices, *d))
                     : Tensor(lazy::take_along_dim(x, indices));
        },
        "indices"_a, "dim"_a.none() = nb::none(),
        "gather with indices that broadcast; without dim, of the flattened tensor.");
}

}  // namespace

void bind_expressions(nb::module_& m, tensor_class& c) {
    bind_stacks(m);
    bind_pieces(m, c);
    both(
        m, c, "frac", [](const Tensor& x) { return Tensor(lazy::frac(x)); },
        "x - trunc(x), with the sign of x; floats only.");
    both(
        m, c, "addcmul",
        [](const Tensor& x, const Tensor& a, const Tensor& b, const number_argument& value) {
            return added<ops::mul>(x, a, b, value);
        },
        "tensor1"_a, "tensor2"_a, nb::kw_only(), "value"_a = 1,
        "input + value * tensor1 * tensor2.");
    both(
        m, c, "addcdiv",
        [](const Tensor& x, const Tensor& a, const Tensor& b, const number_argument& value) {
            return added<ops::div>(x, a, b, value);
        },
        "tensor1"_a, "tensor2"_a, nb::kw_only(), "value"_a = 1,
        "input + value * tensor1 / tensor2.");
    along(
        m, c, "diff",
        [](const Tensor& x, std::int64_t n, std::int64_t d, const std::optional<Tensor>& prepend,
           const std::optional<Tensor>& append) {
            if (x.shape().empty()) {
                throw shape_error("[diff] diff expects input to be at least one-dimensional");
            }
            if (n == 0 || (!prepend && !append)) {
                // Not x itself, whatever n is.
                return n == 0 ? lazy::cat(std::vector<Tensor>{x}, d) : Tensor(lazy::diff(x, n, d));
            }
            std::vector<Tensor> parts;
            if (prepend) {
                parts.push_back(*prepend);
            }
            parts.push_back(x);
            if (append) {
                parts.push_back(*append);
            }
            return Tensor(lazy::diff(lazy::cat(parts, d), n, d));
        },
        "n"_a = 1, "dim"_a = -1, "prepend"_a.none() = nb::none(), "append"_a.none() = nb::none(),
        "Differences of neighbours along a dimension, n times over; of bool, whether they differ.");
    both(
        m, c, "cross",
        [](const Tensor& a, const Tensor& b, std::optional<std::int64_t> d) {
            const shape s = a.shape();
            if (s.size() != b.shape().size()) {
                throw shape_error("[cross] inputs must have the same number of dimensions");
            }
            if (!d) {
                const auto* const found = std::find(s.begin(), s.end(), 3);
                if (found == s.end()) {
                    throw shape_error("[cross] no dimension of size 3 in input");
                }
                d = found - s.begin();
            }
            return Tensor(lazy::cross(a, b, *d));
        },
        "other"_a, "dim"_a.none() = nb::none(),
        "The cross product of vectors of three along a dimension, by default the first of size 3.");
    spread_and_mean(m, "std_mean", "(standard deviation, mean).",
                    [](const Tensor& x, const shape& d, double correction, bool keepdim) {
                        return lazy::std(x, d, correction, keepdim);
                    });
    spread_and_mean(m, "var_mean", "(variance, mean).",
                    [](const Tensor& x, const shape& d, double correction, bool keepdim) {
                        return lazy::var(x, d, correction, keepdim);
                    });
    with_both_names(
        [&](const auto&... e) {
            both(
                m, c, "aminmax",
                [](const Tensor& x, const optional_dims& d, bool keepdim) {
                    const shape dims = d.value_or(shape());
                    return pair_of<"aminmax">(Tensor(lazy::amin(x, dims, keepdim)),
                                              Tensor(lazy::amax(x, dims, keepdim)));
                },
                nb::kw_only(), e..., "(smallest, largest) elements.");
        },
        "dim"_a.none() = nb::none(), "keepdim"_a = false);
    along(
        m, c, "nansum",
        [](const Tensor& x, const optional_dims& d, bool keepdim, const optional_dtype& type) {
            return nansum(x, d.value_or(shape()), keepdim, type);
        },
        "dim"_a.none() = nb::none(), "keepdim"_a = false, nb::kw_only(),
        "dtype"_a.none() = nb::none(), "The sum of what is not NaN.");
    along(
        m, c, "nanmean",
        [](const Tensor& x, const optional_dims& d, bool keepdim, const optional_dtype& type) {
            if (x.dtype().kind() < dtype_kind::floating) {
                throw dtype_error(
                    std::string("[nanmean] expected input to have floating point or complex dtype "
                                "but got ") +
                    x.dtype().name());
            }
            const shape dims = d.value_or(shape());
            const Tensor total = nansum(x, dims, keepdim, type);
            return Tensor(total / lazy::sum(lazy::logical_not(lazy::isnan(x)), dims, keepdim));
        },
        "dim"_a.none() = nb::none(), "keepdim"_a = false, nb::kw_only(),
        "dtype"_a.none() = nb::none(), "The mean of what is not NaN; floats only.");
    both(
        m, c, "inner",
        [](const Tensor& a, const Tensor& b) {
            if (a.shape().empty() || b.shape().empty()) {
                return Tensor(a * b);
            }
            return Tensor(lazy::tensordot(a, b, shape{-1}, shape{-1}));
        },
        "other"_a, "Sums of products over the last dimension of both.");
    both(
        m, c, "vdot",
        [](const Tensor& a, const Tensor& b) { return Tensor(lazy::dot(lazy::conj(a), b)); },
        "other"_a, "The dot product with the conjugate of the first vector.");
    both(
        m, c, "dist",
        [](const Tensor& a, const Tensor& b, double p) {
            return Tensor(lazy::norm(Tensor(a - b), p, shape(), false));
        },
        "other"_a, "p"_a = 2.0, "The p-norm of the difference.");
    both(
        m, c, "msort", [](const Tensor& x) { return Tensor(lazy::sort(x, 0, false).values); },
        "Sorted along the first dimension.");
}

}  // namespace lazy::python

// Reductions and what is written from them: sum, mean, var, argmax, softmax, norm, ...
// SPDX-License-Identifier: BSD-3-Clause
#include "along.hpp"
#include "binding.hpp"
#include "results.hpp"

namespace lazy::python {

namespace {

using optional_dims = std::optional<shape>;

/// f(x), of x in the dtype `d` if one is given.
template <class F>
Tensor in_dtype(const Tensor& x, const std::optional<dtype_argument>& d, F f) {
    return d ? Tensor(f(lazy::to(x, d->value))) : Tensor(f(x));
}

/// sum(x, dim=None, keepdim=False, dtype=None). An empty list of dimensions reduces all, as None.
template <class F>
void reduction(nb::module_& m, tensor_class& c, const char* name, const char* doc, F f) {
    along(
        m, c, name,
        [f](const Tensor& x, const optional_dims& d, bool keepdim,
            const std::optional<dtype_argument>& type) {
            const shape dims = d.value_or(shape());
            if (!type) {
                return f(x, dims, keepdim);
            }
            // Small integers are added as int64, which wraps to the same.
            return lazy::to(f(lazy::to(x, type->value), dims, keepdim), type->value);
        },
        "dim"_a.none() = nb::none(), "keepdim"_a = false, "dtype"_a.none() = nb::none(), doc);
}

/// max and min. A tensor in the place of dim fits the second signature alone.
template <literal Name, class Whole, class OfDim, class Pair>
void extremum(nb::module_& m, tensor_class& c, const char* doc, Whole whole, OfDim of_dim,
              Pair pair) {
    along(
        m, c, Name.text,
        [=](const Tensor& x, std::optional<std::int64_t> dim,
            bool keepdim) -> tensor_or_pair<Name> {
            if (dim) {
                return values_and_indices<Name>(of_dim(x, *dim, keepdim));
            }
            return nb::cast(whole(x));
        },
        "dim"_a.none() = nb::none(), "keepdim"_a = false, doc);
    both(
        m, c, Name.text, [=](const Tensor& x, const Tensor& y) { return Tensor(pair(x, y)); },
        "other"_a, "Elementwise, of two tensors.");
}

/// var and std: PyTorch's signature, and its older ones with `unbiased` for the correction.
template <class F>
void spread(nb::module_& m, tensor_class& c, const char* name, const char* doc, F f) {
    along(
        m, c, name,
        [f](const Tensor& x, const optional_dims& d, std::optional<double> correction,
            bool keepdim) {
            return Tensor(f(x, d.value_or(shape()), correction.value_or(1), keepdim));
        },
        "dim"_a.none() = nb::none(), nb::kw_only(), "correction"_a.none() = 1.0,
        "keepdim"_a = false, doc);
    along(
        m, c, name,
        [f](const Tensor& x, const optional_dims& d, bool unbiased, bool keepdim) {
            return Tensor(f(x, d.value_or(shape()), double(unbiased), keepdim));
        },
        "dim"_a.none(), "unbiased"_a, "keepdim"_a = false,
        "unbiased=False is correction=0, and True is 1.");
    both(
        m, c, name,
        [f](const Tensor& x, bool unbiased, bool keepdim) {
            return Tensor(f(x, shape(), double(unbiased), keepdim));
        },
        "unbiased"_a, nb::kw_only(), "keepdim"_a = false, "The same of all elements.");
}

using order_argument = described<"float | str">;
/// 2 for None and 'fro', the norm of a matrix as a vector.
double order_of_norm(const order_argument& p) {
    if (p.is_none()) {
        return 2;
    }
    if (nb::isinstance<nb::str>(p)) {
        const auto name = nb::cast<std::string>(p);
        if (name != "fro") {
            throw value_error("[norm] p is a number or 'fro', not '" + name + "'");
        }
        return 2;
    }
    return nb::cast<double>(p);
}

template <class F>
void index_of_extremum(nb::module_& m, tensor_class& c, const char* name, F f) {
    along(
        m, c, name,
        [f](const Tensor& x, std::optional<std::int64_t> d, bool keepdim) -> Tensor {
            if (d) {
                return f(x, *d, keepdim);
            }
            const Tensor r = f(lazy::flatten(x), 0, false);
            return keepdim ? lazy::reshape(r, shape::filled(x.shape().size(), 1)) : r;
        },
        "dim"_a.none() = nb::none(), "keepdim"_a = false,
        "int64 index of the first extreme element, of the first NaN if there is one; without a "
        "dimension in the flattened tensor.");
}

}  // namespace

void bind_reductions(nb::module_& m, tensor_class& c) {
#define LAZYTENSOR_BIND(name, doc)                                            \
    reduction(m, c, #name, doc, [](const Tensor& x, const shape& d, bool k) { \
        return Tensor(lazy::name(x, d, k));                                   \
    });
    LAZYTENSOR_BIND(sum, "Sum over all dimensions, one or several; integers and bool give int64.")
    LAZYTENSOR_BIND(prod, "Product; integers and bool give int64. 1 of nothing.")
    LAZYTENSOR_BIND(mean, "Arithmetic mean of floats; NaN of nothing. TypeError for integers.")
    LAZYTENSOR_BIND(amax, "Largest elements, NaN where there is one.")
    LAZYTENSOR_BIND(amin, "Smallest elements, NaN where there is one.")
    LAZYTENSOR_BIND(any, "True where any element is not zero.")
    LAZYTENSOR_BIND(all, "True where all elements are not zero; true of nothing.")
    LAZYTENSOR_BIND(logsumexp, "log(sum(exp(x))) without overflow.")
    LAZYTENSOR_BIND(count_nonzero, "How many elements are not zero, int64.")
#undef LAZYTENSOR_BIND
#define LAZYTENSOR_BIND(name, doc)                                                               \
    spread(m, c, #name, doc, [](const Tensor& x, const shape& d, double correction, bool keep) { \
        return lazy::name(x, d, correction, keep);                                               \
    });
    LAZYTENSOR_BIND(var, "Variance with divisor n - correction; floats only.")
    LAZYTENSOR_BIND(std, "Standard deviation with divisor n - correction; floats only.")
#undef LAZYTENSOR_BIND
    extremum<"max">(
        m, c,
        "The largest element; with a dimension, (values, indices); with a tensor, the elementwise "
        "maximum.",
        [](const Tensor& x) { return lazy::amax(x); },
        [](const Tensor& x, std::int64_t d, bool k) { return lazy::max(x, d, k); },
        [](const Tensor& a, const Tensor& b) { return lazy::maximum(a, b); });
    extremum<"min">(
        m, c,
        "The smallest element; with a dimension, (values, indices); with a tensor, the elementwise "
        "minimum.",
        [](const Tensor& x) { return lazy::amin(x); },
        [](const Tensor& x, std::int64_t d, bool k) { return lazy::min(x, d, k); },
        [](const Tensor& a, const Tensor& b) { return lazy::minimum(a, b); });
    index_of_extremum(m, c, "argmax", [](const Tensor& x, std::int64_t d, bool k) {
        return Tensor(lazy::argmax(x, d, k));
    });
    index_of_extremum(m, c, "argmin", [](const Tensor& x, std::int64_t d, bool k) {
        return Tensor(lazy::argmin(x, d, k));
    });
    along(
        m, c, "norm",
        [](const Tensor& x, const order_argument& p, const optional_dims& d, bool keepdim,
           const std::optional<dtype_argument>& type) {
            return in_dtype(x, type, [&](const Tensor& w) {
                return lazy::norm(w, order_of_norm(p), d.value_or(shape()), keepdim);
            });
        },
        "p"_a.none() = 2.0, "dim"_a.none() = nb::none(), "keepdim"_a = false,
        "dtype"_a.none() = nb::none(),
        "The p-norm of the elements; p may be 0, inf, -inf, and 'fro' is 2. Neither overflows nor "
        "vanishes.");
#define LAZYTENSOR_BIND(name, doc)                                                       \
    along(                                                                               \
        m, c, #name,                                                                     \
        [](const Tensor& x, std::int64_t d, const std::optional<dtype_argument>& type) { \
            return in_dtype(x, type, [d](const Tensor& w) { return lazy::name(w, d); }); \
        },                                                                               \
        "dim"_a, "dtype"_a.none() = nb::none(), doc);
    LAZYTENSOR_BIND(softmax, "exp(x) scaled to sum 1 along dim, in one pass over memory.")
    LAZYTENSOR_BIND(log_softmax, "log(softmax(x, dim)), in one pass over memory.")
#undef LAZYTENSOR_BIND
    both(
        m, c, "allclose",
        [](const Tensor& a, const Tensor& b, double rtol, double atol, bool equal_nan) {
            const Tensor x = snapshot(a);
            const Tensor y = snapshot(b);
            return unlocked([&] { return lazy::allclose(x, y, rtol, atol, equal_nan); });
        },
        "other"_a, "rtol"_a = 1e-5, "atol"_a = 1e-8, "equal_nan"_a = false,
        "True if |a - b| <= atol + rtol * |b| everywhere. Computes.");
    both(
        m, c, "equal",
        [](const Tensor& a, const Tensor& b) {
            const Tensor x = snapshot(a);
            const Tensor y = snapshot(b);
            return unlocked([&] { return lazy::equal(x, y); });
        },
        "other"_a, "True if both have one shape and the same elements. Computes.");
}

}  // namespace lazy::python

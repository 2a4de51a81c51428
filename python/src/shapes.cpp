// Views and shape: reshape, transpose, expand, split, cat, repeat, ...
// SPDX-License-Identifier: BSD-3-Clause
#include <nanobind/stl/vector.h>

#include "along.hpp"
#include "binding.hpp"

namespace lazy::python {

std::vector<Tensor> tensors_of(const tensors_argument& sequence) {
    const nb::object list =
        nb::steal(PySequence_Fast(sequence.ptr(), "expected a sequence of Tensors"));
    if (!list.is_valid()) {
        throw nb::python_error();
    }
    std::vector<Tensor> r;
    r.reserve(static_cast<std::size_t>(PySequence_Fast_GET_SIZE(list.ptr())));
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(list.ptr()); ++i) {
        const nb::object h = nb::borrow(PySequence_Fast_GET_ITEM(list.ptr(), i));
        // As it is: a view stays one on its own tensor.
        if (is_tensor(h)) {
            r.push_back(tensor_in(h));
            continue;
        }
        operand o;
        if (!read_operand(h, o)) {
            throw nb::type_error("expected a sequence of Tensors");
        }
        r.push_back(tensor_of(std::move(o)));
    }
    return r;
}

tensors_value tuple_of(const std::vector<Tensor>& tensors) {
    const nb::object tuple = nb::steal(PyTuple_New(static_cast<Py_ssize_t>(tensors.size())));
    if (!tuple.is_valid()) {
        throw nb::python_error();
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        PyTuple_SET_ITEM(tuple.ptr(), static_cast<Py_ssize_t>(i),
                         nb::cast(tensors[i]).release().ptr());
    }
    return nb::borrow<tensors_value>(tuple);
}

namespace {

std::vector<Tensor> split_by(const Tensor& x, const sizes_argument& sizes, std::int64_t d) {
    if (PyIndex_Check(sizes.ptr())) {
        return lazy::split(x, nb::cast<std::int64_t>(sizes), d);
    }
    shape each;
    if (!read_shape(sizes, each)) {
        throw nb::type_error("split: sizes must be an integer or a sequence of integers");
    }
    return lazy::split(x, each.to_vector(), d);
}

/// The memory of a tensor as elements of another dtype; NumPy knows when that is one.
Tensor view_as_dtype(const Tensor& x, lazy::dtype d) {
    if (d == x.dtype()) {
        return Tensor(lazy::view(x, x.shape()));
    }
    if (d == dtype_id::bfloat16 || x.dtype() == dtype_id::bfloat16) {
        throw dtype_error("[view] bfloat16 has no counterpart in NumPy, which makes these views");
    }
    try {
        return from_array(to_array(x).attr("view")(d.name()));
    } catch (const nb::python_error& e) {
        if (!e.matches(PyExc_ValueError)) {
            throw;
        }
        throw shape_error("[view] " + to_string(x.shape()) + " as " + d.name() + ": " +
                          nb::cast<std::string>(nb::str(e.value())));
    }
}

/// Without dimensions of size 1: all, or those given.
Tensor squeezed(const Tensor& x, const std::optional<shape>& d) {
    if (!d) {
        return Tensor(lazy::squeeze(x));
    }
    // From the last dimension to the first, so that the numbers of the others stay.
    shape order = *d;
    for (std::int64_t& k : order) {
        k = static_cast<std::int64_t>(wrap_dim(k, x.shape().size(), "squeeze"));
    }
    std::sort(order.begin(), order.end());
    if (const auto twice = std::adjacent_find(order.begin(), order.end()); twice != order.end()) {
        throw shape_error("[squeeze] dim " + std::to_string(*twice) +
                          " appears multiple times in the list of dims");
    }
    Tensor r = x;
    for (std::size_t i = order.size(); i-- > 0;) {
        r = lazy::squeeze(r, order[i]);
    }
    return r;
}

/// Methods whose names end in _ and that leave the elements alone: from now on the Python object
/// is the view.
void bind_views_of_itself(tensor_class& c) {
    const auto becomes = [](const tensor_object& self, Tensor view) {
        *nb::inst_ptr<Tensor>(self) = std::move(view);
        return self;
    };
    with_both_names(
        [&](const auto&... e) {
            c.def(
                "unsqueeze_",
                [becomes](const tensor_object& self, std::int64_t d) {
                    return becomes(self, Tensor(lazy::unsqueeze(tensor_in(self), d)));
                },
                e...);
        },
        "dim"_a, "unsqueeze, this tensor being the view from now on.");
    with_both_names(
        [&](const auto&... e) {
            c.def(
                "squeeze_",
                [becomes](const tensor_object& self, const std::optional<shape>& d) {
                    return becomes(self, squeezed(tensor_in(self), d));
                },
                e...);
        },
        "dim"_a.none() = nb::none(), "squeeze, this tensor being the view from now on.");
    c.def(
        "transpose_",
        [becomes](const tensor_object& self, std::int64_t a, std::int64_t b) {
            return becomes(self, Tensor(lazy::transpose(tensor_in(self), a, b)));
        },
        "dim0"_a, "dim1"_a, "transpose, this tensor being the view from now on.");
    c.def(
        "t_",
        [becomes](const tensor_object& self) {
            return becomes(self, Tensor(lazy::t(tensor_in(self))));
        },
        "t, this tensor being the view from now on.");
}

/// What takes sizes as `f(2, 3)` (method only), as `f((2, 3))`, and by PyTorch's keyword.
template <class F>
void sized(nb::module_& m, tensor_class& c, const char* name, const char* keyword, const char* doc,
           F f) {
    m.def(
        name, [f](const Tensor& x, const shape& s) { return f(x, s); }, "input"_a, nb::arg(keyword),
        doc);
    c.def(
        name, [f](const Tensor& x, const nb::args& sizes) { return f(x, sizes_of(sizes)); },
        "sizes"_a, doc);
    c.def(
        name, [f](const Tensor& x, const shape& s) { return f(x, s); }, nb::kw_only(),
        nb::arg(keyword));
}

}  // namespace

void bind_shapes(nb::module_& m, tensor_class& c) {
#define LAZYTENSOR_BIND(name, keyword, doc) \
    sized(m, c, #name, keyword, doc,        \
          [](const Tensor& x, const shape& s) { return Tensor(lazy::name(x, s)); });
    LAZYTENSOR_BIND(reshape, "shape",
                    "The same elements under another shape; one size may be -1. A view "
                    "where strides allow.")
    LAZYTENSOR_BIND(permute, "dims", "A view with the dimensions in another order.")
    LAZYTENSOR_BIND(expand, "size", "A view with dimensions of size 1 repeated; -1 keeps a size.")
    LAZYTENSOR_BIND(repeat, "repeats", "A lazy copy, sizes[d] times along each dimension.")
    LAZYTENSOR_BIND(tile, "dims", "A lazy copy, NumPy's tile.")
    LAZYTENSOR_BIND(flip, "dims", "A lazy copy with the order along the dimensions reversed.")
    LAZYTENSOR_BIND(broadcast_to, "size", "A view broadcast to the sizes.")
#undef LAZYTENSOR_BIND
    c.def("view", &view_as_dtype, "dtype"_a,
          "A view under another shape, or of the same memory as another dtype (which computes the "
          "tensor). RuntimeError where strides do not allow one.");
    c.def(
        "view",
        [](const Tensor& x, const nb::args& s) { return Tensor(lazy::view(x, sizes_of(s))); },
        "sizes"_a);
    c.def(
        "view", [](const Tensor& x, const shape& s) { return Tensor(lazy::view(x, s)); },
        nb::kw_only(), "size"_a);
    both(
        m, c, "flatten",
        [](const Tensor& x, std::int64_t a, std::int64_t b) {
            return Tensor(lazy::flatten(x, a, b));
        },
        "start_dim"_a = 0, "end_dim"_a = -1,
        "Dimensions start_dim..end_dim merged into one; a 0-d tensor becomes 1-d.");
    both(
        m, c, "ravel", [](const Tensor& x) { return Tensor(lazy::flatten(x, 0, -1)); },
        "All dimensions merged into one.");
    along(m, c, "squeeze", &squeezed, "dim"_a.none() = nb::none(),
          "A view without dimensions of size 1: all, or those given.");
    along(
        m, c, "unsqueeze",
        [](const Tensor& x, std::int64_t d) { return Tensor(lazy::unsqueeze(x, d)); }, "dim"_a,
        "A view with a new dimension of size 1.");
    bind_views_of_itself(c);
    both(
        m, c, "transpose",
        [](const Tensor& x, std::int64_t a, std::int64_t b) {
            return Tensor(lazy::transpose(x, a, b));
        },
        "dim0"_a, "dim1"_a, "A view with two dimensions exchanged.");
    both(
        m, c, "swapaxes",
        [](const Tensor& x, std::int64_t a, std::int64_t b) {
            return Tensor(lazy::transpose(x, a, b));
        },
        "axis0"_a, "axis1"_a, "Another name of transpose.");
    both(
        m, c, "movedim",
        [](const Tensor& x, const shape& from, const shape& to) {
            return Tensor(lazy::movedim(x, from, to));
        },
        "source"_a, "destination"_a, "A view with dimensions moved, the others in their order.");
    both(
        m, c, "t", [](const Tensor& x) { return Tensor(lazy::t(x)); },
        "The transpose of a matrix; fewer dimensions stay as they are.");
    c.def_prop_ro(
        "T", [](const Tensor& x) { return Tensor(lazy::T(x)); },
        "A view with the dimensions in reverse order.");
    c.def_prop_ro(
        "mT", [](const Tensor& x) { return Tensor(lazy::transpose(x, -2, -1)); },
        "A view with the last two dimensions exchanged.");
    both(
        m, c, "diagonal",
        [](const Tensor& x, std::int64_t o, std::int64_t a, std::int64_t b) {
            return Tensor(lazy::diagonal(x, o, a, b));
        },
        "offset"_a = 0, "dim1"_a = 0, "dim2"_a = 1, "A view of the diagonals of two dimensions.");
    both(
        m, c, "roll",
        [](const Tensor& x, const shape& shifts, const std::optional<shape>& d) {
            if (x.ndim() == 0 && d && !d->empty()) {
                throw index_error("[roll] Dimension specified as " + std::to_string((*d)[0]) +
                                  " but tensor has no dimensions");
            }
            return Tensor(!d && shifts.size() == 1 ? lazy::roll(x, shifts[0])
                                                   : lazy::roll(x, shifts, d.value_or(shape())));
        },
        "shifts"_a, "dims"_a.none() = nb::none(),
        "Elements moved along dimensions, those that fall off coming in at the other end.");
    c.def(
        "contiguous", [](const Tensor& x) { return Tensor(lazy::contiguous(x)); },
        "Row-major and dense: the tensor itself when it is, else a lazy copy.");
    along(
        m, c, "narrow",
        [](const Tensor& x, std::int64_t d, std::int64_t start, std::int64_t length) {
            return Tensor(lazy::narrow(x, d, start, length));
        },
        "dim"_a, "start"_a, "length"_a, "A view of part of one dimension.");
    along(
        m, c, "split",
        [](const Tensor& x, const sizes_argument& sizes, std::int64_t d) {
            return tuple_of(split_by(x, sizes, d));
        },
        "split_size"_a, "dim"_a = 0,
        "Views of consecutive pieces, of one size or of the given ones.");
    along(
        m, c, "chunk",
        [](const Tensor& x, std::int64_t n, std::int64_t d) {
            return tuple_of(lazy::chunk(x, n, d));
        },
        "chunks"_a, "dim"_a = 0, "Views of at most so many equal pieces.");
    along(
        m, c, "unbind",
        [](const Tensor& x, std::int64_t d) { return tuple_of(lazy::unbind(x, d)); }, "dim"_a = 0,
        "Views of the slices along a dimension.");
    along(
        m, c, "repeat_interleave",
        [](const Tensor& x, std::int64_t n, std::optional<std::int64_t> d) {
            return Tensor(d ? lazy::repeat_interleave(x, n, *d)
                            : lazy::repeat_interleave(lazy::flatten(x), n, 0));
        },
        "repeats"_a, "dim"_a.none() = nb::none(), "Every element so many times in a row.");
    const auto joining = [&](const char* name, const char* doc, auto f) {
        with_both_names([&](const auto&... e) { m.def(name, f, "tensors"_a, e...); }, "dim"_a = 0,
                        doc);
    };
    joining("cat", "Tensors laid one behind the other along a dimension.",
            [](const tensors_argument& t, std::int64_t d) { return lazy::cat(tensors_of(t), d); });
    m.attr("concat") = m.attr("cat");
    joining(
        "stack", "A new dimension that numbers the tensors.",
        [](const tensors_argument& t, std::int64_t d) { return lazy::stack(tensors_of(t), d); });
    m.def(
        "broadcast_shapes",
        [](const nb::args& shapes) {
            shape r;
            for (nb::handle h : shapes) {
                r = lazy::broadcast_shapes(r, nb::cast<shape>(h), "broadcast_shapes");
            }
            return r;
        },
        "shapes"_a, "The shape that the given ones broadcast to.");
    both(
        m, c, "diag", [](const Tensor& x, std::int64_t k) { return Tensor(lazy::diag(x, k)); },
        "diagonal"_a = 0, "A vector as a diagonal matrix; the diagonal of a matrix.");
    both(
        m, c, "tril", [](const Tensor& x, std::int64_t k) { return Tensor(lazy::tril(x, k)); },
        "diagonal"_a = 0, "The lower triangle, zeros elsewhere.");
    both(
        m, c, "triu", [](const Tensor& x, std::int64_t k) { return Tensor(lazy::triu(x, k)); },
        "diagonal"_a = 0, "The upper triangle, zeros elsewhere.");
}

}  // namespace lazy::python

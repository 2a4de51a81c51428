// t[i], t[1:3, ..., None], t[mask], t[index tensors]: views, selections, and assigning to them.
// SPDX-License-Identifier: BSD-3-Clause
#include "binding.hpp"

namespace lazy::python {

namespace {

std::optional<std::int64_t> bound_of(PyObject* o) {
    if (o == Py_None) {
        return std::nullopt;
    }
    if (is_tensor(o)) {
        compute(tensor_in(o));
        return scalar(lazy::item(tensor_in(o))).to<std::int64_t>();
    }
    Py_ssize_t value = 0;
    // Clips as Python's own slices do.
    if (_PyEval_SliceIndex(o, &value) == 0) {
        throw nb::python_error();
    }
    return value;
}

index_item item_of(nb::handle h) {
    using what = index_item::what;
    PyObject* const o = h.ptr();
    const lazy::range whole{none, none, 1};
    if (o == Py_None) {
        return {what::added, 0, whole, {}};
    }
    if (o == Py_Ellipsis) {
        return {what::rest, 0, whole, {}};
    }
    if (PySlice_Check(o)) {
        auto* s = reinterpret_cast<PySliceObject*>(o);
        lazy::range r{none, none, 1};
        r.start = bound_of(s->start);
        r.stop = bound_of(s->stop);
        r.step = bound_of(s->step).value_or(1);
        if (r.step == 0) {
            throw value_error("[index] slice step cannot be zero");
        }
        return {what::range, 0, r, {}};
    }
    if (PyBool_Check(o)) {
        return {what::tensor, 0, whole, graph::make_number(scalar(o == Py_True), dtype_id::bool_)};
    }
    if (is_tensor(h)) {
        const Tensor& x = tensor_in(h);
        if (x.shape().empty() && x.dtype().is_integral()) {
            compute(x);
            return {what::number, scalar(lazy::item(x)).to<std::int64_t>(), whole, {}};
        }
        if (x.dtype() == dtype_id::bool_) {
            compute(x);
        }
        return {what::tensor, 0, whole, x.node()};
    }
    if (PyRange_Check(o)) {
        return item_of(nb::list(h));
    }
    if (is_array(h) || PyList_Check(o) || PyTuple_Check(o)) {
        const bool empty = !is_array(h) && PySequence_Fast_GET_SIZE(o) == 0;
        return {what::tensor, 0, whole,
                tensor_from(h, empty ? std::optional(lazy::dtype(dtype_id::int64)) : std::nullopt)
                    .node()};
    }
    if (PyIndex_Check(o)) {
        const Py_ssize_t i = PyNumber_AsSsize_t(o, PyExc_IndexError);
        if (i == -1 && PyErr_Occurred() != nullptr) {
            throw nb::python_error();
        }
        return {what::number, i, whole, {}};
    }
    throw nb::index_error(
        "only integers, slices (`:`), ellipsis (`...`), None, and integer or boolean "
        "tensors are valid indices");
}

/// What an index names: a view, and the index tensors (if any) to select with.
struct target {
    graph::variable_ptr view;
    std::vector<graph::node_ptr> tensors;
    std::vector<std::size_t> placed;
};

target find(const Tensor& x, nb::handle index) {
    std::vector<index_item> items;
    if (PyTuple_Check(index.ptr())) {
        for (nb::handle h : nb::borrow<nb::tuple>(index)) {
            items.push_back(item_of(h));
        }
    } else {
        items.push_back(item_of(index));
    }
    target t;
    graph::variable_ptr base = x.variable();
    graph::geometry g = index_view(graph::geometry_of(*base), items, t.placed);
    t.view = graph::view_variable(base, std::move(g));
    t.tensors = index_tensors(items);
    return t;
}

/// Refuses indices out of range before anything is written: a pending write that fails would leave
/// the tensor without a value. Computes the indices.
void check_bounds(const target& t) {
    for (std::size_t i = 0; i < t.tensors.size(); ++i) {
        const Tensor index = handle_of(t.tensors[i]);
        if (index.dtype() == dtype_id::bool_ || !index.dtype().is_integral() ||
            index.numel() == 0) {
            continue;
        }
        const Tensor wide = lazy::to(index, int64);
        const Tensor low = lazy::amin(wide);
        const Tensor high = lazy::amax(wide);
        unlocked([&] { lazy::eval(low, high); });
        const std::int64_t size = t.view->shape()[t.placed[i]];
        const auto least = scalar(lazy::item(low)).to<std::int64_t>();
        const auto most = scalar(lazy::item(high)).to<std::int64_t>();
        if (least < -size || most >= size) {
            throw index_error("[index_put] index " + std::to_string(most >= size ? most : least) +
                              " is out of bounds for dimension " + std::to_string(t.placed[i]) +
                              " with size " + std::to_string(size));
        }
    }
}

Tensor value_for(nb::handle value, lazy::dtype d) {
    operand o;
    if (read_operand(value, o)) {
        if (o.value.is_number) {
            const scalar s = o.take().value;
            check_writable(s, d);
            return make_handle<void>(graph::make_number(s, d));
        }
        return handle_of(o.take().node);
    }
    // A list's floats are float32 on their own, which would round them.
    const bool wide = d == dtype_id::float64 || d == dtype_id::complex128;
    return tensor_from(value, wide ? std::optional(d) : std::nullopt);
}

}  // namespace

void bind_indexing(tensor_class& c) {
    c.def(
        "__getitem__",
        [](const Tensor& x, nb::handle index) -> Tensor {
            target t = find(x, index);
            if (t.tensors.empty()) {
                return Tensor(t.view);
            }
            // Masks are computed here: the shape depends on them.
            return Tensor(
                selection<void>(t.view, std::move(t.tensors), std::move(t.placed)).variable());
        },
        "index"_a.none());
    c.def(
        "__setitem__",
        [](const Tensor& x, nb::handle index, nb::handle value) {
            target t = find(x, index);
            const Tensor source = value_for(value, x.dtype());
            check_bounds(t);
            compute_for_write(x, source);
            const engine_call call;
            if (t.tensors.empty()) {
                // As PyTorch, leading dimensions of size 1 may be too many.
                Tensor fitting = source;
                while (fitting.shape().size() > t.view->shape().size() && fitting.shape()[0] == 1) {
                    fitting = lazy::squeeze(fitting, 0);
                }
                Tensor(t.view).copy_(fitting);
            } else {
                selection<void>(t.view, std::move(t.tensors), std::move(t.placed)) = source;
            }
        },
        "index"_a.none(), "value"_a);
}

}  // namespace lazy::python

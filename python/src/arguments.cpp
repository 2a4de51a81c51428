// Python objects as dtypes, shapes, numbers and operands, and numbers and shapes as Python objects.
// SPDX-License-Identifier: BSD-3-Clause
#include "binding.hpp"

#include <cmath>

namespace lazy::python {

namespace {

constexpr std::array<const char*, dtype_count> dtype_names{
    "bool",   "uint8",   "int8",     "int16",   "int32",   "int64",     "uint16",    "uint32",
    "uint64", "float16", "bfloat16", "float32", "float64", "complex64", "complex128"};

/// One reference each, never dropped.
std::array<PyObject*, dtype_count> dtype_objects{};

/// An integer that fits into 64 bits; false leaves no Python error behind.
bool read_index(PyObject* o, std::int64_t& to) noexcept {
    if (PyBool_Check(o) || !PyIndex_Check(o)) {
        return false;
    }
    PyObject* index = PyNumber_Index(o);
    if (index == nullptr) {
        PyErr_Clear();
        return false;
    }
    int overflow = 0;
    to = PyLong_AsLongLongAndOverflow(index, &overflow);
    Py_DECREF(index);
    if (overflow != 0 || (to == -1 && PyErr_Occurred() != nullptr)) {
        PyErr_Clear();
        return false;
    }
    return true;
}

}  // namespace

bool read_dtype(nb::handle from, lazy::dtype& to) noexcept {
    if (nb::isinstance<lazy::dtype>(from)) {
        if (!nb::inst_ready(from)) {
            return false;
        }
        to = *nb::inst_ptr<lazy::dtype>(from);
        return true;
    }
    PyObject* const o = from.ptr();
    if (o == reinterpret_cast<PyObject*>(&PyBool_Type)) {
        to = dtype_id::bool_;
    } else if (o == reinterpret_cast<PyObject*>(&PyLong_Type)) {
        to = dtype_id::int64;
    } else if (o == reinterpret_cast<PyObject*>(&PyFloat_Type)) {
        to = get_default_dtype();
    } else if (o == reinterpret_cast<PyObject*>(&PyComplex_Type)) {
        to = promote_with_number(dtype_id::bool_, dtype_kind::complex, get_default_dtype());
    } else {
        return read_array_dtype(from, to);
    }
    return true;
}

dtype_value dtype_object(lazy::dtype d) { return nb::borrow(dtype_objects[d.index()]); }

bool read_shape(nb::handle from, shape& to) noexcept {
    std::int64_t one = 0;
    PyObject* const o = from.ptr();
    if (PyTuple_Check(o) || PyList_Check(o)) {
        to = shape();
        // A list may shrink while the __index__ of one of its items runs.
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(o); ++i) {
            PyObject* const item = Py_NewRef(PySequence_Fast_GET_ITEM(o, i));
            const bool is_index = read_index(item, one);
            Py_DECREF(item);
            if (!is_index) {
                return false;
            }
            to.push_back(one);
        }
        return true;
    }
    if (is_tensor(from) || !read_index(o, one)) {
        return false;
    }
    to = shape(one);
    return true;
}

shape sizes_of(const nb::args& args) {
    shape s;
    const nb::handle all = args.size() == 1 && !PyIndex_Check(nb::handle(args[0]).ptr())
                               ? nb::handle(args[0])
                               : nb::handle(args);
    if (!read_shape(all, s)) {
        throw nb::type_error("sizes must be integers, or one sequence of integers");
    }
    return s;
}

nb::object shape_object(const shape& s) {
    static PyObject* const type =
        nb::object(nb::module_::import_("lazytensor._size").attr("Size")).release().ptr();
    PyObject* const tuple = PyTuple_New(static_cast<Py_ssize_t>(s.size()));
    for (std::size_t d = 0; d < s.size(); ++d) {
        PyTuple_SET_ITEM(tuple, static_cast<Py_ssize_t>(d), PyLong_FromLongLong(s[d]));
    }
    PyObject* const r = PyObject_CallOneArg(type, tuple);
    Py_DECREF(tuple);
    if (r == nullptr) {
        throw nb::python_error();
    }
    return nb::steal(r);
}

bool read_value(nb::handle from, value_argument& to) noexcept {
    if (is_tensor(from)) {
        to.tensor = nb::borrow(from);
        return tensor_in(from).ndim() == 0;
    }
    if (is_array(from)) {
        to.tensor = nb::borrow(from);
        PyObject* const shape = PyObject_GetAttrString(from.ptr(), "shape");
        const bool is_number = shape != nullptr && PyTuple_GET_SIZE(shape) == 0;
        Py_XDECREF(shape);
        PyErr_Clear();
        return is_number;
    }
    return read_number(from, to);
}

scalar value_argument::get() const {
    if (!tensor) {
        return number_argument::get();
    }
    number_argument n;
    if (!read_number(tensor.attr("item")(), n)) {
        throw nb::type_error("expected a number");
    }
    return n.get();
}

const scalar& number_argument::get() const {
    if (overflow) {
        PyErr_SetString(PyExc_OverflowError, "an integer of more than 64 bits");
        throw nb::python_error();
    }
    return value;
}

lazy::dtype dtype_of_number(const scalar& s) {
    // read_number makes uint64 only of what is too large for int64.
    if (s.kind() == dtype_kind::integer && s.is_unsigned()) {
        PyErr_SetString(PyExc_OverflowError, "an integer that int64 does not hold: give a dtype");
        throw nb::python_error();
    }
    return promote_with_number(dtype_id::bool_, s.kind(), get_default_dtype());
}

bool read_number(nb::handle from, number_argument& to) noexcept {
    PyObject* o = from.ptr();
    if (PyFloat_CheckExact(o)) {
        to.value = scalar(PyFloat_AS_DOUBLE(o));
    } else if (PyBool_Check(o)) {
        to.value = scalar(o == Py_True);
    } else if (PyLong_Check(o)) {
        int overflow = 0;
        const long long value = PyLong_AsLongLongAndOverflow(o, &overflow);
        to.value = scalar(static_cast<std::int64_t>(value));
        if (overflow > 0) {
            to.value = scalar(static_cast<std::uint64_t>(PyLong_AsUnsignedLongLong(o)));
            to.overflow = PyErr_Occurred() != nullptr;
            PyErr_Clear();
        } else {
            to.overflow = overflow != 0;
        }
    } else if (PyFloat_Check(o)) {
        to.value = scalar(PyFloat_AS_DOUBLE(o));
    } else if (PyComplex_Check(o)) {
        const Py_complex c = PyComplex_AsCComplex(o);
        to.value = scalar(std::complex<double>(c.real, c.imag));
    } else if (is_array_scalar(from)) {
        PyObject* const plain = PyObject_CallMethod(o, "item", nullptr);
        if (plain == nullptr) {
            PyErr_Clear();
            return false;
        }
        const bool known = !is_array_scalar(plain) && read_number(plain, to);
        Py_DECREF(plain);
        return known;
    } else {
        return false;
    }
    return true;
}

nb::object number_object(const scalar& s) {
    PyObject* o = nullptr;
    switch (s.kind()) {
        case dtype_kind::boolean: o = PyBool_FromLong(s.to<bool>() ? 1 : 0); break;
        case dtype_kind::integer:
            o = s.is_unsigned() ? PyLong_FromUnsignedLongLong(s.to<std::uint64_t>())
                                : PyLong_FromLongLong(s.to<std::int64_t>());
            break;
        case dtype_kind::floating: o = PyFloat_FromDouble(s.to<double>()); break;
        case dtype_kind::complex: {
            const auto c = s.to<std::complex<double>>();
            o = PyComplex_FromDoubles(c.real(), c.imag());
            break;
        }
    }
    return nb::steal(o);
}

void check_fits(const scalar& s, lazy::dtype d) {
    if (s.kind() == dtype_kind::complex && !d.is_complex()) {
        throw dtype_error(std::string("[tensor] a complex number cannot become ") + d.name());
    }
    if (d.kind() != dtype_kind::integer || s.kind() == dtype_kind::boolean) {
        return;
    }
    bool fits = true;
    if (s.kind() == dtype_kind::integer) {
        fits = fits_wrapped(s, d);
    } else if (s.kind() == dtype_kind::floating) {
        const double value = std::trunc(s.to<double>());
        const double limit = std::ldexp(1.0, static_cast<int>(d.itemsize() * 8) - d.is_signed());
        fits = value < limit && (value > -limit || (d.is_signed() && value == -limit));
    }
    if (!fits) {
        throw value_error(std::string("[tensor] value cannot be converted to type ") + d.name() +
                          " without overflow");
    }
}

void check_writable(const scalar& s, lazy::dtype d) {
    check_fits(s, d);
    if (d.is_floating_point() && s.kind() == dtype_kind::floating) {
        const auto value = s.to<double>();
        std::array<std::byte, 16> element{};
        s.store(d, element.data());
        const auto held = scalar::load(d, element.data()).to<double>();
        if (std::isfinite(value) && !std::isfinite(held)) {
            throw value_error(std::string("[tensor] value cannot be converted to type ") +
                              d.name() + " without overflow");
        }
    }
}

run_time_operand operand::take() {
    if (overflow) {
        PyErr_SetString(PyExc_OverflowError, "an integer of more than 64 bits");
        throw nb::python_error();
    }
    return std::move(value);
}

bool read_operand(nb::handle from, operand& to) noexcept {
    if (is_tensor(from)) {
        to.value = {tensor_in(from).node(), scalar(), false};
        return true;
    }
    number_argument n;
    if (read_number(from, n)) {
        to.value = {nullptr, n.value, true};
        to.overflow = n.overflow;
        return true;
    }
    if (is_array(from)) {
        try {
            to.value = {copy_of_array(from, std::nullopt).node(), scalar(), false};
            return true;
        } catch (...) {
            PyErr_Clear();
        }
    }
    return false;
}

Tensor tensor_of(operand o) {
    run_time_operand v = o.take();
    return handle_of(v.is_number ? graph::make_number(v.value, dtype_of_number(v.value))
                                 : std::move(v.node));
}

Tensor tensor_of(operand o, lazy::dtype beside) {
    if (!o.value.is_number) {
        return tensor_of(std::move(o));
    }
    const run_time_operand v = o.take();
    const lazy::dtype d = promote_with_number(beside, v.value.kind(), get_default_dtype());
    return make_handle<void>(graph::make_number(v.value, d));
}

Tensor handle_of(graph::node_ptr n) {
    if (n->kind() != graph::kind::view) {
        return make_handle<void>(std::move(n));
    }
    const graph::variable_ptr base = make_handle<void>(graph::node_ptr(n->input(0))).variable();
    return Tensor(graph::view_variable(base, {n->shape(), n->layout()}));
}

Tensor snapshot(const Tensor& x) { return handle_of(x.node()); }

void compute(const Tensor& x) {
    const graph::node_ptr n = x.variable()->base().value();
    if (!n->ready()) {
        unlocked([&] { engine::compute(n.get()); });
    }
}

void bind_dtypes(nb::module_& m) {
    auto c = nb::class_<lazy::dtype>(m, "dtype", "An element type: lt.float32, lt.int64, ...");
    c.def_prop_ro("name", [](lazy::dtype d) { return d.name(); })
        .def_prop_ro("itemsize", [](lazy::dtype d) { return d.itemsize(); })
        .def_prop_ro("is_floating_point", [](lazy::dtype d) { return d.is_floating_point(); })
        .def_prop_ro("is_complex", [](lazy::dtype d) { return d.is_complex(); })
        .def_prop_ro("is_signed", [](lazy::dtype d) { return d.is_signed(); })
        .def_prop_ro("kind",
                     [](lazy::dtype d) {
                         constexpr const char* kinds[] = {"bool", "integer", "floating", "complex"};
                         return kinds[static_cast<int>(d.kind())];
                     })
        .def("__repr__", [](lazy::dtype d) { return std::string("torch.") + d.name(); })
        .def("__hash__", [](lazy::dtype d) { return static_cast<Py_ssize_t>(d.index() + 1); })
        .def(
            "__eq__",
            [](lazy::dtype d, nb::handle other) {
                return nb::isinstance<lazy::dtype>(other) && nb::inst_ready(other) &&
                       *nb::inst_ptr<lazy::dtype>(other) == d;
            },
            nb::arg("other").none())
        .def("__reduce__", [](lazy::dtype d) { return std::string(d.name()); });
    for (std::size_t i = 0; i < dtype_count; ++i) {
        nb::object o = nb::cast(lazy::dtype(static_cast<dtype_id>(i)));
        m.attr(dtype_names[i]) = o;
        dtype_objects[i] = o.release().ptr();
    }
    m.def(
        "promote_types",
        [](dtype_argument a, dtype_argument b) {
            return dtype_object(promote_types(a.value, b.value));
        },
        "type1"_a, "type2"_a, "The dtype that both promote to.");
    m.def(
        "get_default_dtype", [] { return dtype_object(get_default_dtype()); },
        "What floats without a dtype become; float32 at start.");
    m.def(
        "set_default_dtype", [](dtype_argument d) { set_default_dtype(d.value); }, "d"_a,
        "Sets the dtype of floats without one. TypeError for what is not a real floating dtype.");
}

}  // namespace lazy::python

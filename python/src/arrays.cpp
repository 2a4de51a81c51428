// NumPy's arrays in and out, sharing memory; and the buffer protocol.
// SPDX-License-Identifier: BSD-3-Clause
#define NPY_NO_DEPRECATED_API NPY_1_22_API_VERSION
#define NPY_TARGET_VERSION NPY_1_22_API_VERSION
#include "binding.hpp"

#include <numpy/arrayobject.h>

namespace lazy::python {

namespace {

/// Loads NumPy's interface, once. Throws ImportError where there is no NumPy.
void need_numpy() {
    static bool ready = false;
    if (!ready) {
        if (_import_array() < 0) {
            throw nb::python_error();
        }
        ready = true;
    }
}
/// NumPy's objects exist only where somebody has imported it.
bool numpy_is_loaded() noexcept {
    static bool loaded = false;
    if (!loaded) {
        PyObject* const modules = PyImport_GetModuleDict();
        // The last thing that NumPy's own import loads: a module half imported does not count.
        if (modules == nullptr || PyDict_GetItemString(modules, "numpy") == nullptr ||
            PyDict_GetItemString(modules, "numpy.matrixlib") == nullptr) {
            return false;
        }
        if (_import_array() < 0) {
            PyErr_Clear();
            return false;
        }
        loaded = true;
    }
    return true;
}

int type_number(lazy::dtype d) {
    switch (d.id()) {
        case dtype_id::bool_: return NPY_BOOL;
        case dtype_id::uint8: return NPY_UINT8;
        case dtype_id::int8: return NPY_INT8;
        case dtype_id::int16: return NPY_INT16;
        case dtype_id::int32: return NPY_INT32;
        case dtype_id::int64: return NPY_INT64;
        case dtype_id::uint16: return NPY_UINT16;
        case dtype_id::uint32: return NPY_UINT32;
        case dtype_id::uint64: return NPY_UINT64;
        case dtype_id::float16: return NPY_FLOAT16;
        case dtype_id::float32: return NPY_FLOAT32;
        case dtype_id::float64: return NPY_FLOAT64;
        case dtype_id::complex64: return NPY_COMPLEX64;
        case dtype_id::complex128: return NPY_COMPLEX128;
        default: throw dtype_error("[numpy] NumPy has no bfloat16: use .float() first");
    }
}

bool dtype_of_descr(const PyArray_Descr* descr, lazy::dtype& to) noexcept {
    const auto size = PyDataType_ELSIZE(descr);
    const auto pick = [&](std::initializer_list<std::pair<int, dtype_id>> of) {
        for (const auto& [bytes, id] : of) {
            if (size == bytes) {
                to = id;
                return true;
            }
        }
        return false;
    };
    switch (descr->kind) {
        case 'b': return pick({{1, dtype_id::bool_}});
        case 'i':
            return pick({{1, dtype_id::int8},
                         {2, dtype_id::int16},
                         {4, dtype_id::int32},
                         {8, dtype_id::int64}});
        case 'u':
            return pick({{1, dtype_id::uint8},
                         {2, dtype_id::uint16},
                         {4, dtype_id::uint32},
                         {8, dtype_id::uint64}});
        case 'f':
            return pick({{2, dtype_id::float16}, {4, dtype_id::float32}, {8, dtype_id::float64}});
        case 'c': return pick({{8, dtype_id::complex64}, {16, dtype_id::complex128}});
        default: return false;
    }
}

lazy::dtype known_dtype(PyArrayObject* a) {
    lazy::dtype d = dtype_id::float32;
    if (!dtype_of_descr(PyArray_DESCR(a), d)) {
        const std::string name = nb::cast<std::string>(
            nb::str(nb::handle(reinterpret_cast<PyObject*>(PyArray_DESCR(a)))));
        throw dtype_error("[from_numpy] can't convert np.ndarray of type " + name +
                          ". The supported types are: float64, float32, float16, complex64, "
                          "complex128, int64, int32, int16, int8, uint64, uint32, uint16, uint8, "
                          "and bool.");
    }
    return d;
}

shape dims_of(const npy_intp* values, int count) {
    shape s;
    for (int d = 0; d < count; ++d) {
        s.push_back(values[d]);
    }
    return s;
}

const char* format_of(lazy::dtype d) {
    // NumPy's int64 is long where long has 64 bits; "q" would become another dtype of the size.
    constexpr bool wide_long = sizeof(long) == 8;
    constexpr std::array<const char*, dtype_count> formats{
        "?",     "B", "b", "h",  "i", wide_long ? "l" : "q", "H", "I", wide_long ? "L" : "Q", "e",
        nullptr, "f", "d", "Zf", "Zd"};
    return formats[d.index()];
}

/// True iff the elements lie in column-major order without gaps.
bool is_fortran_contiguous(const array_interface& a) {
    auto step = static_cast<std::int64_t>(a.dtype().itemsize());
    for (std::size_t d = 0; d < a.ndim(); ++d) {
        if (a.shape()[d] > 1 && a.strides()[d] != step) {
            return a.size() == 0;
        }
        step *= a.shape()[d];
    }
    return true;
}

int get_buffer(PyObject* self, Py_buffer* view, int flags) {
    view->obj = nullptr;
    try {
        if (!is_tensor(self)) {
            PyErr_SetString(PyExc_BufferError, "the tensor has not been initialised");
            return -1;
        }
        const Tensor& x = tensor_in(self);
        if (format_of(x.dtype()) == nullptr) {
            PyErr_SetString(PyExc_BufferError, "bfloat16 has no buffer format");
            return -1;
        }
        compute(x);
        auto* a = new array_interface(lazy::numpy(x));
        const auto fail = [&](const char* why) {
            delete a;
            PyErr_SetString(PyExc_BufferError, why);
            return -1;
        };
        if ((flags & PyBUF_WRITABLE) != 0 && a->readonly()) {
            return fail("the tensor's memory is read-only");
        }
        if ((flags & PyBUF_STRIDES) != PyBUF_STRIDES && !a->is_contiguous()) {
            return fail("the tensor is not contiguous");
        }
        const bool fortran = is_fortran_contiguous(*a);
        if ((flags & PyBUF_C_CONTIGUOUS) == PyBUF_C_CONTIGUOUS && !a->is_contiguous()) {
            return fail("the tensor is not contiguous");
        }
        if ((flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS && !fortran) {
            return fail("the tensor is not in Fortran order");
        }
        if ((flags & PyBUF_ANY_CONTIGUOUS) == PyBUF_ANY_CONTIGUOUS && !a->is_contiguous() &&
            !fortran) {
            return fail("the tensor is not contiguous");
        }
        static_assert(sizeof(Py_ssize_t) == sizeof(std::int64_t));
        view->buf = a->data();
        view->obj = Py_NewRef(self);
        view->itemsize = static_cast<Py_ssize_t>(a->dtype().itemsize());
        view->len = a->size() * view->itemsize;
        view->readonly = a->readonly() ? 1 : 0;
        view->ndim = static_cast<int>(a->ndim());
        view->format =
            (flags & PyBUF_FORMAT) != 0 ? const_cast<char*>(format_of(a->dtype())) : nullptr;
        view->shape =
            (flags & PyBUF_ND) != 0
                ? reinterpret_cast<Py_ssize_t*>(const_cast<std::int64_t*>(a->shape().data()))
                : nullptr;
        view->strides =
            (flags & PyBUF_STRIDES) == PyBUF_STRIDES
                ? reinterpret_cast<Py_ssize_t*>(const_cast<std::int64_t*>(a->strides().data()))
                : nullptr;
        view->suboffsets = nullptr;
        view->internal = a;
        return 0;
    } catch (nb::python_error& e) {
        e.restore();
        if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) {
            // NumPy forgets errors of this protocol, and tries the next one: Ctrl-C comes again
            // there, or right after.
            PyErr_SetString(PyExc_BufferError, "interrupted");
            PyErr_SetInterrupt();
        }
    } catch (const memory_error& e) {
        PyErr_SetString(PyExc_MemoryError, e.what());
    } catch (const std::exception& e) {
        PyErr_SetString(PyExc_BufferError, e.what());
    }
    return -1;
}
void release_buffer(PyObject*, Py_buffer* view) {
    delete static_cast<array_interface*>(view->internal);
}

}  // namespace

PyType_Slot* buffer_slots() {
    static PyType_Slot slots[] = {{Py_bf_getbuffer, reinterpret_cast<void*>(get_buffer)},
                                  {Py_bf_releasebuffer, reinterpret_cast<void*>(release_buffer)},
                                  {0, nullptr}};
    return slots;
}

bool is_array(nb::handle h) noexcept { return numpy_is_loaded() && PyArray_Check(h.ptr()); }
bool is_array_scalar(nb::handle h) noexcept {
    return numpy_is_loaded() && PyArray_IsScalar(h.ptr(), Generic);
}

bool read_array_dtype(nb::handle descr, lazy::dtype& to) noexcept {
    if (!numpy_is_loaded() || (!PyType_Check(descr.ptr()) && !PyArray_DescrCheck(descr.ptr()))) {
        return false;
    }
    PyArray_Descr* d = nullptr;
    if (PyArray_DescrConverter(descr.ptr(), &d) == NPY_FAIL || d == nullptr) {
        PyErr_Clear();
        return false;
    }
    const bool known = dtype_of_descr(d, to);
    Py_DECREF(d);
    return known;
}

Tensor from_array(nb::handle array) {
    if (!is_array(array)) {
        throw nb::type_error(
            (std::string("expected np.ndarray (got ") + Py_TYPE(array.ptr())->tp_name + ")")
                .c_str());
    }
    auto* a = reinterpret_cast<PyArrayObject*>(array.ptr());
    const lazy::dtype d = known_dtype(a);
    if (PyArray_ISBYTESWAPPED(a)) {
        throw value_error(
            "[from_numpy] given numpy array has byte order different from the native "
            "byte order: convert it first, or copy it with lt.tensor(array)");
    }
    if (!PyArray_ISALIGNED(a)) {
        throw value_error(
            "[from_numpy] the array's elements are not aligned in memory: copy it with "
            "lt.tensor(array)");
    }
    return from_numpy(array_interface(d, dims_of(PyArray_DIMS(a), PyArray_NDIM(a)),
                                      dims_of(PyArray_STRIDES(a), PyArray_NDIM(a)), PyArray_DATA(a),
                                      shared_object(nb::borrow(array)), !PyArray_ISWRITEABLE(a)));
}

Tensor copy_of_array(nb::handle array, std::optional<lazy::dtype> wanted) {
    need_numpy();
    // Only CheckFromAny swaps bytes; FromAny ignores the flag.
    const nb::object plain = nb::steal(PyArray_CheckFromAny(
        array.ptr(), nullptr, 0, 0, NPY_ARRAY_CARRAY_RO | NPY_ARRAY_NOTSWAPPED, nullptr));
    if (!plain.is_valid()) {
        throw nb::python_error();
    }
    auto* a = reinterpret_cast<PyArrayObject*>(plain.ptr());
    const lazy::dtype d = known_dtype(a);
    shape sizes = dims_of(PyArray_DIMS(a), PyArray_NDIM(a));
    const std::size_t bytes = static_cast<std::size_t>(PyArray_NBYTES(a));
    buffer_ptr memory = buffer::allocate(bytes);
    if (bytes != 0) {
        std::memcpy(memory->data(), PyArray_DATA(a), bytes);
    }
    const Tensor x = make_handle<void>(graph::make_buffer(std::move(memory), d, std::move(sizes)));
    return wanted ? lazy::to(x, *wanted) : x;
}

array_value to_array(const Tensor& x) {
    need_numpy();
    const int type = type_number(x.dtype());
    compute(x);
    const array_interface a = lazy::numpy(x);
    static_assert(sizeof(npy_intp) == sizeof(std::int64_t));
    const nb::object array = nb::steal(
        PyArray_NewFromDescr(&PyArray_Type, PyArray_DescrFromType(type), static_cast<int>(a.ndim()),
                             reinterpret_cast<const npy_intp*>(a.shape().data()),
                             reinterpret_cast<const npy_intp*>(a.strides().data()), a.data(),
                             a.readonly() ? 0 : NPY_ARRAY_WRITEABLE, nullptr));
    if (!array.is_valid()) {
        throw nb::python_error();
    }
    auto* const owner = new std::shared_ptr<void>(a.owner());
    PyObject* const capsule = PyCapsule_New(owner, nullptr, [](PyObject* c) {
        delete static_cast<std::shared_ptr<void>*>(PyCapsule_GetPointer(c, nullptr));
    });
    if (capsule == nullptr) {
        delete owner;
        throw nb::python_error();
    }
    if (PyArray_SetBaseObject(reinterpret_cast<PyArrayObject*>(array.ptr()), capsule) < 0) {
        throw nb::python_error();
    }
    return array;
}

}  // namespace lazy::python

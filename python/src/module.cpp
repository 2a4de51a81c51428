// The extension module: the Tensor class, its properties, conversions and leaving the library.
// SPDX-License-Identifier: BSD-3-Clause
#include "binding.hpp"

namespace lazy::python {

namespace {

scalar number_of(const Tensor& x) {
    const Tensor s = snapshot(x);
    if (!s.node()->ready() && s.node()->kind() != graph::kind::number) {
        return unlocked([&] { return scalar(lazy::item(s)); });
    }
    return lazy::item(s);
}

/// What PyTorch calls the class of tensors of a dtype: torch.FloatTensor.
std::string type_name(lazy::dtype d) {
    constexpr std::pair<dtype_id, const char*> names[] = {{dtype_id::bool_, "Bool"},
                                                          {dtype_id::uint8, "Byte"},
                                                          {dtype_id::int8, "Char"},
                                                          {dtype_id::int16, "Short"},
                                                          {dtype_id::int32, "Int"},
                                                          {dtype_id::int64, "Long"},
                                                          {dtype_id::uint16, "UInt16"},
                                                          {dtype_id::uint32, "UInt32"},
                                                          {dtype_id::uint64, "UInt64"},
                                                          {dtype_id::float16, "Half"},
                                                          {dtype_id::bfloat16, "BFloat16"},
                                                          {dtype_id::float32, "Float"},
                                                          {dtype_id::float64, "Double"},
                                                          {dtype_id::complex64, "ComplexFloat"},
                                                          {dtype_id::complex128, "ComplexDouble"}};
    const auto* found = std::find_if(std::begin(names), std::end(names),
                                     [d](const auto& n) { return n.first == d; });
    return std::string("torch.") + found->second + "Tensor";
}

/// `x` as a `d`: the very object when it is one already.
tensor_object in_dtype(const tensor_object& x, lazy::dtype d) {
    if (tensor_in(x).dtype() == d) {
        return x;
    }
    return nb::cast<tensor_object>(nb::cast(Tensor(lazy::to(tensor_in(x), d))));
}

/// Each exception is caught both as PyTorch's programs catch it and as NumPy's do.
void bind_error_types(nb::module_& m) {
    static PyObject* types[7];
    const auto make = [&](int i, const char* name, std::initializer_list<PyObject*> bases,
                          const char* doc) {
        nb::list list;
        for (PyObject* b : bases) {
            list.append(nb::borrow(b));
        }
        const std::string full = std::string("lazytensor.") + name;
        types[i] = PyErr_NewExceptionWithDoc(full.c_str(), doc, nb::tuple(list).ptr(), nullptr);
        m.attr(name) = nb::borrow(types[i]);
    };
    make(0, "ShapeError", {PyExc_RuntimeError, PyExc_ValueError},
         "Shapes that do not fit together, ragged lists, impossible sizes.");
    make(1, "DtypeError", {PyExc_TypeError, PyExc_RuntimeError},
         "A dtype the operation does not take.");
    make(2, "DeviceError", {PyExc_RuntimeError, PyExc_ValueError}, "A device that is not there.");
    make(3, "DataError", {PyExc_ValueError, PyExc_RuntimeError},
         "An argument whose value makes no sense, or an error of the data met in evaluation.");
    make(4, "FormatError", {PyExc_ValueError, PyExc_OSError},
         "A file that is missing, truncated, malformed or of an unsupported kind.");
    make(5, "BoundsError", {PyExc_IndexError, PyExc_RuntimeError},
         "An index, a dimension or a number of elements out of range.");
    types[6] = PyExc_MemoryError;
    nb::register_exception_translator([](const std::exception_ptr& p, void*) {
        try {
            std::rethrow_exception(p);
        } catch (const shape_error& e) {
            PyErr_SetString(types[0], e.what());
        } catch (const dtype_error& e) {
            PyErr_SetString(types[1], e.what());
        } catch (const device_error& e) {
            PyErr_SetString(types[2], e.what());
        } catch (const value_error& e) {
            PyErr_SetString(types[3], e.what());
        } catch (const format_error& e) {
            // It names a file, whose name may be any bytes.
            const nb::object text = nb::steal(PyUnicode_DecodeFSDefault(e.what()));
            PyErr_SetObject(types[4], text.ptr());
        } catch (const index_error& e) {
            PyErr_SetString(types[5], e.what());
        } catch (const memory_error& e) {
            PyErr_SetString(types[6], e.what());
        } catch (const nb::cast_error&) {
            PyErr_SetString(PyExc_TypeError, "an argument is of a type that is not taken here");
        }
    });
}

/// lazytensor._size.ElementCount of a shape. Making one takes longer than many an operation on
/// tensors, and most have one of few shapes: those are kept.
nb::object element_count(const shape& s) {
    struct known {
        shape sizes;
        PyObject* count = nullptr;
    };
    static known all[64];
    static PyObject* const type =
        nb::object(nb::module_::import_("lazytensor._size").attr("ElementCount")).release().ptr();
    std::uint64_t hash = s.size();
    for (const std::int64_t n : s) {
        hash = memory::hash_index::mix(hash, static_cast<std::uint64_t>(n));
    }
    known& k = all[hash % 64];
    if (k.count == nullptr || k.sizes != s) {
        PyObject* const made = PyObject_CallOneArg(type, shape_object(s).ptr());
        if (made == nullptr) {
            throw nb::python_error();
        }
        Py_XDECREF(std::exchange(k.count, made));
        k.sizes = s;
    }
    return nb::borrow(k.count);
}

void bind_properties(tensor_class& c) {
    c.def_prop_ro(
        "size", [](const Tensor& x) -> described<"lazytensor._size.ElementCount"> {
            return element_count(x.shape());
        },
        "The number of elements; called, t.size() is the shape.");
    c.def_prop_ro(
        "shape", [](const Tensor& x) { return x.shape(); }, "Sizes. Computes nothing.");
    c.def_prop_ro("dtype", [](const Tensor& x) { return dtype_object(x.dtype()); });
    c.def_prop_ro("ndim", [](const Tensor& x) { return x.ndim(); });
    c.def_prop_ro("device", [](const Tensor& x) { return x.device(); });
    c.def_prop_ro("itemsize", [](const Tensor& x) { return x.itemsize(); });
    c.def_prop_ro("nbytes", [](const Tensor& x) { return x.nbytes(); });
    c.def("dim", [](const Tensor& x) { return x.ndim(); });
    c.def("numel", [](const Tensor& x) { return x.numel(); });
    c.def("nelement", [](const Tensor& x) { return x.numel(); });
    c.def("element_size", [](const Tensor& x) { return x.itemsize(); });
    c.def(
        "stride",
        [](const Tensor& x, std::optional<std::int64_t> d) -> described<"tuple[int, ...] | int"> {
            const shape s = x.strides();
            if (d) {
                return nb::int_(s[wrap_dim(*d, s.size(), "stride")]);
            }
            return nb::tuple(shape_object(s));
        },
        "dim"_a.none() = nb::none(), "Strides in elements.");
    c.def("is_contiguous", [](const Tensor& x) { return x.is_contiguous(); });
    c.def("is_floating_point", [](const Tensor& x) { return x.is_floating_point(); });
    c.def("is_complex", [](const Tensor& x) { return x.is_complex(); });
    c.def(
        "is_ready", [](const Tensor& x) { return x.variable()->base().value()->ready(); },
        "True if the elements are in memory: nothing is pending.");
    c.def("data_ptr", [](const Tensor& x) {
        compute(x);
        return reinterpret_cast<std::uintptr_t>(lazy::numpy(x).data());
    });
}

void bind_conversions(tensor_class& c) {
    using conversion_target = described<"lazytensor.Tensor | dtype_like | str">;
    using device_name = described<"str">;
    c.def(
        "to",
        [](const tensor_object& self, const conversion_target& target,
           const std::optional<dtype_argument>& named, bool copy, const device_name& device) {
            const Tensor& x = tensor_in(self);
            if (!device.is_none() &&
                !(nb::isinstance<nb::str>(device) && nb::cast<std::string>(device) == "cpu")) {
                throw device_error("[to] there is no such device, only 'cpu'");
            }
            lazy::dtype d = named ? named->value : x.dtype();
            if (is_tensor(target)) {
                d = tensor_in(target).dtype();
            } else if (nb::isinstance<nb::str>(target)) {
                if (nb::cast<std::string>(target) != "cpu") {
                    throw device_error("[to] there is no device '" + nb::cast<std::string>(target) +
                                       "', only 'cpu'");
                }
            } else if (!target.is_none() && !read_dtype(target, d)) {
                throw nb::type_error("to: expected a dtype, a Tensor or 'cpu'");
            }
            if (copy && d == x.dtype()) {
                const Tensor s = snapshot(x);
                return nb::cast<tensor_object>(nb::cast(unlocked([&] { return lazy::clone(s); })));
            }
            return in_dtype(self, d);
        },
        "target"_a.none() = nb::none(), "dtype"_a.none() = nb::none(), nb::kw_only(),
        "copy"_a = false, "device"_a.none() = nb::none(),
        "Converted; the tensor itself when there is nothing to change.");
    c.def(
        "type",
        [](const Tensor& x,
           const std::optional<dtype_argument>& d) -> described<"str | lazytensor.Tensor"> {
            if (!d) {
                return nb::str(type_name(x.dtype()).c_str());
            }
            return nb::cast(lazy::to(x, d->value));
        },
        "dtype"_a.none() = nb::none());
    c.def(
        "type_as", [](const tensor_object& x, const Tensor& o) { return in_dtype(x, o.dtype()); },
        "other"_a);
    constexpr std::pair<const char*, dtype_id> names[] = {
        {"bool", dtype_id::bool_},       {"byte", dtype_id::uint8},
        {"char", dtype_id::int8},        {"short", dtype_id::int16},
        {"int", dtype_id::int32},        {"long", dtype_id::int64},
        {"half", dtype_id::float16},     {"bfloat16", dtype_id::bfloat16},
        {"float", dtype_id::float32},    {"double", dtype_id::float64},
        {"cfloat", dtype_id::complex64}, {"cdouble", dtype_id::complex128}};
    for (const auto& [name, id] : names) {
        c.def(
            name, [d = lazy::dtype(id)](const tensor_object& x) { return in_dtype(x, d); },
            "Converted; the tensor itself when it has this dtype.");
    }
    c.def("cpu", [](const tensor_object& x) { return x; });
}

void bind_leaving(nb::module_& m, tensor_class& c) {
    c.def(
        "item", [](const Tensor& x) { return any_value(number_object(number_of(x))); },
        "The number in a one-element tensor. Computes.");
    c.def("tolist", &to_list, "The elements as nested lists. Computes.");
    c.def(
        "numpy", [](const Tensor& x, bool) { return to_array(x); }, nb::kw_only(),
        "force"_a = false,
        "A NumPy array that shares the memory: writes on either side are seen on the other. "
        "Computes. There is nothing to force: no tensor is on another device.");
    both(
        m, c, "clone",
        [](const Tensor& x) {
            const Tensor s = snapshot(x);
            return unlocked([&] { return lazy::clone(s); });
        },
        "A copy with memory of its own, computed now.");
    c.def(
        "eval",
        [](tensor_object self) {
            compute(tensor_in(self));
            return self;
        },
        "Computes the tensor now, and gives it back.");
    const auto text = [](const Tensor& x) {
        const Tensor s = snapshot(x);
        return unlocked([&] { return lazy::to_string(s); });
    };
    c.def("__repr__", text);
    c.def("__bool__", [](const Tensor& x) {
        compute(x);
        return lazy::truth(x);
    });
    c.def("__float__", [](const Tensor& x) {
        const scalar s = number_of(x);
        if (s.kind() == dtype_kind::complex) {
            throw nb::type_error("float() argument must be a real tensor, not a complex one");
        }
        return s.to<double>();
    });
    c.def("__int__", [](const Tensor& x) {
        const scalar s = number_of(x);
        if (s.kind() == dtype_kind::complex) {
            throw nb::type_error("int() argument must be a real tensor, not a complex one");
        }
        // Python's own conversion of floats: infinities and NaN raise.
        return nb::steal<nb::int_>(PyNumber_Long(number_object(s).ptr()));
    });
    c.def("__complex__", [](const Tensor& x) {
        const auto z = number_of(x).to<std::complex<double>>();
        return nb::steal<described<"complex">>(PyComplex_FromDoubles(z.real(), z.imag()));
    });
    c.def("__index__", [](const Tensor& x) {
        if (x.numel() != 1 || x.dtype().kind() > dtype_kind::integer) {
            throw nb::type_error(
                "only integer tensors of a single element can be converted to an index");
        }
        return nb::steal<nb::int_>(PyNumber_Index(number_object(number_of(x)).ptr()));
    });
    c.def("__len__", [](const Tensor& x) {
        if (x.shape().empty()) {
            throw nb::type_error("len() of a 0-d tensor");
        }
        return x.shape()[0];
    });
    c.def("__iter__", [](const Tensor& x) {
        if (x.shape().empty()) {
            throw nb::type_error("iteration over a 0-d tensor");
        }
        nb::list l;
        for (const Tensor& t : lazy::unbind(x, 0)) {
            l.append(t);
        }
        return nb::typed<nb::iterator, Tensor>(nb::iter(l));
    });
    c.def("__contains__", [](const Tensor& x, operand v) {
        run_time_operand both[] = {{x.node(), scalar(), false}, v.take()};
        const Tensor hits = make_handle<void>(apply_run_time<ops::eq>(both));
        const Tensor any = lazy::any(hits);
        compute(any);
        return lazy::truth(any);
    });
    c.def("__hash__", [](nb::handle self) {
        return static_cast<Py_ssize_t>(reinterpret_cast<std::uintptr_t>(self.ptr()) >> 4);
    });
    c.def(
        "__deepcopy__",
        [](const Tensor& x, nb::handle) {
            const Tensor s = snapshot(x);
            return unlocked([&] { return lazy::clone(s); });
        },
        "memo"_a.none());
    c.def("__copy__", [](const Tensor& x) { return x; });
    m.def("_from_bytes", [](const nb::bytes& data, const std::string& name, const shape& sizes) {
        lazy::dtype d = dtype_id::float32;
        const nb::object named = nb::module_::import_("lazytensor").attr(name.c_str());
        if (!nb::isinstance<lazy::dtype>(named) || !read_dtype(named, d)) {
            throw value_error("[unpickle] there is no dtype " + name);
        }
        check_sizes(sizes, "unpickle");
        if (data.size() != static_cast<std::size_t>(sizes.numel()) * d.itemsize()) {
            throw value_error("[unpickle] the data do not fit the shape");
        }
        buffer_ptr memory = buffer::allocate(data.size());
        if (data.size() != 0) {
            std::memcpy(memory->data(), data.c_str(), data.size());
        }
        return make_handle<void>(graph::make_buffer(std::move(memory), d, sizes));
    });
    c.def("__reduce__", [](const Tensor& x) {
        const Tensor s = snapshot(x);
        const Tensor own = unlocked([&] { return lazy::clone(s); });
        const array_interface a = elements(own);
        const nb::bytes data(reinterpret_cast<const char*>(a.data()), own.nbytes());
        return nb::make_tuple(
            nb::module_::import_("lazytensor").attr("_from_bytes"),
            nb::make_tuple(data, x.dtype().name(), nb::tuple(shape_object(x.shape()))));
    });
    c.def(
        "copy_",
        [](tensor_object self, operand source) {
            const Tensor& x = tensor_in(self);
            const Tensor from = tensor_of(std::move(source), x.dtype());
            compute_for_write(x, from);
            const engine_call call;
            x.copy_(from);
            return self;
        },
        "source"_a, "Writes the source, broadcast and converted, into this tensor's elements.");
    c.def(
        "fill_",
        [](tensor_object self, const number_argument& v) {
            check_writable(v.get(), tensor_in(self).dtype());
            const engine_call call;
            tensor_in(self).fill_(v.get());
            return self;
        },
        "value"_a);
    c.def(
        "fill_",
        [](tensor_object self, const Tensor& v) {
            if (v.ndim() != 0) {
                throw shape_error(
                    "[fill_] only supports 0-dimension value tensor but got tensor with " +
                    std::to_string(v.ndim()) + " dimensions.");
            }
            compute_for_write(tensor_in(self), v);
            const engine_call call;
            tensor_in(self).copy_(v);
            return self;
        },
        "value"_a);
    c.def("zero_", [](tensor_object self) {
        const engine_call call;
        tensor_in(self).zero_();
        return self;
    });
}

}  // namespace

}  // namespace lazy::python

NB_MODULE(LAZYTENSOR_MODULE, m) {
    using namespace lazy::python;
    // The dtypes live as long as the process, on purpose.
    nb::set_leak_warnings(false);
    // The package's name, not that of one of its builds, in types, messages and pickles.
    const nb::object own_name = m.attr("__name__");
    m.attr("__name__") = "lazytensor";
    m.doc() = "Lazytensor's core: tensors whose operations are computed when a value is asked for.";
    prepare_process();
    bind_error_types(m);
    bind_dtypes(m);
    tensor_class c(m, "Tensor", nb::type_slots(buffer_slots()), nb::is_weak_referenceable(),
                   "A tensor: PyTorch's vocabulary, nothing computed until a value is asked for.");
    bind_properties(c);
    bind_conversions(c);
    bind_leaving(m, c);
    bind_elementwise(m, c);
    bind_reductions(m, c);
    bind_shapes(m, c);
    bind_algorithms(m, c);
    bind_statistics(m, c);
    bind_expressions(m, c);
    bind_creation(m, c);
    bind_indexing(c);
    bind_dlpack(m, c);
    bind_control(m, c);
    m.attr("__name__") = own_name;
}

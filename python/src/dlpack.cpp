// DLPack, both ways: tensors as capsules, and capsules of other libraries as tensors.
// SPDX-License-Identifier: BSD-3-Clause
#include "binding.hpp"

namespace lazy::python {

namespace {

// The memory layout that https://dmlc.github.io/dlpack/latest/c_api.html fixes.
struct dl_device {
    std::int32_t type;
    std::int32_t id;
};
struct dl_type {
    std::uint8_t code;
    std::uint8_t bits;
    std::uint16_t lanes;
};
struct dl_tensor {
    void* data;
    dl_device device;
    std::int32_t ndim;
    dl_type dtype;
    std::int64_t* shape;
    std::int64_t* strides;  ///< in elements; null: row-major
    std::uint64_t byte_offset;
};
struct managed {
    dl_tensor tensor;
    void* context;
    void (*deleter)(managed*);
};
struct managed_versioned {
    std::uint32_t major;
    std::uint32_t minor;
    void* context;
    void (*deleter)(managed_versioned*);
    std::uint64_t flags;
    dl_tensor tensor;
};
constexpr std::int32_t cpu_device = 1;
constexpr std::uint64_t read_only_flag = 1;
constexpr std::uint64_t copied_flag = 2;
enum code : std::uint8_t {
    int_code,
    uint_code,
    float_code,
    opaque_code,
    bfloat_code,
    complex_code,
    bool_code
};

dl_type type_of(lazy::dtype d) {
    const auto bits = static_cast<std::uint8_t>(d.itemsize() * 8);
    switch (d.kind()) {
        case dtype_kind::boolean: return {bool_code, bits, 1};
        case dtype_kind::integer: return {d.is_signed() ? int_code : uint_code, bits, 1};
        case dtype_kind::floating:
            return {d == dtype_id::bfloat16 ? bfloat_code : float_code, bits, 1};
        default: return {complex_code, bits, 1};
    }
}
lazy::dtype dtype_of_type(dl_type t) {
    for (std::size_t i = 0; i < dtype_count; ++i) {
        const lazy::dtype d = static_cast<dtype_id>(i);
        const dl_type have = type_of(d);
        if (have.code == t.code && have.bits == t.bits && t.lanes == 1) {
            return d;
        }
    }
    PyErr_Format(PyExc_BufferError,
                 "from_dlpack: elements of type code %d with %d bits and %d lanes", t.code, t.bits,
                 t.lanes);
    throw nb::python_error();
}

/// A capsule's content with everything it points to.
template <class Managed>
struct exported {
    Managed content{};
    array_interface array;
    shape strides;
};

template <class Managed>
nb::object make_capsule(const array_interface& a, bool copied, const char* name) {
    auto* e = new exported<Managed>{{}, a, a.strides()};
    for (std::int64_t& s : e->strides) {
        s /= static_cast<std::int64_t>(a.dtype().itemsize());
    }
    e->content.tensor = {a.data(),
                         {cpu_device, 0},
                         static_cast<std::int32_t>(a.ndim()),
                         type_of(a.dtype()),
                         const_cast<std::int64_t*>(e->array.shape().data()),
                         e->strides.data(),
                         0};
    e->content.context = e;
    e->content.deleter = [](Managed* m) { delete static_cast<exported<Managed>*>(m->context); };
    if constexpr (std::is_same_v<Managed, managed_versioned>) {
        e->content.major = 1;
        e->content.minor = 0;
        e->content.flags = (a.readonly() ? read_only_flag : 0) | (copied ? copied_flag : 0);
    }
    PyObject* const capsule = PyCapsule_New(&e->content, name, [](PyObject* c) {
        // Whoever takes the content renames the capsule and calls the deleter himself.
        const char* const own =
            std::is_same_v<Managed, managed_versioned> ? "dltensor_versioned" : "dltensor";
        if (PyCapsule_IsValid(c, own) != 0) {
            auto* m = static_cast<Managed*>(PyCapsule_GetPointer(c, own));
            m->deleter(m);
        }
    });
    if (capsule == nullptr) {
        delete e;
        throw nb::python_error();
    }
    return nb::steal(capsule);
}

nb::object to_dlpack(const Tensor& x, nb::handle stream, nb::handle max_version, nb::handle device,
                     std::optional<bool> copy) {
    if (!stream.is_none()) {
        PyErr_SetString(PyExc_BufferError,
                        "__dlpack__: the CPU has no streams: stream must be None");
        throw nb::python_error();
    }
    if (!device.is_none() && nb::cast<int>(device[0]) != cpu_device) {
        PyErr_SetString(PyExc_BufferError, "__dlpack__: the tensor is on the CPU, device (1, 0)");
        throw nb::python_error();
    }
    const bool versioned = !max_version.is_none() && nb::cast<int>(max_version[0]) >= 1;
    Tensor source = x;
    if (copy.value_or(false)) {
        const Tensor s = snapshot(x);
        source = unlocked([&] { return lazy::clone(s); });
    }
    compute(source);
    const array_interface a = lazy::numpy(source);
    if (a.readonly() && !versioned) {
        PyErr_SetString(
            PyExc_BufferError,
            "__dlpack__: read-only memory needs a consumer of DLPack 1.0: max_version=(1, 0)");
        throw nb::python_error();
    }
    return versioned
               ? make_capsule<managed_versioned>(a, copy.value_or(false), "dltensor_versioned")
               : make_capsule<managed>(a, false, "dltensor");
}

template <class Managed>
Tensor adopt(Managed* content, bool read_only) {
    const std::shared_ptr<void> owner(content, [](void* p) {
        // The deleter may be Python's: it needs the interpreter.
        drop_soon(p, [](void* q) {
            auto* m = static_cast<Managed*>(q);
            if (m->deleter != nullptr) {
                m->deleter(m);
            }
        });
    });
    const dl_tensor& t = content->tensor;
    const auto refuse = [](const char* why) {
        PyErr_SetString(PyExc_BufferError, why);
        throw nb::python_error();
    };
    if (t.device.type != cpu_device) {
        refuse("from_dlpack: only tensors on the CPU can be taken in");
    }
    if (t.ndim < 0 || t.ndim > 1024 || (t.ndim > 0 && t.shape == nullptr)) {
        refuse("from_dlpack: malformed shape");
    }
    const lazy::dtype d = dtype_of_type(t.dtype);
    shape sizes;
    for (std::int32_t k = 0; k < t.ndim; ++k) {
        sizes.push_back(t.shape[k]);
    }
    check_sizes(sizes, "from_dlpack");
    const auto bytes = static_cast<std::int64_t>(d.itemsize());
    shape strides = contiguous_strides(sizes);
    for (std::int32_t k = 0; k < t.ndim; ++k) {
        auto& s = strides[static_cast<std::size_t>(k)];
        if (t.strides != nullptr) {
            s = t.strides[k];
        }
        s *= bytes;
    }
    if (t.data == nullptr && sizes.numel() != 0) {
        refuse("from_dlpack: no data");
    }
    std::byte* const first = static_cast<std::byte*>(t.data) + t.byte_offset;
    // A complex number is aligned as its parts.
    const std::size_t unit = d.itemsize() / (d.is_complex() ? 2 : 1);
    if (reinterpret_cast<std::uintptr_t>(first) % unit != 0) {
        refuse("from_dlpack: the elements are not aligned in memory");
    }
    return from_numpy(
        array_interface(d, std::move(sizes), std::move(strides), first, owner, read_only));
}

template <class Managed>
Managed* take(nb::handle capsule, const char* name, const char* used) {
    auto* content = static_cast<Managed*>(PyCapsule_GetPointer(capsule.ptr(), name));
    if (content == nullptr || PyCapsule_SetName(capsule.ptr(), used) != 0) {
        throw nb::python_error();
    }
    return content;
}

Tensor from_capsule(nb::handle capsule) {
    if (PyCapsule_IsValid(capsule.ptr(), "dltensor_versioned") != 0) {
        auto* const seen = static_cast<managed_versioned*>(
            PyCapsule_GetPointer(capsule.ptr(), "dltensor_versioned"));
        if (seen->major > 1) {
            PyErr_SetString(PyExc_BufferError,
                            "from_dlpack: the capsule is of a later major version");
            throw nb::python_error();
        }
        auto* const m =
            take<managed_versioned>(capsule, "dltensor_versioned", "used_dltensor_versioned");
        return adopt(m, (m->flags & read_only_flag) != 0);
    }
    if (PyCapsule_IsValid(capsule.ptr(), "dltensor") != 0) {
        return adopt(take<managed>(capsule, "dltensor", "used_dltensor"), false);
    }
    throw value_error(
        "[from_dlpack] the capsule holds no tensor, or was used before: a capsule can be "
        "taken once");
}

Tensor from_dlpack(nb::handle x, nb::handle device, std::optional<bool> copy) {
    if (!device.is_none() &&
        !(nb::isinstance<nb::str>(device) && nb::cast<std::string>(device) == "cpu") &&
        !(nb::isinstance<nb::tuple>(device) && nb::cast<int>(device[0]) == cpu_device)) {
        throw device_error("[from_dlpack] there is no such device, only 'cpu'");
    }
    Tensor r;
    if (PyCapsule_CheckExact(x.ptr())) {
        r = from_capsule(x);
    } else {
        if (!nb::hasattr(x, "__dlpack__")) {
            throw nb::type_error("from_dlpack: the object has no __dlpack__ method");
        }
        if (nb::hasattr(x, "__dlpack_device__") &&
            nb::cast<int>(x.attr("__dlpack_device__")()[0]) != cpu_device) {
            PyErr_SetString(PyExc_BufferError,
                            "from_dlpack: only tensors on the CPU can be taken in");
            throw nb::python_error();
        }
        nb::object capsule;
        try {
            capsule = x.attr("__dlpack__")("max_version"_a = nb::make_tuple(1, 0));
        } catch (nb::python_error& e) {
            // A producer older than DLPack 1.0 does not know the argument.
            if (!e.matches(PyExc_TypeError)) {
                throw;
            }
            capsule = x.attr("__dlpack__")();
        }
        r = from_capsule(capsule);
    }
    if (copy.value_or(false)) {
        const Tensor s = snapshot(r);
        return unlocked([&] { return lazy::clone(s); });
    }
    return r;
}

}  // namespace

void bind_dlpack(nb::module_& m, tensor_class& c) {
    c.def("__dlpack__", &to_dlpack, nb::kw_only(), "stream"_a.none() = nb::none(),
          "max_version"_a.none() = nb::none(), "dl_device"_a.none() = nb::none(),
          "copy"_a.none() = nb::none(), "A DLPack capsule that shares the memory. Computes.");
    c.def("__dlpack_device__", [](const Tensor&) {
        return nb::typed<nb::tuple, int, int>(nb::make_tuple(cpu_device, 0));
    });
    m.def("from_dlpack", &from_dlpack, "x"_a, nb::kw_only(), "device"_a.none() = nb::none(),
          "copy"_a.none() = nb::none(),
          "A tensor that shares the memory of any object with __dlpack__ (NumPy, PyTorch, JAX), or "
          "of "
          "a capsule.");
}

}  // namespace lazy::python

// Tensors from nested Python lists, and nested lists from tensors.
// SPDX-License-Identifier: BSD-3-Clause
#include "binding.hpp"

namespace lazy::python {

namespace {

constexpr std::size_t most_dims = 64;

bool is_sequence(PyObject* o) {
    return PyList_Check(o) || PyTuple_Check(o) ||
           (PySequence_Check(o) && !PyUnicode_Check(o) && !PyBytes_Check(o) && !PyDict_Check(o));
}

/// What lists are full of: none of the questions after other types needs asking.
bool is_plain_number(PyObject* o) {
    return PyFloat_CheckExact(o) || PyLong_CheckExact(o) || PyBool_Check(o);
}

/// The items of a list, a tuple or another sequence, held while they are read.
class items {
public:
    explicit items(PyObject* o) : list_(nb::steal(PySequence_Fast(o, "not a sequence"))) {
        if (!list_.is_valid()) {
            throw nb::python_error();
        }
    }
    std::int64_t size() const { return PySequence_Fast_GET_SIZE(list_.ptr()); }
    /// Held: the list may shrink while a __getitem__ or __len__ of one of its elements runs.
    nb::object operator[](std::int64_t i) const {
        if (i >= size()) {
            throw value_error("[tensor] the list changed size while it was read");
        }
        return nb::borrow(PySequence_Fast_GET_ITEM(list_.ptr(), i));
    }

private:
    nb::object list_;
};

/// Reads nested sequences twice: first for shape and dtype, then for the elements.
class list_reader {
public:
    explicit list_reader(PyObject* data) : data_(data) {}

    Tensor read(std::optional<lazy::dtype> wanted) {
        measure(data_, 0);
        const lazy::dtype d = wanted ? *wanted : inferred();
        check_sizes(sizes_, "tensor");
        buffer_ptr memory =
            buffer::allocate(static_cast<std::size_t>(sizes_.numel()) * d.itemsize());
        out_ = memory->data();
        end_ = out_ + memory->bytes();
        fill(data_, 0, d);
        if (out_ != end_) {
            throw value_error("[tensor] the list changed while it was read");
        }
        return make_handle<void>(graph::make_buffer(std::move(memory), d, sizes_));
    }

private:
    lazy::dtype inferred() const {
        if (array_dtype_) {
            return any_number_ ? promote_types(*array_dtype_, dtype_of_number(widest_))
                               : *array_dtype_;
        }
        return any_number_ ? dtype_of_number(widest_) : get_default_dtype();
    }

    /// Sizes below `depth` must be those seen first.
    void agree(std::int64_t size, std::size_t depth) {
        if (depth < sizes_.size()) {
            if (sizes_[depth] != size) {
                throw shape_error("[tensor] expected sequence of length " +
                                  std::to_string(sizes_[depth]) + " at dim " +
                                  std::to_string(depth) + " (got " + std::to_string(size) + ")");
            }
        } else if (closed_) {
            throw shape_error(
                "[tensor] the lists are ragged: a sequence where numbers stood, at dim " +
                std::to_string(depth));
        } else {
            if (depth == most_dims) {
                throw shape_error("[tensor] too many dimensions, or a list that holds itself");
            }
            sizes_.push_back(size);
        }
    }
    void number_at(std::size_t depth) {
        if (depth != sizes_.size()) {
            throw shape_error("[tensor] expected sequence of length " +
                              std::to_string(sizes_[depth]) + " at dim " + std::to_string(depth) +
                              " (got a number)");
        }
        closed_ = true;
    }
    void tensor_at(const Tensor& x, std::size_t depth) {
        for (std::int64_t s : x.shape()) {
            agree(s, depth++);
        }
        number_at(depth);
        array_dtype_ = array_dtype_ ? promote_types(*array_dtype_, x.dtype()) : x.dtype();
    }

    void measure(PyObject* o, std::size_t depth) {
        number_argument n;
        const bool plain = is_plain_number(o);
        if (!plain && is_tensor(o)) {
            tensor_at(tensor_in(o), depth);
        } else if (!plain && (is_array(o) || is_array_scalar(o))) {
            tensor_at(copy_of_array(o, std::nullopt), depth);
        } else if (read_number(o, n)) {
            number_at(depth);
            any_number_ = true;
            const scalar& v = n.value;
            if (v.kind() > widest_.kind() || (v.kind() == widest_.kind() && v.is_unsigned())) {
                widest_ = v;
            }
        } else if (is_sequence(o)) {
            const items list(o);
            const std::int64_t size = list.size();
            agree(size, depth);
            for (std::int64_t i = 0; i < size; ++i) {
                measure(list[i].ptr(), depth + 1);
            }
            closed_ = closed_ || size == 0;
        } else {
            throw dtype_error(std::string("[tensor] a tensor cannot be made of a ") +
                              Py_TYPE(o)->tp_name);
        }
    }

    void fill(PyObject* o, std::size_t depth, lazy::dtype d) {
        number_argument n;
        const bool plain = is_plain_number(o);
        if (!plain && is_tensor(o)) {
            append(snapshot(tensor_in(o)), d);
        } else if (!plain && (is_array(o) || is_array_scalar(o))) {
            append(copy_of_array(o, d), d);
        } else if (read_number(o, n)) {
            room_for(d.itemsize());
            check_fits(n.get(), d);
            n.get().store(d, out_);
            out_ += d.itemsize();
        } else {
            if (depth >= sizes_.size() || !is_sequence(o)) {
                throw value_error("[tensor] the list changed while it was read");
            }
            const items list(o);
            for (std::int64_t i = 0; i < list.size(); ++i) {
                fill(list[i].ptr(), depth + 1, d);
            }
        }
    }
    void append(const Tensor& x, lazy::dtype d) {
        compute(x);
        const array_interface a = elements(lazy::contiguous(lazy::to(x, d)));
        const std::size_t bytes = static_cast<std::size_t>(a.size()) * d.itemsize();
        room_for(bytes);
        if (bytes != 0) {
            const Tensor dense = from_numpy(a);
            std::memcpy(out_, elements(lazy::clone(dense)).data(), bytes);
        }
        out_ += bytes;
    }
    void room_for(std::size_t bytes) const {
        if (static_cast<std::size_t>(end_ - out_) < bytes) {
            throw value_error("[tensor] the list changed while it was read");
        }
    }

    PyObject* data_;
    shape sizes_;
    bool closed_ = false;  ///< numbers were met: there are no more dimensions
    bool any_number_ = false;
    scalar widest_ = scalar(false);  ///< a number of the highest kind, one beyond int64 if any
    std::optional<lazy::dtype> array_dtype_;
    std::byte* out_ = nullptr;
    std::byte* end_ = nullptr;
};

PyObject* list_of(const array_interface& a, std::size_t dim, const std::byte* at) {
    if (dim == a.ndim()) {
        return number_object(scalar::load(a.dtype(), at)).release().ptr();
    }
    PyObject* const list = PyList_New(a.shape()[dim]);
    if (list == nullptr) {
        throw nb::python_error();
    }
    for (std::int64_t i = 0; i < a.shape()[dim]; ++i) {
        PyList_SET_ITEM(list, i, list_of(a, dim + 1, at + i * a.strides()[dim]));
    }
    return list;
}

}  // namespace

Tensor tensor_from(nb::handle data, std::optional<lazy::dtype> d) {
    if (is_tensor(data)) {
        const Tensor& x = tensor_in(data);
        const Tensor s = snapshot(x);
        // Memory that the outside can write must be copied now; anything else later.
        const Tensor own = is_shared(x.variable()->base())
                               ? unlocked([&] { return lazy::clone(s); })
                               : make_handle<void>(copied(s.node()));
        return d ? lazy::to(own, *d) : own;
    }
    if (is_array(data) || is_array_scalar(data)) {
        return copy_of_array(data, d);
    }
    return list_reader(data.ptr()).read(d);
}

Tensor as_tensor_from(nb::handle data, std::optional<lazy::dtype> d) {
    if (is_tensor(data)) {
        const Tensor& x = tensor_in(data);
        return d ? lazy::to(x, *d) : x;
    }
    if (is_array(data)) {
        lazy::dtype have = dtype_id::float32;
        if (!d || (read_array_dtype(data.attr("dtype"), have) && have == *d)) {
            return from_array(data);
        }
    }
    return tensor_from(data, d);
}

any_value to_list(const Tensor& x) {
    const Tensor s = snapshot(x);
    const array_interface a = unlocked([&] { return elements(s); });
    return nb::steal(list_of(a, 0, a.data()));
}

}  // namespace lazy::python

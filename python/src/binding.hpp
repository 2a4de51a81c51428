// What the module's sources share: how Python objects become operands, tensors, shapes and dtypes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <algorithm>

#include <lazytensor.hpp>

namespace lazy::python {

namespace nb = nanobind;
using namespace nb::literals;

using tensor_class = nb::class_<Tensor>;

/// A Tensor that has been initialised: Tensor.__new__(Tensor) alone is none.
inline bool is_tensor(nb::handle h) noexcept {
    return nb::isinstance<Tensor>(h) && nb::inst_ready(h);
}
/// The tensor in an object that is_tensor.
inline const Tensor& tensor_in(nb::handle h) { return *nb::inst_ptr<Tensor>(h); }
/// A Tensor as the Python object it is: x.add_(y) gives x itself back.
struct tensor_object : nb::object {
    NB_OBJECT(tensor_object, nb::object, "lazytensor.Tensor", is_tensor)
};

/// A string as a template argument.
template <std::size_t Size>
struct literal {
    char text[Size]{};
    consteval literal(const char (&s)[Size]) { std::copy_n(s, Size, text); }
};
/// An object that signatures show as of this type, for readers and type checkers: nothing checks
/// it.
template <literal Type>
struct described : nb::object {
    static constexpr auto Name = nb::detail::const_name(Type.text);
    described(nb::object o) : nb::object(std::move(o)) {}
    described(nb::handle h, nb::detail::borrow_t t) : nb::object(h, t) {}
    described(nb::handle h, nb::detail::steal_t t) : nb::object(h, t) {}
    static bool check_(nb::handle) { return true; }
};
using dtype_value = described<"lazytensor.dtype">;
using array_value = described<"numpy.ndarray">;
using any_value = described<"typing.Any">;
using tensors_value = nb::typed<nb::tuple, Tensor, nb::ellipsis>;
using tensor_or_tensors = described<"lazytensor.Tensor | tuple[lazytensor.Tensor, ...]">;
using tensors_argument =
    described<"collections.abc.Iterable[lazytensor.Tensor | complex | numpy.ndarray]">;
using path_argument = described<"str | bytes | os.PathLike">;
using sizes_argument = described<"int | collections.abc.Sequence[int]">;

/// Anything that names a dtype: lt.float32, float, np.float32, np.dtype("f4").
struct dtype_argument {
    lazy::dtype value = dtype_id::float32;
};
bool read_dtype(nb::handle from, lazy::dtype& to) noexcept;
/// The one Python object of a dtype: `x.dtype is lt.float32`.
dtype_value dtype_object(lazy::dtype d);

inline std::optional<lazy::dtype> dtype_of_argument(const std::optional<dtype_argument>& d) {
    return d ? std::optional(d->value) : std::nullopt;
}

/// Sizes or dimensions given as one integer or a sequence of them.
bool read_shape(nb::handle from, shape& to) noexcept;
/// Sizes given as `f(2, 3)` or `f((2, 3))`. Throws TypeError.
shape sizes_of(const nb::args& args);
/// The tuple that prints as PyTorch's torch.Size.
nb::object shape_object(const shape& s);

/// A number of Python's or NumPy's; false for anything else. Integers beyond 64 bits: OverflowError
/// when the value is used.
struct number_argument {
    scalar value;
    bool overflow = false;

    const scalar& get() const;
};
bool read_number(nb::handle from, number_argument& to) noexcept;
/// A number, or a 0-d tensor or array of one, which get() computes.
struct value_argument : number_argument {
    nb::object tensor;

    scalar get() const;
};
bool read_value(nb::handle from, value_argument& to) noexcept;
/// The dtype that a number has on its own. OverflowError for integers that int64 does not hold.
lazy::dtype dtype_of_number(const scalar& s);
/// Refuses numbers that an integer dtype cannot hold, as PyTorch: -255 fits uint8, 300 does not.
void check_fits(const scalar& s, lazy::dtype d);
/// The same, and for a finite number that a floating dtype would make infinite.
void check_writable(const scalar& s, lazy::dtype d);
nb::object number_object(const scalar& s);

/// What stands beside an operator: a tensor, a number or an array.
struct operand {
    run_time_operand value;
    bool overflow = false;

    run_time_operand take();
};
bool read_operand(nb::handle from, operand& to) noexcept;

/// A tensor whose value is `n`. Of a view node it is a view, so that what is made of it is a view
/// of the same base: graphs have no views of views.
Tensor handle_of(graph::node_ptr n);
/// An operand as a tensor: a number becomes 0-d of the dtype it has on its own.
Tensor tensor_of(operand o);
/// The same beside a tensor of dtype `beside`: a number becomes what it is in an operation of both.
Tensor tensor_of(operand o, lazy::dtype beside);
/// The tensors, arrays and numbers of a sequence. TypeError for anything else.
std::vector<Tensor> tensors_of(const tensors_argument& sequence);
/// A list of C++ tensors as PyTorch's tuple.
tensors_value tuple_of(const std::vector<Tensor>& tensors);
/// A tensor of its own with the present value of x: safe to evaluate without the interpreter's
/// lock, whatever other Python threads do to x.
Tensor snapshot(const Tensor& x);
/// Computes x now, letting other Python threads run.
void compute(const Tensor& x);
/// Runs the handlers of signals that came; throws what they raise.
void answer_signals();
/// Lets go of what evaluations have left to Python (see drop_soon). With the interpreter's lock.
void drop_waiting();
/// Lets other Python threads run while it lives.
class interpreter_unlocked {
public:
    interpreter_unlocked();
    ~interpreter_unlocked();
    interpreter_unlocked(const interpreter_unlocked&) = delete;
    interpreter_unlocked& operator=(const interpreter_unlocked&) = delete;

private:
    void* state_ = nullptr;
    bool was_answering_ = false;
};
/// f(), letting other Python threads run. f must not touch Python objects, nor variables that
/// others can write. Ctrl-C ends an evaluation in f; when its handler raises nothing, f runs again.
template <class F>
auto unlocked(F&& f) {
    while (true) {
        try {
            struct after {
                ~after() { drop_waiting(); }
            } with_the_lock_again;
            const interpreter_unlocked release;
            return f();
        } catch (const stopped_error&) {
            answer_signals();
        }
    }
}
/// While it lives, this thread may hold both the interpreter's lock and the engine's. An evaluation
/// never waits for the interpreter's lock, so that this cannot deadlock; and no Python code may
/// run.
class engine_call {
public:
    engine_call();
    ~engine_call();
    engine_call(const engine_call&) = delete;
    engine_call& operator=(const engine_call&) = delete;
};

/// Writing to memory that the outside sees computes at once: what it writes, here, letting other
/// Python threads run.
inline void compute_for_write(const Tensor& to, const Tensor& source) {
    if (is_shared(to.variable()->base())) {
        compute(source);
    }
}

/// A tensor of nested lists, tuples, numbers, arrays and tensors: torch.tensor. Copies.
Tensor tensor_from(nb::handle data, std::optional<lazy::dtype> d);
/// The same sharing memory where the data allows it: torch.as_tensor.
Tensor as_tensor_from(nb::handle data, std::optional<lazy::dtype> d);

/// NumPy's side; none of these imports NumPy for data that is not NumPy's.
bool is_array(nb::handle h) noexcept;         ///< an ndarray
bool is_array_scalar(nb::handle h) noexcept;  ///< np.float32(1), ...
bool read_array_dtype(nb::handle descr, lazy::dtype& to) noexcept;
Tensor from_array(nb::handle array);  ///< shares its memory
Tensor copy_of_array(nb::handle array, std::optional<lazy::dtype> d);
array_value to_array(const Tensor& x);  ///< shares its memory
any_value to_list(const Tensor& x);

/// A share in something of Python's. Let go of at once where Python code may run, else soon.
std::shared_ptr<void> shared_object(nb::object o);
/// Lets Python let go of `p` by `drop(p)`, at once where Python code may run, else soon.
void drop_soon(void* p, void (*drop)(void*));

/// Ctrl-C, and fork().
void prepare_process();
void bind_dtypes(nb::module_& m);
void bind_elementwise(nb::module_& m, tensor_class& c);
void bind_reductions(nb::module_& m, tensor_class& c);
void bind_shapes(nb::module_& m, tensor_class& c);
void bind_algorithms(nb::module_& m, tensor_class& c);
void bind_statistics(nb::module_& m, tensor_class& c);
void bind_expressions(nb::module_& m, tensor_class& c);
void bind_creation(nb::module_& m, tensor_class& c);
void bind_indexing(tensor_class& c);
void bind_dlpack(nb::module_& m, tensor_class& c);
void bind_control(nb::module_& m, tensor_class& c);
PyType_Slot* buffer_slots();

/// A function of the module that is a method too.
template <class F, class... Extra>
void both(nb::module_& m, tensor_class& c, const char* name, F f, const Extra&... extra) {
    m.def(name, f, "input"_a, extra...);
    c.def(name, f, extra...);
}

}  // namespace lazy::python

namespace nanobind::detail {

template <>
struct type_caster<lazy::python::dtype_argument> {
    NB_TYPE_CASTER(lazy::python::dtype_argument, const_name("dtype_like"))
    bool from_python(handle src, std::uint32_t, cleanup_list*) noexcept {
        return lazy::python::read_dtype(src, value.value);
    }
};

template <>
struct type_caster<lazy::shape> {
    NB_TYPE_CASTER(lazy::shape, io_name("int | collections.abc.Sequence[int]", "lazytensor.Size"))
    bool from_python(handle src, std::uint32_t, cleanup_list*) noexcept {
        return lazy::python::read_shape(src, value);
    }
    static handle from_cpp(const lazy::shape& s, rv_policy, cleanup_list*) {
        return lazy::python::shape_object(s).release();
    }
};

template <>
struct type_caster<lazy::python::number_argument> {
    NB_TYPE_CASTER(lazy::python::number_argument, const_name("complex | numpy.number"))
    bool from_python(handle src, std::uint32_t, cleanup_list*) noexcept {
        return lazy::python::read_number(src, value);
    }
};

template <>
struct type_caster<lazy::python::value_argument> {
    NB_TYPE_CASTER(lazy::python::value_argument, const_name("Tensor | complex | numpy.number"))
    bool from_python(handle src, std::uint32_t, cleanup_list*) noexcept {
        return lazy::python::read_value(src, value);
    }
};

template <>
struct type_caster<lazy::python::operand> {
    NB_TYPE_CASTER(lazy::python::operand, const_name("Tensor | complex | numpy.ndarray"))
    bool from_python(handle src, std::uint32_t, cleanup_list*) noexcept {
        return lazy::python::read_operand(src, value);
    }
};

}  // namespace nanobind::detail

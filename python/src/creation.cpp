// Making tensors: from data, constants, sequences and random numbers.
// SPDX-License-Identifier: BSD-3-Clause
#include "binding.hpp"

namespace lazy::python {

namespace {

using optional_dtype = std::optional<dtype_argument>;

lazy::dtype or_default(const optional_dtype& d) { return d ? d->value : get_default_dtype(); }

Tensor constant(const shape& sizes, const scalar& value, lazy::dtype d) {
    check_sizes(sizes, "full");
    check_fits(value, d);
    return make_handle<void>(graph::make_number(value, d, sizes));
}
/// The `device` that PyTorch's and the array API's functions take: there is one.
void check_device(const std::optional<std::string>& device) {
    if (device && *device != "cpu") {
        throw device_error("[device] there is no device '" + *device + "', only 'cpu'");
    }
}
using device_argument = std::optional<std::string>;
using number_or_tensor = described<"lazytensor.Tensor | complex | numpy.ndarray">;

void constants(nb::module_& m, const char* name, const char* doc, int value) {
    m.def(
        name,
        [value](const nb::args& sizes, const optional_dtype& d, const device_argument& device) {
            check_device(device);
            return constant(sizes_of(sizes), scalar(value), or_default(d));
        },
        "sizes"_a, nb::kw_only(), "dtype"_a.none() = nb::none(), "device"_a.none() = nb::none(),
        doc);
    m.def(
        name,
        [value](const shape& size, const optional_dtype& d, const device_argument& device) {
            check_device(device);
            return constant(size, scalar(value), or_default(d));
        },
        nb::kw_only(), "size"_a, "dtype"_a.none() = nb::none(), "device"_a.none() = nb::none());
    const std::string like = std::string(name) + "_like";
    m.def(
        like.c_str(),
        [value](const Tensor& x, const optional_dtype& d, const device_argument& device) {
            check_device(device);
            return constant(x.shape(), scalar(value), d ? d->value : x.dtype());
        },
        "input"_a, nb::kw_only(), "dtype"_a.none() = nb::none(), "device"_a.none() = nb::none(),
        "Like the other tensor in shape and dtype.");
}

Tensor arange(value_argument a, const std::optional<value_argument>& b,
              const std::optional<value_argument>& step, const optional_dtype& d,
              const device_argument& device) {
    check_device(device);
    const scalar start = b ? a.get() : scalar(0);
    const scalar stop = b ? b->get() : a.get();
    const scalar by = step ? step->get() : scalar(1);
    const dtype_kind kind = std::max({start.kind(), stop.kind(), by.kind()});
    if (kind == dtype_kind::complex) {
        throw dtype_error("[arange] bounds must be real");
    }
    if (kind <= dtype_kind::integer && (!d || d->value.is_integral())) {
        for (const scalar& s : {start, stop, by}) {
            dtype_of_number(s);  // refuses what int64 does not hold
        }
        const Tensor r =
            lazy::arange(start.to<std::int64_t>(), stop.to<std::int64_t>(), by.to<std::int64_t>());
        return d ? lazy::to(r, d->value) : r;
    }
    const Tensor r = lazy::arange(start.to<double>(), stop.to<double>(), by.to<double>(), float64);
    return lazy::to(r, or_default(d));
}

/// Numbers spaced evenly; complex ones as two rows of real ones.
Tensor linspace(const value_argument& a, const value_argument& b, std::int64_t steps,
                const optional_dtype& d, const device_argument& device) {
    check_device(device);
    const scalar start = a.get();
    const scalar stop = b.get();
    const bool is_complex = std::max(start.kind(), stop.kind()) == dtype_kind::complex;
    if (!is_complex) {
        return lazy::to(
            Tensor(lazy::linspace(start.to<double>(), stop.to<double>(), steps, float64)),
            or_default(d));
    }
    const auto from = start.to<std::complex<double>>();
    const auto to = stop.to<std::complex<double>>();
    const Tensor re = lazy::linspace(from.real(), to.real(), steps, float64);
    const Tensor im = lazy::linspace(from.imag(), to.imag(), steps, float64);
    const Tensor r = re + im * std::complex<double>(0, 1);
    return lazy::to(
        r, d ? d->value : dtype_of_number(start.kind() == dtype_kind::complex ? start : stop));
}

Tensor randint(std::int64_t low, std::int64_t high, const shape& size, const optional_dtype& d,
               const device_argument& device) {
    check_device(device);
    return lazy::to(Tensor(lazy::randint(low, high, size)),
                    d ? d->value : lazy::dtype(dtype_id::int64));
}

template <class F>
void random_floats(nb::module_& m, const char* name, const char* doc, F f) {
    const auto of = [f](const shape& size, const optional_dtype& d, const device_argument& device) {
        check_device(device);
        const lazy::dtype type = or_default(d);
        if (!type.is_floating_point()) {
            throw dtype_error(std::string("[rand] not implemented for ") + type.name());
        }
        return f(size, type);
    };
    m.def(
        name,
        [of](const nb::args& sizes, const optional_dtype& d, const device_argument& device) {
            return of(sizes_of(sizes), d, device);
        },
        "sizes"_a, nb::kw_only(), "dtype"_a.none() = nb::none(), "device"_a.none() = nb::none(),
        doc);
    m.def(name, of, nb::kw_only(), "size"_a, "dtype"_a.none() = nb::none(),
          "device"_a.none() = nb::none());
    const std::string like = std::string(name) + "_like";
    m.def(
        like.c_str(),
        [f](const Tensor& x, const optional_dtype& d, const device_argument& device) {
            check_device(device);
            const lazy::dtype type = d ? d->value : x.dtype();
            if (!type.is_floating_point()) {
                throw dtype_error(std::string("[rand_like] not implemented for ") + type.name());
            }
            return f(x.shape(), type);
        },
        "input"_a, nb::kw_only(), "dtype"_a.none() = nb::none(), "device"_a.none() = nb::none(),
        "Like the other tensor in shape and dtype.");
}

}  // namespace

void bind_creation(nb::module_& m, tensor_class& c) {
    m.def(
        "tensor",
        [](nb::handle data, const optional_dtype& d, const device_argument& device) {
            check_device(device);
            return tensor_from(data, dtype_of_argument(d));
        },
        "data"_a, nb::kw_only(), "dtype"_a.none() = nb::none(), "device"_a.none() = nb::none(),
        "A tensor of a number, nested lists or tuples, an array or a tensor. Copies. The dtype is "
        "that of the data: bool, int64, the default float dtype, complex, or the array's.");
    m.def(
        "as_tensor",
        [](nb::handle data, const optional_dtype& d, const device_argument& device) {
            check_device(device);
            const auto wanted = dtype_of_argument(d);
            if (is_tensor(data) && (!wanted || *wanted == tensor_in(data).dtype())) {
                return nb::borrow<tensor_object>(data);
            }
            return nb::cast<tensor_object>(nb::cast(as_tensor_from(data, wanted)));
        },
        "data"_a, "dtype"_a.none() = nb::none(), "device"_a.none() = nb::none(),
        "The data as a tensor, sharing memory when it can.");
    m.def(
        "from_numpy", [](const array_value& array) { return from_array(array); }, "ndarray"_a,
        "A tensor that shares the array's memory: writes on either side are seen on the other. "
        "TypeError for dtypes that are not supported, ValueError for foreign byte order.");
    c.def(
        "__init__",
        [](Tensor* self, const nb::args& args) {
            if (args.size() == 0) {
                new (self) Tensor();
                return;
            }
            const nb::handle first = args[0];
            if (args.size() == 1 && !PyLong_Check(first.ptr())) {
                new (self) Tensor(tensor_from(first, get_default_dtype()));
                return;
            }
            new (self) Tensor(constant(sizes_of(args), scalar(0), get_default_dtype()));
        },
        "data"_a,
        "Tensor(list) is a tensor in the default dtype, Tensor(2, 3) one of zeros; lt.tensor keeps "
        "the dtype of the data.");

    constants(m, "zeros", "Zeros. Nothing is stored until it is written or computed.", 0);
    constants(m, "ones", "Ones. Nothing is stored until it is written or computed.", 1);
    constants(m, "empty",
              "Holds zeros until it is written: there is no uninitialised memory to see.", 0);
    m.def(
        "full",
        [](const shape& sizes, const value_argument& value, const optional_dtype& d,
           const device_argument& device) {
            check_device(device);
            const scalar v = value.get();
            return constant(sizes, v, d ? d->value : dtype_of_number(v));
        },
        "size"_a, "fill_value"_a, nb::kw_only(), "dtype"_a.none() = nb::none(),
        "device"_a.none() = nb::none(), "Every element one number, in the number's dtype.");
    m.def(
        "full_like",
        [](const Tensor& x, const value_argument& value, const optional_dtype& d,
           const device_argument& device) {
            check_device(device);
            return constant(x.shape(), value.get(), d ? d->value : x.dtype());
        },
        "input"_a, "fill_value"_a, nb::kw_only(), "dtype"_a.none() = nb::none(),
        "device"_a.none() = nb::none(), "Like the other tensor in shape and dtype.");
    m.def("arange", &arange, "start"_a, "end"_a.none() = nb::none(), "step"_a.none() = nb::none(),
          "dtype"_a.none() = nb::none(), nb::kw_only(), "device"_a.none() = nb::none(),
          "start, start + step, ... before end; arange(end) starts at 0. int64 of integers.");
    m.def("linspace", &linspace, "start"_a, "end"_a, "steps"_a, "dtype"_a.none() = nb::none(),
          nb::kw_only(), "device"_a.none() = nb::none(),
          "So many numbers evenly spaced, both ends included and exact.");
    m.def(
        "logspace",
        [](const value_argument& a, const value_argument& b, std::int64_t steps,
           const value_argument& base, const optional_dtype& d, const device_argument& device) {
            check_device(device);
            const auto real = [](const value_argument& v) {
                const scalar s = v.get();
                if (s.kind() == dtype_kind::complex) {
                    throw dtype_error("[logspace] bounds and base must be real");
                }
                return s.to<double>();
            };
            return lazy::to(Tensor(lazy::logspace(real(a), real(b), steps, real(base), float64)),
                            or_default(d));
        },
        "start"_a, "end"_a, "steps"_a, "base"_a = 10.0, "dtype"_a.none() = nb::none(),
        nb::kw_only(), "device"_a.none() = nb::none(),
        "base to the powers linspace(start, end, steps).");
    m.def(
        "eye",
        [](std::int64_t n, std::optional<std::int64_t> columns, const optional_dtype& d,
           const device_argument& device) {
            check_device(device);
            return lazy::to(Tensor(lazy::eye(n, columns.value_or(n), bool_)), or_default(d));
        },
        "n"_a, "m"_a.none() = nb::none(), nb::kw_only(), "dtype"_a.none() = nb::none(),
        "device"_a.none() = nb::none(), "The identity: ones on the diagonal of an n by m matrix.");

    random_floats(m, "rand", "Uniform in [0, 1); lazy.", [](const shape& s, lazy::dtype d) {
        return d == dtype_id::float64 ? Tensor(lazy::rand(s, float64))
                                      : lazy::to(Tensor(lazy::rand(s, float32)), d);
    });
    random_floats(m, "randn", "Standard normal; lazy.", [](const shape& s, lazy::dtype d) {
        return d == dtype_id::float64 ? Tensor(lazy::randn(s, float64))
                                      : lazy::to(Tensor(lazy::randn(s, float32)), d);
    });
    m.def("randint", &randint, "low"_a, "high"_a, "size"_a, nb::kw_only(),
          "dtype"_a.none() = nb::none(), "device"_a.none() = nb::none(),
          "randint(low, high, size) or randint(high, size): integers uniform in [low, high).");
    m.def(
        "randint",
        [](std::int64_t high, const shape& size, const optional_dtype& d,
           const device_argument& device) { return randint(0, high, size, d, device); },
        "high"_a, "size"_a, nb::kw_only(), "dtype"_a.none() = nb::none(),
        "device"_a.none() = nb::none());
    m.def(
        "normal",
        [](const number_or_tensor& mean, const number_or_tensor& std,
           const std::optional<shape>& size) {
            if (size) {
                return Tensor(lazy::normal(nb::cast<double>(mean), nb::cast<double>(std), *size));
            }
            operand a;
            operand b;
            if (!read_operand(mean, a) || !read_operand(std, b)) {
                throw nb::type_error("normal: mean and std are tensors or numbers");
            }
            return Tensor(lazy::normal(tensor_of(std::move(a)), tensor_of(std::move(b))));
        },
        "mean"_a, "std"_a, "size"_a.none() = nb::none(),
        "Normal with the given mean and deviation.");
    m.def(
        "randperm",
        [](std::int64_t n, const optional_dtype& d, const device_argument& device) {
            check_device(device);
            return lazy::to(Tensor(lazy::randperm(n)), d ? d->value : lazy::dtype(dtype_id::int64));
        },
        "n"_a, nb::kw_only(), "dtype"_a.none() = nb::none(), "device"_a.none() = nb::none(),
        "A random order of 0 .. n-1.");
    m.def(
        "manual_seed", &lazy::manual_seed, "seed"_a,
        "Seeds the generator. The same seed and order of calls give the same numbers on any number "
        "of threads.");

    c.def(
        "new_tensor",
        [](const Tensor& x, nb::handle data, const optional_dtype& d) {
            return tensor_from(data, d ? d->value : x.dtype());
        },
        "data"_a, "dtype"_a.none() = nb::none());
    c.def(
        "new_full",
        [](const Tensor& x, const shape& s, const value_argument& v, const optional_dtype& d) {
            return constant(s, v.get(), d ? d->value : x.dtype());
        },
        "size"_a, "fill_value"_a, "dtype"_a.none() = nb::none());
    for (const auto& [name, value] :
         {std::pair{"new_zeros", 0}, {"new_ones", 1}, {"new_empty", 0}}) {
        c.def(
            name,
            [v = value](const Tensor& x, const nb::args& s, const optional_dtype& d) {
                return constant(sizes_of(s), scalar(v), d ? d->value : x.dtype());
            },
            "sizes"_a, nb::kw_only(), "dtype"_a.none() = nb::none());
        c.def(
            name,
            [v = value](const Tensor& x, const shape& size, const optional_dtype& d) {
                return constant(size, scalar(v), d ? d->value : x.dtype());
            },
            nb::kw_only(), "size"_a, "dtype"_a.none() = nb::none());
    }
}

}  // namespace lazy::python

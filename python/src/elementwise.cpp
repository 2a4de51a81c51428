// The elementwise operations: functions, methods, in-place methods and operators, from the op list.
// SPDX-License-Identifier: BSD-3-Clause
#include <operation_docs.hpp>  // made by generate_docs.py

#include "binding.hpp"

namespace lazy::python {

namespace {

using apply_function = graph::node_ptr (*)(std::span<run_time_operand>);

/// Integers beyond int64 need a tensor that can hold them.
void check_range(std::span<const run_time_operand> list) {
    bool large = false;
    bool holds = false;
    for (const run_time_operand& o : list) {
        large = large || (o.is_number && o.value.is_unsigned());
        holds = holds || (!o.is_number && (o.node->dtype() == dtype_id::uint64 ||
                                           o.node->dtype().kind() >= dtype_kind::floating));
    }
    if (large && !holds) [[unlikely]] {
        PyErr_SetString(PyExc_OverflowError, "an integer of more than 63 bits and its sign");
        throw nb::python_error();
    }
}

template <class... O>
Tensor applied(apply_function f, O&&... operands) {
    std::array<run_time_operand, sizeof...(O)> list{operands.take()...};
    bool any = false;
    for (const run_time_operand& o : list) {
        any = any || !o.is_number;
    }
    if (!any) {
        throw nb::type_error("at least one operand must be a Tensor");
    }
    check_range(list);
    return make_handle<void>(f(list));
}

operand whole(const Tensor& x) { return {{x.node(), scalar(), false}}; }

/// `x.add_(y)` gives x itself back, as the Python object it is.
/// What may fail (integers divided by 0) fails before x has a new value.
tensor_object written(const tensor_object& self, const Tensor& result, const char* name,
                      bool may_fail = false) {
    if (may_fail && !result.dtype().is_floating_point()) {
        compute(result);
    }
    compute_for_write(tensor_in(self), result);
    const engine_call call;
    tensor_in(self).write_result(result, std::string(name) + "_");
    return self;
}

void unary(nb::module_& m, tensor_class& c, const char* name, apply_function f) {
    const std::string doc = std::string(name) + "(x): " + operation_doc(name);
    m.def(
        name, [f](operand x) { return applied(f, std::move(x)); }, "input"_a, doc.c_str());
    if (std::string_view(name) == "real" || std::string_view(name) == "imag") {
        c.def_prop_ro(name, [f](const Tensor& x) { return applied(f, whole(x)); });
        return;
    }
    c.def(
        name, [f](const Tensor& x) { return applied(f, whole(x)); }, doc.c_str());
    const std::string in_place = std::string(name) + "_";
    c.def(in_place.c_str(), [f, name](tensor_object self) {
        if (std::string_view(name) == "abs" && tensor_in(self).dtype().is_complex()) {
            throw dtype_error("[abs_] In-place abs is not supported for complex tensors.");
        }
        return written(self, applied(f, whole(tensor_in(self))), name);
    });
}

void binary(nb::module_& m, tensor_class& c, const char* name, apply_function f, bool may_fail) {
    const std::string doc = std::string(name) + "(a, b): " + operation_doc(name);
    m.def(
        name, [f](operand a, operand b) { return applied(f, std::move(a), std::move(b)); },
        "input"_a, "other"_a, doc.c_str());
    c.def(
        name, [f](const Tensor& x, operand y) { return applied(f, whole(x), std::move(y)); },
        "other"_a, doc.c_str());
    const std::string in_place = std::string(name) + "_";
    c.def(
        in_place.c_str(),
        [f, name, may_fail](tensor_object self, operand y) {
            return written(self, applied(f, whole(tensor_in(self)), std::move(y)), name, may_fail);
        },
        "other"_a);
}

/// add(a, b, alpha=2): a + 2 * b.
void scaled(nb::module_& m, tensor_class& c, const char* name, apply_function f) {
    const auto scaled = [f, name](const Tensor& x, operand y, operand alpha) {
        // The product is made in the dtype of the result, whatever the numbers are.
        const run_time_operand both[] = {{x.node(), scalar(), false}, y.take()};
        const lazy::dtype d = result_type(both);
        const Tensor other = make_handle<void>(
            both[1].is_number ? graph::make_number(both[1].value, d, shape()) : both[1].node);
        const run_time_operand number = alpha.take();
        const dtype_kind kind =
            number.is_number ? number.value.kind() : number.node->dtype().kind();
        if (kind > d.kind() && kind > dtype_kind::integer) {
            throw value_error(std::string("[") + name +
                              "] For integral input tensors, argument alpha must not be a floating "
                              "point number.");
        }
        run_time_operand factors[] = {{lazy::to(other, d).node(), scalar(), false}, number};
        const Tensor product = make_handle<void>(apply_run_time<ops::mul>(factors));
        return applied(f, whole(x), whole(lazy::to(product, d)));
    };
    both(m, c, name, scaled, "other"_a, nb::kw_only(), "alpha"_a,
         "With other multiplied by alpha first.");
    c.def((std::string(name) + "_").c_str(),
          [scaled, name](tensor_object self, operand y, operand alpha) {
              return written(self, scaled(tensor_in(self), std::move(y), std::move(alpha)), name);
          },
          "other"_a, nb::kw_only(), "alpha"_a);
}

/// Integers stay integers: (a - fmod(a, b)) // b is exact.
Tensor truncated_quotient(const Tensor& x, operand y) {
    const operand divisor = std::move(y);
    const Tensor quotient = applied(&apply_run_time<ops::div>, whole(x), operand(divisor));
    run_time_operand both[] = {{x.node(), scalar(), false}, operand(divisor).take()};
    if (!result_type(both).is_integral()) {
        return lazy::trunc(quotient);
    }
    const Tensor rest = applied(&apply_run_time<ops::fmod>, whole(x), operand(divisor));
    return applied(&apply_run_time<ops::floor_divide>, whole(lazy::sub(x, rest)), operand(divisor));
}

Tensor rounded_quotient(const Tensor& x, operand y, const std::optional<std::string>& rounding) {
    if (!rounding) {
        return applied(&apply_run_time<ops::div>, whole(x), std::move(y));
    }
    if (*rounding == "floor") {
        return applied(&apply_run_time<ops::floor_divide>, whole(x), std::move(y));
    }
    if (*rounding == "trunc") {
        return truncated_quotient(x, std::move(y));
    }
    throw value_error(
        "[div] expected rounding_mode to be one of None, 'trunc', or 'floor' but found '" +
        *rounding + "'");
}

void symbol(tensor_class& c, apply_function f, const char* name, const char* forward,
            const char* reflected, const char* in_place) {
    c.def(
        forward, [f](const Tensor& x, operand y) { return applied(f, whole(x), std::move(y)); },
        nb::is_operator());
    if (reflected != nullptr) {
        c.def(
            reflected,
            [f](const Tensor& x, operand y) { return applied(f, std::move(y), whole(x)); },
            nb::is_operator());
    }
    if (in_place != nullptr) {
        c.def(
            in_place,
            [f, name](tensor_object self, operand y) {
                const bool may_fail =
                    f == &apply_run_time<ops::floor_divide> || f == &apply_run_time<ops::remainder>;
                return written(self, applied(f, whole(tensor_in(self)), std::move(y)), name,
                               may_fail);
            },
            nb::is_operator());
    }
}

}  // namespace

void bind_elementwise(nb::module_& m, tensor_class& c) {
    // What the Python side makes its own functions from, one per operation.
    nb::list of_one;
    nb::list of_two;
#define LAZYTENSOR_BIND(name)                       \
    unary(m, c, #name, &apply_run_time<ops::name>); \
    of_one.append(#name);
    LAZYTENSOR_UNARY_OPS(LAZYTENSOR_BIND)
#undef LAZYTENSOR_BIND
#define LAZYTENSOR_BIND(name)                                              \
    binary(m, c, #name, &apply_run_time<ops::name>, ops::name::may_fault); \
    of_two.append(#name);
    LAZYTENSOR_BINARY_OPS(LAZYTENSOR_BIND)
#undef LAZYTENSOR_BIND
    m.attr("_unary_operations") = nb::tuple(of_one);
    m.attr("_binary_operations") = nb::tuple(of_two);

    scaled(m, c, "add", &apply_run_time<ops::add>);
    scaled(m, c, "sub", &apply_run_time<ops::sub>);
    both(m, c, "div", &rounded_quotient, "other"_a, nb::kw_only(), "rounding_mode"_a.none(),
         "a / b rounded down or towards zero.");
    c.def(
        "div_",
        [](tensor_object self, operand y, const std::optional<std::string>& rounding) {
            return written(self, rounded_quotient(tensor_in(self), std::move(y), rounding), "div");
        },
        "other"_a, nb::kw_only(), "rounding_mode"_a.none());

    symbol(c, &apply_run_time<ops::add>, "add", "__add__", "__radd__", "__iadd__");
    symbol(c, &apply_run_time<ops::sub>, "sub", "__sub__", "__rsub__", "__isub__");
    symbol(c, &apply_run_time<ops::mul>, "mul", "__mul__", "__rmul__", "__imul__");
    symbol(c, &apply_run_time<ops::div>, "div", "__truediv__", "__rtruediv__", "__itruediv__");
    symbol(c, &apply_run_time<ops::floor_divide>, "floor_divide", "__floordiv__", "__rfloordiv__",
           "__ifloordiv__");
    symbol(c, &apply_run_time<ops::remainder>, "remainder", "__mod__", "__rmod__", "__imod__");
    symbol(c, &apply_run_time<ops::bitwise_and>, "bitwise_and", "__and__", "__rand__", "__iand__");
    symbol(c, &apply_run_time<ops::bitwise_or>, "bitwise_or", "__or__", "__ror__", "__ior__");
    symbol(c, &apply_run_time<ops::bitwise_xor>, "bitwise_xor", "__xor__", "__rxor__", "__ixor__");
    symbol(c, &apply_run_time<ops::bitwise_left_shift>, "bitwise_left_shift", "__lshift__",
           "__rlshift__", "__ilshift__");
    symbol(c, &apply_run_time<ops::bitwise_right_shift>, "bitwise_right_shift", "__rshift__",
           "__rrshift__", "__irshift__");
    symbol(c, &apply_run_time<ops::eq>, "eq", "__eq__", nullptr, nullptr);
    symbol(c, &apply_run_time<ops::ne>, "ne", "__ne__", nullptr, nullptr);
    symbol(c, &apply_run_time<ops::lt>, "lt", "__lt__", nullptr, nullptr);
    symbol(c, &apply_run_time<ops::le>, "le", "__le__", nullptr, nullptr);
    symbol(c, &apply_run_time<ops::gt>, "gt", "__gt__", nullptr, nullptr);
    symbol(c, &apply_run_time<ops::ge>, "ge", "__ge__", nullptr, nullptr);
    // Python hands pow() a third argument.
    c.def(
        "__pow__",
        [](const Tensor& x, operand y, nb::handle) {
            return applied(&apply_run_time<ops::pow>, whole(x), std::move(y));
        },
        nb::arg(), nb::arg("mod").none() = nb::none(), nb::is_operator());
    c.def(
        "__rpow__",
        [](const Tensor& x, operand y, nb::handle) {
            return applied(&apply_run_time<ops::pow>, std::move(y), whole(x));
        },
        nb::arg(), nb::arg("mod").none() = nb::none(), nb::is_operator());
    c.def(
        "__ipow__",
        [](tensor_object self, operand y) {
            return written(self,
                           applied(&apply_run_time<ops::pow>, whole(tensor_in(self)), std::move(y)),
                           "pow");
        },
        nb::is_operator());
    c.def("__neg__", [](const Tensor& x) { return lazy::neg(x); });
    c.def("__pos__", [](const Tensor& x) { return lazy::positive(x); });
    c.def("__abs__", [](const Tensor& x) { return lazy::abs(x); });
    c.def("__invert__", [](const Tensor& x) { return lazy::bitwise_not(x); });

    m.def(
        "where",
        [](const described<"lazytensor.Tensor | numpy.ndarray">& condition,
           std::optional<operand> a, std::optional<operand> b)
            -> described<"tuple[lazytensor.Tensor, ...] | lazytensor.Tensor"> {
            operand mask;
            if (!read_operand(condition, mask) || mask.value.is_number) {
                throw nb::type_error("where: the condition must be a Tensor");
            }
            if (!a && !b) {
                const Tensor x = handle_of(std::move(mask.value.node));
                nb::list parts;
                for (const auto& part : unlocked([&] { return lazy::where(x); })) {
                    parts.append(nb::cast(Tensor(part)));
                }
                return nb::tuple(parts);
            }
            if (!a || !b) {
                throw nb::type_error("where: give both or neither of input and other");
            }
            return nb::cast(applied(&apply_run_time<ops::where>, std::move(mask), std::move(*a),
                                    std::move(*b)));
        },
        "condition"_a, "input"_a.none() = nb::none(), "other"_a.none() = nb::none(),
        "Elements of input where condition is true, else of other. With a condition alone, the "
        "indices of its true elements, one tensor per dimension.");
    c.def(
        "where",
        [](const Tensor& x, const Tensor& condition, operand other) {
            return applied(&apply_run_time<ops::where>, whole(condition), whole(x),
                           std::move(other));
        },
        "condition"_a, "other"_a);
}

}  // namespace lazy::python

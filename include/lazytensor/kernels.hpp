// From run-time dtypes to compiled kernels, and from graphs to the CPU that runs them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../backends/cpu/map_kernel.hpp"
#include "../../backends/cpu/reduce_kernel.hpp"
#include "engine.hpp"
#include "operand.hpp"

namespace lazy {

/// Computes the value of `n`, so that it is a dense buffer.
inline void compute(const graph::node_ptr& n) {
    if (!n) {
        __builtin_unreachable();  // else g++ -O3 warns of reading from a null pointer
    }
    engine::compute(n.get());
}

/// The copy kernel of a dtype.
inline const graph::map_kernel& copy_kernel_of(dtype d) {
    return dispatch(
        d, []<class T>(type_tag<T>) -> const graph::map_kernel& { return cpu::conversion<T, T>; });
}

/// `n` as something stored row-major once computed: views, numbers and indices get a copy node.
inline graph::node_ptr dense(graph::node_ptr n) {
    const graph::kind k = n->kind();
    if (k != graph::kind::view && k != graph::kind::number && k != graph::kind::iota) {
        return n;
    }
    return graph::make_map(copy_kernel_of(n->dtype()), {n}, n->shape());
}

/// `n` for a second variable. Two variables never hold one node: once the outside sees its memory,
/// a write to one of them would reach the other.
inline graph::node_ptr copied(const graph::node_ptr& n) {
    return graph::make_map(copy_kernel_of(n->dtype()), {n}, n->shape());
}

/// `n` converted to To, known at compile time to hold From. The same node when nothing changes.
template <element To, element From>
graph::node_ptr converted(graph::node_ptr n) {
    if constexpr (std::is_same_v<To, From>) {
        return n;
    } else {
        if (n->kind() == graph::kind::number) {
            return graph::make_number_of(convert<To>(*static_cast<const From*>(n->number())),
                                         n->shape());
        }
        return graph::make_map(cpu::conversion<To, From>, {n}, n->shape());
    }
}

/// `n` converted to dtype `to`. A template, as are other functions below that need no parameter,
/// so that only a program that calls it compiles the 225 kernels behind it.
template <class = void>
graph::node_ptr converted(graph::node_ptr n, dtype to) {
    if (n->dtype() == to) {
        return n;
    }
    if (n->kind() == graph::kind::number) {
        return graph::make_number(scalar::load(n->dtype(), n->number()), to, n->shape());
    }
    return graph::make_map(engine::conversion_kernel<void>(to, n->dtype()), {n}, n->shape());
}

/// `n` seen with a larger shape: dimensions of size 1 (and new leading ones) repeat.
inline graph::node_ptr expanded(graph::node_ptr n, const shape& sizes, std::string_view op) {
    if (n->shape() == sizes) {
        return n;
    }
    const shape& from = n->shape();
    if (broadcast_shapes(from, sizes, op) != sizes) {
        fail<shape_error>(op, {"shape ", from, " cannot be broadcast to ", sizes});
    }
    graph::layout l{shape::filled(sizes.size(), 0), 0};
    const shape strides = contiguous_strides(from);
    const std::size_t lead = sizes.size() - from.size();
    for (std::size_t d = 0; d < from.size(); ++d) {
        l.strides[lead + d] = from[d] == 1 ? 0 : strides[d];
    }
    if (n->kind() == graph::kind::view) {
        graph::layout v = n->layout();
        for (std::size_t d = 0; d < from.size(); ++d) {
            l.strides[lead + d] = from[d] == 1 ? 0 : v.strides[d];
        }
        l.offset = v.offset;
        return graph::make_view(graph::node_ptr(n->input(0)), sizes, std::move(l));
    }
    return graph::make_view(std::move(n), sizes, std::move(l));
}

/// The compiled primitive Op at run-time compute dtype `d`. 16-bit floats have none: they compute
/// in float32.
template <class Op>
const graph::map_kernel& primitive_kernel(dtype d) {
    return dispatch(d, [d]<class T>(type_tag<T>) -> const graph::map_kernel& {
        if constexpr (ops::accepts<Op, T> &&
                      (Op::native_half || !is_half_v<T>)&&Op::compute(
                          dtype_of<T>, dtype(dtype_id::float32)) == dtype_of<T>) {
            return cpu::primitive<Op, T>;
        } else {
            fail<dtype_error>(Op::name, {"not implemented for ", d.name()});
        }
    });
}

/// Op of operands with run-time dtypes, already of compute dtype `d` (but a condition). Takes them
/// over.
template <class Op>
graph::node_ptr make_primitive(std::span<graph::node_ptr> inputs, dtype d, shape sizes) {
    const bool narrow = !Op::native_half && d.is_floating_point() && d.itemsize() == 2;
    if (!narrow) {
        return graph::make_statement(primitive_kernel<Op>(d), inputs, std::move(sizes));
    }
    for (graph::node_ptr& in : inputs) {
        if (in->dtype() == d) {
            in = converted(in, dtype_id::float32);
        }
    }
    graph::node_ptr wide =
        graph::make_statement(primitive_kernel<Op>(dtype_id::float32), inputs, std::move(sizes));
    const dtype result = Op::result(d);
    return converted(wide, result);
}

}  // namespace lazy

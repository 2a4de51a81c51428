// Writing in place: lazily on the library's own memory, at once on memory shared with the outside.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "conversion.hpp"

namespace lazy {

/// Writes the value of `source` (shape and dtype of the view) to the elements of `base` that
/// `where` picks, in memory that the outside sees. Readers that still wait for the old elements
/// get a private copy first.
inline void write_shared(graph::variable& base, const graph::node_ptr& source,
                         const graph::layout& where) {
    const std::lock_guard guard(plan::evaluation_lock());
    graph::node_ptr old = base.value();
    const buffer_ptr memory = old->data();
    if (!memory->writable()) {
        throw value_error("[copy_] assignment destination is read-only");
    }
    compute(source);
    auto& device = cpu::cpu_backend::instance();
    // Held by the variable and by `old` here: anything more is a pending reader.
    if (old->use_count() > 2) {
        buffer_ptr copy = buffer::allocate(old->bytes());
        device.copy(copy->data(), memory->data(), old->bytes());
        graph::node_ptr now = graph::make_buffer(memory, old->dtype(), old->shape());
        old->set_data(std::move(copy));
        base.set_value(std::move(now));
    }
    if (source->numel() == 0) {
        return;
    }
    plan::pass p;
    p.kind = plan::pass_kind::update;
    p.space = source->shape();
    p.leaves.push_back({source.get(), contiguous_strides(p.space), 0});
    p.outputs.push_back({source.get(), 0, true, where.strides, where.offset});
    std::byte* result = memory->data();
    device.run(p, {&result, 1});
    counters& count = counters::instance();
    ++count.passes;
    ++count.kernels;
    count.bytes_read += source->bytes();
    count.bytes_written += source->bytes();
}

/// True iff the outside can see the variable's elements.
inline bool is_shared(const graph::variable& base) {
    const graph::node_ptr n = base.value();
    return n->ready() && n->data()->shared();
}

/// Gives the variable the value `source`, which has its shape and dtype.
inline void assign(const graph::variable_ptr& v, graph::node_ptr source) {
    graph::variable& base = v->base();
    if (is_shared(base)) {
        write_shared(base, dense(std::move(source)), v->where());
    } else if (v->is_view()) {
        base.set_value(graph::make_update(dense(base.value()), std::move(source), v->where()));
    } else {
        base.set_value(dense(std::move(source)));
    }
}

/// x (a number or a tensor) as a node of the given dtype and shape.
template <class X>
graph::node_ptr fitted(const X& x, dtype d, const shape& sizes, std::string_view op) {
    if constexpr (number<X>) {
        return graph::make_number(scalar(x), d, sizes);
    } else if constexpr (std::is_same_v<X, scalar>) {
        return graph::make_number(x, d, sizes);
    } else {
        return expanded(converted(x.node(), d), sizes, op);
    }
}
/// The same for a destination whose element type the compiler knows.
template <class T, class X>
graph::node_ptr fitted_as(const X& x, const graph::variable_ptr& v, std::string_view op) {
    if constexpr (std::is_void_v<T> || number<X> || std::is_same_v<X, scalar>) {
        return fitted(x, v->dtype(), v->shape(), op);
    } else {
        return expanded(lazy::to(x, dtype_constant<T>{}).node(), v->shape(), op);
    }
}

}  // namespace lazy

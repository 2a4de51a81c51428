// The variable: the mutable identity that handles share; it points at its current value.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "build.hpp"

namespace lazy::graph {

class variable;
using variable_ptr = pointer<variable>;

/// Told of every new value of a tensor, when somebody wants to know (set_graph_budget).
inline std::atomic<void (*)(node*)> new_value_watch{nullptr};

/// What a tensor handle points at. A base variable holds the value; a view names elements of a
/// base and holds no value itself, so that it never keeps an old value alive. Handles that alias
/// (b = a) share the variable. Reading and writing one variable from two threads without
/// synchronisation is a race, as for any object.
class variable : public counted {
public:
    explicit variable(node_ptr value) : value_(std::move(value)) { tell(); }
    variable(variable_ptr base, lazy::shape sizes, graph::layout where)
        : base_(std::move(base)), shape_(std::move(sizes)), layout_(std::move(where)) {}

    bool is_view() const { return static_cast<bool>(base_); }
    variable& base() { return base_ ? *base_ : *this; }
    variable_ptr base_ptr() { return base_ ? base_ : variable_ptr(this); }

    lazy::dtype dtype() const { return base_ ? base_->dtype() : value_->dtype(); }
    const lazy::shape& shape() const { return base_ ? shape_ : value_->shape(); }
    /// Strides and offset in elements of the base.
    graph::layout where() const {
        return base_ ? layout_ : graph::layout{contiguous_strides(value_->shape()), 0};
    }

    /// The current value. Of a view, a view node on the base's current value.
    node_ptr value() const { return base_ ? make_view(base_->value_, shape_, layout_) : value_; }
    /// The same of a variable that ends with its only owner.
    node_ptr take_value() { return base_ ? value() : std::move(value_); }
    /// Replaces the value of a base variable.
    void set_value(node_ptr value) {
        value_ = std::move(value);
        tell();
    }

    static void* operator new(std::size_t);
    static void operator delete(void* p);

private:
    void tell() const {
        if (const auto watch = new_value_watch.load(std::memory_order_relaxed)) [[unlikely]] {
            watch(value_.get());
        }
    }

    node_ptr value_;
    variable_ptr base_;
    lazy::shape shape_;
    graph::layout layout_;
};

inline void* variable::operator new(std::size_t) {
    return memory::object_pool<sizeof(variable)>::allocate();
}
inline void variable::operator delete(void* p) {
    memory::object_pool<sizeof(variable)>::release(p);
}
[[gnu::noinline]] inline void destroy(variable* v) { delete v; }

/// The value of a variable that the caller gives up: without counting where it is the only owner.
[[gnu::noinline]] inline node_ptr last_value(variable_ptr v) {
    return v->use_count() == 1 ? v->take_value() : v->value();
}

}  // namespace lazy::graph

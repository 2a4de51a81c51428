// The value node: an immutable tensor value, either computed (a buffer) or how to compute it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstring>
#include <vector>

#include "../core/buffer.hpp"
#include "../core/dim_set.hpp"
#include "../core/dtype.hpp"
#include "../core/list.hpp"
#include "../core/shape.hpp"
#include "kernel.hpp"

namespace lazy::graph {

class node;
using node_ptr = pointer<node>;
void destroy(node* n);

enum class kind : std::uint8_t {
    buffer,  ///< elements in memory, dense and row-major
    number,  ///< one number, held in the node; its shape may be any (all elements equal)
    iota,    ///< element i is int64 i, counted row-major
    map,     ///< elementwise kernel over the inputs, broadcast to the shape
    reduce,  ///< reduction of input 0 over some dimensions
    view,    ///< elements of input 0 picked by strides and an offset
    update,  ///< input 0 with the elements picked by strides replaced by input 1
    opaque,  ///< a whole-tensor algorithm
};

/// Where the elements of a view lie in the row-major order of what it views.
struct layout {
    lazy::shape strides;
    std::int64_t offset = 0;
};

/// Which dimensions of its input a reduction runs over.
struct reduction {
    dim_set reduced;
};

/// Bytes a kernel reads besides its inputs (constants of a statement, parameters of an algorithm),
/// with a destructor where they need one.
class parameters {
public:
    static constexpr std::size_t inline_size = 16;

    parameters() = default;
    parameters(const parameters&) = delete;
    parameters& operator=(const parameters&) = delete;
    ~parameters() { reset(); }

    template <class P>
    void set(P value) {
        reset();
        if constexpr (sizeof(P) <= sizeof(inline_) && std::is_trivially_copyable_v<P> &&
                      alignof(P) <= 16) {
            std::memcpy(inline_, &value, sizeof(P));
            held_ = false;
        } else {
            static_assert(alignof(P) <= 64);
            std::size_t bytes = sizeof(P);
            void* p = memory::pieces::take(bytes);
            new (p) P(std::move(value));
            std::memcpy(inline_, &p, sizeof(p));
            drop_ = [](void* q) {
                static_cast<P*>(q)->~P();
                memory::pieces::release(q, sizeof(P));
            };
            held_ = true;
        }
    }
    const void* get() const { return held_ ? heap() : inline_; }
    bool is_inline() const { return !held_; }
    template <class P>
    const P& as() const {
        return *static_cast<const P*>(get());
    }
    void reset() {
        if (held_) {
            drop_(heap());
            held_ = false;
        }
    }

private:
    void* heap() const {
        void* p;
        std::memcpy(&p, inline_, sizeof(p));
        return p;
    }
    alignas(16) std::byte inline_[inline_size] = {};
    void (*drop_)(void*) = nullptr;
    bool held_ = false;
};

/// Invariants: dtype and shape never change. `kind` changes once, from a way of computing to
/// `buffer`, when the value is computed; the inputs are released then. A `buffer` node is dense,
/// row-major and starts at the buffer's first byte.
class node : public counted {
public:
    node(graph::kind k, lazy::dtype type, lazy::shape sizes)
        : kind_(k), type_(type), shape_(std::move(sizes)), numel_(shape_.numel()) {}

    graph::kind kind() const { return kind_.load(std::memory_order_acquire); }
    bool ready() const { return kind() == kind::buffer; }
    lazy::dtype dtype() const { return type_; }
    const lazy::shape& shape() const { return shape_; }
    std::int64_t numel() const { return numel_; }
    std::size_t bytes() const { return static_cast<std::size_t>(numel_) * type_.itemsize(); }

    std::size_t input_count() const { return input_count_; }
    node* input(std::size_t i) const { return inputs()[i].get(); }
    void set_inputs(const node_ptr* first, std::size_t count) {
        if (count > inline_inputs) {
            more_inputs_.resize(count);
        }
        input_count_ = static_cast<std::uint32_t>(count);
        for (std::size_t i = 0; i < count; ++i) {
            may_fail_ = may_fail_ || first[i]->may_fail();
            inputs()[i] = first[i];
        }
    }
    void take_over(node_ptr* first, std::size_t count) {
        if (count > inline_inputs) {
            more_inputs_.resize(count);
        }
        input_count_ = static_cast<std::uint32_t>(count);
        for (std::size_t i = 0; i < count; ++i) {
            may_fail_ = may_fail_ || first[i]->may_fail();
            inputs()[i] = std::move(first[i]);
        }
    }
    /// Takes the inputs out, leaving none (used when the value is there, and when a node dies).
    template <class F>
    void take_inputs(F&& f) {
        node_ptr* p = inputs();
        for (std::uint32_t i = 0; i < input_count_; ++i) {
            if (p[i]) {
                f(std::move(p[i]));
            }
        }
        input_count_ = 0;
        if (!more_inputs_.empty()) [[unlikely]] {
            more_inputs_ = {};
        }
    }

    /// True iff computing it, or what it is made of, can fail: integers divided by zero.
    bool may_fail() const { return may_fail_ && !ready(); }
    void set_may_fail() { may_fail_ = true; }

    const map_kernel& map() const { return *static_cast<const map_kernel*>(kernel_); }
    const reduce_kernel& reduce() const { return *static_cast<const reduce_kernel*>(kernel_); }
    const update_engine& update() const { return *static_cast<const update_engine*>(kernel_); }
    const opaque_kernel& opaque() const { return *static_cast<const opaque_kernel*>(kernel_); }
    const void* kernel_address() const { return kernel_; }
    void set_kernel(const void* k) { kernel_ = k; }

    parameters& params() { return params_; }
    const parameters& params() const { return params_; }
    /// Of a view or update node.
    const graph::layout& layout() const { return params_.as<graph::layout>(); }
    const graph::reduction& reduction() const { return params_.as<graph::reduction>(); }
    /// Address of the value of a `number` node, stored in its dtype.
    const void* number() const { return params_.get(); }

    const buffer_ptr& data() const { return buffer_; }
    void set_data(buffer_ptr b) { buffer_ = std::move(b); }
    /// Publishes the computed value: from now on a buffer node. The caller holds the evaluation
    /// lock and releases the inputs afterwards.
    void become_buffer(buffer_ptr b) {
        buffer_ = std::move(b);
        kind_.store(kind::buffer, std::memory_order_release);
    }

    /// How much of this node evaluations computed without keeping it: 1 is all of its elements
    /// once.
    float recomputed = 0;
    /// Scratch of the planner, valid while it holds the evaluation lock.
    std::int64_t plan_index = -1;

    static void* operator new(std::size_t);
    static void operator delete(void* p);

private:
    static constexpr std::size_t inline_inputs = 3;
    node_ptr* inputs() { return more_inputs_.empty() ? inline_inputs_ : more_inputs_.data(); }
    const node_ptr* inputs() const {
        return more_inputs_.empty() ? inline_inputs_ : more_inputs_.data();
    }

    std::atomic<graph::kind> kind_;
    lazy::dtype type_;
    bool may_fail_ = false;
    std::uint32_t input_count_ = 0;
    lazy::shape shape_;
    std::int64_t numel_;
    const void* kernel_ = nullptr;
    node_ptr inline_inputs_[inline_inputs];
    memory::list<node_ptr> more_inputs_;
    buffer_ptr buffer_;
    parameters params_;
};

static_assert(sizeof(node) <= 192, "a node should fit in three cache lines");

/// Bytes of a map node's parameters that say whether two are the same: its numbers; 0 when only its
/// kernel knows.
inline std::size_t comparable_parameters(const node& n) {
    if (n.params().is_inline()) {
        return parameters::inline_size;
    }
    std::size_t size = 0;
    for (std::size_t t = 0; t < n.map().formula_size; ++t) {
        size += n.map().formula[t].what == formula_token::symbol::number ? 16U : 0U;
    }
    return size;
}

inline void* node::operator new(std::size_t) {
    return memory::object_pool<sizeof(node)>::allocate();
}
inline void node::operator delete(void* p) { memory::object_pool<sizeof(node)>::release(p); }

/// Ends a node and everything only it holds, without recursion: a chain of a million nodes must
/// not overflow the stack.
[[gnu::noinline]] inline void destroy(node* n) {
    thread_local memory::list<node*>* pending = nullptr;
    if (pending != nullptr) {
        pending->push_back(n);
        return;
    }
    memory::list<node*> stack;
    pending = &stack;
    while (n != nullptr) {
        node* next = nullptr;  // most nodes end one other at most
        n->take_inputs([&](node_ptr input) {
            node* child = input.detach();
            if (!child->release()) {
                return;
            }
            if (next == nullptr) {
                next = child;
            } else {
                stack.push_back(child);
            }
        });
        delete n;
        if (next == nullptr && !stack.empty()) {
            next = stack.back();
            stack.pop_back();
        }
        n = next;
    }
    pending = nullptr;
}

}  // namespace lazy::graph

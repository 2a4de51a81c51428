// lazy::cuda: typed statements and their full reductions on a GPU, or on a host system of Thrust.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

// First, and before lazytensor.hpp if that is included too: what nvcc may warn of is settled here.
#include "../../backends/cuda/evaluate.hpp"

#include "../lazytensor.hpp"

/// Everything here waits for its result and leaves it in host memory. Each call copies every buffer
/// that the statement reads to the device once (single numbers travel with the kernel), and frees
/// the copies, into a pool, when it returns. Operands that are not computed yet are computed on the
/// CPU first. Write the namespace in full, `lazy::cuda::`: CUDA's own library is called `::cuda`.
///
/// Throws device_error when there is no usable GPU, or the driver reports a failure, with its
/// words; std::bad_alloc when device memory is full; value_error on integer division by zero.
namespace lazy::cuda {
inline namespace LAZYTENSOR_THRUST_SYSTEM {

/// True iff a call can work: a GPU and a driver for it are there, or the system is one of the host.
inline bool is_available() { return unavailable_reason().empty(); }

/// The system chosen by THRUST_DEVICE_SYSTEM when this file was compiled: "cuda", "omp", "tbb",
/// "cpp".
inline const char* system() { return system_name; }

/// True iff the elements of `n` can be uploaded as they are.
inline bool is_stored(const graph::node& n) {
    return n.kind() == graph::kind::number || n.kind() == graph::kind::buffer ||
           (n.kind() == graph::kind::view && n.input(0)->kind() == graph::kind::buffer);
}

/// Computes, on the CPU and in one evaluation, those of `operands` that are not stored yet.
inline void store_all(std::span<graph::node_ptr> operands) {
    std::vector<graph::node*> pending;
    for (graph::node_ptr& n : operands) {
        if (!is_stored(*n)) {
            n = dense(std::move(n));
            pending.push_back(n.get());
        }
    }
    engine::evaluate(pending);
}

/// A typed operand as a statement: its formula, and its operands in memory.
template <class F, std::size_t N, std::size_t L>
struct stored_statement {
    using formula = F;
    std::array<graph::node_ptr, N> operands;
    graph::literals<L> numbers;
};
template <class F, std::size_t N, std::size_t L>
stored_statement<F, N, L> store(const expr<F, N, L>& e) {
    stored_statement<F, N, L> s{e.operands(), e.numbers()};
    store_all(s.operands);
    return s;
}
template <element T>
stored_statement<graph::operand<T, 0>, 1, 0> store(const tensor<T>& t) {
    stored_statement<graph::operand<T, 0>, 1, 0> s{{t.node()}, {}};
    store_all(s.operands);
    return s;
}

/// The elements of an expression, computed in one launch; of any shape and dtype. An operand may be
/// a view. Computes anew at every call: the expression itself stays lazy.
template <class F, std::size_t N, std::size_t L>
tensor<typename F::value_type> eval(const expr<F, N, L>& e) {
    using T = typename F::value_type;
    require_device("cuda.eval");
    const auto s = cuda::store(e);
    return make_handle<T>(graph::make_buffer(cuda::evaluate<F>(s.operands, s.numbers, e.shape()),
                                             dtype_of<T>, e.shape()));
}

/// Reduction Op of all elements of an expression or a tensor, fused with computing them: nothing
/// but partial results is written.
template <class Op, typed X>
auto reduce_all(const X& x) {
    using T = value_type_of<X>;
    static_assert(ops::contains(Op::domain, dtype_of<T>.kind()),
                  "this reduction does not take this dtype");
    require_device(Op::name);
    const auto s = cuda::store(x);
    using F = typename decltype(cuda::store(x))::formula;
    return make_handle<reduced_t<Op, T>>(
        graph::make_number_of(cuda::reduce<Op, F>(s.operands, s.numbers, x.shape())));
}

/// Sum and product of all elements, 0-d, dtypes as lazy::sum. Of nothing: 0 and 1. The order of
/// additions is Thrust's: float results may differ in the last bits between systems and devices.
template <typed X>
auto sum(const X& x) {
    return cuda::reduce_all<ops::sum>(x);
}
template <typed X>
auto prod(const X& x) {
    return cuda::reduce_all<ops::prod>(x);
}
/// Largest and smallest element, 0-d; NaN if there is one. Of nothing: index_error.
template <typed X>
auto amax(const X& x) {
    return cuda::reduce_all<ops::amax>(x);
}
template <typed X>
auto amin(const X& x) {
    return cuda::reduce_all<ops::amin>(x);
}
/// True iff any, all elements are not zero; 0-d. Of nothing: false and true.
template <typed X>
auto any(const X& x) {
    return cuda::reduce_all<ops::any>(x);
}
template <typed X>
auto all(const X& x) {
    return cuda::reduce_all<ops::all>(x);
}

}  // namespace LAZYTENSOR_THRUST_SYSTEM
}  // namespace lazy::cuda

// Runs a statement, or its reduction to one value, through Thrust.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system_error.h>
#include <thrust/transform_reduce.h>

#include "binding.hpp"

namespace lazy::cuda {
inline namespace LAZYTENSOR_THRUST_SYSTEM {

/// Calls `f` and turns what Thrust and the driver report into a device_error.
template <class Function>
auto with_device(const char* op, Function&& f) {
    require_device(op);
    try {
        return f();
    } catch (const thrust::system_error& e) {
        throw device_error(message(op, e.what()));
    }
}

/// The flag that a statement raises when an element has no value; only made when one may.
template <class F>
class fault_flag {
public:
    fault_flag() {
        if constexpr (F::may_fault) {
            const int clear = 0;
            memory_.upload(&clear);
        }
    }
    int* address() const { return memory_.template as<int>(); }
    void check(const char* op) const {
        if constexpr (F::may_fault) {
            int raised = 0;
            memory_.download(&raised);
            if (raised != 0) {
                throw value_error(message(op, "ZeroDivisionError: integer division by zero"));
            }
        }
    }

private:
    device_memory memory_{F::may_fault ? sizeof(int) : 0};
};

using count_iterator = thrust::counting_iterator<std::int64_t>;

inline std::int64_t packet_count(std::int64_t n) { return (n + grain - 1) / grain; }

/// The most calls of a reduction's functor: enough to fill any GPU several times over. Larger
/// inputs take several packets per call, which costs less than one more partial result.
inline constexpr std::int64_t most_calls = std::int64_t{1} << 20;

template <class F>
bound_formula<F> bind(const binding& b, const graph::literals<graph::literal_count<F>>& numbers,
                      const fault_flag<F>& fault) {
    static_assert(sizeof(store_functor<F>) <= 4000,
                  "a statement with so many operands does not fit the arguments of a GPU kernel");
    return {b.template table<graph::operand_count<F>>(), numbers, fault.address()};
}

/// The elements of formula F over `sizes`, row-major, in host memory. The operands are numbers,
/// buffers or views of buffers. Throws value_error when an element has no value, device_error when
/// there is no device or it fails, std::bad_alloc when its memory is full.
template <class F>
buffer_ptr evaluate(std::span<const graph::node_ptr> operands,
                    const graph::literals<graph::literal_count<F>>& numbers, const shape& sizes) {
    using T = typename F::value_type;
    return with_device("cuda.eval", [&] {
        const binding b(operands, sizes);
        const std::size_t bytes = static_cast<std::size_t>(b.numel()) * sizeof(T);
        buffer_ptr result = buffer::allocate(bytes);
        if (b.numel() != 0) {
            const device_memory out(bytes);
            const fault_flag<F> fault;
            thrust::for_each(thrust::device, count_iterator(0),
                             count_iterator(packet_count(b.numel())),
                             store_functor<F>{bind<F>(b, numbers, fault), out.as<stored_t<T>>()});
            fault.check("cuda.eval");
            out.download(result->data());
        }
        return result;
    });
}

/// The element type of the full reduction Op of elements of type T: sums and products of integers
/// are int64, `any` and `all` bool, everything else stays T.
template <class Op, class T>
using reduced_t =
    std::conditional_t<is_half_v<T> && Op::prepare(dtype_of<T>) == dtype(dtype_id::float32), T,
                       typename element_of<Op::prepare(dtype_of<T>).id()>::type>;

/// Reduction Op of all elements of formula F over `sizes`; 16-bit floats accumulate in float32. The
/// order of a float sum is Thrust's: it depends on the system and the device, and may differ from
/// the CPU back end's in the last bits. Waits for the value. Throws as `evaluate` does, and
/// index_error when there is nothing to take the largest or smallest of.
template <class Op, class F>
reduced_t<Op, typename F::value_type> reduce(
    std::span<const graph::node_ptr> operands,
    const graph::literals<graph::literal_count<F>>& numbers, const shape& sizes) {
    using T = typename F::value_type;
    using A = typename element_of<Op::prepare(dtype_of<T>).id()>::type;
    if (Op::needs_elements && sizes.numel() == 0) {
        throw index_error(message(Op::name, "nothing to reduce in shape " + to_string(sizes)));
    }
    return with_device(Op::name, [&] {
        A value = Op::template identity<A>();
        const binding b(operands, sizes);
        if (b.numel() != 0) {
            lane_t<A> start;
            std::memcpy(&start, &value, sizeof(A));
            const fault_flag<F> fault;
            const std::int64_t calls = std::min(packet_count(b.numel()), most_calls);
            const lane_t<A> total = thrust::transform_reduce(
                thrust::device(temporary_allocator()), count_iterator(0), count_iterator(calls),
                reduce_functor<Op, A, F>{bind<F>(b, numbers, fault), calls}, start,
                combine_functor<Op, A>{});
            fault.check(Op::name);
            std::memcpy(static_cast<void*>(&value), &total, sizeof(A));
        }
        return convert<reduced_t<Op, T>>(Op::finish(value));
    });
}

}  // namespace LAZYTENSOR_THRUST_SYSTEM
}  // namespace lazy::cuda

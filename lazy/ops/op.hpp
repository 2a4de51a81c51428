// What an operation is: the base classes that give an op struct its dtype rule and properties.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string>
#include <type_traits>

#include "../core/device_function.hpp"
#include "../core/promotion.hpp"

/// Every elementwise operation is one struct here. It says
///   name      as PyTorch spells it
///   arity     number of operands
///   cost      about how many cheap instructions one element takes (the planner's measure)
///   domain    the kinds of dtype it takes
///   compute   from the promoted dtype of the operands, the dtype it works in
///   result    from the dtype it works in, the dtype of its result
///   apply     the formula, one generic body for a scalar (also on a GPU) and a SIMD pack
/// Nothing else in the library knows the operation but the list in list.hpp.
namespace lazy::ops {

/// Sets of dtype kinds.
enum domain : unsigned {
    booleans = 1,
    integers = 2,
    floats = 4,
    complexes = 8,
    reals = integers | floats,
    numbers = reals | complexes,
    everything = booleans | numbers,
};

constexpr bool contains(unsigned set, dtype_kind kind) {
    return (set >> static_cast<unsigned>(kind) & 1U) != 0;
}

/// What becomes of a number that the integers beside it cannot represent: it wraps, is an error, or
/// is one unless it limits nothing (a limit from below that lies below them all).
enum class number_rule { wraps, fits, from_below, from_above };

/// Properties most operations share; an op hides what differs.
struct op_base {
    static constexpr float cost = 1;
    static constexpr bool may_fault = false;      ///< can raise during evaluation
    static constexpr bool has_condition = false;  ///< first operand is a bool apart from promotion
    static constexpr bool native_half = false;    ///< 16-bit floats are not computed as float32
    static constexpr number_rule numbers = number_rule::wraps;
    static constexpr bool wide_numbers = false;  ///< 16-bit floats meet numbers in float32
    static constexpr bool refuses_bool = false;  ///< whatever the other operand is
    static constexpr dtype result(dtype compute) { return compute; }
};

/// T op T -> T. Booleans count as 0 and 1 and are computed as uint8 unless the op takes them.
template <unsigned Domain, std::size_t Arity>
struct arithmetic : op_base {
    static constexpr std::size_t arity = Arity;
    static constexpr unsigned domain = Domain;
    static constexpr dtype compute(dtype promoted, dtype) { return promoted; }
};

/// float(T) -> float: integers and booleans become the default float dtype first.
template <unsigned Domain, std::size_t Arity>
struct floating : op_base {
    static constexpr std::size_t arity = Arity;
    static constexpr unsigned domain = Domain | booleans | integers;
    static constexpr float cost = 12;
    static constexpr dtype compute(dtype promoted, dtype default_float) {
        return promoted.kind() < dtype_kind::floating ? default_float : promoted;
    }
};

/// T op T -> bool.
template <unsigned Domain, std::size_t Arity>
struct predicate : op_base {
    static constexpr std::size_t arity = Arity;
    static constexpr unsigned domain = Domain;
    static constexpr dtype compute(dtype promoted, dtype) { return promoted; }
    static constexpr dtype result(dtype) { return dtype_id::bool_; }
};

/// Like predicate, but a bool operand is compared as uint8.
template <unsigned Domain, std::size_t Arity>
struct comparison : predicate<Domain | booleans, Arity> {
    static constexpr dtype compute(dtype promoted, dtype) {
        return promoted == dtype_id::bool_ ? dtype(dtype_id::uint8) : promoted;
    }
};

/// The dtype Op works in for operands promoted to `promoted`; throws dtype_error outside its
/// domain.
template <class Op>
constexpr dtype compute_dtype(dtype promoted, dtype default_float) {
    if (!contains(Op::domain, promoted.kind())) {
        fail<dtype_error>(Op::name, {"not implemented for ", promoted.name()});
    }
    return Op::compute(promoted, default_float);
}

/// compute_dtype at compile time; ill-formed outside the domain.
template <class Op, element T>
using compute_t =
    typename element_of<Op::compute(dtype_of<T>, dtype(dtype_id::float32)).id()>::type;

/// The element type of Op's result when it works in C.
template <class Op, element C>
using result_t = typename element_of<Op::result(dtype_of<C>).id()>::type;

template <class Op, class T>
concept accepts = element<T> && contains(Op::domain, dtype_of<T>.kind());

}  // namespace lazy::ops

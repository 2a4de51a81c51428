// Nested braces as tensor data: {1, 2}, {{1.0, 2}, {3, 4}}, up to five levels, ragged ones refused.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <initializer_list>
#include <vector>

#include "../../lazy/core/scalar.hpp"
#include "../../lazy/core/shape.hpp"

namespace lazy {

/// A number in a list of mixed kinds, {1.0, 2}: float wins, as in PyTorch.
struct mixed_number {
    template <number S>
    mixed_number(S v) : value(v) {}
    scalar value;
};

/// Nested std::initializer_list as text: clang 15 deduces no element type through an alias
/// template.
#define LAZYTENSOR_LIST_1(T) std::initializer_list<T>
#define LAZYTENSOR_LIST_2(T) std::initializer_list<LAZYTENSOR_LIST_1(T)>
#define LAZYTENSOR_LIST_3(T) std::initializer_list<LAZYTENSOR_LIST_2(T)>
#define LAZYTENSOR_LIST_4(T) std::initializer_list<LAZYTENSOR_LIST_3(T)>
#define LAZYTENSOR_LIST_5(T) std::initializer_list<LAZYTENSOR_LIST_4(T)>

/// Sizes and row-major elements read from nested lists or vectors.
template <class T>
struct list_data {
    shape sizes;
    std::vector<T> values;
};

template <class L>
concept nested_range = requires(const L& l) {
    l.begin();
    l.size();
}
&&!number<L> && !std::is_same_v<L, mixed_number>;

/// A listed number as a T; throws value_error for an integer beyond those of T.
template <element T>
T listed_number(const scalar& v) {
    if (!fits_wrapped<T>(v)) {
        fail<value_error>("tensor", {"value cannot be converted to type ", dtype_of<T>.name(),
                                     " without overflow"});
    }
    return v.to<T>();
}

template <class T, class L>
void read_list(const L& list, std::size_t depth, list_data<T>& out) {
    if constexpr (nested_range<L>) {
        const auto n = static_cast<std::int64_t>(list.size());
        if (out.sizes.size() == depth) {
            out.sizes.push_back(n);
        } else if (out.sizes[depth] != n) {
            fail<shape_error>("tensor", {"expected sequence of length ", out.sizes[depth],
                                         " at dim ", depth, " (got ", n, ")"});
        }
        for (const auto& item : list) {
            using item_type = std::remove_cvref_t<decltype(item)>;
            if constexpr (nested_range<item_type>) {
                read_list<T>(item, depth + 1, out);
            } else {
                read_list<T>(static_cast<const item_type&>(item), depth + 1, out);
            }
        }
    } else if constexpr (std::is_same_v<L, mixed_number>) {
        out.values.push_back(listed_number<T>(list.value));
    } else if constexpr (std::is_class_v<L> && !number<L>) {
        out.values.push_back(scalar(static_cast<bool>(list)).template to<T>());
    } else {
        out.values.push_back(listed_number<T>(list));
    }
}

/// The element of nested vectors, arrays and spans.
template <class L>
struct innermost : type_tag<L> {};
template <nested_range L>
struct innermost<L> : innermost<std::remove_cvref_t<decltype(*std::declval<const L&>().begin())>> {
};
template <>
struct innermost<std::vector<bool>> : type_tag<bool> {};

/// The dtype of listed numbers, as torch.tensor gives Python's: bool, int64, float32, complex64.
template <class S>
using listed_t = element_of_number<S>;

/// An element type that holds every listed number of type S exactly.
template <class S>
using exact_t =
    std::conditional_t<std::is_same_v<listed_t<S>, float>, double,
                       std::conditional_t<std::is_same_v<listed_t<S>, std::complex<float>>,
                                          std::complex<double>, listed_t<S>>>;

/// The dtype of a container's numbers: a container has one, as a NumPy array has, and keeps it.
template <class S>
using contained_t = typename std::conditional_t<
    element<S>, type_tag<S>,
    std::conditional_t<
        std::is_integral_v<S> && sizeof(S) == 8,
        type_tag<std::conditional_t<std::is_signed_v<S>, std::int64_t, std::uint64_t>>,
        type_tag<element_of_number<S>>>>::type;

}  // namespace lazy

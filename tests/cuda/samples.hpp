// Values on which operations go wrong: zeros, limits, infinities, NaN, and ordinary ones.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <complex>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <valarray>

#include "../../lazy/graph/build.hpp"

namespace samples {

/// Contiguous elements of any element type (a vector of bool would be packed).
template <class T>
using values = std::valarray<T>;

template <class T>
values<T> of() {
    using limits = std::numeric_limits<T>;
    if constexpr (std::is_same_v<T, bool>) {
        return {false, true};
    } else if constexpr (lazy::is_complex_v<T>) {
        // Off the branch cuts and of moderate size: the functions differ in how far they avoid
        // overflow.
        return {T(0.5, 0.25), T(-0.75, 1.5), T(2, -3), T(-1.25, -0.5), T(0.1, 4), T(3.5, 0.75)};
    } else if constexpr (lazy::is_half_v<T>) {
        values<T> v(16);
        std::size_t i = 0;
        for (float x : {0.0F, -0.0F, 1.0F, -1.0F, 0.5F, -2.5F, 1.5F, 3.0F, 7.25F, -100.0F, 0.001F,
                        6e-8F, 60000.0F, INFINITY, -INFINITY, NAN}) {
            v[i++] = T(x);
        }
        return v;
    } else if constexpr (std::is_floating_point_v<T>) {
        return {T(0),
                T(-0.0),
                T(1),
                T(-1),
                T(0.5),
                T(-0.5),
                T(2.5),
                T(-2.5),
                T(3.5),
                T(0.1),
                T(-0.7),
                T(7.25),
                T(-100),
                T(1e-6),
                T(12345),
                T(20.75),
                T(-1e10),
                T(0.9999),
                limits::min(),
                limits::denorm_min(),
                limits::max(),
                limits::lowest(),
                limits::infinity(),
                -limits::infinity(),
                limits::quiet_NaN()};
    } else if constexpr (std::is_signed_v<T>) {
        return {T(0),
                T(1),
                T(-1),
                T(2),
                T(3),
                T(-3),
                T(7),
                T(-8),
                T(31),
                T(100),
                limits::max(),
                limits::min(),
                T(limits::max() - 1)};
    } else {
        return {T(0), T(1),  T(2),   T(3),          T(7),
                T(8), T(31), T(200), limits::max(), T(limits::max() / 2)};
    }
}

/// A buffer node with these elements.
template <class T>
lazy::graph::node_ptr node(const values<T>& v, lazy::shape sizes) {
    lazy::buffer_ptr b = lazy::buffer::allocate(v.size() * sizeof(T));
    if (v.size() != 0) {
        std::memcpy(static_cast<void*>(b->data()), &v[0], v.size() * sizeof(T));
    }
    return lazy::graph::make_buffer(std::move(b), lazy::dtype_of<T>, std::move(sizes));
}
template <class T>
lazy::graph::node_ptr node(const values<T>& v) {
    return node(v, lazy::shape(v.size()));
}

}  // namespace samples

// Products of matrices and vectors.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../backends/cpu/algorithms/matmul.hpp"
#include "algorithms.hpp"
#include "reductions.hpp"

namespace lazy {

/// The shape of matmul(a, b); throws shape_error.
inline shape matmul_shape(const shape& a, const shape& b) {
    if (a.empty() || b.empty()) {
        throw shape_error(
            "[matmul] both arguments to matmul need to be at least 1D, but they are " +
            std::to_string(a.size()) + "D and " + std::to_string(b.size()) + "D");
    }
    const std::int64_t k = a.back();
    const std::int64_t other = b.size() == 1 ? b[0] : b[b.size() - 2];
    if (k != other) {
        throw shape_error(message("matmul", "mat1 and mat2 shapes cannot be multiplied (" +
                                                to_string(a) + " and " + to_string(b) + ")"));
    }
    const auto batch = [](const shape& s) {
        return s.size() > 2 ? shape(s.begin(), s.end() - 2) : shape();
    };
    shape r = broadcast_shapes(batch(a), batch(b), "matmul");
    if (a.size() > 1) {
        r.push_back(a[a.size() - 2]);
    }
    if (b.size() > 1) {
        r.push_back(b.back());
    }
    return r;
}

/// A matrix as the kernel reads it: a plain transpose is read in place.
inline std::pair<graph::node_ptr, bool> matrix_operand(graph::node_ptr n) {
    if (n->kind() == graph::kind::view && n->shape().size() == 2) {
        const graph::node_ptr base(n->input(0));
        const shape& s = n->shape();
        const graph::layout& l = n->layout();
        if (base->shape() == shape(s[1], s[0]) && l.offset == 0 && l.strides[0] == 1 &&
            l.strides[1] == s[0] && s[0] > 1 && s[1] > 1) {
            return {base, true};
        }
    }
    return {std::move(n), false};
}

/// torch.matmul: matrix products with batches broadcast; vectors count as a row or a column.
/// Through CBLAS where the build found one. 16-bit floats accumulate in float32, integers wrap.
template <tensor_like A, tensor_like B>
auto matmul(const A& a, const B& b) {
    const shape sizes = matmul_shape(a.shape(), b.shape());
    const auto product = [&]<class T>(type_tag<T>, graph::node_ptr x, graph::node_ptr y, dtype d) {
        if (d == dtype_id::bool_) {
            throw dtype_error("[matmul] not implemented for bool");
        }
        auto [m, transpose_m] = matrix_operand(std::move(x));
        auto [n, transpose_n] = matrix_operand(std::move(y));
        check_sizes(sizes, d.itemsize(), "matmul");
        return make_handle<T>(algorithm(cpu::matmul_kernel<T>, {m, n}, d, sizes,
                                        cpu::matmul_params{transpose_m, transpose_n}));
    };
    if constexpr (typed<A> && typed<B>) {
        using T = promote_t<value_type_of<A>, value_type_of<B>>;
        return product(type_tag<T>{}, lazy::to(a, dtype_constant<T>{}).node(),
                       lazy::to(b, dtype_constant<T>{}).node(), dtype_of<T>);
    } else {
        const dtype d = promote_types(a.dtype(), b.dtype());
        return product(type_tag<void>{}, converted(a.node(), d), converted(b.node(), d), d);
    }
}
template <tensor_like A, tensor_like B>
auto mm(const A& a, const B& b) {
    return lazy::matmul(a, b);
}
template <tensor_like A, tensor_like B>
auto mv(const A& a, const B& b) {
    return lazy::matmul(a, b);
}
template <tensor_like A, tensor_like B>
auto bmm(const A& a, const B& b) {
    return lazy::matmul(a, b);
}
/// The sum of products of two vectors.
template <tensor_like A, tensor_like B>
auto dot(const A& a, const B& b) {
    if (a.shape().size() != 1 || b.shape().size() != 1) {
        throw shape_error(message("dot", "1D tensors expected, but got " +
                                             std::to_string(a.shape().size()) + "D and " +
                                             std::to_string(b.shape().size()) + "D tensors"));
    }
    return lazy::matmul(a, b);
}
/// All products of an element of a with one of b.
template <tensor_like A, tensor_like B>
auto outer(const A& a, const B& b) {
    if (a.shape().size() != 1 || b.shape().size() != 1) {
        throw shape_error("[outer] Expected 1-D arguments");
    }
    auto r = lazy::unsqueeze(a, 1) * lazy::unsqueeze(b, 0);
    return handle_like<decltype(r)>(r);
}
/// The sum of the diagonal.
template <tensor_like X>
auto trace(const X& x) {
    if (x.shape().size() != 2) {
        throw shape_error("[trace] expected a matrix");
    }
    return lazy::sum(lazy::diagonal(x, 0, 0, 1));
}

}  // namespace lazy

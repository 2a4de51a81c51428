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
        fail<shape_error>("matmul",
                          {"mat1 and mat2 shapes cannot be multiplied (", a, " and ", b, ")"});
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
        check_sizes(sizes, "matmul");
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
    if (a.shape().size() != 2 || b.shape().size() != 2) {
        fail<shape_error>("mm", {"Expected two matrices, got ", a.shape(), " and ", b.shape()});
    }
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
        fail<shape_error>("dot", {"1D tensors expected, but got ", a.shape().size(), "D and ",
                                  b.shape().size(), "D tensors"});
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

/// The sum of conj(a) * b along `d`, the other dimensions broadcasting.
template <tensor_like A, tensor_like B>
auto vecdot(const A& a, const B& b, std::int64_t d = -1) {
    auto products = lazy::conj(a) * b;
    const shape& sizes = products.shape();
    const std::size_t at = wrap_dim(d, sizes.size(), "vecdot");
    const auto size = [&](const shape& s) {
        const std::size_t lead = sizes.size() - s.size();
        return at < lead || s.empty() ? std::int64_t{1} : s[at - lead];
    };
    if (sizes.empty() || size(a.shape()) != size(b.shape())) {
        throw shape_error(
            message("vecdot", "the vectors differ in length: " + to_string(a.shape()) + " and " +
                                  to_string(b.shape())));
    }
    auto r = lazy::sum(products, {d}, false);
    using R = handle_like<decltype(products)>;
    return R(lazy::to(r, products));
}
/// The cross products of vectors of three along `d`, the other dimensions broadcasting.
template <tensor_like A, tensor_like B>
auto cross(const A& a, const B& b, std::int64_t d) {
    const shape sizes = broadcast_shapes(a.shape(), b.shape(), "cross");
    const std::size_t at = wrap_dim(d, sizes.size(), "cross");
    const auto is_three = [&](const shape& s) {
        const std::size_t lead = sizes.size() - s.size();
        return !s.empty() && at >= lead && s[at - lead] == 3;
    };
    if (!is_three(a.shape()) || !is_three(b.shape())) {
        throw shape_error(message("cross", "inputs dimension " + std::to_string(d) +
                                               " must have length 3. Got " + to_string(a.shape()) +
                                               " and " + to_string(b.shape())));
    }
    const std::int64_t dim = static_cast<std::int64_t>(at);
    const handle_like<A> x(lazy::expand(a, sizes));
    const handle_like<B> y(lazy::expand(b, sizes));
    // Coordinates i+1 and i+2 of both, modulo 3.
    const auto one = [dim](const auto& v) { return lazy::roll(v, -1, dim); };
    const auto two = [dim](const auto& v) { return lazy::roll(v, 1, dim); };
    auto r = one(x) * two(y) - two(x) * one(y);
    return handle_like<decltype(r)>(r);
}
/// The Kronecker product: every element of a times the whole of b.
template <tensor_like A, tensor_like B>
auto kron(const A& a, const B& b) {
    const std::size_t n = std::max(a.shape().size(), b.shape().size());
    const auto spread = [n](const shape& s, bool first, shape& merged) {
        shape r;
        for (std::size_t i = 0; i < n; ++i) {
            const std::int64_t size = i + s.size() < n ? 1 : s[i + s.size() - n];
            r.push_back(first ? size : 1);
            r.push_back(first ? 1 : size);
            merged[i] *= size;
        }
        return r;
    };
    shape merged = shape::filled(n, 1);
    const shape outside = spread(a.shape(), true, merged);
    const shape inside = spread(b.shape(), false, merged);
    auto r = lazy::reshape(a, outside) * lazy::reshape(b, inside);
    return handle_like<decltype(r)>(lazy::reshape(r, merged));
}
/// The sum of products over dimensions `of_a` of a and `of_b` of b, pair by pair.
template <tensor_like A, tensor_like B>
auto tensordot(const A& a, const B& b, const dims& of_a, const dims& of_b) {
    if (of_a.size() != of_b.size()) {
        throw shape_error(
            message("tensordot", "both dimension lists should have same length, got " +
                                     to_string(of_a) + " and " + to_string(of_b)));
    }
    shape result;
    // The dimensions of `s` that stay, and those of `summed`, in the order asked for.
    const auto order = [&result](const shape& s, const dims& summed, bool stay_first) {
        const dim_set gone =
            summed.empty() ? dim_set() : reduced_dims(summed, s.size(), "tensordot");
        shape stay;
        std::int64_t staying = 1;
        for (std::size_t i = 0; i < s.size(); ++i) {
            if (!gone[i]) {
                stay.push_back(static_cast<std::int64_t>(i));
                result.push_back(s[i]);
                staying *= s[i];
            }
        }
        shape sum;
        for (std::int64_t d : summed) {
            sum.push_back(static_cast<std::int64_t>(wrap_dim(d, s.size(), "tensordot")));
        }
        shape r = stay_first ? stay : sum;
        for (std::int64_t d : stay_first ? sum : stay) {
            r.push_back(d);
        }
        return std::pair{r, staying};
    };
    std::int64_t count = 1;
    for (std::size_t i = 0; i < of_a.size(); ++i) {
        const std::int64_t n = a.shape()[wrap_dim(of_a[i], a.shape().size(), "tensordot")];
        if (n != b.shape()[wrap_dim(of_b[i], b.shape().size(), "tensordot")]) {
            throw shape_error(message("tensordot", "contracted dimensions need to match, but dim " +
                                                       std::to_string(of_a[i]) + " of " +
                                                       to_string(a.shape()) + " and dim " +
                                                       std::to_string(of_b[i]) + " of " +
                                                       to_string(b.shape()) + " differ"));
        }
        count *= n;
    }
    const auto [order_of_a, rows] = order(a.shape(), of_a, true);
    const auto [order_of_b, columns] = order(b.shape(), of_b, false);
    const auto left = lazy::reshape(lazy::permute(a, order_of_a), {rows, count});
    const auto right = lazy::reshape(lazy::permute(b, order_of_b), {count, columns});
    return lazy::reshape(lazy::matmul(left, right), result);
}
/// Over the last `count` dimensions of a and the first of b.
template <tensor_like A, tensor_like B>
auto tensordot(const A& a, const B& b, std::int64_t count = 2) {
    const std::size_t least = std::min(a.shape().size(), b.shape().size());
    if (count < 0 || count > static_cast<std::int64_t>(least)) {
        throw shape_error(message("tensordot", "cannot sum over " + std::to_string(count) +
                                                   " dimensions of " + to_string(a.shape()) +
                                                   " and " + to_string(b.shape())));
    }
    dims of_a;
    dims of_b;
    for (std::int64_t i = 0; i < count; ++i) {
        of_a.push_back(i - count);
        of_b.push_back(i);
    }
    return lazy::tensordot(a, b, of_a, of_b);
}

/// beta * c + alpha * product, in the product's shape and dtype; beta = 0 leaves out c, NaN too.
template <tensor_like C, tensor_like P, number B, number A>
P product_added(const C& c, const P& product, B beta, A alpha, std::string_view op) {
    if (broadcast_shapes(c.shape(), product.shape(), op) != product.shape()) {
        fail<shape_error>(
            op, {"what is added has shape ", c.shape(), ", the product ", product.shape()});
    }
    const P scaled = alpha == A(1) ? product : P(lazy::to(product * alpha, product));
    return beta == B(0) ? P(lazy::expand(scaled, product.shape()))
                        : P(lazy::to(c * beta + scaled, product));
}
/// beta * c + alpha * (a @ b): of matrices, of a matrix and a vector, of batches of matrices, and
/// of the outer product of two vectors.
#define LAZYTENSOR_ADDED_PRODUCT(name, product, ndim_of_a, ndim_of_b)                            \
    template <tensor_like C, tensor_like A, tensor_like B, number S, number U>                   \
    auto name(const C& c, const A& a, const B& b, S beta, U alpha) {                             \
        if (a.shape().size() != ndim_of_a || b.shape().size() != ndim_of_b) {                    \
            fail<shape_error>(                                                                   \
                #name, {"expects tensors of " #ndim_of_a " and " #ndim_of_b " dimensions, got ", \
                        a.shape(), " and ", b.shape()});                                         \
        }                                                                                        \
        return product_added(c, handle_like<decltype(lazy::product(a, b))>(lazy::product(a, b)), \
                             beta, alpha, #name);                                                \
    }
LAZYTENSOR_ADDED_PRODUCT(addmm, matmul, 2, 2)
LAZYTENSOR_ADDED_PRODUCT(addmv, matmul, 2, 1)
LAZYTENSOR_ADDED_PRODUCT(baddbmm, bmm, 3, 3)
LAZYTENSOR_ADDED_PRODUCT(addr, outer, 1, 1)
#undef LAZYTENSOR_ADDED_PRODUCT

}  // namespace lazy

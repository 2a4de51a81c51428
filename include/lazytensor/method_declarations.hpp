// Declarations of the free functions that methods forward to; each is defined under its subject.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>

#include "../../lazy/ops/list.hpp"
#include "operand.hpp"

namespace lazy {

/// Dimensions to reduce: none given means all. `sum(x, 1)`, `sum(x, {0, 2}, true)`.
using dims = shape;

/// Calls X(name) for the reductions with the arguments (x), (x, dims, keepdim).
#define LAZYTENSOR_REDUCTIONS(X) \
    X(sum) X(prod) X(amax) X(amin) X(any) X(all) X(mean) X(logsumexp) X(count_nonzero)

#define LAZYTENSOR_DECLARE(name) \
    template <tensor_like X>     \
    auto name(X&& x);
LAZYTENSOR_UNARY_OPS(LAZYTENSOR_DECLARE)
#undef LAZYTENSOR_DECLARE
#define LAZYTENSOR_DECLARE(name) \
    template <term A, term B>    \
    requires(tensor_like<A> || tensor_like<B>) auto name(A&& a, B&& b);
LAZYTENSOR_BINARY_OPS(LAZYTENSOR_DECLARE)
#undef LAZYTENSOR_DECLARE

template <tensor_like X, term L, term H>
auto clamp(X&& x, L&& low, H&& high);
template <tensor_like X, term H>
auto clamp(X&& x, std::nullopt_t, H&& high);
template <tensor_like X, term L>
auto clamp(X&& x, L&& low, std::nullopt_t);
template <tensor_like X, term L>
auto clamp_min(X&& x, L&& low);
template <tensor_like X, term H>
auto clamp_max(X&& x, H&& high);
template <tensor_like X>
auto frac(const X& x);
template <tensor_like A, tensor_like B, term W>
auto lerp(const A& a, const B& b, W&& weight);
template <tensor_like X>
auto nan_to_num(const X& x, double nan = 0.0, std::optional<double> posinf = {},
                std::optional<double> neginf = {});
template <tensor_like A, tensor_like B>
auto isclose(const A& a, const B& b, double rtol = 1e-5, double atol = 1e-8,
             bool equal_nan = false);
template <tensor_like M, term A, term B>
auto where(M&& condition, A&& a, B&& b);

template <tensor_like X>
auto item(const X& x);
template <tensor_like X>
auto tolist(const X& x);
template <tensor_like X>
auto numpy(const X& x);
template <tensor_like X>
auto clone(const X& x);
template <tensor_like X>
std::string to_string(const X& x);
template <tensor_like X>
bool truth(const X& x);

template <tensor_like X, element To>
auto to(const X& x, dtype_constant<To> d);
template <tensor_like X>
auto to(const X& x, dtype d);
template <tensor_like X, tensor_like O>
auto to(const X& x, const O& like);

#define LAZYTENSOR_DECLARE(name) \
    template <tensor_like X>     \
    auto name(const X& x, const dims& d = {}, bool keepdim = false);
template <tensor_like X>
auto sum(X&& x, const dims& d = {}, bool keepdim = false);
template <tensor_like X>
auto prod(X&& x, const dims& d = {}, bool keepdim = false);
template <tensor_like X>
auto amax(X&& x, const dims& d = {}, bool keepdim = false);
template <tensor_like X>
auto amin(X&& x, const dims& d = {}, bool keepdim = false);
template <tensor_like X>
auto any(X&& x, const dims& d = {}, bool keepdim = false);
LAZYTENSOR_DECLARE(mean)
LAZYTENSOR_DECLARE(logsumexp)
LAZYTENSOR_DECLARE(count_nonzero)
LAZYTENSOR_DECLARE(nansum)
LAZYTENSOR_DECLARE(nanmean)
LAZYTENSOR_DECLARE(aminmax)
#undef LAZYTENSOR_DECLARE

/// `all` is both the reduction, all(x, dims, keepdim), and the whole-dimension index, t(all, 0).
struct all_type {
    template <tensor_like X>
    auto operator()(X&& x, const dims& d = {}, bool keepdim = false) const;
};
inline constexpr all_type all{};

template <tensor_like X>
auto var(const X& x, const dims& d = {}, double correction = 1, bool keepdim = false);
template <tensor_like X>
auto std(const X& x, const dims& d = {}, double correction = 1, bool keepdim = false);
template <tensor_like X>
auto argmax(const X& x);
template <tensor_like X>
auto argmax(const X& x, std::int64_t d, bool keepdim = false);
template <tensor_like X>
auto argmin(const X& x);
template <tensor_like X>
auto argmin(const X& x, std::int64_t d, bool keepdim = false);
template <tensor_like X>
auto max(const X& x, std::int64_t d, bool keepdim = false);
template <tensor_like X>
auto min(const X& x, std::int64_t d, bool keepdim = false);
template <tensor_like A, tensor_like B>
bool allclose(const A& a, const B& b, double rtol = 1e-5, double atol = 1e-8,
              bool equal_nan = false);
template <tensor_like A, tensor_like B>
bool equal(const A& a, const B& b);
template <tensor_like X>
auto norm(const X& x, double p = 2, const dims& d = {}, bool keepdim = false);
template <tensor_like X>
auto softmax(const X& x, std::int64_t d);
template <tensor_like X>
auto log_softmax(const X& x, std::int64_t d);
template <tensor_like X>
auto median(const X& x);
template <tensor_like X>
auto median(const X& x, std::int64_t d, bool keepdim = false);

#define LAZYTENSOR_DECLARE(name) \
    template <tensor_like X>     \
    auto name(const X& x, const shape& sizes);
LAZYTENSOR_DECLARE(reshape)
LAZYTENSOR_DECLARE(view)
LAZYTENSOR_DECLARE(permute)
LAZYTENSOR_DECLARE(expand)
LAZYTENSOR_DECLARE(repeat)
LAZYTENSOR_DECLARE(tile)
LAZYTENSOR_DECLARE(flip)
#undef LAZYTENSOR_DECLARE
template <tensor_like X>
auto flatten(const X& x, std::int64_t first = 0, std::int64_t last = -1);
template <tensor_like X>
auto squeeze(const X& x);
template <tensor_like X>
auto squeeze(const X& x, std::int64_t d);
template <tensor_like X>
auto squeeze(const X& x, const dims& d);
template <tensor_like X>
auto movedim(const X& x, const dims& from, const dims& to);
template <tensor_like X>
auto unflatten(const X& x, std::int64_t d, const shape& sizes);
template <tensor_like X>
auto tril(const X& x, std::int64_t diagonal = 0);
template <tensor_like X>
auto triu(const X& x, std::int64_t diagonal = 0);
template <tensor_like X>
auto unsqueeze(const X& x, std::int64_t d);
template <tensor_like X>
auto transpose(const X& x, std::int64_t a, std::int64_t b);
template <tensor_like X>
auto t(const X& x);
template <tensor_like X>
auto T(const X& x);
template <tensor_like X>
auto roll(const X& x, std::int64_t shift, std::int64_t d);
template <tensor_like X>
auto contiguous(const X& x);
template <tensor_like X>
auto diagonal(const X& x, std::int64_t offset = 0, std::int64_t a = 0, std::int64_t b = 1);
template <tensor_like X>
auto split(const X& x, std::int64_t size, std::int64_t d = 0);
template <tensor_like X>
auto split(const X& x, const std::vector<std::int64_t>& sizes, std::int64_t d = 0);
template <tensor_like X>
auto chunk(const X& x, std::int64_t count, std::int64_t d = 0);
template <tensor_like X>
auto unbind(const X& x, std::int64_t d = 0);
template <tensor_like X>
auto select(const X& x, std::int64_t d, std::int64_t index);
template <tensor_like X>
auto narrow(const X& x, std::int64_t d, std::int64_t start, std::int64_t length);

template <tensor_like X>
auto cumsum(const X& x, std::int64_t d);
template <tensor_like X>
auto cumprod(const X& x, std::int64_t d);
template <tensor_like X>
auto cummax(const X& x, std::int64_t d);
template <tensor_like X>
auto cummin(const X& x, std::int64_t d);
template <tensor_like X>
auto diff(const X& x, std::int64_t n = 1, std::int64_t d = -1);
template <tensor_like X>
auto sort(const X& x, std::int64_t d = -1, bool descending = false);
template <tensor_like X>
auto argsort(const X& x, std::int64_t d = -1, bool descending = false);
template <tensor_like X>
auto topk(const X& x, std::int64_t k, std::int64_t d = -1, bool largest = true);
template <tensor_like X>
auto unique(const X& x);
template <tensor_like X>
auto nonzero(const X& x);
template <tensor_like X, tensor_like I>
auto gather(const X& x, std::int64_t d, const I& index);
template <tensor_like X, tensor_like I>
auto take_along_dim(const X& x, const I& index, std::int64_t d);
template <tensor_like X, tensor_like I>
auto take_along_dim(const X& x, const I& index);
template <tensor_like X, tensor_like I>
auto take(const X& x, const I& index);
template <tensor_like X, tensor_like I>
auto index_select(const X& x, std::int64_t d, const I& index);
template <tensor_like X, tensor_like M>
auto masked_select(const X& x, const M& mask);
template <tensor_like X, tensor_like M, term V>
auto masked_fill(const X& x, const M& mask, const V& value);
template <tensor_like A, tensor_like B>
auto matmul(const A& a, const B& b);
template <tensor_like A, tensor_like B>
auto dot(const A& a, const B& b);
template <tensor_like A, tensor_like B>
auto outer(const A& a, const B& b);
template <tensor_like X>
auto trace(const X& x);
template <tensor_like A, tensor_like B>
auto cross(const A& a, const B& b, std::int64_t d = -1);
template <tensor_like A, tensor_like B>
auto kron(const A& a, const B& b);
template <tensor_like X>
auto repeat_interleave(const X& x, std::int64_t times, std::int64_t d);
template <tensor_like X>
auto repeat_interleave(const X& x, std::int64_t times);
template <tensor_like A, tensor_like B>
auto mv(const A& a, const B& b);
template <tensor_like A, tensor_like B>
auto bmm(const A& a, const B& b);
template <tensor_like X>
auto diag(const X& x, std::int64_t offset = 0);
template <tensor_like X>
auto bincount(const X& x, std::int64_t minlength = 0);
template <tensor_like X, tensor_like W>
auto bincount(const X& x, const W& weights, std::int64_t minlength = 0);

template <tensor_like... X>
void eval(const X&... x);
template <tensor_like... X>
std::string explain(const X&... x);
struct measured_type;
template <tensor_like X>
std::string explain(const X& x, measured_type);
template <tensor_like X>
auto argwhere(const X& x);
template <tensor_like X, tensor_like I, tensor_like S>
auto scatter(const X& x, std::int64_t d, const I& index, const S& source);
template <tensor_like X, tensor_like I, tensor_like S>
auto scatter_add(const X& x, std::int64_t d, const I& index, const S& source);
template <tensor_like X, tensor_like I, tensor_like S>
auto index_add(const X& x, std::int64_t d, const I& index, const S& source);
template <tensor_like X, tensor_like I, tensor_like S, number A>
auto index_add(const X& x, std::int64_t d, const I& index, const S& source, A alpha);
template <tensor_like X, tensor_like I, tensor_like S>
auto index_copy(const X& x, std::int64_t d, const I& index, const S& source);
template <tensor_like X, tensor_like I, number V>
auto index_fill(const X& x, std::int64_t d, const I& index, V value);
#define LAZYTENSOR_DECLARE(name)                       \
    template <tensor_like X, term A, term B>           \
    auto name(const X& x, A&& a, B&& b);               \
    template <tensor_like X, term A, term B, number V> \
    auto name(const X& x, A&& a, B&& b, V value);
LAZYTENSOR_DECLARE(addcmul)
LAZYTENSOR_DECLARE(addcdiv)
#undef LAZYTENSOR_DECLARE
#define LAZYTENSOR_DECLARE(name)                                                           \
    template <tensor_like C, tensor_like A, tensor_like B, number S = int, number U = int> \
    auto name(const C& c, const A& a, const B& b, S beta = 1, U alpha = 1);
LAZYTENSOR_DECLARE(addmm)
LAZYTENSOR_DECLARE(addmv)
LAZYTENSOR_DECLARE(addr)
LAZYTENSOR_DECLARE(baddbmm)
#undef LAZYTENSOR_DECLARE
template <tensor_like X>
auto bernoulli(const X& p);
template <tensor_like X>
auto multinomial(const X& weights, std::int64_t count, bool replacement = false);
template <tensor_like X>
auto kthvalue(const X& x, std::int64_t k, std::int64_t d = -1, bool keepdim = false);
template <tensor_like X, class Q>
requires(number<Q> || tensor_like<Q>) auto quantile(const X& x, const Q& q,
                                                    std::optional<std::int64_t> d = {},
                                                    bool keepdim = false,
                                                    std::string_view interpolation = "linear");
template <tensor_like X>
auto tensor_split(const X& x, std::int64_t count, std::int64_t d = 0);
template <tensor_like X>
auto tensor_split(const X& x, const std::vector<std::int64_t>& indices, std::int64_t d = 0);
template <tensor_like X>
auto unfold(const X& x, std::int64_t d, std::int64_t size, std::int64_t step);
template <tensor_like X, class... I>
auto index(const X& x, const I&... indices);
template <tensor_like X, number V>
auto new_full(const X& x, const shape& sizes, V value);

}  // namespace lazy

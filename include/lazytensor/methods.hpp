// The methods every tensor has: one set for tensor<T>, Tensor, expressions and selections.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>

#include "../../lazy/ops/list.hpp"
#include "list_data.hpp"
#include "method_declarations.hpp"

namespace lazy {

/// Self has `node()` (its current value), `variable()` (its identity; a fresh one for an
/// expression), `shape()` and `dtype()`. Element is the element type, void when known at run time.
template <class Self, class Element>
class methods : public tensor_operand {
public:
    // What it is. None of these computes anything.
    std::int64_t numel() const { return self().shape().numel(); }
    std::int64_t dim() const { return ndim(); }
    std::int64_t ndim() const { return static_cast<std::int64_t>(self().shape().size()); }
    const lazy::shape size() const { return self().shape(); }
    std::int64_t size(std::int64_t d) const { return self().shape()[checked_dim(d, "size")]; }
    /// Strides in elements.
    lazy::shape strides() const { return self().variable()->where().strides; }
    lazy::shape stride() const { return strides(); }
    std::size_t itemsize() const { return self().dtype().itemsize(); }
    std::size_t nbytes() const { return static_cast<std::size_t>(numel()) * itemsize(); }
    bool is_contiguous() const;
    const char* device() const { return "cpu"; }
    bool is_floating_point() const { return self().dtype().is_floating_point(); }
    bool is_complex() const { return self().dtype().is_complex(); }

    // Leaving the library: these compute.
    auto item() const { return lazy::item(self()); }
    auto tolist() const { return lazy::tolist(self()); }
    auto numpy() const { return lazy::numpy(self()); }
    auto clone() const { return lazy::clone(self()); }
    /// Computes it; gives the tensor, so that calls can follow.
    auto eval() const {
        handle<Element> whole(self().variable());
        lazy::eval(whole);
        return whole;
    }
    /// What evaluating it would do, or, with `measured`, did.
    template <class... How>
    std::string explain(How... how) const {
        return lazy::explain(self(), how...);
    }
    std::string to_string() const { return lazy::to_string(self()); }
    /// The truth of a one-element tensor; throws value_error for more or fewer.
    explicit operator bool() const { return lazy::truth(self()); }

    // Elementwise.
#define LAZYTENSOR_METHOD(name)                       \
    auto name() const& { return lazy::name(self()); } \
    auto name()&& { return lazy::name(static_cast<Self&&>(*this)); }
    LAZYTENSOR_UNARY_OPS(LAZYTENSOR_METHOD)
#undef LAZYTENSOR_METHOD
#define LAZYTENSOR_METHOD(name)                                            \
    template <term B>                                                      \
    auto name(B&& b) const& {                                              \
        return lazy::name(self(), std::forward<B>(b));                     \
    }                                                                      \
    template <term B>                                                      \
    auto name(B&& b)&& {                                                   \
        return lazy::name(static_cast<Self&&>(*this), std::forward<B>(b)); \
    }
    LAZYTENSOR_BINARY_OPS(LAZYTENSOR_METHOD)
#undef LAZYTENSOR_METHOD
    template <class L, class H>
    auto clamp(L&& low, H&& high) const {
        return lazy::clamp(self(), std::forward<L>(low), std::forward<H>(high));
    }
    template <class L, class H>
    auto clip(L&& low, H&& high) const {
        return lazy::clamp(self(), std::forward<L>(low), std::forward<H>(high));
    }
    template <tensor_like M, term B>
    auto where(M&& condition, B&& other) const {
        return lazy::where(std::forward<M>(condition), self(), std::forward<B>(other));
    }

    // Conversion.
    template <element To>
    auto to(dtype_constant<To> d) const {
        return lazy::to(self(), d);
    }
    template <element To>
    auto to() const {
        return lazy::to(self(), dtype_constant<To>{});
    }
    auto to(lazy::dtype d) const { return lazy::to(self(), d); }
    template <class D>
    auto type(D d) const {
        return to(d);
    }
    auto half() const { return to(float16); }
    template <tensor_like O>
    auto to(const O& like) const {
        return lazy::to(self(), like);
    }
    template <tensor_like O>
    auto type_as(const O& like) const {
        return lazy::to(self(), like);
    }

    // Reductions: all elements, one dimension, or several.
#define LAZYTENSOR_METHOD(name)                                  \
    auto name() const { return lazy::name(self()); }             \
    auto name(const lazy::dims& d, bool keepdim = false) const { \
        return lazy::name(self(), d, keepdim);                   \
    }
    LAZYTENSOR_REDUCTIONS(LAZYTENSOR_METHOD)
    LAZYTENSOR_METHOD(nansum)
    LAZYTENSOR_METHOD(nanmean)
    LAZYTENSOR_METHOD(aminmax)
#undef LAZYTENSOR_METHOD
    auto var(const lazy::dims& d = {}, double correction = 1, bool keepdim = false) const {
        return lazy::var(self(), d, correction, keepdim);
    }
    auto std(const lazy::dims& d = {}, double correction = 1, bool keepdim = false) const {
        return lazy::std(self(), d, correction, keepdim);
    }
    auto argmax() const { return lazy::argmax(self()); }
    auto argmax(std::int64_t d, bool keepdim = false) const {
        return lazy::argmax(self(), d, keepdim);
    }
    auto argmin() const { return lazy::argmin(self()); }
    auto argmin(std::int64_t d, bool keepdim = false) const {
        return lazy::argmin(self(), d, keepdim);
    }
    auto norm(double p = 2) const { return lazy::norm(self(), p); }
    auto norm(double p, const lazy::dims& d, bool keepdim = false) const {
        return lazy::norm(self(), p, d, keepdim);
    }
    auto max() const { return lazy::amax(self()); }
    auto min() const { return lazy::amin(self()); }
    auto max(std::int64_t d, bool keepdim = false) const { return lazy::max(self(), d, keepdim); }
    auto min(std::int64_t d, bool keepdim = false) const { return lazy::min(self(), d, keepdim); }
    template <tensor_like B>
    auto max(B&& b) const {
        return lazy::maximum(self(), std::forward<B>(b));
    }
    template <tensor_like B>
    auto min(B&& b) const {
        return lazy::minimum(self(), std::forward<B>(b));
    }
    template <tensor_like B>
    bool equal(const B& b) const {
        return lazy::equal(self(), b);
    }
    template <tensor_like B>
    bool allclose(const B& b, double rtol = 1e-5, double atol = 1e-8,
                  bool equal_nan = false) const {
        return lazy::allclose(self(), b, rtol, atol, equal_nan);
    }
    auto softmax(std::int64_t d) const { return lazy::softmax(self(), d); }
    auto log_softmax(std::int64_t d) const { return lazy::log_softmax(self(), d); }

    // Shape.
    template <size_like... I>
    auto reshape(I... sizes) const {
        return lazy::reshape(self(), lazy::shape(sizes...));
    }
    auto reshape(const lazy::shape& sizes) const { return lazy::reshape(self(), sizes); }
    template <size_like... I>
    auto view(I... sizes) const {
        return lazy::view(self(), lazy::shape(sizes...));
    }
    auto view(const lazy::shape& sizes) const { return lazy::view(self(), sizes); }
    template <size_like... I>
    auto permute(I... order) const {
        return lazy::permute(self(), lazy::shape(order...));
    }
    auto permute(const lazy::shape& order) const { return lazy::permute(self(), order); }
    template <size_like... I>
    auto expand(I... sizes) const {
        return lazy::expand(self(), lazy::shape(sizes...));
    }
    auto expand(const lazy::shape& sizes) const { return lazy::expand(self(), sizes); }
    template <size_like... I>
    auto repeat(I... times) const {
        return lazy::repeat(self(), lazy::shape(times...));
    }
    auto repeat(const lazy::shape& times) const { return lazy::repeat(self(), times); }
    template <size_like... I>
    auto tile(I... times) const {
        return lazy::tile(self(), lazy::shape(times...));
    }
    auto flatten(std::int64_t first = 0, std::int64_t last = -1) const {
        return lazy::flatten(self(), first, last);
    }
    auto ravel() const { return lazy::flatten(self(), 0, -1); }
    auto squeeze() const { return lazy::squeeze(self()); }
    auto squeeze(std::int64_t d) const { return lazy::squeeze(self(), d); }
    auto unsqueeze(std::int64_t d) const { return lazy::unsqueeze(self(), d); }
    auto transpose(std::int64_t a, std::int64_t b) const { return lazy::transpose(self(), a, b); }
    auto t() const { return lazy::t(self()); }
    auto T() const { return lazy::T(self()); }
    auto mT() const { return lazy::transpose(self(), -2, -1); }
    auto flip(const lazy::dims& d) const { return lazy::flip(self(), d); }
    auto roll(std::int64_t shift, std::int64_t d) const { return lazy::roll(self(), shift, d); }
    auto contiguous() const { return lazy::contiguous(self()); }
    auto diagonal(std::int64_t offset = 0, std::int64_t a = 0, std::int64_t b = 1) const {
        return lazy::diagonal(self(), offset, a, b);
    }
    auto split(std::int64_t size, std::int64_t d = 0) const { return lazy::split(self(), size, d); }
    auto split(const std::vector<std::int64_t>& sizes, std::int64_t d = 0) const {
        return lazy::split(self(), sizes, d);
    }
    auto chunk(std::int64_t count, std::int64_t d = 0) const {
        return lazy::chunk(self(), count, d);
    }
    auto unbind(std::int64_t d = 0) const { return lazy::unbind(self(), d); }
    auto select(std::int64_t d, std::int64_t index) const { return lazy::select(self(), d, index); }
    auto narrow(std::int64_t d, std::int64_t start, std::int64_t length) const {
        return lazy::narrow(self(), d, start, length);
    }
    template <tensor_like O>
    auto view_as(const O& o) const {
        return lazy::view(self(), o.shape());
    }
    template <tensor_like O>
    auto reshape_as(const O& o) const {
        return lazy::reshape(self(), o.shape());
    }
    template <tensor_like O>
    auto expand_as(const O& o) const {
        return lazy::expand(self(), o.shape());
    }

    auto squeeze(const lazy::dims& d) const { return lazy::squeeze(self(), d); }
    auto movedim(const lazy::dims& from, const lazy::dims& to) const {
        return lazy::movedim(self(), from, to);
    }
    auto moveaxis(const lazy::dims& from, const lazy::dims& to) const { return movedim(from, to); }
    auto swapaxes(std::int64_t a, std::int64_t b) const { return transpose(a, b); }
    auto swapdims(std::int64_t a, std::int64_t b) const { return transpose(a, b); }
    auto unflatten(std::int64_t d, const lazy::shape& sizes) const {
        return lazy::unflatten(self(), d, sizes);
    }
    auto broadcast_to(const lazy::shape& sizes) const { return expand(sizes); }

    template <tensor_like B>
    auto mm(const B& b) const {
        return lazy::matmul(self(), b);
    }

    // With the arguments of the free functions.
#define LAZYTENSOR_METHOD(name)                                   \
    template <class... A>                                         \
    auto name(A&&... arguments) const {                           \
        return lazy::name(self(), std::forward<A>(arguments)...); \
    }
    LAZYTENSOR_METHOD(addcdiv)
    LAZYTENSOR_METHOD(addcmul)
    LAZYTENSOR_METHOD(addmm)
    LAZYTENSOR_METHOD(addmv)
    LAZYTENSOR_METHOD(addr)
    LAZYTENSOR_METHOD(argsort)
    LAZYTENSOR_METHOD(argwhere)
    LAZYTENSOR_METHOD(baddbmm)
    LAZYTENSOR_METHOD(bernoulli)
    LAZYTENSOR_METHOD(bincount)
    LAZYTENSOR_METHOD(bmm)
    LAZYTENSOR_METHOD(clamp_max)
    LAZYTENSOR_METHOD(clamp_min)
    LAZYTENSOR_METHOD(cross)
    LAZYTENSOR_METHOD(cummax)
    LAZYTENSOR_METHOD(cummin)
    LAZYTENSOR_METHOD(cumprod)
    LAZYTENSOR_METHOD(cumsum)
    LAZYTENSOR_METHOD(diag)
    LAZYTENSOR_METHOD(diff)
    LAZYTENSOR_METHOD(dot)
    LAZYTENSOR_METHOD(frac)
    LAZYTENSOR_METHOD(gather)
    LAZYTENSOR_METHOD(index_add)
    LAZYTENSOR_METHOD(index_copy)
    LAZYTENSOR_METHOD(index_fill)
    LAZYTENSOR_METHOD(index_select)
    LAZYTENSOR_METHOD(isclose)
    LAZYTENSOR_METHOD(kron)
    LAZYTENSOR_METHOD(kthvalue)
    LAZYTENSOR_METHOD(lerp)
    LAZYTENSOR_METHOD(masked_fill)
    LAZYTENSOR_METHOD(masked_select)
    LAZYTENSOR_METHOD(matmul)
    LAZYTENSOR_METHOD(median)
    LAZYTENSOR_METHOD(multinomial)
    LAZYTENSOR_METHOD(mv)
    LAZYTENSOR_METHOD(nan_to_num)
    LAZYTENSOR_METHOD(nonzero)
    LAZYTENSOR_METHOD(outer)
    LAZYTENSOR_METHOD(quantile)
    LAZYTENSOR_METHOD(repeat_interleave)
    LAZYTENSOR_METHOD(scatter)
    LAZYTENSOR_METHOD(scatter_add)
    LAZYTENSOR_METHOD(sort)
    LAZYTENSOR_METHOD(take)
    LAZYTENSOR_METHOD(take_along_dim)
    LAZYTENSOR_METHOD(tensor_split)
    LAZYTENSOR_METHOD(topk)
    LAZYTENSOR_METHOD(trace)
    LAZYTENSOR_METHOD(tril)
    LAZYTENSOR_METHOD(triu)
    LAZYTENSOR_METHOD(unfold)
    LAZYTENSOR_METHOD(unique)
#undef LAZYTENSOR_METHOD

    // Indexing: t[i], t[mask], t(all, 0, range(0, 6, 2), newaxis, ellipsis, index_tensor).
    template <class I>
    auto operator[](const I& index) const {
        return lazy::index(self(), index);
    }
    template <class... I>
    requires(sizeof...(I) > 0) auto operator()(const I&... indices) const {
        return lazy::index(self(), indices...);
    }

    // New tensors like this one.
    auto new_zeros(const lazy::shape& s) const { return lazy::new_full(self(), s, 0); }
    auto new_ones(const lazy::shape& s) const { return lazy::new_full(self(), s, 1); }
    template <class D>
    auto new_zeros(const lazy::shape& s, D d) const {
        return lazy::to(lazy::new_full(self(), s, 0), d);
    }
    template <class D>
    auto new_ones(const lazy::shape& s, D d) const {
        return lazy::to(lazy::new_full(self(), s, 1), d);
    }
    template <number V>
    auto new_full(const lazy::shape& s, V v) const {
        return lazy::new_full(self(), s, v);
    }
    auto new_empty(const lazy::shape& s) const { return lazy::new_full(self(), s, 0); }
    /// A copy of nested lists, vectors, arrays or a number, with this tensor's dtype.
    template <number S>
    auto new_tensor(S value) const {
        return lazy::to(tensor<exact_t<S>>(value), self());
    }
#define LAZYTENSOR_LIST(list)                                \
    template <number S>                                      \
    auto new_tensor(list(S) values) const {                  \
        return lazy::to(tensor<exact_t<S>>(values), self()); \
    }
    LAZYTENSOR_LIST(LAZYTENSOR_LIST_1)
    LAZYTENSOR_LIST(LAZYTENSOR_LIST_2)
    LAZYTENSOR_LIST(LAZYTENSOR_LIST_3)
#undef LAZYTENSOR_LIST
    template <nested_range L>
    requires(!tensor_like<L>) auto new_tensor(const L& values) const {
        return lazy::to(tensor<exact_t<typename innermost<L>::type>>(values), self());
    }

protected:
    const Self& self() const { return static_cast<const Self&>(*this); }
    std::size_t checked_dim(std::int64_t d, std::string_view op) const {
        if (self().shape().empty()) {
            fail<index_error>(op, {"dimension specified as ", d, " but tensor has no dimensions"});
        }
        return wrap_dim(d, self().shape().size(), op);
    }
};

template <class Self, class Element>
bool methods<Self, Element>::is_contiguous() const {
    const graph::layout l = self().variable()->where();
    return graph::is_whole({l.strides, 0}, self().shape(), self().numel());
}

/// len(t): the size of the first dimension; throws for a 0-d tensor.
template <tensor_like X>
std::int64_t len(const X& x) {
    if (x.shape().empty()) {
        throw value_error("[len] len() of a 0-d tensor");
    }
    return x.shape()[0];
}

}  // namespace lazy

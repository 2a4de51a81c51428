// xtensor in and out without copying. Not part of the umbrella: include it where xtensor is used.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <vector>

#if __has_include(<xtensor/containers/xadapt.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xarray.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#endif

#include "../creation.hpp"
#include "../export.hpp"

namespace lazy {

/// A tensor over the elements of an xtensor container (xarray, xtensor, adaptors), any strides:
/// shared, not copied. The container must outlive the tensor; hand it over (std::move) to let the
/// tensor keep it. A const container gives a read-only tensor.
template <class Container>
auto from_xtensor(Container&& given) {
    using T = std::remove_cvref_t<decltype(*given.data())>;
    constexpr bool readonly = std::is_const_v<std::remove_pointer_t<decltype(given.data())>>;
    static_assert(element<T>, "the container's value type is no element type of tensors");
    const auto array = [](auto& c, std::shared_ptr<void> owner) {
        shape sizes(c.shape().begin(), c.shape().end());
        shape strides(c.strides().begin(), c.strides().end());
        for (std::int64_t& s : strides) {
            s *= static_cast<std::int64_t>(sizeof(T));
        }
        return array_interface(dtype_of<T>, std::move(sizes), std::move(strides),
                               const_cast<T*>(c.data() + c.data_offset()), std::move(owner),
                               readonly);
    };
    if constexpr (std::is_lvalue_reference_v<Container>) {
        return tensor<T>(from_numpy(array(given, nullptr)));
    } else {
        auto kept = std::make_shared<std::remove_cvref_t<Container>>(std::move(given));
        auto& c = *kept;
        return tensor<T>(from_numpy(array(c, std::move(kept))));
    }
}

/// An xtensor adaptor over the tensor's elements, which it computes first: shared, not copied.
/// Keep the result of `numpy()` (or the tensor) alive while the adaptor is used.
template <element T>
auto to_xtensor(const array_interface& a) {
    std::vector<std::size_t> sizes(a.shape().begin(), a.shape().end());
    std::vector<std::ptrdiff_t> strides;
    for (std::size_t d = 0; d < a.shape().size(); ++d) {
        // xtensor wants stride 0 where the size is 1.
        strides.push_back(
            a.shape()[d] == 1 ? 0 : a.strides()[d] / static_cast<std::ptrdiff_t>(sizeof(T)));
    }
    return xt::adapt(a.data_as<T>(), static_cast<std::size_t>(a.size()), xt::no_ownership(), sizes,
                     strides);
}
template <typed X>
auto to_xtensor(const X& x) {
    return lazy::to_xtensor<value_type_of<X>>(lazy::numpy(x));
}

}  // namespace lazy

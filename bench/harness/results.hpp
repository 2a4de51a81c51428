// The numbers in whatever a benchmark step returns, to compare them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <lazytensor.hpp>
#include <span>
#include <utility>
#include <vector>

namespace bench {

/// Every stride-th element.
template <class T>
std::vector<double> numbers_of(std::span<const T> x, std::int64_t stride) {
    std::vector<double> numbers;
    for (std::size_t i = 0; i < x.size(); i += static_cast<std::size_t>(stride)) {
        numbers.push_back(static_cast<double>(x[i]));
    }
    return numbers;
}
template <lazy::tensor_like X>
std::vector<double> numbers_of(const X& x, std::int64_t stride) {
    const lazy::tensor<double> wide = lazy::flatten(x).to(lazy::float64);
    const auto e = lazy::elements(wide);
    return numbers_of(
        std::span(reinterpret_cast<const double*>(e.data()), static_cast<std::size_t>(e.size())),
        stride);
}
inline std::vector<double> numbers_of(double x, std::int64_t) { return {x}; }
template <class A, class B>
std::vector<double> numbers_of(const std::pair<A, B>& x, std::int64_t stride) {
    std::vector<double> numbers = numbers_of(x.first, stride);
    for (double y : numbers_of(x.second, stride)) {
        numbers.push_back(y);
    }
    return numbers;
}

}  // namespace bench

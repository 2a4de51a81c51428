// A single number of any dtype at run time: what `item()` of a Tensor gives and what fills take.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <complex>
#include <cstdint>
#include <cstring>
#include <limits>
#include <ostream>
#include <utility>

#include "convert.hpp"
#include "promotion.hpp"

namespace lazy {

/// One number with its kind. Converts to any C++ number with the same rules as a cast of tensors.
class scalar {
public:
    template <number S>
    scalar(S value) : kind_(number_kind<S>()), unsigned_(std::is_same_v<S, std::uint64_t>) {
        if constexpr (is_complex_v<S>) {
            complex_ = {static_cast<double>(value.real()), static_cast<double>(value.imag())};
        } else if constexpr (std::is_integral_v<S>) {
            integer_ = static_cast<std::int64_t>(value);
        } else {
            complex_ = {static_cast<double>(value), 0.0};
        }
    }
    scalar() : scalar(0) {}

    dtype_kind kind() const { return kind_; }
    /// An integer that only 64 bits without a sign may hold.
    bool is_unsigned() const { return unsigned_; }

    /// The value as a T, cast as tensors are cast.
    template <element T>
    T to() const {
        if (kind_ == dtype_kind::complex) {
            return convert<T>(complex_);
        }
        if (kind_ == dtype_kind::floating) {
            return convert<T>(complex_.real());
        }
        return unsigned_ ? convert<T>(static_cast<std::uint64_t>(integer_)) : convert<T>(integer_);
    }
    template <number S>
    explicit operator S() const {
        return static_cast<S>(to<element_for<S>>());
    }

    /// Writes the value as one element of `d`.
    [[gnu::noinline]] void store(dtype d, void* out) const {
        dispatch(d, [&]<class T>(type_tag<T>) {
            const T value = to<T>();
            std::memcpy(out, &value, sizeof(T));
        });
    }
    /// Reads one element of `d`.
    [[gnu::noinline]] static scalar load(dtype d, const void* in) {
        return dispatch(d, [&]<class T>(type_tag<T>) -> scalar {
            T value;
            std::memcpy(&value, in, sizeof(T));
            return value;
        });
    }

    /// Equal as numbers: scalar(1) == scalar(1.0).
    friend bool operator==(const scalar& a, const scalar& b) {
        if (a.kind_ <= dtype_kind::integer && b.kind_ <= dtype_kind::integer) {
            return a.integer_ == b.integer_;
        }
        return a.to<std::complex<double>>() == b.to<std::complex<double>>();
    }
    friend std::ostream& operator<<(std::ostream& os, const scalar& s) {
        switch (s.kind_) {
            case dtype_kind::boolean: return os << (s.integer_ != 0 ? "True" : "False");
            case dtype_kind::integer:
                return s.unsigned_ ? os << static_cast<std::uint64_t>(s.integer_)
                                   : os << s.integer_;
            case dtype_kind::floating: return os << s.complex_.real();
            default: return os << s.complex_;
        }
    }

private:
    template <class S>
    using element_for = std::conditional_t<
        element<S>, S,
        std::conditional_t<std::is_floating_point_v<S>, double,
                           std::conditional_t<std::is_unsigned_v<S>, std::uint64_t, std::int64_t>>>;

    dtype_kind kind_;
    bool unsigned_ = false;
    std::int64_t integer_ = 0;
    std::complex<double> complex_;
};

/// -1 if `v` is below all integers of T, 1 if above, 0 if T holds it or is no integer type.
template <element T>
int side_of_range(const scalar& v) {
    if constexpr (is_integer_v<T>) {
        if (v.kind() > dtype_kind::integer) {
            return 0;
        }
        if (v.is_unsigned()) {
            return std::in_range<T>(v.to<std::uint64_t>()) ? 0 : 1;
        }
        const auto n = v.to<std::int64_t>();
        return std::in_range<T>(n) ? 0 : n < 0 ? -1 : 1;
    } else {
        return 0;
    }
}
/// True iff T holds the integer `v`, or, without a sign, its amount: as in PyTorch, -1 as a uint8
/// is 255.
template <element T>
bool fits_wrapped(const scalar& v) {
    const int side = side_of_range<T>(v);
    if (side < 0 && std::is_unsigned_v<T>) {
        return side_of_range<T>(scalar(0 - static_cast<std::uint64_t>(v.to<std::int64_t>()))) == 0;
    }
    return side == 0;
}

}  // namespace lazy

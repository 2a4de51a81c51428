// A set of dimensions.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>

namespace lazy {

/// Which dimensions of a tensor; of the first 64.
class dim_set {
public:
    static constexpr std::size_t most = 64;

    dim_set() = default;
    /// Dimensions 0 to n - 1.
    static dim_set first(std::size_t n) {
        dim_set s;
        s.bits_ = n == most ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1;
        return s;
    }
    bool operator[](std::size_t d) const { return (bits_ >> d & 1) != 0; }
    void insert(std::size_t d) { bits_ |= std::uint64_t{1} << d; }
    bool operator==(const dim_set&) const = default;
    /// Bit d is set for dimension d.
    std::uint64_t bits() const { return bits_; }

private:
    std::uint64_t bits_ = 0;
};

}  // namespace lazy

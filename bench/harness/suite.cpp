// What a group of benchmark rows compares.
// SPDX-License-Identifier: BSD-3-Clause
#include "suite.hpp"

#include <cmath>
#include <iostream>

namespace bench {

std::int64_t group::side() const {
    return static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(n))));
}

bool group::agrees(const std::string& runner, const std::vector<double>& got) const {
    double largest = 0, error = got.size() == expected_.size() ? 0 : HUGE_VAL;
    for (std::size_t i = 0; i < expected_.size() && i < got.size(); ++i) {
        largest = std::max(largest, std::abs(expected_[i]));
        const double apart = std::abs(got[i] - expected_[i]);
        error = std::isnan(apart) ? HUGE_VAL : std::max(error, apart);
    }
    if (error <= tolerance_ * largest) {
        return true;
    }
    std::cerr << full_name(runner) << ": not timed, its result is off by " << error << " of "
              << largest << " (" << got.size() << " numbers, " << expected_.size()
              << " expected)\n";
    return false;
}

double group::checksum() const {
    double sum = 0;
    for (double x : expected_) {
        sum += x;
    }
    return expected_.empty() ? 0 : sum / static_cast<double>(expected_.size());
}

}  // namespace bench

// The C++ statements that chains written in Python are compared with, called from the same process.
// SPDX-License-Identifier: BSD-3-Clause
#include <lazytensor.hpp>

namespace {

template <class Statement>
void run(const float* const* arrays, std::int64_t n, int threads, Statement statement) {
    lazy::set_num_threads(threads);
    const auto at = [&](int i) { return lazy::from_blob(arrays[i], {n}); };
    const lazy::tensor<float> a = at(0), b = at(1), c = at(2);
    lazy::tensor<float> r = statement(a, b, c);
    lazy::eval(r);
}

}  // namespace

/// Evaluates statement number `which` of three arrays of n elements; drops the result.
extern "C" [[gnu::visibility("default")]] void lazytensor_statement(int which,
                                                                    const float* const* arrays,
                                                                    std::int64_t n, int threads) {
    switch (which) {
        case 0:
            run(arrays, n, threads,
                [](auto& a, auto& b, auto&) { return (a + b) * (a - b) + a * b; });
            break;
        case 1:
            run(arrays, n, threads, [](auto& a, auto& b, auto&) { return a * 2.0F + b * 3.0F; });
            break;
        case 2:
            run(arrays, n, threads, [](auto& a, auto& b, auto& c) { return (a * b + c) * c - a; });
            break;
        case 3:
            run(arrays, n, threads, [](auto& a, auto& b, auto& c) { return a * b + sin(c); });
            break;
        default: break;
    }
}

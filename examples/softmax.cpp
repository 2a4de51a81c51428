// Softmax of every row of a matrix in one trip to memory, and how to see it.
// SPDX-License-Identifier: BSD-3-Clause
#include <iostream>
#include <lazytensor.hpp>

int main() {
    lazy::manual_seed(7);
    const lazy::tensor<float> x = lazy::randn(1000, 4096);
    eval(x);  // the input lies in memory, as data from a file would

    // snippet: softmax
    const lazy::tensor<float> y = softmax(x, 1);
    std::cout << explain(y);
    // end snippet

    const auto before = lazy::stats();
    eval(y);
    const auto work = lazy::stats() - before;
    std::cout << "\nthe work: " << work.passes << " passes, " << work.bytes_read << " bytes read, "
              << work.bytes_written << " written, " << work.allocations << " allocations\n\n"
              << y
              << "\n\nevery row sums to 1, but for rounding: " << amax(abs(sum(y, 1) - 1)).item()
              << '\n';
}

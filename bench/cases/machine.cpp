// What this machine can do at most: copying, reading, arithmetic. The roofs of the roofline.
// SPDX-License-Identifier: BSD-3-Clause
#include "../harness/copy_row.hpp"
#include "../harness/mathematics.hpp"

namespace bench {

namespace {

/// Twelve independent chains hide the four cycles of a multiply-add on two ports.
float multiply_adds(std::int64_t rounds) {
    constexpr int chains = 12;
    batch sum[chains];
    for (int c = 0; c < chains; ++c) {
        sum[c] = batch(static_cast<float>(c));
    }
    batch factor(0.999F), term(0.001F);
    benchmark::DoNotOptimize(factor);
    for (std::int64_t i = 0; i < rounds; ++i) {
#pragma GCC unroll 12
        for (int c = 0; c < chains; ++c) {
            sum[c] = xsimd::fma(sum[c], factor, term);
        }
    }
    for (int c = 1; c < chains; ++c) {
        sum[0] = sum[0] + sum[c];
    }
    return sum[0].get(0);
}

}  // namespace

void add_machine(suite& s) {
    s.add("copy", [](group& g) { copy_row(g, g.input(0, g.n), array<float>(g.n)); });
    s.add("multiply-add",
          [](group& g) {
              g.costs(0, 2.0 * 12 * static_cast<double>(width * g.n * g.threads));
              g.reference("fma", 0, [n = g.n, threads = g.threads] {
                  float total = 0;
                  in_parts(threads, 1, threads, [&](std::int64_t, std::int64_t) {
                      const float sum = multiply_adds(n);
#pragma omp atomic
                      total += sum;
                  });
                  return total;
              });
          },
          {1 << 14});
}

}  // namespace bench

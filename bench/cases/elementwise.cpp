// One-statement elementwise formulas.
// SPDX-License-Identifier: BSD-3-Clause
#include "../harness/elementwise.hpp"

namespace bench {

namespace {

/// European call by Black and Scholes (1973): spot 100 s, strike 100 k, t years, at 3% and 20%.
const auto black_scholes = [](auto m, const auto& s, const auto& k, const auto& t) {
    const float rate = 0.03F, volatility = 0.2F, root_half = 0.70710678F;
    const auto deviation = m.value(m.sqrt(t) * volatility);
    const auto d1 =
        m.value((m.log(s / k) + t * (rate + 0.5F * volatility * volatility)) / deviation);
    return m.result(s * 50.0F * (m.erf(d1 * root_half) + 1.0F) -
                    k * 50.0F * m.exp(t * -rate) * (m.erf((d1 - deviation) * root_half) + 1.0F));
};

}  // namespace

void add_elementwise(suite& s) {
    elementwise<3>(s, "a*b + sin(c)", [](auto m, const auto& a, const auto& b, const auto& c) {
        return a * b + m.sin(c);
    });
    elementwise<2>(s, "(a+b)*(a-b) + a*b",
                   [](auto, const auto& a, const auto& b) { return (a + b) * (a - b) + a * b; });
    s.add("2a + 3b", [](group& g) {
        const auto formula = [](auto, const auto& a, const auto& b) { return a * 2.0F + b * 3.0F; };
        elementwise_rows<2>(g, formula);
        // Into a tensor that is there already: fresh results must cost no more.
        const auto a = g.input(0, g.n).tensor(), b = g.input(1, g.n).tensor();
        lazy::tensor<float> out = lazy::zeros({g.n}).clone();
        g.ours("lazytensor, existing output", [=]() mutable {
            out.copy_(formula(lazy_math{}, a, b));
            eval(out);
            return out;
        });
    });
    elementwise<3>(s, "Black-Scholes", black_scholes, {.tolerance = 1e-5});
    elementwise<1>(s, "gelu",
                   [](auto m, const auto& a) { return a * 0.5F * (m.erf(a * 0.70710678F) + 1.0F); },
                   {.low = -3, .high = 3});
    elementwise<3>(s, "where", [](auto m, const auto& a, const auto& b, const auto& c) {
        return m.where(a > b, a * c, b + c);
    });
}

}  // namespace bench

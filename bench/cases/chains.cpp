// A formula written as three statements, and the same in one.
// SPDX-License-Identifier: BSD-3-Clause
#include "../harness/elementwise.hpp"

namespace bench {

void add_chains(suite& s) {
    s.add("three statements", [](group& g) {
        elementwise_rows<3>(g, [](auto m, const auto& a, const auto& b, const auto& c) {
            const auto u = m.value(a * b);
            const auto v = m.value(u + c);
            return m.result(v * c - a);
        });
        const auto a = g.input(0, g.n).tensor(), b = g.input(1, g.n).tensor(),
                   c = g.input(2, g.n).tensor();
        g.ours("lazytensor, one statement", [=] {
            const lazy::tensor<float> r = (a * b + c) * c - a;
            eval(r);
            return r;
        });
    });
}

}  // namespace bench

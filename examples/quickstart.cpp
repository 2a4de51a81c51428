// The first things to know, and the code that README.md quotes.
// SPDX-License-Identifier: BSD-3-Clause
#include <iostream>
#include <lazytensor.hpp>

void first() {
    // snippet: first
    lazy::tensor<float> x = lazy::linspace(0, 10, 16'000'000);  // not computed yet
    lazy::tensor<float> wave = sin(x) * exp(-x / 4);  // one statement is one compiled kernel
    auto energy = sum(wave * wave);                   // nothing is computed even now
    auto peak = amax(abs(wave));

    auto before = lazy::stats();
    eval(energy, peak);  // now: one pass for both, and no array of 16 million is ever stored
    auto work = lazy::stats() - before;
    std::cout << energy << ' ' << peak << '\n'
              << work.passes << " pass, " << work.bytes_written << " bytes\n";
    // end snippet
}

void laziness() {
    // snippet: lazy
    auto a = lazy::tensor({{1, 2}, {3, 4}});  // tensor<std::int64_t>
    auto b = lazy::tensor({0.5, 1.5});        // tensor<float>
    auto c = a * b + 1;                       // an expression: dtype, shape and kernel are known
    lazy::tensor<float> d = c.sum(0);         // a graph node

    std::cout << c.shape() << ' ' << c.dtype() << '\n';  // asking computes nothing
    std::cout << d << '\n';                              // printing does
    float first = d[0].item();                           // so do item(),
    std::vector<float> all = d.tolist();                 // tolist(), numpy(), save(),
    auto copy = d.clone();                               // clone() and
    eval(a, d);                                          // eval(), for several at once
    // end snippet
    std::cout << first << ' ' << all.size() << ' ' << copy << '\n';
}

void views() {
    // snippet: views
    using lazy::all, lazy::ellipsis, lazy::newaxis, lazy::none, lazy::range;
    auto t = lazy::arange(12).reshape(3, 4);
    auto row = t[1];  // views: they share t's elements
    auto every_other = t(all, range(0, none, 2));
    auto backwards = t(ellipsis, range(none, none, -1));
    auto column = t(all, 0, newaxis);

    t[1] = 10;  // assigning to a temporary writes: row 1 of t is now all 10
    t(all, 0) += column(all, 0);
    t[t > 9] = 0;       // through a mask,
    auto alias = t;     // but assigning to a name rebinds the name:
    alias = t.clone();  // alias is its own tensor from here on
    row.fill_(7);       // writing through a name: fill_, copy_, add_, +=, ...
    // end snippet
    std::cout << t << '\n' << every_other << '\n' << backwards << '\n' << alias << '\n';
}

void mutation() {
    // snippet: mutation
    auto x = lazy::tensor({1., 2., 3.});
    lazy::tensor<float> y = x + 1;  // not computed yet, and yet
    x[0] = 100;                     // this write cannot change it:
    std::cout << y << '\n';         // tensor([2., 3., 4.])
    // end snippet
}

void errors() {
    // snippet: errors
    try {
        auto sum = lazy::ones(2, 3) + lazy::ones(4);
    } catch (const lazy::shape_error& e) {
        std::cout << e.what() << '\n';
    }
    // end snippet
}

void run_time_dtype() {
    // snippet: run-time
    lazy::Tensor t = lazy::tensor({1, 2, 3});    // forgets the dtype; nothing is copied
    lazy::Tensor half = t / 2;                   // dtypes are worked out at run time
    lazy::tensor<float> typed = half;            // checked: dtype_error if it is not float32
    double value = half[1].item().to<double>();  // item() of a Tensor is a lazy::scalar
    // end snippet
    std::cout << typed << ' ' << value << '\n';
}

int main() {
    first();
    laziness();
    views();
    mutation();
    errors();
    run_time_dtype();
}

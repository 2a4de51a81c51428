// Every operation on run-time tensors: result dtypes as in PyTorch, same bits in every layout.
// SPDX-License-Identifier: BSD-3-Clause

#include <functional>

#include "elementwise.hpp"

#include <lazytensor/control.hpp>

#include "promotion_table.hpp"

using namespace elementwise;
using lazy::all;
using lazy::none;
using lazy::range;
using lazy::Tensor;

namespace {

using unary = Tensor (*)(const Tensor&);
using binary = Tensor (*)(const Tensor&, const Tensor&);

template <class F>
struct named {
    const char* name;
    F call;
};
#define ENTRY(op) {#op, [](const Tensor& x) -> Tensor { return lazy::op(x); }},
const std::vector<named<unary>> unary_ops{LAZYTENSOR_UNARY_OPS(ENTRY)};
#undef ENTRY
#define ENTRY(op) {#op, [](const Tensor& x, const Tensor& y) -> Tensor { return lazy::op(x, y); }},
const std::vector<named<binary>> binary_ops{LAZYTENSOR_BINARY_OPS(ENTRY){
    "where",
    [](const Tensor& x, const Tensor& y) -> Tensor { return lazy::where(lazy::isnan(x), y, x); }}};
#undef ENTRY

/// n values of a dtype, the extremes among them.
Tensor sample(lazy::dtype d, std::int64_t n, std::int64_t skip = 0) {
    return lazy::dispatch(d, [&]<class T>(lazy::type_tag<T>) -> Tensor {
        const auto some = samples<T>();
        std::vector<T> v;
        for (std::int64_t i = 0; i < n; ++i)
            v.push_back(some[static_cast<std::size_t>(i * (skip + 1) + skip) % some.size()]);
        return lazy::tensor<T>(v);
    });
}

/// The second operand: no zeros where an integer is divided by it.
Tensor second(const char* name, lazy::dtype d, std::int64_t n) {
    const Tensor y = sample(d, n, 6);
    const std::string op = name;
    const bool divides = op == "floor_divide" || op == "remainder" || op == "fmod";
    if (!divides || d.kind() >= lazy::dtype_kind::floating) return y;
    return lazy::where(y == 0, Tensor(lazy::tensor(3)), y).to(d).clone();
}

/// The layouts of a vector of 48 elements as functions that make a tensor with the same elements in
/// the same order.
Tensor strided(const Tensor& x) {
    const Tensor out = x.new_zeros({2 * x.numel() + 3});
    out(range(3, none, 2)) = x;
    return out(range(3, none, 2));
}
Tensor reversed(const Tensor& x) { return lazy::flip(x, {0}).clone()(range(none, none, -1)); }
Tensor offset(const Tensor& x) {
    const Tensor out = x.new_zeros({x.numel() + 1});
    out(range(1, none)) = x;
    return out(range(1, none));
}
Tensor transposed(const Tensor& x) { return x.reshape({6, -1}).t().clone().t(); }

bool takes(unary f, lazy::dtype d) {
    try {
        f(lazy::ones({1}, d));
        return true;
    } catch (const lazy::dtype_error&) {
        return false;
    }
}
bool takes(binary f, lazy::dtype d) {
    try {
        f(lazy::ones({1}, d), lazy::ones({1}, d));
        return true;
    } catch (const lazy::dtype_error&) {
        return false;
    }
}

template <class F>
std::string bad_layouts(F f, const Tensor& x, const Tensor& y) {
    std::string bad;
    const Tensor r = f(x, y);
    const contents want = read(r);
    const auto expect = [&](const char* what, const Tensor& got) {
        if (!same(read(got.reshape(r.shape())), want)) bad += std::string(" ") + what;
    };
    expect("strided", f(strided(x), y));
    expect("reversed", f(reversed(x), strided(y)));
    expect("offset", f(offset(x), reversed(y)));
    expect("transposed", f(transposed(x), y.reshape({6, -1})));
    expect("both transposed", f(transposed(x), transposed(y)));
    expect("pending", f(x.reshape({2, -1}), lazy::cat(std::vector<Tensor>{y}).reshape({2, -1})));
    // Broadcast: row i of the result is f(x, y[i]).
    const Tensor some = y(range(0, 4));
    const Tensor table = f(x.unsqueeze(0), some.unsqueeze(1));
    const contents grid = read(table);
    for (std::int64_t i = 0; i < 4; ++i) {
        const contents row = read(f(x, some[i].expand(x.shape()))), alone = read(f(x[i], some[i]));
        const auto n = static_cast<std::size_t>(x.numel());
        if (table.shape() != lazy::shape(4, x.numel()) ||
            first_difference(row, 0, grid, static_cast<std::size_t>(i) * n, n) != -1)
            bad += " broadcast";
        if (!alone.sizes.empty() ||
            first_difference(alone, 0, row, static_cast<std::size_t>(i), 1) != -1)
            bad += " 0-d";
    }
    if (f(x(range(0, 0)), y(range(0, 0))).shape() != lazy::shape(0)) bad += " empty";
    return bad;
}

/// Lengths around every SIMD width, at every offset modulo a few, cut out of one long tensor.
template <class F>
std::string bad_lengths(F f, const Tensor& x, const Tensor& y) {
    const contents whole = read(f(x, y));
    for (std::int64_t n :
         {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 513}) {
        const std::int64_t from = n * 5 % 41;
        const range cut(from, from + n);
        const contents part = read(f(x(cut).clone(), y(cut).clone()));
        if (first_difference(part, 0, whole, static_cast<std::size_t>(from),
                             static_cast<std::size_t>(n)) != -1)
            return " length " + std::to_string(n);
    }
    return {};
}

std::vector<std::string> words(const std::string& line) {
    std::istringstream in(line);
    std::vector<std::string> out;
    for (std::string w; in >> w;) out.push_back(w);
    return out;
}

}  // namespace

TEST_CASE("operations on run-time tensors have PyTorch's result dtypes", "[elementwise]") {
    const auto codes = words(dtype_codes);
    const auto check = [&](const result_row& row, const auto& call) {
        const auto results = words(row.results);
        for (std::size_t type = 0; type < lazy::dtype_count; ++type) {
            INFO(row.op << " of " << codes[type]);
            const Tensor x = lazy::ones({3}, static_cast<lazy::dtype_id>(type));
            if (results[type] != "-") CHECK(codes[call(x).dtype().index()] == results[type]);
        }
    };
    for (const result_row& row : unary_results)
        for (const auto& op : unary_ops)
            if (row.op == std::string(op.name)) check(row, op.call);
    for (const result_row& row : binary_results)
        for (const auto& op : binary_ops)
            if (row.op == std::string(op.name))
                check(row, [&](const Tensor& x) { return op.call(x, x); });
}

TEST_CASE("an element's bits depend on nothing but its operands: one operand", "[elementwise]") {
    for (const auto& op : unary_ops)
        for (std::size_t type = 0; type < lazy::dtype_count; ++type) {
            const lazy::dtype d = static_cast<lazy::dtype_id>(type);
            if (!takes(op.call, d)) continue;
            INFO(op.name << " of " << d);
            const auto f = [&](const Tensor& x, const Tensor&) { return op.call(x); };
            const Tensor x = sample(d, 144);
            const Tensor r = op.call(x);
            std::string bad;
            for (const auto& [what, y] : {std::pair{"strided", strided(x)},
                                          {"reversed", reversed(x)},
                                          {"offset", offset(x)},
                                          {"transposed", transposed(x)}})
                if (!same(Tensor(op.call(y).reshape({144})), r)) bad += what;
            const Tensor spread = op.call(x.unsqueeze(1).expand({144, 3}));
            if (!same(Tensor(spread(all, 1)), r)) bad += " broadcast";
            if (!same(Tensor(op.call(x[7])), Tensor(r[7].clone())) || op.call(x[7]).ndim() != 0)
                bad += " 0-d";
            CHECK(bad + bad_lengths(f, sample(d, 4097), x) == "");
        }
}

TEST_CASE("an element's bits depend on nothing but its operands: two operands", "[elementwise]") {
    for (const auto& op : binary_ops)
        for (std::size_t type = 0; type < lazy::dtype_count; ++type) {
            const lazy::dtype d = static_cast<lazy::dtype_id>(type);
            if (!takes(op.call, d)) continue;
            INFO(op.name << " of " << d);
            CHECK(bad_layouts(op.call, sample(d, 48), second(op.name, d, 48)) == "");
            CHECK(bad_lengths(op.call, sample(d, 4097), second(op.name, d, 4097)) == "");
        }
}

TEST_CASE("threads change no bit", "[elementwise]") {
    const Tensor x = sample(lazy::float32, 300007), y = sample(lazy::float32, 300007, 6);
    std::vector<contents> results;
    for (int threads : {1, 2, 3}) {
        lazy::set_num_threads(threads);
        results.push_back(read(lazy::sin(x) * y + lazy::hypot(x, y) / lazy::exp(y)));
    }
    lazy::set_num_threads(0);
    CHECK(same(results[0], results[1]));
    CHECK(same(results[0], results[2]));
}

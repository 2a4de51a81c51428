// Writes in place: who sees them and who does not, what they cost, and what they refuse.
// SPDX-License-Identifier: BSD-3-Clause

#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <vector>

#include "catch.hpp"

#include <lazytensor.hpp>

using namespace lazy;
using list = std::vector<int>;
using matrix = std::vector<std::vector<int>>;

TEST_CASE("a pending reader keeps the old elements", "[core][mutation]") {
    auto x = tensor({1, 2, 3});
    tensor<std::int64_t> y = x + 1;
    auto z = x * x;  // an expression, not yet a tensor
    const auto total = sum(x);
    x[0] = 100;
    CHECK(y.tolist() == list{2, 3, 4});
    CHECK(z.tolist() == list{1, 4, 9});
    CHECK(total.item() == 6);
    CHECK(x.tolist() == list{100, 2, 3});
    CHECK((x + 1).tolist() == list{101, 3, 4});
}

TEST_CASE("readers of every moment see their moment", "[core][mutation]") {
    auto x = zeros({4}, int64);
    std::vector<tensor<std::int64_t>> seen;
    for (int i = 0; i < 6; ++i) {
        seen.push_back(x + 10 * i);
        x[i % 4] = i + 1;
        if (i == 3) eval(x);
        if (i == 4) CHECK(seen[2].tolist() == list{21, 22, 20, 20});
    }
    CHECK(seen[5].tolist() == list{55, 52, 53, 54});
    CHECK(seen[0].tolist() == list{0, 0, 0, 0});
    CHECK(seen[1].tolist() == list{11, 10, 10, 10});
    CHECK(x.tolist() == list{5, 6, 3, 4});
}

TEST_CASE("handles alias, views share, clones do not", "[core][mutation]") {
    auto a = tensor({{1, 2}, {3, 4}});
    auto b = a;
    auto row = a[1];
    auto column = a(all, 0);
    auto flat = a.reshape({4});
    auto turned = a.t();
    auto copy = a.clone();
    b[0][0] = 10;
    CHECK(a[0][0].item() == 10);
    CHECK(column.tolist() == list{10, 3});
    row.fill_(7);
    CHECK(a.tolist() == matrix{{10, 2}, {7, 7}});
    CHECK(flat.tolist() == list{10, 2, 7, 7});
    turned[1] = 5;
    CHECK(b.tolist() == matrix{{10, 5}, {7, 5}});
    CHECK(copy.tolist() == matrix{{1, 2}, {3, 4}});
    // Assignment to a named handle makes it another tensor.
    b = copy;
    b.zero_();
    CHECK(a.tolist() == matrix{{10, 5}, {7, 5}});
    CHECK(copy.tolist() == matrix{{0, 0}, {0, 0}});
}

TEST_CASE("views of views write to the one base", "[core][mutation]") {
    auto x = arange(24).reshape({2, 3, 4});
    auto v = x(1)(range(none, none, -1))(all, range(1, 4, 2));  // rows reversed, columns 1 and 3
    CHECK(v.tolist() == matrix{{21, 23}, {17, 19}, {13, 15}});
    v(0) = tensor({-1, -2});
    CHECK(x(1, 2).tolist() == list{20, -1, 22, -2});
    v.t()[1] = 0;
    CHECK(x(1, all, 3).tolist() == list{0, 0, 0});
    auto diagonal = x[0].diagonal();
    diagonal += 100;
    CHECK(x[0].tolist() == matrix{{100, 1, 2, 3}, {4, 105, 6, 7}, {8, 9, 110, 11}});
}

TEST_CASE("a view outlives its base, a base its views", "[core][mutation]") {
    auto make = [] {
        auto base = arange(6);
        return base(range(1, 4));
    };
    auto v = make();
    v[0] = 50;
    CHECK(v.tolist() == list{50, 2, 3});
    auto base = zeros({3}, int64);
    { base(range(0, 2)).fill_(4); }
    CHECK(base.tolist() == list{4, 4, 0});
}

TEST_CASE("overlapping writes read the old elements first", "[core][mutation]") {
    auto square = arange(9).reshape({3, 3});
    square.copy_(square.t());
    CHECK(square.tolist() == matrix{{0, 3, 6}, {1, 4, 7}, {2, 5, 8}});
    eval(square);
    square.copy_(transpose(square, 0, 1));
    CHECK(square.tolist() == matrix{{0, 1, 2}, {3, 4, 5}, {6, 7, 8}});
    for (bool computed : {false, true}) {
        auto x = arange(6);
        if (computed) eval(x);
        x(range(1, 6)) = x(range(0, 5));
        CHECK(x.tolist() == list{0, 0, 1, 2, 3, 4});
        x(range(0, 5)) = x(range(1, 6));
        CHECK(x.tolist() == list{0, 1, 2, 3, 4, 4});
        x(all) = x(range(none, none, -1));
        CHECK(x.tolist() == list{4, 4, 3, 2, 1, 0});
        x(range(0, 4)) += x(range(2, 6));
        CHECK(x.tolist() == list{7, 6, 4, 2, 1, 0});
        x.copy_(x);
        x += x;
        CHECK(x.tolist() == list{14, 12, 8, 4, 2, 0});
    }
    auto large = arange(100000);
    eval(large);
    large(range(1, 100000)) = large(range(0, 99999));
    CHECK(large[0].item() == 0);
    CHECK(sum(large).item() == std::int64_t{99998} * 99999 / 2);
    large(range(0, 99999)) = large(range(1, 100000));
    CHECK(large[777].item() == 777);
}

TEST_CASE("assignment to temporaries writes: numbers, tensors, expressions", "[core][mutation]") {
    auto t = zeros({3, 2});
    t[1] = 10;
    t(all, 0) = tensor({1.f, 2.f, 3.f});
    t(2, 1) = 7.5;
    CHECK(t.tolist() == std::vector<std::vector<float>>{{1, 0}, {2, 10}, {3, 7.5}});
    t[0] = t[1] * 2 + 1;
    CHECK(t[0].tolist() == std::vector<float>{5, 21});
    t[0] = tensor({1, 2});  // int64 into float32
    CHECK(t[0].tolist() == std::vector<float>{1, 2});
    t(all, range(0, 1)) = ones({1, 1});
    CHECK(t(all, 0).tolist() == std::vector<float>{1, 1, 1});
    Tensor d = t;
    d[2] = 4;
    d(all, 1) = d(all, 0) - 1;
    CHECK(t.tolist() == std::vector<std::vector<float>>{{1, 0}, {1, 0}, {4, 3}});
    auto i = zeros({3}, int64);
    i[0] = 2.7;  // truncates, as PyTorch's fill does
    i(range(1, 3)) = tensor({1.9f, -1.9f});
    CHECK(i.tolist() == list{2, 1, -1});
}

TEST_CASE("compound assignment on tensors, views and temporaries", "[core][mutation]") {
    auto x = arange(6).reshape({2, 3});
    auto alias = x;
    x += 1;
    CHECK(alias[0].tolist() == list{1, 2, 3});
    x[0] *= 2;
    x(all, 1) -= tensor({1, 1});
    CHECK(alias.tolist() == matrix{{2, 3, 6}, {4, 4, 6}});
    x %= 4;
    x |= 8;
    x &= 10;
    x ^= 1;
    CHECK(x.tolist() == matrix{{11, 11, 11}, {9, 9, 11}});
    auto f = ones({2}, float64);
    f /= 4;
    f.add_(tensor({1, 2})).mul_(2).neg_();
    CHECK(f.tolist() == std::vector<double>{-2.5, -4.5});
    f.abs_().sqrt_();
    CHECK(f[0].item() == std::sqrt(2.5));
    f.clamp_(0, 2).pow_(2);
    CHECK(f.tolist() == std::vector<double>{std::sqrt(2.5) * std::sqrt(2.5), 4});
    auto u = zeros({1}, uint8);
    u -= 1;
    CHECK(u.item() == 255);
    auto s = ones({2});
    s += ones({2}, float64) * 0.5;
    CHECK(s.dtype() == float32);
    CHECK(s.tolist() == std::vector<float>{1.5, 1.5});
}

TEST_CASE("fill_, zero_ and masked_fill_", "[core][mutation]") {
    auto x = arange(6).reshape({2, 3});
    const auto old = x.clone();
    x.masked_fill_(x > 3, -1);
    CHECK(x.tolist() == matrix{{0, 1, 2}, {3, -1, -1}});
    x.masked_fill_(tensor({true, false, false}), 9);
    CHECK(x.tolist() == matrix{{9, 1, 2}, {9, -1, -1}});
    x[0].masked_fill_(x[0] == 1, 2.9);
    CHECK(x.tolist() == matrix{{9, 2, 2}, {9, -1, -1}});
    x[1].zero_();
    x.t()[2].fill_(8);
    CHECK(x.tolist() == matrix{{9, 2, 8}, {0, 0, 8}});
    CHECK(old.tolist() == matrix{{0, 1, 2}, {3, 4, 5}});
}

TEST_CASE("tensors made of nothing, of sequences and of expressions can be written",
          "[core][mutation]") {
    auto z = zeros({3});
    z[1] = 5;
    CHECK(z.tolist() == std::vector<float>{0, 5, 0});
    auto a = arange(4);
    a(range(none, none, 2)) = -1;
    CHECK(a.tolist() == list{-1, 1, -1, 3});
    tensor<std::int64_t> e = a * 2;
    e[0] = 7;
    CHECK(e.tolist() == list{7, 2, -2, 6});
    CHECK(a.tolist() == list{-1, 1, -1, 3});
    auto f = full({2}, 3);
    f += f;
    CHECK(f.tolist() == list{6, 6});
    auto zero_dim = tensor(4);
    zero_dim.fill_(5);
    zero_dim += 1;
    CHECK(zero_dim.item() == 6);
    auto nothing = zeros({0, 3});
    nothing += 1;
    nothing(all, 1) = 3;
    CHECK(nothing.numel() == 0);
    auto i = eye(2);
    i(0, 1) = 9;
    CHECK(i.tolist() == matrix{{1, 9}, {0, 1}});
}

TEST_CASE("memory of somebody else is shared and written at once", "[core][mutation]") {
    std::vector<float> mine{1, 2, 3, 4};
    auto x = from_blob(mine.data(), {4});
    tensor<float> pending = x + 1;
    auto view = x(range(0, 2));
    x[3] = 40;
    CHECK(mine[3] == 40);
    view *= 10;
    CHECK(mine[1] == 20);
    CHECK(pending.tolist() == std::vector<float>{2, 3, 4, 5});
    mine[0] = -1;
    CHECK(x[0].item() == -1);
    CHECK((x + 0).tolist() == std::vector<float>{-1, 20, 3, 40});
    x(range(1, 4)) = x(range(0, 3));
    CHECK(mine == std::vector<float>{-1, -1, 20, 3});
    auto owned = std::make_shared<std::vector<float>>(3, 1.f);
    std::weak_ptr<std::vector<float>> watch = owned;
    {
        auto kept = from_blob(owned->data(), {3}, owned);
        owned.reset();
        CHECK(sum(kept).item() == 3);
    }
    CHECK(watch.expired());
    const std::vector<float> constant{1, 2};
    auto readonly = from_blob(constant.data(), {2});
    CHECK_THROWS_AS(readonly.fill_(3), error);
    CHECK(constant[0] == 1);
}

TEST_CASE("numpy() shares: writes on either side are seen", "[core][mutation]") {
    auto x = tensor({{1.f, 2.f}, {3.f, 4.f}});
    tensor<float> pending = x * 2;
    auto array = x.numpy();
    auto* data = array.data_as<float>();
    data[0] = 9;
    CHECK(x(0, 0).item() == 9);
    x[1] = 7;
    CHECK(data[2] == 7);
    tensor<float> waiting = x + 0.5;
    x.fill_(0);
    CHECK(data[3] == 0);
    CHECK(waiting.tolist() == std::vector<std::vector<float>>{{9.5, 2.5}, {7.5, 7.5}});
    auto column = x.t()[1].numpy();
    CHECK(column.strides() == shape(8));
    column.data_as<float>()[0] = 6;
    CHECK(x(0, 1).item() == 6);
    auto back = from_numpy(array);
    back[0] = 3;
    CHECK(x[0].tolist() == std::vector<float>{3, 3});
    CHECK(pending.shape() == shape(2, 2));
}

TEST_CASE("what numpy() shows of one tensor is not written through its copies",
          "[core][mutation]") {
    using copier = Tensor (*)(const Tensor&);
    const copier copiers[] = {
        [](const Tensor& x) { return Tensor(zeros({2}, int64)).copy_(x); },
        [](const Tensor& x) { return Tensor(roll(x, 0, 0)); },
        [](const Tensor& x) { return Tensor(repeat(x, {1})); },
        [](const Tensor& x) { return Tensor(tile(x, {1})); },
        [](const Tensor& x) { return Tensor(x.clone()); },
    };
    for (const copier copy : copiers) {
        for (const bool before : {true, false}) {
            Tensor x = tensor({1, 2});
            std::optional<array_interface> seen;
            if (before) seen = x.numpy();
            Tensor y = copy(x);
            if (!before) seen = x.numpy();
            y[0] = 7;
            CHECK(equal(from_numpy(*seen), tensor({1, 2})));
            CHECK(equal(x, tensor({1, 2})));
            CHECK(equal(y, tensor({7, 2})));
            x[1] = 8;
            CHECK(equal(from_numpy(*seen), tensor({1, 8})));
            CHECK(equal(y, tensor({7, 2})));
        }
    }
}

TEST_CASE("nothing is copied when nobody waits", "[core][mutation]") {
    auto x = zeros({1000000});
    eval(x);
    auto before = stats();
    x[17] = 4;
    eval(x);
    auto work = stats() - before;
    CHECK(work.allocations == 0);
    CHECK(work.bytes_written <= 64);
    x(range(0, 1000)) += 1;
    eval(x);
    CHECK((stats() - before).bytes_written <= 8192);
    before = stats();
    x += 1;
    x *= 2;
    eval(x);
    work = stats() - before;
    CHECK(work.passes == 1);
    CHECK(work.bytes_written == 4000000);
    // Somebody waits: one result, and at most one copy.
    before = stats();
    tensor<float> reader = x + 1;
    x[0] = 0;
    eval(reader, x);
    CHECK((stats() - before).allocations <= 2);
    CHECK(reader[0].item() == 5);
    CHECK(x[0].item() == 0);
}

TEMPLATE_TEST_CASE("what is made from a tensor that is given up takes its memory",
                   "[core][mutation]", Tensor, tensor<float>) {
    const auto made = [] {
        TestType x(full({1000}, 2.f));
        eval(x);
        return x;
    };
    const auto allocations_of = [](const TestType& y, float expected) {
        const auto before = stats();
        eval(y);
        const auto count = (stats() - before).allocations;
        CHECK(equal(y, full({1000}, expected)));
        return count;
    };
    TestType x = made();
    CHECK(allocations_of(std::move(x) * 2.f + 1.f, 5) == 0);
    CHECK_THROWS_AS(x.shape(), value_error);
    CHECK_THROWS_AS(x + 1.f, value_error);
    x = made();
    CHECK(allocations_of(std::move(x).exp().log() * 3.f, 6) == 0);

    // Not that of one that somebody else has too, or can see.
    x = made();
    const TestType alias = x;
    CHECK(allocations_of(std::move(x) * 2.f, 4) == 1);
    CHECK(equal(alias, full({1000}, 2.f)));
    x = made();
    const TestType part = x(range(10, 20));
    CHECK(allocations_of(std::move(x) * 2.f, 4) == 1);
    CHECK(equal(part, full({10}, 2.f)));
    x = made();
    const TestType reader = x + 1.f;
    CHECK(allocations_of(std::move(x) * 2.f, 4) == 1);
    CHECK(equal(reader, full({1000}, 3.f)));
    std::vector<float> memory(1000, 2.f);
    x = TestType(from_blob(memory.data(), {1000}));
    CHECK(allocations_of(std::move(x) * 2.f, 4) == 1);
    CHECK(memory[0] == 2);
}

TEST_CASE("memory of the outside is computed into at once", "[core][mutation]") {
    std::vector<float> memory(1000, 2.f);
    const tensor<float> x = from_blob(memory.data(), {1000});
    const tensor<float> a = clone(full({1000}, 3.f));
    const auto cost_of = [](const auto& write) {
        const auto before = stats();
        write();
        return stats() - before;
    };
    for (const auto& write : std::vector<std::function<void()>>{
             [&] { x.copy_(a * 2 - 1); },                          // 5
             [&] { x *= 3; },                                      // 15
             [&] { x += a; },                                      // 18
             [&] { x.copy_(x * x + a); },                          // 327
             [&] { Tensor(x).copy_(Tensor(x) - 7 * Tensor(a)); },  // 306
             [&] { x(range(none, none, -1)) /= 3; },               // 102
             [&] { x(all) += sin(a * 0); },                        // 102
             [&] { x.fill_(4); },                                  // 4
         }) {
        const auto cost = cost_of(write);
        CHECK(cost.passes == 1);
        CHECK(cost.allocations == 0);
    }
    CHECK(std::count(memory.begin(), memory.end(), 4.f) == 1000);

    // Not where the new elements depend on old ones in other places,
    std::iota(memory.begin(), memory.end(), 0.f);
    x.copy_(x(range(none, none, -1)) + 1);
    CHECK(memory[0] == 1000);
    CHECK(memory[999] == 1);
    const tensor<float> behind =
        from_blob(memory.data() + 1, {999});  // the same under another name
    std::iota(memory.begin(), memory.end(), 0.f);
    behind.copy_(x(range(0, 999)) * 2);
    CHECK(memory[1] == 0);
    CHECK(memory[999] == 2 * 998);
    std::iota(memory.begin(), memory.end(), 0.f);
    behind.copy_(x(range(0, 999)));
    CHECK(memory[1] == 0);
    CHECK(memory[999] == 998);
    // where somebody waits for them,
    const tensor<float> reader = x + 1;
    x *= 0;
    CHECK(memory[7] == 0);
    CHECK(reader[7].item() == 7);
    // or where there may be none.
    std::vector<int> whole(100, 7);
    const tensor<int> y = from_blob(whole.data(), {100});
    CHECK_THROWS_AS(y.copy_(floor_divide(y, arange(100, int32) - 50)), value_error);
    CHECK(std::count(whole.begin(), whole.end(), 7) == 100);
}

TEST_CASE("an operation in place on a view needs no memory", "[core][mutation]") {
    auto x = zeros({1000000});
    eval(x);
    const auto before = stats();
    x(range(0, 999999)) += 1;
    eval(x);
    CHECK((stats() - before).allocations == 0);
    CHECK((stats() - before).passes == 1);
}

TEST_CASE("an operation in place on a view leaves who waits for the old elements alone",
          "[core][mutation]") {
    auto x = arange(8);
    eval(x);
    const tensor<std::int64_t> later = x(range(2, 6)) * 10;  // held, and shared with the write
    x(range(2, 6)) = later + x(range(2, 6));
    x(range(1, 7)) += x(range(0, 6));  // other elements: not in place
    CHECK(x.tolist() == std::vector<int>{0, 1, 23, 55, 77, 99, 61, 7});
    CHECK(later.tolist() == std::vector<int>{20, 30, 40, 50});
}

TEST_CASE("many writes between evaluations", "[core][mutation]") {
    auto x = zeros({100}, int64);
    std::vector<int> want(100, 0);
    for (int i = 0; i < 2000; ++i) {
        const int at = i * 37 % 100;
        x[at] += i;
        want[static_cast<std::size_t>(at)] += i;
    }
    CHECK(x.tolist() == want);
}

TEST_CASE("writes that do not fit are refused and change nothing", "[core][mutation]") {
    auto x = arange(6).reshape({2, 3});
    const auto old = x.clone();
    CHECK_THROWS_AS(x.copy_(ones({2, 2})), shape_error);
    CHECK_THROWS_AS(x.copy_(ones({1, 2, 3})), shape_error);
    CHECK_THROWS_AS(x[0] = ones({4}), shape_error);
    CHECK_THROWS_AS(x.add_(ones({2, 2, 3}, int64)), shape_error);
    CHECK_THROWS_AS(x[0] += ones({2, 3}, int64), shape_error);
    CHECK_THROWS_AS(x += 0.5, dtype_error);
    CHECK_THROWS_AS(x /= 2, dtype_error);
    CHECK_THROWS_AS(zeros({2}, bool_).add_(1), dtype_error);
    CHECK_THROWS_AS(zeros({2}).add_(std::complex<float>(0, 1)), dtype_error);
    CHECK_THROWS_AS(x.masked_fill_(ones({1, 2, 3}, bool_), 1), shape_error);
    CHECK_THROWS_AS(x[2] = 1, index_error);
    auto one = zeros({1});
    // Several elements of an expanded tensor are one in memory.
    CHECK_THROWS_AS(one.expand({3}).copy_(ones({3})), error);
    CHECK_THROWS_AS(one.expand({3}) += 1, error);
    CHECK(x.tolist() == old.tolist());
    CHECK(one.item() == 0);
}

TEST_CASE("an evaluation that fails harms nothing", "[core][mutation]") {
    auto x = tensor({6, 7, 8});
    auto zero = tensor({1, 0, 2});
    tensor<std::int64_t> y = floor_divide(x, zero);
    const Tensor z = remainder(Tensor(x), Tensor(zero));
    CHECK_THROWS_AS(y.tolist(), value_error);
    CHECK_THROWS_AS(eval(x, y), value_error);
    CHECK_THROWS_AS(z.tolist(), value_error);
    CHECK(x.tolist() == list{6, 7, 8});
    CHECK(zero.tolist() == list{1, 0, 2});
    CHECK_THROWS_AS(y.tolist(), value_error);
    zero[1] = 3;
    CHECK(floor_divide(x, zero).tolist() == list{6, 2, 4});
    x.floor_divide(zero);
    x[0] = 12;
    CHECK((x + 1).tolist() == list{13, 8, 9});
}

// Shapes, values and aliasing of views; which results are copies; the errors, by type.
// SPDX-License-Identifier: BSD-3-Clause

#include <vector>

#include "catch.hpp"

#include <lazytensor.hpp>

using namespace lazy;
using list = std::vector<int>;
using matrix = std::vector<std::vector<int>>;

namespace {

/// 0, 1, 2, ... of the given shape, as int64.
template <class... I>
tensor<std::int64_t> counting(I... sizes) {
    return arange((1 * ... * sizes)).reshape({sizes...});
}

/// True iff a write through `view` is seen in `base`; leaves the elements as they were.
template <class V, class B>
bool shares(const V& view, const B& base) {
    const auto before = base.tolist();
    const auto kept = view.tolist();
    view.fill_(-77);
    const bool seen = !(before == base.tolist());
    view.copy_(tensor<std::int64_t>(kept.flat()).reshape(view.shape()));
    CHECK(before == base.tolist());
    return seen;
}

}  // namespace

TEST_CASE("a mask without dimensions goes over a new one", "[core][views]") {
    const auto x = tensor({1, 2});
    CHECK(tensor<std::int64_t>(x[tensor(true)]).shape() == lazy::shape(1, 2));
    CHECK(tensor<std::int64_t>(x[tensor(false)]).shape() == lazy::shape(0, 2));
    CHECK(tensor<std::int64_t>(tensor(5)[tensor(true)]).tolist() == std::vector<int>{5});
    CHECK(tensor<std::int64_t>(x(tensor(true), 0)).tolist() == std::vector<int>{1});
    x[tensor(false)] = 9;
    x[x.sum() > 2] = x * 2;
    CHECK(x.tolist() == std::vector<int>{2, 4});
}

TEST_CASE("reshape, view and flatten keep the row-major order", "[core][views]") {
    const auto x = counting(2, 3);
    CHECK(x.reshape({3, 2}).tolist() == matrix{{0, 1}, {2, 3}, {4, 5}});
    CHECK(x.reshape({-1}).shape() == shape(6));
    CHECK(x.reshape(3, -1).shape() == shape(3, 2));
    CHECK(x.view({6}).tolist() == list{0, 1, 2, 3, 4, 5});
    CHECK(x.view(1, 6, 1).shape() == shape(1, 6, 1));
    CHECK(x.flatten().shape() == shape(6));
    CHECK(counting(2, 3, 4).flatten(1).shape() == shape(2, 12));
    CHECK(counting(2, 3, 4).flatten(0, 1).shape() == shape(6, 4));
    CHECK(counting(2, 3, 4).flatten(-2, -1).shape() == shape(2, 12));
    CHECK(tensor(5).flatten().shape() == shape(1));
    CHECK(tensor(5).reshape({1, 1}).tolist() == matrix{{5}});
    CHECK(tensor({5}).reshape({}).item() == 5);
    CHECK(zeros({0, 3}).reshape({3, 0}).shape() == shape(3, 0));
    CHECK(zeros({0, 3}).reshape({-1, 3}).shape() == shape(0, 3));
    CHECK(x.transpose(0, 1).reshape({6}).tolist() == list{0, 3, 1, 4, 2, 5});
    CHECK(counting(4, 6)(all, range(0, 6, 2)).reshape({3, 4}).tolist() ==
          matrix{{0, 2, 4, 6}, {8, 10, 12, 14}, {16, 18, 20, 22}});
    CHECK_THROWS_AS(x.reshape({4}), shape_error);
    CHECK_THROWS_AS(x.reshape({-1, -1}), shape_error);
    CHECK_THROWS_AS(x.reshape({-1, 4}), shape_error);
    CHECK_THROWS_AS(x.reshape({-2, -3}), shape_error);
    CHECK_THROWS_AS(zeros({0, 3}).reshape({-1, 0}), shape_error);
    CHECK_THROWS_AS(x.transpose(0, 1).view({6}), shape_error);
    CHECK_THROWS_AS(x.flatten(1, 0), shape_error);
    CHECK_THROWS_AS(x.flatten(0, 2), index_error);
    CHECK_THROWS_AS(x.reshape({std::int64_t{1} << 62, 4}), shape_error);
}

TEST_CASE("reshape shares where strides allow and copies where not", "[core][views]") {
    const auto x = counting(4, 6);
    CHECK(shares(x.reshape({24}), x));
    CHECK(shares(x.view({2, 12}), x));
    CHECK(shares(x.flatten(), x));
    CHECK(shares(x(all, range(0, 6, 2)).reshape({4, 3, 1}), x));
    CHECK(shares(x(range(1, 3)).reshape({12}), x));
    CHECK_FALSE(shares(x.transpose(0, 1).reshape({24}), x));
    CHECK_FALSE(shares(x(all, range(0, 3)).reshape({12}), x));
    CHECK(shares(x.contiguous(), x));
    CHECK_FALSE(shares(x.t().contiguous(), x));
    CHECK(x.is_contiguous());
    CHECK_FALSE(x.t().is_contiguous());
    CHECK(x.t().contiguous().is_contiguous());
    CHECK(x(range(1, 3)).is_contiguous());
}

TEST_CASE("squeeze and unsqueeze", "[core][views]") {
    const auto x = counting(1, 3, 1, 2);
    CHECK(x.squeeze().shape() == shape(3, 2));
    CHECK(x.squeeze(0).shape() == shape(3, 1, 2));
    CHECK(x.squeeze(1).shape() == shape(1, 3, 1, 2));
    CHECK(x.squeeze(-2).shape() == shape(1, 3, 2));
    CHECK(x.unsqueeze(0).shape() == shape(1, 1, 3, 1, 2));
    CHECK(x.unsqueeze(-1).shape() == shape(1, 3, 1, 2, 1));
    CHECK(tensor(3).unsqueeze(0).tolist() == list{3});
    CHECK(tensor({{7}}).squeeze().item() == 7);
    CHECK(shares(x.squeeze(), x));
    CHECK(shares(x.unsqueeze(2), x));
    CHECK_THROWS_AS(x.squeeze(4), index_error);
    CHECK_THROWS_AS(x.unsqueeze(6), index_error);
    CHECK_THROWS_AS(x.unsqueeze(-6), index_error);
}

TEST_CASE("permute, transpose, T and mT", "[core][views]") {
    const auto x = counting(2, 3);
    CHECK(x.t().tolist() == matrix{{0, 3}, {1, 4}, {2, 5}});
    CHECK(x.T().tolist() == x.t().tolist());
    CHECK(transpose(x, 0, -1).tolist() == x.t().tolist());
    CHECK(x.t().strides() == shape(1, 3));
    CHECK(x.t().t().tolist() == x.tolist());
    const auto y = counting(2, 3, 4);
    CHECK(y.permute(2, 0, 1).shape() == shape(4, 2, 3));
    CHECK(y.permute({-1, 0, 1})[1].tolist() == matrix{{1, 5, 9}, {13, 17, 21}});
    CHECK(y.T().shape() == shape(4, 3, 2));
    CHECK(y.mT().shape() == shape(2, 4, 3));
    CHECK(movedim(y, 0, 2).shape() == shape(3, 4, 2));
    CHECK(tensor(1).t().item() == 1);
    CHECK(tensor({1, 2}).t().tolist() == list{1, 2});
    CHECK(shares(x.t(), x));
    CHECK(shares(y.permute(1, 2, 0), y));
    CHECK_THROWS_AS(y.t(), shape_error);
    CHECK_THROWS_AS(y.permute(0, 1), shape_error);
    CHECK_THROWS_AS(y.permute(0, 0, 1), shape_error);
    CHECK_THROWS_AS(y.permute(0, 1, 3), index_error);
    CHECK_THROWS_AS(y.transpose(0, 3), index_error);
}

TEST_CASE("expand repeats without copying", "[core][views]") {
    const auto x = counting(3, 1);
    CHECK(x.expand(3, 2).tolist() == matrix{{0, 0}, {1, 1}, {2, 2}});
    CHECK(x.expand(2, -1, 2).shape() == shape(2, 3, 2));
    CHECK(x.expand(3, 4).strides() == shape(1, 0));
    CHECK(tensor(4).expand({2, 2}).tolist() == matrix{{4, 4}, {4, 4}});
    CHECK(x.expand(3, 0).shape() == shape(3, 0));
    CHECK(broadcast_to(tensor({1, 2}), {2, 2}).tolist() == matrix{{1, 2}, {1, 2}});
    CHECK(x.expand(3, 2).reshape({6}).tolist() == list{0, 0, 1, 1, 2, 2});
    CHECK(x.expand(3, 2).sum().item() == 6);
    CHECK_THROWS_AS(x.expand(2, 1), shape_error);
    CHECK_THROWS_AS(x.expand({3}), shape_error);
    CHECK_THROWS_AS(x.expand(-1, 3, 1), shape_error);
    CHECK_THROWS_AS(x.expand(std::int64_t{1} << 62, 3, 1 << 20), shape_error);
}

TEST_CASE("indices and ranges", "[core][views]") {
    const auto x = counting(10);
    CHECK(x[3].item() == 3);
    CHECK(x[-1].item() == 9);
    CHECK(x(range(4)).tolist() == list{0, 1, 2, 3});
    CHECK(x(range(2, 5)).tolist() == list{2, 3, 4});
    CHECK(x(range(1, none)).tolist() == list{1, 2, 3, 4, 5, 6, 7, 8, 9});
    CHECK(x(range(none, none, 3)).tolist() == list{0, 3, 6, 9});
    CHECK(x(range(-3, none)).tolist() == list{7, 8, 9});
    CHECK(x(range(none, -7)).tolist() == list{0, 1, 2});
    CHECK(x(range(8, 100)).tolist() == list{8, 9});
    CHECK(x(range(-100, 2)).tolist() == list{0, 1});
    CHECK(x(range(5, 2)).tolist() == list{});
    CHECK(x(range(none, none, -1)).tolist() == list{9, 8, 7, 6, 5, 4, 3, 2, 1, 0});
    CHECK(x(range(7, 2, -2)).tolist() == list{7, 5, 3});
    CHECK(x(range(none, 6, -1)).tolist() == list{9, 8, 7});
    CHECK(x(range(2, none, -1)).tolist() == list{2, 1, 0});
    CHECK(x(range(100, -100, -4)).tolist() == list{9, 5, 1});
    CHECK(x(range(0, 10, INT64_MAX)).tolist() == list{0});
    CHECK(x(range(9, none, INT64_MIN)).tolist() == list{9});
    CHECK(x(range(INT64_MIN, INT64_MAX, 5)).tolist() == list{0, 5});
    CHECK(x(range(1, 9, 2))(range(none, none, -1))[1].item() == 5);
    CHECK(x(range(0, 0)).shape() == shape(0));
    CHECK_THROWS_AS(x[10], index_error);
    CHECK_THROWS_AS(x[-11], index_error);
    CHECK_THROWS_AS(x(0, 0), index_error);
    CHECK_THROWS_AS(x(range(0, 5, 0)), value_error);
    CHECK_THROWS_AS(tensor(1)[0], index_error);
    CHECK_THROWS_AS(zeros({0})[0], index_error);
}

TEST_CASE("all, newaxis and ellipsis", "[core][views]") {
    const auto x = counting(2, 3, 4);
    CHECK(x(1, 2, 3).item() == 23);
    CHECK(x[1][2][3].item() == 23);
    CHECK(x(1).shape() == shape(3, 4));
    CHECK(x(all, 1).tolist() == matrix{{4, 5, 6, 7}, {16, 17, 18, 19}});
    CHECK(x(ellipsis, 1).tolist() == matrix{{1, 5, 9}, {13, 17, 21}});
    CHECK(x(0, ellipsis, 1).tolist() == list{1, 5, 9});
    CHECK(x(ellipsis).shape() == shape(2, 3, 4));
    CHECK(x(0, 0, 0, ellipsis).shape() == shape());
    CHECK(x(newaxis).shape() == shape(1, 2, 3, 4));
    CHECK(x(all, newaxis).shape() == shape(2, 1, 3, 4));
    CHECK(x(ellipsis, newaxis).shape() == shape(2, 3, 4, 1));
    CHECK(x(0, newaxis, all, range(0, 4, 2)).shape() == shape(1, 3, 2));
    CHECK(x(all, all, range(none, none, -2))[0].tolist() == matrix{{3, 1}, {7, 5}, {11, 9}});
    CHECK(tensor(3)(newaxis).tolist() == list{3});
    CHECK(tensor(3)(ellipsis).item() == 3);
    CHECK(shares(x(0, all, range(none, none, -2)), x));
    CHECK(shares(x(newaxis, 1), x));
    CHECK(shares(x[0][1], x));
    CHECK_THROWS_AS(x(0, 0, 0, 0), index_error);
    CHECK_THROWS_AS(x(ellipsis, 0, ellipsis), index_error);
    CHECK_THROWS_AS(x(all, 3), index_error);
}

TEST_CASE("flip and roll are copies", "[core][views]") {
    const auto x = counting(2, 3);
    CHECK(flip(x, {0}).tolist() == matrix{{3, 4, 5}, {0, 1, 2}});
    CHECK(flip(x, {0, 1}).tolist() == matrix{{5, 4, 3}, {2, 1, 0}});
    CHECK(x.flip({-1}).tolist() == matrix{{2, 1, 0}, {5, 4, 3}});
    CHECK(roll(x, 1, 1).tolist() == matrix{{2, 0, 1}, {5, 3, 4}});
    CHECK(roll(x, -1, 0).tolist() == matrix{{3, 4, 5}, {0, 1, 2}});
    CHECK(roll(x, 7, 1).tolist() == roll(x, 1, 1).tolist());
    CHECK(roll(x, 0, 0).tolist() == x.tolist());
    CHECK(roll(zeros({0, 2}), 3, 0).shape() == shape(0, 2));
    CHECK_FALSE(shares(flip(x, {0}), x));
    CHECK_FALSE(shares(roll(x, 0, 0), x));
    CHECK_THROWS_AS(flip(x, {2}), index_error);
    CHECK_THROWS_AS(flip(x, {0, 0}), shape_error);
    CHECK_THROWS_AS(roll(x, 1, 2), index_error);
}

TEST_CASE("diagonal is a view, diag makes matrices of vectors", "[core][views]") {
    const auto x = counting(3, 4);
    CHECK(x.diagonal().tolist() == list{0, 5, 10});
    CHECK(x.diagonal(1).tolist() == list{1, 6, 11});
    CHECK(x.diagonal(3).tolist() == list{3});
    CHECK(x.diagonal(4).tolist() == list{});
    CHECK(x.diagonal(-2).tolist() == list{8});
    CHECK(counting(2, 3, 4).diagonal(0, 1, 2).tolist() == matrix{{0, 5, 10}, {12, 17, 22}});
    CHECK(counting(2, 3, 4).diagonal(0, 0, -1).shape() == shape(3, 2));
    CHECK(shares(x.diagonal(1), x));
    CHECK(diag(tensor({1, 2})).tolist() == matrix{{1, 0}, {0, 2}});
    CHECK(diag(tensor({1, 2}), -1).tolist() == matrix{{0, 0, 0}, {1, 0, 0}, {0, 2, 0}});
    CHECK(diag(x).tolist() == list{0, 5, 10});
    CHECK(tril(x).tolist() == matrix{{0, 0, 0, 0}, {4, 5, 0, 0}, {8, 9, 10, 0}});
    CHECK(triu(x, 1).tolist() == matrix{{0, 1, 2, 3}, {0, 0, 6, 7}, {0, 0, 0, 11}});
    CHECK_THROWS_AS(tensor({1}).diagonal(), error);
    CHECK_THROWS_AS(x.diagonal(0, 1, 1), error);
    CHECK_THROWS_AS(diag(tensor(1)), shape_error);
    CHECK_THROWS_AS(x.diagonal(0, 0, 2), index_error);
}

TEST_CASE("split, chunk, unbind and narrow are views", "[core][views]") {
    const auto x = counting(7, 2);
    const auto pieces = split(x, 3);
    REQUIRE(pieces.size() == 3);
    CHECK(pieces[2].tolist() == matrix{{12, 13}});
    CHECK(split(x, 1, -1)[1].tolist() == matrix{{1}, {3}, {5}, {7}, {9}, {11}, {13}});
    CHECK(chunk(x, 3).size() == 3);
    CHECK(chunk(x, 4).back().shape() == shape(1, 2));
    CHECK(chunk(x, 6).size() == 4);
    CHECK(unbind(x, 1)[1].tolist() == list{1, 3, 5, 7, 9, 11, 13});
    CHECK(select(x, 0, 1).tolist() == list{2, 3});
    CHECK(x.select(1, -1).tolist() == select(x, -1, 1).tolist());
    CHECK(shares(x.select(-1, 0), x));
    CHECK_THROWS_AS(select(x, 0, 7), index_error);
    CHECK_THROWS_AS(select(x, 2, 0), error);
    CHECK_THROWS_AS(select(tensor(1.F), 0, 0), error);
    CHECK(narrow(x, 0, 2, 2).tolist() == matrix{{4, 5}, {6, 7}});
    CHECK(narrow(x, 0, -2, 2).tolist() == matrix{{10, 11}, {12, 13}});
    CHECK(narrow(x, 0, 7, 0).shape() == shape(0, 2));
    CHECK(shares(pieces[1], x));
    CHECK(shares(unbind(x)[3], x));
    CHECK(shares(narrow(x, 1, 1, 1), x));
    std::int64_t total = 0;
    for (const auto row : x) total += row.sum().item();
    CHECK(total == 91);
    CHECK(len(x) == 7);
    CHECK_THROWS_AS(split(x, 0), error);
    CHECK_THROWS_AS(chunk(x, 0), error);
    CHECK_THROWS_AS(narrow(x, 0, 6, 2), error);
    CHECK_THROWS_AS(narrow(x, 2, 0, 1), index_error);
    CHECK_THROWS_AS(len(tensor(1)), error);
    CHECK_THROWS_AS(split(tensor(1), 1), error);
    CHECK_THROWS_AS(unbind(tensor(1)), error);
}

TEST_CASE("cat and stack", "[core][views]") {
    const auto x = counting(2, 3);
    CHECK(cat({x, x + 10}).tolist() == matrix{{0, 1, 2}, {3, 4, 5}, {10, 11, 12}, {13, 14, 15}});
    CHECK(cat({x, x.t().t()}, -1).shape() == shape(2, 6));
    CHECK(cat({x(all, range(0, 1)), x}, 1).tolist() == matrix{{0, 0, 1, 2}, {3, 3, 4, 5}});
    CHECK(stack({x[0], x[1]}).tolist() == x.tolist());
    CHECK(stack({x[0], x[1]}, 1).tolist() == x.t().tolist());
    CHECK(stack({tensor(1), tensor(2)}).tolist() == list{1, 2});
    CHECK(stack({x, x}, -1).shape() == shape(2, 3, 2));
    CHECK(cat(std::vector<Tensor>{x, ones({1, 3})}).dtype() == float32);
    CHECK(cat({tensor({1}), empty({0}, int64)}).tolist() == list{1});
    CHECK_FALSE(shares(cat({x}), x));
    CHECK_THROWS_AS(cat({x, counting(2, 2)}), shape_error);
    CHECK_THROWS_AS(cat({x, tensor({1})}), shape_error);
    CHECK_THROWS_AS(cat({tensor(1), tensor(2)}), error);
    CHECK_THROWS_AS(cat(std::vector<tensor<float>>{}), error);
    CHECK_THROWS_AS(cat({x, x}, 2), index_error);
    CHECK_THROWS_AS(stack({x[0], x(0, range(0, 2))}), shape_error);
    CHECK_THROWS_AS(stack({x, x}, 3), index_error);

    const tensor<float> whole = ones({2, 3});
    const tensor<float> part = zeros({0, 3});
    CHECK(cat({part, whole, part}).tolist() == whole.tolist());
    CHECK(cat({part, part}).shape() == shape(0, 3));
    CHECK(stack({part, part}, 1).shape() == shape(0, 2, 3));
    const Tensor none = cat(std::vector<Tensor>{empty({0}, int32), empty({0}, float64)});
    CHECK((none.dtype() == float64 && none.shape() == shape(0)));
    const tensor<float> nothing = empty({0}, float32);
    CHECK_FALSE(shares(cat({nothing}), nothing));
    CHECK_THROWS_AS(cat({nothing}, 1), index_error);
}

TEST_CASE("cat and stack write every piece once, into memory that nothing filled before",
          "[core][views]") {
    const tensor<float> x = clone(rand({100, 60}));
    const tensor<float> y = clone(rand({100, 60}));
    for (const bool stacked : {false, true}) {
        for (const std::int64_t d : {0, 1}) {
            const tensor<float> r = stacked ? stack({x, y * 2, x}, d) : cat({x, y * 2, x}, d);
            const statistics before = stats();
            eval(r);
            const statistics work = stats() - before;
            CHECK(work.passes == 3);
            CHECK(work.bytes_written == 3 * 100 * 60 * sizeof(float));
            CHECK(work.bytes_read == work.bytes_written);
            CHECK(work.allocations == 1);
            const auto at = [&](int piece, std::int64_t i, std::int64_t j) {
                if (stacked) {
                    return d == 0 ? r[piece][i][j].item() : r[i][piece][j].item();
                }
                return d == 0 ? r[piece * 100 + i][j].item() : r[i][piece * 60 + j].item();
            };
            bool same = true;
            for (std::int64_t i = 0; i < 100; i += 7) {
                for (std::int64_t j = 0; j < 60; j += 3) {
                    same = same && at(0, i, j) == x[i][j].item() && at(2, i, j) == x[i][j].item() &&
                           at(1, i, j) == 2 * y[i][j].item();
                }
            }
            CHECK(same);
        }
    }
}

TEST_CASE("repeat, tile and repeat_interleave", "[core][views]") {
    const auto x = tensor({{1, 2}});
    CHECK(x.repeat(2, 2).tolist() == matrix{{1, 2, 1, 2}, {1, 2, 1, 2}});
    CHECK(x.repeat(2, 1, 1).shape() == shape(2, 1, 2));
    CHECK(x.tile(2).tolist() == matrix{{1, 2, 1, 2}});
    CHECK(x.repeat(0, 3).shape() == shape(0, 6));
    CHECK(repeat_interleave(x, 2, 1).tolist() == matrix{{1, 1, 2, 2}});
    CHECK_FALSE(shares(x.repeat(2, 1), x));
    CHECK_FALSE(shares(x.repeat(1, 1), x));
    CHECK_FALSE(shares(x.tile(1), x));
    CHECK_THROWS_AS(x.repeat(2), shape_error);
    CHECK_THROWS_AS(x.repeat(-1, 1), error);
    CHECK_THROWS_AS(x.repeat(std::int64_t{1} << 62, 4), shape_error);
}

TEST_CASE("views of expressions and of empty tensors", "[core][views]") {
    const auto x = counting(2, 3);
    CHECK((x + 1).t().tolist() == matrix{{1, 4}, {2, 5}, {3, 6}});
    CHECK((x * 2)[1].tolist() == list{6, 8, 10});
    CHECK((x(all, range(none, none, -1)) + x).tolist() == matrix{{2, 2, 2}, {8, 8, 8}});
    const auto e = zeros({2, 0, 3});
    CHECK(e.numel() == 0);
    CHECK(e.permute(2, 1, 0).shape() == shape(3, 0, 2));
    CHECK((e + 1).sum().item() == 0.f);
    CHECK(e(0, all, range(none, none, -1)).shape() == shape(0, 3));
    CHECK(flip(e, {1}).tolist().size() == 2);
    const Tensor dynamic = x;
    CHECK(dynamic(all, -1).tolist() == list{2, 5});
    CHECK(shares(tensor<std::int64_t>(dynamic.t()[0]), x));
}

TEST_CASE("moving, splitting and dropping dimensions", "[views]") {
    const auto x = counting(2, 3, 4, 5);
    CHECK(movedim(x, 0, -1).shape() == shape(3, 4, 5, 2));
    CHECK(x.movedim({0, 1}, {2, 0}).shape() == shape(3, 4, 2, 5));
    CHECK(x.moveaxis({-1, 0}, {0, 1})(2, 1, 2, 3).item() == x(1, 2, 3, 2).item());
    CHECK(moveaxis(Tensor(x), 1, 2).shape() == shape(2, 4, 3, 5));
    CHECK(movedim(tensor(3), 0, 0).item() == 3);
    CHECK(swapaxes(x, 0, 3).shape() == shape(5, 3, 4, 2));
    CHECK(x.swapdims(1, 2).shape() == shape(2, 4, 3, 5));
    CHECK(shares(movedim(x, 0, 2), x));
    CHECK_THROWS_AS(movedim(x, {0, 0}, {1, 2}), shape_error);
    CHECK_THROWS_AS(movedim(x, {0, 1}, {1, 1}), shape_error);
    CHECK_THROWS_AS(movedim(x, {0, 1}, {1}), shape_error);
    CHECK_THROWS_AS(movedim(x, 4, 0), index_error);

    const auto y = counting(1, 2, 1, 3, 1);
    CHECK(y.squeeze({0, 2, 3}).shape() == shape(2, 3, 1));
    CHECK(squeeze(Tensor(y), {-1, 0}).shape() == shape(2, 1, 3));
    CHECK(shares(y.squeeze({0, 4}), y));

    CHECK(unflatten(counting(6), 0, {2, -1}).tolist() == matrix{{0, 1, 2}, {3, 4, 5}});
    CHECK(Tensor(x).unflatten(-2, {2, 2}).shape() == shape(2, 3, 2, 2, 5));
    CHECK(shares(unflatten(x.transpose(0, 1), 2, {2, 2}), x));
    CHECK_THROWS_AS(unflatten(counting(6), 0, {4, 2}), shape_error);
    CHECK(counting(1, 3).broadcast_to({2, 3}).tolist() == matrix{{0, 1, 2}, {0, 1, 2}});
    CHECK(unstack(counting(2, 3))[1].tolist() == list{3, 4, 5});
    CHECK(unstack(Tensor(counting(2, 3)), 1).size() == 3);
}

TEST_CASE("hstack, vstack, dstack, column_stack, meshgrid", "[views]") {
    const auto a = tensor({1, 2}), b = tensor({3, 4});
    const auto m = tensor({{3, 4}, {5, 6}});
    using cube = std::vector<matrix>;
    CHECK(hstack({tensor(1), tensor(2)}).tolist() == list{1, 2});
    CHECK(hstack({a, b}).tolist() == list{1, 2, 3, 4});
    CHECK(hstack({m, m}).tolist() == matrix{{3, 4, 3, 4}, {5, 6, 5, 6}});
    CHECK(vstack({a, b}).tolist() == matrix{{1, 2}, {3, 4}});
    CHECK(vstack(std::vector<Tensor>{a, m}).tolist() == matrix{{1, 2}, {3, 4}, {5, 6}});
    CHECK(dstack({a, b}).tolist() == cube{{{1, 3}, {2, 4}}});
    CHECK(dstack({Tensor(m), Tensor(m)}).shape() == shape(2, 2, 2));
    CHECK(column_stack({a, m}).tolist() == matrix{{1, 3, 4}, {2, 5, 6}});
    CHECK_THROWS_AS(hstack(std::vector<Tensor>{}), value_error);
    CHECK_THROWS_AS(vstack({a, counting(3)}), shape_error);

    const auto three = tensor({1, 2, 3});
    const auto xy = meshgrid({three, b}, "xy");
    CHECK(xy[0].tolist() == matrix{{1, 2, 3}, {1, 2, 3}});
    CHECK(xy[1].tolist() == matrix{{3, 3, 3}, {4, 4, 4}});
    const auto ij = meshgrid(std::vector<Tensor>{three, b, tensor(7.f)});
    CHECK(ij.size() == 3);
    CHECK(ij[0].shape() == shape(3, 2, 1));
    CHECK(ij[1](2, 1, 0).item() == 4);
    CHECK_THROWS_AS(meshgrid({three, b}, "yx"), value_error);
}

TEST_CASE("a view of a tensor whose value is a view", "[core][views]") {
    const auto x = counting(2, 3).clone();
    const tensor<std::int64_t> row = make_handle<std::int64_t>(x[1].node());
    const tensor<std::int64_t> corner = make_handle<std::int64_t>(x(1, 2).node());
    CHECK(row(range(1, none)).tolist() == list{4, 5});
    CHECK((row(range(none, none, 2)) + row[0]).tolist() == list{6, 8});
    CHECK(stack({corner, corner}).tolist() == list{5, 5});
}

TEMPLATE_TEST_CASE("what is written to a selection may have leading dimensions of size 1",
                   "[core][views]", tensor<float>, Tensor) {
    const TestType x = zeros({2, 3});
    using floats = std::vector<std::vector<float>>;
    const auto rows = [&] { return floats(x.tolist()); };
    x[x == 0] = arange(6.F).reshape({1, 1, 6});
    CHECK(rows() == floats{{0, 1, 2}, {3, 4, 5}});
    x(lazy::all, tensor({0, 2})) = ones({1, 2, 2});
    CHECK(rows() == floats{{1, 1, 1}, {1, 4, 1}});
    x[tensor({false, true})] = full({1, 1, 3}, 7.F);
    CHECK(rows() == floats{{1, 1, 1}, {7, 7, 7}});
    CHECK_THROWS_AS(x[x > 0] = ones({2, 6}), shape_error);
}

TEST_CASE("a mask of size 0 along a dimension selects nothing", "[core][views]") {
    const auto x = counting(2, 3).clone();
    CHECK(x[zeros({0}, bool_)].shape() == shape(0, 3));
    CHECK(x[zeros({2, 0}, bool_)].shape() == shape(0));
    CHECK_THROWS_AS(x[zeros({3}, bool_)], index_error);
}

TEST_CASE("arange is exact between integers", "[core][views]") {
    const std::int64_t big = std::int64_t{1} << 62;
    CHECK(arange(big + 1, big + 4, 2).tolist() == std::vector<std::int64_t>{big + 1, big + 3});
    CHECK(arange(-big, -big - 3, -2).tolist() == std::vector<std::int64_t>{-big, -big - 2});
    CHECK(arange(INT64_MIN, INT64_MAX, INT64_MAX).numel() == 3);
    CHECK(arange(0, 1, 2, float64).tolist() == std::vector<double>{0});
}

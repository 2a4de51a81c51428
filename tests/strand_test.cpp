// Operations on floats that are computed together in registers: what each gives by itself.
// SPDX-License-Identifier: BSD-3-Clause
#include "catch.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <lazytensor.hpp>

using lazy::float32;
using lazy::float64;
using lazy::Tensor;

namespace {

/// Random operations on what is in `in` and on each other's results, some of which several need;
/// `stored`: each is computed before the next is built. The first of the values is the last one
/// computed, others follow.
std::vector<Tensor> random_program(unsigned seed, std::vector<Tensor> in, bool stored) {
    std::mt19937 random(seed);
    const auto below = [&](std::size_t n) { return random() % n; };
    std::vector<Tensor> values = std::move(in);
    const std::size_t first = values.size(), count = 2 + below(40);
    const auto any = [&]() -> Tensor {
        // Mostly what came last, as programs do.
        const std::size_t back = below(3) == 0 ? below(values.size()) : below(3);
        return values[values.size() - 1 - std::min(back, values.size() - 1)];
    };
    const double number = 0.25 * static_cast<double>(below(9)) - 1;
    for (std::size_t k = 0; k < count; ++k) {
        const Tensor x = any(), y = any();
        Tensor made = x + y;
        switch (below(22)) {
            case 0: made = x - y; break;
            case 1: made = x * y; break;
            case 2: made = x / y; break;
            case 3: made = maximum(x, y); break;
            case 4: made = minimum(x, y); break;
            case 5: made = x * number; break;
            case 6: made = number - x; break;
            case 7: made = x + number; break;
            case 8: made = number / x; break;
            case 9: made = -x; break;
            case 10: made = abs(x); break;
            case 11: made = sqrt(x); break;
            case 12: made = tanh(x); break;
            case 13: made = hypot(x, y); break;
            case 14: made = atan2(number * x, y); break;
            case 15: made = sigmoid(x); break;
            case 16: made = lazy::where(x > y, x, y * number); break;
            case 17: made = floor(x); break;
            case 18: made = x * x; break;
            case 19: made = clip(x, -number, 2); break;
            case 20: made = x - y * number; break;
            default: break;
        }
        if (stored) {
            lazy::eval(made);
        }
        values.push_back(made);
    }
    std::vector<Tensor> results{values.back()};
    while (below(3) == 0) {
        results.push_back(values[first + below(values.size() - first)]);
    }
    return results;
}

bool same_bits(const Tensor& a, const Tensor& b) {
    const auto plain = [](const Tensor& x) { return lazy::where(isnan(x), 7, x); };
    return lazy::equal(plain(a), plain(b)) && lazy::equal(signbit(plain(a)), signbit(plain(b)));
}

}  // namespace

TEST_CASE("operations computed together are what each is by itself, to the bit", "[core][strand]") {
    const lazy::dtype type = GENERATE(float32, float64);
    // Ends of chunks, of tiles, of what fits into a cache; zeros of both signs, NaN and infinity.
    const std::int64_t n = GENERATE(1, 2, 63, 64, 127, 128, 129, 700, 2049, 30'011, 1'200'007);
    const Tensor index = lazy::arange(n + 3).to(type);
    Tensor a = (index % 257 - 128) / 16, b = (index % 1021) / 100 - 5;
    a(lazy::range(3, n, 1000)).fill_(std::numeric_limits<double>::quiet_NaN());
    b(lazy::range(5, n, 1000)).fill_(-std::numeric_limits<double>::infinity());
    const Tensor zeros = lazy::where(index % 3 == 0, index * 0, -(index * 0));
    lazy::eval(a, b, zeros);
    const auto part = [&](const Tensor& x, std::int64_t from) {
        return x(lazy::range(from, from + n));
    };
    const unsigned programs = n > 100'000 ? 25 : 100;
    for (unsigned seed = 0; seed < programs; ++seed) {
        // Some start in the middle of a register, one is repeated, one is nobody else's.
        const auto inputs = [&] {
            const Tensor own = (part(a, 2) + part(b, 2)).clone();
            return std::vector<Tensor>{part(a, 0), part(b, 1), own, part(zeros, seed % 4),
                                       part(b, 0)(lazy::range(0, 1)).expand({n})};
        };
        const std::vector<Tensor> together = random_program(seed, inputs(), false),
                                  apart = random_program(seed, inputs(), true);
        REQUIRE(together.size() == apart.size());
        lazy::eval(together[0], together.back(), together[together.size() / 2]);
        CAPTURE(seed);
        for (std::size_t i = 0; i < together.size(); ++i) {
            CHECK(same_bits(together[i], apart[i]));
        }
    }
}

TEST_CASE("a polynomial in many operations is what a loop computes", "[strand]") {
    const std::int64_t n = GENERATE(5, 1000, 100'003);
    const Tensor x = (lazy::arange(n) % 1999).to(float32) / 1000 - 1;
    lazy::eval(x);
    Tensor y = x * 0.5;
    for (int k = 1; k < 40; ++k) {
        y = (y + 0.125 * k) * x;
    }
    lazy::eval(y);
    const auto view = x.numpy(), result = y.numpy();
    const float *in = view.data_as<float>(), *out = result.data_as<float>();
    std::int64_t wrong = 0;
    for (std::int64_t i = 0; i < n; ++i) {
        float want = in[i] * 0.5F;
        for (int k = 1; k < 40; ++k) {
            const float sum = want + 0.125F * static_cast<float>(k);
            want = sum * in[i];
        }
        wrong += out[i] == want ? 0 : 1;
    }
    CHECK(wrong == 0);
}

TEST_CASE("many values held for later", "[strand]") {
    const std::int64_t n = 3000;
    const Tensor x = lazy::arange(n).to(float64) / 100;
    lazy::eval(x);
    // All of one level are needed until the next is made of them.
    std::vector<Tensor> level;
    for (int k = 0; k < 16; ++k) {
        level.push_back(lazy::tanh(x - k));
    }
    while (level.size() > 1) {
        std::vector<Tensor> next;
        for (std::size_t k = 0; k < level.size(); k += 2) {
            next.push_back(level[k] - level[k + 1] * level[k]);
        }
        level = std::move(next);
    }
    std::vector<double> want(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) {
        std::vector<double> v;
        for (int k = 0; k < 16; ++k) {
            v.push_back(std::tanh(static_cast<double>(i) / 100 - k));
        }
        for (std::size_t size = 16; size > 1; size /= 2) {
            for (std::size_t k = 0; k < size; k += 2) {
                v[k / 2] = v[k] - v[k + 1] * v[k];
            }
        }
        want[static_cast<std::size_t>(i)] = v[0];
    }
    CHECK(lazy::allclose(level[0], lazy::tensor(want), 1e-12, 1e-12));
}

TEST_CASE("what is overwritten is not read afterwards", "[strand]") {
    // A result may take the memory of an input that dies, which another operation reads as well.
    const std::int64_t n = GENERATE(100, 5000, 1'000'000);
    for (unsigned order = 0; order < 8; ++order) {
        const Tensor y = lazy::ones({n}).clone();
        Tensor first, second;
        {
            const Tensor x = lazy::full({n}, 5.0F).clone();
            const Tensor twice = x * 2;
            first = (order & 1U) != 0 ? y + 1 : lazy::exp(y) * 0 + 2;
            second = (order & 2U) != 0 ? twice * first : first * twice;
        }
        (order & 4U) != 0 ? lazy::eval(second, first) : lazy::eval(first, second);
        CHECK(lazy::equal(first, lazy::full({n}, 2.0F)));
        CHECK(lazy::equal(second, lazy::full({n}, 20.0F)));
    }
}

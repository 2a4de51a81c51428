// Masks, gathers and scatters of the CPU against loops written in the most obvious way.
// SPDX-License-Identifier: BSD-3-Clause
#include "../backends/cpu/algorithms/bincount.hpp"
#include "../backends/cpu/algorithms/mask.hpp"
#include "../backends/cpu/algorithms/scatter.hpp"
#include "dense_array.hpp"

using namespace dense;

TEST_CASE("masks find, take out and replace what is not zero", "[algorithms]") {
    for (const dtype type : all_dtypes) {
        for (const shape& s : {shape{}, shape{0}, shape{9}, shape{5, 40}, shape{3, 40000},
                               shape{3, 1, 7, 1000}, shape{2000, 9, 2}}) {
            const array mask = special_numbers(type, s, 9);
            const array in = whole_numbers(type, s, 10, 100);
            std::vector<i64> wanted;
            for (i64 i = 0; i < mask.numel(); ++i) {
                const std::complex<double> x = mask.number(i);
                if (type.kind() < dtype_kind::floating ? mask.integer(i) != 0 : x != 0.0) {
                    wanted.push_back(i);
                }
            }
            const auto count = static_cast<i64>(wanted.size());
            CHECK(cpu::count_nonzero(mask.ref()) == count);
            array places(int64, shape{static_cast<i64>(s.size()), count});
            std::vector<i64*> to;
            for (std::size_t d = 0; d < s.size(); ++d) {
                to.push_back(static_cast<i64*>(places.ref().data) + static_cast<i64>(d) * count);
            }
            const graph::array_ref m = mask.ref();
            cpu::store_coordinates(cpu::true_elements(m), m, to.data(), 1);
            bool found = true;
            for (i64 r = 0; r < count; ++r) {
                i64 at = 0;
                for (std::size_t d = 0; d < s.size(); ++d) {
                    at = at * s[d] + to[d][r];
                }
                found = found && at == wanted[static_cast<std::size_t>(r)];
            }
            CHECK(found);
            const array taken = run_threads(cpu::masked_select_kernel<>, array(type, shape{count}),
                                            {&in, &mask}, no_params{});
            const array source = whole_numbers(type, shape{count + 2}, 11, 100);
            const array replaced = run_threads(cpu::masked_scatter_kernel<>, array(type, s),
                                               {&in, &mask, &source}, no_params{});
            array expected = in;
            bool right = true;
            for (i64 r = 0; r < count; ++r) {
                const i64 at = wanted[static_cast<std::size_t>(r)];
                right = right && same_bytes(taken, r, in, at);
                expected.set(at, source.get(r));
            }
            CHECK(right);
            CHECK(replaced.data == expected.data);
            if (count > 0) {
                const array few(type, shape{count - 1});
                array untouched = in;
                CHECK_THROWS_AS(
                    run(cpu::masked_scatter_kernel<>, untouched, {&in, &mask, &few}, no_params{}),
                    value_error);
                CHECK(untouched.data == in.data);
                array wrong(type, shape{count - 1});
                CHECK_THROWS_AS(run(cpu::masked_select_kernel<>, wrong, {&in, &mask}, no_params{}),
                                value_error);
            }
        }
    }
}

TEST_CASE("bincount counts every integer dtype and refuses what has no bin", "[algorithms]") {
    for (const dtype type : all_dtypes) {
        if (type.kind() >= dtype_kind::floating || type == dtype_id::bool_) {
            continue;
        }
        for (const i64 bins : {i64{1}, i64{100}, i64{1000}}) {
            for (const i64 n : {i64{0}, i64{3}, i64{1001}}) {
                array in(type, shape{n});
                std::vector<i64> wanted(static_cast<std::size_t>(bins));
                for (i64 i = 0; i < n; ++i) {
                    const i64 v = i % std::min<i64>(bins, 100);
                    in.set(i, v);
                    ++wanted[static_cast<std::size_t>(v)];
                }
                array out(int64, shape{bins});
                run(cpu::bincount_kernel<>, out, {&in}, no_params{});
                CHECK(out.integers() == wanted);
                if (n > 3) {
                    array fewer(int64, shape{std::min<i64>(bins, 100) - 1});
                    CHECK_THROWS_AS(run(cpu::bincount_kernel<>, fewer, {&in}, no_params{}),
                                    index_error);
                    in.set(n - 1, -1);
                    if (in.integer(n - 1) < 0) {
                        CHECK_THROWS_AS(run(cpu::bincount_kernel<>, out, {&in}, no_params{}),
                                        index_error);
                    }
                }
            }
        }
    }
}

namespace {

array indices(shape sizes, i64 size, std::uint64_t seed) {
    array a(int64, std::move(sizes));
    numbers next{seed};
    for (i64 i = 0; i < a.numel(); ++i) {
        a.set(i, next.below(2 * size) - size);
    }
    return a;
}
i64 wrapped(const array& index, i64 i, i64 size) {
    const i64 at = index.integer(i);
    return at < 0 ? at + size : at;
}

}  // namespace

TEST_CASE("gather and scatter follow an index along a dimension", "[algorithms]") {
    struct sizes {
        shape base, index;
    };
    const std::vector<sizes> cases{{{6, 5, 4}, {3, 5, 2}},
                                   {{6, 5, 4}, {6, 5, 4}},
                                   {{7, 1, 1}, {2, 1, 1}},
                                   {{3, 4, 5}, {0, 2, 2}},
                                   {{3, 300, 90}, {3, 300, 90}}};
    for (const dtype type : all_dtypes) {
        for (const sizes& c : cases) {
            if (c.base[1] == 300 && type != float32) {
                continue;
            }
            const array base = whole_numbers(type, c.base, 12, 50);
            for (std::size_t dim = 0; dim < 3; ++dim) {
                const auto d = static_cast<i64>(dim);
                const array index = indices(c.index, c.base[dim], 13);
                const array source = whole_numbers(type, c.index, 14, 50);
                array gathered(type, c.index);
                array replaced = base;
                array added = base;
                for (i64 i = 0; i < c.index[0]; ++i) {
                    for (i64 j = 0; j < c.index[1]; ++j) {
                        for (i64 k = 0; k < c.index[2]; ++k) {
                            const i64 n = (i * c.index[1] + j) * c.index[2] + k;
                            i64 at[3] = {i, j, k};
                            at[dim] = wrapped(index, n, c.base[dim]);
                            const i64 m = (at[0] * c.base[1] + at[1]) * c.base[2] + at[2];
                            gathered.set(n, base.get(m));
                            replaced.set(m, source.get(n));
                            if (type.kind() < dtype_kind::floating) {
                                added.set(m, static_cast<i64>(
                                                 static_cast<std::uint64_t>(added.integer(m)) +
                                                 static_cast<std::uint64_t>(source.integer(n))));
                            } else {
                                added.set(m, added.number(m) + source.number(n));
                            }
                        }
                    }
                }
                const cpu::gather_params p{d};
                CHECK(run_threads(cpu::gather_kernel<>, array(type, c.index), {&base, &index}, p)
                          .data == gathered.data);
                CHECK(run_threads(cpu::scatter_kernel<>, array(type, c.base),
                                  {&base, &index, &source}, p)
                          .data == replaced.data);
                CHECK(run_threads(cpu::scatter_add_kernel<>, array(type, c.base),
                                  {&base, &index, &source}, p)
                          .data == added.data);
            }
        }
    }
    SECTION("0-d") {
        const array base(float32, shape{}, {5});
        const array index(int64, shape{}, {-1});
        array out(float32, shape{});
        run(cpu::gather_kernel<>, out, {&base, &index}, cpu::gather_params{0});
        CHECK(out.real(0) == 5);
        const array source(float32, shape{}, {7});
        run(cpu::scatter_kernel<>, out, {&base, &index, &source}, cpu::gather_params{-1});
        CHECK(out.real(0) == 7);
    }
    SECTION("bad indices and shapes") {
        const array base(float32, shape{3, 2});
        const array index(int64, shape{2, 2}, {0, -3, 3, 7});
        const array wide(int64, shape{3, 3});
        const array flat(int64, shape{3});
        const array not_index(int32, shape{2, 2});
        const array source(float32, shape{2, 2});
        array out(float32, shape{2, 2}, {1, 2, 3, 4});
        const array before = out;
        const cpu::gather_params p{0};
        CHECK_THROWS_WITH(run(cpu::gather_kernel<>, out, {&base, &index}, p),
                          "[gather] index 3 is out of bounds for dimension 0 with size 3");
        CHECK_THROWS_WITH(run(cpu::scatter_kernel<>, out, {&base, &index, &source}, p),
                          "[scatter] index 3 is out of bounds for dimension 0 with size 3");
        CHECK_THROWS_AS(run(cpu::gather_kernel<>, out, {&base, &wide}, p), shape_error);
        CHECK_THROWS_AS(run(cpu::gather_kernel<>, out, {&base, &flat}, p), shape_error);
        CHECK_THROWS_AS(run(cpu::gather_kernel<>, out, {&base, &not_index}, p), dtype_error);
        CHECK(out.data == before.data);
    }
}

TEST_CASE("index, index_select and take pick, index_put writes", "[algorithms]") {
    struct sizes {
        shape base, index;
    };
    const std::vector<sizes> cases{{{4, 3, 5, 2}, {2, 3}}, {{4, 3, 5, 1}, {}},
                                   {{4, 3, 5, 3}, {0, 2}}, {{0, 3, 5, 2}, {4}},
                                   {{1, 6, 7, 80}, {40}},  {{9, 3, 2, 64}, {700}}};
    for (const dtype type : all_dtypes) {
        for (const sizes& c : cases) {
            if (c.base[3] > 60 && type != float32) {
                continue;
            }
            // Two indices for dimensions 1 and 2.
            const array base = whole_numbers(type, c.base, 15, 50);
            const array first = indices(c.index, c.base[1], 16);
            const array second = indices(c.index, c.base[2], 17);
            shape picked{c.base[0]};
            for (const i64 size : c.index) {
                picked.push_back(size);
            }
            picked.push_back(c.base[3]);
            const array values = whole_numbers(type, picked, 18, 50);
            array read(type, picked);
            array replaced = base;
            array added = base;
            const i64 count = c.index.numel();
            for (i64 o = 0; o < c.base[0]; ++o) {
                for (i64 i = 0; i < count; ++i) {
                    for (i64 j = 0; j < c.base[3]; ++j) {
                        const i64 n = (o * count + i) * c.base[3] + j;
                        const i64 m = ((o * c.base[1] + wrapped(first, i, c.base[1])) * c.base[2] +
                                       wrapped(second, i, c.base[2])) *
                                          c.base[3] +
                                      j;
                        read.set(n, base.get(m));
                        replaced.set(m, values.get(n));
                        if (type.kind() < dtype_kind::floating) {
                            added.set(m, added.integer(m) + values.integer(n));
                        } else {
                            added.set(m, added.number(m) + values.number(n));
                        }
                    }
                }
            }
            const cpu::index_params p{1};
            CHECK(run_threads(cpu::index_kernel<>, array(type, picked), {&base, &first, &second}, p)
                      .data == read.data);
            CHECK(run_threads(cpu::index_put_kernel<>, array(type, c.base),
                              {&base, &values, &first, &second}, p)
                      .data == replaced.data);
            CHECK(run_threads(cpu::index_put_accumulate_kernel<>, array(type, c.base),
                              {&base, &values, &first, &second}, p)
                      .data == added.data);
        }
        const array base = whole_numbers(type, shape{2, 3, 4}, 19, 50);
        const array columns(int64, shape{3}, {2, -3, 2});
        array selected(type, shape{2, 3, 4});
        run(cpu::index_select_kernel<>, selected, {&base, &columns}, cpu::gather_params{-2});
        const array places(int64, shape{2, 2}, {0, -1, 23, -24});
        array taken(type, shape{2, 2});
        run(cpu::take_kernel<>, taken, {&base, &places}, no_params{});
        bool right = true;
        for (i64 o = 0; o < 2; ++o) {
            for (i64 j = 0; j < 12; ++j) {
                const i64 from = j / 4 == 1 ? 0 : 2;
                right = right && same_bytes(selected, o * 12 + j, base, o * 12 + from * 4 + j % 4);
            }
        }
        for (i64 i = 0; i < 4; ++i) {
            right = right && same_bytes(taken, i, base, i == 0 || i == 3 ? 0 : 23);
        }
        CHECK(right);
    }
    const array base(float32, shape{3, 2}, {1, 2, 3, 4, 5, 6});
    const array bad(int64, shape{2}, {0, 7});
    const array good(int64, shape{2}, {0, 1});
    const array longer(int64, shape{3}, {0, 1, 0});
    const array values(float32, shape{2, 2});
    const array doubles(float64, shape{2, 2});
    array out(float32, shape{2, 2});
    array whole = base;
    const cpu::index_params p{0};
    CHECK_THROWS_WITH(run(cpu::index_kernel<>, out, {&base, &bad}, p),
                      "[index] index 7 is out of bounds for dimension 0 with size 3");
    CHECK_THROWS_AS(run(cpu::index_put_kernel<>, whole, {&base, &values, &bad}, p), index_error);
    CHECK_THROWS_AS(run(cpu::index_put_kernel<>, whole, {&base, &doubles, &good}, p), dtype_error);
    CHECK_THROWS_AS(run(cpu::index_put_kernel<>, whole, {&base, &values, &longer}, p), shape_error);
    CHECK_THROWS_AS(run(cpu::index_kernel<>, out, {&base, &good, &longer}, p), shape_error);
    CHECK_THROWS_AS(run(cpu::index_kernel<>, out, {&base, &good, &good, &good}, p), index_error);
    CHECK_THROWS_AS(run(cpu::take_kernel<>, out, {&base, &bad}, no_params{}), index_error);
    CHECK(whole.data == base.data);
}

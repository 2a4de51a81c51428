// Random programs of views, writes, aliases and pending readers against an eager reference.
// SPDX-License-Identifier: BSD-3-Clause

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"

#include <lazytensor.hpp>

namespace {

using lazy::shape;

/// The reference: storage shared by views, strides in the open, everything computed at once.
/// Numbers are doubles; the programs keep them small enough to be exact in int64 as in float64.
struct eager {
    std::shared_ptr<std::vector<double>> storage;
    std::vector<std::int64_t> sizes, strides;
    std::int64_t offset = 0;

    std::int64_t numel() const {
        std::int64_t n = 1;
        for (auto s : sizes) n *= s;
        return n;
    }
    /// Where the i-th element in row-major order is in the storage.
    std::size_t place(std::int64_t i) const {
        std::int64_t at = offset;
        for (std::size_t d = sizes.size(); d-- > 0;) at += i % sizes[d] * strides[d], i /= sizes[d];
        return static_cast<std::size_t>(at);
    }
    double at(std::int64_t i) const { return (*storage)[place(i)]; }
    std::vector<double> values() const {
        std::vector<double> v;
        for (std::int64_t i = 0; i < numel(); ++i) v.push_back(at(i));
        return v;
    }
    bool distinct() const {
        for (std::size_t d = 0; d < sizes.size(); ++d)
            if (sizes[d] > 1 && strides[d] == 0) return false;
        return true;
    }
    static eager of(std::vector<double> v, std::vector<std::int64_t> sizes) {
        eager e{std::make_shared<std::vector<double>>(std::move(v)), std::move(sizes), {}, 0};
        e.strides.assign(e.sizes.size(), 1);
        for (std::size_t d = e.sizes.size(); d-- > 1;) e.strides[d - 1] = e.strides[d] * e.sizes[d];
        return e;
    }
    /// Writes all of v, which was read before.
    void write(const std::vector<double>& v) const {
        for (std::int64_t i = 0; i < numel(); ++i)
            (*storage)[place(i)] = v[static_cast<std::size_t>(i)];
    }
};

/// Values stay within +-1000, so that sums and products are exact.
double bounded(double v) { return v - 1000 * std::floor(v / 1000); }

/// A program over one element type, and its text for when it fails.
template <class T>
struct program {
    struct both {
        lazy::tensor<T> lazily;
        eager eagerly;
    };
    std::mt19937_64 random;
    std::vector<both> live;
    std::vector<lazy::array_interface> exported;  // while one lives, writes to its tensor are eager
    std::ostringstream text;
    bool failed = false;

    explicit program(std::uint64_t seed) : random(seed) {}

    std::int64_t pick(std::int64_t n) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n));
    }
    std::size_t any() {
        return static_cast<std::size_t>(pick(static_cast<std::int64_t>(live.size())));
    }
    std::size_t dim(const eager& e) {
        return static_cast<std::size_t>(pick(static_cast<std::int64_t>(e.sizes.size())));
    }

    void keep(lazy::tensor<T> x, eager e) {
        if (x.shape().to_vector() != e.sizes) failed = true;
        if (live.size() < 8)
            live.push_back({std::move(x), std::move(e)});
        else
            live[any()] = {std::move(x), std::move(e)};
    }
    void create() {
        const std::vector<std::int64_t> sizes[] = {{4}, {3, 4}, {2, 3, 2}, {1, 5}, {6, 1},
                                                   {},  {0, 3}, {17},      {5, 13}};
        const auto s = sizes[pick(9)];
        std::int64_t n = 1;
        for (auto k : s) n *= k;
        std::vector<double> v;
        for (std::int64_t i = 0; i < n; ++i) v.push_back(double(pick(19) - 9));
        text << "create " << lazy::to_string(shape(s)) << '\n';
        switch (pick(5)) {
            case 4: {  // in memory of the outside's
                const auto memory = std::make_shared<std::vector<T>>(v.begin(), v.end());
                return keep(lazy::tensor<T>(lazy::from_blob(memory->data(), s, memory)),
                            eager::of(v, s));
            }
            case 0:
                return keep(lazy::full(s, 3, lazy::dtype_constant<T>{}),
                            eager::of(std::vector<double>(static_cast<std::size_t>(n), 3), s));
            case 1: {
                for (std::int64_t i = 0; i < n; ++i) v[static_cast<std::size_t>(i)] = double(i);
                return keep(lazy::arange(n, lazy::dtype_constant<T>{}).reshape(s), eager::of(v, s));
            }
            default:
                return keep(lazy::tensor<T>(v, lazy::dtype_constant<T>{}).reshape(s),
                            eager::of(v, s));
        }
    }
    void view() {
        const both b = live[any()];
        eager e = b.eagerly;
        if (e.sizes.empty()) return;
        const std::size_t d = dim(e);
        const std::int64_t n = e.sizes[d];
        switch (pick(6)) {
            case 0: {
                const std::size_t o = dim(e);
                text << "transpose " << d << ' ' << o << '\n';
                std::swap(e.sizes[d], e.sizes[o]), std::swap(e.strides[d], e.strides[o]);
                return keep(b.lazily.transpose(std::int64_t(d), std::int64_t(o)), e);
            }
            case 1: {
                if (n == 0) return;
                const std::int64_t i = pick(n);
                text << "select " << d << ' ' << i << '\n';
                e.offset += i * e.strides[d];
                e.sizes.erase(e.sizes.begin() + std::ptrdiff_t(d)),
                    e.strides.erase(e.strides.begin() + std::ptrdiff_t(d));
                const auto x = d == 0   ? b.lazily[i]
                               : d == 1 ? b.lazily(lazy::all, i)
                                        : b.lazily(lazy::all, lazy::all, i);
                return keep(x, e);
            }
            case 2:
            case 3: {
                const std::int64_t step = pick(2) ? pick(3) + 1 : -pick(3) - 1;
                const std::int64_t first = pick(n + 1), count = n == 0 ? 0 : pick(n + 1);
                std::int64_t taken = 0, start = step > 0 ? first : std::min(first, n - 1);
                std::int64_t stop = start + step * count;
                for (std::int64_t i = start;
                     step > 0 ? i < std::min(stop, n) : i > std::max<std::int64_t>(stop, -1);
                     i += step)
                    ++taken;
                text << "slice " << d << " from " << start << " to " << stop << " by " << step
                     << '\n';
                lazy::range r(start, stop, step);
                if (step < 0 && stop < 0) r = lazy::range(start, lazy::none, step);
                if (start < 0) return;
                if (taken > 0) e.offset += start * e.strides[d];
                e.sizes[d] = taken;
                e.strides[d] *= step;
                const auto x = d == 0   ? b.lazily(r)
                               : d == 1 ? b.lazily(lazy::all, r)
                                        : b.lazily(lazy::all, lazy::all, r);
                return keep(x, e);
            }
            case 4:
                if (e.sizes.size() > 2) return;
                text << "unsqueeze " << d << '\n';
                e.sizes.insert(e.sizes.begin() + std::ptrdiff_t(d), 1),
                    e.strides.insert(e.strides.begin() + std::ptrdiff_t(d), 0);
                return keep(b.lazily.unsqueeze(std::int64_t(d)), e);
            default: {
                if (n != 1) return;
                text << "expand " << d << '\n';
                e.sizes[d] = 3, e.strides[d] = 0;
                return keep(b.lazily.expand(shape(e.sizes)), e);
            }
        }
    }
    /// A partner of the same shape, or a number of one element.
    both partner(const both& b) {
        for (int tries = 0; tries < 4; ++tries) {
            const both& o = live[any()];
            if (o.eagerly.sizes == b.eagerly.sizes) return o;
        }
        return b;
    }
    static double apply(int op, double a, double b) {
        switch (op) {
            case 0: return a + b;
            case 1: return a - b;
            case 2: return bounded(a * b);
            case 3: return std::max(a, b);
            default: return a < b ? a : b + 1;
        }
    }
    static lazy::tensor<T> apply(int op, const lazy::tensor<T>& a, const lazy::tensor<T>& b) {
        switch (op) {
            case 0: return a + b;
            case 1: return a - b;
            case 2: return lazy::remainder(a * b, 1000);
            case 3: return lazy::maximum(a, b);
            default: return lazy::where(a < b, a, b + 1);
        }
    }
    std::vector<double> combined(int op, const eager& a, const eager& b) {
        std::vector<double> v;
        for (std::int64_t i = 0; i < a.numel(); ++i) v.push_back(apply(op, a.at(i), b.at(i)));
        return v;
    }
    void compute() {
        const both a = live[any()], b = partner(a);
        const int op = int(pick(5));
        text << "compute " << op << '\n';
        lazy::tensor<T> x = apply(op, a.lazily, b.lazily);
        keep(lazy::remainder(x, 1000), [&] {
            auto v = combined(op, a.eagerly, b.eagerly);
            for (double& e : v) e = bounded(e);
            return eager::of(v, a.eagerly.sizes);
        }());
    }
    void write() {
        const both a = live[any()];
        if (!a.eagerly.distinct()) return;
        const both b = partner(a);
        const int kind = int(pick(7));
        text << "write " << kind << '\n';
        switch (kind) {
            case 0: a.lazily.copy_(b.lazily); return a.eagerly.write(b.eagerly.values());
            case 1:
                a.lazily.fill_(5);
                return a.eagerly.write(std::vector<double>(std::size_t(a.eagerly.numel()), 5));
            case 2: {
                a.lazily += lazy::remainder(b.lazily, 10);
                auto v = a.eagerly.values(), w = b.eagerly.values();
                for (std::size_t i = 0; i < v.size(); ++i)
                    v[i] += w[i] - 10 * std::floor(w[i] / 10);
                return a.eagerly.write(v);
            }
            case 3: {
                a.lazily.masked_fill_(b.lazily > 2, -4);
                auto v = a.eagerly.values(), w = b.eagerly.values();
                for (std::size_t i = 0; i < v.size(); ++i) v[i] = w[i] > 2 ? -4 : v[i];
                return a.eagerly.write(v);
            }
            case 4: {  // from a reversal of the same elements
                if (a.eagerly.sizes.empty()) return;
                a.lazily.copy_(a.lazily(lazy::range(lazy::none, lazy::none, -1)));
                auto v = a.eagerly.values(), w = v;
                const auto rows = static_cast<std::size_t>(a.eagerly.sizes[0]),
                           width = rows ? v.size() / rows : 0;
                for (std::size_t i = 0; i < v.size(); ++i)
                    v[i] = w[(rows - 1 - i / width) * width + i % width];
                return a.eagerly.write(v);
            }
            case 5: {  // of what is overwritten and of others
                a.lazily.copy_(lazy::remainder(a.lazily * 2 - b.lazily, 1000));
                auto v = a.eagerly.values(), w = b.eagerly.values();
                for (std::size_t i = 0; i < v.size(); ++i) v[i] = bounded(2 * v[i] - w[i]);
                return a.eagerly.write(v);
            }
            default: {
                a.lazily.remainder_(7);
                auto v = a.eagerly.values();
                for (double& e : v) e -= 7 * std::floor(e / 7);
                return a.eagerly.write(v);
            }
        }
    }
    void reduce() {
        const both a = live[any()];
        const eager& e = a.eagerly;
        if (e.sizes.empty()) return;
        const std::size_t d = dim(e);
        const bool keepdim = pick(2) == 1, largest = pick(2) == 1 && e.sizes[d] > 0;
        text << (largest ? "amax " : "sum ") << d << (keepdim ? " keepdim\n" : "\n");
        auto sizes = e.sizes;
        sizes[d] = 1;
        std::int64_t inner = 1;
        for (std::size_t k = d + 1; k < sizes.size(); ++k) inner *= sizes[k];
        eager r = eager::of(std::vector<double>(), sizes);
        r.storage->assign(std::size_t(r.numel()), largest ? -1e9 : 0);
        for (std::int64_t i = 0; i < e.numel(); ++i) {
            double& to = (*r.storage)[std::size_t(i / (inner * e.sizes[d]) * inner + i % inner)];
            to = largest ? std::max(to, e.at(i)) : to + e.at(i);
        }
        for (double& v : *r.storage) v = bounded(v);
        if (!keepdim)
            r.sizes.erase(r.sizes.begin() + std::ptrdiff_t(d)),
                r.strides.erase(r.strides.begin() + std::ptrdiff_t(d));
        const shape dims(static_cast<std::int64_t>(d));
        lazy::tensor<T> x = largest ? lazy::tensor<T>(lazy::amax(a.lazily, dims, keepdim))
                                    : lazy::tensor<T>(lazy::sum(a.lazily, dims, keepdim));
        keep(lazy::remainder(x, 1000), r);
    }
    /// What the planner makes one pass over the rows of.
    void normalise() {
        const both a = live[any()];
        const eager& e = a.eagerly;
        if (e.sizes.empty() || e.numel() == 0) return;
        const auto length = static_cast<std::size_t>(e.sizes.back());
        std::vector<double> v = e.values();
        auto per_row = e.sizes;
        per_row.back() = 1;
        lazy::tensor<T> x = a.lazily;
        for (std::int64_t rounds = 1 + pick(3); rounds > 0; --rounds) {
            const bool unsqueezed = pick(2) == 1;
            text << "normalise" << (unsqueezed ? " unsqueezed\n" : "\n");
            const lazy::tensor<T> total =
                unsqueezed ? lazy::tensor<T>(lazy::sum(x, shape(-1)).unsqueeze(-1))
                           : lazy::tensor<T>(lazy::sum(x, shape(-1), true));
            const lazy::tensor<T> rest = lazy::remainder(total, 1000);
            std::vector<double> totals;
            for (std::size_t row = 0; row < v.size(); row += length) {
                double sum = 0;
                for (std::size_t i = 0; i < length; ++i) sum += v[row + i];
                totals.push_back(bounded(sum));
                for (std::size_t i = 0; i < length; ++i)
                    v[row + i] = bounded(v[row + i] - totals.back());
            }
            x = lazy::remainder(x - rest, 1000);
            if (pick(3) == 0) keep(rest, eager::of(totals, per_row));
        }
        keep(x, eager::of(v, e.sizes));
    }
    void check(const both& b) {
        const auto got = b.lazily.tolist();
        const auto want = b.eagerly.values();
        bool equal = got.flat().size() == want.size();
        for (std::size_t i = 0; equal && i < want.size(); ++i)
            equal = double(got.flat()[i]) == want[i];
        failed = failed || !equal;
    }
    void step() {
        switch (pick(11)) {
            case 9: return normalise();
            case 0: return create();
            case 1:
            case 2: return view();
            case 3:
            case 4: return compute();
            case 5:
            case 6: return write();
            case 7: return reduce();
            case 8: {
                const std::size_t at = any();
                text << "read " << at << '\n';
                return check(live[at]);
            }
            default: {
                const std::size_t at = any(), other = any();
                const both b = live[at];
                switch (pick(4)) {
                    case 0:
                        text << "clone\n";
                        return keep(b.lazily.clone(),
                                    eager::of(b.eagerly.values(), b.eagerly.sizes));
                    case 1: text << "eval two\n"; return lazy::eval(b.lazily, live[other].lazily);
                    case 2:
                        text << "export\n";
                        exported.push_back(b.lazily.numpy());
                        if (pick(3) == 0) exported.clear();
                        return;
                    default: text << "alias\n"; return keep(b.lazily, b.eagerly);
                }
            }
        }
    }
    bool run(int steps) {
        create(), create();
        for (int i = 0; i < steps && !failed; ++i) step();
        for (const both& b : live) check(b);
        return !failed;
    }
};

template <class T>
std::uint64_t failures(std::uint64_t first, std::uint64_t count, int steps) {
    std::uint64_t wrong = 0;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        program<T> p(seed);
        std::string thrown;
        try {
            if (p.run(steps)) continue;
        } catch (const std::exception& e) {
            thrown = e.what();
        }
        if (++wrong == 1) {
            UNSCOPED_INFO(lazy::dtype_of<T> << " seed " << seed << ' ' << thrown << "\n"
                                            << p.text.str());
        }
    }
    return wrong;
}

}  // namespace

TEST_CASE("random programs give what an eager reference gives", "[differential]") {
    const std::uint64_t seed = std::random_device{}();
    INFO("first seed " << seed);
    CHECK(failures<std::int64_t>(seed, 10000, 40) == 0);
    CHECK(failures<double>(seed, 10000, 40) == 0);
}

TEST_CASE("a few fixed random programs", "[core][differential]") {
    CHECK(failures<std::int64_t>(1, 200, 40) == 0);
    CHECK(failures<double>(1, 100, 120) == 0);
}

// Printing: PyTorch's texts (data/print_cases.txt), options, layouts and what is read.
// SPDX-License-Identifier: BSD-3-Clause
#include "../include/lazytensor/print.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"

namespace {

#ifdef LAZYTENSOR_TEST_DATA
const std::string data_folder = LAZYTENSOR_TEST_DATA;
#else
const std::string data_folder =
    std::string(__FILE__).substr(0, std::string(__FILE__).rfind("print_test.cpp")) + "data";
#endif

struct print_case {
    std::string name;
    lazy::dtype dtype = lazy::float32;
    lazy::dtype default_dtype = lazy::float32;
    lazy::shape shape;
    lazy::print_options options;
    lazy::print_extras extras;
    /// Bits of the elements, one after another; repeated when the shape has more.
    std::vector<std::byte> elements;
    std::string text;
};

lazy::dtype dtype_named(const std::string& name) {
    for (std::size_t i = 0; i < lazy::dtype_count; ++i) {
        const lazy::dtype d = static_cast<lazy::dtype_id>(i);
        if (name == d.name()) {
            return d;
        }
    }
    throw lazy::format_error("unknown dtype in print_cases.txt: " + name);
}

template <class T>
void append_bits(std::vector<std::byte>& out, std::uint64_t bits) {
    const T value = static_cast<T>(bits);
    const auto* first = reinterpret_cast<const std::byte*>(&value);
    out.insert(out.end(), first, first + sizeof(T));
}

/// One element as the file has it: the bits of its one or two parts in hexadecimal.
void append_element(std::vector<std::byte>& out, lazy::dtype d, const std::string& word) {
    const std::size_t digits = d.is_complex() ? d.itemsize() : 2 * d.itemsize();
    for (std::size_t at = 0; at < word.size(); at += digits) {
        const std::uint64_t bits = std::stoull(word.substr(at, digits), nullptr, 16);
        switch (digits) {
            case 2: append_bits<std::uint8_t>(out, bits); break;
            case 4: append_bits<std::uint16_t>(out, bits); break;
            case 8: append_bits<std::uint32_t>(out, bits); break;
            default: append_bits<std::uint64_t>(out, bits); break;
        }
    }
}

std::vector<print_case> read_cases() {
    std::ifstream file(data_folder + "/print_cases.txt");
    std::vector<print_case> cases;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string key;
        words >> key;
        if (key == "#") {
            continue;
        }
        if (key == "case") {
            cases.emplace_back();
            std::getline(words >> std::ws, cases.back().name);
            continue;
        }
        print_case& c = cases.at(cases.size() - 1);
        std::string word;
        if (key == "shape") {
            for (std::int64_t size; words >> size;) {
                c.shape.push_back(size);
            }
        } else if (key == "values") {
            while (words >> word) {
                append_element(c.elements, c.dtype, word);
            }
        } else if (key == "text") {
            int lines = 0;
            words >> lines;
            for (int i = 0; i < lines && std::getline(file, line); ++i) {
                c.text += (i != 0 ? "\n" : "") + line;
            }
        } else {
            words >> word;
            if (key == "dtype") {
                c.dtype = dtype_named(word);
            } else if (key == "default_dtype") {
                c.default_dtype = dtype_named(word);
            } else if (key == "precision") {
                c.options.precision = std::stoi(word);
            } else if (key == "threshold") {
                c.options.threshold = std::stoll(word);
            } else if (key == "edgeitems") {
                c.options.edgeitems = std::stoi(word);
            } else if (key == "linewidth") {
                c.options.linewidth = std::stoi(word);
            } else if (key == "sci_mode") {
                c.options.sci_mode = word == "1";
            } else if (key == "requires_grad") {
                c.extras.requires_grad = true;
            } else if (key == "grad_fn") {
                c.extras.grad_fn = word;
            } else if (key == "device") {
                c.extras.device = word;
            } else {
                throw lazy::format_error("unknown key in print_cases.txt: " + key);
            }
        }
    }
    return cases;
}

enum class layout { contiguous, first_axis_fastest, backwards, unaligned_with_gaps };

/// The case's tensor in memory. Bytes that belong to no element are filled with rubbish.
lazy::array_interface array_of(const print_case& c, layout how) {
    const auto itemsize = static_cast<std::int64_t>(c.dtype.itemsize());
    const std::int64_t spacing = how == layout::unaligned_with_gaps ? 3 * itemsize + 1 : itemsize;
    const std::size_t ndim = c.shape.size();
    lazy::shape strides = lazy::shape::filled(ndim, 0);
    std::int64_t step = spacing;
    for (std::size_t i = 0; i < ndim; ++i) {
        const std::size_t d = how == layout::first_axis_fastest ? i : ndim - 1 - i;
        strides[d] = how == layout::backwards ? -step : step;
        step *= std::max<std::int64_t>(c.shape[d], 1);
    }
    const std::int64_t numel = c.shape.numel();
    auto memory = std::make_shared<std::vector<std::byte>>(
        static_cast<std::size_t>(numel * spacing + 1), std::byte{0x7e});
    const std::int64_t start = numel == 0                           ? 0
                               : how == layout::backwards           ? (numel - 1) * spacing
                               : how == layout::unaligned_with_gaps ? 1
                                                                    : 0;
    for (std::int64_t i = 0; i < numel; ++i) {
        std::int64_t offset = start;
        std::int64_t rest = i;
        for (std::size_t d = ndim; d-- > 0;) {
            offset += rest % c.shape[d] * strides[d];
            rest /= c.shape[d];
        }
        const std::size_t from = static_cast<std::size_t>(i * itemsize) % c.elements.size();
        std::copy_n(c.elements.data() + from, itemsize, memory->data() + offset);
    }
    std::byte* first = memory->data() + start;
    return {c.dtype, c.shape, strides, first, memory};
}

template <class T>
lazy::array_interface vector_array(std::vector<T> values, lazy::shape shape) {
    auto memory = std::make_shared<std::vector<T>>(std::move(values));
    lazy::shape strides = lazy::contiguous_strides(shape);
    for (std::int64_t& s : strides) {
        s *= static_cast<std::int64_t>(sizeof(T));
    }
    void* first = memory->data();
    return {lazy::dtype_of<T>, std::move(shape), strides, first, memory};
}

/// Puts the program's settings back.
struct settings_guard {
    lazy::print_options options = lazy::get_printoptions();
    lazy::dtype default_dtype = lazy::get_default_dtype();
    ~settings_guard() {
        lazy::set_printoptions(options);
        lazy::set_default_dtype(default_dtype);
    }
};

}  // namespace

TEST_CASE("texts are PyTorch's, in every layout", "[print]") {
    const settings_guard guard;
    const std::vector<print_case> cases = read_cases();
    REQUIRE(cases.size() >= 200);
    for (const print_case& c : cases) {
        lazy::set_default_dtype(c.default_dtype);
        for (const layout how : {layout::contiguous, layout::first_axis_fastest, layout::backwards,
                                 layout::unaligned_with_gaps}) {
            const std::string text = lazy::format_tensor(array_of(c, how), c.extras, c.options);
            if (text != c.text) {
                INFO(c.name << ", layout " << static_cast<int>(how));
                CHECK(text == c.text);
            }
        }
    }
}

TEST_CASE("a summary reads the printed elements only", "[print]") {
    SECTION("the hidden ones decide neither notation nor width") {
        std::vector<float> values(40 * 50, 1e30f);
        for (const std::size_t row : {0, 1, 2, 37, 38, 39}) {
            for (const std::size_t column : {0, 1, 2, 47, 48, 49}) {
                values[row * 50 + column] = 0.5f;
            }
        }
        const std::string row = "[0.5000, 0.5000, 0.5000,  ..., 0.5000, 0.5000, 0.5000]";
        const std::string gap = ",\n        ";
        CHECK(lazy::format_tensor(vector_array(values, {40, 50})) ==
              "tensor([" + row + gap + row + gap + row + gap + "..." + gap + row + gap + row + gap +
                  row + "])");
    }
    SECTION("an expanded tensor of 1e18 elements is printed at once") {
        double value = 7;
        const lazy::array_interface a(lazy::float64, {1'000'000'000, 1'000'000'000}, {0, 0}, &value,
                                      nullptr);
        const std::string text = lazy::format_tensor(a);
        CHECK(text.substr(0, 41) == "tensor([[7., 7., 7.,  ..., 7., 7., 7.],\n ");
        CHECK(text.substr(text.size() - 23) == "], dtype=torch.float64)");
    }
    SECTION("no edge items: none is read") {
        const lazy::array_interface a(lazy::int64, {1001, 2}, {16, 8}, nullptr, nullptr);
        lazy::print_options options;
        options.edgeitems = 0;
        CHECK(lazy::format_tensor(a, {}, options) == "tensor([...], size=(1001, 2))");
    }
}

TEST_CASE("printing takes what PyTorch cannot make", "[print]") {
    SECTION("100,000 axes, without recursion") {
        const std::size_t ndim = 100'000;
        std::int64_t value = 5;
        const lazy::array_interface a(lazy::int64, lazy::shape::filled(ndim, 1),
                                      lazy::shape::filled(ndim, 8), &value, nullptr);
        CHECK(lazy::format_tensor(a) ==
              "tensor(" + std::string(ndim, '[') + "5" + std::string(ndim, ']') + ")");
    }
    SECTION("bools that are neither 0 nor 1") {
        std::uint8_t bytes[] = {2, 0, 255};
        const lazy::array_interface a(lazy::bool_, {3}, {1}, bytes, nullptr);
        CHECK(lazy::format_tensor(a) == "tensor([ True, False,  True])");
    }
    SECTION("more digits than fit a small buffer") {
        lazy::print_options options;
        options.precision = 1000;
        const std::string text = lazy::format_tensor(vector_array<double>({0.5}, {}), {}, options);
        CHECK(text == "tensor(0.5" + std::string(999, '0') + ",\n       dtype=torch.float64)");
    }
}

TEST_CASE("print options are set for the program", "[print]") {
    const settings_guard guard;
    const lazy::array_interface a = vector_array<float>({1.25f, 2.f, 3.f, 4.f, 5.f, 6.f, 7.f}, {7});
    const lazy::array_interface pi = vector_array<float>({3.14159f}, {});
    CHECK(lazy::get_printoptions() == lazy::print_options{});

    lazy::print_options options;
    options.precision = 2;
    options.threshold = 5;
    options.edgeitems = 1;
    lazy::set_printoptions(options);
    CHECK(lazy::get_printoptions() == options);
    CHECK(lazy::format_tensor(a) == "tensor([1.25,  ..., 7.00])");

    lazy::set_printoptions({.sci_mode = true});
    CHECK(lazy::format_tensor(pi) == "tensor(3.1416e+00)");

    lazy::set_printoptions("short");
    CHECK(lazy::format_tensor(pi) == "tensor(3.14)");
    CHECK(lazy::get_printoptions().edgeitems == 2);
    CHECK_FALSE(lazy::get_printoptions().sci_mode.has_value());

    lazy::set_printoptions("full");
    const std::string all =
        lazy::format_tensor(vector_array(std::vector<float>(1200, 1.f), {1200}));
    CHECK(all.find("...") == std::string::npos);

    lazy::set_printoptions("default");
    CHECK(lazy::get_printoptions() == lazy::print_options{});
    CHECK(lazy::format_tensor(pi) == "tensor(3.1416)");
}

TEST_CASE("print options without a meaning are refused and change nothing", "[print]") {
    const lazy::print_options before = lazy::get_printoptions();
    const lazy::array_interface a = vector_array<float>({1.f}, {});
    CHECK_THROWS_AS(lazy::set_printoptions("loud"), lazy::value_error);
    CHECK_THROWS_AS(lazy::set_printoptions({.precision = -1}), lazy::value_error);
    CHECK_THROWS_AS(lazy::set_printoptions({.edgeitems = -1}), lazy::value_error);
    CHECK_THROWS_AS(lazy::format_tensor(a, {}, {.precision = -1}), lazy::value_error);
    CHECK(lazy::get_printoptions() == before);
    CHECK(lazy::format_tensor(a, {}, {.threshold = -1, .linewidth = -1}) == "tensor(1.)");
}

TEST_CASE("print options are read whole while another thread sets them", "[print]") {
    const settings_guard guard;
    lazy::set_printoptions("default");
    std::thread writer([] {
        for (int i = 0; i < 2000; ++i) {
            lazy::set_printoptions(i % 2 == 0 ? "short" : "default");
        }
    });
    bool whole = true;
    for (int i = 0; i < 2000; ++i) {
        const lazy::print_options seen = lazy::get_printoptions();
        whole = whole &&
                (seen == lazy::print_profile("short") || seen == lazy::print_profile("default"));
    }
    writer.join();
    CHECK(whole);
}

// .npy files: what NumPy wrote is read, what is written is NumPy's, bad files are refused.
// SPDX-License-Identifier: BSD-3-Clause
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <bit>
#include <complex>
#include <csignal>
#include <cstring>
#include <limits>
#include <random>

#include "io_files.hpp"

using namespace io_files;
using lazy::array_interface;
using lazy::format_error;
using lazy::shape;
using lazy::io::mmap_mode;
using lazy::io::parse_npy;
using lazy::io::read_npy;
using lazy::io::write_npy;

namespace {

/// `extremes` of make_npy_fixtures.py.
template <class T>
std::vector<T> extremes() {
    using limits = std::numeric_limits<T>;
    if constexpr (std::is_same_v<T, bool>) {
        return {true, false, false, true, true, true, false, true};
    } else if constexpr (std::is_integral_v<T>) {
        return {limits::min(),        limits::max(),       T(0), T(1), T(2), T(100),
                T(limits::max() - 1), T(limits::min() + 1)};
    } else if constexpr (lazy::is_complex_v<T>) {
        const auto part = extremes<typename T::value_type>();
        std::vector<T> out;
        for (std::size_t i = 0; i < part.size(); ++i) {
            out.emplace_back(part[i], part[part.size() - 1 - i]);
        }
        return out;
    } else if constexpr (std::is_same_v<T, lazy::float16_t>) {
        std::vector<T> out(8);
        constexpr std::uint16_t bits[] = {0,      0x8000, 0x7c00, 0xfc00,
                                          0x7e00, 0x0001, 0x7bff, 0xbe00};
        for (std::size_t i = 0; i < 8; ++i) {
            out[i].bits = bits[i];
        }
        return out;
    } else {
        return {T(0),
                -T(0),
                limits::infinity(),
                -limits::infinity(),
                limits::quiet_NaN(),
                limits::denorm_min(),
                limits::max(),
                T(-1.5)};
    }
}

template <class T>
bool same_bits(const array_interface& array, const std::vector<T>& expected) {
    REQUIRE(array.dtype() == lazy::dtype_of<T>);
    REQUIRE(array.is_contiguous());
    REQUIRE(static_cast<std::size_t>(array.size()) == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const T value = expected[i];
        if (std::memcmp(array.data() + i * sizeof(T), &value, sizeof(T)) != 0) {
            return false;
        }
    }
    return true;
}

array_interface array_over(lazy::dtype dtype, shape sizes, shape byte_strides, void* data) {
    return array_interface(dtype, std::move(sizes), std::move(byte_strides), data, nullptr);
}

/// Parses a copy of exactly that size, so that a sanitizer sees a read past its end.
array_interface parse(std::string_view bytes) {
    const auto copy = std::make_shared<std::vector<char>>(bytes.begin(), bytes.end());
    return parse_npy(std::as_bytes(std::span(*copy)), copy, true, "x.npy");
}

/// A version 1.0 file with that header text and content.
std::string npy(std::string_view header, std::string_view content = "") {
    std::string out("\x93NUMPY\x01\x00", 8);
    out += static_cast<char>(header.size() & 0xff);
    out += static_cast<char>(header.size() >> 8);
    return out.append(header).append(content);
}

std::string refusal(std::string_view bytes) {
    return error_text<format_error>([&] { parse(bytes); });
}

std::vector<std::int32_t> counts(std::int32_t n) {
    std::vector<std::int32_t> out(static_cast<std::size_t>(n));
    for (std::int32_t i = 0; i < n; ++i) {
        out[static_cast<std::size_t>(i)] = i;
    }
    return out;
}

}  // namespace

TEMPLATE_TEST_CASE("npy: every dtype of NumPy's, both byte orders, read and written", "[io][core]",
                   bool, std::uint8_t, std::int8_t, std::int16_t, std::int32_t, std::int64_t,
                   std::uint16_t, std::uint32_t, std::uint64_t, lazy::float16_t, float, double,
                   std::complex<float>, std::complex<double>) {
    const std::string name = lazy::dtype_of<TestType>.name();
    const std::string path = fixture("npy/" + name + ".npy");
    const auto expected = extremes<TestType>();

    const array_interface array = read_npy(path);
    CHECK(array.shape() == shape(2, 4));
    CHECK(same_bits(array, expected));
    CHECK(reinterpret_cast<std::uintptr_t>(array.data()) % 64 == 0);
    CHECK_FALSE(array.readonly());
    CHECK(lazy::io::owned_buffer(array)->data() == array.data());

    const temporary_folder folder;
    write_npy(folder.file("x.npy"), array);
    CHECK(read_bytes(folder.file("x.npy")) == read_bytes(path));

    if (sizeof(TestType) > 1) {
        const std::string big = fixture("npy/" + name + "_big.npy");
        CHECK(same_bits(read_npy(big), expected));
        const array_interface mapped = read_npy(big, mmap_mode::read);
        CHECK(same_bits(mapped, expected));
        CHECK(mapped.readonly());
        CHECK(lazy::io::owned_buffer(mapped));  // swapped, so a copy
    }
}

TEST_CASE("npy: bfloat16 is ml_dtypes' <V2 and any two-byte void", "[io][core]") {
    for (const char* name : {"npy/bfloat16.npy", "npy/void2.npy"}) {
        const array_interface array = read_npy(fixture(name));
        CHECK(array.dtype() == lazy::bfloat16);
        CHECK(array.at(0) == lazy::scalar(1.0));
        CHECK(array.at(1) == lazy::scalar(-2.0));
        CHECK(array.at(2) == lazy::scalar(0.5));
        CHECK(array.at(3) == lazy::scalar(std::numeric_limits<double>::infinity()));
        const temporary_folder folder;
        write_npy(folder.file("x.npy"), array);
        CHECK(read_bytes(folder.file("x.npy")) == read_bytes(fixture("npy/bfloat16.npy")));
    }
}

TEST_CASE("npy: orders, versions, 0-d, empty and many dimensions", "[io][core]") {
    const auto mode = GENERATE(mmap_mode::off, mmap_mode::read, mmap_mode::copy_on_write);
    for (const char* name :
         {"cube", "cube_fortran", "cube_fortran_big", "version_2", "version_3"}) {
        const array_interface array = read_npy(fixture(std::string("npy/") + name + ".npy"), mode);
        CHECK(array.shape() == shape(2, 3, 4));
        CHECK(elements<std::int32_t>(array) == counts(24));
        CHECK(array.readonly() == (mode == mmap_mode::read));
    }
    CHECK(read_npy(fixture("npy/cube_fortran.npy"), mode).strides() == shape(4, 8, 24));

    const array_interface scalar = read_npy(fixture("npy/scalar.npy"), mode);
    CHECK(scalar.ndim() == 0);
    CHECK(elements<double>(scalar) == std::vector{2.5});

    CHECK(read_npy(fixture("npy/empty.npy"), mode).shape() == shape(0, 3));
    CHECK(read_npy(fixture("npy/empty_fortran.npy"), mode).shape() == shape(3, 0, 2));
    CHECK(read_npy(fixture("npy/one.npy"), mode).shape() == shape(1));
    const array_interface many = read_npy(fixture("npy/dimensions.npy"), mode);
    CHECK(many.ndim() == 32);
    CHECK(elements<std::int64_t>(many) == std::vector<std::int64_t>{0, 1});
}

TEST_CASE("npy: mapping shares the file's pages and never changes the file", "[io]") {
    const temporary_folder folder;
    const std::string path = folder.file("cube.npy");
    const std::string before = read_bytes(fixture("npy/cube.npy"));
    write_bytes(path, before);
    const array_interface array = read_npy(path, mmap_mode::copy_on_write);
    CHECK_FALSE(lazy::io::owned_buffer(array));
    array.data_as<std::int32_t>()[5] = -1;
    CHECK(read_bytes(path) == before);
    // Saving over a mapped file replaces it and leaves the mapping alone.
    write_npy(path, array);
    CHECK(array.at(5) == lazy::scalar(-1));
    CHECK(read_npy(path).at(5) == lazy::scalar(-1));
    CHECK(read_npy(path).at(6) == lazy::scalar(6));
}

TEST_CASE("npy: parsing in memory borrows what it can and copies what it must", "[io][core]") {
    const std::string bytes = read_bytes(fixture("npy/cube.npy"));
    const auto held = std::make_shared<std::vector<std::byte>>(bytes.size() + 1);
    const auto at_offset = [&](std::size_t offset) {
        std::memcpy(held->data() + offset, bytes.data(), bytes.size());
        return parse_npy(std::span(*held).subspan(offset, bytes.size()), held, false, "x.npy");
    };
    {
        const array_interface aligned = at_offset(0);
        CHECK(aligned.data() == held->data() + 128);
        CHECK(held.use_count() == 2);
        CHECK(elements<std::int32_t>(aligned) == counts(24));
    }
    CHECK(held.use_count() == 1);
    const array_interface misaligned = at_offset(1);
    CHECK(lazy::io::owned_buffer(misaligned));
    CHECK(held.use_count() == 1);
    CHECK(elements<std::int32_t>(misaligned) == counts(24));
}

TEST_CASE("npy: bools other than 0 and 1 become 1", "[io][core]") {
    const std::string header = "{'descr': '|b1', 'fortran_order': False, 'shape': (4,), }\n";
    const std::string bytes = npy(header, std::string_view("\x00\x01\x02\xff", 4));
    const std::vector<bool> expected{false, true, true, true};
    CHECK(elements<bool>(parse(bytes)) == expected);
    const temporary_folder folder;
    write_bytes(folder.file("b.npy"), bytes);
    CHECK(elements<bool>(read_npy(folder.file("b.npy"))) == expected);
    CHECK(elements<bool>(read_npy(folder.file("b.npy"), mmap_mode::copy_on_write)) == expected);
}

TEST_CASE("npy: headers as Python may spell them", "[io][core]") {
    const std::string two("\x01\x00\x00\x00\x02\x00\x00\x00", 8);
    for (const char* header : {
             "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }",
             "{\"shape\":(2,),\"fortran_order\":True,\"descr\":\"<i4\"}",
             "  {\n 'shape'\t: ( 2 , ) ,\r\n 'descr' : '|i4', 'fortran_order' : False , } \n",
             "{u'descr': 'i4', 'fortran_order': False, 'shape': (2L,)}",
             "{'descr': '=i4', 'fortran_order': False, 'shape': (1, 2)}",
             "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 1,)}",
         }) {
        INFO(header);
        const array_interface array = parse(npy(header, two));
        CHECK(array.size() == 2);
        CHECK(elements<std::int32_t>(array) == std::vector<std::int32_t>{1, 2});
    }
    CHECK(parse(npy("{'descr': '?', 'fortran_order': False, 'shape': ()}", "\x01")).dtype() ==
          lazy::bool_);
    // numpy.load ignores what follows the array; so do we.
    CHECK(parse(npy("{'descr': '<i4', 'fortran_order': False, 'shape': (1,)}", two)).size() == 1);
}

TEST_CASE("npy: malformed and malicious headers are refused with the facts", "[io][core]") {
    const auto with = [](std::string_view descr, std::string_view order, std::string_view sizes,
                         std::string_view content = "12345678") {
        return refusal(npy("{'descr': " + std::string(descr) + ", 'fortran_order': " +
                               std::string(order) + ", 'shape': " + std::string(sizes) + "}",
                           content));
    };
    const auto sizes = [&](std::string_view text) { return with("'<f4'", "False", text); };

    CHECK(with("'<f4'", "False", "(3,)") ==
          "[load] \"x.npy\": is truncated: shape [3] of float32 needs 12 bytes, but only 8 bytes "
          "follow the header");
    CHECK(contains(sizes("(-1,)"), "negative dimension"));
    CHECK(contains(sizes("(- 1,)"), "negative dimension"));
    CHECK(contains(sizes("(4611686018427387904, 2)"), "overflows"));
    CHECK(contains(sizes("(4611686018427387904, 4)"), "overflows"));
    CHECK(contains(sizes("(0, 4611686018427387904, 4611686018427387904)"), "overflows"));
    CHECK(contains(sizes("(99999999999999999999,)"), "overflows"));
    CHECK(contains(sizes("(9223372036854775807,)"), "overflows"));
    CHECK(contains(sizes("(2305843009213693951,)"), "is truncated"));
    CHECK(contains(sizes("(2)"), "not a tuple"));
    CHECK(contains(sizes("[2]"), "expected '('"));
    CHECK(contains(sizes("(2.0,)"), "malformed"));
    CHECK(contains(sizes("(0x2,)"), "malformed"));
    CHECK(contains(sizes("(True,)"), "whole number"));
    CHECK(contains(sizes("(2 3)"), "malformed"));
    CHECK(contains(sizes("(,)"), "malformed"));
    CHECK(contains(sizes("(2,,)"), "malformed"));
    CHECK(contains(sizes("(2,"), "malformed"));
    CHECK(contains(sizes("None"), "malformed"));
    std::string ones = "(1";
    for (int i = 0; i < 64; ++i) {
        ones += ",1";
    }
    CHECK(contains(sizes(ones + ")"), "more than 64 dimensions"));

    CHECK(contains(with("'|O'", "False", "(1,)"), "Python objects"));
    CHECK(contains(with("'<U2'", "False", "(1,)"), "no tensor dtype corresponds to descr '<U2'"));
    CHECK(contains(with("'<f16'", "False", "()"), "no tensor dtype"));
    CHECK(contains(with("''", "False", "()"), "no tensor dtype"));
    CHECK(contains(with("'<'", "False", "()"), "no tensor dtype"));
    CHECK(contains(with("'<f04'", "False", "()"), "no tensor dtype"));
    CHECK(contains(with("'<\xc3\xa9'", "False", "()"), "no tensor dtype"));
    CHECK(contains(with("[('x', '<f4')]", "False", "(1,)"), "structured"));
    CHECK(contains(with("('<f4', (2,))", "False", "(1,)"), "structured"));
    CHECK(contains(with("4", "False", "(1,)"), "expected a string"));
    CHECK(contains(with("'<f4", "False", "(1,)"), "no tensor dtype corresponds to descr '<f4, '"));
    CHECK(contains(refusal(npy("{'descr")), "unterminated string at character 1"));
    CHECK(contains(with("'<f4'", "0", "(1,)"), "neither True nor False"));
    CHECK(contains(with("'<f4'", "'False'", "(1,)"), "neither True nor False"));

    const std::string all = "'descr': '<f4', 'fortran_order': False, 'shape': (1,)";
    CHECK(contains(refusal(npy("{'descr': '<f4', 'shape': (1,)}", "1234")), "missing"));
    CHECK(contains(refusal(npy("{}", "1234")), "missing"));
    CHECK(contains(refusal(npy("", "1234")), "expected '{'"));
    CHECK(contains(refusal(npy("{" + all + ", 'shape': (1,)}", "1234")), "repeated key 'shape'"));
    CHECK(
        contains(refusal(npy("{" + all + ", 'x': 1}", "1234")), "unexpected or repeated key 'x'"));
    CHECK(contains(refusal(npy("{" + all, "1234")), "expected '}'"));
    CHECK(contains(refusal(npy("{" + all + "} x", "1234")), "text after"));
    CHECK(contains(refusal(npy("{" + all + std::string("}\0", 2), "1234")), "text after"));
    CHECK(contains(refusal(npy("[" + all + "]", "1234")), "malformed"));
    CHECK(contains(refusal(npy(std::string(60000, '('))), "malformed"));
}

TEST_CASE("npy: what is no .npy file, or only a part of one", "[io][core]") {
    CHECK(contains(refusal(""), "truncated"));
    CHECK(contains(refusal("hello world, this is text"), "wrong magic number"));
    CHECK(contains(refusal("PK\x03\x04 and so on"), "zip archive"));
    CHECK(contains(refusal(std::string("\x93NUMPY\x04\x00\x10\x00", 10)), "version 4.0"));
    CHECK(contains(refusal(std::string("\x93NUMPY\x01\x01\x10\x00", 10)), "version 1.1"));
    CHECK(contains(refusal(std::string("\x93NUMPY\x01\x00\xff\xff{}", 12)),
                   "a .npy header of 65535 bytes, but only 2 bytes follow"));
    CHECK(contains(refusal(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff{}", 14)), "4294967295"));
    std::string huge("\x93NUMPY\x02\x00\x00\x00\x20\x00", 12);
    huge.append(std::size_t{2} << 20, ' ');
    CHECK(contains(refusal(huge), "a .npy header of 2097152 bytes"));

    for (const char* name : {"cube", "version_2"}) {
        const std::string whole = read_bytes(fixture(std::string("npy/") + name + ".npy"));
        for (std::size_t length = 0; length < whole.size(); ++length) {
            CHECK(contains(refusal(whole.substr(0, length)), "truncated"));
        }
    }
    CHECK(contains(error_text<format_error>([] { read_npy(fixture("npy/structured.npy")); }),
                   "structured"));
    CHECK(contains(error_text<format_error>([] { read_npy(fixture("npy/object.npy")); }),
                   "Python objects"));
    for (const char* name : {"text", "date", "long_double_like"}) {
        CHECK(contains(error_text<format_error>(
                           [&] { read_npy(fixture(std::string("npy/") + name + ".npy")); }),
                       "no tensor dtype"));
    }
}

TEST_CASE("npy: errors of the file system name the file and the reason", "[io]") {
    const temporary_folder folder;
    const std::string missing = folder.file("missing.npy");
    for (const auto mode : {mmap_mode::off, mmap_mode::read}) {
        CHECK(error_text<format_error>([&] { read_npy(missing, mode); }) ==
              "[load] \"" + missing + "\": cannot be opened: No such file or directory");
        CHECK(contains(error_text<format_error>([&] { read_npy(folder.file(""), mode); }),
                       "is a folder"));
        write_bytes(folder.file("empty.npy"), "");
        CHECK(contains(error_text<format_error>([&] { read_npy(folder.file("empty.npy"), mode); }),
                       "truncated"));
    }
    REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
    CHECK(contains(error_text<format_error>([&] { read_npy(folder.file("pipe")); }),
                   "not a regular file"));
    CHECK(contains(error_text<format_error>([&] { read_npy(std::string("a\0b", 3)); }), "NUL"));

    const array_interface cube = read_npy(fixture("npy/cube.npy"));
    CHECK(contains(error_text<format_error>([&] { write_npy(folder.file("no/x.npy"), cube); }),
                   "cannot be created: No such file or directory"));
    CHECK(contains(error_text<format_error>([&] { write_npy(folder.file(""), cube); }),
                   "is a folder"));
    CHECK(contains(error_text<format_error>([&] { write_npy(folder.file("pipe"), cube); }),
                   "not a regular file"));
}

TEST_CASE("npy: a failed write leaves the old file and nothing else", "[io]") {
    const temporary_folder folder;
    const std::string path = folder.file("x.npy");
    write_bytes(path, "old");
    const array_interface cube = read_npy(fixture("npy/cube.npy"));
    rlimit limit;
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &limit) == 0);
    const rlimit small{100, limit.rlim_max};
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    std::string text;
    try {
        write_npy(path, cube);
    } catch (const format_error& error) {
        text = error.what();
    }
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    std::signal(SIGXFSZ, handler);
    CHECK(text == "[save] \"" + path + "\": cannot be written: File too large");
    CHECK(read_bytes(path) == "old");
    CHECK(folder.file_count() == 1);

    const array_interface deep(lazy::dtype_id::int8, shape::filled(65, 1), shape::filled(65, 1),
                               cube.data(), nullptr);
    CHECK(contains(error_text<lazy::shape_error>([&] { write_npy(path, deep); }), "64"));
    CHECK(read_bytes(path) == "old");
}

TEST_CASE("npy: writing keeps permissions and links", "[io]") {
    const temporary_folder folder;
    const array_interface cube = read_npy(fixture("npy/cube.npy"));
    write_bytes(folder.file("real.npy"), "old");
    REQUIRE(::chmod(folder.file("real.npy").c_str(), 0640) == 0);
    std::filesystem::create_symlink("real.npy", folder.file("link.npy"));
    write_npy(folder.file("link.npy"), cube);
    CHECK(std::filesystem::is_symlink(folder.file("link.npy")));
    CHECK(read_bytes(folder.file("real.npy")) == read_bytes(fixture("npy/cube.npy")));
    struct stat status {};
    REQUIRE(::stat(folder.file("real.npy").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0640);
    CHECK(folder.file_count() == 2);
}

TEST_CASE("npy: any strides are written in C and in Fortran order", "[io]") {
    std::vector<std::int32_t> data = counts(24);
    const temporary_folder folder;
    const std::string path = folder.file("x.npy");
    const auto round_trip = [&](const shape& sizes, const shape& strides, std::size_t start) {
        const array_interface view = array_over(lazy::int32, sizes, strides, data.data() + start);
        for (const bool fortran : {false, true}) {
            write_npy(path, view, fortran);
            const array_interface back = read_npy(path);
            CHECK(back.shape() == sizes);
            CHECK(elements<std::int32_t>(back) == elements<std::int32_t>(view));
            CHECK(contains(read_bytes(path), fortran ? "True" : "False"));
        }
    };
    round_trip({2, 3, 4}, {48, 16, 4}, 0);
    round_trip({4, 3, 2}, {4, 16, 48}, 0);
    round_trip({3, 2, 4}, {16, 48, 4}, 0);
    round_trip({2, 2}, {48, 8}, 1);
    round_trip({24}, {-4}, 23);
    round_trip({2, 3, 4}, {-48, -16, -4}, 23);
    round_trip({5, 3}, {0, 4}, 2);
    round_trip({5, 1, 3}, {0, 999, 0}, 2);
    round_trip({}, {}, 7);
    round_trip({0, 3}, {12, 4}, 0);
    round_trip({3, 0}, {4, 4}, 0);
    round_trip({1, 1}, {400, 400}, 3);

    write_npy(path, read_npy(fixture("npy/cube.npy")), true);
    CHECK(read_bytes(path) == read_bytes(fixture("npy/cube_fortran.npy")));
    write_npy(path, read_npy(fixture("npy/cube_fortran.npy")));
    CHECK(read_bytes(path) == read_bytes(fixture("npy/cube.npy")));
    for (const char* name : {"scalar", "empty", "one", "dimensions"}) {
        const std::string from = fixture(std::string("npy/") + name + ".npy");
        write_npy(path, read_npy(from));
        CHECK(read_bytes(path) == read_bytes(from));
    }

    // More than one piece of the writer's buffer, every item size, rows that do not divide it.
    for (const std::int64_t size : {1, 2, 4, 8, 16}) {
        const lazy::dtype dtype = size == 1   ? lazy::dtype_id::uint8
                                  : size == 2 ? lazy::dtype_id::uint16
                                  : size == 4 ? lazy::dtype_id::uint32
                                  : size == 8 ? lazy::dtype_id::uint64
                                              : lazy::dtype_id::complex128;
        const std::int64_t rows = 701;
        const std::int64_t columns = 503;
        std::vector<std::uint64_t> content(static_cast<std::size_t>(rows * columns * 2));
        for (std::size_t i = 0; i < content.size(); ++i) {
            content[i] = i * 0x9e3779b97f4a7c15u & 0x3fefffffffffffffu;
        }
        auto* bytes = reinterpret_cast<std::byte*>(content.data());
        write_npy(path, array_over(dtype, {columns, rows}, {size, columns * size}, bytes));
        const array_interface back = read_npy(path);
        bool same = true;
        for (std::int64_t c = 0; c < columns; ++c) {
            for (std::int64_t r = 0; r < rows; ++r) {
                same = same && std::memcmp(back.data() + (c * rows + r) * size,
                                           bytes + (r * columns + c) * size,
                                           static_cast<std::size_t>(size)) == 0;
            }
        }
        CHECK(same);
    }
}

TEST_CASE("npy: random damage is refused or read, never worse", "[io][core]") {
    const auto seed = GENERATE(1u, 2u, 3u);
    std::mt19937 random(seed);
    int refused = 0;
    for (const char* name : {"cube", "cube_fortran_big", "version_2", "bool", "complex128_big",
                             "scalar", "structured"}) {
        const std::string whole = read_bytes(fixture(std::string("npy/") + name + ".npy"));
        for (int i = 0; i < 1000; ++i) {
            try {
                touch(parse(mutated(whole, random)));
            } catch (const format_error&) {
                ++refused;
            }
        }
    }
    INFO("seed " << seed);
    CHECK(refused > 1000);
}

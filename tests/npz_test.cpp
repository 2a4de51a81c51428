// .npz archives: NumPy's are read, ours are read back here and by Python, bad ones are refused.
// SPDX-License-Identifier: BSD-3-Clause
#ifdef LAZYTENSOR_ZLIB

#include <complex>
#include <cstdlib>
#include <random>

#include <lazytensor/io/npz.hpp>

#include "io_files.hpp"

using namespace io_files;
using lazy::array_interface;
using lazy::format_error;
using lazy::shape;
using lazy::io::npz_reader;
using lazy::io::read_npz;
using lazy::io::write_npz;

namespace {

using arrays = std::vector<std::pair<std::string, array_interface>>;

std::string refusal(const std::string& path) {
    return error_text<format_error>([&] { read_npz(path); });
}

/// `bytes` with the `Size`-byte number at `at` replaced.
template <std::size_t Size>
std::string patched(std::string bytes, std::size_t at, std::uint64_t number) {
    std::string little;
    lazy::io::append_little_endian<Size>(little, number);
    return bytes.replace(at, Size, little);
}

/// A zip file made by hand, so that every number in it can be a lie.
struct hand_made_zip {
    std::string bytes;
    std::string directory;
    std::size_t count = 0;

    void add(const std::string& name, const std::string& content, std::uint64_t method,
             std::uint64_t size, std::uint64_t crc, std::size_t header_at) {
        directory += std::string("PK\x01\x02", 4) + std::string(6, '\0');
        lazy::io::append_little_endian<2>(directory, method);
        directory += std::string(4, '\0');
        lazy::io::append_little_endian<4>(directory, crc);
        lazy::io::append_little_endian<4>(directory, content.size());
        lazy::io::append_little_endian<4>(directory, size);
        lazy::io::append_little_endian<2>(directory, name.size());
        directory += std::string(12, '\0');
        lazy::io::append_little_endian<4>(directory, header_at);
        directory += name;
        ++count;
    }
    void add(const std::string& name, const std::string& content, std::uint64_t method = 0,
             std::uint64_t size = 0) {
        const std::size_t at = bytes.size();
        bytes += std::string("PK\x03\x04", 4) + std::string(22, '\0');
        lazy::io::append_little_endian<2>(bytes, name.size());
        bytes += std::string(2, '\0') + name + content;
        const auto crc =
            ::crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size());
        add(name, content, method, method == 0 ? content.size() : size, crc, at);
    }
    std::string end() const {
        std::string out = bytes + directory + std::string("PK\x05\x06\0\0\0\0", 8);
        lazy::io::append_little_endian<2>(out, count);
        lazy::io::append_little_endian<2>(out, count);
        lazy::io::append_little_endian<4>(out, directory.size());
        lazy::io::append_little_endian<4>(out, bytes.size());
        return out + std::string(2, '\0');
    }
};

/// True iff Python's zipfile finds that many undamaged entries; always true without Python.
bool python_reads(const std::string& path, int entries) {
    const std::string program =
        "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); "
        "sys.exit(z.testzip() is not None or len(z.namelist()) != " +
        std::to_string(entries) + ")";
    return std::system("python3 -c '' 2>/dev/null") != 0 ||
           std::system(("python3 -c '" + program + "' " + path).c_str()) == 0;
}

void check_common(const std::map<std::string, array_interface>& found) {
    std::vector<std::int32_t> counts(24);
    for (std::size_t i = 0; i < 24; ++i) {
        counts[i] = static_cast<std::int32_t>(i);
    }
    CHECK(found.at("counts").shape() == shape(2, 3, 4));
    CHECK(elements<std::int32_t>(found.at("counts")) == counts);
    CHECK(found.at("fortran").strides() == shape(8, 16));
    CHECK(elements<double>(found.at("fortran")) == std::vector<double>{0, 1, 2, 3, 4, 5});
}

}  // namespace

TEST_CASE("npz: NumPy's stored and compressed archives", "[io]") {
    for (const char* name : {"npz/stored.npz", "npz/compressed.npz"}) {
        auto found = read_npz(fixture(name));
        check_common(found);
        CHECK(elements<float>(found.at("big")) == std::vector<float>{1.5f, -2.5f});
        CHECK(found.at("scalar").ndim() == 0);
        CHECK(elements<bool>(found.at("scalar")) == std::vector<bool>{true});
        CHECK(found.at("empty").shape() == shape(3, 0));
        CHECK(found.at("empty").dtype() == lazy::complex64);
        CHECK(elements<std::uint16_t>(found.at("gr\u00f6\u00dfe/x.y")) ==
              std::vector<std::uint16_t>{1, 2, 3});
        CHECK(found.size() == (found.contains("zeros") ? 7 : 6));
    }
    const npz_reader reader(fixture("npz/compressed.npz"));
    CHECK(reader.names().front() == "counts");
    CHECK(elements<float>(reader.read("zeros")) == std::vector<float>(100000));
    CHECK(reader.contains("big"));
    CHECK(contains(error_text<lazy::index_error>([&] { reader.read("x"); }),
                   "there is no array \"x\" among its 7"));
    CHECK(read_npz(fixture("npz/none.npz")).empty());
}

TEST_CASE("npz: zip64 records, an archive comment, a folder", "[io]") {
    const auto found = read_npz(fixture("npz/zip64.npz"));
    CHECK(found.size() == 2);
    check_common(found);
}

TEST_CASE("npz: what is written is read back, by us and by Python", "[io]") {
    const bool compress = GENERATE(false, true);
    std::vector<float> data(300000);
    std::mt19937 random(7);
    for (float& x : data) {
        x = static_cast<float>(random() % 1000);
    }
    std::vector<std::uint16_t> halves{0x3f80, 0xc000};
    const array_interface wide(lazy::float32, shape(600, 500), shape(4, 2400), data.data(),
                               nullptr);
    const array_interface half(lazy::bfloat16, shape(2), shape(2), halves.data(), nullptr);
    const array_interface scalar(lazy::float32, shape(), shape(), data.data(), nullptr);
    const array_interface empty(lazy::float32, shape(0, 2), shape(8, 4), nullptr, nullptr);
    const arrays written{{"wide", wide},
                         {"half", half},
                         {"gr\u00f6\u00dfe", scalar},
                         {"empty", empty},
                         {"", scalar}};
    const temporary_folder folder;
    const std::string path = folder.file("x.npz");
    write_npz(path, written, compress);

    const npz_reader reader(path);
    CHECK(reader.names() ==
          std::vector<std::string>{"wide", "half", "gr\u00f6\u00dfe", "empty", ""});
    const auto found = read_npz(path);
    for (const auto& [name, array] : written) {
        REQUIRE(found.at(name).shape() == array.shape());
        REQUIRE(found.at(name).dtype() == array.dtype());
        bool same = true;
        for (std::int64_t i = 0; i < array.size(); ++i) {
            same = same && found.at(name).at(i) == array.at(i);
        }
        CHECK(same);
    }
    CHECK((read_bytes(path).size() < data.size() * 4) == compress);
    const std::string first = read_bytes(path);
    write_npz(path, written, compress);
    CHECK(read_bytes(path) == first);
    CHECK(folder.file_count() == 1);

    CHECK(python_reads(path, 5));
}

TEST_CASE("npz: zip64 is written where sizes demand it", "[io]") {
    const bool compress = GENERATE(false, true);
    const std::string cube = read_bytes(fixture("npy/cube.npy"));
    const temporary_folder folder;
    for (const std::uint64_t zip64_from : {0, 230, 300}) {
        const std::string path = folder.file(std::to_string(zip64_from) + ".npz");
        lazy::io::output_file file(path);
        lazy::io::zip_writer zip(file, compress, zip64_from);
        for (const char* name : {"a.npy", "b.npy"}) {
            zip.begin(name, cube.size());
            zip.write(as_bytes(cube));
            zip.end();
        }
        zip.finish();
        file.commit();
        CHECK(contains(read_bytes(path), "PK\x06\x06"));
        CHECK(read_npz(path).size() == 2);
        CHECK(python_reads(path, 2));
    }
}

TEST_CASE("npz: names that would make an unreadable archive are refused", "[io]") {
    const temporary_folder folder;
    const std::string path = folder.file("x.npz");
    float one = 1;
    const array_interface array(lazy::float32, shape(), shape(), &one, nullptr);
    const auto refused = [&](const arrays& list) {
        return error_text<lazy::value_error>([&] { write_npz(path, list); });
    };
    CHECK(contains(refused({{"a", array}, {"a", array}}), "two arrays of the name \"a\""));
    CHECK(contains(refused({{std::string("a\0b", 3), array}}), "not a name"));
    CHECK(contains(refused({{std::string(70000, 'a'), array}}), "not a name"));
    for (const char* name : {"\xff", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80",
                             "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "a\x80", "\xe2\x82"}) {
        CHECK(contains(refused({{name, array}}), "not a name"));
    }
    CHECK(folder.file_count() == 0);
    write_npz(path, {{"\u20ac \U0001f600 \uffff", array}});
    CHECK(read_npz(path).contains("\u20ac \U0001f600 \uffff"));
}

TEST_CASE("npz: malformed and malicious archives are refused with the facts", "[io]") {
    const temporary_folder folder;
    const std::string path = folder.file("x.npz");
    const auto refused = [&](const std::string& bytes) {
        write_bytes(path, bytes);
        return refusal(path);
    };
    const std::string cube = read_bytes(fixture("npy/cube.npy"));
    hand_made_zip good;
    good.add("a.npy", cube);
    good.add("b.npy", cube);
    write_bytes(path, good.end());
    CHECK(read_npz(path).size() == 2);

    CHECK(refusal(folder.file("none")) ==
          "[load] \"" + folder.file("none") + "\": cannot be opened: No such file or directory");
    CHECK(contains(refused(""), "no end record"));
    CHECK(contains(refused(cube), "not a zip archive"));
    CHECK(contains(refusal(fixture("npz/bzip2.npz")), "compression method 12"));
    for (const char* name : {"npz/stored.npz", "npz/zip64.npz"}) {
        const std::string whole = read_bytes(fixture(name));
        for (std::size_t length = 0; length < whole.size(); ++length) {
            CHECK(contains(refused(whole.substr(0, length)), "x.npz"));
        }
    }

    const std::string zip = good.end();
    const std::size_t end = zip.size() - 22;
    const std::size_t first = good.bytes.size();  // in the directory
    CHECK(contains(refused(patched<2>(zip, end + 4, 1)), "one part of several"));
    CHECK(
        contains(refused(patched<2>(patched<2>(zip, end + 8, 1), end + 10, 1)), "more than the 1"));
    CHECK(
        contains(refused(patched<2>(patched<2>(zip, end + 8, 3), end + 10, 3)), "too small for 3"));
    CHECK(contains(refused(patched<4>(zip, end + 12, 1000000)), "reaches beyond"));
    CHECK(contains(refused(patched<4>(zip, end + 16, 1000000)), "reaches beyond"));
    CHECK(contains(refused(patched<4>(zip, end + 16, 0)), "is damaged"));
    CHECK(contains(refused(patched<4>(zip, end + 16, 0xffffffff)), "reaches beyond"));
    CHECK(contains(refused(patched<2>(zip, first + 8, 1)), "encrypted"));
    CHECK(contains(refused(patched<2>(zip, first + 28, 60000)), "cut off"));
    CHECK(contains(refused(patched<2>(zip, first + 28, 4)), "entry"));
    CHECK(contains(refused(patched<4>(zip, first + 16, 1)), "CRC-32"));
    CHECK(contains(refused(patched<4>(zip, first + 20, 0xfffffff0)), "is truncated"));
    CHECK(contains(refused(patched<4>(zip, first + 20, 0xffffffff)), "is truncated"));
    CHECK(contains(refused(patched<4>(zip, first + 24, 100)), "cannot hold"));
    CHECK(contains(refused(patched<4>(zip, first + 42, 1)), "is not at 1"));
    CHECK(contains(refused(patched<4>(zip, first + 42, 0xfffffff0)), "outside the archive"));
    CHECK(contains(refused(patched<4>(zip, first + 42, good.bytes.size() - 1)), "outside"));
    CHECK(contains(refused(patched<1>(zip, 0, 0)), "is not at 0"));
    CHECK(contains(refused(patched<1>(zip, 30, 'x')), "is not at 0"));
    CHECK(contains(refused(patched<2>(zip, 28, 60000)), "is truncated"));

    hand_made_zip same;
    same.add("a.npy", cube);
    same.add("a", cube);
    CHECK(contains(refused(same.end()), "two arrays of the name \"a\""));
    hand_made_zip text;
    text.add("readme.txt", "hello world, this is text");
    CHECK(contains(refused(text.end()), "x.npz:readme.txt\": is not a .npy file"));
    hand_made_zip longer;
    longer.add("a.npy", cube.substr(0, 200));
    CHECK(contains(refused(longer.end()), "needs 96 bytes, but only 72 bytes follow"));

    // One content listed many times is how small archives expand without end.
    hand_made_zip bomb;
    bomb.add("a.npy", cube);
    for (int i = 0; i < 100; ++i) {
        bomb.add("a.npy", cube, 0, cube.size(), 0, 0);
    }
    CHECK(contains(refused(bomb.end()), "entries overlap"));
}

TEST_CASE("npz: lying and damaged compressed entries", "[io]") {
    const temporary_folder folder;
    const std::string path = folder.file("x.npz");
    std::vector<float> zeros(1 << 20);
    write_npz(path, {{"z", {lazy::float32, shape(1 << 20), shape(4), zeros.data(), nullptr}}},
              true);
    const std::string zip = read_bytes(path);
    const std::size_t directory = zip.rfind(std::string("PK\x01\x02", 4));
    const auto refused = [&](const std::string& bytes) {
        write_bytes(path, bytes);
        return refusal(path);
    };
    REQUIRE(zip.size() < 10000);
    CHECK(read_npz(path).at("z").size() == 1 << 20);
    CHECK(contains(error_text<format_error>([&] { read_npz(path, 4 << 20); }), "limit of 4194304"));
    CHECK(contains(error_text<format_error>([&] { npz_reader(path).read("z", 4 << 20); }),
                   "limit of 4194304"));

    CHECK(contains(refused(patched<4>(zip, directory + 24, 0xfffffff0)), "cannot hold 4294967280"));
    CHECK(contains(refused(patched<4>(zip, directory + 24, (4 << 20) + 129)),
                   "it expands to 4194432"));
    CHECK(contains(refused(patched<4>(zip, directory + 24, (4 << 20) + 127)), "is truncated"));
    CHECK(contains(refused(patched<4>(zip, directory + 24, 100)), "truncated"));
    CHECK(contains(refused(patched<4>(zip, directory + 16, 1)), "CRC-32"));
    const std::size_t compressed = directory - 35;  // behind a header and the name "z.npy"
    CHECK(contains(refused(patched<4>(zip, directory + 20, compressed - 20)), "data end"));
    CHECK(contains(refused(patched<4>(zip, directory + 20, compressed + 20)), "is truncated"));
    CHECK(contains(refused(patched<4>(zip, 60, 0xffffffff)), "is damaged"));

    // An entry with bytes behind its array: NumPy ignores them, the CRC still covers them.
    hand_made_zip tail;
    tail.add("a.npy", read_bytes(fixture("npy/one.npy")) + std::string(200000, 'x'));
    write_bytes(path, tail.end());
    CHECK(read_npz(path).at("a").at(0) == lazy::scalar(7));
    std::string damaged = tail.end();
    damaged[damaged.find("xxxx")] = 'y';
    CHECK(contains(refused(damaged), "CRC-32"));
    // Bytes behind the end of the compressed stream, but inside the entry.
    hand_made_zip padded;
    padded.add("z.npy", zip.substr(35, compressed) + "more", 8, (4 << 20) + 128);
    CHECK(contains(refused(padded.end()), "data end before"));
    hand_made_zip nothing;
    nothing.add("a.npy", "", 8, 0);
    CHECK(contains(refused(nothing.end()), "truncated"));
    nothing.add("b.npy", "", 8, 1);
    CHECK(contains(refused(nothing.end()), "x.npz"));
}

TEST_CASE("npz: random damage is refused or read, never worse", "[io]") {
    const auto seed = GENERATE(1u, 2u);
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const temporary_folder folder;
    const std::string path = folder.file("x.npz");
    int refused = 0;
    for (const char* name : {"npz/stored.npz", "npz/compressed.npz", "npz/zip64.npz"}) {
        const std::string whole = read_bytes(fixture(name));
        for (int i = 0; i < 500; ++i) {
            write_bytes(path, mutated(whole, random));
            try {
                for (const auto& [key, array] : read_npz(path)) {
                    touch(array);
                }
            } catch (const format_error&) {
                ++refused;
            }
        }
    }
    CHECK(refused > 500);
}

#endif

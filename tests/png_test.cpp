// PNG pictures: what is written is what libpng's simplified reader gives back.
// SPDX-License-Identifier: BSD-3-Clause
#if __has_include(<png.h>)

#include <csignal>

#include <sys/resource.h>

#include <lazytensor/io/png.hpp>

#include "io_files.hpp"

using namespace io_files;
using lazy::array_interface;
using lazy::shape;
using lazy::io::write_png;

namespace {

struct picture {
    std::int64_t height;
    std::int64_t width;
    std::vector<std::uint8_t> pixels;
};

picture read_png(const std::string& path, png_uint_32 format) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    REQUIRE(png_image_begin_read_from_file(&image, path.c_str()) != 0);
    CHECK(image.format == format);
    std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(image));
    REQUIRE(png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr) != 0);
    return {image.height, image.width, pixels};
}

std::vector<std::uint8_t> ramp(std::size_t count) {
    std::vector<std::uint8_t> out(count);
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = static_cast<std::uint8_t>(i * 37 + i / 7);
    }
    return out;
}

array_interface bytes(std::vector<std::uint8_t>& data, shape sizes, shape strides,
                      std::size_t start = 0) {
    return {lazy::uint8, std::move(sizes), std::move(strides), data.data() + start, nullptr};
}

}  // namespace

TEST_CASE("png: grey, RGB and RGBA", "[io]") {
    const temporary_folder folder;
    const std::string path = folder.file("x.png");
    auto data = ramp(7 * 11 * 4);
    const auto first = [&](std::size_t n) {
        return std::vector<std::uint8_t>(data.begin(), data.begin() + static_cast<long>(n));
    };
    write_png(path, bytes(data, {7, 11}, {11, 1}));
    const picture grey = read_png(path, PNG_FORMAT_GRAY);
    CHECK(grey.height == 7);
    CHECK(grey.width == 11);
    CHECK(grey.pixels == first(77));
    write_png(path, bytes(data, {7, 11, 3}, {33, 3, 1}));
    CHECK(read_png(path, PNG_FORMAT_RGB).pixels == first(231));
    write_png(path, bytes(data, {7, 11, 4}, {44, 4, 1}));
    CHECK(read_png(path, PNG_FORMAT_RGBA).pixels == data);
    write_png(path, bytes(data, {1, 1}, {0, 0}));
    CHECK(read_png(path, PNG_FORMAT_GRAY).pixels == first(1));
    CHECK(folder.file_count() == 1);
}

TEST_CASE("png: any strides", "[io]") {
    const temporary_folder folder;
    const std::string path = folder.file("x.png");
    auto data = ramp(60);
    const auto check = [&](const array_interface& view, png_uint_32 format) {
        write_png(path, view);
        CHECK(read_png(path, format).pixels == elements<std::uint8_t>(view));
    };
    check(bytes(data, {5, 12}, {1, 5}), PNG_FORMAT_GRAY);
    check(bytes(data, {5, 12}, {-12, 1}, 48), PNG_FORMAT_GRAY);
    check(bytes(data, {5, 12}, {0, -1}, 30), PNG_FORMAT_GRAY);
    check(bytes(data, {4, 5, 3}, {5, 1, 20}), PNG_FORMAT_RGB);
    check(bytes(data, {4, 5, 3}, {15, 3, 0}), PNG_FORMAT_RGB);
    check(bytes(data, {3, 5, 4}, {20, 4, -1}, 3), PNG_FORMAT_RGBA);
}

TEST_CASE("png: what is no picture is refused and leaves no file", "[io]") {
    const temporary_folder folder;
    const std::string path = folder.file("x.png");
    auto data = ramp(400);
    const auto wrong_shape = [&](shape sizes) {
        const shape strides = shape::filled(sizes.size(), 0);
        return error_text<lazy::shape_error>([&] { write_png(path, bytes(data, sizes, strides)); });
    };
    CHECK(contains(wrong_shape({}), "needs shape"));
    CHECK(contains(wrong_shape({4}), "got [4]"));
    CHECK(contains(wrong_shape({4, 4, 2}), "got [4, 4, 2]"));
    CHECK(contains(wrong_shape({4, 4, 3, 1}), "needs shape"));
    CHECK(contains(wrong_shape({0, 4}), "sides"));
    CHECK(contains(wrong_shape({4, 0, 3}), "sides"));
    CHECK(contains(wrong_shape({1, std::int64_t{1} << 31}), "sides"));
    const array_interface floats(lazy::float32, {4, 4}, {16, 4}, data.data(), nullptr);
    CHECK(error_text<lazy::dtype_error>([&] { write_png(path, floats); }) ==
          "[write_png] a picture needs dtype uint8, got float32");
    CHECK(contains(error_text<lazy::format_error>([&] {
                       write_png(folder.file("no/x.png"), bytes(data, {4, 4}, {4, 1}));
                   }),
                   "cannot be created: No such file or directory"));
    CHECK(folder.file_count() == 0);
}

TEST_CASE("png: a failed write leaves the old file and nothing else", "[io]") {
    const temporary_folder folder;
    const std::string path = folder.file("x.png");
    write_bytes(path, "old");
    auto data = ramp(90000);
    rlimit limit;
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &limit) == 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    for (const rlim_t bytes_allowed : {10, 1000}) {
        const rlimit small{bytes_allowed, limit.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
        std::string text;
        try {
            write_png(path, bytes(data, {300, 300}, {300, 1}));
        } catch (const lazy::format_error& error) {
            text = error.what();
        }
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
        CHECK(text == "[save] \"" + path + "\": cannot be written: File too large");
    }
    std::signal(SIGXFSZ, handler);
    CHECK(read_bytes(path) == "old");
    CHECK(folder.file_count() == 1);
}

#endif

// Writes an array of bytes as a PNG picture. Needs libpng.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <png.h>

#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <span>
#include <string>
#include <vector>

#include "element_cursor.hpp"
#include "output_file.hpp"

namespace lazy::io {

namespace png {

/// What libpng's callbacks see. libpng reports errors by longjmp, which must not cross anything
/// with a destructor, and an exception must not cross libpng: so each is kept here instead.
struct encoder {
    png_structp png = nullptr;
    png_infop info = nullptr;
    output_file* file = nullptr;
    std::exception_ptr failure;
    std::string problem;

    ~encoder() { ::png_destroy_write_struct(&png, &info); }

    static void write(png_structp png, png_bytep data, png_size_t size) {
        auto& self = *static_cast<encoder*>(::png_get_io_ptr(png));
        try {
            self.file->write({reinterpret_cast<const std::byte*>(data), size});
            return;
        } catch (...) {
            self.failure = std::current_exception();
        }
        ::png_error(png, "writing failed");
    }
    static void flush(png_structp) {}
    static void warn(png_structp, png_const_charp) {}
    [[noreturn]] static void fail(png_structp png, png_const_charp text) {
        auto& self = *static_cast<encoder*>(::png_get_error_ptr(png));
        try {
            self.problem = text;
        } catch (...) {
            self.failure = std::current_exception();
        }
        ::png_longjmp(png, 1);
    }
};

// Both functions hold only what may be jumped over: references, pointers and numbers.

/// False when libpng failed; why is in `e`.
inline bool write_start(encoder& e, png_uint_32 width, png_uint_32 height, int color_type) {
    if (setjmp(png_jmpbuf(e.png)) != 0) {
        return false;
    }
    ::png_set_write_fn(e.png, &e, &encoder::write, &encoder::flush);
    ::png_set_user_limits(e.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    ::png_set_IHDR(e.png, e.info, width, height, 8, color_type, PNG_INTERLACE_NONE,
                   PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    ::png_write_info(e.png, e.info);
    return true;
}
/// Writes one row, or the end of the picture when `row` is null.
inline bool write_row(encoder& e, const std::byte* row) {
    if (setjmp(png_jmpbuf(e.png)) != 0) {
        return false;
    }
    if (row != nullptr) {
        ::png_write_row(e.png, reinterpret_cast<png_const_bytep>(row));
    } else {
        ::png_write_end(e.png, e.info);
    }
    return true;
}

}  // namespace png

/// Writes uint8 of shape (height, width) as grey, (height, width, 3) as RGB or (height, width, 4)
/// as RGBA; row 0 is the top, any strides. The file appears complete or not at all. Throws
/// dtype_error for other dtypes, shape_error for other shapes, pictures without pixels and sides
/// above 2^31 - 1, format_error when the file cannot be written.
inline void write_png(const std::string& path, const array_interface& image) {
    const lazy::shape& shape = image.shape();
    if (image.dtype() != dtype_id::uint8) {
        fail<dtype_error>("write_png", {"a picture needs dtype uint8, got ", image.dtype().name()});
    }
    if (!(shape.size() == 2 || (shape.size() == 3 && (shape[2] == 3 || shape[2] == 4)))) {
        fail<shape_error>("write_png",
                          {"a picture needs shape (height, width), (height, width, 3) or "
                           "(height, width, 4), got ",
                           shape});
    }
    if (shape[0] < 1 || shape[1] < 1 || shape[0] > 0x7fffffff || shape[1] > 0x7fffffff) {
        fail<shape_error>("write_png", {"a picture's sides must be 1 to 2147483647, got ", shape});
    }
    const int color_type = shape.size() == 2 ? PNG_COLOR_TYPE_GRAY
                           : shape[2] == 3   ? PNG_COLOR_TYPE_RGB
                                             : PNG_COLOR_TYPE_RGB_ALPHA;
    const std::int64_t channels = shape.size() == 2 ? 1 : shape[2];

    output_file file(path);
    png::encoder e;
    e.file = &file;
    e.png = ::png_create_write_struct(PNG_LIBPNG_VER_STRING, &e, &png::encoder::fail,
                                      &png::encoder::warn);
    e.info = e.png == nullptr ? nullptr : ::png_create_info_struct(e.png);
    if (e.info == nullptr) {
        throw std::bad_alloc();
    }
    const auto check = [&](bool written) {
        if (e.failure) {
            std::rethrow_exception(e.failure);
        }
        if (!written) {
            fail<format_error>("save", {"\"", path, "\": libpng: ", e.problem});
        }
    };
    check(png::write_start(e, static_cast<png_uint_32>(shape[1]),
                           static_cast<png_uint_32>(shape[0]), color_type));
    element_cursor pixels(image);
    std::vector<std::byte> row(static_cast<std::size_t>(shape[1] * channels));
    for (std::int64_t y = 0; y < shape[0]; ++y) {
        pixels.read(row);
        check(png::write_row(e, row.data()));
    }
    check(png::write_row(e, nullptr));
    file.commit();
}

}  // namespace lazy::io

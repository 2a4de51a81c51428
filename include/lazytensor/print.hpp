// Tensors as text, character for character as PyTorch prints them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../../lazy/core/array_interface.hpp"
#include "../../lazy/core/promotion.hpp"
#include "print_number.hpp"
#include "print_options.hpp"
#include "print_rows.hpp"

namespace lazy {

/// What a printed tensor shows besides elements and dtype.
struct print_extras {
    bool requires_grad = false;
    /// "AddBackward0"; shown instead of requires_grad.
    std::string grad_fn = {};
    /// "cuda:0"; the CPU, like an empty name, is not shown.
    std::string device = {};
};

namespace printing {

/// Columns of `tensor(`, which every further line is indented by.
inline constexpr std::size_t prefix_width = 7;

/// Appends the brackets and elements of one non-empty array.
class array_writer {
public:
    array_writer(std::string& out, const array_interface& a, const print_options& options)
        : out_(out),
          array_(a),
          linewidth_(options.linewidth),
          all_hidden_(a.ndim() != 0 && a.size() > options.threshold && options.edgeitems == 0),
          axes_(printed_axes(a, a.size() > options.threshold, options.edgeitems)),
          format_(a.dtype(), options) {}

    [[gnu::cold]] void write() {
        if (all_hidden_) {
            out_ += "[...]";
        } else if (axes_.empty()) {
            format_.observe(array_.data());
            format_.settle();
            format_.append(out_, array_.data());
        } else {
            measure();
            write_rows();
        }
    }

private:
    [[gnu::cold]] void measure() {
        const printed_axis& axis = axes_.back();
        row_cursor cursor(array_, axes_);
        do {
            for (std::int64_t i = 0; i < axis.size; i = axis.after(i)) {
                format_.observe(cursor.row() + i * axis.byte_stride);
            }
        } while (cursor.advance());
        format_.settle();
    }

    [[gnu::cold]] void write_rows() {
        row_cursor cursor(array_, axes_);
        out_.append(axes_.size(), '[');
        write_row(cursor.row());
        while (cursor.advance()) {
            const std::size_t outer = cursor.moved_axis();
            const std::size_t inner_axes = axes_.size() - 1 - outer;
            out_.append(inner_axes, ']');
            start_slice(outer);
            if (cursor.jumped()) {
                out_ += "...";
                start_slice(outer);
            }
            out_.append(inner_axes, '[');
            write_row(cursor.row());
        }
        out_.append(axes_.size(), ']');
    }

    /// Between two slices along `axis`: one line break more for each axis that a slice has.
    void start_slice(std::size_t axis) {
        out_ += ',';
        out_.append(axes_.size() - 1 - axis, '\n');
        out_.append(prefix_width + axis + 1, ' ');
    }

    void write_row(const std::byte* row) {
        const printed_axis& axis = axes_.back();
        const std::size_t indent = prefix_width + axes_.size() - 1;
        const std::int64_t room = linewidth_ - static_cast<std::int64_t>(indent);
        const std::int64_t per_line =
            std::max<std::int64_t>(1, room / static_cast<std::int64_t>(format_.width() + 2));
        std::int64_t count = 0;
        const auto separate = [&] {
            if (count != 0 && count % per_line == 0) {
                out_ += ",\n";
                out_.append(indent + 1, ' ');
            } else if (count != 0) {
                out_ += ", ";
            }
            ++count;
        };
        for (std::int64_t i = 0; i < axis.size; i = axis.after(i)) {
            if (axis.hides() && i == axis.resume) {
                separate();
                out_ += " ...";
            }
            separate();
            format_.append(out_, row + i * axis.byte_stride);
        }
    }

    std::string& out_;
    const array_interface& array_;
    std::int64_t linewidth_;
    bool all_hidden_;
    std::vector<printed_axis> axes_;
    element_format format_;
};

/// "(2, 3)", "(5,)", "()": Python's tuple.
[[gnu::cold]] inline std::string tuple_text(const shape& s) {
    std::string out = lazy::to_string(s);
    out.front() = '(';
    out.back() = ')';
    if (s.size() == 1) {
        out.insert(out.size() - 1, 1, ',');
    }
    return out;
}

/// True iff PyTorch infers this dtype from the printed numbers, so that it is not shown.
inline bool is_inferred_dtype(dtype d) {
    const dtype real = get_default_dtype();
    const dtype complex = real == dtype_id::float64 ? dtype_id::complex128 : dtype_id::complex64;
    return d == real || d == complex || d == dtype_id::int64 || d == dtype_id::bool_;
}

/// Appends what stands after the elements, each part on a new line where the last one has no room
/// for it.
class suffix_writer {
public:
    suffix_writer(std::string& out, std::int64_t linewidth) : out_(out), linewidth_(linewidth) {
        const std::size_t last_break = out.rfind('\n');
        // One column more than the line has: PyTorch counts the line break, and one where there is
        // none.
        column_ = last_break == std::string::npos ? out.size() + 2 : out.size() - last_break + 1;
    }

    [[gnu::cold]] void write(const array_interface& a, const print_extras& extras,
                             const print_options& options) {
        const bool empty = a.size() == 0;
        if (!extras.device.empty() && extras.device != "cpu") {
            add({"device='", extras.device, "'"});
        }
        if (empty ? a.ndim() != 1 : options.edgeitems == 0) {
            add({"size=", tuple_text(a.shape())});
        }
        if (empty ? a.dtype() != get_default_dtype() : !is_inferred_dtype(a.dtype())) {
            add({"dtype=torch.", a.dtype().name()});
        }
        if (!extras.grad_fn.empty()) {
            add({"grad_fn=<", extras.grad_fn, ">"});
        } else if (extras.requires_grad) {
            add({"requires_grad=True"});
        }
    }

private:
    [[gnu::cold, gnu::noinline]] void add(std::initializer_list<message_part> parts) {
        const std::string suffix = joined_text(parts);
        if (static_cast<std::int64_t>(column_ + suffix.size() + 2) > linewidth_) {
            out_ += ",\n";
            out_.append(prefix_width, ' ');
            column_ = prefix_width + suffix.size();
        } else {
            out_ += ", ";
            column_ += suffix.size() + 2;
        }
        out_ += suffix;
    }

    std::string& out_;
    std::int64_t linewidth_;
    std::size_t column_;
};

}  // namespace printing

/// The text that PyTorch prints for the same tensor: `tensor([[1., 2.],\n        [3., 4.]])`,
/// `tensor([1, 2], dtype=torch.int16)`, `tensor([], size=(0, 3))`. Reads only the elements that are
/// shown, so that a summary of any size is instant. bool shows as True and False; NaN and
/// infinities as nan, inf, -inf. Throws value_error for options that `set_printoptions` refuses.
inline std::string format_tensor(const array_interface& a, const print_extras& extras = {},
                                 const print_options& options = get_printoptions()) {
    check_print_options(options, "format_tensor");
    std::string out = "tensor(";
    if (a.size() == 0) {
        out += "[]";
    } else {
        printing::array_writer(out, a, options).write();
    }
    printing::suffix_writer(out, options.linewidth).write(a, extras, options);
    return out += ')';
}

}  // namespace lazy

// What tolist() gives: nested lists of plain values that convert, compare, iterate and print.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <charconv>
#include <initializer_list>
#include <ostream>
#include <string>
#include <vector>

#include "../../lazy/core/array_interface.hpp"

namespace lazy {

template <class V>
inline constexpr bool is_vector = false;
template <class V>
inline constexpr bool is_vector<std::vector<V>> = true;

/// A list of lists ... of numbers, or one number (0-d). T is the element type, void when only the
/// run-time dtype is known. Its own copy of the elements.
template <class T>
class nested_list {
public:
    using leaf = std::conditional_t<std::is_void_v<T>, scalar, T>;

    explicit nested_list(const array_interface& a) : sizes_(a.shape()), kind_(a.dtype()) {
        const std::int64_t n = a.size();
        values_.reserve(static_cast<std::size_t>(n));
        for (std::int64_t i = 0; i < n; ++i) {
            if constexpr (std::is_void_v<T>) {
                values_.push_back(a.at(i));
            } else {
                values_.push_back(a.at(i).template to<T>());
            }
        }
    }

    std::size_t size() const { return sizes_.empty() ? 0 : static_cast<std::size_t>(sizes_[0]); }
    bool is_number() const { return sizes_.empty(); }
    /// All elements in row-major order.
    const std::vector<leaf>& flat() const { return values_; }
    const shape& sizes() const { return sizes_; }

    /// The i-th sublist (or number, as a 0-d list); throws index_error.
    nested_list operator[](std::size_t i) const {
        if (i >= size()) {
            fail<index_error>("tolist", {"list index ", i, " out of range for size ", size()});
        }
        nested_list r;
        r.kind_ = kind_;
        r.sizes_ = shape(sizes_.begin() + 1, sizes_.end());
        const auto step = static_cast<std::size_t>(r.sizes_.numel());
        const auto first = values_.begin() + static_cast<std::ptrdiff_t>(i * step);
        r.values_.assign(first, first + static_cast<std::ptrdiff_t>(step));
        return r;
    }

    /// A number of a 0-d list; a vector of vectors of the same depth. Throws shape_error else.
    template <class V>
    requires(number<V> || is_vector<V>) operator V() const {
        std::size_t next = 0;
        return build<V>(0, next);
    }

    template <class V>
    requires(number<V> || is_vector<V>) friend bool operator==(const nested_list& a, const V& b) {
        return a.fits<V>(0) && a.operator V() == b;
    }
    template <class U>
    friend bool operator==(const nested_list& a, const nested_list<U>& b) {
        if (a.sizes() != b.sizes()) {
            return false;
        }
        for (std::size_t i = 0; i < a.flat().size(); ++i) {
            if (!(scalar(a.flat()[i]) == scalar(b.flat()[i]))) {
                return false;
            }
        }
        return true;
    }

    /// As Python prints a list: [[1, 2], [3, 4]], [1.0, 2.5], [True].
    std::string str() const {
        std::string out;
        std::size_t next = 0;
        print(out, 0, next);
        return out;
    }
    friend std::ostream& operator<<(std::ostream& os, const nested_list& l) {
        return os << l.str();
    }

private:
    template <class U>
    friend class nested_list;
    nested_list() = default;

    template <class V>
    bool fits(std::size_t depth) const {
        if constexpr (is_vector<V>) {
            return depth < sizes_.size() && fits<typename V::value_type>(depth + 1);
        } else {
            return depth == sizes_.size();
        }
    }
    template <class V>
    V build(std::size_t depth, std::size_t& next) const {
        if (!fits<V>(depth)) {
            fail<shape_error>("tolist",
                              {"a list of shape ", sizes_, " has another depth than asked for"});
        }
        if constexpr (is_vector<V>) {
            V out;
            const auto n = static_cast<std::size_t>(sizes_[depth]);
            out.reserve(n);
            for (std::size_t i = 0; i < n; ++i) {
                out.push_back(build<typename V::value_type>(depth + 1, next));
            }
            return out;
        } else {
            return static_cast<V>(values_[next++]);
        }
    }

    void print(std::string& out, std::size_t depth, std::size_t& next) const {
        if (depth == sizes_.size()) {
            append(out, scalar(values_[next++]));
            return;
        }
        out += '[';
        for (std::int64_t i = 0; i < sizes_[depth]; ++i) {
            if (i != 0) {
                out += ", ";
            }
            print(out, depth + 1, next);
        }
        out += ']';
    }
    /// Python's repr of a number; floats are shown as the double they are.
    static void append(std::string& out, const scalar& v) {
        if (v.kind() == dtype_kind::boolean) {
            out += v.to<bool>() ? "True" : "False";
        } else if (v.kind() == dtype_kind::integer) {
            out += std::to_string(v.to<std::int64_t>());
        } else if (v.kind() == dtype_kind::floating) {
            append(out, v.to<double>());
        } else {
            const auto c = v.to<std::complex<double>>();
            out += '(';
            append(out, c.real());
            out += c.imag() < 0 ? "" : "+";
            append(out, c.imag());
            out += "j)";
        }
    }
    static void append(std::string& out, double v) {
        if (v != v || v - v != 0) {
            out += v != v ? "nan" : v > 0 ? "inf" : "-inf";
            return;
        }
        // Python changes to scientific notation below 1e-4 and from 1e16 on.
        const double size = v < 0 ? -v : v;
        const bool fixed = size == 0 || (size >= 1e-4 && size < 1e16);
        char text[40];
        const auto end =
            std::to_chars(text, text + sizeof(text), v,
                          fixed ? std::chars_format::fixed : std::chars_format::scientific)
                .ptr;
        out.append(text, end);
        if (fixed && std::string_view(text, static_cast<std::size_t>(end - text)).find('.') ==
                         std::string_view::npos) {
            out += ".0";
        }
    }

    shape sizes_;
    dtype kind_ = dtype_id::float32;
    std::vector<leaf> values_;
};

template <class T>
std::string to_string(const nested_list<T>& l) {
    return l.str();
}

}  // namespace lazy

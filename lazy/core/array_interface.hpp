// A view of elements in memory as NumPy's array interface describes one; what `numpy()` returns.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>

#include "convert.hpp"
#include "scalar.hpp"
#include "shape.hpp"

namespace lazy {

/// dtype, shape, byte strides and address of an array, with a share in its owner: the memory lives
/// at least as long as this object. In native byte order. bfloat16 has no NumPy type ("<V2").
class array_interface {
public:
    array_interface(lazy::dtype dtype, lazy::shape shape, lazy::shape byte_strides, void* data,
                    std::shared_ptr<void> owner, bool readonly = false)
        : dtype_(dtype),
          shape_(std::move(shape)),
          strides_(std::move(byte_strides)),
          data_(static_cast<std::byte*>(data)),
          owner_(std::move(owner)),
          readonly_(readonly) {}

    lazy::dtype dtype() const { return dtype_; }
    const lazy::shape& shape() const { return shape_; }
    /// Strides in bytes, as NumPy counts them.
    const lazy::shape& strides() const { return strides_; }
    std::byte* data() const { return data_; }
    const std::shared_ptr<void>& owner() const { return owner_; }
    bool readonly() const { return readonly_; }
    std::size_t ndim() const { return shape_.size(); }
    std::int64_t size() const { return shape_.numel(); }

    /// "<f4", "|b1", ...: byte order, kind and item size.
    std::string typestr() const {
        if (dtype_ == dtype_id::bfloat16) {
            return "<V2";
        }
        const char kind = dtype_.kind() == dtype_kind::boolean    ? 'b'
                          : dtype_.kind() == dtype_kind::floating ? 'f'
                          : dtype_.kind() == dtype_kind::complex  ? 'c'
                          : dtype_.is_signed()                    ? 'i'
                                                                  : 'u';
        return std::string(dtype_.itemsize() == 1 ? "|" : "<") + kind +
               std::to_string(dtype_.itemsize());
    }

    /// True iff the elements lie in row-major order without gaps.
    bool is_contiguous() const {
        std::int64_t step = static_cast<std::int64_t>(dtype_.itemsize());
        for (std::size_t d = shape_.size(); d-- > 0;) {
            if (shape_[d] == 0) {
                return true;
            }
            if (shape_[d] != 1 && strides_[d] != step) {
                return false;
            }
            step *= shape_[d];
        }
        return true;
    }

    /// The element with row-major number `index` (0 <= index < size(), not checked).
    scalar at(std::int64_t index) const {
        std::int64_t offset = 0;
        for (std::size_t d = shape_.size(); d-- > 0;) {
            offset += index % shape_[d] * strides_[d];
            index /= shape_[d];
        }
        return scalar::load(dtype_, data_ + offset);
    }

    /// Address of the first element as T; throws dtype_error when the dtype is another.
    template <element T>
    T* data_as() const {
        if (dtype_ != dtype_of<T>) {
            fail<dtype_error>("numpy",
                              {"the array holds ", dtype_.name(), ", not ", dtype_of<T>.name()});
        }
        return reinterpret_cast<T*>(data_);
    }

private:
    lazy::dtype dtype_;
    lazy::shape shape_;
    lazy::shape strides_;
    std::byte* data_;
    std::shared_ptr<void> owner_;
    bool readonly_;
};

}  // namespace lazy

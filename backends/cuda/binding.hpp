// Binds a statement to its operands: uploads their values, and says how each is read.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "functor.hpp"
#include "memory.hpp"

namespace lazy::cuda {
inline namespace LAZYTENSOR_THRUST_SYSTEM {

/// The operands of one statement on the device, for as long as the binding lives. A buffer that
/// several operands read is uploaded once; single numbers are not uploaded but travel in the
/// functor.
class binding {
public:
    /// Each operand is a number, a buffer, or a view of a buffer, and broadcasts to `sizes`.
    binding(std::span<const graph::node_ptr> operands, const shape& sizes)
        : sizes_(sizes), n_(sizes.numel()) {
        if (n_ == 0) {
            return;
        }
        for (const graph::node_ptr& n : operands) {
            bind(*n);
        }
        merge_dimensions();
    }

    std::int64_t numel() const { return n_; }

    template <std::size_t Operands>
    operand_table<Operands> table() const {
        operand_table<Operands> t{};
        t.n = n_;
        t.rank = static_cast<int>(sizes_.size());
        std::copy(sizes_.begin(), sizes_.end(), t.sizes);
        const shape dense = contiguous_strides(sizes_);
        for (std::size_t k = 0; k < places_.size(); ++k) {
            const place& from = places_[k];
            operand_place& to = t.operand[k];
            to.data = from.data;
            std::memcpy(to.number, from.number, sizeof(to.number));
            to.how = from.is_number ? access::number
                     : from.strides == dense &&
                             reinterpret_cast<std::uintptr_t>(from.data) % packet_alignment == 0
                         ? access::dense
                         : access::strided;
            std::copy(from.strides.begin(), from.strides.end(), to.strides);
        }
        return t;
    }

private:
    struct place {
        const std::byte* data = nullptr;
        std::byte number[16] = {};
        bool is_number = false;
        shape strides;
    };
    struct uploaded {
        const buffer* source;
        device_memory memory;
    };

    void bind(const graph::node& n) {
        place p;
        if (n.kind() == graph::kind::number) {
            set_number(p, n.number(), n.dtype());
        } else {
            const bool view = n.kind() == graph::kind::view;
            const buffer& data = view ? *n.input(0)->data() : *n.data();
            const std::size_t offset =
                view ? static_cast<std::size_t>(n.layout().offset) * n.dtype().itemsize() : 0;
            if (n.numel() == 1) {
                set_number(p, data.data() + offset, n.dtype());
            } else {
                p.data = upload(data, view ? n.input(0)->bytes() : n.bytes()) + offset;
                p.strides = broadcast_strides(
                    n.shape(), view ? n.layout().strides : contiguous_strides(n.shape()));
            }
        }
        places_.push_back(std::move(p));
    }

    void set_number(place& p, const void* value, dtype d) const {
        std::memcpy(p.number, value, d.itemsize());
        p.is_number = true;
        p.strides = shape::filled(sizes_.size(), 0);
    }

    const std::byte* upload(const buffer& source, std::size_t bytes) {
        for (const uploaded& u : uploads_) {
            if (u.source == &source) {
                return u.memory.as<std::byte>();
            }
        }
        uploads_.push_back({&source, device_memory(bytes)});
        uploads_.back().memory.upload(source.data());
        return uploads_.back().memory.as<std::byte>();
    }

    /// Strides over the whole space: 0 where the operand repeats.
    shape broadcast_strides(const shape& from, const shape& strides) const {
        shape out = shape::filled(sizes_.size(), 0);
        const std::size_t lead = sizes_.size() - from.size();
        for (std::size_t d = 0; d < from.size(); ++d) {
            out[lead + d] = from[d] == 1 ? 0 : strides[d];
        }
        return out;
    }

    /// Joins dimensions that every operand walks as one, and drops those of size 1.
    void merge_dimensions() {
        shape sizes;
        std::vector<shape> strides(places_.size());
        for (std::size_t d = 0; d < sizes_.size(); ++d) {
            if (sizes_[d] == 1) {
                continue;
            }
            bool joins = !sizes.empty();
            for (std::size_t k = 0; k < places_.size() && joins; ++k) {
                joins = strides[k].back() == places_[k].strides[d] * sizes_[d];
            }
            if (!joins) {
                sizes.push_back(1);
            }
            sizes[sizes.size() - 1] *= sizes_[d];
            for (std::size_t k = 0; k < places_.size(); ++k) {
                if (!joins) {
                    strides[k].push_back(0);
                }
                strides[k][sizes.size() - 1] = places_[k].strides[d];
            }
        }
        if (sizes.size() > max_rank) {
            throw shape_error(message("cuda", "at most " + std::to_string(max_rank) +
                                                  " dimensions that cannot be merged, got shape " +
                                                  to_string(sizes)));
        }
        sizes_ = std::move(sizes);
        for (std::size_t k = 0; k < places_.size(); ++k) {
            places_[k].strides = std::move(strides[k]);
        }
    }

    shape sizes_;
    std::int64_t n_;
    std::vector<place> places_;
    std::vector<uploaded> uploads_;
};

}  // namespace LAZYTENSOR_THRUST_SYSTEM
}  // namespace lazy::cuda

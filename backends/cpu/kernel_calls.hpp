// The kernel calls of a pass: its instructions, cheap ones two or three at a time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/core/list.hpp"
#include "../../lazy/plan/pass.hpp"

namespace lazy::cpu {

using memory::list;

/// One kernel call, on values of the pass.
struct kernel_call {
    const graph::map_kernel* kernel;
    std::uint32_t value;          ///< what it computes
    std::uint32_t first_operand;  ///< into kernel_calls::operands
};

/// The calls in order. An operation whose result only one other reads is computed by that one's
/// call where there is a kernel for the two; sums of two products and products of two sums are one
/// call: trips less through the tile.
class kernel_calls {
public:
    explicit kernel_calls(const plan::pass& p)
        : pass_(p), first_of_(p.instructions.size()), second_of_(p.instructions.size()) {
        if (p.instructions.size() > 1) {
            count_uses();
            for (std::size_t i = 0; i < p.instructions.size(); ++i) {
                find_pair(i);
            }
        }
        list_.reserve(p.instructions.size());
        operands_.reserve(p.operands.size());
        for (std::size_t i = 0; i < p.instructions.size(); ++i) {
            if (first_of_[i] != taken) {
                add(i);
            }
        }
    }

    std::size_t size() const { return list_.size(); }
    const kernel_call& operator[](std::size_t i) const { return list_[i]; }
    std::uint32_t operand(std::size_t i) const { return operands_[i]; }

private:
    /// What is computed with an instruction: nothing, an earlier one (its number + 1), or it is
    /// itself computed with a later one.
    static constexpr std::uint32_t taken = ~0U;

    void count_uses() {
        uses_.resize(pass_.value_count());
        for (std::uint32_t v : pass_.operands) {
            ++uses_[v];
        }
        for (const plan::output& o : pass_.outputs) {
            uses_[o.value] += 2;
        }
    }
    std::uint32_t operand_of(std::size_t instruction, std::size_t k) const {
        return pass_.operands[pass_.instructions[instruction].first_operand + k];
    }
    const graph::map_kernel& kernel(std::size_t i) const {
        return pass_.instructions[i].source->map();
    }
    void find_pair(std::size_t reader) {
        if (kernel(reader).pairs == nullptr) {
            return;
        }
        for (std::size_t k = 0; k < 2; ++k) {
            const std::uint32_t v = operand_of(reader, k);
            if (!is_free(v, reader)) {
                continue;
            }
            const std::size_t i = v - pass_.leaves.size();
            first_of_[reader] = static_cast<std::uint32_t>(i + 1);
            first_of_[i] = taken;
            const std::uint32_t other = operand_of(reader, 1);
            if (k == 0 && is_free(other, reader) && of_two(reader, v, other) != nullptr) {
                second_of_[reader] = other;
                first_of_[other - pass_.leaves.size()] = taken;
            }
            return;
        }
    }
    /// True iff value v may be computed with its one reader.
    bool is_free(std::uint32_t v, std::size_t reader) const {
        if (pass_.is_leaf(v) || uses_[v] != 1) {
            return false;
        }
        const std::size_t i = v - pass_.leaves.size();
        return first_of_[i] == 0 && kernel(i).pairs != nullptr &&
               kernel(i).out == kernel(reader).out;
    }
    /// The kernel that computes values a and b, which are free, and their reader.
    const graph::map_kernel* of_two(std::size_t reader, std::uint32_t a, std::uint32_t b) const {
        const auto role = [this](std::uint32_t v) {
            return kernel(v - pass_.leaves.size()).pairs->what;
        };
        return kernel(reader).pairs->of_two[role(a)][role(b)];
    }
    void add(std::size_t i) {
        const auto value = static_cast<std::uint32_t>(pass_.leaves.size() + i);
        kernel_call c{&kernel(i), value, static_cast<std::uint32_t>(operands_.size())};
        if (second_of_[i] != 0) {
            c.kernel = of_two(i, operand_of(i, 0), second_of_[i]);
            for (const std::size_t part :
                 {first_of_[i] - std::size_t{1}, second_of_[i] - pass_.leaves.size()}) {
                operands_.push_back(operand_of(part, 0));
                operands_.push_back(operand_of(part, 1));
            }
        } else if (first_of_[i] != 0) {
            const std::size_t first = first_of_[i] - 1;
            const bool left = operand_of(i, 0) == pass_.leaves.size() + first;
            const graph::kernel_pairs& pairs = *kernel(first).pairs;
            c.kernel = (left ? pairs.as_left : pairs.as_right)[kernel(i).pairs->what];
            operands_.push_back(operand_of(first, 0));
            operands_.push_back(operand_of(first, 1));
            operands_.push_back(operand_of(i, left ? 1 : 0));
        } else {
            for (std::size_t k = 0; k < kernel(i).arity; ++k) {
                operands_.push_back(operand_of(i, k));
            }
        }
        list_.push_back(c);
    }

    const plan::pass& pass_;
    list<std::uint32_t> uses_;
    list<std::uint32_t> first_of_;
    list<std::uint32_t> second_of_;  ///< of three in one: the value of the second
    list<kernel_call> list_;
    list<std::uint32_t> operands_;
};

}  // namespace lazy::cpu

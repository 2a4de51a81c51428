// The kernel calls of a pass: its instructions, cheap ones together or beside heavy ones.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../lazy/core/list.hpp"
#include "fetch.hpp"

namespace lazy::cpu {

using memory::list;

/// One kernel call, on values of the pass.
struct kernel_call {
    const graph::map_kernel* kernel;
    std::uint32_t value;          ///< what it computes
    std::uint32_t first_operand;  ///< into kernel_calls::operands
    graph::companions around{};   ///< of an accompanied kernel
};

/// The calls in order. An operation whose result only one other reads is computed by that one's
/// call where there is a kernel for the two; sums of two products and products of two sums are one
/// call: trips less through the tile. So are a heavy operation and its companions.
class kernel_calls {
public:
    explicit kernel_calls(const plan::pass& p)
        : pass_(p), first_of_(p.instructions.size()), second_of_(p.instructions.size()) {
        if (p.instructions.size() > 1) {
            count_uses();
            // Which overlaps more work with waiting for memory; nothing else gains from it.
            if (is_far(p)) {
                for (std::size_t i = 0; i < p.instructions.size(); ++i) {
                    find_company(i);
                }
            }
            for (std::size_t i = 0; i < p.instructions.size(); ++i) {
                find_pair(i);
            }
        }
        list_.reserve(p.instructions.size());
        operands_.reserve(p.operands.size());
        for (std::size_t i = 0; i < p.instructions.size(); ++i) {
            if (first_of_[i] == accompanied) {
                add_company(i);
            } else if (first_of_[i] != taken) {
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
    /// It is the last of a company.
    static constexpr std::uint32_t accompanied = ~1U;
    /// A heavy instruction and its companions: all that their call needs.
    struct company {
        static constexpr std::size_t most_operands = 2 + graph::companions::operands;
        const graph::map_kernel* kernel;
        graph::companions around;
        std::uint32_t operands[most_operands];
    };

    void count_uses() {
        uses_.resize(pass_.value_count());
        reader_of_.resize(pass_.value_count());
        for (std::size_t i = 0; i < pass_.instructions.size(); ++i) {
            for (std::size_t k = 0; k < kernel(i).arity; ++k) {
                ++uses_[operand_of(i, k)];
                reader_of_[operand_of(i, k)] = static_cast<std::uint32_t>(i);
            }
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
    std::size_t maker(std::uint32_t value) const { return value - pass_.leaves.size(); }
    /// True iff a value is computed here and one operation reads it.
    bool is_single(std::uint32_t value) const { return !pass_.is_leaf(value) && uses_[value] == 1; }
    std::uint32_t value_of(std::size_t instruction) const {
        return static_cast<std::uint32_t>(pass_.leaves.size() + instruction);
    }
    void find_company(std::size_t heavy) {
        company c{kernel(heavy).accompanied, {}, {}};
        if (c.kernel == nullptr || first_of_[heavy] != 0) {
            return;
        }
        const std::size_t arity = kernel(heavy).arity;
        for (std::size_t k = 0; k < company::most_operands; ++k) {
            c.operands[k] = operand_of(heavy, k < arity ? k : 0);
        }
        std::uint32_t* const others = c.operands + arity;
        find_before(heavy, c, others);
        std::size_t last = heavy;
        for (std::size_t k = 0; k < graph::companions::most; ++k) {
            const std::uint32_t chain = value_of(last);
            if (!is_followed(chain, heavy)) {
                break;
            }
            last = reader_of_[chain];
            c.around.after[k] =
                join(last, operand_of(last, 0) == chain ? 0 : 1, others + 2 * (2 + k));
        }
        if (c.around.any()) {
            first_of_[heavy] = taken;
            add_last(last, c);
        }
    }
    void add_last(std::size_t last, const company& c) {
        first_of_[last] = accompanied;
        second_of_[last] = static_cast<std::uint32_t>(companies_.size());
        companies_.push_back(c);
    }
    /// The companions of the first operand of a heavy instruction.
    void find_before(std::size_t heavy, company& c, std::uint32_t* others) {
        std::size_t parts[graph::companions::most];
        std::size_t sides[graph::companions::most];
        std::size_t count = 0;
        std::uint32_t in = operand_of(heavy, 0);
        while (count < graph::companions::most && is_single(in) && may_join(maker(in), heavy)) {
            const std::size_t i = maker(in);
            // Down the operand that has a companion to be itself.
            const auto goes_on = [&](std::size_t k) {
                const std::uint32_t v = operand_of(i, k);
                return is_followed(v, heavy) && may_join(maker(v), heavy);
            };
            const std::size_t side = kernel(i).arity == 2 && !goes_on(0) && goes_on(1) ? 1 : 0;
            parts[count] = i;
            sides[count] = side;
            ++count;
            in = operand_of(i, side);
        }
        if (count == 0) {
            return;
        }
        // Operands that nothing uses are any.
        c.operands[0] = in;
        std::fill(others, others + graph::companions::operands, in);
        for (std::size_t k = 0; k < count; ++k) {
            const std::size_t part = count - 1 - k;
            c.around.before[k] = join(parts[part], sides[part], others + 2 * k);
        }
    }
    /// True iff the one reader of a value can be its companion in the call of another instruction.
    bool is_followed(std::uint32_t value, std::size_t heavy) const {
        if (!is_single(value) || !may_join(reader_of_[value], heavy)) {
            return false;
        }
        // Of two zeros, minima and maxima take a certain operand.
        const graph::companion role = kernel(reader_of_[value]).role;
        return (role != graph::companion::minimum && role != graph::companion::maximum) ||
               operand_of(reader_of_[value], 0) == value;
    }
    /// True iff instruction i can be a companion of another one.
    bool may_join(std::size_t i, std::size_t heavy) const {
        return first_of_[i] == 0 && kernel(i).role != graph::companion::none &&
               kernel(i).out == kernel(heavy).out;
    }
    /// Instruction i as a companion of what is its operand number `side`; notes its other operand,
    /// or the two of the operation that makes it.
    graph::companion join(std::size_t i, std::size_t side, std::uint32_t* others) {
        using graph::companion;
        first_of_[i] = taken;
        const companion role = kernel(i).role;
        if (kernel(i).arity == 1) {
            return role;
        }
        const companion what = side == 0                     ? role
                               : role == companion::subtract ? companion::subtract_from
                               : role == companion::divide   ? companion::divide_into
                                                             : role;
        const std::uint32_t other = operand_of(i, 1 - side);
        others[0] = others[1] = other;
        if (!is_free(other, i)) {
            return what;
        }
        const std::size_t made_by = maker(other);
        const companion both = with_operand(what, kernel(made_by).role);
        if (both == companion::none) {
            return what;
        }
        first_of_[made_by] = taken;
        others[0] = operand_of(made_by, 0);
        others[1] = operand_of(made_by, 1);
        return both;
    }
    /// A companion whose operand y is another cheap operation's result; none if there is none.
    static graph::companion with_operand(graph::companion what, graph::companion y) {
        using graph::companion;
        if (what == companion::multiply) {
            return y == companion::multiply   ? companion::multiply_product
                   : y == companion::add      ? companion::multiply_sum
                   : y == companion::subtract ? companion::multiply_difference
                                              : companion::none;
        }
        return y != companion::multiply           ? companion::none
               : what == companion::add           ? companion::add_product
               : what == companion::subtract      ? companion::subtract_product
               : what == companion::subtract_from ? companion::subtract_from_product
                                                  : companion::none;
    }
    void find_pair(std::size_t reader) {
        if (kernel(reader).pairs == nullptr || first_of_[reader] != 0) {
            return;
        }
        for (std::size_t k = 0; k < 2; ++k) {
            const std::uint32_t v = operand_of(reader, k);
            if (!is_free(v, reader)) {
                continue;
            }
            const std::size_t i = maker(v);
            first_of_[reader] = static_cast<std::uint32_t>(i + 1);
            first_of_[i] = taken;
            const std::uint32_t other = operand_of(reader, 1);
            if (k == 0 && is_free(other, reader) && of_two(reader, v, other) != nullptr) {
                second_of_[reader] = other;
                first_of_[maker(other)] = taken;
            }
            return;
        }
    }
    /// True iff value v may be computed with its one reader.
    bool is_free(std::uint32_t v, std::size_t reader) const {
        return is_single(v) && first_of_[maker(v)] == 0 && kernel(maker(v)).pairs != nullptr &&
               kernel(maker(v)).out == kernel(reader).out;
    }
    /// The kernel that computes values a and b, which are free, and their reader.
    const graph::map_kernel* of_two(std::size_t reader, std::uint32_t a, std::uint32_t b) const {
        const auto role = [this](std::uint32_t v) { return kernel(maker(v)).pairs->what; };
        return kernel(reader).pairs->of_two[role(a)][role(b)];
    }
    void add_company(std::size_t last) {
        const company& c = companies_[second_of_[last]];
        list_.push_back(
            {c.kernel, value_of(last), static_cast<std::uint32_t>(operands_.size()), c.around});
        for (std::size_t k = 0; k < c.kernel->arity; ++k) {
            operands_.push_back(c.operands[k]);
        }
    }
    void add(std::size_t i) {
        kernel_call c{&kernel(i), value_of(i), static_cast<std::uint32_t>(operands_.size())};
        if (second_of_[i] != 0) {
            c.kernel = of_two(i, operand_of(i, 0), second_of_[i]);
            for (const std::size_t part : {first_of_[i] - std::size_t{1}, maker(second_of_[i])}) {
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
    list<std::uint32_t> reader_of_;  ///< by value: the last instruction that reads it
    list<std::uint32_t> first_of_;
    list<std::uint32_t>
        second_of_;  ///< of three in one: the value of the second; of a company: its number
    list<company> companies_;
    list<kernel_call> list_;
    list<std::uint32_t> operands_;
};

}  // namespace lazy::cpu

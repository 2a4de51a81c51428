// The kernel calls of a pass: its instructions, those on floats together as strands.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>

#include "../../lazy/plan/pass.hpp"
#include "strand.hpp"

namespace lazy::cpu {

using memory::list;

/// One kernel call, on values of the pass.
struct kernel_call {
    void (*run)(const graph::map_call&);
    std::uint32_t value;          ///< what it computes, by its last instruction
    std::uint32_t first_operand;  ///< into kernel_calls::operands
    std::uint32_t arity;
    float cost;
    const strand* together;  ///< the parameters of several instructions; else they are its own
};

/// The calls in order. Instructions on floats of one type whose results only the same call needs
/// are one call.
class kernel_calls {
public:
    explicit kernel_calls(const plan::pass& p)
        : pass_(p),
          call_of_(p.instructions.size()),
          members_(p.instructions.size()),
          cost_of_(p.instructions.size()),
          readers_(p.value_count()) {
        const std::size_t n = p.instructions.size();
        join();
        list_.reserve(n);
        operands_.reserve(p.operands.size());
        for (std::size_t i = 0; i < n; ++i) {
            cost_of_[call_of_[i]] += kernel(i).cost;
            if (members_[i] > 1) {
                add_strand(i, cost_of_[i]);
            } else if (members_[i] == 1) {
                add(i);
            }
        }
    }

    std::size_t size() const { return list_.size(); }
    const kernel_call& operator[](std::size_t i) const { return list_[i]; }
    std::uint32_t operand(std::size_t i) const { return operands_[i]; }
    /// What the calls' parameters are in.
    list<std::unique_ptr<strand>> take_strands() { return std::move(strands_); }

private:
    static constexpr std::uint32_t nobody = ~0U;
    static constexpr std::uint32_t several = ~1U;

    std::uint32_t operand_of(std::size_t instruction, std::size_t k) const {
        return pass_.operands[pass_.instructions[instruction].first_operand + k];
    }
    const graph::map_kernel& kernel(std::size_t i) const {
        return pass_.instructions[i].source->map();
    }
    const strand_kind* kind(std::size_t i) const {
        return kernel(i).steps == nullptr ? nullptr : kernel(i).steps->kind;
    }
    std::size_t maker(std::uint32_t value) const { return value - pass_.leaves.size(); }
    std::uint32_t value_of(std::size_t instruction) const {
        return static_cast<std::uint32_t>(pass_.leaves.size() + instruction);
    }

    /// Gives every instruction its call: that of an instruction which all its readers belong to, or
    /// its own. A call is made where its last instruction stands.
    void join() {
        // By value: the call that reads it; the last instruction that may.
        list<std::uint32_t> reader(pass_.value_count());
        list<std::uint32_t> until(pass_.value_count());
        std::fill(reader.begin(), reader.end(), nobody);
        std::fill(until.begin(), until.end(), nobody);
        for (const plan::output& o : pass_.outputs) {
            reader[o.value] = several;
            if (o.donor >= 0) {  // whose memory the result is written to
                until[static_cast<std::size_t>(o.donor)] =
                    static_cast<std::uint32_t>(maker(o.value));
            }
        }
        for (std::size_t i = pass_.instructions.size(); i-- != 0;) {
            const std::uint32_t with = reader[value_of(i)];
            bool joins = with < several && kind(i) != nullptr && kind(i) == kind(with) &&
                         members_[with] < most_members;
            for (std::size_t k = 0; joins && k < kernel(i).arity; ++k) {
                joins = until[operand_of(i, k)] >= with;
            }
            const std::uint32_t call = joins ? with : static_cast<std::uint32_t>(i);
            call_of_[i] = call;
            ++members_[call];
            for (std::size_t k = 0; k < kernel(i).arity; ++k) {
                ++readers_[operand_of(i, k)];
                std::uint32_t& r = reader[operand_of(i, k)];
                r = r == nobody || r == call ? call : several;
            }
        }
    }

    void add(std::size_t i) {
        const graph::map_kernel& k = kernel(i);
        list_.push_back({k.run, value_of(i), static_cast<std::uint32_t>(operands_.size()), k.arity,
                         k.cost, nullptr});
        for (std::size_t a = 0; a < k.arity; ++a) {
            operands_.push_back(operand_of(i, a));
        }
    }

    bool is_number(std::uint32_t value) const {
        return pass_.is_leaf(value) && pass_.leaves[value].local < 0 &&
               pass_.leaves[value].source->kind() == graph::kind::number;
    }
    bool is_member(std::uint32_t value, std::size_t last) const {
        return !pass_.is_leaf(value) && call_of_[maker(value)] == last;
    }

    /// An instruction of a strand; `with`: the one that makes its other operand, in the same step.
    struct member {
        std::uint32_t instruction;
        std::uint32_t with;
    };
    /// The members of the call that ends with instruction `last`, in order.
    list<member> members_of(std::size_t last) const {
        list<member> found;
        std::uint32_t left = members_[last];
        for (std::size_t i = last + 1; left != 0;) {
            if (call_of_[--i] != last) {
                continue;
            }
            --left;
            bool taken = false;
            for (const member& m : found) {
                taken = taken || m.with == i;
            }
            if (!taken) {
                found.push_back({static_cast<std::uint32_t>(i), partner_of(i, last)});
            }
        }
        std::reverse(found.begin(), found.end());
        return found;
    }
    /// The instruction on values in memory that can be computed in the step of instruction i.
    std::uint32_t partner_of(std::size_t i, std::size_t last) const {
        for (std::size_t k = kernel(i).arity; k-- != 0 && kernel(i).arity == 2;) {
            const std::uint32_t v = operand_of(i, k);
            if (!is_member(v, last) || readers_[v] != 1 || kernel(maker(v)).arity != 2) {
                continue;
            }
            const std::uint32_t y = operand_of(maker(v), 0);
            const std::uint32_t z = operand_of(maker(v), 1);
            if (!is_member(y, last) && !is_member(z, last) && !is_number(y) &&
                pair_step_of(i, k, maker(v)) != nullptr) {
                return static_cast<std::uint32_t>(maker(v));
            }
        }
        return nobody;
    }
    /// The step of instruction i whose operand k is made by another one.
    any_step pair_step_of(std::size_t i, std::size_t k, std::size_t other) const {
        const graph::strand_steps& steps = *kernel(i).steps;
        const auto role = kernel(other).steps->what;
        return role == graph::strand_steps::roles
                   ? nullptr
                   : (k == 0 ? steps.right_of_pair
                             : steps.left_of_pair)[role][is_number(operand_of(other, 1)) ? 1 : 0];
    }

    /// Makes the code of one strand.
    class weaver {
    public:
        weaver(kernel_calls& calls, std::size_t last)
            : calls_(calls),
              first_operand_(static_cast<std::uint32_t>(calls.operands_.size())),
              members_(calls.members_of(last)) {
            made_.kind = calls.kind(last);
            made_.itemsize = static_cast<std::uint32_t>(calls.kernel(last).out.itemsize());
            for (std::size_t m = 0; m < members_.size(); ++m) {
                compute(members_[m]);
                if (m + 1 < members_.size()) {
                    hold_for_later(m + 1);
                }
            }
            add(made_.kind->finish, 0, true);
            made_.operands = static_cast<std::uint32_t>(calls.operands_.size()) - first_operand_;
        }
        std::unique_ptr<strand> made() { return std::make_unique<strand>(std::move(made_)); }
        std::uint32_t first_operand() const { return first_operand_; }

    private:
        struct held_value {
            std::uint32_t value;
            std::uint32_t place;
            std::uint32_t uses;
        };

        void add(any_step run, std::uint32_t operand, bool moves) {
            made_.code.push_back({run, operand, moves});
        }
        /// A step on a value: a held one's place, or an operand of the call.
        void add(any_step run, any_step of_number, std::uint32_t v) {
            for (held_value& h : held_) {
                if (h.value == v) {
                    add(run, held_operand + h.place, false);
                    if (--h.uses == 0) {
                        free_places_ |= 1U << h.place;
                        h.value = nobody;
                    }
                    return;
                }
            }
            list<std::uint32_t>& operands = calls_.operands_;
            std::uint32_t at = first_operand_;
            while (at < operands.size() && operands[at] != v) {
                ++at;
            }
            if (at == operands.size()) {
                operands.push_back(v);
            }
            at -= first_operand_;
            const bool number = calls_.is_number(v);
            made_.moving |= number ? 0 : 1U << at;
            add(number ? of_number : run, at, !number);
        }
        void compute(const member& m) {
            const std::size_t i = m.instruction;
            const graph::strand_steps& steps = *calls_.kernel(i).steps;
            const std::uint32_t a = calls_.operand_of(i, 0);
            const std::uint32_t b = calls_.kernel(i).arity == 2 ? calls_.operand_of(i, 1) : a;
            if (m.with != nobody) {
                const std::size_t k = a == calls_.value_of(m.with) ? 0 : 1;
                load(k == 0 ? b : a);
                const any_step run = calls_.pair_step_of(i, k, m.with);
                add(run, run, calls_.operand_of(m.with, 0));
                add(nullptr, nullptr, calls_.operand_of(m.with, 1));
            } else if (calls_.kernel(i).arity == 1) {
                load(a);
                add(steps.left, 0, false);
            } else if (b == in_registers_ && a != b) {
                add(steps.right, steps.right_of_number, a);
            } else {
                load(a);
                add(steps.left, steps.left_of_number, b);
            }
            if (steps.costly && made_.costly == 0) {
                made_.costly = static_cast<std::uint32_t>(made_.code.size() - 1);
            }
            in_registers_ = calls_.value_of(i);
        }
        void load(std::uint32_t v) {
            if (v != in_registers_) {
                add(made_.kind->load, made_.kind->load, v);
            }
        }
        /// Stores what is in registers unless it is all for the next member, which takes it from
        /// there once.
        void hold_for_later(std::size_t next) {
            std::uint32_t uses = 0;
            bool taken = false;
            for (std::size_t m = next; m < members_.size(); ++m) {
                const std::size_t i = members_[m].instruction;
                for (std::size_t k = 0; k < calls_.kernel(i).arity; ++k) {
                    const bool used = calls_.operand_of(i, k) == in_registers_;
                    uses += used ? 1 : 0;
                    taken = taken || (used && m == next);
                }
            }
            uses -= taken ? 1 : 0;
            if (uses != 0) {
                const auto place = static_cast<std::uint32_t>(std::countr_zero(free_places_));
                free_places_ &= free_places_ - 1;
                add(made_.kind->hold, held_operand + place, false);
                held_.push_back({in_registers_, place, uses});
            }
        }

        kernel_calls& calls_;
        std::uint32_t first_operand_;
        list<member> members_;
        strand made_;
        list<held_value> held_;
        std::uint32_t free_places_ = (1U << most_held) - 1;
        std::uint32_t in_registers_ = nobody;
    };
    void add_strand(std::size_t last, float cost) {
        weaver w(*this, last);
        strands_.push_back(w.made());
        list_.push_back({&run_strand, value_of(last), w.first_operand(), strands_.back()->operands,
                         cost, strands_.back().get()});
    }

    const plan::pass& pass_;
    list<std::uint32_t> call_of_;  ///< by instruction: the last one of its call
    list<std::uint32_t> members_;  ///< of the call whose last instruction it is
    list<float> cost_of_;          ///< of that call
    list<std::uint32_t> readers_;  ///< by value: how often it is read
    list<kernel_call> list_;
    list<std::uint32_t> operands_;
    list<std::unique_ptr<strand>> strands_;
};

}  // namespace lazy::cpu

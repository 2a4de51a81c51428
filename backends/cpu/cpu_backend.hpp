// The CPU back end: runs passes with SIMD kernels over tiles, on threads when the work is large.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../backend.hpp"
#include "map_run.hpp"
#include "prepared_run.hpp"

namespace lazy::cpu {

class cpu_backend final : public backends::backend {
public:
    static cpu_backend& instance() {
        static cpu_backend b;
        return b;
    }
    const char* name() const override { return "cpu"; }
    buffer_ptr allocate(std::size_t bytes) override { return buffer::allocate(bytes); }
    void copy(void* to, const void* from, std::size_t bytes) override {
        if (bytes != 0) {
            std::memcpy(to, from, bytes);
        }
    }

    void run(const plan::pass& p, std::span<std::byte* const> results) override {
        bool valid = true;
        switch (p.kind) {
            case plan::pass_kind::opaque: run_opaque(p, results[0]); break;
            case plan::pass_kind::reduce:
            case plan::pass_kind::rows: valid = p.reduction->engine->run(p, results.data()); break;
            default: valid = prepared_run<map_run>(p, results); break;
        }
        if (!valid) {
            fail<value_error>(faulty_name(p), {"ZeroDivisionError: integer division by zero"});
        }
    }

private:
    static const char* faulty_name(const plan::pass& p) {
        for (const plan::pass& stage : p.stages) {
            if (plan::may_fault(stage)) {
                return faulty_name(stage);
            }
        }
        for (const plan::instruction& i : p.instructions) {
            const graph::map_kernel& k = i.source->map();
            if (!k.may_fault) {
                continue;
            }
            // Of a statement, the operation in it that divides integers.
            for (std::size_t t = 0; t < k.formula_size; ++t) {
                for (const char* name : {"floor_divide", "remainder", "fmod"}) {
                    if (k.formula[t].name != nullptr && std::strcmp(k.formula[t].name, name) == 0) {
                        return name;
                    }
                }
            }
            return k.name;
        }
        return "evaluate";
    }

    static void run_opaque(const plan::pass& p, std::byte* result) {
        const plan::node* n = p.outputs[0].target;
        list<graph::array_ref> in;
        for (const plan::leaf& l : p.leaves) {
            in.push_back({l.source->dtype(), l.source->shape().data(), l.source->shape().size(),
                          l.source->data()->data()});
        }
        n->opaque().run({n->dtype(), n->shape().data(), n->shape().size(), result}, in.data(),
                        in.size(), n->params().get());
    }
};

}  // namespace lazy::cpu

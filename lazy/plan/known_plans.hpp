// Plans of graphs that come again: what a loop evaluates is planned once.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "graph_signature.hpp"
#include "lone_pass.hpp"
#include "schedule.hpp"

namespace lazy::plan {

/// What an evaluation does.
struct evaluation_plan {
    list<pass> passes;
    list<node*> shared;  ///< that stand for equal ones
    list<recomputed_node> recomputed;

    evaluation_plan() = default;
    explicit evaluation_plan(std::span<node* const> roots) {
        pass short_pass;
        if (lone_pass lone(short_pass); roots.size() == 1 && lone.build(roots[0])) {
            lone.note_recomputed(recomputed);
            passes.push_back(std::move(short_pass));
            return;
        }
        planner plan(roots);
        passes = plan.passes();
        for (const facts& f : plan.nodes()) {
            if (f.shared) {
                shared.push_back(f.n);
            }
            if (f.keep == nullptr && f.n->use_count() > f.uses) {
                recomputed.push_back({f.n, plan.computed_part(f)});
            }
        }
    }
};

/// Some plans, found by the signatures of their graphs. A graph met for the second time is worth
/// keeping its plan: planning takes half the time of evaluating a small tensor. The caller holds
/// the evaluation lock.
class known_plans {
public:
    static known_plans& instance() {
        static known_plans& all = *new known_plans;
        return all;
    }

    /// The plan of one evaluation. While it lives, no other one uses those that are known: one
    /// inside another must not replace its plan.
    class use {
    public:
        use() : granted_(!std::exchange(instance().used_, true)) {}
        ~use() {
            if (granted_) {
                instance().used_ = false;
            }
        }
        use(const use&) = delete;
        use& operator=(const use&) = delete;

        const evaluation_plan& plan_of(std::span<node* const> roots) {
            graph_signature graph;
            if (!granted_ || !graph.read(roots)) {
                own_ = evaluation_plan(roots);
                return own_;
            }
            const std::uint64_t hash = graph.hash();
            if (const evaluation_plan* known = instance().find(graph, hash)) {
                return *known;
            }
            own_ = evaluation_plan(roots);
            return instance().note(roots, graph, hash, own_);
        }

    private:
        bool granted_;
        evaluation_plan own_;
    };

private:
    /// The plan of a graph of this signature, for its nodes; null: none is known.
    evaluation_plan* find(const graph_signature& graph, std::uint64_t hash) {
        entry& e = entry_of(hash);
        const std::span<const std::uint64_t> words = graph.words();
        if (e.hash != hash || e.words.size() != words.size() || words.empty() ||
            std::memcmp(e.words.data(), words.data(), words.size_bytes()) != 0) {
            return nullptr;
        }
        for (const place& p : e.places) {
            *p.where = graph.node_at(p.number);
        }
        return &e.plan;
    }
    /// Keeps the plan if the graph was met before, and says where it is now.
    evaluation_plan& note(std::span<node* const> roots, const graph_signature& graph,
                          std::uint64_t hash, evaluation_plan& plan) {
        std::uint64_t& met = met_[hash % entries];
        if (met != hash) {
            met = hash;
            return plan;
        }
        // Another thread may have let go of a tensor while this one planned.
        graph_signature now;
        if (!now.read(roots) || !(now == graph)) {
            return plan;
        }
        entry& e = entry_of(hash);
        e = {};
        e.plan = std::move(plan);
        if (find_places(graph, e)) {
            for (pass& p : e.plan.passes) {
                p.comes_again = true;
            }
            e.hash = hash;
            e.words.resize(graph.words().size());
            std::memcpy(e.words.data(), graph.words().data(), graph.words().size_bytes());
        }
        return e.plan;
    }

    /// Where a plan names a node, by its number in the signature.
    struct place {
        node** where;
        std::size_t number;
    };
    struct entry {
        std::uint64_t hash = 0;
        list<std::uint64_t> words;
        list<place> places;
        evaluation_plan plan;
    };
    static constexpr std::size_t entries = 512;

    entry& entry_of(std::uint64_t hash) { return entries_[hash % entries]; }

    /// False when the plan names nodes that the graph does not have.
    static bool find_places(const graph_signature& graph, entry& e) {
        bool all = true;
        const auto add = [&](node*& n) {
            const std::int64_t number = graph.number_of(n);
            all = all && number >= 0;
            e.places.push_back({&n, static_cast<std::size_t>(number)});
        };
        const auto add_pass = [&](pass& p) {
            all = all && p.copies.empty();
            for (leaf& l : p.leaves) {
                add(l.source);
            }
            for (instruction& i : p.instructions) {
                add(i.source);
            }
            for (output& o : p.outputs) {
                add(o.target);
            }
            for (local_value& v : p.locals) {
                add(v.source);
            }
        };
        for (pass& p : e.plan.passes) {
            add_pass(p);
            for (pass& stage : p.stages) {
                add_pass(stage);
            }
        }
        for (node*& n : e.plan.shared) {
            add(n);
        }
        for (recomputed_node& r : e.plan.recomputed) {
            add(r.n);
        }
        return all;
    }

    bool used_ = false;
    std::uint64_t met_[entries] = {};  ///< hashes of graphs met once or more
    entry entries_[entries];
};

}  // namespace lazy::plan

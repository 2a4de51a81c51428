// Sight and settings: eval, explain, to_dot, stats, threads, printing, files.
// SPDX-License-Identifier: BSD-3-Clause
#include <nanobind/stl/vector.h>

#include "binding.hpp"

namespace lazy::python {

namespace {

std::vector<Tensor> all_of(const nb::args& tensors) {
    std::vector<Tensor> r;
    for (nb::handle h : tensors) {
        if (!is_tensor(h)) {
            throw nb::type_error("expected Tensors");
        }
        r.push_back(snapshot(tensor_in(h)));
    }
    return r;
}

/// The bytes that the system knows a str, bytes or os.PathLike by: as open() takes them.
std::string path_of(const path_argument& path) {
    PyObject* bytes = nullptr;
    if (PyUnicode_FSConverter(path.ptr(), &bytes) == 0) {
        throw nb::python_error();
    }
    const auto held = nb::steal<nb::bytes>(bytes);
    return {held.c_str(), held.size()};
}

std::vector<graph::node*> roots_of(const std::vector<Tensor>& tensors) {
    std::vector<graph::node*> roots;
    for (const Tensor& t : tensors) {
        roots.push_back(t.variable()->base().value().get());
    }
    return roots;
}

}  // namespace

void bind_control(nb::module_& m, tensor_class& c) {
    m.def(
        "eval",
        [](const nb::args& tensors) {
            const std::vector<Tensor> held = all_of(tensors);
            const std::vector<graph::node*> roots = roots_of(held);
            unlocked([&] { engine::evaluate(roots); });
        },
        "tensors"_a, "Computes the given tensors together, sharing passes over memory.");
    const auto explain = [](const std::vector<Tensor>& held, bool measured) {
        const std::vector<graph::node*> roots = roots_of(held);
        return unlocked(
            [&] { return measured ? engine::describe_measured(roots) : engine::describe(roots); });
    };
    m.def(
        "explain",
        [explain](const nb::args& tensors, bool measured) {
            return explain(all_of(tensors), measured);
        },
        "tensors"_a, nb::kw_only(), "measured"_a = false,
        "What evaluating the tensors together would do: the passes over memory, what each reads, "
        "computes and writes, and why it ends. Computes nothing, unless measured=True.");
    c.def(
        "explain",
        [explain](const Tensor& x, bool measured) { return explain({snapshot(x)}, measured); },
        nb::kw_only(), "measured"_a = false);
    m.def(
        "to_dot",
        [](const nb::args& tensors) {
            const std::vector<Tensor> held = all_of(tensors);
            const std::vector<graph::node*> roots = roots_of(held);
            return unlocked([&] { return engine::dot(roots); });
        },
        "tensors"_a, "The graph below the tensors in Graphviz's language, one cluster per pass.");
    m.def(
        "stats",
        [] {
            const statistics s = lazy::stats();
            nb::dict d;
            d["evaluations"] = s.evaluations;
            d["passes"] = s.passes;
            d["kernels"] = s.kernels;
            d["bytes_read"] = s.bytes_read;
            d["bytes_written"] = s.bytes_written;
            d["allocations"] = s.allocations;
            return nb::typed<nb::dict, nb::str, std::int64_t>(d);
        },
        "What evaluations have done since the program began.");
    m.def(
        "set_num_threads", [](int n) { lazy::set_num_threads(n); }, "n"_a,
        "Evaluations use at most so many threads; 0 leaves the choice to OpenMP.");
    m.def("get_num_threads", [] { return lazy::get_num_threads(); });
    m.def(
        "set_graph_budget",
        [](std::size_t nodes, std::size_t bytes) { lazy::set_graph_budget(nodes, bytes); },
        "nodes"_a, "bytes"_a = 0,
        "Evaluates by itself once so many operations, or bytes of results, are pending; 0 is no "
        "limit.");
    m.def(
        "set_printoptions",
        [](std::optional<int> precision, std::optional<std::int64_t> threshold,
           std::optional<int> edgeitems, std::optional<int> linewidth,
           const std::optional<std::string>& profile, std::optional<bool> sci_mode) {
            print_options o = profile ? print_profile(*profile) : get_printoptions();
            o.precision = precision.value_or(o.precision);
            o.threshold = threshold.value_or(o.threshold);
            o.edgeitems = edgeitems.value_or(o.edgeitems);
            o.linewidth = linewidth.value_or(o.linewidth);
            o.sci_mode = sci_mode;
            lazy::set_printoptions(o);
        },
        "precision"_a.none() = nb::none(), "threshold"_a.none() = nb::none(),
        "edgeitems"_a.none() = nb::none(), "linewidth"_a.none() = nb::none(),
        "profile"_a.none() = nb::none(), "sci_mode"_a.none() = nb::none(),
        "How tensors are printed, for the whole program; what is not named stays.");
    m.def(
        "load",
        [](const path_argument& path, bool mmap) {
            const std::string name = path_of(path);
            return unlocked(
                [&] { return lazy::load(name, mmap ? mmap_mode::read : mmap_mode::off); });
        },
        "path"_a, "mmap"_a = false,
        "The tensor in a .npy file. mmap=True maps the file and reads nothing until it is needed: "
        "files larger than memory can be reduced. OSError-like FormatError for what is missing or "
        "malformed.");
    m.def(
        "save",
        [](const path_argument& path, const Tensor& x) {
            const std::string name = path_of(path);
            const Tensor s = snapshot(x);
            unlocked([&] { lazy::save(name, s); });
        },
        "path"_a, "tensor"_a,
        "Writes a .npy file that NumPy reads: to a temporary name first, then renamed.");
}

}  // namespace lazy::python

#!/usr/bin/env python3
# Turns what the benchmarks measured into docs/benchmarks.md, its charts, and the README's table.
# SPDX-License-Identifier: BSD-3-Clause
"""report.py CPP.json [PYTHON.json ...] [--operations FILE]: CPP.json from lazytensor_bench --json, the
others from bench/python/rivals.py, FILE from bench/python/operations.py. Ratios are of medians; the
README's part is what stands between the lines `<!-- benchmarks -->` and `<!-- end of benchmarks -->`."""
import argparse
import collections
import json
import math
import pathlib
import re
import sys

import charts

ROOT = pathlib.Path(__file__).resolve().parent.parent
OURS = "lazytensor"
OURS_IN_PYTHON = "Lazytensor for Python"
PYTHON = [OURS_IN_PYTHON, "NumPy", "NumExpr", "PyTorch", "torch.compile", "JAX", "MLX"]
ORDER = ["loop", "loop_nt", "loop_xsimd", "loop_xsimd_nt", "loop_fp16", "Eigen", "xtensor", "memcpy",
         *PYTHON]
LABELS = {8: "8", 1 << 14: "16 Ki", 1 << 20: "1 Mi", 1 << 24: "16 Mi"}
LARGE, SMALL = 1 << 24, 1 << 14


class Results:
    """times[(case, n, threads)][runner] in nanoseconds, in the order of measurement."""

    def __init__(self, cpp, pythons):
        self.times = collections.defaultdict(dict)
        self.facts, sums = {}, {}
        self.over_statement = {}  # of this module: alternating in one process
        measured = json.loads(cpp.read_text())
        self.context = measured["context"]
        for run in measured["benchmarks"]:
            if run.get("aggregate_name", "median") != "median":
                continue
            case, runner, n, threads = re.sub("/real_time.*", "", run["run_name"]).rsplit("/", 3)
            key = case, int(n), int(threads)
            self.times[key][runner] = run["real_time"]
            if runner != "memcpy":
                self.facts[key] = run["bytes"], run["operations"]
                sums[case, int(n)] = run["checksum"]
        for path in pythons:
            for row in json.loads(path.read_text()):
                key = row["case"], row["n"], row["threads"]
                if "over_statement" in row:
                    self.over_statement[key] = row["over_statement"]
                    continue
                want = sums.get(key[:2])
                if want is not None and abs(row["checksum"] - want) > 1e-3 * abs(want) + 1e-6:
                    raise ValueError(f"{key}: Python computes something else than C++: "
                                     f"checksums {row['checksum']} and {want}")
                self.times[key][row["runner"]] = row["ns"]

    def keys(self, n, threads):
        return [k for k in self.times if k[1:] == (n, threads) and k[0] not in ("copy", "multiply-add")]

    def best_rival(self, key):
        """The fastest C++ runner that is not this library, or None."""
        rivals = [r for r in self.times[key] if is_cpp_rival(r)]
        return min(rivals, key=self.times[key].get, default=None)

    def ratio(self, key, over):
        """Our time over a runner's, None where one was not measured."""
        row = self.times.get(key, {})
        return row[OURS] / row[over] if OURS in row and over in row else None

    @property
    def thread_counts(self):
        return sorted({k[2] for k in self.times})


def is_cpp_rival(runner):
    return runner != "memcpy" and not runner.startswith(OURS) and runner not in PYTHON


def duration(ns):
    for unit, size in (("ms", 1e6), ("us", 1e3)):
        if ns >= size:
            return f"{ns / size:.3g} {unit}" if ns < 1000 * size else f"{ns / size:.0f} {unit}"
    return f"{ns:.3g} ns"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def name(case):
    """In code quotes where Markdown would read the formula."""
    return f"`{case}`" if re.search(r"[*^]", case) else case


def geometric_mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def against_rivals(results, n, threads):
    """(case, ratio, rival), the worst first."""
    rows = []
    for key in results.keys(n, threads):
        rival = results.best_rival(key)
        if rival and OURS in results.times[key] and not key[0].startswith("tiny"):
            rows.append((key[0], results.ratio(key, rival), rival))
    return sorted(rows, key=lambda row: -row[1])


def goals(results):
    """(what, measured, wanted), as text: the figures the library is held to."""
    rows = []

    def add(what, value, limit, unit=""):
        if value is not None:
            rows.append((what, f"{value:.3g}{unit}", f"at most {limit}{unit}",
                         "yes" if value <= limit else "**no**"))
    for threads in results.thread_counts:
        of = "1 thread" if threads == 1 else f"{threads} threads"
        for n in (SMALL, 1 << 20, LARGE):
            ratios = against_rivals(results, n, threads)
            if ratios:
                what = f"best rival, {LABELS[n]}, {of}"
                add(f"{what}: geometric mean of {len(ratios)} cases",
                    geometric_mean([r for _, r, _ in ratios]), 1.0)
                add(f"{what}: worst case ({name(ratios[0][0])})", ratios[0][1], 1.1)
        for case in ("softmax", "layer norm"):
            key = case, LARGE, threads
            loops = [r for r in results.times.get(key, {}) if r.startswith("loop")]
            if loops:
                add(f"{case} over memcpy, 4096 x 4096, {of}", results.ratio(key, "memcpy"), 2.3)
                best = min(loops, key=results.times[key].get)
                add(f"{case} over the best loop, 4096 x 4096, {of}", results.ratio(key, best), 1.0)
        for n, limit in ((LARGE, 1.15), (SMALL, 1.8)):
            add(f"three statements over one, {LABELS[n]}, {of}",
                results.ratio(("three statements", n, threads), "lazytensor, one statement"), limit)
        add(f"fresh output over an existing one, 16 Mi, {of}",
            results.ratio(("2a + 3b", LARGE, threads), "lazytensor, existing output"), 1.1)
        of_large = f"16 Mi, {of}"
        for rival in PYTHON[1:]:
            ratios = [(results.ratio(k, rival), k[0]) for k in results.keys(LARGE, threads)
                      if results.ratio(k, rival)]
            if ratios:
                add(f"over {rival}, {of_large}: geometric mean of {len(ratios)} cases",
                    geometric_mean([r for r, _ in ratios]), 1.0)
            if ratios and rival not in ("torch.compile", "MLX"):
                add(f"over {rival}, {of_large}: worst case ({name(max(ratios)[1])})", max(ratios)[0], 1.0)
        for (case, n, t), ratio in results.over_statement.items():
            if (n, t) == (LARGE, threads):
                add(f"from Python over one statement in C++, {name(case)}, {of_large}", ratio, 1.15)
    for case, runner, limit in (("tiny: build and drop", OURS, 60), ("tiny: a + b", OURS, 150),
                                ("tiny: sum(u*2 + 1)", "lazytensor, typed", 120)):
        add(f"{name(case)}, {runner}", results.times.get((case, 8, 1), {}).get(runner), limit, " ns")
    return table(["figure", "measured", "wanted", "met"], rows)


def all_times(results, n, threads, wanted):
    """Every case and runner at one size: our time, and the others' as multiples of it."""
    keys = results.keys(n, threads)
    runners = []
    for key in keys:
        runners += [r for r in results.times[key] if wanted(r) and r not in runners]
    if not runners:
        return None
    runners.sort(key=lambda r: ORDER.index(r) if r in ORDER else len(ORDER))
    rows = []
    for key in keys:
        row = results.times[key]
        ours = row.get(OURS, row.get("lazytensor, typed"))
        if ours is not None and any(r in row for r in runners):
            rows.append([name(key[0]), duration(ours)]
                        + [f"{row[r] / ours:.2f}" if r in row else "" for r in runners])
    return table(["case", OURS, *runners], rows)


def draw(results, folder):
    """The charts of the large size; the Markdown that shows them."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = []
    for threads in results.thread_counts:
        of = "1 thread" if threads == 1 else f"{threads} threads"
        keys = [k for k in results.keys(LARGE, threads) if OURS in results.times[k]]
        if not keys:
            continue
        bars = collections.defaultdict(list)
        for key in keys:
            row = results.times[key]
            ratios = {r: row[r] / row[OURS] for r in row}
            loops = [r for r in row if r.startswith("loop")]
            cpp = {r: ratios[r] for r in ("Eigen", "xtensor", "memcpy") if r in ratios}
            if loops:
                cpp = {"best loop": min(ratios[r] for r in loops), **cpp}
            bars["cpp"].append((key[0], cpp))
            bars["python"].append((key[0], {r: ratios[r] for r in PYTHON if r in ratios}))
        for kind, title, runners in (("cpp", "C++", ["best loop", "Eigen", "xtensor", "memcpy"]),
                                     ("python", "Python", PYTHON)):
            if any(r for _, r in bars[kind]):
                file = f"{kind}_{'one' if threads == 1 else 'all'}.svg"
                charts.ratio_bars(folder / file, f"{title}, 16 Mi elements, {of}", bars[kind], runners)
                shown.append(f"![{title} rivals on {of}](benchmarks/{file})")
        shown += draw_roofline(results, folder, keys, threads, of)
    return "\n\n".join(shown)


def draw_roofline(results, folder, keys, threads, of):
    copy, peak = ("copy", LARGE, threads), ("multiply-add", SMALL, threads)
    if copy not in results.times or peak not in results.times:
        return []
    points = []
    for key in keys:
        bytes_, operations = results.facts[key]
        if bytes_ < 1e6:
            continue  # reads next to nothing: no place on an axis of bytes
        row = results.times[key]
        loops = [row[r] for r in row if r.startswith("loop")]
        points.append((key[0], operations / bytes_, bytes_ / row[OURS] * 1e9,
                       bytes_ / min(loops) * 1e9 if loops else None))
    file = f"roofline_{'one' if threads == 1 else 'all'}.svg"
    charts.roofline(folder / file, f"Roofline, 16 Mi elements, {of}", points,
                    2 * 4 * LARGE / results.times[copy]["memcpy"] * 1e9,
                    results.facts[peak][1] / results.times[peak]["fma"] * 1e9)
    return [f"![Roofline of {of}](benchmarks/{file})"]


def machine(context):
    caches = ", ".join(f"L{c['level']} {c['size'] // 1024} KiB" for c in context["caches"]
                       if c["type"] != "Instruction")
    return f"{context['num_cpus']} processors at {context['mhz_per_cpu']} MHz, {caches}"


def operations_table(path):
    """What calls from Python cost; None where that was not measured."""
    if path is None or not path.exists():
        return None
    measured = json.loads(path.read_text())
    libraries = [key for key in measured[0] if key != "operation"]
    rows = [[f"`{row['operation']}`", *(duration(row[library]) for library in libraries)] for row in measured]
    return table(["call", *libraries], rows)


def document(results, operations):
    parts = [
        "# Benchmarks",
        "Written by `scripts/bench all`; do not edit. " + machine(results.context)
        + f"; {results.context['date'][:10]}, load {results.context['load_avg'][0]:.1f} at the start.",
        "Medians of repetitions, in which a case's C++ runners take turns. All get the same arrays, and "
        "a runner whose result is wrong is not timed. Lazytensor, NumPy, PyTorch, JAX and MLX return "
        "fresh memory each time; the others write into an array that is there. `loop` is written by "
        "hand with SIMD registers and one pass over memory, `_nt` with stores past the caches, "
        "`_xsimd` with xsimd's functions instead of the library's more accurate ones; "
        "`memcpy` copies as many bytes as the case writes. Eigen runs on one thread only. "
        "16 Mi elements are 4096 x 4096 where there are rows.",
        "## What the library is held to", goals(results), "## Charts", draw(results, ROOT / "docs/benchmarks")]
    for threads in results.thread_counts:
        for n in LABELS:
            of = "1 thread" if threads == 1 else f"{threads} threads"
            for title, wanted in (("C++", lambda r: r != OURS and r not in PYTHON),
                                  ("Python", lambda r: r in PYTHON)):
                if text := all_times(results, n, threads, wanted):
                    parts += [f"## {title}: {LABELS[n]} elements, {of}",
                              "The first column of figures is a time, the others are multiples of it.",
                              text]
    if text := operations_table(operations):
        parts += ["## Calls from Python",
                  "On 8 elements, the quickest of some repetitions. Ours build a graph and drop it, but for "
                  "`numpy()`, which gives the array of a computed tensor; PyTorch computes.", text]
    return "\n\n".join(parts) + "\n"


def readme_table(results):
    """16 Mi elements on one thread: ours, and each kind of rival as a multiple."""
    rows = []
    for key in results.keys(LARGE, 1):
        row = results.times[key]
        if OURS not in row:
            continue
        loops = [row[r] for r in row if r.startswith("loop")]
        python = [r for r in PYTHON if r in row and r != OURS_IN_PYTHON]
        best = min(python, key=row.get, default=None)

        def of(ns):
            return f"{ns / row[OURS]:.2f}" if ns else ""
        rows.append([name(key[0]), duration(row[OURS]), of(min(loops, default=None)),
                     of(row.get("Eigen")), of(row.get("xtensor")), of(row.get("NumPy")),
                     of(row.get("PyTorch")), f"{of(row[best])} ({best})" if best else ""])
    head = ["16 Mi elements, 1 thread", "Lazytensor", "hand-written", "Eigen", "xtensor", "NumPy",
            "PyTorch", "best of Python"]
    measured = [c for c in range(len(head)) if any(row[c] for row in rows)]
    head = [head[c] for c in measured]
    rows = [[row[c] for c in measured] for row in rows]
    return ("The first column of figures is a time, the others are multiples of it (above 1: slower); "
            "see [docs/benchmarks.md](docs/benchmarks.md).\n\n" + table(head, rows))


def write_readme(text):
    path = ROOT / "README.md"
    begin, end = "<!-- benchmarks -->", "<!-- end of benchmarks -->"
    before, found, rest = path.read_text().partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        print(f"README.md: no lines {begin} and {end}, left alone", file=sys.stderr)
        return
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cpp", type=pathlib.Path)
    parser.add_argument("python", type=pathlib.Path, nargs="*")
    parser.add_argument("--operations", type=pathlib.Path)
    args = parser.parse_args()
    results = Results(args.cpp, [p for p in args.python if p.exists()])
    (ROOT / "docs").mkdir(exist_ok=True)
    (ROOT / "docs/benchmarks.md").write_text(document(results, args.operations))
    write_readme(readme_table(results))
    print(goals(results))
    print("written: docs/benchmarks.md, docs/benchmarks/*.svg")


if __name__ == "__main__":
    main()

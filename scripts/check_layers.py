#!/usr/bin/env python3
# Proves that includes point one way, and that files keep the form that the style asks for.
# SPDX-License-Identifier: BSD-3-Clause
"""Public API -> lazy -> (backend interface) <- backends. Prints each breach as `file:line: what`, and
exits with 1 if there is any. With --self-test, breaks each guard once on a small tree and checks that
the breach is reported."""
import argparse
import os
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

# What the files below a path may include with quotes; the longest matching prefix decides.
INTERFACE = "backends/backend.hpp"
LAZY = ("lazy/core/", "lazy/ops/", "lazy/graph/", "lazy/plan/", INTERFACE)
MAY_INCLUDE = {
    "include/": ("include/", "lazy/", "backends/"),
    "lazy/core/": ("lazy/core/",),
    "lazy/ops/": ("lazy/core/", "lazy/ops/"),
    "lazy/graph/": ("lazy/core/", "lazy/ops/", "lazy/graph/"),
    "lazy/plan/": LAZY,
    "lazy/compiled/": ("include/", "lazy/", "backends/"),
    "backends/": LAZY,
    "backends/cpu/": (*LAZY, "backends/cpu/"),
    "backends/cuda/": (*LAZY, "backends/cuda/"),
    "backends/null/": (*LAZY, "backends/null/"),
    "examples/": ("examples/",),
}
DEVICE_HEADERS = re.compile(r"^(xsimd|thrust|cub|nv|cuda)/|^cuda|^omp\.h$|intrin\.h$")
# The C++ standard library has neither folder nor extension; POSIX and C headers have one.
# Huge pages are asked for where memory is made, threads looked for where references are counted.
SYSTEM_HEADERS = {("lazy/core/memory.hpp", "sys/mman.h"),
                  ("lazy/core/pointer.hpp", "sys/single_threaded.h")}
STANDARD_HEADER = re.compile(r"^[a-z0-9_]+$")
OWN_ANGLED = re.compile(r"^(lazytensor\.hpp|lazytensor/|lazy/|backends/|include/)")

CODE = (".hpp", ".cpp", ".cu", ".cuh")
SCRIPT = (".py", ".cmake", ".in", ".sh")
FOLDERS = ("include", "lazy", "backends", "tests", "bench", "examples", "python", "cmake", "scripts", ".ci")
HEADER_LIMIT = 400
MADE = {"__pycache__", "build"}  # by Python and pip, in the folders of the sources
LICENCE = "SPDX-License-Identifier: BSD-3-Clause"
# Written in two parts so that this file is not its own breach.
LEFT_OVER = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX")) + r")\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


class Checker:
    def __init__(self, root):
        self.root = root
        self.breaches = []
        self.edges = {}

    def breach(self, name, line, text):
        self.breaches.append(f"{name}:{line}: {text}")

    def files(self):
        for folder in FOLDERS:
            for path in sorted((self.root / folder).rglob("*")):
                if path.is_file() and MADE.isdisjoint(path.relative_to(self.root).parts):
                    yield path
        if (self.root / "CMakeLists.txt").is_file():
            yield self.root / "CMakeLists.txt"

    def run(self):
        for path in self.files():
            name = path.relative_to(self.root).as_posix()
            is_code = path.suffix in CODE
            if not is_code and not is_script(path):
                continue
            lines = path.read_text(encoding="utf-8").split("\n")
            self.check_form(name, lines, is_code)
            if is_code:
                self.check_includes(path, name, lines)
        self.check_cycles()
        return self.breaches

    def check_form(self, name, lines, is_code):
        mark = "// " if is_code else "# "
        first = 1 if lines[0].startswith("#!") else 0
        top = (lines + ["", "", "", ""])[first:]
        # Python says what a file is for in its docstring, which help() shows.
        purpose = 1
        if name.endswith(".py") and top[0].startswith('"""'):
            closes = 0 if top[0].endswith('"""') and len(top[0]) > 6 else top[1:].index('"""') + 1
            purpose = closes + 1
            top = [mark + top[0][3:], *top[1:]]
        if not top[0].startswith(mark) or len(top[0]) < len(mark) + 8:
            self.breach(name, first + 1, "the first line is not a one-line purpose comment")
        if top[purpose] != mark + LICENCE:
            self.breach(name, first + purpose + 1, f"the second line is not '{mark}{LICENCE}'")
        if name.endswith((".hpp", ".cuh")):
            if next((line for line in top[2:] if line), "") != "#pragma once":
                self.breach(name, 3, "the code does not begin with '#pragma once'")
            if len(lines) - 1 > HEADER_LIMIT:
                self.breach(name, HEADER_LIMIT, f"{len(lines) - 1} lines: over the limit of {HEADER_LIMIT}")
        for number, line in enumerate(lines, 1):
            if line != line.rstrip():
                self.breach(name, number, "trailing whitespace")
            if LEFT_OVER.search(line):
                self.breach(name, number, "a left-over mark")
        if lines[-1] != "" or (len(lines) > 1 and lines[-2] == ""):
            self.breach(name, len(lines), "does not end with exactly one newline")

    def check_includes(self, path, name, lines):
        prefix = max((p for p in MAY_INCLUDE if name.startswith(p)), key=len, default=None)
        if name.startswith("lazy/") and prefix is None:
            self.breach(name, 1, "not in one of the folders of lazy/ that have a place in the order")
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            quoted, angled = match.groups()
            if quoted is not None:
                target = os.path.normpath(path.parent / quoted)
                if not os.path.isfile(target):
                    self.breach(name, number, f'"{quoted}" is not a file relative to this one')
                    continue
                target = pathlib.Path(target).relative_to(self.root).as_posix()
                self.edges.setdefault(name, []).append((target, number))
                if prefix and not target.startswith(MAY_INCLUDE[prefix]):
                    self.breach(name, number, f"{prefix} must not include {target}")
            elif name.startswith(("include/", "lazy/", "backends/")):
                if OWN_ANGLED.match(angled):
                    self.breach(name, number, f"<{angled}>: our own headers are included by relative quotes")
                if name.startswith("lazy/") and DEVICE_HEADERS.search(angled):
                    self.breach(name, number, f"lazy/ knows no SIMD, threads or devices: <{angled}>")
                elif (name.startswith("lazy/core/") and not STANDARD_HEADER.match(angled)
                      and (name, angled) not in SYSTEM_HEADERS):
                    self.breach(name, number, f"lazy/core/ includes the standard library only: <{angled}>")

    def check_cycles(self):
        state = {}
        for start in sorted(self.edges):
            if start in state:
                continue
            state[start] = "open"
            trail = [start]
            stack = [(start, iter(self.edges[start]))]
            while stack:
                name, targets = stack[-1]
                for target, number in targets:
                    if state.get(target) == "open":
                        cycle = trail[trail.index(target):] + [target]
                        self.breach(name, number, "include cycle: " + " -> ".join(cycle))
                    elif target not in state:
                        state[target] = "open"
                        trail.append(target)
                        stack.append((target, iter(self.edges.get(target, ()))))
                        break
                else:
                    state[name] = "done"
                    trail.pop()
                    stack.pop()


def is_script(path):
    if path.suffix in SCRIPT or path.name == "CMakeLists.txt":
        return True
    return path.suffix == "" and path.parent.name in ("scripts", ".ci")


# A tree that keeps every rule; each guard below changes one file of it.
GOOD = {
    "include/lazytensor.hpp": '#include "lazytensor/tensor.hpp"\n',
    "include/lazytensor/tensor.hpp": '#include "../../backends/cpu/tile.hpp"\n#include "../../lazy/plan/fuse.hpp"\n',
    "lazy/core/dtype.hpp": "#include <cstdint>\n",
    "lazy/ops/op.hpp": '#include "../core/dtype.hpp"\n',
    "lazy/graph/node.hpp": '#include "../ops/op.hpp"\n',
    "lazy/plan/pass.hpp": '#include "../graph/node.hpp"\n',
    "lazy/plan/fuse.hpp": '#include "../../backends/backend.hpp"\n',
    "backends/backend.hpp": '#include "../lazy/plan/pass.hpp"\n',
    "backends/cpu/tile.hpp": '#include "../backend.hpp"\n#include <xsimd/xsimd.hpp>\n',
    "backends/null/record.hpp": '#include "../backend.hpp"\n',
    "examples/tour.cpp": "#include <lazytensor.hpp>\n",
}
GUARDS = [
    ("core includes ops", "lazy/core/dtype.hpp", '#include "../ops/op.hpp"\n', "lazy/core/ must not include"),
    ("core includes POSIX", "lazy/core/dtype.hpp", "#include <sys/mman.h>\n", "standard library only"),
    ("ops include graph", "lazy/ops/op.hpp", '#include "../graph/node.hpp"\n', "lazy/ops/ must not include"),
    ("graph includes plan", "lazy/graph/node.hpp", '#include "../plan/pass.hpp"\n', "lazy/graph/ must not include"),
    ("graph includes the interface", "lazy/graph/node.hpp", '#include "../../backends/backend.hpp"\n',
     "lazy/graph/ must not include"),
    ("plan includes a backend", "lazy/plan/pass.hpp", '#include "../../backends/cpu/tile.hpp"\n',
     "lazy/plan/ must not include"),
    ("plan includes the public API", "lazy/plan/pass.hpp", '#include "../../include/lazytensor.hpp"\n',
     "lazy/plan/ must not include"),
    ("a backend includes the public API", "backends/cpu/tile.hpp", '#include "../../include/lazytensor.hpp"\n',
     "backends/cpu/ must not include"),
    ("a backend includes another", "backends/null/record.hpp", '#include "../cpu/tile.hpp"\n',
     "backends/null/ must not include"),
    ("the interface includes a backend", "backends/backend.hpp", '#include "cpu/tile.hpp"\n',
     "backends/ must not include"),
    ("an example includes internals", "examples/tour.cpp", '#include "../lazy/core/dtype.hpp"\n',
     "examples/ must not include"),
    ("lazy includes xsimd", "lazy/ops/op.hpp", "#include <xsimd/xsimd.hpp>\n", "knows no SIMD"),
    ("lazy includes thrust", "lazy/plan/pass.hpp", "#include <thrust/transform.h>\n", "knows no SIMD"),
    ("lazy includes CUDA", "lazy/graph/node.hpp", "#include <cuda_runtime.h>\n", "knows no SIMD"),
    ("lazy includes OpenMP", "lazy/plan/pass.hpp", "#include <omp.h>\n", "knows no SIMD"),
    ("our header in angles", "lazy/ops/op.hpp", "#include <lazytensor/tensor.hpp>\n", "relative quotes"),
    ("a missing file", "lazy/ops/op.hpp", '#include "none.hpp"\n', "is not a file"),
    ("a folder without a place", "lazy/other/a.hpp", "", "have a place in the order"),
    ("a cycle", "lazy/core/dtype.hpp", '#include "shape.hpp"\n', "include cycle"),
    ("a long header", "lazy/core/dtype.hpp", "int a;\n" * HEADER_LIMIT, "over the limit"),
    ("trailing whitespace", "lazy/core/dtype.hpp", "int a; \n", "trailing whitespace"),
    ("no newline at the end", "lazy/core/dtype.hpp", "int a;", "exactly one newline"),
    ("a left-over mark", "lazy/core/dtype.hpp", "// TO" + "DO: more\n", "a left-over mark"),
]
TOPS = [
    ("no purpose", "#pragma once\n// " + LICENCE + "\n", "one-line purpose"),
    ("no licence", "// What this is for.\n#pragma once\n", "the second line is not"),
    ("no pragma once", "// What this is for.\n// " + LICENCE + "\nint a;\n", "#pragma once"),
]


def write(root, name, body):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pragma = "#pragma once\n" if name.endswith(".hpp") else ""
    path.write_text(f"// What {name} is for.\n// {LICENCE}\n{pragma}{body}")


def breaches_with(change):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        for name, body in GOOD.items():
            write(root, name, body)
        change(root)
        return Checker(root).run()


def change_body(name, body):
    def change(root):
        write(root, name, body)
        write(root, "lazy/core/shape.hpp", '#include "dtype.hpp"\n')
    return change


def change_top(text):
    return lambda root: (root / "lazy/core/dtype.hpp").write_text(text)


def self_test():
    failures = 0
    clean = breaches_with(lambda root: None)
    if clean:
        failures += 1
        print("a tree that keeps the rules is refused:", *clean, sep="\n  ")
    cases = [(what, change_body(name, body), expected) for what, name, body, expected in GUARDS]
    cases += [(what, change_top(text), expected) for what, text, expected in TOPS]
    for what, change, expected in cases:
        found = breaches_with(change)
        if not any(expected in breach for breach in found):
            failures += 1
            print(f"{what}: not noticed (found {found})")
    print(f"{len(cases) + 1 - failures} of {len(cases) + 1} guards hold")
    return 1 if failures else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("root", nargs="?", type=pathlib.Path, default=ROOT)
    args = parser.parse_args()
    if args.self_test:
        return self_test()
    checker = Checker(args.root.resolve())
    breaches = checker.run()
    print(*breaches, sep="\n", end="\n" if breaches else "")
    print(f"layers: {len(checker.edges)} files with includes, {len(breaches)} breaches")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())

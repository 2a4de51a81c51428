#!/usr/bin/env python3
# Checks that the C++ in README.md and docs/ is quoted from compiled examples, or compiles.
# SPDX-License-Identifier: BSD-3-Clause
"""A block marked ```cpp may carry, on the line before it, one of

    <!-- from: examples/tour.cpp#tag -->  the lines between `// snippet: tag` and `// end snippet` there,
                                          compared without their common indentation (no #tag: all of it)
    <!-- continues -->                    compiled together with the block before it
    <!-- not compiled: why -->            left out

Any other block is compiled: alone if it has a main, else as the body of one, else at namespace scope,
with <lazytensor.hpp> included."""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
MARK = re.compile(r"<!--\s*(from|continues|not compiled)(?::\s*(.*?))?\s*-->")


def blocks(path):
    """Yields (line number, kind, argument, text) of each ```cpp block."""
    lines = path.read_text(encoding="utf-8").split("\n")
    mark = start = kind = argument = None
    for number, line in enumerate(lines, 1):
        if start is not None:
            if line.strip() == "```":
                yield start, kind, argument, "\n".join(lines[start:number - 1])
                start = None
        elif line.strip() == "```cpp":
            kind, argument = (mark[1], mark[2]) if mark else (None, None)
            mark, start = None, number
        elif line.strip():
            mark = MARK.fullmatch(line.strip())


def quoted(source):
    """The text that `path` or `path#tag` names."""
    name, _, tag = source.partition("#")
    text = (ROOT / name).read_text(encoding="utf-8")
    if not tag:
        return text.rstrip("\n")
    match = re.search(rf"^[ \t]*// snippet: {re.escape(tag)}\n(.*?)^[ \t]*// end snippet$",
                      text, re.MULTILINE | re.DOTALL)
    if not match:
        raise ValueError(f"{name} has no snippet '{tag}'")
    return textwrap.dedent(match[1]).rstrip("\n")


def compiles(program, args):
    run = subprocess.run(
        [args.compiler, "-std=c++20", "-fsyntax-only", "-I", ROOT / "include", "-x", "c++", "-"],
        input=program, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return run.returncode == 0, run.stdout


def problem_with(text, args):
    if re.search(r"\bint main\(", text):
        ok, said = compiles(text, args)
        return None if ok else said
    lines = text.split("\n")
    is_include = [line.lstrip().startswith("#include") for line in lines]
    head = "#include <lazytensor.hpp>\n" + "\n".join(l for l, i in zip(lines, is_include) if i)
    body = "\n".join("" if i else l for l, i in zip(lines, is_include))
    ok, said = compiles(f"{head}\nint main() {{\n{body}\n}}\n", args)
    if ok or compiles(f"{head}\n{body}\n", args)[0]:
        return None
    return said


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    args = parser.parse_args()

    failures, counts, to_compile = [], {"quoted": 0, "compiled": 0, "left out": 0}, []
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        if not path.exists():
            continue
        before = ""
        for line, kind, argument, text in blocks(path):
            where = f"{path.relative_to(ROOT)}:{line}"
            whole = f"{before}\n{text}" if kind == "continues" else text
            before = whole
            if kind == "not compiled":
                counts["left out"] += 1
                print(f"{where}: not compiled: {argument}")
            elif kind == "from":
                counts["quoted"] += 1
                try:
                    if quoted(argument) != textwrap.dedent(text).rstrip("\n"):
                        failures.append(f"{where}: differs from {argument}")
                except (OSError, ValueError) as problem:
                    failures.append(f"{where}: {problem}")
            else:
                counts["compiled"] += 1
                to_compile.append((where, whole))

    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for (where, _), said in zip(to_compile, pool.map(lambda b: problem_with(b[1], args), to_compile)):
            if said is not None:
                failures.append(f"{where}: does not compile:\n{said}")
    print(*failures, sep="\n", end="\n" if failures else "")
    print("code in docs: " + ", ".join(f"{n} {what}" for what, n in counts.items())
          + f"; {len(failures)} wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

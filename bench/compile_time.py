#!/usr/bin/env python3
# Compiles one file of fifty different expressions with Lazytensor, xtensor and Eigen; reports time and memory.
# SPDX-License-Identifier: BSD-3-Clause
"""Each library gets the same fifty expressions over one-dimensional float32 tensors, each assigned to a
named result whose first element is summed, so that every one is evaluated. Reported: wall seconds and
peak memory of the compiler, and what the program printed (the sums must agree)."""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
COUNT = 50
SIZE = 64

# x, y, z, w stand for the tensors and k for a constant that differs every time.
SHAPES = [
    "({x} + {y}) * {z} - sin({w}) * {k}",
    "exp(-{x}) * {k} + {y} / ({z} + {k})",
    "sqrt({x} * {x} + {y} * {y}) - {z} * {k}",
    "({x} - {y}) / ({x} + {y} + {k}) * tanh({z})",
    "log({x} + {k}) * cos({y}) + {z} * {w}",
    "abs({x} - {y}) * {k} + abs({z} - {w})",
    "{x} * {k} + {y} * {y} - exp({z} * {k}) / {w}",
    "sin({x}) * cos({y}) + cos({z}) * sin({w}) - {k}",
    "({x} + {k}) * ({y} - {k}) * ({z} + {w})",
    "tanh({x} * {y} + {z}) * ({w} - {k})",
]
# Each shape once with each of these: ten shapes times five tails are fifty different types.
TAILS = ["+ {x}", "- {x}", "* {x}", "/ {x}", "+ {x} * 1.5f"]
PLACES = ["abcd", "bcda", "cdab", "dabc", "acbd"]


def expressions():
    for number in range(COUNT):
        shape, turn = SHAPES[number % len(SHAPES)], number // len(SHAPES)
        operands = dict(zip("xyzw", PLACES[turn]))
        yield f"{shape} {TAILS[turn]}".format(**operands, k=f"0.{number + 11}f")


class Lazytensor:
    name, header, namespace = "lazytensor", "#include <lazytensor.hpp>", "lazy"
    tensor = "lazy::tensor<float>"
    flags = ["-I", str(ROOT / "include")]
    first, full = "{r}[0].item()", "lazy::full({{{n}}}, {v}f)"


class Xtensor:
    name, namespace = "xtensor", "xt"
    header = "#include <xtensor/xtensor.hpp>\n#include <xtensor/xmath.hpp>\n#include <xtensor/xbuilder.hpp>"
    tensor = "xt::xtensor<float, 1>"
    flags = ["-DXTENSOR_USE_XSIMD"]
    first, full = "{r}(0)", "xt::ones<float>({{{n}}}) * {v}f"


class Eigen:
    name, header, namespace = "Eigen", "#include <Eigen/Core>", "Eigen"
    tensor = "Eigen::ArrayXf"
    flags = ["-I", "/usr/include/eigen3"]
    first, full = "{r}(0)", "Eigen::ArrayXf::Constant({n}, {v}f)"


def source(library):
    lines = [library.header, "#include <cstdio>", "", "int main() {", f"    using namespace {library.namespace};"]
    for name, value in zip("abcd", (1.25, 0.5, 2.75, 3.5)):
        lines.append(f"    {library.tensor} {name} = {library.full.format(n=SIZE, v=value)};")
    lines.append("    double total = 0;")
    for number, expression in enumerate(expressions()):
        lines.append(f"    {library.tensor} r{number} = {expression};")
        lines.append(f"    total += {library.first.format(r=f'r{number}')};")
    lines += [r'    std::printf("%.4f\n", total);', "}", ""]
    return "\n".join(lines)


def compile_once(library, args, folder):
    """(wall seconds, peak MiB, program) of the compiler itself, or what it said."""
    file, program = folder / f"{library.name}.cpp", folder / library.name
    file.write_text(source(library))
    command = [args.compiler, "-std=c++20", "-O2", "-march=native", *library.flags, *args.flags,
               str(file), "-o", str(program)]
    if shutil.which("ccache"):
        os.environ["CCACHE_DISABLE"] = "1"
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = process.stdout.read()
    # The largest of the driver and its children (cc1plus, as, ld), waited for or not.
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    return seconds, usage.ru_maxrss / 1024, program if process.returncode == 0 else None, said


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--repeat", type=int, default=1, help="report the best of so many")
    parser.add_argument("--only", choices=["lazytensor", "xtensor", "Eigen"])
    parser.add_argument("--print", action="store_true", help="print the generated file, compile nothing")
    parser.add_argument("flags", nargs="*", help="after --: further flags for the compiler")
    args = parser.parse_args()

    libraries = [l for l in (Lazytensor, Xtensor, Eigen) if args.only in (None, l.name)]
    if args.print:
        print(*[source(library) for library in libraries], sep="\n")
        return 0
    failed = False
    print(f"{COUNT} expressions, -O2 -march=native\n{'library':<12}{'seconds':>9}{'MiB':>7}  sum of first elements")
    with tempfile.TemporaryDirectory() as folder:
        for library in libraries:
            runs = [compile_once(library, args, pathlib.Path(folder)) for _ in range(args.repeat)]
            seconds, memory, program, said = min(runs, key=lambda run: run[0])
            if program is None:
                failed = True
                first = next((line for line in said.split("\n") if re.search("error", line)), said)
                print(f"{library.name:<12} does not compile: {first}")
                continue
            printed = subprocess.run([program], stdout=subprocess.PIPE, text=True).stdout.strip()
            print(f"{library.name:<12}{seconds:>9.1f}{memory:>7.0f}  {printed}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

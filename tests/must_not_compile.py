#!/usr/bin/env python3
# Checks that one source file is refused by the compiler, for the reason that its first line expects.
# SPDX-License-Identifier: BSD-3-Clause
"""The file must compile with -DLAZYTENSOR_CONTROL (so that nothing else is wrong with it), must not
compile without, and the errors must match the regular expression of its first line `// expect: ...`."""
import argparse
import pathlib
import re
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=pathlib.Path, required=True)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("flags", nargs="*", help="after --: flags for the compiler")
    args = parser.parse_args()

    first = args.file.read_text().split("\n", 1)[0]
    expected = re.match(r"// expect: (.+)", first)
    if not expected:
        return f"{args.file}: line 1 must be '// expect: <regular expression>'"
    if "LAZYTENSOR_CONTROL" not in args.file.read_text():
        return f"{args.file}: no positive control (#ifdef LAZYTENSOR_CONTROL)"

    def compile_with(*extra):
        return subprocess.run(
            [args.compiler, "-std=c++20", "-fsyntax-only", *args.flags, *extra, args.file],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    control = compile_with("-DLAZYTENSOR_CONTROL")
    if control.returncode != 0:
        return f"{args.file}: the positive control does not compile:\n{control.stdout}"
    case = compile_with()
    if case.returncode == 0:
        return f"{args.file}: compiles, and must not"
    if not re.search(expected[1], case.stdout):
        return f"{args.file}: refused, but not for /{expected[1]}/:\n{case.stdout}"
    print(f"{args.file.name}: refused as expected")
    return 0


if __name__ == "__main__":
    sys.exit(main())

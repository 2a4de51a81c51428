#!/usr/bin/env python3
# Checks that every header compiles alone, twice in a row, without warnings.
# SPDX-License-Identifier: BSD-3-Clause
"""Syntax-only compilation of each .hpp under include/, lazy/ and backends/. A header that passed is not
compiled again while neither it, nor anything that it includes, nor the command has changed."""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Werror"]


def digest(command, files):
    state = hashlib.sha256(repr(command).encode())
    for name in sorted(files):
        try:
            state.update(name.encode() + hashlib.sha256(pathlib.Path(name).read_bytes()).digest())
        except OSError:
            return None
    return state.hexdigest()


def dependencies(text):
    words = text.replace("\\\n", " ").split(": ", 1)[-1].split()
    return [word for word in words if not word.startswith("/dev/") and word != "-"]


def is_cuda(header):
    """The headers that need Thrust and one of its host systems."""
    name = header.as_posix()
    return "backends/cuda" in name or name.endswith("lazytensor/cuda.hpp")


def command_for(header, args):
    command = [args.compiler, "-std=c++20", "-O1", "-fsyntax-only", *WARNINGS, *args.flags]
    if is_cuda(header):
        command += ["-isystem", args.thrust, "-DTHRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_CPP"]
    return command


def check(header, args, cache):
    """Returns (header, what the compiler said or None, its cache entry)."""
    command = command_for(header, args)
    known = cache.get(str(header))
    if known and digest(command, known["files"]) == known["digest"]:
        return header, None, known
    with tempfile.NamedTemporaryFile(suffix=".d") as depfile:
        run = subprocess.run(
            [*command, "-MD", "-MT", "header", "-MF", depfile.name, "-x", "c++", "-"],
            input=f'#include "{header}"\n#include "{header}"\n', text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if run.returncode != 0:
            return header, run.stdout, None
        files = dependencies(pathlib.Path(depfile.name).read_text())
    return header, None, {"files": files, "digest": digest(command, files)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--cache", type=pathlib.Path, help="where to remember what passed")
    parser.add_argument("--thrust", default="", help="Thrust's include directory")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("flags", nargs="*", help="after --: flags for the compiler")
    args = parser.parse_args()

    headers = sorted(path for tree in ("include", "lazy", "backends")
                     for path in (ROOT / tree).rglob("*.hpp"))
    if not headers:
        return "no headers found: nothing was checked"
    if not args.thrust or args.thrust.endswith("NOTFOUND"):
        kept = [path for path in headers if not is_cuda(path)]
        print(f"Thrust not found: {len(headers) - len(kept)} headers of backends/cuda skipped")
        headers = kept

    cache = {}
    if args.cache and args.cache.exists():
        cache = json.loads(args.cache.read_text())
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        results = list(pool.map(lambda header: check(header, args, cache), headers))
    if args.cache:
        entries = {str(header): entry for header, _, entry in results if entry}
        args.cache.write_text(json.dumps(entries))

    failures = [(header, said) for header, said, _ in results if said is not None]
    for header, said in failures:
        print(f"{header.relative_to(ROOT)} does not compile alone:\n{said}")
    print(f"{len(headers) - len(failures)} of {len(headers)} headers compile alone")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# Builds and runs a tiny program in one of the ways that a user can use the library.
# SPDX-License-Identifier: BSD-3-Clause
"""Each way starts from an empty folder, builds program.cpp, runs it and compares what it prints; and
compiles, with the same include directories, a file that fails where <lazy/...> or <backends/...> is
reachable."""
import argparse
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
EXPECTED = "[2, 3]\n"


def run(*command):
    done = subprocess.run([str(word) for word in command], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def write_unreachable(folder):
    """A translation unit that compiles only where no internal header can be named."""
    internal = sorted(path.relative_to(ROOT).as_posix() for tree in ("lazy", "backends")
                      for path in (ROOT / tree).rglob("*.hpp"))
    if not internal:
        sys.exit("no internal headers found: nothing would be checked")
    # Without the control, a wrong include directory would make every line below true.
    lines = ["#if !__has_include(<lazytensor.hpp>)", "#error <lazytensor.hpp> is not reachable", "#endif"]
    for header in internal:
        lines += [f"#if __has_include(<{header}>)", f"#error <{header}> is reachable", "#endif"]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "unreachable.cpp"
    path.write_text("\n".join(lines) + "\n")
    return path


def with_cmake(way, args, work, unreachable):
    run("cmake", "-S", HERE / way, "-B", work / "build", "-DCMAKE_BUILD_TYPE=Release",
        f"-DCMAKE_CXX_COMPILER={args.compiler}", f"-DLAZYTENSOR_SOURCE={ROOT}",
        f"-DLAZYTENSOR_UNREACHABLE={unreachable}", f"-DCMAKE_PREFIX_PATH={args.work / 'prefix'}",
        "-DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF")
    run("cmake", "--build", work / "build")
    return run(work / "build" / "program")


def bare(include, args, work, unreachable):
    run(args.compiler, "-std=c++20", "-I", include, HERE / "program.cpp", unreachable,
        "-o", work / "program")
    return run(work / "program")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=["install", "add_subdirectory", "find_package", "compiled",
                                        "bare", "bare_installed"])
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="the build to install from")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="a folder of its own")
    args = parser.parse_args()

    if args.way == "install":
        shutil.rmtree(args.work / "prefix", ignore_errors=True)
        run("cmake", "--install", args.build, "--prefix", args.work / "prefix")
        return 0

    work = args.work / args.way
    shutil.rmtree(work, ignore_errors=True)
    unreachable = write_unreachable(work)
    if args.way == "bare":
        printed = bare(ROOT / "include", args, work, unreachable)
    elif args.way == "bare_installed":
        printed = bare(args.work / "prefix" / "include", args, work, unreachable)
    else:
        printed = with_cmake(args.way, args, work, unreachable)
    if printed != EXPECTED:
        return f"{args.way}: printed {printed!r} instead of {EXPECTED!r}"
    print(f"{args.way}: {printed.strip()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

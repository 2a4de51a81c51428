#!/usr/bin/env python3
# Measures the Python rivals on the cases, sizes and data of the C++ benchmarks, on some threads.
# SPDX-License-Identifier: BSD-3-Clause
"""rivals.py --threads N --json FILE: the median nanoseconds of an evaluation, results in fresh memory.
A result that is further from NumPy in float64 than TOLERANCE times the largest element is not timed;
a library that is missing or fails is named and left out. One process per thread count, bound to as
many processors: JAX and MLX take what they find when they start."""
import argparse
import ctypes
import json
import os
import pathlib
import re
import statistics
import sys
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--json", type=pathlib.Path, required=True)
parser.add_argument("--quick", action="store_true", help="fewer repetitions and sizes")
parser.add_argument("--only", default="", help="a regular expression, searched in case/elements")
parser.add_argument("--libraries", default="", help="a regular expression, searched in their names")
parser.add_argument("--statements", type=pathlib.Path,
                    help="the library of C++ statements: chains of this module take turns with them")
args = parser.parse_args()

# Before the libraries are loaded, which read it.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:args.threads])
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_MAX_THREADS", "NUMEXPR_NUM_THREADS"):
    os.environ[variable] = str(args.threads)
os.environ["JAX_PLATFORMS"] = "cpu"

import numpy as np  # noqa: E402
from cases import CASES, sizes  # noqa: E402
from libraries import LIBRARIES, NumpyMathematics  # noqa: E402

TOLERANCE = {"float16 chain": 2e-3, "int8 chain": 0}
DEFAULT_TOLERANCE = 1e-3  # sums of 16 Mi floats in one chain
OURS = "Lazytensor for Python"
# In the order of statements.cpp.
STATEMENTS = ["(a+b)*(a-b) + a*b", "2a + 3b", "three statements", "a*b + sin(c)"]
REPETITIONS, MIN_TIME = (3, 0.02) if args.quick else (9, 0.05)


def numbers(result):
    """What is compared: every number up to 64 Ki of them, else every 1009th."""
    parts = result if isinstance(result, (tuple, list)) else [result]
    flat = [np.asarray(p).reshape(-1) for p in parts]
    return np.concatenate([p[::1009 if p.size > 65536 else 1] for p in flat]).astype(np.float64)


def expected(case, function, arrays):
    # Bytes wrap: there the arithmetic must be theirs.
    wide = arrays if case == "int8 chain" else [a.astype(np.float64) for a in arrays]
    return numbers(function(NumpyMathematics(np), *wide))


def nanoseconds(call):
    count, elapsed = 1, 0
    times = []
    while len(times) < REPETITIONS:
        began = time.perf_counter()
        for _ in range(count):
            call()
        elapsed = time.perf_counter() - began
        if elapsed < MIN_TIME and not times:
            count = max(count * 2, int(count * MIN_TIME / max(elapsed, 1e-9)))
            continue
        times.append(elapsed / count * 1e9)
    return statistics.median(times)


def load():
    runners = {}
    for name, make in LIBRARIES.items():
        if re.search(args.libraries, name):
            try:
                runners[name] = make(args.threads)
            except Exception as problem:
                print(f"{name}: left out: {problem}", file=sys.stderr)
    return runners


def measure(runners, case, n):
    inputs, function = CASES[case]
    arrays = inputs(n)
    want = expected(case, function, arrays)
    limit = TOLERANCE.get(case, DEFAULT_TOLERANCE) * np.abs(want).max()
    for name, runner in runners.items():
        # Compiling takes seconds each time: a quick run does it for the large size alone.
        if name == "torch.compile" and args.quick and (n < 1 << 24 or args.threads > 1):
            continue
        what = f"{case}/{name}/{n}/{args.threads}"
        try:
            call = runner(case, function, arrays)
            if call is None:
                continue
            got = numbers(call())
        except Exception as problem:
            print(f"{what}: left out: {str(problem).splitlines()[0]}", file=sys.stderr)
            continue
        if got.shape != want.shape or not np.abs(got - want).max() <= limit:
            print(f"{what}: not timed, its result differs", file=sys.stderr)
            continue
        ns = nanoseconds(call)
        print(f"{what:<56}{ns:14.1f} ns", flush=True)
        yield {"case": case, "runner": name, "n": n, "threads": args.threads, "ns": ns,
               "checksum": float(want.mean())}


def against_statement(ours, case, n):
    """The median ratio of this module's time to the C++ statement's, one after the other, many times: memory is
    faster one minute and slower the next."""
    inputs, function = CASES[case]
    arrays = inputs(n)
    call = ours(case, function, arrays)
    statement = ctypes.CDLL(str(args.statements.resolve())).lazytensor_statement
    where = (ctypes.c_void_p * 3)(*[a.ctypes.data for a in (arrays + arrays)[:3]])
    number = STATEMENTS.index(case)

    def seconds(f):
        began = time.perf_counter()
        f()
        return time.perf_counter() - began

    def in_cpp():
        statement(number, where, ctypes.c_int64(n), args.threads)

    ratios = [seconds(call) / seconds(in_cpp) for _ in range(5 if args.quick else 31)]
    ratio = statistics.median(ratios[2:])
    print(f"{case + '/over the C++ statement/' + str(n) + '/' + str(args.threads):<56}{ratio:14.3f}", flush=True)
    return {"case": case, "n": n, "threads": args.threads, "over_statement": ratio}


def main():
    runners = load()
    rows = []
    if args.statements and OURS in runners:
        rows += [against_statement(runners[OURS], case, 1 << 24) for case in STATEMENTS
                 if re.search(args.only, f"{case}/{1 << 24}")]
    for case in CASES:
        for n in sizes(case, args.quick):
            if re.search(args.only, f"{case}/{n}") and (n > 8 or args.threads == 1):
                rows += measure(runners, case, n)
    args.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# Measures what a call costs: operations that build a graph, exports, and the import of the module.
# SPDX-License-Identifier: BSD-3-Clause
"""operations.py [--json FILE]: nanoseconds to make and drop the result of each operation on 8 elements,
the quickest of some repetitions, with this module and with PyTorch where it is installed, which
computes at once. The last rows take the module's import and the array of a computed tensor."""
import argparse
import importlib
import json
import pathlib
import subprocess
import sys
import timeit

# Written for both modules: `lib`, a vector t, a matrix m of 2 x 4, indices i and truth values b.
OPERATIONS = """
    -t; t + t; t + 1; 2 * t; t > 3; t ** 2; t.abs(); lib.exp(t); t.sigmoid(); lib.atan2(t, t); t.clamp(0, 1)
    lib.where(b, t, t); lib.where(b, t, 0.0); t.sum(); m.sum(1); m.sum(dim=1, keepdim=True); m.mean(); m.mean(dim=1)
    m.amax(1); m.argmax(1); m.max(1); b.any(); t.cumsum(0); m.var(1); m.softmax(1); t.logsumexp(0); m.norm()
    m.T; t.view(2, 4); m.permute(1, 0); m.flatten(); t.unsqueeze(0); m.expand(2, 4); t[0]; t[1:3]; m[:, 1]
    t.double(); t.to(lib.float64); lib.cat([t, t]); lib.stack([t, t]); t.flip(0); t.chunk(2); t.sort(); t.argsort()
    lib.dot(t, t); m.matmul(m.T); m.gather(1, i); t.size(); t.shape; lib.zeros(8); lib.arange(8); lib.rand(8)
    lib.tensor([1.0, 2.0])
"""
EXPORT = "t.numpy()"


def names(lib):
    t = lib.arange(8.0)
    return {"lib": lib, "t": t + 0, "m": t.reshape(2, 4) + 0, "b": t > 3,
            "i": lib.tensor([[0, 1], [2, 3]]), "np": importlib.import_module("numpy")}


def nanoseconds(statement, known):
    timer = timeit.Timer(statement, globals=known)
    count = max(1, int(0.005 / max(timer.timeit(20) / 20, 1e-9)))
    return min(timer.repeat(9, count)) / count * 1e9


def import_seconds(module):
    program = f"import numpy, time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    return min(float(subprocess.check_output([sys.executable, "-c", program])) for _ in range(3))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=pathlib.Path, help="a file for the figures")
    args = parser.parse_args()
    import lazytensor
    libraries = {"Lazytensor for Python": lazytensor}
    try:
        libraries["PyTorch"] = importlib.import_module("torch")
        libraries["PyTorch"].set_num_threads(1)
    except ImportError as problem:
        print(f"PyTorch is left out: {problem}", file=sys.stderr)
    known = {name: names(lib) for name, lib in libraries.items()}
    lazytensor.eval(*(x for x in known["Lazytensor for Python"].values() if isinstance(x, lazytensor.Tensor)))
    statements = [s.strip() for s in OPERATIONS.replace("\n", ";").split(";") if s.strip()]
    rows = []
    for statement in [*statements, EXPORT]:
        rows.append({"operation": statement} | {name: nanoseconds(statement, known[name]) for name in libraries})
        print("  ".join(f"{rows[-1][name]:8.0f} ns" for name in libraries), " ", statement, flush=True)
    rows.append({"operation": "import"} | {name: 1e9 * import_seconds(lib.__name__) for name, lib in libraries.items()})
    print("  ".join(f"{rows[-1][name] / 1e6:8.0f} ms" for name in libraries), "  import, NumPy being there")
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()

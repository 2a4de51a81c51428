"""The type stubs: what a type checker accepts and rejects, what it takes results for; no name is missing."""
# SPDX-License-Identifier: BSD-3-Clause
import ast
import os
import pathlib
import re
import subprocess
import sys

import pytest

import lazytensor as lt
import lazytensor.array_api

ROOT = pathlib.Path(__file__).parents[2]
PACKAGE = pathlib.Path(lt.__file__).parent

if not (PACKAGE / "__init__.pyi").exists():
    pytest.skip(f"{PACKAGE} has no type stubs: lazytensor_stubs writes them where the module can be imported",
                allow_module_level=True)

# A program, and what each expression is.
RESULTS = """
x + 1: Tensor
2.5 - x: Tensor
x @ x.T: Tensor
x == 3: Tensor
~(x > 0): Tensor
x * np.float32(2) + np.ones(3): Tensor
x[0, :, None]: Tensor
x[x > 2]: Tensor
x.sum(): Tensor
x.sum(0, True): Tensor
x.sum(dim=[0, 1], keepdim=True): Tensor
x.sum(axis=-1, keepdims=True, dtype=float): Tensor
lt.mean(x, axis=0): Tensor
x.std(0, keepdim=True): Tensor
x.var(dim=0, unbiased=False): Tensor
x.max(): Tensor
x.max(x): Tensor
x.max(0): tuple[Tensor, Tensor, fallback=_results.max]
x.min(axis=1, keepdims=True).indices: Tensor
lt.median(x, 0).values: Tensor
x.median(): Tensor
x.sort(descending=True).values: Tensor
x.topk(2): tuple[Tensor, Tensor, fallback=_results.topk]
x.aminmax().min: Tensor
x.item(): Any
x.tolist(): Any
x.numpy(): numpy.ndarray[Any, Any]
x.shape: _size.Size
x.shape[0]: int
x.shape[1:] + (2,): _size.Size
x.shape.numel(): int
x.size(): _size.Size
x.size(0): int
x.dtype: dtype
lt.float32: dtype
lt.bool: dtype
x.dtype.is_complex: bool
x.type(): str
x.type(lt.int64): Tensor
x.float().bool().int(): Tensor
x.to("cpu").to(lt.float64).to(x): Tensor
x.stride(): tuple[int, ...]
x.stride(0): int
x.is_contiguous(): bool
float(x.sum()): float
int(x.sum()): int
complex(x.sum()): complex
abs(x): Tensor
len(x): int
[row for row in x]: list[Tensor]
list(range(x.sum().item())): list[int]
bytes(memoryview(x)): bytes
x.add_(1).mul_(x).nan_to_num_(): Tensor
x.scatter_(0, x, 1): Tensor
x.clamp(max=2).clamp_min(0): Tensor
lt.nonzero(x): Tensor
x.nonzero(as_tuple=True): tuple[Tensor, ...]
lt.unique(x): Tensor
lt.unique(x, return_counts=True): tuple[Tensor, ...]
lt.where(x > 0): tuple[Tensor, ...]
lt.where(x > 0, x, 0): Tensor
x.split([1, 1]): tuple[Tensor, ...]
lt.cat([x, x], dim=1): Tensor
lt.stack((x, x), axis=0): Tensor
lt.meshgrid(x[0], x[0], indexing="xy"): tuple[Tensor, ...]
lt.tensor([[1, 2], [3, 4]], dtype=np.float32): Tensor
lt.zeros(2, 3): Tensor
lt.zeros(x.shape, dtype=lt.float64): Tensor
lt.full((2,), 3): Tensor
x.reshape(3, -1).reshape((2, 3)): Tensor
x.expand_as(x).fliplr().detach(): Tensor
x.absolute().multiply(2).moveaxis(0, 1): Tensor
lt.concatenate([x]): Tensor
lt.greater(x, 2): Tensor
lt.std_mean(x): tuple[Tensor, Tensor]
lt.stats(): dict[str, int]
lt.graph(x): _graph.Graph
lt.explain(x): str
lt.pi: float
lt.result_type(x, 1): dtype
lt.load("x.npy", mmap=True): Tensor
lt.array_api.sum(x): Tensor
lt.array_api.add(x, x): Tensor
lt.array_api.linalg.svd(x).S: Tensor
lt.array_api.fft.fft(x): Tensor
lt.fft.fft(x): Tensor
lt.linalg.norm(x, 2): Tensor
lt.linalg.inv(x): Tensor
lt.special.expit(x): Tensor
lt.array_api.unique_all(x).counts: Tensor
lt.array_api.finfo(lt.float32).eps: float
lt.array_api.bool: dtype
"""

WRONG = """
x.summ()
x.shape = 3
x.sum(dim="x")
x.sum(dim=0, axis=0)
x.max(0).value
x.narrow(0, 1)
x.expand_as(3)
x.fliplr(3)
x.to(3)
x.dtype.nosuch
x.reshape("x")
x + "x"
y: int = x.sum()
lt.ones("x")
lt.ones(2, dtype="x")
lt.cat(3)
lt.eval(3)
lt.from_numpy([1])
lt.nosuch
lt.array_api.nosuch
"""

BEGIN = """import numpy as np
import lazytensor as lt
from lazytensor import Tensor
x: Tensor = lt.ones(2, 3)
"""


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """{file: {line: what mypy says}}: one run for everything, since it reads NumPy's stubs for seconds."""
    pytest.importorskip("mypy", reason="mypy is not installed: nobody checks the type stubs")
    folder = tmp_path_factory.mktemp("programs")
    results = [line.rsplit(": ", 1)[0] for line in RESULTS.strip().splitlines()]
    programs = {"results": BEGIN + "\n".join(f"reveal_type({e})" for e in results) + "\n",
                "wrong": BEGIN + WRONG.strip()}
    readme = ROOT / "python" / "README.md"
    if readme.exists():
        blocks = re.findall(r"```python\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
        programs["readme"] = "".join(blocks)
    for example in sorted((ROOT / "examples" / "python").glob("*.py")):
        programs[example.stem] = example.read_text(encoding="utf-8")
    for name, text in programs.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--allow-untyped-defs", "--allow-untyped-calls",
         "--no-error-summary", f"--cache-dir={folder / 'cache'}", *(f"{name}.py" for name in programs)],
        cwd=folder, env={**os.environ, "MYPYPATH": str(PACKAGE.parent)}, capture_output=True, text=True)
    assert not run.stderr
    said = {name: {} for name in programs}
    for line in run.stdout.splitlines():
        match = re.match(r"(\w+)\.py:(\d+): (.*)", line)
        if match and match[1] in said:
            said[match[1]].setdefault(int(match[2]), []).append(match[3])
    return said


def test_results(checked):
    first = BEGIN.count("\n") + 1
    wrong = []
    for number, line in enumerate(RESULTS.strip().splitlines(), first):
        expression, kind = line.rsplit(": ", 1)
        said = " ".join(checked["results"].get(number, ["nothing"])).replace("lazytensor.", "")
        if said.replace("builtins.", "") != f'note: Revealed type is "{kind}"':
            wrong.append(f"{expression} should be {kind}: {said}")
    assert not wrong


def test_wrong_programs(checked):
    first = BEGIN.count("\n") + 1
    accepted = [line for number, line in enumerate(WRONG.strip().splitlines(), first)
                if not any(said.startswith("error: ") for said in checked["wrong"].get(number, []))]
    assert not accepted


def test_programs(checked):
    """The README and the examples."""
    said = {name: lines for name, lines in checked.items() if name not in ("results", "wrong")}
    assert {name: lines for name, lines in said.items() if lines} == {}


def declared(body):
    """The public names that statements of a stub declare."""
    names = set()
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.AnnAssign):
            names.add(node.target.id)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets)
        elif isinstance(node, ast.ImportFrom):
            # Others are the stub's own.
            names.update(a.asname for a in node.names if a.asname == a.name)
    return {name for name in names if not name.startswith("_")}


# Modules that are imported when they are asked for.
ON_REQUEST = {"array_api", "fft", "linalg", "special"}


def public(thing):
    return {name for name in vars(thing) if not name.startswith("_")}


def body_of(name):
    return ast.parse((PACKAGE / name).read_text(encoding="utf-8")).body


def test_names_of_the_package():
    assert declared(body_of("__init__.pyi")) == public(lt) | ON_REQUEST


@pytest.mark.parametrize("name", ["Tensor", "dtype"])
def test_names_of_classes(name):
    found = next(n for n in body_of("__init__.pyi") if isinstance(n, ast.ClassDef) and n.name == name)
    assert declared(found.body) == public(getattr(lt, name))
    operators = {n.name for n in found.body if isinstance(n, ast.FunctionDef) and n.name.startswith("__")}
    assert {"__repr__", "__eq__", "__hash__"} <= operators


def test_names_of_array_api():
    assert declared(body_of("array_api/__init__.pyi")) == public(lt.array_api)
    for name in ("linalg", "fft"):
        module = getattr(lt.array_api, name)
        assert declared(body_of(f"array_api/{name}.pyi")) == set(module.__all__)


@pytest.mark.parametrize("name", ["linalg", "special"])
def test_names_of_modules(name):
    assert declared(body_of(f"{name}.pyi")) == set(getattr(lt, name).__all__)


def test_descriptions():
    """Editors show what functions do: every one with a docstring has it in the stub."""
    described = {n.name for n in body_of("__init__.pyi") if isinstance(n, ast.FunctionDef) and ast.get_docstring(n)}
    documented = {name for name in declared(body_of("__init__.pyi")) - ON_REQUEST
                  if type(getattr(lt, name)).__name__ in ("function", "nb_func") and getattr(lt, name).__doc__}
    # Other names of these are assignments; nanobind writes a signature for those without a description.
    missing = {name for name in documented - described if getattr(lt, name).__name__ == name}
    assert {name for name in missing if len(getattr(lt, name).__doc__.splitlines()) > 2} == set()

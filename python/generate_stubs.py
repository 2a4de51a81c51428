"""Writes the type stubs of the package, from the built module itself: nanobind's, made right for type checkers.

usage: generate_stubs.py FOLDER

FOLDER/lazytensor is the package with its extension. Where it cannot be imported (built for another machine, with
a sanitizer) this says so, and writes nothing.

What is done to nanobind's stubs, for every function by what it looks like, never by its name:
- Names that the module or Tensor has too (bool, int, float, type, dtype, numpy) are written so that they mean the
  types: builtins.int, _dtype.
- Functions written in Python are shown where the package has them, with the annotations of their sources.
- Overloads that differ in the names of parameters (dim or axis) ask for the names that differ, so that each call
  fits one.
- A result `A | B` is A where no optional argument is given, and B where one is: max() and max(dim=0).
- A result of any type is Any: item() + 1 is nobody's mistake.
"""
# SPDX-License-Identifier: BSD-3-Clause
import ast
import builtins
import copy
import importlib
import inspect
import pathlib
import subprocess
import sys
import types
import typing

MODULES = ("lazytensor", "lazytensor.array_api", "lazytensor.array_api.linalg", "lazytensor.array_api.fft",
           "lazytensor.linalg", "lazytensor.special")
# What C++ does not say of *parameters.
VARIADIC = {"sizes": "int | Sequence[int]", "size": "int | Sequence[int]", "shapes": "int | Sequence[int]",
            "tensors": "Tensor"}
# What no attribute shows before Python 3.12: memoryview(t).
BUFFER = "def __buffer__(self, flags: int, /) -> memoryview: ..."
# What signatures name, and Python has no name for.
ALIASES = {"dtype_like": "_dtype | type | _numpy.dtype[Any]",
           "array_like": "_numpy.ndarray[Any, Any] | _numpy.generic"}
HEADER = """# Written by generate_stubs.py from the built module.
# As in PyTorch, == gives a tensor where object's gives a bool, and overloads for None and for a number overlap.
# mypy: disable-error-code="override, misc, overload-overlap"
# pyright: reportIncompatibleMethodOverride=false, reportOverlappingOverload=false
"""
EMPTY = ast.Constant(...)


def path_of(kind, where):
    """The dotted name that a type is found by; `where` is the module that speaks of it."""
    if kind is typing.Any:
        return "typing.Any"
    if kind is types.ModuleType:
        return "types.ModuleType"
    if kind.__module__ == "builtins":
        return kind.__qualname__
    known = getattr(sys.modules[kind.__module__], kind.__qualname__, None) is kind
    return f"{kind.__module__ if known else where}.{kind.__qualname__}"


def canonical(annotation, names):
    """An annotation with every type in it as path_of has it; `names` are the globals of the function."""
    class Resolve(ast.NodeTransformer):
        def look_up(self, node):
            try:
                thing = eval(ast.unparse(node), dict(names))
            except (NameError, AttributeError):
                return node
            known = thing is typing.Any or isinstance(thing, type) and hasattr(thing, "__qualname__")
            return ast.parse(path_of(thing, names["__name__"]), mode="eval").body if known else node

        visit_Name = visit_Attribute = look_up

    if isinstance(annotation, type) and not typing.get_origin(annotation):
        return path_of(annotation, names["__name__"])
    if isinstance(annotation, str):
        return ast.unparse(Resolve().visit(ast.parse(annotation, mode="eval").body))
    return annotation


def adopt(place, module, done):
    """Functions that the package's own files define are the module's, under the names it has them by."""
    for name, value in list(vars(place).items()):
        f = value.fget if isinstance(value, property) else value
        if isinstance(f, type) and place is module and f.__module__ == module.__name__:
            adopt(f, module, done)
        if is_private(name) or not isinstance(f, types.FunctionType) or not f.__module__.startswith("lazytensor"):
            continue
        if vars(place).get(f.__name__) is not value:
            f.__name__ = name
        f.__module__ = module.__name__
        if f not in done:
            done.add(f)
            f.__doc__ = f.__doc__ and inspect.cleandoc(f.__doc__)
            f.__annotations__ = {k: canonical(v, f.__globals__) for k, v in f.__annotations__.items()}


def parameters(f):
    """All parameters in order, as (parameter, default or None)."""
    a = f.args
    places = a.posonlyargs + a.args
    defaults = [None] * (len(places) - len(a.defaults)) + a.defaults
    return [*zip(places, defaults), *zip(a.kwonlyargs, a.kw_defaults)]


def is_none(node):
    return isinstance(node, ast.Constant) and node.value is None


def names_asked_for(overloads):
    """Overloads where one that repeats an earlier one with other names takes these by name alone."""
    shapes = []
    for f in overloads:
        given = parameters(f)
        shape = [ast.unparse(p.annotation) if p.annotation else "" for p, _ in given]
        names = [p.arg for p, _ in given]
        # All that were the same before: a name is new that the first of them does not have.
        first = next((n for s, n in shapes if s == shape), names)
        shapes.append((shape, names))
        new = [k for k, (mine, other) in enumerate(zip(names, first)) if mine != other]
        if not new or new[0] == 0:
            continue
        positional = len(f.args.posonlyargs + f.args.args)
        kept = min(new[0], positional)
        f.args.kw_defaults = [None if k in new else d for k, (_, d) in enumerate(given) if k >= kept]
        f.args.kwonlyargs = [p for k, (p, _) in enumerate(given) if k >= kept]
        before = [d for _, d in given[:kept]]
        f.args.args = f.args.args[:kept - len(f.args.posonlyargs)]
        f.args.defaults = [d for d in before if d is not None]
    return overloads


def with_parameters(f, change, result, first_by_name=None):
    """A copy of f, its parameters as {name: (annotation, default)} has them, and another result.

    first_by_name and what follows are given by name alone.
    """
    f = copy.deepcopy(f)
    f.returns = result
    a = f.args
    given = parameters(f)
    places = len(a.posonlyargs + a.args)
    if first_by_name is not None:
        places = min(places, next(k for k, (p, _) in enumerate(given) if p.arg == first_by_name))
    defaults = []
    for p, default in given:
        if p.arg in change:
            p.annotation, default = change[p.arg]
        defaults.append(default)
    a.args = [p for p, _ in given[len(a.posonlyargs):places]]
    a.kwonlyargs = [p for p, _ in given[places:]]
    a.kw_defaults = defaults[places:]
    a.defaults = [d for d in defaults[:places] if d is not None]
    return f


def by_arguments(f):
    """`f(...) -> A | B` as overloads: A of the optional arguments left out, B of those given."""
    union = f.returns
    if not (isinstance(union, ast.BinOp) and isinstance(union.op, ast.BitOr)) or is_none(union.right):
        return [f]
    of_none, of_some = union.left, union.right
    optional = {p.arg: p.annotation for p, default in parameters(f)
                if isinstance(p.annotation, ast.BinOp) and is_none(p.annotation.right)}
    if optional:
        left_out = {n: (ast.Constant(None), ast.Constant(None)) for n in optional}
        for p, default in parameters(f):
            if p.arg in optional and default is None:
                left_out[p.arg] = (ast.Constant(None), None)  # named, since another overload has its default
        given = {n: (annotation.left, None) for n, annotation in optional.items()}
        return [with_parameters(f, left_out, of_none), with_parameters(f, given, of_some)]

    def literal(value):
        return ast.parse(f"Literal[{value}]", mode="eval").body

    switches = [p.arg for p, default in parameters(f) if isinstance(default, ast.Constant) and default.value is False]
    off = {n: (literal(False), ast.Constant(False)) for n in switches}
    r = [with_parameters(f, off, of_none)]
    for n in switches:
        r.append(with_parameters(f, {n: (literal(True), None)}, of_some, first_by_name=n))
    return [*r, f]


class Types(ast.NodeTransformer):
    """Types in annotations, written so that nothing in the module or the class hides them."""

    def __init__(self, hidden, is_result):
        self.hidden = hidden
        self.is_result = is_result

    def visit_Name(self, node):
        if node.id in ("dtype_like", "numpy"):
            return ast.Name("_" + node.id)
        if node.id == "object" and self.is_result:
            return ast.Name("Any")
        if node.id in self.hidden:
            return ast.parse(f"builtins.{node.id}" if hasattr(builtins, node.id) else f"_{node.id}", mode="eval").body
        return node

    def visit_Attribute(self, node):
        text = ast.unparse(node)
        if text in ("numpy.ndarray", "_numpy.ndarray"):
            return ast.parse("_numpy.ndarray[Any, Any]" if self.is_result else "_array_like", mode="eval").body
        return self.generic_visit(node)


def written(node, hidden, is_result=False):
    return None if node is None else Types(hidden, is_result).visit(copy.deepcopy(node))


def sound_function(f, hidden):
    """One signature, its types written out."""
    for p in (f.args.vararg, f.args.kwarg):
        if p is not None and p.annotation is None and p.arg in VARIADIC and f.returns is not None:
            p.annotation = ast.parse(VARIADIC[p.arg], mode="eval").body
    f.returns = written(f.returns, hidden, True)
    everything = f.args.posonlyargs + f.args.args + f.args.kwonlyargs + [f.args.vararg, f.args.kwarg]
    for p in everything:
        if p is not None:
            p.annotation = written(p.annotation, hidden)
    for defaults in (f.args.defaults, f.args.kw_defaults):
        defaults[:] = [EMPTY if isinstance(d, ast.Call) else d for d in defaults]


def grouped(body):
    """The statements, with all definitions of a function in one list."""
    groups = {}
    for node in body:
        is_function = isinstance(node, ast.FunctionDef)
        groups.setdefault(node.name if is_function else id(node), []).append(node)
    return groups


def sound_body(body, hidden):
    """A module's or a class's statements."""
    groups = grouped(body)
    for name, group in groups.items():
        first = group[0]
        # nan_to_num_(*args, **keywords) takes what nan_to_num does.
        if isinstance(first, ast.FunctionDef) and first.args.vararg and first.args.kwarg and name[:-1] in groups:
            groups[name] = group = [copy.deepcopy(f) for f in groups[name[:-1]]]
            for f in group:
                f.name, f.returns, f.body[:1] = name, first.returns, first.body[:1]
    r = []
    for group in groups.values():
        if isinstance(group[0], ast.FunctionDef):
            group = [f for one in names_asked_for(group) for f in by_arguments(one)]
            decorators = [ast.Name("overload")] if len(group) > 1 else group[0].decorator_list
            for f in group:
                f.decorator_list = decorators
                sound_function(f, hidden)
        elif isinstance(group[0], ast.ClassDef):
            sound_class(group[0], hidden)
        elif isinstance(group[0], ast.AnnAssign):
            group[0].annotation = written(group[0].annotation, hidden, True)
            group[0].value = None
        r += group
    return r


def names_of(node):
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [t.id for t in targets]


def is_private(name):
    return name.startswith("_") and not name.startswith("__")


def is_shown(node, only):
    """Whether a module shows it: as its __all__ says, or where it has none, by the name."""
    names = names_of(node)
    return set(names) <= set(only) if only else "__getattr__" not in names and not any(map(is_private, names))


def sound_class(node, hidden):
    node.body = [n for n in node.body if not any(map(is_private, names_of(n))) and "__buffer__" not in names_of(n)]
    if node.name == "Tensor":
        node.body += ast.parse(BUFFER).body
    own = {name for n in node.body for name in names_of(n)}
    node.body = sound_body(node.body, hidden | own) or [ast.Expr(EMPTY)]


def add_aliases(body, place):
    """Other names of functions, `multiply = mul`: nanobind 2.4 shows none of them in classes."""
    have = {name for n in body for name in names_of(n)}
    for name, value in vars(place).items():
        if name not in have and getattr(value, "__name__", name) in have:
            body.append(ast.Assign([ast.Name(name)], ast.Name(value.__name__)))


def show_wrapped(module):
    """Functions of the extension that Python wraps are shown as what they wrap, whose signatures are known."""
    for place in (module, *(x for x in vars(module).values() if isinstance(x, type))):
        for name, value in list(vars(place).items()):
            wrapped = getattr(value, "__wrapped__", None)
            if type(wrapped).__name__ in ("nb_func", "nb_method"):
                setattr(place, name, wrapped)


def stub(module, done):
    """The text of a module's stub."""
    from nanobind.stubgen import StubGen

    show_wrapped(module)
    adopt(module, module, done)
    # Private, to nanobind, are names like add_, too.
    generator = StubGen(module, include_private=True)
    generator.put(module)
    # The docstring and imports are written anew; a module's __getattr__ would let every name pass.
    shown = getattr(module, "__all__", None)
    body = [n for n in ast.parse(generator.get()).body
            if not isinstance(n, (ast.Import, ast.ImportFrom, ast.Expr)) and is_shown(n, shown)]
    for node in body:
        if isinstance(node, ast.ClassDef):
            add_aliases(node.body, getattr(module, node.name))
    names = {name for n in body for name in names_of(n)}
    # The builtin types that the module has another thing for. Classes of its own are what they are called.
    hidden = {n for n in names if isinstance(getattr(builtins, n, None), type)}
    body = sound_body(body, hidden)
    imports = imports_for(module, body)
    parts = [HEADER, f'"""{module.__doc__}"""', *imports, ""]
    return "\n".join(parts) + ast.unparse(ast.fix_missing_locations(ast.Module(body, []))) + "\n"


def imports_for(module, body):
    """The imports of what the annotations name, and of what the module has from others of the package."""
    used = {n.id for n in ast.walk(ast.Module(body, [])) if isinstance(n, ast.Name)}
    r = ["import builtins", "import os", "import types", "import typing",
         "from collections.abc import Iterable, Iterator, Sequence", "from typing import Any, Literal, overload", "",
         "import numpy as _numpy", ""]
    for name, value in vars(module).items():
        if name not in used and not is_shown(ast.ClassDef(name), getattr(module, "__all__", None)):
            continue
        if isinstance(value, types.ModuleType) and value.__name__.startswith("lazytensor."):
            r.append(f"from {module.__name__} import {name} as {name}")
        elif isinstance(value, type) and value.__module__.startswith("lazytensor.") \
                and value.__module__ != module.__name__:
            r.append(f"from {value.__module__} import {value.__qualname__} as {name}")
    # Functions of the package, here perhaps under another name.
    shown = {n.name for n in body if isinstance(n, ast.FunctionDef)}
    for name in getattr(module, "__all__", ()):
        here, there = getattr(module, name), getattr(getattr(module, name), "__name__", None)
        if name not in shown and getattr(sys.modules["lazytensor"], str(there), None) is here:
            if there not in shown:
                r.append(f"from lazytensor import {there}" + (f" as {there}" if name == there else ""))
            if name != there:
                r.append(f"{name} = {there}")
    if module.__name__ == "lazytensor":
        r += [f"from lazytensor import {name} as {name}" for name in ("array_api", "linalg", "special")]
        r += ["from lazytensor.array_api import fft as fft", "", "_dtype = dtype"]
        r += [f"_{n} = {text}" for n, text in ALIASES.items()]
    # lazytensor.array_api._results.svd_result is in a module to import.
    paths = {ast.unparse(n.value) for n in ast.walk(ast.Module(body, [])) if isinstance(n, ast.Attribute)}
    r += [f"import {path}" for path in sorted(paths) if path.startswith("lazytensor") and path in sys.modules]
    return [*dict.fromkeys(r), ""]


def main(folder):
    package = pathlib.Path(folder) / "lazytensor"
    attempt = subprocess.run([sys.executable, "-B", "-c", "import lazytensor"], cwd=folder,
                             capture_output=True, text=True)
    if attempt.returncode != 0:
        reason = (attempt.stderr.strip() or f"exit status {attempt.returncode}").splitlines()[-1]
        print(f"no type stubs: the built module cannot be imported here ({reason})")
        return
    sys.path.insert(0, str(folder))
    done = set()
    modules = [importlib.import_module(name) for name in MODULES]
    for module in modules:
        source = pathlib.Path(module.__file__)
        (package / source.relative_to(package.resolve())).with_suffix(".pyi").write_text(
            stub(module, done), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

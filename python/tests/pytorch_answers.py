"""Runs a program with PyTorch or lazytensor, writes its answer as text, and compares two answers."""
# SPDX-License-Identifier: BSD-3-Clause
import ast
import builtins
import json
import math
import pathlib
import re

PATH = pathlib.Path(__file__).with_name("pytorch_answers.json")

# Digits that tell any two numbers of a dtype apart, bits of its significand, and its smallest normal exponent.
FLOATS = {"float16": (5, 11, -14), "bfloat16": (4, 8, -126), "float32": (9, 24, -126), "float64": (17, 53, -1022)}
PARTS = {"complex64": "float32", "complex128": "float64"}
ERRORS = ["IndexError", "OverflowError", "RuntimeError", "TypeError", "ValueError"]
NO_KERNEL = "raises NotImplementedError"  # of this dtype, in PyTorch
TENSOR_OF_FLOATS = re.compile(r"(b?float\d*|complex\d*)((?:\[[\d,]*\])?) (.*)", re.DOTALL)


def execute(program, names):
    """The value of the last of the statements, which semicolons divide."""
    tree = ast.parse(program)
    last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, program, "exec"), names)
    return eval(compile(last, program, "eval"), names)


def answer(program, names):
    """(what the program gives, as text or nested lists of texts; the exception that ended it, or None)."""
    try:
        return encode(execute(program, names)), None
    except Exception as error:
        if isinstance(error, NotImplementedError) and "not implemented for '" in str(error):
            return NO_KERNEL, error
        kinds = [name for name in ERRORS if isinstance(error, getattr(builtins, name))]
        return f"raises {(kinds or [type(error).__name__])[0]}", error


def encode(value):
    """`float32[2,3] 1 2 ...` of a tensor, lists of lists and tuples, `type text` of everything else."""
    kind = type(value).__name__
    if kind == "Tensor":
        dtype = str(value.dtype).replace("torch.", "")
        elements = " ".join(number_text(e, dtype) for e in flat(value.tolist()))
        return f"{dtype}{list(value.shape)} {elements}".replace(", ", ",")
    if isinstance(value, (list, tuple)) and kind != "Size":
        return [encode(v) for v in value]
    if kind in ("float", "complex"):
        return f"{kind} {number_text(value, {'float': 'float64', 'complex': 'complex128'}[kind])}"
    if kind == "dtype":
        return str(value)
    return f"{kind} {value}"


def flat(values):
    return [e for v in values for e in flat(v)] if isinstance(values, list) else [values]


def number_text(number, dtype):
    """The shortest text that names a number of this dtype; of complex ones both parts."""
    if dtype in PARTS:
        return f"{number_text(number.real, PARTS[dtype])}|{number_text(number.imag, PARTS[dtype])}"
    return f"{number:.{FLOATS[dtype][0]}g}" if dtype in FLOATS else str(int(number))


def same(got, error, want, exactness):
    """Whether an answer is the wanted one; an exception, one that catches what PyTorch's would be caught by."""
    if want == NO_KERNEL:
        return error is None or isinstance(error, (RuntimeError, TypeError))
    if error is not None or "raises " in want[:7]:
        return error is not None and want[:7] == "raises " and isinstance(error, getattr(builtins, want[7:]))
    return close(got, want, exactness)


def close(got, want, exactness):
    """Whether two values are the same, and floats as near as the exactness asks."""
    if isinstance(got, list) and isinstance(want, list):
        return len(got) == len(want) and all(close(g, w, exactness) for g, w in zip(got, want))
    if got == want or isinstance(got, list) or isinstance(want, list):
        return got == want
    got, want = TENSOR_OF_FLOATS.fullmatch(got), TENSOR_OF_FLOATS.fullmatch(want)
    if not got or not want or got.group(1, 2) != want.group(1, 2):
        return False
    dtype = {"float": "float64", "complex": "complex128"}.get(got[1], got[1])
    return all(near(g, w, PARTS.get(dtype, dtype), exactness) for g, w in zip(got[3].split(), want[3].split()))


def near(got, want, dtype, exactness):
    """The same for one number, `1.5` or `1.5|-2`: a complex one by its distance, if it is finite.

    Both libraries compute 16-bit floats in float32: only the last rounding may go the other way."""
    allowed = min(exactness.ulps, 1) if dtype.endswith("16") else exactness.ulps
    got, want = ([float(part) for part in text.split("|")] for text in (got, want))
    if all(map(math.isfinite, got + want)):
        zeros = [(g, w) for g, w in zip(got, want) if g == w == 0 and exactness.zeros]
        if any(math.copysign(1, g) != math.copysign(1, w) for g, w in zeros):
            return False
        return units(got, want, dtype) <= allowed
    return all(g == w or (g != g and w != w) or (math.isfinite(g - w) and units([g], [w], dtype) <= allowed)
               for g, w in zip(got, want))


def units(got, want, dtype):
    """|got - want| in units in the last place of |want|."""
    _, bits, lowest = FLOATS[dtype]
    size = max(map(abs, want))
    exponent = max(math.frexp(size)[1] - 1, lowest)
    return math.dist(got, want) / math.ldexp(1.0, exponent - bits + 1)


def load():
    """The version of PyTorch that answered, and its answers by program."""
    recorded = json.loads(PATH.read_text(encoding="utf-8"))
    return recorded["torch"], recorded["answers"]


def save(version, answers):
    """Sorted, one line a program."""
    lines = [f"{json.dumps(p)}: {json.dumps(a, separators=(',', ':'))}" for p, a in sorted(answers.items())]
    text = '{"torch": %s, "answers": {\n%s\n}}\n' % (json.dumps(version), ",\n".join(lines))
    PATH.write_text(text, encoding="utf-8")

"""Elementwise functions of PyTorch's that are short expressions: fusion makes them one loop."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import math

import lazytensor as lt
from lazytensor import Tensor

from ._define import both, function, method, operand, operands


@both
def clamp_min(input: Tensor, min: Tensor | complex) -> Tensor:
    """Limited from below."""
    return input.clamp(min=min)


@both
def clamp_max(input: Tensor, max: Tensor | complex) -> Tensor:
    """Limited from above."""
    return input.clamp(max=max)


@both
def isreal(input: Tensor) -> Tensor:
    """True where the imaginary part is zero."""
    return input.imag == 0 if input.dtype.is_complex else lt.ones_like(input, dtype=lt.bool)


@both
def isposinf(input: Tensor) -> Tensor:
    """True where the element is +inf."""
    return input == math.inf


@both
def isneginf(input: Tensor) -> Tensor:
    """True where the element is -inf."""
    return input == -math.inf


def as_float(x):
    """The tensor with its integers and truth values as the default float dtype."""
    return x if x.dtype.is_floating_point or x.dtype.is_complex else x.to(lt.get_default_dtype())


@both
def sinc(input: Tensor) -> Tensor:
    """sin(pi x) / (pi x), 1 at 0."""
    narrow = input.dtype in (lt.float16, lt.bfloat16)
    x = (input.float() if narrow else input) * math.pi
    y = lt.where(x == 0, 1, x.sin() / x)
    return y.to(input.dtype) if narrow else y


@both
def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """log(x / (1 - x)), x first clamped to [eps, 1 - eps]."""
    x = as_float(input)
    x = x if eps is None else x.clamp(eps, 1 - eps)
    return (x / (1 - x)).log()


@both
def xlogy(input: Tensor | complex, other: Tensor | complex) -> Tensor:
    """x log(y): 0 where x is 0, NaN where y is."""
    x, y = operands(input, other)
    common = lt.result_type(x, y)
    if not (common.is_floating_point or common.is_complex):
        common = lt.get_default_dtype()
    x, y = x.to(common), y.to(common)
    return lt.where((x == 0) & ~y.isnan(), 0, x * y.log())


@both
def heaviside(input: Tensor | complex, values: Tensor | complex) -> Tensor:
    """0 below zero, 1 above, `values` at zero."""
    x = operand(input)
    return lt.where(x == 0, values, (x > 0).to(x.dtype))


@both
def logaddexp2(input: Tensor | complex, other: Tensor | complex) -> Tensor:
    """log2(2**a + 2**b) without overflow."""
    x, y = operands(input, other)
    larger, distance = lt.maximum(x, y), (x - y).abs()
    return larger + lt.where(larger.isinf(), 0, lt.log1p(lt.exp2(-distance)) / math.log(2))


@both
def float_power(input: Tensor | complex, exponent: Tensor | complex) -> Tensor:
    """pow in double precision."""
    def wide(x):
        if isinstance(x, float):
            return lt.full((), x, dtype=lt.float64)
        if isinstance(x, complex):
            return lt.full((), x, dtype=lt.complex128)
        x = operand(x)
        return x.to(lt.complex128 if x.dtype.is_complex else lt.float64)

    return wide(input).pow(wide(exponent))


@function
def rsub(input: Tensor, other: Tensor | complex, *, alpha: complex = 1) -> Tensor:
    """other - alpha * input."""
    return other - (input if alpha == 1 else input.to(lt.result_type(input, other)) * alpha)


@both
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: complex = 1, alpha: complex = 1) -> Tensor:
    """beta * input + alpha * (mat1 @ mat2)."""
    product = mat1 @ mat2
    return (input if beta == 1 else input * beta) + (product if alpha == 1 else product * alpha)


@function
def isin(elements: Tensor | complex, test_elements: Tensor | complex, *, assume_unique: bool = False,
         invert: bool = False) -> Tensor:
    """True where an element is one of test_elements."""
    elements, test_elements = (v if isinstance(v, (Tensor, bool, int, float, complex)) else operand(v)
                               for v in (elements, test_elements))
    common = lt.result_type(elements, test_elements)  # a number's dtype is the other's where it can be
    x, tests = (v.to(common) if isinstance(v, Tensor) else lt.tensor(v, dtype=common)
                for v in (elements, test_elements))
    tests = tests.flatten()
    if tests.numel() == 0:
        return lt.full(x.shape, bool(invert))
    tests = tests.sort().values
    place = lt.searchsorted(tests, x.flatten()).clamp(max=tests.numel() - 1)
    found = (tests.take(place) == x.flatten()).reshape(x.shape)
    return ~found if invert else found


def _in_place(name, doc):
    def f(self, *args, **keywords) -> Tensor:
        return self.copy_(getattr(Tensor, name)(self, *args, **keywords))

    f.__name__, f.__doc__ = name + "_", doc
    method(f)


for _name in ("clamp_min", "clamp_max", "frac", "addcmul", "addcdiv", "nan_to_num", "scatter",
              "scatter_add", "xlogy", "logit", "sinc", "tril", "triu"):
    _in_place(_name, f"{_name}, written into this tensor.")


@method
def uniform_(self, a: float = 0, b: float = 1) -> Tensor:
    """Fills with numbers uniform in [a, b)."""
    return self.copy_(lt.rand(self.shape, dtype=self.dtype) * (b - a) + a)


@method
def normal_(self, mean: float = 0, std: float = 1) -> Tensor:
    """Fills with normal numbers."""
    return self.copy_(lt.randn(self.shape, dtype=self.dtype) * std + mean)

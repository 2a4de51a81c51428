"""The elementwise functions, one per operation of the core, under the standard's names."""
# SPDX-License-Identifier: BSD-3-Clause
from .. import _core as lt
from ._dtypes import alike

# The standard's name where it is not the core's. PyTorch's sign takes no complex numbers, its sgn does.
_NAMES = {
    "neg": "negative", "sgn": "sign", "bitwise_not": "bitwise_invert", "sub": "subtract",
    "mul": "multiply", "div": "divide", "eq": "equal", "ne": "not_equal", "lt": "less",
    "le": "less_equal", "gt": "greater", "ge": "greater_equal",
}


def _of_one(operation):
    def function(x, /) -> lt.Tensor:
        return operation(x)

    return function


def _of_two(operation):
    def function(x1, x2, /) -> lt.Tensor:
        if isinstance(x1, lt.Tensor) and isinstance(x2, lt.Tensor) and x1.dtype is not x2.dtype:
            x1, x2 = alike(x1, x2)
        return operation(x1, x2)

    return function


def _generate(operations, make):
    for core_name in operations:
        if core_name in _NAMES.values():
            continue  # another operation has the name
        operation = getattr(lt, core_name)
        name = _NAMES.get(core_name, core_name)
        function = make(operation)
        function.__name__ = function.__qualname__ = name
        function.__module__ = "lazytensor.array_api"
        function.__doc__ = operation.__doc__
        yield name, function


_functions = dict(_generate(lt._unary_operations, _of_one))
_functions.update(_generate(lt._binary_operations, _of_two))
globals().update(_functions)
__all__ = [*_functions, "clip", "where"]


def clip(x, /, min=None, max=None) -> lt.Tensor:
    """x limited to [min, max], numbers or tensors, in x's dtype; NaN where x or a bound is NaN."""
    if min is None and max is None:
        return lt.positive(x) if x.dtype.kind != "bool" else x
    if isinstance(min, lt.Tensor) or isinstance(max, lt.Tensor):
        given, min, max = alike(x, min, max)
        return lt.clip(given, min, max).to(x.dtype)
    return lt.clip(x, min, max).to(x.dtype)


def where(condition, x1, x2, /) -> lt.Tensor:
    """Elements of x1 where condition is true, else of x2; either may be a number."""
    if isinstance(x1, lt.Tensor) and isinstance(x2, lt.Tensor) and x1.dtype is not x2.dtype:
        x1, x2 = alike(x1, x2)
    return lt.where(condition, x1, x2)

"""Marks functions written in Python as the package's own, or as methods of Tensor."""
# SPDX-License-Identifier: BSD-3-Clause
import lazytensor
from lazytensor import Tensor


def function(f):
    """A function of the package, unless the extension has one of the name."""
    if not hasattr(lazytensor, f.__name__):
        setattr(lazytensor, f.__name__, f)
    f.__module__ = "lazytensor"
    return f


def method(f):
    """A method of Tensor, unless the extension has one of the name."""
    if not hasattr(Tensor, f.__name__):
        setattr(Tensor, f.__name__, f)
    return f


def both(f):
    """A function that is a method too."""
    return function(method(f))


def sequence(tensors):
    """The arguments of f(a, b) and f([a, b]) alike."""
    one = tensors[0] if len(tensors) == 1 else None
    return tuple(one) if isinstance(one, (list, tuple)) else tensors


def operand(x):
    """A tensor of a tensor, an array or a number."""
    return x if isinstance(x, Tensor) else lazytensor.as_tensor(x)

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


def extended(f):
    """A function of the package, and method if the extension has one, that does more than the extension's."""
    setattr(lazytensor, f.__name__, f)
    if hasattr(Tensor, f.__name__):
        setattr(Tensor, f.__name__, f)
    f.__module__ = "lazytensor"
    return f


def in_place(f, computed=False):
    """Adds the method `f_`, which writes what f gives; if computed, only once no index has been refused."""
    def written(self, *args, **keywords):
        result = f(self, *args, **keywords)
        if result.shape != self.shape:
            raise lazytensor.ShapeError(f"[{f.__name__}_] output with shape {list(self.shape)} doesn't match "
                                        f"the broadcast shape {list(result.shape)}")
        if not lazytensor.can_cast(result.dtype, self.dtype):
            raise lazytensor.DtypeError(f"[{f.__name__}_] result type {result.dtype} can't be cast to the "
                                        f"desired output type {self.dtype}")
        return self.copy_(result.eval() if computed else result)

    written.__name__, written.__doc__ = f.__name__ + "_", f"{f.__name__}, written into this tensor."
    return method(written)


def dimension(dim, ndim):
    """A dimension counted from the front; a tensor without any has one, as in PyTorch."""
    count = max(ndim, 1)
    if not -count <= dim < count:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-count}, {count - 1}], but got {dim})")
    return dim % count


def sequence(tensors):
    """The arguments of f(a, b) and f([a, b]) alike."""
    one = tensors[0] if len(tensors) == 1 else None
    return tuple(one) if isinstance(one, (list, tuple)) else tensors


def operand(x):
    """A tensor of a tensor, an array or a number."""
    return x if isinstance(x, Tensor) else lazytensor.as_tensor(x)


def operands(x, y):
    """The same of two: floats and complex numbers beside a tensor keep the digits that its dtype has."""
    def beside(number, tensor):
        if isinstance(tensor, Tensor) and isinstance(number, (float, complex)):
            return lazytensor.full((), number, dtype=lazytensor.result_type(tensor, number))
        return operand(number)

    return beside(x, y), beside(y, x)


def tensors(name, *arguments):
    """TypeError unless all arguments are tensors."""
    for x in arguments:
        if not isinstance(x, Tensor):
            raise TypeError(f"{name}() takes tensors, not {type(x).__name__}")

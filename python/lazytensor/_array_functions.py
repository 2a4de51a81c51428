"""NumPy's protocol for its functions on tensors: np.sum(t, axis=0) is lazy, the unknown is NumPy's."""
# SPDX-License-Identifier: BSD-3-Clause
#
# The functions are in _array_reductions, _array_elementwise, _array_shapes and _array_searching. Each
# has the parameters of NumPy's, as far as it takes them; a call with others goes to NumPy, with arrays
# that share the tensors' memory.
import functools
import inspect

import lazytensor as lt
from lazytensor import Tensor

from ._ufuncs import Unsupported, arrays_of, need, some, write  # noqa: F401

HANDLERS = {}


class Handler:
    """What stands for a function of NumPy's: a call of ours, and whether NumPy's arguments fit it."""

    def __init__(self, f):
        self.call = f
        self.signature = inspect.signature(f)
        names = list(self.signature.parameters)
        # Arguments before `out` are passed on as they are.
        self.plain = names.index("out") if "out" in names else len(names)

    def __call__(self, args, kwargs):
        if len(args) <= self.plain and "out" not in kwargs:
            try:
                return self.call(*args, **kwargs)
            except TypeError:
                self.bind(args, kwargs)
                raise
        bound = self.bind(args, kwargs)
        out = bound.arguments.pop("out", None)
        return write(out, self.call(*bound.args, **bound.kwargs))

    def bind(self, args, kwargs):
        try:
            return self.signature.bind(*args, **kwargs)
        except TypeError:
            raise Unsupported from None


def numpy_function(*names):
    def add(f):
        for name in names or [f.__name__]:
            HANDLERS[name] = Handler(f)
        return f
    return add


@functools.cache
def handler_of(func):
    module = func.__module__.removeprefix("numpy").removeprefix(".")
    return HANDLERS.get(f"{module}.{func.__name__}" if module else func.__name__)


def array_function(self, func, types, args, kwargs):
    """NumPy's protocol: a lazy tensor, or what NumPy makes of the arrays where there is none."""
    handler = handler_of(func)
    if handler is not None:
        try:
            return handler(args, kwargs)
        except (Unsupported, lt.DtypeError):
            pass
    return func(*arrays_of(args), **arrays_of(kwargs))


def as_tensor(x):
    return x if isinstance(x, Tensor) else lt.tensor(x)


def as_tensors(x):
    return [as_tensor(t) for t in x]


def alike(a, b):
    a, b = as_tensor(a), as_tensor(b)
    common = lt.result_type(a, b)
    return a.to(common), b.to(common)

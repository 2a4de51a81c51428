"""NumPy's protocol for its functions on tensors: np.sum(t, axis=0) is lazy, the unknown is NumPy's."""
# SPDX-License-Identifier: BSD-3-Clause
#
# The functions are in _array_reductions, _array_elementwise, _array_shapes and _array_searching. Each
# has the parameters of NumPy's, as far as it takes them; a call with others goes to NumPy, with arrays
# that share the tensors' memory.
import inspect

import lazytensor as lt
from lazytensor import Tensor

from ._ufuncs import Unsupported, arrays_of, need, some, write  # noqa: F401

HANDLERS = {}


def numpy_function(*names):
    def add(f):
        for name in names or [f.__name__]:
            HANDLERS[name] = (f, inspect.signature(f))
        return f
    return add


def array_function(self, func, types, args, kwargs):
    """NumPy's protocol: a lazy tensor, or what NumPy makes of the arrays where there is none."""
    module = func.__module__.removeprefix("numpy").removeprefix(".")
    f, signature = HANDLERS.get(f"{module}.{func.__name__}" if module else func.__name__, (None, None))
    if f is not None:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            bound = None
        if bound is not None:
            out = bound.arguments.pop("out", None)
            try:
                return write(out, f(*bound.args, **bound.kwargs))
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

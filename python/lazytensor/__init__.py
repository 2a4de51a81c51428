"""Lazytensor: PyTorch's tensor vocabulary over a lazy, fused expression graph.

Operations build a graph; nothing is computed until a value is asked for: item(), tolist(), numpy(),
printing, a truth value, clone(), eval(). Then the graph is fused into few passes over memory.
"""
# SPDX-License-Identifier: BSD-3-Clause
import importlib as _importlib
import sys as _sys

from . import _load
from ._size import Size

_core = _load.load()
_sys.modules["lazytensor._core"] = _core
globals().update({name: value for name, value in vars(_core).items() if not name.startswith("__")})

__version__ = "0.1.0"


def _from_bytes(data, dtype, shape):
    """What pickles of tensors call: functions of the extension itself cannot be pickled."""
    return _core._from_bytes(data, dtype, shape)


# PyTorch's other names.
half, double, short, long = float16, float64, int16, int64  # noqa: F821
cfloat, cdouble = complex64, complex128  # noqa: F821
float, int, bool_ = float32, int32, bool  # noqa: F821
newaxis = None
from math import e, inf, nan, pi  # noqa: E402

# The names that the modules add come after what they are made of.
from . import _questions, _arranging, _elementwise, _einsum, _linear, _numbers  # noqa: E402,F401
from . import _scattering, _indexing, _arguments, _ordering, _statistical, _joining  # noqa: E402,F401
from . import _normalizing, _special, _distributions, _writing, _files  # noqa: E402,F401
from . import _aliases, _protocols  # noqa: E402,F401
from . import _namespace  # noqa: E402

_namespace.install(Tensor)  # noqa: F821


def __getattr__(name):
    # Imported where it is first used: most programs do without it.
    if name == "array_api":
        return _namespace.namespace()
    if name in ("linalg", "special"):
        return _importlib.import_module(f"lazytensor.{name}")
    if name == "fft":
        return _namespace.namespace().fft
    raise AttributeError(f"module 'lazytensor' has no attribute '{name}'")

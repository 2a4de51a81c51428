"""What Python, NumPy and Jupyter ask an object for: formats, arrays, pictures."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import html
import weakref
from typing import TYPE_CHECKING, Any

import lazytensor
from lazytensor import Tensor, bfloat16

from . import _array_elementwise, _array_reductions, _array_searching, _array_shapes  # noqa: F401
from ._array_functions import array_function
from ._graph import graph
from ._ufuncs import array_ufunc

if TYPE_CHECKING:
    import numpy

lazytensor.graph = graph
Tensor.__array_ufunc__ = array_ufunc
Tensor.__array_function__ = array_function
# As in PyTorch: np.float64(2) * t is t's business. Without it NumPy computes t and gives an ndarray.
Tensor.__array_priority__ = 1000


def _array(self, dtype: Any = None, copy: bool | None = None) -> numpy.ndarray:
    """NumPy's array of the elements, sharing the memory unless a copy is asked for or needed."""
    array = self.numpy()
    if dtype is not None and array.dtype != dtype:
        if copy is False:
            raise ValueError("Unable to avoid copy while creating an array as requested: another dtype")
        return array.astype(dtype)
    return array.copy() if copy else array


Tensor.__array__ = _array

# Readers of __array_interface__ keep the tensor, not its memory: so the memory is exported, and stays
# where it is, for as long as the tensor lives.
_exported = {}


def _array_interface(self) -> dict[str, Any]:
    """The address, shape and strides of the elements, valid while the tensor lives. Computes."""
    if self.dtype is bfloat16:
        raise AttributeError("NumPy has no bfloat16")
    key = id(self)
    if key not in _exported:
        gone = weakref.ref(self, lambda _: _exported.pop(key, None))
        _exported[key] = gone, self.numpy()
    return _exported[key][1].__array_interface__


Tensor.__array_interface__ = property(_array_interface)


def _format(self, spec: str) -> str:
    """A 0-d tensor is formatted as its number."""
    return format(self.item(), spec) if self.ndim == 0 else object.__format__(self, spec)


Tensor.__format__ = _format


def _repr_html_(self) -> str:
    return f"<pre>{html.escape(repr(self))}</pre>"


Tensor._repr_html_ = _repr_html_

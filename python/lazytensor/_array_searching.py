"""NumPy's sorting, searching and products on tensors: np.sort, np.take, np.dot, ..."""
# SPDX-License-Identifier: BSD-3-Clause
import lazytensor as lt

from ._array_functions import alike, as_tensor, need, numpy_function


@numpy_function("sort")
def _sort(a, axis=-1, kind=None):
    return a.flatten().sort(0).values if axis is None else a.sort(axis).values


@numpy_function("argsort")
def _argsort(a, axis=-1, kind=None):
    return a.flatten().argsort(0) if axis is None else a.argsort(axis)


@numpy_function("searchsorted")
def _searchsorted(a, v, side="left"):
    return lt.searchsorted(*alike(a, v), side=side)


@numpy_function("nonzero")
def _nonzero(a):
    return a.nonzero(as_tuple=True)


@numpy_function("argwhere")
def _argwhere(a):
    return a.nonzero()


@numpy_function("take")
def _take(a, indices, axis=None, out=None):
    a, indices = as_tensor(a), as_tensor(indices)
    if axis is None:
        return a.flatten()[indices]
    return a[(slice(None),) * (axis % a.ndim) + (indices,)]


@numpy_function("take_along_axis")
def _take_along_axis(arr, indices, axis=-1):
    return lt.take_along_dim(as_tensor(arr), as_tensor(indices), axis)


@numpy_function("dot")
def _dot(a, b, out=None):
    a, b = alike(a, b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    need(b.ndim <= 2)
    return a @ b


@numpy_function("outer")
def _outer(a, b, out=None):
    a, b = alike(a, b)
    return lt.outer(a.flatten(), b.flatten())


@numpy_function("trace")
def _trace(a):
    need(a.ndim == 2)
    return a.trace()

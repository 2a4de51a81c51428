"""NumPy's functions of shape on tensors: np.reshape, np.concatenate, np.split, np.zeros_like, ..."""
# SPDX-License-Identifier: BSD-3-Clause
import numbers

import lazytensor as lt

from ._array_functions import as_tensor, as_tensors, need, numpy_function


@numpy_function("shape")
def _shape(a):
    return tuple(a.shape)


@numpy_function("ndim")
def _ndim(a):
    return a.ndim


@numpy_function("size")
def _size(a, axis=None):
    return a.numel() if axis is None else a.shape[axis]


@numpy_function("reshape")
def _reshape(a, shape, order="C"):
    need(order in ("C", None))
    return a.reshape(shape)


@numpy_function("ravel")
def _ravel(a, order="C"):
    need(order == "C")
    return a.ravel()


@numpy_function("transpose")
def _transpose(a, axes=None):
    return a.T if axes is None else a.permute(*axes)


@numpy_function("matrix_transpose")
def _matrix_transpose(x):
    return x.mT


@numpy_function("swapaxes")
def _swapaxes(a, axis1, axis2):
    return a.transpose(axis1, axis2)


@numpy_function("moveaxis")
def _moveaxis(a, source, destination):
    return a.movedim(source, destination)


@numpy_function("squeeze")
def _squeeze(a, axis=None):
    need(axis is None or all(a.shape[d] == 1 for d in ([axis] if isinstance(axis, int) else axis)))
    return a.squeeze(axis)


@numpy_function("expand_dims")
def _expand_dims(a, axis):
    need(isinstance(axis, int))
    return a.unsqueeze(axis)


@numpy_function("broadcast_to")
def _broadcast_to(array, shape, subok=False):
    return lt.broadcast_to(array, shape)


@numpy_function("broadcast_arrays")
def _broadcast_arrays(*args, subok=False):
    return lt.broadcast_tensors(*as_tensors(args))


@numpy_function("flip")
def _flip(m, axis=None):
    return m.flip(tuple(range(m.ndim)) if axis is None else axis)


@numpy_function("roll")
def _roll(a, shift, axis=None):
    shifts, axes = (tuple(x) if isinstance(x, (list, tuple)) else (x,) for x in (shift, axis))
    need(all(isinstance(x, numbers.Integral) for x in shifts))
    if axis is None:
        return a.roll(sum(shifts))
    # One shift for all axes, all shifts along one axis, or as many of both.
    need(shifts and axes and (len(shifts) == len(axes) or 1 in (len(shifts), len(axes))))
    size = max(len(shifts), len(axes))
    return a.roll(shifts * (size // len(shifts)), axes * (size // len(axes)))


@numpy_function("tile")
def _tile(A, reps):
    return as_tensor(A).tile(reps if isinstance(reps, (list, tuple)) else (reps,))


@numpy_function("repeat")
def _repeat(a, repeats, axis=None):
    need(isinstance(repeats, int))
    return a.repeat_interleave(repeats, axis)


@numpy_function("concatenate")
def _concatenate(arrays, axis=0, out=None, *, dtype=None):
    arrays = as_tensors(arrays)
    result = lt.cat([t.flatten() for t in arrays] if axis is None else arrays, axis or 0)
    return result if dtype is None else result.to(dtype)


@numpy_function("stack")
def _stack(arrays, axis=0, out=None):
    arrays = as_tensors(arrays)
    common = arrays[0].dtype
    for t in arrays:
        common = lt.promote_types(common, t.dtype)
    return lt.stack([t.to(common) for t in arrays], axis)


def _joining(name, f):
    @numpy_function(name)
    def joined(tup):
        return f(as_tensors(tup))


for _name in ("vstack", "hstack", "dstack", "column_stack"):
    _joining(_name, getattr(lt, _name))


@numpy_function("split")
def _split(ary, indices_or_sections, axis=0):
    need(not isinstance(indices_or_sections, int) or ary.shape[axis] % indices_or_sections == 0)
    return list(lt.tensor_split(ary, indices_or_sections, axis))


@numpy_function("array_split")
def _array_split(ary, indices_or_sections, axis=0):
    return list(lt.tensor_split(ary, indices_or_sections, axis))


@numpy_function("atleast_1d")
def _atleast_1d(*arys):
    return lt.atleast_1d(*as_tensors(arys))


@numpy_function("atleast_2d")
def _atleast_2d(*arys):
    return lt.atleast_2d(*as_tensors(arys))


@numpy_function("meshgrid")
def _meshgrid(*xi, indexing="xy"):
    return lt.meshgrid(*as_tensors(xi), indexing=indexing)


@numpy_function("diag")
def _diag(v, k=0):
    return v.diag(k)


@numpy_function("diagonal")
def _diagonal(a, offset=0, axis1=0, axis2=1):
    return a.diagonal(offset, axis1, axis2)


@numpy_function("tril")
def _tril(m, k=0):
    need(m.ndim >= 2)
    return m.tril(k)


@numpy_function("triu")
def _triu(m, k=0):
    need(m.ndim >= 2)
    return m.triu(k)


@numpy_function("copy")
def _copy(a, order="K", subok=False):
    return a.clone()


@numpy_function("zeros_like")
def _zeros_like(a, dtype=None):
    return lt.zeros_like(a, dtype=dtype)


@numpy_function("ones_like")
def _ones_like(a, dtype=None):
    return lt.ones_like(a, dtype=dtype)


@numpy_function("empty_like")
def _empty_like(prototype, dtype=None):
    return lt.empty_like(prototype, dtype=dtype)


@numpy_function("full_like")
def _full_like(a, fill_value, dtype=None):
    return lt.full_like(a, fill_value, dtype=dtype)

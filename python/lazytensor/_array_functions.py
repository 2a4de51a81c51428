"""NumPy's functions on tensors: np.sum(t, axis=0), np.concatenate([t, t]), np.where(t > 0, t, 0)."""
# SPDX-License-Identifier: BSD-3-Clause
#
# Every function here has the parameters of NumPy's, as far as it takes them; a call with others goes
# to NumPy, with arrays that share the tensors' memory.
import inspect

import lazytensor as lt
from lazytensor import Tensor

from ._ufuncs import Unsupported, arrays_of, write

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
            except Unsupported:
                pass
    return func(*arrays_of(args), **arrays_of(kwargs))


def need(condition):
    if not condition:
        raise Unsupported


def as_tensor(x):
    return x if isinstance(x, Tensor) else lt.tensor(x)


def as_tensors(x):
    return [as_tensor(t) for t in x]


# Reductions.

def _reduction(name, f):
    @numpy_function(name)
    def reduced(a, axis=None, out=None, keepdims=False):
        return f(as_tensor(a), axis, keepdims)


for _name, _f in {"max": lt.amax, "amax": lt.amax, "min": lt.amin, "amin": lt.amin, "any": lt.any,
                  "all": lt.all, "argmax": lt.argmax, "argmin": lt.argmin}.items():
    _reduction(_name, _f)


@numpy_function("sum")
def _sum(a, axis=None, dtype=None, out=None, keepdims=False):
    return lt.sum(as_tensor(a), axis, keepdims, dtype)


@numpy_function("prod")
def _prod(a, axis=None, dtype=None, out=None, keepdims=False):
    return lt.prod(as_tensor(a), axis, keepdims, dtype)


def _floating(a):
    """NumPy averages integers in double precision."""
    a = as_tensor(a)
    return a.double() if a.dtype.kind in ("bool", "integer") else a


@numpy_function("mean")
def _mean(a, axis=None, dtype=None, out=None, keepdims=False):
    return lt.mean(_floating(a), axis, keepdims, dtype)


@numpy_function("var")
def _var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, correction=None):
    need(dtype is None)
    return lt.var(_floating(a), axis, correction=ddof if correction is None else correction, keepdim=keepdims)


@numpy_function("std")
def _std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, correction=None):
    need(dtype is None)
    return lt.std(_floating(a), axis, correction=ddof if correction is None else correction, keepdim=keepdims)


@numpy_function("count_nonzero")
def _count_nonzero(a, axis=None, *, keepdims=False):
    return lt.count_nonzero(as_tensor(a), axis, keepdims)


@numpy_function("cumsum")
def _cumsum(a, axis=None, dtype=None, out=None):
    return lt.cumsum(as_tensor(a).flatten() if axis is None else as_tensor(a), axis or 0, dtype)


@numpy_function("cumprod")
def _cumprod(a, axis=None, dtype=None, out=None):
    return lt.cumprod(as_tensor(a).flatten() if axis is None else as_tensor(a), axis or 0, dtype)


@numpy_function("linalg.norm")
def _norm(x, ord=None, axis=None, keepdims=False):
    x = as_tensor(x)
    need(ord is None or (x.ndim == 1 if axis is None else isinstance(axis, int)))
    return lt.norm(_floating(x), 2 if ord is None else ord, axis, keepdims)


# Elementwise.

@numpy_function("where")
def _where(condition, x=None, y=None):
    return lt.where(as_tensor(condition)) if x is None and y is None else lt.where(condition, x, y)


@numpy_function("clip")
def _clip(a, a_min=None, a_max=None, out=None, *, min=None, max=None):
    low, high = min if a_min is None else a_min, max if a_max is None else a_max
    return as_tensor(a) if low is None and high is None else lt.clamp(as_tensor(a), low, high)


@numpy_function("round", "around")
def _round(a, decimals=0, out=None):
    a = as_tensor(a)
    if decimals == 0 or a.dtype.kind == "bool":
        return a.round()
    need(a.dtype.is_floating_point)
    return (a * 10.0 ** decimals).round() / 10.0 ** decimals


@numpy_function("real")
def _real(val):
    return val.real


@numpy_function("imag")
def _imag(val):
    return val.imag if val.dtype.is_complex else lt.zeros_like(val)


@numpy_function("angle")
def _angle(z, deg=False):
    return lt.rad2deg(z.angle()) if deg else z.angle()


@numpy_function("nan_to_num")
def _nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    need(copy)
    return lt.nan_to_num(as_tensor(x), nan, posinf, neginf)


@numpy_function("isclose")
def _isclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=False):
    return lt.isclose(*_alike(a, b), rtol, atol, equal_nan)


@numpy_function("allclose")
def _allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=False):
    return lt.allclose(*_alike(a, b), rtol, atol, equal_nan)


def _alike(a, b):
    a, b = as_tensor(a), as_tensor(b)
    common = lt.result_type(a, b)
    return a.to(common), b.to(common)


@numpy_function("array_equal")
def _array_equal(a1, a2):
    a, b = as_tensor(a1), as_tensor(a2)
    return a.shape == b.shape and bool((a == b).all())


@numpy_function("isin")
def _isin(element, test_elements, assume_unique=False, invert=False, *, kind=None):
    return lt.isin(as_tensor(element), as_tensor(test_elements), invert=invert)


@numpy_function("diff")
def _diff(a, n=1, axis=-1):
    return lt.diff(a, n, axis)


# Shape.

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
    need(isinstance(source, int) and isinstance(destination, int))
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
    need(isinstance(shift, int) or axis is not None)
    return a.roll(shift, axis)


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
    return m.tril(k)


@numpy_function("triu")
def _triu(m, k=0):
    return m.triu(k)


# Copies and constants like another.

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


# Sorting, searching, products.

@numpy_function("sort")
def _sort(a, axis=-1, kind=None):
    return a.flatten().sort(0).values if axis is None else a.sort(axis).values


@numpy_function("argsort")
def _argsort(a, axis=-1, kind=None):
    return a.flatten().argsort(0) if axis is None else a.argsort(axis)


@numpy_function("searchsorted")
def _searchsorted(a, v, side="left"):
    return lt.searchsorted(*_alike(a, v), side=side)


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
    a, b = _alike(a, b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    need(b.ndim <= 2)
    return a @ b


@numpy_function("outer")
def _outer(a, b, out=None):
    a, b = _alike(a, b)
    return lt.outer(a.flatten(), b.flatten())


@numpy_function("trace")
def _trace(a):
    need(a.ndim == 2)
    return a.trace()

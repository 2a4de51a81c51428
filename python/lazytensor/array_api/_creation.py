"""Making tensors."""
# SPDX-License-Identifier: BSD-3-Clause
from .. import _core as lt
from . import _devices
from ._dtypes import result_type


def _number_dtype(*numbers):
    """What Python numbers become on their own."""
    if any(isinstance(n, lt.Tensor) for n in numbers):
        return result_type(*numbers)
    return result_type(lt.bool, *numbers)


def _whole(number):
    """True for what counts as a Python integer."""
    return not isinstance(number, (float, complex)) and hasattr(number, "__index__")


def asarray(obj, /, *, dtype=None, device=None, copy=None) -> lt.Tensor:
    """A tensor of numbers, nested sequences, a buffer, or any object with __dlpack__.

    copy=True copies, copy=False raises ValueError where it would have to, None copies where needed.
    """
    _devices.check(device)
    if isinstance(obj, lt.Tensor):
        if copy is False and dtype is not None and dtype != obj.dtype:
            raise ValueError(f"asarray: {obj.dtype} cannot become {dtype} without a copy")
        return lt.tensor(obj, dtype=dtype) if copy else lt.as_tensor(obj, dtype)
    if not isinstance(obj, (int, float, complex, list, tuple)):
        shared = _sharing(obj)
        if shared is not None:
            return asarray(shared, dtype=dtype, copy=copy)
    if copy is False:
        raise ValueError(f"asarray: a {type(obj).__name__} cannot become a tensor without a copy")
    return lt.tensor(obj, dtype=dtype)


def _sharing(obj):
    """A tensor over the memory of obj; None if it has none to share."""
    if type(obj).__module__ == "numpy" and hasattr(obj, "__array_interface__"):
        return lt.from_numpy(obj) if obj.ndim or type(obj).__name__ == "ndarray" else None
    if hasattr(obj, "__dlpack__"):
        return lt.from_dlpack(obj)
    try:
        view = memoryview(obj)
    except TypeError:
        return None
    import numpy

    return lt.from_numpy(numpy.asarray(view))


def from_dlpack(x, /, *, device=None, copy=None) -> lt.Tensor:
    """A tensor that shares the memory of any object with __dlpack__; copy=True copies."""
    _devices.check(device)
    return lt.from_dlpack(x, copy=copy)


def arange(start, /, stop=None, step=1, *, dtype=None, device=None) -> lt.Tensor:
    """start, start + step, ... before stop; of one argument, 0, 1, ... before it. Exact for integers."""
    _devices.check(device)
    if stop is None:
        start, stop = 0, start
    if step == 0:
        raise ValueError("arange: step must not be zero")
    count = max(0, -int((start - stop) // step))
    dtype = dtype or _number_dtype(start, stop, step)
    if all(map(_whole, (start, stop, step))) and dtype.kind == "integer":
        # Modulo 2^64, so that every uint64 is reached exactly.
        wide = lt.arange(count).to(lt.uint64)
        return (wide * (int(step) % 2**64) + int(start) % 2**64).to(dtype)
    return (lt.arange(count).to(lt.float64) * float(step) + float(start)).to(dtype)


def linspace(start, stop, /, num, *, dtype=None, device=None, endpoint=True) -> lt.Tensor:
    """num evenly spaced numbers from start to stop, without stop itself if endpoint is False."""
    _devices.check(device)
    if dtype is None:
        dtype = _number_dtype(start, stop, 1.0)
    result = lt.linspace(start, stop, num if endpoint else num + 1, lt.promote_types(dtype, lt.float64))
    return (result if endpoint else result[:num]).to(dtype)


def _diagonal(k, rows, columns):
    """k, or the nearest diagonal just outside the matrix: Python's integers have no end."""
    return max(-rows, min(k, columns))


def eye(n_rows, n_cols=None, /, *, k=0, dtype=None, device=None) -> lt.Tensor:
    """Ones on the k-th diagonal of a matrix of zeros."""
    _devices.check(device)
    n_cols = n_rows if n_cols is None else n_cols
    k = _diagonal(k, n_rows, n_cols)
    return (lt.arange(n_rows)[:, None] + k == lt.arange(n_cols)).to(dtype or lt.get_default_dtype())


def _sizes(shape):
    return tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)


def zeros(shape, *, dtype=None, device=None) -> lt.Tensor:
    """Zeros."""
    return lt.zeros(_sizes(shape), dtype=dtype, device=device)


def ones(shape, *, dtype=None, device=None) -> lt.Tensor:
    """Ones."""
    return lt.ones(_sizes(shape), dtype=dtype, device=device)


def empty(shape, *, dtype=None, device=None) -> lt.Tensor:
    """Zeros: there is no uninitialised memory to see."""
    return lt.empty(_sizes(shape), dtype=dtype, device=device)


def full(shape, fill_value, *, dtype=None, device=None) -> lt.Tensor:
    """Every element one number, by default in the number's dtype."""
    _devices.check(device)
    if isinstance(fill_value, lt.Tensor):
        return lt.broadcast_to(fill_value.to(dtype or fill_value.dtype), _sizes(shape))
    return lt.full(_sizes(shape), fill_value, dtype=dtype)


def zeros_like(x, /, *, dtype=None, device=None) -> lt.Tensor:
    """Zeros in x's shape and dtype."""
    return lt.zeros_like(x, dtype=dtype, device=device)


def ones_like(x, /, *, dtype=None, device=None) -> lt.Tensor:
    """Ones in x's shape and dtype."""
    return lt.ones_like(x, dtype=dtype, device=device)


def empty_like(x, /, *, dtype=None, device=None) -> lt.Tensor:
    """Zeros in x's shape and dtype."""
    return lt.empty_like(x, dtype=dtype, device=device)


def full_like(x, /, fill_value, *, dtype=None, device=None) -> lt.Tensor:
    """One number in x's shape and dtype."""
    return full(x.shape, fill_value, dtype=dtype or x.dtype, device=device)


def meshgrid(*arrays, indexing="xy") -> list[lt.Tensor]:
    """Views of 1-d tensors broadcast against each other; "xy" exchanges the first two dimensions."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: indexing is 'xy' or 'ij', not {indexing!r}")
    order = list(range(len(arrays)))
    if indexing == "xy" and len(arrays) > 1:
        order[:2] = 1, 0
    sizes = [0] * len(arrays)
    for place, x in zip(order, arrays):
        sizes[place] = x.shape[0]
    grids = []
    for place, x in zip(order, arrays):
        own = [1] * len(arrays)
        own[place] = x.shape[0]
        grids.append(lt.broadcast_to(lt.reshape(x, own), sizes))
    return grids


def tril(x, /, *, k=0) -> lt.Tensor:
    """The lower triangles of matrices, zeros elsewhere."""
    return lt.tril(x, _diagonal(k, *x.shape[-2:]))


def triu(x, /, *, k=0) -> lt.Tensor:
    """The upper triangles of matrices, zeros elsewhere."""
    return lt.triu(x, _diagonal(k, *x.shape[-2:]))

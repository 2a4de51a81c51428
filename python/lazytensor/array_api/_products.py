"""Products of matrices and vectors."""
# SPDX-License-Identifier: BSD-3-Clause
from .. import _core as lt
from ._axes import wrapped
from ._dtypes import result_type


def _converted(x1, x2):
    dtype = result_type(x1, x2)
    return x1.to(dtype), x2.to(dtype)


def matmul(x1, x2, /):
    """Matrix products, batches broadcast; vectors count as a row or a column."""
    return lt.matmul(*_converted(x1, x2))


def matrix_transpose(x, /):
    """A view with the last two axes exchanged."""
    if x.ndim < 2:
        raise ValueError(f"matrix_transpose: {x.ndim} dimensions, at least 2 are needed")
    return x.mT


def tensordot(x1, x2, /, *, axes=2):
    """The sum of products over the last axes of x1 and the first of x2, or over given axes of each."""
    if isinstance(axes, int):
        if not 0 <= axes <= min(x1.ndim, x2.ndim):
            raise ValueError(f"tensordot: cannot contract {axes} axes of {x1.ndim} and {x2.ndim}")
        first, second = range(x1.ndim - axes, x1.ndim), range(axes)
    else:
        first, second = ([wrapped(a, x.ndim) for a in given] for given, x in zip(axes, (x1, x2)))
    first, second = list(first), list(second)
    inner = [x1.shape[a] for a in first]
    if inner != [x2.shape[a] for a in second]:
        raise ValueError(f"tensordot: axes {first} of {x1.shape} do not fit {second} of {x2.shape}")
    rows = [a for a in range(x1.ndim) if a not in first]
    columns = [a for a in range(x2.ndim) if a not in second]
    outer = [x1.shape[a] for a in rows] + [x2.shape[a] for a in columns]
    count = 1
    for size in inner:
        count *= size
    heights = 1
    for a in rows:
        heights *= x1.shape[a]
    widths = 1
    for a in columns:
        widths *= x2.shape[a]
    x1, x2 = _converted(x1, x2)
    left = lt.reshape(lt.permute(x1, rows + first), (heights, count))
    right = lt.reshape(lt.permute(x2, second + columns), (count, widths))
    return lt.reshape(lt.matmul(left, right), outer)


def vecdot(x1, x2, /, *, axis=-1):
    """The sum of conj(x1) * x2 along an axis, the others broadcast."""
    if not -min(x1.ndim, x2.ndim) <= axis < 0:
        raise ValueError(f"vecdot: axis must be in [-{min(x1.ndim, x2.ndim)}, -1], not {axis}")
    if x1.shape[axis] != x2.shape[axis]:
        raise ValueError(f"vecdot: vectors of {x1.shape[axis]} and {x2.shape[axis]} elements")
    x1, x2 = _converted(x1, x2)
    return lt.sum((lt.conj(x1) if x1.dtype.is_complex else x1) * x2, axis).to(x1.dtype)

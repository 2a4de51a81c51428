"""Products of matrices and vectors."""
# SPDX-License-Identifier: BSD-3-Clause
from .. import _core as lt
from ._dtypes import result_type


def _converted(x1, x2):
    dtype = result_type(x1, x2)
    return x1.to(dtype), x2.to(dtype)


def matmul(x1, x2, /) -> lt.Tensor:
    """Matrix products, batches broadcast; vectors count as a row or a column."""
    return lt.matmul(*_converted(x1, x2))


def matrix_transpose(x, /) -> lt.Tensor:
    """A view with the last two axes exchanged."""
    if x.ndim < 2:
        raise ValueError(f"matrix_transpose: {x.ndim} dimensions, at least 2 are needed")
    return x.mT


def tensordot(x1, x2, /, *, axes=2) -> lt.Tensor:
    """The sum of products over the last axes of x1 and the first of x2, or over given axes of each."""
    x1, x2 = _converted(x1, x2)
    return lt.tensordot(x1, x2, axes)


def vecdot(x1, x2, /, *, axis=-1) -> lt.Tensor:
    """The sum of conj(x1) * x2 along an axis, the others broadcast."""
    if not -min(x1.ndim, x2.ndim) <= axis < 0:
        raise ValueError(f"vecdot: axis must be in [-{min(x1.ndim, x2.ndim)}, -1], not {axis}")
    return lt.vecdot(*_converted(x1, x2), dim=axis)

"""Taking elements by number."""
# SPDX-License-Identifier: BSD-3-Clause
from .. import _core as lt
from ._axes import wrapped


def _positive(indices, size):
    indices = indices.to(lt.int64)
    return lt.where(indices < 0, indices + size, indices)


def take(x, indices, /, *, axis=None) -> lt.Tensor:
    """Slices of an axis in the order of 1-d indices; negative ones count from the end."""
    if axis is None:
        if x.ndim != 1:
            raise ValueError(f"take: axis must be given for {x.ndim} dimensions")
        axis = 0
    axis = wrapped(axis, x.ndim)
    return lt.index_select(x, axis, _positive(indices, x.shape[axis]))


def take_along_axis(x, indices, /, *, axis=-1) -> lt.Tensor:
    """Elements along an axis by indices that broadcast against x in all other axes."""
    if indices.ndim != x.ndim:
        raise ValueError(f"take_along_axis: indices of {indices.ndim} dimensions for {x.ndim}")
    axis = wrapped(axis, x.ndim)
    one = list(x.shape)
    other = list(indices.shape)
    size, count = one[axis], other[axis]
    one[axis] = other[axis] = 1
    sizes = list(lt.broadcast_shapes(tuple(one), tuple(other)))
    source, wanted = list(sizes), list(sizes)
    source[axis], wanted[axis] = size, count
    index = lt.broadcast_to(_positive(indices, size), wanted)
    return lt.gather(lt.broadcast_to(x, source), axis, index)

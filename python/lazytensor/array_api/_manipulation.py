"""Shapes: views and copies under other shapes, joining, repeating; and astype."""
# SPDX-License-Identifier: BSD-3-Clause
from .. import _core as lt
from . import _devices
from ._axes import flat_unless, several, wrapped
from ._dtypes import result_type


def astype(x, dtype, /, *, copy=True, device=None) -> lt.Tensor:
    """x converted. copy=False gives x itself where there is nothing to convert."""
    _devices.check(device)
    if x.dtype.is_complex and not dtype.is_complex:
        raise TypeError(f"astype: {x.dtype} does not become {dtype}: take real() or abs() first")
    return lt.tensor(x, dtype=dtype) if copy else x.to(dtype)


def broadcast_arrays(*arrays) -> list[lt.Tensor]:
    """Views of all in the shape they broadcast to."""
    shape = lt.broadcast_shapes(*(x.shape for x in arrays))
    return [lt.broadcast_to(x, shape) for x in arrays]


def broadcast_to(x, /, shape) -> lt.Tensor:
    """A view of x repeated along dimensions of size 1 and new ones."""
    return lt.broadcast_to(x, shape)


def _converted(arrays):
    dtype = result_type(*arrays)
    return [x.to(dtype) for x in arrays]


def concat(arrays, /, *, axis=0) -> lt.Tensor:
    """Tensors one behind the other along an axis; flattened first if it is None."""
    arrays = _converted(tuple(arrays))
    if axis is None:
        return lt.cat([x.reshape(-1) for x in arrays], 0)
    axis = wrapped(axis, arrays[0].ndim)
    return lt.cat(arrays, axis)


def stack(arrays, /, *, axis=0) -> lt.Tensor:
    """A new axis that numbers the tensors."""
    return lt.stack(_converted(tuple(arrays)), axis)


def unstack(x, /, *, axis=0) -> tuple[lt.Tensor, ...]:
    """Views of the slices along an axis."""
    return lt.unbind(x, axis)


def expand_dims(x, /, axis) -> lt.Tensor:
    """A view with a new axis of size 1."""
    return lt.unsqueeze(x, axis)


def squeeze(x, /, axis) -> lt.Tensor:
    """A view without the given axes, each of size 1. ValueError for any other size."""
    axes = several(axis, x.ndim)
    for a in axes:
        if x.shape[a] != 1:
            raise ValueError(f"squeeze: axis {a} has size {x.shape[a]}, not 1")
    return lt.squeeze(x, axes)


def flip(x, /, *, axis=None) -> lt.Tensor:
    """The order along axes reversed; along all if None."""
    axes = several(axis, x.ndim)
    return lt.flip(x, axes) if axes else x


def moveaxis(x, source, destination, /) -> lt.Tensor:
    """A view with axes moved, the others staying in order."""
    return lt.movedim(x, source, destination)


def permute_dims(x, /, axes) -> lt.Tensor:
    """A view with the axes in another order."""
    return lt.permute(x, axes)


def reshape(x, /, shape, *, copy=None) -> lt.Tensor:
    """x under another shape. copy=False raises ValueError where strides allow no view."""
    if copy:
        return lt.reshape(lt.tensor(x), shape)
    if copy is False:
        try:
            return x.view(shape)
        except RuntimeError as error:
            raise ValueError(f"reshape: {error}") from None
    return lt.reshape(x, shape)


def repeat(x, repeats, /, *, axis=None) -> lt.Tensor:
    """Every element so many times in a row: a number of times, or one for each element along axis.

    With a tensor of numbers this computes it, since the shape depends on it.
    """
    x, axis = flat_unless(x, axis)
    if not isinstance(repeats, lt.Tensor):
        if not isinstance(repeats, (list, tuple)):
            return lt.repeat_interleave(x, repeats, axis)
        repeats = lt.tensor(repeats, dtype=lt.int64)
    if repeats.ndim == 0 or repeats.shape[0] == 1:
        return lt.repeat_interleave(x, int(repeats), axis)
    if repeats.shape[0] != x.shape[axis]:
        raise ValueError(f"repeat: {repeats.shape[0]} counts for an axis of size {x.shape[axis]}")
    ends = lt.cumsum(repeats, 0)
    count = int(ends[-1]) if repeats.shape[0] else 0
    return lt.index_select(x, axis, lt.searchsorted(ends, lt.arange(count), right=True))


def roll(x, /, shift, *, axis=None) -> lt.Tensor:
    """Elements moved along axes, what falls off coming in at the other end; flattened if axis is None."""
    if isinstance(axis, (tuple, list)) and not isinstance(shift, (tuple, list)):
        shift = (shift,) * len(axis)
    return lt.roll(x, shift, axis)


def tile(x, repetitions, /) -> lt.Tensor:
    """x repeated as a whole along each axis."""
    return lt.tile(x, repetitions)

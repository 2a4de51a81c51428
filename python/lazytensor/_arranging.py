"""Making, joining, splitting and reshaping tensors: PyTorch's functions that are short expressions."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import lazytensor as lt
from lazytensor import Tensor, dtype

from ._define import both, function, method, sequence


@function
def asarray(obj, dtype: dtype | type | None = None, *, device: str | None = None, copy: bool | None = None) -> Tensor:
    """The array API's as_tensor: shares memory where it can, unless copy=True."""
    if copy:
        return lt.tensor(obj, dtype=dtype, device=device)
    return lt.as_tensor(obj, dtype=dtype, device=device)


@function
def randint_like(input: Tensor, low: int, high: int | None = None, *, dtype: dtype | type | None = None,
                 device: str | None = None) -> Tensor:
    """Integers uniform in [low, high), or [0, low), in the other tensor's shape and dtype."""
    low, high = (0, low) if high is None else (low, high)
    return lt.randint(low, high, input.shape, dtype=dtype or input.dtype, device=device)


@function
def broadcast_tensors(*tensors: Tensor | Sequence[Tensor]) -> tuple[Tensor, ...]:
    """The tensors as views of the one shape they broadcast to."""
    tensors = sequence(tensors)
    shape = lt.broadcast_shapes(*(t.shape for t in tensors))
    return tuple(lt.broadcast_to(t, shape) for t in tensors)


@function
def meshgrid(*tensors: Tensor | Sequence[Tensor], indexing: str = "ij") -> tuple[Tensor, ...]:
    """Coordinates of a grid as views: result k varies along dimension k; "xy" swaps the first two."""
    if indexing not in ("ij", "xy"):
        raise lt.DataError(f"[meshgrid] indexing must be one of 'xy' or 'ij', not {indexing!r}")
    tensors = sequence(tensors)
    if any(t.ndim > 1 for t in tensors):
        raise lt.ShapeError("[meshgrid] expected scalars or 1-d tensors")
    shape = [t.numel() for t in tensors]
    grids = [t.reshape([-1 if d == k else 1 for d in range(len(shape))]).expand(shape)
             for k, t in enumerate(tensors)]
    swap = indexing == "xy" and len(grids) > 1
    return tuple(g.transpose(0, 1) if swap else g for g in grids)


def _at_least(tensors, ndim, view):
    results = tuple(t if t.ndim >= ndim else view(t) for t in map(lt.as_tensor, sequence(tensors)))
    return results if len(tensors) > 1 or isinstance(tensors[0], (list, tuple)) else results[0]


@function
def atleast_1d(*tensors: Tensor | Sequence[Tensor]) -> Any:
    """Views with a dimension at least."""
    return _at_least(tensors, 1, lambda t: t.reshape(1))


@function
def atleast_2d(*tensors: Tensor | Sequence[Tensor]) -> Any:
    """Views with two dimensions at least, new ones in front."""
    return _at_least(tensors, 2, lambda t: t.reshape(1, -1))


@function
def atleast_3d(*tensors: Tensor | Sequence[Tensor]) -> Any:
    """Views with three dimensions at least: a matrix gets one behind, a vector one on each side."""
    return _at_least(tensors, 3, lambda t: t.unsqueeze(-1) if t.ndim == 2 else t.reshape(1, -1, 1))


def at_least(count, input, name):
    """ShapeError for a tensor of fewer dimensions."""
    if input.ndim < count:
        raise lt.ShapeError(f"[{name}] expects a tensor of at least {count} dimensions, got {input.ndim}")


@both
def split_with_sizes(input: Tensor, split_sizes: Iterable[int], dim: int = 0) -> tuple[Tensor, ...]:
    """split by a list of sizes."""
    return input.split(list(split_sizes), dim)


@both
def unflatten(input: Tensor, dim: int, sizes: Iterable[int]) -> Tensor:
    """One dimension as several; a size may be -1."""
    at_least(1, input, "unflatten")
    dim = range(input.ndim)[dim]
    return input.reshape(*input.shape[:dim], *sizes, *input.shape[dim + 1:])


@both
def rot90(input: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """Turned by k quarter turns from the first towards the second dimension."""
    at_least(2, input, "rot90")
    a, b = dims
    turns = [lambda x: x, lambda x: x.flip(b).transpose(a, b), lambda x: x.flip((a, b)),
             lambda x: x.transpose(a, b).flip(b)]
    return turns[k % 4](input)


@method
def expand_as(self, other: Tensor) -> Tensor:
    """expand to another tensor's shape."""
    return self.expand(other.shape)


@method
def view_as(self, other: Tensor) -> Tensor:
    """view under another tensor's shape."""
    return self.view(other.shape)


@method
def reshape_as(self, other: Tensor) -> Tensor:
    """reshape to another tensor's shape."""
    return self.reshape(other.shape)


@both
def adjoint(input: Tensor) -> Tensor:
    """The last two dimensions exchanged, complex numbers conjugated."""
    return input.mT.conj() if input.dtype.is_complex else input.mT


@both
def argwhere(input: Tensor) -> Tensor:
    """The indices of the elements that are not zero, one row each. Computes."""
    return input.nonzero()

"""Making, joining, splitting and reshaping tensors: PyTorch's functions that are short expressions."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import operator
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


@function
def hstack(tensors: Iterable[Tensor]) -> Tensor:
    """Tensors side by side: along dimension 1, vectors along 0."""
    tensors = [atleast_1d(t) for t in tensors]
    return lt.cat(tensors, 0 if tensors and tensors[0].ndim == 1 else 1)


@function
def vstack(tensors: Iterable[Tensor]) -> Tensor:
    """Tensors one below the other: along dimension 0, vectors as rows."""
    return lt.cat([atleast_2d(t) for t in tensors], 0)


@function
def dstack(tensors: Iterable[Tensor]) -> Tensor:
    """Tensors one behind the other: along dimension 2."""
    return lt.cat([atleast_3d(t) for t in tensors], 2)


@function
def column_stack(tensors: Iterable[Tensor]) -> Tensor:
    """Tensors side by side, vectors as columns."""
    return lt.cat([t if t.ndim > 1 else t.reshape(-1, 1) for t in map(lt.as_tensor, tensors)], 1)


@both
def tensor_split(input: Tensor, indices_or_sections: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Views of pieces: so many of nearly one size, or those between the given places."""
    at_least(1, input, "tensor_split")
    size = input.shape[dim]
    try:
        n = operator.index(indices_or_sections)
    except TypeError:
        n = None
    if n is not None:
        if n <= 0:
            raise lt.DataError(f"[tensor_split] number of sections must be larger than 0, got {n}")
        ends = [(k + 1) * (size // n) + min(k + 1, size % n)
                for k in range(n - 1)]
    else:
        ends = [max(0, min(size, k + size if k < 0 else k)) for k in indices_or_sections]
    starts = [0, *ends]
    return tuple(input.narrow(dim, a, max(0, b - a)) for a, b in zip(starts, [*ends, size]))


def at_least(count, input, name):
    """ShapeError for a tensor of fewer dimensions."""
    if input.ndim < count:
        raise lt.ShapeError(f"[{name}] expects a tensor of at least {count} dimensions, got {input.ndim}")


@both
def hsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """tensor_split along dimension 1; of a vector along 0."""
    at_least(1, input, "hsplit")
    return tensor_split(input, indices_or_sections, 0 if input.ndim == 1 else 1)


@both
def vsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """tensor_split along dimension 0."""
    at_least(2, input, "vsplit")
    return tensor_split(input, indices_or_sections, 0)


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
def select(input: Tensor, dim: int, index: int) -> Tensor:
    """A view of one slice of a dimension, which disappears."""
    dim = range(input.ndim)[dim]
    return input[(slice(None),) * dim + (index,)]


@both
def fliplr(input: Tensor) -> Tensor:
    """Columns in reverse order."""
    at_least(2, input, "fliplr")
    return input.flip(1)


@both
def flipud(input: Tensor) -> Tensor:
    """Rows in reverse order."""
    at_least(1, input, "flipud")
    return input.flip(0)


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
def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """gather with indices that broadcast; without dim, of the flattened tensor."""
    if dim is None:
        return input.flatten().gather(0, indices.flatten())
    dim = range(input.ndim)[dim]
    if input.ndim != indices.ndim:
        raise lt.ShapeError("[take_along_dim] input and indices should have the same number of "
                            f"dimensions, but got {input.ndim} dimensions for input, and "
                            f"{indices.ndim} dimensions for indices")
    def around(x):
        return (*x.shape[:dim], 1, *x.shape[dim + 1:])

    shape = list(lt.broadcast_shapes(around(input), around(indices)))
    sized = [shape[:dim] + [x.shape[dim]] + shape[dim + 1:] for x in (input, indices)]
    return input.expand(sized[0]).gather(dim, indices.expand(sized[1]))


@both
def argwhere(input: Tensor) -> Tensor:
    """The indices of the elements that are not zero, one row each. Computes."""
    return input.nonzero()

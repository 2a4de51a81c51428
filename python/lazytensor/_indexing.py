"""Writing slices by number: index_add and its kin, index_put, masked_scatter; windows of a dimension."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import math

import lazytensor as lt
from lazytensor import Tensor

from ._define import both, in_place, method
from ._define import dimension as _dimension
from ._scattering import scatter_reduce


def _sliced(name, input, dim, index, source):
    """Checks of the functions that write slices of source; all as scatter wants them, 0-d as 1-d."""
    dim = _dimension(dim, input.ndim)
    if index.ndim > 1:
        raise IndexError(f"{name}(): Index is supposed to be a vector, but got dim: {index.ndim}")
    if index.dtype not in (lt.int32, lt.int64):
        raise lt.DtypeError(f"[{name}] Expected dtype int32/int64 for index but got: {index.dtype}")
    if input.dtype != source.dtype:
        raise lt.DtypeError(f"[{name}] self ({input.dtype}) and source ({source.dtype}) must have the same dtype")
    if name == "index_copy" and source.numel() == 1 and {source.ndim, input.ndim} == {0, 1}:
        source = source.reshape(input.shape if not input.ndim else (1,))
    if source.ndim != input.ndim or any(s != n for d, (s, n) in enumerate(zip(source.shape, input.shape)) if d != dim):
        kind = IndexError if name == "index_copy" and source.ndim and source.ndim != input.ndim else lt.ShapeError
        raise kind(f"[{name}] source tensor shape must match self tensor shape, excluding the specified "
                   f"dimension. Got self.shape = {list(input.shape)} source.shape = {list(source.shape)}")
    x, source = (t if t.ndim else t.reshape(1) for t in (input, source))
    if index.numel() != source.shape[dim]:
        kind = IndexError if name == "index_copy" else lt.ShapeError
        raise kind(f"[{name}] Number of indices ({index.numel()}) should be equal to source.size(dim): "
                   f"({source.shape[dim]}), for dim: {dim}")
    return x, dim, _spread(index, dim, source.shape), source


def _spread(index, dim, shape):
    return index.reshape([-1 if d == dim else 1 for d in range(len(shape))]).expand(shape)


@both
def index_add(input, dim, index, source, *, alpha=1) -> Tensor:
    """input with alpha * slices of source added at the places that index gives along a dimension."""
    x, dim, index, source = _sliced("index_add", input, dim, index, source)
    if alpha != 1:
        source = source * (alpha if source.dtype.kind in ("floating", "complex") else int(alpha))
    return lt.scatter_add(x, dim, index, source).reshape(input.shape)


@both
def index_copy(input, dim, index, source) -> Tensor:
    """input with slices of source at the places that index gives along a dimension."""
    x, dim, index, source = _sliced("index_copy", input, dim, index, source)
    return lt.scatter(x, dim, index, source).reshape(input.shape)


@both
def index_reduce(input, dim, index, source, reduce, *, include_self=True) -> Tensor:
    """input reduced by "prod", "mean", "amax" or "amin" with slices of source at the places in index."""
    if reduce not in ("prod", "mean", "amax", "amin"):
        raise lt.DataError(f"[index_reduce] reduce argument must be either prod, mean, amax or amin, got {reduce}")
    x, dim, index, source = _sliced("index_reduce", input, dim, index, source)
    return scatter_reduce(x, dim, index, source, reduce, include_self=include_self).reshape(input.shape)


@both
def index_fill(input, dim, index, value) -> Tensor:
    """input with a number, or a 0-d tensor, in the slices that index gives along a dimension."""
    if isinstance(value, Tensor) and value.ndim:
        raise lt.ShapeError("[index_fill] only supports a 0-dimensional value tensor, but got tensor with "
                            f"{value.ndim} dimension(s).")
    if index.dtype != lt.int64:
        raise IndexError("index_fill(): Expected dtype int64 for index.")
    if index.ndim > 1:
        raise lt.ShapeError("[index_fill] Index has to be a vector/scalar")
    dim = _dimension(dim, input.ndim)
    x = input if input.ndim else input.reshape(1)
    value = value.to(input.dtype) if isinstance(value, Tensor) else lt.full((), value, dtype=input.dtype)
    shape = [*x.shape[:dim], index.numel(), *x.shape[dim + 1:]]
    return lt.scatter(x, dim, _spread(index, dim, shape), value).reshape(input.shape)


def _whole(indices, input):
    """Indices as integers of one shape by dimension; masks are computed, as the shape depends on them."""
    by_dim = []
    for index in indices:
        if index is None or index.dtype not in (lt.bool, lt.uint8):
            by_dim.append(index)
            continue
        places = range(len(by_dim), len(by_dim) + index.ndim)
        if len(input.shape) < places.stop or index.shape != input.shape[places.start:places.stop]:
            raise IndexError(f"The shape of the mask {list(index.shape)} does not match the shape of the indexed "
                             f"tensor {list(input.shape)}")
        by_dim += index.nonzero(as_tuple=True)
    if len(by_dim) > input.ndim:
        raise IndexError(f"too many indices for tensor of dimension {input.ndim} (got {len(by_dim)})")
    given = {d: index for d, index in enumerate(by_dim) if index is not None}
    if any(index.dtype.kind != "integer" for index in given.values()):
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    shape = lt.broadcast_shapes(*(index.shape for index in given.values()))
    return {d: index.long().expand(shape) for d, index in given.items()}, shape


@both
def index_put(input, indices, values, accumulate=False) -> Tensor:
    """input with input[indices] = values, or += where accumulate, repeated indices counting each time."""
    if input.dtype != values.dtype:
        raise lt.DtypeError("[index_put] Index put requires the source and destination dtypes match, got "
                            f"{input.dtype} for the destination and {values.dtype} for the source.")
    given, shape = _whole(indices, input)
    if not given:
        return input + values.expand(input.shape) if accumulate else values.expand(input.shape).contiguous()
    rest = [d for d in range(input.ndim) if d not in given]
    order = [*given, *rest]
    # Indices beside each other leave the result where they are, others put it in front.
    front = min(given) if max(given) - min(given) + 1 == len(given) else 0
    rest_shape = [input.shape[d] for d in rest]
    whole = [*rest_shape[:front], *shape, *rest_shape[front:]]
    if list(lt.broadcast_shapes(values.shape, tuple(whole))) != whole:
        raise lt.ShapeError(f"[index_put] shape mismatch: value tensor of shape {list(values.shape)} cannot be "
                            f"broadcast to indexing result of shape {whole}")
    values = values.expand(whole).movedim(tuple(range(front, front + len(shape))), tuple(range(len(shape))))
    count, step, places, inside = math.prod(input.shape[d] for d in given), 1, 0, lt.ones((), dtype=lt.bool)
    for d, index in reversed(given.items()):
        size = input.shape[d]
        places, step = places + lt.where(index < 0, index + size, index) * step, step * size
        inside = inside & (index >= -size) & (index < size)
    places = lt.where(inside, places, count).reshape([-1] + [1] * len(rest))
    rows = input.permute(order).reshape([count, *rest_shape])
    put = lt.scatter_add if accumulate else lt.scatter
    result = put(rows, 0, places.expand(places.shape[0], *rest_shape), values.reshape(places.shape[0], *rest_shape))
    return result.reshape([input.shape[d] for d in order]).permute([order.index(d) for d in range(input.ndim)])


@both
def put(input, index, source, accumulate=False) -> Tensor:
    """input with the elements of source at places by row-major number, or added there."""
    if input.dtype != source.dtype:
        raise lt.DtypeError(f"[put] self ({input.dtype}) and source ({source.dtype}) must have the same dtype")
    if index.numel() != source.numel():
        raise IndexError("put_(): Expected source and index to have the same number of elements, but got "
                         f"source.numel() = {source.numel()}, index.numel() = {index.numel()}")
    write = lt.scatter_add if accumulate else lt.scatter
    return write(input.flatten(), 0, index.flatten(), source.flatten()).reshape(input.shape)


@both
def masked_scatter(input, mask, source) -> Tensor:
    """input with the elements of source, in order, where the mask is true. Refuses too few of them when computed."""
    if mask.dtype != lt.bool:
        raise lt.DtypeError(f"[masked_scatter] only supports boolean masks, but got mask with dtype {mask.dtype}")
    if input.dtype != source.dtype:
        raise lt.DtypeError(f"[masked_scatter] expected self and source to have same dtypes but got {input.dtype} "
                            f"and {source.dtype}")
    input, mask = lt.broadcast_tensors(input, mask)
    if not source.numel():
        if bool(mask.any()):
            raise lt.ShapeError("[masked_scatter] Number of elements of source < number of ones in mask")
        return input.contiguous()
    places = (mask.flatten().cumsum(0) - 1).clamp(min=0).reshape(mask.shape)
    return lt.where(mask, source.take(places), input)


@method
def fill_diagonal_(self, fill_value, wrap=False) -> Tensor:
    """Writes a number on the diagonal; wrap begins it again below the square of a tall matrix."""
    if self.ndim < 2:
        raise lt.ShapeError("[fill_diagonal_] dimensions must larger than 1")
    if self.ndim > 2 and len(set(self.shape)) > 1:
        raise lt.ShapeError("[fill_diagonal_] all dimensions of input must be of equal length")
    rows, columns = self.shape[:2]
    for start in range(0, rows if wrap and self.ndim == 2 else 1, columns + 1):
        diagonal = self.narrow(0, start, rows - start) if rows else self
        for _ in range(self.ndim - 1):
            diagonal = diagonal.diagonal(0, 0, -1) if diagonal.ndim > 1 else diagonal
        diagonal.fill_(fill_value)
    return self


@method
def index_put_(self, indices, values, accumulate=False) -> Tensor:
    """index_put, written into this tensor once no index has been refused."""
    return self.copy_(index_put(self, indices, values, accumulate).eval())


for _f in (index_add, index_copy, index_reduce, index_fill, put, masked_scatter):
    in_place(_f, computed=True)

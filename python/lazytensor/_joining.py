"""Matrices and tables put together: diagonals, blocks, index tables, products and combinations."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import functools
import itertools

import lazytensor as lt
from lazytensor import Tensor

from ._define import both, dimension, function, sequence


@both
def diag_embed(input, offset=0, dim1=-2, dim2=-1) -> Tensor:
    """The last dimension as diagonals of matrices in dimensions dim1 and dim2, zeros elsewhere."""
    ndim = input.ndim + 1
    first, second = dimension(dim1, ndim), dimension(dim2, ndim)
    if first == second:
        raise lt.DataError(f"[diag_embed] diagonal dimensions cannot be identical {dim1}, {dim2}")
    size = input.shape[-1] + abs(offset)
    # Element k stands in row k, or in column k where the diagonal lies below.
    shape = [*input.shape[:-1], abs(offset)]
    padded = lt.cat([input, lt.zeros(shape, dtype=input.dtype)], -1).unsqueeze(-1 if offset >= 0 else -2)
    rows, columns = lt.arange(size).unsqueeze(1), lt.arange(size)
    matrix = lt.where(columns - rows == offset, padded, lt.zeros((), dtype=input.dtype))
    return matrix.movedim((-2, -1), (first, second))


@both
def diagflat(input, offset=0) -> Tensor:
    """All elements as the diagonal of a matrix."""
    return diag_embed(input.flatten(), offset)


def _indices(name, row, col, inside, dtype):
    if row < 0 or col < 0:
        raise lt.DataError(f"[{name}] row and col must be non-negative, got {row} and {col}")
    if dtype not in (lt.int32, lt.int64):
        raise lt.DtypeError(f"[{name}] not implemented for {dtype}")
    return inside(lt.arange(col) - lt.arange(row).unsqueeze(1)).nonzero().T.contiguous().to(dtype)


@function
def tril_indices(row, col, offset=0, *, dtype=lt.int64, device=None) -> Tensor:
    """Rows and columns of the elements on and below a diagonal, in two rows. Computes."""
    return _indices("tril_indices", row, col, lambda above: above <= offset, dtype)


@function
def triu_indices(row, col, offset=0, *, dtype=lt.int64, device=None) -> Tensor:
    """Rows and columns of the elements on and above a diagonal, in two rows. Computes."""
    return _indices("triu_indices", row, col, lambda above: above >= offset, dtype)


def _common_dtype(tensors):
    """What all promote to: those without dimensions count by their kind alone."""
    whole, numbers = ([x.dtype for x in tensors if bool(x.ndim) == has] for has in (True, False))
    kinds = [functools.reduce(lt.promote_types, dtypes) for dtypes in (whole, numbers) if dtypes]
    return kinds[0] if len(kinds) == 1 else lt.result_type(lt.zeros(1, dtype=kinds[0]), lt.zeros((), dtype=kinds[1]))


@function
def block_diag(*tensors) -> Tensor:
    """Matrices along a diagonal, zeros elsewhere; vectors and numbers are rows. Refuses three dimensions."""
    tensors = tensors or (lt.zeros(0),)
    for place, x in enumerate(tensors):
        if x.ndim > 2:
            raise lt.ShapeError("[block_diag] Input tensors must have 2 or fewer dimensions. "
                                f"Input {place} has {x.ndim} dimensions")
    dtype = _common_dtype(tensors)
    blocks = [lt.atleast_2d(x).to(dtype) if x.numel() or x.ndim == 2 else lt.zeros(1, 0, dtype=dtype) for x in tensors]
    total, left, rows = sum(x.shape[1] for x in blocks), 0, []
    for x in blocks:
        height, width = x.shape
        sides = [lt.zeros(height, n, dtype=dtype) for n in (left, total - left - width)]
        rows.append(lt.cat([sides[0], x, sides[1]], 1))
        left += width
    return lt.cat(rows, 0)


@function
def cartesian_prod(*tensors) -> Tensor:
    """All rows of one element of each vector, the last varying fastest. Refuses several dtypes."""
    tensors = sequence(tensors)
    for x in tensors:
        if x.ndim != 1:
            raise lt.ShapeError(f"[cartesian_prod] Expect a 1D vector, but got shape {list(x.shape)}")
    if any(x.dtype != tensors[0].dtype for x in tensors):
        raise lt.DtypeError("[cartesian_prod] expects all tensors to have the same dtype")
    if len(tensors) == 1:
        return tensors[0]
    return lt.stack([grid.flatten() for grid in lt.meshgrid(*tensors)], 1)


@function
def combinations(input, r=2, with_replacement=False) -> Tensor:
    """All rows of r elements of a vector in their order, each taken once, or again with replacement."""
    if input.ndim != 1:
        raise lt.ShapeError(f"[combinations] Expect a 1D vector, but got shape {list(input.shape)}")
    if r < 0:
        raise lt.DataError(f"[combinations] Expect a non-negative number, but got {r}")
    if r == 0:
        return lt.zeros(0, dtype=input.dtype)
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    places = lt.tensor(list(itertools.chain.from_iterable(choose(range(input.numel()), r))), dtype=lt.int64)
    return input.take(places).reshape(-1, r) if places.numel() else lt.zeros(0, r, dtype=input.dtype)


@function
def vander(x, N=None, increasing=False) -> Tensor:
    """The powers of a vector's elements N-1, ..., 1, 0 as columns, or 0, 1, ...; N is the vector's size by default."""
    if x.ndim != 1:
        raise lt.ShapeError("[vander] x must be a one-dimensional tensor.")
    columns = x.numel() if N is None else N
    if columns < 0:
        raise lt.DataError(f"[vander] N must be non-negative, got {columns}")
    dtype = lt.promote_types(x.dtype, lt.int64)
    if not columns:
        return lt.zeros(x.numel(), 0, dtype=dtype)
    first = lt.ones(x.numel(), 1, dtype=dtype)
    powers = lt.cat([first, x.to(dtype).unsqueeze(1).expand(-1, columns - 1)], 1).cumprod(1)
    return powers if increasing else powers.flip(1)

"""Arguments of PyTorch's that functions of the extension lack: decimals, sorter and repeats in tensors."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import math

import lazytensor as lt
from lazytensor import Tensor

from ._define import dimension, extended

_core = lt._core


@extended
def round(input, *, decimals=0) -> Tensor:
    """To the nearest integer, halves to even; or to so many decimals of floats, negative ones left of the point."""
    if decimals == 0:
        return _core.round(input)
    if not input.dtype.is_floating_point:
        raise lt.DtypeError(f"[round] decimals are not implemented for {input.dtype}")
    power = lt.full((), 10.0 ** abs(decimals) if abs(decimals) < 309 else math.inf, dtype=lt.float64).to(input.dtype)
    return _core.round(input * power) / power if decimals > 0 else _core.round(input / power) * power


def round_(self, *, decimals=0):
    """round, written into this tensor."""
    return self.copy_(round(self, decimals=decimals))


Tensor.round_ = round_


@extended
def searchsorted(sorted_sequence, input, *, out_int32=False, right=False, side=None, sorter=None) -> Tensor:
    """Where each value would go into the sorted rows, or into rows that sorter puts in order."""
    if side == "left" and right:
        raise lt.DataError("[searchsorted] side and right can't be set to opposites, got side of left while right "
                           "was True")
    if sorter is not None:
        if sorter.shape != sorted_sequence.shape:
            raise lt.ShapeError("[searchsorted] boundary and sorter must have the same size, but got boundary tensor "
                                f"{list(sorted_sequence.shape)} and got sorter tensor {list(sorter.shape)}")
        if sorter.dtype != lt.int64:
            raise lt.DtypeError(f"[searchsorted] sorter must be a tensor of long dtype but got dtype {sorter.dtype}")
        sorted_sequence = sorted_sequence.gather(-1, sorter)
    places = _core.searchsorted(sorted_sequence, input, right=right, side=side)
    return places.int() if out_int32 else places


@extended
def repeat_interleave(input, repeats=None, dim=None, *, output_size=None, axis=None) -> Tensor:
    """Every element so many times in a row; a tensor of repeats is computed, as the shape depends on it."""
    dim = axis if dim is None else dim
    if repeats is None:
        input, repeats = lt.arange(input.numel()), input
    if not isinstance(repeats, Tensor):
        return _core.repeat_interleave(input, repeats, dim)
    if repeats.ndim > 1:
        raise lt.ShapeError("[repeat_interleave] repeats must be 0-dim or 1-dim tensor")
    if repeats.dtype not in (lt.int32, lt.int64):
        raise lt.DtypeError(f"[repeat_interleave] not implemented for repeats of {repeats.dtype}")
    if dim is None:
        input, dim = input.flatten(), 0
    dim = dimension(dim, input.ndim)
    size = input.shape[dim]
    if repeats.numel() != 1 and repeats.numel() != size:
        raise lt.ShapeError("[repeat_interleave] repeats must have the same size as input along dim, but got "
                            f"repeats.size(0) = {repeats.numel()} and input.size({dim}) = {size}")
    repeats = repeats.flatten().long().expand(size)
    if bool((repeats < 0).any()):
        raise lt.DataError("[repeat_interleave] repeats can not be negative")
    ends = repeats.cumsum(0)
    count = int(ends[-1]) if size else 0
    if output_size not in (None, count):
        raise lt.ShapeError(f"[repeat_interleave] output_size is {output_size}, but the repeats give {count}")
    return input.index_select(dim, _core.searchsorted(ends, lt.arange(count), right=True))

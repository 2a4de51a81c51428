"""scatter with a reduction: sums, products, means and extremes of what falls on one element."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import math

import lazytensor as lt
from lazytensor import Tensor

from ._define import both, dimension, extended, in_place, operand

_scatter, _scatter_add = lt._core.scatter, lt._core.scatter_add


def _products(places, values, size):
    """For each of `size` places the product of the values there, or 1.

    Sorted by place, each value takes up its neighbours at distance 1, 2, 4, ... of the same place: the
    last of each run then has the whole run, and is what scatter leaves.
    """
    order = places.argsort()
    places, values = places.take(order), values.take(order)
    distance = 1
    while distance < places.shape[0]:
        late, early = values[distance:], values[:-distance]
        joined = lt.where(places[distance:] == places[:-distance], late * early, late)
        values = lt.cat([values[:distance], joined])
        distance *= 2
    return _scatter(lt.ones(size, dtype=values.dtype), 0, places, values)


def _row_major(dim, index, shape):
    """Where in the row-major tensor each element goes; beyond its end for an index out of range."""
    size, places, step = shape[dim], 0, 1
    for d in reversed(range(len(shape))):
        one = index if d == dim else lt.arange(index.shape[d]).reshape([-1] + [1] * (len(shape) - 1 - d))
        places, step = places + one * step, step * shape[d]
    places = places + lt.where(index < 0, size * math.prod(shape[dim + 1:]), 0)
    return lt.where((index >= -size) & (index < size), places, math.prod(shape))


def _product(input, dim, index, src, include_self):
    values = src[tuple(slice(0, n) for n in index.shape)]
    places = _row_major(dim, index.long(), input.shape)
    product = _products(places.flatten(), values.flatten(), input.numel()).reshape(input.shape)
    return (input if include_self else _without(input, dim, index, 1)) * product


def _largest(input, dim, index, src, include_self):
    # scatter goes along the dimension in order: of values in order the largest stays, and NaN before all.
    values, order = src[tuple(slice(0, n) for n in index.shape)].sort(dim)
    largest = _scatter(input, dim, index.gather(dim, order), values)
    return lt.maximum(input, largest) if include_self else largest


def _smallest(input, dim, index, src, include_self):
    # Turned round, which for integers ~ does without overflow.
    turned = lt.neg if input.dtype.is_floating_point else lt.bitwise_not
    return turned(_largest(turned(input), dim, index, turned(src), include_self))


def _without(input, dim, index, value):
    """The input with a number wherever something falls."""
    return _scatter(input, dim, index, lt.full((), value, dtype=input.dtype))


def _mean(input, dim, index, src, include_self):
    count = _scatter_add((lt.ones if include_self else lt.zeros)(input.shape, dtype=lt.int64), dim, index,
                         lt.ones(index.shape, dtype=lt.int64)).clamp(min=1)
    total = _sum(input, dim, index, src, include_self)
    return total / count.to(total.dtype) if total.dtype.kind in ("floating", "complex") \
        else (total // count).to(input.dtype)


def _sum(input, dim, index, src, include_self):
    if not include_self:
        input = _without(input, dim, index, 0)
    return _scatter_add(input, dim, index, src)


_REDUCTIONS = {"sum": _sum, "prod": _product, "mean": _mean, "amax": _largest, "amin": _smallest}


def _check(input, dim, index, src):
    if input.dtype != src.dtype:
        raise lt.DtypeError("[scatter_reduce] Expected self.dtype to be equal to src.dtype")
    if index.dtype not in (lt.int32, lt.int64):
        raise lt.DtypeError("[scatter_reduce] Expected dtype int32/int64 for index")
    shapes = [x.shape or (1,) for x in (input, index, src)]
    fits = len(set(map(len, shapes))) == 1 and all(i <= s and (i <= n or d == dim)
                                                   for d, (n, i, s) in enumerate(zip(*shapes)))
    if index.numel() and not fits:
        raise lt.ShapeError(f"[scatter_reduce] Expected index {list(index.shape)} to be no larger than self "
                            f"{list(input.shape)} apart from dimension {dim} and to be no larger size than src "
                            f"{list(src.shape)}")


@both
def scatter_reduce(input, dim, index, src, reduce, *, include_self=True) -> Tensor:
    """input with what src puts on an element reduced by "sum", "prod", "mean", "amax" or "amin". Refuses others."""
    if reduce not in _REDUCTIONS:
        raise lt.DataError("[scatter_reduce] reduce argument must be either sum, prod, mean, amax or amin, "
                           f"got {reduce}")
    if reduce in ("amax", "amin") and input.dtype.is_complex:
        raise lt.DtypeError(f"[scatter_reduce] {reduce} is not implemented for {input.dtype}")
    dim = dimension(dim, input.ndim)
    _check(input, dim, index, src)
    if not index.numel():
        return input.contiguous()
    if not input.ndim:
        one, index, src = (x.reshape(1) for x in (input, index, src))
        return scatter_reduce(one, 0, index, src, reduce, include_self=include_self).reshape(())
    return _REDUCTIONS[reduce](input, dim, index, src, include_self)


@extended
def scatter(input, dim=None, index=None, src=None, *, value=None, reduce=None, axis=None) -> Tensor:
    """input with input[index[i][j]][j] = src[i][j] along dimension 0; reduce="add" or "multiply" joins them with it."""
    source, dim = value if src is None else src, axis if dim is None else dim
    if dim is None or index is None or source is None:
        raise TypeError("scatter() missing argument: dim, index, and src or value")
    if reduce is None:
        return _scatter(input, dim, index, source)
    if reduce not in ("add", "multiply"):
        raise lt.DataError("[scatter] reduce argument must be either add or multiply.")
    if not isinstance(source, Tensor) or source.ndim < index.ndim:
        source = operand(source).to(input.dtype).expand(index.shape)
    return scatter_reduce(input, dim, index, source, "sum" if reduce == "add" else "prod")


in_place(scatter_reduce, computed=True)

"""What sorting answers: the k-th value, the mode, quantiles, distinct values, bins."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import lazytensor as lt
from lazytensor import Tensor

from . import _results
from ._define import both, dimension, extended, function

_unique = lt._core.unique


def _row(name, input, dim):
    """The input with one dimension at least, and which one is asked for; refuses empty ones."""
    dim = dimension(dim, input.ndim)
    x = input if input.ndim else input.reshape(1)
    if x.shape[dim] == 0:
        raise IndexError(f"{name}(): Expected reduction dim {dim} to have non-zero size.")
    return x, dim


def _reduced(result, input, dim, keepdim):
    """Values of size 1 in a dimension as they are, or without it."""
    return result.reshape(()) if not input.ndim else result if keepdim else result.squeeze(dim)


@both
def kthvalue(input, k, dim=-1, keepdim=False) -> _results.kthvalue:
    """(values, indices) of the k-th smallest element along a dimension, from 1; NaN counts as largest."""
    x, dim = _row("kthvalue", input, dim)
    if x.dtype == lt.bool or x.dtype.is_complex:
        raise lt.DtypeError(f"[kthvalue] not implemented for {x.dtype}")
    if not 1 <= k <= x.shape[dim]:
        raise lt.DataError(f"[kthvalue] selected number k out of range for dimension {dim}")
    smallest = x.topk(k, dim, False)
    return _results.kthvalue(*(_reduced(t.narrow(dim, k - 1, 1), input, dim, keepdim) for t in smallest))


def _run_starts(ordered, dim):
    """Where runs of equal elements begin along a dimension."""
    size = ordered.shape[dim]
    first = lt.ones([1 if d == dim else n for d, n in enumerate(ordered.shape)], dtype=lt.bool)
    return lt.cat([first, ordered.narrow(dim, 1, size - 1) != ordered.narrow(dim, 0, size - 1)], dim)


@both
def mode(input, dim=-1, keepdim=False) -> _results.mode:
    """(values, indices) of the most frequent element, of several the smallest; the index of its last. NaN differ."""
    x, dim = _row("mode", input, dim)
    ordered, places = x.sort(dim)
    position = lt.arange(x.shape[dim]).reshape([-1 if d == dim else 1 for d in range(x.ndim)]).expand(x.shape)
    length = position - lt.where(_run_starts(ordered, dim), position, 0).cummax(dim).values
    # Of equally frequent ones PyTorch prefers NaN.
    score = length * 2 + ordered.isnan().long() if x.dtype.is_floating_point else length
    best = score.argmax(dim, True)
    return _results.mode(*(_reduced(t.gather(dim, best), input, dim, keepdim) for t in (ordered, places)))


@both
def nanmedian(input, dim=None, keepdim=False) -> Tensor | _results.nanmedian:
    """The lower median of what is not NaN, NaN if there is nothing; along a dimension (values, indices)."""
    if dim is None:
        if not input.numel():
            return lt.median(input)
        return nanmedian(input.flatten(), 0).values
    x, dim = _row("nanmedian", input, dim)
    if not x.dtype.is_floating_point:
        return _results.nanmedian(*lt.median(input, dim, keepdim))
    ordered, places = x.sort(dim)
    middle = (((~x.isnan()).sum(dim, True) - 1).clamp(min=0) // 2)
    return _results.nanmedian(*(_reduced(t.gather(dim, middle), input, dim, keepdim) for t in (ordered, places)))


def _fractions(name, input, q):
    """q as a tensor in the input's dtype, inside [0, 1]: it is computed."""
    if input.dtype not in (lt.float32, lt.float64):
        raise lt.DtypeError(f"[{name}] {name}() input tensor must be either float or double dtype")
    if isinstance(q, Tensor):
        if q.ndim > 1:
            raise lt.ShapeError(f"[{name}] {name}() q must be a scalar or 1D tensor")
        if q.dtype != input.dtype:
            raise lt.DtypeError(f"[{name}] {name}() q tensor must be same dtype as the input tensor")
    if not (bool(((q >= 0) & (q <= 1)).all()) if isinstance(q, Tensor) else 0 <= q <= 1):
        raise lt.DataError(f"[{name}] {name}() q values must be in the range [0, 1]")
    return q if isinstance(q, Tensor) else lt.full((), q, dtype=input.dtype)


def _between(ordered, rank, interpolation):
    """Values at fractional places of the last dimension."""
    def at(places):
        return ordered.gather(-1, places.long())

    if interpolation == "nearest":
        return at(rank.round())
    if interpolation == "higher":
        return at(rank.ceil())
    low = rank.floor()
    below = at(low)
    if interpolation == "lower":
        return below
    weight = lt.full_like(rank, 0.5) if interpolation == "midpoint" else rank - low
    return lt.lerp(below, at(rank.ceil()), weight)


def _quantile(name, input, q, dim, keepdim, interpolation, ignores_nan):
    q = _fractions(name, input, q)
    if interpolation not in ("linear", "lower", "higher", "midpoint", "nearest"):
        raise lt.DataError(f"[{name}] {name}() interpolation must be one of linear, lower, higher, midpoint or "
                           f"nearest, but got {interpolation}")
    if not input.numel():
        raise lt.ShapeError(f"[{name}] {name}() input tensor must be non-empty")
    whole = input.ndim if dim is None else 1
    dim = 0 if dim is None else dimension(dim, input.ndim)
    x = input.flatten() if whole != 1 or not input.ndim else input.movedim(dim, -1)
    ordered, empty = x.sort(-1).values, x.isnan()
    last = (~empty).sum(-1, True).to(x.dtype) - 1 if ignores_nan else float(x.shape[-1] - 1)
    rank = (q.flatten() * last).expand(*x.shape[:-1], q.numel())
    if ignores_nan:
        rank = rank.clamp(min=0)
    else:
        # NaN are sorted to the end: such rows give their last element.
        rank = lt.where(empty.any(-1, True), last, rank)
    result = _between(ordered, rank, interpolation).movedim(-1, 0)
    if keepdim:
        result = result.unsqueeze(dim + 1) if whole == 1 and input.ndim else result.reshape(-1, *(1,) * input.ndim)
    return result if q.ndim else result.squeeze(0)


@both
def quantile(input, q, dim=None, keepdim=False, *, interpolation="linear") -> Tensor:
    """The q-quantiles, those of a vector q along a new first dimension; NaN where there is one. Computes q alone."""
    return _quantile("quantile", input, q, dim, keepdim, interpolation, False)


@both
def nanquantile(input, q, dim=None, keepdim=False, *, interpolation="linear") -> Tensor:
    """The q-quantiles of what is not NaN, NaN if there is nothing. Computes q alone."""
    return _quantile("nanquantile", input, q, dim, keepdim, interpolation, True)


def _slices(name, input, dim):
    """The input as one row for each slice of a dimension."""
    if not -input.ndim <= dim < input.ndim:
        raise IndexError(f"Dimension out of range for {name}: got {dim} for {input.ndim} dimensions")
    dim %= input.ndim
    if not input.numel() and any(n == 0 for d, n in enumerate(input.shape) if d != dim):
        raise lt.ShapeError(f"[{name}] There are 0 sized dimensions, and they aren't selected, so unique cannot be "
                            "applied")
    size = input.shape[dim]
    return input.movedim(dim, 0).reshape(size, input.numel() // size if size else 0), dim


def _runs(rows):
    """(places where runs of equal rows begin, which run each row is in, the lengths of the runs). Computes."""
    starts = _run_starts(rows, 0)
    if rows.ndim > 1:
        starts = starts.any(1)
    places = starts.nonzero().flatten()
    return places, starts.cumsum(0) - 1, lt.diff(places, append=lt.tensor([rows.shape[0]]))


def _asked(values, inverse, counts, return_inverse, return_counts):
    parts = (values, *([inverse] if return_inverse else []), *([counts] if return_counts else []))
    return parts if len(parts) > 1 else values


@both
def unique_consecutive(input, return_inverse=False, return_counts=False, dim=None) -> Tensor | tuple[Tensor, ...]:
    """Without the repeats of what stands before, by element or by slice of a dimension. Computes."""
    rows, dim = (input.flatten(), None) if dim is None else _slices("unique_consecutive", input, dim)
    if not rows.shape[0]:
        none = lt.zeros(0, dtype=lt.int64)
        return _asked(rows if dim is None else input, none.reshape(input.shape) if dim is None else none, none,
                      return_inverse, return_counts)
    places, inverse, counts = _runs(rows)
    if dim is None:
        return _asked(rows.take(places), inverse.reshape(input.shape), counts, return_inverse, return_counts)
    return _asked(input.index_select(dim, places), inverse, counts, return_inverse, return_counts)


@extended
def unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None) -> Tensor | tuple[Tensor, ...]:
    """The distinct elements, or slices of a dimension, in ascending order. Computes, as the shape depends on values."""
    if dim is None:
        return _unique(input, sorted, return_inverse, return_counts)
    rows, dim = _slices("unique", input, dim)
    if not rows.shape[0]:
        none = lt.zeros(0, dtype=lt.int64)
        return _asked(input, none, none, return_inverse, return_counts)
    order = lt.arange(rows.shape[0])
    for column in reversed(range(rows.shape[1])):
        # Stable: the columns to the left decide last.
        order = order.take(rows[:, column].take(order).argsort(0)).eval()
    places, rank, counts = _runs(rows.index_select(0, order))
    inverse = lt.scatter(lt.zeros_like(rank), 0, order, rank)
    return _asked(input.index_select(dim, order.take(places)), inverse, counts, return_inverse, return_counts)


@function
def bucketize(input, boundaries, *, out_int32=False, right=False) -> Tensor:
    """Which of the bins between sorted boundaries each element falls into; right for bins closed on the left."""
    if boundaries.ndim != 1:
        raise lt.ShapeError(f"[bucketize] boundaries tensor must be 1 dimension, but got dim({boundaries.ndim})")
    return lt.searchsorted(boundaries, input,
                           out_int32=out_int32, right=right)


@both
def histc(input, bins=100, min=0, max=0) -> Tensor:
    """How many elements fall into equal bins of [min, max], those of the data if both are equal. Floats only."""
    if not input.dtype.is_floating_point:
        raise lt.DtypeError(f"[histc] not implemented for {input.dtype}")
    if bins <= 0:
        raise lt.DataError(f"[histc] bins must be > 0, but got {bins}")
    if min > max:
        raise lt.DataError("[histc] max must be larger than min")
    x = input.flatten()
    low, high = float(min), float(max)
    if low == high and x.numel():
        low, high = x.amin().item(), x.amax().item()
    if low == high:
        low, high = low - 1, high + 1
    if not abs(low) + abs(high) < float("inf"):
        raise lt.DataError(f"[histc] range of [{low}, {high}] is not finite")
    inside = (x >= low) & (x <= high)
    place = ((lt.where(inside, x, low) - low) * bins / (high - low)).long().clamp(max=bins - 1)
    place = lt.where(inside, place, bins)
    return lt.scatter_add(lt.zeros(bins + 1, dtype=x.dtype), 0, place, lt.ones_like(x))[:bins]

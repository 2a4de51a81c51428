"""Reductions of PyTorch's that are short expressions of others."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Sequence

import lazytensor as lt
from lazytensor import Tensor, dtype

from . import _results
from ._define import both, function


def _spread_and_mean(spread, input, dim, unbiased, keepdim, correction):
    if isinstance(dim, bool):  # PyTorch's older std_mean(x, unbiased)
        dim, unbiased = None, dim
    if unbiased is not None:
        correction = int(unbiased)
    return spread(input, dim, correction=correction, keepdim=keepdim), input.mean(dim, keepdim)


@function
def std_mean(input: Tensor, dim: int | Sequence[int] | None = None, unbiased: bool | None = None,
             keepdim: bool = False, *, correction: float = 1) -> tuple[Tensor, Tensor]:
    """(standard deviation, mean)."""
    return _spread_and_mean(lt.std, input, dim, unbiased, keepdim, correction)


@function
def var_mean(input: Tensor, dim: int | Sequence[int] | None = None, unbiased: bool | None = None,
             keepdim: bool = False, *, correction: float = 1) -> tuple[Tensor, Tensor]:
    """(variance, mean)."""
    return _spread_and_mean(lt.var, input, dim, unbiased, keepdim, correction)


@both
def aminmax(input: Tensor, *, dim: int | None = None, keepdim: bool = False) -> _results.aminmax:
    """(smallest, largest) elements."""
    return _results.aminmax(input.amin(dim, keepdim), input.amax(dim, keepdim))


@both
def nansum(input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False, *,
           dtype: dtype | type | None = None) -> Tensor:
    """The sum of what is not NaN."""
    return lt.where(input.isnan(), 0, input).sum(dim, keepdim, dtype)


@both
def nanmean(input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False, *,
            dtype: dtype | type | None = None) -> Tensor:
    """The mean of what is not NaN; floats only."""
    if not (input.dtype.is_floating_point or input.dtype.is_complex):
        raise lt.DtypeError(f"[nanmean] expected input to have floating point or complex dtype but got {input.dtype}")
    count = (~input.isnan()).sum(dim, keepdim)
    return nansum(input, dim, keepdim, dtype=dtype) / count


@function
def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The p-norm of the difference."""
    return (input - other).norm(p)


@both
def inner(input: Tensor, other: Tensor) -> Tensor:
    """Sums of products over the last dimension of both."""
    if input.ndim == 0 or other.ndim == 0:
        return input * other
    rows, columns = (x.reshape(x.shape[:-1].numel(), x.shape[-1]) for x in (input, other))
    return (rows @ columns.T).reshape(input.shape[:-1] + other.shape[:-1])


@both
def vdot(input: Tensor, other: Tensor) -> Tensor:
    """The dot product with the conjugate of the first vector."""
    return input.conj().dot(other)


@both
def msort(input: Tensor) -> Tensor:
    """Sorted along the first dimension."""
    return input.sort(0).values

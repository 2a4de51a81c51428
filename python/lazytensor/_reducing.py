"""Reductions of PyTorch's that are short expressions of others."""
# SPDX-License-Identifier: BSD-3-Clause
import lazytensor as lt

from ._define import both, function
from ._results import aminmax as _extremes


def _spread_and_mean(spread, input, dim, unbiased, keepdim, correction):
    if isinstance(dim, bool):  # PyTorch's older std_mean(x, unbiased)
        dim, unbiased = None, dim
    if unbiased is not None:
        correction = int(unbiased)
    return spread(input, dim, correction=correction, keepdim=keepdim), input.mean(dim, keepdim)


@function
def std_mean(input, dim=None, unbiased=None, keepdim=False, *, correction=1):
    """(standard deviation, mean)."""
    return _spread_and_mean(lt.std, input, dim, unbiased, keepdim, correction)


@function
def var_mean(input, dim=None, unbiased=None, keepdim=False, *, correction=1):
    """(variance, mean)."""
    return _spread_and_mean(lt.var, input, dim, unbiased, keepdim, correction)


@both
def aminmax(input, *, dim=None, keepdim=False):
    """(smallest, largest) elements."""
    return _extremes(input.amin(dim, keepdim), input.amax(dim, keepdim))


@both
def nansum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum of what is not NaN."""
    return lt.where(input.isnan(), 0, input).sum(dim, keepdim, dtype)


@both
def nanmean(input, dim=None, keepdim=False, *, dtype=None):
    """The mean of what is not NaN."""
    count = (~input.isnan()).sum(dim, keepdim)
    return nansum(input, dim, keepdim, dtype=dtype) / count


@function
def dist(input, other, p=2):
    """The p-norm of the difference."""
    return (input - other).norm(p)


@both
def inner(input, other):
    """Sums of products over the last dimension of both."""
    if input.ndim == 0 or other.ndim == 0:
        return input * other
    rows, columns = (x.reshape(x.shape[:-1].numel(), x.shape[-1]) for x in (input, other))
    return (rows @ columns.T).reshape(input.shape[:-1] + other.shape[:-1])


@both
def vdot(input, other):
    """The dot product with the conjugate of the first vector."""
    return input.conj().dot(other)


@both
def msort(input):
    """Sorted along the first dimension."""
    return input.sort(0).values

"""Reductions, running sums, differences."""
# SPDX-License-Identifier: BSD-3-Clause
from .. import _core as lt
from ._axes import several, wrapped
from ._dtypes import result_type


def accumulated(f, x, axes, keepdims, dtype):
    """f(x, axes, keepdims) in a dtype: by default 64 bits of x's signedness for integers, else x's.

    Integers wrap, so that those computed as int64 are right in any integer dtype.
    """
    kind = x.dtype.kind
    whole = kind in ("bool", "integer")
    if dtype is None:
        if not whole:
            return f(x, axes, keepdims) if axes else x
        dtype = lt.int64 if kind == "bool" or x.dtype.is_signed else lt.uint64
    if not whole or dtype.kind not in ("bool", "integer"):
        x = x.to(dtype)
    return (f(x, axes, keepdims) if axes else x).to(dtype)


def sum(x, /, *, axis=None, dtype=None, keepdims=False) -> lt.Tensor:
    """The sum; 0 of nothing. Small integers are summed as int64, unsigned ones as uint64."""
    return accumulated(lt.sum, x, several(axis, x.ndim), keepdims, dtype)


def prod(x, /, *, axis=None, dtype=None, keepdims=False) -> lt.Tensor:
    """The product; 1 of nothing. Small integers are multiplied as int64, unsigned ones as uint64."""
    return accumulated(lt.prod, x, several(axis, x.ndim), keepdims, dtype)


def _running(f, first, x, axis, dtype, include_initial):
    if axis is None:
        if x.ndim != 1:
            raise ValueError(f"axis must be given for {x.ndim} dimensions")
        axis = 0
    axis = wrapped(axis, x.ndim)
    result = accumulated(lambda t, axes, _: f(t, *axes), x, (axis,), False, dtype)
    if not include_initial:
        return result
    sizes = list(x.shape)
    sizes[axis] = 1
    return lt.cat([lt.full(sizes, first, dtype=result.dtype), result], axis)


def cumulative_sum(x, /, *, axis=None, dtype=None, include_initial=False) -> lt.Tensor:
    """Running sums along an axis, after a 0 if include_initial."""
    return _running(lt.cumsum, 0, x, axis, dtype, include_initial)


def cumulative_prod(x, /, *, axis=None, dtype=None, include_initial=False) -> lt.Tensor:
    """Running products along an axis, after a 1 if include_initial."""
    return _running(lt.cumprod, 1, x, axis, dtype, include_initial)


def max(x, /, *, axis=None, keepdims=False) -> lt.Tensor:
    """The largest element, NaN where there is one."""
    axes = several(axis, x.ndim)
    return lt.amax(x, axes, keepdims) if axes else x


def min(x, /, *, axis=None, keepdims=False) -> lt.Tensor:
    """The smallest element, NaN where there is one."""
    axes = several(axis, x.ndim)
    return lt.amin(x, axes, keepdims) if axes else x


def mean(x, /, *, axis=None, keepdims=False) -> lt.Tensor:
    """The arithmetic mean of floats; NaN of nothing. TypeError for integers."""
    axes = several(axis, x.ndim)
    return lt.mean(x, axes, keepdims) if axes or x.dtype.kind in ("bool", "integer") else x


def var(x, /, *, axis=None, correction=0.0, keepdims=False) -> lt.Tensor:
    """The variance with divisor n - correction."""
    axes = several(axis, x.ndim)
    if not axes:
        x, axes, keepdims = x[..., None], (-1,), False
    return lt.var(x, axes, correction=float(correction), keepdim=keepdims)


def std(x, /, *, axis=None, correction=0.0, keepdims=False) -> lt.Tensor:
    """The standard deviation with divisor n - correction."""
    axes = several(axis, x.ndim)
    if not axes:
        x, axes, keepdims = x[..., None], (-1,), False
    return lt.std(x, axes, correction=float(correction), keepdim=keepdims)


def all(x, /, *, axis=None, keepdims=False) -> lt.Tensor:
    """True where all elements are not zero; of nothing."""
    axes = several(axis, x.ndim)
    return lt.all(x, axes, keepdims) if axes else x.to(lt.bool)


def any(x, /, *, axis=None, keepdims=False) -> lt.Tensor:
    """True where any element is not zero."""
    axes = several(axis, x.ndim)
    return lt.any(x, axes, keepdims) if axes else x.to(lt.bool)


def diff(x, /, *, axis=-1, n=1, prepend=None, append=None) -> lt.Tensor:
    """The n-th differences of neighbours along an axis, after joining what goes before and behind."""
    axis = wrapped(axis, x.ndim)
    parts = [part for part in (prepend, x, append) if part is not None]
    dtype = result_type(*parts)
    x = lt.cat([part.to(dtype) for part in parts], axis) if len(parts) > 1 else x
    for _ in range(n):
        size = x.shape[axis]
        if size == 0:
            break
        x = lt.narrow(x, axis, 1, size - 1) - lt.narrow(x, axis, 0, size - 1)
    return x

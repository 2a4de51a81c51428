"""Covariances, integrals by the trapezoidal rule, and running logarithms of sums."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import lazytensor as lt
from lazytensor import Tensor

from ._define import both, dimension, function


@both
def logcumsumexp(input, dim) -> Tensor:
    """log(cumsum(exp(x))) along a dimension without overflow, in log2(size) steps. Real floats only."""
    if not input.dtype.is_floating_point:
        raise lt.DtypeError(f"[logcumsumexp] not implemented for {input.dtype}")
    dim = dimension(dim, input.ndim)
    if not input.ndim:
        return input.contiguous()
    # Sums of half-precision numbers are rounded once.
    x, size, distance = input.float() if input.dtype.itemsize == 2 else input, input.shape[dim], 1
    while distance < size:
        joined = lt.logaddexp(x.narrow(dim, distance, size - distance), x.narrow(dim, 0, size - distance))
        x = lt.cat([x.narrow(dim, 0, distance), joined], dim)
        distance *= 2
    return x.to(input.dtype)


def _weights(name, weights, count, is_right, kind):
    if weights is None:
        return None
    if weights.ndim > 1:
        raise lt.ShapeError(f"[cov] expected {name} to have one or fewer dimensions but got {name} with "
                            f"{weights.ndim} dimensions")
    if not is_right:
        raise lt.DtypeError(f"[cov] expected {name} to have {kind} dtype but got {name} with {weights.dtype} dtype")
    if weights.numel() != count:
        raise lt.ShapeError(f"[cov] expected {name} to have the same numel as there are observations in the input "
                            f"but got {weights.numel()} != {count}")
    if count and bool((weights < 0).any()):
        raise lt.DataError(f"[cov] {name} cannot be negative")
    return weights.flatten()


@both
def cov(input, *, correction=1, fweights=None, aweights=None) -> Tensor:
    """The covariances of rows, with counts and weights of the columns, which are computed to refuse negative ones."""
    if input.ndim > 2:
        raise lt.ShapeError("[cov] expected input to have two or fewer dimensions but got an input with "
                            f"{input.ndim} dimensions")
    if input.dtype == lt.bool:
        raise lt.DtypeError("[cov] bool dtype is not supported for input")
    x = input.reshape(1, -1) if input.ndim < 2 else input
    count = x.shape[1]
    w = _weights("fweights", fweights, count, fweights is not None and fweights.dtype.kind == "integer", "integral")
    aweights = _weights("aweights", aweights, count, aweights is not None and aweights.dtype.is_floating_point,
                        "floating point")
    if aweights is not None:
        w = aweights if w is None else w * aweights
    total = count if w is None else w.sum()
    if w is not None and count and not bool(total != 0):
        raise lt.DataError("[cov] weights sum to zero, can't be normalized")
    mean = (x if w is None else x * w).sum(1, True) / total
    if w is not None and aweights is not None and correction != 0:
        norm = (total - correction * (w * aweights).sum() / total).clamp(min=0)
    else:
        norm = max(total - correction, 0) if w is None else (total - correction).clamp(min=0)
    x = x - mean
    product = x @ (x if w is None else x * w).T.conj()
    return (product / norm).squeeze()


@both
def corrcoef(input) -> Tensor:
    """The correlation coefficients of rows, inside [-1, 1]."""
    if input.ndim > 2:
        raise lt.ShapeError("[corrcoef] expected input to have two or fewer dimensions but got an input with "
                            f"{input.ndim} dimensions")
    c = cov(input)
    if c.ndim == 0:
        return c / c
    variance = c.diagonal()
    deviation = (variance.real if c.dtype.is_complex else variance).sqrt()
    c = c / deviation.unsqueeze(1) / deviation
    if not c.dtype.is_complex:
        return c.clamp(-1, 1)
    return lt.complex(c.real.clamp(-1, 1), c.imag.clamp(-1, 1))


def _panels(name, y, x, dx, dim):
    """Twice the areas between neighbours along a dimension."""
    for values, role in ((y, "y"), (x, "x")):
        if values is not None and values.dtype == lt.bool:
            raise lt.DtypeError(f"[{name}] received a bool input for `{role}`, but bool is not supported")
    if isinstance(dx, (bool, complex)):
        raise lt.DtypeError(f"[{name}] Currently, we only support dx as a real number.")
    if not y.ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    dim = dimension(dim, y.ndim)
    size = y.shape[dim]
    pairs = max(size - 1, 0)
    heights = y.narrow(dim, min(1, size), pairs) + y.narrow(dim, 0, pairs)
    if x is None:
        return heights * dx, dim
    if x.ndim == 1:
        if x.shape[0] != size:
            raise lt.ShapeError(f"[{name}] There must be one `x` value for each sample point")
        x = x.reshape([-1 if d == dim else 1 for d in range(y.ndim)])
    elif x.ndim < y.ndim:
        x = x.reshape((1,) * (y.ndim - x.ndim) + tuple(x.shape))
    points = x.shape[dim]
    count = max(points - 1, 0)
    return heights * (x.narrow(dim, min(1, points), count) - x.narrow(dim, 0, count)), dim


@function
def trapezoid(y, x=None, *, dx=1, dim=-1) -> Tensor:
    """Integrals along a dimension by the trapezoidal rule, at places x or dx apart. Refuses bool."""
    panels, dim = _panels("trapezoid", y, x, dx, dim)
    return panels.sum(dim) / 2 if y.shape[dim] else panels.sum(dim).to(y.dtype)


@function
def cumulative_trapezoid(y, x=None, *, dx=1, dim=-1) -> Tensor:
    """Running integrals along a dimension by the trapezoidal rule: one less than there are places. Refuses bool."""
    panels, dim = _panels("cumulative_trapezoid", y, x, dx, dim)
    return panels.cumsum(dim) / 2


lt.trapz = trapezoid


def _slope(x, spacing, dim, edge_order):
    """Differences over distances along one dimension: of both neighbours inside, one-sided at the ends."""
    size = x.shape[dim]

    def at(start, count):
        return x.narrow(dim, start, count)

    if not isinstance(spacing, Tensor):
        inner = (at(2, size - 2) - at(0, size - 2)) / (2 * spacing)
        if edge_order == 1:
            ends = (at(1, 1) - at(0, 1)) / spacing, (at(size - 1, 1) - at(size - 2, 1)) / spacing
        else:
            ends = ((-1.5 * at(0, 1) + 2 * at(1, 1) - 0.5 * at(2, 1)) / spacing,
                    (1.5 * at(size - 1, 1) - 2 * at(size - 2, 1) + 0.5 * at(size - 3, 1)) / spacing)
        return lt.cat([ends[0], inner, ends[1]], dim)
    # Distances to the neighbours, in the shape of a row along the dimension.
    steps = spacing.diff().reshape([-1 if d == dim else 1 for d in range(x.ndim)])
    before, after = steps.narrow(dim, 0, size - 2), steps.narrow(dim, 1, size - 2)
    inner = (at(0, size - 2) * (-after / (before * (before + after)))
             + at(1, size - 2) * ((after - before) / (before * after))
             + at(2, size - 2) * (before / (after * (before + after))))
    if edge_order == 1:
        ends = ((at(1, 1) - at(0, 1)) / steps.narrow(dim, 0, 1),
                (at(size - 1, 1) - at(size - 2, 1)) / steps.narrow(dim, size - 2, 1))
    else:
        a, b = (steps.narrow(dim, k, 1) for k in (0, 1))
        first = (-(2 * a + b) / (a * (a + b)) * at(0, 1) + (a + b) / (a * b) * at(1, 1)
                 - a / (b * (a + b)) * at(2, 1))
        a, b = (steps.narrow(dim, size - k, 1) for k in (3, 2))
        last = (b / (a * (a + b)) * at(size - 3, 1) - (a + b) / (a * b) * at(size - 2, 1)
                + (2 * b + a) / (b * (a + b)) * at(size - 1, 1))
        ends = first, last
    return lt.cat([ends[0], inner, ends[1]], dim)


@function
def gradient(input, *, spacing=1, dim=None, edge_order=1) -> tuple[Tensor, ...]:
    """Estimates of the derivative along dimensions; spacing is a distance, or one or the coordinates of each."""
    if input.dtype == lt.uint8:
        raise lt.DtypeError("[gradient] torch.gradient does not support uint8 input.")
    dims = [dim] if isinstance(dim, int) else list(range(input.ndim)) if dim is None else list(dim)
    dims = [dimension(d, input.ndim) for d in dims]
    if len(set(dims)) < len(dims):
        raise lt.ShapeError(f"[gradient] a dimension appears multiple times in the list of dims {dims}")
    each = list(spacing) if isinstance(spacing, (list, tuple)) else [spacing] * len(dims)
    if len(each) != len(dims):
        raise lt.DataError(f"[gradient] expected spacing to be unspecified, a scalar, or a list of length {len(dims)}, "
                           f"one for each dimension, but got {len(each)}")
    if edge_order not in (1, 2):
        raise lt.DataError("[gradient] only edge_order=1 and edge_order=2 are supported.")
    for d, distance in zip(dims, each):
        if not input.ndim or input.shape[d] < edge_order + 1:
            raise lt.ShapeError("[gradient] expected each dimension size to be at least edge_order+1")
        if isinstance(distance, Tensor) and (distance.ndim != 1 or distance.numel() != input.shape[d]):
            raise lt.ShapeError(f"[gradient] expected each spacing tensor to be 1-d with the {input.shape[d]} "
                                f"coordinates of dimension {d}, but got shape {list(distance.shape)}")
    return tuple(_slope(input, distance, d, edge_order) for d, distance in zip(dims, each))

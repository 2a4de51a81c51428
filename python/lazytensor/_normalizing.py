"""Scaling to a norm, a mean or a variance, and the angle between vectors: each is one pass over memory."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from collections.abc import Sequence

import lazytensor as lt
from lazytensor import Tensor

from ._define import both, dimension, function, in_place


@both
def renorm(input: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """Slices of a dimension whose p-norm is above maxnorm scaled down to it."""
    if not (input.dtype.is_floating_point or input.dtype.is_complex):
        raise lt.DtypeError(f"[renorm] not implemented for {input.dtype}")
    if input.ndim < 2:
        raise lt.ShapeError(f"[renorm] input needs at least 2 dimensions, got {input.ndim} dimensions")
    if p <= 0 or maxnorm < 0:
        raise lt.DataError("[renorm] expected p > 0 and maxnorm >= 0")
    dim = dimension(dim, input.ndim)
    norm = input.norm(p, [d for d in range(input.ndim) if d != dim], True)
    return input * lt.where(norm > maxnorm, maxnorm / (norm + 1e-7), 1)


in_place(renorm)


@function
def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """The cosine of the angle between vectors along a dimension, each norm at least eps; others broadcast."""
    dtype = lt.promote_types(x1.dtype, x2.dtype)
    if not dtype.is_floating_point:
        raise lt.DtypeError("[cosine_similarity] expected common dtype to be floating point, yet common dtype is "
                            f"{dtype}")
    x, y = lt.broadcast_tensors(x1.to(dtype), x2.to(dtype))
    first, second = (v / v.norm(2, dim, True).clamp(min=eps) for v in (x, y))
    return (first * second).sum(dim)


def _last(name, input, normalized_shape, *parameters):
    """The dimensions that normalized_shape names, which must be the last ones."""
    shape = list(normalized_shape)
    if not shape or list(input.shape[-len(shape):]) != shape:
        raise lt.ShapeError(f"[{name}] Given normalized_shape={shape}, expected input with shape {['*', *shape]}, but "
                            f"got input of size {list(input.shape)}")
    for kind, x in parameters:
        if x is not None and list(x.shape) != shape:
            raise lt.ShapeError(f"[{name}] Expected {kind} to be of same shape as normalized_shape, but got {kind} of "
                                f"shape {list(x.shape)} and normalized_shape = {shape}")
    if not (input.dtype.is_floating_point or input.dtype.is_complex):
        raise lt.DtypeError(f"[{name}] not implemented for {input.dtype}")
    return list(range(-len(shape), 0))


@function
def layer_norm(input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None,
               bias: Tensor | None = None, eps: float = 1e-5) -> Tensor:
    """The last dimensions brought to mean 0 and variance 1, then times weight plus bias."""
    dims = _last("layer_norm", input, normalized_shape, ("weight", weight), ("bias", bias))
    x = input.float() if input.dtype.itemsize == 2 else input
    x = (x - x.mean(dims, True)) * (x.var(dims, correction=0, keepdim=True) + eps).rsqrt()
    x = x if weight is None else x * weight
    return (x if bias is None else x + bias).to(input.dtype)


@function
def rms_norm(input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None,
             eps: float | None = None) -> Tensor:
    """The last dimensions divided by the root of their mean square, then times weight; eps is the dtype's by default."""
    dims = _last("rms_norm", input, normalized_shape, ("weight", weight))
    if eps is None:
        eps = lt.finfo(input.dtype).eps
    x = input.float() if input.dtype.itemsize == 2 else input
    x = x * ((x * x).mean(dims, True) + eps).rsqrt()
    return (x if weight is None else x * weight).to(input.dtype)

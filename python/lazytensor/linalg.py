"""The array API's linalg with its signatures, and norm, multi_dot and vander. Decompositions compute by numpy.linalg."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import functools
from collections.abc import Sequence

import lazytensor as lt
from lazytensor import DataError, ShapeError, Tensor, dtype
from lazytensor import norm as _norm

from .array_api import linalg as _standard
from .array_api.linalg import *  # noqa: F403

__all__ = [*_standard.__all__, "multi_dot", "norm", "vander"]


def norm(A: Tensor, ord: float | str | None = None, dim: int | Sequence[int] | None = None, keepdim: bool = False, *,
         dtype: dtype | None = None) -> Tensor:
    """The norm of a vector, or of matrices where dim names two dimensions or ord is one of theirs."""
    A = A if dtype is None else A.to(dtype)
    dims = [dim] if isinstance(dim, int) else dim if dim is None else list(dim)
    if ord is None or (dims is None and A.ndim == 1) or (dims is not None and len(dims) == 1):
        return _norm(A, 2 if ord is None else ord, dims, keepdim)
    if dims is None and A.ndim != 2 or dims is not None and len(dims) != 2:
        raise ShapeError("[norm] if ord is given, dim must name one or two dimensions, or the input have them")
    result = _standard.matrix_norm(A if dims is None else A.movedim(dims, (-2, -1)), keepdims=keepdim, ord=ord)
    return result if not keepdim or dims is None else result.movedim((-2, -1), dims)


def vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """The powers 0, 1, ..., N - 1 of the elements, along a new last dimension; N is the last size by default."""
    if not x.ndim:
        raise ShapeError("[vander] x must have at least one dimension")
    count = x.shape[-1] if N is None else N
    if count <= 1 and N is not None:
        raise DataError(f"[vander] N must be greater than 1, got {count}")
    return lt.vander(x.flatten(), count, True).reshape(*x.shape, count)


def multi_dot(tensors: Sequence[Tensor]) -> Tensor:
    """The product of two or more matrices, in the order that multiplies least."""
    tensors = list(tensors)
    if len(tensors) < 2:
        raise DataError("[multi_dot] expected at least 2 tensors")
    first, last = tensors[0].ndim == 1, tensors[-1].ndim == 1
    chain = [tensors[0].unsqueeze(0) if first else tensors[0], *tensors[1:]]
    chain[-1] = chain[-1].unsqueeze(1) if last else chain[-1]

    if any(x.ndim != 2 for x in chain):
        raise ShapeError("[multi_dot] the first and last tensors must be 1D or 2D, all others 2D, but got shapes "
                         f"{[list(x.shape) for x in tensors]}")

    @functools.cache
    def best(a, b):
        """The least multiplications of chain[a:b], and where it is cut last."""
        if b - a == 1:
            return 0, a
        return min((best(a, k)[0] + best(k, b)[0]
                    + chain[a].shape[0] * chain[k].shape[0] * chain[b - 1].shape[1], k) for k in range(a + 1, b))

    def product(a, b):
        return chain[a] if b - a == 1 else product(a, best(a, b)[1]) @ product(best(a, b)[1], b)

    r = product(0, len(chain))
    r = r.squeeze(0) if first else r
    return r.squeeze(-1) if last else r

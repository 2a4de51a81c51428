"""Products of matrices with something added, distances, powers, inverses and determinants."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import lazytensor as lt
from lazytensor import Tensor

from . import _results
from ._define import both, function, in_place


def _one_dtype(name, *tensors):
    if any(x.dtype != tensors[0].dtype for x in tensors):
        raise lt.DtypeError(f"[{name}] Input dtypes must be the same, got: {[x.dtype for x in tensors]}")


def _scaled(x, factor):
    """factor * x in x's dtype; as in PyTorch's products, factors of integers are cut to integers."""
    if factor == 1 or x.dtype == lt.bool:
        return x if factor else lt.zeros_like(x)
    return x * (int(factor) if x.dtype.kind == "integer" else factor)


def _added(input, product, beta, alpha):
    """beta * input + alpha * product in the product's shape; beta = 0 ignores even NaN."""
    product = _scaled(product, alpha)
    input = input.expand(product.shape)
    return product if beta == 0 else _scaled(input, beta) + product


def _batches(name, batch1, batch2):
    if batch1.ndim != 3 or batch2.ndim != 3:
        raise lt.ShapeError(f"[{name}] batch1 and batch2 must be 3D tensors")
    if batch1.shape[0] != batch2.shape[0] or batch1.shape[2] != batch2.shape[1]:
        raise lt.ShapeError(f"[{name}] Expected size for first two dimensions of batch2 tensor to be: "
                            f"{[batch1.shape[0], batch1.shape[2]]} but got: {list(batch2.shape[:2])}.")


@both
def baddbmm(input, batch1, batch2, *, beta=1, alpha=1) -> Tensor:
    """beta * input + alpha * (batch1 @ batch2), batch by batch."""
    _batches("baddbmm", batch1, batch2)
    _one_dtype("baddbmm", input, batch1, batch2)
    return _added(input, batch1 @ batch2, beta, alpha)


@both
def addbmm(input, batch1, batch2, *, beta=1, alpha=1) -> Tensor:
    """beta * input + alpha * the sum of the products of batches."""
    _batches("addbmm", batch1, batch2)
    _one_dtype("addbmm", input, batch1, batch2)
    # Batches side by side: one product sums them all.
    count, rows, inner = batch1.shape
    product = batch1.transpose(0, 1).reshape(rows, count * inner) @ batch2.reshape(count * inner, batch2.shape[2])
    return _added(input, product, beta, alpha)


@both
def addmv(input, mat, vec, *, beta=1, alpha=1) -> Tensor:
    """beta * input + alpha * (mat @ vec)."""
    if mat.ndim != 2 or vec.ndim != 1 or input.ndim > 1:
        raise lt.ShapeError(f"[addmv] vector + matrix @ vector expected, got {input.ndim}, {mat.ndim}, {vec.ndim}")
    _one_dtype("addmv", input, mat, vec)
    return _added(input, mat @ vec, beta, alpha)


@both
def addr(input, vec1, vec2, *, beta=1, alpha=1) -> Tensor:
    """beta * input + alpha * (all products of an element of vec1 with one of vec2). Promotes."""
    if vec1.ndim != 1 or vec2.ndim != 1:
        raise lt.ShapeError(f"[addr] Expected 1-D arguments vec1 and vec2, but got {vec1.ndim}-D and {vec2.ndim}-D")
    product = lt.outer(vec1, vec2)
    dtype = lt.result_type(product, input)
    if dtype.kind in ("bool", "integer") and (isinstance(beta, float) or isinstance(alpha, float)):
        raise lt.DtypeError("[addr] For integral input tensors, beta and alpha must not be floating point numbers.")
    return _added(input.to(dtype), product.to(dtype), beta, alpha)


def _differences(x1, x2, p):
    difference = x1.unsqueeze(-2) - x2.unsqueeze(-3)
    if not x1.shape[-1]:
        return difference.sum(-1)
    return (difference * difference).sum(-1).sqrt() if p == 2 else difference.norm(p, -1)


def _distances_by_product(x1, x2):
    """|a|^2 + |b|^2 - 2 a b: fast, and inexact for points that are close."""
    first, second = ((x * x).sum(-1) for x in (x1, x2))
    return (first.unsqueeze(-1) + second.unsqueeze(-2) - 2 * (x1 @ x2.mT)).clamp(min=0).sqrt()


@function
def cdist(x1, x2, p=2.0, compute_mode="use_mm_for_euclid_dist_if_necessary") -> Tensor:
    """p-norms of the differences of all rows of x1 and x2, batches broadcast; many by a product, as PyTorch does."""
    if x1.ndim < 2 or x2.ndim < 2:
        raise lt.ShapeError("[cdist] cdist only supports at least 2D tensors")
    if x1.shape[-1] != x2.shape[-1]:
        raise lt.ShapeError(f"[cdist] X1 and X2 must have the same number of columns. X1: {x1.shape[-1]} "
                            f"X2: {x2.shape[-1]}")
    if not (x1.dtype.is_floating_point and x2.dtype.is_floating_point):
        raise lt.DtypeError(f"[cdist] only supports floating-point dtypes, got {x1.dtype} and {x2.dtype}")
    _one_dtype("cdist", x1, x2)
    if p < 0:
        raise lt.DataError("[cdist] cdist only supports non-negative p values")
    modes = ("use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist")
    if compute_mode not in (None, *modes):
        raise lt.DataError(f"[cdist] {compute_mode} is not a valid value for compute_mode")
    many = compute_mode != modes[2] and max(x1.shape[-2], x2.shape[-2]) > 25
    if p == 2 and (many or compute_mode == modes[1]) and x1.shape[-1]:
        return _distances_by_product(x1, x2)
    return _differences(x1, x2, p)


def _square(name, input):
    if input.ndim < 2:
        raise lt.ShapeError(f"[{name}] The input tensor must have at least 2 dimensions.")
    if input.shape[-1] != input.shape[-2]:
        raise lt.ShapeError(f"[{name}] A must be batches of square matrices, but they are {input.shape[-2]} by "
                            f"{input.shape[-1]} matrices")


def _by_lapack(name, input, function=None):
    """What numpy.linalg gives, computed here and now."""
    _square(name, input)
    if input.dtype not in (lt.float32, lt.float64, lt.complex64, lt.complex128):
        raise lt.DtypeError(f"[{name}] Expected float32, float64 or a complex dtype. Got {input.dtype}")
    return getattr(lt.array_api.linalg, function or name)(input)


@both
def det(input) -> Tensor:
    """Determinants of square matrices. Computes."""
    return _by_lapack("det", input)


@both
def slogdet(input) -> _results.slogdet:
    """(sign, logarithm of the modulus) of determinants. Computes."""
    return _results.slogdet(*_by_lapack("slogdet", input))


@both
def logdet(input) -> Tensor:
    """Logarithms of determinants, NaN where one is negative. Computes."""
    sign, logarithm = slogdet(input)
    return sign.log() + logarithm


@both
def inverse(input) -> Tensor:
    """Inverses of square matrices. Computes; refuses singular ones with DataError, a RuntimeError."""
    return _by_lapack("inverse", input, "inv")


@both
def matrix_power(input, n) -> Tensor:
    """Square matrices multiplied n times by themselves; n < 0 computes their inverses first."""
    _square("matrix_power", input)
    return lt.array_api.linalg.matrix_power(input if n >= 0 else inverse(input), abs(n))


for _f in (baddbmm, addbmm, addmv, addr, lt.addmm):
    in_place(_f)

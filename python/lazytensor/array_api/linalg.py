"""The standard's linalg extension: decompositions by numpy.linalg on shared memory, the rest lazy."""
# SPDX-License-Identifier: BSD-3-Clause
from math import inf

from .. import _core as lt
from ._dtypes import finfo, real_dtype, result_type
from ._axes import several
from ._products import matmul, matrix_transpose, tensordot, vecdot
from ._results import eigh_result, qr_result, slogdet_result, svd_result
from ._statistical import accumulated

__all__ = ["cholesky", "cross", "det", "diagonal", "eigh", "eigvalsh", "inv", "matmul", "matrix_norm",
           "matrix_power", "matrix_rank", "matrix_transpose", "outer", "pinv", "qr", "slogdet", "solve",
           "svd", "svdvals", "tensordot", "trace", "vecdot", "vector_norm"]


def _numpy(name, *tensors, **options):
    """numpy.linalg's function on the tensors' memory, its arrays as tensors over theirs."""
    import numpy

    function = getattr(numpy.linalg, name)
    try:
        result = function(*(x.numpy() for x in tensors), **options)
    except numpy.linalg.LinAlgError as error:
        raise lt.DataError(f"[{name}] {error}") from None
    if isinstance(result, tuple):
        return tuple(lt.from_numpy(numpy.asarray(r)) for r in result)
    return lt.from_numpy(numpy.asarray(result))


def cholesky(x, /, *, upper=False) -> lt.Tensor:
    """The triangular factor of Hermitian positive-definite matrices. DataError for others."""
    lower = _numpy("cholesky", x)
    return lt.conj(lower.mT) if upper else lower


def cross(x1, x2, /, *, axis=-1) -> lt.Tensor:
    """The cross products of vectors of three elements."""
    if not -min(x1.ndim, x2.ndim) <= axis < 0:
        raise ValueError(f"cross: axis must be in [-{min(x1.ndim, x2.ndim)}, -1], not {axis}")
    if x1.shape[axis] != 3 or x2.shape[axis] != 3:
        raise ValueError(f"cross: vectors of {x1.shape[axis]} and {x2.shape[axis]} elements, not 3")
    dtype = result_type(x1, x2)
    a, b = (lt.movedim(x.to(dtype), axis, -1) for x in (x1, x2))
    (a0, a1, a2), (b0, b1, b2) = (lt.unbind(x, -1) for x in (a, b))
    return lt.stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], axis)


def det(x, /) -> lt.Tensor:
    """Determinants."""
    return _numpy("det", x)


def diagonal(x, /, *, offset=0) -> lt.Tensor:
    """A view of the diagonals of the last two axes."""
    return lt.diagonal(x, offset, -2, -1)


def eigh(x, /) -> eigh_result:
    """Eigenvalues in ascending order and eigenvectors of Hermitian matrices."""
    return eigh_result(*_numpy("eigh", x))


def eigvalsh(x, /) -> lt.Tensor:
    """Eigenvalues of Hermitian matrices in ascending order."""
    return _numpy("eigvalsh", x)


def inv(x, /) -> lt.Tensor:
    """Inverses. DataError for a singular matrix."""
    return _numpy("inv", x)


def matrix_norm(x, /, *, keepdims=False, ord="fro") -> lt.Tensor:
    """Norms of matrices: 'fro', 'nuc', or 1, 2, inf and their negatives."""
    if ord in ("nuc", 2, -2):
        values = svdvals(x)
        if ord == "nuc":
            result = lt.sum(values, -1)
        else:
            result = lt.amax(values, -1) if ord == 2 else lt.amin(values, -1)
        return result[..., None, None] if keepdims else result
    if ord == "fro":
        return lt.norm(x, 2.0, (-2, -1), keepdims)
    if ord not in (1, -1, inf, -inf):
        raise ValueError(f"matrix_norm: there is no norm {ord!r} of matrices")
    sums = lt.sum(lt.abs(x), -2 if ord in (1, -1) else -1, True)
    result = lt.amax(sums, (-2, -1), keepdims) if ord > 0 else lt.amin(sums, (-2, -1), keepdims)
    return result


def matrix_power(x, n, /) -> lt.Tensor:
    """Square matrices multiplied n times by themselves; their inverses for negative n."""
    if n < 0:
        x, n = inv(x), -n
    result = None
    while n:
        if n & 1:
            result = x if result is None else lt.matmul(result, x)
        n >>= 1
        if n:
            x = lt.matmul(x, x)
    if result is None:
        places = lt.arange(x.shape[-1])
        return lt.broadcast_to((places[:, None] == places).to(x.dtype), x.shape)
    return result


def matrix_rank(x, /, *, rtol=None) -> lt.Tensor:
    """How many singular values are larger than the largest times rtol."""
    values = svdvals(x)
    if values.shape[-1] == 0:
        return lt.zeros(values.shape[:-1], dtype=lt.int64)
    rtol = _relative_tolerance(x, values, rtol)
    return lt.count_nonzero(values > lt.amax(values, -1, True) * rtol, -1)


def _relative_tolerance(x, values, rtol):
    if rtol is None:
        return max(x.shape[-2:]) * finfo(values.dtype).eps
    return rtol[..., None].to(values.dtype) if isinstance(rtol, lt.Tensor) else rtol


def outer(x1, x2, /) -> lt.Tensor:
    """All products of an element of one vector with one of the other."""
    if x1.ndim != 1 or x2.ndim != 1:
        raise ValueError(f"outer: vectors are needed, not {x1.ndim} and {x2.ndim} dimensions")
    return x1[:, None] * x2


def pinv(x, /, *, rtol=None) -> lt.Tensor:
    """Moore-Penrose pseudo-inverses, singular values up to the largest times rtol taken for zero."""
    if rtol is None:
        rtol = max(x.shape[-2:]) * finfo(x.dtype).eps
    elif isinstance(rtol, lt.Tensor):
        rtol = rtol.numpy()
    return _numpy("pinv", x, rcond=rtol)


def qr(x, /, *, mode="reduced") -> qr_result:
    """Orthonormal Q and upper triangular R with x = Q R; mode 'reduced' or 'complete'."""
    if mode not in ("reduced", "complete"):
        raise ValueError(f"qr: mode is 'reduced' or 'complete', not {mode!r}")
    return qr_result(*_numpy("qr", x, mode=mode))


def slogdet(x, /) -> slogdet_result:
    """The sign and the logarithm of the modulus of determinants."""
    return slogdet_result(*_numpy("slogdet", x))


def solve(x1, x2, /) -> lt.Tensor:
    """The solution of x1 @ y = x2: x2 is a vector if it is 1-d, else matrices."""
    dtype = result_type(x1, x2)
    return _numpy("solve", x1.to(dtype), x2.to(dtype))


def svd(x, /, *, full_matrices=True) -> svd_result:
    """U, S and Vh with x = U diag(S) Vh, the singular values descending."""
    return svd_result(*_numpy("svd", x, full_matrices=full_matrices))


def svdvals(x, /) -> lt.Tensor:
    """The singular values, descending."""
    return _numpy("svd", x, compute_uv=False)


def trace(x, /, *, offset=0, dtype=None) -> lt.Tensor:
    """The sums of the diagonals of the last two axes."""
    return accumulated(lt.sum, diagonal(x, offset=offset), (-1,), False, dtype)


def vector_norm(x, /, *, axis=None, keepdims=False, ord=2) -> lt.Tensor:
    """The ord-norm of the elements along axes; ord may be 0, inf and negative."""
    axes = several(axis, x.ndim)
    if not axes:
        return (x != 0).to(real_dtype(x.dtype)) if ord == 0 else lt.abs(x)
    return lt.norm(x, float(ord), axes, keepdims)

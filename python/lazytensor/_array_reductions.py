"""NumPy's reductions on tensors: np.sum, np.mean, np.std, np.linalg.norm, ..."""
# SPDX-License-Identifier: BSD-3-Clause
import lazytensor as lt

from ._array_functions import as_tensor, need, numpy_function, some


def _reduction(name, f):
    @numpy_function(name)
    def reduced(a, axis=None, out=None, keepdims=False):
        return f(as_tensor(a), some(axis), keepdims)


for _name, _f in {"max": lt.amax, "amax": lt.amax, "min": lt.amin, "amin": lt.amin, "any": lt.any,
                  "all": lt.all, "argmax": lt.argmax, "argmin": lt.argmin}.items():
    _reduction(_name, _f)


@numpy_function("sum")
def _sum(a, axis=None, dtype=None, out=None, keepdims=False):
    return lt.sum(as_tensor(a), some(axis), keepdims, dtype)


@numpy_function("prod")
def _prod(a, axis=None, dtype=None, out=None, keepdims=False):
    return lt.prod(as_tensor(a), some(axis), keepdims, dtype)


def _floating(a):
    """NumPy averages integers in double precision."""
    a = as_tensor(a)
    return a.double() if a.dtype.kind in ("bool", "integer") else a


@numpy_function("mean")
def _mean(a, axis=None, dtype=None, out=None, keepdims=False):
    return lt.mean(_floating(a), some(axis), keepdims, dtype)


@numpy_function("var")
def _var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, correction=None):
    need(dtype is None)
    return lt.var(_floating(a), some(axis), correction=ddof if correction is None else correction, keepdim=keepdims)


@numpy_function("std")
def _std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, correction=None):
    need(dtype is None)
    return lt.std(_floating(a), some(axis), correction=ddof if correction is None else correction, keepdim=keepdims)


@numpy_function("count_nonzero")
def _count_nonzero(a, axis=None, *, keepdims=False):
    return lt.count_nonzero(as_tensor(a), some(axis), keepdims)


@numpy_function("cumsum")
def _cumsum(a, axis=None, dtype=None, out=None):
    return lt.cumsum(as_tensor(a).flatten() if axis is None else as_tensor(a), axis or 0, dtype)


@numpy_function("cumprod")
def _cumprod(a, axis=None, dtype=None, out=None):
    return lt.cumprod(as_tensor(a).flatten() if axis is None else as_tensor(a), axis or 0, dtype)


@numpy_function("linalg.norm")
def _norm(x, ord=None, axis=None, keepdims=False):
    x = as_tensor(x)
    need(ord is None or not isinstance(ord, str) and (x.ndim == 1 if axis is None else isinstance(axis, int)))
    return lt.norm(_floating(x), 2 if ord is None else ord, some(axis), keepdims)

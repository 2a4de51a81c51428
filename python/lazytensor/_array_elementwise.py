"""NumPy's elementwise functions on tensors that are no ufuncs: np.where, np.clip, np.round, ..."""
# SPDX-License-Identifier: BSD-3-Clause
import lazytensor as lt

from ._array_functions import alike, as_tensor, need, numpy_function


@numpy_function("where")
def _where(condition, x=None, y=None):
    condition = as_tensor(condition)
    if x is None and y is None:
        return lt.where(condition)
    need(x is not None and y is not None)
    x, y = (as_tensor(v) if isinstance(v, (list, tuple)) else v for v in (x, y))
    return lt.where(condition if condition.dtype == lt.bool else condition != 0, x, y)


@numpy_function("clip")
def _clip(a, a_min=None, a_max=None, out=None, *, min=None, max=None):
    low, high = min if a_min is None else a_min, max if a_max is None else a_max
    need(low is not None or high is not None)
    return lt.clamp(as_tensor(a), low, high)


@numpy_function("round", "around")
def _round(a, decimals=0, out=None):
    a = as_tensor(a)
    if decimals == 0 or a.dtype.kind == "bool":
        return a.round()
    need(a.dtype.is_floating_point)
    return (a * 10.0 ** decimals).round() / 10.0 ** decimals


@numpy_function("real")
def _real(val):
    return val.real


@numpy_function("imag")
def _imag(val):
    return val.imag if val.dtype.is_complex else lt.zeros_like(val)


@numpy_function("angle")
def _angle(z, deg=False):
    return lt.rad2deg(z.angle()) if deg else z.angle()


@numpy_function("nan_to_num")
def _nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    need(copy)
    return lt.nan_to_num(as_tensor(x), nan, posinf, neginf)


@numpy_function("isclose")
def _isclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=False):
    return lt.isclose(*alike(a, b), rtol, atol, equal_nan)


@numpy_function("allclose")
def _allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=False):
    return lt.allclose(*alike(a, b), rtol, atol, equal_nan)


@numpy_function("array_equal")
def _array_equal(a1, a2):
    a, b = as_tensor(a1), as_tensor(a2)
    return a.shape == b.shape and bool((a == b).all())


@numpy_function("isin")
def _isin(element, test_elements, assume_unique=False, invert=False, *, kind=None):
    return lt.isin(as_tensor(element), as_tensor(test_elements), invert=invert)


@numpy_function("diff")
def _diff(a, n=1, axis=-1):
    return lt.diff(a, n, axis)

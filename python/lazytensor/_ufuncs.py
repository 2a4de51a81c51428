"""NumPy's universal functions on tensors: np.sin(t), np.add(array, t), array += t, np.add.reduce(t)."""
# SPDX-License-Identifier: BSD-3-Clause
import numbers

import lazytensor as lt
from lazytensor import Tensor


class Unsupported(Exception):
    """The library has no such thing: NumPy computes it."""


def need(condition):
    """Leaves to NumPy what does not meet the condition."""
    if not condition:
        raise Unsupported


def _of_floats(f):
    """NumPy's function and PyTorch's differ in the dtype that they give of integers."""
    def of_floats(x):
        x = lt.as_tensor(x)
        need(x.dtype.is_floating_point)
        return f(x)
    return of_floats


def _heaviside(x, values):
    """PyTorch's is 0 of NaN."""
    x = lt.as_tensor(x)
    need(lt.result_type(x, values).is_floating_point)
    return lt.where(x.isnan(), x, lt.heaviside(x, values))


SAME_NAME = """absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh bitwise_and bitwise_or
    bitwise_xor cbrt ceil copysign cos cosh deg2rad divide exp exp2 expm1 float_power floor floor_divide fmax
    fmin fmod greater greater_equal hypot isfinite isinf isnan less less_equal log log10 log1p log2
    logaddexp logaddexp2 logical_and logical_not logical_or logical_xor matmul maximum minimum multiply
    negative nextafter not_equal positive power rad2deg remainder signbit sin sinh sqrt square
    subtract tan tanh trunc""".split()
FUNCTIONS = {name: getattr(lt, name) for name in SAME_NAME} | {
    "conjugate": lt.conj,
    "degrees": lt.rad2deg,
    "divmod": lambda a, b: (lt.floor_divide(a, b), lt.remainder(a, b)),
    "equal": lt.eq,
    "fabs": _of_floats(lt.abs),
    "heaviside": _heaviside,
    "invert": lt.bitwise_not,
    "left_shift": lt.bitwise_left_shift,
    "radians": lt.deg2rad,
    "reciprocal": _of_floats(lt.reciprocal),
    "right_shift": lt.bitwise_right_shift,
    "rint": _of_floats(lt.round),
    "sign": lt.sgn,
}
REDUCTIONS = {"add": lt.sum, "multiply": lt.prod, "maximum": lt.amax, "minimum": lt.amin,
              "logical_and": lt.all, "logical_or": lt.any, "logaddexp": lt.logsumexp}
RUNNING = {"add": lt.cumsum, "multiply": lt.cumprod}


def arrays_of(x):
    """x with every tensor in its lists, tuples and dicts as an array that shares the memory."""
    if isinstance(x, Tensor):
        return x.numpy()
    if isinstance(x, (list, tuple)):
        return type(x)(map(arrays_of, x)) if type(x) in (list, tuple) else tuple(map(arrays_of, x))
    if type(x) is dict:
        return {key: arrays_of(value) for key, value in x.items()}
    return x


def write(out, result):
    """A result into `out`, a tensor or an array; gives `out` back."""
    if out is None:
        return result
    if isinstance(out, Tensor):
        if not lt.can_cast(result.dtype, out.dtype):
            raise lt.DtypeError(f"[out] result type {result.dtype} can't be cast to the desired output "
                                f"type {out.dtype}")
        return out.copy_(result)
    import numpy
    numpy.copyto(out, result.numpy(), casting="same_kind")
    return out


def _operand(x):
    if type(x) in (Tensor, float, int):
        return x
    import numpy
    if isinstance(x, Tensor):
        return x
    if isinstance(x, (numpy.ndarray, numpy.generic)):
        if x.dtype.kind not in "biufc" or x.dtype.itemsize > (16 if x.dtype.kind == "c" else 8):
            raise Unsupported
        return x
    if isinstance(x, numbers.Number):
        return x
    if isinstance(x, (list, tuple)):
        return lt.as_tensor(x)
    raise Unsupported


def _called(name, inputs):
    f = FUNCTIONS.get(name)
    need(f is not None)
    return f(*map(_operand, inputs))


def _outer(name, a, b):
    a, b = (lt.as_tensor(_operand(x)) for x in (a, b))
    return _called(name, (a.reshape(a.shape + (1,) * b.ndim), b))


def some(axis):
    """The axes. None of them, (), is left to NumPy: to reductions here it is all."""
    need(not isinstance(axis, (tuple, list)) or len(axis) > 0)
    return axis


def _reduced(name, x, axis=0, keepdims=False):
    need(name in REDUCTIONS)
    return REDUCTIONS[name](x, some(axis), keepdims)


def _accumulated(name, x, axis=0):
    need(name in RUNNING)
    return RUNNING[name](x, axis)


METHODS = {"__call__": (lambda name, *inputs: _called(name, inputs), frozenset()),
           "outer": (_outer, frozenset()),
           "reduce": (_reduced, {"axis", "keepdims"}),
           "accumulate": (_accumulated, {"axis"})}


def array_ufunc(self, ufunc, method, *inputs, out=None, **keywords):
    """NumPy's protocol: a lazy tensor, or what NumPy makes of the arrays where there is none."""
    if keywords:
        keywords = {key: value for key, value in keywords.items() if value is not None or key == "axis"}
    try:
        f, known = METHODS.get(method, (None, frozenset()))
        if f is None or not keywords.keys() <= known or \
                (method != "__call__" and not isinstance(inputs[0], Tensor)):
            raise Unsupported
        result = f(ufunc.__name__, *inputs, **keywords)
    except (Unsupported, lt.DtypeError):
        if out is not None:
            keywords["out"] = arrays_of(out)
        result = getattr(ufunc, method)(*arrays_of(inputs), **arrays_of(keywords))
        if out is None:
            return result
        return out if len(out) > 1 else out[0]
    if out is None:
        return result
    if isinstance(result, tuple):
        return tuple(map(write, out, result))
    return write(out[0], result)

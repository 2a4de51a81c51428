"""NumPy's universal functions on tensors: np.sin(t), np.add(array, t), array += t, np.add.reduce(t)."""
# SPDX-License-Identifier: BSD-3-Clause
import numbers

import lazytensor as lt
from lazytensor import Tensor

SAME_NAME = """absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh bitwise_and bitwise_or
    bitwise_xor cbrt ceil copysign cos cosh deg2rad divide exp exp2 expm1 float_power floor floor_divide fmax
    fmin fmod greater greater_equal heaviside hypot isfinite isinf isnan less less_equal log log10 log1p log2
    logaddexp logaddexp2 logical_and logical_not logical_or logical_xor matmul maximum minimum multiply
    negative nextafter not_equal positive power rad2deg reciprocal remainder signbit sin sinh sqrt square
    subtract tan tanh trunc""".split()
FUNCTIONS = {name: getattr(lt, name) for name in SAME_NAME} | {
    "conjugate": lt.conj,
    "degrees": lt.rad2deg,
    "divmod": lambda a, b: (lt.floor_divide(a, b), lt.remainder(a, b)),
    "equal": lt.eq,
    "fabs": lt.abs,
    "invert": lt.bitwise_not,
    "left_shift": lt.bitwise_left_shift,
    "radians": lt.deg2rad,
    "right_shift": lt.bitwise_right_shift,
    "rint": lt.round,
    "sign": lt.sgn,
}
REDUCTIONS = {"add": lt.sum, "multiply": lt.prod, "maximum": lt.amax, "minimum": lt.amin,
              "logical_and": lt.all, "logical_or": lt.any, "logaddexp": lt.logsumexp}
RUNNING = {"add": lt.cumsum, "multiply": lt.cumprod}


class Unsupported(Exception):
    """The library has no such thing: NumPy computes it."""


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
    if f is None:
        raise Unsupported
    return f(*map(_operand, inputs))


def _outer(name, a, b):
    a, b = (lt.as_tensor(_operand(x)) for x in (a, b))
    return _called(name, (a.reshape(a.shape + (1,) * b.ndim), b))


def _reduced(name, x, axis=0, keepdims=False):
    if name not in REDUCTIONS:
        raise Unsupported
    return REDUCTIONS[name](x, axis, keepdims)


def _accumulated(name, x, axis=0):
    if name not in RUNNING:
        raise Unsupported
    return RUNNING[name](x, axis)


METHODS = {"__call__": (lambda name, *inputs: _called(name, inputs), ()),
           "outer": (_outer, ()),
           "reduce": (_reduced, ("axis", "keepdims")),
           "accumulate": (_accumulated, ("axis",))}


def array_ufunc(self, ufunc, method, *inputs, out=None, **keywords):
    """NumPy's protocol: a lazy tensor, or what NumPy makes of the arrays where there is none."""
    keywords = {key: value for key, value in keywords.items() if value is not None or key == "axis"}
    try:
        f, known = METHODS.get(method, (None, ()))
        if f is None or not keywords.keys() <= set(known) or \
                (method != "__call__" and not isinstance(inputs[0], Tensor)):
            raise Unsupported
        result = f(ufunc.__name__, *inputs, **keywords)
    except Unsupported:
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

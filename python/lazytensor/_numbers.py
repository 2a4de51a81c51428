"""Numbers taken apart and put together: divisors, exponents, complex numbers, and the limits of dtypes."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import builtins
import math

import lazytensor as lt
from lazytensor import Tensor

from . import _results
from ._define import both, function, in_place, operand, operands, tensors

# Euclid's algorithm takes the most steps for neighbouring Fibonacci numbers: as many as fit the dtype.
_EUCLID_STEPS = {8: 12, 16: 24, 32: 47, 64: 92}


@both
def gcd(input, other) -> Tensor:
    """The greatest common divisors of integers, never negative: in one pass. Refuses other dtypes."""
    input, other = operand(input), operand(other)
    dtype = lt.result_type(input, other)
    if dtype.kind != "integer":
        raise lt.DtypeError(f"[gcd] not implemented for {dtype}")
    a, b = (x.to(dtype).abs() if dtype.is_signed else x.to(dtype) for x in (input, other))
    for _ in range(_EUCLID_STEPS[8 * dtype.itemsize]):
        done = b == 0
        a, b = lt.where(done, a, b), a % lt.where(done, 1, b)
    return a.abs() if dtype.is_signed else a


@both
def lcm(input, other) -> Tensor:
    """The least common multiples of integers, 0 where one is 0. Refuses other dtypes."""
    divisor = gcd(input, other)
    # As in C, small integers are multiplied as int32.
    wide = lt.promote_types(divisor.dtype, lt.int32) if divisor.dtype.itemsize < 4 else divisor.dtype
    a, b, divisor = (operand(x).to(wide) for x in (input, other, lt.where(divisor == 0, 1, divisor)))
    product = a // divisor * b
    return (product.abs() if wide.is_signed else product).to(lt.result_type(operand(input), operand(other)))


@both
def ldexp(input, other) -> Tensor:
    """input * 2**other, floats in their own dtype and rounded once."""
    input, other = operands(input, other)
    if not input.dtype.is_floating_point or other.dtype.kind != "integer":
        return input * lt.pow(lt.full((), 2, dtype=lt.result_type(other, 2.0)), other)
    n = other.clamp(-5000, 5000).to(lt.int32) if other.dtype.itemsize > 1 else other.to(lt.int32)
    x = input.double()
    for _ in range(2 if input.dtype == lt.float64 else 0):
        # At most the last factor makes numbers below the normal ones.
        step = lt.where(n < -1022, -969, n.clamp(0, 1023))
        x, n = x * lt.exp2(step.double()), n - step
    return (x * lt.exp2(n.clamp(-1074, 1023).double())).to(input.dtype)


@both
def frexp(input) -> _results.frexp:
    """(mantissa in [0.5, 1) with the sign, int32 exponent) with input = mantissa * 2**exponent. Refuses integers."""
    if not input.dtype.is_floating_point:
        raise lt.DtypeError(f"[frexp] only supports floating-point dtypes, not {input.dtype}")
    x = input.double()
    # Doubles below the normal ones are made larger first: the logarithm may then be one off at most.
    small = x.abs() < 2.0 ** -1000
    x = lt.where(small, x * 2.0 ** 100, x)
    ordinary = x.isfinite() & (x != 0)
    exponent = lt.where(ordinary, x, 1).abs().log2().floor() + 1
    # In two factors, as 2**-1024 alone is less than the least normal number.
    half = (exponent / 2).floor()
    mantissa = x * lt.exp2(-half) * lt.exp2(half - exponent)
    high, low = mantissa.abs() >= 1, mantissa.abs() < 0.5
    mantissa = lt.where(high, mantissa / 2, lt.where(low, mantissa * 2, mantissa))
    exponent = exponent + high.double() - low.double() - lt.where(small, 100, 0)
    return _results.frexp(lt.where(ordinary, mantissa, x).to(input.dtype), lt.where(ordinary, exponent, 0).int())


def _parts(name, first, second):
    tensors(name, first, second)
    for x in (first, second):
        if x.dtype not in (lt.float32, lt.float64):
            raise lt.DtypeError(f"[{name}] Expected both inputs to be float32 or float64 tensors but got "
                                f"{first.dtype} and {second.dtype}")
    if first.dtype != second.dtype:
        raise lt.DtypeError(f"[{name}] Expected object of scalar type {first.dtype} but got scalar type "
                            f"{second.dtype} for second argument")


@function
def complex(real, imag) -> Tensor:
    """Complex numbers of their parts, exactly: signs of zeros, infinities and NaN included. Refuses float16."""
    _parts("complex", real, imag)
    dtype = lt.complex64 if real.dtype == lt.float32 else lt.complex128
    # i |y| with -0 as its real part, which adding leaves alone; products with infinities would give NaN.
    size, unit = imag.abs(), lt.full((), 0, dtype=dtype)
    upward = size.to(dtype) * builtins.complex(-0.0, 1.0)
    upward = lt.where(size == math.inf, unit + builtins.complex(-0.0, math.inf), upward)
    upward = lt.where(size.isnan(), unit + builtins.complex(-0.0, math.nan), upward)
    return real.to(dtype).conj() + lt.where(imag.signbit(), upward.conj(), upward)


@function
def polar(abs, angle) -> Tensor:
    """Complex numbers of a modulus and an angle in radians. Refuses float16."""
    _parts("polar", abs, angle)
    return complex(abs * angle.cos(), abs * angle.sin())


def _view(input, dtype):
    return lt.from_numpy(input.numpy()[..., None].view(dtype))


@function
def view_as_real(input) -> Tensor:
    """A view of complex numbers as pairs of real ones along a last dimension. Computes; TypeError for real ones."""
    if not input.dtype.is_complex:
        raise lt.DtypeError("[view_as_real] only supported for complex tensors")
    return _view(input, "float32" if input.dtype == lt.complex64 else "float64")


@function
def view_as_complex(input) -> Tensor:
    """A view of pairs of real numbers along the last dimension as complex ones. Computes; refuses other sizes."""
    if input.dtype not in (lt.float32, lt.float64):
        raise lt.DtypeError("[view_as_complex] only supported for float32 and float64")
    if input.ndim == 0 or input.shape[-1] != 2:
        raise lt.ShapeError("[view_as_complex] Tensor must have a last dimension of size 2")
    if input.stride()[-1] != 1 or any(stride % 2 for stride in input.stride()[:-1]):
        raise lt.ShapeError("[view_as_complex] Tensor must have a last dimension with stride 1, other strides even")
    return lt.from_numpy(input.numpy().view("complex64" if input.dtype == lt.float32 else "complex128")[..., 0])


class finfo:
    """The limits of a floating-point dtype, of the default one, or of a complex one's parts; TypeError for others."""

    # Significant bits with the implied one, the largest exponent, and the decimal digits that are kept.
    _FLOATS = {"float16": (11, 15, 3), "bfloat16": (8, 127, 2), "float32": (24, 127, 6), "float64": (53, 1023, 15)}
    _PARTS = {"complex64": "float32", "complex128": "float64"}

    def __init__(self, type=None):
        dtype = lt.get_default_dtype() if type is None else type
        if not isinstance(dtype, lt.dtype):
            raise TypeError(f"finfo(): argument 'type' must be a dtype, not {dtype!r}")
        name = str(dtype).rpartition(".")[2]
        self.dtype = self._PARTS.get(name, name)
        if self.dtype not in self._FLOATS:
            raise TypeError(f"finfo() requires a floating point dtype, not {dtype}. Use iinfo")
        digits, largest, decimals = self._FLOATS[self.dtype]
        self.bits = 8 * getattr(lt, self.dtype).itemsize
        self.eps = 2.0 ** (1 - digits)
        self.max = (2 - self.eps) * 2.0 ** largest
        self.min = -self.max
        self.tiny = self.smallest_normal = 2.0 ** (1 - largest)
        self.resolution = float(f"1e-{decimals}")

    def __repr__(self):
        return (f"finfo(resolution={self.resolution:g}, min={self.min:g}, max={self.max:g}, eps={self.eps:g}, "
                f"smallest_normal={self.tiny:g}, tiny={self.tiny:g}, dtype={self.dtype})")


class iinfo:
    """The limits of an integer dtype; TypeError for others."""

    def __init__(self, type):
        if not isinstance(type, lt.dtype):
            raise TypeError(f"iinfo(): argument 'type' must be a dtype, not {type!r}")
        if type.kind != "integer":
            raise TypeError(f"iinfo() requires an integer dtype, not {type}. Use finfo")
        self.dtype = str(type).rpartition(".")[2]
        self.bits = 8 * type.itemsize
        count = 2 ** self.bits
        self.min, self.max = (-count // 2, count // 2 - 1) if type.is_signed else (0, count - 1)

    def __repr__(self):
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"


for _f in (gcd, lcm, ldexp):
    in_place(_f)
for _f in (finfo, iinfo):
    function(_f)

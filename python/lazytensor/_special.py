"""Special functions as expressions of elementary ones: digamma and erfinv."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import math

import lazytensor as lt
from lazytensor import Tensor

from ._define import both, in_place

# Bernoulli numbers over 2k, the highest power first: digamma's asymptotic series (Cephes, psi.c).
_PSI = (1 / 12, -691 / 32760, 1 / 132, -1 / 240, 1 / 252, -1 / 120, 1 / 12)
# Rational approximations of erfinv to 1e-3 inside |y| <= 0.7 and outside, as in PyTorch; Newton's steps do the rest.
_CENTRE = (-0.140543331, 0.914624893, -1.645349621, 0.886226899)
_CENTRE_BELOW = (0.012229801, -0.329097515, 1.442710462, -2.118377725, 1.0)
_TAIL = (1.641345311, 3.429567803, -1.62490649, -1.970840454)
_TAIL_BELOW = (1.637067800, 3.543889200, 1.0)


def _real(name, input):
    """The input in double precision, and the dtype of the result. Refuses complex numbers."""
    if input.dtype.is_complex:
        raise lt.DtypeError(f"[{name}] not implemented for {input.dtype}")
    return input.double(), input.dtype if input.dtype.is_floating_point else lt.get_default_dtype()


def _polynomial(x, coefficients):
    total = coefficients[0]
    for c in coefficients[1:]:
        total = total * x + c
    return total


@both
def digamma(input) -> Tensor:
    """The derivative of lgamma: -inf at 0, inf at -0, NaN at negative integers. Refuses complex numbers."""
    x, dtype = _real("digamma", input)
    # digamma(x) = digamma(1 - x) - pi / tan(pi x) below zero, digamma(x + 1) - 1/x up to 10, then a series.
    negative = x < 0
    y, below = lt.where(negative, 1 - x, x), 0
    for _ in range(10):
        small = y < 10
        below, y = below - lt.where(small, 1 / y, 0), lt.where(small, y + 1, y)
    z = 1 / (y * y)
    result = below + y.log() - 0.5 / y - z * _polynomial(z, _PSI)
    result = lt.where(negative, result - math.pi / (math.pi * (x - x.trunc())).tan(), result)
    result = lt.where(x == 0, lt.copysign(math.inf, -x), result)
    return lt.where(negative & (x == x.trunc()), math.nan, result).to(dtype)


@both
def erfinv(input) -> Tensor:
    """The inverse of erf on [-1, 1]: inf at the ends, NaN outside. Refuses complex numbers."""
    y, dtype = _real("erfinv", input)
    size = y.abs()
    inside, square, tail = size <= 0.7, y * y, ((1 - size) / 2).log().neg().sqrt()
    x = lt.where(inside, size * _polynomial(square, _CENTRE) / _polynomial(square, _CENTRE_BELOW),
                 _polynomial(tail, _TAIL) / _polynomial(tail, _TAIL_BELOW))
    for _ in range(2):
        # Near the ends 1 - erf(x) is known exactly, erf(x) is not.
        error = lt.where(inside, x.erf() - size, (1 - size) - x.erfc())
        x = x - error / (2 / math.sqrt(math.pi) * (-x * x).exp())
    return lt.copysign(lt.where(size == 1, math.inf, x), y).to(dtype)


for _f in (digamma, erfinv):
    in_place(_f)

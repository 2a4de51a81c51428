"""Some of torch.special: functions of the package under the names that they have there."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import math

import lazytensor as lt
from lazytensor import (Tensor, digamma, erf, erfc, erfinv, exp2, expm1, log1p, log_softmax, logit, logsumexp, round,
                        sinc, softmax, xlogy)
from lazytensor import digamma as psi
from lazytensor import lgamma as gammaln
from lazytensor import sigmoid as expit

from ._define import operands

__all__ = ["digamma", "entr", "erf", "erfc", "erfinv", "exp2", "expit", "expm1", "gammaln", "log1p", "log_softmax",
           "logit", "logsumexp", "ndtr", "psi", "round", "sinc", "softmax", "xlog1py", "xlogy"]


def entr(input: Tensor) -> Tensor:
    """-x log(x): 0 at 0, -inf below."""
    return lt.where(input < 0, -math.inf, -xlogy(input, input))


def ndtr(input: Tensor) -> Tensor:
    """The area under the standard normal density up to x."""
    return erfc(input * -math.sqrt(0.5)) / 2


def xlog1py(input: Tensor | complex, other: Tensor | complex) -> Tensor:
    """x log(1 + y): 0 where x is 0, NaN where y is."""
    x, y = operands(input, other)
    y = log1p(y)
    return lt.where((x == 0) & ~y.isnan(), 0, x * y)

"""The named pairs that sort, topk, max and min give, as in torch.return_types."""
# SPDX-License-Identifier: BSD-3-Clause
from collections import namedtuple


def _pair(name, first="values", second="indices"):
    class Pair(namedtuple(name, [first, second])):
        __slots__ = ()

        def __repr__(self):
            return f"torch.return_types.{name}(\n{first}={self[0]!r},\n{second}={self[1]!r})"

    Pair.__name__ = Pair.__qualname__ = name
    return Pair


sort = _pair("sort")
topk = _pair("topk")
max = _pair("max")
min = _pair("min")
median = _pair("median")
cummax = _pair("cummax")
cummin = _pair("cummin")
aminmax = _pair("aminmax", "min", "max")
kthvalue = _pair("kthvalue")
mode = _pair("mode")
nanmedian = _pair("nanmedian")
frexp = _pair("frexp", "mantissa", "exponent")
slogdet = _pair("slogdet", "sign", "logabsdet")

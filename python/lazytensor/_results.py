"""The named pairs that sort, topk, max and min give, as in torch.return_types."""
# SPDX-License-Identifier: BSD-3-Clause
from typing import NamedTuple

from lazytensor import Tensor


def _text(self):
    names = ",\n".join(f"{name}={value!r}" for name, value in zip(self._fields, self))
    return f"torch.return_types.{type(self).__name__}(\n{names})"


class sort(NamedTuple):
    values: Tensor
    indices: Tensor


class topk(NamedTuple):
    values: Tensor
    indices: Tensor


class max(NamedTuple):
    values: Tensor
    indices: Tensor


class min(NamedTuple):
    values: Tensor
    indices: Tensor


class median(NamedTuple):
    values: Tensor
    indices: Tensor


class cummax(NamedTuple):
    values: Tensor
    indices: Tensor


class cummin(NamedTuple):
    values: Tensor
    indices: Tensor


class aminmax(NamedTuple):
    min: Tensor
    max: Tensor


class kthvalue(NamedTuple):
    values: Tensor
    indices: Tensor


class mode(NamedTuple):
    values: Tensor
    indices: Tensor


class nanmedian(NamedTuple):
    values: Tensor
    indices: Tensor


class frexp(NamedTuple):
    mantissa: Tensor
    exponent: Tensor


class slogdet(NamedTuple):
    sign: Tensor
    logabsdet: Tensor


for _pair in (sort, topk, max, min, median, cummax, cummin, aminmax, kthvalue, mode, nanmedian, frexp, slogdet):
    _pair.__repr__ = _text

"""In-place variants of functions that have none in the extension, and the transposes that conjugate."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import lazytensor as lt
from lazytensor import Tensor

from ._define import in_place, method


@method
def detach_(self) -> Tensor:
    """The tensor itself: there are no gradients to cut off."""
    return self


def _summing(name):
    """cumsum_ and cumprod_ keep the dtype, as integers would otherwise become int64."""
    f = getattr(lt._core, name)

    def written(self, dim, *, dtype=None):
        if dtype not in (None, self.dtype):
            raise lt.DtypeError(f"[{name}_] Bad in-place call: input tensor dtype {self.dtype} and output tensor dtype "
                                f"{dtype} should match")
        return self.copy_(f(self, dim, dtype=self.dtype))

    written.__name__, written.__doc__ = name + "_", f"{name}, written into this tensor in its dtype."
    method(written)


_summing("cumsum")
_summing("cumprod")


for _f in (Tensor.lerp, lt.clip, Tensor.deg2rad, Tensor.rad2deg, lt.heaviside, lt.logaddexp2):
    in_place(_f)


@method
def float_power_(self, exponent) -> Tensor:
    """float_power, written into this tensor: DtypeError unless it is float64 or complex128 as the result."""
    result = lt.float_power(self, exponent)
    if result.dtype != self.dtype:
        raise lt.DtypeError(f"[float_power_] the base given has dtype {self.dtype} but the operation's result "
                            f"requires dtype {result.dtype}")
    return self.copy_(result)


def _conjugated(name, matrices_only):
    def f(self):
        if self.ndim == 1 or (self.ndim > 2 and matrices_only):
            raise lt.ShapeError(f"[{name}] tensor.{name} is only supported on matrices. Got {self.ndim}-D tensor.")
        return lt.adjoint(self) if self.ndim else self

    setattr(Tensor, name, property(f, doc="Matrices transposed and conjugated. Refuses vectors."))


_conjugated("H", True)
_conjugated("mH", False)

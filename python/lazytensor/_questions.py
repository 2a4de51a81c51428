"""What can be asked about tensors and dtypes without computing anything."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import contextlib

import lazytensor as lt
from lazytensor import Tensor, dtype

from ._define import both, function, method


class device(str):
    """Where tensors are: device("cpu"), which is equal to "cpu". DeviceError for any other."""

    index = None

    def __new__(cls, type: str = "cpu", index: int | None = None) -> device:
        if type not in ("cpu", "cpu:0"):
            raise lt.DeviceError(f"[device] there is no device {str(type)!r}, only 'cpu'")
        return super().__new__(cls, "cpu")

    @property
    def type(self) -> str:
        """'cpu'."""
        return str(self)

    def __repr__(self) -> str:
        return "device(type='cpu')"


lt.device = device
device.__module__ = "lazytensor"
_CPU = device()
Tensor.device = property(lambda self: _CPU, doc="device('cpu').")


@function
def is_tensor(obj: object) -> bool:
    """True if the object is a Tensor."""
    return isinstance(obj, Tensor)


@function
def numel(input: Tensor) -> int:
    """The number of elements."""
    return input.numel()


@function
def is_floating_point(input: Tensor) -> bool:
    """True for real floating dtypes."""
    return input.dtype.is_floating_point


@function
def is_complex(input: Tensor) -> bool:
    """True for complex dtypes."""
    return input.dtype.is_complex


@both
def is_signed(input: Tensor) -> bool:
    """True for dtypes with negative numbers."""
    return input.dtype.is_signed


@both
def is_nonzero(input: Tensor) -> bool:
    """The truth of a one-element tensor. Computes."""
    return bool(input)


_KINDS = ("bool", "integer", "floating", "complex")


@function
def result_type(tensor1: Tensor | complex, tensor2: Tensor | complex) -> dtype:
    """The dtype that an operation of the two promotes to."""
    def small(x):
        return lt.zeros((1,) * min(x.ndim, 1), dtype=x.dtype) if is_tensor(x) else x

    first = small(tensor1) if is_tensor(tensor1) or is_tensor(tensor2) else lt.tensor(tensor1)
    return lt.add(first, small(tensor2)).dtype


@function
def can_cast(from_: dtype, to: dtype) -> bool:
    """True if PyTorch converts so by itself: never from a higher kind to a lower one."""
    return _KINDS.index(from_.kind) <= _KINDS.index(to.kind)


@both
def is_same_size(input: Tensor, other: Tensor) -> bool:
    """True if both have one shape."""
    return input.shape == other.shape


Tensor.data = property(lambda self: self, doc="The tensor itself: there are no gradients.")
Tensor.requires_grad = property(lambda self: False, doc="False: there are no gradients.")
Tensor.grad = property(lambda self: None, doc="None: there are no gradients.")
Tensor.is_cuda = property(lambda self: False, doc="False: tensors are in the processor's memory.")


@function
class no_grad(contextlib.ContextDecorator):
    """Does nothing, since there are no gradients: programs that say where they need none run as they are."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


@method
def cuda(self, device: object = None) -> Tensor:
    """DeviceError: tensors are in the processor's memory."""
    raise lt.DeviceError("[cuda] there is no device 'cuda', only 'cpu'")


@method
def detach(self) -> Tensor:
    """The tensor itself: there are no gradients to cut off."""
    return self

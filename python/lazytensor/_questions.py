"""What can be asked about tensors and dtypes without computing anything."""
# SPDX-License-Identifier: BSD-3-Clause
import lazytensor as lt
from lazytensor import Tensor

from ._define import both, function, method


@function
def is_tensor(obj):
    """True if the object is a Tensor."""
    return isinstance(obj, Tensor)


@function
def numel(input):
    """The number of elements."""
    return input.numel()


@function
def is_floating_point(input):
    """True for real floating dtypes."""
    return input.dtype.is_floating_point


@function
def is_complex(input):
    """True for complex dtypes."""
    return input.dtype.is_complex


@both
def is_signed(input):
    """True for dtypes with negative numbers."""
    return input.dtype.is_signed


@both
def is_nonzero(input):
    """The truth of a one-element tensor. Computes."""
    return bool(input)


_KINDS = ("bool", "integer", "floating", "complex")


@function
def result_type(tensor1, tensor2):
    """The dtype that an operation of the two promotes to."""
    def small(x):
        return lt.zeros((1,) * min(x.ndim, 1), dtype=x.dtype) if is_tensor(x) else x

    first = small(tensor1) if is_tensor(tensor1) or is_tensor(tensor2) else lt.tensor(tensor1)
    return lt.add(first, small(tensor2)).dtype


@function
def can_cast(from_, to):
    """True if PyTorch converts so by itself: never from a higher kind to a lower one."""
    return _KINDS.index(from_.kind) <= _KINDS.index(to.kind)


@both
def is_same_size(input, other):
    """True if both have one shape."""
    return input.shape == other.shape


@method
def detach(self):
    """The tensor itself: there are no gradients to cut off."""
    return self

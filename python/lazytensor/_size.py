"""Shapes as PyTorch shows them, and the number of elements that is also a method."""
# SPDX-License-Identifier: BSD-3-Clause
import math


class Size(tuple):
    """A shape: a tuple that prints as PyTorch's."""

    __slots__ = ()

    def __repr__(self):
        return f"torch.Size({list(self)})"

    def __getitem__(self, index):
        item = tuple.__getitem__(self, index)
        return Size(item) if isinstance(index, slice) else item

    def __add__(self, other):
        return Size(tuple.__add__(self, tuple(other)))

    def numel(self):
        """The number of elements."""
        return math.prod(self)


class ElementCount(int):
    """`t.size`: the number of elements as in NumPy; called, `t.size()` is PyTorch's shape."""

    def __new__(cls, shape):
        count = int.__new__(cls, math.prod(shape))
        count._shape = shape
        return count

    def __call__(self, dim=None):
        if dim is None:
            return self._shape
        if not -len(self._shape) <= dim < len(self._shape):
            raise IndexError(f"Dimension out of range (got {dim} for {len(self._shape)} dimensions)")
        return self._shape[dim]

    def __reduce__(self):
        return int, (int(self),)

"""Shapes as PyTorch shows them, and the number of elements that is also a method."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import math
from collections.abc import Iterable
from typing import SupportsIndex, overload


class Size(tuple[int, ...]):
    """A shape: a tuple that prints as PyTorch's."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    @overload
    def __getitem__(self, index: SupportsIndex) -> int: ...

    @overload
    def __getitem__(self, index: slice) -> Size: ...

    def __getitem__(self, index):
        item = tuple.__getitem__(self, index)
        return Size(item) if isinstance(index, slice) else item

    def __add__(self, other: Iterable[int]) -> Size:
        return Size(tuple.__add__(self, tuple(other)))

    def numel(self) -> int:
        """The number of elements."""
        return math.prod(self)


class ElementCount(int):
    """`t.size`: the number of elements as in NumPy; called, `t.size()` is PyTorch's shape."""

    _shape: Size

    def __new__(cls, shape: Size) -> ElementCount:
        count = int.__new__(cls, math.prod(shape))
        count._shape = shape
        return count

    @overload
    def __call__(self, dim: None = None) -> Size: ...

    @overload
    def __call__(self, dim: int) -> int: ...

    def __call__(self, dim=None):
        if dim is None:
            return self._shape
        if not -len(self._shape) <= dim < len(self._shape):
            raise IndexError(f"Dimension out of range (got {dim} for {len(self._shape)} dimensions)")
        return self._shape[dim]

    def __reduce__(self):
        return int, (int(self),)

"""Files by name, of which C++ takes care, and file objects, of which NumPy does."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os

import lazytensor as lt
from lazytensor import Tensor

from ._define import extended, function, operand

_core = lt._core


@function
class MissingFileError(lt.FormatError, FileNotFoundError):
    """A file that is not there."""


@extended
def load(path, mmap: bool = False) -> Tensor:
    """The tensor in a .npy file, or in an open binary file. mmap=True maps a file by name and reads nothing until it
    is needed: files larger than memory can be reduced. FormatError for what is malformed."""
    if hasattr(path, "read"):
        import numpy

        return lt.from_numpy(numpy.load(path, allow_pickle=False))
    try:
        return _core.load(path, mmap)
    except lt.FormatError as error:
        if os.path.exists(path):
            raise
        raise MissingFileError(str(error)) from None


@extended
def save(path, tensor) -> None:
    """Writes a .npy file that NumPy reads: to a temporary name first, then renamed; or into an open binary file.
    The arguments may come in PyTorch's order, the tensor first."""
    if isinstance(path, Tensor):
        path, tensor = tensor, path
    if hasattr(path, "write"):
        import numpy

        numpy.save(path, operand(tensor).numpy())
    else:
        _core.save(path, operand(tensor))

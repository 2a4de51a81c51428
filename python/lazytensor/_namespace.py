"""What the array API standard asks of the tensor itself, and lt.array_api imported when it is asked for."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import importlib
import types

from lazytensor import Tensor

VERSIONS = ("2021.12", "2022.12", "2023.12", "2024.12")


def namespace():
    """lazytensor.array_api."""
    return importlib.import_module("lazytensor.array_api")


def array_namespace(self, /, *, api_version: str | None = None) -> types.ModuleType:
    """The namespace of the array API standard that works on tensors: lazytensor.array_api."""
    if api_version is not None and api_version not in VERSIONS:
        raise ValueError(f"__array_namespace__: version {api_version!r} is not supported, only 2024.12")
    return namespace()


def to_device(self, device: str, /, *, stream: object = None) -> Tensor:
    """The tensor itself: 'cpu' is the one device. ValueError for any other."""
    if device != "cpu":
        raise ValueError(f"to_device: there is no device {device!r}, only 'cpu'")
    if stream is not None:
        raise ValueError("to_device: the CPU has no streams: stream must be None")
    return self


def install(tensor_class):
    """Adds them to the tensor class."""
    tensor_class.__array_namespace__ = array_namespace
    tensor_class.to_device = to_device

"""What the namespace can do: __array_namespace_info__."""
# SPDX-License-Identifier: BSD-3-Clause
from .. import _core as lt
from . import _devices
from ._dtypes import KINDS, NAMES


class Info:
    """The inspection functions of the standard."""

    __module__ = "lazytensor.array_api"

    def capabilities(self):
        """Which optional parts of the standard there are."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self):
        """Where tensors are made that name no device."""
        return _devices.CPU

    def devices(self):
        """All devices."""
        return [_devices.CPU]

    def default_dtypes(self, *, device=None):
        """What Python numbers and indices become."""
        _devices.check(device)
        real = lt.get_default_dtype()
        return {
            "real floating": real,
            "complex floating": lt.promote_types(real, lt.complex64),
            "integral": lt.int64,
            "indexing": lt.int64,
        }

    def dtypes(self, *, device=None, kind=None):
        """The standard's dtypes by name: all, of a kind, or of several kinds."""
        _devices.check(device)
        if kind is None:
            names = NAMES
        else:
            kinds = kind if isinstance(kind, tuple) else (kind,)
            for k in kinds:
                if k not in KINDS:
                    raise ValueError(f"dtypes: unknown kind {k!r}, expected one of {', '.join(KINDS)}")
            names = [name for k in kinds for name in KINDS[k]]
        return {name: getattr(lt, name) for name in names}


def __array_namespace_info__() -> Info:
    """The inspection functions: capabilities, devices, default_device, dtypes, default_dtypes."""
    return Info()

"""The one device there is."""
# SPDX-License-Identifier: BSD-3-Clause

CPU = "cpu"


def check(device):
    """Raises ValueError for any device but the CPU; None is the default, the CPU."""
    if device is not None and device != CPU:
        raise ValueError(f"there is no device {device!r}, only {CPU!r}")

"""How axes are given: one integer, several, or None for all."""
# SPDX-License-Identifier: BSD-3-Clause


def wrapped(axis, ndim):
    """The axis counted from the front. IndexError outside [-ndim, ndim)."""
    if not -ndim <= axis < ndim:
        raise IndexError(f"axis {axis} is out of range for {ndim} dimensions")
    return axis % ndim


def several(axis, ndim):
    """The axes as a tuple, counted from the front; None is all of them. ValueError for one given twice."""
    if axis is None:
        return tuple(range(ndim))
    if isinstance(axis, int):
        return (wrapped(axis, ndim),)
    axes = tuple(wrapped(a, ndim) for a in axis)
    if len(set(axes)) != len(axes):
        raise ValueError(f"an axis is given twice: {axis}")
    return axes


def flat_unless(x, axis):
    """x and the axis to work along; without one, x flattened."""
    return (x.reshape(-1), 0) if axis is None else (x, wrapped(axis, x.ndim))

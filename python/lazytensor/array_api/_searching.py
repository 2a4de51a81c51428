"""Searching, sorting, and the functions on sets."""
# SPDX-License-Identifier: BSD-3-Clause
from .. import _core as lt
from ._axes import several
from ._dtypes import result_type
from ._indexing import take
from ._results import unique_all_result, unique_counts_result, unique_inverse_result


def argmax(x, /, *, axis=None, keepdims=False) -> lt.Tensor:
    """The index of the first largest element."""
    return lt.argmax(x, axis, keepdims)


def argmin(x, /, *, axis=None, keepdims=False) -> lt.Tensor:
    """The index of the first smallest element."""
    return lt.argmin(x, axis, keepdims)


def count_nonzero(x, /, *, axis=None, keepdims=False) -> lt.Tensor:
    """How many elements are not zero."""
    axes = several(axis, x.ndim)
    return lt.count_nonzero(x, axes, keepdims) if axes else (x != 0).to(lt.int64)


def nonzero(x, /) -> tuple[lt.Tensor, ...]:
    """The indices of the elements that are not zero, a tensor per dimension. Computes."""
    if x.ndim == 0:
        raise ValueError("nonzero: x must have a dimension")
    return lt.nonzero(x, as_tuple=True)


def searchsorted(x1, x2, /, *, side="left", sorter=None) -> lt.Tensor:
    """Where each element of x2 would go into the sorted x1, or into x1 in the order of sorter."""
    if sorter is not None:
        x1 = take(x1, sorter)
    dtype = result_type(x1, x2)
    return lt.searchsorted(x1.to(dtype), x2.to(dtype), side=side)


def argsort(x, /, *, axis=-1, descending=False, stable=True) -> lt.Tensor:
    """The indices that sort along an axis, stable."""
    return lt.argsort(x, axis, descending)


def sort(x, /, *, axis=-1, descending=False, stable=True) -> lt.Tensor:
    """The elements in order along an axis."""
    return lt.sort(x, axis, descending).values


def _order(flat):
    """The stable order of a vector; complex numbers by real part, then by imaginary part."""
    if not flat.dtype.is_complex:
        return lt.argsort(flat, 0)
    by_second = lt.argsort(lt.imag(flat), 0)
    return lt.take(by_second, lt.argsort(lt.take(lt.real(flat), by_second), 0))


def _sorted_and_starts(flat):
    """A vector's stable order, its elements in that order, and where a new value begins.

    NaN differs from NaN, and -0 equals 0, as the standard wants.
    """
    order = _order(flat)
    ordered = lt.take(flat, order)
    first = lt.ones(min(flat.shape[0], 1), dtype=lt.bool)
    return order, ordered, lt.cat([first, ordered[1:] != ordered[:-1]])


def unique_all(x, /) -> unique_all_result:
    """The distinct values, where each is first, which one each element is, and how many there are of each.

    Computes, since their number depends on the data. Every NaN is a value of its own.
    """
    flat = x.reshape(-1)
    order, ordered, starts = _sorted_and_starts(flat)
    places = lt.nonzero(starts, as_tuple=True)[0]
    size = flat.shape[0]
    ends = lt.cat([places[1:], lt.tensor([size])]) if size else places
    rank = lt.cumsum(starts, 0) - 1
    inverse = lt.reshape(lt.scatter(lt.zeros_like(rank), 0, order, rank), x.shape)
    return unique_all_result(lt.take(ordered, places), lt.take(order, places), inverse, ends - places)


def unique_counts(x, /) -> unique_counts_result:
    """The distinct values and how many there are of each."""
    values, _, _, counts = unique_all(x)
    return unique_counts_result(values, counts)


def unique_inverse(x, /) -> unique_inverse_result:
    """The distinct values and which one each element is."""
    values, _, inverse, _ = unique_all(x)
    return unique_inverse_result(values, inverse)


def unique_values(x, /) -> lt.Tensor:
    """The distinct values in ascending order."""
    _, ordered, starts = _sorted_and_starts(x.reshape(-1))
    return lt.masked_select(ordered, starts)

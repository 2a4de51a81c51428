"""einsum: sums of products by named dimensions, through matrix products and fused broadcast products."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

#
# A label is a number, A-Z before a-z, or (-k,) for the k-th last dimension of the ellipsis.
import functools
import math

import lazytensor as lt
from lazytensor import Tensor

from ._define import function


def _wrong(what):
    return lt.ShapeError(f"[einsum] einsum(): {what}")


def _number(letter):
    if not (letter.isascii() and letter.isalpha()):
        raise _wrong(f"invalid subscript {letter!r} given, subscripts must be in [a-zA-Z]")
    return ord(letter) - (ord("A") if letter.isupper() else ord("a") - 26)


@functools.lru_cache
def _parsed(text):
    """The labels of one operand, the ellipsis as Ellipsis."""
    first, *rest = text.replace(" ", "").split("...")
    if len(rest) > 1:
        raise _wrong("found '.' for an operand for which an ellipsis was already found")
    if any("." in part for part in (first, *rest)):
        raise _wrong("found '.' that is not part of any ellipsis")
    after = [Ellipsis, *map(_number, rest[0])] if rest else []
    return (*map(_number, first), *after)


def _arguments(args):
    """Operands, the labels of each, and those of the result or None."""
    if len(args) < 2:
        raise ValueError("einsum(): must specify the equation string and at least one operand, "
                         "or at least one operand and its subscripts list")
    if isinstance(args[0], str):
        equation, *operands = args
        if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
            operands = list(operands[0])
        left, arrow, right = equation.partition("->")
        return operands, [_parsed(part) for part in left.split(",")], _parsed(right) if arrow else None
    inputs = [list(labels) for labels in args[1::2]]
    for label in (label for labels in [*inputs, args[-1] if len(args) % 2 else []] for label in labels):
        if label is not Ellipsis and not 0 <= label < 52:
            raise _wrong(f"subscript {label} is not within the valid range [0, 52)")
    return list(args[0:len(args) - 1:2]), inputs, list(args[-1]) if len(args) % 2 else None


def _named(x, labels, place):
    """An operand with one label for each dimension: the ellipsis spelled out, repeated labels made diagonals."""
    missing = x.ndim - len([label for label in labels if label is not Ellipsis])
    if missing < 0 or (missing > 0 and Ellipsis not in labels):
        raise _wrong(f"the number of subscripts in the equation does not match the number of dimensions ({x.ndim}) "
                     f"for operand {place}")
    if Ellipsis in labels:
        at = labels.index(Ellipsis)
        labels = [*labels[:at], *((k - missing,) for k in range(missing)), *labels[at + 1:]]
    labels = list(labels)
    for label in set(labels) if len(set(labels)) < len(labels) else ():
        while labels.count(label) > 1:
            first = labels.index(label)
            second = labels.index(label, first + 1)
            if x.shape[first] != x.shape[second]:
                raise _wrong(f"a subscript is repeated for operand {place} but the sizes don't match, "
                             f"{x.shape[second]} != {x.shape[first]}")
            x = x.diagonal(0, first, second)
            labels = [name for d, name in enumerate(labels) if d not in (first, second)] + [label]
    return x, labels


def _sizes(operands):
    sizes = {}
    for place, (x, labels) in enumerate(operands):
        for label, size in zip(labels, x.shape):
            seen = sizes.setdefault(label, size)
            if seen == 1:
                sizes[label] = size
            elif size not in (1, seen):
                raise _wrong(f"a subscript has size {size} for operand {place} which does not broadcast with "
                             f"previously seen size {seen}")
    return sizes


def _output(given, inputs, operands):
    """The labels of the result: those that occur once, in order, unless they are given."""
    all_labels = {label for _, labels in operands for label in labels}
    ellipsis = sorted(label for label in all_labels if isinstance(label, tuple))
    if given is None:
        counted = [label for labels in inputs for label in labels if label is not Ellipsis]
        return ellipsis + sorted(label for label in counted if counted.count(label) == 1)
    for label in given:
        if label is not Ellipsis and label not in all_labels:
            raise _wrong("an output subscript does not appear in the equation for any input operand")
        if given.count(label) > 1:
            raise _wrong("an output subscript appears more than once in the output")
    return [each for label in given for each in (ellipsis if label is Ellipsis else [label])]


def _first(x, labels, gone):
    """The first of what some labels number."""
    if gone.isdisjoint(labels):
        return x, labels
    return x[tuple(0 if label in gone else slice(None) for label in labels)], [n for n in labels if n not in gone]


def _summed(x, labels, kept):
    """Sums over the labels that nothing else needs."""
    gone = tuple(d for d, label in enumerate(labels) if label not in kept)
    return x.sum(gone) if gone else x, [label for label in labels if label in kept]


def _arranged(x, labels, order):
    """Dimensions in the order of labels, those it lacks of size 1."""
    if labels == order:
        return x
    x = x.permute([labels.index(label) for label in order if label in labels])
    return x[tuple(slice(None) if label in labels else None for label in order)]


def _product(a, b, kept, sizes):
    """Two operands as one, summed over the labels of both that are not kept."""
    dtype = a[0].dtype
    a, b = (_first(x, labels, {n for n in labels if sizes[n] == 1 and n not in kept}) for x, labels in (a, b))
    (x, left), (y, right) = (_summed(t, labels, kept | set(others)) for (t, labels), (_, others) in ((a, b), (b, a)))
    both = [label for label in left if label in right]
    batch, inner = [label for label in both if label in kept], [label for label in both if label not in kept]
    rows, columns = [label for label in left if label not in both], [label for label in right if label not in both]
    result = batch + rows + columns
    if inner and dtype == lt.bool:
        raise lt.DtypeError("[einsum] products are not summed for bool")
    if not inner or not (rows or columns):
        order = result + inner
        x = _arranged(x, left, order) * _arranged(y, right, order)
        # Sums of products keep the dtype, as matrix products do.
        return (x.sum(tuple(range(len(result), len(order)))).to(dtype) if inner else x), result
    b, r, i, c = (math.prod(sizes[label] for label in group) for group in (batch, rows, inner, columns))
    x, y = _arranged(x, left, batch + rows + inner), _arranged(y, right, batch + inner + columns)
    if len(batch) == 0 and len(rows) == len(inner) == len(columns) == 1:
        return x.to(dtype).matmul(y.to(dtype)), result
    product = x.reshape(b, r, i).to(dtype).matmul(y.reshape(b, i, c).to(dtype))
    return product.reshape([sizes[label] for label in result]), result


@function
def einsum(*args) -> Tensor:
    """Sums of products by an equation as "ij,jk->ik" or lists of labels. Refuses operands of several dtypes."""
    operands, inputs, output = _arguments(args)
    if len(operands) != len(inputs):
        raise _wrong(f"{'fewer' if len(operands) < len(inputs) else 'more'} operands were provided than specified")
    if not all(isinstance(x, Tensor) for x in operands):
        raise TypeError("einsum(): operands must be tensors")
    if any(x.dtype != operands[0].dtype for x in operands):
        raise lt.DtypeError(f"[einsum] operands must have one dtype, but got {[x.dtype for x in operands]}")
    named = [_named(x, labels, place) for place, (x, labels) in enumerate(zip(operands, inputs))]
    sizes, output = _sizes(named), _output(output, inputs, named)
    # What broadcasts along a label has no need of it.
    named = [_first(x, labels, {label for label, size in zip(labels, x.shape) if size != sizes[label]})
             for x, labels in named]
    current, *rest = named
    for place, following in enumerate(rest):
        kept = set(output).union(*(labels for _, labels in rest[place + 1:]))
        current = _product(current, following, kept, sizes)
    x, labels = _summed(*current, set(output))
    # Never an operand itself, whose shape methods as unsqueeze_ change.
    return x if labels == output and all(x is not y for y in operands) else x.permute([labels.index(label) for label in output])

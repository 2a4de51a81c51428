"""Writes in place: views and pending readers, against NumPy as the eager reference."""
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import lazytensor as lt


def test_a_pending_reader_keeps_the_value_it_was_made_of():
    x = lt.ones(3)
    y = x + 1
    x += 10
    z = x * 2
    x.zero_()
    assert (y.tolist(), z.tolist(), x.tolist()) == ([2] * 3, [22] * 3, [0] * 3)


def test_in_place_operations_give_the_same_object():
    x = lt.ones(3)
    y = x
    for result in (x.add_(1), x.mul_(2), x.copy_(lt.zeros(3)), x.fill_(4), x.zero_(), x.clamp_(0, 1),
                   x.masked_fill_(x > 0, 1), x.sqrt_(), x.eval(), x.uniform_(), x.normal_(), x.clamp_min_(0)):
        assert result is x
    x += 1
    assert x is y


def test_names_alias_and_clones_do_not():
    x = lt.zeros(2)
    same, copy, view = x, x.clone(), x.view(2, 1)
    x[0] = 5
    assert same.tolist() == [5, 0] and copy.tolist() == [0, 0] and view.tolist() == [[5], [0]]


@pytest.mark.parametrize("method", ["flatten", "ravel", "contiguous", "squeeze", "cpu", "detach", "float",
                                    "t", "clone", "neg", "sort", "unbind", "double"])
def test_what_shares_and_what_copies_is_pytorchs(method, torch):
    ours, theirs = lt.zeros(2, 3), torch.zeros(2, 3)
    a, b = getattr(ours, method)(), getattr(theirs, method)()
    if isinstance(a, tuple):
        a, b = a[0], b[0]
    a += 1
    b += 1
    assert a.tolist() == b.tolist() and ours.tolist() == theirs.tolist()


def test_wrong_writes_leave_everything_as_it_was():
    x = lt.ones(2, dtype=lt.int32)
    for write in (lambda: x.add_(1.5), lambda: x.copy_(lt.ones(3)), lambda: x.add_(lt.ones(3, 2)),
                  lambda: x.sqrt_(), lambda: x.div_(2), lambda: x.fill_("a"), lambda: x.mul_(1j)):
        with pytest.raises((TypeError, RuntimeError)):
            write()
    assert x.tolist() == [1, 1] and x.dtype is lt.int32


def test_overlapping_copies():
    for make in (lambda: lt.arange(6.0), lambda: lt.arange(6.0).eval(),
                 lambda: lt.from_numpy(np.arange(6.0, dtype=np.float32))):
        x = make()
        x[1:] = x[:-1]
        assert x.tolist() == [0, 0, 1, 2, 3, 4]
        x[...] = x.flip(0)
        assert x.tolist() == [4, 3, 2, 1, 0, 0]
        m = make().reshape(2, 3)
        m[:, :2] = m[:, 1:]
        assert m.tolist() == [[1, 2, 2], [4, 5, 5]]
    square = lt.arange(9).reshape(3, 3)
    square[...] = square.T
    assert square.tolist() == [[0, 3, 6], [1, 4, 7], [2, 5, 8]]


class Pair:
    """A tensor and the array that it must equal."""

    def __init__(self, tensor, array):
        self.tensor, self.array = tensor, array


views = st.sampled_from([
    lambda x: x, lambda x: x[1:], lambda x: x[:, ::-1],
    lambda x: x[..., ::2], lambda x: x[0], lambda x: x.T, lambda x: x[-1, 1:], lambda x: x[None],
    lambda x: x[:, 1], lambda x: x[2:2],
])
updates = st.sampled_from([
    "fill", "add", "scale", "copy", "mask", "pick", "self", "reader", "export", "eval", "check", "replace",
])


@settings(max_examples=300)
@given(st.data(), st.booleans())
def test_random_programs(data, shared):
    """Views, writes through them, pending readers, exports: always NumPy's values."""
    array = np.arange(12, dtype=np.float64).reshape(3, 4)
    base = Pair((lt.from_numpy if shared else lt.tensor)(array.copy()), array)
    alive, readers, exports = [base], [], []
    for _ in range(data.draw(st.integers(1, 12))):
        target = data.draw(st.sampled_from(alive))
        t, a = target.tensor, target.array
        what = data.draw(updates)
        if what == "fill":
            a[...] = t[...] = data.draw(st.integers(-9, 9))
        elif what == "add":
            t += 1
            a += 1
        elif what == "scale":
            t *= 0.5
            a *= 0.5
        elif what == "copy":
            row = np.arange(a.shape[-1], dtype=np.float64)
            t.copy_(lt.tensor(row))
            a[...] = row
        elif what == "mask":
            t[t > 3] = -1
            a[a > 3] = -1
        elif what == "pick" and a.shape[0]:
            t[[0, -1]] = 7
            a[[0, -1]] = 7
        elif what == "self":
            t[...] = t.flip(0) + t
            a[...] = np.flip(a, 0) + a
        elif what == "reader":
            readers.append((t * 2 + base.tensor.sum(), a * 2 + base.array.sum()))
        elif what == "export":
            exports.append((t.numpy(), a))
        elif what == "eval":
            t.eval()
        elif what == "check":
            np.testing.assert_array_equal(t.numpy(), a)
        elif what == "replace" and a.ndim == 2:
            view = data.draw(views)
            try:
                alive.append(Pair(view(t), view(a)))
            except IndexError:
                pass
    for tensor, array in [(p.tensor, p.array) for p in alive] + readers:
        np.testing.assert_array_equal(tensor.numpy(), array)
    for exported, array in exports:
        np.testing.assert_array_equal(exported, array)


SECOND_HANDS = {
    "tensor": lt.tensor, "Tensor": lt.Tensor, "new_tensor": lambda x: x.new_tensor(x), "clone": lt.clone,
    "copy_": lambda x: lt.zeros(2).copy_(x), "assigned": lambda x: lt.zeros(2).masked_fill_(x > 0, 1).copy_(x),
    "roll": lambda x: x.roll(0, 0), "flip": lambda x: x[:, None].flip(1)[:, 0], "repeat": lambda x: x.repeat(1),
    "tile": lambda x: x.tile(1), "cat": lambda x: lt.cat([x]), "nan_to_num": lambda x: x.nan_to_num(),
    "diff": lambda x: lt.diff(x, n=0), "repeat_interleave": lambda x: x.repeat_interleave(1),
}


@pytest.mark.parametrize("name", SECOND_HANDS)
@pytest.mark.parametrize("order", ["export first", "copy first", "both computed"])
@pytest.mark.parametrize("pending", [False, True])
def test_copies_stay_apart_from_what_the_outside_sees(name, order, pending):
    x = lt.tensor([1.0, 2.0])
    if pending:
        x = x * 1
    if order == "export first":
        seen = x.numpy()
        y = SECOND_HANDS[name](x)
    else:
        y = SECOND_HANDS[name](x)
        if order == "both computed":
            lt.eval(x, y)
        seen = x.numpy()
    y[:1].copy_(lt.tensor([7.0]))
    assert (seen.tolist(), x.tolist(), y.tolist()) == ([1, 2], [1, 2], [7, 2])
    x += 1
    assert (seen.tolist(), y.tolist()) == ([2, 3], [7, 2])

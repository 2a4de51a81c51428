"""Random indices and assignments compared with NumPy's; and what is refused."""
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np
import pytest
from hypothesis import given, strategies as st

import lazytensor as lt

shapes = st.lists(st.integers(0, 4), max_size=4).map(tuple)


def numbered(shape, dtype=np.int64):
    return np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)


def made_lazily(array):
    """A pending tensor of the array's values: nothing is in memory yet."""
    return (lt.tensor(array) + 1) - 1


@st.composite
def slices(draw, size):
    bound = st.none() | st.integers(-size - 2, size + 2)
    return slice(draw(bound), draw(bound), draw(st.none() | st.sampled_from([-3, -2, -1, 1, 2, 3])))


@st.composite
def basic_index(draw, shape):
    """Integers, slices, None and at most one ellipsis."""
    items, ellipsis = [], draw(st.booleans())
    covered = draw(st.integers(0, len(shape)))
    from_end = draw(st.integers(0, covered)) if ellipsis else 0
    dims = [*range(covered - from_end), *range(len(shape) - from_end, len(shape))]
    for k, d in enumerate(dims):
        if ellipsis and k == covered - from_end:
            items.append(...)
        if draw(st.integers(0, 5)) == 0:
            items.append(None)
        size = shape[d]
        if size and draw(st.booleans()):
            items.append(draw(st.integers(-size, size - 1)))
        else:
            items.append(draw(slices(size)))
    if ellipsis and ... not in items:
        items.append(...)
    return tuple(items)


@st.composite
def advanced_index(draw, shape):
    """Slices, and integer arrays of one shape or masks in some places."""
    common = draw(st.sampled_from([(), (1,), (2,), (3, 2), (0,)]))
    items, d = [], 0
    arrays = 0
    while d < len(shape):
        size = shape[d]
        what = draw(st.sampled_from(["slice", "array", "mask", "end"]))
        if what == "end":
            break
        if what == "array" and arrays < 2 and (size or common == (0,)):
            low, high = (-size, size - 1) if size else (0, 0)
            n = int(np.prod(common))
            values = draw(st.lists(st.integers(low, high), min_size=n, max_size=n))
            items.append(np.array(values, dtype=np.int64).reshape(common))
            arrays += 1
        elif what == "mask" and arrays == 0:
            over = draw(st.integers(1, len(shape) - d))
            n = int(np.prod(shape[d:d + over], dtype=int))
            values = draw(st.lists(st.booleans(), min_size=n, max_size=n))
            items.append(np.array(values, dtype=bool).reshape(shape[d:d + over]))
            arrays += 2  # nothing beside a mask: its length would have to fit
            d += over
            continue
        else:
            items.append(draw(slices(size)))
        d += 1
    return tuple(items)


def as_lazy(index, wrap):
    return tuple(wrap(i) if isinstance(i, np.ndarray) else i for i in index)


@given(st.data(), shapes)
def test_basic_reading(data, shape):
    array = numbered(shape)
    index = data.draw(basic_index(shape))
    for tensor in (lt.tensor(array), made_lazily(array)):
        found = tensor[index]
        np.testing.assert_array_equal(found.numpy(), array[index])
        assert tuple(found.shape) == array[index].shape


@given(st.data(), shapes)
def test_views_of_views_of_pending_tensors(data, shape):
    array = numbered(shape)
    tensor = made_lazily(array)
    for _ in range(3):
        index = data.draw(basic_index(array.shape))
        array, tensor = array[index], tensor[index]
    np.testing.assert_array_equal((tensor * 2 + tensor).numpy(), np.asarray(array * 3))
    np.testing.assert_array_equal(lt.stack([-tensor, tensor]).numpy(), np.stack([-array, array]))


@given(st.data(), shapes)
def test_basic_writing(data, shape):
    array = numbered(shape)
    tensor = made_lazily(array)
    array = array.copy()
    reader = tensor + 0
    before = array.copy()
    for _ in range(3):
        index = data.draw(basic_index(shape))
        if data.draw(st.booleans()):
            array[index] = tensor[index] = -7
        else:
            value = np.full(array[index].shape[-1:], 5)
            array[index] = value
            tensor[index] = value if data.draw(st.booleans()) else lt.tensor(value)
    np.testing.assert_array_equal(tensor.numpy(), array)
    np.testing.assert_array_equal(reader.numpy(), before)


@given(st.data(), shapes, st.sampled_from([lt.tensor, lambda a: a, lambda a: made_lazily(a) if a.dtype != bool
                                           else lt.tensor(a)]))
def test_advanced_reading(data, shape, wrap):
    array = numbered(shape, np.float32)
    index = data.draw(advanced_index(shape))
    found = made_lazily(array)[as_lazy(index, wrap)]
    np.testing.assert_array_equal(found.numpy(), array[index])


@given(st.data(), shapes)
def test_advanced_writing(data, shape):
    array = numbered(shape)
    index = data.draw(advanced_index(shape))
    tensor = made_lazily(array)
    old = tensor.clone()
    array[index] = -1
    tensor[as_lazy(index, lt.tensor)] = -1
    np.testing.assert_array_equal(tensor.numpy(), array)
    assert old.numel() == 0 or (old >= 0).all()


@given(st.data(), shapes)
def test_advanced_index_of_a_pending_view(data, shape):
    array = numbered(shape, np.float32)
    first = data.draw(basic_index(shape))
    view = made_lazily(array)[first]
    index = data.draw(advanced_index(array[first].shape))
    np.testing.assert_array_equal(view[as_lazy(index, lt.tensor)].numpy(), array[first][index])


def test_a_written_view_is_seen_by_its_base():
    base = lt.zeros(3, 4)
    view = base[1:, ::2]
    view[...] = lt.tensor([1.0, 2.0])
    view += 10
    assert base.tolist() == [[0, 0, 0, 0], [11, 0, 12, 0], [11, 0, 12, 0]]
    base[2, 2] = -1
    assert view.tolist() == [[11, 12], [11, -1]]


def test_repeated_indices_read_and_write():
    x = lt.zeros(3)
    x[[0, 0, 2]] = lt.tensor([1.0, 2.0, 3.0])
    assert x.tolist()[2] == 3 and x.tolist()[0] in (1, 2)
    x[[True, False, False]] += 5
    assert x.tolist()[0] in (6, 7)


@pytest.mark.parametrize("index", [3, -4, (0, 0, 0), (0, 2), [3], [-4], "a", 1.0, (0, "a"), (..., ...),
                                   [[True, False]], 2**70, object()])
def test_refused(index):
    x = lt.zeros(3, 2)
    with pytest.raises((IndexError, TypeError)):
        x[index].eval()
    with pytest.raises((IndexError, TypeError)):
        x[index] = 1
    assert lt.equal(x, lt.zeros(3, 2))


def test_refused_values():
    x = lt.zeros(3, 2)
    for value in ([1, 2, 3], lt.zeros(4), "text", None, object(), 1j, {}):
        with pytest.raises((TypeError, ValueError, RuntimeError)):
            x[...] = value
    with pytest.raises(ValueError):
        x[::0]
    with pytest.raises((TypeError, AttributeError)):
        del x[0]
    assert x.tolist() == [[0, 0]] * 3


def test_numbers_of_numpy_and_tensors_as_indices():
    x = lt.arange(12).reshape(3, 4)
    assert x[np.int64(1), lt.tensor(2)].item() == 6
    assert x[lt.tensor(1):lt.tensor(3), np.uint8(0)].tolist() == [4, 8]
    assert [0, 1, 2][lt.tensor(2)] == 2
    assert x[True].shape == (1, 3, 4) and x[False].shape == (0, 3, 4)


def test_floats_beside_float64_are_not_rounded_to_float32():
    x = lt.zeros(3, dtype=lt.float64)
    x[:] = [0.1, 0.2, 0.3]
    assert x.tolist() == [0.1, 0.2, 0.3]
    x[[0, 1]] = [0.5, 0.7]
    assert x.tolist() == [0.5, 0.7, 0.3]
    assert x.masked_fill(x > 0.6, 1e300).tolist() == [0.5, 1e300, 0.3]
    assert x.scatter(0, lt.tensor([0]), 0.1).tolist() == [0.1, 0.7, 0.3]
    assert lt.lerp(x * 0, x * 0 + 1, 0.3).tolist() == [0.3] * 3
    row = lt.tensor([0.1, 0.2], dtype=lt.float64)
    assert lt.searchsorted(row, 0.1).item() == 0
    assert lt.isin(row, 0.1).tolist() == [True, False]
    assert lt.isin(0.2, row).item()
    assert x.copy_(0.1).tolist() == [0.1] * 3


def test_two_ellipses_and_a_truth_value():
    x = lt.arange(24).reshape(2, 3, 4)
    for index in [(..., ..., True), (..., None, ..., True), (..., [0], None, ..., True)]:
        with pytest.raises(IndexError):
            x[index]
    assert x[..., True].shape == (2, 3, 4, 1)
    assert x[True].shape == (1, 2, 3, 4)


@pytest.mark.parametrize("shape", [(6,), (1, 6), (1, 1, 6), (1,), (1, 1, 1, 1)])
def test_leading_dimensions_of_size_one_may_be_too_many(shape):
    source = np.arange(1, 1 + np.prod(shape)).reshape(shape)
    want = np.broadcast_to(source.reshape(-1), 6)
    for index in (lambda x: x == 0, lambda x: ([0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2])):
        x = lt.zeros(2, 3, dtype=lt.int64)
        x[index(x)] = lt.tensor(source)
        np.testing.assert_array_equal(x.flatten().numpy(), want)
    with pytest.raises(lt.ShapeError):
        x[x > 0] = lt.ones(2, 6, dtype=lt.int64)
    with pytest.raises(lt.ShapeError):
        x.copy_(lt.ones(1, 2, 3))

"""Arrays in and out: shared memory, its lifetime, and what is refused."""
# SPDX-License-Identifier: BSD-3-Clause
import gc
import weakref

import numpy as np
import pytest
from hypothesis import given, strategies as st

import lazytensor as lt

DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64", "float16",
          "float32", "float64", "complex64", "complex128"]


# Sharing.

@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_both_ways(dtype):
    array = np.array([[0, 1, 2], [3, 4, 5]]).astype(dtype)
    tensor = lt.from_numpy(array)
    assert tensor.dtype is getattr(lt, dtype) and tuple(tensor.shape) == (2, 3)
    back = tensor.numpy()
    assert back.dtype == array.dtype and np.shares_memory(back, array)
    array[0, 0] = 1
    assert tensor[0, 0].item() == 1
    tensor[1, 1] = 0
    assert array[1, 1] == 0 and back[1, 1] == 0
    for copied in (np.array(tensor), np.asarray(tensor, dtype=array.dtype, copy=True), tensor.clone().numpy(),
                   lt.tensor(array).numpy(), np.asarray(memoryview(tensor)).copy()):
        assert copied.dtype == array.dtype and not np.shares_memory(copied, array)
        np.testing.assert_array_equal(copied, array)


@pytest.mark.parametrize("view", [lambda a: a[::-1], lambda a: a[:, ::-2], lambda a: a.T, lambda a: a[1:, 1],
                                  lambda a: a[:0], lambda a: a[:, None], lambda a: a[2, 2],
                                  lambda a: np.broadcast_to(a[0], (3, 4)), lambda a: np.asfortranarray(a)])
def test_layouts(view):
    array = view(np.arange(12.0).reshape(3, 4))
    array = np.asarray(array)
    for tensor in (lt.as_tensor(array), lt.tensor(array)):
        np.testing.assert_array_equal(tensor.numpy(), array)
        np.testing.assert_array_equal((tensor + tensor).numpy(), array + array)
        assert tensor.sum().item() == array.sum()
        np.testing.assert_array_equal(tensor.flatten().numpy(), array.flatten())
    if array.size and array.flags.writeable:
        tensor = lt.from_numpy(array)
        tensor.add_(1)
        assert np.shares_memory(tensor.numpy(), array)
        np.testing.assert_array_equal(tensor.numpy(), array)


def test_a_pending_write_reaches_the_array_at_once():
    array = np.zeros(3)
    tensor = lt.from_numpy(array)
    tensor += 1
    tensor[1] = 7
    tensor[tensor > 5] = 8
    assert array.tolist() == [1, 8, 1]


def test_a_reader_sees_the_array_as_it_was():
    array = np.zeros(3)
    tensor = lt.from_numpy(array)
    reader = tensor + 1
    tensor += 10
    assert reader.tolist() == [1, 1, 1]


def test_arrays_beside_operators_are_read_when_the_expression_is_written():
    array = np.ones(3)
    total = lt.zeros(3) + array
    joined = lt.cat([lt.zeros(1), array])
    array[:] = 5
    assert total.tolist() == [1, 1, 1] and joined.tolist() == [0, 1, 1, 1]


# Lifetimes: whoever lives longest keeps the memory.

def test_the_array_lives_as_long_as_a_tensor_of_it():
    class Array(np.ndarray):
        pass

    array = np.arange(1000.0).view(Array)
    gone = weakref.ref(array)
    tensor = lt.from_numpy(array)
    view, pending = tensor[10:20], tensor * 2
    del array, tensor
    gc.collect()
    assert gone() is not None
    assert view.tolist()[0] == 10 and pending[999].item() == 1998
    del view, pending
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("leave", [lambda t: t.numpy(), np.asarray, memoryview,
                                   lambda t: np.from_dlpack(t), lambda t: t[1:].numpy()[::2]])
def test_the_memory_lives_as_long_as_an_array_of_it(leave):
    tensor = lt.arange(100000.0)
    array = leave(tensor)
    wanted = np.array(array)
    del tensor
    gc.collect()
    junk = [lt.zeros(100000).eval() for _ in range(5)]
    np.testing.assert_array_equal(np.asarray(array), wanted)
    del junk


def test_array_interface_stays_valid_while_the_tensor_lives():
    class Holder:
        def __init__(self, tensor):
            self.tensor, self.__array_interface__ = tensor, tensor.__array_interface__

    tensor = lt.zeros(1000)
    address = tensor.__array_interface__["data"][0]
    array = np.asarray(Holder(tensor))
    tensor += 3
    tensor[0] = 5
    tensor.sqrt_()
    assert tensor.__array_interface__["data"][0] == address
    np.testing.assert_array_equal(array, tensor.numpy())
    del tensor
    gc.collect()
    junk = [lt.ones(1000).eval() for _ in range(100)]
    assert array[1] == np.sqrt(np.float32(3))
    del junk


def test_cycles_through_arrays_are_no_trouble():
    for _ in range(3):
        array = np.zeros(5, dtype=object)
        array[0] = lt.from_numpy(np.ones(5))
        array[1] = array
        del array
    gc.collect()


# Refusals.

def test_read_only_arrays_stay_read_only():
    array = np.arange(3.0)
    array.flags.writeable = False
    tensor = lt.from_numpy(array)
    assert not tensor.numpy().flags.writeable and not np.asarray(tensor).flags.writeable
    assert memoryview(tensor).readonly
    same = tensor.numpy()
    try:
        tensor[0] = 5  # in memory of its own, or refused; never in the array
    except (RuntimeError, ValueError):
        pass
    assert array[0] == 0 and same[0] == 0
    assert (tensor + 1).numpy().flags.writeable


def test_byte_swapped_and_misaligned_arrays_are_copied_or_refused():
    swapped = np.arange(4).astype(">i4")
    misaligned = np.frombuffer(bytes(33), np.uint8)[1:].view(np.float64)
    for array in (swapped, misaligned):
        with pytest.raises(ValueError):
            lt.from_numpy(array)
        assert lt.tensor(array).tolist() == array.tolist()
        assert (lt.zeros(4, dtype=lt.float64) + array).tolist() == array.tolist()
    # A stride that is no whole number of elements.
    packed = np.zeros(3, dtype=[("a", "u1"), ("b", "<f4")])["b"]
    with pytest.raises(ValueError):
        lt.from_numpy(packed)
    assert lt.tensor(packed).tolist() == [0, 0, 0]


def test_strides_that_are_no_whole_elements():
    aligned = np.zeros(3, dtype=np.dtype([("a", "<f8"), ("b", "<f4"), ("c", "<i4")]))
    doubles = np.zeros(12, np.uint8)
    odd = np.lib.stride_tricks.as_strided(np.zeros(64, np.uint8).view(np.float64), (3,), (12,))
    for array in (aligned["b"], aligned["a"], odd, doubles):
        try:
            assert lt.from_numpy(array).tolist() == array.tolist()
        except ValueError:
            assert lt.tensor(array).tolist() == array.tolist()


@pytest.mark.parametrize("array", [np.array([None, 1]), np.array(["a"]), np.array([b"a"]),
                                   np.array(["2020-01-01"], "M8[D]"), np.zeros(2, [("a", "f4")]),
                                   np.array([1, 2], object)], ids=lambda a: str(a.dtype))
def test_dtypes_that_are_no_numbers(array):
    for f in (lt.from_numpy, lt.tensor, lt.as_tensor, lambda a: lt.sub(a, lt.ones(2)), lambda a: lt.cat([a, a])):
        with pytest.raises(TypeError):
            f(array)
    assert (np.array([1, 2], object) + lt.ones(2)).tolist() == [2, 3]  # NumPy's own, of numbers


@pytest.mark.parametrize("bad", [{}, {"shape": (3,)}, {"shape": (3,), "typestr": "<f4", "data": None},
                                 {"shape": "x", "typestr": "<f4", "data": (0, False), "version": 3},
                                 {"shape": (3,), "typestr": "??", "data": (1, False), "version": 3}, 5, None])
def test_malformed_array_interfaces_are_refused(bad):
    class Liar:
        __array_interface__ = bad

    for f in (lt.tensor, lt.as_tensor, lt.from_numpy, lambda a: lt.ones(3) + a):
        with pytest.raises((TypeError, ValueError, RuntimeError)):
            f(Liar())


def test_subclasses_and_scalars():
    assert lt.tensor(np.matrix([[1.0, 2.0]])).shape == (1, 2)
    assert lt.tensor(np.float16(1.5)).dtype is lt.float16
    assert lt.tensor([np.float64(1), 2]).tolist() == [1, 2]
    assert (lt.ones(2) * np.float64(2)).dtype is lt.float32
    assert (np.float64(2) * lt.ones(2)).dtype is lt.float32
    assert lt.tensor(np.array(5)).shape == ()


def test_zero_sizes():
    for shape in ((0,), (0, 3), (3, 0, 2)):
        array = np.zeros(shape)
        tensor = lt.from_numpy(array)
        assert tensor.numpy().shape == shape and np.asarray(tensor).shape == shape
        assert (tensor + 1).numpy().shape == shape and tensor.sum().item() == 0
        assert np.from_dlpack(tensor).shape == shape


# The buffer protocol.

def test_memoryview():
    tensor = lt.arange(6, dtype=lt.int32).reshape(2, 3)
    view = memoryview(tensor)
    assert (view.format, view.shape, view.strides, view.readonly) == ("i", (2, 3), (12, 4), False)
    view[1, 2] = 50
    assert tensor[1, 2].item() == 50
    assert memoryview(tensor.T).strides == (4, 12) and bytes(tensor.T.contiguous()) == tensor.T.numpy().tobytes()
    with pytest.raises(BufferError):
        memoryview(lt.ones(2, dtype=lt.bfloat16))
    with open("/dev/null", "wb") as sink:
        assert sink.write(lt.zeros(10)) == 40
    assert np.frombuffer(tensor, dtype=np.int32).tolist() == [0, 1, 2, 3, 4, 50]
    with pytest.raises((BufferError, ValueError)):
        np.frombuffer(tensor.T, dtype=np.int32)


@given(st.lists(st.integers(0, 3), max_size=4), st.sampled_from(DTYPES), st.randoms())
def test_round_trips_of_any_shape(shape, dtype, random):
    array = np.array([random.randint(0, 1) for _ in range(int(np.prod(shape)))]).astype(dtype).reshape(shape)
    order = list(range(len(shape)))
    random.shuffle(order)
    array = array.transpose(order)
    tensor = lt.from_numpy(array)
    for back in (tensor.numpy(), np.asarray(tensor), np.from_dlpack(tensor), np.array(tensor.tolist(), dtype)):
        np.testing.assert_array_equal(back.reshape(array.shape), array)
    assert tensor.numpy().strides == array.strides or array.size <= 1 or 1 in array.shape

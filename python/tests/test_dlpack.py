"""DLPack in and out: NumPy, PyTorch and JAX where they are, used and dead capsules, flags, versions."""
# SPDX-License-Identifier: BSD-3-Clause
import ctypes
import gc

import numpy as np
import pytest

import lazytensor as lt

DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64", "float16",
          "float32", "float64", "complex64", "complex128"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_numpy_both_ways(dtype):
    array = np.array([[0, 1], [2, 3]]).astype(dtype)
    tensor = lt.from_dlpack(array)
    assert tensor.dtype is getattr(lt, dtype) and np.shares_memory(tensor.numpy(), array)
    back = np.from_dlpack(tensor)
    assert back.dtype == array.dtype and np.shares_memory(back, array)
    np.testing.assert_array_equal(back, array)


@pytest.mark.parametrize("view", [lambda x: x[::-1], lambda x: x.T, lambda x: x[:, 1::2], lambda x: x[1],
                                  lambda x: x[:0], lambda x: x[None, :, 2]])
def test_layouts(view):
    array = np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(lt.from_dlpack(view(array)).numpy(), view(array))
    assert lt.from_dlpack(view(array)).tolist() == view(array).tolist()
    # Views have positive strides: a reversed tensor is a copy.
    np.testing.assert_array_equal(np.from_dlpack(view(lt.tensor(array))), view(array))


def test_pytorch_both_ways(torch, old_torch):
    for dtype in [d for d in DTYPES[old_torch:] if hasattr(torch, d)] + ["bfloat16"]:  # the old: no bool
        theirs = torch.ones(3, 2, dtype=getattr(torch, dtype))
        ours = lt.from_dlpack(theirs)
        assert ours.dtype is getattr(lt, dtype)
        theirs[0, 1] = 0
        assert ours.tolist() == theirs.tolist()
        ours[2] = 0
        assert ours.tolist() == theirs.tolist()
        back = torch.from_dlpack(ours)
        assert back.dtype == theirs.dtype and torch.equal(back, theirs)
        assert back.data_ptr() == theirs.data_ptr() == ours.data_ptr()
        assert torch.from_dlpack(lt.ones(2, 3, dtype=getattr(lt, dtype)).T).tolist() == torch.ones(
            3, 2, dtype=getattr(torch, dtype)).tolist()


def test_pytorch_keeps_the_memory(torch):
    theirs = torch.from_dlpack(lt.arange(100000.0))
    gc.collect()
    junk = [lt.zeros(100000).eval() for _ in range(3)]
    assert theirs[99999] == 99999
    ours = lt.from_dlpack(torch.arange(100000.0))
    gc.collect()
    junk.append(torch.zeros(100000))
    assert ours[99999].item() == 99999


def test_jax_both_ways():
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    for dtype in ("bool", "int8", "int32", "uint8", "uint32", "float16", "bfloat16", "float32", "complex64"):
        theirs = jax.numpy.asarray([[0, 1, 2], [3, 4, 5]]).astype(dtype)
        ours = lt.from_dlpack(theirs)
        assert ours.dtype == getattr(lt, dtype) and ours.tolist() == theirs.tolist()
        back = jax.numpy.from_dlpack(lt.from_dlpack(theirs) + (dtype == "float32"))
        assert back.dtype == theirs.dtype and back.tolist() == (theirs + (dtype == "float32")).tolist()
    # Memory outlives the side that made it, on both sides.
    kept = lt.from_dlpack(jax.numpy.arange(100000.0))
    theirs = jax.numpy.from_dlpack(lt.arange(100000.0))
    gc.collect()
    junk = [jax.numpy.zeros(100000), lt.zeros(100000).eval()]
    assert kept[99999].item() == theirs[99999] == 99999 and len(junk) == 2
    # A lazy chain over JAX's memory, and what JAX computes from ours.
    assert (lt.from_dlpack(jax.numpy.arange(4.0)) * 2 + 1).tolist() == [1, 3, 5, 7]
    assert jax.numpy.sin(jax.numpy.from_dlpack(lt.zeros(2, 3).T)).shape == (3, 2)


def test_a_capsule_is_taken_once():
    for version in (None, (1, 0), (1, 1), (2, 0), (0, 8)):
        capsule = lt.arange(3).__dlpack__(max_version=version)
        name = "dltensor_versioned" if version and version[0] else "dltensor"
        assert f'"{name}"' in repr(capsule)
        first = lt.from_dlpack(capsule)
        assert "used_" in repr(capsule)
        for _ in range(2):
            with pytest.raises((ValueError, RuntimeError, BufferError)):
                lt.from_dlpack(capsule)
        del capsule
        assert first.tolist() == [0, 1, 2]


def test_read_only_memory():
    array = np.arange(3.0)
    array.flags.writeable = False
    tensor = lt.from_numpy(array)
    with pytest.raises(BufferError):
        tensor.__dlpack__()
    assert not np.from_dlpack(tensor).flags.writeable
    again = lt.from_dlpack(tensor)
    assert not again.numpy().flags.writeable
    try:
        again[0] = 5
    except (ValueError, RuntimeError):
        pass
    assert array[0] == 0
    copied = lt.from_dlpack(array, copy=True)
    copied[0] = 5
    assert array[0] == 0 and copied[0].item() == 5


def test_copies_and_devices():
    tensor = lt.zeros(3)
    assert tensor.__dlpack_device__() == (1, 0)
    array = np.from_dlpack(tensor, copy=True)
    array[0] = 1
    assert tensor.tolist() == [0, 0, 0]
    lt.from_dlpack(tensor)[0] = 2
    assert tensor.tolist() == [2, 0, 0]
    assert lt.from_dlpack(np.ones(2), device="cpu").tolist() == [1, 1]
    for bad in ({"stream": 1}, {"dl_device": (2, 0)}):
        with pytest.raises(BufferError):
            tensor.__dlpack__(**bad)
    for bad in ({"max_version": "a"}, {"max_version": ()}, {"dl_device": 5}, {"nonsense": 1}):
        with pytest.raises((TypeError, IndexError)):
            tensor.__dlpack__(**bad)
    with pytest.raises((RuntimeError, ValueError)):
        lt.from_dlpack(np.ones(2), device="cuda")


def test_a_pending_write_is_seen():
    tensor = lt.zeros(3)
    array = np.from_dlpack(tensor)
    tensor += 1
    tensor[0] = 9
    assert array.tolist() == [9, 1, 1]


def producer(capsule, device=(1, 0)):
    class Producer:
        def __dlpack__(self, **_):
            return capsule

        def __dlpack_device__(self):
            return device
    return Producer()


@pytest.mark.parametrize("capsule", [None, 5, "dltensor", object()])
def test_producers_of_nonsense(capsule):
    with pytest.raises((TypeError, ValueError, BufferError)):
        lt.from_dlpack(producer(capsule))
    with pytest.raises((TypeError, ValueError)):
        lt.from_dlpack(capsule)


def test_producers_of_other_devices_and_errors():
    for device, error in (((2, 0), BufferError), (5, TypeError), ((), IndexError), (None, TypeError)):
        with pytest.raises(error):
            lt.from_dlpack(producer(None, device))

    class Raises:
        def __dlpack__(self, **_):
            raise KeyError("mine")

    with pytest.raises(KeyError):
        lt.from_dlpack(Raises())


class Device(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int32), ("id", ctypes.c_int32)]


class Type(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16)]


class DLTensor(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("device", Device), ("ndim", ctypes.c_int32), ("dtype", Type),
                ("shape", ctypes.POINTER(ctypes.c_int64)), ("strides", ctypes.POINTER(ctypes.c_int64)),
                ("byte_offset", ctypes.c_uint64)]


class Managed(ctypes.Structure):
    pass


DELETER = ctypes.CFUNCTYPE(None, ctypes.POINTER(Managed))
Managed._fields_ = [("tensor", DLTensor), ("context", ctypes.c_void_p), ("deleter", DELETER)]
new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.restype = ctypes.py_object
new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


def handmade(deleted, data=True, ndim=2, sizes=(2, 3), strides=None, code=2, bits=32, lanes=1, device=1, offset=0):
    """A capsule as a C library makes one, and what must be kept alive for it."""
    memory = (ctypes.c_float * 64)(*range(64))
    shape = (ctypes.c_int64 * len(sizes))(*sizes) if sizes is not None else None
    steps = (ctypes.c_int64 * len(strides))(*strides) if strides is not None else None
    managed = Managed()
    managed.tensor = DLTensor(ctypes.addressof(memory) if data else None, Device(device, 0), ndim,
                              Type(code, bits, lanes), shape, steps, offset)
    managed.deleter = DELETER(lambda _: deleted.append(True))
    return new_capsule(ctypes.addressof(managed), b"dltensor", None), (memory, shape, steps, managed)


def test_a_handmade_capsule():
    deleted = []
    capsule, keep = handmade(deleted)
    tensor = lt.from_dlpack(capsule)
    assert tensor.tolist() == [[0, 1, 2], [3, 4, 5]]
    view = tensor[1]
    del tensor, capsule
    gc.collect()
    assert not deleted and view.tolist() == [3, 4, 5]
    del view
    gc.collect()
    assert deleted == [True]
    for changed, wanted in (({"strides": (1, 2)}, [[0, 2, 4], [1, 3, 5]]), ({"offset": 8}, [[2, 3, 4], [5, 6, 7]]),
                            ({"ndim": 0, "sizes": None}, 0), ({"strides": (-3, 1), "offset": 12}, [[3, 4, 5], [0, 1, 2]]),
                            ({"strides": (0, 0)}, [[0] * 3] * 2)):
        capsule, keep = handmade(deleted, **changed)
        assert lt.from_dlpack(capsule).tolist() == wanted
    assert len(deleted) == 6


@pytest.mark.parametrize("wrong", [{"device": 2}, {"ndim": -1}, {"sizes": None}, {"sizes": (-2, 3)}, {"lanes": 4},
                                   {"code": 3}, {"bits": 5}, {"code": 77}, {"data": False},
                                   {"sizes": (2**40, 2**40)}, {"offset": 3}, {"ndim": 2000}])
def test_malformed_capsules_are_refused_and_given_back(wrong):
    deleted = []
    capsule, keep = handmade(deleted, **wrong)
    with pytest.raises((BufferError, ValueError, RuntimeError)):
        lt.from_dlpack(capsule)
    del capsule
    gc.collect()
    assert len(deleted) == 1 or "used" not in str(deleted)

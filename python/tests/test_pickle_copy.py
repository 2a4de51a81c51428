"""Pickles, copies and files: every dtype, shape and layout comes back as it was."""
# SPDX-License-Identifier: BSD-3-Clause
import copy
import io
import pickle

import numpy as np
import pytest

import lazytensor as lt

DTYPES = [d for d in vars(lt).values() if isinstance(d, lt.dtype)]
DTYPES = list(dict.fromkeys(DTYPES))


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda d: d.name)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickle(dtype, protocol):
    x = lt.tensor([[0, 1, 1], [1, 0, 1]]).to(dtype)
    for tensor in (x, x.T, x[:, ::2], x[:0], x[0, 1], x.flip(0), x[None]):
        back = pickle.loads(pickle.dumps(tensor, protocol))
        assert back.dtype is tensor.dtype and back.shape == tensor.shape and back.tolist() == tensor.tolist()
    assert pickle.loads(pickle.dumps(dtype, protocol)) is dtype
    assert pickle.loads(pickle.dumps(x.shape, protocol)) == x.shape
    assert copy.deepcopy(dtype) is dtype


def test_pickles_name_the_package_not_a_build():
    assert b"_core" not in pickle.dumps(lt.ones(2)) + pickle.dumps(lt.float32)


def test_a_pickle_is_a_copy():
    x = lt.zeros(3)
    y = pickle.loads(pickle.dumps(x))
    y += 1
    assert x.tolist() == [0, 0, 0]


@pytest.mark.parametrize("arguments", [(b"abc", "float32", (1,)), (b"abcd", "sin", (1,)), (b"abcd", "nan", (1,)),
                                       (b"abcd", "nonsense", (1,)), (b"abcd", "float32", (-1,)),
                                       (b"abcd", "float32", (2**62, 2**62)), (b"", "float32", (1,)),
                                       ("text", "float32", (1,)), (b"abcd", 5, (1,)), (b"abcd", "float32", "x")])
def test_malformed_pickles(arguments):
    with pytest.raises((ValueError, TypeError, RuntimeError, AttributeError)):
        lt._from_bytes(*arguments)


def test_copy_and_deepcopy():
    x = lt.zeros(3)
    shallow, deep = copy.copy(x), copy.deepcopy(x)
    pair = copy.deepcopy([x, x])
    x += 1
    assert shallow.tolist() == [1, 1, 1]  # as PyTorch: the same memory
    assert deep.tolist() == [0, 0, 0]
    assert pair[0] is pair[1]
    pending = (lt.ones(3) * 2)[1:]
    assert copy.deepcopy(pending).tolist() == [2, 2]


@pytest.mark.parametrize("dtype", [d for d in DTYPES if d is not lt.bfloat16], ids=lambda d: d.name)
def test_files(dtype, tmp_path):
    x = lt.tensor([[0, 1, 1], [1, 0, 1]]).to(dtype)
    for k, tensor in enumerate((x, x.T, x[:, ::2], x[:0], x[0, 1])):
        path = tmp_path / f"{k}.npy"
        lt.save(path, tensor)
        np.testing.assert_array_equal(np.load(path), tensor.numpy())
        for mmap in (False, True):
            back = lt.load(str(path), mmap=mmap)
            assert back.dtype is dtype and back.shape == tensor.shape and back.tolist() == tensor.tolist()
        np.save(path, np.array(tensor.numpy(), order="F"))
        assert lt.load(path).tolist() == tensor.tolist()


def test_files_in_other_ways(tmp_path):
    t = lt.arange(6.0).reshape(2, 3)
    lt.save(t, tmp_path / "a.npy")  # PyTorch's order
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), t.numpy())
    stream = io.BytesIO()
    lt.save(stream, t + 1)
    stream.seek(0)
    assert lt.equal(lt.load(stream), t + 1)
    with open(tmp_path / "a.npy", "rb") as f:
        assert lt.equal(lt.load(f), t)
    with pytest.raises(FileNotFoundError, match="missing.npy"):
        lt.load(tmp_path / "missing.npy")
    with pytest.raises(ValueError):
        lt.load(io.BytesIO(b"not a file"))


def test_files_that_are_none(tmp_path):
    (tmp_path / "empty.npy").write_bytes(b"")
    (tmp_path / "text.npy").write_text("hello")
    np.save(tmp_path / "short.npy", np.ones(100))
    (tmp_path / "short.npy").write_bytes((tmp_path / "short.npy").read_bytes()[:-50])
    for name in ("empty.npy", "text.npy", "short.npy", "missing.npy", ""):
        with pytest.raises((ValueError, OSError)):
            lt.load(tmp_path / name)
    for wrong in (5, None, object()):
        with pytest.raises(TypeError):
            lt.load(wrong)
        with pytest.raises(TypeError):
            lt.save(wrong, lt.ones(2))
    with pytest.raises(OSError):
        lt.save(tmp_path / "no" / "folder.npy", lt.ones(2))

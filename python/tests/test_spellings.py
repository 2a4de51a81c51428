"""The spellings that PyTorch's programs use: keywords, older positions, NumPy's axis and keepdims, devices."""
# SPDX-License-Identifier: BSD-3-Clause
import os
import pathlib

import numpy as np
import pytest

import lazytensor as lt

X = np.arange(24.0).reshape(2, 3, 4) * 7 % 11
x, y, i = lt.tensor(X), lt.tensor(X[::-1] + 1), lt.tensor([[7, -7], [5, 4]])


def same(a, b):
    if isinstance(b, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    a, b = lt.as_tensor(a), lt.as_tensor(b)
    return a.shape == b.shape and a.dtype is b.dtype and bool(lt.equal(a, b))


SPELLINGS = """
    x.sum(axis=-1) : x.sum(-1)
    x.sum(axis=None) : x.sum()
    x.sum(axis=(0, 1), keepdims=True) : x.sum((0, 1), True)
    x.sum(dim=1, keepdims=True) : x.sum(1, True)
    x.sum(axis=1, keepdim=True) : x.sum(1, True)
    x.sum(axis=1, dtype=lt.float32) : x.sum(1, dtype=lt.float32)
    lt.mean(x, axis=1) : x.mean(1)
    x.any(axis=0) : x.any(0)
    x.max(axis=1) : x.max(1)
    lt.min(x, axis=1, keepdims=True) : x.min(1, True)
    lt.max(x, other=y) : lt.maximum(x, y)
    x.argmax(axis=1) : x.argmax(1)
    x.cumsum(axis=0) : x.cumsum(0)
    lt.cumprod(x, axis=1) : x.cumprod(1)
    x.cummax(axis=1) : x.cummax(1)
    x.median(axis=1, keepdims=True) : x.median(1, True)
    x.sort(axis=0) : x.sort(0)
    x.argsort(axis=0, descending=True) : x.argsort(0, True)
    x.topk(2, axis=1) : x.topk(2, 1)
    x.softmax(axis=0) : x.softmax(0)
    x.unsqueeze(axis=1) : x.unsqueeze(1)
    x.unsqueeze(0).squeeze(axis=0) : x
    lt.cat([x, y], axis=1) : lt.cat([x, y], 1)
    lt.stack([x, y], axis=1) : lt.stack([x, y], 1)
    x.unbind(axis=1) : x.unbind(1)
    x.std(axis=1) : x.std(1)
    x.std(1, False) : x.std(1, correction=0)
    x.var(1, False, True) : x.var(1, correction=0, keepdim=True)
    x.var((0, 1), unbiased=False) : x.var((0, 1), correction=0)
    x.var(False) : x.var(correction=0)
    x.var(unbiased=False) : x.var(correction=0)
    x.var(unbiased=True) : x.var()
    lt.std(x, axis=1, unbiased=False) : x.std(1, correction=0)
    x.var(correction=None) : x.var()
    lt.std_mean(x, 1, False) : (x.std(1, correction=0), x.mean(1))
    lt.var_mean(x, False) : (x.var(correction=0), x.mean())
    x.norm('fro') : x.norm()
    x.norm(p=None) : x.norm()
    x.norm(1, axis=1) : x.norm(1, 1)
    x.norm(dtype=lt.float32) : x.float().norm()
    x.movedim((0, 1), (1, 2)) : x.permute(2, 0, 1)
    x.movedim([-1], [0]) : x.permute(2, 0, 1)
    lt.moveaxis(x, 0, 2) : x.permute(1, 2, 0)
    x.swapaxes(axis0=0, axis1=1) : x.transpose(0, 1)
    x.tensor_split(np.int64(2), 2) : x.tensor_split(2, 2)
    x.tensor_split(np.array([1, 3]), 2) : x.tensor_split([1, 3], 2)
    x.clone().add_(y, alpha=2) : x + y * 2
    x.clone().sub_(1, alpha=2) : x - 2
    x.clone().div_(y, rounding_mode='floor') : x.div(y, rounding_mode='floor')
    i.clone().div_(3, rounding_mode='trunc') : lt.tensor([[2, -2], [1, 1]])
    x.clone().div_(y, rounding_mode=None) : x / y
    x.div(y, rounding_mode=None) : x / y
    lt.rsub(x, y, alpha=2) : y - x * 2
"""


@pytest.mark.parametrize("line", [line.strip() for line in SPELLINGS.strip().splitlines()])
def test_spellings(line):
    one, other = line.split(" : ")
    assert same(eval(one), eval(other))


RANDOM = ["randint(10, size=(3,))", "randint(high=10, size=(3,))", "randint(low=0, high=10, size=(3,))",
          "randint(10, (3,))", "randint(0, 10, [3])", "randint(0, 10, size=(3,), device='cpu')"]


@pytest.mark.parametrize("code", RANDOM)
def test_randint(code):
    lt.manual_seed(5)
    expected = lt.randint(0, 10, (3,)).tolist()
    lt.manual_seed(5)
    assert eval(f"lt.{code}").tolist() == expected


@pytest.mark.parametrize("call", ["rand(2", "randn(2", "randint(5, (2,)", "arange(2", "eye(2", "linspace(0, 1, 2",
                                  "logspace(0, 1, 2", "randperm(2", "rand_like(x", "randn_like(x",
                                  "randint_like(x, 5", "zeros(2", "full((2,), 1", "tensor([1, 2]"])
def test_device(call):
    for device in ("'cpu'", "None"):
        assert eval(f"lt.{call}, device={device})").shape[0] == 2
    with pytest.raises(lt.DeviceError, match="only 'cpu'"):
        eval(f"lt.{call}, device='cuda')")


@pytest.mark.parametrize("call, message", [
    (lambda: lt.ones(3).roll(()), "must align. shifts: 0, dims: 0"),
    (lambda: lt.ones(3).roll((), ()), "must align"),
    (lambda: lt.ones(3).roll((1, 2)), "must align. shifts: 2, dims: 0"),
    (lambda: lt.ones(3, 3).roll((1, 2), 0), "must align. shifts: 2, dims: 1"),
    (lambda: lt.ones(1, 2).squeeze((0, 0)), "dim 0 appears multiple times"),
    (lambda: lt.ones(1, 2).squeeze((0, -2)), "dim 0 appears multiple times"),
    (lambda: lt.ones(2, 2).movedim((0, 0), (0, 1)), "movedim"),
    (lambda: lt.ones(2, 2).movedim((0, 1), (0,)), "movedim"),
    (lambda: lt.ones(2, 2).norm("nuc"), "a number or 'fro'"),
    (lambda: lt.ones(2).div(1, rounding_mode="up"), "rounding_mode"),
    (lambda: lt.ones(2).div_(1, rounding_mode="up"), "rounding_mode"),
])
def test_errors(call, message):
    with pytest.raises((ValueError, RuntimeError), match=message):
        call()


@pytest.mark.parametrize("name", ["plain.npy", b"bytes.npy", pathlib.Path("path.npy"), "grüße.npy", b"\xff\xfe.npy",
                                  os.fsdecode(b"\xffsurrogate.npy")], ids=repr)
def test_file_names(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lt.save(name, x)
    assert os.listdir(b".") == [os.fsencode(name)]
    assert same(lt.load(name), x)
    with open(name, "rb") as file:
        np.testing.assert_array_equal(np.load(file), X)


def test_file_names_that_are_none():
    for name in (3, None, 1.5):
        with pytest.raises(TypeError):
            lt.load(name)
    with pytest.raises(ValueError, match="null"):
        lt.load("a\0b")

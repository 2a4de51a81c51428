"""NumPy's functions on tensors: lazy where the library has them, NumPy's own otherwise; formats."""
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np
import pytest

import lazytensor as lt

UNARY = """absolute arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil conjugate cos cosh deg2rad degrees
    exp exp2 expm1 fabs floor isfinite isinf isnan log log10 log1p log2 logical_not negative rad2deg radians
    reciprocal rint sign signbit sin sinh sqrt square tan tanh trunc""".split()
BINARY = """add arctan2 copysign divide equal floor_divide fmax fmin fmod greater greater_equal hypot less
    less_equal logaddexp logaddexp2 logical_and logical_or logical_xor maximum minimum multiply nextafter
    not_equal power remainder subtract heaviside float_power""".split()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", UNARY)
def test_unary_ufuncs(name):
    array = np.array([-2.5, -1, -0.5, 0, 0.25, 1, 3, np.inf, np.nan])
    result = getattr(np, name)(lt.tensor(array))
    assert isinstance(result, lt.Tensor) and not result.is_ready()
    np.testing.assert_allclose(result.numpy(), getattr(np, name)(array), rtol=1e-13)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", BINARY)
def test_binary_ufuncs(name):
    f = getattr(np, name)
    a, b = np.array([-2.5, -1, 0, 0.25, 3]), np.array([2.0, -1.5, 1, 0.25, np.nan])
    for result in (f(lt.tensor(a), lt.tensor(b)), f(a, lt.tensor(b)), f(lt.tensor(a), b)):
        assert isinstance(result, lt.Tensor) and not result.is_ready()
        np.testing.assert_allclose(result.numpy(), f(a, b), rtol=1e-13)
    np.testing.assert_allclose(f(lt.tensor(a), 2.0).numpy(), f(a, 2.0), rtol=1e-13)
    np.testing.assert_allclose(f(2.0, lt.tensor(a)).numpy(), f(2.0, a), rtol=1e-13)


CALLS = {
    "sum": lambda n, x: n.sum(x) + n.sum(x, axis=1, keepdims=True),
    "prod": lambda n, x: n.prod(x, axis=(0, 1)),
    "mean": lambda n, x: n.mean(x, axis=0, keepdims=True),
    "std": lambda n, x: n.std(x, axis=0) + n.std(x, ddof=1) + n.var(x),
    "extremes": lambda n, x: n.max(x, axis=1) + n.amin(x, 1) + n.argmax(x, axis=1) + n.argmin(x, 1),
    "tests": lambda n, x: n.any(x > 1, axis=0) & n.all(x > 0, axis=0),
    "cumulative": lambda n, x: n.cumsum(x)[:4] + n.cumprod(x, axis=1)[0],
    "where": lambda n, x: n.where(x > 2, x, 0) + n.where(x > 2)[0].sum(),
    "clip": lambda n, x: n.clip(x, 1, 5) + n.clip(x, None, 3),
    "round": lambda n, x: n.round(x * 1.37, 1) + n.round(x),
    "concatenate": lambda n, x: n.concatenate([x, x], axis=1),
    "concatenate flat": lambda n, x: n.concatenate([x, [[1.0, 2, 3, 4]]], axis=None),
    "stacks": lambda n, x: n.vstack([x, x])[:3] + n.hstack([x, x])[:, :4] + n.dstack([x, x])[..., 0],
    "stack": lambda n, x: n.stack([x, x], axis=1),
    "reshape": lambda n, x: n.reshape(n.ravel(x), (2, 6)),
    "transpose": lambda n, x: n.transpose(x) + n.swapaxes(x, 0, 1) + n.moveaxis(x, 0, 1),
    "transpose axes": lambda n, x: n.transpose(x, (1, 0)),
    "dims": lambda n, x: n.squeeze(n.expand_dims(x, 0)),
    "broadcast_to": lambda n, x: n.broadcast_to(x, (2, 3, 4)),
    "flips": lambda n, x: n.flip(x) + n.flip(x, 0) + n.roll(x, 1, axis=0) + n.roll(x, 2),
    "tile": lambda n, x: n.tile(x, 2), "repeat": lambda n, x: n.repeat(x, 2, axis=1),
    "triangles": lambda n, x: n.tril(x) + n.triu(x, 1), "diag": lambda n, x: n.diag(n.diag(x)),
    "sort": lambda n, x: n.sort(-x, axis=0) + n.argsort(x, axis=0), "take": lambda n, x: n.take(x, [2, 0], axis=1),
    "dot": lambda n, x: n.dot(x, x.T) + x @ x.T, "outer": lambda n, x: n.outer(x, x),
    "searchsorted": lambda n, x: n.searchsorted(x[0], x), "diff": lambda n, x: n.diff(x, axis=0),
    "isin": lambda n, x: n.isin(x, [1, 5]), "likes": lambda n, x: n.ones_like(x) + n.full_like(x, 3) + n.zeros_like(x),
    "nan_to_num": lambda n, x: n.nan_to_num(x / 0.0), "norm": lambda n, x: n.linalg.norm(x),
    "isclose": lambda n, x: n.isclose(x, x + 1e-9), "count_nonzero": lambda n, x: n.count_nonzero(x, axis=0),
    "split": lambda n, x: n.split(x, 2, axis=1)[1] + n.array_split(x, 3, axis=1)[0][:, :1],
    "copy": lambda n, x: n.copy(x), "take_along_axis": lambda n, x: n.take_along_axis(x, n.argsort(-x, axis=1), axis=1),
    "reduce": lambda n, x: n.add.reduce(x) + n.maximum.reduce(x, axis=0) + n.add.accumulate(x)[0],
    "ufunc outer": lambda n, x: n.subtract.outer(x[0], x[1]),
    "divmod": lambda n, x: n.divmod(x, 3)[0] * 10 + n.divmod(x, 3)[1],
}


VIEWS_AND_COPIES = {"copy", "reshape", "transpose axes", "dims", "broadcast_to"}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", CALLS)
def test_functions_stay_lazy(name):
    array = np.arange(12.0).reshape(3, 4)
    result = CALLS[name](np, lt.tensor(array))
    assert isinstance(result, lt.Tensor)
    assert not result.is_ready() or name in VIEWS_AND_COPIES
    np.testing.assert_allclose(result.numpy(), CALLS[name](np, array), rtol=1e-13)


def test_what_the_library_lacks_numpy_computes():
    tensor = lt.arange(6.0)
    assert np.median(tensor) == 2.5 and np.gcd(lt.arange(4), 2).tolist() == [2, 1, 2, 1]
    assert np.histogram(tensor, 2)[0].tolist() == [3, 3]
    np.add.at(tensor, [0, 0], 1)
    np.copyto(tensor[1:2], 9)
    assert tensor.tolist() == [2, 9, 2, 3, 4, 5]
    assert np.shape(tensor) == (6,) and np.ndim(tensor) == 1 and np.size(tensor) == 6
    assert np.allclose(tensor, tensor) and not np.array_equal(tensor, [1])
    assert np.sum(tensor, where=tensor.numpy() > 4) == 14


# What PyTorch defines otherwise, or takes in fewer forms: the results are NumPy's.
NUMPYS = {
    "sum of no axes": lambda n, x: n.sum(x, axis=()), "max of no axes": lambda n, x: n.max(x, axis=()),
    "var of no axes": lambda n, x: n.var(x, axis=()), "any of no axes": lambda n, x: n.any(x, axis=()),
    "mean of no axes": lambda n, x: n.mean(x, axis=(), keepdims=True),
    "reduce no axes": lambda n, x: n.add.reduce(x, axis=()),
    "reduce all": lambda n, x: n.add.reduce(x, axis=None, keepdims=True),
    "axis of NumPy's": lambda n, x: n.sum(x, axis=np.int64(1)),
    "norms": lambda n, x: n.linalg.norm(x[0], 1, axis=0),
    "heaviside": lambda n, x: n.heaviside(n.where(x > 5, n.nan, x - 2), 1),
    "heaviside of a number": lambda n, x: n.heaviside(0.0, x),
    "reciprocal": lambda n, x: n.reciprocal(x + 1),
    "what only NumPy has": lambda n, x: n.matmul(x > 1, x.T > 2) & (n.maximum(x + 0j, 1) != 0).all(),
    "fabs": lambda n, x: n.fabs(-x), "rint": lambda n, x: n.rint(x),
    "roll along axes": lambda n, x: n.roll(x, 1, axis=(0, 1)), "roll twice": lambda n, x: n.roll(x, (1, 2), 0),
    "roll both": lambda n, x: n.roll(x, (1, 2), (0, 1)), "roll flat": lambda n, x: n.roll(x, (1, 2)),
    "roll nothing": lambda n, x: n.roll(x, 1, axis=()),
    "where a list": lambda n, x: n.where([True, False, True, False], x, 0),
    "where numbers": lambda n, x: n.where(x - 1, x, [0, 1, 2, 3]),
    "where alone": lambda n, x: n.where([True, False, True])[0] + x[:2, 0],
    "where of a number": lambda n, x: n.where(True, x, 0),
    "triangles of a vector": lambda n, x: n.triu(x[0]) + n.tril(x[1]),
    "moveaxis": lambda n, x: n.moveaxis(x, (0, 1), (1, 0)),
}


@pytest.mark.parametrize("dtype", ["float64", "int64"])
@pytest.mark.parametrize("name", NUMPYS)
def test_results_are_numpys(name, dtype):
    array = np.arange(12).reshape(3, 4).astype(dtype)
    result, expected = (np.asarray(NUMPYS[name](np, x)) for x in (lt.tensor(array), array))
    assert result.shape == expected.shape and result.dtype.kind == expected.dtype.kind
    np.testing.assert_array_equal(result, expected)


def test_what_numpy_refuses():
    for call in (lambda x: np.linalg.norm(x, "fro"), lambda x: np.roll(x, (1, 2, 3), (0, 0)),
                 lambda x: np.where(x, x), lambda x: np.negative(x > 1)):
        with pytest.raises((TypeError, ValueError)):
            call(np.arange(3.0))
        with pytest.raises((TypeError, ValueError)):
            call(lt.arange(3.0))


def test_out_is_honoured():
    tensor, out, array = lt.arange(3.0), lt.zeros(3), np.zeros(3)
    assert np.add(tensor, 1, out=out) is out and out.tolist() == [1, 2, 3]
    assert np.multiply(tensor, 2, out=array) is array and array.tolist() == [0, 2, 4]
    assert np.sum(tensor, out=out[0]) is not None and out[0].item() == 3
    array += tensor
    assert isinstance(array, np.ndarray) and array.tolist() == [0, 3, 6]
    tensor += np.ones(3, dtype=np.float32)
    assert isinstance(tensor, lt.Tensor) and tensor.tolist() == [1, 2, 3]
    with pytest.raises(TypeError):
        np.add(tensor, 0.5, out=lt.zeros(3, dtype=lt.int32))
    quotient, rest = lt.zeros(3), lt.zeros(3)
    assert np.divmod(tensor, 2, out=(quotient, rest))[1] is rest and quotient.tolist() == [0, 1, 1]


def test_notebooks_and_formats():
    assert lt.tensor([1, 2])._repr_html_() == "<pre>tensor([1, 2])</pre>"
    assert f"{lt.tensor(1.25):.1f} {lt.tensor(3)} {lt.tensor([1])}" == "1.2 3 tensor([1])"
    with pytest.raises(TypeError):
        f"{lt.tensor([1, 2]):.1f}"
    graph = lt.graph(lt.ones(3) + 1)
    assert str(graph).startswith("digraph") and str(graph) == lt.to_dot(lt.ones(3) + 1)
    picture = graph._repr_svg_()
    assert picture is None or "<svg" in picture

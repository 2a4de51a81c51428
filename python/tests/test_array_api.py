"""lazytensor.array_api against NumPy, on a sample of functions over the dtypes."""
# SPDX-License-Identifier: BSD-3-Clause
import math

import lazytensor as lt
import numpy as np
import pytest

xp = lt.array_api

INTEGERS = ["uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"]
FLOATS = ["float32", "float64"]
COMPLEX = ["complex64", "complex128"]
REAL = INTEGERS + FLOATS
ALL = ["bool", *REAL, *COMPLEX]
SHAPES = [(), (0,), (1,), (5,), (3, 4), (2, 0, 3), (2, 3, 4)]


def sample(dtype, shape=(3, 4), seed=0):
    """Small numbers of either sign, repeated ones and zeros among them, as a NumPy array."""
    numbers = np.random.default_rng(seed).integers(-4, 5, size=shape)
    dtype = np.dtype(dtype)
    if dtype.kind == "u":
        numbers = abs(numbers)
    result = numbers.astype(dtype)
    if dtype.kind == "c":
        result = result + 1j * np.random.default_rng(seed + 1).integers(-2, 3, size=shape)
    return (result / 2 if dtype.kind in "fc" else result).astype(dtype)


def check(got, want, rtol=1e-5):
    """One dtype, one shape, the same elements."""
    want = np.asarray(want)
    assert isinstance(got, lt.Tensor)
    assert got.dtype.name == want.dtype.name
    assert tuple(got.shape) == want.shape
    if want.dtype.kind in "fc":
        np.testing.assert_allclose(got.numpy(), want, rtol=rtol, atol=1e-6)
    else:
        np.testing.assert_array_equal(got.numpy(), want)


def both(dtype, shape=(3, 4), seed=0):
    array = sample(dtype, shape, seed)
    return xp.asarray(array, copy=True), array


def test_namespace_is_found():
    x = lt.ones(2)
    assert x.__array_namespace__() is xp
    assert x.__array_namespace__(api_version="2024.12") is xp
    with pytest.raises(ValueError):
        x.__array_namespace__(api_version="1999.1")
    assert xp.__array_api_version__ == "2024.12"
    info = xp.__array_namespace_info__()
    assert x.device == info.default_device() and x.to_device(x.device) is x
    assert set(info.dtypes()) == set(ALL)
    assert info.dtypes(kind="integral").keys() == set(INTEGERS)
    with pytest.raises(ValueError):
        x.to_device("moon")


def test_numpy_leaves_operators_to_the_tensor():
    x = lt.ones(3, dtype=lt.float64)
    for result in (np.float64(2) - x, np.ones(3) - x, np.float64(2) < x, np.ones(3) == x):
        assert isinstance(result, lt.Tensor)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "maximum", "less", "not_equal", "floor_divide",
                                  "remainder"])
@pytest.mark.parametrize("dtype", REAL)
def test_two_operands(name, dtype, shape):
    x, a = both(dtype, shape)
    y, b = both(dtype, shape, seed=7)
    if name in ("floor_divide", "remainder"):
        y, b = y * y + 1, b * b + np.ones((), dtype)
    check(getattr(xp, name)(x, y), getattr(np, name)(a, b))


@pytest.mark.parametrize("first", ALL)
@pytest.mark.parametrize("second", ALL)
@pytest.mark.parametrize("shapes", [((3,), ()), ((), (3,)), ((), ()), ((2, 1), (3,))])
def test_promotion_ignores_dimensions(first, second, shapes):
    x, a = both(first, shapes[0])
    y, b = both(second, shapes[1])
    kinds = {np.dtype(first).kind, np.dtype(second).kind}
    if (kinds & set("fc") and kinds & set("iub")) or ("b" in kinds and len(kinds) > 1):
        return  # kinds that do not mix in the standard
    check(xp.multiply(x, y), np.multiply(a, b))
    assert xp.result_type(x, y).name == np.result_type(a, b).name


@pytest.mark.parametrize("name", ["exp", "sqrt", "sin", "tanh", "abs", "square", "isfinite", "negative", "round",
                                  "sign", "expm1", "log1p", "reciprocal"])
@pytest.mark.parametrize("dtype", FLOATS + COMPLEX)
def test_one_operand(name, dtype):
    x, a = both(dtype, (4, 5))
    if name in ("sqrt", "log1p", "reciprocal"):
        x, a = x + 10, a + 10
    check(getattr(xp, name)(x), getattr(np, name)(a))


def test_elementwise_is_lazy():
    x = lt.ones(1000)
    before = lt.stats()["passes"]
    y = xp.where(xp.clip(xp.add(x, 1.0), 0.0, 1.5) > 1, xp.sum(x), xp.exp(x))
    assert lt.stats()["passes"] == before
    assert float(y[0]) == 1000


@pytest.mark.parametrize("name", ["sum", "prod", "max", "min", "mean", "std", "var", "any", "all", "argmax",
                                  "argmin", "count_nonzero"])
@pytest.mark.parametrize("axis", [None, 0, -1, (), (0, 1)])
@pytest.mark.parametrize("dtype", REAL)
def test_reductions(name, axis, dtype):
    if isinstance(axis, tuple) and name in ("argmax", "argmin"):
        return
    if dtype in INTEGERS and name in ("mean", "std", "var"):
        return
    x, a = both(dtype)
    for keepdims in (False, True):
        want = getattr(np, name)(a, axis=axis, keepdims=keepdims)
        check(getattr(xp, name)(x, axis=axis, keepdims=keepdims), want, rtol=1e-4)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_sums_wrap_in_their_dtype(dtype):
    info = np.iinfo(dtype)
    a = np.array([info.max, info.max, 3], dtype)
    with np.errstate(over="ignore"):
        check(xp.sum(xp.asarray(a)), a.sum())
        check(xp.sum(xp.asarray(a), dtype=getattr(xp, dtype)), a.sum(dtype=dtype))
        check(xp.cumulative_prod(xp.asarray(a), include_initial=True),
              np.cumulative_prod(a, include_initial=True))


@pytest.mark.parametrize("dtype", ALL)
def test_unique(dtype):
    x, a = both(dtype, (4, 5))
    values, indices, inverse, counts = xp.unique_all(x)
    want = np.unique_all(a)
    check(values, want.values)
    check(counts, want.counts)
    check(inverse, want.inverse_indices)
    check(indices, want.indices)
    check(xp.unique_values(x), want.values)


def test_unique_tells_nans_apart():
    x = xp.asarray([math.nan, 1.0, -0.0, math.nan, 0.0])
    values, _, inverse, counts = xp.unique_all(x)
    assert counts.tolist() == [2, 1, 1, 1]
    assert inverse.tolist() == [2, 1, 0, 3, 0]
    assert values.tolist()[:2] == [0, 1]


@pytest.mark.parametrize("dtype", REAL)
@pytest.mark.parametrize("descending", [False, True])
def test_sorting_is_stable(dtype, descending):
    x, a = both(dtype, (3, 9))
    order = np.argsort(-a.astype("float64") if descending else a, axis=1, stable=True)
    check(xp.argsort(x, axis=1, descending=descending), order)
    check(xp.sort(x, axis=1, descending=descending), np.take_along_axis(a, order, 1))
    check(xp.take_along_axis(x, xp.argsort(x, axis=0), axis=0), np.sort(a, axis=0))


def test_searchsorted():
    a, v = np.array([1.0, 3.0, 3.0, 8.0]), np.array([[0.0, 3.0], [9.0, 1.0]])
    for side in ("left", "right"):
        check(xp.searchsorted(xp.asarray(a), xp.asarray(v), side=side), np.searchsorted(a, v, side))
    order = np.array([2, 0, 3, 1])
    check(xp.searchsorted(xp.asarray(a[order]), xp.asarray(v), sorter=xp.asarray(np.argsort(order))),
          np.searchsorted(a, v))


@pytest.mark.parametrize("bounds", [(5,), (2, 9), (9, 2, -3), (2, 9, 100), (2, 1), (2**63, 2**63 + 5),
                                    (-(2**63), -(2**63) + 3), (0.5, 3.0, 0.25)])
def test_arange_is_exact(bounds):
    dtype = "uint64" if bounds[0] == 2**63 else "int64" if isinstance(bounds[0], int) else "float32"
    check(xp.arange(*bounds, dtype=getattr(xp, dtype)), np.arange(*bounds, dtype=dtype))


def test_creation():
    check(xp.linspace(0.0, 1.0, 5, endpoint=False, dtype=xp.float64), np.linspace(0, 1, 5, endpoint=False))
    check(xp.linspace(1j, 2.0, 4, dtype=xp.complex128), np.linspace(1j, 2, 4))
    check(xp.eye(3, 5, k=-(10**30), dtype=xp.int8), np.zeros((3, 5), "int8"))
    check(xp.full((2, 3), 2**64 - 1, dtype=xp.uint64), np.full((2, 3), 2**64 - 1, "uint64"))
    for indexing in ("xy", "ij"):
        grids = xp.meshgrid(xp.arange(2), xp.arange(3), xp.arange(4), indexing=indexing)
        for grid, want in zip(grids, np.meshgrid(*map(np.arange, (2, 3, 4)), indexing=indexing)):
            check(grid, want)


def test_integers_beyond_int64_need_a_dtype():
    for data in (2**63, [1, 2**63], [[2**70]]):
        with pytest.raises(OverflowError):
            xp.asarray(data)
    with pytest.raises(OverflowError):
        xp.full((2,), 2**63)
    assert xp.asarray([1, 2**63], dtype=xp.uint64).tolist() == [1, 2**63]
    assert xp.asarray([1.0, 2**63]).tolist() == [1, 2**63]


def test_asarray_copies_as_told():
    a = np.arange(3.0)
    shared, copied = xp.asarray(a), xp.asarray(a, copy=True)
    a[0] = 7
    assert shared.tolist() == [7, 1, 2] and copied.tolist() == [0, 1, 2]
    assert xp.asarray(shared, copy=False) is shared or xp.asarray(shared, copy=False).tolist() == [7, 1, 2]
    for data, options in (([1], {}), (a, {"dtype": xp.float32})):
        with pytest.raises(ValueError):
            xp.asarray(data, copy=False, **options)
    check(xp.asarray(memoryview(b"abc")), np.frombuffer(b"abc", "uint8"))


@pytest.mark.parametrize("dtype", ALL)
def test_manipulation(dtype):
    x, a = both(dtype, (2, 3, 4))
    check(xp.moveaxis(x, (0, 1), (2, 0)), np.moveaxis(a, (0, 1), (2, 0)))
    check(xp.roll(x, (1, -5), axis=(0, 2)), np.roll(a, (1, -5), axis=(0, 2)))
    check(xp.roll(x, 30), np.roll(a, 30))
    check(xp.flip(x, axis=(0, -1)), np.flip(a, (0, -1)))
    check(xp.repeat(x, xp.asarray([2, 0, 1]), axis=1), np.repeat(a, [2, 0, 1], axis=1))
    check(xp.tile(x, (2, 1)), np.tile(a, (2, 1)))
    check(xp.concat([x, x], axis=None), np.concatenate([a, a], axis=None))
    check(xp.stack(xp.unstack(x, axis=1), axis=-1), np.stack(np.unstack(a, axis=1), axis=-1))
    check(xp.squeeze(xp.expand_dims(x, 1), 1), a)
    with pytest.raises(ValueError):
        xp.squeeze(x, 0)


@pytest.mark.parametrize("dtype", FLOATS + COMPLEX)
def test_linalg(dtype):
    x, a = both(dtype, (2, 3, 3))
    x, a = x + 5 * lt.eye(3).to(x.dtype), a + 5 * np.eye(3, dtype=dtype)
    check(xp.linalg.inv(x), np.linalg.inv(a), rtol=1e-3)
    check(xp.linalg.matrix_power(x, -2), np.linalg.matrix_power(a, -2), rtol=1e-3)
    check(xp.linalg.matrix_power(x, 5), np.linalg.matrix_power(a, 5), rtol=1e-3)
    for order in ("fro", "nuc", 1, -1, 2, -2, math.inf, -math.inf):
        check(xp.linalg.matrix_norm(x, ord=order, keepdims=True),
              np.linalg.matrix_norm(a, ord=order, keepdims=True), rtol=1e-4)
    for order in (0, 1, 2, 3, -1, math.inf, -math.inf):
        check(xp.linalg.vector_norm(x, axis=(0, 2), ord=order),
              np.linalg.vector_norm(a, axis=(0, 2), ord=order), rtol=1e-4)
    u, s, vh = xp.linalg.svd(x)
    check((u * s[:, None, :].to(x.dtype)) @ vh, a, rtol=1e-3)
    check(xp.vecdot(x, x), np.vecdot(a, a), rtol=1e-4)
    check(xp.tensordot(x, x, axes=((0, 2), (0, 1))), np.tensordot(a, a, axes=((0, 2), (0, 1))), rtol=1e-4)
    check(xp.linalg.trace(x, offset=1), np.linalg.trace(a, offset=1))
    check(xp.linalg.cross(x[0], x[1]), np.cross(a[0], a[1]), rtol=1e-4)


def test_fft():
    x, a = both("float64", (4, 6))
    check(xp.fft.rfftn(x), np.fft.rfftn(a))
    check(xp.fft.irfft(xp.fft.rfft(x), n=6), a)
    check(xp.fft.fftshift(x, axes=1), np.fft.fftshift(a, axes=1))
    check(xp.fft.ifftshift(x), np.fft.ifftshift(a))
    for n in (1, 6, 7):
        check(xp.fft.fftfreq(n, d=0.5, dtype=xp.float64), np.fft.fftfreq(n, 0.5))
        check(xp.fft.rfftfreq(n, d=0.5, dtype=xp.float64), np.fft.rfftfreq(n, 0.5))


def test_limits():
    for name in FLOATS + COMPLEX:
        got, want = xp.finfo(getattr(xp, name)), np.finfo(name)
        assert (got.bits, got.eps, got.max, got.min, got.smallest_normal) == (
            want.bits, want.eps, want.max, want.min, want.smallest_normal)
    for name in INTEGERS:
        got, want = xp.iinfo(getattr(xp, name)), np.iinfo(name)
        assert (got.bits, got.max, got.min) == (want.bits, want.max, want.min)
    assert xp.isdtype(xp.uint8, ("integral", xp.float32)) and not xp.isdtype(xp.bool, "numeric")

"""Functions written in Python, against PyTorch's recorded answers, PyTorch itself, and plain NumPy."""
# SPDX-License-Identifier: BSD-3-Clause
#
# more_functions.txt holds programs and what PyTorch gives for them; `python test_more_functions.py` asks it again.
import inspect
import math
import pathlib
import warnings

import numpy as np
import pytest

import lazytensor as lt

TABLE = pathlib.Path(__file__).with_name("more_functions.txt")
NAMES = {"nan": math.nan, "inf": math.inf, "nanj": complex(0, math.nan), "infj": complex(0, math.inf), "np": np}
ERRORS = (IndexError, ValueError, TypeError, RuntimeError)


def programs():
    """The lines `program => answer`."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split(" => ")) for line in lines if line and not line.startswith("#")]


def plain(result):
    """Dtype and values of a tensor, its shape where it is empty; tuples of them; other things as they print."""
    if isinstance(result, (tuple, list)):
        return tuple(plain(r) for r in result)
    if hasattr(result, "tolist"):
        name = str(result.dtype).rpartition(".")[2]
        return name, result.tolist() if result.numel() else tuple(result.shape)
    return repr(result)


def answer(program, m):
    """What a program gives with m as its module, or the exception that it raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return plain(eval(program, {**NAMES, "m": m, "T": m.tensor}))
        except ERRORS as error:
            return next(kind for kind in ERRORS if isinstance(error, kind)), error


def same(a, b):
    if isinstance(a, (tuple, list)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, (float, complex)):
        return type(a) is type(b) and bool(np.isclose(a, b, rtol=2e-6, atol=1e-6, equal_nan=True))
    return a == b


def agrees(got, expected):
    """Whether the answer is the expected one; an exception may be a more special one."""
    if isinstance(expected, type):
        return isinstance(got[0], type) and isinstance(got[1], expected)
    return not isinstance(got[0], type) and same(got, expected)


@pytest.mark.parametrize("program, expected", programs())
def test_recorded_answers(program, expected):
    assert agrees(answer(program, lt), eval(expected, dict(NAMES))), answer(program, lt)


def test_live_answers(torch, old_torch):
    if old_torch:
        pytest.skip("the answers are those of PyTorch 2")
    wrong = [program for program, expected in programs()
             if not agrees(answer(program, torch), eval(expected, dict(NAMES)))]
    assert not wrong


LAZY = """
    m.einsum('ij,jk->ik', x, x)
    m.einsum('ii', x)
    x.index_add(0, i, x)
    x.index_copy(0, i, x)
    x.index_fill(0, i, 3.0)
    x.index_put((i,), x, True)
    x.put(i, x[0])
    x.masked_scatter(x > 0, x)
    x.scatter(0, x.long() * 0, x, reduce='add')
    x.scatter_reduce(0, x.long() * 0, x, 'prod')
    x.scatter_reduce(0, x.long() * 0, x, 'mean')
    x.unfold(0, 2, 1)
    x.kthvalue(2).values
    x.mode().indices
    x.nanmedian(0).values
    x.quantile(0.3)
    x.histc(3, 0, 5)
    m.bucketize(x, x[0])
    x.logcumsumexp(0)
    x.long().gcd(x.long())
    x.long().lcm(x.long())
    x.ldexp(x.long())
    x.frexp().mantissa
    m.complex(x, x)
    m.polar(x, x)
    m.addr(x, x[0], x[1])
    m.addmv(x[0], x, x[1])
    m.cdist(x, x)
    x.matrix_power(3)
    x.diag_embed()
    m.block_diag(x, x)
    m.cartesian_prod(x[0], x[1])
    m.combinations(x[0])
    m.cov(x)
    m.corrcoef(x)
    m.trapezoid(x)
    m.cumulative_trapezoid(x)
    m.round(x, decimals=2)
    x.digamma()
    x.erfinv()
    m.vander(x[0])
    m.gradient(x)[0]
    x.renorm(2, 0, 1)
    m.cosine_similarity(x, x)
    m.layer_norm(x, [3])
    m.rms_norm(x, [3])
    m.special.entr(x)
    m.linalg.multi_dot([x, x, x])
"""


@pytest.mark.parametrize("program", [line.strip() for line in LAZY.strip().splitlines()])
def test_nothing_is_computed(program):
    x, i = lt.rand(3, 3) * 3, lt.tensor([0, 2, 2])
    passes = lt.stats()["passes"]
    result = eval(program, {"m": lt, "x": x, "i": i})
    assert not result.is_ready() and lt.stats()["passes"] == passes
    assert result.eval() is result


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("eps", [None, 0.25])
def test_rms_norm(dtype, eps):
    x = np.linspace(-2, 3, 24).reshape(2, 3, 4).astype(dtype)
    weight = np.linspace(1, 2, 12).reshape(3, 4).astype(dtype)
    wide = x.astype("float64")
    mean = (wide * wide).mean((1, 2), keepdims=True) + (np.finfo(dtype).eps if eps is None else eps)
    got = lt.rms_norm(lt.tensor(x), (3, 4), lt.tensor(weight), eps)
    assert got.dtype == getattr(lt, dtype)
    np.testing.assert_allclose(got.numpy(), wide / np.sqrt(mean) * weight, rtol=4 * np.finfo(dtype).eps)


def test_unfold_is_a_view():
    x = lt.zeros(5)
    x.unfold(0, 2, 1)[:, 0] += 1
    assert x.tolist() == [1, 1, 1, 1, 0]


EQUATIONS = ["ij,jk->ik", "ij,kj->ik", "bij,bjk->bik", "ij,ij->", "ij,ij->ij", "i,j->ij", "ii->i", "ii", "ijj->i",
             "...i,...i->...", "...ij,jk->...ik", "b...,b->...", "ij->ji", "ij->", "i,i,i->i", "ij,jk,kl->il",
             "ab,bc,cd,da->", "abc,cd,bd->a", "i,ij,j", "ij,k->kij", "iij,jk->ki"]


@pytest.mark.parametrize("equation", EQUATIONS)
@pytest.mark.parametrize("dtype", ["float64", "int64", "complex128"])
def test_einsum(equation, dtype):
    r = np.random.default_rng(len(equation))
    sizes = dict(zip("abcdijkl", [2, 3, 2, 4, 3, 4, 2, 5]))
    inputs = equation.split("->")[0].split(",")
    if any(len(set(labels.replace(".", ""))) < len(labels.replace(".", "")) for labels in inputs):
        sizes = dict.fromkeys(sizes, 3)
    shapes = [[sizes[c] for c in labels.replace("...", "xy") if c in sizes] for labels in inputs]
    for labels, shape in zip(inputs, shapes):
        if "..." in labels:
            shape[labels.index("..."):labels.index("...")] = [2, 3]
    arrays = [r.integers(-4, 5, shape).astype(dtype) * (1 + 1j if dtype == "complex128" else 1) for shape in shapes]
    expected = np.einsum(equation, *arrays)
    got = lt.einsum(equation, *map(lt.tensor, arrays))
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-12)
    strided = [lt.tensor(a.T.copy()).T for a in arrays]
    np.testing.assert_allclose(lt.einsum(equation, *strided).numpy(), expected, rtol=1e-12)


@pytest.mark.parametrize("reduce, at", [("sum", np.add), ("prod", np.multiply), ("amax", np.maximum),
                                        ("amin", np.minimum)])
@pytest.mark.parametrize("include_self", [True, False])
@pytest.mark.parametrize("count", [1, 2, 7, 300])
def test_scatter_reduce(reduce, at, include_self, count):
    r = np.random.default_rng(count)
    x, source, index = r.standard_normal(9), r.standard_normal(count), r.integers(-9, 9, count)
    expected = x.copy()
    if not include_self:
        expected[index] = {"sum": 0, "prod": 1, "amax": -math.inf, "amin": math.inf}[reduce]
    at.at(expected, index, source)
    got = lt.tensor(x).scatter_reduce(0, lt.tensor(index), lt.tensor(source), reduce, include_self=include_self)
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-12)


def test_scatter_reduce_along_every_dimension():
    r = np.random.default_rng(0)
    x, source = r.integers(-3, 4, (3, 4, 5)), r.integers(-3, 4, (2, 4, 3))
    for dim in range(3):
        index = r.integers(0, x.shape[dim], (2, 3, 3))
        expected = x.copy()
        for place in np.ndindex(index.shape):
            target = list(place)
            target[dim] = index[place]
            expected[tuple(target)] *= source[place]
        got = lt.tensor(x).scatter_reduce(dim, lt.tensor(index), lt.tensor(source), "prod")
        np.testing.assert_array_equal(got.numpy(), expected)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"])
def test_gcd_and_lcm(dtype):
    limits, r = np.iinfo(dtype), np.random.default_rng(1)
    a, b = r.integers(limits.min, limits.max, (2, 1000), dtype, endpoint=True)
    if limits.min:
        a, b = np.maximum(a, -limits.max), np.maximum(b, -limits.max)
    a[:8], b[4:12] = 0, 0
    fibonacci = [1, 1]
    while fibonacci[-1] + fibonacci[-2] <= limits.max:
        fibonacci.append(sum(fibonacci[-2:]))
    a[-1], b[-1] = fibonacci[-1], fibonacci[-2]
    np.testing.assert_array_equal(lt.gcd(lt.tensor(a), lt.tensor(b)).numpy(), np.gcd(a, b))
    a, b = a % 10, b % 11
    np.testing.assert_array_equal(lt.lcm(lt.tensor(a), lt.tensor(b)).numpy(), np.lcm(a, b))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_exponents(dtype):
    r, limits = np.random.default_rng(2), np.finfo(dtype)
    x = r.standard_normal(5000) * 2.0 ** r.integers(-1074, 1023, 5000)
    x = np.concatenate([x, r.standard_normal(5000), [0, -0.0, math.inf, -math.inf, math.nan, float(limits.max),
                        float(limits.tiny), float(limits.smallest_subnormal)], 2.0 ** np.arange(-40, 16)])
    with np.errstate(over="ignore"):
        x = x.astype(dtype)
    mantissa, exponent = lt.tensor(x).frexp()
    m, e = np.frexp(x)
    np.testing.assert_array_equal(mantissa.numpy(), m)
    np.testing.assert_array_equal(exponent.numpy(), e)
    n = r.integers(-2300, 2300, x.size) // (1 if dtype == "float64" else 8)
    with np.errstate(all="ignore"):
        expected = np.ldexp(x, n)
    np.testing.assert_array_equal(lt.tensor(x).ldexp(lt.tensor(n)).numpy(), expected)


@pytest.mark.parametrize("interpolation", ["linear", "lower", "higher", "midpoint", "nearest"])
def test_quantiles(interpolation):
    r = np.random.default_rng(3)
    x, q = r.standard_normal((4, 7, 5)), np.array([0, 0.1, 0.37, 0.5, 1])
    for dim in (0, 1, -1, None):
        for keepdim in (False, True):
            got = lt.tensor(x).quantile(lt.tensor(q), dim, keepdim, interpolation=interpolation)
            expected = np.quantile(x, q, dim, keepdims=keepdim, method=interpolation)
            np.testing.assert_allclose(got.numpy(), expected, rtol=1e-12)
    x[r.random(x.shape) < 0.4] = math.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for dim in (0, 1, 2, None):
            got = lt.tensor(x).nanquantile(lt.tensor(q), dim, interpolation=interpolation)
            np.testing.assert_allclose(got.numpy(), np.nanquantile(x, q, dim, method=interpolation), rtol=1e-12)


def test_special_functions():
    x = np.concatenate([np.linspace(-6, 6, 1000), 2.0 ** -np.arange(1.0, 50), 1 - 2.0 ** -np.arange(1.0, 30)])
    y = lt.erf(lt.tensor(x))
    inverse = y.erfinv()
    np.testing.assert_allclose(inverse.erf().numpy(), y.numpy(), rtol=1e-14)
    # Recurrence, reflection, and -0.5772... = digamma(1).
    x = lt.tensor(x[np.abs(x - np.round(x)) > 1e-3])
    np.testing.assert_allclose((x + 1).digamma().numpy(), (x.digamma() + 1 / x).numpy(), rtol=1e-10, atol=1e-11)
    reflected = x.digamma() + math.pi / (math.pi * x).tan()
    np.testing.assert_allclose((1 - x).digamma().numpy(), reflected.numpy(), rtol=1e-10, atol=1e-10)
    assert abs(lt.tensor(1.0, dtype=lt.float64).digamma().item() + 0.57721566490153286) < 1e-15


def test_older_spellings_stay():
    x, i = lt.arange(6.0).reshape(2, 3), lt.tensor([[0, 1, 0]])
    assert lt.equal(x.scatter(axis=0, index=i, src=x), x.scatter(0, i, x))
    assert lt.equal(lt.scatter(x, 0, i, 2.0), x.scatter(0, i, value=2))
    assert lt.equal(x.repeat_interleave(2, axis=1), x.repeat_interleave(2, 1))
    assert lt.equal(lt.repeat_interleave(x, repeats=2, dim=0), x.repeat_interleave(2, 0))
    assert lt.round(x).tolist() == x.tolist() and x.clone().round_().tolist() == x.tolist()
    assert lt.searchsorted(lt.tensor([1, 3]), lt.tensor([2]), right=True, side="right").tolist() == [1]
    for call in (lambda: x.scatter(0, i), lambda: x.scatter(index=i, src=x), lambda: x.repeat_interleave("a")):
        with pytest.raises(TypeError):
            call()


def test_running_logarithms_of_sums():
    x = np.random.default_rng(4).standard_normal((3, 1000)) * 50
    got = lt.tensor(x).logcumsumexp(1)
    np.testing.assert_allclose(got.numpy(), np.logaddexp.accumulate(x, 1), rtol=1e-12)


def test_order():
    x = np.random.default_rng(5).integers(0, 9, (40, 15))
    values, places = lt.tensor(x).kthvalue(5, 1)
    np.testing.assert_array_equal(values.numpy(), np.sort(x, 1)[:, 4])
    np.testing.assert_array_equal(np.take_along_axis(x, places.numpy()[:, None], 1)[:, 0], values.numpy())
    values, places = lt.tensor(x).mode(1)
    for row, value, place in zip(x, values.tolist(), places.tolist()):
        assert value == np.bincount(row).argmax() and place == np.flatnonzero(row == value)[-1]


@pytest.mark.parametrize("dim", [0, 1, 2])
def test_distinct_slices(dim):
    x = np.random.default_rng(6).integers(0, 2, (6, 5, 4))
    x = np.concatenate([x, x[::-1]], 0) if dim == 0 else x
    values, inverse, counts = lt.tensor(x).unique(dim=dim, return_inverse=True, return_counts=True)
    expected, back, number = np.unique(x, axis=dim, return_inverse=True, return_counts=True)
    np.testing.assert_array_equal(values.numpy(), expected)
    np.testing.assert_array_equal(inverse.numpy(), back.reshape(-1))
    np.testing.assert_array_equal(counts.numpy(), number)


def test_histogram():
    x = np.random.default_rng(7).standard_normal(1000)
    np.testing.assert_array_equal(lt.tensor(x).histc(13, -2, 2).numpy(), np.histogram(x, 13, (-2, 2))[0])
    np.testing.assert_array_equal(lt.tensor(x).histc(13).numpy(), np.histogram(x, 13)[0])


def test_index_put_as_numpy():
    r = np.random.default_rng(8)
    for where in [(0,), (1,), (0, 1), (1, 2), (0, 2), (0, 1, 2)]:
        x = r.standard_normal((3, 4, 5))
        given = [r.integers(-x.shape[d], x.shape[d], (2, 1) if d == 1 else (2, 3)) if d in where else None
                 for d in range(3)]
        key = tuple(slice(None) if i is None else i for i in given)
        values = r.standard_normal(x[key].shape)
        expected = x.copy()
        np.add.at(expected, key, values)
        got = lt.tensor(x).index_put([i if i is None else lt.tensor(i) for i in given], lt.tensor(values), True)
        np.testing.assert_allclose(got.numpy(), expected, rtol=1e-12)


@pytest.mark.parametrize("size", [0, 1, 2, 31, 32, 33, 40])
@pytest.mark.parametrize("step", [1, 3, 50])
def test_windows(size, step):
    x = np.arange(240).reshape(2, 40, 3)
    for order in [(0, 1, 2), (2, 1, 0)]:
        array = x.transpose(order)
        expected = np.lib.stride_tricks.sliding_window_view(array, size, 1)[:, ::step] if size else None
        got = lt.tensor(x).permute(order).unfold(1, size, step)
        if size:
            np.testing.assert_array_equal(got.numpy(), expected)
        else:
            assert got.shape == (array.shape[0], 40 // step + 1, array.shape[2], 0)


def test_in_place_through_views():
    for code in ["index_add_(0, i, y)", "index_copy_(0, i, y)", "index_fill_(0, i, 9.0)", "put_(i, y[0, :2])",
                 "masked_scatter_(y > 1, y)", "scatter_reduce_(0, y.long() * 0, y, 'amax')", "cumsum_(0)",
                 "cumprod_(1)", "lerp_(y, 0.5)", "clip_(0.5, 1)", "fill_diagonal_(7.0)", "index_put_((i,), y)",
                 "addr_(y[0, :2], y[0])", "heaviside_(y)", "ldexp_(y.long())", "scatter_(1, y.long() * 0, 3.0)"]:
        whole = lt.arange(12.0).reshape(3, 4) / 4
        view, reader = whole[:2, 1:], whole + 0
        y, i = lt.tensor([[1.0, 2.0, 3.0], [0.5, 2.0, 0.0]]), lt.tensor([1, 0])
        expected = view.clone()
        result = eval("expected." + code.replace("_(", "(", 1) if hasattr(lt.Tensor, code.partition("_(")[0]) else
                      "expected." + code)
        before = reader.clone()
        assert eval("view." + code) is view, code
        assert lt.equal(whole[:2, 1:], result) and lt.equal(reader, before), code
        assert lt.equal(whole[2], before[2]) and lt.equal(whole[:, 0], before[:, 0])


@pytest.mark.parametrize("code", ["index_add_(0, i, x)", "index_copy_(0, i, x)", "index_fill_(0, i, 1.0)",
                                  "put_(i, x[0, :2])", "masked_scatter_(x == 0, x[:, 0])", "index_put_((i,), x)",
                                  "scatter_reduce_(0, x.long() * 0 + 9, x, 'amax')"])
def test_a_refused_index_changes_nothing(code):
    x, i = lt.zeros(2, 3), lt.tensor([0, 77])
    with pytest.raises((IndexError, RuntimeError)):
        eval("x." + code)
    assert x.tolist() == [[0, 0, 0], [0, 0, 0]]


def test_indices_are_refused_when_computed():
    x, i = lt.zeros(2, 3), lt.tensor([0, 77])
    for result in (x.index_add(0, i, x), x.index_put((i,), x), x.index_put((lt.tensor(0), lt.tensor(4)), x[0, 0])):
        with pytest.raises(IndexError):
            result.eval()


def test_shared_views():
    z = lt.tensor([1 + 2j, 3 - 4j])
    pairs = lt.view_as_real(z)
    pairs[0, 1] = 7
    assert z.tolist() == [1 + 7j, 3 - 4j]
    z += 1
    assert pairs.tolist() == [[2, 7], [4, -4]]
    assert lt.view_as_complex(pairs).tolist() == z.tolist()
    assert lt.view_as_real(z[::-1]).tolist() == [[4, -4], [2, 7]]


def test_random_numbers():
    lt.manual_seed(1)
    n = 100000
    assert abs(lt.bernoulli(lt.full((n,), 0.3)).mean().item() - 0.3) < 0.01
    assert abs(lt.zeros(n).bernoulli_(0.8).mean().item() - 0.8) < 0.01
    assert abs(lt.zeros(n).exponential_(2).mean().item() - 0.5) < 0.01
    assert abs(lt.zeros(n).log_normal_(0, 0.5).log().std().item() - 0.5) < 0.01
    assert abs(lt.zeros(n).cauchy_(3, 2).median().item() - 3) < 0.1
    assert abs(lt.zeros(n, dtype=lt.int64).geometric_(0.25).double().mean().item() - 4) < 0.1
    weights = lt.tensor([1.0, 0.0, 3.0])
    assert abs(lt.multinomial(weights, n, True).double().mean().item() - 1.5) < 0.02
    first = lt.multinomial(weights.expand(n, 3), 2)
    assert lt.equal(first.sort(1).values, lt.tensor([0, 2]).expand(n, 2))
    assert abs((first[:, 0] == 2).double().mean().item() - 0.75) < 0.01
    lt.manual_seed(1)
    again = lt.bernoulli(lt.full((50,), 0.3))
    lt.manual_seed(1)
    assert lt.equal(again, lt.bernoulli(lt.full((50,), 0.3)))


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float32", "float64", "complex64", "complex128"])
def test_limits_of_floats(name):
    limits = lt.finfo(getattr(lt, name))
    if name != "bfloat16":
        expected = np.finfo(name)
        assert [limits.bits, limits.eps, limits.max, limits.min, limits.tiny, limits.resolution] == [
            expected.bits, expected.eps, float(expected.max), float(expected.min), expected.tiny,
            float(f"1e-{expected.precision}")]


def test_every_function_has_one_line_of_documentation():
    modules = [lt._einsum, lt._linear, lt._numbers, lt._indexing, lt._scattering, lt._ordering, lt._statistical,
               lt._joining, lt._distributions, lt._arguments, lt._writing, lt._special]
    for module in modules:
        for name, f in inspect.getmembers(module, inspect.isfunction):
            if f.__module__ == "lazytensor" and not name.startswith("_"):
                assert f.__doc__ and "\n" not in f.__doc__.strip(), name


def record():
    """Writes PyTorch's answers into the table."""
    import torch

    lines = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        program = line.partition(" => ")[0]
        if program and not line.startswith("#"):
            got = answer(program, torch)
            line = f"{program} => {got[0].__name__ if isinstance(got[0], type) else repr(got)}"
        lines.append(line)
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()

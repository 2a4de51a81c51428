"""Creation, inference, printing, methods and functions: against NumPy and PyTorch."""
# SPDX-License-Identifier: BSD-3-Clause
import ast
import inspect

import numpy as np
import pytest
from hypothesis import given, strategies as st

import lazytensor as lt

SHARED = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64",
          "complex64", "complex128"]


# Creation and inference.

@pytest.mark.parametrize("data", [1, True, 1.5, 2j, [], [1, 2], [1, 2.5], [True, 1], [True, 2.5], [1, 2j], [[1], [2]],
                                  [[], []], [[[]]], (1, (2)), [(1, 2), [3, 4]], range(3), [np.float64(1), 2],
                                  [np.int32(1), np.int8(2)], np.array(3), np.ones((2, 0)), [np.ones(2), np.zeros(2)],
                                  np.array([1, 2], np.float16), -2**63, float("inf"), [float("nan"), -0.0]],
                         ids=repr)
def test_inference_is_pytorchs(data, torch):
    ours, theirs = lt.tensor(data), torch.tensor(data)
    assert str(ours.dtype) == str(theirs.dtype) and tuple(ours.shape) == tuple(theirs.shape)
    assert repr(ours) == repr(theirs)


def test_lists_of_tensors():
    assert lt.tensor([lt.tensor(1), lt.tensor(2)]).tolist() == [1, 2]
    assert lt.tensor([lt.ones(2), [3, 4]]).tolist() == [[1, 1], [3, 4]]
    assert lt.tensor([lt.ones(2, dtype=lt.float64), [3, 4]]).dtype is lt.float64
    pending = lt.arange(3) + 1
    assert lt.tensor([pending, pending[0] * lt.ones(3, dtype=lt.int64)]).tolist() == [[1, 2, 3], [1, 1, 1]]


CREATIONS = [
    "zeros(2, 3)", "zeros((2, 3))", "zeros([2, 3], dtype=m.int32)", "ones(())", "ones(0, 2)", "full((2,), 1.5)",
    "full((2,), True)", "full([2, 2], 3)", "full((), 2j)", "arange(5)", "arange(1, 5)", "arange(1, 5, 0.5)",
    "arange(5.)", "arange(5, dtype=m.float64)", "arange(5, 0, -2)", "arange(0)", "linspace(0, 1, 5)",
    "linspace(3, -3, 4, dtype=m.float64)", "linspace(0, 10, 1)", "logspace(0, 3, 4)", "logspace(0, 3, 4, base=2)",
    "eye(3)", "eye(2, 3)", "eye(2, dtype=m.int64)", "zeros_like(m.arange(3))", "ones_like(m.ones(2), dtype=m.int8)",
    "full_like(m.zeros(2), 7)", "tensor([1, 2]).new_zeros(2, 2)", "ones(2).new_full((2,), 3)",
    "ones(2, dtype=m.int32).new_tensor([1.5])", "tensor([[1, 2], [3, 4]]).new_ones((3,))", "Tensor([1, 2])",
    "Tensor(2, 3).shape", "as_tensor([1, 2.5])", "meshgrid(m.arange(2), m.arange(3), indexing='ij')",
    "meshgrid(m.arange(2), m.arange(3), indexing='xy')", "tensor(5).expand(2, 2)",
    "zeros(3, device='cpu')", "empty(2, 3).shape", "tensor([]).dtype", "get_default_dtype()", "Size([2, 3])",
    "Size([2, 3]).numel()", "zeros(2, 3).shape[1:]", "zeros(2, 3).shape + (4,)", "tensor(1).dtype",
]


@pytest.mark.parametrize("code", CREATIONS)
def test_creation_prints_as_pytorch(code, torch):
    assert repr(eval("m." + code, {"m": lt})) == repr(eval("m." + code, {"m": torch}))


@pytest.mark.parametrize("name", ["rand", "randn"])
def test_random(name):
    lt.manual_seed(5)
    a, b = getattr(lt, name)(1000), getattr(lt, name)(1000)
    lt.manual_seed(5)
    again = getattr(lt, name)(1000)
    assert lt.equal(a, again) and not lt.equal(a, b)
    assert lt.rand_like(a).shape == a.shape and lt.randn_like(a, dtype=lt.float64).dtype is lt.float64
    assert (a.mean() - (0.5 if name == "rand" else 0)).abs().item() < 0.15
    assert sorted(lt.randperm(100).tolist()) == list(range(100))
    picks = lt.randint(3, 7, (1000,))
    assert (picks.min().item(), picks.max().item()) == (3, 6)
    assert lt.randint_like(lt.zeros(3, dtype=lt.int8), 5).dtype is lt.int8
    assert lt.randint(5, (2, 2), dtype=lt.float32).dtype is lt.float32


# Printing.

@given(st.lists(st.floats(width=32) | st.integers(-10**6, 10**6).map(float), max_size=9), st.booleans())
def test_floats_print_as_pytorchs(torch, values, column):
    ours, theirs = lt.tensor(values), torch.tensor(values)
    if column:
        ours, theirs = ours[:, None], theirs[:, None]
    assert repr(ours) == repr(theirs)


@given(st.lists(st.integers(-2**63, 2**63 - 1), max_size=9))
def test_integers_print_as_pytorchs(torch, values):
    assert repr(lt.tensor(values, dtype=lt.int64)) == repr(torch.tensor(values, dtype=torch.int64))


@pytest.mark.parametrize("shape", [(), (0,), (3, 0), (2, 3), (2, 1, 3), (1001,), (40, 30), (2, 50, 50), (1, 1, 1, 1)])
@pytest.mark.parametrize("dtype", ["float32", "int64", "bool", "complex64", "float64", "bfloat16"])
def test_shapes_print_as_pytorchs(shape, dtype, torch):
    array = np.arange(int(np.prod(shape))).reshape(shape) % 7
    ours, theirs = lt.tensor(array).to(getattr(lt, dtype)), torch.tensor(array).to(getattr(torch, dtype))
    assert repr(ours) == repr(theirs) and str(ours) == str(theirs)


# Functions and methods. Each program runs with lazytensor and with PyTorch as m.

PROGRAMS = """
x.sum(), x.sum(axis=0), x.mean(axis=1, keepdims=True), x.sum(0), x.sum(dim=1, keepdim=True), x.sum((0, 1)), x.sum(-1, dtype=m.float64), m.sum(x, 1)
x.prod(), x.prod(1), x.mean(), x.mean(0, keepdim=True), x.var(), x.std(0), x.var(1, correction=0), x.var(dim=0, unbiased=False)
x.amax(), x.amin(0), x.amax((0, 1), keepdim=True), x.max(), x.min(1), x.max(0).indices, x.max(dim=0, keepdim=True).values
x.argmax(), x.argmax(0), x.argmin(1, keepdim=True), m.argmin(x), x.median(), x.norm(), x.norm(1), x.norm(3, 0), x.norm(float('inf'))
x.any(), x.all(0), (x > 1).any(1), x.count_nonzero(), x.logsumexp(1), x.softmax(0), x.log_softmax(1), x.cumsum(0), x.cumprod(1)
i.sum(), i.sum().dtype, i.prod(1), i.cumsum(0).dtype, i.max(), i.float().mean(), b.sum(), b.any(), i.to(m.uint8).sum().dtype
x + 1, 1 + x, x - i, 2 - x, x * i, x / 2, 1 / (x + 3), i / 2, i // 2, i % 3, -7 // (i + 1), x ** 2, 2 ** x, i ** 2, x // 0.7, -x, +x, abs(-x)
x > 1, x >= i, i == 2, i != 2, x < 0.5, i <= 2, x.eq(i), x.ne(1), m.gt(x, i), ~b, b & (i > 1), b | ~b, b ^ b, i & 3, i | 8, i ^ 1, i << 2, i >> 1
m.add(x, i, alpha=2), x.sub(1, alpha=0.5), x.div(0.3, rounding_mode='floor'), i.div(2, rounding_mode='trunc'), m.div(x, 0.3, rounding_mode='trunc')
m.maximum(x, i.float()), x.clamp(0.5, 1.5), x.clamp(min=1), x.clip(max=1), m.clamp(x, max=i.float()), x.clamp_min(1), m.clamp_max(x, 1)
m.where(x > 1, x, i), m.where(x > 1, 1, 0), x.where(x > 1, 0), m.where(b)[0], x.masked_fill(b, -1), m.lerp(x, x + 1, 0.5)
x.exp(), x.log(), x.sqrt(), x.rsqrt(), x.sin(), x.cos(), x.tan(), x.tanh(), x.sigmoid(), x.relu(), x.floor(), x.ceil(), x.round(), x.trunc(), x.sign(), x.abs(), x.square(), x.reciprocal(), x.erf(), x.expm1(), x.log1p(), x.exp2(), x.log2(), x.log10()
x.reshape(6), x.reshape(3, -1), x.view(3, 2), x.flatten(), x.t(), x.T, x.mT, x.permute(1, 0), x.transpose(0, 1), x.unsqueeze(0), x.unsqueeze(-1), x[None].squeeze(0), x.expand(2, 2, 3), x.repeat(2, 1), x.tile(2), x.flip(0), x.flip((0, 1)), x.roll(1), x.roll(1, 0), x.roll((1, 1), (0, 1))
x.split(2, 1), x.split([1, 2], 1), x.chunk(2, 1), x.unbind(), m.cat([x, x]), m.cat((x, i), 1), m.stack([x, x], 1), x.narrow(1, 1, 2), x.diagonal(), m.diag(x[0]), x.tril(), x.triu(1), x.repeat_interleave(2), x.repeat_interleave(2, 0), x.movedim(0, 1), m.broadcast_to(x, (2, 2, 3))
x.sort(), x.sort(0, descending=True), x.argsort(1), x.topk(2), x.topk(1, 0, largest=False), m.unique(i), i.unique(return_inverse=True, return_counts=True), x.nonzero(), b.nonzero(as_tuple=True), m.searchsorted(x[0].sort().values, x)
x.gather(1, i % 3), x.take(i), x.index_select(1, m.tensor([2, 0])), x.scatter(0, i % 2, x), x.scatter(0, i % 2, 5.0), x.scatter_add(1, i % 3, x), x.masked_select(b), x[b], x[:, m.tensor([2, 0])], x[m.tensor([1, 0]), m.tensor([2, 2])]
x @ x.T, m.matmul(x, x[0]), x.mm(x.T), x.mv(x[0]), m.dot(x[0], x[1]), m.outer(x[0], x[1]), m.bmm(x[None], x.T[None]), m.trace(x @ x.T)
x.item() if x.numel() == 1 else x.tolist(), x.numel(), x.dim(), x.ndim, x.size(), x.size(0), x.size(-1), x.shape, x.stride(), x.T.stride(), x.T.is_contiguous(), x.is_floating_point(), x.element_size(), len(x), x.dtype, x.itemsize, x.nbytes
x.to(m.int32), x.to(m.float64).dtype, x.int(), x.long(), x.double(), x.half(), x.bool(), x.type(m.int8), x.type_as(i), i.float(), x.to(i).dtype, m.promote_types(m.int32, m.float16)
m.isclose(x, x + 1e-9), m.allclose(x, x), m.equal(x, x), m.isnan(x), m.isfinite(x / 0), m.nan_to_num(x / 0, posinf=9.0), m.nan_to_num(i), m.isinf(x)
m.absolute(-x), m.arcsin(x / 9), m.subtract(x, 1), x.multiply(2), x.divide(2), m.true_divide(x, 2), m.greater(x, 1), x.less_equal(1), m.negative(x), x.fix(), m.arctan2(x, x + 1), x.swapaxes(0, 1), m.concatenate([x, x]), m.concat([x, x]), m.moveaxis(x, 0, 1)
m.hstack([x, x]), m.vstack((x, x[0])), m.dstack([x, x]), m.column_stack([x[0], x[1]]), m.row_stack([x, x]), m.hstack([x[0], x[1]]), m.atleast_1d(m.tensor(1)), m.atleast_2d(x[0]), m.atleast_3d(x), m.atleast_2d(x[0], x)
m.broadcast_tensors(x, x[0]), m.numel(x), m.is_tensor(x), m.is_tensor(1), m.std_mean(x), m.var_mean(x, 1), m.aminmax(x), x.aminmax(dim=0), m.is_floating_point(x), m.is_complex(x), m.result_type(x, 1), m.result_type(i, 1.5), m.result_type(i, m.tensor(1.5)), m.can_cast(m.float32, m.int64), m.can_cast(m.int8, m.uint8)
m.take_along_dim(x, x.argsort(1), 1), m.take_along_dim(x, m.tensor([[0], [1]]), 1), m.take_along_dim(x, m.tensor([3, 0])), m.diff(x), m.diff(x, dim=0), m.diff(x, n=2), m.diff(b), m.diff(x, prepend=x[:, :1]), m.diff(x[:, :0]), m.isin(i, m.tensor([1, 3])), m.isin(i, 2), m.isin(i, m.tensor([1]), invert=True)
x.nansum(), (x / 0).nansum(0), (x / 0 * 0).nanmean(), x.frac(), m.sinc(x), m.xlogy(x, x), m.xlogy(m.tensor([0.0, 0.0]), m.tensor([0.0, float('nan')])), m.logit(x / 9), m.heaviside(x, x), m.logaddexp2(x, x + 1), m.logaddexp2(m.tensor(-float('inf')), m.tensor(-float('inf'))), m.float_power(i, 2), m.rsub(x, 1), m.sgn(x - 1)
m.addcmul(x, x, x, value=2), m.addcdiv(x, x, x + 1, value=0.5), m.addmm(x, x, m.eye(3), alpha=2, beta=3), m.cross(x, x + 1, dim=1), m.dist(x, x + 1), m.inner(x, x), m.inner(x[0], x[1]), m.vdot(x[0], x[1]), m.msort(x), m.ger(x[0], x[1])
m.tensor_split(x, 2, 1), m.tensor_split(x, (1, 2), 1), m.hsplit(x, 3), m.vsplit(x, 2), x.unflatten(1, (3, 1)), x.select(1, 2), m.fliplr(x), x.flipud(), m.rot90(x), m.rot90(x, -1), m.rot90(x, 2), m.rot90(x, 3, (1, 0)), x[0].expand_as(x), x.view_as(x.T), x.reshape_as(x.T), m.argwhere(b), x.adjoint(), m.adjoint(c)
m.isreal(x), m.isposinf(x / 0), m.isneginf(-x / 0), x.is_signed(), x.is_same_size(i), m.ones(1).is_nonzero(), x.ndimension(), x.swapdims(0, 1), x.nelement(), x.detach(), x.contiguous(), x.clone(), x.new_tensor([1, 2]), c.real, c.imag, c.conj(), c.abs(), c.angle(), m.isreal(c), m.sgn(c)
m.deg2rad(x), m.rad2deg(x), m.hypot(x, x), m.atan2(x, x), m.logaddexp(x, x), m.copysign(x, -x), m.fmod(x, 0.7), m.remainder(-x, 0.7), m.bitwise_left_shift(i, 1), m.logical_and(x, i), m.logical_not(i), m.signbit(-x), m.fmin(x, i.float()), m.asinh(x), m.acosh(x + 1), m.atanh(x / 9), m.erfc(x), m.lgamma(x + 1)
""".strip().splitlines()


def values_of(m):
    """What the programs' names stand for."""
    x = m.tensor([[0.5, 1.5, -1.25], [2.0, 0.0, 3.75]])
    i = m.tensor([[0, 1, 2], [3, 4, 5]])
    b = m.tensor([[True, False, True], [False, True, False]])
    c = m.tensor([[1 + 2j, -1j], [0j, 3 + 0j]])
    return {"m": m, "x": x, "i": i, "b": b, "c": c}


def plain(value):
    """A value as text and numbers that both libraries share."""
    if isinstance(value, (tuple, list)) and not hasattr(value, "numel"):
        return [plain(v) for v in value]
    if hasattr(value, "tolist"):
        kind = str(value.dtype)
        return kind, tuple(value.shape), np.array(value.tolist(), dtype=complex if "complex" in kind else None)
    return repr(value)


def assert_same(ours, theirs, code):
    if isinstance(theirs, list):
        assert isinstance(ours, list) and len(ours) == len(theirs), code
        for a, b in zip(ours, theirs):
            assert_same(a, b, code)
    elif isinstance(theirs, tuple):
        assert ours[:2] == theirs[:2], code
        np.testing.assert_allclose(ours[2], theirs[2], rtol=3e-6, atol=1e-6, err_msg=code)
    else:
        assert ours == theirs, code


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("line", PROGRAMS, ids=range(len(PROGRAMS)))
def test_functions_against_pytorch(line, torch, old_torch):
    for node in ast.parse(f"({line},)", mode="eval").body.elts:
        code = ast.unparse(node)
        ours = eval(code, values_of(lt))
        try:
            theirs = eval(code, values_of(torch))
        except (AttributeError, TypeError):
            assert old_torch, f"PyTorch cannot do {code}"
            continue
        assert_same(plain(ours), plain(theirs), code)


@pytest.mark.parametrize("a", SHARED)
@pytest.mark.parametrize("b", SHARED)
def test_promotion(a, b, torch):
    if {a, b} & {"float16", "bfloat16"} and {a, b} & {"complex64", "complex128"}:
        pytest.skip("there is no complex32")
    for f in ((lambda m, x, y: x + y), (lambda m, x, y: x * y[0]), (lambda m, x, y: m.where(x == x, x, y))):
        ours = f(lt, lt.ones(2, dtype=getattr(lt, a)), lt.ones(2, dtype=getattr(lt, b)))
        theirs = f(torch, torch.ones(2, dtype=getattr(torch, a)), torch.ones(2, dtype=getattr(torch, b)))
        assert str(ours.dtype) == str(theirs.dtype)


@pytest.mark.parametrize("dtype", SHARED)
@pytest.mark.parametrize("number", [2, 1.5, True, 2j])
def test_promotion_with_numbers(dtype, number, torch):
    if number == 2j and dtype in ("float16", "bfloat16"):
        pytest.skip("there is no complex32")
    ours, theirs = (m.ones(2, dtype=getattr(m, dtype)) * number for m in (lt, torch))
    assert str(ours.dtype) == str(theirs.dtype) and ours.tolist() == theirs.tolist()


# What the package is.

def test_laziness_can_be_seen():
    before = lt.stats()["evaluations"]
    x = (lt.arange(10.0) * 2 + 1).sum()
    assert lt.stats()["evaluations"] == before and not x.is_ready()
    assert "pass" in x.explain() and "ms" in lt.explain(x, measured=True).replace("us", "ms")
    assert x.is_ready() and x.item() == 100
    a, b = lt.rand(5).sin(), lt.rand(5).cos()
    lt.eval(a, b)
    assert a.is_ready() and b.is_ready()


def test_everything_public_has_a_docstring():
    missing = [name for name, f in vars(lt).items()
               if callable(f) and not name.startswith("_") and not inspect.getdoc(f)]
    assert not missing
    for name in ("sin", "add", "sum", "reshape", "matmul", "tensor", "meshgrid"):
        assert len(getattr(lt, name).__doc__) > 20


def test_names_are_the_packages():
    assert repr(lt.Tensor) == "<class 'lazytensor.Tensor'>" and lt.ShapeError.__module__ == "lazytensor"
    assert lt.float32 is lt.float and lt.ones(1).dtype is lt.float32 and lt.newaxis is None
    assert lt.Tensor.sin is not None and hash(lt.float32) == hash(lt.float32) and {lt.float32: 1}[lt.float]
    assert lt.float32 == lt.float32 and lt.float32 != lt.float64 and lt.float32 != "float32"


def test_truth_and_membership():
    x = lt.tensor([1, 2, 3])
    assert 2 in x and 5 not in x and lt.tensor(1) and not lt.tensor(0.0)
    assert [t.item() for t in x] == [1, 2, 3] and len({x, x}) == 1
    assert float(lt.tensor(2)) == 2.0 and int(lt.tensor(2.7)) == 2 and complex(lt.tensor(1j)) == 1j
    assert sum(x).item() == 6 and max(x).item() == 3


def test_numbers_in_tensors_and_arrays_make_tensors():
    three = lt.tensor(3)
    for number in (three, np.array(3), np.int16(3)):
        assert lt.full((2,), number).tolist() == [3, 3] and lt.full((2,), number).dtype == lt.int64
        assert lt.arange(1, number).tolist() == [1, 2]
        assert lt.linspace(0, number, 4).tolist() == [0, 1, 2, 3]
        assert lt.logspace(0, number, 4, base=lt.tensor(2.0)).tolist() == [1, 2, 4, 8]
        assert lt.full_like(lt.ones(2), number).tolist() == [3, 3]
        assert lt.ones(2).new_full((1,), number).tolist() == [3]
    assert three.view(lt.int64).tolist() == 3
    with pytest.raises(TypeError):
        lt.logspace(1j, 2, 3)

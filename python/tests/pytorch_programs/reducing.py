"""Programs of reductions, cumulative functions, sorting, searching and linear algebra."""
# SPDX-License-Identifier: BSD-3-Clause
import itertools

from . import Exactness, listed

EXACT_REDUCTIONS = "amax amin argmax argmin all any count_nonzero max min median".split()
ROUNDED_REDUCTIONS = "sum prod mean std var nansum nanmean norm".split()
CUMULATIVE = "cumsum cumprod cummax cummin".split()
SOURCES = "a d k m e z u8 a.half() a.bfloat16() c64[1:4] t.zeros(2,0)".split()
DIMS = ["", "0", "dim=-1, keepdim=True", "1"]
SEVERAL = ["(0, 1)", "(-1, 0), True", "()", "(0, 0)", "[1]", "dim=(0, 2)", "3", "-4"]

EXACT = """
    a.max(b); t.max(a, b); t.min(a, k); t.max(a, 0).indices; t.max(a, 1, keepdim=True).values; t.max(a, dim=1)[1]
    a.min(1)[0]; t.aminmax(a); a.aminmax(dim=1); a.aminmax(dim=0, keepdim=True); t.aminmax(e); e.max(); e.argmax()
    e.argmax(0); e.argmax(1); d.max(); d.max(1); d.argmax(1); d.argmax(); d.median(); d.median(1); d.min(0); s.max()
    s.argmin(); s.median(); m.max(1); t.argmax(a); a.argmax(0, keepdim=True); a.argmax(dim=None, keepdim=True)
    t.tensor([1, 3, 3, 2]).argmax(); bo.argmax(); t.tensor([1, 3, 3, 2]).max(0); t.tensor([3, 1, 1]).min(0)
    t.tensor([0.0, -0.0]).max(); t.tensor([-0.0, 0.0]).argmax(); t.tensor([3, 1, 2, 2]).median()
    t.tensor([3, 1, 2, 2]).median(0); t.tensor([[1, 2, 2, 0]]).median(1); t.tensor([]).median(); a.all(); m.all(1)
    m.any(0); m.any(); m.any((0, 1)); t.all(a > -9); u8.any(); u8.all(); e.all(); e.any(); e.all(0); e.any(1)
    a.sum(dtype=t.int64); k.sum(dtype=t.float32); m.sum(); m.sum(0); u8.sum(); i64.sum(); k.sum(dtype=t.int8)
    a.sum(5); k.sum(1, dtype=t.float64); k.prod(); k.prod(1); m.prod(); u8.prod(); i8.prod(); k.prod(dtype=t.int8)
    t.sum(k, dim=(0, 1)); k.sum(axis=0); k.sum(0, keepdims=True); k.mean(); k.mean(dtype=t.float32); m.mean()
    k.mean(0); k.std(); k.var(); k.norm(); k.float().norm(); k.logsumexp(0); u8.mean(); a.sort(); a.sort(0)
    a.sort(descending=True); a.sort(0, True); a.sort(dim=0, descending=True).indices; a.sort(2); z.sort(); e.sort()
    e.sort(0); d.sort(); d.sort(0); d.sort(1, descending=True); d.sort(stable=True, dim=1); s.sort()
    s.sort(descending=True); k.sort(); t.sort(a)[0]; t.msort(a); a.argsort(); a.argsort(0); a.argsort(descending=True)
    d.argsort(stable=True); u8.sort(0, True); t.tensor([1, 1, 0, 0, 1]).sort(stable=True)
    t.tensor([1, 1, 0, 0, 1]).sort(stable=True, descending=True); z.argsort(); c64.sort(); bo.sort(); a.topk(2)
    a.topk(2, 0); a.topk(1, largest=False); a.topk(2, 1, True, True); a.topk(0); a.topk(4); a.topk(2, dim=5)
    z.topk(1); z.topk(0); s[:6].topk(3); s.topk(2).values; s.topk(2, largest=False); q.topk(3); u8.topk(2); e.topk(1)
    a.topk(-1); a.topk(2, -1, False, True); f16.topk(2); q.unique(); k.unique(); k.unique(return_counts=True)
    k.unique(return_inverse=True); k.unique(return_inverse=True, return_counts=True); m.unique()
    t.tensor([2.0, nan, 1.0, nan]).unique(); t.tensor([0.0, -0.0]).unique(); e.unique(); z.unique(); t.unique(u8)
    k.unique(dim=0); j.unique(sorted=True); t.tensor([[1, 2], [1, 2], [0, 1]]).unique(dim=0)
    t.tensor([[1, 2], [1, 2]]).unique(dim=1, return_inverse=True); u8.flip(0).unique(return_inverse=True)
    t.searchsorted(w, t.tensor([1, 7, -2])); t.searchsorted(w, t.tensor([[1, 7], [-2, 3]]), right=True)
    t.searchsorted(w, 3); t.searchsorted(w, 3, right=True); t.searchsorted(w, t.tensor([1, 3]), side='right')
    t.searchsorted(w.float(), t.tensor([2.5, nan, inf])); t.searchsorted(a.sort().values, a)
    t.searchsorted(w, t.tensor([1.5])); t.searchsorted(w, t.tensor([2]), out_int32=True)
    t.searchsorted(w.flip(0), t.tensor([2]), sorter=t.arange(5, -1, -1)); t.searchsorted(a.sort().values, p)
    t.searchsorted(w, z); t.searchsorted(w[:0], t.tensor([1])); t.searchsorted(t.tensor([1, 1, 2]), t.tensor([1]))
    t.isin(k, t.tensor([2, 5])); t.isin(k, 2); t.isin(2, k); t.isin(k, t.tensor([2, 5]), invert=True); t.isin(s, s)
    t.isin(k, a); t.isin(e, k); t.isin(k, e); t.bincount(t.tensor([0, 1, 1, 3]))
    t.bincount(t.tensor([0, 1, 1]), minlength=5); t.bincount(t.tensor([0, 1, 1]), weights=p); t.bincount(q)
    w[:0].bincount(); t.bincount(p); t.bincount(k); t.bincount(u8[:3]); t.bincount(t.tensor([0, 1]), t.tensor([3, 4]))
    t.bincount(t.tensor([0, 1]), t.tensor([0.5, 2])); a.cummax(0); a.cummin(1); d.cummax(1); d.cummin(0)
    t.tensor([1, 3, 3, 2, 3]).cummax(0); t.tensor([1, 1, 0, 0]).cummin(0); a.cummax(2); m.cummax(0); k.cumsum(0)
    k.cumsum(1); m.cumsum(1); u8.cumsum(0); k.cumsum(0, dtype=t.int8); k.cumprod(1); u8.cumprod(0); k.cumsum(-3)
    z.cumsum(0); e.cumsum(1); k.diff(); k.diff(dim=0); k.diff(2); k.diff(n=0); k.diff(prepend=k[:, :1])
    k.diff(append=k, dim=0); m.diff(); u8.diff(); a.diff(); z.diff(); e.diff(); k.diff(9); k @ k.T; k @ q; q @ q
    q @ k.T; k.matmul(k); k @ t.ones(4); k @ k.float().T; z @ z; m @ m.T; k.mm(k.T); k.mm(q); k.mv(q); k.mv(k)
    q.dot(q); q.dot(p); q.dot(q[:2]); x.long() @ x.long().mT; x.long() @ t.arange(4); x.long().bmm(x.long().mT)
    t.arange(3) @ x.long(); x.bmm(x); t.arange(24).reshape(2, 1, 3, 4) @ x.long().mT; x.long()[:, None] @ x.long().mT
    t.zeros(0, 3) @ t.zeros(3, 2); t.zeros(2, 0) @ t.zeros(0, 3); t.zeros(0) @ t.zeros(0); u8 @ u8
    i8[:, None] @ i8[None]; t.outer(q, q); q.outer(p); t.outer(k, q); t.ger(q, q); q.inner(q); k.inner(k); k.inner(q)
    z.inner(k); k.trace(); a.trace(); x.trace(); p.trace(); m.trace(); t.tensordot(k, k, 2); t.tensordot(k, k, 1)
    t.tensordot(k, k, ([1], [1])); t.tensordot(k, k, dims=0); t.tensordot(x.long(), k, ([1], [1])); t.vdot(q, q)
    t.cross(q, q.roll(1)); t.cross(k, k.roll(1, 0), dim=1); t.cross(k, q, dim=1); t.cross(k, k, dim=0)
    t.addmm(k, k[:, :2], k); t.addmm(q, k[:, :2], k, beta=2, alpha=3); t.addmm(k, k, k); t.vdot(c64, c64)
    t.dot(c64, c64); c64.outer(c64); c64[:4].reshape(2, 2) @ c64[:4].reshape(2, 2); c64[:4].reshape(2, 2).adjoint()
    p.addmm(a, a.T); t.count_nonzero(m, dim=0); t.count_nonzero(k, dim=(0, 1)); s.count_nonzero()
    a.nansum(dtype=t.float64); k.nansum(); c64.sum(); c64.prod(); c64.mean(); c64.cumsum(0)
    k.unique(sorted=False).sort().values; t.flatten(k).tolist(); t.median(k, 1); t.median(k)
    t.median(k, dim=0, keepdim=True); k.float().mean(0); k.max(dim=0).values; t.sort(k, stable=True, dim=0)
    k.sort(1, True).values; t.argsort(k, dim=-1, descending=True); t.topk(k, k=2, dim=1, largest=False, sorted=True)
    t.amax(k, (0, 1)); t.amin(k, -1, True); z.topk(0, largest=False); u8.sort(0, True).indices
    t.tensor([nan, 1.0]).topk(1, largest=False)
"""
ROUNDED = """
    a.softmax(0); a.softmax(-1); t.softmax(a, dim=1); k.softmax(0); a.log_softmax(1); s[1:].softmax(0); a.softmax(2)
    a.softmax(0, dtype=t.float64); k.softmax(0, dtype=t.float32); a.half().softmax(1); z.softmax(0); e.softmax(1)
    e.softmax(0); a.log_softmax(0).exp(); t.tensor([-inf, -inf]).softmax(0); t.tensor([1000.0, 0.0]).softmax(0)
    t.tensor([-inf, -inf]).logsumexp(0); t.tensor([inf, 1.0]).logsumexp(0); t.tensor([1000.0, 1000.0]).logsumexp(0)
    a.logsumexp(1); a.logsumexp((0, 1)); a.logsumexp(0, True); z.logsumexp(0); e.logsumexp(0); a.std(1)
    a.std(1, keepdim=True); a.std(unbiased=False); a.var(1, correction=0); a.var(correction=2); a.var(0, correction=2)
    p[:1].std(); p[:1].var(correction=0); z.std(); e.std(); e.var(0); e.mean(); e.mean(1); e.mean(0); t.var_mean(a, 1)
    t.std_mean(a); a.std((0, 1)); x.var((0, 2)); a.std(1, True); a.var(0, False, True); c64.var(); c64.std(); s.std()
    a.std(dim=None); a.norm(); a.norm(1); a.norm(2, 1); a.norm(inf); a.norm(-inf); a.norm(0); a.norm(3, 0)
    a.norm('fro'); a.norm(p=1, dim=1, keepdim=True); c64.norm(); e.norm(); p.norm(0.5); a.norm(dim=1)
    a.norm(dim=(0, 1)); t.dist(a, b); t.dist(a, b, 1); t.dist(a, b, inf); t.nanmean(s[3:])
    t.tensor([1.0, nan, 3.0]).nanmean(); t.tensor([nan]).nanmean(); t.tensor([nan]).nansum(); d.nanmean(1)
    d.nansum(0); d.nanmean((0, 1), keepdim=True); a @ a.T; a @ p; p @ p; a @ b.double().T; a.half() @ b.half().T
    a.mm(b.T); a.mv(p); p.dot(p); x @ x.mT; x.bmm(x.mT); x @ t.ones(4); t.outer(p, p); a.matmul(b.T)
    t.addmm(p[:2], a, b.T, beta=0.5, alpha=2); t.cross(p, q.float()); t.tensordot(a, b); t.kron(a, b)
    t.logaddexp(a, b); a.cumsum(0); a.cumsum(1, dtype=t.float64); a.cumprod(1); a.half().cumsum(1); d.cumsum(1)
    d.cumprod(0); a.prod(); a.prod(1, True); a.mean(dtype=t.float64); a.half().sum(); a.half().mean(1)
    a.bfloat16().sum(1); t.full((4096,), 0.1).half().sum(); t.full((4096,), 1.0).bfloat16().sum()
    t.full((3000,), 0.1).half().mean(); t.full((4096,), 1.0).half().cumsum(0)[-1]; t.ones(70000).half().sum()
    (t.arange(10000.0) / 7).sum(); (t.arange(10000.0) / 7).var(); (t.arange(1000.0) % 7).std()
    (t.arange(10000.0) + 1e6).var(); t.arange(1000).float().norm(); (t.arange(4096.0) % 5).reshape(64, 64).sum(0)[:4]
    (t.arange(4096.0) % 5).reshape(64, 64).mean(1)[:4]; (t.arange(65536) % 3).sum(); (t.arange(65536) % 3 == 0).sum()
    (t.arange(65536) % 251).byte().sum(); t.ones(300, dtype=t.uint8).sum(); (t.arange(65536) % 257).argmax()
    (t.arange(65536) % 257).float().max(0); (t.arange(65536) % 97).sort(stable=True).indices[:5]
    (t.arange(4096) * 7 % 4096).argsort()[:5]; (t.arange(4096) % 10).unique(return_counts=True)
    t.arange(70000).flip(0).topk(3)
"""


def reductions(names):
    """Each over no dimension, one, and one kept; some over several dimensions and ones that are not there."""
    for name, source, dim in itertools.product(names, SOURCES, DIMS):
        arguments = f"2, {dim}" if name == "norm" and dim[:1].isdigit() else dim
        if not (name == "count_nonzero" and "keepdim" in dim):
            yield f"{source}.{name}({arguments})"
    for name, dim in itertools.product({"amax", "all", "sum", "mean", "var", "logsumexp"} & set(names), SEVERAL):
        yield f"x.{name}({dim})"


def programs():
    """What chooses elements is exact, as are integers.

    Sums are of few numbers, or of numbers without cancellation: orders of adding them differ by a few units."""
    exact = [*reductions(EXACT_REDUCTIONS), *listed(EXACT)]
    rounded = [*reductions(ROUNDED_REDUCTIONS), *listed(ROUNDED)]
    rounded += [f"{source}.{name}({dim})" for name in CUMULATIVE for source in SOURCES for dim in ("0", "-1")]
    return {**dict.fromkeys(exact, Exactness(0)), **dict.fromkeys(rounded, Exactness(4))}

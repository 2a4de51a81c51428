"""The programs whose answers are not PyTorch's, and why: those meant to differ, and those that are bugs."""
# SPDX-License-Identifier: BSD-3-Clause

# Documented, or PyTorch's answer is not one to follow. Each must still differ.
DELIBERATE = """
docs/reference.md: the sign of NaN is NaN
    t.sign(f16)
    t.sign(bf)
    t.sign(f32)
    t.sign(f64)
    t.sgn(f16)
    t.sgn(bf)
    t.sgn(f32)
    t.sgn(f64)
docs/reference.md: any and all give bool, of uint8 too
    u8.sum().dtype, u8.prod().dtype, u8.cumsum(0).dtype, u8.any().dtype
    u8.all()
    u8.all(0)
    u8.all(dim=-1, keepdim=True)
    u8.any()
    u8.any(0)
    u8.any(dim=-1, keepdim=True)
docs/reference.md: pow takes all but bool
    t.pow(m, True)
docs/reference.md: there is no complex32, so complex numbers make complex64 of 16-bit floats
    [(f16[:1] + v[0]).dtype for v in (bo, u8, i8, i16, i32, i64, f16, bf, f32, f64, c64, c128)]
    [(f16 + v).dtype for v in (True, 1, 1.5, 1j)]
    [(f16[0] * v).dtype for v in (True, 1, 1.5, 1j)]
    [t.result_type(f16, v) for v in (True, 2, 2.5, 2j, o, z)]
    [t.result_type(bf, v) for v in (True, 2, 2.5, 2j, o, z)]
PyTorch rounds the square root to float16 before it divides
    t.rsqrt(f16)
The sine of a multiple of pi is what pi's rounding left over
    t.sinc(i64)
Two mistakes at once: either may be reported
    c64[1:4].argmax(1)
    c64[1:4].argmin(1)
"""

# PyTorch refuses what has an answer here: NumPy's, or that of operands promoted first. Each must still be answered.
EXTENSIONS = """
docs/design.md: a negative step in a slice is a view, as in NumPy
    a[:, ::-1]
    a[:, ::-1] = 7; a
    b = a.T; b[:, ::-1] += 1; a
Operands that overlap what is written are read first
    b = w[1:]; w[:-1].add_(b); w
    a.add_(a[0]); a
    a.mul_(a[0, 0]); a
    a.div_(a[0, 0]); a
Operands of two dtypes are promoted
    t.lerp(a, k, 0.5)
    t.isclose(a, k)
    t.meshgrid(p, q, indexing='ij')
    t.meshgrid(p, q, indexing='xy')
    t.meshgrid(p[:1], q, o, indexing='ij')
    k @ k.float().T
    a @ b.double().T
    q.dot(p)
    a.scatter(1, j, k)
    a.scatter_add(1, j, k)
    a[m] = k[m]; a
    a[1, [0, 2]] = t.tensor([5, 6]); a
    t.addcdiv(k, k, k)
Dtypes that PyTorch leaves out
    t.isposinf(c64)
    t.isneginf(c64)
    t.deg2rad(c64)
    t.rad2deg(c64)
    m.argmax()
    m.argmax(0)
    m.argmax(dim=-1, keepdim=True)
    m.argmax(1)
    m.argmin()
    m.argmin(0)
    m.argmin(dim=-1, keepdim=True)
    m.argmin(1)
    bo.argmax()
    c64.sort()
    c64[1:4].nansum()
    c64[1:4].nansum(0)
    c64[1:4].nansum(dim=-1, keepdim=True)
    c64[1:4].nanmean()
    c64[1:4].nanmean(0)
    c64[1:4].nanmean(dim=-1, keepdim=True)
Arguments that PyTorch does not take
    t.clamp(a, b, 2)
    t.full(2, 3)
    z.permute()
    t.cat(a)
    t.stack(a)
    a.masked_fill(m, p)
    w[:2] = [8, 9]; w
"""

# What is to be repaired. A program that begins to give PyTorch's answer fails its test until it is taken out here.
KNOWN_BUGS = """
topk(0) of a 0-d tensor reads memory that nothing has written
    z.topk(0)
    z.topk(0, largest=False)
clamp converts its limits to the integer dtype before it compares
    t.clamp(u8, -1)
    u8.clamp(max=300)
    u8.clamp(-5, 300)
    i8.clamp(-1000, 1000)
    u8.clamp(max=-1)
alpha=, value= and products of addcmul are computed before operands are promoted
    k.add(u8[3:4], alpha=2)
    k.sub(u8[3:4], alpha=2)
    t.rsub(u8[3:4], k, alpha=2)
    t.addcmul(k, u8[3:4], u8[3:4])
    t.add(a.double(), p, alpha=0.1)
    t.addcmul(a.double(), p, p, value=0.1)
xlogy takes the logarithm before it promotes
    t.xlogy(a.double(), b)
    t.xlogy(a.half(), b.bfloat16())
logit subtracts in the integer dtype
    t.logit(u8)
    t.logit(i64)
dtype= is ignored for small integers
    k.sum(dtype=t.int8)
    k.prod(dtype=t.int8)
    k.cumsum(0, dtype=t.int8)
Selected elements of an expanded tensor are written, and then overwritten by what was there
    b = p.expand(2, 3); b[[True, False]] = 1; p
    b = p.expand(2, 3); b[t.tensor([0])] = 1; p
A mask of size 0 is taken for any size
    a[e.bool()]
    a[e.bool()] = 7; a
    a[e.bool()] = 0; a
    a[t.zeros(0, dtype=t.bool)]
    a[t.zeros(0, dtype=t.bool)] = 7; a
    b = a.T; b[t.zeros(0, dtype=t.bool)] += 1; a
0 ** 0 of complex numbers
    c64 ** 0
tril and triu of bool
    t.tril(m)
diag of a matrix is a view
    b = t.diag(a); b.zero_(); a
real and imag are no views, conj and + of real numbers copy
    b = +a; b[0, 0] = 9; a
    b = a.conj(); b[0, 0] = 9; a
    b = a.real; b[0, 0] = 100; a
    b = c64.real; b[0] = 100; c64
    b = c64.imag; b += 1; c64
Numbers are rounded to 16 bits before they are multiplied
    a.half() * 0.1
    a.half() * 1e5
    a.half() * t.tensor(1e5)
    h = a.half(); h *= 1e5; h
sinc multiplies by pi in 16 bits
    t.sinc(a.half() * 1e3)
    t.sinc(f16)
    t.sinc(bf)
Numbers that the dtype does not hold
    t.where(m, u8[:3], 300)
    t.pow(u8, 300)
    h = a.half(); h[0] = 1e6; h
    h = a.half(); h.fill_(1e6); h
Integers to the power of a negative number
    k ** -1
    t.pow(k, -3)
    t.pow(u8, -1)
    w.pow_(-1); w
bool is subtracted where the other operand is not bool
    t.sub(m, k)
    t.sub(m, 2)
    t.sub(m, 2.5)
    t.sub(k, True)
    t.sub(a, True)
    t.sub(bo[0], 2)
    True - k
    2 - m
alpha= and value= change the dtype
    t.add(k, k, alpha=2.5)
    t.add(m, m, alpha=2)
    t.addcmul(k, k, k, value=0.5)
Indices and masks that are none: negative, floats, numbers
    a.index_select(1, i)
    a.index_select(0, t.tensor([-1]))
    a.index_select(0, p)
    a.gather(1, t.tensor([[-1]]))
    a.gather(1, j.float())
    a.scatter(1, t.tensor([[-1]]), 1)
    w.scatter_(0, i, 9); w
    a.masked_select(k)
    a.masked_fill(k, 1)
    t.where(k, a, b)
uint8 is an index, not a mask
    a[t.tensor([0, 1], dtype=t.uint8)]
    a[t.tensor([0, 1], dtype=t.uint8)] = 7; a
    b = a.T; b[t.tensor([0, 1], dtype=t.uint8)] += 1; a
Lists of lists, ranges and two ellipses as indices
    a[[[0, 1], [1, 0]]]
    a[[[0, 1], [1, 0]]] = 7; a
    b = a.T; b[[[0, 1], [1, 0]]] += 1; a
    a[range(2)]
    a[range(2)] = 7; a
    b = a.T; b[range(2)] += 1; a
    a[..., ...]
    a[..., ...] = 7; a
    b = a.T; b[..., ...] += 1; a
Shapes that should be refused
    k.mm(q)
    w.vsplit(2)
    z.flipud()
    w.fill_(p); w
    z.movedim(2, -3)
    o.roll(1, 0)
chunk of nothing
    e.chunk(3)
Positions in a 0-d tensor
    t.where(z)
    t.tensor(0.0).nonzero(as_tuple=True)
all over no dimensions is over all of them
    x.all(())
nanmean of integers
    k.nanmean()
    k.nanmean(0)
    k.nanmean(dim=-1, keepdim=True)
    k.nanmean(1)
    m.nanmean()
    m.nanmean(0)
    m.nanmean(dim=-1, keepdim=True)
    m.nanmean(1)
    u8.nanmean()
    u8.nanmean(0)
    u8.nanmean(dim=-1, keepdim=True)
    u8.nanmean(1)
abs_ of complex numbers
    c64.abs_(); c64
Not the exception that PyTorch raises
    e.amax()
    e.amin()
    e.max()
    e.min()
    t.zeros(2,0).amax()
    t.zeros(2,0).amin()
    t.zeros(2,0).max()
    t.zeros(2,0).min()
    t.aminmax(e)
    a.topk(4)
    a.topk(-1)
    x.narrow(1, 2, 2)
    z.unbind()
    z.hsplit(1)
    z.diff()
    p.fliplr()
    p.rot90()
    t.cross(k, q, dim=1)
    a.index_select(0, j)
    a.gather(1, t.tensor([[3]]))
    a.scatter(1, t.tensor([[3]]), 1)
    a[[0, 1], [0, 1, 2]]
    a[[0, 1], [0, 1, 2]] = 7; a
    b = a.T; b[[0, 1], [0, 1, 2]] += 1; a
    float(c64[1])
    'x' in a
Memory in the order of a transposed tensor
    t.ones_like(a.T).stride()
    a.T.clone().is_contiguous()
The tensor itself where there is nothing to change
    a.to(a.dtype) is a
    t.as_tensor(a) is a
Names of dtypes and devices
    a.type()
    k.type()
    a.device.type
    repr(a.device)
Arguments that are not there
    t.round(a, decimals=1)
    t.round(a * 1.37, decimals=0)
    t.round(100 * a, decimals=-2)
    t.full([2], z)
    t.arange(o)
    w.fill_(z); w
    k.unique(dim=0)
    t.tensor([[1, 2], [1, 2], [0, 1]]).unique(dim=0)
    t.tensor([[1, 2], [1, 2]]).unique(dim=1, return_inverse=True)
    t.searchsorted(w, t.tensor([2]), out_int32=True)
    t.searchsorted(w.flip(0), t.tensor([2]), sorter=t.arange(5, -1, -1))
    a.view(t.int32)
    a.double().view(t.int64)
    a.view(t.int16).shape
    k.view(t.float64)
    b = a.view(t.int32); b[0, 0] = 0; a
    q.repeat_interleave(i.abs())
    a.repeat_interleave(w[1:3], 0)
    a.repeat_interleave(w[1:4], 0)
    a.scatter(1, j, 2, reduce='add')
"""


def listed(text):
    """{program: reason}; a reason begins its line, its programs are indented."""
    reason, found = "", {}
    for line in text.strip().splitlines():
        if line.startswith(" "):
            found[line.strip()] = reason
        else:
            reason = line
    return found

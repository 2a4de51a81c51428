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
The sine of a multiple of pi is what rounding leaves over: another number on some processors
    t.sinc(i64)
Two mistakes at once: either may be reported
    c64[1:4].argmax(1)
    c64[1:4].argmin(1)
The array API standard: a mask of size 0 along a dimension selects nothing
    a[e.bool()]
    a[e.bool()] = 7; a
    a[e.bool()] = 0; a
    a[t.zeros(0, dtype=t.bool)]
    a[t.zeros(0, dtype=t.bool)] = 7; a
    b = a.T; b[t.zeros(0, dtype=t.bool)] += 1; a
python/README.md: real, imag, conj and + give values, not views
    b = +a; b[0, 0] = 9; a
    b = a.conj(); b[0, 0] = 9; a
    b = a.real; b[0, 0] = 100; a
    b = c64.real; b[0] = 100; c64
    b = c64.imag; b += 1; c64
The array API standard and NumPy: uint8 is an index, not a mask
    a[t.tensor([0, 1], dtype=t.uint8)]
    a[t.tensor([0, 1], dtype=t.uint8)] = 7; a
    b = a.T; b[t.tensor([0, 1], dtype=t.uint8)] += 1; a
NumPy: lists of lists are one index, and one ellipsis is enough
    a[[[0, 1], [1, 0]]]
    a[[[0, 1], [1, 0]]] = 7; a
    b = a.T; b[[[0, 1], [1, 0]]] += 1; a
    a[..., ...]
    a[..., ...] = 7; a
    b = a.T; b[..., ...] += 1; a
docs/reference.md: no dimensions are all dimensions
    x.all(())
docs/design.md: new tensors are row-major
    t.ones_like(a.T).stride()
    a.T.clone().is_contiguous()
Python raises TypeError there
    float(c64[1])
    'x' in a
Elements that are one in memory are written through masks, not through index tensors: an error says so
    b = p.expand(2, 3); b[t.tensor([0])] = 1; p
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
Positions and masks: negative ones count from the end, and numbers are masks where they are not zero
    a.index_select(1, i)
    a.index_select(0, t.tensor([-1]))
    a.gather(1, t.tensor([[-1]]))
    a.scatter(1, t.tensor([[-1]]), 1)
    w.scatter_(0, i, 9); w
    a.masked_select(k)
    a.masked_fill(k, 1)
    t.where(k, a, b)
"""

# What is to be repaired. A program that begins to give PyTorch's answer fails its test until it is taken out here.
KNOWN_BUGS = """
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

"""Programs that write: assignments, operations in place, aliasing views. The last expression is what is compared."""
# SPDX-License-Identifier: BSD-3-Clause
from . import Exactness

PROGRAMS = """
    b = a[0]; c = b[1:]; a = a * 2; c += 1; b
    b = x[0]; x += b.sum(); x[0, 0] -= b[0]; b[0]
    b = a.T[1:]; a[0, 1:] = b[:, 1] * 2; a
    a[1:] += a[:-1]; a
    w[::2], w[1::2] = w[1::2], w[::2]; w
    w[[0, 1]] = w[[1, 0]]; w
    a[a > 0] += a[a > 0]; a
    b = a > 0; a[b] = -1; b
    b = a.max(1); a.zero_(); b
    b, c = a.split(1); b += c; a
    b = [u.add_(1) for u in a]; a
    b = a.view(6)[::2].view(3, 1); b += 1; a
    b = x.permute(2, 0, 1).reshape(4, 6); b += 1; x.sum()
    b = t.atleast_2d(p); b[0, 0] = 9; p
    b = t.broadcast_tensors(p, a)[1]; b[0, 0] = 9; a
    b = t.diag(a); b.zero_(); a
    b = +a; b[0, 0] = 9; a
    b = a.conj(); b[0, 0] = 9; a
    b = a.cpu(); b[0, 0] = 9; a
    b = a.roll(0); b[0, 0] = 9; a
    b = a[True]; b.zero_(); a
    b = a[t.tensor(0)]; b.zero_(); a
    b = x[..., t.tensor(1)]; b.zero_(); x[0, 0]
    b = z.reshape(1); b += 1; z
    b = a[1:]; b += 1; a
    b = a[:, 1]; b.mul_(2); a
    b = a.T; b[0] = 7; a
    b = a.view(-1); b[::2] = 0; a
    b = a.reshape(3, 2); b[0, 0] = 9; a
    b = a.T.reshape(6); b[0] = 9; a
    b = a.flatten(); b.zero_(); a
    b = a.diagonal(); b.fill_(5); a
    b = x.transpose(0, 2)[1]; b -= 100; x
    b = a[None, ..., None].squeeze(); b.neg_(); a
    b = a.unbind(1)[1]; b += a[:, 0]; a
    b = a.split(1)[1]; b.sqrt_(); a
    b = x.chunk(2, 2)[1]; b *= -1; x
    b = a.narrow(1, 1, 2); b.copy_(t.tensor([[8.0], [9.0]])); a
    b = a.detach(); b[0, 0] = 100; a
    b = a.clone(); b[0, 0] = 100; a
    b = a.contiguous(); b[0, 0] = 100; a
    b = a.T.contiguous(); b[0, 0] = 100; a
    b = a[...]; b[0, 0] = 100; a
    b = a[[0, 1]]; b[0, 0] = 100; a
    b = a[m]; b[0] = 100; a
    b = a.float(); b[0, 0] = 100; a
    b = a.to(t.float32); b[0, 0] = 100; a
    b = a.double(); b[0, 0] = 100; a
    b = a.expand_as(a); b[0, 0] = 100; a
    b = a.reshape(2, 3); b[0, 0] = 100; a
    b = a.squeeze(); b[0, 0] = 100; a
    b = a.real; b[0, 0] = 100; a
    b = c64.real; b[0] = 100; c64
    b = c64.imag; b += 1; c64
    b = a.view(t.int32); b[0, 0] = 0; a
    b = a.movedim(0, 1); b[0, 0] = 100; a
    b = a.ravel(); b[0] = 100; a
    b = t.as_tensor(a); b[0, 0] = 100; a
    b = t.tensor(p.tolist()); b[0] = 100; p
    b = t.broadcast_to(p, (2, 3)); p += 1; b
    b = a + 0; a += 1; b
    b = a * 2; c = a[0]; c += 1; b
    b = a.sum(); a.zero_(); b
    b = a[0]; a += 1; a[0, 0] = 50; b
    b = a.T; a[0] = t.tensor([7.0, 8.0, 9.0]); b
    b = w[1:]; w[:-1].add_(b); w
    b = w[:-1].clone(); w[1:].add_(b); w
    w[1:] = w[:-1].clone(); w
    w[::2] += w[1::2]; w
    w[w > 2] *= 10; w
    w[[0, 0, 1]] += 1; w
    w[i] = 100; w
    w[i] += w[:3]; w
    w[t.tensor([1, 3])] = t.tensor([50, 60]); w
    w[:3], w[3:] = w[3:].clone(), w[:3].clone(); w
    w[:3] = w[3:]; w[3:] = 0; w
    w[5] = w[0] - 1; w
    w[-1] = 2.9; w
    w[0] = True; w
    w[0] = z; w
    w[:2] = t.tensor([1.9, -1.9]); w
    w[0] = t.tensor([5]); w
    w[0] = t.tensor([5, 6]); w
    w[:2] = t.tensor([1, 2, 3]); w
    w[:2] = [8, 9]; w
    w[9] = 0; w
    w[2:2] = 5; w
    w[...] = 4; w
    w[None] = 3; w
    w[:] = w.flip(0); w
    w[True] = 2; w
    w[False] = 2; w
    w[n] = 2; w
    w[0] = None; w
    w[0] = 1j; w
    w.add_(1.5); w
    w.add_(z); w
    w.add_(p[0].long()); w
    w += 1.5; w
    w += True; w
    w /= 2; w
    w //= 2; w
    w %= 4; w
    w **= 2; w
    w -= w; w
    w.div_(2, rounding_mode='floor'); w
    w.div_(2); w
    w.mul_(t.ones(2, 6)); w
    w.add_(t.ones(2, 6, dtype=t.int64)); w
    w &= 3; w
    w |= 8; w
    w ^= 1; w
    w <<= 1; w
    w >>= 1; w
    w.clamp_(1, 3); w
    w.clamp_(min=2); w
    w.clamp_(max=2.5); w
    w.fill_(2.9); w
    w.fill_(z); w
    w.fill_(p); w
    w.zero_(); w
    w.copy_(t.tensor(7.9)); w
    w.copy_(t.arange(12).reshape(2, 6)); w
    w.copy_(1); w
    w.sqrt_(); w
    w.pow_(2); w
    w.pow_(-1); w
    w.neg_().abs_().add_(1); w
    w.masked_fill_(w > 2, -1); w
    w.masked_fill_(w > 2, 2.5); w
    w.scatter_(0, i, 9); w
    w.scatter_(0, t.tensor([0, 1]), t.tensor([5, 6])); w
    w.scatter_add_(0, t.tensor([0, 0, 1]), t.tensor([5, 6, 7])); w
    w.remainder_(4); w
    w.eq_(3); w
    w.logical_not_(); w
    w.bitwise_not_(); w
    w.lt_(3); w
    w.sub_(1, alpha=2); w
    w.add_(w, alpha=3); w
    w.add_(1, alpha=1.5); w
    m.add_(1); m
    m += True; m
    m *= False; m
    m &= n; m
    m |= k > 0; m
    m ^= m; m
    m -= m; m
    m.logical_not_(); m
    m[0] = 2; m
    m[0] = 0.5; m
    m.fill_(nan); m
    m.copy_(k); m
    m.zero_().bitwise_not_(); m
    u8 += 200; u8
    u8 -= 1; u8
    u8 *= 2; u8
    u8[0] = 255; u8
    u8[0] = 256; u8
    u8[0] = -1; u8
    u8.fill_(-1); u8
    u8.add_(300); u8
    u8.add_(i8[0]); u8
    i8 += 100; i8
    i8.neg_(); i8
    i8.abs_(); i8
    i8 //= 2; i8
    i8[0] = 300; i8
    i8[:2] = t.tensor([300, 400]); i8
    a.half().add_(z); a
    h = a.half(); h += b; h
    h = a.half(); h *= 1e5; h
    h = a.half(); h[0] = 1e6; h
    h = a.half(); h.fill_(1e6); h
    a += k; a
    a += b.double(); a
    a -= c64[0]; a
    a *= p; a
    a *= b[:, :1]; a
    a /= 0; a
    a //= 0.5; a
    a %= -2; a
    a **= 2; a
    a **= 0.5; a
    a @= t.eye(3); a
    a.add_(x); a
    a.add_(e); a
    a.T.add_(b.T); a
    a.add_(a[0]); a
    a.sub_(a); a
    a.mul_(a[0, 0]); a
    a.div_(a[0, 0]); a
    a.sub_(a.mean()); a
    a[0] -= a[1]; a
    a[0] = a[1]; a
    a[:, 0] = a[:, 1]; a
    a[0], a[1] = a[1], a[0]; a
    a[0, 0] = 1; a
    a[0, 3] = 1; a
    a[0][1] = 1; a
    a[[0]][0] = 1; a
    a[m] = 0; a
    a[~m] = nan; a
    a[m] = t.tensor([1.0, 2.0, 3.0]); a
    a[m] = t.tensor([1.0, 2.0]); a
    a[m] = p[:1]; a
    a[m] += 1; a
    a[m] = k[m]; a
    a[m] = b; a
    a[n[:2]] = 5; a
    a[n[:2]] = p; a
    a[:, n] = p[:2]; a
    a[:, n] = 0; a
    a[n] = 0; a
    a[a > 2] = a.max(); a
    a[k > 0] /= 2; a
    a[j] = 3; a
    a[j, j] = 3; a
    a[:, i] = p; a
    a[:, i] = p[:2]; a
    a[i[1:], i[1:]] = p[:2]; a
    a[t.tensor([0, 0]), 1] += 1; a
    a[0, i] = p; a
    a[1, [0, 2]] = t.tensor([5, 6]); a
    a[t.tensor(1)] = 9; a
    a[t.tensor([2])] = 9; a
    a[:, ::2] = 0; a
    a[::2, None] = p; a
    a[..., -1] = 8; a
    a[..., -1] = t.tensor([[8.0]]); a
    a[0] = a; a
    a[:] = p; a
    a[:] = p[:2]; a
    a[:, :2] = j; a
    a[0] = b.double()[1]; a
    a[0] = c64[:3]; a
    a[0] = t.zeros(1, 1, 3); a
    a[0] = t.zeros(2, 3); a
    a[1:0] = 7; a
    a[None, 0] = 7; a
    a[True] = 7; a
    a[0, True] = 7; a
    a[[]] = 7; a
    a[(0, 1)] = 7; a
    a[[0, 1]] = 7; a
    a[[0, 1], [1, 2]] = p[:2]; a
    a[0:2, [0, 1]] = 1; a
    a[e.bool()] = 0; a
    a[a != a] = 0; a
    x[:, i] = 0; x
    x[:, 0, i] = p; x
    x[0, :, i] = p; x
    x[i[1:], :, 0] = p; x
    x[..., 1:3] = x[..., :2].clone(); x
    x[x > 20] = -1; x
    x[:, n] = -1; x
    x[0, m[:1].T.expand(3, 4)] = -1; x
    x[1, 1:, ::2] += p[:2]; x
    x[1] = x[0].flip(0); x
    x.transpose(0, 1)[1] = 0; x
    x[0].T[0] = p; x
    e += 1; e
    e[:] = 5; e
    z += 1; z
    z += k; z
    z[...] = 4; z
    z[()] = 4; z
    z[0] = 4; z
    z.fill_(3); z
    z[None] = 3; z
    o += 2.5; o
    o += z; o
    o += 1; o
    o /= 2; o
    c64 += 1; c64
    c64 *= 1j; c64
    c64.abs_(); c64
    c64[0] = 5; c64
    p.expand(2, 3).add_(1)
    p.expand(2, 3)[0] = 1; p
    p[None].expand(2, 3).fill_(1); p
    b = p.expand(2, 3); p[0] = 9; b
    b = p.expand(2, 3); b[[True, False]] = 1; p
    b = p.expand(2, 3); b[t.tensor([0])] = 1; p
    b = p.expand(2, 3); b[b > 1] = 1; p
    p.copy_(p.flip(0)); p
    p.exp_().log_().round_(); p
    p.relu_(); p
    p.where(n, z)
    p.triu_()
    a.triu_(1); a
    a.tril_(); a
    a.t()[0].zero_(); a
    p.sign_(); p
    p.floor_(); p
    p.trunc_(); p
    p.frac_(); p
    p.reciprocal_(); p
    p.square_(); p
    p.nan_to_num_(); p
    p.addcmul_(p, p, value=2); p
    p.addcdiv_(p, p); p
    p.fmod_(1); p
    p.floor_divide_(0.5); p
    p.gt_(0); p
    p.logical_and_(q); p
    p.copysign_(q); p
"""


def programs():
    """Everything here is exact: a write rounds once. The signs of zeros of remainders are not compared."""
    return {program.strip(): Exactness(0, "%" not in program) for program in PROGRAMS.strip().splitlines()}

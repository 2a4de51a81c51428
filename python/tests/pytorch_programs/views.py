"""Programs that view, join, rearrange and index: elements move and none is computed."""
# SPDX-License-Identifier: BSD-3-Clause
from . import Exactness, listed

VIEWS = """
    z.movedim(2, -3); o.roll(1, 0); a.unflatten(3, (1,)); a.tensor_split(2, 3); x.rot90(1, [0, 3])
    a.T; x.mT; p.T; a.t(); x.t(); p.t(); z.t(); a.transpose(0, 1); x.transpose(-1, 0); x.transpose(0, 3)
    z.transpose(0, 0); x.permute(2, 0, 1); x.permute(-1, 0, 1); x.permute((1, 2, 0)); x.permute(0, 1)
    x.permute(0, 0, 1); x.swapaxes(0, 1); x.movedim(0, 2); x.movedim((0, 1), (1, 2)); x.movedim(0, 5)
    x.moveaxis(-1, 0); x.swapdims(0, -1); z.permute(); a.view(6); a.view(3, 2); a.view(-1); a.view(-1, 2)
    a.view(2, -1, 1); a.view(4); a.view(-1, -1); a.T.view(6); a.view(()); a.reshape(3, 2); a.T.reshape(6)
    a.T.reshape(3, -1); x.reshape(4, 6); x.reshape(()); z.reshape(1, 1); e.reshape(0); e.reshape(-1); e.reshape(3, -1)
    e.reshape(0, -1); e.view(3, 0); x.reshape([2, 12]); a.reshape(-2); t.reshape(a, (6,)); a.view(t.int32)
    a.double().view(t.int64); a.view(t.int16).shape; k.view(t.float64); a.view_as(b.T); a.reshape_as(b.T); x.flatten()
    x.flatten(1); x.flatten(0, 1); x.flatten(-2); x.flatten(1, 0); z.flatten(); x.flatten(start_dim=1, end_dim=2)
    x.unflatten(2, (2, 2)); x.unflatten(-1, (2, -1)); x.unflatten(0, (3,)); x.ravel(); a.T.ravel(); x.T.shape
    x.mT.shape; a.unsqueeze(0); a.unsqueeze(-1); a.unsqueeze(2); a.unsqueeze(3); a.unsqueeze(-4); z.unsqueeze(0)
    z.unsqueeze(1); a[None].squeeze(); a[None].squeeze(0); a[None].squeeze(1); a[None].squeeze(-3)
    a[None].squeeze((0, 1)); a.squeeze(2); a[:, None, :, None].squeeze((1, 3)).shape; z.squeeze(); z.squeeze(0)
    t.zeros(1, 1).squeeze().shape; a.squeeze(-3); p.expand(2, 3); a[:, :1].expand(2, 4); a[:, :1].expand(-1, 4)
    p.expand(2, -1); p.expand(-1, 3); a.expand(3, 3); z.expand(2, 2); p.expand(3, 2, 3).stride()
    a.expand_as(x[:, :2, :3]); p.expand_as(a); p.broadcast_to((2, 3)); e.expand(2, 0, 3).shape; a.expand(6)
    a[:1].expand(0, 3); t.broadcast_to(z, (2,)); p.expand(2, 0); x.narrow(1, 1, 2); x.narrow(-1, -2, 2)
    x.narrow(1, 2, 2); x.narrow(1, 0, 0); x.narrow(3, 0, 1); x.select(1, 2); x.select(-1, -1); x.select(1, 3)
    x.select(5, 0); x.diagonal(); x.diagonal(1); x.diagonal(0, 1, 2); x.diagonal(offset=-1, dim1=-1, dim2=0)
    a.diagonal(5); p.diagonal(); x.diagonal(0, 1, 1); a.diagonal(-1); x.unbind(1); a.unbind(); p.unbind(); z.unbind()
    x.split(2, 1); x.split(5, 1); x.split([1, 2], 1); x.split([1, 1], 1); x.split(0, 1); x.split([3, 0], -2)
    x.chunk(2, 2); x.chunk(3, -1); x.chunk(5, 2); t.arange(5).chunk(3); t.arange(5).chunk(4); t.arange(5).split(2)
    t.arange(5).chunk(0); e.chunk(3); z.chunk(1); w.split(4); t.arange(7).tensor_split(3); w.tensor_split([1, 3])
    w.tensor_split((2, 9)); x.tensor_split(2, 2); w.tensor_split(0); w.hsplit(2); a.hsplit([1]); a.vsplit(2)
    a.split_with_sizes([1, 1]); a.split_with_sizes([1, 3]); z.hsplit(1); w.vsplit(2); t.cat([a, b]); t.cat([a, b], 1)
    t.cat([a, b], dim=-1); t.cat([a, b], -3); t.cat([a, k]); t.cat([a, a.half()]); t.cat([]); t.cat([a, e])
    t.cat([a, t.tensor([])]); t.cat([a, p]); t.cat([z, z]); t.cat((p, q)); t.cat([p, t.tensor([])]); t.cat(a)
    t.cat([a, b[:, :2]], 1); t.cat([a, b[:, :2]]); t.cat([m, k]); t.cat([e, e]).shape; t.cat([t.tensor([]), p])
    t.cat([p]); t.concat([p, p]); t.concatenate([p, q]); t.stack([a, b]); t.stack([a, b], 1); t.stack([a, b], -1)
    t.stack([a, b], 3); t.stack([p, q]); t.stack([z, z]); t.stack([a, p]); t.stack([]); t.stack([a, k], dim=2)
    t.stack((e, e)).shape; t.stack(a); t.hstack([p, q]); t.hstack([a, b]); t.hstack([z, z]); t.vstack([p, q])
    t.vstack([z, z]); t.dstack([p, q]); t.dstack([a, b]); t.column_stack([p, q]); t.column_stack([a, p[:2]])
    t.column_stack([z, z]); t.row_stack([p, a]); t.hstack([p, z]); t.atleast_1d(z); t.atleast_2d(p); t.atleast_3d(p)
    t.atleast_3d(a).shape; t.atleast_2d(z, p); t.atleast_3d(z); t.flip(a, [0]); a.flip(1); a.flip(0, 1); a.flip(-1)
    a.flip(2); a.flip(0, 0); a.flip(()); z.flip(()); e.flip(0); a.fliplr(); a.flipud(); p.fliplr(); p.flipud()
    z.flipud(); a.rot90(); a.rot90(2); a.rot90(-1, [1, 0]); x.rot90(1, [0, 2]); p.rot90(); a.roll(1); a.roll(1, 0)
    a.roll(-1, 1); a.roll((1, 2), (0, 1)); a.roll(4, -1); x.roll(5); e.roll(1, 0); a.roll(1, 2); a.roll((1, 2))
    z.roll(1); a.roll((1, 1), (0, 0)); a.repeat(2, 1); a.repeat(2, 2, 1).shape; p.repeat(3); a.repeat(2)
    p.repeat(2, 2); p.repeat(0); a.repeat(1, -1); z.repeat(2, 2); a.tile(2); a.tile(2, 2); a.tile((1, 2))
    p.tile(2, 2); a.tile(()); z.tile(3); p.repeat_interleave(2); a.repeat_interleave(2); a.repeat_interleave(2, 0)
    a.repeat_interleave(2, dim=-1); q.repeat_interleave(i.abs()); a.repeat_interleave(w[1:3], 0)
    a.repeat_interleave(w[1:4], 0); a.repeat_interleave(-1); p.repeat_interleave(t.tensor([2])); a.clone()
    a.T.clone().is_contiguous(); a.contiguous(); a.detach(); a.cpu(); t.clone(a.T); a.adjoint()
    c64[1:3, None].adjoint(); x.T.contiguous().shape; a.index_select(1, i); a.index_select(0, j)
    a.take(t.tensor([[0, 5], [-1, 2]])); a.take(w + 1); t.kron(p, q); t.kron(a, t.eye(2)); t.kron(z, a); t.kron(p, a)
    x.unflatten(1, [3, 1]).shape; x.unflatten(1, (-1, -1))
"""
GATHERING = """
    a.gather(1, j); a.gather(0, t.tensor([[0, 1, 0]])); a.gather(1, t.tensor([[3]])); a.gather(1, t.tensor([[-1]]))
    a.gather(0, i); a.gather(2, j); a.gather(1, j.int()); a.gather(1, j.float()); z.gather(0, t.tensor(0))
    a.gather(1, t.zeros(3, 1, dtype=t.int64)); a.gather(1, t.zeros(2, 0, dtype=t.int64))
    x.gather(2, t.zeros(2, 3, 1, dtype=t.int64)); a.take_along_dim(j, 1); a.take_along_dim(w[:4])
    a.take_along_dim(a.argsort(1), 1); a.take_along_dim(t.tensor([[0]]), dim=0); a.take_along_dim(i, 1)
    a.index_select(0, t.tensor([1, 1, 0])); a.index_select(0, t.tensor(1)); a.index_select(0, t.tensor([2]))
    a.index_select(0, t.tensor([-1])); a.index_select(2, i); p.index_select(0, w[:0]); a.index_select(0, p)
    p.index_select(0, w[:2].int()); z.index_select(0, t.tensor([0])); a.masked_select(m); a.masked_select(n)
    p.masked_select(m); a.masked_select(a > 9); a.masked_select(k); a.masked_fill(m, 9); k.masked_fill(m, 2.5)
    a.masked_fill(n, nan); a.masked_fill(m, z); a.masked_fill(k, 1); a.masked_fill(m, p); p.masked_fill(m, 0)
    a.masked_fill(m, 1j); u8.masked_fill(u8 > 5, 300); k.masked_fill(m, True); a.scatter(1, j, 9); a.scatter(1, j, b)
    a.scatter(1, j, k); a.scatter(0, t.tensor([[1, 0, 1]]), b); a.scatter(1, t.tensor([[3]]), 1)
    a.scatter(1, j, b[:1]); a.scatter_add(1, j, b); a.scatter_add(1, j * 0, b); k.scatter_add(0, j, k)
    a.scatter(1, t.tensor([[-1]]), 1); a.scatter_add(1, j, k); k.scatter(1, j, 2); a.scatter(1, j, 2, reduce='add')
    k.scatter(1, j, 2.5); a.nonzero(); m.nonzero(); z.nonzero(); e.nonzero(); k.nonzero(as_tuple=True)
    t.tensor(0).nonzero(); t.argwhere(m); t.argwhere(z); t.where(m); t.where(z); t.nonzero(m, as_tuple=True)
    x[1:, 1].nonzero(); t.tensor(0.0).nonzero(as_tuple=True)
"""
# What stands between the brackets of a matrix, and of a tensor of three dimensions.
INDICES = """
    0; -1; 2; -3; 0, 1; 0, -1; 0, 3; 1, 2, 0; ...; None; None, 0; 0, None; ..., None; ..., 0; 0, ...; :; :, 0; 0:1; 1:
    :-1; ::2; :, ::2; :, 1:3; :, 5:; :, -2:; :, 2:1; :, ::-1; ..., ::2, None; 0:2:1, None, 1; True; False; True, 0
    0, True; None, True; [0, 1]; [1, 0, 1]; [-1]; [2]; []; :, [0, 2]; :, [0, -1, 0]; [0, 1], [1, 2]; [[0, 1], [1, 0]]
    [[0, 1]], [[1, 2]]; [0], [0, 1, 2]; [0, 1], [0, 1, 2]; [True, False]; [False, True]; [True, False, True]
    :, [True, False, True]; [[0], [1]], [0, 2]; i[1:]; i; :, i; i[1:], i[1:]; j; j, j; j, 0; 0, j; :, j; j, :; j, None
    None, j; None, :, i; i[1:], None, i[1:]; ..., i; i[1:], ...; m; n[:2]; n; :, n; n[:2], 0; n[:2], :; n[:2], n
    n[:2], i[:1]; m, None; None, m; ~m; a > 0; a > 100; a[0] > 0; a, 0; m, 0; e.bool(); t.tensor(0); t.tensor(-1)
    t.tensor(1), t.tensor([0, 2]); t.tensor(True); t.tensor(1), :; o; z; :, t.tensor(2); 1.5; None, None
    t.tensor([0, 1], dtype=t.uint8); t.tensor([1, 0], dtype=t.int32); t.tensor([]); t.tensor([1.0]); 0, 0, 0; ..., ...
    (0, 1); (slice(None), 1); slice(0, 1); (None, 0, ...); t.zeros(0, dtype=t.int64); [0, 1], None, [0, 1]; range(2)
    (0, [1, 2]); 1:2, [0, 1]; slice(0, 2, 0); t.zeros(0, dtype=t.bool); t.ones(1, 3, dtype=t.bool)
    t.ones(1, dtype=t.bool)
"""
INDICES_3D = """
    :, i; i[1:]; :, i, i; i[1:], :, i[1:]; 0, :, i; :, 0, i; i[1:], 0; i[1:], 0, :; i[1:], :, 0; :, :, i; 0, i, i
    :, n; x > 5; :, i[:, None], i; m; 1, m[:, :1]; :, t.ones(3, 4, dtype=t.bool); ..., 1, :; None, ..., 1; 0, ..., 0
    i[1:], ..., 0; ..., i, 0; :, None, i, None, i; 0, None, i; None, i[1:], None; i[1:], 0, i[1:]; :, ::2, ::3
    1, :, -1; ..., [0, 1], [1, 2]; [0, 1], ..., [1, 2]; 1:, 1:, 1:; n[:2], ..., i[:1]
"""
OF_NUMBERS = "0; ...; None; (); True; False; :; t.tensor(True); []; -1"
OF_NOTHING = "None, [1, 0]; 0; :; :, 0; []; i; :, i; e > 0; None; ..., :1"


def indexing():
    """Reading, assigning a number, and changing in place what a view of a view selects."""
    for index in listed(INDICES):
        yield from (f"a[{index}]", f"a[{index}] = 7; a", f"b = a.T; b[{index}] += 1; a")
    yield from (f"z[{index}]" for index in listed(OF_NUMBERS))
    yield from (f"e[{index}]" for index in listed(OF_NOTHING))
    for index in listed(INDICES_3D):
        yield from (f"x[{index}]", f"x[{index}] = p[:1]; x.long()")


def programs():
    """Everything here is exact."""
    return {program: Exactness(0) for program in [*listed(VIEWS), *listed(GATHERING), *indexing()]}

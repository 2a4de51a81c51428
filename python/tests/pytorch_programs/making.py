"""Programs that make tensors, ask about them, leave the library and print."""
# SPDX-License-Identifier: BSD-3-Clause
from . import Exactness, listed

MAKING = """
    t.zeros(2, 3); t.zeros((2, 3)); t.zeros([2, 0]); t.zeros(()); t.zeros(2, dtype=t.int8); t.ones(2, 3, dtype=t.bool)
    t.ones(3); t.ones(2, dtype=t.complex64); t.full((2, 2), 7); t.full((2,), 2.5); t.full((2,), True); t.full((), 1j)
    t.full((2,), 3, dtype=t.float16); t.full([2], z); t.full(2, 3); t.full((2,), 2.5, dtype=t.int32)
    t.full((2,), nan); t.zeros_like(k); t.ones_like(m); t.full_like(k, 2.5); t.full_like(a, 2)
    t.zeros_like(a, dtype=t.int16); t.ones_like(a.T).stride(); t.full_like(k, 300, dtype=t.uint8); t.full_like(m, 2)
    t.empty(2, 3).shape; t.empty_like(k).dtype; a.new_zeros(2); k.new_ones(2, 2); a.new_full((2,), 3)
    k.new_full((2,), 2.5); a.new_tensor([1, 2]); a.new_empty(2, 3).dtype; k.new_tensor(2.5); k.new_tensor([2.5, 1.5])
    m.new_zeros((2,)); t.arange(5); t.arange(5.0); t.arange(1, 6, 2); t.arange(1, 2, 0.25); t.arange(5, 1, -2)
    t.arange(0); t.arange(3, dtype=t.float64); t.arange(0, 1, 0.1); t.arange(1, 1.9, 0.3); t.arange(2.5)
    t.arange(5, dtype=t.int8); t.arange(0, 5, 0); t.arange(0, 5, -1); t.arange(o); t.arange(start=1, end=3)
    t.arange(-3); t.arange(0, 3, 0.7).dtype; t.arange(0, 10, 3, dtype=t.float16); t.arange(1.5, 4.5); t.arange(True)
    t.arange(0, 2**40, 2**39); t.linspace(0, 1, 5); t.linspace(0, 1, 1); t.linspace(0, 1, 0)
    t.linspace(3, -2, 4, dtype=t.float64); t.linspace(0, 10, 5, dtype=t.int64); t.linspace(0, 10, 4, dtype=t.int32)
    t.linspace(2, 2, 3); t.linspace(0, 1, -1); t.linspace(start=-10, end=10, steps=5)
    t.linspace(0, 1, 3, dtype=t.float16); t.linspace(0, 1j, 3); t.linspace(0, 1); t.logspace(0, 2, 3)
    t.logspace(0, 3, 4, base=2); t.logspace(0, 1, 3, dtype=t.float64); t.logspace(0, 2, 1); t.eye(2); t.eye(2, 3)
    t.eye(3, 2, dtype=t.int64); t.eye(0); t.eye(2, dtype=t.bool); t.eye(-1); t.zeros(-1); t.tensor([]); t.tensor([[]])
    t.tensor([[], []]).shape; t.tensor(5); t.tensor(True); t.tensor(2.5); t.tensor(1j); t.tensor([1, 2.5])
    t.tensor([True, 2]); t.tensor([True, 2.5]); t.tensor([1, 1j]); t.tensor([[1, 2], [3, 4]]); t.tensor((1, 2))
    t.tensor([1, 2], dtype=t.float64); t.tensor([1.7, -1.7], dtype=t.int64); t.tensor([0, 2], dtype=t.bool)
    t.tensor([[1], [2, 3]]); t.tensor('a'); t.tensor([None]); t.tensor(300, dtype=t.uint8)
    t.tensor(-1, dtype=t.uint8); t.tensor([o, o]); t.tensor([z, o]); t.tensor([o, 1.5]); t.tensor(range(4))
    t.tensor(2**63 - 1); t.tensor(1e400); t.tensor(1j, dtype=t.float32); t.tensor([1e39])
    t.tensor(1e39, dtype=t.float32); t.tensor([0.1], dtype=t.float64); t.tensor([0.1]).double(); t.as_tensor([1, 2])
    t.as_tensor(a) is a; t.asarray([1.5]); t.as_tensor(k, dtype=t.float32); t.tensor(a) is a
    t.tensor([a[0, 0], a[0, 1]]); t.tensor([[o], [o]]); t.tensor(nan); t.diag(p); t.diag(p, 1); t.diag(p, -2)
    t.diag(a); t.diag(a, 1); t.diag(a, -1); t.diag(a, 5); t.diag(x); t.diag(k); t.tril(a); t.tril(a, 1); t.triu(a, -1)
    t.triu(a); t.triu(k, 2); t.tril(m); t.tril(x); t.tril(x, -1); t.triu(x, 1); t.tril(p); t.rand(2, 3).dtype
    t.rand(2, 3).shape; t.randn(2).dtype; t.randint(0, 5, (2,)).dtype; t.randperm(4).dtype; t.randint(5, 5, (2,))
    t.rand(2, dtype=t.int64); t.randperm(5).sort().values; t.rand_like(k); t.randn(0).shape
    t.meshgrid(p, q, indexing='ij'); t.meshgrid(p, q, indexing='xy'); t.meshgrid(p[:1], q, o, indexing='ij')
    t.broadcast_shapes((2, 1), (3,)); t.broadcast_shapes((2,), (3,)); t.broadcast_tensors(p, b[:, :1]); t.is_tensor(a)
    t.get_default_dtype(); t.numel(a); a.numel(); a.nelement(); a.dim(); a.ndim; len(a); a.size(-1); a.size(); a.shape
    a.size(5); a.stride(); a.T.stride(); x[:, 1].stride(); a.stride(0); a.is_contiguous(); z.shape
    a.T.is_contiguous(); a.T.contiguous().stride(); a.itemsize; k.nbytes; a.element_size(); len(z); len(e)
    a.is_complex(); a.is_floating_point(); k.is_floating_point(); a.device.type; a.is_same_size(b); a.shape[0]
    a.shape[-1]; a.shape[:1]; a.shape + (1,); a.shape.numel(); a.shape == (2, 3); a.tolist(); z.tolist(); e.tolist()
    m.tolist(); c64.tolist(); z.item(); o.item(); m[0, 0].item(); c64[1].item(); a.item(); e.item(); a[:1, :1].item()
    float(z); int(z); int(o); bool(z); bool(a); bool(e); bool(t.tensor([0])); bool(t.zeros(1, 1)); complex(z)
    float(o); int(t.tensor(nan)); int(p); float(t.tensor([2.5])); float(c64[1]); int(t.tensor(True))
    range(t.tensor(3)); [0, 1, 2, 3][o]; [0, 1, 2][z]; 2.5 in a; 4 in k; 1.5 in a; 'x' in a; round(z); z.__index__()
    o.__index__(); f'{z:.3f}'; f'{o:d}'; f'{z}'; f'{a}'; hash(a) == hash(a); a is a[...]; list(k); list(z)
    [v.shape for v in x]; [u.item() for u in p]; a[0] is a[0]; -z == z
"""
PRINTED = """
    t.tensor([]); t.tensor([[]]); e; t.zeros(2, 0, 3); z; o; t.tensor(True); t.tensor(1j); t.tensor(-0.0)
    t.tensor(nan); t.tensor(1e10); t.tensor(123456789); t.tensor(123456.789); t.tensor(1e-5); t.tensor(100000.0)
    t.tensor(99999.0); c64; a; a.T; a.double(); a.half(); a.bfloat16(); k; k.int(); m; u8; i8; i64; f32; f64; f16; bf
    c128; x; x.long(); d; s; p; t.tensor([1.0, 2.0]); t.tensor([1.0, nan]); t.tensor([inf, -inf]); t.tensor([nan])
    t.tensor([0.1, 1000.0]); t.tensor([0.1, 10000.0]); t.tensor([1e-4, 1.0]); t.tensor([1e-3, 1.0])
    t.tensor([1e8, 1.0]); t.tensor([1e9]); t.tensor([1.0, 100000000.0]); t.tensor([1.0, 1e9]); t.tensor([12345.678])
    t.tensor([0.00001]); t.tensor([1e-45]); t.tensor([1e300, 1e-300], dtype=t.float64); t.tensor([1.5, inf, nan])
    t.tensor([2.0, inf]); t.tensor([-1.0, 10.0]); t.arange(1001); t.arange(1000); t.arange(2000.0)
    t.arange(2000.0).reshape(2, 1000); t.arange(10000).reshape(100, 100); t.arange(1200).reshape(3, 4, 100)
    t.arange(40.0); t.arange(30) * 1000; t.arange(8000).reshape(20, 20, 20).shape; t.zeros(3, dtype=t.complex64)
    c64 * 1e6; c64 / 3; c64 * nan; t.tensor([1e-5 + 1j]); a > 0; t.ones(1, 1, 1); a[0] / 3
    t.arange(24).reshape(2, 3, 2, 2); t.zeros(1, 2, 0); t.tensor([[1, -1000], [20, 3]]); t.tensor([-1, 2]); a.sum()
    a.max(); a.shape; a.dtype; a.device; a.sort(); a.max(0); a.stride(); t.float32; t.Size([2]); [a[0], k[0]]
    a[:1, 0]; bo; w.float(); t.tensor([0.5, 1234.5]); t.tensor([0.5, 12345.5]); t.tensor([1e5, 1.5])
    t.tensor([1e6, 1.5]); t.tensor([99999.5]); t.tensor([[1.0, 2.5], [nan, inf]]); t.tensor([1e15]); t.tensor([1e16])
    t.tensor([1e15, 2.0]); t.tensor([0.0, 1e-10]); t.tensor([1 + 1e-7]); t.tensor([1 + 1e-5]); t.tensor([[0.0]])
    t.tensor([65504.0]).half(); t.tensor([1e-7]).half(); t.full((3,), 0.3333333); t.full((2, 2), 1e-20)
    t.full((5,), -1.0); t.eye(3); t.linspace(0, 1, 11); t.logspace(-8, 8, 5); (t.arange(50.0) / 7).reshape(5, 10)
    t.arange(100.0).reshape(4, 25); t.arange(60).reshape(2, 30) ** 3; a.cummax(0); e.sum(0)
"""


def programs():
    """Everything here is exact but logarithmic spaces, powers of numbers; a printed text is compared as it is."""
    found = {program: Exactness(4 if "space" in program else 0) for program in listed(MAKING)}
    return {**found, **{f"repr({program})": Exactness(0) for program in listed(PRINTED)}}

"""Programs of elementwise operations: every dtype, special values, promotion with numbers and 0-d tensors."""
# SPDX-License-Identifier: BSD-3-Clause
import itertools
import re

from . import Exactness, listed

DTYPES = "bo u8 i8 i16 i32 i64 f16 bf f32 f64 c64 c128".split()
SOME_DTYPES = "bo u8 i64 f16 bf f32 f64 c64".split()
EXACT_UNARY = """
    abs neg positive sign sgn square relu floor ceil trunc fix round frac signbit isnan isinf isfinite isposinf
    isneginf isreal logical_not bitwise_not real imag conj nan_to_num
""".split()
ROUNDED_UNARY = """
    reciprocal sqrt exp exp2 expm1 log log2 log10 log1p sigmoid sin cos tan asin acos atan sinh cosh tanh asinh acosh
    atanh erf erfc lgamma rsqrt angle deg2rad rad2deg sinc logit
""".split()
# The second operand of the former may be a number.
EXACT_BINARY = """
    add sub mul div floor_divide remainder fmod eq ne lt le gt ge bitwise_and bitwise_or bitwise_xor copysign
""".split()
EXACT_BINARY_OF_TENSORS = "minimum maximum fmin fmax logical_and logical_or logical_xor".split()
ROUNDED_BINARY = "pow xlogy float_power".split()
ROUNDED_BINARY_OF_TENSORS = "atan2 hypot logaddexp logaddexp2".split()
OF_FLOATS = "hypot logaddexp logaddexp2".split()

FLOATS = "a, d[0,0]; a.double(), b; a.half(), b; a.half(), b.bfloat16(); a.half(), z; a.bfloat16(), d[0,0]"
TENSORS = """
    m, m; m, k; k, o; a, k; a, o; k.byte(), i8[3]; k.byte(), k.char(); k.int(), k; k.int(), o; z, o; o, z
    c64[1:4], p; c64[1:4], c128[1:4]
"""
NUMBERS = """
    m, True; m, 2.5; k, 2; k, -3; k, True; k, 2.5; a, 2; a, -0.5; a, True; a.half(), 3.0; a, 2j
    k, 1j; c64[1:4], 2; bo[0], 2; u8, -1; u8, 300
"""
EXTREMES = "s[:, None], s; i8[:, None], i8; u8[1:, None], u8[1:]"
NUMBERS_FIRST = "2, k; 2.5, k; True, k; 2, m; -1.5, a; 2, a.half(); 2j, a; 1.5, o; 3, z; True, m; 2, c64[1:4]"
OPERATORS = "+ - * / // % ** == < & |".split()
SHIFTS = "k, 2; 2, k.abs(); k, o; u8, 1; i8, 1; i8, 7; k, k.abs(); i8, 8; i8, -1; a, 1; m, 1; m, m; i8[:, None], i8"

OTHERS = """
    t.where(m, a, b); t.where(m, k, a); t.where(m, 1, 0); t.where(m, 1.5, k); t.where(m, k, 2); t.where(m, a, z)
    t.where(k, a, b); t.where(m, True, k); a.where(m, b); a.where(m, 0); k.where(a > 0, 2.5)
    t.where(m, a, k.double()); t.where(n, a, b[:, :1]); t.where(m, a.half(), 1e5); t.where(m); t.clamp(a, -1, 1)
    t.clamp(a, min=-1); t.clamp(a, max=0.5); t.clamp(k, 0, 2); t.clamp(k, 0.5); t.clamp(k, -1, 2.5)
    t.clamp(a, b, 2 * b); t.clamp(a, min=b); t.clamp(k, min=b); t.clamp(a, max=k); t.clamp(a, 2, -2)
    t.clamp(s, -1, 1); t.clamp(a, min=nan); t.clamp(a); t.clamp(m, 0, 1); t.clamp(u8, 5, 100); t.clamp(u8, -1)
    t.clamp(a, z); t.clip(a, 0); t.clamp(a, min=t.tensor([nan, 0, 1])); t.clamp(k, o, 4); k.clamp(max=True)
    t.clamp(a, b, 2); t.clamp(c64, 0); t.clamp_min(a, 0.5); t.clamp_max(k, 2); t.clamp_min(k, 0.5); a.clamp_min(b)
    a.clip(max=0); t.lerp(a, b, 0.5); t.lerp(a, b, b); t.lerp(a, b, 0.25); t.lerp(a, k, 0.5); t.lerp(k, k, 0.5)
    t.lerp(a, b, z); t.addcmul(a, a, b); t.addcmul(a, a, b, value=2); t.addcmul(k, k, k, value=-1)
    t.addcmul(k, k, k, value=0.5); t.addcdiv(a, a, b, value=4); t.addcdiv(k, k, k); t.add(a, b, alpha=2)
    t.add(k, k, alpha=2.5); t.add(m, m, alpha=2); t.sub(a, b, alpha=2); t.sub(k, 2, alpha=3); t.rsub(a, 1)
    t.rsub(a, b, alpha=2); t.add(a, 1, alpha=0.5); t.div(a, b, rounding_mode='trunc')
    t.div(a, b, rounding_mode='floor'); t.div(k, 2, rounding_mode='trunc'); t.div(k, 2, rounding_mode='floor')
    t.div(k, 2.5, rounding_mode='floor'); t.div(k, o, rounding_mode='trunc')
    t.div(s[:, None], s, rounding_mode='floor'); t.div(s[:, None], s, rounding_mode='trunc')
    t.div(i8[:, None], i8, rounding_mode='trunc'); t.div(m, m); t.div(m, m, rounding_mode='floor')
    t.round(a, decimals=1); t.round(a * 1.37, decimals=0); t.round(100 * a, decimals=-2); t.round(k, decimals=1)
    t.nan_to_num(s); t.nan_to_num(s, 7); t.nan_to_num(s, nan=1, posinf=2, neginf=3); t.nan_to_num(s.half()); s.isnan()
    t.nan_to_num(k, 7); t.isclose(a, a + 1e-6); t.isclose(s, s); t.isclose(s, s, equal_nan=True); t.isclose(k, k + 1)
    t.isclose(a, b, atol=3.0); t.isclose(a, k); t.allclose(a, a); t.allclose(s, s); t.allclose(s, s, equal_nan=True)
    t.equal(a, a); t.equal(a, b); t.equal(s, s); t.equal(k, k.int()); t.equal(a, a[0]); t.equal(e, e); t.is_nonzero(z)
    k // 0; k % 0; k // t.zeros_like(k); k.fmod(0); a // 0; a % 0; a.fmod(0); k / 0; m // m; m % m; t.tensor(5) // 0
    t.tensor(-5) // 2; t.tensor(-5) % 3; t.tensor(5.0) % -3; t.tensor(-0.0) // 2; t.tensor(5.0) // -2; -5 // q; -5 % q
    k ** -1; k ** 0.5; k ** 2; k ** 0; 2 ** k.abs(); 2 ** k; 0.5 ** k; a ** 2; a ** 3; a ** 0.5; a ** -1; a ** 0
    m ** 2; i8 ** 2; i8 ** 3; i64 ** 3; u8 ** 2; t.pow(2, k.abs()); t.pow(2.5, k); t.pow(k, k.abs()); t.pow(s, 0)
    t.pow(1.0, s); (-a) ** 2.0; c64 ** 2; c64 ** 0; 2 ** c64[1:4]; q ** t.tensor([2, 0, 1]); q ** t.tensor([2, -1, 1])
    True ** k; a.relu(); k.relu(); t.relu(s); t.tanh(a); a.logit(0.1); c64 * 1j; c64 / 0; a == 'x'; a != None
    k == k.float(); k < 2.5; u8 > -1; u8 == 300; u8 < 300; i8 == 200; k == True; m < True; c64 == 3j; a.half() == 0.1
    f32[7:8] == 0.1; f16[3:4] == 0.1; f64[6:7] == 0.1; i64 == 9223372036854775807; u8 + 300; u8 * -1; i64 == 9.2e18
    i64[5:] > 9.3e18; t.tensor([16777217]) == 16777216.0; t.tensor([16777217]) == t.tensor(16777216.0); c64 < c64
    c64 % 2; c64 // 2; t.maximum(c64, c64); a + e; a + q[:2]; a + x; a[0] + a.T; a * t.ones(3, 1); a + t.ones(2, 1, 1)
    e + 1; e + t.ones(1, 3); e + t.ones(3); t.ones(0) + t.ones(1); t.ones(0) + t.ones(2); u8.clamp(max=300)
    u8.clamp(-5, 300); u8.clamp(2.5); i8.clamp(-1000, 1000); u8.clamp(max=-1); a.half() * 0.1; a.half() * 1e5
    a.half() * t.tensor(1e5); a.half() / 3; a.bfloat16() + 1e-3; 0.1 / a.half(); t.tensor([16777217]) + 0.5
    t.where(m, u8[:3], 300); t.where(m, u8[:3], -1); u8.maximum(t.tensor(300)); u8 % 300; u8 & 300; u8 & -1; 3 - u8
    u8 // -1; u8 << 9; t.lerp(t.tensor([-3e38]), t.tensor([3e38]), 0.25); t.hypot(a.half() * 1e4, b.half())
    k.add(u8[3:4], alpha=2); k.sub(u8[3:4], alpha=2); t.rsub(u8[3:4], k, alpha=2); t.addcmul(k, u8[3:4], u8[3:4])
    t.add(a.double(), p, alpha=0.1); t.addcmul(a.double(), p, p, value=0.1); t.isclose(i8, -i8)
    t.sinc(a.half() * 1e3); t.float_power(2, k); t.tensor([0.1]) * 0.1; t.tensor([3]) * 0.1
"""

# Which zero of two the extreme is, and a zero's sign in a remainder (docs/reference.md gives it the divisor's) and in
# PyTorch's vectors of complex numbers, where it depends on the position, are not compared.
ZEROS = re.compile(r"minimum|maximum|fmin|fmax|relu|remainder|%|c64|c128|[0-9]j\b|floor_divide|//|lerp")

# Among the others: what is made of several roundings. PyTorch's complex products and its square roots of float64 are
# not rounded correctly.
ROUNDED = re.compile(r"\*\*|pow|tanh|logit|sinc|hypot|addc|lerp|sqrt|c64|c128|[0-9]j\b")


def binary(op):
    """All combinations of special values, of integers' extremes, and operands of mixed dtypes."""
    operands = listed(FLOATS)
    if op not in OF_FLOATS:
        operands += listed(EXTREMES) + listed(TENSORS)
    if op in EXACT_BINARY + ROUNDED_BINARY:
        operands += listed(NUMBERS)
    return [f"t.{op}({pair})" for pair in operands]


def operators():
    """The operators with numbers on the left, and with operands that they refuse."""
    for op in OPERATORS:
        yield from (f"{pair.split(', ')[0]} {op} {pair.split(', ')[1]}" for pair in listed(NUMBERS_FIRST))
        yield from (f"k {op} {other}" for other in ("'x'", "None", "2", "2.5", "o"))
    for shift, pair in itertools.product(("<<", ">>"), SHIFTS.split("; ")):
        left, right = pair.rsplit(", ", 1)
        yield f"{left} {shift} {right}"
    yield from ("~m", "~k", "~u8", "~a", "-m", "-k", "-u8", "+m", "+a", "abs(k)", "abs(m)")


def promotion():
    """The dtypes of results of each dtype with every other, with 0-d tensors and with numbers."""
    every = ", ".join(DTYPES)
    for one in DTYPES:
        yield f"[({one}[:1] + v[:1]).dtype for v in ({every})]"
        yield f"[({one}[:1] + v[0]).dtype for v in ({every})]"
        yield f"[({one}[0] + v[0]).dtype for v in ({every})]"
        yield f"[({one} + v).dtype for v in (True, 1, 1.5, 1j)]"
        yield f"[({one}[0] * v).dtype for v in (True, 1, 1.5, 1j)]"
        yield f"[t.can_cast({one}.dtype, v.dtype) for v in ({every})]"
        yield f"[t.result_type({one}, v) for v in (True, 2, 2.5, 2j, o, z)]"
        yield f"t.where(m, {one}[1], 2).dtype"
        yield f"t.cat([{one}[:1], k[0]]).dtype, t.cat([{one}[:1], p]).dtype, t.stack([{one}[0], c64[0]]).dtype"
        yield f"{one}.sum().dtype, {one}.prod().dtype, {one}.cumsum(0).dtype, {one}.any().dtype"
        yield f"{one}.dtype.is_floating_point, {one}.dtype.is_complex, {one}.is_signed(), {one}.element_size()"


def conversions():
    """Each dtype converted to others; floats that fit no integer are left out, as C leaves them undefined."""
    methods = "bool char short int long half bfloat16 float double cfloat cdouble".split()
    sources = ["bo", "u8", "i64", "t.tensor([-2.5, -0.0, 0.1, 100.7])"]
    yield from (f"{source}.{method}()" for source, method in itertools.product(sources, methods))
    yield from (f"{source}.double()" for source in DTYPES[:-2])


CONVERTED = """
    bo.byte(); i8.byte(); i64.byte(); f64.float(); f64.half(); f64.bfloat16(); f32.bool(); c64.bool(); s.bool()
    f32.bfloat16(); f32.half(); t.tensor([300, -1, 256, 65536]).char(); t.tensor([65519.9, 65520.0, 1e-8, 6e-8]).half()
    t.tensor([1.00390625, 1.01171875]).bfloat16(); c64.real; c64.imag; c64.real.dtype; c128.imag.dtype; a.to(k)
    a.type_as(k); a.to(t.int16); a.type(t.float64); a.to('cpu', t.float64); a.type(); k.type(); a.to(a.dtype) is a
    t.logit(u8); t.sub(m, 2); c64.cdouble(); c64.double(); c64.long()
"""


def programs():
    """What IEEE 754 rounds correctly is exact; elsewhere each library may be wrong by two units, and both by four."""
    exact = [f"t.{op}({x})" for op in EXACT_UNARY for x in [*SOME_DTYPES, "i8"]]
    exact += itertools.chain(*map(binary, EXACT_BINARY + EXACT_BINARY_OF_TENSORS), promotion(), conversions(),
                             listed(CONVERTED), listed(OTHERS))
    rounded = [f"t.{op}({x})" for op in ROUNDED_UNARY for x in SOME_DTYPES if x != "u8"]
    rounded += itertools.chain(*map(binary, ROUNDED_BINARY + ROUNDED_BINARY_OF_TENSORS), operators())
    exactness = {**dict.fromkeys(exact, 0), **dict.fromkeys(rounded, 4)}
    return {p: Exactness(4 if ROUNDED.search(p) else ulps, not ZEROS.search(p)) for p, ulps in exactness.items()}

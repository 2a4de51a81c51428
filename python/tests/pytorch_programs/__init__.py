"""Small programs in terms of `t`, PyTorch or lazytensor: what they may name, and how exact their answers are."""
# SPDX-License-Identifier: BSD-3-Clause
import collections
import math

# Every program finds these, made anew. Vectors with the extremes of each dtype are named after it.
INPUTS = compile("""
bo = t.tensor([True, False])
u8 = t.tensor([0, 1, 7, 128, 255], dtype=t.uint8)
i8 = t.tensor([-128, -7, -1, 1, 3, 127], dtype=t.int8)
i16 = t.tensor([-32768, -7, -1, 1, 3, 32767], dtype=t.int16)
i32 = t.tensor([-2147483648, -7, -1, 1, 3, 2147483647], dtype=t.int32)
i64 = t.tensor([-9223372036854775808, -7, -1, 1, 3, 9223372036854775807])
f16 = t.tensor([-inf, -2.5, -0.0, 0.1, 0.5, 3.0, 65504.0, nan], dtype=t.float16)
bf = t.tensor([-inf, -2.5, -0.0, 0.1, 0.5, 3.0, 1e38, nan], dtype=t.bfloat16)
f32 = t.tensor([-inf, -2.5, -1.0, -0.5, -0.0, 0.0, 1e-40, 0.1, 0.5, 1.0, 1.5, 3.5, 100.0, inf, nan])
f64 = t.tensor([-inf, -2.5, -1.0, -0.5, -0.0, 0.0, 0.1, 0.5, 1.0, 1.5, 3.5, 710.0, inf, nan], dtype=t.float64)
c64 = t.tensor([0j, 1 + 2j, -0.5 - 1.5j, 3j, -2 + 0j])
c128 = t.tensor([0j, 1 + 2j, -0.5 - 1.5j, 3j, -2 + 0j], dtype=t.complex128)
s = t.tensor([nan, inf, -inf, -0.0, 0.0, 1.5, -2.5])
n = t.tensor([True, False, True])
p = t.tensor([1.5, -2.0, 0.75])
q = t.tensor([3, -2, 5])
a = t.tensor([[1.5, -2.0, 0.25], [4.0, 3.0, -1.5]])
b = t.tensor([[2.0, 0.5, 4.0], [1.0, 8.0, 0.125]])
m = t.tensor([[True, False, True], [False, False, True]])
k = t.tensor([[5, -3, 2], [2, 7, -3]])
d = t.tensor([[4.0, 1.0, 3.0, 1.0], [2.0, nan, 2.0, 5.0], [0.5, -1.0, inf, 0.5]], dtype=t.float64)
x = t.arange(24.0).reshape(2, 3, 4)
e = t.zeros(0, 3)
w = t.arange(6)
i = t.tensor([2, 0, -1])
j = t.tensor([[0, 1], [1, 0]])
z = t.tensor(2.5)
o = t.tensor(3)
""", "INPUTS", "exec")

# By how many units in the last place floats may differ, and whether the signs of zeros count.
Exactness = collections.namedtuple("Exactness", ["ulps", "zeros"], defaults=[True])


def listed(text):
    """The programs of a table that holds several in a line, divided by semicolons."""
    return [program.strip() for line in text.strip().splitlines() for program in line.split(";")]


def names(t):
    """What a program finds: the module and its inputs."""
    found = {"t": t, "inf": math.inf, "nan": math.nan}
    exec(INPUTS, found)
    return found


def programs():
    """The exactness of the answer of every program."""
    from . import elementwise, making, reducing, views, writing
    found = {}
    for group in (elementwise, making, reducing, views, writing):
        found.update(group.programs())
    return found

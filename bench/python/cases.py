# The cases of bench/cases once more, each as one function over any library's arrays.
# SPDX-License-Identifier: BSD-3-Clause
"""A function gets m, the library's mathematics (libraries.py), and its inputs. NUMEXPR has those that
NumExpr's language can say, as a list of statements; the last is the result."""
import math

from data import biases, float16s, floats, int8s, weights


def side(n):
    return math.isqrt(n)


def square(n, which, low=0.5, high=1.5):
    return floats(n, which, low, high).reshape(side(n), side(n))


def vectors(count, low=0.5, high=1.5):
    return lambda n: [floats(n, i, low, high) for i in range(count)]


def black_scholes(m, s, k, t):
    deviation = m.sqrt(t) * 0.2
    d1 = (m.log(s / k) + t * (0.03 + 0.5 * 0.2 * 0.2)) / deviation
    return (s * 50 * (m.erf(d1 * 0.70710678) + 1)
            - k * 50 * m.exp(t * -0.03) * (m.erf((d1 - deviation) * 0.70710678) + 1))


def three_statements(m, a, b, c):
    u = a * b
    v = u + c
    return v * c - a


def hillshade(m, z):
    a, b, c = z[:-2, :-2], z[:-2, 1:-1], z[:-2, 2:]
    d, f = z[1:-1, :-2], z[1:-1, 2:]
    g, h, i = z[2:, :-2], z[2:, 1:-1], z[2:, 2:]
    east = ((c + f * 2 + i) - (a + d * 2 + g)) * 0.125
    north = ((a + b * 2 + c) - (g + h * 2 + i)) * 0.125
    return (0.70710678 - (north - east) * 0.5) / m.sqrt(east * east + north * north + 1)


def distances(m, a, b, c):
    u, v, w = (x - x[:, None] for x in (a, b, c))
    return m.sum(m.sqrt(u * u + v * v + w * w))


def five(m, a, b):
    return (a + b) * (a - b) + a * b


CASES = {
    "a*b + sin(c)": (vectors(3), lambda m, a, b, c: a * b + m.sin(c)),
    "(a+b)*(a-b) + a*b": (vectors(2), five),
    "2a + 3b": (vectors(2), lambda m, a, b: a * 2 + b * 3),
    "Black-Scholes": (vectors(3), black_scholes),
    "gelu": (vectors(1, -3, 3), lambda m, a: m.gelu(a)),
    "where": (vectors(3), lambda m, a, b, c: m.where(a > b, a * c, b + c)),
    "three statements": (vectors(3), three_statements),
    "float16 chain": (lambda n: [float16s(n, 0), float16s(n, 1)], five),
    "int8 chain": (lambda n: [int8s(n, 0), int8s(n, 1)], five),
    "sum(a*b)": (vectors(2), lambda m, a, b: m.sum(a * b)),
    "mean + var": (vectors(1), lambda m, a: m.var_mean(a)),
    "sum axis 0": (lambda n: [square(n, 0)], lambda m, x: m.sum(x, 0)),
    "sum axis 1": (lambda n: [square(n, 0)], lambda m, x: m.sum(x, 1)),
    "amax axis 0": (lambda n: [square(n, 0)], lambda m, x: m.amax(x, 0)),
    "amax axis 1": (lambda n: [square(n, 0)], lambda m, x: m.amax(x, 1)),
    "softmax": (lambda n: [square(n, 0, -3, 3)], lambda m, x: m.softmax(x)),
    "log-softmax": (lambda n: [square(n, 0, -3, 3)], lambda m, x: m.log_softmax(x)),
    "layer norm": (lambda n: [square(n, 0, -3, 3), weights(side(n)), biases(side(n))],
                   lambda m, x, w, v: m.layer_norm(x, w, v)),
    "outer": (lambda n: [floats(side(n), 0), floats(side(n), 1)],
              lambda m, a, b: a[:, None] * b),
    "A + B^T": (lambda n: [square(n, 0), square(n, 1)], lambda m, a, b: a + b.T),
    "hillshade": (lambda n: [square(n, 0)], hillshade),
    "pairwise distances": (lambda n: [floats(side(n), i) for i in range(3)], distances),
    "tiny: a + b": (vectors(2), lambda m, a, b: a + b),
    "tiny: sum(u*2 + 1)": (vectors(1), lambda m, u: m.sum(u * 2 + 1)),
}

NUMEXPR = {
    "a*b + sin(c)": ["a * b + sin(c)"],
    "(a+b)*(a-b) + a*b": ["(a + b) * (a - b) + a * b"],
    "2a + 3b": ["a * 2 + b * 3"],
    "where": ["where(a > b, a * c, b + c)"],
    "three statements": ["a * b", "r + c", "r * c - a"],
    "sum(a*b)": ["sum(a * b)"],
    "sum axis 0": ["sum(a, 0)"],
    "sum axis 1": ["sum(a, 1)"],
    "amax axis 0": ["max(a, 0)"],
    "amax axis 1": ["max(a, 1)"],
    "A + B^T": ["a + b.T"],
    "tiny: a + b": ["a + b"],
    "tiny: sum(u*2 + 1)": ["sum(a * 2 + 1)"],
}


def sizes(case, quick):
    if case.startswith("tiny"):
        return [8]
    return [1 << 14, 1 << 24] if quick else [1 << 14, 1 << 20, 1 << 24]

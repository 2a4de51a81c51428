"""Random programs of views, operations, joins, writes and exports: always NumPy's values."""
# SPDX-License-Identifier: BSD-3-Clause
import copy
import os
import pickle
import random

import numpy as np
import pytest

import lazytensor as lt

PROGRAMS = int(os.environ.get("LAZYTENSOR_PROGRAMS", 200))  # of each of the ten tests


class Program:
    """Tensors, each with the array that it must equal; views among them share on both sides."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.pairs, self.readers, self.exports = [], [], []
        self.done = []
        for _ in range(self.r.randint(1, 3)):
            self.new(None, None)

    def keep(self, tensor, array):
        array = np.asarray(array)
        assert tuple(tensor.shape) == array.shape, (tensor.shape, array.shape)
        if array.size < 3000:
            self.pairs.append((tensor, array))

    def keep_new(self, tensor, array):
        """A result with memory of its own, which tensors have row-major and NumPy as its operands."""
        self.keep(tensor, np.array(array, order="C"))

    def run(self):
        for _ in range(self.r.randint(3, 14)):
            step = self.r.choice(STEPS)
            self.done.append(step.__name__)
            step(self, *self.r.choice(self.pairs))

    def check(self):
        self.r.shuffle(self.pairs)
        if self.r.random() < 0.3:
            lt.eval(*(t for t, _ in self.pairs))
        for tensor, array in self.pairs + self.readers:
            np.testing.assert_allclose(tensor.numpy(), array, rtol=1e-9, atol=1e-9)
        for exported, array in self.exports:
            np.testing.assert_allclose(exported, array, rtol=1e-9, atol=1e-9)

    def dim(self, array):
        return self.r.randrange(-array.ndim, array.ndim)

    # What a step may be, given a tensor and its array.

    def new(self, _t, _a):
        shape = [self.r.choice([0, 1, 2, 3, 4]) or self.r.choice([0, 2]) for _ in range(self.r.randint(0, 3))]
        array = np.array([self.r.randint(-4, 4) for _ in range(int(np.prod(shape)))], float).reshape(shape)
        make = self.r.choice([lt.tensor, lt.from_numpy, lambda x: lt.tensor(x) + 0])
        self.keep(make(array.copy()), array)

    def unary(self, t, a):
        name, f = self.r.choice([("neg", np.negative), ("abs", np.abs), ("square", np.square), ("floor", np.floor)])
        self.keep_new(getattr(t, name)(), f(a))

    def binary(self, t, a):
        u, b = self.r.choice(self.pairs)
        name, f = self.r.choice([("add", np.add), ("sub", np.subtract), ("mul", np.multiply), ("maximum", np.maximum)])
        try:
            result = f(a, b)
        except ValueError:
            with pytest.raises(RuntimeError):
                getattr(t, name)(u)
            return
        self.keep_new(getattr(t, name)(u), result)

    def where(self, t, a):
        self.keep_new(lt.where(t > 0, t, -1.5), np.where(a > 0, a, -1.5))

    def reduce(self, t, a):
        if a.ndim:
            d, keepdim = self.dim(a), self.r.random() < 0.5
            self.keep_new(t.sum(d, keepdim), a.sum(d, keepdims=keepdim))
            if a.shape[d]:
                self.keep_new(t.amax(d, keepdim), a.max(d, keepdims=keepdim))

    def softmax(self, t, a):
        if a.ndim and a.size:
            d = self.dim(a)
            e = np.exp(a - a.max(d, keepdims=True))
            self.keep_new(t.softmax(d), e / e.sum(d, keepdims=True))

    def index(self, t, a):
        def bound():
            return self.r.choice([None, *range(-4, 5)])

        items = [self.r.randrange(-n, n) if n and self.r.random() < 0.25
                 else slice(bound(), bound(), self.r.choice([None, 1, 2, -1, -2])) for n in a.shape]
        if self.r.random() < 0.3:
            items.insert(self.r.randint(0, len(items)), None)
        self.keep(t[tuple(items)], a[(*items, ...)])

    def reshape(self, t, a):
        shapes = [(a.size,), (1, a.size), (a.size, 1)] + [(n, a.size // n) for n in (2, 3) if a.size % n == 0]
        shape = self.r.choice(shapes)
        self.keep(t.reshape(shape), a.reshape(shape))

    def transpose(self, t, a):
        self.keep(t.T, a.T)

    def pick(self, t, a):
        if a.ndim and a.shape[0]:
            index = np.array([self.r.randrange(-a.shape[0], a.shape[0]) for _ in range(self.r.randint(0, 4))], int)
            self.keep_new(t[self.r.choice([lt.tensor, lambda i: i])(index)], a[index])

    def mask(self, t, a):
        self.keep_new(t[t > 0], a[a > 0])

    def join(self, t, a):
        alike = [p for p in self.pairs if p[1].shape == a.shape]
        chosen = [self.r.choice(alike) for _ in range(self.r.randint(1, 3))]
        self.keep_new(lt.stack([u for u, _ in chosen]), np.stack([b for _, b in chosen]))
        if a.ndim:
            d = self.dim(a)
            self.keep_new(lt.cat([u for u, _ in chosen], d), np.concatenate([b for _, b in chosen], d))

    def rearrange(self, t, a):
        if a.ndim:
            d, n = self.dim(a), self.r.randint(-3, 3)
            self.keep_new(t.roll(n, d), np.roll(a, n, d))
            self.keep_new(t.flip(d), np.flip(a, d))

    def order(self, t, a):
        if a.ndim:
            d = self.dim(a)
            self.keep_new(t.sort(d).values, np.sort(a, d))
            self.keep_new(t.cumsum(d), a.cumsum(d))

    def product(self, t, a):
        if a.ndim == 2:
            self.keep_new(t @ t.T, a @ a.T)

    def copy(self, t, a):
        f = self.r.choice([lt.clone, lt.tensor, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x)),
                           lambda x: lt.zeros_like(x).copy_(x)])
        self.keep_new(f(t), a)

    def expand(self, t, a):
        self.keep_new(t.expand(2, *a.shape) + 0, np.broadcast_to(a, (2, *a.shape)))

    def change(self, t, a):
        t += 1
        a += 1
        t *= -1
        a *= -1

    def assign(self, t, a):
        u, b = self.r.choice(self.pairs)
        try:
            b = np.broadcast_to(b, a.shape).copy()
        except ValueError:
            return
        t.copy_(u)
        a[...] = b

    def put(self, t, a):
        if a.ndim and a.shape[0]:
            index = np.unique([self.r.randrange(a.shape[0]) for _ in range(3)])
            value = a[index] * 2
            t[lt.tensor(index)] = t[index] * 2
            a[index] = value
            t[t > 3] = -2
            a[a > 3] = -2

    def evaluate(self, t, _a):
        lt.eval(t, self.r.choice(self.pairs)[0])

    def export(self, t, a):
        self.exports.append((t.numpy(), a))

    def read(self, t, a):
        u, b = self.r.choice(self.pairs)
        self.readers.append((t * 2 + u.sum(), a * 2 + b.sum()))


STEPS = [Program.new, Program.unary, Program.binary, Program.where, Program.reduce, Program.softmax, Program.index,
         Program.index, Program.reshape, Program.transpose, Program.pick, Program.mask, Program.join,
         Program.rearrange, Program.order, Program.product, Program.copy, Program.expand, Program.change,
         Program.assign, Program.put, Program.evaluate, Program.export, Program.read]


@pytest.mark.parametrize("part", range(10))
def test_random_programs(part):
    for seed in range(part * PROGRAMS, (part + 1) * PROGRAMS):
        program = Program(seed)
        try:
            program.run()
            program.check()
        except Exception as problem:
            raise AssertionError(f"seed {seed}: {' '.join(program.done)}") from problem

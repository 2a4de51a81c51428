# The Python libraries: how each is called, compiled, and waited for.
# SPDX-License-Identifier: BSD-3-Clause
"""LIBRARIES maps a runner's name to a function that imports its library and returns the runner:
runner(case, function, arrays) gives a call that makes one evaluation and waits for it, or None where
the library cannot say the case."""
import numpy as np


class Mathematics:
    """What a case may ask for, written from the names of the array module xp."""

    def __init__(self, xp):
        self.xp = xp

    def __getattr__(self, name):
        return getattr(self.xp, name)

    def sum(self, x, axis=None):
        return self.xp.sum(x, axis)

    def amax(self, x, axis):
        return self.xp.max(x, axis)

    def var_mean(self, x):
        return self.xp.var(x, ddof=1), self.xp.mean(x)

    def gelu(self, x):
        return x * 0.5 * (self.erf(x * 0.70710678) + 1)

    def softmax(self, x):
        e = self.exp(x - self.xp.max(x, 1, keepdims=True))
        return e / self.xp.sum(e, 1, keepdims=True)

    def log_softmax(self, x):
        shifted = x - self.xp.max(x, 1, keepdims=True)
        return shifted - self.log(self.xp.sum(self.exp(shifted), 1, keepdims=True))

    def layer_norm(self, x, w, v):
        mean = self.xp.mean(x, 1, keepdims=True)
        return (x - mean) / self.sqrt(self.xp.var(x, 1, keepdims=True) + 1e-5) * w + v


class NumpyMathematics(Mathematics):
    def erf(self, x):
        from scipy.special import erf
        return erf(x)


def numpy_runner(threads):
    m = NumpyMathematics(np)
    return lambda case, f, arrays: lambda: f(m, *arrays)


def numexpr_runner(threads):
    import numexpr
    from cases import NUMEXPR
    numexpr.set_num_threads(threads)

    def runner(case, f, arrays):
        if case not in NUMEXPR:
            return None
        names = dict(zip("abc", arrays))
        if case == "A + B^T":
            names["b"] = names["b"].T
        statements = [s.replace("b.T", "b") for s in NUMEXPR[case]]

        def call():
            for s in statements:
                names["r"] = numexpr.evaluate(s, local_dict=names, global_dict={})
            return names["r"]
        return call
    return runner


def torch_mathematics():
    import torch

    class TorchMathematics(Mathematics):
        def sum(self, x, axis=None):
            return torch.sum(x) if axis is None else torch.sum(x, axis)

        def amax(self, x, axis):
            return torch.amax(x, axis)

        def var_mean(self, x):
            return torch.var_mean(x)

        def gelu(self, x):
            return torch.nn.functional.gelu(x)

        def softmax(self, x):
            return torch.softmax(x, 1)

        def log_softmax(self, x):
            return torch.log_softmax(x, 1)

        def layer_norm(self, x, w, v):
            return torch.nn.functional.layer_norm(x, w.shape, w, v, 1e-5)
    return torch, TorchMathematics(torch)


def torch_runner(threads):
    torch, m = torch_mathematics()
    torch.set_num_threads(threads)

    def runner(case, f, arrays):
        x = [torch.from_numpy(a) for a in arrays]
        return lambda: f(m, *x)
    return runner


def torch_compile_runner(threads):
    torch, m = torch_mathematics()
    torch.set_num_threads(threads)

    def runner(case, f, arrays):
        torch._dynamo.reset()
        x = [torch.from_numpy(a) for a in arrays]
        compiled = torch.compile(lambda *x: f(m, *x), dynamic=False)
        return lambda: compiled(*x)
    return runner


def jax_runner(threads):
    import jax
    import jax.numpy as jnp

    class JaxMathematics(Mathematics):
        def erf(self, x):
            return jax.scipy.special.erf(x)

        def softmax(self, x):
            return jax.nn.softmax(x, 1)

        def log_softmax(self, x):
            return jax.nn.log_softmax(x, 1)
    m = JaxMathematics(jnp)

    def runner(case, f, arrays):
        x = [jnp.asarray(a) for a in arrays]
        compiled = jax.jit(lambda *x: f(m, *x))
        return lambda: jax.block_until_ready(compiled(*x))
    return runner


def mlx_runner(threads):
    import mlx.core as mx
    # Its wheels for Linux have an Apple-only backend and a processor one: this is the latter.
    mx.set_default_device(mx.cpu)

    class MlxMathematics(Mathematics):
        def softmax(self, x):
            return mx.softmax(x, 1)

        def layer_norm(self, x, w, v):
            return mx.fast.layer_norm(x, w, v, 1e-5)
    m = MlxMathematics(mx)

    def runner(case, f, arrays):
        x = [mx.array(a) for a in arrays]
        compiled = mx.compile(lambda *x: f(m, *x))

        def call():
            result = compiled(*x)
            mx.eval(result)
            return result
        return call
    return runner


def lazytensor_runner(threads):
    import lazytensor as lt
    lt.set_num_threads(threads)

    class LazytensorMathematics(Mathematics):
        def var_mean(self, x):
            return lt.var(x), lt.mean(x)

        def gelu(self, x):
            return lt.gelu(x)

        def softmax(self, x):
            return lt.softmax(x, 1)

        def log_softmax(self, x):
            return lt.log_softmax(x, 1)

        def amax(self, x, axis):
            return lt.amax(x, axis)

        def layer_norm(self, x, w, v):
            mean = x.mean(1, keepdim=True)
            return (x - mean) * (x.var(1, correction=0, keepdim=True) + 1e-5).rsqrt() * w + v
    m = LazytensorMathematics(lt)

    def runner(case, f, arrays):
        x = [lt.tensor(a) for a in arrays]

        def call():
            result = f(m, *x)
            lt.eval(*(result if isinstance(result, tuple) else (result,)))
            return result
        return call
    return runner


LIBRARIES = {
    "Lazytensor for Python": lazytensor_runner,
    "NumPy": numpy_runner,
    "NumExpr": numexpr_runner,
    "PyTorch": torch_runner,
    "torch.compile": torch_compile_runner,
    "JAX": jax_runner,
    "MLX": mlx_runner,
}

"""Random numbers of other distributions, by PyTorch's names. Seeded by manual_seed; not PyTorch's sequences."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import math

import lazytensor as lt
from lazytensor import Tensor

from ._define import both, method


def _uniform(shape):
    """Doubles in (0, 1)."""
    return lt.rand(shape, dtype=lt.float64).clamp(2.0 ** -54)


def _ones_with(p, shape):
    bounds = (p >= 0) & (p <= 1)
    if not (bool(bounds.all()) if isinstance(p, Tensor) else bounds):
        raise lt.DataError("[bernoulli] Expected p_in >= 0 && p_in <= 1 to be true, but got false.")
    return lt.rand(shape, dtype=lt.float64) < p


@both
def bernoulli(input, p=None) -> Tensor:
    """1 with the probability that each element is, or p, else 0. Computes them, to refuse what is not in [0, 1]."""
    if p is None and not input.dtype.is_floating_point:
        raise lt.DtypeError(f"[bernoulli] not implemented for {input.dtype}")
    return _ones_with(input if p is None else p, input.shape).to(input.dtype)


@method
def bernoulli_(self, p=0.5) -> Tensor:
    """Fills with 1 with probability p, a number or a tensor, else with 0."""
    return self.copy_(_ones_with(p, self.shape).to(self.dtype))


@method
def exponential_(self, lambd=1) -> Tensor:
    """Fills floats with exponential numbers of rate lambd."""
    if not lambd > 0:
        raise lt.DataError(f"[exponential_] expects lambda > 0.0, but found lambda={lambd}")
    return self.copy_(_floats("exponential_", self, -_uniform(self.shape).log() / lambd))


@method
def log_normal_(self, mean=1, std=2) -> Tensor:
    """Fills floats with the exponentials of normal numbers."""
    if not std > 0:
        raise lt.DataError(f"[log_normal_] expects std > 0.0, but found std={std}")
    return self.copy_(_floats("log_normal_", self, (lt.randn(self.shape, dtype=lt.float64) * std + mean).exp()))


@method
def cauchy_(self, median=0, sigma=1) -> Tensor:
    """Fills floats with Cauchy's numbers."""
    if not sigma > 0:
        raise lt.DataError(f"[cauchy_] expects sigma > 0.0, but found sigma={sigma}")
    return self.copy_(_floats("cauchy_", self, ((_uniform(self.shape) - 0.5) * math.pi).tan() * sigma + median))


@method
def geometric_(self, p) -> Tensor:
    """Fills with how many trials of probability p a success takes."""
    if not 0 < p < 1:
        raise lt.DataError(f"[geometric_] expects p to be in (0, 1), but got p={p}")
    return self.copy_((_uniform(self.shape).log() / math.log1p(-p)).ceil().to(self.dtype))


def _floats(name, x, values):
    if not x.dtype.is_floating_point:
        raise lt.DtypeError(f"[{name}] not implemented for {x.dtype}")
    return values.to(x.dtype)


def _check_weights(input, num_samples, replacement):
    if not input.dtype.is_floating_point:
        raise lt.DtypeError(f"[multinomial] only supports floating-point dtypes for input, got: {input.dtype}")
    if input.ndim not in (1, 2):
        raise lt.ShapeError("[multinomial] prob_dist must be 1 or 2 dim")
    if num_samples <= 0:
        raise lt.DataError("[multinomial] cannot sample n_sample <= 0 samples")
    if not replacement and num_samples > input.shape[-1]:
        raise lt.DataError("[multinomial] cannot sample n_sample > prob_dist.size(-1) samples without replacement")
    if not bool((input.isfinite() & (input >= 0)).all()):
        raise lt.DataError("[multinomial] probability tensor contains either `inf`, `nan` or element < 0")
    if not bool((input.sum(-1) > 0).all()):
        raise lt.DataError("[multinomial] invalid multinomial distribution (sum of probabilities <= 0)")


@both
def multinomial(input, num_samples, replacement=False) -> Tensor:
    """Indices drawn by the weights in each row. Computes these, to refuse negative, infinite or all zero ones."""
    _check_weights(input, num_samples, replacement)
    weights = input.double()
    if not replacement:
        # The first arrivals of independent streams of these rates.
        return (weights / -_uniform(weights.shape).log()).topk(num_samples, -1).indices
    ends = weights.cumsum(-1)
    drawn = lt.rand((*input.shape[:-1], num_samples), dtype=lt.float64) * (1 - 2.0 ** -52) * ends[..., -1:]
    return lt.searchsorted(ends.contiguous(), drawn, right=True)

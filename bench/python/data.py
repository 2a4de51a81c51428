# The numbers that bench/harness/array.hpp makes, made again in NumPy.
# SPDX-License-Identifier: BSD-3-Clause
import numpy as np


def uniform(n, which):
    """Element i of input `which`: a multiplicative hash, in [0, 1)."""
    i = np.arange(n, dtype=np.uint64) + np.uint64(7919 * which)
    return (i * np.uint64(2654435761) % np.uint64(1000003)).astype(np.float64) / 1000003


def floats(n, which, low=0.5, high=1.5):
    low, high = np.float32(low), np.float32(high)
    return low + (high - low) * uniform(n, which).astype(np.float32)


def float16s(n, which):
    return floats(n, which).astype(np.float16)


def int8s(n, which):
    return ((uniform(n, which) * 255).astype(np.int32) - 127).astype(np.int8)


def weights(n):
    return (0.5 + (np.arange(n) % 7) / 8).astype(np.float32)


def biases(n):
    return ((np.arange(n) % 5) / 4).astype(np.float32)

"""The Python array API standard 2024.12 over lazytensor: lt.array_api is a conforming namespace.

Results stay lazy wherever the standard allows it: what computes are functions whose shapes depend
on the data, linalg's decompositions and fft. https://data-apis.org/array-api/2024.12

Where the standard and PyTorch differ (what sums of small integers are in, NaN in unique, integers
in mean, ...) these functions follow the standard. One difference is left to operators, which are
the tensor's own: `x + y` of a 0-d tensor and one with dimensions promotes as in PyTorch, add(x, y)
by dtype alone. python/tests/array_api_skips.txt has the whole list.
"""
# SPDX-License-Identifier: BSD-3-Clause
from math import e, inf, nan, pi

from . import fft, linalg
from ._creation import (arange, asarray, empty, empty_like, eye, from_dlpack, full, full_like, linspace,
                        meshgrid, ones, ones_like, tril, triu, zeros, zeros_like)
from ._dtypes import *
from ._dtypes import can_cast, finfo, iinfo, isdtype, result_type
from ._elementwise import *
from ._indexing import take, take_along_axis
from ._info import __array_namespace_info__
from ._manipulation import (astype, broadcast_arrays, broadcast_to, concat, expand_dims, flip, moveaxis,
                            permute_dims, repeat, reshape, roll, squeeze, stack, tile, unstack)
from ._products import matmul, matrix_transpose, tensordot, vecdot
from ._searching import (argmax, argmin, argsort, count_nonzero, nonzero, searchsorted, sort,
                         unique_all, unique_counts, unique_inverse, unique_values)
from ._statistical import (all, any, cumulative_prod, cumulative_sum, diff, max, mean, min, prod, std,
                           sum, var)

__array_api_version__ = "2024.12"
newaxis = None

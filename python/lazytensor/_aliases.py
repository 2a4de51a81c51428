"""Other names that PyTorch and NumPy have for what the library offers, as functions and methods."""
# SPDX-License-Identifier: BSD-3-Clause
import lazytensor
from lazytensor import Tensor

NAMES = {
    "absolute": "abs",
    "arccos": "acos",
    "arccosh": "acosh",
    "arcsin": "asin",
    "arcsinh": "asinh",
    "arctan": "atan",
    "arctan2": "atan2",
    "arctanh": "atanh",
    "concatenate": "cat",
    "conj_physical": "conj",
    "divide": "div",
    "true_divide": "div",
    "fix": "trunc",
    "ger": "outer",
    "greater": "gt",
    "greater_equal": "ge",
    "less": "lt",
    "less_equal": "le",
    "mod": "remainder",
    "moveaxis": "movedim",
    "multiply": "mul",
    "ndimension": "dim",
    "negative": "neg",
    "not_equal": "ne",
    "power": "pow",
    "row_stack": "vstack",
    "subtract": "sub",
    "swapaxes": "transpose",
    "swapdims": "transpose",
}


def _install(place):
    for new, old in NAMES.items():
        for end in ("", "_"):
            if hasattr(place, old + end) and not hasattr(place, new + end):
                setattr(place, new + end, getattr(place, old + end))


_install(lazytensor)
_install(Tensor)

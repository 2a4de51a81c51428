"""The standard's data types, what is known of them, and how they promote."""
# SPDX-License-Identifier: BSD-3-Clause
import builtins
from dataclasses import dataclass

from .. import _core as lt

KINDS = {
    "bool": ("bool",),
    "signed integer": ("int8", "int16", "int32", "int64"),
    "unsigned integer": ("uint8", "uint16", "uint32", "uint64"),
    "real floating": ("float32", "float64"),
    "complex floating": ("complex64", "complex128"),
}
KINDS["integral"] = KINDS["signed integer"] + KINDS["unsigned integer"]
KINDS["numeric"] = KINDS["integral"] + KINDS["real floating"] + KINDS["complex floating"]

NAMES = KINDS["bool"] + KINDS["numeric"]
__all__ = list(NAMES)
globals().update({name: getattr(lt, name) for name in NAMES})

_REAL_OF = {lt.complex64: lt.float32, lt.complex128: lt.float64}
# Significant bits with the implied one, and the smallest and largest exponent.
_FLOATS = {lt.float16: (11, -14, 15), lt.bfloat16: (8, -126, 127), lt.float32: (24, -126, 127),
           lt.float64: (53, -1022, 1023)}


@dataclass(frozen=True)
class finfo_object:
    """The limits of a floating-point dtype, as Python floats."""

    bits: int
    eps: float
    max: float
    min: float
    smallest_normal: float
    dtype: lt.dtype


@dataclass(frozen=True)
class iinfo_object:
    """The limits of an integer dtype."""

    bits: int
    max: int
    min: int
    dtype: lt.dtype


def _dtype_of(x):
    return x.dtype if isinstance(x, lt.Tensor) else x


def real_dtype(dtype) -> lt.dtype:
    """The dtype of the parts of complex numbers; of any other dtype itself."""
    return _REAL_OF.get(dtype, dtype)


def finfo(type, /) -> finfo_object:
    """Machine limits of a floating-point dtype, or of a tensor's; of a complex one those of its parts."""
    dtype = real_dtype(_dtype_of(type))
    if dtype not in _FLOATS:
        raise TypeError(f"finfo: {dtype} is not a floating-point dtype")
    digits, lowest, highest = _FLOATS[dtype]
    largest = (2.0 - 2.0 ** (1 - digits)) * 2.0**highest
    return finfo_object(dtype.itemsize * 8, 2.0 ** (1 - digits), largest, -largest, 2.0**lowest, dtype)


def iinfo(type, /) -> iinfo_object:
    """Machine limits of an integer dtype, or of a tensor's."""
    dtype = _dtype_of(type)
    if dtype.kind != "integer":
        raise TypeError(f"iinfo: {dtype} is not an integer dtype")
    bits = dtype.itemsize * 8
    if not dtype.is_signed:
        return iinfo_object(bits, 2**bits - 1, 0, dtype)
    return iinfo_object(bits, 2 ** (bits - 1) - 1, -(2 ** (bits - 1)), dtype)


def isdtype(dtype, kind) -> builtins.bool:
    """True if dtype is of a kind ("real floating", ...), is a given dtype, or either of several."""
    if isinstance(kind, tuple):
        return any(isdtype(dtype, k) for k in kind)
    if isinstance(kind, str):
        if kind not in KINDS:
            raise ValueError(f"isdtype: unknown kind '{kind}', expected one of {', '.join(KINDS)}")
        return dtype.name in KINDS[kind]
    return dtype == kind


def promoted(dtype, number) -> lt.dtype:
    """The dtype of a tensor of that dtype with a Python number: wider only if the number's kind is."""
    if isinstance(number, complex):
        return lt.promote_types(dtype, lt.complex64)
    if isinstance(number, float) and dtype.kind in ("bool", "integer"):
        return lt.get_default_dtype()
    return lt.int64 if isinstance(number, int) and dtype.kind == "bool" and number is not True \
        and number is not False else dtype


def result_type(*arrays_and_dtypes) -> lt.dtype:
    """The dtype that tensors, dtypes and Python numbers promote to. 0-d tensors count as any other."""
    numbers = [x for x in arrays_and_dtypes if isinstance(x, (int, float, complex))]
    dtypes = [_dtype_of(x) for x in arrays_and_dtypes if not isinstance(x, (int, float, complex))]
    if not dtypes:
        raise ValueError("result_type: at least one argument must be a tensor or a dtype")
    result = dtypes[0]
    for dtype in dtypes[1:]:
        result = lt.promote_types(result, dtype)
    for number in numbers:
        result = promoted(result, number)
    return result


def can_cast(from_, to, /) -> builtins.bool:
    """True if promotion with `to` gives `to`: nothing that `from_` holds is lost in kind or range."""
    return lt.promote_types(_dtype_of(from_), to) == to


def alike(*operands):
    """The operands, 0-d tensors converted where an operator would take them for numbers.

    PyTorch lets a 0-d tensor widen the others only across kinds; the standard promotes by dtype alone.
    """
    tensors = [x for x in operands if isinstance(x, lt.Tensor)]
    if len({x.ndim == 0 for x in tensors}) < 2:
        return operands
    common = result_type(*tensors)
    return tuple(x.to(common) if isinstance(x, lt.Tensor) else x for x in operands)

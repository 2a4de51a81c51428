#!/usr/bin/env python3
# Prints tests/promotion_table.hpp: the dtypes that PyTorch answers, and NumPy's where PyTorch has no answer.
# SPDX-License-Identifier: BSD-3-Clause
"""make_promotion_table.py > ../promotion_table.hpp"""
import numpy
import torch

NAMES = ("bool uint8 int8 int16 int32 int64 uint16 uint32 uint64 float16 bfloat16 float32 float64 complex64 "
         "complex128").split()
CODES = dict(zip(NAMES, "b u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 c64 c128".split()))
UNARY = ("neg positive abs sign sgn square reciprocal relu sqrt rsqrt exp exp2 expm1 log log2 log10 log1p sigmoid sin cos "
         "tan asin acos atan sinh cosh tanh asinh acosh atanh floor ceil trunc round erf erfc lgamma isnan isinf "
         "isfinite signbit real imag conj angle logical_not bitwise_not").split()
BINARY = ("add sub mul div floor_divide remainder fmod pow minimum maximum fmin fmax eq ne lt le gt ge logical_and "
          "logical_or logical_xor bitwise_and bitwise_or bitwise_xor bitwise_left_shift bitwise_right_shift logaddexp "
          "atan2 hypot copysign nextafter").split()
REDUCTIONS = ("sum prod amax amin any all mean var std count_nonzero argmax argmin norm median cumsum softmax "
              "log_softmax").split()


def name(dtype):
    return str(dtype).removeprefix("torch.")


def promoted(a, b):
    try:
        return CODES[name(torch.promote_types(getattr(torch, a), getattr(torch, b)))]
    except RuntimeError:
        return CODES[numpy.promote_types(a, b).name]


def result_type(a, b):
    try:
        return CODES[name(torch.result_type(a, b))]
    except (RuntimeError, KeyError):  # KeyError: complex32, which is no dtype here
        return "-"


def answer(function):
    try:
        return CODES[name(function().dtype)]
    except (RuntimeError, TypeError, NotImplementedError):
        return "-"


def rows(names, call):
    for op in names:
        found = [answer(lambda: call(op, torch.ones(3, dtype=getattr(torch, d)))) for d in NAMES]
        print(f'    {{"{op}", "{" ".join(found)}"}},')


def reduced(op, x):
    function = getattr(torch, op)
    return function(x, 0) if op in ("cumsum", "softmax", "log_softmax") else function(x)


print(f"""// The dtypes PyTorch {torch.__version__.split('+')[0]} answers; made by data/make_promotion_table.py.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// Short names of the fifteen dtypes in the order of lazy::dtype_id; "-" stands for an error.
inline constexpr const char* dtype_codes = "{" ".join(CODES[n] for n in NAMES)}";

/// torch.promote_types, row by column; numpy.promote_types ({numpy.__version__}) where PyTorch refuses.
inline constexpr const char* promotion_rows[] = {{""")
for a in NAMES:
    print(f'    "{" ".join(promoted(a, b) for b in NAMES)}",')
print("""};

/// torch.result_type of a vector (row) and a 0-d tensor (column); "-" where PyTorch refuses.
inline constexpr const char* zero_dim_rows[] = {""")
for a in NAMES:
    vector = torch.ones(2, dtype=getattr(torch, a))
    print('    "' + " ".join(result_type(vector, torch.ones((), dtype=getattr(torch, b))) for b in NAMES) + '",')
print("""};

/// torch.result_type of a tensor (vector and 0-d agree) and a bool, an int, a float, a complex number.
inline constexpr const char* number_rows[] = {""")
for a in NAMES:
    answers = [[result_type(torch.ones(size, dtype=getattr(torch, a)), n) for n in (True, 1, 1.5, 2j)]
               for size in ((2,), ())]
    assert answers[0] == answers[1]
    print(f'    "{" ".join(answers[0])}",')
print("""};

/// An operation and the dtype of its result for an operand (both operands) of each dtype.
struct result_row {
    const char* op;
    const char* results;
};
inline constexpr result_row unary_results[] = {""")
rows(UNARY, lambda op, x: getattr(torch, op)(x))
print("};\ninline constexpr result_row binary_results[] = {")
rows(BINARY, lambda op, x: getattr(torch, op)(x, x))
print("};\ninline constexpr result_row reduction_results[] = {")
rows(REDUCTIONS, reduced)
print("};")

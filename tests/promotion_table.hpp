// The dtypes PyTorch 2.15.0 answers; made by data/make_promotion_table.py.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// Short names of the fifteen dtypes in the order of lazy::dtype_id; "-" stands for an error.
inline constexpr const char* dtype_codes =
    "b u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 c64 c128";

/// torch.promote_types, row by column; numpy.promote_types (2.4.6) where PyTorch refuses.
inline constexpr const char* promotion_rows[] = {
    "b u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 c64 c128",
    "u8 u8 i16 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 c64 c128",
    "i8 i16 i8 i16 i32 i64 i32 i64 f64 f16 bf f32 f64 c64 c128",
    "i16 i16 i16 i16 i32 i64 i32 i64 f64 f16 bf f32 f64 c64 c128",
    "i32 i32 i32 i32 i32 i64 i32 i64 f64 f16 bf f32 f64 c64 c128",
    "i64 i64 i64 i64 i64 i64 i64 i64 f64 f16 bf f32 f64 c64 c128",
    "u16 u16 i32 i32 i32 i64 u16 u32 u64 f16 bf f32 f64 c64 c128",
    "u32 u32 i64 i64 i64 i64 u32 u32 u64 f16 bf f32 f64 c128 c128",
    "u64 u64 f64 f64 f64 f64 u64 u64 u64 f16 bf f32 f64 c128 c128",
    "f16 f16 f16 f16 f16 f16 f16 f16 f16 f16 f32 f32 f64 c64 c128",
    "bf bf bf bf bf bf bf bf bf f32 bf f32 f64 c64 c128",
    "f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f64 c64 c128",
    "f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 c128 c128",
    "c64 c64 c64 c64 c64 c64 c64 c128 c128 c64 c64 c64 c128 c64 c128",
    "c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128",
};

/// torch.result_type of a vector (row) and a 0-d tensor (column); "-" where PyTorch refuses.
inline constexpr const char* zero_dim_rows[] = {
    "b u8 i8 i16 i32 i64 - - - f16 bf f32 f64 c64 c128",
    "u8 u8 u8 u8 u8 u8 u8 u8 u8 f16 bf f32 f64 c64 c128",
    "i8 i8 i8 i8 i8 i8 i8 i8 i8 f16 bf f32 f64 c64 c128",
    "i16 i16 i16 i16 i16 i16 i16 i16 i16 f16 bf f32 f64 c64 c128",
    "i32 i32 i32 i32 i32 i32 i32 i32 i32 f16 bf f32 f64 c64 c128",
    "i64 i64 i64 i64 i64 i64 i64 i64 i64 f16 bf f32 f64 c64 c128",
    "u16 u16 u16 u16 u16 u16 u16 u16 u16 f16 bf f32 f64 c64 c128",
    "u32 u32 u32 u32 u32 u32 u32 u32 u32 f16 bf f32 f64 c64 c128",
    "u64 u64 u64 u64 u64 u64 u64 u64 u64 f16 bf f32 f64 c64 c128",
    "f16 f16 f16 f16 f16 f16 f16 f16 f16 f16 f16 f16 f16 - -",
    "bf bf bf bf bf bf bf bf bf bf bf bf bf - -",
    "f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 f32 c64 c64",
    "f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 c128 c128",
    "c64 c64 c64 c64 c64 c64 c64 c64 c64 c64 c64 c64 c64 c64 c64",
    "c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128",
};

/// torch.result_type of a tensor (vector and 0-d agree) and a bool, an int, a float, a complex
/// number.
inline constexpr const char* number_rows[] = {
    "b i64 f32 c64",    "u8 u8 f32 c64",   "i8 i8 f32 c64",       "i16 i16 f32 c64",
    "i32 i32 f32 c64",  "i64 i64 f32 c64", "u16 u16 f32 c64",     "u32 u32 f32 c64",
    "u64 u64 f32 c64",  "f16 f16 f16 -",   "bf bf bf -",          "f32 f32 f32 c64",
    "f64 f64 f64 c128", "c64 c64 c64 c64", "c128 c128 c128 c128",
};

/// An operation and the dtype of its result for an operand (both operands) of each dtype.
struct result_row {
    const char* op;
    const char* results;
};
inline constexpr result_row unary_results[] = {
    {"neg", "- u8 i8 i16 i32 i64 - - - f16 bf f32 f64 c64 c128"},
    {"positive", "- u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 c64 c128"},
    {"abs", "- u8 i8 i16 i32 i64 - - - f16 bf f32 f64 f32 f64"},
    {"sign", "b u8 i8 i16 i32 i64 - - - f16 bf f32 f64 - -"},
    {"sgn", "b u8 i8 i16 i32 i64 - - - f16 bf f32 f64 c64 c128"},
    {"square", "i64 u8 i8 i16 i32 i64 - - - f16 bf f32 f64 c64 c128"},
    {"reciprocal", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"relu", "- u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 - -"},
    {"sqrt", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"rsqrt", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"exp", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"exp2", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"expm1", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"log", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"log2", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"log10", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"log1p", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"sigmoid", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"sin", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"cos", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"tan", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"asin", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"acos", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"atan", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"sinh", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"cosh", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"tanh", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"asinh", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"acosh", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"atanh", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"floor", "- u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 - -"},
    {"ceil", "- u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 - -"},
    {"trunc", "- u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 - -"},
    {"round", "- u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 - -"},
    {"erf", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 - -"},
    {"erfc", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 - -"},
    {"lgamma", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 - -"},
    {"isnan", "b b b b b b b b b b b b b b b"},
    {"isinf", "b b b b b b b b b b b b b b b"},
    {"isfinite", "b b b b b b b b b b b b b b b"},
    {"signbit", "b b b b b b b b b b b b b - -"},
    {"real", "b u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 f32 f64"},
    {"imag", "- - - - - - - - - - - - - f32 f64"},
    {"conj", "b u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 c64 c128"},
    {"angle", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 f32 f64"},
    {"logical_not", "b b b b b b - - - b b b b b b"},
    {"bitwise_not", "b u8 i8 i16 i32 i64 - - - - - - - - -"},
};
inline constexpr result_row binary_results[] = {
    {"add", "b u8 i8 i16 i32 i64 - - - f16 bf f32 f64 c64 c128"},
    {"sub", "- u8 i8 i16 i32 i64 - - - f16 bf f32 f64 c64 c128"},
    {"mul", "b u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 c64 c128"},
    {"div", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 c64 c128"},
    {"floor_divide", "- u8 i8 i16 i32 i64 - - - f16 bf f32 f64 - -"},
    {"remainder", "- u8 i8 i16 i32 i64 - - - f16 bf f32 f64 - -"},
    {"fmod", "- u8 i8 i16 i32 i64 - - - f16 bf f32 f64 - -"},
    {"pow", "- u8 i8 i16 i32 i64 - - - f16 bf f32 f64 c64 c128"},
    {"minimum", "b u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 - -"},
    {"maximum", "b u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 - -"},
    {"fmin", "b u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 - -"},
    {"fmax", "b u8 i8 i16 i32 i64 u16 u32 u64 f16 bf f32 f64 - -"},
    {"eq", "b b b b b b b b b b b b b b b"},
    {"ne", "b b b b b b b b b b b b b b b"},
    {"lt", "b b b b b b - - - b b b b - -"},
    {"le", "b b b b b b - - - b b b b - -"},
    {"gt", "b b b b b b - - - b b b b - -"},
    {"ge", "b b b b b b - - - b b b b - -"},
    {"logical_and", "b b b b b b - - - b b b b b b"},
    {"logical_or", "b b b b b b - - - b b b b b b"},
    {"logical_xor", "b b b b b b - - - b b b b b b"},
    {"bitwise_and", "b u8 i8 i16 i32 i64 u16 u32 u64 - - - - - -"},
    {"bitwise_or", "b u8 i8 i16 i32 i64 u16 u32 u64 - - - - - -"},
    {"bitwise_xor", "b u8 i8 i16 i32 i64 u16 u32 u64 - - - - - -"},
    {"bitwise_left_shift", "- u8 i8 i16 i32 i64 - - - - - - - - -"},
    {"bitwise_right_shift", "- u8 i8 i16 i32 i64 - - - - - - - - -"},
    {"logaddexp", "- - - - - - - - - f16 bf f32 f64 c64 c128"},
    {"atan2", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 - -"},
    {"hypot", "- - - - - - - - - f16 bf f32 f64 - -"},
    {"copysign", "f32 f32 f32 f32 f32 f32 f32 f32 f32 f16 bf f32 f64 - -"},
    {"nextafter", "- - - - - - - - - f16 bf f32 f64 - -"},
};
inline constexpr result_row reduction_results[] = {
    {"sum", "i64 i64 i64 i64 i64 i64 i64 i64 i64 f16 bf f32 f64 c64 c128"},
    {"prod", "i64 i64 i64 i64 i64 i64 i64 i64 i64 f16 bf f32 f64 c64 c128"},
    {"amax", "b u8 i8 i16 i32 i64 - - - f16 bf f32 f64 - -"},
    {"amin", "b u8 i8 i16 i32 i64 - - - f16 bf f32 f64 - -"},
    {"any", "b u8 b b b b b b b b b b b b b"},
    {"all", "b u8 b b b b b b b b b b b b b"},
    {"mean", "- - - - - - - - - f16 bf f32 f64 c64 c128"},
    {"var", "- - - - - - - - - f16 bf f32 f64 f32 f64"},
    {"std", "- - - - - - - - - f16 bf f32 f64 f32 f64"},
    {"count_nonzero", "i64 i64 i64 i64 i64 i64 - - - i64 i64 i64 i64 i64 i64"},
    {"argmax", "- i64 i64 i64 i64 i64 - - - i64 i64 i64 i64 - -"},
    {"argmin", "- i64 i64 i64 i64 i64 - - - i64 i64 i64 i64 - -"},
    {"norm", "- - - - - - - - - f16 bf f32 f64 f32 f64"},
    {"median", "- u8 i8 i16 i32 i64 - - - f16 bf f32 f64 - -"},
    {"cumsum", "i64 i64 i64 i64 i64 i64 i64 i64 i64 f16 bf f32 f64 c64 c128"},
    {"softmax", "- - - - - - - - - f16 bf f32 f64 - -"},
    {"log_softmax", "- - - - - - - - - f16 bf f32 f64 - -"},
};

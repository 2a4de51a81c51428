// How large the objects are that programs hold many of.
// SPDX-License-Identifier: BSD-3-Clause

#include <type_traits>

#include "catch.hpp"

#include <lazytensor.hpp>

// A handle is one pointer, whatever it knows of its dtype.
static_assert(sizeof(lazy::tensor<float>) == sizeof(void*));
static_assert(sizeof(lazy::tensor<bool>) == sizeof(void*));
static_assert(sizeof(lazy::Tensor) == sizeof(void*));

// dtype objects take no room, dtypes one byte, elements what the format says.
static_assert(std::is_empty_v<decltype(lazy::float32)>);
static_assert(sizeof(lazy::dtype) == 1);
static_assert(sizeof(lazy::float16_t) == 2 && sizeof(lazy::bfloat16_t) == 2);
static_assert(sizeof(lazy::shape) <= 40);

// Handles move without throwing, so that vectors of them grow by moving.
static_assert(std::is_nothrow_move_constructible_v<lazy::Tensor>);
static_assert(std::is_nothrow_move_constructible_v<lazy::tensor<float>>);
static_assert(std::is_nothrow_move_assignable_v<lazy::Tensor>);
static_assert(std::is_nothrow_move_constructible_v<lazy::shape>);
static_assert(std::is_trivially_copyable_v<lazy::float16_t>);

// Every dtype has the size of its C++ type.
static_assert(lazy::float64.itemsize() == 8 && lazy::complex128.itemsize() == 16 &&
              lazy::bool_.itemsize() == 1);

TEST_CASE("nodes are packed: a small operation costs little memory", "[core][sizes]") {
    CHECK(sizeof(lazy::graph::node) <= 192);
    CHECK(sizeof(lazy::graph::variable) <= 192);
    auto a = lazy::ones({2}), b = lazy::ones({2});
    auto e = a + b;  // an expression: its operands, its shape, its node once it has one
    CHECK(sizeof(e) <= 8 * sizeof(void*));
    CHECK(sizeof((lazy::ones({2}) + lazy::ones({2})) * 2.f) <= 10 * sizeof(void*));
}

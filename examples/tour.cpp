// A tour of tensors: the examples of three PyTorch tutorials, in their order, in C++.
// SPDX-License-Identifier: BSD-3-Clause
//
// Prints each expression behind "In:" and under it what the tutorial shows as its output. A
// std::vector stands where the tutorials have a NumPy array. Random numbers differ: another
// generator.
#include <array>
#include <cstdint>
#include <iostream>
#include <lazytensor.hpp>
#include <sstream>
#include <string>
#include <vector>

using namespace lazy;

/// Texts as PyTorch and NumPy print them.
template <class X>
std::string text(const X& x) {
    std::ostringstream out;
    out << std::boolalpha << x;
    return out.str();
}
std::string text(dtype d) { return std::string("torch.") + d.name(); }
std::string text(const shape& s) { return "torch.Size(" + to_string(s) + ")"; }
std::string text(const array_interface& a) { return "array" + to_string(from_numpy(a)).substr(6); }
template <class T>
std::string text(const std::vector<T>& list) {
    std::string out = "[";
    for (const T& item : list) {
        out += (out.size() > 1 ? ", " : "") + text(item);
    }
    return out + "]";
}

template <class X>
void show(const char* in, const X& out) {
    std::cout << "In:  " << in << '\n' << text(out) << "\n\n";
}
#define SHOW(...) show(#__VA_ARGS__, __VA_ARGS__)

/// A statement with nothing to show.
#define RUN(...) \
    __VA_ARGS__; \
    std::cout << "In:  " #__VA_ARGS__ << "\n\n"

template <class F>
void show_error(const char* in, F&& f) {
    std::cout << "In:  " << in << '\n';
    try {
        f();
        std::cout << "no error\n\n";
    } catch (const error& e) {
        std::cout << "error: " << e.what() << "\n\n";
    }
}
#define SHOW_ERROR(...) show_error(#__VA_ARGS__, [&] { __VA_ARGS__; })

void heading(const char* title) { std::cout << "---- " << title << " ----\n\n"; }

void creation() {
    heading("1.1 Making tensors: from a list, a tuple, an array");
    RUN(auto t = tensor({1, 2}));
    SHOW(t);
    SHOW(tensor(std::array{1, 2}));
    RUN(std::vector<std::int64_t> a{1, 2});
    SHOW(a);
    RUN(auto t1 = tensor(a));
    SHOW(t1);

    heading("1.2 dtypes");
    // Literals and containers are Python's numbers; memory that has a dtype keeps it.
    RUN(std::vector<double> doubles{1.1, 2.2});
    SHOW(from_blob(doubles.data(), {2}).dtype());
    SHOW(tensor({1.11, 2.2}).dtype());
    RUN(auto t2 = tensor({true, false}));
    SHOW(t2);
    SHOW(t2.dtype());
    SHOW(tensor({1.1, 2.7}, int16));
    RUN(auto c = tensor(std::complex<double>(1, 2)));
    SHOW(c);

    heading("1.3 Changing the dtype");
    SHOW(tensor({1, 2}).to(float32));
    SHOW(tensor({1, 2}).to(float32).dtype());
    SHOW(tensor({1, 2}).to(float64));
    SHOW(tensor({1, 2}).to(float64).dtype());
    SHOW(tensor({1, 2}).dtype());
    SHOW(tensor({1, 2}).to(int16));
    SHOW(tensor({1, 2}).to(int16).dtype());
}

void shapes() {
    auto t1 = tensor({1, 2});
    heading("2.1 Dimensions");
    SHOW(t1);
    SHOW(t1.ndim());
    SHOW(t1.shape());
    SHOW(t1.size());
    SHOW(len(t1));
    SHOW(t1.numel());
    RUN(auto t2 = tensor({{1, 2}, {3, 4}}));
    SHOW(t2);
    SHOW(t2.ndim());
    SHOW(t2.shape());
    SHOW(t2.size());
    SHOW(len(t2));
    SHOW(t2.numel());

    heading("2.2 Zero dimensions");
    RUN(auto t0 = tensor({1}));
    SHOW(t0.ndim());
    RUN(auto t = tensor(1));
    SHOW(t.ndim());

    heading("2.3 Many dimensions");
    using matrix = std::array<std::array<int, 3>, 2>;
    RUN(matrix a1{{{1, 2, 2}, {3, 4, 4}}});
    RUN(matrix a2{{{5, 6, 6}, {7, 8, 8}}});
    RUN(auto t3 = tensor(std::vector{a1, a2}));
    SHOW(t3);
    SHOW(t3.ndim());
    SHOW(t3.shape());
    SHOW(len(t3));
    SHOW(t3.numel());

    heading("2.4 Changing the shape: flatten, reshape");
    SHOW(t2);
    SHOW(t2.flatten());
    SHOW(t3);
    SHOW(t3.flatten());
    SHOW(t);
    SHOW(t.flatten());
    SHOW(t.flatten().ndim());
    SHOW(t1);
    SHOW(t1.reshape(2, 1));
    SHOW(t1.reshape(2));
    SHOW(t1.reshape(2).ndim());
    SHOW(t1.reshape({2}));
    SHOW(t1.reshape(1, 2));
    SHOW(t1.reshape(1, 2).ndim());
    SHOW(t1.reshape(1, 1, 2));
    SHOW(t1.reshape(1, 2, 1));
    SHOW(t1.reshape(1, 2, 1).ndim());
    SHOW(t3);
    SHOW(t3.reshape(t3.numel()));
}

void special_tensors() {
    auto t1 = tensor({1, 2});
    auto t2 = tensor({{1, 2}, {3, 4}});
    heading("3.1 Tensors of special values");
    SHOW(zeros({2, 3}));
    SHOW(ones({2, 3}));
    SHOW(eye(5));
    SHOW(t1);
    SHOW(diag(t1));
    std::cout << "In:  diag({1, 2})\n"
                 "does not compile: diag takes a tensor, not a list (PyTorch: TypeError)\n\n";
    RUN(manual_seed(1));
    SHOW(rand(2, 3));
    SHOW(randn(2, 3));
    SHOW(normal(2, 3, {2, 2}));
    SHOW(randint(1, 10, {2, 4}));
    SHOW(arange(5));
    SHOW(arange(1, 5, 0.5));
    SHOW(linspace(1, 5, 3));
    SHOW(empty(2, 3));
    SHOW(full({2, 4}, 2));

    heading("3.2 Tensors like another");
    SHOW(t1);
    SHOW(t2);
    SHOW(full_like(t1, 2));
    SHOW(randint_like(t2, 1, 10));
    SHOW(zeros_like(t1));
    SHOW_ERROR(randn_like(t1));
}

void conversions() {
    heading("4 To arrays, lists and numbers");
    RUN(auto t1 = tensor({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, int64));
    SHOW(t1);
    SHOW(t1.numpy());
    SHOW(t1.tolist());
    // list(t1) is a list of 0-d tensors.
    SHOW(std::vector(t1.begin(), t1.end()));
    RUN(auto n = tensor(1));
    SHOW(n);
    SHOW(n.item());

    heading("5 Aliases and copies");
    SHOW(t1);
    RUN(auto t11 = t1);
    SHOW(t11);
    SHOW(t1[1]);
    RUN(t1[1] = 10);
    SHOW(t1);
    SHOW(t11);
    RUN(t11 = t1.clone());
    SHOW(t1);
    SHOW(t11);
    SHOW(t1[0]);
    RUN(t1[0] = 100);
    SHOW(t1);
    SHOW(t11);
}

void sharing() {
    heading("6.1 Tensor, tensor, from_blob, as_tensor: the dtypes");
    RUN(std::vector<std::int64_t> data{1, 2, 3});
    // An array as NumPy describes one, over the vector's memory.
    const array_interface array = from_blob(data.data(), {3}).numpy();
    RUN(auto constructed = Tensor(data));
    RUN(auto made = tensor(data));
    RUN(auto over = from_blob(data.data(), {3}));
    RUN(auto as = as_tensor(array));
    SHOW(constructed.dtype());
    SHOW(made.dtype());
    SHOW(over.dtype());
    SHOW(as.dtype());
    SHOW(get_default_dtype());
    SHOW(tensor({1, 2, 3}));
    SHOW(tensor({1., 2., 3.}, float64));
    SHOW(tensor({1, 2, 3}, float64));

    heading("6.2 Who shares memory: before and after data is set to zeros");
    SHOW(constructed);
    SHOW(made);
    SHOW(over);
    SHOW(as);
    RUN(data.assign({0, 0, 0}));
    SHOW(constructed);
    SHOW(made);
    SHOW(over);
    SHOW(as);

    heading("6.3 as_tensor shares until the dtype differs");
    RUN(std::vector<std::int64_t> a{1, 2, 3});
    RUN(auto t = as_tensor(from_blob(a.data(), {3})));
    RUN(t[0] = -1);
    SHOW(a);
    RUN(auto other = as_tensor(from_blob(a.data(), {3}), float64));
    RUN(other[0] = 7);
    SHOW(a);
}

/// The tutorial's part of a detection model: boxes of given scales and aspect ratios around (0, 0).
tensor<float> generate_anchors(const tensor<float>& scales, const tensor<float>& aspect_ratios) {
    auto h_ratios = sqrt(aspect_ratios);
    auto w_ratios = 1 / h_ratios;
    tensor<float> ws = (w_ratios(all, newaxis) * scales(newaxis, all)).view(-1);
    tensor<float> hs = (h_ratios(all, newaxis) * scales(newaxis, all)).view(-1);
    tensor<float> base_anchors = stack({-ws, -hs, ws, hs}, 1) / 2;
    return round(base_anchors);
}

void second_tutorial() {
    heading("6.4 as_tensor in a model");
    SHOW(generate_anchors(as_tensor({32., 64.}), as_tensor({0.5, 1.0, 2.0})));

    heading("7 Tensors and arrays");
    {
        RUN(auto a = ones(5));
        RUN(auto b = a.numpy());
        SHOW(b);
        SHOW(b.typestr());
        RUN(a[0] = 7);
        SHOW(b);
    }
    {
        RUN(std::vector<double> a(5, 1.0));
        RUN(auto b = from_blob(a.data(), {5}));
        SHOW(b);
    }
    SHOW(tensor({{0.1, 1.2}, {2.2, 3.1}, {4.9, 5.2}}));
    SHOW(tensor({{0.1111, 0.2222, 0.3333}}, float64));
    SHOW(tensor<float>());
}

void third_tutorial() {
    heading("8.1 Ways to make a tensor");
    RUN(auto t1 = tensor({1, 2, 3}));
    SHOW(t1);
    RUN(auto t2 = tensor({{1.0, 2}, {3, 4}}));
    SHOW(t2);
    RUN(std::vector<std::int64_t> arr{1, 2, 3});
    RUN(auto t = from_blob(arr.data(), {3}));
    SHOW(t);
    SHOW(zeros(2, 3));
    SHOW(ones(2, 3));
    SHOW(rand(2, 3));
    SHOW(randn(2, 3));
    SHOW(arange(0, 10, 2));
    RUN(auto x = tensor({1, 2, 3}));
    SHOW(x.new_tensor({4, 5, 6}));
    SHOW(zeros_like(x));
    SHOW_ERROR(randn_like(x));
    SHOW(randn_like(x, float32));
    SHOW(eye(3));
    SHOW(linspace(0, 1, 5));
    SHOW(logspace(0, 2, 3));

    heading("8.2 Ways to copy one");
    RUN(arr[0] = 99);
    SHOW(t);
    {
        RUN(auto x = tensor({1.}));
        RUN(auto y = x.clone());
        RUN(auto z = tensor({2.}));
        RUN(z.copy_(x));
        SHOW(z);
        RUN(x[0] = 5);
        SHOW(y);
        SHOW(z);
        SHOW(tensor(y * y));
    }
    RUN(auto orig = tensor({1, 2, 3}));
    RUN(auto deep_copied = orig.clone());
    RUN(orig[0] = 10);
    SHOW(deep_copied);
}

int main() {
    creation();
    shapes();
    special_tensors();
    conversions();
    sharing();
    second_tutorial();
    third_tutorial();
}

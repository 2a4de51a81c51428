"""A tour of tensors: the examples of three PyTorch tutorials, in their order, with `lt` for `torch`.

Prints each input behind "In:" and under it what a notebook would show. Random numbers differ from the
tutorials': another generator. python/tests/test_tutorials.py compares the rest with PyTorch's output.
"""
# SPDX-License-Identifier: BSD-3-Clause
import ast

import lazytensor as lt

TOUR = '''
---- 1.1 Making tensors: from a list, a tuple, an array ----
t = lt.tensor([1, 2])
t
lt.tensor((1, 2))
import numpy as np
a = np.array((1, 2))
a
t1 = lt.tensor(a)
t1

---- 1.2 dtypes ----
np.array([1.1, 2.2]).dtype
lt.tensor(np.array([1.1, 2.2])).dtype
lt.tensor([1.11, 2.2]).dtype
t2 = lt.tensor([True, False])
t2
t2.dtype
lt.tensor([1.1, 2.7], dtype=lt.int16)
lt.tensor(1 + 2j)

---- 1.3 Changing the dtype ----
lt.tensor([1, 2]).float()
lt.tensor([1, 2]).float().dtype
lt.tensor([1, 2]).double()
lt.tensor([1, 2]).double().dtype
lt.tensor([1, 2]).dtype
lt.tensor([1, 2]).short()
lt.tensor([1, 2]).short().dtype

---- 2.1 Dimensions ----
t1
t1.ndim
t1.shape
t1.size()
len(t1)
t1.numel()
t2 = lt.tensor([[1, 2], [3, 4]])
t2
t2.ndim
t2.shape
t2.size()
len(t2)
t2.numel()

---- 2.2 Zero dimensions ----
t0 = lt.tensor([1])
t0.ndim
t = lt.tensor(1)
t.ndim

---- 2.3 Many dimensions ----
a1 = np.array([[1, 2, 2], [3, 4, 4]])
a2 = np.array([[5, 6, 6], [7, 8, 8]])
t3 = lt.tensor([a1, a2])
t3
t3.ndim
t3.shape
len(t3)
t3.numel()

---- 2.4 Changing the shape: flatten, reshape ----
t2.flatten()
t3.flatten()
t
t.flatten()
t.flatten().ndim
t1.reshape(2, 1)
t1.reshape(2)
t1.reshape(2).ndim
t1.reshape(2, )
t1.reshape(1, 2)
t1.reshape(1, 2).ndim
t1.reshape(1, 1, 2)
t1.reshape(1, 2, 1)
t1.reshape(1, 2, 1).ndim
t3.reshape(t3.numel())

---- 3.1 Tensors of special values ----
lt.zeros([2, 3])
lt.ones([2, 3])
lt.eye(5)
lt.diag(t1)
lt.diag([1, 2])
lt.manual_seed(1)
lt.rand(2, 3)
lt.randn(2, 3)
lt.normal(2, 3, size=(2, 2))
lt.randint(1, 10, [2, 4])
lt.arange(5)
lt.arange(1, 5, 0.5)
lt.linspace(1, 5, 3)
lt.empty(2, 3)
lt.full([2, 4], 2)

---- 3.2 Tensors like another ----
lt.full_like(t1, 2)
lt.randint_like(t2, 1, 10)
lt.zeros_like(t1)
lt.randn_like(t1)

---- 4 To arrays, lists and numbers ----
t1 = lt.tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], dtype=lt.int64)
t1
t1.numpy()
np.array(t1)
t1.tolist()
list(t1)
n = lt.tensor(1)
n
n.item()

---- 5 Names and copies ----
t11 = t1
t1[1]
t1[1] = 10
t1
t11
t11 = t1.clone()
t1[0] = 100
t1
t11

---- 6.1 Tensor, tensor, from_numpy, as_tensor: the dtypes ----
data = np.array([1, 2, 3])
constructed = lt.Tensor(data)
made = lt.tensor(data)
over = lt.from_numpy(data)
same = lt.as_tensor(data)
constructed.dtype
made.dtype
over.dtype
same.dtype
lt.get_default_dtype()
lt.tensor(np.array([1, 2, 3]))
lt.tensor(np.array([1., 2., 3.]))
lt.tensor(np.array([1, 2, 3]), dtype=lt.float64)

---- 6.2 Who shares memory: before and after data is set to zeros ----
constructed, made, over, same
data[:] = 0
constructed, made, over, same

---- 6.3 as_tensor shares until the dtype differs ----
a = np.array([1, 2, 3])
t = lt.as_tensor(a)
t[0] = -1
a
other = lt.as_tensor(a, dtype=lt.float32)
other[0] = 7
a

---- 6.4 as_tensor in a model ----
def generate_anchors(scales, aspect_ratios, dtype=lt.float32, device="cpu"):
    scales = lt.as_tensor(scales, dtype=dtype, device=device)
    aspect_ratios = lt.as_tensor(aspect_ratios, dtype=dtype, device=device)
    h_ratios = lt.sqrt(aspect_ratios)
    w_ratios = 1 / h_ratios
    ws = (w_ratios[:, None] * scales[None, :]).view(-1)
    hs = (h_ratios[:, None] * scales[None, :]).view(-1)
    base_anchors = lt.stack([-ws, -hs, ws, hs], dim=1) / 2
    return base_anchors.round()
generate_anchors([32, 64], [0.5, 1.0, 2.0])

---- 7 Tensors and arrays ----
a = lt.ones(5)
b = a.numpy()
type(a), type(b)
a[0] = 7
b
a = np.ones(5)
lt.from_numpy(a)
lt.tensor([[0.1, 1.2], [2.2, 3.1], [4.9, 5.2]])
lt.tensor([[0.1111, 0.2222, 0.3333]], dtype=lt.float64)
lt.tensor([])

---- 8.1 Ways to make a tensor ----
lt.tensor([1, 2, 3])
lt.tensor([[1.0, 2], [3, 4]])
arr = np.array([1, 2, 3])
t = lt.from_numpy(arr)
t
lt.arange(0, 10, 2)
x = lt.tensor([1, 2, 3])
x.new_tensor([4, 5, 6])
lt.zeros_like(x)
lt.randn_like(x, dtype=lt.float32)
lt.linspace(0, 1, 5)
lt.logspace(0, 2, 3)

---- 8.2 Ways to copy one ----
arr[0] = 99
t
x = lt.tensor([1.])
y = x.clone()
z = lt.tensor([2.])
z.copy_(x)
x[0] = 5
y, z
y ** 2
import copy
orig = lt.tensor([1, 2, 3])
deep_copied = copy.deepcopy(orig)
orig[0] = 10
deep_copied
'''


def run(lines, names):
    """Each statement of a section, and what it shows."""
    source = "\n".join(lines)
    for statement in ast.parse(source).body:
        print("In: ", ast.get_source_segment(source, statement))
        try:
            if isinstance(statement, ast.Expr):
                value = eval(compile(ast.Expression(statement.value), "tour", "eval"), names)
                if value is not None:
                    print(repr(value))
            else:
                exec(compile(ast.Module([statement], []), "tour", "exec"), names)
        except Exception as problem:  # the tutorials show what goes wrong, too
            print(f"{type(problem).__name__}: {str(problem).splitlines()[0]}")
        print()


def main():
    names = {"lt": lt}
    for section in TOUR.split("\n---- ")[1:]:
        title, *lines = section.split("\n")
        print(f"---- {title}\n")
        run(lines, names)


if __name__ == "__main__":
    main()

"""Random programs give what PyTorch gives, where it is installed: promotion, negative dims, writes through views.

Each line runs in both libraries, and fails in both or in neither; the values are asked for at the end, so that
lazytensor has the whole program to plan. All numbers are multiples of small powers of two: nothing rounds.
"""
# SPDX-License-Identifier: BSD-3-Clause
import warnings

from hypothesis import given, strategies as st

import lazytensor as lt

INPUTS = """
v0 = t.tensor([[1.5, -2.0, 0.25], [4.0, 3.0, -1.5]])
v1 = t.tensor([[5, -3, 2], [2, 7, -4]])
v2 = t.tensor([[True, False, True], [False, False, True]])
v3 = t.tensor([0, 3, 200], dtype=t.uint8)
v4 = t.tensor(2.5)
v5 = t.tensor(3)
v6 = t.tensor([[0.5], [-1.0]], dtype=t.float64)
v7 = t.zeros(0, 3, dtype=t.int32)
v8 = t.arange(12, dtype=t.int32).reshape(2, 3, 2)
"""
# {v}, {u} are tensors, {d}, {e} dims, {i} an index, {n} a number, {k} True or False, {y} a dtype. `copy` protects
# operands that overlap what is written, which PyTorch refuses, or reads half written.
VIEWS = """
{v}[{i}]
{v}[{i}]
{v}[{i}]
{v}.transpose({d}, {e})
{v}.movedim({d}, {e})
{v}.unsqueeze({d})
{v}.squeeze({d})
{v}.squeeze()
{v}.flatten()
{v}.reshape(-1)
{v}.view(-1)
{v}.view({u}.shape)
{v}.diagonal()
{v}.select({d}, {e})
{v}.unbind({d})[-1]
{v}.chunk(2, {d})[-1]
{v}.split(1, {d})[0]
{v}.expand(2, *{v}.shape)
{v}.expand_as({u})
{v}.detach()
"""
VALUES = """
{v} + {u}
{v} - {u}
({v} * {u}) % 8
{v} + {n}
{n} - {v}
({v} * {n}) % 8
{v} / 2
{v} // 3
{v} // 0.5
{v} % 3
{v} % -2
-{v}
abs({v})
~{v}
{v} & {u}
{v} | {n}
{v} == {u}
{v} < {n}
{v} >= {u}
t.maximum({v}, {u})
t.where({v} > {n}, {v}, {u})
t.where({v} == 2, {v}, {n})
{v}.clamp(0, 3)
{v}.clamp(max={u})
{v}.masked_fill({v} > 1, {n})
{v}.to(t.{y})
{v}.type_as({u})
{v}.sum({d}, keepdim={k})
{v}.sum()
{v}.prod({d}) % 8
{v}.amax({d}, keepdim={k})
{v}.min({d}).values
{v}.argmax({d}, keepdim={k})
({v} != 0).any({d})
({v} != 0).all()
{v}.cumsum({d})
{v}.sort(stable=True, dim={d}).indices
{v}.flip({d})
{v}.roll(1)
{v}.repeat_interleave(2, {d})
{v}.tril()
t.cat([{v}, {u}], {d})
t.stack([{v}, {u}], {d})
{v}[{v} > 1]
{v}.unique()
{v}.clone()
t.zeros_like({v})
t.full_like({v}, 2)
{v}.new_ones(2)
({v} @ {u}) % 8
"""
WRITES = """
{v} += {n}
{v} *= {n}
{v} += copy({u})
{v} -= copy({u})
{v} &= copy({u})
{v}[{i}] = {n}
{v}[{i}] = copy({u})
{v}[{i}] += 1
{v}[{v} > 1] = 0
{v}.add_(copy({u}), alpha=2)
{v}.copy_(copy({u}))
{v}.fill_({n})
{v}.zero_()
{v}.neg_()
{v}.remainder_(4)
{v}.clamp_(0, 2)
{v}.masked_fill_({v} == 0, 1)
{v}.T.add_(1)
{v}.logical_not_()
"""
VIEWS, VALUES, WRITES = (text.strip().splitlines() for text in (VIEWS, VALUES, WRITES))
DIM = st.sampled_from([-1, -2, 0, 1, -3, 2])
INDEX = st.sampled_from(["0", "-1", "1:", ":-1", "::2", "None", "..., 0", "..., 1:", ":, 1", ":, None", "1, ..., :1",
                         "True", "[1, 0]", "..., [0, -1]", "t.tensor([0, 1])", "t.tensor(1)", "[True, False]", "3",
                         "0, 0, 0, 0"])
STEP = st.fixed_dictionaries({
    "template": st.one_of(*map(st.sampled_from, (VIEWS, VALUES, WRITES))),
    "v": st.integers(0, 30), "u": st.integers(0, 30), "d": DIM, "e": DIM, "i": INDEX,
    "n": st.sampled_from(["1", "2", "-3", "True", "0.5", "2.0"]), "k": st.booleans(),
    "y": st.sampled_from(["bool", "uint8", "int8", "int32", "int64", "float32", "float64", "bfloat16"]),
})
# What PyTorch refuses and lazytensor answers: parts of the exceptions' texts.
EXTENSIONS = ["Subtraction, the `-` operator", "same dtype", "expected scalar type", "not implemented for '",
              "does not support bool input", "destination dtypes match"]


class Library:
    """One library's side of a program."""

    def __init__(self, module):
        self.names = {"t": module, "copy": lambda x: module.where(module.tensor(True), x, x)}
        exec(INPUTS, self.names)

    def run(self, line):
        try:
            exec(line, self.names)
        except Exception as error:
            return error


def written(step, count):
    """The line of a step where there are so many tensors, the tensors it names, and whether it makes another."""
    chosen = {name: f"v{step[name] % count}" for name in "vu"}
    line = step["template"].format(**{**step, **chosen})
    makes = step["template"] not in WRITES
    return f"v{count} = {line}" if makes else line, chosen, makes


def undefined(names, line, v, u):
    """Whether it writes to expanded tensors, or converts floats to integers, which may not hold them."""
    if " = " not in line[:6] and 0 in names[v].stride():
        return True
    floats = [names[name].dtype.is_floating_point for name in (v, u)]
    return any(word in line for word in ("copy(", ".to(", "type_as(")) and any(floats) and not all(floats)


def agree(wanted, error, ours, line):
    """Whether both fail or none; errors that depend on values come when lazytensor computes them."""
    if wanted is not None and error is None and " = " in line[:6]:
        error = ours.run(f"{line.split()[0]}.tolist()")
    assert isinstance(error, (IndexError, TypeError, ValueError, RuntimeError, type(None))), (line, error)
    accepted = any(text in str(wanted) for text in EXTENSIONS)
    return accepted or (wanted is None) == (error is None)


def check(torch, steps):
    ours, theirs, count, done = Library(lt), Library(torch), 9, []
    for step in steps:
        line, chosen, makes = written(step, count)
        if undefined(theirs.names, line, **chosen):
            continue
        done.append(line)
        wanted, error = theirs.run(line), ours.run(line)
        assert agree(wanted, error, ours, line), ("\n".join(done), error, wanted)
        if not makes and (wanted or error):
            return  # what a write that failed half way has written
        count += makes and wanted is None
    for number in range(count):
        facts = [describe(library.names[f"v{number}"]) for library in (ours, theirs)]
        assert facts[0] == facts[1], ("\n".join(done), f"v{number}", *facts)


def describe(tensor):
    """What must be the same; PyTorch does not look at the indices that select nothing."""
    return str(tensor.dtype), list(tensor.shape), tensor.tolist() if tensor.numel() else []


def test_random_programs(torch):
    torch.set_num_threads(1)

    @given(st.lists(STEP, min_size=2, max_size=10))
    def programs(steps):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            check(torch, steps)

    programs()

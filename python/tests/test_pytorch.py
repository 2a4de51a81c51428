"""Thousands of small programs give PyTorch's answers: dtypes, shapes, values, texts and exceptions.

The answers are in pytorch_answers.json, so that PyTorch is needed only to record them (record_pytorch.py).
"""
# SPDX-License-Identifier: BSD-3-Clause
import collections
import warnings

import pytest

import lazytensor as lt
import pytorch_answers
import pytorch_programs
from pytorch_programs import deviations

VERSION, ANSWERS = pytorch_answers.load()
PROGRAMS = pytorch_programs.programs()
DELIBERATE, EXTENSIONS, KNOWN_BUGS = map(deviations.listed, (deviations.DELIBERATE, deviations.EXTENSIONS,
                                                            deviations.KNOWN_BUGS))
DEVIATIONS = {**DELIBERATE, **EXTENSIONS, **KNOWN_BUGS}


def ask(module, program):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytorch_answers.answer(program, pytorch_programs.names(module))


def agrees(program):
    """Whether lazytensor's answer is PyTorch's; and what both are."""
    got, error = ask(lt, program)
    agreed = pytorch_answers.same(got, error, ANSWERS[program], PROGRAMS[program])
    return agreed, f"{program}\nPyTorch:    {ANSWERS[program]}\nlazytensor: {error or got}"


def test_every_program_was_recorded():
    assert ANSWERS.keys() == PROGRAMS.keys(), "run record_pytorch.py"
    assert DEVIATIONS.keys() <= PROGRAMS.keys()
    assert len(DEVIATIONS) == len(DELIBERATE) + len(EXTENSIONS) + len(KNOWN_BUGS)


@pytest.mark.parametrize("program", [p for p in PROGRAMS if p not in DEVIATIONS])
def test_answer(program):
    agreed, shown = agrees(program)
    assert agreed, shown


@pytest.mark.parametrize("program", [
    pytest.param(program, marks=pytest.mark.xfail(reason=reason, raises=AssertionError, strict=True))
    for program, reason in KNOWN_BUGS.items()])
def test_known_bug(program):
    test_answer(program)


@pytest.mark.parametrize("program", DELIBERATE)
def test_deliberate_deviation(program):
    agreed, shown = agrees(program)
    assert not agreed or "on some processors" in DELIBERATE[program], shown


@pytest.mark.parametrize("program", EXTENSIONS)
def test_extension(program):
    got, error = ask(lt, program)
    assert ANSWERS[program].startswith("raises ") and error is None, (got, error)


def test_pytorch_itself_answers_this(torch):
    """Up to the last places, which differ from machine to machine; of another version, nine in ten answers."""
    changed = []
    for program, exactness in PROGRAMS.items():
        got, error = ask(torch, program)
        exactness = exactness._replace(ulps=max(exactness.ulps, 1))
        if not pytorch_answers.same(got, error, ANSWERS[program], exactness):
            changed.append(program)
    if torch.__version__.split("+")[0] == VERSION:
        assert not changed
    assert len(changed) < len(PROGRAMS) / 10, collections.Counter(changed)


# Each answer of the left is not near enough to the right: what compares must not accept what differs.
@pytest.mark.parametrize("got, want, ulps", [
    ("float32[2] 1 2", "float64[2] 1 2", 4), ("float32[2] 1 2", "float32[2,1] 1 2", 4), ("int64[1] 1", "int64[1] 2", 4),
    ("float32[1] 1.00000048", "float32[1] 1", 3), ("float32[1] nan", "float32[1] 1", 4),
    ("float32[] 0", "float32[] -0", 4),
    ("float32[] inf", "float32[] -inf", 4), ("complex64[] 1|nan", "complex64[] 2|nan", 4), ("float 1", "int 1", 4),
    (["int 1"], ["int 1", "int 2"], 4), (["int 1"], "int 1", 4), ("float16[] 1.002", "float16[] 1", 4),
])
def test_what_differs_is_seen(got, want, ulps):
    assert not pytorch_answers.same(got, None, want, pytorch_programs.Exactness(ulps))
    assert pytorch_answers.same(want, None, want, pytorch_programs.Exactness(0))
    assert not pytorch_answers.same(got, None, "raises RuntimeError", pytorch_programs.Exactness(0))
    assert not pytorch_answers.same("raises", RuntimeError(), want, pytorch_programs.Exactness(0))
    assert not pytorch_answers.same("raises", TypeError(), "raises RuntimeError", pytorch_programs.Exactness(0))

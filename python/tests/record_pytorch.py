"""Records PyTorch's answers to the programs of test_pytorch.py in pytorch_answers.json. Needs torch."""
# SPDX-License-Identifier: BSD-3-Clause
import warnings

import torch

import pytorch_answers
import pytorch_programs


def record():
    """Fails where a program is none for PyTorch: a misspelt name is not an answer."""
    answers = {}
    for program in pytorch_programs.programs():
        answers[program], error = pytorch_answers.answer(program, pytorch_programs.names(torch))
        if isinstance(error, (AttributeError, NameError, SyntaxError)):
            raise SystemExit(f"{program}: {error}")
    return answers


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    pytorch_answers.save(torch.__version__.split("+")[0], record())

"""The graph below some tensors as a picture in notebooks, and as Graphviz's text everywhere else."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import shutil
import subprocess

import lazytensor


class Graph:
    """What lt.graph gives: str() is the text, Jupyter shows the picture."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        if shutil.which("dot"):
            return self._text
        return self._text + "\n(Graphviz's program dot, which draws this, is not installed.)"

    def svg(self) -> str:
        """The picture as SVG. RuntimeError where Graphviz's program dot is not installed."""
        program = shutil.which("dot")
        if program is None:
            raise RuntimeError("a picture needs Graphviz's program dot, which is not installed; "
                               "str(graph) is its input")
        return subprocess.run([program, "-Tsvg"], input=self._text, capture_output=True, text=True,
                              encoding="utf-8", check=True).stdout

    def _repr_svg_(self) -> str | None:
        return self.svg() if shutil.which("dot") else None


def graph(*tensors: lazytensor.Tensor) -> Graph:
    """The graph below the tensors, one cluster per pass over memory. Computes nothing."""
    return Graph(lazytensor.to_dot(*tensors))

"""The code in README.md runs, and so do the examples."""
# SPDX-License-Identifier: BSD-3-Clause
import pathlib
import re
import runpy
import zlib

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).parents[2]
README = ROOT / "python" / "README.md"
HILLSHADE = ROOT / "examples" / "python" / "hillshade.py"


@pytest.mark.skipif(not README.exists(), reason="README.md is not here")
def test_readme(capsys):
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) > 4
    names = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)
    assert "must match" in capsys.readouterr().out


@pytest.mark.skipif(not HILLSHADE.exists(), reason="the examples are not here")
def test_hillshade(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["hillshade.py"])
    runpy.run_path(str(HILLSHADE), run_name="__main__")
    assert capsys.readouterr().out.count("1 pass,") == 1
    shade = np.load("hillshade.npy")
    # The same formula, in NumPy and double precision.
    z = np.load(ROOT / "examples" / "data" / "jacksboro_dem.npy").astype(float)
    (a, b, c), (d, _, f), (g, h, i) = [[z[r:r + z.shape[0] - 2, k:k + z.shape[1] - 2] for k in range(3)] for r in range(3)]
    east, north = ((c + 2 * f + i) - (a + 2 * d + g)) / 600, ((a + 2 * b + c) - (g + 2 * h + i)) / 744
    slope, aspect = np.arctan(np.hypot(east, north)), np.arctan2(-east, -north)
    light = np.sqrt(0.5) * (np.cos(slope) + np.sin(slope) * np.cos(np.radians(315) - aspect))
    np.testing.assert_allclose(shade, light.clip(0, 1), atol=1e-5)
    for name in ("hillshade.png", "slope.png"):
        data = pathlib.Path(name).read_bytes()
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        length = int.from_bytes(data[33:37], "big")
        assert len(zlib.decompress(data[41:41 + length])) == shade.shape[0] * (shade.shape[1] + 1)

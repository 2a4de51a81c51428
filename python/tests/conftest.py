"""Settings of the tests: how long hypothesis tries, and what PyTorch and NumPy are compared with."""
# SPDX-License-Identifier: BSD-3-Clause
import os

import hypothesis
import pytest

hypothesis.settings.register_profile("default", deadline=None, max_examples=150, print_blob=True)
hypothesis.settings.register_profile("long", deadline=None, max_examples=5000, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture
def torch():
    """PyTorch, where it is installed."""
    return pytest.importorskip("torch", reason="PyTorch is not installed")

"""Settings of the tests: how long hypothesis tries, and what PyTorch and NumPy are compared with."""
# SPDX-License-Identifier: BSD-3-Clause
import os

import hypothesis
import pytest

hypothesis.settings.register_profile("default", deadline=None, max_examples=150, print_blob=True)
hypothesis.settings.register_profile("long", deadline=None, max_examples=5000, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def torch():
    """PyTorch, where it is installed."""
    return pytest.importorskip("torch", reason="PyTorch is not installed")


@pytest.fixture(scope="session")
def old_torch(torch):
    """Whether it is an old one, which lacks a few functions: Debian 12 has 1.13."""
    return int(torch.__version__.partition(".")[0]) < 2


def pytest_collection_modifyitems(items):
    for item in items:
        if "torch" in item.fixturenames:
            item.add_marker("pytorch")


def pytest_configure(config):
    config.addinivalue_line("markers", "pytorch: compares with PyTorch itself (-m pytorch runs these only)")

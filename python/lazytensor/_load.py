"""Finds the extension built for the best instruction set that this processor has."""
# SPDX-License-Identifier: BSD-3-Clause
import importlib
import importlib.util
import os

# What each build needs, as /proc/cpuinfo names it; the best first.
_NEEDS = {
    "avx512": {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
    "avx2": {"avx2", "fma", "bmi1", "bmi2", "f16c"},
    "sse42": {"sse4_2"},
}


def _processor_flags():
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
            for line in info:
                if line.startswith("flags"):
                    return set(line.split(":", 1)[1].split())
    except OSError:
        pass
    return set()


def _built(name):
    return importlib.util.find_spec(f"lazytensor._core_{name}") is not None


def runnable():
    """The builds that are here and that this processor can run, the best first."""
    if _built("native"):
        return ["native"]
    flags = _processor_flags()
    return [name for name, needs in _NEEDS.items() if _built(name) and needs <= flags]


def load():
    """The extension module. LAZYTENSOR_ARCHITECTURE=avx2, say, asks for one by name."""
    name = os.environ.get("LAZYTENSOR_ARCHITECTURE") or next(iter(runnable()), None)
    if name is None:
        built = ", ".join(filter(_built, _NEEDS)) or "nothing"
        raise ImportError(f"lazytensor was built for {built}, and this processor has none of them")
    return importlib.import_module(f"lazytensor._core_{name}")

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


def load():
    """The extension module. LAZYTENSOR_ARCHITECTURE=avx2, say, asks for one by name."""
    def built(name):
        return importlib.util.find_spec(f"lazytensor._core_{name}") is not None

    wanted = os.environ.get("LAZYTENSOR_ARCHITECTURE")
    if wanted:
        return importlib.import_module(f"lazytensor._core_{wanted}")
    if built("native"):
        return importlib.import_module("lazytensor._core_native")
    flags = _processor_flags()
    names = [name for name in _NEEDS if built(name)]
    for name in names:
        if _NEEDS[name] <= flags:
            return importlib.import_module(f"lazytensor._core_{name}")
    raise ImportError(f"lazytensor was built for {', '.join(names) or 'nothing'}, "
                      "and this processor has none of them")

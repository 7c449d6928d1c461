"""What the figures were measured on, in the words of a reader."""

import os
import platform
from pathlib import Path

from gatelodge.crypto.passwords import is_compiled_here

_VECTORS = {"avx512f": "AVX-512", "avx2": "AVX2"}


def machine() -> str:
    """Return cores, what they can do, Python and the build of the hashing."""
    flags = Path("/proc/cpuinfo").read_text().split()
    vectors = next((name for flag, name in _VECTORS.items() if flag in flags), "no AVX2")
    hashing = "compiled for this machine" if is_compiled_here() else "as published"
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, {vectors}, Python {platform.python_version()}, hashing {hashing}"

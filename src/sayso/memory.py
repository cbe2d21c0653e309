"""Memory that is no longer used, given back; what stays, kept out of the collector's way."""

from __future__ import annotations

import ctypes
import gc
import sys


def give_back() -> None:
    """Return to the system what was used for a while: after reading large files and the like.

    The C library would keep it for later: 4 MB of the 14 that loading an encoder takes.
    """
    if sys.platform == "linux":
        # Other C libraries than GNU's have no such function.
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim:
            trim(0)


def settle() -> None:
    """Keep what is loaded out of every later collection, which would halt all turns for 60 ms."""
    gc.collect()
    gc.freeze()

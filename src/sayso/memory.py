"""Memory that is no longer used, given back; what stays, kept out of the collector's way."""

from __future__ import annotations

import ctypes
import gc
import sys
from typing import Any

_M_ARENA_MAX = -8  # of malloc.h


def give_back() -> None:
    """Return to the system what was used for a while: after reading large files and the like.

    The C library would keep it for later: 4 MB of the 14 that loading an encoder takes.
    """
    trim = _of_glibc("malloc_trim")
    if trim:
        trim(0)


def share_an_arena() -> None:
    """Let all threads allocate from one heap; glibc would give each its own (40 MB for eight)."""
    set_option = _of_glibc("mallopt")
    if set_option:
        set_option(_M_ARENA_MAX, 1)


def _of_glibc(name: str) -> Any:
    """A function of GNU's C library; None where there is another that has no such function."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None


def settle() -> None:
    """Keep what is loaded out of every later collection, which would halt all turns for 60 ms."""
    gc.collect()
    gc.freeze()

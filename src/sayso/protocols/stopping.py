"""A service goes on until somebody ends it, and is told so on the event loop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def told_to_stop() -> Iterator[asyncio.Event]:
    """An event that SIGTERM or SIGINT sets. For the main thread; elsewhere nothing sets it."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    heard: list[signal.Signals] = []
    for each in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(each, told.set)
        except (RuntimeError, ValueError, NotImplementedError):  # another thread, or Windows
            break
        heard.append(each)
    try:
        yield told
    finally:
        for each in heard:
            loop.remove_signal_handler(each)

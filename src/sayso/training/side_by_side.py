"""The same work on many things, one process a core.

The processes are forked: they find what the work needs where it lies, and only results travel. So
the work must not ask an encoder or print; both have threads, which a fork leaves behind. Where
processes cannot be forked, or there is little to do, the work is done here.
"""

from __future__ import annotations

import copyreg
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from threading import Thread
from types import MappingProxyType
from typing import Any, TypeVar, cast

from sayso.errors import TrainingError

T = TypeVar("T")
LITTLE = 500  # lessons that one process has learnt before others have begun
_LOOK_S = 0.5  # seconds between looks at the parent

_work: Callable[[int], Any] | None = None


def side_by_side(work: Callable[[int], T], count: int, *, lessons: int) -> Iterator[T]:
    """work(0), ... work(count - 1), in this order, each as soon as it and those before are done.

    lessons: how much work all of it is. What `work` raises is raised here.
    Raises TrainingError if a process was killed.
    """
    processes = min(count, _cores())
    if processes < 2 or lessons < LITTLE or not hasattr(os, "fork"):
        yield from map(work, range(count))
        return
    fork = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(processes, fork, initializer=_take, initargs=(work, os.getpid()))
    try:
        yield from cast("Iterator[T]", pool.map(_do, range(count)))
    except BrokenProcessPool as error:
        raise TrainingError(
            "a process that was training was killed, most likely for want of memory; "
            "train fewer skills at once, or on a machine with more"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


# What a developer wrote is read-only all through; pickle knows no such mapping.
copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))


def _take(work: Callable[[int], Any], parent: int) -> None:
    global _work
    _work = work
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process once its parent was killed: it holds the parent's locks, and would wait."""
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(1)


def _do(at: int) -> object:
    return cast("Callable[[int], Any]", _work)(at)


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

"""A Python function over record batches, one process a core.

The processes are started anew and not forked: an engine has threads, which a fork leaves behind. So
the function travels pickled, as with Spark, and a few batches, which one process has done before
others have begun, are done here.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from threading import Thread
from typing import Any

from sayso.errors import LearningError

FEW = 2  # batches
_LOOK_S = 0.5  # seconds between looks at the parent

_work: Callable[[Any], Any] | None = None


def mapped(function: Callable[[Any], Any], batches: Iterable[Any], processes: int) -> Iterator[Any]:
    """function(batch) for each, in their order; at most a few batches are in memory at a time.

    What `function` raises is raised here. Raises LearningError if a process was killed.
    """
    coming = iter(batches)
    first = list(islice(coming, FEW + 1))
    if processes < 2 or len(first) <= FEW:
        yield from map(function, chain(first, coming))
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        processes, context, initializer=_take, initargs=(function, os.getpid())
    )
    waiting: deque[Future[Any]] = deque()
    try:
        for batch in chain(first, coming):
            if len(waiting) > processes:
                yield waiting.popleft().result()
            waiting.append(pool.submit(_do, batch))
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise LearningError(
            "a process that read the log was killed, most likely for want of memory; "
            "give it more, or fewer threads"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _take(function: Callable[[Any], Any], parent: int) -> None:
    global _work
    _work = function
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process once its parent was killed: it would wait for ever."""
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(1)


def _do(batch: Any) -> Any:
    assert _work is not None
    return _work(batch)

"""What each person asked for before, at hand while they speak.

Made of their rows of the log when they first speak, and anew after so many more turns; beside the
turn, not within it: the first words of a day are answered without.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from sayso.encoders import Encoders
from sayso.errors import SaysoError
from sayso.stores.store import Store
from sayso.types.people import ANONYMOUS
from sayso.understanding.fold import fold
from sayso.understanding.online.entries import NOTHING, Undone
from sayso.understanding.online.habits import NOBODY, Habits, habits
from sayso.understanding.online.past import own_requests
from sayso.understanding.online.projection import Projection
from sayso.understanding.online.suggest import Online

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

_LOG = logging.getLogger(__name__)
MOST_PEOPLE = 256  # whose habits are held; a person's take up to half a megabyte
MOST_TURNS = 2000  # of a person that are read, the latest
STALE = 20  # turns after which they are made anew


@dataclass(slots=True)
class _Held:
    habits: Habits
    turns: int = 0  # since they were made
    making: bool = False


class KnownHabits:
    """Habits of those who speak. Safe for many threads."""

    def __init__(self, store: Store, encoders: Encoders) -> None:
        self._store, self._encoders = store, encoders
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._lock = Lock()
        self._pool: ThreadPoolExecutor | None = None

    def of(self, user: str, locale: str, online: Online | None) -> Habits:
        """Those that are at hand; none for the anonymous, and none yet for a newcomer.

        online: what will look at them; where there is none, none are made.
        """
        if user == ANONYMOUS or online is None or not online.personal:
            return NOBODY
        with self._lock:
            held = self._held.setdefault(user, _Held(NOBODY, STALE))
            self._held.move_to_end(user)
            while len(self._held) > MOST_PEOPLE:
                self._held.popitem(last=False)
            held.turns += 1
            if held.turns > STALE and not held.making:
                held.making, held.turns = True, 0
                self._start(self._make, user, locale, online.ranker.projection, held)
            return held.habits

    def undone(self, user: str) -> Undone:
        """What a person took back, as of now: it is not done to them again."""
        if user == ANONYMOUS:
            return NOTHING
        back = self._store.signals.taken_back(user)
        return Undone(frozenset((fold(said), fold(meant)) for said, meant in back))

    def close(self) -> None:
        """Stop making any."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _start(self, make: Callable[..., None], *given: object) -> None:
        if self._pool is None:
            # Who has learnt nothing saves the megabyte that this brings along.
            from concurrent.futures import ThreadPoolExecutor

            self._pool = ThreadPoolExecutor(1, "habits")
        self._pool.submit(make, *given)

    def _make(self, user: str, locale: str, projection: Projection, held: _Held) -> None:
        try:
            held.habits = self._made(user, locale, projection)
        except SaysoError:  # a person without habits is served as anybody is
            _LOG.warning("the habits of a person could not be made", exc_info=True)
        finally:
            held.making = False

    def _made(self, user: str, locale: str, projection: Projection) -> Habits:
        turns = self._store.logged(user, MOST_TURNS)
        entries = own_requests(turns)
        last = max((entry.last_s for entry in entries), default=0.0)
        encoder = self._encoders.of(locale)
        return habits(entries, encoder, projection, now_s=last)

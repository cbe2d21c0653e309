"""Sessions that end because nobody speaks any more, though no turn comes that would notice.

Once a minute those are looked for that were left for longer than `dialogue.expiry.IDLE`. First the
conversation forgets them, then their skills are told: who is killed in between has told nobody, and
nobody is told twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from sayso.dialogue.expiry import IDLE, ran_out
from sayso.errors import SaysoError, StoreError
from sayso.fulfilment import Backends
from sayso.runtime.engine import Engine
from sayso.runtime.leaving import tell_those_that_ran_out
from sayso.stores.store import Store
from sayso.types.turns import Interaction

_LOG = logging.getLogger(__name__)
EVERY = timedelta(minutes=1)
MOST = 1000  # conversations of one look
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class IdleSessions:
    """Looks for them in a thread of its own: a slow back-end must not keep an alarm from ringing.

    engine: gives the engine that serves now.
    """

    def __init__(self, store: Store, backends: Backends, engine: Callable[[], Engine]) -> None:
        self._store, self._backends, self._engine = store, backends, engine
        self._since, self._looked = _EVER, _EVER
        self._running: Thread | None = None
        self._stopped = Event()

    def look(self, clock: datetime) -> None:
        """Begin to look, if it is time. clock: aware."""
        busy = self._running is not None and self._running.is_alive()
        if busy or self._stopped.is_set() or clock - self._looked < EVERY:
            return
        self._looked = clock
        self._running = Thread(target=self._try, args=(clock,), name="idle sessions", daemon=True)
        self._running.start()

    def close(self) -> None:
        """Look no more; what is being told is told to its end."""
        self._stopped.set()
        if self._running is not None:
            self._running.join()

    def _try(self, clock: datetime) -> None:
        try:
            self.end(clock)
        except SaysoError as error:  # the next look finds them again
            _LOG.warning("sessions that nobody speaks to: %s", error)

    def end(self, clock: datetime) -> int:
        """End those that were left before; how many conversations it were. Raises StoreError."""
        before = clock - IDLE
        found = self._store.left_open(self._since, before, MOST)
        ended, missed = 0, False
        for user, conversation, turns in found:
            if self._stopped.is_set():
                return ended
            try:
                ended += self._end(user, conversation, turns, clock)
            except StoreError:  # a turn runs in it, or the store is busy: the next look finds it
                missed = True
        if len(found) < MOST and not missed:
            self._since = before
        return ended

    def _end(self, user: str, conversation: str, turns: int, clock: datetime) -> bool:
        """End the sessions of one conversation, unless somebody has just spoken in it.

        Raises StoreError where that cannot be seen.
        """
        lease = self._store.begin(user, conversation, wait_s=0.0)
        assert not isinstance(lease, Interaction)  # that takes a key
        sessions = ran_out(lease.context, clock)
        if lease.context is None or lease.version != turns or not sessions:
            self._store.release(lease)
            return False
        if not self._store.leave(lease, lease.context.forgotten()):
            return False
        skills = self._engine().view(lease.context.locale).skills
        tell_those_that_ran_out(sessions, skills, self._backends)
        return True

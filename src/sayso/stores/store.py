"""`Store`: turns, conversations, what is known of people, what rings later, in one database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sayso.stores import (
    ageing,
    copies,
    exports,
    log,
    logged_turns,
    migrations,
    privacy,
    tables,
    turns,
    uses,
)
from sayso.stores.ageing import Aged
from sayso.stores.announcements import Announcements, Event
from sayso.stores.database import Database
from sayso.stores.exports import Exported
from sayso.stores.people import People
from sayso.stores.signals import Signals
from sayso.stores.trials import Trials
from sayso.stores.turns import Lease
from sayso.stores.votes import Votes
from sayso.types.calls import Announcement
from sayso.types.context import Context
from sayso.types.lessons import LoggedTurn
from sayso.types.turns import Interaction

__all__ = ["Aged", "Event", "Lease", "Store"]

_BRINGS_USES = "0003_people"  # a store of before it has turns, and habits to be had from them


class Store:
    """An open store. Safe for many threads; any number of processes may open the same one.

    Every method raises StoreError, within a bounded wait, if the database is locked, unreachable,
    full, read-only or damaged; nothing is half-written then.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.announcements = Announcements(database)
        self.people = People(database)
        self.signals = Signals(database)
        self.trials = Trials(database)
        self.votes = Votes(database)

    @classmethod
    def open(cls, url: str, home: Path | None = None, *, patience_s: float = 5.0) -> Store:
        """Open a store, make it if there is none, migrate it if it is older.

        url: SQLAlchemy's; a relative SQLite path lies in `home` (None: the working folder).
        patience_s: longest wait for a lock or a connection.
        Raises StoreError if it cannot be used or is newer than this Sayso, MissingExtraError if
        the URL needs a driver that is not installed.
        """
        database = Database(url, home, patience_s=patience_s)
        try:
            database.use_wal()
            applied = migrations.migrate(database)
            if _BRINGS_USES in applied:
                uses.recount(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        """Let go of every connection."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def begin(
        self,
        user: str,
        conversation: str,
        idempotency_key: str | None = None,
        *,
        lease_s: float = 30.0,
        wait_s: float = 10.0,
    ) -> Lease | Interaction:
        """The right to run a turn, or the turn that was already run with this key.

        Waits while another turn of the conversation, or the first attempt with the key, runs.
        lease_s: how long the turn may take before another may begin; more than the time limit of
            any back-end.
        Raises StoreError if the wait exceeds `wait_s`, or if the first attempt with the key died
        midway: it may have acted, so none may act again.
        """
        database = self._database
        return turns.begin(
            database, user, conversation, idempotency_key, lease_s=lease_s, wait_s=wait_s
        )

    def finish(
        self,
        lease: Lease,
        interaction: Interaction,
        context: Context,
        *,
        skill: str | None = None,
        announcements: Sequence[Announcement] = (),
        cancelled: Sequence[str] = (),
    ) -> bool:
        """Log the turn, keep the context, count the use, schedule and cancel, free the lease.

        All or nothing.

        skill: whose announcements these are; None means the chosen reading's.
        Returns whether the context was kept. It is not if the turn outlived its lease and another
        took the conversation: that one's context stays, and the turn is logged all the same.
        """
        return turns.finish(
            self._database,
            lease,
            interaction,
            context,
            skill=skill,
            scheduled=announcements,
            cancelled=cancelled,
        )

    def note(
        self,
        interaction: Interaction,
        *,
        skill: str | None = None,
        announcements: Sequence[Announcement] = (),
        cancelled: Sequence[str] = (),
    ) -> None:
        """Log a turn within another that still runs: a sentence may hold several requests.

        Like `finish`, but the context and the lease stay as they are. The interaction has no
        idempotency key: the turn that ends the sentence has it, and the reply to all of it.
        """
        turns.note(
            self._database,
            interaction,
            skill=skill,
            scheduled=announcements,
            cancelled=cancelled,
        )

    def left_open(
        self, since: datetime, before: datetime, limit: int
    ) -> list[tuple[str, str, int]]:
        """User, id and number of turns of conversations in which a skill's session is open.

        since, before: aware; when the latest turn of each was. The oldest first, and none that a
        turn runs in.
        """
        return log.left_open(self._database, since, before, limit)

    def leave(self, lease: Lease, context: Context) -> bool:
        """Keep the context though nothing was said, and free the lease; whether it was kept.

        It is not if the lease has run out and a turn has begun meanwhile.
        """
        return turns.leave(self._database, lease, context)

    def release(self, lease: Lease) -> None:
        """Give a turn up that has not acted: the next may begin, and its key may be used again."""
        turns.release(self._database, lease)

    def context(self, user: str, conversation: str) -> Context | None:
        """The context as the last finished turn left it; None for an unknown conversation."""
        return log.context(self._database, user, conversation)

    def interaction(self, id: str) -> Interaction | None:
        """The turn of that id, or None."""
        return log.interaction(self._database, id)

    def interactions(
        self,
        user: str | None = None,
        conversation: str | None = None,
        since: datetime | None = None,
        limit: int = 100,
    ) -> list[Interaction]:
        """Turns in the order of time, at most `limit`, from `since` on (inclusive)."""
        return log.interactions(self._database, user, conversation, since, limit)

    def latest(self, limit: int, since: datetime | None = None) -> list[Interaction]:
        """The latest turns, at most `limit`, from `since` on (inclusive), in the order of time."""
        return log.interactions(self._database, None, None, since, limit, latest=True)

    def asked_since(self, user: str, since: datetime) -> bool:
        """Whether a reply has asked this user if it was right, after `since`."""
        return log.asked_since(self._database, user, since)

    def count(self) -> int:
        """Number of turns logged."""
        return log.count(self._database)

    def rows_of(self, user: str) -> dict[str, list[dict[str, Any]]]:
        """Everything that is kept of a user: table -> rows, as they lie there."""
        return privacy.rows_of(self._database, user)

    def delete_rows_of(self, user: str) -> dict[str, int]:
        """Delete everything that is kept of a user, all or nothing; rows by table.

        A turn that runs meanwhile is logged when it finishes: delete again when the user is silent.
        """
        return privacy.delete_rows_of(self._database, user)

    def users(self) -> set[str]:
        """Everybody of whom anything is kept."""
        return privacy.users(self._database)

    def said(self) -> Iterator[str]:
        """What all people said and were told, many rows at once; JSON as it is written."""
        return privacy.others(self._database)

    def forget_old(
        self,
        now: datetime,
        conversations: timedelta,
        turns: timedelta | None = None,
        *,
        most: int = 5_000,
    ) -> Aged:
        """Forget the state of conversations, and turns of the log, that are older than that.

        conversations: since their latest turn; what was said, carried over and left open goes, the
            number of turns stays. turns: None keeps the log for ever; else what clients told of
            such turns goes with them, and claims and undone rewrites of that age.
        most: rows of each in this call.
        """
        return ageing.forget_old(self._database, now, conversations, turns, most)

    def purge(self) -> None:
        """Leave nothing of deleted rows in the files of SQLite. Have PostgreSQL VACUUM.

        Raises StoreError if another process keeps reading for longer than a store waits.
        """
        self._database.purge()

    @property
    def files(self) -> Sequence[Path]:
        """The files of SQLite, its write-ahead log among them; none for PostgreSQL."""
        return self._database.files

    def export(
        self,
        folder: Path,
        since: datetime | None = None,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Exported:
        """Write the log, from `since` on (inclusive), to a new folder of Parquet files.

        A row is a `LoggedTurn`; all are of one moment. The folder appears once it is whole.
        Raises StoreError if it is there already, MissingExtraError without pyarrow.
        """
        return exports.export(self._database, folder, since, progress)

    def logged(self, user: str, limit: int) -> list[LoggedTurn]:
        """The latest turns of a user as rows of an export, oldest first."""
        return logged_turns.latest_of(self._database, user, limit)

    def backup(self, path: Path) -> dict[str, int]:
        """Write a consistent copy while others go on working; rows by table.

        `path` appears only once it is whole. It can be restored into either kind of database.
        """
        return copies.backup(self._database, path)

    def restore(self, path: Path) -> dict[str, int]:
        """Fill this store from a backup, of this version or an older one; rows by table.

        Raises StoreError, and leaves the store as it was, if the store holds turns already, or if
        the backup is damaged or newer than this Sayso.
        """
        counts = copies.restore(self._database, path)
        if tables.uses.name not in counts:
            uses.recount(self._database)
        return counts

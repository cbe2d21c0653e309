"""Who spoke for what was learnt: pseudonyms, so that support can be counted and be withdrawn.

What was learnt of sentences keeps no names. A vote says that somebody, known by a number alone, is
among those whom a text rests on; the number is `pseudonym` of the user under a key that never
leaves the home.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from sayso.errors import StoreError
from sayso.stores import tables
from sayso.stores.database import Database

KEY = Path("learned") / "key"  # below the home
_KEY_BYTES = 32
_BATCH = 500  # items or rows a statement
_VOTES = tables.votes
T = TypeVar("T")


def home_key(home: Path) -> bytes:
    """The key of the home's pseudonyms; made at first use, for its owner alone to read.

    Two processes that make it at once come to the same one. Raises StoreError if it can neither be
    read nor made, or is none.
    """
    path = home / KEY
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path}: {error}; make it readable, or restore it") from error
    if len(key) != _KEY_BYTES:
        raise StoreError(
            f"{path}: is no key ({len(key)} bytes, not {_KEY_BYTES}); restore it, or remove it and "
            "all votes are counted anew"
        )
    return key


def _make(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was faster: its key it is
            os.link(draft, path)
    finally:
        draft.unlink()


class Votes:
    """The votes of a store. Safe for many threads and processes; raises as `Store` does.

    kind: `rewrite`, `label` or `form`; item: id of a text, or of what several texts have in common;
    voter: the pseudonym of a user.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, kind: str, voters: Mapping[int, Iterable[int]], now: datetime) -> int:
        """Replace the votes of these items; number of votes. One without voters loses all."""
        rows = [
            {"kind": kind, "item": item, "voter": voter, "at": now}
            for item, who in sorted(voters.items())
            for voter in sorted(set(who))
        ]
        with self._database.writing() as connection:
            for some in _batches(sorted(voters)):
                these = sa.and_(_VOTES.c.kind == kind, _VOTES.c.item.in_(some))
                connection.execute(sa.delete(_VOTES).where(these))
            for more in _batches(rows):
                connection.execute(_VOTES.insert(), more)
        return len(rows)

    def counts(self, kind: str, items: Sequence[int] | None = None) -> dict[int, int]:
        """Item -> number of voters, of those that have any; None means all items of the kind."""
        query = sa.select(_VOTES.c.item, sa.func.count()).where(_VOTES.c.kind == kind)
        query = query.group_by(_VOTES.c.item)
        chosen = (
            [query]
            if items is None
            else [query.where(_VOTES.c.item.in_(some)) for some in _batches(items)]
        )
        with self._database.reading() as connection:
            return {row[0]: row[1] for each in chosen for row in connection.execute(each)}

    def withdraw(self, voter: int) -> dict[str, list[int]]:
        """Delete the votes of a pseudonym; the items that lost one, by kind."""
        mine = _VOTES.c.voter == voter
        query = sa.select(_VOTES.c.kind, _VOTES.c.item).where(mine)
        found: dict[str, list[int]] = {}
        with self._database.writing() as connection:
            for kind, item in connection.execute(query.order_by(_VOTES.c.kind, _VOTES.c.item)):
                found.setdefault(kind, []).append(item)
            connection.execute(sa.delete(_VOTES).where(mine))
        return found


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]

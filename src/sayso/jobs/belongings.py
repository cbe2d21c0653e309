"""What a home keeps of one person: rows of the store, and what skills keep under their name.

A skill has one storage for everybody. What it keeps of a person is found by the key, which names
the person as a word of its own: `alarms:ana`, `ana/shopping`. A key that names somebody else, too,
may be theirs, and what skills keep otherwise anybody's: it is left alone.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sayso.errors import HomeError
from sayso.stores.store import Store
from sayso.types.readings import ResolutionStatus

DATA, STORAGE = "data", "storage.db"
_PATIENCE_S = 5.0
_PARTS = re.compile(r"[:/|,;\s]+")  # what may part the words of a key
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def belongings(home: Path, store: Store, user: str) -> dict[str, Any]:
    """All that is kept of a user, as JSON may hold it."""
    others = store.users() - {user}
    return {
        "user": user,
        "made_at": datetime.now(UTC).isoformat(),
        "store": store.rows_of(user),
        "skills": {
            path.parent.name: {key: json.loads(value) for key, value in kept}
            for path in _storages(home)
            if (kept := _mine(path, user, others))
        },
    }


def delete_kept(home: Path, user: str, others: Collection[str]) -> dict[str, int]:
    """Delete what skills keep under a user's name, without a trace in the files; keys by skill.

    others: everybody else. Raises HomeError where a file cannot be written, or stays in use.
    """
    counts = {}
    for path in _storages(home):
        keys = [key for key, _ in _mine(path, user, others)]
        try:
            with closing(sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)) as file:
                file.execute("PRAGMA secure_delete = ON")
                file.executemany("DELETE FROM entries WHERE key = ?", [(key,) for key in keys])
                # Also where there was nothing now: what was deleted before may still stand there.
                file.execute("VACUUM")
                busy, *_ = file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            raise _unusable(path, error) from error
        if busy:
            raise _unusable(path, "it is in use")
        if keys:
            counts[path.parent.name] = len(keys)
    return counts


def _storages(home: Path) -> Sequence[Path]:
    return sorted((home / DATA).glob(f"*/{STORAGE}"))


def _mine(path: Path, user: str, others: Collection[str]) -> list[tuple[str, str]]:
    """Keys that name the user and nobody else, and their values as JSON."""
    named = re.compile(rf"(?<!\w){re.escape(user)}(?!\w)")
    try:
        with closing(sqlite3.connect(path, timeout=_PATIENCE_S)) as file:
            rows = file.execute("SELECT key, value FROM entries ORDER BY key").fetchall()
    except sqlite3.Error as error:
        raise _unusable(path, error) from error
    return [
        (key, value)
        for key, value in rows
        if named.search(key) and not any(part in others for part in _PARTS.split(key))
    ]


def _unusable(path: Path, why: object) -> HomeError:
    return HomeError(f"{path}: {why}; end what holds it, or mend it, and run this again")


def sentences(rows: Rows) -> set[str]:
    """What a person said, sentence by sentence, as it came in and as it was cleaned."""
    found: set[str | None] = set()
    for row in rows.get("interactions", ()):
        found |= {row["heard_raw"], row["heard_text"], row["said"]}
        found |= {each["text"] for each in row["heard_alternatives"]}
        found.add(row["rest"]["request"].get("text"))
    for row in rows.get("undone", ()):
        found |= {row["said"], row["meant"]}
    return {text for text in found if text}


def details(rows: Rows) -> set[str]:
    """What else tells of a person: values that no catalogue has, what they were told, their name.

    Slots of built-in types are left out: they are dates, numbers and towns, which anybody says.
    """
    found: set[str | None] = set()
    for row in rows.get("interactions", ()):
        found |= {row["speech"], row["user_id"]}
        found |= {each.get("text") for each in row["rest"]["request"].get("happened", ())}
        found |= set(_values(row["slots"] or ()))
    for name in ("announcements", "events"):
        found |= {row["speech"] for row in rows.get(name, ())}
    return {text for text in found if text}


def _values(slots: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for slot in slots:
        free = not slot["type"].startswith("AMAZON.") or slot["type"] == "AMAZON.SearchQuery"
        if free and not (slot["status"] == ResolutionStatus.MATCHED and slot["candidates"]):
            yield slot["value"]

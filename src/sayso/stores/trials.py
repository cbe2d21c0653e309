"""Skills on trial: installed while the home served, approved by nobody yet.

A row says since when, and who approved when. What a skill was given is counted from the log itself,
over the latest `WINDOW` requests that named no skill and were acted upon: there is no counter that
could be wrong. A home that has had fewer counts as if the others had gone elsewhere, so that a new
skill may be tried from the first day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from sayso.stores import tables
from sayso.stores.database import Database, insert

WINDOW = 1000  # latest requests of which a share is counted
_TABLE = tables.trials
_NEW = sa.select(_TABLE.c.skill).where(
    _TABLE.c.approved_at.is_(None), _TABLE.c.since > sa.bindparam("began")
)
# Literals, not parameters: only so does SQLite know that its partial index serves.
_GIVEN = sa.text(
    "SELECT skill, COUNT(*) AS given FROM (SELECT skill, basis FROM interactions "
    "WHERE outcome = 'act' AND basis IN ('words', 'trial') ORDER BY at DESC LIMIT :window"
    ") AS latest WHERE basis = 'trial' GROUP BY skill"
)


@dataclass(frozen=True, slots=True)
class Trial:
    """A skill that was installed live. since, approved: aware, UTC; by: who approved it."""

    skill: str
    since: datetime
    approved: datetime | None = None
    by: str | None = None


def begin(database: Database, skill: str, now: datetime) -> None:
    """Put a skill on trial; one that is or was on trial stays as it is."""
    statement = insert(database.dialect, _TABLE).on_conflict_do_nothing()
    with database.writing() as connection:
        connection.execute(statement, {"skill": skill, "since": now})


def approve(database: Database, skill: str, by: str, now: datetime) -> bool:
    """End a skill's trial; whether it was on trial."""
    waiting = sa.and_(_TABLE.c.skill == skill, _TABLE.c.approved_at.is_(None))
    statement = sa.update(_TABLE).where(waiting).values(approved_at=now, approved_by=by)
    with database.writing() as connection:
        return connection.execute(statement).rowcount > 0


def forget(database: Database, skill: str) -> None:
    """Remove what is known of a skill's trial: installed again, it begins anew."""
    with database.writing() as connection:
        connection.execute(sa.delete(_TABLE).where(_TABLE.c.skill == skill))


def all_of(database: Database) -> Sequence[Trial]:
    """Every skill that was installed live, by id."""
    with database.reading() as connection:
        found = connection.execute(sa.select(_TABLE).order_by(_TABLE.c.skill))
        return [Trial(*row) for row in found]


def shares(database: Database, since: datetime) -> dict[str, float]:
    """The skills on trial, begun after `since` -> share of the latest requests each was given."""
    with database.reading() as connection:
        skills = list(connection.execute(_NEW, {"began": since}).scalars())
        if not skills:
            return {}
        given = {row.skill: row.given for row in connection.execute(_GIVEN, {"window": WINDOW})}
    return {skill: given.get(skill, 0) / WINDOW for skill in skills}

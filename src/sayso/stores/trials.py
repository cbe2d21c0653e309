"""Skills on trial: installed while the home served, approved by nobody yet.

A row says since when, and who approved when. What a skill was given is counted from the log itself,
over the latest `WINDOW` requests that named no skill and were acted upon: there is no counter that
could be wrong. A home that has had fewer counts as if the others had gone elsewhere, so that a new
skill may be tried from the first day.
"""

from __future__ import annotations

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


class Trials:
    """The trials of a store. Safe for many threads and processes; raises as `Store` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, skill: str, now: datetime) -> None:
        """Note that a skill is new; one that is or was on trial stays as it is."""
        statement = insert(self._database.dialect, _TABLE).on_conflict_do_nothing()
        with self._database.writing() as connection:
            connection.execute(statement, {"skill": skill, "since": now})

    def approve(self, skill: str, by: str, now: datetime) -> bool:
        """End the trial of a skill; whether it was on trial."""
        waiting = sa.and_(_TABLE.c.skill == skill, _TABLE.c.approved_at.is_(None))
        statement = sa.update(_TABLE).where(waiting).values(approved_at=now, approved_by=by)
        with self._database.writing() as connection:
            return connection.execute(statement).rowcount > 0

    def forget(self, skill: str) -> None:
        """A skill was taken out: installed again, it is new again."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(_TABLE).where(_TABLE.c.skill == skill))

    def all(self) -> list[Trial]:
        """Every skill that was installed live, approved or not, by id."""
        with self._database.reading() as connection:
            found = connection.execute(sa.select(_TABLE).order_by(_TABLE.c.skill))
            return [Trial(*row) for row in found]

    def shares(self, since: datetime) -> dict[str, float]:
        """The skills on trial, begun after `since` -> share of the latest requests each got."""
        with self._database.reading() as connection:
            skills = list(connection.execute(_NEW, {"began": since}).scalars())
            if not skills:
                return {}
            found = connection.execute(_GIVEN, {"window": WINDOW})
            given = {row.skill: row.given for row in found}
        return {skill: given.get(skill, 0) / WINDOW for skill in skills}

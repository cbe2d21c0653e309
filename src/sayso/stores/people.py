"""What is known of a person: the skills they have enabled, their habits, and the neutral switch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from sayso.errors import RequestError
from sayso.stores import tables, uses
from sayso.stores.database import Database, insert
from sayso.types.people import ANONYMOUS, ANYBODY, Enabled, EnabledBy, Person
from sayso.types.skills import ID

MOST_ENABLED = 1000  # skills that one person may enable
_PEOPLE, _ENABLED, _USES = tables.people.c, tables.enabled.c, tables.uses.c


class People:
    """The people of a store. Safe for many threads and processes; raises as `Store` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def person(self, user: str) -> Person:
        """What is known of a user; ANYBODY for one who is unknown."""
        with self._database.reading() as connection:
            return read(connection, user)

    def enabled(self, user: str) -> list[Enabled]:
        """The skills that a user has enabled, in the order in which it was done."""
        query = (
            sa.select(_ENABLED.skill, _ENABLED.enabled_at, _ENABLED.enabled_by)
            .where(_ENABLED.user_id == user)
            .order_by(_ENABLED.enabled_at, _ENABLED.skill)
        )
        with self._database.reading() as connection:
            found = connection.execute(query).all()
        return [Enabled(skill, at, EnabledBy(by)) for skill, at, by in found]

    def enable(
        self,
        user: str,
        skills: Sequence[str],
        at: datetime,
        by: EnabledBy = EnabledBy.PERSON,
    ) -> int:
        """Enable skills for a user, all or none; how many were not enabled before.

        One that was keeps its date. Raises RequestError for too many, and for nobody in particular.
        """
        wanted = sorted(set(skills))
        for skill in wanted:
            if not re.fullmatch(ID, skill):
                raise RequestError(f'"{skill}" is no id of a skill', field="skill")
        with self._database.writing() as connection:
            _hold(connection, user)
            mine = _ENABLED.user_id == user
            there = set(connection.execute(sa.select(_ENABLED.skill).where(mine)).scalars())
            fresh = [skill for skill in wanted if skill not in there]
            if len(there) + len(fresh) > MOST_ENABLED:
                raise RequestError(
                    f"{len(there) + len(fresh)} skills are too many, a person may enable "
                    f"{MOST_ENABLED}; disable some first",
                    field="skill",
                )
            if fresh:
                rest = {"user_id": user, "enabled_at": at, "enabled_by": str(by)}
                connection.execute(
                    tables.enabled.insert(), [{"skill": skill} | rest for skill in fresh]
                )
        return len(fresh)

    def disable(self, user: str, skills: Sequence[str]) -> int:
        """Disable skills for a user; how many were enabled."""
        gone = 0
        with self._database.writing() as connection:
            for skill in sorted(set(skills)):  # one order: no deadlocks
                whose = {"whose": user, "which": skill}
                gone += connection.execute(_DISABLE, whose).rowcount
        return gone

    def set_neutral(self, user: str, on: bool) -> None:
        """Rank for this user as for anybody, or no longer. Raises RequestError for nobody."""
        _check_named(user)
        with self._database.writing() as connection:
            row = {"user_id": user, "neutral": on}
            connection.execute(_switch(connection.dialect.name), row)

    def drop_skill(self, skill: str) -> None:
        """Forget that anybody has enabled or used a skill."""
        with self._database.writing() as connection:
            for table in (tables.enabled, tables.uses):
                connection.execute(sa.delete(table).where(table.c.skill == skill))

    def recount(self) -> int:
        """Make everybody's habits anew from the log; number of rows.

        They come out as they were, but for skills that were dropped as a person's weakest and used
        again later: these lost what they had.
        """
        return uses.recount(self._database)


def read(connection: sa.Connection, user: str) -> Person:
    """What is known of a user, in one query."""
    if user == ANONYMOUS:
        return ANYBODY
    neutral, skills, used = connection.execute(_KNOWN, {"whose": user}).one()
    if not (neutral or skills or used):
        return ANYBODY
    return Person(tuple((skills or "").split()), uses.read_uses(used), bool(neutral))


_WHOSE: sa.BindParameter[str] = sa.bindparam("whose")
# An id holds no space, so many ids are one text: 500 rows would cost more than the turn.
_IDS = sa.func.aggregate_strings(_ENABLED.skill, " ")
_KNOWN = sa.select(
    sa.select(_PEOPLE.neutral).where(_PEOPLE.user_id == _WHOSE).scalar_subquery(),
    sa.select(_IDS).where(_ENABLED.user_id == _WHOSE).scalar_subquery(),
    sa.select(uses.ALL_USES).where(_USES.user_id == _WHOSE).scalar_subquery(),
)
_DISABLE = sa.delete(tables.enabled).where(
    _ENABLED.user_id == _WHOSE, _ENABLED.skill == sa.bindparam("which")
)


def _check_named(user: str) -> None:
    if user == ANONYMOUS:
        raise RequestError("nothing is kept of nobody in particular; name a user", field="user")


def _hold(connection: sa.Connection, user: str) -> None:
    """Keep others from changing what this person has, until the transaction ends."""
    _check_named(user)
    connection.execute(_begin(connection.dialect.name), {"user_id": user, "neutral": False})
    mine = sa.select(_PEOPLE.user_id).where(_PEOPLE.user_id == user)
    connection.execute(mine.with_for_update())


@cache
def _begin(dialect: str) -> Any:
    return insert(dialect, tables.people).on_conflict_do_nothing()


@cache
def _switch(dialect: str) -> Any:
    statement = insert(dialect, tables.people)
    return statement.on_conflict_do_update(
        index_elements=[_PEOPLE.user_id], set_={"neutral": statement.excluded.neutral}
    )

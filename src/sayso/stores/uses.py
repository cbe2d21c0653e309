"""Habits: how each person uses each skill, kept beside the log and always to be had from it.

A turn is a use of the skill that served it: it was acted upon, it did not fail, and it was more
than a "stop". Whose name is not known has no habits. A use is counted in the transaction that logs
its turn, so the two never disagree.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from sayso.stores import codec, tables
from sayso.stores.database import Database, insert
from sayso.types.context import Happening
from sayso.types.people import ANONYMOUS, HALF_LIFE, Use
from sayso.types.readings import Basis, Outcome
from sayso.types.turns import Interaction

MOST_USES = 256  # skills whose use is kept of one person
# Said to whatever skill is there, and by those who did not want it.
NOT_A_USE = ("AMAZON.CancelIntent", "AMAZON.FallbackIntent", "AMAZON.StopIntent")
_LOG, _USES = tables.interactions.c, tables.uses.c
_BATCH = 500
_DIGITS = 6  # of turns, after the point
ALL_USES = sa.func.aggregate_strings(sa.cast(_USES.use, sa.Text), ",")


def count_use(connection: sa.Connection, interaction: Interaction) -> None:
    """Add the turn to the habits of the one who spoke, if it was a use of a skill."""
    skill = _served(interaction)
    if skill is None:
        return
    whose = {"whose": interaction.user, "which": skill}
    at, device = _local(interaction.at, interaction.time_zone), interaction.request.device.type
    before = names_of(interaction.request.happened)
    written = connection.execute(_MINE, whose).scalar_one_or_none()
    if written is None:
        first = _row(interaction.user, skill, Use().again(at, device, before))
        if connection.execute(_first(connection.dialect.name), first).first() is not None:
            connection.execute(_FORGET_WEAKEST, whose)
            return
        # Another turn has counted the first use meanwhile, and we have waited for it.
        written = connection.execute(_MINE, whose).scalar_one()
    row = _row(interaction.user, skill, _read(written).again(at, device, before))
    connection.execute(_KEEP, whose | {name: row[name] for name in ("use", "strength")})


def _served(interaction: Interaction) -> str | None:
    """The skill that the turn is a use of, or None. `_LOGGED` says the same of the log's rows."""
    decision, failure = interaction.decision, interaction.reply.trace.failure
    if decision.outcome is not Outcome.ACT or failure is not None or decision.chosen is None:
        return None
    unmeant = decision.chosen.intent in NOT_A_USE or decision.basis is Basis.OPINION
    unmeant = unmeant or interaction.user == ANONYMOUS
    return None if unmeant else decision.chosen.skill


def names_of(happened: Sequence[Happening]) -> Sequence[str]:
    """What a habit calls the things that had happened by themselves, each once."""
    return tuple(dict.fromkeys(each.name for each in happened if each.name and not each.used))


def _local(at: datetime, time_zone: str) -> datetime:
    try:
        return at.astimezone(ZoneInfo(time_zone))
    except (ValueError, OSError, LookupError):
        return at.astimezone(UTC)


def _row(user: str, skill: str, use: Use) -> dict[str, Any]:
    assert use.last is not None
    # Of what a use weighs at any one moment, the logarithm: they keep their order as time goes.
    strength = math.log2(use.count) + use.last.timestamp() / HALF_LIFE.total_seconds()
    written = {
        "skill": skill,  # so that all uses of a person can be read as one text
        "count": round(use.count, _DIGITS),
        "last": use.last.astimezone(UTC),
        "hours": {str(hour): round(turns, _DIGITS) for hour, turns in use.hours.items()},
        "devices": {device: round(turns, _DIGITS) for device, turns in use.devices.items()},
        "after": {name: round(turns, _DIGITS) for name, turns in use.after.items()},
    }
    return {"user_id": user, "skill": skill, "use": written, "strength": strength}


def _read(written: Any) -> Use:
    hours = {int(hour): turns for hour, turns in written["hours"].items()}
    last = datetime.fromisoformat(written["last"])
    # A row of an older Sayso has nothing of what went before.
    return Use(written["count"], last, hours, written["devices"], written.get("after", {}))


def read_uses(joined: str | None) -> dict[str, Use]:
    """Skill -> use, from what ALL_USES gives. Several times faster than row by row."""
    return {each["skill"]: _read(each) for each in json.loads(f"[{joined or ''}]")}


_IS_MINE = sa.and_(_USES.user_id == sa.bindparam("whose"), _USES.skill == sa.bindparam("which"))
_MINE = sa.select(_USES.use).where(_IS_MINE).with_for_update()
_KEEP = (
    sa.update(tables.uses)
    .where(_IS_MINE)
    .values(use=sa.bindparam("use"), strength=sa.bindparam("strength"))
)
# Not the one just counted, however weak: else a new skill could never come in.
_WEAKEST = (
    sa.select(_USES.skill)
    .where(_USES.user_id == sa.bindparam("whose"), _USES.skill != sa.bindparam("which"))
    .order_by(_USES.strength.desc(), _USES.skill)
    .offset(MOST_USES - 1)
    .with_for_update(skip_locked=True)  # one that is being used is not the weakest any more
)
_FORGET_WEAKEST = sa.delete(tables.uses).where(
    _USES.user_id == sa.bindparam("whose"), _USES.skill.in_(_WEAKEST)
)


@cache
def _first(dialect: str) -> Any:
    """Inserts a first use, unless there is one; returns a row if it was inserted."""
    return insert(dialect, tables.uses).on_conflict_do_nothing().returning(_USES.skill)


def recount(database: Database) -> int:
    """See `People.recount`. A person at a time, so that nobody's turn has to wait for all."""
    with database.reading() as connection:
        users = connection.execute(_USERS).scalars().all()
    return sum(_recount(database, user) for user in users)


def _recount(database: Database, user: str) -> int:
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            # Turns that finish meanwhile are logged, and count their use once we are done.
            connection.exec_driver_sql("LOCK TABLE uses IN SHARE ROW EXCLUSIVE MODE")
        connection.execute(sa.delete(tables.uses).where(_USES.user_id == user))
        uses: dict[str, Use] = {}
        logged = _LOGGED.where(_LOG.user_id == user).execution_options(yield_per=_BATCH)
        for row in connection.execute(logged):
            at = _local(row.at, row.time_zone)
            told = row.rest["request"].get("happened", ())
            before = names_of([codec.read(Happening, each) for each in told])
            uses[row.skill] = uses.get(row.skill, Use()).again(at, row.device["type"], before)
        found = [_row(user, skill, use) for skill, use in uses.items()]
        kept = sorted(found, key=lambda row: (-row["strength"], row["skill"]))[:MOST_USES]
        if kept:
            connection.execute(tables.uses.insert(), kept)
    return len(kept)


_USERS = sa.union(sa.select(_LOG.user_id), sa.select(_USES.user_id))
_LOGGED = (
    sa.select(_LOG.skill, _LOG.at, _LOG.time_zone, _LOG.device, _LOG.rest)
    .where(
        _LOG.outcome == str(Outcome.ACT),
        _LOG.basis != str(Basis.OPINION),
        _LOG.failure.is_(None),
        _LOG.intent.not_in(NOT_A_USE),
        _LOG.user_id != ANONYMOUS,
    )
    .order_by(_LOG.at)
)

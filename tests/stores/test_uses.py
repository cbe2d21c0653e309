"""Habits are counted with each turn, and come out the same from the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sayso.stores import migrations
from sayso.stores.database import Database
from sayso.stores.store import Lease, Store
from sayso.stores.uses import MOST_USES, NOT_A_USE
from sayso.types.context import Device, Happening
from sayso.types.people import ANONYMOUS, ANYBODY, HALF_LIFE, Use
from sayso.types.readings import Decision, Outcome
from sayso.types.turns import Interaction, Trace
from tests.stores.nouns import NOW, a_context, a_turn, write_old
from tests.stores.processes import finished, start


def turn(number: int, skill: str = "alarms", **changes: Any) -> Interaction:
    """A turn that a skill served; changes: of the turn, its device, reading, outcome, failure."""
    base = a_turn(number, user=changes.get("user", "ana"), at=changes.get("at", NOW))
    chosen = base.decision.chosen
    assert chosen is not None
    chosen = replace(chosen, skill=skill, intent=changes.get("intent", chosen.intent))
    outcome = changes.get("outcome", Outcome.ACT)
    decision = Decision(outcome, chosen if outcome is Outcome.ACT else None)
    return replace(
        base,
        request=replace(
            base.request,
            device=Device(type=changes.get("device", "speaker")),
            happened=tuple(Happening(skill=skill) for skill in changes.get("after", ())),
        ),
        decision=decision,
        reply=replace(base.reply, decision=decision, trace=Trace(failure=changes.get("failure"))),
        time_zone=changes.get("time_zone", "UTC"),
    )


def logged(store: Store, *turns: Interaction) -> None:
    for each in turns:
        lease = store.begin(each.user, each.conversation)
        assert isinstance(lease, Lease)
        store.finish(lease, each, a_context(user=each.user))


def uses(store: Store, user: str = "ana") -> Mapping[str, Use]:
    return store.people.person(user).uses


def same(one: Mapping[str, Use], other: Mapping[str, Use]) -> bool:
    """Whether two habits are the same but for roundings."""
    return one.keys() == other.keys() and all(
        use.last == other[skill].last
        and use.count == pytest.approx(other[skill].count, abs=1e-4)
        and use.hours == pytest.approx(other[skill].hours, abs=1e-4)
        and use.devices == pytest.approx(other[skill].devices, abs=1e-4)
        and use.after == pytest.approx(other[skill].after, abs=1e-4)
        for skill, use in one.items()
    )


def test_a_turn_that_a_skill_served_is_a_use(store: Store) -> None:
    logged(store, turn(1), turn(2, at=NOW + timedelta(hours=1), device="car"), turn(3, "radio"))
    habits = uses(store)
    assert set(habits) == {"alarms", "radio"}
    assert habits["alarms"].count == pytest.approx(2, abs=0.01)
    assert set(habits["alarms"].hours) == {6, 7}
    assert set(habits["alarms"].devices) == {"speaker", "car"}
    assert habits["alarms"].last == NOW + timedelta(hours=1)
    assert uses(store, "ben") == {}


def test_a_habit_tells_what_went_before(store: Store) -> None:
    logged(store, turn(1, "coffee", after=["alarms", "bell"]), turn(2, "coffee", after=["bell"]))
    counted = uses(store)
    assert dict(counted["coffee"].after) == {"bell": 2, "alarms": 1}
    store.people.recount()
    assert same(uses(store), counted)


def test_a_turn_begins_with_the_habits_from_before_it(store: Store) -> None:
    logged(store, turn(1))
    lease = store.begin("ana", "kitchen")
    assert isinstance(lease, Lease)
    assert lease.person.uses["alarms"].count == 1


def test_old_uses_count_for_less(store: Store) -> None:
    logged(store, turn(1), turn(2, at=NOW + HALF_LIFE))
    assert uses(store)["alarms"].count == pytest.approx(1.5)


def test_the_hour_is_that_of_the_persons_day(store: Store) -> None:
    logged(store, turn(1, time_zone="Asia/Tokyo"), turn(2, "radio", time_zone="Mars/Base"))
    assert set(uses(store)["alarms"].hours) == {15}
    assert set(uses(store)["radio"].hours) == {6}


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": Outcome.ASK},
        {"outcome": Outcome.ABSTAIN},
        {"failure": "the skill took too long"},
        {"user": ANONYMOUS},
        *[{"intent": intent} for intent in NOT_A_USE],
    ],
    ids=str,
)
def test_other_turns_are_no_uses(store: Store, changes: dict[str, Any]) -> None:
    logged(store, turn(1, **changes))
    assert store.people.person(changes.get("user", "ana")) == ANYBODY
    assert store.people.recount() == 0


def test_a_turn_that_cannot_be_logged_is_not_counted(store: Store) -> None:
    logged(store, turn(1))
    with pytest.raises(Exception, match="nothing is written"):
        logged(store, turn(1))  # the id is taken
    assert uses(store)["alarms"].count == 1


def many_turns(count: int) -> list[Interaction]:
    """Of two people, with several skills, at all hours, some far apart, some out of order."""
    return [
        turn(
            number,
            skill=f"skill {number * 7 % 11}",
            user=("ana", "ben")[number % 2],
            at=NOW + timedelta(hours=(number * 37) % 2000),
            device=("speaker", "car", "phone")[number % 3],
            time_zone=("UTC", "Europe/Berlin", "Asia/Tokyo")[number % 3],
            outcome=Outcome.ASK if number % 5 == 0 else Outcome.ACT,
        )
        for number in range(count)
    ]


def test_habits_come_out_of_the_log_as_they_were_counted(store: Store) -> None:
    logged(store, *many_turns(60))
    before = {user: uses(store, user) for user in ("ana", "ben")}
    store.people.drop_skill("skill 3")
    assert not same(uses(store, "ana"), before["ana"])
    assert store.people.recount() == sum(len(habits) for habits in before.values())
    for user, habits in before.items():
        assert same(uses(store, user), habits)


def test_habits_are_bounded_and_the_weakest_go_first(store: Store) -> None:
    logged(store, turn(0, "old"), turn(1, "much"), turn(2, "much"), turn(3, "much"))
    later = NOW + timedelta(days=20)
    logged(store, *(turn(10 + n, f"skill {n}", at=later) for n in range(MOST_USES)))
    habits = uses(store)
    assert len(habits) == MOST_USES
    assert "old" not in habits
    assert "much" in habits
    logged(store, turn(9000, "long ago", at=NOW - timedelta(days=900)))
    assert "long ago" in uses(store)  # what was just used is never the one to go
    store.people.recount()
    assert len(uses(store)) == MOST_USES
    assert "long ago" not in uses(store)


def test_a_skill_of_any_name_is_read_back(store: Store) -> None:
    names = ['"', "\\", "a b", "ü,🦜", "x\x1a", "]"]
    logged(store, *(turn(number, name) for number, name in enumerate(names)))
    assert set(uses(store)) == set(names)


def test_habits_are_in_a_backup(store: Store, tmp_path: Path) -> None:
    logged(store, *many_turns(20))
    store.backup(tmp_path / "backup.zip")
    with Store.open("sqlite:///other.db", tmp_path) as other:
        other.restore(tmp_path / "backup.zip")
        assert uses(other) == uses(store)


def test_processes_that_serve_one_person_lose_no_use(store: Store, store_url: str) -> None:
    both = [start("use", store_url, name, "30") for name in ("kitchen", "car")]
    for process in both:
        finished(process)
    assert uses(store)["alarms"].count == 60


def an_old_store(url: str) -> Store:
    """A store of before habits were kept, with some turns, not migrated yet."""
    database = Database(url)
    with database.writing() as connection:
        migrations.apply(connection, migrations.MIGRATIONS[:2])
        write_old(connection, [turn(1), turn(2, "radio")], a_context())
    return Store(database)


def test_an_older_store_brings_its_habits(store_url: str) -> None:
    an_old_store(store_url).close()
    with Store.open(store_url) as store:
        assert {skill: use.count for skill, use in uses(store).items()} == {"alarms": 1, "radio": 1}


def test_an_older_backup_brings_its_habits(store: Store, tmp_path: Path) -> None:
    old = an_old_store(f"sqlite:///{tmp_path}/old.db")
    old.backup(tmp_path / "backup.zip")
    old.close()
    store.restore(tmp_path / "backup.zip")
    assert set(uses(store)) == {"alarms", "radio"}

"""What people have enabled: kept, bounded, and never lost to another process."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from sayso.errors import RequestError, StoreError
from sayso.stores.people import MOST_ENABLED
from sayso.stores.store import Lease, Store
from sayso.types.people import ANONYMOUS, ANYBODY, Enabled, EnabledBy, Person
from tests.stores.nouns import NOW, a_context, a_turn
from tests.stores.processes import finished, start


def test_an_unknown_user_is_anybody(store: Store) -> None:
    assert store.people.person("ana") == ANYBODY
    assert store.people.enabled("ana") == []


def test_what_is_enabled_is_kept_with_its_date_and_by_whom(store: Store) -> None:
    assert store.people.enable("ana", ["timers", "alarms", "timers"], NOW) == 2
    assert store.people.enable("ana", ["alarms", "radio"], NOW + timedelta(1), EnabledBy.ADMIN) == 1
    assert store.people.enabled("ana") == [
        Enabled("alarms", NOW),
        Enabled("timers", NOW),
        Enabled("radio", NOW + timedelta(1), EnabledBy.ADMIN),
    ]
    assert set(store.people.person("ana").enabled) == {"timers", "alarms", "radio"}
    assert store.people.person("ben") == ANYBODY


def test_what_is_disabled_is_gone(store: Store) -> None:
    store.people.enable("ana", ["timers", "alarms"], NOW)
    store.people.enable("ben", ["timers"], NOW)
    assert store.people.disable("ana", ["timers", "unknown"]) == 1
    assert store.people.disable("ana", ["timers"]) == 0
    assert store.people.person("ana").enabled == ("alarms",)
    assert store.people.person("ben").enabled == ("timers",)


def test_the_neutral_switch_is_on_until_it_is_off(store: Store) -> None:
    store.people.enable("ana", ["timers"], NOW)
    for on in (True, True, False):
        store.people.set_neutral("ana", on)
        assert store.people.person("ana") == Person(("timers",), neutral=on)


def test_enabling_does_not_touch_the_switch(store: Store) -> None:
    store.people.set_neutral("ana", True)
    store.people.enable("ana", ["timers"], NOW)
    assert store.people.person("ana").neutral


def test_five_hundred_skills_are_fine_and_too_many_are_refused_whole(store: Store) -> None:
    skills = [f"skill-{number}" for number in range(100_000)]
    assert store.people.enable("ana", skills[:500], NOW) == 500
    with pytest.raises(RequestError, match=r"100000 skills are too many.*disable some first"):
        store.people.enable("ana", skills, NOW)
    assert len(store.people.person("ana").enabled) == 500
    store.people.enable("ana", skills[:MOST_ENABLED], NOW)
    with pytest.raises(RequestError, match="too many"):
        store.people.enable("ana", ["one-more"], NOW)
    assert store.people.enable("ana", skills[:1], NOW) == 0


@pytest.mark.parametrize("skill", ["", "two words", "a\nb", "a\n", "../etc"])
def test_what_is_no_id_is_refused(store: Store, skill: str) -> None:
    with pytest.raises(RequestError, match="no id of a skill"):
        store.people.enable("ana", ["timers", skill], NOW)
    assert store.people.person("ana") == ANYBODY


def test_nothing_is_kept_of_nobody_in_particular(store: Store) -> None:
    with pytest.raises(RequestError, match="name a user"):
        store.people.enable(ANONYMOUS, ["timers"], NOW)
    with pytest.raises(RequestError, match="name a user"):
        store.people.set_neutral(ANONYMOUS, True)
    assert store.people.person(ANONYMOUS) == ANYBODY


def test_a_turn_begins_with_what_is_known_of_its_user(store: Store) -> None:
    store.people.enable("ana", ["timers"], NOW)
    store.people.set_neutral("ana", True)
    lease = store.begin("ana", "kitchen")
    assert isinstance(lease, Lease)
    assert lease.person == Person(("timers",), neutral=True)


def test_a_dropped_skill_leaves_no_trace_with_anybody(store: Store) -> None:
    for user in ("ana", "ben"):
        lease = store.begin(user, "kitchen")
        assert isinstance(lease, Lease)
        store.finish(lease, a_turn(user=user), a_context(user=user))
        store.people.enable(user, ["alarms"], NOW)
    store.people.drop_skill("alarms")
    assert store.people.person("ana") == store.people.person("ben") == ANYBODY


def test_what_people_chose_is_in_a_backup(store: Store, tmp_path: Path) -> None:
    store.people.enable("ana", ["timers"], NOW, EnabledBy.ADMIN)
    store.people.set_neutral("ana", True)
    store.backup(tmp_path / "backup.zip")
    with Store.open("sqlite:///other.db", tmp_path) as other:
        other.restore(tmp_path / "backup.zip")
        assert other.people.person("ana") == store.people.person("ana")
        assert other.people.enabled("ana") == store.people.enabled("ana")
        with pytest.raises(StoreError, match="people's choices"):
            other.restore(tmp_path / "backup.zip")


def test_everything_kept_of_a_person_is_shown_and_deleted(store: Store) -> None:
    for user in ("ana", "ben"):
        lease = store.begin(user, "kitchen")
        assert isinstance(lease, Lease)
        store.finish(lease, a_turn(user=user), a_context(user=user))
        store.people.enable(user, ["timers"], NOW)
    rows = store.rows_of("ana")
    assert set(rows) == {"interactions", "conversations", "people", "enabled", "uses"}
    assert {row["user_id"] for each in rows.values() for row in each} == {"ana"}
    assert store.delete_rows_of("ana") == {name: len(each) for name, each in rows.items()}
    assert store.rows_of("ana") == {}
    assert set(store.rows_of("ben")) == set(rows)


def test_processes_that_choose_for_one_person_lose_nothing(store: Store, store_url: str) -> None:
    both = [start("choose", store_url, name, "20") for name in ("a", "b")]
    for process in both:
        finished(process)
    expected = {f"{name}-{number}" for name in ("a", "b") for number in range(20)}
    assert set(store.people.person("ana").enabled) == expected


def test_a_process_that_is_killed_while_it_chooses_leaves_whole_changes(
    store: Store, store_url: str
) -> None:
    process = start("choose", store_url, "a", "100000")
    while len(store.people.person("ana").enabled) < 20:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    enabled = set(store.people.person("ana").enabled)
    numbers = {int(skill[2:]) for skill in enabled - {"a-gone"}}
    assert numbers == set(range(len(numbers)))
    assert store.people.enable("ana", ["another"], NOW) == 1  # nothing is held

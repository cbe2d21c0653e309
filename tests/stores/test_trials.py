"""Who is on trial, and what share of the latest requests each new skill was given."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sayso.stores import trials
from sayso.stores.store import Lease, Store
from sayso.types.readings import Basis, Hypothesis, Outcome
from sayso.types.turns import Interaction
from tests.stores.nouns import NOW, a_context, a_turn

BEFORE = NOW - timedelta(days=30)


def turn(number: int, skill: str, basis: Basis, outcome: Outcome = Outcome.ACT) -> Interaction:
    chosen = Hypothesis(skill, "Do", confidence=0.9)
    plain = a_turn(number, at=NOW + timedelta(minutes=number))
    decision = replace(plain.decision, chosen=chosen, basis=basis, outcome=outcome)
    return replace(plain, decision=decision, reply=replace(plain.reply, decision=decision))


def log(store: Store, *turns: Interaction) -> None:
    for each in turns:
        lease = store.begin(each.user, each.conversation)
        assert isinstance(lease, Lease)
        store.finish(lease, each, a_context())


def test_a_new_skill_is_on_trial_until_it_is_approved(store: Store) -> None:
    assert store.trials.shares(BEFORE) == {}
    store.trials.begin("new", NOW)
    assert store.trials.shares(BEFORE) == {"new": 0.0}
    assert store.trials.approve("new", "ana", NOW)
    assert store.trials.shares(BEFORE) == {}
    (known,) = store.trials.all()
    assert (known.skill, known.since, known.approved, known.by) == ("new", NOW, NOW, "ana")


def test_only_who_is_on_trial_is_approved_and_the_first_word_counts(store: Store) -> None:
    assert not store.trials.approve("nobody", "ana", NOW)
    store.trials.begin("new", NOW)
    assert store.trials.approve("new", "ana", NOW)
    assert not store.trials.approve("new", "ben", NOW)
    assert [known.by for known in store.trials.all()] == ["ana"]


def test_a_trial_ends_by_itself_after_some_days(store: Store) -> None:
    store.trials.begin("new", NOW)
    assert store.trials.shares(NOW - timedelta(seconds=1)) == {"new": 0.0}
    assert store.trials.shares(NOW) == {}


def test_a_new_version_neither_begins_a_trial_anew_nor_ends_it(store: Store) -> None:
    store.trials.begin("new", NOW)
    store.trials.begin("new", NOW + timedelta(days=9))
    assert [known.since for known in store.trials.all()] == [NOW]
    store.trials.approve("new", "ana", NOW)
    store.trials.begin("new", NOW + timedelta(days=9))
    assert store.trials.shares(BEFORE) == {}


def test_a_skill_that_was_taken_out_leaves_no_trace(store: Store) -> None:
    store.trials.begin("new", NOW)
    store.trials.approve("new", "ana", NOW)
    store.trials.forget("new")
    assert list(store.trials.all()) == []
    store.trials.begin("new", NOW)
    assert store.trials.shares(BEFORE) == {"new": 0.0}


def test_only_requests_that_the_trial_gave_it_count(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "WINDOW", 10)
    store.trials.begin("new", NOW)
    log(
        store,
        turn(1, "new", Basis.TRIAL),
        turn(2, "old", Basis.TRIAL),  # the new one stood back
        turn(3, "new", Basis.WORDS),  # of a person who has enabled it
        turn(4, "new", Basis.NAMED),
        turn(5, "new", Basis.ANSWER),
        turn(6, "new", Basis.SESSION),
        turn(7, "new", Basis.TRIAL, Outcome.ASK),
        turn(8, "new", Basis.TRIAL),
    )
    assert store.trials.shares(BEFORE) == {"new": 0.2}


def test_what_lies_before_the_latest_requests_is_forgotten(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "WINDOW", 4)
    store.trials.begin("new", NOW)
    log(store, *(turn(i, "new" if i < 3 else "old", Basis.TRIAL) for i in range(6)))
    assert store.trials.shares(BEFORE) == {"new": 0.25}
    # What is said within sessions pushes nothing out.
    log(store, *(turn(i, "quiz", Basis.SESSION) for i in range(6, 12)))
    assert store.trials.shares(BEFORE) == {"new": 0.25}


def test_trials_are_in_a_backup(store: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("backup")
    store.trials.begin("new", NOW)
    store.backup(folder / "backup.zip")
    with Store.open("sqlite:///other.db", folder) as other:
        other.restore(folder / "backup.zip")
        assert other.trials.all() == store.trials.all()


def test_the_latest_requests_are_counted_from_an_index_alone(tmp_path: Path) -> None:
    with Store.open("sqlite:///sayso.db", tmp_path):
        pass
    counting = str(trials._GIVEN).replace(":window", "1000")
    with closing(sqlite3.connect(tmp_path / "sayso.db")) as connection:
        plan = str(connection.execute(f"EXPLAIN QUERY PLAN {counting}").fetchall())
    assert "USING COVERING INDEX interactions_out_of_the_blue" in plan

"""The log as Parquet: every turn once, flat, with what clients told of it."""

from __future__ import annotations

import stat
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from sayso.errors import StoreError
from sayso.stores import exports, migrations
from sayso.stores.database import Database
from sayso.stores.store import Store
from sayso.types.context import Device
from sayso.types.lessons import LoggedTurn, Signal, SignalKind
from sayso.types.readings import (
    NO_REQUEST,
    Decision,
    Hypothesis,
    Outcome,
    Rewriting,
    SlotValue,
    Utterance,
)
from sayso.types.turns import Interaction
from tests.stores.nouns import NOW, a_context, a_turn, write_old
from tests.stores.strategies import nouns
from tests.stores.test_rows import _fit, logged

parquet = pytest.importorskip("pyarrow.parquet")
SLOTS = (SlotValue("when", "T", "at six", normalised="06:00"), SlotValue("a", "T", "é"))


def read(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parquet.read_table(folder).to_pylist()
    return rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "exported"


def told(kind: SignalKind, value: float) -> Signal:
    return Signal("ana", "kitchen", 1, kind, value, NOW)


def test_a_turn_is_a_row_with_what_was_told_of_it(store: Store, folder: Path) -> None:
    turn = a_turn()
    request = replace(turn.request, device=Device("k1", "speaker"))
    chosen = replace(turn.decision.chosen or Hypothesis("", ""), slots=SLOTS, side_effects=True)
    rewriting = Rewriting("r1", "wake me at sicks", "wake me at six", "applied")
    utterance = Utterance("Wake me at sicks", "wake me at six", (), rewriting)
    decision = replace(turn.decision, chosen=chosen)
    logged(store, replace(turn, request=request, decision=decision, utterance=utterance))
    store.signals.keep([told(SignalKind.BARGE_IN, 800.0), told(SignalKind.HELPFUL, 0.0)], NOW)
    assert store.export(folder) == exports.Exported(1, 1)
    (row,) = read(folder)
    assert LoggedTurn(**row) == LoggedTurn(
        id="ana/kitchen/1",
        at=NOW,
        user="ana",
        device="k1",
        device_type="speaker",
        conversation="kitchen",
        turn=1,
        locale="en-US",
        said="wake me at sicks",
        text="wake me at six",
        outcome="act",
        skill="alarms",
        intent="SetAlarm",
        slots='{"a": "é", "when": "06:00"}',
        confidence=0.9,
        basis="words",
        side_effects=True,
        speech="Alarm 1 is set.",
        failed=False,
        ended=True,
        rewrite="r1",
        arm="applied",
        barge_in_ms=800.0,
        played_s=None,
        helpful=False,
        undone=None,
    )


def asking() -> Interaction:
    options = (Hypothesis("clock", "Wake", SLOTS, confidence=0.5, side_effects=True),)
    return replace(a_turn(), decision=Decision(Outcome.ASK, options=options))


READ = {"skill": "clock", "intent": "Wake", "confidence": 0.5, "side_effects": True}
READ |= {"slots": '{"a": "é", "when": "06:00"}', "outcome": "ask", "device_type": "unknown"}


def test_where_sayso_asked_the_reading_is_the_first_that_was_offered(
    store: Store, folder: Path
) -> None:
    logged(store, asking())
    store.export(folder)
    (row,) = read(folder)
    assert READ.items() <= row.items()


def test_a_confidence_that_is_no_number_is_exported_as_it_is(store: Store, folder: Path) -> None:
    turn = asking()
    options = tuple(replace(one, confidence=float("-inf")) for one in turn.decision.options)
    logged(store, replace(turn, decision=replace(turn.decision, options=options)))
    store.export(folder)
    (row,) = read(folder)
    assert row["confidence"] == float("-inf")


def test_turns_that_an_older_sayso_logged_are_read_in_full(store_url: str, folder: Path) -> None:
    database = Database(store_url)
    with database.writing() as connection:
        migrations.apply(connection, migrations.MIGRATIONS[:1])
        write_old(connection, [asking()], a_context())
    database.close()
    with Store.open(store_url) as store:
        store.export(folder)
    (row,) = read(folder)
    assert READ.items() <= row.items()


def test_where_nothing_was_understood_there_is_no_reading(store: Store, folder: Path) -> None:
    logged(store, replace(a_turn(), decision=Decision(Outcome.ABSTAIN)))
    store.export(folder)
    (row,) = read(folder)
    nothing = {"skill": None, "intent": None, "slots": "{}", "confidence": None}
    assert (nothing | {"side_effects": False}).items() <= row.items()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of 3 rows, 2 of them to a group, 12 rows to a file."""
    for name, value in {"BATCH": 3, "GROUP": 2, "PART": 12}.items():
        monkeypatch.setattr(exports, name, value)


@pytest.mark.usefixtures("small")
def test_many_turns_come_in_the_order_of_time_in_files_of_bounded_size(
    store: Store, folder: Path
) -> None:
    for number in range(40):
        logged(store, a_turn(number, at=NOW + timedelta(seconds=(number * 7) % 40)))
    steps: list[tuple[int, int]] = []
    done = store.export(folder, None, lambda *step: steps.append(step))
    assert done == exports.Exported(40, 4)
    times = [row["at"] for row in read(folder)]
    assert times == sorted(times)
    assert steps[-1] == (40, 40)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_a_moment_cuts_off_what_was_before(store: Store, folder: Path) -> None:
    for number in range(4):
        logged(store, a_turn(number, at=NOW + timedelta(hours=number)))
    store.export(folder, NOW + timedelta(hours=2))
    assert [row["turn"] for row in read(folder)] == [2, 3]


def test_an_empty_log_is_a_file_without_rows(store: Store, folder: Path) -> None:
    assert store.export(folder) == exports.Exported(0, 1)
    table = parquet.read_table(folder)
    assert (table.num_rows, table.schema.names) == (0, [x.name for x in fields(LoggedTurn)])


def test_a_place_that_is_taken_is_left_alone(store: Store, folder: Path) -> None:
    folder.mkdir()
    (folder / "mine.txt").touch()
    with pytest.raises(StoreError, match="not empty; name a new folder"):
        store.export(folder)
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_nothing_is_there_until_all_of_it_is(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(exports, "sync", full)
    with pytest.raises(StoreError, match=r"exported: could not be written.*No space left"):
        store.export(folder)
    assert [path.name for path in folder.parent.iterdir() if path.is_dir()] == []


def test_what_a_killed_export_left_is_swept_away_by_the_next(store: Store, folder: Path) -> None:
    gone, alive = (folder.with_name(f".exported.{pid}") for pid in (2**22 + 1, 1))
    for draft in (gone, alive):
        draft.mkdir()
        (draft / "part-00000.parquet").touch()
    store.export(folder)
    assert (gone.exists(), alive.exists()) == (False, True)


def test_an_export_is_for_its_owner_alone(store: Store, folder: Path) -> None:
    store.export(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(interaction=nouns(Interaction))
def test_any_turn_can_be_exported(store: Store, tmp_path: Path, interaction: Interaction) -> None:
    assume(interaction.decision.basis not in NO_REQUEST)  # which are not exported
    number = store.count()
    logged(store, _fit(interaction, [None] * number))
    store.export(tmp_path / f"{number}")
    rows = read(tmp_path / f"{number}")
    assert len(rows) == number + 1
    for row in rows:
        LoggedTurn(**row)

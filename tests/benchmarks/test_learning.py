"""What the benchmarks of learning are made of: baselines over plain rows, and a log of any size."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from benchmarks.learning import Table, serve
from benchmarks.learning_frequency import learn as frequency
from benchmarks.learning_log import blow_up
from pyarrow import parquet

from sayso.evaluation.households.assistant import Assistant
from sayso.evaluation.households.simulate import simulate
from sayso.types.context import Asked, Awaiting, Context
from sayso.types.lessons import LoggedTurn
from sayso.types.readings import Utterance
from tests.evaluation.households.town import by_heart, small_town

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def rows() -> list[LoggedTurn]:
    return [row for some, _ in simulate(small_town(40), by_heart(), 2, 1) for row in some]


def said(one: LoggedTurn, person: int, texts: Sequence[str], apart_s: float) -> list[LoggedTurn]:
    return [
        replace(
            one,
            id=f"{person}/{at}",
            said=text,
            user=f"p{person}",
            conversation=f"p{person}",
            at=NOON + timedelta(seconds=at * apart_s),
        )
        for at, text in enumerate(texts)
    ]


def test_what_most_people_say_next_is_the_rewrite_one_vote_each(rows: list[LoggedTurn]) -> None:
    seven = [x for n in range(7) for x in said(rows[0], n, ("make it bubble", "kettle on"), 10)]
    insistent = said(rows[0], 99, ("make it bubble", "unlock the door") * 500, 10)
    assert frequency([*seven, *insistent], 0) == {"make it bubble": "kettle on"}


def test_what_is_said_much_later_is_no_rewrite(rows: list[LoggedTurn]) -> None:
    late = [x for n in range(7) for x in said(rows[0], n, ("make it bubble", "kettle on"), 90)]
    assert frequency(late, 0) == {}


def test_a_table_rewrites_what_it_holds_and_says_so() -> None:
    assistant = Assistant(by_heart())
    serve(assistant, {"make it bubble": "kettle on"})
    table = assistant.engine.rewrites
    assert isinstance(table, Table)
    assert assistant.engine.online is None
    context = Context("", NOON)
    done = table.apply(Utterance("Make it bubble!", "Make it bubble!"), context)
    assert done.text == "kettle on"
    assert done.rewriting is not None
    assert done.rewriting.arm == "applied"
    assert table.apply(Utterance("tea", "tea"), context).rewriting is None
    asked = Context("", NOON, awaiting=Awaiting(Asked.CONFIRM))
    assert table.apply(Utterance("make it bubble", "make it bubble"), asked).rewriting is None


def test_a_log_of_any_size_has_the_rows_and_about_the_texts(
    rows: list[LoggedTurn], tmp_path: Path
) -> None:
    goals = [row.id.rpartition(".")[0] for row in rows]
    found = blow_up(rows, goals, tmp_path / "log.parquet", 20_000, 2_000, seed=1)
    table = parquet.read_table(tmp_path / "log.parquet")
    assert table.num_rows == found["rows"] == 20_000
    assert len(set(table["said"].to_pylist())) == found["texts"]
    assert 1_500 <= found["texts"] <= 2_500
    assert len(set(table["id"].to_pylist())) == 20_000
    assert table.column_names == list(LoggedTurn.__dataclass_fields__)


def test_all_turns_of_a_pursuit_are_for_the_same_person(
    rows: list[LoggedTurn], tmp_path: Path
) -> None:
    goals = [row.id.rpartition(".")[0] for row in rows]
    blow_up(rows, goals, tmp_path / "log.parquet", 5_000, 2_000, seed=1)
    table = parquet.read_table(tmp_path / "log.parquet", columns=["id", "said"]).to_pylist()
    whom: dict[str, set[str]] = {}
    for row in table:
        turn, _, copy = row["id"].partition("~")
        goal = f"{turn.rpartition('.')[0]}~{copy}"
        found = re.search(r" for \w+ and \w+$", row["said"])
        whom.setdefault(goal, set()).add(found[0] if found else "")
    assert all(len(names) == 1 for names in whom.values())

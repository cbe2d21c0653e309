from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from sayso.errors import StoreError
from sayso.stores import rows, tables
from sayso.stores.database import Database
from sayso.stores.store import Lease, Store
from sayso.types.lessons import Arm
from sayso.types.readings import Decision, Hypothesis, Outcome, Rewriting, SlotValue, Utterance
from sayso.types.turns import Interaction
from tests.stores.nouns import a_context, a_turn
from tests.stores.strategies import nouns

quick = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def test_every_field_of_an_interaction_is_in_a_column_or_in_rest() -> None:
    row = rows.to_row(a_turn())
    assert set(row["rest"]) <= {each.name for each in dataclasses.fields(Interaction)}
    assert row["skill"] == "alarms"
    assert "hypotheses" not in row["rest"]["decision"]
    assert "decision" not in row["rest"]["reply"]


def logged(store: Store, interaction: Interaction) -> Interaction | None:
    """The interaction as it is read after it was written."""
    lease = store.begin(interaction.user, interaction.conversation)
    assert isinstance(lease, Lease)
    store.finish(lease, interaction, a_context())
    return store.interaction(interaction.id)


def _fit(interaction: Interaction, seen: list[Any]) -> Interaction:
    """With an id and a key of its own, as the runtime gives them."""
    seen.append(None)
    request = replace(interaction.request, idempotency_key=f"{len(seen)}")
    at = interaction.at.astimezone(UTC)
    return replace(interaction, id=f"{interaction.id}{len(seen)}", request=request, at=at)


@pytest.fixture
def seen() -> list[Any]:
    return []


@quick
@given(interaction=nouns(Interaction))
def test_an_interaction_comes_back_as_it_went(
    store: Store, seen: list[Any], interaction: Interaction
) -> None:
    interaction = _fit(interaction, seen)
    assert logged(store, interaction) == interaction


def test_one_decision_is_stored_once_and_comes_back_twice(store: Store) -> None:
    again = logged(store, a_turn())
    assert again == a_turn()
    assert again is not None
    assert again.reply.decision == again.decision


def columns(store_url: str) -> dict[str, Any]:
    """The one row of the log, as it lies there."""
    database = Database(store_url)
    with database.reading() as connection:
        row = dict(connection.execute(sa.select(tables.interactions)).mappings().one())
    database.close()
    return row


def test_a_rewriting_comes_back_and_stands_in_columns_of_its_own(
    store: Store, store_url: str
) -> None:
    rewriting = Rewriting("r7", "wake me at sicks", "wake me at six", Arm.HELD_OUT, "personal")
    utterance = Utterance("Wake me at sicks", "wake me at sicks", (), rewriting)
    turn = replace(a_turn(), utterance=utterance)
    assert logged(store, turn) == turn
    row = columns(store_url)
    assert (row["rewrite"], row["said"], row["arm"]) == ("r7", "wake me at sicks", "held_out")


def test_what_was_offered_stands_in_a_column_of_its_own(store: Store, store_url: str) -> None:
    slot = SlotValue("time", "AMAZON.TIME", "six", normalised="06:00")
    options = (Hypothesis("clock", "Wake", (slot,), confidence=0.5), Hypothesis("radio", "On"))
    turn = replace(a_turn(), decision=Decision(Outcome.ASK, options=options))
    logged(store, turn)
    row = columns(store_url)
    assert (row["skill"], row["side_effects"]) == (None, None)
    assert (row["offered"]["skill"], row["offered"]["intent"]) == ("clock", "Wake")
    assert row["offered"]["slots"][0]["normalised"] == "06:00"
    assert row["device_type"] == "unknown"


def test_a_moment_without_a_zone_is_refused_and_nothing_is_written(store: Store) -> None:
    with pytest.raises(StoreError, match="no time zone"):
        logged(store, replace(a_turn(), at=datetime(2026, 1, 1)))
    assert store.count() == 0


def test_a_damaged_row_is_named(store: Store) -> None:
    row = rows.to_row(a_turn())
    with pytest.raises(StoreError, match="damaged"):
        rows.from_row(row | {"rest": {}})
    with pytest.raises(StoreError, match="damaged"):
        rows.from_row(row | {"outcome": "dance"})


def test_interactions_are_found_by_user_conversation_and_time(store: Store) -> None:
    hour = timedelta(hours=1)
    turns = [
        a_turn(1),
        a_turn(2, at=a_turn().at + hour),
        a_turn(3, at=a_turn().at + 2 * hour, conversation="car"),
        a_turn(1, user="ben", at=a_turn().at + 3 * hour),
    ]
    for turn in reversed(turns):
        logged(store, turn)
    assert store.count() == 4
    assert store.interactions() == turns
    assert store.interactions(limit=1) == turns[:1]
    assert store.interactions("ana") == turns[:3]
    assert store.interactions("ana", "kitchen") == turns[:2]
    assert store.interactions(since=turns[1].at) == turns[1:]
    assert store.interaction("unknown") is None

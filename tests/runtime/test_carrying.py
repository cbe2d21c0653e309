"""A conversation goes on from what was said in it, and nobody else's does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sayso.dialogue.carrying.spoken import MOST
from sayso.runtime.engine import Engine
from sayso.runtime.explain import explain, said_before
from sayso.runtime.home import Home
from sayso.types.context import Context
from sayso.types.turns import Reply

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
HERE = Context(conversation="c", now=NOW)
BOIL = "please boil my egg for four minutes"


def on_the_shelf(home: Home, text: str, user: str = "ana", seconds: int = 0) -> Reply:
    """Said to the one device on the kitchen's shelf, which everybody uses."""
    now = NOW + timedelta(seconds=seconds)
    return home.turn(text, user=user, conversation="shelf", now=now)


def test_a_new_value_alone_is_the_last_request_with_it(home: Home) -> None:
    assert on_the_shelf(home, BOIL).speech == "Boiling for PT4M."
    reply = on_the_shelf(home, "and six minutes?", seconds=9)
    assert reply.speech == "Boiling for PT6M."
    assert reply.decision.reason == "goes on from what was done"


def test_what_one_did_the_other_does_not_go_on_from(home: Home) -> None:
    on_the_shelf(home, BOIL)
    assert on_the_shelf(home, "and six minutes?", "ben", 9).speech != "Boiling for PT6M."


def test_nothing_goes_on_after_a_long_silence(home: Home) -> None:
    on_the_shelf(home, BOIL)
    assert on_the_shelf(home, "and six minutes?", seconds=400).speech != "Boiling for PT6M."


def test_what_is_kept_of_a_conversation_stays_small(engine: Engine) -> None:
    before = said_before(engine, [BOIL, "tell me a story about stone hill"] * 20, HERE)
    assert 0 < len(before.spoken) <= MOST


def test_an_explanation_knows_what_was_said_before(engine: Engine) -> None:
    before = said_before(engine, ["tell me a story about stone hill"], HERE)
    assert [each.value.normalised for each in before.spoken] == ["Stone Hill"]
    explanation = explain(engine, "the history of that place", before)
    chosen = explanation.decision.chosen
    assert chosen is not None
    assert "town of guide.Story, 1 turn ago" in chosen.carried.get("town", "")


def test_out_of_the_blue_that_place_is_no_town(engine: Engine) -> None:
    chosen = explain(engine, "the history of that place", HERE).decision.chosen
    assert chosen is None or "town" not in {each.name for each in chosen.slots}

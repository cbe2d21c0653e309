"""Two requests in one sentence, in a home with back-ends and a log."""

from __future__ import annotations

from datetime import UTC, datetime

from sayso.runtime.home import Home
from sayso.types.turns import Interaction

NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
BOTH = "lock the front door and boil my egg for three minutes"


def logged(home: Home) -> list[Interaction]:
    return home.store.interactions(user="ana")


def test_both_are_done_in_order_and_each_has_its_turn_in_the_log(home: Home) -> None:
    reply = home.turn(BOTH, user="ana", now=NOW)
    assert reply.speech == "The door is locked. Boiling for PT3M."
    rows = logged(home)
    assert [row.turn for row in rows] == [1, 2]
    assert [row.utterance.text for row in rows] == [
        "lock the front door",
        "boil my egg for three minutes",
    ]
    assert {row.request.text for row in rows} == {BOTH}
    assert [row.decision.chosen and row.decision.chosen.skill for row in rows] == ["door", "eggs"]
    assert rows[0].reply.speech == "The door is locked."
    assert reply.turn == 2


def test_a_repeated_key_gets_the_reply_to_both_and_nothing_is_done_again(home: Home) -> None:
    first = home.turn(BOTH, user="ana", now=NOW, idempotency_key="k")
    again = home.turn(BOTH, user="ana", now=NOW, idempotency_key="k")
    assert again.speech == first.speech
    assert len(logged(home)) == 2


def test_the_second_waits_for_the_answer_that_the_first_needs(home: Home) -> None:
    asked = home.turn("boil my egg and lock the front door", user="ana", now=NOW)
    assert asked.speech == "For how long?"
    assert not asked.ended
    done = home.turn("three minutes", user="ana", now=NOW)
    assert done.speech == "Boiling for PT3M. The door is locked."
    assert home.turn("lock the entrance", user="ana", now=NOW).speech == "The door is locked."


def test_what_is_confirmed_is_confirmed_still_and_a_no_is_about_that_alone(home: Home) -> None:
    asked = home.turn(
        "unlock the front door and boil my egg for three minutes", user="ana", now=NOW
    )
    assert asked.speech == "Shall I really unlock the door?"
    assert home.turn("no", user="ana", now=NOW).speech == "Okay. Boiling for PT3M."


def test_stop_drops_what_waits(home: Home) -> None:
    home.turn("unlock the front door and boil my egg for three minutes", user="ana", now=NOW)
    assert home.turn("cancel", user="ana", now=NOW).speech == "Okay."
    context = home.store.context("ana", "ana@default")
    assert context is not None
    assert context.waiting == ()


def test_a_session_that_the_first_opens_goes_on_after_the_second(home: Home) -> None:
    told = home.turn(
        "tell me a story about stone hill and lock the front door", user="ana", now=NOW
    )
    assert told.speech.startswith("Long ago in")
    assert told.speech.endswith("Want more? The door is locked.")
    assert not told.ended
    assert home.turn("yes", user="ana", now=NOW).speech == "More of stone."


def test_what_is_repeated_is_the_reply_to_both(home: Home) -> None:
    both = "tell me a story about stone hill and lock the front door"
    told = home.turn(both, user="ana", now=NOW)
    again = home.turn("say that again", user="ana", now=NOW)
    assert again.speech == told.speech


def test_a_sentence_without_a_conjunction_is_one_request(home: Home) -> None:
    assert home.turn("lock the front door", user="ana", now=NOW).speech == "The door is locked."
    assert len(logged(home)) == 1


def test_each_is_explained_by_itself_as_it_will_be_done(home: Home) -> None:
    explanation = home.explain(BOTH)
    each = [explanation, *explanation.then]
    assert [one.text for one in each] == ["lock the front door", "boil my egg for three minutes"]
    home.turn(BOTH, user="ana", now=NOW)
    assert [one.decision.chosen.intent for one in each if one.decision.chosen is not None] == [
        row.decision.chosen.intent for row in logged(home) if row.decision.chosen is not None
    ]
    assert not home.explain("lock the front door").then

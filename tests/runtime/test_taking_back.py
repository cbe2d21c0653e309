"""What was done is put right: the undo, the back-end that is told, the reply that hides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sayso.encoders import Encoder
from sayso.evaluation.overheard import Called, overheard
from sayso.runtime.home import Home
from sayso.skills import read_skills
from sayso.training.train import train
from tests.runtime.homes import SETTINGS

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
STALL = """\
name: Market Stall
invocation: market stall
intents:
  Order:
    samples:
      - order {count} melons
      - i want {count} melons
      - put {count} melons aside for me
    undo: GiveBack
    slots: {count: AMAZON.NUMBER}
  GiveBack:
    samples:
      - give back {count} melons
      - i do not need the {count} melons any more
    slots: {count: AMAZON.NUMBER}
  Paint:
    samples:
      - paint {count} fences white
      - have {count} fences painted
      - white paint for {count} fences
    slots: {count: AMAZON.NUMBER}
  Polish:
    samples:
      - polish {count} brass lamps
      - rub {count} brass lamps until they shine
    slots: {count: AMAZON.NUMBER}
fulfilment:
  python: handler:handle
"""
HANDLER = """\
def handle(request):
    count = int(request.slot("count") or 0)
    if request.intent == "Order":
        if count > 50:
            raise ValueError("no such cart")
        return f"{count} ordered."
    if request.intent == "GiveBack":
        if count == 14:
            raise ValueError("the cart is gone")
        return "Which ones?" if count == 13 else f"{count} given back."
    if request.intent == "Paint":
        return f"{count} painted."
    corrected = request.corrects is not None
    was = request.corrects[0].normalised if corrected else "none"
    return {"speech": f"{count} polished, before {was}.", "corrected": corrected}
"""


@pytest.fixture(scope="module")
def stall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("stall")
    (folder / "skills" / "stall").mkdir(parents=True)
    (folder / "sayso.toml").write_text(SETTINGS)
    (folder / "skills" / "stall" / "skill.yaml").write_text(STALL)
    (folder / "skills" / "stall" / "handler.py").write_text(HANDLER)
    train(read_skills(folder / "skills"), folder / "bundle", encoder=Encoder.load())
    with Home.open(folder) as opened:
        yield opened


def talk(home: Home, user: str, *said: str) -> tuple[str, list[Called]]:
    """What was said to the last of the sentences, and the calls that it made."""
    for text in said[:-1]:
        home.turn(text, user=user, now=NOW)
    with overheard(home) as calls:
        reply = home.turn(said[-1], user=user, now=NOW)
    return reply.speech, list(calls)


def named(calls: list[Called]) -> list[str]:
    return [f"{x.reading.intent} {x.reading.slots[0].normalised}" for x in calls]


def test_what_was_wrong_is_taken_back_and_both_are_told(stall: Home) -> None:
    speech, calls = talk(stall, "ana", "order six melons", "no, seven")
    assert named(calls) == ["GiveBack 6", "Order 7"]
    assert speech == "6 given back. 7 ordered."


def test_the_next_correction_takes_back_the_latest(stall: Home) -> None:
    _, calls = talk(stall, "ben", "order six melons", "no, seven", "sorry, eight")
    assert named(calls) == ["GiveBack 7", "Order 8"]


def test_a_whole_request_after_a_no_is_a_correction_too(stall: Home) -> None:
    _, calls = talk(stall, "cleo", "order six melons", "no, i want nine melons")
    assert named(calls) == ["GiveBack 6", "Order 9"]


def test_the_same_request_again_is_none(stall: Home) -> None:
    _, calls = talk(stall, "dora", "order six melons", "order seven melons")
    assert named(calls) == ["Order 7"]


def test_cancel_that_takes_back_what_was_done(stall: Home) -> None:
    _, calls = talk(stall, "emil", "order six melons", "cancel that")
    assert named(calls) == ["GiveBack 6"]


def test_where_what_is_right_fails_the_person_hears_that_the_other_is_gone(stall: Home) -> None:
    speech, calls = talk(stall, "fay", "order six melons", "no, sixty")
    assert named(calls) == ["GiveBack 6", "Order 60"]
    assert speech.startswith("6 given back. Sorry")
    kept = stall.store.context("fay", "fay@default")
    assert kept is not None
    assert kept.done is None


def test_nobody_is_made_to_believe_that_the_first_is_undone(stall: Home) -> None:
    speech, calls = talk(stall, "gus", "paint six fences white", "no, seven")
    assert named(calls) == ["Paint 7"]
    assert speech == "7 painted. What was done first is not taken back."


def test_a_back_end_that_is_told_may_undo_it_itself(stall: Home) -> None:
    speech, calls = talk(stall, "hal", "polish six brass lamps", "no, seven")
    assert named(calls) == ["Polish 7"]
    assert speech == "7 polished, before 6."


def test_what_nobody_can_undo_is_admitted(stall: Home) -> None:
    speech, calls = talk(stall, "ida", "paint six fences white", "undo that")
    assert speech == "I can't take that back."
    assert not calls


LAMBDA = """\
def lambda_handler(event, context):
    request, session = event["request"], event["session"]
    if request["type"] != "IntentRequest":
        return {"version": "1.0", "response": {}}
    intent = request["intent"]
    count = intent["slots"]["count"]["value"]
    turns = session["attributes"].get("turns", 0) + 1
    said = f"{intent['name']} {count}, {'new' if session['new'] else 'old'} session, turn {turns}."
    speech = {"type": "PlainText", "text": said}
    response = {"outputSpeech": speech, "shouldEndSession": intent["name"] != "GiveBack" or ENDS}
    return {"version": "1.0", "sessionAttributes": {"turns": turns}, "response": response}
"""


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ("True", "GiveBack 6, new session, turn 1. Order 7, new session, turn 1."),
        ("False", "GiveBack 6, new session, turn 1. Order 7, old session, turn 2."),
    ],
)
def test_an_alexa_back_end_sees_two_plain_requests(
    tmp_path: Path, encoder: Encoder, ends: str, told: str
) -> None:
    folder = tmp_path / "skills" / "stall"
    folder.mkdir(parents=True)
    (tmp_path / "sayso.toml").write_text(SETTINGS)
    (folder / "skill.yaml").write_text(
        STALL.replace("python: handler:handle", "alexa: code:lambda_handler")
    )
    (folder / "code.py").write_text(f"ENDS = {ends}\n{LAMBDA}")
    train(read_skills(tmp_path / "skills"), tmp_path / "bundle", encoder=encoder)
    with Home.open(tmp_path) as home:
        speech, calls = talk(home, "ana", "order six melons", "no, seven")
    assert named(calls) == ["GiveBack 6", "Order 7"]
    assert speech == told


def test_an_undo_that_fails_is_told_and_stands_in_the_trace(stall: Home) -> None:
    stall.turn("order fourteen melons", user="kai", now=NOW)
    reply = stall.turn("no, seven", user="kai", now=NOW)
    assert reply.speech == "7 ordered. What was done first is not taken back."
    assert reply.trace.failure is None
    (note,) = reply.trace.notes
    assert note.startswith("not taken back: ")

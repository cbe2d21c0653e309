"""Alexa's response JSON -> Answer."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import FulfilmentError
from sayso.fulfilment.alexa_response import read_answer, read_opinion
from sayso.types.calls import Answer, Call, Card, Opinion
from sayso.types.readings import Candidate, SlotValue
from tests.fulfilment.skills import ENDED, LAUNCH, asking, city, context, skill

BERLIN = city("the capital", Candidate("Berlin", "city-1"), normalised="Berlin")


def read(response: Any, call: Call = LAUNCH, **more: Any) -> Answer:
    """An answer whose `response` is given."""
    return read_answer({"version": "1.0", "response": response, **more}, skill(), call, context())


def speech(text: str) -> dict[str, str]:
    return {"type": "PlainText", "text": text}


def test_plain_text_is_said() -> None:
    assert read({"outputSpeech": speech("Hi."), "shouldEndSession": True}) == Answer("Hi.")


def test_markup_is_kept_beside_the_words() -> None:
    answer = read({"outputSpeech": {"type": "SSML", "ssml": "<speak>Hi <b>you</b>.</speak>"}})
    assert (answer.speech, answer.ssml) == ("Hi you.", "<speak>Hi <b>you</b>.</speak>")


def test_session_attributes_come_along() -> None:
    answer = read({"shouldEndSession": False}, sessionAttributes={"n": [1, None]})
    assert (answer.attributes, answer.ended) == ({"n": [1, None]}, False)


@pytest.mark.parametrize(
    ("response", "ended"),
    [
        ({}, True),
        ({"shouldEndSession": None}, True),
        ({"shouldEndSession": False}, False),
        ({"reprompt": {"outputSpeech": speech("Well?")}}, False),
        ({"reprompt": {"outputSpeech": speech("Well?")}, "shouldEndSession": True}, True),
        ({"directives": [{"type": "Dialog.Delegate"}]}, False),
        ({"directives": [{"type": "AudioPlayer.Stop"}]}, True),
    ],
)
def test_whether_the_session_goes_on_follows_the_protocol(
    response: dict[str, Any], ended: bool
) -> None:
    assert read(response).ended is ended


@pytest.mark.parametrize(
    ("card", "read_as"),
    [
        ({"type": "Simple", "title": "T", "content": "C"}, Card("T", "C")),
        (
            {"type": "Standard", "title": "T", "text": "X", "image": {"smallImageUrl": "s"}},
            Card("T", "X", "s"),
        ),
        (
            {"type": "LinkAccount"},
            Card(
                "Weather Wise",
                "Weather Wise wants an account of yours, which cannot be linked here.",
                kind="link_account",
            ),
        ),
        (
            {"type": "AskForPermissionsConsent", "permissions": ["x"]},
            Card(
                "Weather Wise",
                "Weather Wise asks to know more of you than is told to skills here.",
                kind="permissions",
            ),
        ),
        (None, None),
    ],
)
def test_cards_are_shown(card: dict[str, Any] | None, read_as: Card | None) -> None:
    assert read({"card": card}).card == read_as


def test_a_card_that_nobody_knows_is_told() -> None:
    with pytest.raises(FulfilmentError, match="a card of type Postcard; write Simple, Standard"):
        read({"card": {"type": "Postcard"}})


def test_dialogue_directives_ask_confirm_and_delegate() -> None:
    def directed(**directive: Any) -> Answer:
        other = {"type": "Alexa.Presentation.APL.RenderDocument", "document": {"x": 1}}
        return read({"directives": [other, directive]}, asking())

    assert directed(type="Dialog.ElicitSlot", slotToElicit="day").ask_slot == "day"
    assert directed(type="Dialog.ConfirmIntent").confirm
    assert directed(type="Dialog.ConfirmSlot", slotToConfirm="day").confirm
    assert directed(type="Dialog.Delegate").delegate


def test_an_updated_intent_keeps_the_slots_that_were_not_changed() -> None:
    directive = {
        "type": "Dialog.Delegate",
        "updatedIntent": {
            "name": "Forecast",
            "confirmationStatus": "NONE",
            "slots": {
                "city": {"name": "city", "value": "the capital"},
                "day": {"name": "day", "value": "2026-03-15"},
                "items": {"name": "items"},
            },
        },
    }
    updated = read({"directives": [directive]}, asking(BERLIN)).updated
    assert updated is not None
    assert (updated.skill, updated.intent) == ("weather", "Forecast")
    assert updated.slots == (
        BERLIN,
        SlotValue("day", "AMAZON.DATE", "2026-03-15", normalised="2026-03-15"),
    )


def test_a_slot_with_several_values_survives_an_update() -> None:
    both = (city("rome"), city("oslo"))
    updated = {"name": "Forecast", "slots": {"city": {"slotValue": {"type": "List"}}}}
    directive = {"type": "Dialog.Delegate", "updatedIntent": updated}
    answer = read({"directives": [directive]}, asking(*both))
    assert answer.updated is not None
    assert answer.updated.slots == both


def test_what_the_skill_calls_confirmed_needs_no_yes() -> None:
    slots = {
        "city": {"value": "the capital", "confirmationStatus": "CONFIRMED"},
        "day": {"value": "today", "confirmationStatus": "NONE"},
        "items": {"confirmationStatus": "CONFIRMED"},
    }
    directive = {"type": "Dialog.Delegate", "updatedIntent": {"name": "Forecast", "slots": slots}}
    assert read({"directives": [directive]}, asking(BERLIN)).agreed == ("city",)


@pytest.mark.parametrize(
    ("directives", "complaint"),
    [
        ([{"type": "Dialog.ElictSlot"}], "Dialog.ElictSlot is no directive known here"),
        ([{"type": "Dialog.DelegateRequest"}], "is no directive known here"),
        ([{"type": "Dialog.ElicitSlot"}], "has no slotToElicit"),
        ([{"type": "Dialog.ConfirmSlot"}], "has no slotToConfirm"),
        ([{"type": "Dialog.ElicitSlot", "slotToElicit": 3}], "directives.0.slotToElicit"),
        (
            [{"type": "Dialog.Delegate"}, {"type": "Dialog.ConfirmIntent"}],
            "Dialog.Delegate and Dialog.ConfirmIntent at once",
        ),
        ([{"type": "Dialog.UpdateDynamicEntities"}], "updateBehavior"),
        (
            [{"type": "Dialog.UpdateDynamicEntities", "updateBehavior": "ADD"}],
            "'REPLACE' or 'CLEAR'",
        ),
        (
            [{"type": "Dialog.Delegate", "updatedIntent": {"name": "Forcast"}}],
            'updatedIntent is "Forcast", no intent of weather in en-US',
        ),
        (
            [
                {
                    "type": "Dialog.Delegate",
                    "updatedIntent": {"name": "Forecast", "slots": {"town": {"value": "x"}}},
                }
            ],
            'updatedIntent.slots has "town", no slot of Forecast',
        ),
    ],
)
def test_a_malformed_directive_is_told_with_what_is_wrong(
    directives: list[dict[str, Any]], complaint: str
) -> None:
    with pytest.raises(FulfilmentError, match=complaint.replace(".", r"\.")):
        read({"directives": directives}, asking(BERLIN))


@pytest.mark.parametrize("said", ["YES", "NO", "MAYBE"])
def test_an_opinion_is_read(said: str) -> None:
    data = {"response": {"canFulfillIntent": {"canFulfill": said, "slots": {"x": {}}}}}
    assert read_opinion(data) is Opinion(said.lower())


@pytest.mark.parametrize(
    "data", [None, [], {}, {"response": {}}, {"response": {"canFulfillIntent": {}}}]
)
def test_anything_else_is_no_opinion(data: Any) -> None:
    with pytest.raises(FulfilmentError, match="not an Alexa response"):
        read_opinion(data)


@pytest.mark.parametrize("nothing", [None, {}, {"response": {}}, {"version": "1.0"}])
def test_the_end_of_a_session_needs_no_answer(nothing: Any) -> None:
    assert read_answer(nothing, skill(), ENDED, context()).speech == ""


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (None, "it: Input should be"),
        ([], "it: Input should be"),
        ({}, 'no "response" in it'),
        ({"response": {"outputSpeech": {"type": "Song"}}}, "response.outputSpeech.type"),
        ({"response": {"outputSpeech": {"type": "SSML"}}}, "outputSpeech of type SSML has no ssml"),
        ({"response": {"outputSpeech": {"type": "PlainText"}}}, "type PlainText has no text"),
        ({"response": {"shouldEndSession": "no"}}, "response.shouldEndSession"),
        ({"response": {"outputSpeech": speech("x" * 8001)}}, "at most 8000 characters"),
        ({"response": {"directives": [{"type": "Dialog.ElicitSlot"}]}}, "has no slotToElicit"),
        ({"response": {"directives": [{"type": "x"}] * 51}}, "at most 50 items"),
        ({"response": {}, "sessionAttributes": 5}, "sessionAttributes"),
    ],
)
def test_nonsense_is_told_with_its_key(data: Any, complaint: str) -> None:
    with pytest.raises(FulfilmentError, match=complaint.replace(".", r"\.")):
        read_answer(data, skill(), LAUNCH, context())


KEYS = st.sampled_from(
    (
        *("response", "outputSpeech", "type", "text", "ssml", "reprompt", "card", "directives"),
        *("shouldEndSession", "sessionAttributes", "updatedIntent", "name", "slots", "image"),
    )
)
WORDS = st.text(max_size=8) | st.sampled_from(
    ["PlainText", "SSML", "Dialog.ElicitSlot", "Dialog.Delegate", "Simple", "<speak>x", "Forecast"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | WORDS, inner, max_size=5),
    max_leaves=25,
)


@given(JSON, st.sampled_from([LAUNCH, ENDED, asking(BERLIN)]))
def test_any_json_is_an_answer_or_refused(data: Any, call: Call) -> None:
    for shaped in (data, {"response": data}, {"response": {"outputSpeech": data}}):
        with suppress(FulfilmentError):
            assert isinstance(read_answer(shaped, skill(), call, context()), Answer)

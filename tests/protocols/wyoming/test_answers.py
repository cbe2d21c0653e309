"""What Home Assistant hears: each test speaks through the library's own client."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from wyoming.asr import Transcript
from wyoming.audio import AudioChunk
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.event import Event
from wyoming.handle import Handled, NotHandled
from wyoming.info import Describe, Info
from wyoming.intent import Intent, IntentsStart, IntentsStop, NotRecognized, Recognize
from wyoming.ping import Ping, Pong

from sayso import __version__
from sayso.protocols.wyoming.answers import named
from sayso.runtime.home import Home
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import Intent as OurIntent
from sayso.types.skills import Language, Skill, Slot
from tests.protocols.wyoming.conftest import ask, served


def exchange(home: Home, *said: Any) -> list[Event]:
    """The answers to these messages, on one connection."""

    async def talk() -> list[Event]:
        async with served(home) as uri, AsyncClient.from_uri(uri) as client:
            return [await ask(client, each) for each in said]

    return asyncio.run(talk())


def test_describe_names_both_services_and_what_is_spoken(home: Home) -> None:
    (event,) = exchange(home, Describe())
    info = Info.from_event(event)
    for (program,) in (info.handle, info.intent):
        assert (program.name, program.installed, program.version) == ("sayso", True, __version__)
        (model,) = program.models
        assert (model.languages, model.version) == (["en-US"], home.engine.version)
    assert not info.handle[0].supports_handled_streaming


def test_transcript_is_a_turn_and_a_question_is_answered_in_the_same_conversation(
    home: Home,
) -> None:
    here = {"conversation_id": "01HS6", "satellite_id": "assist.kitchen"}
    asked, done = exchange(
        home,
        Transcript("dim the desk lamp", context=here, language="en"),
        Transcript("forty", context=here, language="en"),
    )
    question = Handled.from_event(asked)
    assert question.text == "To how many percent?"
    assert question.context == {**here, "continue_conversation": True}
    answer = Handled.from_event(done)
    assert answer.text == "The desk lamp is at forty percent."
    assert answer.context == {**here, "continue_conversation": False}
    turns = list(home.store.interactions())
    assert {turn.request.device.id for turn in turns} == {"assist.kitchen"}
    assert {turn.user for turn in turns} == {"ana"}


def test_intent_that_is_left_to_the_client_comes_back_once_it_is_complete(home: Home) -> None:
    here = {"conversation_id": "c1"}
    asked, left, spoken = exchange(
        home,
        Transcript("close the shutters", context=here),
        Transcript("the sleeping room", context=here),
        Transcript("let the sun in", context=here),
    )
    assert Handled.from_event(asked).text == "In which room?"
    intent = Intent.from_event(left)
    assert (intent.name, intent.text) == ("shutters.Close", None)
    assert [(x.name, x.value) for x in intent.entities] == [("room", "bedroom")]
    assert intent.context == {**here, "continue_conversation": False}
    assert Intent.from_event(spoken).text == "Here comes the sun."
    assert [turn.reply.trace.failure for turn in home.store.interactions()] == [None] * 3


def test_two_requests_that_are_left_to_the_client_are_a_list(home: Home) -> None:
    async def talk() -> list[Event]:
        async with served(home) as uri, AsyncClient.from_uri(uri) as client:
            text = "close the shutters in the study and let the sun in"
            events = [await ask(client, Transcript(text))]
            while not IntentsStop.is_type(events[-1].type):
                event = await client.read_event()
                assert event is not None
                events.append(event)
            return events

    begin, *intents, end = asyncio.run(talk())
    assert IntentsStart.is_type(begin.type)
    assert IntentsStop.is_type(end.type)
    told = [
        (x.name, {e.name: e.value for e in x.entities}, x.text)
        for x in map(Intent.from_event, intents)
    ]
    assert told == [
        ("shutters.Close", {"room": "study"}, None),
        ("shutters.Open", {}, "Here comes the sun."),
    ]


def test_another_conversation_does_not_answer_the_question(home: Home) -> None:
    _, other = exchange(
        home,
        Transcript("dim the desk lamp", context={"conversation_id": "a"}),
        Transcript("forty", context={"conversation_id": "b"}),
    )
    assert "desk lamp is at" not in (other.data.get("text") or "")


def test_what_nobody_means_is_not_handled_and_says_so(home: Home) -> None:
    (event,) = exchange(home, Transcript("flurb the wug"))
    assert NotHandled.is_type(event.type)
    assert "Sorry" in (NotHandled.from_event(event).text or "")


def test_skill_that_fails_is_not_handled(home: Home) -> None:
    (home.folder / "skills/tea/handler.py").write_text("def handle(request): raise ValueError\n")
    (event,) = exchange(home, Transcript("brew some tea"))
    assert NotHandled.is_type(event.type)


def test_recognize_reads_and_does_nothing(home: Home) -> None:
    known, unknown = exchange(
        home, Recognize("dim the big lamp to forty", {"language": "en"}), Recognize("flurb the wug")
    )
    intent = Intent.from_event(known)
    assert intent.name == "lamps.Dim"
    assert {x.name: x.value for x in intent.entities} == {"lamp": "ceiling lamp", "percent": "40"}
    assert intent.context == {"language": "en"}
    assert NotRecognized.is_type(unknown.type)
    assert list(home.store.interactions()) == []


def test_ping_is_answered_and_audio_is_passed_over(home: Home) -> None:
    async def talk() -> Event:
        async with served(home) as uri, AsyncClient.from_uri(uri) as client:
            audio = AudioChunk(rate=16_000, width=2, channels=1, audio=b"\0" * 100_000)
            return await ask(client, audio, Event("no-such-thing"), Ping("still there?"))

    assert Pong.from_event(asyncio.run(talk())).text == "still there?"


@pytest.mark.parametrize(
    ("kind", "data", "complaint"),
    [
        ("transcript", {}, "text: has to be a text"),
        ("transcript", {"text": 5}, "text: has to be a text"),
        ("transcript", {"text": "  "}, "text: holds no words"),
        ("transcript", {"text": "x" * 3000}, "text: is 3000 characters long"),
        ("transcript", {"text": "hi", "language": "xx"}, 'locale: "xx" is not spoken here'),
        ("transcript", {"text": "hi", "language": ["en"]}, "language: has to be a text"),
        ("transcript", {"text": "hi", "context": "c"}, "context: has to be a JSON object"),
        ("transcript", {"text": "hi", "context": {"conversation_id": 7}}, "conversation_id: has"),
        ("transcript", {"text": "hi", "context": {"device_id": "a\nb"}}, "device.id: must be 1 to"),
        ("recognize", {"text": None}, "text: has to be a text"),
        ("ping", {"text": {}}, "text: has to be a text"),
    ],
)
def test_wrong_field_is_named_and_the_next_message_is_answered(
    home: Home, kind: str, data: dict[str, Any], complaint: str
) -> None:
    wrong, then = exchange(home, Event(kind, data), Ping("x"))
    assert Error.from_event(wrong).code == "request"
    assert Error.from_event(wrong).text.startswith(complaint)
    assert Pong.is_type(then.type)


def test_intents_of_home_assistant_keep_their_names_and_fixed_slots() -> None:
    note = {"$": {"hassil": {"intent": "HassTurnOn", "slots": {"domain": "light"}}}}
    slots = (Slot("area_lights", "AREA", extra={"$": {"hassil": "area"}}),)
    intent = OurIntent("HassTurnOn_light", ("lights on in {area_lights}",), slots, extra=note)
    skill = Skill("house", "House", languages=(Language("en-US", "house", intents=(intent,)),))
    heard = SlotValue("area_lights", "AREA", "the hall", normalised="Hall")
    name, entities = named(Hypothesis("house", "HassTurnOn_light", (heard,)), {"house": skill})
    assert name == "HassTurnOn"
    assert {x.name: x.value for x in entities} == {"domain": "light", "area": "Hall"}

"""Queries, over a real broker: what is understood, and what is wrong with a message."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sayso.errors import StoreError
from sayso.protocols.hermes.broker import Address
from sayso.runtime.home import Home
from tests.protocols.hermes.conftest import Satellite, at_home

QUERY, START = "hermes/nlu/query", "hermes/dialogueManager/startSession"
ERRORS = {True: "hermes/error/nlu", False: "hermes/error/dialogueManager"}


def test_query_is_answered_with_all_that_it_came_with(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            about = {"id": "q1", "sessionId": "s1", "customData": "mine"}
            await there.publish(QUERY, input="dim the desk lamp to forty", **about)
            told = await there.expect("hermes/nlu/intentParsed")
            assert {key: told[key] for key in about} == about
            assert told["intent"]["intentName"] == "lamps.Dim"
            values = {slot["slotName"]: slot["value"] for slot in told["slots"]}
            assert values["percent"] == {"kind": "Number", "value": 40.0}
            await there.publish(QUERY, input="flurb the wug", **about)
            unknown = await there.expect("hermes/nlu/intentNotRecognized")
            assert unknown == {"input": "flurb the wug", "siteId": "kitchen", **about}
            # Only asked, not said: nothing is done, and no handler is told.
            assert list(home.store.interactions()) == []
            assert not any(topic.startswith("hermes/intent/") for topic, _ in there.heard)

    asyncio.run(play())


def test_filter_leaves_only_what_it_names(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.publish(QUERY, input="make me tea", intentFilter=["lamps.Dim"])
            await there.expect("hermes/nlu/intentNotRecognized")
            names = ["lamps.Dim", "tea.Brew"]
            await there.publish(QUERY, input="make me tea", intentFilter=names)
            told = await there.expect("hermes/nlu/intentParsed")
            assert told["intent"]["intentName"] == "tea.Brew"

    asyncio.run(play())


def test_beside_another_manager_handlers_are_told_and_no_session_is_begun(
    home: Home, broker: Address
) -> None:
    async def play() -> None:
        async with at_home(home, broker, nlu_only=True) as there:
            await there.wakes()
            await there.publish("hermes/asr/textCaptured", text="make me tea")
            await there.publish(QUERY, input="make me tea", sessionId="s1")
            told = await there.expect("hermes/intent/tea.Brew")
            assert told["sessionId"] == "s1"
            assert not any("sessionStarted" in topic for topic, _ in there.heard)

    asyncio.run(play())


def test_beside_another_manager_announcements_are_sessions_to_be_started(
    home: Home, broker: Address
) -> None:
    async def play() -> None:
        async with at_home(home, broker, nlu_only=True) as there:
            await asyncio.sleep(1)
            home.turn("brew some tea", user="ana", device=home_device("kitchen"))
            told = await there.expect(START)
            assert told["init"] == {"type": "notification", "text": "Tea is ready."}

    asyncio.run(play())


def home_device(site: str) -> Any:
    from sayso.types.context import Device

    return Device(site)


async def still_there(there: Satellite) -> None:
    await there.publish(QUERY, input="make me tea", id="still")
    assert (await there.expect("hermes/nlu/intentParsed"))["id"] == "still"


@pytest.mark.parametrize(
    ("topic", "payload", "complaint"),
    [
        (QUERY, b"", "input: has to be a text"),
        (QUERY, b"\xff\xfe", "is not JSON"),
        (QUERY, b'{"input": "x"', "is not JSON"),
        (QUERY, b"[" * 10_000, "is not JSON"),
        (QUERY, b'"x"', "has to be a JSON object"),
        (QUERY, b'{"input": 5}', "input: has to be a text"),
        (QUERY, b'{"input": " "}', "text: holds no words"),
        (QUERY, b'{"input": "x", "siteId": 7}', "siteId: has to be a text"),
        (QUERY, b'{"input": "x", "siteId": "a\\nb"}', "siteId: must be 1 to"),
        (QUERY, b'{"input": "x", "intentFilter": "y"}', "intentFilter: has to be a list"),
        (QUERY, b'{"input": "x", "intentFilter": [1]}', "intentFilter: has to be a list"),
        (QUERY, b'{"input": "x", "lang": "xx"}', 'locale: "xx" is not spoken'),
        (QUERY, b'{"input": "' + b"x" * 3000 + b'"}', "text: is 3000 characters long"),
        (QUERY, b'{"input": "x", "customData": NaN}', "is not JSON"),
        (QUERY, b'{"input": "\\ud800"}', "is not JSON"),
        (QUERY, b'{"a": "' + b"x" * 66_000 + b'"}', "at most 65536 are read"),
        (START, b"{}", "init: has to be a JSON object"),
        (START, b'{"init": {"type": "party"}}', "init.type: has to be"),
        (START, b'{"init": {"type": "notification"}}', "text: has to be a text"),
        (START, b'{"init": {"canBeEnqueued": "yes"}}', "canBeEnqueued: has to be true"),
        ("hermes/dialogueManager/endSession", b"{}", "sessionId: has to be a text"),
        ("hermes/asr/textCaptured", b'{"text": null}', "text: has to be a text"),
        ("hermes/asr/textCaptured", b'{"text": "x", "likelihood": "1"}', "likelihood: has to be"),
    ],
)
def test_what_is_wrong_with_a_message_is_said_and_the_next_is_answered(
    home: Home, broker: Address, topic: str, payload: bytes, complaint: str
) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.publish(topic, payload)
            told = await there.expect(ERRORS[topic == QUERY])
            assert told["error"].startswith(complaint) or complaint in told["error"]
            assert told["context"] == topic
            await still_there(there)

    asyncio.run(play())


def test_message_that_is_far_too_large_never_arrives(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.publish(QUERY, b'{"a": "' + b"x" * 5_000_000 + b'"}')
            await still_there(there)
            assert not any("error" in topic for topic, _ in there.heard)

    asyncio.run(play())


def test_fault_of_ours_is_an_error_without_its_details(
    home: Home,
    broker: Address,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise StoreError("/secret/place is locked")

    monkeypatch.setattr(home, "decide", fail)
    monkeypatch.setattr(home, "take", fail)

    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.publish(QUERY, input="make me tea", id="q7")
            told = await there.expect("hermes/error/nlu")
            assert (told["id"], "secret" in str(told)) == ("q7", False)
            await there.wakes()
            await there.says("make me tea")
            assert "secret" not in str(await there.expect("hermes/error/dialogueManager"))
            assert await there.ended() == "error"

    asyncio.run(play())
    assert "/secret/place" in caplog.text

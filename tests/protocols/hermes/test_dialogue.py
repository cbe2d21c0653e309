"""Sayso as the manager of a dialogue, over a real broker."""

from __future__ import annotations

import asyncio
from typing import Any

from sayso.protocols.hermes.broker import Address
from sayso.protocols.hermes.session import Times
from sayso.runtime.home import Home
from sayso.types.readings import Alternative
from tests.protocols.hermes.conftest import at_home, satellite

DIALOGUE = "hermes/dialogueManager"
ACTION = {"type": "action", "canBeEnqueued": False}


def test_wake_word_question_answer_and_end(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.wakes()
            begun = await there.expect(f"{DIALOGUE}/sessionStarted")
            await there.says("dim the big lamp")
            await there.expect("hermes/asr/stopListening")
            told = await there.expect("hermes/intent/lamps.Dim")
            assert told["sessionId"] == begun["sessionId"]
            assert told["input"] == "dim the big lamp"
            assert told["intent"]["confidenceScore"] > 0.5
            (lamp,) = told["slots"]
            assert lamp.pop("confidence") > 0.5
            assert lamp == {
                "entity": "LAMP",
                "slotName": "lamp",
                "rawValue": "big lamp",
                "value": {"kind": "Custom", "value": "ceiling lamp"},
                "range": {"start": 8, "end": 16},
            }
            assert await there.hears() == "To how many percent?"
            await there.says("forty")
            assert await there.hears() == "The ceiling lamp is at forty percent."
            assert await there.ended() == "nominal"
            turns = list(home.store.interactions())
            assert [(x.user, x.request.device.id) for x in turns] == [("ana", "kitchen")] * 2
            assert turns[0].request.alternatives == (Alternative("dim the big lamp", 1.0),)

    asyncio.run(play())


def test_microphone_is_open_only_while_nobody_speaks(home: Home, broker: Address) -> None:
    async def play() -> list[str]:
        async with at_home(home, broker, silent=True) as there:
            await there.publish(f"{DIALOGUE}/startSession", init={**ACTION, "text": "Yes?"})
            said = await there.expect("hermes/tts/say")
            # It is not listened to before the voice is done, and others' voices do not count.
            await there.publish("hermes/tts/sayFinished", id="another")
            await asyncio.sleep(0.3)
            assert not any(topic == "hermes/asr/startListening" for topic, _ in there.heard)
            await there.publish(
                "hermes/tts/sayFinished", id=said["id"], sessionId=said["sessionId"]
            )
            await there.says("brew some tea")
            await there.expect("hermes/hotword/toggleOn")
            await there.hears()
            return [topic for topic, _ in there.heard]

    assert "hermes/asr/startListening" not in asyncio.run(play())


def test_voice_that_never_says_that_it_is_done_is_not_waited_for_long(
    home: Home, broker: Address
) -> None:
    async def play() -> str:
        times = Times(say_s=0.05, say_each_s=0)
        async with at_home(home, broker, silent=True, times=times) as there:
            await there.wakes()
            await there.says("brew some tea")
            return await there.ended()

    assert asyncio.run(play()) == "nominal"


def test_silence_is_asked_again_and_then_ends(home: Home, broker: Address) -> None:
    async def play() -> tuple[list[str], str]:
        async with at_home(home, broker, times=Times(listen_s=0.3)) as there:
            await there.wakes()
            await there.says("dim the desk lamp")
            first = await there.hears()
            await there.says("  ")  # the recogniser heard nothing; then nobody says anything at all
            return [first, await there.hears()], await there.ended()

    (first, again), reason = asyncio.run(play())
    assert first == "To how many percent?"
    assert "percent" in again
    assert reason == "timeout"


def test_words_without_a_session_begin_one(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.publish("hermes/asr/textCaptured", text="brew some tea", sessionId="")
            assert await there.hears() == "The kettle is on."
            assert await there.ended() == "nominal"

    asyncio.run(play())


def test_words_for_a_session_that_is_over_do_nothing(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.publish("hermes/asr/textCaptured", text="brew some tea", sessionId="gone")
            await there.publish(f"{DIALOGUE}/endSession", sessionId="gone", text="Bye.")
            await there.publish(f"{DIALOGUE}/continueSession", sessionId="gone", text="And?")
            await there.publish("hermes/nlu/query", input="brew some tea", id="after")
            await there.expect("hermes/nlu/intentParsed")
            assert list(home.store.interactions()) == []

    asyncio.run(play())


def test_words_heard_twice_are_done_once(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.wakes()
            session = (await there.expect("hermes/asr/startListening"))["sessionId"]
            for _ in range(3):  # as QoS 1 may deliver it
                await there.publish(
                    "hermes/asr/textCaptured", text="brew some tea", sessionId=session
                )
            assert await there.ended() == "nominal"
            assert len(list(home.store.interactions())) == 1

    asyncio.run(play())


def test_what_nobody_means_ends_as_not_recognised(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.wakes()
            await there.says("flurb the wug")
            assert "Sorry" in await there.hears()
            assert await there.ended() == "intentNotRecognized"

    asyncio.run(play())


def test_notification_is_said_and_waits_for_its_turn(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.wakes()
            running = (await there.expect("hermes/asr/startListening"))["sessionId"]
            init = {"type": "notification", "text": "The post is here."}
            await there.publish(f"{DIALOGUE}/startSession", init=init, customData="post")
            queued = await there.expect(f"{DIALOGUE}/sessionQueued")
            assert queued["customData"] == "post"
            await there.publish("hermes/asr/textCaptured", text="brew some tea", sessionId=running)
            assert await there.ended() == "nominal"
            begun = await there.expect(f"{DIALOGUE}/sessionStarted")
            assert begun["sessionId"] == queued["sessionId"]
            assert await there.hears() == "The post is here."
            ended = await there.expect(f"{DIALOGUE}/sessionEnded")
            assert (ended["sessionId"], ended["customData"]) == (queued["sessionId"], "post")

    asyncio.run(play())


def test_session_that_may_not_wait_is_refused_with_a_reason(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.wakes()
            await there.expect("hermes/asr/startListening")
            await there.publish(f"{DIALOGUE}/startSession", init=ACTION)
            told = await there.expect("hermes/error/dialogueManager")
            assert "canBeEnqueued is false" in told["error"]
            for _ in range(9):
                await there.publish(
                    f"{DIALOGUE}/startSession", init={**ACTION, "canBeEnqueued": True}
                )
            told = await there.expect("hermes/error/dialogueManager")
            assert "8 wait already" in told["error"]

    asyncio.run(play())


def test_wake_word_in_between_ends_the_session_and_begins_anew(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.wakes()
            first = (await there.expect("hermes/asr/startListening"))["sessionId"]
            await there.wakes()
            assert await there.ended() == "abortedByUser"
            second = (await there.expect("hermes/asr/startListening"))["sessionId"]
            assert first != second

    asyncio.run(play())


def test_sites_talk_at_once_each_on_its_own(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as kitchen, satellite(broker, "hall") as hall:
            await kitchen.wakes()
            await hall.wakes()
            await kitchen.says("dim the desk lamp")
            await hall.says("brew some tea")
            assert await hall.hears() == "The kettle is on."
            assert await kitchen.hears() == "To how many percent?"
            await kitchen.says("ten")
            assert await kitchen.hears() == "The desk lamp is at ten percent."

    asyncio.run(play())


def test_what_a_skill_says_by_itself_is_said_where_it_was_asked_for(
    home: Home, broker: Address
) -> None:
    async def play() -> str:
        async with at_home(home, broker) as there:
            await asyncio.sleep(1)  # what has rung before the service came is not for it
            await there.wakes()
            await there.says("brew some tea")
            assert await there.hears() == "The kettle is on."
            return await there.hears()

    assert asyncio.run(play()) == "Tea is ready."


def test_recogniser_that_fails_ends_the_session(home: Home, broker: Address) -> None:
    async def play() -> str:
        async with at_home(home, broker) as there:
            await there.wakes()
            session = (await there.expect("hermes/asr/startListening"))["sessionId"]
            await there.publish("hermes/error/asr", error="no microphone", sessionId=session)
            return await there.ended()

    assert asyncio.run(play()) == "error"


def test_handler_that_starts_a_session_for_its_intents_leads_it(
    home: Home, broker: Address
) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            init = {**ACTION, "text": "Tea?", "intentFilter": ["tea.Brew"]}
            await there.publish(f"{DIALOGUE}/startSession", init=init, customData={"step": 1})
            assert await there.hears() == "Tea?"
            await there.says("make me tea")
            told = await there.expect("hermes/intent/tea.Brew")
            assert told["customData"] == {"step": 1}
            more: dict[str, Any] = {
                "text": "And how bright?",
                "intentFilter": ["lamps.Dim"],
                "sendIntentNotRecognized": True,
                "customData": {"step": 2},
            }
            session = told["sessionId"]
            await there.publish(f"{DIALOGUE}/continueSession", sessionId=session, **more)
            assert await there.hears() == "And how bright?"
            await there.says("make me tea")  # understood, but not what is asked for
            unknown = await there.expect(f"{DIALOGUE}/intentNotRecognized")
            assert (unknown["input"], unknown["customData"]) == ("make me tea", {"step": 2})
            await there.publish(f"{DIALOGUE}/endSession", sessionId=session, text="Never mind.")
            assert await there.hears() == "Never mind."
            assert await there.ended() == "nominal"
            assert list(home.store.interactions()) == []  # Sayso did nothing of it

    asyncio.run(play())


def test_handler_does_what_a_skill_leaves_to_it(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.wakes()
            await there.says("close the shutters")
            assert await there.hears() == "In which room?"
            await there.says("the sleeping room")
            told = await there.expect("hermes/intent/shutters.Close")
            (room,) = told["slots"]
            assert room["value"] == {"kind": "Custom", "value": "bedroom"}
            session = told["sessionId"]
            await there.publish(f"{DIALOGUE}/endSession", sessionId=session, text="It is dark now.")
            assert await there.hears() == "It is dark now."
            assert await there.ended() == "nominal"
            # Once, and not before the room was known.
            assert there.topics.count("hermes/intent/shutters.Close") == 1

    asyncio.run(play())


def test_handlers_of_two_requests_have_their_turns(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.wakes()
            await there.says("close the shutters in the study and let the sun in")
            assert await there.hears() == "Here comes the sun."
            told = await there.expect("hermes/intent/shutters.Close")
            done = {"sessionId": told["sessionId"]}
            await there.publish(f"{DIALOGUE}/endSession", text="The study is dark.", **done)
            assert await there.hears() == "The study is dark."
            await there.expect("hermes/intent/shutters.Open")
            await there.publish(f"{DIALOGUE}/endSession", text="It is bright.", **done)
            assert await there.hears() == "It is bright."
            assert await there.ended() == "nominal"

    asyncio.run(play())


def test_handler_that_does_not_go_on_is_not_waited_for(home: Home, broker: Address) -> None:
    async def play() -> tuple[str, str]:
        async with at_home(home, broker, times=Times(handler_s=0.2, listen_s=0.2)) as there:
            init = {**ACTION, "intentFilter": ["tea.Brew"]}
            await there.publish(f"{DIALOGUE}/startSession", init=init)
            await there.says("make me tea")
            gone = await there.ended()
            await there.publish(f"{DIALOGUE}/startSession", init=init)
            await there.says("dim the desk lamp")
            return gone, await there.ended()

    assert asyncio.run(play()) == ("timeout", "intentNotRecognized")


def test_a_handler_may_end_a_session_of_ours_at_any_time(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.wakes()
            session = (await there.expect("hermes/asr/startListening"))["sessionId"]
            await there.publish(f"{DIALOGUE}/endSession", sessionId=session)
            await there.expect("hermes/asr/stopListening")
            assert await there.ended() == "nominal"

    asyncio.run(play())


def test_language_is_the_sessions_and_an_unknown_one_ends_it(home: Home, broker: Address) -> None:
    async def play() -> None:
        async with at_home(home, broker) as there:
            await there.publish(f"{DIALOGUE}/startSession", init=ACTION, lang="en_US")
            await there.says("brew some tea")
            assert (await there.expect("hermes/tts/say"))["lang"] == "en_US"
            assert await there.ended() == "nominal"
            await there.publish(f"{DIALOGUE}/startSession", init=ACTION, lang="xx")
            await there.says("brew some tea")
            told = await there.expect("hermes/error/dialogueManager")
            assert 'locale: "xx" is not spoken here' in told["error"]
            assert await there.ended() == "error"

    asyncio.run(play())

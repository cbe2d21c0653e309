"""What is answered to a message. `describe`, `transcript`, `recognize` and `ping` are known.

A transcript is a turn like any other: the skill acts, and what the person should hear is `handled`;
`not-handled` where it was not understood or the skill failed; where a skill leaves it to whoever
asked, the `intent` that is to be done. To recognise is only to read:
`intent` where Sayso would act, else `not-recognized`. What is wrong is an `error` with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wyoming.asr import Transcript
from wyoming.error import Error
from wyoming.event import Event
from wyoming.handle import Handled, NotHandled
from wyoming.info import (
    Attribution,
    Describe,
    HandleModel,
    HandleProgram,
    Info,
    IntentModel,
    IntentProgram,
)
from wyoming.intent import (
    Entity,
    Intent,
    IntentsStart,
    IntentsStop,
    NotRecognized,
    Recognize,
)
from wyoming.ping import Ping, Pong

from sayso import __version__
from sayso.errors import RequestError
from sayso.protocols.names import intent_of, left_to_do, noted, qualified, value_of
from sayso.runtime.home import Home
from sayso.types.context import Device
from sayso.types.readings import Decision, Hypothesis, Outcome
from sayso.types.skills import Skill
from sayso.types.turns import Reply, TurnRequest

NAME = "sayso"
_ABOUT = "Finds the right one of very many skills for what was said, and runs it"
_WHO = Attribution(name="Sayso", url="")
_SOMEWHERE = "wyoming"  # the device of a client that names none


def answer(event: Event, home: Home, user: str) -> list[Event]:
    """The answers to a message; none to one that is none of our business, such as audio.

    user: who speaks; the protocol has no word for it. Blocks while a skill works.
    Raises RequestError for a message that is wrong.
    """
    respond = _ANSWERS.get(event.type)
    return respond(event.data, home, user) if respond else []


def error(reason: str, code: str) -> Event:
    """What went wrong. code: `request`, `busy` or `internal`."""
    return Error(text=reason, code=code).event()


def _describe(data: Mapping[str, Any], home: Home, user: str) -> list[Event]:
    """Which services there are, and what they speak."""
    version, locales = home.engine.version, [*home.settings.locales]
    about: dict[str, Any] = {
        "name": NAME,
        "attribution": _WHO,
        "installed": True,
        "description": _ABOUT,
    }
    spoken = {**about, "version": version, "languages": locales}
    program = {**about, "version": __version__}
    handle = HandleProgram(**program, models=[HandleModel(**spoken)], supports_home_control=True)
    intent = IntentProgram(**program, models=[IntentModel(**spoken)])
    return [Info(handle=[handle], intent=[intent]).event()]


def _ping(data: Mapping[str, Any], home: Home, user: str) -> list[Event]:
    return [Pong(_name(data, "text")).event()]


def _transcript(data: Mapping[str, Any], home: Home, user: str) -> list[Event]:
    """Say it, and be answered."""
    context = _context(data)
    reply = home.take(
        TurnRequest(
            text=_text(data, "text"),
            user=user,
            conversation=_name(context, "conversation_id"),
            device=_device(context),
            locale=_name(data, "language"),
        )
    )
    told = {**_told(reply), **_place(context)}
    left = left_to_do(reply, home.engine.skills)
    if not left:
        return [_handled(reply, told)]
    return _to_do(left, reply.speech, told, home.engine.skills)


def _to_do(
    left: Sequence[Hypothesis], speech: str, context: dict[str, Any], skills: Mapping[str, Skill]
) -> list[Event]:
    """The intents that the client has to do; several are a list with a beginning and an end."""
    events = []
    for place, reading in enumerate(left, start=1):
        name, entities = named(reading, skills)
        text = speech if speech and place == len(left) else None
        events.append(Intent(name, [*entities], text=text, context=context).event())
    if len(left) == 1:
        return events
    return [IntentsStart(context).event(), *events, IntentsStop(context).event()]


def _handled(reply: Reply, context: dict[str, Any]) -> Event:
    failed = reply.decision.outcome is Outcome.ABSTAIN or reply.trace.failure is not None
    kind = NotHandled if failed else Handled
    return kind(text=reply.speech, context=context).event()


def _recognize(data: Mapping[str, Any], home: Home, user: str) -> list[Event]:
    """Read it; nothing is done."""
    context = _context(data)
    decision = home.decide(
        _text(data, "text"),
        user=user,
        locale=_name(context, "language"),
        device=_device(context),
    )
    return [_read(decision, home.engine.skills, dict(context))]


def _read(decision: Decision, skills: Mapping[str, Skill], context: dict[str, Any]) -> Event:
    chosen = decision.chosen
    if chosen is None:
        return NotRecognized(context=context or None).event()
    name, entities = named(chosen, skills)
    return Intent(name=name, entities=[*entities], context=context or None).event()


def named(reading: Hypothesis, skills: Mapping[str, Skill]) -> tuple[str, Sequence[Entity]]:
    """An intent and its values: `skill.intent`, or as Home Assistant calls them.

    Its intents may be several of ours, told apart by values that nobody has to say: these belong
    to what is meant.
    """
    intent, _ = intent_of(reading, skills.get(reading.skill))
    theirs = noted(intent.extra, "hassil") if intent is not None else None
    if intent is None or theirs is None:
        return qualified(reading), [Entity(x.name, value_of(x)) for x in reading.slots]
    fixed = theirs.get("slots")
    entities = dict(fixed) if isinstance(fixed, Mapping) else {}
    for slot in reading.slots:
        declared = intent.slot(slot.name)
        kept = declared.extra.get("$") if declared else None
        name = kept.get("hassil", slot.name) if isinstance(kept, Mapping) else slot.name
        # Home Assistant knows a value of its lists by the `out` that stands beside what is said.
        entities[str(name)] = slot.id or value_of(slot)
    return str(theirs.get("intent", intent.name)), [Entity(*each) for each in entities.items()]


def _told(reply: Reply) -> dict[str, Any]:
    """Context of the next message; `continue_conversation` is Home Assistant's word for it."""
    return {"conversation_id": reply.conversation, "continue_conversation": not reply.ended}


def _place(context: Mapping[str, Any]) -> dict[str, Any]:
    return {key: context[key] for key in ("device_id", "satellite_id") if key in context}


def _device(context: Mapping[str, Any]) -> Device:
    return Device(_name(context, "satellite_id") or _name(context, "device_id") or _SOMEWHERE)


def _context(data: Mapping[str, Any]) -> Mapping[str, Any]:
    context = data.get("context")
    if context is not None and not isinstance(context, Mapping):
        raise RequestError("has to be a JSON object", field="context")
    return context or {}


def _text(data: Mapping[str, Any], field: str) -> str:
    text = data.get(field)
    if not isinstance(text, str):
        raise RequestError("has to be a text", field=field)
    return text


def _name(data: Mapping[str, Any], field: str) -> str | None:
    return None if data.get(field) is None else _text(data, field)


_ANSWERS: Mapping[str, Callable[[Mapping[str, Any], Home, str], list[Event]]] = {
    Describe().event().type: _describe,
    Transcript(text="").event().type: _transcript,
    Recognize(text="").event().type: _recognize,
    Ping().event().type: _ping,
}

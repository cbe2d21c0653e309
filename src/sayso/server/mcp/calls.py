"""What is found and what a call came to, as an agent is told it: JSON, and a sentence to go by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sayso.errors import RequestError
from sayso.runtime.arguments import understood
from sayso.runtime.calling import Called, NamedCall
from sayso.runtime.home import Home
from sayso.server.mcp.tools import (
    callable_intents,
    description_of,
    input_schema,
    is_flag,
    name_of,
    needs_yes,
    property_of,
    splits,
)
from sayso.types.context import Asked
from sayso.types.readings import Hypothesis
from sayso.types.skills import Intent, Language, Skill

MOST_FOUND = 50


class Status(StrEnum):
    """What became of a call."""

    DONE = "done"
    ASKS = "asks"  # the skill acted, and wants to know more: its session is open
    MISSING = "missing"  # nothing was done
    NEEDS_CONFIRMATION = "needs_confirmation"  # nothing was done
    FAILED = "failed"  # the back-end did; whether it acted is not known


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a client is told of a call.

    told: for whoever reads. missing: JSON Schemas of the arguments that are needed still.
    data: of the back-end, for programs. conversation: to go on with, where `status` is ASKS.
    """

    status: Status
    told: str
    speech: str = ""
    missing: Mapping[str, Any] = field(default_factory=dict)
    data: Any = None
    conversation: str | None = None

    @property
    def is_error(self) -> bool:
        """Whether the arguments or the back-end were wrong."""
        return self.status in (Status.MISSING, Status.FAILED)

    def to_json(self) -> dict[str, Any]:
        """The same, without what says nothing."""
        found = {
            "status": self.status.value,
            "speech": self.speech,
            "missing": sorted(self.missing),
            "data": self.data,
            "conversation": self.conversation,
        }
        return {key: value for key, value in found.items() if value not in ("", [], None)}


def find_tools(
    home: Home, request: str, k: int, *, user: str, locale: str | None = None
) -> dict[str, Any]:
    """The k likeliest tools for a request, best first, each with what was understood already.

    Nothing is done and nothing is logged. Raises RequestError.
    """
    if not 1 <= k <= MOST_FOUND:
        raise RequestError(f"must be 1 to {MOST_FOUND}", field="k")
    found = home.find(request, k, user=user, locale=locale)
    return {"tools": [_described(home, each, locale) for each in found]}


def _described(home: Home, found: Hypothesis, locale: str | None) -> dict[str, Any]:
    skill, language, intent = _known(home, found.skill, found.intent, locale)
    values = understood(found.slots, intent)
    return {
        "name": name_of(found.skill, found.intent),
        "description": description_of(skill, language, intent),
        "inputSchema": input_schema(language, intent),
        "confidence": round(found.confidence, 4),
        "arguments": _typed(values, language, intent),
        "missing": [x.name for x in intent.slots if x.required and x.name not in values],
        "needs_confirmation": needs_yes(skill, intent),
    }


def _typed(values: Mapping[str, Any], language: Language, intent: Intent) -> dict[str, Any]:
    """Values as the tool's schema has them: yes and no as booleans."""
    truths = {"true": True, "false": False}
    flags = {slot.name for slot in intent.slots if is_flag(slot, language)}
    return {
        name: truths.get(value, value) if name in flags and isinstance(value, str) else value
        for name, value in values.items()
    }


def _known(
    home: Home, skill: str, intent: str, locale: str | None
) -> tuple[Skill, Language, Intent]:
    held = home.engine.view(locale or home.settings.locales[0]).installed[skill]
    found = held.language.intent(intent)
    assert found is not None  # an intent that was read is one of the skill's
    return held.skill, held.language, found


def tool_named(home: Home, name: str, locale: str | None = None) -> tuple[str, str]:
    """Skill and intent of a tool. Raises RequestError for a name that no tool has."""
    installed = home.engine.view(locale or home.settings.locales[0]).installed
    for skill, intent in splits(name):
        held = installed.get(skill)
        if held is not None and any(x.name == intent for x in callable_intents(held.language)):
            return skill, intent
    advice = "look for it with find_tools, and give its name as it was found"
    raise RequestError(f'no tool is called "{name[:200]}"; {advice}', field="name")


def call_tool(home: Home, asked: NamedCall) -> Outcome:
    """Do what a tool is for. Raises RequestError or SkillError for what cannot be meant."""
    called = home.call(asked)
    _, language, intent = _known(home, asked.skill, asked.intent, called_locale(home, asked))
    reply = called.reply
    failure = reply.trace.failure
    if failure is not None:
        told = f"Failed: {failure}. Whether it acted is not known: do not simply call it again."
        return Outcome(Status.FAILED, told, reply.speech)
    if called.acted:
        told = reply.speech or "Done."
        if reply.ended and called.asks is None:
            return Outcome(Status.DONE, told, reply.speech, data=reply.data)
        where = reply.conversation
        return Outcome(Status.ASKS, told, reply.speech, data=reply.data, conversation=where)
    return _not_done(called, asked, language, intent)


def called_locale(home: Home, asked: NamedCall) -> str:
    """The locale that a call is made in."""
    return asked.locale or home.settings.locales[0]


def _not_done(called: Called, asked: NamedCall, language: Language, intent: Intent) -> Outcome:
    question = called.reply.speech
    if called.asks is not None and called.asks.asked is Asked.CONFIRM:
        told = (
            f"Not done yet: it needs confirmation. Ask the person: {question} If they say yes, "
            "call it again with confirmed: true"
        )
        return Outcome(Status.NEEDS_CONFIRMATION, told, question)
    given = {name for name, value in asked.arguments.items() if value not in (None, [])}
    names = [x.name for x in intent.slots if x.required and x.name not in given]
    wanted: Sequence[str] = names or ([called.missing] if called.missing else [])
    slots = [slot for name in wanted if (slot := intent.slot(name)) is not None]
    schemas = {slot.name: property_of(slot, language) for slot in slots}
    told = f"Not done: {', '.join(schemas)} wanted. Ask the person: {question}"
    return Outcome(Status.MISSING, told, question, missing=schemas)

"""What goes out: topics, and the JSON on them.

What is not known is left out of a message, not null: handlers of either kind take that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sayso.protocols.names import intent_of, noted, qualified, span_of, value_of
from sayso.types.readings import Hypothesis, SlotValue
from sayso.types.skills import Skill

PARSED = "hermes/nlu/intentParsed"
NOT_RECOGNIZED = "hermes/nlu/intentNotRecognized"
NLU_ERROR = "hermes/error/nlu"
DIALOGUE_ERROR = "hermes/error/dialogueManager"
STARTED = "hermes/dialogueManager/sessionStarted"
QUEUED = "hermes/dialogueManager/sessionQueued"
ENDED = "hermes/dialogueManager/sessionEnded"
UNKNOWN = "hermes/dialogueManager/intentNotRecognized"
SAY = "hermes/tts/say"
LISTEN = "hermes/asr/startListening"
STOP_LISTENING = "hermes/asr/stopListening"
HOTWORD_ON = "hermes/hotword/toggleOn"
HOTWORD_OFF = "hermes/hotword/toggleOff"

_PARTS = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A message to publish."""

    topic: str
    data: Mapping[str, Any]

    @property
    def payload(self) -> bytes:
        """The JSON, without what is not known."""
        told = {key: node for key, node in self.data.items() if node is not None}
        return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")


def intent_name(reading: Hypothesis, skills: Mapping[str, Skill]) -> str:
    """`skill.intent`; its plain name where the skill was imported from Snips.

    It is a part of a topic: what would split it, or is a wildcard there, becomes a `_`.
    """
    intent, _ = intent_of(reading, skills.get(reading.skill))
    theirs = intent is not None and noted(intent.extra, "snips") is not None
    return re.sub(r"[/+#\x00]", "_", reading.intent if theirs else qualified(reading))


def intent_topic(name: str) -> str:
    """Where handlers of an intent listen."""
    return f"hermes/intent/{name}"


def intent_message(
    reading: Hypothesis, text: str, skills: Mapping[str, Skill], **about: Any
) -> dict[str, Any]:
    """A reading of a text. about: `siteId`, `sessionId`, `id`, `customData`."""
    intent = {
        "intentName": intent_name(reading, skills),
        "confidenceScore": reading.confidence,
    }
    slots = [slot_message(slot, text) for slot in reading.slots]
    return {"input": text, "intent": intent, "slots": slots, **about}


def slot_message(slot: SlotValue, text: str) -> dict[str, Any]:
    """A slot. entity: its type; range: where it stands in the text, absent if it does not."""
    span = span_of(slot, text)
    where = {"range": {"start": span[0], "end": span[1]}} if span else {}
    return {
        "entity": slot.type,
        "slotName": slot.name,
        "rawValue": slot.value,
        "value": _value(slot),
        "confidence": slot.confidence,
        **where,
    }


def _value(slot: SlotValue) -> dict[str, Any]:
    """A value and its kind: Number, Ordinal and Duration as Snips has them, else Custom."""
    value = value_of(slot)
    if slot.type == "AMAZON.NUMBER" and re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", value):
        return {"kind": "Number", "value": float(value)}
    if slot.type == "AMAZON.Ordinal" and re.fullmatch(r"\d{1,15}", value):
        return {"kind": "Ordinal", "value": int(value)}
    parts = _PARTS.fullmatch(value) if slot.type == "AMAZON.DURATION" else None
    if parts:
        given = {name: int(number or 0) for name, number in parts.groupdict().items()}
        return {"kind": "Duration", "value": value, "quarters": 0, **given, "precision": "Exact"}
    return {"kind": "Custom", "value": value}

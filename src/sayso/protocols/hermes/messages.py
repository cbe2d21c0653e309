"""What comes in: a topic and some bytes -> one of the messages below.

Fields are those of Hermes as Snips defined it and Rhasspy goes on with it. What we know nothing of
is passed over; a field of the wrong type is a RequestError that names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from sayso.errors import RequestError
from sayso.runtime.requests import check_name

MOST_BYTES = 65_536  # of a message; nobody says more, and nobody's customData is longer
MOST_SCORE = 1e9  # of a recogniser; JSON has numbers that no float holds
NLU_QUERY = "hermes/nlu/query"
TEXT_CAPTURED = "hermes/asr/textCaptured"
START = "hermes/dialogueManager/startSession"
CONTINUE = "hermes/dialogueManager/continueSession"
END = "hermes/dialogueManager/endSession"
SAY_FINISHED = "hermes/tts/sayFinished"
ASR_ERROR = "hermes/error/asr"
DETECTED = "hermes/hotword/+/detected"
ANYWHERE = "default"  # the site of a message that names none


@dataclass(frozen=True, slots=True)
class Query:
    """A text to understand. intents: names it may be, None for any."""

    input: str
    site: str
    session: str | None
    id: str | None
    intents: Sequence[str] | None
    custom: Any
    lang: str | None


@dataclass(frozen=True, slots=True)
class Captured:
    """What the recogniser heard; empty where nobody said anything.

    likelihood: how sure it was, in a unit of its own; None if it does not say.
    """

    text: str
    site: str
    session: str | None
    lang: str | None
    likelihood: float | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """A session is wanted.

    notification: only something is said. queued: it may wait until the site is free.
    intents: names that the answer may be, None for any; not_recognized: who started it hears of
    what was not understood. Either of them means that who started it also handles the intents.
    """

    site: str
    text: str = ""
    notification: bool = False
    queued: bool = False
    intents: Sequence[str] | None = None
    not_recognized: bool = False
    custom: Any = None
    lang: str | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Continue:
    """A handler asks something in its session."""

    session: str
    text: str
    intents: Sequence[str] | None
    not_recognized: bool
    custom: Any
    lang: str | None


@dataclass(frozen=True, slots=True)
class End:
    """A handler is done with its session."""

    session: str
    text: str
    custom: Any


@dataclass(frozen=True, slots=True)
class SayFinished:
    """The voice has said it. id: of what was to be said."""

    id: str | None
    site: str


@dataclass(frozen=True, slots=True)
class AsrFailed:
    """The recogniser could not hear."""

    site: str
    session: str | None


@dataclass(frozen=True, slots=True)
class Detected:
    """Somebody said the wake word."""

    site: str
    session: str | None
    lang: str | None


Message = Query | Captured | Start | Continue | End | SayFinished | AsrFailed | Detected


def read(topic: str, payload: bytes) -> Message | None:
    """The message on a topic; None for a topic that is none of ours. Raises RequestError."""
    key = DETECTED if re.fullmatch(r"hermes/hotword/[^/]+/detected", topic) else topic
    reader = _READERS.get(key)
    return reader(_object(payload)) if reader else None


def _object(payload: bytes) -> Mapping[str, Any]:
    if len(payload) > MOST_BYTES:
        raise RequestError(f"is {len(payload)} bytes long; at most {MOST_BYTES} are read")
    try:
        found = from_json(payload or b"{}", allow_inf_nan=False)
    except ValueError as error:
        raise RequestError(f"is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise RequestError("has to be a JSON object")
    return found


def _query(data: Mapping[str, Any]) -> Query:
    return Query(
        _needed(data, "input"),
        _site(data),
        _name(data, "sessionId"),
        _text(data, "id"),
        _names(data, "intentFilter"),
        data.get("customData"),
        _lang(data),
    )


def _captured(data: Mapping[str, Any]) -> Captured:
    return Captured(
        _needed(data, "text"),
        _site(data),
        _name(data, "sessionId"),
        _lang(data),
        _number(data, "likelihood"),
    )


def _start(data: Mapping[str, Any]) -> Start:
    init = data.get("init")
    if not isinstance(init, Mapping):
        raise RequestError("has to be a JSON object with a type", field="init")
    kind = init.get("type", "action")
    if kind not in ("action", "notification"):
        raise RequestError('has to be "action" or "notification"', field="init.type")
    if kind == "notification":
        text = _needed(init, "text")
        return Start(_site(data), text, True, True, custom=data.get("customData"), lang=_lang(data))
    return Start(
        _site(data),
        _text(init, "text") or "",
        False,
        _flag(init, "canBeEnqueued"),
        _names(init, "intentFilter"),
        _flag(init, "sendIntentNotRecognized"),
        data.get("customData"),
        _lang(data),
    )


def _continue(data: Mapping[str, Any]) -> Continue:
    return Continue(
        _needed(data, "sessionId"),
        _text(data, "text") or "",
        _names(data, "intentFilter"),
        _flag(data, "sendIntentNotRecognized"),
        data.get("customData"),
        _lang(data),
    )


def _end(data: Mapping[str, Any]) -> End:
    text = _text(data, "text") or ""
    return End(_needed(data, "sessionId"), text, data.get("customData"))


def _say_finished(data: Mapping[str, Any]) -> SayFinished:
    return SayFinished(_text(data, "id"), _site(data))


def _asr_failed(data: Mapping[str, Any]) -> AsrFailed:
    return AsrFailed(_site(data), _name(data, "sessionId"))


def _detected(data: Mapping[str, Any]) -> Detected:
    return Detected(_site(data), _name(data, "sessionId"), _lang(data))


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Message]] = {
    NLU_QUERY: _query,
    TEXT_CAPTURED: _captured,
    START: _start,
    CONTINUE: _continue,
    END: _end,
    SAY_FINISHED: _say_finished,
    ASR_ERROR: _asr_failed,
    DETECTED: _detected,
}


def _needed(data: Mapping[str, Any], field: str) -> str:
    text = data.get(field)
    if not isinstance(text, str):
        raise RequestError("has to be a text", field=field)
    return text


def _text(data: Mapping[str, Any], field: str) -> str | None:
    return None if data.get(field) is None else _needed(data, field)


def _lang(data: Mapping[str, Any]) -> str | None:
    return _text(data, "lang") or None


def _name(data: Mapping[str, Any], field: str) -> str | None:
    """A name, or None; an empty text is how some clients write that there is none."""
    name = _text(data, field) or None
    if name is not None:
        check_name(name, field)
    return name


def _site(data: Mapping[str, Any]) -> str:
    return _name(data, "siteId") or ANYWHERE


def _flag(data: Mapping[str, Any], field: str) -> bool:
    flag = data.get(field)
    if flag is not None and not isinstance(flag, bool):
        raise RequestError("has to be true or false", field=field)
    return bool(flag)


def _number(data: Mapping[str, Any], field: str) -> float | None:
    number = data.get(field)
    if number is None:
        return None
    if not isinstance(number, int | float) or isinstance(number, bool):
        raise RequestError("has to be a number", field=field)
    return float(max(min(number, MOST_SCORE), -MOST_SCORE))


def _names(data: Mapping[str, Any], field: str) -> Sequence[str] | None:
    names = data.get(field)
    if names is None:
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise RequestError("has to be a list of texts", field=field)
    return tuple(names)

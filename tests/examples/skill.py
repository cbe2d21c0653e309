"""A skill of the example home, called as a worker would call it, on a clock that tests set."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sayso.fulfilment.alexa import describe
from sayso.fulfilment.alexa_response import read_answer
from sayso.fulfilment.handler import Device, Request, Response, Slot
from sayso.fulfilment.lambda_context import LambdaContext
from sayso.fulfilment.loading import inside, load
from sayso.fulfilment.storage import Storage
from sayso.skills.folders import read_skill
from sayso.types.calls import Answer, Call, CallKind
from sayso.types.context import Context
from sayso.types.readings import Candidate, Hypothesis, ResolutionStatus, SlotValue
from sayso.types.skills import Skill

HOME = Path(__file__).parents[2] / "examples" / "home"
BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2026, 11, 20, 17, 40, tzinfo=BERLIN)


def known(name: str, words: str, id: str | None = None, value: str | None = None) -> Slot:
    """A slot whose words are in the catalogue."""
    normal = value or words
    return Slot(normal, name=name, value=words, normalised=normal, id=id, matched=True)


def unknown(name: str, words: str) -> Slot:
    """A slot whose words are not in the catalogue."""
    return Slot(words, name=name, value=words, normalised=words)


def meant(name: str, normalised: str, words: str = "") -> Slot:
    """A slot of a built-in type."""
    spoken = words or normalised
    return Slot(spoken, name=name, value=spoken, normalised=normalised, matched=True)


@dataclass
class PythonSkill:
    """A skill with a `handle(request)`; storage and attributes last from call to call."""

    id: str
    folder: Path
    now: datetime = FRIDAY
    attributes: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.storage = Storage(self.folder / self.id / "storage.db")
        self.code = load(str(HOME / "skills" / self.id), "handler:handle")

    def later(self, **length: float) -> None:
        """Let the clock advance, by real time."""
        utc = self.now.astimezone(ZoneInfo("UTC")) + timedelta(**length)
        self.now = utc.astimezone(self.now.tzinfo)

    def answer(self, intent: str = "", *said: Slot, **about: Any) -> Response:
        """What the handler gives back; about: further fields of the request."""
        kind = about.pop("kind", CallKind.INTENT if intent else CallKind.LAUNCH)
        request = Request(
            kind=kind,
            skill=self.id,
            now=self.now,
            storage=self.storage,
            intent=intent,
            said=said,
            time_zone=about.pop("time_zone", "Europe/Berlin"),
            attributes=self.attributes,
            seed=about.pop("seed", "seed"),
            **about,
        )
        with inside(self.code):
            given = self.code.call(request)
        assert isinstance(given, str | Response)
        return Response(given) if isinstance(given, str) else given

    def say(self, intent: str = "", *said: Slot, **about: Any) -> str:
        """The speech alone."""
        return self.answer(intent, *said, **about).speech


@dataclass
class AlexaSkill:
    """A skill with a `lambda_handler(event, context)`; session attributes last."""

    id: str

    def __post_init__(self) -> None:
        folder = HOME / "skills" / self.id
        self.skill: Skill = read_skill(folder)
        self.code = load(str(folder), self.skill.fulfilment.handler or "")
        self.context = Context("c1", FRIDAY, user="ana", active=self.id, session="s1")

    def answer(self, intent: str = "", *slots: SlotValue, kind: CallKind | None = None) -> Answer:
        """What the handler gives back, read as Sayso reads it."""
        reading = Hypothesis(self.id, intent, slots) if intent else None
        call = Call(kind or (CallKind.INTENT if intent else CallKind.LAUNCH), self.id, reading)
        event = describe(self.skill, call, self.context)
        with inside(self.code):
            data = self.code.call(event, LambdaContext(self.id, event, 5.0))
        answer = read_answer(data, self.skill, call, self.context)
        kept = MappingProxyType(dict(answer.attributes))
        self.context = replace(self.context, attributes=kept)
        return answer


def found(name: str, kind: str, words: str, value: str, id: str | None = None) -> SlotValue:
    """A slot that resolves to a value of its catalogue."""
    matched = ResolutionStatus.MATCHED
    candidates = (Candidate(value, id),)
    return SlotValue(name, kind, words, normalised=value, status=matched, candidates=candidates)


def speaker(room: str) -> Device:
    """A device that says where it stands."""
    return Device("speaker", "speaker", {"room": room})

"""What a Python back-end sees and gives: `def handle(request: Request) -> Response | str`.

Imported by workers: standard library and the nouns only.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sayso.fulfilment.storage import Storage
from sayso.types.calls import CallKind, Card
from sayso.types.context import Device

__all__ = ["Announce", "CallKind", "Card", "Device", "Entity", "Request", "Response", "Slot"]


class Slot(str):
    """A filled slot. As a text it is how to speak of it: the resolved name, else the words said.

    value: the words said. normalised: the value to compute with (ISO 8601, digits, the resolved
    name, else the words). matched, id: whether the catalogue knows the value, and its id there.
    """

    name: str
    value: str
    normalised: str
    id: str | None
    matched: bool

    def __new__(
        cls,
        spoken: str,
        *,
        name: str,
        value: str,
        normalised: str,
        id: str | None = None,
        matched: bool = False,
    ) -> Slot:
        """A slot that is spoken of in these words."""
        slot = super().__new__(cls, spoken)
        slot.name, slot.value, slot.normalised = name, value, normalised
        slot.id, slot.matched = id, matched
        return slot


@dataclass(kw_only=True)
class Request:
    """One call to a back-end.

    kind: `launch`, `intent` or `session_ended`. intent: its name, empty unless kind is `intent`.
    slots: the filled ones by name; the first value of a slot that has several.
    now: aware datetime in `time_zone`. attributes: the session's; what you put there comes back
    in the next call of the same session. confirmed: the person said yes to the intent's prompt.
    corrects: the slots with which the same intent was just done, where this puts that right and
    the skill file names no `undo`; None for a request of its own.
    """

    kind: CallKind
    skill: str
    now: datetime
    storage: Storage
    intent: str = ""
    said: Sequence[Slot] = ()
    user: str = "anonymous"
    device: Device = field(default_factory=Device)
    locale: str = "en-US"
    time_zone: str = "UTC"
    conversation: str = ""
    attributes: MutableMapping[str, Any] = field(default_factory=dict)
    confirmed: bool = False
    new_session: bool = True
    reason: str | None = None
    seed: str = ""
    corrects: Sequence[Slot] | None = None

    @cached_property
    def slots(self) -> Mapping[str, Slot]:
        """Filled slots by name."""
        return {slot.name: slot for slot in reversed(self.said)}

    def slot(self, name: str, default: str | None = None) -> str | None:
        """The value to compute with of a slot, or the default where it is not filled."""
        found = self.slots.get(name)
        return default if found is None else found.normalised

    def every(self, name: str) -> list[str]:
        """All values given for a slot, in the order they were said."""
        return [slot.normalised for slot in self.said if slot.name == name]

    @cached_property
    def random(self) -> random.Random:
        """Chance, the same for the same user, moment and turn, so that a demo can be repeated."""
        return random.Random(self.seed)


@dataclass(frozen=True, slots=True)
class Announce:
    """Something to say later. Give `due` (aware datetime) or `in_s` (seconds from now).

    A later one with the same key, of the same user, replaces it.
    """

    key: str
    speech: str
    due: datetime | None = None
    in_s: float | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A value of a slot type for this session alone: what you receive, and ways to say it."""

    value: str
    id: str | None = None
    synonyms: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """What a back-end gives back; a plain text is short for `Response(text)`.

    ended: whether the session is over; None means it is, unless something is asked.
    reprompt: said when the person stays silent; keeps the session open.
    ask: name of a slot of the intent that `speech` asks for. confirm: `speech` asks for a yes.
    cancel: keys of announcements to forget.
    entities: slot type -> values it has from now on until the session ends, beside those of the
    skill file; texts or `Entity`. They replace those set before; `{}` clears, None leaves them.
    corrected: what `Request.corrects` tells of was taken back, and the person need not hear of it.
    """

    speech: str = ""
    reprompt: str | None = None
    ended: bool | None = None
    card: Card | None = None
    ask: str | None = None
    confirm: bool = False
    announce: Sequence[Announce] = ()
    cancel: Sequence[str] = ()
    entities: Mapping[str, Sequence[str | Entity]] | None = None
    corrected: bool = False


def read_request(data: Mapping[str, Any], storage: Storage) -> Request:
    """A request from the JSON that `python.describe` makes of a call."""
    zone = ZoneInfo(data["time_zone"])
    given = {
        **data,
        "kind": CallKind(data["kind"]),
        "now": datetime.fromisoformat(data["now"]).astimezone(zone),
        "device": Device(**data["device"]),
        "said": read_slots(data["said"]),
        "corrects": read_slots(data["corrects"]) if data["corrects"] is not None else None,
    }
    return Request(storage=storage, **given)


def read_slots(said: Sequence[Mapping[str, Any]]) -> tuple[Slot, ...]:
    """Slots from the JSON that `python.describe` makes of them."""
    return tuple(Slot(**slot) for slot in said)

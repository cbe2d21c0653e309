"""Intents and slot types in the making, as Snips datasets and Alice's templates both need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sayso.formats.names import identifier, unlike
from sayso.formats.sayings import says_something
from sayso.formats.snips.utterances import Utterance
from sayso.skills.accounting import Ledger
from sayso.skills.builtin_types import FREE_TEXT
from sayso.skills.restore import OURS
from sayso.skills.templates import said
from sayso.types.skills import Intent, Language, Slot, SlotType, TypeValue

BUILTIN: Mapping[str, str] = {
    "snips/amountOfMoney": "AMAZON.NUMBER",
    "snips/city": "AMAZON.City",
    "snips/country": "AMAZON.Country",
    "snips/date": "AMAZON.DATE",
    "snips/datePeriod": "AMAZON.DATE",
    "snips/datetime": "AMAZON.DATE",
    "snips/duration": "AMAZON.DURATION",
    "snips/musicAlbum": "AMAZON.MusicAlbum",
    "snips/musicArtist": "AMAZON.Musician",
    "snips/musicTrack": "AMAZON.MusicRecording",
    "snips/number": "AMAZON.NUMBER",
    "snips/ordinal": "AMAZON.Ordinal",
    "snips/percentage": "AMAZON.NUMBER",
    "snips/region": "AMAZON.Region",
    "snips/temperature": "AMAZON.NUMBER",
    "snips/time": "AMAZON.TIME",
    "snips/timePeriod": "AMAZON.TIME",
}


@dataclass
class SlotDraft:
    """A slot. entity: name of its type in the source, "" where none was given."""

    entity: str = ""
    required: bool = False
    ask: tuple[str, ...] = ()


@dataclass
class IntentDraft:
    """An intent. utterances: as they were written."""

    slots: dict[str, SlotDraft] = field(default_factory=dict)
    found: list[tuple[Utterance, str]] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)


@dataclass
class Drafts:
    """A skill in one locale. types: name -> value -> its synonyms."""

    locale: str
    intents: dict[str, IntentDraft] = field(default_factory=dict)
    types: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    def value(self, kind: str, value: str, synonyms: Sequence[str] = ()) -> None:
        """A value of a type, once; its synonyms are put together."""
        known = self.types.setdefault(kind, {}).setdefault(value, [])
        known += [each for each in synonyms if each not in (value, *known) and said(each)]

    def take(
        self, intent: IntentDraft, given: Utterance, raw: str, where: str, lines: int, book: Ledger
    ) -> None:
        """An utterance; lines: scalars that it is written in, counted in the ledger."""
        for each in given.said:
            slot = intent.slots.setdefault(each.slot, SlotDraft(each.entity))
            slot.entity = slot.entity or each.entity
        intent.found.append((given, raw))
        for _ in range(lines - 1):
            book.read("utterances")
        if given.said:
            book.map(where, raw, "utterances, values made slots")
        else:
            book.read("utterances")

    def language(self, name: str) -> Language:
        """What all of it came to. name: of the skill."""
        self._take_values()
        names: dict[str, str] = {}
        for kind in self.types:
            names[kind] = unlike(kind.strip() or "type", names.values())
        intents: list[Intent] = []
        for raw, draft in self.intents.items():
            intent = self._intent(identifier(raw, [x.name for x in intents]), draft, names)
            intents += [intent] if intent.samples else []
        types = tuple(
            SlotType(names[kind], tuple(_value(*each) for each in values.items() if said(each[0])))
            for kind, values in self.types.items()
        )
        extra = {OURS: {"snips": self.kept}} if self.kept else {}
        called = said(name).lower()
        return Language(self.locale, called, intents=tuple(intents), types=types, extra=extra)

    def _take_values(self) -> None:
        """Values that stand in utterances belong to their types, if these are not built in."""
        for intent in self.intents.values():
            for given, _ in intent.found:
                for each in given.said:
                    kind = intent.slots[each.slot].entity
                    if kind in self.types and each.value and not self._knows(kind, each.value):
                        self.value(kind, each.value)

    def _knows(self, kind: str, text: str) -> bool:
        words = text.casefold()
        return any(
            words in (way.casefold() for way in (value, *synonyms))
            for value, synonyms in self.types[kind].items()
        )

    def _intent(self, name: str, draft: IntentDraft, names: Mapping[str, str]) -> Intent:
        types = {
            slot: names.get(each.entity) or BUILTIN.get(each.entity, FREE_TEXT)
            for slot, each in draft.slots.items()
        }
        samples = [x.sample for x, _ in draft.found if says_something(x.sample, types)]
        stood: dict[str, list[str]] = {}
        for given, _ in draft.found:
            for each in given.said:
                if each.value and types[each.slot].startswith("AMAZON."):
                    stood.setdefault(each.slot, []).append(each.value)
        slots = [
            Slot(
                slot,
                types[slot],
                required=each.required,
                ask=each.ask,
                extra={OURS: {"said": list(dict.fromkeys(stood[slot]))}} if slot in stood else {},
            )
            for slot, each in draft.slots.items()
        ]
        kept = {**draft.kept, "utterances": [raw for _, raw in draft.found]}
        extra = {OURS: {"snips": kept}}
        return Intent(name, tuple(dict.fromkeys(samples)), tuple(slots), extra=extra)


def _value(value: str, synonyms: Sequence[str]) -> TypeValue:
    return TypeValue(value, synonyms=tuple(synonyms))

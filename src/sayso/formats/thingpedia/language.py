"""Intents of a Thingpedia class in the making -> `Language`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sayso.formats.catalogues import YES_NO, Types
from sayso.formats.names import identifier
from sayso.formats.sayings import says_something
from sayso.formats.shapes import NUMBER
from sayso.formats.thingpedia.programs import Program
from sayso.skills.builtin_types import FREE_TEXT
from sayso.skills.restore import OURS
from sayso.skills.templates import said, slot_names
from sayso.types.skills import Intent, Language, Slot, TypeValue

_KINDS = {
    "Number": NUMBER,
    "Currency": NUMBER,
    "Date": "AMAZON.DATE",
    "Time": "AMAZON.TIME",
    "RecurrentTimeSpecification": "AMAZON.TIME",
    "Location": "AMAZON.City",
    "tt:country": "AMAZON.Country",
    "tt:iso_lang_code": "AMAZON.Language",
    "tt:phone_number": "AMAZON.PhoneNumber",
}
_MOST_SAID = 200  # of a slot


@dataclass
class Draft:
    """An intent. functions: what its programs call. kinds: slot -> its ThingTalk type, as told
    first. said: slot -> texts.

    kept: why -> what is kept of it word for word. asks: slot -> what to ask for it: required.
    """

    functions: Sequence[str] = ()
    samples: dict[str, None] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    said: dict[str, dict[str, None]] = field(default_factory=dict)
    kept: dict[str, dict[str, None]] = field(default_factory=dict)
    asks: dict[str, Sequence[str]] = field(default_factory=dict)
    confirm: Sequence[str] = ()

    def keep(self, why: str, text: str) -> None:
        """Word for word."""
        self.kept.setdefault(why, {})[text] = None

    def speaks(self, sample: str, kinds: Mapping[str, str]) -> bool:
        """Whether the sample says something; then it is taken, with the kinds of its slots."""
        names = slot_names(sample)
        given = {slot: kinds.get(slot, "String") for slot in names}
        free = {slot: FREE_TEXT if kind == "String" else "" for slot, kind in given.items()}
        if not says_something(sample, free):
            return False
        self.samples[sample] = None
        for slot, kind in given.items():
            if len(kind) > len(self.kinds.get(slot, "")):  # `Enum(on,off)` tells more than `Enum`
                self.kinds[slot] = kind
        return True

    def stood(self, slot: str, text: str) -> None:
        """A text stood in the place of a slot."""
        texts = self.said.setdefault(slot, {})
        if len(texts) < _MOST_SAID and said(text):
            texts[said(text)] = None


@dataclass
class Drafts:
    """The intents of a class. entities: name of an entity of its own -> what was said for it."""

    name: str
    intents: dict[str, Draft] = field(default_factory=dict)
    entities: dict[str, dict[str, None]] = field(default_factory=dict)

    def of(self, program: Program) -> Draft:
        """The intent of what a program calls."""
        draft = self.intents.setdefault(self.intent(program), Draft())
        draft.functions = tuple(dict.fromkeys((*draft.functions, *program.functions)))
        return draft

    def intent(self, program: Program) -> str:
        """Its name: `inbox`, `monitor.inbox`, `inbox.com.slack.send`.

        A query of the class that feeds an action of its own finds what the action is done to
        (`station() => radio_play(id=id)`): that is the action's intent.
        """
        prefix = f"{self.name}."
        own = [function.removeprefix(prefix) for function in program.functions]
        if all(function.startswith(prefix) for function in program.functions):
            own = own[-1:]
        return identifier(".".join([*(["monitor"] if program.stream else []), *own]))

    def language(self, locale: str, title: str, told: str) -> Language:
        """Only what has samples is an intent."""
        types = Types()
        intents = [
            self._intent(name, draft, types)
            for name, draft in self.intents.items()
            if draft.samples
        ]
        mute = {name: x for name, x in self.intents.items() if not x.samples and x.kept}
        silent = {name: _kept(draft) for name, draft in mute.items()}
        extra: dict[str, Any] = {OURS: {"thingpedia": silent}} if silent else {}
        return Language(
            locale=locale,
            invocation_name=title.lower(),
            description=told,
            intents=tuple(intents),
            types=tuple(types.found.values()),
            extra=extra,
        )

    def _intent(self, name: str, draft: Draft, types: Types) -> Intent:
        slots = []
        for slot in dict.fromkeys([*draft.kinds, *draft.asks]):
            kind = draft.kinds.get(slot, "String")
            texts = list(draft.said.get(slot, ()))
            type = self._type(slot, kind, texts, types)
            notes = {OURS: {"said": texts}} if texts and type == FREE_TEXT else {}
            slots.append(
                Slot(
                    slot,
                    type,
                    required=slot in draft.asks,
                    ask=tuple(draft.asks.get(slot, ())),
                    multiple=kind.startswith("Array"),
                    extra=notes,
                )
            )
        extra = {OURS: {"thingpedia": _kept(draft)}}
        return Intent(name, tuple(draft.samples), tuple(slots), tuple(draft.confirm), extra=extra)

    def _type(self, slot: str, kind: str, texts: Sequence[str], types: Types) -> str:
        """The slot type of a ThingTalk type."""
        whole = re.sub(r"\s+", "", kind)
        inner = re.fullmatch(r"(\w+)\((.*)\)", whole)
        outer, named = (inner[1], inner[2]) if inner else (whole, "")
        if outer == "Array" and named:
            return self._type(slot, named, texts, types)
        if outer == "Measure":
            return NUMBER
        if outer == "Boolean":
            return types.name_for("yes_no", YES_NO)
        if outer == "Enum":
            names = [x for x in named.split(",") if x and x != "*"]
            values = [TypeValue(x.replace("_", " "), x if "_" in x else None) for x in names]
            known = {value.value.casefold() for value in values}
            values += [TypeValue(x) for x in texts if x.casefold() not in known]
            return types.name_for(slot, values) if values else FREE_TEXT
        entity = named if outer == "Entity" else outer
        if entity in _KINDS:
            return _KINDS[entity]
        listed = [] if entity.startswith("tt:") else list(self.entities.get(entity, ()))
        values = [TypeValue(x) for x in listed]
        return types.name_for(entity.rsplit(":", 1)[-1], values) if values else FREE_TEXT


def _kept(draft: Draft) -> dict[str, list[str]]:
    """What goes word for word beside an intent."""
    return {"functions": [*draft.functions], **{why: [*x] for why, x in draft.kept.items()}}

"""Rasa's entities -> slot types: what examples annotate, lookups list and synonyms map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sayso.formats.names import slot_name, unlike
from sayso.formats.rasa.items import Item
from sayso.formats.rasa.spans import Span
from sayso.skills.builtin_types import FREE_TEXT, PREFIX
from sayso.skills.restore import OURS
from sayso.skills.templates import said
from sayso.types.skills import SlotType, TypeValue

NOTE = "rasa"  # our key among the notes of an `extra`
LEFT_OVER = "synonyms"  # the type of synonyms that are of no entity's value

# Entities of Rasa's own extractors (Duckling's dimensions, spaCy's labels).
_SYSTEM = {
    "TIME": "time TIME",
    "DATE": "date DATE",
    "DURATION": "duration",
    "Ordinal": "ordinal ORDINAL",
    "NUMBER": "number CARDINAL distance quantity volume temperature amount-of-money MONEY",
    "PhoneNumber": "phone-number",
    "Person": "PERSON PER",
    "City": "GPE LOC",
    "Corporation": "ORG",
    "SearchQuery": "email url",
}
SYSTEM: Mapping[str, str] = {
    name: PREFIX + builtin for builtin, names in _SYSTEM.items() for name in names.split()
}


@dataclass
class _Value:
    """A value on its way, with the texts that lookups, synonyms and examples gave it."""

    lookup: dict[str, None] = field(default_factory=dict)
    synonyms: dict[str, None] = field(default_factory=dict)
    examples: dict[str, None] = field(default_factory=dict)

    def made(self, value: str) -> TypeValue:
        ways = [x for x in (*self.lookup, *self.synonyms, *self.examples) if x != value]
        other = tuple(dict.fromkeys(ways))
        note: dict[str, Any] = {}
        if list(self.lookup) != [value]:
            note["lookup"] = list(self.lookup)
        if tuple(self.synonyms) != other:
            note["synonyms"] = list(self.synonyms)
        return TypeValue(value, synonyms=other, extra={OURS: {NOTE: note}} if note else {})


@dataclass
class Entities:
    """The slot types of a project.

    types: in the order in which their entities were met. names: entity -> its type, built-in ones
    included; an entity without any value has none. given: entity -> values of a built-in type.
    """

    types: list[SlotType] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    given: dict[str, list[str]] = field(default_factory=dict)

    def type_of(self, entity: str) -> str:
        """The type of a slot that an entity fills; free text where nothing is known of it."""
        return self.names.get(entity, FREE_TEXT)


def build_entities(
    spans: Iterable[Span],
    items: Sequence[Item],
    values: Mapping[str, Sequence[str]],
    extracted: Collection[str],
) -> Entities:
    """The types of all entities; what becomes of lookups and synonyms goes to their books.

    values: of categorical slots, by entity. extracted: entities that Rasa's own extractors find.
    """
    synonyms = _synonyms(items)
    canonical: dict[str, str] = {}  # of two values that claim a text the first has it
    for value, ways in synonyms.items():
        for way in ways:
            canonical.setdefault(way.casefold(), value)
    found: dict[str, dict[str, _Value]] = defaultdict(dict)
    texts: dict[str, set[str]] = defaultdict(set)  # of each entity, folded
    annotated: dict[str, dict[str, None]] = defaultdict(dict)

    def place(entity: str, text: str, value: str | None) -> _Value:
        known = found[entity]
        meant = value or canonical.get(text.casefold(), text)
        texts[entity] |= {text.casefold(), meant.casefold()}
        return known.setdefault(meant, _Value())

    for item in items:
        if item.kind == "lookup":
            for text in _usable(item, "values of lookups"):
                place(item.name, text, None).lookup[text] = None
    listed = {*found, *values}
    for entity, some in values.items():
        for text in some:
            place(entity, text, None)
    for span in spans:
        annotated[span.entity].setdefault(span.text)
        if said(span.text):
            place(span.entity, span.text, span.value).examples[span.text] = None
    result = Entities()
    for entity in [*annotated, *extracted]:
        given = list(annotated[entity])
        system = entity in SYSTEM and entity not in listed
        if system and (entity in extracted or all(map(_has_digit, given))):
            result.names[entity], result.given[entity] = SYSTEM[entity], given
            found.pop(entity, None)
    _share_out(synonyms, found, texts)
    taken: set[str] = set()
    for entity, those in found.items():
        name = slot_name(entity, taken)
        taken.add(name)
        result.names.setdefault(entity, name)
        result.types.append(_type(name, entity, those))
    return result


def _share_out(
    synonyms: Mapping[str, Mapping[str, None]],
    found: dict[str, dict[str, _Value]],
    texts: Mapping[str, Collection[str]],
) -> None:
    """Each synonym to the entities that have its value, or a text of it, among theirs.

    Rasa applies it to whatever entity is found. To take it for a value of each of them would have
    every catalogue hold every other's words; one of nobody's is kept in a type of its own.
    """
    having: dict[str, dict[str, None]] = defaultdict(dict)
    for entity in found:
        for word in texts.get(entity, ()):
            having[word][entity] = None
    nobodys = unlike(LEFT_OVER, texts)
    for value, ways in synonyms.items():
        words = dict.fromkeys((value.casefold(), *(way.casefold() for way in ways)))
        owners = dict.fromkeys(entity for word in words for entity in having.get(word, ()))
        for entity in owners or [nobodys]:
            found.setdefault(entity, {}).setdefault(value, _Value()).synonyms.update(ways)


def _type(name: str, entity: str, values: Mapping[str, _Value]) -> SlotType:
    made = tuple(each.made(value) for value, each in values.items())
    return SlotType(name, made, {OURS: {NOTE: {"entity": entity}}} if entity != name else {})


def _synonyms(items: Iterable[Item]) -> dict[str, dict[str, None]]:
    """Value -> what else it is called."""
    found: dict[str, dict[str, None]] = {}
    for item in items:
        if item.kind != "synonym":
            continue
        ways = found.setdefault(item.name, {})
        for text in _usable(item, "texts of synonyms"):
            ways[text] = None
    return {value: ways for value, ways in found.items() if ways and said(value)}


def _usable(item: Item, kind: str) -> Iterable[str]:
    for text in item.texts:
        if said(text.text) and said(item.name):
            text.book.read(kind)
            yield text.text
        else:
            text.book.skip(text.where, text.text, "nothing that can be said")


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))

"""Entity types of Dialogflow -> slot types."""

from __future__ import annotations

from collections.abc import Iterable

from sayso.formats.foreign import Node
from sayso.skills.templates import said
from sayso.types.skills import SlotType, TypeValue

_FLAGS = ("id", "isOverridable", "isEnum", "isRegexp", "automatedExpansion", "allowFuzzyExtraction")


def read_entries(name: str, entries: Iterable[Node], *, pattern: bool) -> SlotType | None:
    """The values of an entity; None if it has none that a person can say.

    pattern: its values are regular expressions.
    """
    values: dict[str, TypeValue] = {}
    for entry in entries:
        entry.at("languageCode").skip("bookkeeping of Dialogflow")
        if pattern:
            entry.skip("a pattern: values of regular expressions are free text here")
            continue
        value = _value(entry, values)
        if value:
            values[value.value] = value
    return SlotType(name, tuple(values.values())) if values else None


def _value(entry: Node, taken: dict[str, TypeValue]) -> TypeValue | None:
    name = entry.at("value").text()
    synonyms = [node for node in entry.at("synonyms").items() if node.text()]
    if not name or name in taken:
        entry.skip("a value given twice" if name else "a value without text")
        return None
    texts = [node.text() for node in synonyms]
    if any(text.startswith("@") for text in (name, *texts)):
        entry.skip("a value made of other entities")
        return None
    for node in synonyms:
        node.read("synonyms")
    # The agent hears only the synonyms; where its own name for the value is none, nobody says it.
    heard = [text for text in texts if said(text).casefold() == said(name).casefold()]
    if texts and not heard and texts[0] not in taken:
        entry.at("value").map("id of a value, said in other words only")
        return TypeValue(texts[0], name, tuple(dict.fromkeys(texts[1:])))
    entry.at("value").read("values")
    return TypeValue(name, None, tuple(x for x in dict.fromkeys(texts) if x != name))


def skip_flags(node: Node) -> None:
    """What an entity's own file says besides its name."""
    for key in _FLAGS:
        node.at(key).skip("settings of Dialogflow's recogniser")

"""The files of one language -> its blocks of sentences, lists, rules, responses and names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sayso.errors import SkillError
from sayso.formats.home_assistant.files import Part
from sayso.formats.home_assistant.places import FACTS, KEPT, Text, map_all, read_names
from sayso.skills.accounting import leaves
from sayso.skills.yaml_lines import Path

_CONDITIONS = ("requires_context", "excludes_context", "name_domains", "required_keywords")
_ASKED = "conditions, which the grammar asks"


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences of an intent that share fixed slots and conditions. new: of the new layout."""

    intent: str
    sentences: Sequence[Text]
    slots: Mapping[str, Any]
    rules: Mapping[str, Text]
    lists: Mapping[str, Any]
    response: str
    raw: Mapping[str, Any]
    new: bool


@dataclass
class Gathered:
    """All of a language. first_lists, first_rules: those that sentences of the new layout prefer.

    lists: name -> raw list. names: area, floor and name -> what such a thing is called.
    facts: name of a thing, in lower case -> what each thing of that name is, such as its domain.
    """

    locale: str
    blocks: list[Block] = field(default_factory=list)
    lists: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, Text] = field(default_factory=dict)
    first_lists: dict[str, Any] = field(default_factory=dict)
    first_rules: dict[str, Text] = field(default_factory=dict)
    responses: dict[str, dict[str, Text]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    facts: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)


def gather(parts: Sequence[Part], locale: str) -> Gathered:
    """What the files of a locale, and those of all, come to. Raises SkillError with the line."""
    found = Gathered(locale)
    for part in parts:
        if part.locale not in (locale, ""):
            continue
        if not isinstance(part.data, Mapping):
            raise SkillError(f"{part.label}:1: nothing in it that has a name; write `intents:`")
        if part.kind == "fixtures":
            read_names(part, found.names, found.facts)
        elif part.intent and "intents" not in part.data:
            _combination(part, found)
        else:
            _document(part, found)
    return found


def _document(part: Part, found: Gathered) -> None:
    first = part.kind in ("lists", "rules")
    for key, node in part.data.items():
        at: Path = (key,)
        if key == "language" and isinstance(node, str):
            part.book.read("languages")
        elif key == "intents":
            for intent, about in _mapping(part, node, at):
                _intent(part, intent, about, (*at, intent), found)
        elif key in ("lists", "combination_lists"):
            lists = found.first_lists if first or key != "lists" else found.lists
            lists |= dict(_lists(part, node, at))
        elif key in ("expansion_rules", "combination_rules"):
            new = first or key != "expansion_rules"
            rules = found.first_rules if new else found.rules
            rules |= _rules(part, node, at)
        elif key == "responses":
            _responses(part, node, at, found)
        else:
            found.kept[key] = node
            if key == "skip_words":
                map_all(Text("", part, at), node, "words that the grammar passes over")
            else:
                part.book.skip(key, node, KEPT)


def _combination(part: Part, found: Gathered) -> None:
    """A file of the new layout: one block, or several below `data`."""
    listed = part.data.get("data")
    if not isinstance(listed, list):
        found.blocks.append(_block(part, part.intent, part.data, (), True))
        return
    for number, raw in enumerate(listed):
        found.blocks.append(_block(part, part.intent, raw, ("data", number), True))
    for key, node in part.data.items():
        if key == "language":
            part.book.read("languages")
        elif key != "data":
            part.book.skip(key, node, KEPT)


def _intent(part: Part, intent: str, about: Any, path: Path, found: Gathered) -> None:
    for key, node in _mapping(part, about, path):
        if key != "data":
            found.kept.setdefault("intents", {}).setdefault(intent, {})[key] = node
            part.book.skip(f"intents.{intent}.{key}", node, KEPT)
            continue
        if not isinstance(node, list):
            raise SkillError(
                f"{part.at((*path, key))}: `data` is a list; put `- ` before sentences"
            )
        for number, raw in enumerate(node):
            new = isinstance(raw, Mapping) and "slot_combination" in raw
            found.blocks.append(_block(part, intent, raw, (*path, key, number), new))


def _block(part: Part, intent: str, raw: Any, path: Path, new: bool) -> Block:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("sentences"), list):
        raise SkillError(f"{part.at(path)}: no list of sentences; add `sentences:`")
    sentences = []
    for number, text in enumerate(raw["sentences"]):
        at = (*path, "sentences", number)
        if isinstance(text, Mapping | list) or text is None:
            raise SkillError(f"{part.at(at)}: no sentence; put the text in quotes")
        sentences.append(Text(str(text), part, at))
    slots = raw.get("slots")
    fixed = dict(slots) if isinstance(slots, Mapping) else {}
    for key, node in raw.items():
        below = Text("", part, (*path, key))
        if key == "slots" and isinstance(node, Mapping):
            for value in fixed.values():
                if isinstance(value, str | int | float):
                    part.book.read("fixed slots")
                else:
                    part.book.skip(below.where, value, KEPT)
        elif key == "inferred_domain" and isinstance(node, str):
            fixed.setdefault("domain", node)
            part.book.read("fixed slots")
        elif key == "response" and isinstance(node, str):
            part.book.read("names of responses")
        elif key == "language":
            part.book.read("languages")
        elif key in _CONDITIONS:
            map_all(below, node, _ASKED)
        elif key not in ("sentences", "expansion_rules", "lists"):
            part.book.skip(below.where, node, "condition or note of Home Assistant's; kept")
    rules = _rules(part, raw.get("expansion_rules", {}), (*path, "expansion_rules"))
    lists = dict(_lists(part, raw.get("lists", {}), (*path, "lists")))
    response = raw.get("response")
    named = response if isinstance(response, str) else "default"
    return Block(intent, sentences, fixed, rules, lists, named, raw, new)


def _rules(part: Part, node: Any, path: Path) -> dict[str, Text]:
    found = {}
    for name, text in _mapping(part, node, path):
        found[name] = Text(str(text), part, (*path, name))
        for _ in leaves(text):  # a list in its place has many, or none
            part.book.read("rules")
    return found


def _lists(part: Part, node: Any, path: Path) -> Iterator[tuple[str, Any]]:
    for name, raw in _mapping(part, node, path):
        at = (*path, name)
        values = raw.get("values") if isinstance(raw, Mapping) else None
        for key, below in _mapping(part, raw, at):
            where = Text("", part, (*at, key)).where
            if key == "wildcard" and not isinstance(below, Mapping | list):
                part.book.map(where, below, "free text")
            elif key == "range" and isinstance(below, Mapping):
                for step, number in below.items():
                    if isinstance(number, Mapping | list):
                        part.book.skip(f"{where}.{step}", number, KEPT)
                    else:
                        part.book.map(f"{where}.{step}", number, "numbers")
            elif key != "values" or not isinstance(below, list):
                part.book.skip(where, below, KEPT)
        for number, value in enumerate(values if isinstance(values, list) else ()):
            _count_value(part, (*at, "values", number), value)
        yield name, raw


def _count_value(part: Part, path: Path, value: Any) -> None:
    if isinstance(value, list) or value is None:
        part.book.skip(Text("", part, path).where, value, "a value without words")
        return
    if not isinstance(value, Mapping):
        part.book.read("values")
        return
    for key, node in value.items():
        if key in ("in", "out") and not isinstance(node, Mapping | list):
            part.book.read("values")
        elif key == "context":
            map_all(Text("", part, (*path, key)), node, FACTS)
        else:
            part.book.skip(Text("", part, (*path, key)).where, node, KEPT)


def _responses(part: Part, node: Any, path: Path, found: Gathered) -> None:
    """`responses.intents.X.default`, or without `intents` as the JSON has it."""
    for key, below in _mapping(part, node, path):
        if key == "errors":
            found.kept["errors"] = below
            part.book.skip("responses.errors", below, KEPT)
            continue
        intents = below if key == "intents" else {key: below}
        at = (*path, "intents") if key == "intents" else path
        for intent, texts in _mapping(part, intents, at):
            for name, text in _mapping(part, texts, (*at, intent)):
                given = Text(str(text), part, (*at, intent, name))
                if isinstance(text, Mapping | list):
                    part.book.skip(given.where, text, KEPT)
                    continue
                found.responses.setdefault(intent, {})[name] = given


def _mapping(part: Part, node: Any, path: Path) -> list[tuple[str, Any]]:
    if node is None:
        part.book.skip(Text("", part, path).where, node, "nothing in it")
        return []
    if not isinstance(node, Mapping):
        raise SkillError(f"{part.at(path)}: expected names and what they stand for; write `x: ...`")
    return [(str(key), below) for key, below in node.items()]

"""Snips datasets -> drafts: documents of YAML (`type: intent`, `type: entity`), and their JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from sayso.errors import SkillError
from sayso.formats.names import slot_name
from sayso.formats.snips.drafts import Drafts, IntentDraft, SlotDraft
from sayso.formats.snips.utterances import read_chunks, read_marked
from sayso.skills.accounting import Ledger, leaves
from sayso.skills.templates import said
from sayso.skills.tree import Tree, read_yaml_text
from sayso.skills.yaml_lines import Document, parse_yaml, typed

KEPT = "Snips' own; kept"
_MOST = 100_000_000  # documents times lines
_START = re.compile(r"^---(?=\s|$).*$", re.MULTILINE)


def documents(tree: Tree, name: str) -> list[tuple[Any, Document]]:
    """The documents of a YAML file, with their lines in the file. Raises SkillError."""
    text = read_yaml_text(tree, name)
    label = tree.label(name)
    cuts = [0, *(match.start() for match in _START.finditer(text)), len(text)]
    found = []
    # Each is parsed behind as many blank lines as stand before it: its lines are the file's.
    if len(cuts) * (text.count("\n") + 1) > _MOST:
        raise SkillError(f"{label}:1: too many documents for a file of its length; split the file")
    for start, end in pairwise(cuts):
        part = _START.sub("", text[start:end], count=1)
        if part.strip():
            document = parse_yaml("\n" * text.count("\n", 0, start) + part, label)
            if document.problems:
                raise SkillError(*(f"{label}:{line}: {what}" for line, what in document.problems))
            if document.data is not None:
                found.append((typed(document.data), document))
    return found


def read_document(data: Any, label: str, document: Document, drafts: Drafts, book: Ledger) -> None:
    """One document. Raises SkillError for what is neither an intent nor an entity with a name."""
    kind = data.get("type") if isinstance(data, Mapping) else None
    name = data.get("name") if isinstance(data, Mapping) else None
    if kind not in ("intent", "entity") or not isinstance(name, str) or not said(name):
        line = document.line(("type",))
        what = "neither `type: intent` nor `type: entity` with a name; add them"
        raise SkillError(f"{label}:{line}: {what}")
    book.read("types")
    book.read("names")
    if kind == "entity":
        _values(data.get("values", []), name, label, document, drafts, book)
    else:
        _intent(data, name, label, document, drafts, book)
    used = ("type", "name", "values") if kind == "entity" else ("type", "name", *_OF_INTENT)
    for key, node in data.items():
        if key not in used:
            drafts.kept.setdefault(name, {})[key] = node
            book.skip(key, node, KEPT)


_OF_INTENT = ("slots", "utterances")


def _intent(
    data: Mapping[str, Any],
    name: str,
    label: str,
    document: Document,
    drafts: Drafts,
    book: Ledger,
) -> None:
    intent = drafts.intents.setdefault(name, IntentDraft())
    for number, raw in enumerate(_list(data, "slots", label, document)):
        slot = raw.get("name") if isinstance(raw, Mapping) else None
        entity = raw.get("entity") if isinstance(raw, Mapping) else None
        if not isinstance(slot, str) or not isinstance(entity, str):
            where = f"{label}:{document.line(('slots', number))}"
            raise SkillError(f"{where}: a slot has a `name` and an `entity`; add them")
        intent.slots[slot_name(slot)] = SlotDraft(entity)
        for key, node in raw.items():
            if key in ("name", "entity"):
                book.read("slots")
            else:
                book.skip(f"slots[{number}].{key}", node, KEPT)
    for number, raw in enumerate(_list(data, "utterances", label, document)):
        where = f"utterances[{number}]"
        if isinstance(raw, Mapping | list):
            book.skip(where, raw, "no text: put it in quotes")
            continue
        text = str(raw)
        try:
            drafts.take(intent, read_marked(text), text, where, 1, book)
        except ValueError as error:
            book.skip(where, raw, f"cannot be read: {error}")


def _values(
    raw: Any, kind: str, label: str, document: Document, drafts: Drafts, book: Ledger
) -> None:
    drafts.types.setdefault(kind, {})
    if raw is None:
        book.skip("values", raw, "nothing in it")
        return
    if not isinstance(raw, list):
        where = f"{label}:{document.line(('values',))}"
        raise SkillError(f"{where}: `values` is a list; put `- ` before each")
    for number, item in enumerate(raw):
        ways = item if isinstance(item, list) else [item]
        texts = [
            str(way) for way in ways if not isinstance(way, Mapping | list) and way is not None
        ]
        if len(texts) < len(ways) or not texts or not said(texts[0]):
            book.skip(f"values[{number}]", item, "a value without words")
            continue
        drafts.value(kind, texts[0], texts[1:])
        for _ in texts:
            book.read("values")


def _list(data: Mapping[str, Any], key: str, label: str, document: Document) -> list[Any]:
    node = data.get(key, [])
    if not isinstance(node, list):
        raise SkillError(
            f"{label}:{document.line((key,))}: `{key}` is a list; put `- ` before each"
        )
    return node


def read_json_dataset(data: Mapping[str, Any], drafts: Drafts, book: Ledger) -> None:
    """The JSON that a dataset is made into: `language`, `intents`, `entities`."""
    for name, about in _named(data, "entities", book):
        _json_entity(name, about, drafts, book)
    for name, about in _named(data, "intents", book):
        intent = drafts.intents.setdefault(name, IntentDraft())
        for key, node in about.items():
            if key != "utterances" or not isinstance(node, list):
                intent.kept[key] = node
                book.skip(f"intents.{name}.{key}", node, KEPT)
                continue
            for number, raw in enumerate(node):
                where = f"intents.{name}.utterances[{number}]"
                try:
                    given = read_chunks(raw.get("data") if isinstance(raw, Mapping) else None)
                except ValueError as error:
                    book.skip(where, raw, f"cannot be read: {error}")
                    continue
                lines = sum(1 for _ in leaves(raw))
                drafts.take(intent, given, given.plain, where, lines, book)
    for key, node in data.items():
        if key == "language" and isinstance(node, str):
            book.read("languages")
        elif key not in ("entities", "intents"):
            drafts.kept[key] = node
            book.skip(key, node, KEPT)


def _json_entity(name: str, about: Mapping[str, Any], drafts: Drafts, book: Ledger) -> None:
    builtin = name.startswith("snips/")
    if not builtin:
        drafts.types.setdefault(name, {})
    for key, node in about.items():
        where = f"entities.{name}.{key}"
        if key != "data" or not isinstance(node, list):
            drafts.kept.setdefault(name, {})[key] = node
            book.skip(where, node, KEPT)
            continue
        for number, item in enumerate(node):
            value = item.get("value") if isinstance(item, Mapping) else None
            ways = item.get("synonyms", []) if isinstance(item, Mapping) else None
            if not isinstance(value, str) or not said(value) or not isinstance(ways, list):
                book.skip(f"{where}[{number}]", item, "a value without words")
                continue
            if builtin:
                book.skip(f"{where}[{number}]", item, KEPT)
                continue
            drafts.value(name, value, [way for way in ways if isinstance(way, str)])
            for _ in leaves(item):
                book.read("values")


def _named(data: Mapping[str, Any], key: str, book: Ledger) -> Iterator[tuple[str, Any]]:
    node = data.get(key)
    if not isinstance(node, Mapping):
        book.skip(key, node, "no names and what they stand for") if key in data else None
        return
    for name, about in node.items():
        if isinstance(about, Mapping):
            yield name, about
        else:
            book.skip(f"{key}.{name}", about, "nothing about it")

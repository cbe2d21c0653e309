"""Project Alice's dialog templates -> drafts: `slotTypes`, `intents` with utterances and slots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sayso.formats.names import slot_name
from sayso.formats.snips.drafts import Drafts, IntentDraft, SlotDraft
from sayso.formats.snips.utterances import read_alice
from sayso.skills.accounting import Ledger, leaves
from sayso.skills.templates import said

KEPT = "Project Alice's own; kept"


def read_template(data: Mapping[str, Any], drafts: Drafts, book: Ledger) -> str:
    """One language's template. Returns the skill's description."""
    description = data.get("description")
    for where, name, about in _named(data, "slotTypes", book):
        book.read("slot types")
        _type(where, name, about, drafts, book)
    for where, name, about in _named(data, "intents", book):
        book.read("intents")
        _intent(where, name, about, drafts, book)
    for key, node in data.items():
        if key in ("skill", "module", "description") and isinstance(node, str):
            book.read("names and descriptions")
        elif key not in ("slotTypes", "intents"):
            drafts.kept[key] = node
            book.skip(key, node, KEPT)
    return description if isinstance(description, str) else ""


def _type(where: str, name: str, about: Mapping[str, Any], drafts: Drafts, book: Ledger) -> None:
    drafts.types.setdefault(name, {})
    for key, node in about.items():
        if key != "values" or not isinstance(node, list):
            if key != "name":
                drafts.kept.setdefault(name, {})[key] = node
                book.skip(f"{where}.{key}", node, KEPT)
            continue
        for number, item in enumerate(node):
            value = item.get("value") if isinstance(item, Mapping) else item
            ways = item.get("synonyms") or [] if isinstance(item, Mapping) else []
            usable = isinstance(value, str) and said(value) and isinstance(ways, list)
            if not usable:
                book.skip(f"{where}.values[{number}]", item, "a value without words")
                continue
            drafts.value(name, str(value), [way for way in ways if isinstance(way, str)])
            for _ in leaves(item):
                book.read("values")


def _intent(where: str, name: str, about: Mapping[str, Any], drafts: Drafts, book: Ledger) -> None:
    intent = drafts.intents.setdefault(name, IntentDraft())
    for _, raw, slot in _named(about, "slots", book, where):
        _slot(slot_name(raw), slot, intent)
        for key, node in slot.items():
            taken = key in ("type", "required") or (key == "missingQuestion" and node)
            if (taken and not isinstance(node, Mapping | list)) or key == "name":
                book.read("slots")
            else:
                book.skip(f"{where}.slots.{raw}.{key}", node, KEPT)
    for key, node in about.items():
        if key == "utterances" and isinstance(node, list):
            _utterances(where, node, intent, drafts, book)
        elif key not in ("name", "slots"):
            intent.kept[key] = node
            book.skip(f"{where}.{key}", node, KEPT)


def _slot(name: str, about: Mapping[str, Any], intent: IntentDraft) -> None:
    kind, question = about.get("type"), about.get("missingQuestion")
    asked = (question,) if isinstance(question, str) and said(question) else ()
    entity = kind if isinstance(kind, str) else ""
    intent.slots[name] = SlotDraft(entity, about.get("required") is True, asked)


def _utterances(
    where: str, node: list[Any], intent: IntentDraft, drafts: Drafts, book: Ledger
) -> None:
    for number, text in enumerate(node):
        place = f"{where}.utterances[{number}]"
        try:
            if not isinstance(text, str):
                raise ValueError("no text; put it in quotes")
            drafts.take(intent, read_alice(text), text, place, 1, book)
        except ValueError as error:
            book.skip(place, text, f"cannot be read: {error}")


def _named(
    data: Mapping[str, Any], key: str, book: Ledger, within: str = ""
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Path, name and content of the named things in a list."""
    node = data.get(key)
    if key in data and not isinstance(node, list):
        book.skip(f"{within}.{key}", node, "not a list")
    for number, item in enumerate(node if isinstance(node, list) else ()):
        where = f"{within}.{key}[{number}]"
        name = item.get("name") if isinstance(item, Mapping) else None
        if isinstance(name, str) and said(name):
            yield where, name, item
        else:
            book.skip(where, item, "nothing that has a name")

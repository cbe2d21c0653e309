"""What became of the lines of a domain, of rules and stories, and of settings."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sayso.formats.names import locale
from sayso.formats.rasa.domain import response_text
from sayso.formats.rasa.items import spread
from sayso.formats.rasa.links import Links, Spot, is_test
from sayso.formats.rasa.markdown import read_responses
from sayso.skills.accounting import Ledger, leaves

ACTIONS = "runs on Rasa's action server; give the skill a back-end"
_LINKED = "what an intent begins or is answered"
_TESTED = "rows of a test set"
_BEYOND = "a rule or story beyond its first turn; Sayso's dialogue chooses by itself"
_SETTINGS = {
    "pipeline": "a setting of Rasa's models; Sayso has its own",
    "policies": "a setting of Rasa's models; Sayso has its own",
    "session_config": "a setting of Rasa's conversations; Sayso has its own",
    "flows": "a flow, which Rasa runs with a language model",
    "actions": ACTIONS,
    "e2e_actions": "an answer of a story; Sayso's dialogue chooses by itself",
}


@dataclass
class Taken:
    """What of a project became part of the skill, by Rasa's names.

    refused: text of a response -> why it became no reply.
    """

    intents: Collection[str] = ()
    entities: Collection[str] = ()
    slots: Collection[str] = ()
    forms: Collection[str] = ()
    replies: Collection[str] = ()
    prompts: Collection[str] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    links: Links = field(default_factory=Links)


def account(data: Mapping[str, Any], file: str, taken: Taken, book: Ledger) -> None:
    """Writes down all of a file but its `nlu`."""
    for key, raw in data.items():
        node, where = spread(raw), f"{file}: {key}"
        if key == "version":
            _each(node, book, "versions")
        elif key == "language":
            _language(where, node, book)
        elif key in ("intents", "entities"):
            _names(where, node, key, taken, book)
        elif key == "slots":
            _slots(where, node, taken, book)
        elif key == "forms":
            _forms(where, node, taken, book)
        elif key in ("responses", "templates"):
            _responses(where, raw, taken, book)
        elif key in ("rules", "stories"):
            _stories(file, key, node, taken.links, book)
        elif key != "nlu":
            book.skip(where, node, _SETTINGS.get(key, f"{key}: not used"))


def _language(where: str, node: Any, book: Ledger) -> None:
    spoken = locale(node) if isinstance(node, str) else None
    if spoken is None:
        book.skip(where, node, "a language that Sayso does not know; taken for en-US")
    elif spoken == node:
        book.read("languages")
    else:
        book.map(where, node, f"language {spoken}")


def _names(where: str, node: Any, key: str, taken: Taken, book: Ledger) -> None:
    """`intents` and `entities`: names, or names with more about them."""
    known = taken.intents if key == "intents" else taken.entities
    groups = {name.partition("/")[0] for name in known} if key == "intents" else set()
    for item in node if isinstance(node, list) else [node]:
        if isinstance(item, str) and (item in known or item in groups):
            book.read(f"{key} of the domain")
        elif isinstance(item, Mapping):
            book.skip(where, item, "what examples tell by themselves")
        else:
            lacks = "an intent without examples" if key == "intents" else "an entity of no example"
            book.skip(where, item, lacks)


def _slots(where: str, node: Any, taken: Taken, book: Ledger) -> None:
    for name, slot in node.items() if isinstance(node, Mapping) else [("", node)]:
        if name not in taken.slots or not isinstance(slot, Mapping):
            book.skip(f"{where}.{name}", slot, "a slot that no form asks for")
            continue
        for key, child in slot.items():
            if key in ("type", "mappings", "values"):
                _each(child, book, "slots of forms")
            else:
                book.skip(f"{where}.{name}.{key}", child, "a setting of Rasa's stories")


def _forms(where: str, node: Any, taken: Taken, book: Ledger) -> None:
    listed = [(str(x), x) for x in node] if isinstance(node, list) else [("", node)]
    for name, form in node.items() if isinstance(node, Mapping) else listed:
        if name in taken.forms:
            _each(form, book, "required slots" if isinstance(node, Mapping) else "forms")
        else:
            book.skip(f"{where}.{name}", form, "a form that no rule or story begins")


def _responses(where: str, node: Any, taken: Taken, book: Ledger) -> None:
    for name, variants in node.items() if isinstance(node, Mapping) else [("", node)]:
        path = f"{where}.{name}"
        kind = "prompts" if name in taken.prompts else "replies"
        if name not in taken.prompts and name not in taken.replies:
            refused = [taken.refused[x] for x in _texts(variants) if x in taken.refused]
            why = refused[0] if refused else "a response that belongs to no intent or slot"
            book.skip(path, spread(variants), why)
            continue
        for variant in variants if isinstance(variants, list) else [variants]:
            _variant(path, variant, kind, taken, book)


def _variant(path: str, variant: Any, kind: str, taken: Taken, book: Ledger) -> None:
    text = response_text(variant)
    rest = {k: x for k, x in variant.items() if k != "text"} if isinstance(variant, Mapping) else {}
    book.skip(path, spread(rest), "buttons, pictures and channels")
    if isinstance(variant, Mapping) and "text" not in variant:
        return
    lines = spread(variant["text"] if isinstance(variant, Mapping) else variant)
    if text is None:
        book.skip(path, lines, "a response without text, or for one channel")
    elif text in taken.refused and kind == "replies":
        book.skip(path, lines, taken.refused[text])
    elif "{" in text and kind == "prompts":
        book.skip(path, lines, "a prompt that speaks a slot")
    elif "{" in text:
        for _, line in leaves(lines):
            book.map(path, line, "reply template")
    else:
        _each(lines, book, kind)


def _stories(file: str, key: str, node: Any, links: Links, book: Ledger) -> None:
    for number, item in enumerate(node if isinstance(node, list) else ()):
        at = f".{key}[{number}]"
        why = _BEYOND
        if isinstance(item, Mapping) and is_test(item):
            why = "a test conversation"
        for path, leaf in leaves(item):
            if (file, at + path) in links.used:
                book.map(f"{file}: {at}{path}", leaf, _LINKED)
            elif (file, at + path) in links.tested:
                book.map(f"{file}: {at}{path}", leaf, _TESTED)
            else:
                book.skip(f"{file}: {at}{path}", leaf, why)
    if not isinstance(node, list):
        book.skip(f"{file}: {key}", node, "not a list of stories")


def account_stories(
    text: str, stories: Sequence[Mapping[str, Any]], file: str, links: Links, book: Ledger
) -> None:
    """Writes down the lines of stories in Markdown. stories: as `read_stories` has them."""
    used = _lines(links.used, stories, file)
    tested = _lines(links.tested, stories, file)
    for number, line in enumerate(text.splitlines(), start=1):
        if number in used:
            book.map(f"{file}:{number}", line.strip(), _LINKED)
        elif number in tested:
            book.map(f"{file}:{number}", line.strip(), _TESTED)
        elif line.strip():
            book.skip(f"{file}:{number}", line.strip(), _BEYOND)


def account_answers(text: str, file: str, taken: Taken, book: Ledger) -> None:
    """Writes down the lines of responses in Markdown."""
    answers = {number: (intent, said) for number, intent, said in read_responses(text)}
    for number, line in enumerate(text.splitlines(), start=1):
        where, intent = f"{file}:{number}", answers.get(number, ("", ""))[0]
        if intent and f"utter_{intent}" in taken.replies:
            _variant(where, answers[number][1], "replies", taken, book)
        elif line.strip():
            why = "a response that belongs to no intent or slot" if intent else "a heading"
            book.skip(where, line.strip(), why)


def _lines(spots: Collection[Spot], stories: Sequence[Mapping[str, Any]], file: str) -> set[int]:
    """The numbers of the lines that these steps stand on."""
    found = (re.match(r"\.stories\[(\d+)\]\.steps\[(\d+)\]", p) for f, p in spots if f == file)
    return {stories[int(spot[1])]["steps"][int(spot[2])]["line"] for spot in found if spot}


def _each(node: Any, book: Ledger, kind: str) -> None:
    for _ in leaves(node):
        book.read(kind)


def _texts(variants: Any) -> list[str]:
    found = [response_text(x) for x in (variants if isinstance(variants, list) else [variants])]
    return [text for text in found if text is not None]

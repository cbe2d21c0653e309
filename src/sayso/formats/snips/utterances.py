"""An utterance with its slots -> a sample of ours, and the values that stood in it.

Snips YAML    turn on the light in the [room:house_room](kitchen)      [room]  also alone
Snips JSON    {"data": [{"text": "turn on "}, {"text": "kitchen", "slot_name": "room", ...}]}
Alice         turn on the light in the {kitchen:=>Room}                `*` is anything
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sayso.formats.names import slot_name, unlike

_MARKED = re.compile(r"\[\s*([^\[\]:()]+?)\s*(?::\s*([^\[\]()]+?)\s*)?\](?:\(([^()]*)\))?")
_ALICE = re.compile(r"\{([^{}]*?):?=>\s*([^{}]+?)\s*\}|(?<!\S)\*(?!\S)")
ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Said:
    """A slot in an utterance. entity: the type's name, "" if it is not given here."""

    slot: str
    entity: str
    value: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sample, and what was said for its slots. plain: the utterance as people say it."""

    sample: str
    said: Sequence[Said]
    plain: str


def read_marked(text: str) -> Utterance:
    """Of Snips YAML. Raises ValueError for brackets that mark no slot."""
    said: list[Said] = []

    def place(match: re.Match[str]) -> str:
        said.append(Said(slot_name(match[1]), match[2] or "", " ".join((match[3] or "").split())))
        return f"{{{said[-1].slot}}}"

    _refuse("{}", text)
    sample = _MARKED.sub(place, text)
    _refuse("[]", sample)
    return _utterance(sample, said)


def read_alice(text: str) -> Utterance:
    """Of Project Alice. Raises ValueError for braces that mark no slot."""
    said: list[Said] = []

    def place(match: re.Match[str]) -> str:
        if match[2] is None:
            name = unlike(ANYTHING, [each.slot for each in said])
            said.append(Said(name, ANYTHING, ""))
        else:
            said.append(Said(slot_name(match[2]), "", " ".join(match[1].split())))
        return f"{{{said[-1].slot}}}"

    _refuse("{}", _ALICE.sub("", text))
    return _utterance(_ALICE.sub(place, text), said)


def read_chunks(chunks: Any) -> Utterance:
    """Of Snips JSON. Raises ValueError for what is no list of texts."""
    said: list[Said] = []
    sample = ""
    for chunk in chunks if isinstance(chunks, list) else [None]:
        text = chunk.get("text") if isinstance(chunk, Mapping) else None
        if not isinstance(chunk, Mapping) or not isinstance(text, str):
            raise ValueError("a part without `text`; add one")
        name = chunk.get("slot_name")
        if isinstance(name, str) and name.strip():
            entity = chunk.get("entity")
            kind = entity if isinstance(entity, str) else ""
            said.append(Said(slot_name(name), kind, " ".join(text.split())))
            sample += f"{{{said[-1].slot}}}"
        else:
            _refuse("{}", text)
            sample += text
    return _utterance(sample, said)


def _utterance(sample: str, said: list[Said]) -> Utterance:
    tidy = " ".join(sample.split())
    if not tidy:
        raise ValueError("nothing is said; write words or delete it")
    plain, rest = tidy, list(said)
    for each in rest:
        plain = plain.replace(f"{{{each.slot}}}", each.value or f"<{each.slot}>", 1)
    return Utterance(tidy, tuple(said), plain)


def _refuse(strange: str, text: str) -> None:
    if any(mark in text for mark in strange):
        raise ValueError(f"a {strange[0]} or {strange[1]} that marks no slot; delete it")

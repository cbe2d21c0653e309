"""Lines of other assistants' intent files -> samples with `{slot}`, and the values seen in them.

ovos          what is the weather in {location}      (show|tell) me the [next] event
thingpedia    turn off my ${p_name:const} fan
susi          who wrote *
snips, alice  set the lights to {relax:=>Scene}
rasa          pay Mona $60, of which "Mona" is marked as a slot's value
leon          add @todos to my @list list            [Add|Append] @todos
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sayso.skills.templates import pieces, stray_brace

WAYS = 2  # of a line with alternatives, that are taken
_ALICE = re.compile(r"\{([^{}:]*):?=>(\w+)\}")
_THING = re.compile(r"\$\{(\w+)(?::\w+)?\}|\$(\w+)")
_LEON = re.compile(r"@(\w+)")
_NUMBER = re.compile(r"#+")
_CHOICE = re.compile(r"([(\[])([^()\[\]]*)[)\]]")
# The store's own name of a skill that nobody has written yet, and marks of generated sentences.
_PLACEHOLDER = re.compile(r"QUOTED_STRING|[A-Z]+_\d|::|<[^>]*>|^que?s?ry ?\d$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence with slots. values: (slot, words) that stood in the line."""

    text: str
    values: Sequence[tuple[str, str]] = ()


def samples_of(row: Mapping[str, Any], slots: Sequence[Mapping[str, Any]]) -> list[Sample]:
    """The sentences of a line; none where it is a bare wildcard or holds a placeholder.

    slots: as the row's JSON names them.
    """
    text, values = row["text"], []
    if _PLACEHOLDER.search(text):
        return []
    if row["ecosystem"] == "snips_alice":
        values = [(_name(name), words) for words, name in _ALICE.findall(text)]
        text = _ALICE.sub(lambda found: f"{{{_name(found[2])}}}", text)
    if row["ecosystem"] in ("rasa", "dialogflow", "snips_alice") and "{" not in text:
        text, values = _marked(text, slots)
    if row["ecosystem"] == "leon":
        text = _LEON.sub(r"{\1}", text)
    text = _THING.sub(lambda found: f"{{{_name(found[1] or found[2])}}}", text)
    text = _NUMBER.sub("{number}", text)
    chance = Random(row["text"])
    ways = {_spoken(text, chance, row["ecosystem"]): None for _ in range(WAYS)}
    return [Sample(way, tuple(values)) for way in ways if _says_something(way)]


def _name(raw: str) -> str:
    return re.sub(r"\W", "_", raw)


def _marked(text: str, slots: Sequence[Mapping[str, Any]]) -> tuple[str, list[tuple[str, str]]]:
    """A sentence with the words that are marked as values taken out of it."""
    values = []
    for slot in slots:
        words, name = slot.get("value"), slot.get("name")
        if words and name and len(words) > 1 and text.count(words) == 1:
            values.append((_name(name), words))
            text = text.replace(words, f"{{{_name(name)}}}")
    return text, values


def _spoken(text: str, chance: Random, ecosystem: str) -> str:
    """One way to say a line with alternatives, wildcards as slots."""
    while found := _CHOICE.search(text):
        ways = found[2].split("|")
        if found[1] == "[" and ecosystem == "ovos":
            ways.append("")
        if found[1] == "(" and len(ways) == 1:
            ways = [found[2]]
        text = text[: found.start()] + chance.choice(ways) + text[found.end() :]
    if ecosystem == "susi":
        text = chance.choice(text.split("|"))
        names = iter(f"words{number or ''}" for number in range(text.count("*")))
        text = re.sub(r"\*", lambda _: f" {{{next(names)}}} ", text)
    text = text.removeprefix("when: ") if ecosystem == "thingpedia" else text
    return " ".join(text.split())


def _says_something(text: str) -> bool:
    literal = "".join(piece.text for piece in pieces(text) if piece.slot is None)
    return any(each.isalpha() for each in literal) and not stray_brace(text)

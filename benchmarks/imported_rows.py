"""What can be said to imported skills, and whether a row of somebody else's reading is in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sayso.skills.restore import notes
from sayso.skills.templates import pieces, said
from sayso.skills.written import to_json
from sayso.types.skills import Intent, Skill, SlotType

Shape = Sequence[str | Collection[str] | None]  # of a sample: words, or what a slot may be


class Spoken:
    """What can be said to some skills."""

    def __init__(
        self,
        skills: Iterable[Skill],
        also: Callable[[Intent], Iterable[str]] = lambda intent: (),
        tests: Mapping[str, Mapping[str, Iterable[Mapping[str, Any]]]] | None = None,
    ) -> None:
        self._plain: set[tuple[str, str]] = set()
        self._shapes: dict[str, list[Shape]] = defaultdict(list)
        self._values: set[tuple[str, str]] = set()
        self._kept: set[tuple[str, str]] = set()
        of_tests: dict[tuple[str, str], list[str]] = {}
        for skill in skills:
            self._kept |= {(key_of(name), folded(text)) for name, text in _texts(to_json(skill))}
            for language in skill.languages:
                of_types = {kind.name: _words_of(kind) for kind in language.types}
                for intent in language.intents:
                    for name in dict.fromkeys([intent.name, *also(intent)]):
                        self._add(name, intent, of_types)
                    of_tests[skill.id, intent.name] = [*also(intent)]
                for kind in language.types:
                    for value in kind.values:
                        ways = [folded(x) for x in (value.value, value.id or "", *value.synonyms)]
                        names = {key_of(kind.name), key_of(value.value)}
                        self._values |= {(name, way) for name in names for way in ways}

        for id, sets in (tests or {}).items():
            for row in (row for rows in sets.values() for row in rows):
                called = [row["intent"], *of_tests.get((id, row["intent"]), ())]
                self._plain |= {(key_of(name), folded(row["text"])) for name in called}

    def says(self, row: Mapping[str, Any]) -> bool:
        """Whether a row, or one sentence that it stands for, is a saying or value now."""
        text = row.get("plain") or row["text"]
        return self.has_saying(row["intent"], text) or self.has_value(row["intent"], row["text"])

    def has(self, row: Mapping[str, Any], values: Collection[str], kept: Collection[str]) -> bool:
        """Whether a row came back, as its kind must."""
        name, text = row["intent"], row["text"]
        if row["kind"] in values:
            return all(self.has_value(name, way) for way in text.split(" | "))
        if row["kind"] in kept:
            named = "examples" if row["kind"] == "example" else name
            return (key_of(named), folded(text)) in self._kept or self.has_saying(name, text)
        return self.has_saying(name, text)

    def has_saying(self, intent: str, text: str) -> bool:
        """Whether an intent is reached by a text, word for word."""
        name, words = key_of(intent), folded(text)
        return (name, words) in self._plain or any(
            reads_as(shape, words) for shape in self._shapes[name]
        )

    def has_value(self, name: str, text: str) -> bool:
        """Whether a type, or a value, of that name may be said so."""
        return all((key_of(name), folded(way)) in self._values for way in text.split(" | "))

    def _add(self, name: str, intent: Intent, of_types: Mapping[str, Collection[str]]) -> None:
        self._kept |= {
            (key_of(name), folded(text)) for _, text in _texts(dict(intent.extra), ("x",))
        }
        for sample in dict.fromkeys(intent.samples):
            shape = [
                _choice(intent, piece.slot, of_types) if piece.slot else folded(piece.text)
                for piece in pieces(sample)
            ]
            self._plain.add((key_of(name), folded(sample)))
            if not all(isinstance(part, str) for part in shape):
                self._shapes[key_of(name)].append(tuple(shape))


def _texts(node: Any, names: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Each text of a document, with each of the names that it stands below."""
    if isinstance(node, Mapping):
        for key, below in node.items():
            yield from _texts(below, (*names, str(key)))
    elif isinstance(node, list):
        for below in node:
            yield from _texts(below, names)
    elif isinstance(node, str):
        yield from ((name, node) for name in names)


def reads_as(shape: Shape, words: str) -> bool:
    """Whether a text is what a sample reads as, with a value for each of its slots."""
    words = words.strip()
    if not shape:
        return not words
    first, rest = shape[0], shape[1:]
    if isinstance(first, str):
        return words.startswith(first) and reads_as(rest, words[len(first) :])
    ends = range(1, len(words) + 1)
    return any(
        (first is None or words[:end].strip() in first) and reads_as(rest, words[end:])
        for end in ends
    )


def _choice(
    intent: Intent, name: str, of_types: Mapping[str, Collection[str]]
) -> Collection[str] | None:
    """What a slot may be filled with; None for anything: built-in types are open."""
    slot = intent.slot(name)
    if slot is None:
        return ()
    if slot.type.startswith("AMAZON."):
        return None
    return {*of_types.get(slot.type, ()), *map(folded, notes(slot.extra).get("said", ()))}


def _words_of(kind: SlotType) -> set[str]:
    return {folded(way) for value in kind.values for way in (value.value, *value.synonyms)}


def key_of(name: str) -> str:
    """Names of skills and intents, alike however they are punctuated."""
    return re.sub(r"\W|_", "", name).casefold()


def folded(text: str) -> str:
    """As it would be said, in small letters."""
    return said(text).casefold()

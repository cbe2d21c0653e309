"""A card stands for a skill in one locale that may lie on disk.

It holds what every turn looks through whatever the skill: the examples that the shortlist compares
with, the names by which it is called. All else (definition, heads, catalogues) is opened when a
sentence comes near, so that a hundred thousand skills fit where their cards do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.bundle import Packed, Part
from sayso.skills import to_json
from sayso.types.skills import Skill
from sayso.understanding.doubt import Refused
from sayso.understanding.installed import Installed, pack_store
from sayso.understanding.shortlist import Examples
from sayso.understanding.shortlist.words import key
from sayso.understanding.values import shelves
from sayso.understanding.vectors import from_bytes, to_bytes

Sentences = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Card:
    """What is always in memory of a skill in one locale.

    invocation: the name it is called by; standard: Alexa's standard intents that it lists;
    sentences: `key` of each sentence that is word for word a sample of one intent, sorted.
    open: gives the skill itself; raises BundleError where it lies on disk and is damaged.
    """

    skill: str
    version: str
    locale: str
    invocation: str
    standard: tuple[str, ...]
    sentences: Sentences
    examples: Examples
    open: Callable[[], Installed]


def card_of(held: Installed) -> Card:
    """The card of a skill that stays in memory."""
    language = held.language
    return Card(
        skill=held.skill.id,
        version=held.version,
        locale=held.locale,
        invocation=language.invocation_name,
        standard=tuple(intent.name for intent in language.intents if intent.builtin),
        sentences=np.array(sorted(map(key, held.known)), np.uint64),
        examples=held.examples,
        open=lambda: held,
    )


def pack(locales: Sequence[Installed]) -> Part:
    """One skill, in all its locales, as the bundle keeps it."""
    skill = locales[0].skill
    return Part(
        skill.id,
        locales[0].version,
        to_json(shelves.lighten(skill)),
        {held.locale: pack_store(held) for held in locales},
        {held.locale: pack_card(held) for held in locales},
        {held.locale: Packed(shelves.pack(held.language)) for held in locales},
        {x.locale: Packed(x.descriptions.pack()) for x in locales if x.descriptions is not None},
    )


def together(parts: Sequence[Part]) -> Part:
    """One skill of which each locale was packed by itself."""
    return replace(
        parts[0],
        locales={locale: x for part in parts for locale, x in part.locales.items()},
        examples={locale: x for part in parts for locale, x in part.examples.items()},
        values={locale: x for part in parts for locale, x in part.values.items()},
        descriptions={locale: x for part in parts for locale, x in part.descriptions.items()},
    )


def pack_card(held: Installed) -> Packed:
    """The card of a skill at rest."""
    card = card_of(held)
    tensors: dict[str, NDArray[np.generic]] = {"sentences": card.sentences}
    if card.examples.vectors is not None:
        tensors["vectors"], tensors["scales"] = to_bytes(card.examples.vectors)
    settings = {
        "invocation": card.invocation,
        "standard": list(card.standard),
        "intents": list(card.examples.intents),
        "texts": list(card.examples.texts),
    }
    refused = card.examples.refused
    if refused is not None:
        settings["refused"] = list(refused.texts)
        tensors["refused.weights"] = refused.weights
        if refused.vectors is not None:
            numbers, scales = to_bytes(refused.vectors)
            tensors |= {"refused.vectors": numbers, "refused.scales": scales}
    return Packed(tensors, settings)


def unpack_card(
    skill: str, version: str, locale: str, packed: Packed, open: Callable[[Examples], Installed]
) -> Card:
    """What `pack_card` kept. open: gives the skill itself, to which the examples belong too."""
    said, tensors = packed.settings, packed.tensors
    examples = unpack_examples(skill, packed)
    return Card(
        skill=skill,
        version=version,
        locale=locale,
        invocation=said["invocation"],
        standard=tuple(said["standard"]),
        sentences=tensors["sentences"],
        examples=examples,
        open=lambda: open(examples),
    )


def unpack_examples(skill: str, packed: Packed) -> Examples:
    """The examples of a card that `pack_card` kept."""
    said, tensors = packed.settings, packed.tensors
    return Examples(
        skill, said["intents"], said["texts"], _vectors(tensors), _unpack_refused(packed)
    )


def _unpack_refused(packed: Packed) -> Refused | None:
    """What the skill has turned down; None where nothing is kept of that."""
    if "refused" not in packed.settings:
        return None
    weights = packed.tensors["refused.weights"]
    return Refused(packed.settings["refused"], weights, _vectors(packed.tensors, "refused."))


def _vectors(tensors: Mapping[str, NDArray[Any]], of: str = "") -> NDArray[Any] | None:
    if f"{of}vectors" not in tensors:
        return None
    return from_bytes(tensors[f"{of}vectors"], tensors[f"{of}scales"])


class Opened(Mapping[str, Installed]):
    """Skill -> the skill itself, opened when it is asked for: of these cards, else of the rest."""

    def __init__(self, cards: Iterable[Card], rest: Mapping[str, Installed] | None = None) -> None:
        self._cards = {card.skill: card for card in cards}
        self._rest = rest or {}

    def __getitem__(self, skill: str) -> Installed:
        card = self._cards.get(skill)
        return card.open() if card is not None else self._rest[skill]

    def __contains__(self, skill: object) -> bool:
        return skill in self._cards or skill in self._rest

    def __iter__(self) -> Iterator[str]:
        yield from self._cards
        yield from self._rest

    def __len__(self) -> int:
        return len(self._cards) + len(self._rest)


class Definitions(Mapping[str, Skill]):
    """Skill -> its definition, likewise."""

    def __init__(self, opened: Mapping[str, Installed]) -> None:
        self._opened = opened

    def __getitem__(self, skill: str) -> Skill:
        return self._opened[skill].skill

    def __contains__(self, skill: object) -> bool:
        return skill in self._opened

    def __iter__(self) -> Iterator[str]:
        return iter(self._opened)

    def __len__(self) -> int:
        return len(self._opened)

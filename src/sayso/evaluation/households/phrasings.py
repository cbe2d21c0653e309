"""What people may say: a phrasing of an intent, with its slots in braces, and values for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from sayso.evaluation.households.spoken import spoken
from sayso.skills.templates import pieces, slot_names
from sayso.types.skills import Language, Skill
from sayso.understanding.builtin import is_builtin
from sayso.understanding.fold import fold

_DATA = files("sayso.evaluation.households")
_SAID_BY_NAME = 0.75  # share of requests that call a value by its name, not by a synonym


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way to put a request; `text` has slots in braces and serves goals with just those."""

    skill: str
    intent: str
    text: str
    slots: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Word:
    """What a slot may be filled with. value: name of the catalogue's value, None for a built-in.

    said: its forms, the usual one first. own: no catalogue holds it; it means what it says.
    """

    said: Sequence[str]
    value: str | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Speech:
    """All that can be said to a home.

    words: (skill, intent, slot) -> what it is filled with, the most usual first.
    often: (skill, intent) -> how often it is asked for; hours: skill -> its hour of the day.
    """

    phrasings: Sequence[Phrasing]
    words: Mapping[tuple[str, str, str], Sequence[Word]]
    often: Mapping[tuple[str, str], float]
    hours: Mapping[str, float] = field(default_factory=dict)


def example_speech(skills: Iterable[Skill], locale: str = "en-US") -> Speech:
    """What people say to the example home. Raises ValueError where a phrasing names what is not."""
    table, told = _read("phrasings.yaml"), _read("words.yaml")
    languages = {skill.id: skill.language(locale) for skill in skills}
    phrasings: list[Phrasing] = []
    words: dict[tuple[str, str, str], Sequence[Word]] = {}
    for skill, intents in table.items():
        language = languages.get(skill)
        if language is None:
            raise ValueError(f"phrasings.yaml: {skill} is not installed; take it out")
        for intent, block in intents.items():
            mine = [_phrasing(skill, intent, line) for line in block.splitlines()]
            for slot in frozenset().union(*(each.slots for each in mine)):
                words[skill, intent, slot] = _words(skill, intent, slot, language, told)
            phrasings += mine
    keys = {(one.skill, one.intent) for one in phrasings}
    often = {key: float(told["often"].get(".".join(key), 1.0)) for key in sorted(keys)}
    return Speech(phrasings, words, often, told["hours"])


def masked(text: str) -> str:
    """The form of a phrasing or a sample: folded, each slot one mark, whatever its name."""
    return fold("".join(" _slot_ " if each.slot else each.text for each in pieces(text)))


def fill(phrasing: Phrasing, said: Mapping[str, str]) -> str:
    """The phrasing with its slots' words in place, as it is spoken."""
    return spoken(
        "".join(said[each.slot] if each.slot else each.text for each in pieces(phrasing.text))
    )


def form(word: Word, chance: Random) -> str:
    """How a person says a value: mostly by its name."""
    if len(word.said) == 1 or chance.random() < _SAID_BY_NAME:
        return word.said[0]
    return chance.choice(word.said[1:])


def example_sentences(skills: Iterable[Skill], each: int = 1, seed: int = 0) -> list[str]:
    """Every phrasing of the example home, filled `each` times; what is said aloud for heard.tsv."""
    speech = example_speech(skills)
    chance = Random(seed)
    said: dict[str, None] = {}
    for _ in range(each):
        for one in chance.sample(list(speech.phrasings), len(speech.phrasings)):
            slots = {
                slot: form(chance.choice(speech.words[one.skill, one.intent, slot][:12]), chance)
                for slot in sorted(one.slots)
            }
            said[fill(one, slots)] = None
    return list(said)


def _read(name: str) -> Mapping[str, Any]:
    read: Mapping[str, Any] = yaml.safe_load(_DATA.joinpath(name).read_text(encoding="utf-8"))
    return read


def _phrasing(skill: str, intent: str, line: str) -> Phrasing:
    return Phrasing(skill, intent, line, frozenset(slot_names(line)))


def _words(
    skill: str, intent: str, slot: str, language: Language, told: Mapping[str, Any]
) -> Sequence[Word]:
    where = f"{skill}.{intent}.{slot}"
    declared = language.intent(intent)
    kinds = {each.name: each.type for each in declared.slots} if declared else {}
    if slot not in kinds:
        raise ValueError(f"phrasings.yaml: {where} is no slot of the skill; name one of its slots")
    kind = kinds[slot]
    if is_builtin(kind):
        listed = told["slots"].get(where) or told["slots"].get(f"{skill}.{slot}")
        return [Word([text]) for text in listed or told["types"][kind]]
    values = language.type(kind)
    own: Collection[str] = told["also"].get(f"{skill}.{kind}", ())
    return [
        *(Word([v.value, *v.synonyms], v.value) for v in (values.values if values else ())),
        *(Word([text], text, own=True) for text in own),
    ]

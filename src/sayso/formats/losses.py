"""What of a skill does not come back from the files that it was exported to.

Not what a writer believes it leaves out: the files are read again, and the skills compared.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from sayso.errors import SkillError
from sayso.formats.format import Imported
from sayso.skills.tree import Tree
from sayso.types.skills import Intent, Language, Skill, Slot, TypeValue

Noun = TypeVar("Noun")

SHOWN = 3
_SLOT: Mapping[str, Callable[[Slot], object]] = {
    "the type of a slot": lambda slot: slot.type,
    "answers to a slot's question": lambda slot: tuple(slot.samples),
    "whether a slot is required": lambda slot: slot.required,
    "questions for a slot": lambda slot: tuple(slot.ask),
    "several values of a slot": lambda slot: slot.multiple,
    "whether a value is agreed to": lambda slot: tuple(slot.confirm),
    "how a slot is asked for again": lambda slot: tuple(slot.reprompt),
    "what a value has to be": lambda slot: tuple(slot.valid),
    "how far a value is carried": lambda slot: slot.carry,
}
_INTENT: Mapping[str, Callable[[Intent], object]] = {
    "samples": lambda intent: frozenset(intent.samples),
    "the question whether it shall be done": lambda intent: tuple(intent.confirm),
    "that doing it by mistake costs dearly": lambda intent: intent.side_effects,
    "how it is taken back": lambda intent: intent.undo,
    "that it is meant in a session alone": lambda intent: intent.in_session,
}
_LANGUAGE: Mapping[str, Callable[[Language], object]] = {
    "the invocation name": lambda language: language.invocation_name,
    "the description": lambda language: language.description,
    "examples": lambda language: tuple(language.examples),
}


def losses(
    skill: Skill, files: Mapping[str, str], read: Callable[[Tree, str], Imported]
) -> list[str]:
    """Aspects of the skill that come back otherwise or not at all, each with where.

    read: the reader of the format that the files are in.
    """
    try:
        with _tree(files) as archive:
            names = tuple(info.filename for info in archive.infolist())
            found = read(Tree(Path(skill.id), names, archive=archive), skill.id).skills
    except SkillError as error:
        return [f"the files cannot be read back: {error}"]
    lost: dict[str, dict[str, None]] = {}
    for what, where in _compare(skill, found):
        lost.setdefault(what, {})[where] = None
    return [_line(what, [*places]) for what, places in lost.items()]


def _tree(files: Mapping[str, str]) -> zipfile.ZipFile:
    """The files as a zip in memory."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as out:
        for name, text in files.items():
            out.writestr(name, text)
    return zipfile.ZipFile(memory)


def _line(what: str, places: Sequence[str]) -> str:
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    return f"{what}: {', '.join(places[:SHOWN])}{more}"


def _compare(skill: Skill, found: Sequence[Skill]) -> Iterator[tuple[str, str]]:
    """Pairs of what is lost, and where."""
    again = {language.locale: language for each in found for language in each.languages}
    for language in skill.languages:
        other = again.get(language.locale)
        if other is None:
            yield "a language", language.locale
            continue
        yield from _differences(_LANGUAGE, language, other, language.locale)
        yield from _intents(language, other)
        values = {kind.name: _values(kind.values) for kind in other.types}
        for kind in language.types:
            if kind.name not in values:
                yield "a slot type", kind.name
            elif values[kind.name] != _values(kind.values):
                yield "ids, values or synonyms of a slot type", kind.name
    kinds = {each.fulfilment.kind for each in found}
    if skill.fulfilment.kind not in kinds:
        yield "the back-end", str(skill.fulfilment.kind)
    replies = {name: texts for each in found for name, texts in each.fulfilment.replies.items()}
    for name, texts in skill.fulfilment.replies.items():
        if [*replies.get(name, ())] != [*texts]:
            yield "replies", name


def _intents(language: Language, other: Language) -> Iterator[tuple[str, str]]:
    for intent in language.intents:
        again = other.intent(intent.name)
        if again is None:
            yield "an intent", intent.name
            continue
        yield from _differences(_INTENT, intent, again, intent.name)
        for slot in intent.slots:
            same, where = again.slot(slot.name), f"{intent.name}.{slot.name}"
            if same is None:
                yield "a slot, or its name", where
            else:
                yield from _differences(_SLOT, slot, same, where)


def _differences(
    aspects: Mapping[str, Callable[[Noun], object]], one: Noun, other: Noun, where: str
) -> Iterator[tuple[str, str]]:
    for what, aspect in aspects.items():
        if aspect(one) != aspect(other):
            yield what, where


def _values(values: Sequence[TypeValue]) -> list[tuple[object, ...]]:
    return [(value.value, value.id, tuple(value.synonyms)) for value in values]

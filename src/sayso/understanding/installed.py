"""A skill in one locale, ready to understand: its model, its examples, its known sentences.

Fitting lives here, beside the code that predicts, so that a running engine adds a skill without
the training room and without touching any other skill.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np

from sayso.bundle import Packed, Part
from sayso.skills import from_json, to_json, version
from sayso.skills.builtin_intents import phrases
from sayso.skills.labels import labels
from sayso.types.lessons import Label, LabelSource
from sayso.types.skills import Language, Skill
from sayso.understanding import maxent_crf, shared
from sayso.understanding.contract import Heard, SkillModel
from sayso.understanding.fold import fold
from sayso.understanding.heard import TextEncoder, clean, hear_all
from sayso.understanding.hints import hints
from sayso.understanding.resolve import Resolver
from sayso.understanding.shortlist import Examples

STANDARD = ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.HelpIntent")
FILLINGS = 3  # texts made of each sample that has slots
SHOWN = 2  # of them, kept as examples: what a sentence is compared with at each turn


@dataclass(frozen=True, slots=True)
class Installed:
    """One skill in one locale.

    version: hash of the skill's definition.
    known: folded sentence -> intent, for samples without slots that only one intent has.
    """

    skill: Skill
    version: str
    locale: str
    language: Language
    model: SkillModel
    examples: Examples
    resolver: Resolver
    known: Mapping[str, str]


def engine_of(name: str) -> ModuleType:
    """The engine of that name: `shared` or `maxent-crf`."""
    return maxent_crf if name == "maxent-crf" else shared


def lessons_of(skill: Skill, language: Language) -> list[Label]:
    """What a skill teaches its model: filled samples, standard intents' phrases, hints of names.

    Stop, cancel and help are understood within a skill's session even if it lists none of them.
    """
    lessons = labels(skill, language.locale, per_sample=FILLINGS)
    listed = [intent.name for intent in language.intents if intent.builtin]
    taught = {(clean(lesson.text).casefold()) for lesson in lessons}
    for intent in dict.fromkeys([*listed, *STANDARD]):
        for phrase in phrases(intent, language.locale):
            if phrase.casefold() not in taught:
                lessons.append(Label(phrase, skill.id, intent, language.locale))
    hinted = hints(skill.id, language)
    return lessons + [hint for hint in hinted if hint.text.casefold() not in taught]


def fit(
    skill: Skill,
    language: Language,
    *,
    engine: str,
    encoder: TextEncoder | None,
    progress: Callable[[int], None] | None = None,
) -> Installed:
    """Learn a skill in one locale from its own files alone."""
    lessons = lessons_of(skill, language)
    texts = [*(lesson.text for lesson in lessons), *about(skill, language)]
    heard = hear_all(texts, encoder, progress)
    return fit_heard(skill, language, lessons, heard, engine=engine)


def fit_heard(
    skill: Skill,
    language: Language,
    lessons: Sequence[Label],
    heard: Sequence[Heard],
    *,
    engine: str,
) -> Installed:
    """`fit`, of what has been heard already: the lessons, then the sentences of `about`."""
    model = engine_of(engine).fit(lessons, heard[: len(lessons)], language)
    intents = [*_shown(lessons), *("" for _ in heard[len(lessons) :])]
    shown = [(i, words) for i, words in zip(intents, heard, strict=True) if i is not None]
    examples = Examples(
        skill.id,
        [intent for intent, _ in shown],
        [words.utterance.text for _, words in shown],
        _stack([words for _, words in shown]),
    )
    return _installed(skill, version(skill), language, model, examples)


def _shown(lessons: Sequence[Label]) -> list[str | None]:
    """Intent of each lesson that is shown as an example; None for one that is not.

    Not the standard intents' phrases, which belong to no skill, nor hints of names, which nobody
    says, nor every filling of a sample.
    """
    seen: Counter[tuple[str, str]] = Counter()
    shown: list[str | None] = []
    for lesson in lessons:
        sample = (lesson.intent, lesson.template or lesson.text)
        seen[sample] += 1
        own = lesson.source is not LabelSource.NAME and not lesson.intent.startswith("AMAZON.")
        shown.append(lesson.intent if own and seen[sample] <= SHOWN else None)
    return shown


def about(skill: Skill, language: Language) -> list[str]:
    """Sentences that stand for the skill as a whole: its name, description and examples."""
    texts = [skill.name, language.description or skill.description, *language.examples]
    return list(dict.fromkeys(text for text in texts if text.strip()))


def _stack(heard: Sequence[Heard]) -> Any:
    vectors = [words.pooled for words in heard if words.pooled is not None]
    return np.stack(vectors).astype(np.float16) if vectors else None


def _installed(
    skill: Skill, version: str, language: Language, model: SkillModel, examples: Examples
) -> Installed:
    return Installed(
        skill=skill,
        version=version,
        locale=language.locale,
        language=language,
        model=model,
        examples=examples,
        resolver=Resolver(language),
        known=MappingProxyType(_known(language)),
    )


def _known(language: Language) -> dict[str, str]:
    known: dict[str, str] = {}
    twice = set()
    for intent in language.intents:
        for sample in intent.samples:
            sentence = fold(sample)
            if "{" not in sample and known.setdefault(sentence, intent.name) != intent.name:
                twice.add(sentence)
    return {sentence: intent for sentence, intent in known.items() if sentence not in twice}


def pack(locales: Sequence[Installed]) -> Part:
    """One skill, in all its locales, as the bundle keeps it."""
    skill = locales[0].skill
    packed = {held.locale: _pack(held) for held in locales}
    return Part(skill.id, locales[0].version, to_json(skill), packed)


def _pack(held: Installed) -> Packed:
    model = held.model.pack()
    tensors = {f"model.{name}": array for name, array in model.tensors.items()}
    if held.examples.vectors is not None:
        tensors["examples"] = np.asarray(held.examples.vectors, dtype=np.float16)
    settings = {
        "model": dict(model.settings),
        "intents": list(held.examples.intents),
        "texts": list(held.examples.texts),
    }
    return Packed(tensors, settings)


def unpack(part: Part, *, engine: str, folder: str | None = None) -> list[Installed]:
    """What `pack` kept. folder: where the skill's own files lie on this machine."""
    skill = replace(from_json(part.definition), folder=folder)
    return [
        _unpack(skill, part.version, language, part.locales[language.locale], engine)
        for language in skill.languages
        if language.locale in part.locales
    ]


def _unpack(
    skill: Skill, version: str, language: Language, packed: Packed, engine: str
) -> Installed:
    prefix = "model."
    arrays = {k[len(prefix) :]: v for k, v in packed.tensors.items() if k.startswith(prefix)}
    model = engine_of(engine).unpack(Packed(arrays, packed.settings["model"]), language)
    examples = Examples(
        skill.id,
        packed.settings["intents"],
        packed.settings["texts"],
        packed.tensors.get("examples"),
    )
    return _installed(skill, version, language, model, examples)

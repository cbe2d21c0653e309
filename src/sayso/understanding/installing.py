"""Fitting a skill in one locale, and teaching it more afterwards.

It lives here, beside the code that predicts, so that a running engine adds a skill without the
training room and without touching any other skill.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np

from sayso.skills import version
from sayso.types.lessons import Label
from sayso.types.skills import Intent, Language, Skill
from sayso.understanding import familiarity, imprint
from sayso.understanding.contract import Heard
from sayso.understanding.described.descriptions import described
from sayso.understanding.familiarity import TEMPERATURE, Strangers, strangers_in
from sayso.understanding.heads import Model
from sayso.understanding.heard import TextEncoder, hear_whole
from sayso.understanding.installed import Installed, engine_of
from sayso.understanding.lessons import about, hear_lessons, lessons_of, shown_as, shown_of
from sayso.understanding.shortlist import Examples
from sayso.understanding.vectors import from_bytes, to_bytes


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
    heard = hear_lessons(lessons, about(skill, language), encoder, progress)
    strangers = strangers_in(language.locale, encoder)
    fitted = fit_heard(skill, language, lessons, heard, engine=engine, strangers=strangers)
    return replace(fitted, descriptions=described(language, encoder))


def fit_heard(
    skill: Skill,
    language: Language,
    lessons: Sequence[Label],
    heard: Sequence[Heard],
    *,
    engine: str,
    strangers: Strangers | None,
    temperature: float = TEMPERATURE,
) -> Installed:
    """`fit`, of what has been heard already: the lessons, then the sentences of `about`.

    strangers: what no skill should take, None for a language without such sentences.
    """
    model = engine_of(engine).fit(lessons, heard[: len(lessons)], language)
    examples = _examples(skill, lessons, heard)
    known = familiarity.fit(lessons, heard[: len(lessons)], strangers)
    known = replace(known, temperature=temperature)
    return Installed.of(skill, version(skill), language, model, examples, known)


def examples_of(
    plans: Sequence[tuple[Skill, Language]], encoder: TextEncoder | None
) -> list[Examples]:
    """What `fit` compares sentences with, of each skill in a language; nothing is fitted."""
    shown = [shown_of(skill, language) for skill, language in plans]
    heard = iter(hear_whole([text for *_, texts in shown for text in texts], encoder))
    return [
        _examples(skill, lessons, [next(heard) for _ in texts])
        for (skill, _), (lessons, texts) in zip(plans, shown, strict=True)
    ]


def _examples(skill: Skill, lessons: Sequence[Label], heard: Sequence[Heard]) -> Examples:
    """Of what was heard, the lessons and then the sentences about the skill, what is shown."""
    intents = [*shown_as(lessons), *("" for _ in heard[len(lessons) :])]
    shown = [(i, words) for i, words in zip(intents, heard, strict=True) if i is not None]
    return Examples(
        skill.id,
        [intent for intent, _ in shown],
        [words.utterance.text for _, words in shown],
        _stack([words for _, words in shown]),
    )


def taught(held: Installed, intent: str, heard: Sequence[Heard]) -> Installed:
    """The skill that also knows these utterances as `intent`, which may be new; not fitted again.

    A new intent fills no slots until the skill is trained. After `imprint`.
    """
    texts = [one.utterance.text for one in heard]
    language = _with_samples(held.language, intent, texts)
    languages = [language if x is held.language else x for x in held.skill.languages]
    skill = replace(held.skill, languages=tuple(languages))
    fresh, old = _stack(heard), held.examples
    own = sum(1 for name in old.intents if name)  # examples of intents come first
    vectors = fresh
    if old.vectors is not None:
        vectors = np.concatenate([old.vectors[:own], fresh, old.vectors[own:]])
    examples = replace(
        old,
        intents=[*old.intents[:own], *(intent for _ in texts), *old.intents[own:]],
        texts=[*old.texts[:own], *texts, *old.texts[own:]],
        vectors=vectors,
    )
    # Both engines' models are heads over features, as `fit` of either says.
    model = imprint.taught(cast(Model, held.model), intent, heard)
    known = held.familiarity.taught(heard)
    fresh_skill = Installed.of(skill, version(skill), language, model, examples, known)
    told = held.descriptions
    return replace(fresh_skill, descriptions=told.taught(language) if told is not None else None)


def _with_samples(language: Language, intent: str, texts: Sequence[str]) -> Language:
    intents = list(language.intents)
    names = [each.name for each in intents]
    if intent not in names:
        return replace(language, intents=(*intents, Intent(intent, samples=tuple(texts))))
    at = names.index(intent)
    samples = dict.fromkeys([*intents[at].samples, *texts])
    intents[at] = replace(intents[at], samples=tuple(samples))
    return replace(language, intents=tuple(intents))


def _stack(heard: Sequence[Heard]) -> Any:
    vectors = [words.pooled for words in heard if words.pooled is not None]
    return from_bytes(*to_bytes(np.stack(vectors))) if vectors else None

"""What a skill teaches its model and what stands for it: texts, and how they are heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import cast

from sayso.skills.builtin_intents import phrases
from sayso.skills.labels import labels
from sayso.skills.left_out import left_out
from sayso.types.lessons import Label
from sayso.types.skills import Language, Skill
from sayso.understanding.contract import Heard
from sayso.understanding.heard import TextEncoder, clean, hear, hear_all
from sayso.understanding.hints import hints
from sayso.understanding.noise import spoiled

STANDARD = ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.HelpIntent")
FILLINGS = 3  # texts made of each sample that has slots
# Texts of a skill in a locale beyond which samples are filled once: thousands of samples, made of
# templates, are variety enough, and training takes as long as there are texts.
MOST_FILLED = 4_000
SHOWN = 2  # of them, kept as examples: what a sentence is compared with at each turn


def lessons_of(skill: Skill, language: Language) -> list[Label]:
    """What a skill teaches its model: samples, standard intents' phrases, hints, cuts, noise.

    Stop, cancel and help are understood within a skill's session even if it lists none of them.
    """
    lessons = _filled(skill, language)
    listed = [intent.name for intent in language.intents if intent.builtin]
    taught = {(clean(lesson.text).casefold()) for lesson in lessons}
    for intent in dict.fromkeys([*listed, *STANDARD]):
        for phrase in phrases(intent, language.locale):
            if phrase.casefold() not in taught:
                lessons.append(Label(phrase, skill.id, intent, language.locale))
    hinted = hints(skill.id, language)
    lessons += [hint for hint in hinted if hint.text.casefold() not in taught]
    lessons += [cut for cut in left_out(skill, language) if cut.text.casefold() not in taught]
    return lessons + spoiled(lessons, language.locale)


def _filled(skill: Skill, language: Language) -> list[Label]:
    """The samples with values in their slots, each once at least."""
    samples = sum(len(intent.samples) for intent in language.intents)
    most = max(MOST_FILLED, samples)
    return labels(skill, language.locale, per_sample=FILLINGS, limit=most)


def about(skill: Skill, language: Language) -> list[str]:
    """What stands for the skill as a whole: its name, each line of its description, examples."""
    told = (language.description or skill.description).splitlines()
    texts = [skill.name, *told, *language.examples]
    return list(dict.fromkeys(text for text in texts if text.strip()))


def shown_as(lessons: Sequence[Label]) -> list[str | None]:
    """Intent of each lesson that is shown as an example; None for one that is not.

    Not the standard intents' phrases, which belong to no skill, nor hints of names, which nobody
    says, nor every filling of a sample.
    """
    seen: Counter[tuple[str, str]] = Counter()
    shown: list[str | None] = []
    for lesson in lessons:
        sample = (lesson.intent, lesson.sample)
        seen[sample] += 1
        shown.append(lesson.intent if lesson.own and seen[sample] <= SHOWN else None)
    return shown


def shown_of(skill: Skill, language: Language) -> tuple[list[Label], list[str]]:
    """The lessons that are shown, and all texts that are: theirs, then those about the skill."""
    lessons = _filled(skill, language)
    shown = [x for x, intent in zip(lessons, shown_as(lessons), strict=True) if intent is not None]
    return shown, [*(lesson.text for lesson in shown), *about(skill, language)]


def hear_lessons(
    lessons: Sequence[Label],
    sentences: Sequence[str],
    encoder: TextEncoder | None,
    progress: Callable[[int], None] | None = None,
) -> list[Heard]:
    """What `fit_heard` takes: the lessons, then the sentences.

    Phrases of Alexa's standard intents, half of what a small skill has, are heard once for all.
    """
    texts = [*(lesson.text for lesson in lessons), *sentences]
    shared = {x.text for x in lessons if x.intent.startswith("AMAZON.")}
    own = [text for text in texts if text not in shared]
    count = len(texts) - len(own)
    ahead = (lambda done: progress(done + count)) if progress is not None else None
    heard = iter(hear_all(own, encoder, ahead))
    # An encoder is its own key: it is neither copied nor changed.
    key = cast("Hashable", encoder)
    return [_heard_once(key, text) if text in shared else next(heard) for text in texts]


@lru_cache(maxsize=4096)
def _heard_once(encoder: Hashable, text: str) -> Heard:
    return hear(text, cast("TextEncoder | None", encoder))

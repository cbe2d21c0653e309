"""What the log adds to a skill's own lessons."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.types.lessons import Label, LabelSource
from sayso.types.skills import Language


def said(
    skill: str, language: Language, lessons: Sequence[Label], labels: Sequence[Label]
) -> list[Label]:
    """The labels of a log that a skill can learn in one language, beside these lessons.

    Not those against it, which speak of the choice among skills and not within one; nor those that
    models agree on, which say who is meant and not what the words are; nor what it knows already,
    or had an intent or a slot for that is gone.
    """
    taught = {lesson.text.casefold() for lesson in lessons}
    return [
        label
        for label in labels
        if (label.skill, label.locale) == (skill, language.locale)
        and label.source is LabelSource.LOG
        and label.weight > 0
        and label.text.casefold() not in taught
        and _has_place(language, label)
    ]


def _has_place(language: Language, label: Label) -> bool:
    intent = language.intent(label.intent)
    return intent is not None and all(intent.slot(span.name) for span in label.spans)

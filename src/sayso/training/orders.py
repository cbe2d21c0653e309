"""What there is to fit: a skill, and all that its fit depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sayso.encoders import Encoders
from sayso.skills import to_json
from sayso.training.said import said
from sayso.types.lessons import Label
from sayso.types.skills import Language, Skill
from sayso.understanding.familiarity import TEMPERATURE
from sayso.understanding.lessons import lessons_of


@dataclass(frozen=True, slots=True)
class Order:
    """A skill to be fitted in all its locales.

    key: digest of all that its entry in the bundle depends on, beside the versions of Sayso and of
        the libraries; labels: those of the log that are of this skill; temperatures: by locale.
    """

    key: bytes
    skill: Skill
    labels: Sequence[Label]
    temperatures: Mapping[str, float]


def orders(
    skills: Sequence[Skill],
    labels: Mapping[str, Sequence[Label]],
    encoders: Encoders,
    temperatures: Mapping[str, Mapping[str, float]],
) -> Iterator[Order]:
    """An order for each skill.

    labels: by skill; temperatures: of the skills that were calibrated on, by language.
    """
    for skill in skills:
        known = {locale: temperatures.get(_tongue(locale), {}) for locale in skill.locales}
        own = {locale: of.get(skill.id, TEMPERATURE) for locale, of in known.items()}
        heard_by = [encoders.fingerprint(locale) for locale in skill.locales]
        mine = labels.get(skill.id, ())
        yield Order(key(to_json(skill), _plain(mine), own, heard_by), skill, mine, own)


def key(*parts: Any) -> bytes:
    """A digest of plain values. The order of what a developer wrote counts: it is that of rows."""
    return hashlib.sha256(json.dumps(parts).encode()).digest()


def calibration_key(
    plans: Iterable[tuple[Skill, Language]],
    labels: Mapping[str, Sequence[Label]],
    encoders: Encoders,
) -> bytes:
    """Of all that a calibration on these depends on."""
    return key(
        "calibration",
        [
            (to_json(skill), language.locale, _plain(labels.get(skill.id, ())))
            for skill, language in plans
        ],
        {language.locale: encoders.fingerprint(language.locale) for _, language in plans},
    )


def by_skill(labels: Iterable[Label]) -> dict[str, list[Label]]:
    """The labels of each skill, in their order."""
    found: dict[str, list[Label]] = {}
    for label in labels:
        found.setdefault(label.skill, []).append(label)
    return found


def lessons(skill: Skill, language: Language, labels: Sequence[Label]) -> list[Label]:
    """What a skill is taught in a language: its own lessons, and what the log adds."""
    own = lessons_of(skill, language)
    return [*own, *said(skill.id, language, own, labels)]


def _plain(labels: Iterable[Label]) -> list[Any]:
    return [
        (
            *(x.text, x.intent, x.locale, x.template, x.source, x.weight),
            [(span.name, span.start, span.end) for span in x.spans],
        )
        for x in labels
    ]


def _tongue(locale: str) -> str:
    return locale.split("-")[0]

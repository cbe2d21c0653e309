"""The labels that `sayso train` is given beside the skills' files: of the home's log, then judged.

What a turn says by itself (a skill that was named, or turned it down) is read here, at each
training; what it says with those that followed is found by `learn`, and read where that kept it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sayso.encoders import Encoders
from sayso.errors import StoreError
from sayso.labels import project
from sayso.labels.kept import read_examples
from sayso.learned import LEARNED
from sayso.settings import Settings
from sayso.skills import version
from sayso.stores.store import Store
from sayso.training.judging import Judged, judge
from sayso.types.lessons import Label
from sayso.types.locales import language_of
from sayso.types.skills import Skill
from sayso.types.turns import Interaction
from sayso.understanding.values.shelves import shelve

MOST_TURNS = 50_000  # the latest; 2.7 kB and 0.1 ms each, more where there were many readings


@dataclass(frozen=True, slots=True)
class Labelled:
    """What was made of the log.

    turns: how many were read; judged: the labels, and what they do to skills' own samples.
    """

    turns: int
    judged: Judged

    @property
    def labels(self) -> Sequence[Label]:
        """What is learnt."""
        return self.judged.kept

    def to_json(self) -> dict[str, Any]:
        """For programs: counts, the sentences, and what the gate saw."""
        judged = self.judged
        return {
            "turns": self.turns,
            "sentences": [_told(x) for x in judged.kept if x.weight > 0],
            "refusals": [_told(x) for x in judged.kept if x.weight < 0],
            "held_back": [_told(x) for x in judged.held_back],
            "own_samples": {
                "asked": judged.asked,
                "right_before": judged.before,
                "right_after": judged.after,
            },
        }

    def in_words(self) -> str:
        """For people, in a sentence or two; "" where the log gave nothing."""
        kept, back = self.judged.kept, len(self.judged.held_back)
        if not kept and not back:
            return ""
        refusals = sum(label.weight < 0 for label in kept)
        told = f"{_count(len(kept) - refusals, 'sentence')} learnt from the log"
        told += f", {_count(refusals, 'refusal')}"
        if back:
            told += f"; {back} held back, for they cost skills their own samples"
        judged = self.judged
        return f"{told}. Of {judged.asked} samples held out {judged.after} are read rightly, " + (
            f"{judged.before} without them."
        )


def label_log(
    home: Path, skills: Sequence[Skill], settings: Settings, encoders: Encoders
) -> Labelled:
    """Read the log, make labels of it, add the examples that serve, keep those that cost nothing.

    Raises StoreError for a log that cannot be read.
    """
    now = datetime.now(UTC)
    try:
        with Store.open(settings.store.url, home) as store:
            turns = latest(store, settings, now)
            labels = labels_of(store, turns, skills, settings, now)
        labels += _spoken(read_examples(home / LEARNED), skills)
    except StoreError as error:
        remedy = "to train from the skills' files alone: sayso train --no-log"
        raise StoreError(f"{error}\n{remedy}") from error
    judged = judge(skills, labels, encoders, engine=settings.understanding.engine)
    return Labelled(len(turns), judged)


def latest(store: Store, settings: Settings, now: datetime) -> Sequence[Interaction]:
    """The turns that training would read now."""
    return store.latest(MOST_TURNS, now - timedelta(days=settings.learning.days))


def labels_of(
    store: Store,
    turns: Sequence[Interaction],
    skills: Sequence[Skill],
    settings: Settings,
    now: datetime,
    *,
    people: int | None = None,
) -> list[Label]:
    """What turns teach, in the languages of the skills.

    people: how many must have said the same, None as the settings say. Where it is given, skills
    on trial count as well, and whatever version of a skill turned a request down.
    """
    names = {
        skill.id: [skill.name, *(language.invocation_name for language in skill.languages)]
        for skill in skills
    }
    if people is not None:
        return list(_spoken(project(turns, names, least_people=people), skills))
    versions = {skill.id: version(shelve(skill)) for skill in skills}
    labels = project(turns, names, versions, least_people=settings.learning.people)
    on_trial = store.trials.shares(now - timedelta(days=settings.routing.new_skill_days))
    # A skill that nobody has approved must not gather sentences by having three people name it.
    trusted = [label for label in labels if label.weight < 0 or label.skill not in on_trial]
    return list(_spoken(trusted, skills))


def _spoken(labels: Iterable[Label], skills: Sequence[Skill]) -> Iterable[Label]:
    """The labels in the language of the skill that serves their locale."""
    known = {skill.id: skill for skill in skills}
    for label in labels:
        skill, tongue = known.get(label.skill), language_of(label.locale)
        locales = skill.locales if skill is not None else ()
        near = [x for x in locales if language_of(x) == tongue]
        if label.locale in near:
            yield label
        elif near:
            yield replace(label, locale=near[0])


def _told(label: Label) -> dict[str, Any]:
    names = ("text", "skill", "intent", "locale", "weight")
    return {name: getattr(label, name) for name in names}


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

"""What people come for: a table of wordings, beside the skills -> goals drawn by lot."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import yaml

from sayso.errors import EvaluationError
from sayso.evaluation.goals.manners import Phrases
from sayso.evaluation.goals.wishes import Draw, Wish, wish
from sayso.types.readings import Hypothesis
from sayso.types.skills import Intent, Language, Skill, Slot
from sayso.understanding.fold import fold

GAP = re.compile(r"\{(\w+)\}")
_KEYS = frozenset(("often", "piece", "several", "from", "to", "words"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A slot in an errand. often: how often it is wanted; several: how often two values are.

    piece: how its value is put beside another, such as `for the {}`.
    """

    slot: Slot
    often: float = 1.0
    several: float = 0.0
    piece: str = "{}"
    draw: Draw = field(default_factory=Draw)


@dataclass(frozen=True, slots=True)
class Errand:
    """One intent, the ways in which people ask for it, and the slots that they care about."""

    skill: str
    intent: Intent
    language: Language
    wordings: Sequence[str]
    slots: Mapping[str, Wanted]


@dataclass(frozen=True, slots=True)
class Goal:
    """What a person wants done: this intent with these values, no more and no less."""

    skill: str
    intent: str
    slots: Mapping[str, Sequence[Wish]] = field(default_factory=dict)

    def __str__(self) -> str:
        values = (f"{k}={'+'.join(w.said for w in each)}" for k, each in self.slots.items())
        return f"{self.skill}.{self.intent}({', '.join(values)})"

    def is_met(self, reading: Hypothesis) -> bool:
        """Whether a back-end that was asked for this reading was asked for the goal exactly."""
        if (reading.skill, reading.intent) != (self.skill, self.intent):
            return False
        got: dict[str, list[str]] = {}
        for each in reading.slots:
            got.setdefault(each.name, []).append((each.normalised or each.value).casefold())
        if {*got} != {*self.slots}:
            return False
        return all(_same(got[name], wishes) for name, wishes in self.slots.items())


def _same(got: Sequence[str], wishes: Sequence[Wish]) -> bool:
    if len(got) != len(wishes):
        return False
    left = list(got)
    for each in wishes:
        found = next((value for value in left if value in each.meant), None)
        if found is None:
            return False
        left.remove(found)
    return True


def read_errands(
    path: Path, skills: Sequence[Skill], locale: str = "en-US", words: Path | None = None
) -> tuple[list[Errand], Phrases]:
    """The errands of a table, `skill.Intent: {wordings, slots}`, in its order, and its `manners`.

    words: a table `skill.Intent: [wordings]` with manners that are taken instead.
    Raises EvaluationError for an intent or slot that no skill has, an unknown key, and a wording
    that is a sample of its skill: understanding what was learnt by heart shows nothing.
    """
    known = {skill.id: skill for skill in skills}
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        manners = table.pop("manners")
        if words is not None:
            others = yaml.safe_load(words.read_text(encoding="utf-8"))
            manners = others.pop("manners")
            table = {name: {**raw, "wordings": others[name]} for name, raw in table.items()}
        phrases = Phrases(**{name: tuple(map(str, each)) for name, each in manners.items()})
        return [_errand(str(name), raw, known, locale) for name, raw in table.items()], phrases
    except (OSError, AttributeError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise EvaluationError(f"{words or path}: cannot be read as errands: {error}") from error


def _errand(name: str, raw: Any, known: Mapping[str, Skill], locale: str) -> Errand:
    skill = known.get(name.partition(".")[0])
    language = skill.language(locale) if skill is not None else None
    intent = language.intent(name.partition(".")[2]) if language is not None else None
    if skill is None or language is None or intent is None:
        raise ValueError(f"{name} is no intent of a skill in {locale}")
    slots = {str(slot): _wanted(str(slot), each, intent, name) for slot, each in _slots(raw)}
    lacking = [slot.name for slot in intent.slots if slot.required and slot.name not in slots]
    if lacking:
        raise ValueError(f"{name} lacks its required slot {lacking[0]}")
    samples = {fold(GAP.sub(" ", sample)) for sample in intent.samples}
    for wording in raw["wordings"]:
        if fold(GAP.sub(" ", wording)) in samples:
            raise ValueError(f'{name}: "{wording}" is a sample of the skill; word it differently')
        for gap in GAP.findall(wording):
            if gap not in slots:
                raise ValueError(f'{name}: "{wording}" names {gap}, which is not under slots')
    return Errand(skill.id, intent, language, tuple(raw["wordings"]), slots)


def _slots(raw: Mapping[str, Any]) -> Sequence[tuple[str, Any]]:
    return tuple((raw.get("slots") or {}).items())


def _wanted(name: str, raw: Mapping[str, Any] | None, intent: Intent, where: str) -> Wanted:
    slot, about = intent.slot(name), raw or {}
    if slot is None:
        raise ValueError(f"{where} has no slot {name}")
    for unknown in {*about} - _KEYS:
        raise ValueError(f'{where}: "{unknown}" of {name} means nothing')
    draw = Draw(about.get("from", 1), about.get("to", 100), tuple(about.get("words", ())))
    often = 1.0 if slot.required else float(about.get("often", 0.0))
    return Wanted(slot, often, float(about.get("several", 0)), about.get("piece", "{}"), draw)


def openings(errand: Errand, slots: Collection[str]) -> list[str]:
    """The wordings with which somebody who wants these slots may begin.

    What a wording leaves out is told with an answer, so there must be a question that comes: for
    a slot that is left out and required, or whether it shall be done.
    """
    found = []
    for wording in errand.wordings:
        told = {*GAP.findall(wording)}
        left = {*slots} - told
        asked = errand.intent.confirm or any(errand.slots[name].slot.required for name in left)
        if told <= {*slots} and (asked or not left):
            found.append(wording)
    return found


def goal_of(errand: Errand, now: datetime, lot: Random) -> Goal:
    """A goal for which there is an opening: the optional slots that are wanted, and all values.

    Raises EvaluationError for an errand that nobody could ever begin.
    """
    for _ in range(100):
        goal = _goal(errand, now, lot)
        if openings(errand, goal.slots):
            return goal
    raise EvaluationError(f"{errand.skill}.{errand.intent.name}: no wording fits its slots")


def _goal(errand: Errand, now: datetime, lot: Random) -> Goal:
    slots: dict[str, Sequence[Wish]] = {}
    for name, each in errand.slots.items():
        if lot.random() >= each.often:
            continue
        number = 2 if lot.random() < each.several else 1
        slots[name] = _different(errand, each, number, slots, now, lot)
    return Goal(errand.skill, errand.intent.name, slots)


def other(errand: Errand, goal: Goal, name: str, now: datetime, lot: Random) -> Wish | None:
    """Another value for a slot of the goal, said by mistake; None if none is found."""
    for _ in range(20):
        found = wish(errand.slots[name].slot, errand.language, errand.slots[name].draw, now, lot)
        if not any(found.meant & each.meant for each in goal.slots[name]):
            return found
    return None


def _different(
    errand: Errand,
    wanted: Wanted,
    number: int,
    before: Mapping[str, Sequence[Wish]],
    now: datetime,
    lot: Random,
) -> tuple[Wish, ...]:
    """Values apart from one another, and from those of other slots of the type: no mile to mile."""
    taken = {
        form
        for name, wishes in before.items()
        if errand.slots[name].slot.type == wanted.slot.type
        for each in wishes
        for form in each.meant
    }
    found: list[Wish] = []
    while len(found) < number:
        each = wish(wanted.slot, errand.language, wanted.draw, now, lot)
        if not each.meant & taken:
            found.append(each)
            taken |= each.meant
    return tuple(found)

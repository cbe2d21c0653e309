"""Facts x readings -> relations. None of them names a skill or a thing: they hold for any.

near    cosine of the fact with the reading's nearest row (an example of the intent, the skill's
        name or a line of its description), above what strangers have
words   share of the fact's words that these rows hold
suits   1 if the skill says that it is made for it
same    1 if the fact comes from the skill itself; if the locale is the one it was written for
usual   log of how much more often than others this person uses the skill after such a thing
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sayso.types.context import Context
from sayso.types.people import Person
from sayso.understanding.installed import Installed
from sayso.understanding.personal import more_often
from sayso.understanding.shortlist import Evidence
from sayso.understanding.shortlist.words import Terms, terms_of
from sayso.understanding.situation.facts import Around, Fact

RELATIONS = ("near", "words", "suits", "same", "usual")
# fmt: off
_SMALL = {  # words of every text
    "a", "an", "and", "at", "has", "in", "is", "it", "of", "on", "the", "to", "was", "with",
}
# fmt: on
STRANGERS = 0.4  # cosine up to which a fact and a reading have nothing to do with each other
Table = NDArray[np.float32]
_Groups = Mapping[str, Table]  # intent -> (facts, 2) `near`, not yet above strangers, and `words`


@dataclass(frozen=True, slots=True)
class Reading:
    """An intent of a skill, and what speaks for the skill's rows."""

    held: Installed
    intent: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Relations:
    """table: (readings, facts, RELATIONS), each already as strong as the fact still counts."""

    facts: Sequence[Fact]
    table: Table


def relations(around: Around, readings: Sequence[Reading], context: Context) -> Relations | None:
    """How each reading stands to each fact; None where nothing is known that tells them apart."""
    locales = {reading.held.locale for reading in readings}
    own = (Fact("locale", "", f"it speaks {context.locale}"),) if len(locales) > 1 else ()
    facts = (*around.facts, *own)
    if not facts or not readings:
        return None
    table = np.zeros((len(readings), len(facts), len(RELATIONS)), np.float32)
    _compare(around, readings, table)
    _match(facts, readings, context, table)
    table *= np.array([fact.weight for fact in facts], np.float32)[:, None]
    return Relations(facts, table)


def _compare(around: Around, readings: Sequence[Reading], table: Table) -> None:
    """Fills in `near` and `words`. The rows of a skill are compared once for all its intents."""
    count = len(around.facts)
    if not count:
        return
    wanted, shares = _words(tuple(fact.words for fact in around.facts))
    intents: dict[str, dict[str, None]] = {}
    for reading in readings:
        intents.setdefault(reading.held.skill.id, {"": None})[reading.intent] = None
    skills: dict[str, _Groups] = {}
    for at, reading in enumerate(readings):
        id = reading.held.skill.id
        if id not in skills:
            skills[id] = _groups(around, reading, wanted, shares, intents[id])
        table[at, :count, :2] = skills[id][reading.intent]
    table[:, :count, 0] = np.maximum(table[:, :count, 0] - STRANGERS, 0.0) / (1 - STRANGERS)


def _groups(
    around: Around, reading: Reading, wanted: Terms, shares: Table, intents: Iterable[str]
) -> _Groups:
    """By intent: of its rows and the skill's own, which are of none.

    intents: those that are read; of a skill with hundreds the others would take milliseconds.
    """
    examples, evidence = reading.held.examples, reading.evidence
    members = {intent: rows for intent in intents if (rows := examples.members(intent))}
    figures = {intent: np.zeros((len(around.facts), 2), np.float32) for intent in members}
    same = len(evidence.ends) == len(examples.texts) + 1  # unless the skill was changed meanwhile
    if same and around.vectors is not None and members:
        looked = [at for rows in members.values() for at in rows]
        cosines = evidence.near(looked, around.vectors)
        firsts = np.cumsum([0, *map(len, members.values())])[:-1]
        largest = np.maximum.reduceat(cosines, firsts, axis=0)
        for figure, row in zip(figures.values(), largest, strict=True):
            figure[:, 0] = row
    own = members.get("", ())
    if same and evidence.has_any(wanted):
        for intent, rows in members.items():
            holds = evidence.has(rows, wanted) | evidence.has(own, wanted)
            figures[intent][:, 1] = holds @ shares
    nothing = np.zeros((len(around.facts), 2), np.float32)
    without = figures.get("", nothing)
    return {intent: np.maximum(figures.get(intent, nothing), without) for intent in intents}


@lru_cache(maxsize=256)
def _words(texts: tuple[str, ...]) -> tuple[Terms, Table]:
    """(q,) terms of all texts, sorted; (q, texts) the share of a text that each of them is."""
    own = [terms_of(" ".join(w for w in text.split() if w not in _SMALL))[0] for text in texts]
    terms = np.unique(np.concatenate(own)) if own else np.zeros(0, np.uint32)
    shares = np.zeros((len(terms), len(texts)), np.float32)
    for at, mine in enumerate(own):
        shares[np.searchsorted(terms, mine), at] = 1 / max(len(mine), 1)
    return terms, shares


def _match(
    facts: Sequence[Fact], readings: Sequence[Reading], context: Context, table: Table
) -> None:
    """Fills in `suits`, `same` and `usual`."""
    for place, fact in enumerate(facts):
        habits = _habits(context.person, fact) if fact.kind == "event" else {}
        for at, reading in enumerate(readings):
            skill = reading.held.skill
            if fact.kind == "locale":
                table[at, place, 3] = reading.held.locale == context.locale
            elif fact.skill is not None:
                table[at, place, 3] = fact.skill == skill.id
            if fact.name and skill.suits:
                table[at, place, 2] = fact.name in skill.suits
            if habits:
                table[at, place, 4] = habits.get(skill.id, 0.0)


def _habits(person: Person, fact: Fact) -> Mapping[str, float]:
    """What this person uses after such a thing, more or less often than at other times."""
    if person.neutral or not person.uses:
        return {}
    here = np.array([use.after.get(fact.name, 0.0) for use in person.uses.values()])
    if not here.any():
        return {}
    counts = np.array([use.count for use in person.uses.values()])
    return dict(zip(person.uses, more_often(here, counts).tolist(), strict=True))

"""All installed skills of one locale, ready to be searched.

Where they are many, most stand in a register (`register.py`): what may be near is looked up there
and then compared exactly, as are all that were added since. A skill's score is a function of the
skill and the utterance: no other skill's coming or going changes it. An index is immutable; a
change makes a new one, so that readers in other threads never see half of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sayso.types.people import ANYBODY, Person
from sayso.understanding.contract import Heard
from sayso.understanding.doubt import Doubt, Refusals, Refused
from sayso.understanding.fusion import Floats
from sayso.understanding.personal import (
    SOMETIME,
    Candidates,
    Moment,
    Personal,
    personal_features,
    shipped_personal,
)
from sayso.understanding.shortlist.evidence import Compared, Evidence, compare
from sayso.understanding.shortlist.register import Mask, Register
from sayso.understanding.shortlist.rows import Examples, Rows, decode, encode, placed
from sayso.understanding.shortlist.words import Rarity, Said, counted, said, terms_of
from sayso.understanding.turning import Scoring, plain

CONSIDERED = 200  # skills that what is known of a person may bring to the front
DEEP = 100  # skills wanted from which on all in a register are compared
_BLOCK = 2048  # units that are then read at a time


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Skills, likeliest first, and what speaks for each.

    personal: skill -> what each thing that is known of the person added to its score; empty for
        anybody.
    doubts: of skills that have turned nearly the same down before, what their scores lost by it.
    """

    skills: Sequence[tuple[str, float]]
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    personal: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    doubts: Mapping[str, Doubt] = field(default_factory=dict)

    def by_words(self) -> Mapping[str, float]:
        """The skills' scores without what is known of the person, and what was turned down."""
        return {
            skill: score
            - sum(self.personal.get(skill, {}).values())
            - (self.doubts[skill].lost if skill in self.doubts else 0.0)
            for skill, score in self.skills
        }


@dataclass(frozen=True, slots=True)
class Registered:
    """A register as a locale sees it.

    serving: (units,) which of its units serve the locale; refused: what skills in it have turned
    down, of those that have.
    """

    register: Register
    serving: Mask
    refused: Mapping[str, Refused] = field(default_factory=dict)


class Index:
    """Skills to choose from."""

    def __init__(
        self,
        skills: Iterable[Examples],
        *,
        registered: Registered | None = None,
        rarity: Rarity | None = None,
        scoring: Scoring | None = None,
        old: Index | None = None,
    ) -> None:
        """An index of what is registered, and of these.

        rarity: of words; None for the register's, else the old index's, else as these skills have
        it. scoring: as the vectors' encoder allows; None for the old index's, else for any encoder.
        old: the index before a change, whose records are used again.
        """
        skills = [each for each in skills if each.texts]
        self._registered = registered
        self._scoring: Scoring = scoring or (old._scoring if old is not None else plain())
        kept = rarity or (registered.register if registered is not None else None)
        self.rarity: Rarity = kept or (old.rarity if old is not None else _counted(skills))
        known: Mapping[str, _Record] = old._records if old is not None else {}
        self._records: Mapping[str, _Record] = {
            x.skill: _record(x, known.get(x.skill), self.rarity) for x in skills
        }
        self._rows = self._decoded()
        refused = {x.skill: x.refused for x in skills if x.refused is not None}
        before = registered.refused if registered is not None else {}
        self._refused = Refusals({**before, **refused})

    def _decoded(self) -> Rows:
        sizes = {
            one.examples.vectors.shape[1]
            for one in self._records.values()
            if one.examples.vectors is not None
        }
        if len(sizes) > 1:
            raise ValueError(f"vectors of {sorted(sizes)} numbers; one encoder makes one kind")
        records = [one.content for one in self._records.values()]
        return placed(decode(records, sizes.pop() if sizes else 0))

    def search(
        self,
        heard: Heard,
        k: int,
        among: Collection[str] | None = None,
        *,
        person: Person = ANYBODY,
        moment: Moment = SOMETIME,
        weights: Personal | None = None,
        exact: bool = False,
    ) -> Shortlist:
        """The k likeliest skills.

        among: only these may come (None: all). person, moment: whose request it is, and when and
        on what it is made; weights: of what is known of them, None for the shipped ones.
        exact: compare with everything in the register, which takes long; without, what is found
        may lack some that are likely.
        """
        words = said(heard.utterance.text, self.rarity)
        own = frozenset() if person.neutral else frozenset([*person.enabled, *person.uses])
        fusion, turning = self._scoring.fusion, self._scoring.turning
        sought, turned = heard.pooled, None
        if turning is not None and sought is not None:
            turned = turning.turned(sought)
            sought = turning.between(sought, turned)
        found: list[Candidate] = []
        doubts: dict[str, Doubt] = {}
        for rows in (*self._near(words, sought, k, among, own, exact), self._rows):
            if rows.skills:
                compared = compare(rows, words, heard, turned)
                scores = fusion.scores(compared.features())
                if self._refused:
                    doubts |= self._lower(scores, compared, heard)
                most = max(k, CONSIDERED) if own else k
                found += _best(compared, scores.tolist(), most, among, own)
        personal: dict[str, Mapping[str, float]] = {}
        if own and found:
            found, personal = _for_person(found, person, moment, k, weights)
        found.sort(key=lambda one: -one.score)
        return Shortlist(
            [(one.skill, one.score) for one in found[:k]],
            {one.skill: one.compared.of(one.at) for one in found[:k]},
            personal,
            {one.skill: doubts[one.skill] for one in found[:k] if one.skill in doubts},
        )

    def _lower(self, scores: Floats, compared: Compared, heard: Heard) -> dict[str, Doubt]:
        """Take from the scores what was turned down before; what was taken, by skill."""
        skills = compared.rows.skills
        found = self._refused.doubts(skills, heard, compared.nearest())
        for at, doubt in found.items():
            scores[at] += doubt.lost
        return {skills[at]: doubt for at, doubt in found.items()}

    def _near(
        self,
        words: Said,
        sought: Floats | None,
        k: int,
        among: Collection[str] | None,
        own: Collection[str],
        exact: bool,
    ) -> Iterator[Rows]:
        """What is in the register and worth a comparison.

        sought: vector that likely rows are near; own: skills that are in any case.
        """
        if self._registered is None:
            return
        register, serving = self._registered.register, self._registered.serving
        if among is not None and len(among) <= DEEP:
            units = np.array([at for x in among for at in register.units(x)], np.intp)
        elif exact or k >= DEEP:
            units = np.arange(len(register))
        else:
            units = register.near(words, sought)
            if own:
                mine = [at for x in own for at in register.units(x)]
                units = register.together(units, np.array(mine, np.intp))
        units = units[serving[units]]
        for at in range(0, len(units), _BLOCK):
            yield register.rows(units[at : at + _BLOCK])


@dataclass(frozen=True, slots=True)
class _Record:
    """A skill's examples, and their record, made once."""

    examples: Examples
    rarity: Rarity
    content: bytes


def _record(examples: Examples, old: _Record | None, rarity: Rarity) -> _Record:
    if old is not None and old.examples is examples and old.rarity is rarity:
        return old
    return _Record(examples, rarity, encode(examples, rarity))


def _counted(skills: Iterable[Examples]) -> Rarity:
    """The rarity of words among these skills."""
    # A set: `np.unique` would import what takes a megabyte.
    return counted(
        {term for at in members for each in terms_of(one.texts[at]) for term in each.tolist()}
        for one in skills
        for _, members in one.groups()
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A skill that was compared: where, its number there, and its score."""

    skill: str
    score: float
    compared: Compared
    at: int


def _best(
    compared: Compared,
    scores: Sequence[float],
    most: int,
    among: Collection[str] | None,
    own: Collection[str],
) -> Iterator[Candidate]:
    """The best of these skills, and those that are the person's own."""
    order = np.argsort(-np.array(scores), kind="stable").tolist()
    names = compared.rows.skills
    allowed = order if among is None else [at for at in order if names[at] in among]
    others = [at for at in allowed[most:] if names[at] in own] if own else ()
    for at in (*allowed[:most], *others):
        yield Candidate(names[at], scores[at], compared, at)


def _for_person(
    found: Sequence[Candidate], person: Person, moment: Moment, k: int, weights: Personal | None
) -> tuple[list[Candidate], dict[str, Mapping[str, float]]]:
    """The candidates with scores for this person, and what was added to those of the k best."""
    weights = weights or shipped_personal()
    candidates = Candidates(
        [one.skill for one in found],
        np.array([one.score for one in found], np.float32),
        np.stack([one.compared.mean(one.at) for one in found]),
    )
    features = personal_features(candidates, person, moment)
    scores = weights.added(candidates.scores, features).tolist()
    best = sorted(range(len(found)), key=lambda at: -scores[at])[:k]
    added = {found[at].skill: weights.contributions(features[at]) for at in best}
    return [replace(one, score=score) for one, score in zip(found, scores, strict=True)], added

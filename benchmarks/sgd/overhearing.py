"""Dialogues followed without the system's acts: its sentences are read, as published trackers do.

Sayso is the system and knows its own acts; a tracker that reads a log of somebody else's does not.
To compare, what the system asked, named and proposed is found in its sentence by the figures that
read a person's, weighed by trees of their own, which learn from the training dialogues. In half of
these the service's own slots are left out of what the reader knows, as if it had never met them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from benchmarks.sgd.following import Follow, Standing
from benchmarks.sgd.reading import Act, Dialogue, Turn
from benchmarks.sgd.teaching import Floats, logistic
from sayso.feedback.boosting import Shape, fit
from sayso.trees import Trees
from sayso.understanding.contract import Heard
from sayso.understanding.described.acts import BEFORE, Acts
from sayso.understanding.described.aims import INTENTS, intent_rows
from sayso.understanding.described.figures import Pair
from sayso.understanding.described.kinds import placed
from sayso.understanding.described.looked import Looked
from sayso.understanding.described.past import Named, Offer, Past
from sayso.understanding.described.read import Reader
from sayso.understanding.described.rows import SOURCES, all_rows
from sayso.understanding.described.sketch import look
from sayso.understanding.described.slots import DescribedSkill
from sayso.understanding.fold import fold

_NAMING = {"CONFIRM": Named.CONFIRM, "OFFER": Named.OFFER, "INFORM": Named.INFORM}
_READ = ("said", "listed", "careless")  # the last: figures of the slot alone, for what was asked
_SHAPE = Shape(trees=100, leaves=15, rate=0.12)
_DID = tuple(f"system_{act.lower()}" for act in BEFORE)
_LIKELY = 0.4  # chance from which a value counts as named
_MATCH = 0.999  # cosine of a slot's own place


@dataclass(frozen=True)
class Ears:
    """What reads the system's sentences. did: figures -> acts of BEFORE; weighed: by source."""

    reader: Reader
    did: Acts
    weighed: Mapping[str, Trees]


def learn(
    dialogues: Sequence[Dialogue],
    heard: Mapping[str, Heard],
    skills: Mapping[str, DescribedSkill],
    reader: Reader,
) -> Ears:
    """Ears that have learnt from these dialogues. heard: texts of the system, too."""
    did = _fit_did(dialogues, heard, reader)
    strange = {name: _stranger(reader, skill) for name, skill in skills.items()}
    rows: dict[str, tuple[list[Floats], list[bool]]] = {}
    for number, dialogue in enumerate(dialogues):
        follow = Follow(skills)
        for before, turn in dialogue.user_turns:
            for service in turn.states if before is not None else ():
                assert before is not None
                eyes = reader if number % 2 else strange[service]
                past = _before(follow.past(service))
                one = eyes.look(heard[before.text], skills[service], past)
                acts = [act for act in before.acts if act.service == service]
                _add(rows, one, _chances(did, one), acts)
            follow.system(before)
            for service, state in turn.states.items():
                filled = {slot: ways[0] for slot, ways in state.values.items()}
                follow.note(service, None if state.intent == "NONE" else state.intent, filled)
    names = {**{source: SOURCES[source] for source in _READ}, "proposed": INTENTS}
    weighed = {
        source: fit(
            (*names[source], *_DID),
            np.concatenate(figures),
            np.array(right, np.int64),
            shape=_SHAPE,
            folds=0,
        )
        for source, (figures, right) in rows.items()
    }
    return Ears(reader, did, weighed)


def _fit_did(dialogues: Sequence[Dialogue], heard: Mapping[str, Heard], reader: Reader) -> Acts:
    turns = {
        turn.text: frozenset(act.act for act in turn.acts)
        for each in dialogues
        for turn in each.turns
        if not turn.by_user and heard[turn.text].words
    }
    acts = Acts(reader.acts.words, np.zeros((0, 0), np.float32))
    figures = np.concatenate([_figures(reader, heard[text]) for text in turns])
    target = np.array([[float(act in done) for act in BEFORE] for done in turns.values()])
    return replace(acts, weights=logistic(figures, target.astype(np.float32), l2=3.0))


def _figures(reader: Reader, heard: Heard) -> Floats:
    return reader.acts.figures(look(heard, reader.kinds.lens), ())


def _chances(did: Acts, one: Looked) -> Floats:
    """(BEFORE,) chances of what the system does in the sentence."""
    return did.chances(did.figures(one.seen, ()))


def _before(past: Past) -> Past:
    """What was known before the system spoke."""
    return replace(past, asked=(), offers=(), proposed=None, did=(), known=())


def _stranger(reader: Reader, skill: DescribedSkill) -> Reader:
    """The reader without the slots of the skill."""
    kinds = reader.kinds
    near = (placed(skill.slots, kinds.metric) @ kinds.prototypes.T).max(axis=0)
    kept = near < _MATCH
    kinds = replace(kinds, prototypes=kinds.prototypes[kept], owners=kinds.owners[kept])
    return replace(reader, kinds=kinds)


def _add(
    rows: dict[str, tuple[list[Floats], list[bool]]],
    one: Looked,
    did: Floats,
    acts: Sequence[Act],
) -> None:
    """The rows of a sentence of the system, and what is right of them."""
    named = {(act.slot, fold(value)) for act in acts for value in act.values if act.slot}
    asked = {act.slot for act in acts if act.act == "REQUEST"}
    for source, (pairs, figures) in all_rows(one, _READ).items():
        slots = [one.skill.slots[pair.place].slot.name for pair in pairs]
        if source == "careless":
            right = [slot in asked for slot in slots]
        else:
            right = [(s, fold(p.value)) in named for s, p in zip(slots, pairs, strict=True)]
        _append(rows, source, figures, right, did)
    proposed = {value for act in acts if act.act == "OFFER_INTENT" for value in act.values}
    names, figures = intent_rows(one)
    _append(rows, "proposed", figures, [name in proposed for name in names], did)


def _append(
    rows: dict[str, tuple[list[Floats], list[bool]]],
    source: str,
    figures: Floats,
    right: Sequence[bool],
    did: Floats,
) -> None:
    kept = rows.setdefault(source, ([], []))
    kept[0].append(_beside(figures, did))
    kept[1].extend(right)


def _beside(figures: Floats, did: Floats) -> Floats:
    return np.concatenate([figures, np.repeat(did[None], len(figures), axis=0)], axis=1)


@dataclass
class Overheard(Follow):
    """A dialogue followed by the system's sentences alone."""

    ears: Ears | None = None
    heard: Mapping[str, Heard] = field(default_factory=dict)
    before: Turn | None = None

    def system(self, turn: Turn | None) -> None:
        """The system has spoken: its acts are not looked at, and its sentence once it is needed."""
        super().system(None)
        self.before = turn

    def past(self, service: str) -> Past:
        """What is known of a service, with what the system's sentence says of it."""
        past = super().past(service)
        if self.before is None or self.ears is None:
            return past
        each = self.services[service]
        self._overhear(each, self.ears, self.skills[service], _before(past))
        return super().past(service)

    def _overhear(self, each: Standing, ears: Ears, skill: DescribedSkill, past: Past) -> None:
        assert self.before is not None
        one = ears.reader.look(self.heard[self.before.text], skill, past)
        did = _chances(ears.did, one)
        self.did = tuple(act for act, chance in zip(BEFORE, did, strict=True) if chance >= 0.5)
        rows = all_rows(one, _READ)
        weigh = partial(_weighed, ears, did)
        asked = [
            skill.slots[pair.place].slot.name
            for chance, pair in weigh("careless", *rows["careless"])
            if chance >= 0.5
        ]
        each.asked = tuple(asked)
        scored = [x for source in ("said", "listed") for x in weigh(source, *rows[source])]
        how = max(_NAMING, key=lambda act: float(did[BEFORE.index(act)]))
        for slot, values in _named(scored, skill).items():
            named = Named.ASK if slot in asked else _NAMING[how]
            beside = len(values) - 1
            each.offers[slot] = [Offer(slot, value, named, beside=beside) for value in values]
        names, figures = intent_rows(one)
        chances = ears.weighed["proposed"].predict(_beside(figures, did))
        best = int(chances.argmax())
        each.proposed = names[best] if chances[best] >= 0.5 else None


def _named(scored: Sequence[tuple[float, Pair]], skill: DescribedSkill) -> dict[str, list[str]]:
    """By slot, the values that the sentence names: of one there may be several to choose from."""
    found: dict[str, list[str]] = {}
    taken: list[tuple[int, int]] = []
    for chance, pair in sorted(scored, key=lambda each: -each[0]):
        if chance < _LIKELY:
            break
        if pair.first is not None and pair.last is not None:
            if any(pair.first < last and pair.last > first for first, last in taken):
                continue
            taken.append((pair.first, pair.last))
        found.setdefault(skill.slots[pair.place].slot.name, []).append(pair.value)
    return found


def _weighed(
    ears: Ears, did: Floats, source: str, pairs: Sequence[Pair], figures: Floats
) -> list[tuple[float, Pair]]:
    if not pairs:
        return []
    return list(zip(ears.weighed[source].predict(_beside(figures, did)), pairs, strict=True))

"""Somebody with a goal: what they say next, as far as it depends on what was said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from random import Random

from sayso.evaluation.goals.errands import GAP, Errand, Goal, goal_of, openings, other
from sayso.evaluation.goals.manners import Manner, Phrases, Slip
from sayso.evaluation.goals.wishes import Wish
from sayso.types.readings import Hypothesis

MOST_OPENINGS = 3  # who was not understood three times gives up
_PLACES = ("the first one", "the second one", "the third one", "the fourth one")


class Kind(StrEnum):
    """What a line is to the conversation."""

    OPENING = "opening"
    ANSWER = "answer"
    OVER = "answer with more"
    HESITATION = "hesitation"
    CORRECTION = "correction"
    BOTH = "correction and answer"
    DIGRESSION = "digression"
    YES = "yes"
    YES_AND = "yes with more"
    CHOICE = "choice"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Said:
    """A line, and what it is; no text is silence."""

    kind: Kind
    text: str


class Person:
    """One person in one conversation; keeps what they have told and what they still have to."""

    def __init__(
        self,
        goal: Goal,
        errand: Errand,
        manner: Manner,
        phrases: Phrases,
        asides: Sequence[Errand],
        lot: Random,
    ) -> None:
        self.goal, self.manner = goal, manner
        self.openings = 0
        self.digression: Goal | None = None
        self._errand, self._phrases = errand, phrases
        self._asides, self._lot = asides, lot
        self._slip: tuple[str, Wish] | None = None
        self._told: set[str] = set()
        self._hesitated = False
        self._used: set[str] = set()

    @property
    def hopes(self) -> list[Goal]:
        """What may be done at the moment: the goal as it was told, or what was asked in between."""
        hopes = [self.goal if self._slip is None else self.slipped]
        return hopes if self.digression is None else [*hopes, self.digression]

    @property
    def slipped(self) -> Goal:
        """The goal with the wrong value that was said and not put right yet."""
        if self._slip is None:
            return self.goal
        name, wrong = self._slip
        return replace(self.goal, slots={**self.goal.slots, name: (wrong,)})

    def open(self, now: datetime) -> Said:
        """The request, in words that this person has not tried yet."""
        self.openings += 1
        self._slip, self._hesitated = None, False
        fitting = openings(self._errand, self.goal.slots)
        fresh = [each for each in fitting if each not in self._used] or fitting
        less = [each for each in fresh if self._asked_after(each)]
        whole = [each for each in fresh if each not in less]
        # Who was not understood says all of it.
        partial = self.manner.partial and self.openings == 1
        wording = self._lot.choice((less or whole) if partial else (whole or less))
        self._used.add(wording)
        self._told = {*GAP.findall(wording)}
        values = {name: self._values(name) for name in self._told}
        slip = self._drawn(now) if self.openings == 1 else None
        if slip is not None:
            name, wrong = slip
            if self.manner.slip is Slip.AT_ONCE:
                form = self._lot.choice(self._phrases.at_once)
                values[name] = form.format(wrong=wrong.said, right=values[name])
            else:
                self._slip, values[name] = slip, wrong.said
        return Said(Kind.OPENING, GAP.sub(lambda gap: values[gap[1]], wording))

    def answer(self, slot: str, now: datetime) -> Said:
        """What is said to a question for a slot."""
        aside = self._between(now)
        if aside is not None:
            return aside
        if slot not in self.goal.slots:
            return Said(Kind.REFUSAL, self._lot.choice(self._phrases.giving_up))
        mended = ""
        if self._slip is not None and self._slip[0] != slot:
            mended = self._mended()
            if not (self._hesitated or self.digression) and self._lot.random() < 0.5:
                return Said(Kind.CORRECTION, mended)
        self._slip = None
        value = self._lot.choice((self._values(slot), self._piece(slot)))
        text = self._lot.choice(self._phrases.around).format(value)
        self._told.add(slot)
        more = self._untold(all_of_it=self.manner.over)
        for name in more:
            text += self._lot.choice((" ", ", ")) + self._piece(name)
        self._told.update(more)
        if mended:
            return Said(Kind.BOTH, f"{mended}, and {text}")
        return Said(Kind.OVER if more else Kind.ANSWER, text)

    def agree(self, slot: str | None, value: str, now: datetime) -> Said:
        """What is said when something is read back: of one slot with its value, or of the whole."""
        aside = self._between(now)
        if aside is not None:
            return aside
        if self._slip is not None:
            return Said(Kind.CORRECTION, self._mended())
        if slot is not None and slot in self.goal.slots:
            right = {form for each in self.goal.slots[slot] for form in each.meant}
            if value.casefold() not in right:
                return Said(Kind.CORRECTION, f"no, {self._values(slot)}")
        more = self._untold(all_of_it=True) if slot is None else []
        self._told.update(more)
        if more:
            return Said(Kind.YES_AND, f"yes, {' '.join(map(self._piece, more))}")
        return Said(Kind.YES, self._lot.choice(self._phrases.agreements))

    def choose(self, options: Sequence[Hypothesis]) -> Said:
        """What is said to "which one did you mean?"."""
        mine = (self.goal.skill, self.goal.intent)
        place = next((i for i, o in enumerate(options) if (o.skill, o.intent) == mine), None)
        if place is None:
            return Said(Kind.REFUSAL, "no")
        return Said(Kind.CHOICE, "yes" if len(options) == 1 else _PLACES[place])

    def put_right(self) -> Said:
        """What is said once the wrong value was acted upon."""
        return Said(Kind.CORRECTION, self._mended())

    def refuse(self) -> Said:
        """What is said to a question about something that was never wanted."""
        return Said(Kind.REFUSAL, self._lot.choice(self._phrases.giving_up))

    def _between(self, now: datetime) -> Said | None:
        """A digression or a hesitation, once each, where this person is given to them."""
        if self.manner.digresses and self.digression is None:
            errand = self._lot.choice(self._asides)
            self.digression = goal_of(errand, now, self._lot)
            wording = self._lot.choice(openings(errand, self.digression.slots))
            values = {k: _spoken(each) for k, each in self.digression.slots.items()}
            return Said(Kind.DIGRESSION, GAP.sub(lambda gap: values[gap[1]], wording))
        if self.manner.hesitates and not self._hesitated:
            self._hesitated = True
            return Said(Kind.HESITATION, self._lot.choice(self._phrases.hesitations))
        return None

    def _drawn(self, now: datetime) -> tuple[str, Wish] | None:
        """The slot that is said wrong, with the wrong value.

        Of two slots of one type nobody could tell which is put right by a value alone.
        """
        kinds = {name: self._errand.slots[name].slot.type for name in self.goal.slots}
        able = [
            name
            for name in sorted(self._told)
            if len(self.goal.slots[name]) == 1 and [*kinds.values()].count(kinds[name]) == 1
        ]
        if self.manner.slip is Slip.NEVER or not able:
            return None
        name = self._lot.choice(able)
        wrong = other(self._errand, self.goal, name, now, self._lot)
        return None if wrong is None else (name, wrong)

    def _mended(self) -> str:
        assert self._slip is not None
        name, self._slip = self._slip[0], None
        form = self._lot.choice((self._values(name), self._piece(name)))
        return self._lot.choice(self._phrases.corrections).format(form)

    def _asked_after(self, wording: str) -> bool:
        """Whether a slot that is required is left out."""
        left = {*self.goal.slots} - {*GAP.findall(wording)}
        return any(self._errand.slots[name].slot.required for name in left)

    def _untold(self, *, all_of_it: bool) -> list[str]:
        """Slots that were not told yet; those that nobody will ask for, or all of them."""
        left = [name for name in self.goal.slots if name not in self._told]
        return [x for x in left if all_of_it or not self._errand.slots[x].slot.required]

    def _values(self, name: str) -> str:
        return _spoken(self.goal.slots[name])

    def _piece(self, name: str) -> str:
        return self._errand.slots[name].piece.format(self._values(name))


def _spoken(wishes: Sequence[Wish]) -> str:
    return " and ".join(each.said for each in wishes)


def asides_of(errands: Sequence[Errand]) -> Mapping[str, Sequence[Errand]]:
    """By skill, what people may ask for in between: of another skill, and done at once."""
    able = [
        each
        for each in errands
        if not each.intent.confirm
        and all({*GAP.findall(wording)} == {*each.slots} for wording in each.wordings)
        and all(wanted.often == 1 for wanted in each.slots.values())
    ]
    return {one.skill: [x for x in able if x.skill != one.skill] for one in errands}

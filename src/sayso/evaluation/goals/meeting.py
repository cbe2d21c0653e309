"""A person with a goal and a home talk with each other; the back-ends' calls tell what was done.

done    a back-end did the goal, with exactly its values
wrong   a back-end did something that the person had not asked for, in intent or values
not     neither: the person gave up, or would still be talking
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sayso.evaluation.goals.errands import Goal
from sayso.evaluation.goals.manners import Manner
from sayso.evaluation.goals.person import MOST_OPENINGS, Kind, Person, Said
from sayso.evaluation.overheard import Called, overheard
from sayso.runtime.home import Home
from sayso.types.context import Asked, Awaiting
from sayso.types.readings import Hypothesis

MOST_TURNS = 16
BETWEEN = timedelta(seconds=8)


class Outcome(StrEnum):
    """What came of a meeting."""

    DONE = "done"
    WRONG = "wrong"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Turn:
    """One line, the reply, and the question that it leaves open, as `slot time`."""

    said: Said
    speech: str
    asks: str = ""
    did: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """A conversation and what came of it.

    cause: what kind of line went wrong, and how; empty if nothing did. questions: how often each
    slot was asked for within one request; coming back to a question after something else was
    asked in between is no new question, and counted in `returned`.
    """

    goal: Goal
    manner: Manner
    turns: Sequence[Turn]
    outcome: Outcome
    cause: str = ""
    questions: Mapping[str, int] = field(default_factory=dict)
    returned: int = 0
    openings: int = 1


def meet(home: Home, person: Person, user: str, now: datetime) -> Meeting:
    """Talk until the goal is done, something wrong is done, or the person gives up.

    user: a name that nobody has had before; now: aware.
    """
    turns: list[Turn] = []
    asked: Counter[str] = Counter()
    most: Counter[str] = Counter()
    returned, cause = 0, ""

    def met(outcome: Outcome, why: str = "") -> Meeting:
        shown = why if outcome is not Outcome.DONE else ""
        questions = dict(most | asked)
        return Meeting(
            *(person.goal, person.manner, turns, outcome, shown, questions),
            *(returned, person.openings),
        )

    with overheard(home) as calls:
        said: Said = person.open(now)
        while len(turns) < MOST_TURNS:
            calls.clear()
            hopes = person.hopes
            reply = home.turn(said.text, user=user, now=now, silence=not said.text)
            now += BETWEEN
            stored = home.store.context(user, reply.conversation)
            awaiting = stored.awaiting if stored is not None else None
            did = _done(calls)
            turns.append(Turn(said, reply.speech, _question(awaiting), [_named(x) for x in did]))
            unmeant = [x for x in did if not any(hope.is_met(x) for hope in hopes)]
            if unmeant:
                return met(Outcome.WRONG, f"{said.kind}: {_difference(unmeant[0], hopes)}")
            if any(person.goal.is_met(each) for each in did):
                return met(Outcome.DONE)
            if said.kind is Kind.DIGRESSION and not did:
                cause = cause or f"{said.kind}: not done"
            if awaiting is not None and awaiting.asked is Asked.SLOT:
                key = f"{_about(awaiting)} {awaiting.slot}"
                back = said.kind is Kind.DIGRESSION and asked[key] > 0
                returned += back
                asked[key] += not back
            if person.slipped is not person.goal and any(map(person.slipped.is_met, did)):
                said = person.put_right()
                continue
            following = _next(person, awaiting, now)
            if following is None:  # nothing is open, and it was not done
                cause = cause or f"{said.kind}: not understood"
                if person.openings >= MOST_OPENINGS:
                    return met(Outcome.NOT, cause)
                most, asked = most | asked, Counter()
                following = person.open(now)
            elif following.kind is Kind.REFUSAL:
                cause = cause or f"{said.kind}: taken for {_about(awaiting)}"
            said = following
    return met(Outcome.NOT, cause or "no end")


def _next(person: Person, awaiting: Awaiting | None, now: datetime) -> Said | None:
    """What the person says to what is asked; None where nothing is."""
    if awaiting is None:
        return None
    if awaiting.asked is Asked.WHICH:
        return person.choose(awaiting.options)
    pending, goal = awaiting.pending, person.goal
    if pending is None or (pending.skill, pending.intent) != (goal.skill, goal.intent):
        return person.refuse()
    if awaiting.asked is Asked.SLOT:
        return person.answer(awaiting.slot or "", now)
    return person.agree(awaiting.slot, _value(pending, awaiting.slot), now)


def _done(calls: Sequence[Called]) -> list[Hypothesis]:
    """What back-ends did; a stop or a help does nothing in the world, and an undo was meant."""
    acted = (each for each in calls if each.acted and not each.call.undoes)
    return [x.reading for x in acted if not x.reading.intent.startswith("AMAZON.")]


def _value(reading: Hypothesis, slot: str | None) -> str:
    found = (each.normalised or each.value for each in reading.slots if each.name == slot)
    return next(found, "")


def _about(awaiting: Awaiting | None) -> str:
    if awaiting is None:
        return "nothing"
    about = (awaiting.pending,) if awaiting.pending is not None else awaiting.options
    return " or ".join(f"{each.skill}.{each.intent}" for each in about)


def _question(awaiting: Awaiting | None) -> str:
    return "" if awaiting is None else f"{awaiting.asked} {_about(awaiting)} {awaiting.slot or ''}"


def _named(reading: Hypothesis) -> str:
    values = (f"{each.name}={each.normalised or each.value}" for each in reading.slots)
    return f"{reading.skill}.{reading.intent}({', '.join(values)})"


def _difference(did: Hypothesis, hopes: Sequence[Goal]) -> str:
    """How what was done differs from what was hoped for."""
    meant = next((x for x in hopes if (x.skill, x.intent) == (did.skill, did.intent)), None)
    if meant is None:
        return f"another intent, {did.skill}.{did.intent}"
    got = {each.name for each in did.slots}
    if {*meant.slots} - got:
        return f"without {' and '.join(sorted({*meant.slots} - got))}"
    if got - {*meant.slots}:
        return f"with {' and '.join(sorted(got - {*meant.slots}))}, which nobody said"
    return "another value"

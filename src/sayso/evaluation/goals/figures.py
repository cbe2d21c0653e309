"""Many meetings -> how many were done, what was done wrong, how much was asked, and what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sayso.evaluation.goals.errands import Errand, goal_of
from sayso.evaluation.goals.manners import Phrases, Slip, manner_of
from sayso.evaluation.goals.meeting import Meeting, Outcome, meet
from sayso.evaluation.goals.person import Person, asides_of
from sayso.runtime.home import Home


def meetings(
    home: Home,
    errands: Sequence[Errand],
    phrases: Phrases,
    number: int,
    seed: int,
    start: datetime,
) -> Iterator[Meeting]:
    """So many meetings of different people, each fixed by the seed and its own number.

    start: aware; the meetings are spread over the four weeks after it, by day.
    """
    asides = asides_of(errands)
    for place in range(number):
        lot = Random(f"{seed}/{place}")
        now = start + timedelta(days=lot.randrange(28), minutes=lot.randrange(12 * 60))
        errand = lot.choice(errands)
        goal, manner = goal_of(errand, now, lot), manner_of(lot)
        person = Person(goal, errand, manner, phrases, asides[errand.skill], lot)
        yield meet(home, person, f"goal-{seed}-{place}", now)


def figures(found: Sequence[Meeting]) -> dict[str, Any]:
    """Shares of all meetings, by manner, too; causes with how often each was, most often first."""
    manners: dict[str, Callable[[Meeting], bool]] = {
        "plain": lambda x: not (x.manner.hesitates or x.manner.digresses or _slips(x)),
        "over-answering": lambda x: x.manner.over,
        "hesitating": lambda x: x.manner.hesitates,
        "digressing": lambda x: x.manner.digresses,
        "correcting": _slips,
    }
    causes = Counter(f"{x.outcome}, {x.cause}" for x in found if x.outcome is not Outcome.DONE)
    return {
        "dialogues": len(found),
        "success": share(found, Outcome.DONE),
        "wrong_action": share(found, Outcome.WRONG),
        "turns": round(sum(len(x.turns) for x in found) / max(1, len(found)), 2),
        "said_again": round(sum(x.openings > 1 for x in found) / max(1, len(found)), 4),
        "most_questions_for_a_slot": max(max(x.questions.values(), default=0) for x in found),
        "came_back_to": sum(x.returned for x in found),
        "success_by_manner": {
            name: [share([x for x in found if of(x)], Outcome.DONE), sum(map(of, found))]
            for name, of in manners.items()
        },
        "causes": dict(causes.most_common()),
    }


def share(found: Sequence[Meeting], outcome: Outcome) -> float:
    """The share of meetings with this outcome, 0 of none."""
    return round(sum(each.outcome is outcome for each in found) / max(1, len(found)), 4)


def _slips(meeting: Meeting) -> bool:
    return meeting.manner.slip is not Slip.NEVER

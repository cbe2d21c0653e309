"""What really was: kept beside the log, never in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

RESAMPLES = 200


class Kind(StrEnum):
    """What somebody says something for."""

    REQUEST = "request"
    ANSWER = "answer"  # to a question of the assistant
    STOP = "stop"
    THANKS = "thanks"
    COMPLAINT = "complaint"
    ATTACK = "attack"


class Cause(StrEnum):
    """Whose fault a defect is."""

    NONE = ""
    RECOGNISER = "recogniser"  # the words as they were said would have done
    UNDERSTANDING = "understanding"  # they would not
    PERSON = "person"  # said something else than was meant
    BEYOND = "beyond"  # no skill does that, and it was not told so


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth of one logged turn.

    id: of the `LoggedTurn`; at_day: from 0. person: who it was; user: who the log says it was.
    goal: unique among goals; skill, intent, slots: of the goal, slots as JSON; words: slot -> how
    this person calls it, as JSON. spoken: the words that left the mouth; heard: by the recogniser.
    right: it did what was wanted; None where nothing can be right or wrong (thanks). plain_right:
    it would have, without the rewrite; `right` where none was applied. rewritten: one was applied.
    rephrased_by: id of the next turn that says the same goal again, or None.
    """

    id: str
    at_day: int
    person: int
    user: str
    goal: str
    skill: str | None
    intent: str | None
    slots: str
    words: str
    kind: Kind
    spoken: str
    heard: str
    right: bool | None
    plain_right: bool | None
    cause: Cause = Cause.NONE
    rewritten: bool = False
    rephrased_by: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval over people."""

    value: float
    low: float
    high: float
    of: int

    def __str__(self) -> str:
        return f"{self.value:.2%} [{self.low:.2%}, {self.high:.2%}]"


@dataclass(frozen=True, slots=True)
class Measures:
    """How a time went.

    defects: wrong requests of all. plain_defects: those there would have been without rewrites.
    rewritten: share of requests that were rewritten; rewritten_defects, rewritten_plain: wrong
    among those, with the rewrite and without. wins: wrong without, right with; losses: the
    reverse. false_rewrites: share of requests that were fine and were rewritten to something else
    that is wrong; touched: of them, rewritten at all. causes: shares of defects.
    """

    requests: int
    defects: Share
    plain_defects: Share
    rewritten: Share
    rewritten_defects: Share
    rewritten_plain: Share
    wins: int
    losses: int
    false_rewrites: Share
    touched: Share
    causes: Mapping[str, float]

    def as_json(self) -> dict[str, Any]:
        """Plain values for a result file."""
        found: dict[str, Any] = {"requests": self.requests, "wins": self.wins}
        found |= {"losses": self.losses, "causes": dict(self.causes)}
        for name in (
            "defects",
            "plain_defects",
            "rewritten",
            "rewritten_defects",
            "rewritten_plain",
            "false_rewrites",
            "touched",
        ):
            share: Share = getattr(self, name)
            found[name] = [round(x, 5) for x in (share.value, share.low, share.high)]
        return found


def measure(truth: Sequence[Truth], seed: int = 0) -> Measures:
    """How it went, over the requests alone."""
    rows = [one for one in truth if one.kind is Kind.REQUEST and one.right is not None]
    people = np.array([one.person for one in rows], np.int64)
    wrong = np.array([not one.right for one in rows], bool)
    plain = np.array([not one.plain_right for one in rows], bool)
    touched = np.array([one.rewritten for one in rows], bool)
    everyone = np.ones(len(rows), bool)

    def share(what: Any, among: Any) -> Share:
        return share_of(what, among, people, seed)

    causes: dict[str, float] = {}
    for one in rows:
        if not one.right:
            causes[one.cause] = causes.get(one.cause, 0) + 1
    return Measures(
        requests=len(rows),
        defects=share(wrong, everyone),
        plain_defects=share(plain, everyone),
        rewritten=share(touched, everyone),
        rewritten_defects=share(wrong, touched),
        rewritten_plain=share(plain, touched),
        wins=int((plain & ~wrong).sum()),
        losses=int((~plain & wrong).sum()),
        false_rewrites=share(touched & wrong, ~plain),
        touched=share(touched, ~plain),
        causes={k: round(v / max(1, int(wrong.sum())), 4) for k, v in sorted(causes.items())},
    )


def share_of(what: Any, among: Any, people: Any, seed: int = 0) -> Share:
    """Share of `what` among `among`, with a bootstrap over people.

    what, among: (rows,) of bool; people: (rows,) whose row it is.
    """
    _, place = np.unique(people, return_inverse=True)
    count = int(place.max()) + 1 if len(place) else 0
    top = np.bincount(place, what & among, count)
    below = np.bincount(place, among, count)
    total = below.sum()
    if not total:
        return Share(0.0, 0.0, 0.0, 0)
    draws = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), RESAMPLES)
    bottoms = draws @ below
    tops = (draws @ top)[bottoms > 0] / bottoms[bottoms > 0]
    low, high = np.percentile(tops, [2.5, 97.5])
    return Share(float(top.sum() / total), float(low), float(high), int(total))

"""`sayso demo --learn`: simulated people live with the example home while it learns from them."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.cli.output import console, print_json, progress
from sayso.errors import MissingExtraError
from sayso.routing.questions import STEPS
from sayso.types.readings import Outcome

if TYPE_CHECKING:
    from sayso.evaluation.households.truth import Truth
    from sayso.types.lessons import LoggedTurn, Rewrite

PEOPLE, DAYS, SEED = 200, 6, 7
# A town of this size is a hundredth of what an assistant has: its floors are lower, too.
REWRITE_PEOPLE, REQUEST_PEOPLE = 6, 3
WIDTH = 40  # characters of the longest bar
SHOWN = 3  # of what a day brought
MOST_SHOWN = 8  # of what did it in the end
MINED, GLOBAL, PERSONAL = "a rewrite", "others ask for that", "they often ask for that"
QUESTION = "in the place of giving up"


@dataclass(frozen=True, slots=True)
class Saved:
    """A request that would have gone wrong as it was heard, and what it was read as; by: who knew.

    times: how often. asked: the person was asked whether that was meant, which is then the intent.
    """

    said: str
    meant: str
    by: str
    times: int = 1
    asked: bool = False

    def __str__(self) -> str:
        if self.asked:
            return f'"{self.said}" answered with: did you mean {self.meant}? ({self.by})'
        return f'"{self.said}" read as "{self.meant}" ({self.by})'


@dataclass(frozen=True, slots=True)
class Day:
    """How a day went. defects: share of requests that were not what was wanted; without: the share
    there would have been, had nothing been learnt. saved: what was read otherwise, and rightly;
    learnt: new rewrites of the night after.
    """

    day: int
    requests: int
    defects: float
    without: float
    wins: int
    losses: int
    saved: list[Saved]
    learnt: list[str]


def show_learning(as_json: bool) -> None:
    """Let the days pass and show each. Raises MissingExtraError without the extra `learn`."""
    told: list[Day] = []
    with progress(quiet=as_json) as tell:
        days = _days(tell)
        for day in days:
            told.append(day)
            if not as_json:
                _show(day, told[0].defects)
    if as_json:
        print_json(told)
        return
    _conclude(told)


def _conclude(told: list[Day]) -> None:
    out, first, last = console(), told[0], told[-1]
    every = _together(one for day in told for one in day.saved)
    if every:
        out.print(f"\nWhat did it, {sum(one.times for one in every)} requests in all:")
    for one in every[:MOST_SHOWN]:
        out.print(f"{one.times:5} x  {one}", style="green")
    if len(every) > MOST_SHOWN:
        out.print(f"         and {len(every) - MOST_SHOWN} more", style="dim")
    out.print(
        f"\n{first.defects:.1%} of requests went wrong on the first day, {last.defects:.1%} on the "
        f"last; without learning it would have been {last.without:.1%}. Nobody labelled anything."
    )


def _days(tell: object) -> Iterator[Day]:
    try:
        from sayso.jobs.nights import Nights
    except ImportError as error:
        raise MissingExtraError(error.name or "ibis", "learn") from error
    import sayso
    from sayso.cli.demo import example_home
    from sayso.encoders import Encoders
    from sayso.evaluation.households.assistant import Assistant
    from sayso.evaluation.households.simulate import example_town, simulate
    from sayso.evaluation.households.truth import measure
    from sayso.runtime.load import load
    from sayso.settings import LearningSettings

    assert callable(tell)
    skills = list(sayso.read_skills(example_home() / "skills"))
    settings = LearningSettings(rewrite_people=REWRITE_PEOPLE, request_people=REQUEST_PEOPLE)
    with tempfile.TemporaryDirectory(prefix="sayso-demo-") as scratch:
        bundle = Path(scratch) / "bundle"
        sayso.train(skills, bundle, progress=tell)
        engine = load(bundle)
        with closing(Nights(Encoders.load(threads=2), settings)) as nights:
            known: set[str] = set()
            rows: list[LoggedTurn] = []
            town = example_town(skills, PEOPLE, SEED)
            for number, (some, truth) in enumerate(simulate(town, Assistant(engine), DAYS, SEED)):
                rows += some
                went, learnt = measure(truth), []
                if number + 1 < DAYS:  # after the last day there is none to learn for
                    night = nights(rows, number)
                    engine.rewrites, engine.online = night.rewrites, night.online
                    engine.policies = night.policies
                    learnt = _new(night.population, known)
                tell("days", number + 1, DAYS)
                yield Day(
                    number + 1,
                    went.requests,
                    went.defects.value,
                    went.plain_defects.value,
                    went.wins,
                    went.losses,
                    _saved(some, truth),
                    learnt,
                )


def _new(population: Sequence[Rewrite], known: set[str]) -> list[str]:
    """Rewrites that were not known, in words; they are now."""
    new = [each for each in population if each.id not in known]
    known |= {each.id for each in new}
    return [
        f'"{each.said}" is read as "{each.meant}" from now on: {each.evidence.users} people said it'
        for each in sorted(new, key=lambda each: -each.evidence.users)
    ]


def _saved(rows: Sequence[LoggedTurn], truth: Sequence[Truth]) -> list[Saved]:
    """Requests that went right because they were read otherwise, those of most turns first."""
    right = {one.id for one in truth if one.right and one.plain_right is False}
    return _together(_told(row) for row in rows if row.id in right)


def _told(row: LoggedTurn) -> Saved:
    if row.outcome == Outcome.ASK:
        return Saved(row.said, f"{row.skill}.{row.intent}", _by(row.rewrite), asked=True)
    return Saved(row.said, row.text, _by(row.rewrite))


def _together(some: Iterable[Saved]) -> list[Saved]:
    counts: Counter[Saved] = Counter()
    for one in some:
        counts[replace(one, times=0)] += one.times
    return [replace(one, times=times) for one, times in counts.most_common()]


def _by(rewrite: str | None) -> str:
    layers = {"online-global": GLOBAL, "online-personal": PERSONAL}
    return layers.get(rewrite or "", QUESTION if rewrite in STEPS else MINED)


def _show(day: Day, most: float) -> None:
    out = console()
    bar = "█" * round(WIDTH * day.defects / max(most, 1e-9))
    out.print(f"day {day.day}  {day.defects:6.1%}  {bar}")
    if day.wins or day.losses:
        out.print(f"       {day.wins} requests saved, {day.losses} spoilt", style="dim")
    for line in [str(one) for one in day.saved[:SHOWN]] + day.learnt[:SHOWN]:
        out.print(f"       {line}", style="green")
    if len(day.learnt) > SHOWN:
        out.print(f"       and {len(day.learnt) - SHOWN} more", style="dim")

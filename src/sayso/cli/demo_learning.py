"""`sayso demo --learn`: simulated people live with the example home while it learns from them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sayso.cli.output import console, print_json, progress
from sayso.errors import MissingExtraError

PEOPLE, DAYS, SEED = 200, 6, 7
# A town of this size is a hundredth of what an assistant has: its floors are lower, too.
REWRITE_PEOPLE, REQUEST_PEOPLE = 6, 3
WIDTH = 40  # characters of the longest bar
SHOWN = 3  # rewrites a night


@dataclass(frozen=True, slots=True)
class Day:
    """How a day went. defects: share of requests that were not what was wanted; without: the share
    there would have been, had nothing been learnt. learnt: new rewrites of the night after.
    """

    day: int
    requests: int
    defects: float
    without: float
    wins: int
    losses: int
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
    first, last = told[0], told[-1]
    console().print(
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
    from sayso.encoders import Encoder, Encoders
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
        with closing(Nights(Encoders(Encoder.load(threads=2)), settings)) as nights:
            known: set[str] = set()
            rows = []
            town = example_town(skills, PEOPLE, SEED)
            for number, (some, truth) in enumerate(simulate(town, Assistant(engine), DAYS, SEED)):
                rows += some
                went = measure(truth)
                night = nights(rows, number)
                engine.rewrites, engine.online = night.rewrites, night.online
                new = [each for each in night.population if each.id not in known]
                known |= {each.id for each in new}
                learnt = [
                    f'"{each.said}" is read as "{each.meant}": {each.evidence.users} people'
                    for each in sorted(new, key=lambda each: -each.evidence.users)
                ]
                tell("days", number + 1, DAYS)
                yield Day(
                    number + 1,
                    went.requests,
                    went.defects.value,
                    went.plain_defects.value,
                    went.wins,
                    went.losses,
                    learnt,
                )


def _show(day: Day, most: float) -> None:
    out = console()
    bar = "█" * round(WIDTH * day.defects / max(most, 1e-9))
    out.print(f"day {day.day}  {day.defects:6.1%}  {bar}")
    if day.wins or day.losses:
        out.print(f"       {day.wins} requests saved, {day.losses} spoilt", style="dim")
    for line in day.learnt[:SHOWN]:
        out.print(f"       {line}", style="green")
    if len(day.learnt) > SHOWN:
        out.print(f"       and {len(day.learnt) - SHOWN} more", style="dim")

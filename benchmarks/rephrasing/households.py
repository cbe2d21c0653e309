"""The third world: the simulated people of `evaluation.households`, made by others, untouched.

What they say to the example home, how a recogniser hears it, how Sayso answers and what
they do then; the truth of who said what again comes with it.
Of the example home nothing is fitted; towns with `hwu64` made into skills are part of what is, most
of them of manners drawn from wide ranges, so that it is not the usual manners that are learnt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.learning_worlds import HOME, world
from benchmarks.rephrasing.sessions import Turn, windows
from sayso.evaluation.households.manners import Manners
from sayso.evaluation.households.simulate import USUAL, Day, simulate, town
from sayso.evaluation.households.truth import Truth
from sayso.skills.refusals import is_refusal
from sayso.types.lessons import LoggedTurn
from sayso.understanding.fold import fold


def households(
    data: Path, name: str = HOME, *, people: int = 300, days: int = 5, seed: int
) -> dict[str, list[Any]]:
    """What some households say, as windows. name: `home`, or a set of DATA/nlu made into skills."""
    (found,) = towns(data, name, [(seed, USUAL)], people=people, days=days)
    return found


def towns(
    data: Path, name: str, kinds: Iterable[tuple[int, Manners]], *, people: int, days: int
) -> list[dict[str, list[Any]]]:
    """The same of some towns with the same skills. kinds: seed and manners of each."""
    with TemporaryDirectory() as folder:
        skills, speech, engine = world(name, data, Path(folder) / "bundle")
        return [
            _told(simulate(town(speech, skills, people, seed, manners), engine, days, seed))
            for seed, manners in kinds
        ]


def _told(lived: Iterable[Day]) -> dict[str, list[Any]]:
    """What a town said in some days, as windows."""
    spoken: dict[tuple[str, str], list[tuple[LoggedTurn, Truth]]] = defaultdict(list)
    for rows, truths in lived:
        for row, truth in zip(rows, truths, strict=True):
            spoken[row.user, row.device].append((row, truth))
    return windows(
        [_turns(one) for one in spoken.values()], lambda turn, later: turn["again"] == later["id"]
    )


def _turns(one: Sequence[tuple[LoggedTurn, Truth]]) -> list[Turn]:
    """The rows of one person and device as turns."""
    found: list[Turn] = []
    before = None
    for row, truth in sorted(one, key=lambda pair: pair[0].at):
        gap = 1e9 if before is None else (row.at - before).total_seconds()
        before = row.at
        found.append(
            {
                **asdict(row),
                "words": fold(row.said),
                "gap_s": gap,
                "refused": is_refusal(row.speech, row.locale),
                "again": truth.rephrased_by,
            }
        )
    return found
